"""Tour, quests and questions of the page of many reviews: reachable, and right by another computation."""

import math
from types import SimpleNamespace

import pytest

from lstm_core.language import say
from lstm_core.lessons import many as lesson
from lstm_core.lessons.exercises import many as exercises
from lstm_core.sentiment import bulk
from lstm_core.sentiment.reader import Reader

QUESTS = {quest.key: quest for quest in exercises.QUESTS}
UNCLEAR = "Not for everyone, but I did not mind it."
CLEAR = ["A wonderful, moving film.", "Dull, dull, dull."]


@pytest.fixture(scope="module")
def reader():
    return Reader.load()


@pytest.fixture
def scored(tmp_path, reader):
    """Return a function that scores a file as the page does; returns the job and the state."""

    def made(content, kind="txt", column="text", own=True):
        job, rows = bulk.begun(tmp_path, content, kind, column), bulk.Scored()
        while not job.over:
            job, fresh = bulk.advanced(job, 10.0, reader)
            rows.add(fresh)
        assert not job.error
        return job, exercises.Scoring(rows, own)

    return made


def pasted(*lines):
    return "\n".join(lines).encode()


def test_the_example_fulfils_no_quest_and_neither_does_a_file_that_is_under_way(scored):
    _, state = scored(lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN, own=False)
    under_way = exercises.Scoring(bulk.Scored(), own=True)
    for quest in exercises.QUESTS:
        assert not quest.done(state), quest.key
        assert "example" in quest.told(state)
        assert not quest.done(under_way), quest.key
        assert "No row" in quest.told(under_way)
    assert exercises.quiz(under_way) == ()


@pytest.mark.parametrize(
    ("key", "lines", "done", "told"),
    [
        ("no-side", [*CLEAR, UNCLEAR], True, "3 rows were read, 1 of them"),
        ("no-side", [CLEAR[0], UNCLEAR], False, "2 rows were read, 1 of them"),
        ("no-side", [*CLEAR, "A good film."], False, "0 of them"),
        ("stops-nothing", [*CLEAR, "!!!"], True, "read: 2; rows that could not be: 1"),
        ("stops-nothing", [CLEAR[0], "!!!"], False, "read: 1"),
        ("stops-nothing", [*CLEAR, UNCLEAR], False, "could not be: 0"),
        ("counted-or-added", [UNCLEAR] * 4, True, "Above one half: 4"),
        ("counted-or-added", CLEAR, False, "Above one half: 1"),
    ],
)
def test_a_quest_is_done_by_what_it_asks_for_alone(scored, key, lines, done, told):
    _, state = scored(pasted(*lines))
    assert QUESTS[key].done(state) is done
    assert told in QUESTS[key].told(state)


def test_each_card_is_done_after_the_right_move_and_not_before():
    moves = (
        {"many_kinds": ["mixed or unclear"]},
        {"many_words": "="},
        {"many_source": "A pasted column"},
        {"many_pasted": "One.\nTwo.\n\nThree."},
        {"many_live": SimpleNamespace(job=SimpleNamespace(done=3))},
    )
    for card, move in zip(exercises.TOUR, moves, strict=True):
        assert not card.done(card.sets), card.title
        assert not card.done({}), card.title
        assert card.done({**card.sets, **move}), card.title
    assert not exercises.TOUR[3].done({"many_pasted": "One.\n\n\nTwo."})
    assert not exercises.TOUR[4].done({"many_live": SimpleNamespace(job=SimpleNamespace(done=0))})


@pytest.mark.parametrize(
    "lines",
    [
        [*CLEAR, UNCLEAR],
        [*CLEAR, "!!!", UNCLEAR, UNCLEAR],
        CLEAR[1:],
        ["Ein wunderbarer Film, den man gesehen haben muss.", *CLEAR],
    ],
)
def test_every_question_has_an_answer_for_each_choice_and_the_right_one_is(scored, lines):
    _, state = scored(pasted(*lines))
    questions = exercises.quiz(state)
    assert len(questions) >= 3
    for question in questions:
        assert len(question.choices) == len(question.feedback) == len(set(question.choices))
        assert question.right
    known = [p for p in state.rows.probabilities if not math.isnan(p)]
    counting = next(q for q in questions if "too few" in q.choices)
    difference = len([p for p in known if p >= 0.5]) - math.fsum(known)
    meant = (
        "about right" if abs(difference) <= 0.05 else "too many" if difference > 0 else "too few"
    )
    assert [counting.choices[at] for at in counting.right] == [meant]
    errors = next(q for q in questions if "keep their word, how many" in q.text)
    side = "positive" if "“positive”" in errors.text else "negative"
    ps = [
        p
        for p, said in zip(state.rows.probabilities, state.rows.verdicts, strict=True)
        if said == side
    ]
    wrong = math.fsum((1 - p if side == "positive" else p) for p in ps) / len(ps)
    assert f"{wrong:.1%} of them" in {errors.choices[at] for at in errors.right}
    threshold = next(q for q in questions if "Nearest to one half" in q.text)
    nearest = min(
        (abs(p - 0.5), line)
        for p, line, said in zip(
            state.rows.probabilities, state.rows.lines, state.rows.verdicts, strict=True
        )
        if said not in {"", "not a review"}
    )[1]
    assert f"line {nearest}," in threshold.text
    assert [threshold.choices[at] for at in threshold.right] == ["66.7%"]
    broken = [q for q in questions if "could not be scored" in q.text]
    assert len(broken) == ("!!!" in lines)
    for question in broken:
        assert question.choices[question.right[0]] == "Not at all"
        assert f"add up to {len(known)}" in question.feedback[0]


def test_a_file_in_another_language_is_not_asked_about_sides(scored):
    _, state = scored(pasted("Ein wunderbarer Film, den man gesehen haben muss."))
    assert state.rows.verdicts == ["not a review"]
    assert len(exercises.quiz(state)) == 1


def test_what_is_wrong_with_a_row_is_said_in_the_language_of_the_visitor(scored, monkeypatch):
    import gettext

    from lstm_core import language

    class German(gettext.NullTranslations):
        def gettext(self, message):
            known = {
                "no word in the text": "kein Wort im Text",
                "{cells} cells where the header has {header}": "{cells} Zellen statt {header}",
                "mixed or unclear": "gemischt oder unklar",
            }
            return known.get(message, message)

    job, state = scored(lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN)
    monkeypatch.setattr(language, "_catalogue", lambda _: German())
    said = lesson.cautions(state.rows)[0]
    assert "kein Wort im Text: 1" in said
    assert "3 Zellen statt 2: 1" in said
    table, _ = lesson.filtered(state.rows, ["mixed or unclear", lesson.UNREADABLE], "")
    assert table["verdict"] == ["– kein Wort im Text", "– 3 Zellen statt 2", "gemischt oder unklar"]
    assert "**1** gemischt oder unklar" in lesson.summary(state.rows)
    # The file to take home is the same in every language.
    scores = (job.folder / bulk.SCORED).read_text("utf-8-sig")
    assert "mixed or unclear" in scores
    assert "gemischt" not in scores
    assert say(lesson.UNREADABLE) == lesson.UNREADABLE


def test_the_texts_of_the_program_are_those_that_were_scored(scored):
    job, state = scored(lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN)
    texts = lesson.texts_of(job, state.rows)
    assert len(texts) == len(state.known)
    assert texts[3].startswith("The film runs")
    assert texts[4].startswith("=HYPERLINK")
    counts = lesson.taken_home(state.rows)
    assert sum(counts["texts"]) == len(state.known)
    assert (counts["from"][0], counts["to"][-1]) == (0, 1)


def test_what_is_right_is_said_once_to_a_wrong_answer(scored):
    _, state = scored(lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN)
    for question in exercises.quiz(state):
        right = question.feedback[question.right[0]]
        assert all(right == one or right not in one for one in question.feedback)

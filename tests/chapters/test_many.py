"""The page of many reviews: quests and answers by another computation, and what is said of rows."""

import gettext
import math
from types import SimpleNamespace

import pytest

from lstm_core.sentiment import bulk
from pages._book import language
from pages._book.language import say
from pages.many import exercises, lesson
from tests.chapters.samples.many import (
    ASKED,
    CLEAR,
    FIRST,
    GERMAN,
    STATES,
    TEXTS,
    UNCLEAR,
    pasted,
    reader,
    scored,
)

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


@pytest.fixture
def example(tmp_path):
    """Return the job of the page's example, and what the quests are checked on."""
    return scored(tmp_path, lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN)


def test_the_example_and_a_file_that_is_under_way_fulfil_no_quest():
    under_way = exercises.Scoring(bulk.Scored(), own=True)
    for quest in exercises.QUESTS:
        assert "example" in quest.progress(FIRST)
        assert not quest.done(under_way), quest.key
        assert "No row" in quest.progress(under_way)
    assert exercises.quiz(under_way) == ()


@pytest.mark.parametrize(
    ("key", "lines", "done", "progress"),
    [
        ("no-side", [*CLEAR, UNCLEAR], True, "3 rows were read, 1 of them"),
        ("no-side", [CLEAR[0], UNCLEAR], False, "2 rows were read, 1 of them"),
        ("no-side", [*CLEAR, "A good film."], False, "0 of them"),
        ("stops-nothing", [*CLEAR, "!!!"], True, "read: 2; rows that could not be: 1"),
        ("stops-nothing", [CLEAR[0], "!!!"], False, "read: 1"),
        ("stops-nothing", [*CLEAR, UNCLEAR], False, "could not be: 0"),
        ("counted-or-added", [UNCLEAR] * 4, True, "Above one half: {counted}."),
        ("counted-or-added", CLEAR, False, "Above one half: 1"),
    ],
)
def test_a_quest_is_done_by_what_it_asks_for_alone(key, lines, done, progress):
    state = pasted(*lines)
    assert QUESTS[key].done(state) is done
    counted = sum(p >= 0.5 for p in state.rows.probabilities)
    assert progress.format(counted=counted) in QUESTS[key].progress(state)


def test_a_card_waits_for_three_lines_and_for_a_row_that_is_done():
    assert not exercises.TOUR[3].done({"many_pasted": "One.\n\n\nTwo."})
    begun = SimpleNamespace(job=SimpleNamespace(done=0))
    assert not exercises.TOUR[4].done({"many_live": begun})


def test_going_back_to_a_card_leaves_what_was_pasted():
    assert not any("many_pasted" in card.sets for card in exercises.TOUR)


@pytest.mark.parametrize("lines", ASKED)
def test_the_right_answers_are_those_of_another_computation(lines):
    state = pasted(*lines)
    questions = exercises.quiz(state)
    assert len(questions) >= 3
    known = [p for p in state.rows.probabilities if not math.isnan(p)]
    counting = next(q for q in questions if "too few" in q.choices)
    difference = len([p for p in known if p >= 0.5]) - math.fsum(known)
    meant = (
        "about right" if abs(difference) <= 0.05 else "too many" if difference > 0 else "too few"
    )
    assert [counting.choices[at] for at in counting.right] == [meant]
    errors = next(q for q in questions if "are calibrated, how many" in q.text)
    side = "positive" if "“positive”" in errors.text else "negative"
    ps = [
        p
        for p, name in zip(state.rows.probabilities, state.rows.verdicts, strict=True)
        if name == side
    ]
    wrong = math.fsum((1 - p if side == "positive" else p) for p in ps) / len(ps)
    assert f"{wrong:.1%} of them" in {errors.choices[at] for at in errors.right}
    threshold = next(q for q in questions if "Nearest to one half" in q.text)
    nearest = min(
        (abs(p - 0.5), line)
        for p, line, name in zip(
            state.rows.probabilities, state.rows.lines, state.rows.verdicts, strict=True
        )
        if name not in {"", "not a review"}
    )[1]
    assert f"line {nearest}," in threshold.text
    assert [threshold.choices[at] for at in threshold.right] == ["66.7%"]
    broken = [q for q in questions if "could not be scored" in q.text]
    assert len(broken) == ("!!!" in lines)
    for question in broken:
        assert question.choices[question.right[0]] == "Not at all"
        assert f"add up to {len(known)}" in question.feedback[0]


def test_a_file_in_another_language_is_not_asked_about_sides():
    state = pasted(GERMAN)
    assert state.rows.verdicts == ["not a review"]
    assert len(exercises.quiz(state)) == 1


def test_what_is_wrong_with_a_row_is_said_in_the_language_of_the_visitor(example, monkeypatch):
    class German(gettext.NullTranslations):
        def gettext(self, message):
            known = {
                "no word in the text": "kein Wort im Text",
                "{cells} cells where the header has {header}": "{cells} Zellen statt {header}",
                "mixed or unclear": "gemischt oder unklar",
            }
            return known.get(message, message)

    job, state = example
    monkeypatch.setattr(language, "_catalogue", lambda _: German())
    caution = lesson.cautions(state.rows)[0]
    assert "kein Wort im Text: 1" in caution
    assert "3 Zellen statt 2: 1" in caution
    table, _ = lesson.filtered(state.rows, ["mixed or unclear", lesson.UNREADABLE], "")
    unclear = ["gemischt oder unklar"] * state.rows.verdicts.count("mixed or unclear")
    assert unclear
    problems = ["– kein Wort im Text", "– 3 Zellen statt 2"]
    assert sorted(table["verdict"]) == sorted(problems + unclear)
    assert f"**{len(unclear)}** gemischt oder unklar" in lesson.summary(state.rows)
    # The file to take home is the same in every language.
    scores = (job.folder / bulk.SCORED).read_text("utf-8-sig")
    assert "mixed or unclear" in scores
    assert "gemischt" not in scores
    assert say(lesson.UNREADABLE) == lesson.UNREADABLE


def test_the_texts_of_the_program_are_those_that_were_scored(example):
    job, state = example
    texts = lesson.texts_of(job, state.rows)
    assert len(texts) == len(state.known)
    assert texts[3].startswith("The film runs")
    assert texts[4].startswith("=HYPERLINK")
    counts = lesson.taken_home(state.rows)
    assert sum(counts["texts"]) == len(state.known)
    assert (counts["from"][0], counts["to"][-1]) == (0, 1)


def test_what_is_right_is_said_once_to_a_wrong_answer(example):
    _, state = example
    for question in exercises.quiz(state):
        right = question.feedback[question.right[0]]
        assert all(right == one or right not in one for one in question.feedback)


def test_the_program_says_verdicts(capsys):
    names = {}
    exec(lesson.scored_again(TEXTS).lstm_core, names)
    assert "positive" in capsys.readouterr().out
    assert names["result"][0] == pytest.approx(reader().read(TEXTS[0]).probability, rel=1e-4)


def test_a_wrong_answer_says_why_it_is_wrong_and_not_what_is_right():
    for state in STATES:
        for question in exercises.quiz(state):
            right = {question.feedback[place] for place in question.right}
            every = enumerate(question.feedback)
            wrong = {one for place, one in every if place not in question.right}
            assert not right & wrong, question.text

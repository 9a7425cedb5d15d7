"""Tour, quests and questions of the page on challenges: reachable, and right by another computation."""

import json
import math

import numpy as np
import pytest

from lstm_core.lessons import challenges as lesson
from lstm_core.lessons.exercises import challenges as exercises
from lstm_core.sentiment.evaluation import is_right, read_probe
from lstm_core.sentiment.reader import ASSETS, Reader, Scores, failures, measured

KEYS = {"confidence-is-correctness", ""}


@pytest.fixture(scope="module")
def reader():
    return Reader.load()


@pytest.fixture(scope="module")
def tried(reader):
    """Return a function that makes the state of the page with a challenge and a sentence."""

    def made(name, text=None):
        challenge = lesson.BY_NAME[name]
        rows, scores = of_challenge(reader, name)
        reading = reader.read(
            lesson.examples(challenge, rows, scores).first if text is None else text
        )
        shown = (rows, scores) if challenge.probe else ([], None)
        return exercises.Tried(challenge, reading, *shown, measured(), failures()["by_words_left"])

    return made


def of_challenge(reader, name):
    """Return the sentences of a challenge, and their scores."""
    rows = lesson.of_challenge(lesson.BY_NAME[name], read_probe())
    return rows, reader.score([row["text"] for row in rows])


def quest(key):
    return next(one for one in exercises.QUESTS if one.key == key)


@pytest.mark.parametrize("name", lesson.BY_NAME)
def test_nothing_is_done_by_choosing_a_challenge(tried, name):
    for one in exercises.QUESTS:
        assert not one.done(tried(name)), one.key
        assert one.told(tried(name))
        assert "no word" in one.told(tried(name, "!"))
        assert not one.done(tried(name, "!"))


def test_the_order_of_the_same_words_moves_the_verdict(tried):
    rows = tried("Comparison").rows
    moved = []
    for row in rows:
        before, than, after = row["text"].rstrip(".").partition(" than ")
        if than:
            moved.append(tried("Comparison", f"{after} {than.strip()} {before}."))
    done = [state for state in moved if quest("same-words").done(state)]
    assert done, "the quest can be reached by changing sides"
    for state in done:
        place = state.reordered_from
        own = state.scores.probability[place]
        assert abs(state.reading.probability - own) >= exercises.REORDERED
        assert f"From {own:.0%}" in quest("same-words").told(state)
    for other in ("This was much better.", rows[0]["text"], rows[0]["text"].upper()):
        assert not quest("same-words").done(tried("Comparison", other)), other


def test_a_misspelt_word_moves_the_verdict(tried):
    misspelt = quest("one-letter")
    state = tried("Irony", "Oh wondrfull, my room comes with free cockroaches.")
    assert misspelt.done(state)
    assert state.rows[state.misspelt_from]["text"].startswith("Oh wonderful,")
    for other in (
        "Oh wonderful, my room comes with free cockroaches.",
        "Oh wonderful, my room comes with free cockroahces.",
        "Oh zzyzx, my room comes with free cockroaches.",
        "Oh dreadful, my room comes with free cockroaches.",
        "Oh wondrfull, my rooom comes with free cockroaches.",
        "Oh, my room comes with free cockroaches.",
    ):
        assert not misspelt.done(tried("Irony", other)), other


def test_a_sentence_of_ones_own_is_read_as_taking_no_side(tried):
    no_side = quest("no-side")
    state = tried("Irony", "This was so much better than the first one.")
    assert no_side.done(state)
    assert "9 words, read as mixed or unclear" in no_side.told(state)
    rows = tried("Definition of neutral").rows
    for row in rows[:20]:
        assert not no_side.done(tried("Irony", row["text"])), "ours is not the visitor's own"
    assert not no_side.done(tried("Irony", "A wonderful film that I would see again."))


@pytest.mark.parametrize("name", lesson.BY_NAME)
def test_the_page_opens_on_a_failure_and_offers_a_success(reader, name):
    challenge = lesson.BY_NAME[name]
    rows, scores = of_challenge(reader, name)
    found = lesson.examples(challenge, rows, scores)
    meant = {row["text"]: row["expected"] for row in rows}
    for text, right in ((found.failure, False), (found.success, True)):
        reading = reader.read(text)
        assert is_right(meant[text], reading.probability, reading.known_share) is right
        said = lesson.is_it_read_rightly(rows, reading)
        assert said.startswith("**✔" if right else "**✘ A failure.**")
        assert str(reading.verdict) in said
    assert found.first == found.failure
    if challenge.probe:
        far = [
            abs(p - {"positive": 1, "negative": 0, "unclear": 0.5}[row["expected"]])
            for row, p, known in zip(rows, scores.probability, scores.known_share, strict=True)
            if not is_right(row["expected"], p, known)
        ]
        p = reader.read(found.failure).probability
        expected = {"positive": 1, "negative": 0, "unclear": 0.5}[meant[found.failure]]
        assert abs(p - expected) == pytest.approx(max(far), abs=1e-5)
    assert not lesson.is_it_read_rightly(rows, reader.read("A sentence of my own."))


def test_examples_follow_the_network_and_not_a_list():
    rows = [
        {"class": "irony", "expected": "negative", "text": text} for text in ("one", "two", "three")
    ]
    irony, known = lesson.BY_NAME["Irony"], np.ones(3)

    def found(*probability):
        values = np.array(probability)
        return lesson.examples(irony, rows, Scores(values, values, values, known))

    assert found(0.1, 0.7, 0.9) == lesson.Examples("three", "one", 3)
    assert found(0.8, 0.7, 0.2) == lesson.Examples("one", "three", 3)
    assert found(0.1, 0.2, 0.3).first == "one", "without a failure it opens on a success"
    assert found(0.8, 0.7, 0.6).success == ""


def test_each_card_is_done_after_the_right_move_and_not_before():
    moves = (
        {"challenge": "Negation"},
        {"challenge_text": "It was not bad."},
        {"challenge_wrong": False},
        {"challenge": "Length"},
    )
    for card, move in zip(exercises.TOUR, moves, strict=True):
        assert not card.done(card.sets), card.title
        assert not card.done({}), card.title
        assert card.done({**card.sets, **move}), card.title


@pytest.mark.parametrize("name", lesson.BY_NAME)
def test_every_question_has_an_answer_for_each_choice_and_the_right_one_is(tried, name):
    state = tried(name)
    questions = exercises.quiz(state)
    for question in questions:
        assert len(question.choices) == len(question.feedback) == len(set(question.choices))
        assert question.right
        assert set(question.mistakes) <= KEYS
        assert all(not question.mistakes[at] for at in question.right if question.mistakes)
    cut = json.loads((ASSETS / "failures.json").read_text())["by_words_left"]
    ten = {row["which"]: row["accuracy"] for row in cut if row["words"] == 10}
    end = next(q for q in questions if "words are left" in q.text)
    assert end.choices[end.right[0]] == f"The {max(ten, key=ten.get)} ones"
    if not state.challenge.probe:
        assert len(questions) == 2
        return
    row = measured()["probe"][state.challenge.probe]
    low, high = lesson.interval(row["rate"], row["sentences"])
    surprise = next(q for q in questions if "surprise" in q.text)
    outside = [
        place
        for place, choice in enumerate(surprise.choices)
        if not 100 * low - 0.05 <= float(choice.rstrip("%")) <= 100 * high + 0.05
    ]
    assert outside == list(surprise.right)
    sure = [q for q in questions if "all the same" in q.text]
    wrong = [
        p
        for row, p, known in zip(
            state.rows, state.scores.probability, state.scores.known_share, strict=True
        )
        if not math.isnan(p) and not lesson.is_right(row["expected"], p, known)
    ]
    counted = sum(p >= 0.9 or p <= 0.1 for p in wrong)
    assert bool(sure) == bool(wrong)
    for question in sure:
        assert question.choices[question.right[0]] == f"{counted} of {len(wrong)}"


def test_what_is_taken_home_is_what_the_page_shows(tried):
    state = tried("Negation")
    columns = lesson.taken_home(state.rows, state.scores, failures())
    assert len({len(column) for column in columns.values()}) == 1
    assert columns["sentence"] == [row["text"] for row in state.rows]
    cut = lesson.taken_home([], None, failures())
    assert cut["accuracy"] == [row["accuracy"] for row in failures()["by_words_left"]]

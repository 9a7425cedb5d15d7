"""The page on challenges: quests done by the right sentence alone, answers counted another way."""

import json
import math

import numpy as np
import pytest

from lstm_core.sentiment.probe import is_right
from lstm_core.sentiment.reader import ASSETS, Scores, failures, measured
from pages._book.style import DARK, LIGHT
from pages.challenges import exercises, lesson
from pages.challenges.figures import rates_by_challenge
from tests.chapters.contrast import channels, contrast, over
from tests.chapters.samples.challenges import REACHED, reader, scored, screen, sides_changed

QUESTS = {quest.key: quest for quest in exercises.QUESTS}
MEANT = {"positive": 1, "negative": 0, "unclear": 0.5}


@pytest.mark.parametrize("name", lesson.BY_NAME)
def test_nothing_is_done_by_choosing_a_challenge(name):
    for quest in exercises.QUESTS:
        assert not quest.done(screen(name)), quest.key
        assert "no word" in quest.progress(screen(name, "!"))
        assert not quest.done(screen(name, "!"))


def test_the_order_of_the_same_words_moves_the_verdict():
    quest, rows = QUESTS["same-words"], screen("Contrast").rows
    moved = list(sides_changed())
    done = [state for state in moved if quest.done(state)]
    assert len(done) >= 5, "the hint leads to the quest with more than one sentence"
    for state in done:
        own = state.scores.probability[state.reordered_from]
        assert abs(state.reading.probability - own) >= exercises.REORDERED
        assert f"from {own:.0%}" in quest.progress(state)
    for other in ("This was much better.", rows[0]["text"], rows[0]["text"].upper()):
        assert not quest.done(screen("Contrast", other)), other


def test_a_misspelt_word_moves_the_verdict():
    quest = QUESTS["one-letter"]
    state = screen("Irony", "Oh vonderful, my room comes with free cockroaches.")
    assert state.rows[state.misspelt_from]["text"].startswith("Oh wonderful,")
    for other in (
        "Oh wonderful, my room comes with free cockroaches.",
        "Oh wonderful, my room comes with free cockroahces.",
        "Oh wondrfull, my room comes with free cockroaches.",
        "Oh zzyzx, my room comes with free cockroaches.",
        "Oh dreadful, my room comes with free cockroaches.",
        "Oh vonderful, my zoom comes with free cockroaches.",
        "Oh, my room comes with free cockroaches.",
    ):
        assert not quest.done(screen("Irony", other)), other


def test_a_sentence_of_ones_own_is_read_as_taking_no_side():
    quest = QUESTS["no-side"]
    state = REACHED["no-side"]
    assert "words, read as mixed or unclear" in quest.progress(state)
    for row in screen("Definition of neutral").rows[:20]:
        assert not quest.done(screen("Irony", row["text"])), "ours is not the visitor's own"
    assert not quest.done(screen("Irony", "A wonderful film that I would see again."))


@pytest.mark.parametrize("name", lesson.BY_NAME)
def test_the_page_opens_on_a_failure_and_offers_a_success(name):
    challenge = lesson.BY_NAME[name]
    rows, scores = scored(name)
    examples = lesson.examples(challenge, rows, scores)
    meant = {row["text"]: row["expected"] for row in rows}
    expected = [row["expected"] for row in rows]
    rated = list(map(is_right, expected, scores.probability.tolist(), scores.refused))
    for text, right in ((examples.failure, False), (examples.success, True)):
        if not text:
            assert right not in rated
            continue
        reading = reader().read(text)
        assert is_right(meant[text], reading.probability, reading.refused) is right
        sentence = lesson.is_it_read_rightly(rows, reading)
        assert sentence.startswith("**✔" if right else "**✘ Read wrongly.**")
        assert str(reading.verdict) in sentence
    assert examples.first == (examples.failure or examples.success)
    if challenge.probe and examples.failure:
        far = [
            abs(p - MEANT[row["expected"]])
            for row, p, refused in zip(rows, scores.probability, scores.refused, strict=True)
            if not is_right(row["expected"], p, refused)
        ]
        p = reader().read(examples.failure).probability
        assert abs(p - MEANT[meant[examples.failure]]) == pytest.approx(max(far), abs=1e-5)
    assert not lesson.is_it_read_rightly(rows, reader().read("A sentence of my own."))


def test_examples_follow_the_network_and_not_a_list():
    rows = [
        {"class": "irony", "expected": "negative", "text": text} for text in ("one", "two", "three")
    ]
    irony, known = lesson.BY_NAME["Irony"], np.ones(3)

    def examples(*probability):
        values = np.array(probability)
        return lesson.examples(irony, rows, Scores(values, values, values, known, [""] * 3))

    assert examples(0.1, 0.7, 0.9) == lesson.Examples("three", "one", 3)
    assert examples(0.8, 0.7, 0.2) == lesson.Examples("one", "three", 3)
    assert examples(0.1, 0.2, 0.3).first == "one", "without a failure it opens on a success"
    assert examples(0.8, 0.7, 0.6).success == ""


@pytest.mark.parametrize("name", lesson.BY_NAME)
def test_the_right_answers_are_right(name):
    state = screen(name)
    questions = exercises.quiz(state)
    for question in questions:
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
        for row, p, refused in zip(
            state.rows, state.scores.probability, state.scores.refused, strict=True
        )
        if not math.isnan(p) and not is_right(row["expected"], p, refused)
    ]
    counted = sum(p >= 0.9 or p <= 0.1 for p in wrong)
    assert bool(sure) == bool(wrong)
    for question in sure:
        assert question.choices[question.right[0]] == f"{counted} of {len(wrong)}"


def test_the_interval_of_a_rate_holds_the_rate():
    for rate, count in ((0.5, 10), (0.0, 60), (1.0, 60), (0.61, 75)):
        low, high = lesson.interval(rate, count)
        assert 0 <= low <= rate <= high <= 1
    assert lesson.interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-3)


def test_what_is_taken_home_is_what_the_page_shows():
    state = screen("Negation")
    columns = lesson.taken_home(state.rows, state.scores, failures())
    assert len({len(column) for column in columns.values()}) == 1
    assert columns["sentence"] == [row["text"] for row in state.rows]
    cut = lesson.taken_home([], None, failures())
    assert cut["accuracy"] == [row["accuracy"] for row in failures()["by_words_left"]]


def test_the_program_counts_what_is_right(capsys):
    rows, scores = scored("Irony")
    right = [
        is_right(row["expected"], p, refused)
        for row, p, refused in zip(rows, scores.probability, scores.refused, strict=True)
    ]
    exec(lesson.programs_of(lesson.BY_NAME["Irony"]).lstm_core, {})
    assert f"right: {sum(right)} of {len(rows)}" in capsys.readouterr().out


def test_where_nothing_is_read_there_is_no_network_to_read_it():
    programs = lesson.programs_of(lesson.BY_NAME["Length"])
    assert programs.keras == programs.torch == ""


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("chosen", ["Irony", "Negation"])
def test_the_percentages_are_readable_on_every_bar(colours, chosen):
    bars = rates_by_challenge(lesson.rates(measured()), chosen, colours).data[0]
    inks = bars.insidetextfont.color
    assert len(inks) == len(bars.marker.color) == len(bars.y) > 5
    for name, ink, bar in zip(bars.y, inks, bars.marker.color, strict=True):
        assert contrast(channels(ink), over(bar, colours.ground)) >= 4.5, name

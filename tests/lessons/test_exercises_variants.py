"""The tour, quests and questions on variants are reachable, and right about what is shown."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.lessons import variants as lesson
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.exercises import variants as exercises
from lstm_core.lessons.sentences import SENTENCE, sentence_ids
from lstm_core.lessons.walks import GRU
from lstm_core.sentiment.halves import halves
from lstm_core.sentiment.reader import Reader

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


@cache
def read(text):
    reader = Reader.load()
    words, ids, _ = sentence_ids(reader, text)
    return halves(reader.network.in_double(), ids), lesson.last_place(reader, ids, words)


def shown(text=SENTENCE, numbers=lesson.NUMBERS, units=2, seed=1, unit=0, peephole=1.0, step=0):
    _, inputs = parse_numbers(numbers)
    gru, lstm = GRUCell.initialise(1, units, seed), LSTMCell.initialise(1, units, seed)
    aside = lesson.asides(lstm, inputs, peephole, unit)
    return lesson.Shown(*read(text), gru, gru.run(inputs), aside, step, unit)


@pytest.mark.parametrize(
    ("key", "done"),
    [
        ("readings-disagree", {"text": "I loved it, yet it was dull."}),
        ("gru-keeps", {"numbers": "-9 -9 -9 -9 -9", "seed": 2}),
        ("peepholes-matter", {"numbers": "9 9 9 9 9", "seed": 5, "peephole": 3.0}),
    ],
)
def test_quests_are_open_at_first_and_can_be_done(key, done):
    quest = QUESTS[key]
    assert not quest.done(shown())
    assert quest.done(shown(**done))
    assert quest.told(shown()) != quest.told(shown(**done))


def test_too_short_a_sentence_or_sequence_does_not_count():
    assert not QUESTS["readings-disagree"].done(shown("Not bad, not good."))
    assert not QUESTS["gru-keeps"].done(shown(numbers="-9 -9 -9 -9", seed=2))


MOVES = (
    {"variants_text": "The cast is fine, BUT the film is not."},
    None,
    {"gru_step": 4},
    {"gru_sequence": "1 0.5 -7"},
    {"gru_units": 8},
    {"peephole": 0.0},
)


@pytest.mark.parametrize(("card", "move"), list(zip(exercises.TOUR, MOVES, strict=True)))
def test_a_card_is_done_by_its_move_alone(card, move):
    if move is None:
        assert card.done is None
        return
    assert not card.done(dict(card.sets))
    assert card.done({**card.sets, **move})


def test_a_sequence_that_cannot_be_read_does_no_harm_to_the_tour():
    assert not exercises.TOUR[3].done({"gru_sequence": "nine nine"})
    assert len(GRU.stages) == exercises.STAGES


@settings(deadline=None)
@given(
    units=st.integers(1, 8), seed=st.integers(0, 50), step=st.integers(0, 7), data=st.data(),
    text=st.sampled_from([SENTENCE, "Good", "Not bad", "Great cast, awful script."]),
)  # fmt: skip
def test_every_question_is_answered_from_the_screen(units, seed, step, data, text):
    unit = data.draw(st.integers(0, units - 1))
    on_screen = shown(text, units=units, seed=seed, unit=unit, step=step)
    writes, last, count = exercises.quiz(on_screen)
    for question in (writes, last, count):
        assert len(question.choices) == len(set(question.choices)) == len(question.feedback)
        assert len(question.mistakes) == len(question.choices)
        assert all(question.mistakes[place] == "" for place in question.right)
        assert set(question.mistakes) <= {
            "", "gru-z-or-one-minus-z", "gru-is-merged-lstm", "bilstm-last-step", "two-biases",
        }  # fmt: skip
    z = on_screen.trace.update_gate[step, unit]
    assert writes.choices[writes.right[0]] == f"{1 - z:.1%}"
    assert last.choices[last.right[0]] == "1"
    counted = sum(p.size for p in on_screen.gru.parameters.values())
    assert count.choices[count.right[0]] == f"{counted:,}"


def test_the_backward_state_at_the_last_word_has_read_that_word_alone():
    _, last = read(SENTENCE)
    assert last.backward == 0.0
    assert last.forward > 0.1
    _, alone = read("Good")
    assert alone.forward == alone.backward == 0.0


def test_shares_of_a_gate_that_read_the_same_leave_the_right_one():
    question = lesson.which_gate_writes(np.array([[0.5]]), 0, 0)
    assert question.choices == ("50.0%", "100.0%")
    assert "writes the rest" in question.feedback[0]

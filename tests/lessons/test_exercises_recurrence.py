"""The recurrence page's tour, quests and questions are reachable, and right about what is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.cells.rnn import RNNCell
from lstm_core.lessons.exercises import recurrence as exercises
from lstm_core.lessons.recurrence import WordRead, letters

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


def read(text="banana", units=3, seed=1, unit=0):
    pieces, inputs = letters(text)
    cell = RNNCell.initialise(3, units, seed)
    return WordRead(pieces, inputs, cell, cell.run(inputs), unit)


@pytest.mark.parametrize(
    ("key", "done"),
    [
        ("same-letter-far-apart", {"unit": 2}),
        ("same-letter-far-apart", {"text": "mississippi"}),
        ("plain-is-smaller", {"text": "ab", "units": 4}),
        ("swings", None),
    ],
)
def test_quests_are_open_at_first_and_can_be_done(key, done):
    quest = QUESTS[key]
    done = done or a_swing()
    assert not quest.done(read())
    assert quest.done(read(**done))
    assert quest.told(read()) != quest.told(read(**done))


def a_swing():
    """Find two letters that pull the first unit in opposite directions, as the hint says."""
    for first in "abcdefgh":
        for second in "abcdefgh":
            if exercises.sign_changes(read(3 * (first + second))) == 5:
                return {"text": 3 * (first + second)}
    raise AssertionError


def test_a_short_swing_or_a_word_of_one_letter_does_not_count():
    assert not QUESTS["swings"].done(read(a_swing()["text"][:4]))
    assert not QUESTS["plain-is-smaller"].done(read("a"))
    assert QUESTS["same-letter-far-apart"].told(read("abc")) == "No letter comes twice."


MOVES = (
    {"recurrence_step": 2},
    {"recurrence_step": 11},
    {"recurrence_view": "folded"},
    {"letters": "bananas"},
    {"spotting_front": 6},
    {"range_gain": 2.0},
)


@pytest.mark.parametrize(("card", "move"), list(zip(exercises.TOUR, MOVES, strict=True)))
def test_a_card_is_done_by_its_move_alone(card, move):
    assert not card.done(dict(card.sets))
    assert card.done({**card.sets, **move})


@settings(deadline=None)
@given(
    text=st.text("abcxyz", min_size=1, max_size=12),
    units=st.integers(1, 8),
    seed=st.integers(0, 20),
    data=st.data(),
)
def test_every_question_is_answered_from_the_screen(text, units, seed, data):
    shown = read(text, units, seed, data.draw(st.integers(0, units - 1)))
    weights, joined, order = exercises.quiz(shown)
    for question in (weights, joined, order):
        assert len(question.choices) == len(set(question.choices)) == len(question.feedback)
        assert not question.mistakes or len(question.mistakes) == len(question.choices)
        assert set(question.mistakes) <= {"", "units-are-steps", "concatenation-is-addition"}
        assert all(question.mistakes[place] == "" for place in question.right if question.mistakes)
    counted = sum(p.size for p in shown.cell.parameters.values())
    assert weights.choices[weights.right[0]] == f"{counted:,}"
    both = np.concatenate([shown.inputs[-1], shown.trace.previous_hidden_state[-1]])
    assert f"{len(both)} numbers" in joined.choices[joined.right[0]]
    stacked = np.concatenate([shown.cell.kernel, shown.cell.recurrent_kernel])
    value = (both @ stacked + shown.cell.bias)[shown.unit]
    # Two roundings of the same sum may differ in the last digit.
    assert any(f"= {value + nudge:.3f}." in joined.feedback[0] for nudge in (0, 1e-12, -1e-12))
    assert order.choices[order.right[0]] == by_hand(shown)


def by_hand(shown):
    h = np.zeros(shown.cell.units)
    for x in shown.inputs[::-1]:
        h = np.tanh(x @ shown.cell.kernel + h @ shown.cell.recurrent_kernel + shown.cell.bias)
    ahead, back = shown.trace.hidden_state[-1, shown.unit], h[shown.unit]
    if np.isclose(ahead, back):
        return "The same, for the letters are the same"
    return "The same with the other sign" if np.isclose(ahead, -back) else "Another one"


def test_a_word_that_reads_the_same_from_both_ends_leaves_the_same_state():
    order = exercises.quiz(read("anna"))[2]
    assert order.right == (0,)
    assert "both ends" in order.feedback[0]
    assert "order counts" in exercises.quiz(read("banana"))[2].feedback[0]

"""Tour, quests and questions of the page on the way back through an LSTM."""

import numpy as np
import pytest

from lstm_core.bptt import BACK, stops, to_a_target
from lstm_core.cells.lstm import LSTMCell
from lstm_core.lessons import bptt as lesson
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.exercises import bptt as exercises
from lstm_core.lessons.exercises.bptt import QUESTS, TOUR, Seen, quiz

KNOWN = {"", "direct-path-is-all", "forget-one-forgets", "sigmoid-blamed"}


def seen(preset="A short look back", text=None, units=2, seed=1, group="W_xf"):
    """What the page shows at these controls."""
    chosen = lesson.PRESETS[preset]
    inputs = parse_numbers(chosen.text if text is None else text)[1]
    return Seen(to_a_target(chosen.cell(units, seed), inputs, chosen.target), group, 0)


REACHED = {
    "silent-input": seen(text="1 0 -1 2"),
    "overrated": seen(text=" ".join(["0.1"] * 60), seed=4),
    "carried-far": seen("One bit, kept", "1" + " 0" * 19),
}


@pytest.mark.parametrize("quest", QUESTS, ids=lambda quest: quest.key)
def test_every_quest_can_be_reached_and_is_not_at_first(quest):
    assert not quest.done(seen())
    assert quest.done(REACHED[quest.key])
    assert quest.told(seen()) != quest.told(REACHED[quest.key])


def test_quests_hold_where_there_is_nothing_to_compare():
    nothing = to_a_target(LSTMCell(np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4)), [[0.0]], 0.0)
    for quest in QUESTS:
        assert not quest.done(Seen(nothing, "W_xf", 0))
        assert "nan" not in quest.told(Seen(nothing, "W_xf", 0))
    assert [len(q.right) for q in quiz(Seen(nothing, "W_xf", 0))] == [1, 1, 1, 1]


MOVES = (
    {"bptt_step": 3},
    {"bptt_step": 6},
    {"bptt_step": 15},
    {"bptt_group": "W_hf"},
    {"bptt_preset": "The direct path is not all"},
    {"bptt_source": "The network that reads reviews"},
)


@pytest.mark.parametrize("place", range(len(TOUR)))
def test_every_card_waits_for_its_move(place):
    card = TOUR[place]
    assert not card.done(card.sets)
    assert card.done(card.sets | MOVES[place])


def test_the_cards_stop_where_they_say():
    every = stops(exercises.STEPS)
    assert every[3].is_forward
    assert every[TOUR[1].sets["bptt_step"]].stage == BACK[0]
    assert (every[15].t, every[15].stage) == (2, "cell state")
    assert TOUR[3].sets["bptt_step"] == len(every) - 1
    assert TOUR[0].sets["bptt_sequence"] == lesson.PRESETS[TOUR[0].sets["bptt_preset"]].text


@pytest.mark.parametrize("preset", lesson.PRESETS)
@pytest.mark.parametrize("group", ["W_xf", "W_ho"])
def test_every_question_is_answered_by_the_numbers(preset, group):
    state = seen(preset, group=group)
    share, paths, first, gate = quiz(state)
    for question in (share, paths, first, gate):
        assert len(question.feedback) == len(question.choices) == len(set(question.choices))
        assert set(question.mistakes) <= KNOWN
        assert len(question.mistakes) in (0, len(question.choices))
    way = state.way
    row = int(np.abs(way.total(group)[:, 0]).argmax())
    most = int(np.abs(way.contributions(group)[:, row, 0]).argmax())
    assert share.choices[share.right[0]] == f"Step {most + 1}"
    product = np.prod(way.trace.forget_gate[1:], axis=0) * way.gradient.cell_state[-1]
    direct = np.linalg.norm(product)
    full = np.linalg.norm(way.gradient.cell_state[0])
    expected = 0 if np.isclose(direct, full, rtol=1e-9) else 1 if direct < full else 2
    assert paths.right == (expected,)
    assert first.right == (2,)
    assert not np.any(way.contributions("W_hi")[0])
    assert gate.right == (0,)
    assert f"{way.trace.forget_gate[-1, 0]:.3f}" in gate.text


def test_the_direct_path_can_be_all_less_and_more():
    rights = {
        quiz(state)[1].right[0]
        for state in (seen("One bit, kept"), seen(), REACHED["overrated"], seen(units=8))
    }
    assert rights == {0, 1, 2}

"""The page on the way back: its answers by another computation, its stops and its pictures."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lstm_core import LSTMCell
from lstm_core.gradients.bptt import BACK, GROUPS, Stop, stops, to_a_target
from pages._book.sequences import parse_numbers
from pages._book.style import DARK, LIGHT
from pages.bptt import exercises, figures, lesson
from pages.bptt.exercises import QUESTS, TOUR, State, quiz
from pages.bptt.lesson import PRESETS
from tests.chapters.samples.bptt import REACHED, reading, state_of


def test_quests_hold_where_there_is_nothing_to_compare():
    nothing = to_a_target(LSTMCell(np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4)), [[0.0]], 0.0)
    for quest in QUESTS:
        assert not quest.done(State(nothing, "W_f", 0))
        assert "nan" not in quest.progress(State(nothing, "W_f", 0))
    assert [len(q.right) for q in quiz(State(nothing, "W_f", 0))] == [1, 1, 1]


def test_a_gradient_that_explodes_is_not_carried():
    quest = next(quest for quest in QUESTS if quest.key == "carried-far")
    exploding = state_of("The direct path is not all")
    assert exercises.carried(exploding.way) > 1
    assert not quest.done(exploding)


def test_a_step_without_a_state_before_it_is_silent():
    way = REACHED["silent-state"].way
    assert exercises.silent_states(way) == [2]
    assert not way.trace.hidden_state[0].any()
    # The first step never counts, and an input of 0 is not what is asked for.
    assert exercises.silent_states(reading(bptt_sequence="1 0 -1 2").way) == []


def test_the_cards_stop_where_they_say():
    every = stops(exercises.STEPS)
    assert every[3].is_forward
    assert every[TOUR[1].sets["bptt_step"]].stage == BACK[0]
    assert (every[15].t, every[15].stage) == (2, "cell state")
    assert TOUR[3].sets["bptt_step"] == len(every) - 1
    first = TOUR[0].sets
    assert first["bptt_sequence"] == PRESETS[first["bptt_preset"]].sets["bptt_sequence"]
    assert len(parse_numbers(first["bptt_sequence"])[0]) == exercises.STEPS


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("group", ["W_f", "R_o"])
def test_every_question_is_answered_by_the_numbers(preset, group):
    state = state_of(preset, group=group)
    share, paths, first, gate = quiz(state)
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
    assert not np.any(way.contributions("R_i")[0])
    assert gate.right == (0,)
    assert f"{way.trace.forget_gate[-1, 0]:.3f}" in gate.text


def test_the_direct_path_can_be_all_less_and_more():
    states = state_of("One bit, kept"), state_of(), REACHED["overrated"], state_of(bptt_units=8)
    assert {quiz(state)[1].right[0] for state in states} == {0, 1, 2}


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_preset_proves_its_claim_with_every_seed(name, seed):
    preset, way = PRESETS[name], reading(name, bptt_seed=seed).way
    assert preset.holds(way), preset.evidence(way)


@pytest.mark.parametrize("every_step", [False, True])
def test_a_reading_is_what_its_controls_say(every_step):
    made = reading("A shut forget gate", bptt_units=3, bptt_seed=7, bptt_every=every_step)
    assert made.cell.units == 3
    assert made.labels == ["1", "0.5", "-1", "2", "0", "1", "-0.5", "1"]
    same = LSTMCell.initialise(1, 3, 7)
    np.testing.assert_array_equal(made.cell.kernel, same.kernel)
    assert set(made.cell.bias[made.cell.columns("forget")]) == {-6.0}
    errors = made.cell.run(made.inputs).hidden_state - 0.5
    wanted = (errors if every_step else errors[-1:]) ** 2
    assert made.loss() == pytest.approx(wanted.sum() / 2)
    assert f"{made.loss():.4g}" in lesson.loss_sentence(made)


def test_a_sequence_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="“two”"):
        reading(bptt_sequence="1 two")


def test_the_stops_go_forward_and_then_back_through_every_stage():
    every = stops(3)
    assert [stop.t for stop in every[:3]] == [0, 1, 2]
    assert every[3] == Stop(2, BACK[0])
    assert every[-1] == Stop(0, BACK[-1])
    assert len(every) == len(set(every)) == 3 + 3 * len(BACK)


@pytest.mark.parametrize("steps", [1, 4])
def test_every_stop_has_a_formula_with_the_numbers_of_the_way_back(steps):
    inputs = parse_numbers("1 0.5 -1 2")[1][:steps]
    way = to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)
    for stop in stops(steps):
        formula = lesson.formula(way, stop, 1)
        assert "nan" not in formula.lower()
        assert lesson.sentence(way, stop, 1)
        if stop.stage == "cell state":
            value = f"{way.gradient.cell_state[stop.t, 1]:.3f}".replace("-", "{-}")
            assert rf"\mathbf{{{value}}}" in formula or r"\cdot\!10" in formula
        if stop.stage == "weights":
            assert all(f"{group[0]}_{{{group[2]}}}[" in formula for group in GROUPS)
    assert lesson.reached(way, Stop(steps - 1, "weights")) == steps - 1
    assert lesson.reached(way, Stop(steps - 1, "cell state")) == steps


def test_a_wrong_group_gets_no_tick():
    said = lesson.ticks(dict.fromkeys(GROUPS, 0.0) | {"W_f": 0.5})
    assert said.count("✔") == 7
    assert said.count("✘") == 1


@pytest.fixture
def way():
    inputs = parse_numbers("1 0.5 -1 2 0.3 -0.2 1 0 0.1 0.4 -1 1")[1]
    return to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)


def test_the_ledger_fills_forward_and_then_from_the_right(way):
    labels = ["<b>1</b>", *map(str, range(2, 13))]
    counts = []
    for stop in stops(way.steps):
        html = figures.ledger(way, labels, stop, 0, LIGHT)
        table = ElementTree.fromstring(html.replace("<br>", "<br/>"))
        cells = [cell.text for cell in table.iter("td")]
        assert len(cells) == 16 * figures.COLUMNS
        counts.append(sum(text != "·" for text in cells))
        assert "<b>" not in html
    assert counts[0] == 6
    assert max(counts) == 16 * figures.COLUMNS
    assert f"{way.gradient.cell_state[0, 0]:.3g}".replace("-", "−") in html


def test_shares_add_up_from_the_last_step_on(way):
    bars = way.contributions("W_f")[:, 0, 0]
    figure = figures.shares(bars, list("abcdefghijkl"), 4, "w", LIGHT)
    waiting, reached, total = figure.data
    assert len(waiting.x) == 4
    assert list(reached.y) == pytest.approx(list(bars[4:]))
    assert total.y[0] == pytest.approx(bars[4:].sum())
    assert not len(figures.shares(bars, list("abcdefghijkl"), 12, "w", LIGHT).data[2].x)


def test_two_paths_leave_out_what_a_log_axis_cannot_show(way):
    figure = figures.two_paths(way, DARK)
    full, direct = figure.data
    assert full.y[-1] == pytest.approx(direct.y[-1])
    way.trace.forget_gate[5] = 0.0
    assert np.isnan(figures.two_paths(way, DARK).data[1].y[:5]).all()

"""The page on the way back: its answers by another computation, its stops and its pictures."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lstm_core import LSTMCell
from lstm_core.gradients.bptt import BACK, GROUPS, Stop, stops, to_a_target
from pages._app.exports import playing_page
from pages._book import slides, way_back
from pages._book.language import speaking
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


LABELS = list("abcdefghijkl")


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.0, "0"), (0.12345, "0.123"), (-4.0, "−4"), (3.92e-7, "3.9·10⁻⁷"), (-1.9e5, "−1.9·10⁵")],
)
def test_numbers_are_written_as_they_are_read(value, text):
    assert lesson.readable(value) == text


def test_the_cards_stop_where_they_say():
    every = stops(exercises.STEPS)
    assert every[3].is_forward
    assert every[TOUR[1].sets["bptt_step"]].stage == BACK[0]
    assert (every[15].t, every[15].stage) == (2, "cell state")
    slide = next(one for one in slides.SLIDES if one.panel == "way")
    assert max(slide.stops) < len(every)
    assert [every[stop].stage for stop in slide.stops[2:4]] == ["hidden state", "cell state"]
    assert every[slide.stops[-1]] == Stop(2, "cell state")
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
@pytest.mark.parametrize("unit", [0, 1])
def test_the_player_gets_every_number_of_the_way_back(steps, unit):
    inputs = parse_numbers("1 0.5 -1 2")[1][:steps]
    way = to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)
    values = way_back.numbers(way, unit)
    cell, gradient, t = way.cell, way.gradient, np.arange(steps)
    # Two errors meet in each state, and their sum is what the backward pass returns.
    of = {key: np.array(numbers) for key, numbers in values.items()}
    np.testing.assert_allclose(of["direct"] + of["through"], of["dh"], atol=1e-12)
    np.testing.assert_allclose(of["from_h"] + of["cell_through"], of["dc"], atol=1e-12)
    np.testing.assert_allclose(of["dc"], gradient.cell_state[:, unit])
    np.testing.assert_allclose(of["dh"] * of["o"] * of["slope_c"], of["from_h"])
    for delta, factor in (("df", "c_before"), ("di", "g"), ("dg", "i")):
        np.testing.assert_allclose(of[delta], of["dc"] * of[factor])
    np.testing.assert_allclose(of["do"], of["dh"] * of["tanh_c"])
    for letter, gate in way_back.GATES.items():
        column = cell.columns(gate).start + unit
        dz = gradient.pre_activation[t, column]
        np.testing.assert_allclose(of[f"dz_{letter}"], of[f"d{letter}"] * of[f"slope_{letter}"])
        np.testing.assert_allclose(of[f"dz_{letter}"], dz)
    # What goes on to the step before is what arrives there.
    np.testing.assert_allclose(of["back_h"][1:], of["through"][:-1])
    np.testing.assert_allclose(of["back_c"][1:], of["cell_through"][:-1])
    for group in GROUPS:
        assert sum(values[f"share_{group}"]) == pytest.approx(values[f"whole_{group}"][0])


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_player_says_has_a_number_for_every_place(language):
    with speaking(language):
        state = state_of()
        data = way_back.way_back_data(state.way, ["<b>", "2", "3", "4"], 0, LIGHT)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    known = {*data["values"], "t", "t_before", "t_after"}
    names = {way_back.FORWARD, *BACK}
    assert set(data["formulas"]) == names
    assert set(data["sentences"]) == names | {"hidden state/last", "to the step before/first"}
    for html in [*data["formulas"].values(), *data["sentences"].values()]:
        assert set(re.findall(r'data-value="(\w+)"', html)) <= known
        assert "{" not in html
    assert {key for one in data["stages"] for key in one["used"]} <= {"x", *data["values"]}
    shown = re.findall(r'data-(?:delta|pill)="(\w+)"', data["drawing"])
    assert set(shown) <= set(data["values"])


def test_a_number_that_is_not_finite_is_sent_as_nothing():
    state = state_of()
    state.way.gradient.cell_state[0] = np.inf
    data = way_back.way_back_data(state.way, list("abcd"), 0, LIGHT)
    assert data["values"]["dc"][0] is None
    assert data["values"]["through"][-1] == 0.0
    assert str(data["values"]["through"][-1]) == "0.0"


def test_the_error_goes_back_over_the_wires_of_the_cell():
    """Each arrow back is a wire of the cell's drawing, from its end to its beginning."""
    wires = way_back.wires()
    assert all(wire in wires for route in way_back.ROUTES.values() for wire, _ in route)
    parts = re.findall(
        r'class="wire error" data-back="(\d)" data-lasts="1"[^>]*><path d="([^"]+)"',
        way_back.drawing(),
    )
    turned = {
        (BACK.index(stage), tuple(reversed(way_back.points(wires[wire]))))
        for stage, route in way_back.ROUTES.items()
        for wire, _ in route
    }
    assert {(int(stage), tuple(way_back.points(path))) for stage, path in parts} == turned
    ElementTree.fromstring(way_back.drawing())
    # The wires are those that are meant: the errors leave on the left, and enter on the right.
    assert way_back.points(wires["h", 3])[-1][0] == way_back.points(wires["c", 3])[-1][0]
    assert way_back.points(wires["c", 0])[0][0] == way_back.points(wires["h", 0])[0][0]
    assert way_back.points(wires["o", 1])[-1][1] == way_back.points(wires["h", 2])[-1][1] + 22


def test_the_way_back_is_taken_along_as_a_page():
    state = state_of()
    data = way_back.way_back_data(state.way, ["</script>", "2", "3", "4"], 0, LIGHT)
    page = playing_page("t", way_back.SCRIPTS, way_back.STYLES, data, LIGHT)
    assert page.count("</script>") == 1
    assert "http" not in page.replace("http://www.w3.org", "")


def test_a_wrong_group_gets_no_tick():
    said = lesson.ticks(dict.fromkeys(GROUPS, 0.0) | {"W_f": 0.5})
    assert said.count("✔") == 7
    assert said.count("✘") == 1


@pytest.fixture
def way():
    inputs = parse_numbers("1 0.5 -1 2 0.3 -0.2 1 0 0.1 0.4 -1 1")[1]
    return to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)


def test_shares_add_up_from_the_last_step_on(way):
    bars = way.contributions("W_f")[:, 0, 0]
    figure = figures.shares(bars, list("abcdefghijkl"), "w", LIGHT)
    _, steps = figure.data
    assert list(steps.y) == pytest.approx(list(bars))
    assert steps.base[-1] == 0
    assert steps.base[0] + steps.y[0] == pytest.approx(bars.sum())
    assert list(figure.layout.xaxis.ticktext)[2] == "t=3<br>c"
    many = figures.shares(np.ones(30), ["<b>"] * 30, "w", LIGHT)
    assert list(many.layout.xaxis.tickvals)[:3] == [1, 5, 10]


def test_two_paths_leave_out_what_a_log_axis_cannot_show(way):
    figure = figures.two_paths(way, LABELS, DARK)
    full, direct = figure.data
    assert full.y[-1] == pytest.approx(direct.y[-1])
    way.trace.forget_gate[5] = 0.0
    assert np.isnan(figures.two_paths(way, LABELS, DARK).data[1].y[:5]).all()


def test_a_sequence_has_the_signs_of_the_language():
    """The axis and the sentence write 0.5 and −1 as the drawing above them does."""
    shown = reading("A short look back")
    bars = shown.way.contributions("W_f")[:, 0, 0]
    for language, written in (("en", "0.5"), ("de", "0,5")):
        with speaking(language):
            figure = figures.shares(bars, shown.labels, "w", LIGHT)
            said = lesson.shares_sentence(shown.way, "W_f", 0, shown.labels)
        assert f"t=2<br>{written}" in list(figure.layout.xaxis.ticktext)
        assert "t=3<br>−1" in list(figure.layout.xaxis.ticktext)
        assert "-1" not in said

"""Pictures: contrast, escaping, and that they show the numbers that they were given."""

import json
from xml.etree import ElementTree

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core import LSTMCell, RNNCell
from lstm_core.activations import ACTIVATIONS
from lstm_core.bptt import stops, to_a_target
from lstm_core.cliff import Cliff
from lstm_core.descent import Remedies, descend
from lstm_core.echo_state import remember
from lstm_core.figures import (
    activations,
    bptt,
    cell,
    drawings,
    gradients,
    memory,
    race,
    recurrence,
    remedies,
    variants,
)
from lstm_core.figures import player as player_module
from lstm_core.figures.player import player_data
from lstm_core.figures.style import DARK, LIGHT, MARKS, TEXT_SIZE, enlarged, palette, styled
from lstm_core.gradient_flow import Experiment
from lstm_core.lessons import walks
from lstm_core.lessons.cell import PRESETS, parse_numbers
from lstm_core.recorded_races import recorded
from lstm_core.sentiment.halves import Halves
from lstm_core.sentiment.memory import Memory


def luminance(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("name", [*MARKS, "text", "muted", "accent", "first", "second", "third"])
def test_every_colour_reads_on_ground_and_panel(colours, name):
    """4.5 is what WCAG asks of text; every colour also writes numbers."""
    assert contrast(getattr(colours, name), colours.ground) >= 4.5
    assert contrast(getattr(colours, name), colours.panel) >= 4.5


def test_quantities_differ_without_colour():
    gates = [MARKS[name] for name in ("forget", "input", "candidate", "output")]
    assert len({mark.dash for mark in gates}) == len({mark.marker for mark in gates}) == 4
    assert palette("dark") is DARK
    assert palette("light") is palette(None) is LIGHT


@pytest.fixture
def trace():
    preset = PRESETS["Count"]
    return preset.cell(1, 0).run(parse_numbers(preset.text)[1])


def player(made, walk, run, labels, **more):
    return player_data(walk, made, run, labels, list(range(made.units)), 0, LIGHT, **more)


@pytest.mark.parametrize(
    "draw", [drawings.lstm_drawing, drawings.rnn_drawing, drawings.gru_drawing]
)
def test_a_drawing_is_well_formed_and_its_gates_can_be_reached(draw):
    svg = ElementTree.fromstring(draw())
    gates = [node for node in svg.iter("g") if node.get("data-gate")]
    assert gates
    assert all(gate.get("role") == "button" and gate.get("tabindex") == "0" for gate in gates)


def test_the_player_gets_every_number_of_the_run_and_sums_that_add_up(trace):
    made = PRESETS["Count"].cell(1, 0)
    labels = ["<b>", *"bcdefg"]
    data = player(made, walks.LSTM, trace, labels)
    json.dumps(data, allow_nan=False)
    assert data["labels"][0] == "<b>"
    np.testing.assert_allclose(data["values"]["c"], trace.cell_state, rtol=1e-5)
    np.testing.assert_allclose(data["values"]["written"], trace.written, rtol=1e-5)
    for name, gate in data["gates"].items():
        for t, places in enumerate(gate["places"]):
            weights = [gate["weights"][place] for place in places]
            total = np.dot(gate["inputs"][t], weights) + gate["bias"][t]
            z = trace.pre_activation[t, made.columns(name)][0]
            assert total == pytest.approx(z, rel=1e-4, abs=1e-4)


def test_of_many_terms_the_largest_are_listed_and_the_rest_is_summed():
    made = LSTMCell.initialise(40, 3, 0)
    run = made.run(np.random.default_rng(0).normal(size=(5, 40)))
    gate = player(made, walks.LSTM, run, list("abcde"))["gates"]["forget"]
    assert gate["more"] == 43 - player_module.TERMS
    whole = np.array([gate["weights"][place] for place in gate["places"][2]])
    z = run.pre_activation[2, made.columns("forget")][0]
    total = np.dot(gate["inputs"][2], whole) + gate["rest"][2] + gate["bias"][2]
    assert total == pytest.approx(z, rel=1e-4)


def test_the_player_takes_the_run_before_and_numbers_of_any_size(trace):
    made = LSTMCell.initialise(3, 8, 0).clamped({"forget": 1.0})
    run = made.run(np.full((60, 3), 1e6))
    data = player(made, walks.LSTM, run, ["x"] * 60, before=run)
    json.dumps(data, allow_nan=False)
    assert len(data["before"]["c"]) == 60
    assert "before" not in player(PRESETS["Count"].cell(1, 0), walks.LSTM, trace, list("abcdefg"))
    tiny = player(RNNCell.initialise(1, 2, 0), walks.RNN,
                  RNNCell.initialise(1, 2, 0).run([[1e-200], [0.0]]), ["a", "b"])  # fmt: skip
    assert tiny["values"]["a"][0][0] != 0


def test_kept_and_written_stack_to_the_cell_state(trace):
    labels = ["<b>x</b>", *"bcdefg"]
    figure = cell.kept_and_written(trace, labels, 0, DARK, trace)
    kept, written, c, before = figure.data
    np.testing.assert_allclose(kept.y + written.y, c.y)
    np.testing.assert_array_equal(before.y, trace.cell_state[:, 0])
    assert figure.layout.xaxis.ticktext[0].startswith("&lt;b&gt;")
    assert f"{trace.kept[1, 0]:.3f}" in cell.kept_and_written_alt(trace, 0)
    many = cell.side_by_side({"one": np.arange(60.0)}, ["word"] * 60, "h", LIGHT)
    assert len(many.layout.xaxis.ticktext) == 30
    assert "59.000" in cell.side_by_side_alt({"one": np.arange(60.0)}, "h")


def test_every_copy_of_the_unrolled_cell_has_the_same_weights():
    made = RNNCell.initialise(3, 2, 0)
    run = made.run(np.ones((4, 3)))
    svg = ElementTree.fromstring(recurrence.unrolled(made, run, ["<", "b", "c", "d"], LIGHT))
    patterns = [
        ElementTree.tostring(group).split(b">", 1)[1]
        for group in svg.iter("g")
        if group.get("transform")
    ]
    assert len(patterns) == 4
    assert len(set(patterns)) == 1
    assert patterns[0].count(b"<rect") == 10
    ElementTree.fromstring(recurrence.folded(made, ["<"] * 30, DARK))


def test_both_readings_run_towards_each_other():
    split = Halves(np.array([1.0, 2.0, 3.0]), np.array([0.5, -0.5, 0.25]), 0.1, 6.35, (0.0, 0.0))
    figure = variants.meeting(split, ["a", "<b>", "c"], LIGHT)
    ahead, back = figure.data
    assert ahead.y[-1] == 6.0
    assert (back.x[0], back.x[-1]) == (3.5, 0.5)
    assert back.y[-1] == pytest.approx(0.25)
    assert [len(frame.data[0].x) for frame in figure.frames] == [1, 2, 3, 4]
    assert "&lt;b&gt;" in figure.layout.xaxis.ticktext
    assert "6.00" in variants.meeting_alt(split, ["a", "b", "c"])


def test_words_are_escaped_where_their_memory_is_shown():
    html = memory.words_kept(["<script>", "b"], np.array([0.2, 0.1]), np.array([1.0, -0.04]), LIGHT)
    assert "<script>" not in html
    assert "-0.0<" not in html
    held = Memory(np.array([[0.4, 0.0], [0.2, 0.3]]), np.array([1.0, -1.0]))
    figure = memory.memory_map(held, ["<i>", "b"], DARK)
    assert np.isnan(figure.data[0].z[1][0])
    assert figure.data[0].z[0][1] == pytest.approx(0.2)
    assert "&lt;i&gt;" in figure.data[0].x[0]


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_saturation_is_where_the_derivative_is_small(name):
    activation = ACTIVATIONS[name]
    for start, end in activations.saturated_spans(activation):
        inside = np.linspace(start, end, 50)
        assert (activation.derivative(inside) < 0.0501 * activation.steepest).all()
    if name == "tanh":
        assert len(activations.saturated_spans(activation)) == 2


@pytest.mark.parametrize("point", [-8.0, 0.0, 8.0])
@pytest.mark.parametrize("weight", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_chains_are_drawn_at_every_edge(point, weight, name):
    products = activations.chain(point, weight, 60)
    figure = activations.picture(ACTIVATIONS[name], point, products, LIGHT)
    low, high = figure.layout.yaxis3.range
    assert np.isfinite([low, high]).all()
    assert low < high
    expected = abs(weight * ACTIVATIONS["tanh"].derivative(np.array([point]))[0]) ** 60
    assert products.left["tanh"][-1] == pytest.approx(expected)


@pytest.mark.parametrize(
    "norms",
    [
        np.array([1.0]),
        np.geomspace(1e-12, 1.0, 30),
        np.array([np.inf, 1e300, 1e10, 1.0]),
        np.zeros(5),
        np.full(4, np.nan),
    ],
)
def test_the_animation_carries_the_gradient_back(norms):
    figure = gradients.flow_animation({"RNN": norms, "LSTM": norms[::-1]}, LIGHT)
    assert len(figure.frames) == len(norms)
    curtain, heads = figure.frames[-1].data
    assert max(curtain.x) == 0.5
    assert list(heads.x) == [1, 1]
    assert figure.frames[0].data[0].x[1] == len(norms) - 0.5
    assert all(np.isfinite(figure.layout.yaxis.range))
    play = figure.layout.updatemenus[0].buttons[0].args[1]
    assert play["frame"]["redraw"] is False
    assert isinstance(figure, go.Figure)


def test_a_long_animation_has_few_frames_from_the_last_step_to_the_first():
    figure = gradients.flow_animation({"GRU": np.geomspace(1, 1e-50, 200)}, DARK)
    assert len(figure.frames) == gradients.FRAMES
    assert [figure.frames[0].name, figure.frames[-1].name] == ["199", "0"]
    assert figure.layout.sliders[0].steps[-1].label.startswith("t = 1: GRU 1.0e+00")


def test_a_figure_in_the_apps_look_still_holds_its_arrays():
    figure = styled(go.Figure(go.Scatter(x=np.arange(3.0), y=np.arange(3.0))), LIGHT)
    assert list(figure.data[0].y) == [0.0, 1.0, 2.0]


def test_a_figure_is_enlarged_in_all_that_is_measured_in_points():
    small = gradients.flow_animation({"RNN": np.geomspace(1, 1e-9, 30)}, LIGHT)
    large = enlarged(small, 2.0)
    assert large.layout.font.size == 2 * small.layout.font.size
    assert large.layout.xaxis.title.font.size == 2 * TEXT_SIZE
    assert large.layout.margin.l == 2 * small.layout.margin.l
    assert large.data[0].line.width == 2 * small.data[0].line.width
    assert large.data[-1].marker.size == 2 * small.data[-1].marker.size
    # The numbers that it shows are the same, and so is the figure that it was made of.
    assert np.array_equal(large.data[0].y, small.data[0].y)
    assert len(large.frames) == len(small.frames)
    assert (large.layout.height, small.layout.height) == (None, 560)
    # Slider and buttons stand in one row, below the axis' title.
    assert large.layout.sliders[0].pad.t == large.layout.updatemenus[0].pad.t
    assert small.layout.sliders[0].pad.t > small.layout.updatemenus[0].pad.t


def test_eigenvalues_stay_in_the_picture():
    figure = gradients.unit_circle({"a": np.array([3j, 1.0]), "b": np.array([0.5])}, LIGHT)
    assert figure.layout.yaxis.range[1] > 3
    assert figure.layout.yaxis.scaleanchor == "x"
    assert [trace.marker.symbol for trace in figure.data[1:]] == ["diamond", "circle-open"]


def test_updates_are_drawn_up_to_the_end_of_numbers():
    blown = descend(Experiment("relu", gain=2.5, steps=60), 0.01, 20)
    figure = gradients.over_updates(blown, LIGHT)
    assert figure.layout.shapes[0].x0 == blown.breakdown.update
    assert not gradients.over_updates(descend(Experiment(), 0.01, 3), LIGHT).layout.shapes


def test_both_runs_are_drawn_with_what_was_lost():
    exploding = Experiment("relu", gain=1.5, steps=40)
    before = descend(exploding, 0.01, 10)
    after = descend(exploding, 0.01, 10, Remedies(max_norm=1.0, window=8))
    figure = remedies.gradient_before_and_after(before, after, 8, LIGHT)
    assert figure.layout.shapes[0].x1 == 32.5
    assert np.isnan(np.asarray(figure.data[1].y)[:32]).all()
    assert not remedies.gradient_before_and_after(before, after, None, LIGHT).layout.shapes
    losses = remedies.loss_before_and_after(before, after, DARK)
    assert [mark.text for mark in losses.layout.annotations] == ["without remedies: NaN after 2"]


def test_a_walk_that_leaves_the_map_says_where_it_went():
    cliff = Cliff()
    plain = cliff.walk((5.5, -2.2), 2.0, 60)
    clipped = cliff.walk((5.5, -2.2), 2.0, 60, 0.5)
    figure = remedies.cliff_walks(cliff, plain, clipped, LIGHT)
    (said,) = figure.layout.annotations
    assert said.text.startswith("without clipping: to w = ")
    assert not remedies.cliff_walks(cliff, clipped, clipped, LIGHT).layout.annotations


def test_echoes_fill_the_chosen_delay():
    echo = remember(20, 0.9, 6, 1)
    figure = remedies.recall_over_delays(echo, 3, LIGHT)
    assert figure.data[0].marker.color[2] == LIGHT.second
    signal = remedies.echo_and_input(echo, 3, LIGHT)
    np.testing.assert_array_equal(signal.data[0].y, echo.wanted[: remedies.SHOWN, 2])


def test_a_race_is_drawn_beside_its_baseline():
    shown = recorded("adding")
    figure = race.losses(shown, 1 / 6, LIGHT)
    assert figure.data[-1].line.dash == "dash"
    assert set(figure.data[-1].y) == {1 / 6}
    assert len(race.gradient_norms(shown, DARK).data) == 3


def test_arrows_have_one_scale_on_both_axes():
    whole = np.array([3.0, 0.1])
    drawn = [
        remedies.Arrow("as it is", whole, "#000000", "dot"),
        remedies.Arrow("clipped by value", np.array([1.0, 0.1]), "#000000", "dash"),
        remedies.Arrow("nothing", np.zeros(2), "#000000", "dash"),
    ]
    figure = remedies.arrows(whole, drawn, LIGHT)
    assert figure.layout.yaxis.scaleanchor == "x"
    x, y = figure.data[1].x[1], figure.data[1].y[1]
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(3.8, abs=0.05)
    assert "3" in figure.data[0].name


@pytest.fixture
def way():
    inputs = parse_numbers("1 0.5 -1 2 0.3 -0.2 1 0 0.1 0.4 -1 1")[1]
    return to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)


def test_the_ledger_fills_forward_and_then_from_the_right(way):
    labels = ["<b>1</b>", *map(str, range(2, 13))]
    counts = []
    for stop in stops(way.steps):
        html = bptt.ledger(way, labels, stop, 0, LIGHT)
        table = ElementTree.fromstring(html.replace("<br>", "<br/>"))
        cells = [cell.text for cell in table.iter("td")]
        assert len(cells) == 16 * bptt.COLUMNS
        counts.append(sum(text != "·" for text in cells))
        assert "<b>" not in html
    assert counts[0] == 6
    assert max(counts) == 16 * bptt.COLUMNS
    assert f"{way.gradient.cell_state[0, 0]:.3g}".replace("-", "−") in html


def test_shares_add_up_from_the_last_step_on(way):
    bars = way.contributions("W_xf")[:, 0, 0]
    figure = bptt.shares(bars, list("abcdefghijkl"), 4, "w", LIGHT)
    waiting, reached, total = figure.data
    assert len(waiting.x) == 4
    assert list(reached.y) == pytest.approx(list(bars[4:]))
    assert total.y[0] == pytest.approx(bars[4:].sum())
    assert not len(bptt.shares(bars, list("abcdefghijkl"), 12, "w", LIGHT).data[2].x)


def test_two_paths_leave_out_what_a_log_axis_cannot_show(way):
    figure = bptt.two_paths(way, DARK)
    full, direct = figure.data
    assert full.y[-1] == pytest.approx(direct.y[-1])
    way.trace.forget_gate[5] = 0.0
    assert np.isnan(bptt.two_paths(way, DARK).data[1].y[:5]).all()

"""Pictures: contrast, escaping, and that they show the numbers that they were given."""

from xml.etree import ElementTree

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core import LSTMCell
from lstm_core.activations import ACTIVATIONS
from lstm_core.bptt import stops, to_a_target
from lstm_core.figures import activations, bptt, cell, gradients
from lstm_core.figures.style import DARK, LIGHT, MARKS, palette
from lstm_core.lessons.cell import PRESETS, STAGES, parse_numbers


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


@pytest.mark.parametrize("stage", range(len(STAGES)))
def test_the_drawing_is_well_formed_and_hides_what_is_still_to_come(trace, stage):
    html = cell.drawing(trace, 3, stage, 0, LIGHT)
    svg = ElementTree.fromstring(html).find("svg")
    texts = [node.text for node in svg.iter("text")]
    assert (f"f = {trace.forget_gate[3, 0]:.3f}" in texts) == (stage >= 1)
    assert (f"c = {trace.cell_state[3, 0]:.3f}" in texts) == (stage >= 4)
    assert (f"h = {trace.hidden_state[3, 0]:.3f}" in texts) == (stage >= 6)
    assert all(text in svg.get("aria-label") for text in texts if " = " in text)


def test_over_time_stops_at_the_step_and_takes_any_label(trace):
    labels = ["<b>x</b>", "b", "c", "d", "e", "f", "g"]
    figure = cell.over_time(trace, labels, 2, 0, DARK)
    assert all(len(line.x) == 3 for line in figure.data)
    np.testing.assert_array_equal(figure.data[4].y, trace.cell_state[:3, 0])
    assert figure.layout.xaxis2.ticktext[0].startswith("&lt;b&gt;")
    assert f"{trace.cell_state[2, 0]:.3f}" in cell.over_time_alt(trace, 2, 0)


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
    figure = gradients.flow_animation(norms, LIGHT)
    assert len(figure.frames) == len(norms)
    assert list(figure.frames[-1].data[0].x) == list(range(1, len(norms) + 1))
    assert figure.frames[-1].data[1].x[0] == 1
    assert all(np.isfinite(figure.layout.yaxis.range))
    play = figure.layout.updatemenus[0].buttons[0].args[1]
    assert play["frame"]["redraw"] is False
    assert isinstance(figure, go.Figure)


def test_arrows_have_one_scale_on_both_axes():
    whole = np.array([3.0, 0.1])
    drawn = [
        gradients.Arrow("as it is", whole, "#000000", "dot"),
        gradients.Arrow("clipped by value", np.array([1.0, 0.1]), "#000000", "dash"),
        gradients.Arrow("nothing", np.zeros(2), "#000000", "dash"),
    ]
    figure = gradients.arrows(whole, drawn, LIGHT)
    assert figure.layout.yaxis.scaleanchor == "x"
    x, y = figure.data[1].x[1], figure.data[1].y[1]
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(3.8, abs=0.05)
    assert "3" in figure.data[0].name


def test_a_wide_cell_draws_too():
    made = LSTMCell.initialise(3, 8, 0)
    run = made.run(np.full((60, 3), 1e6))
    assert "nan" not in cell.drawing(run, 59, 6, 7, DARK)


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

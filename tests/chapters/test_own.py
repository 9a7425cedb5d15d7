"""What the page on one's own network draws, says and asks, against other computations."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core import own
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.messages import later
from lstm_core.own import examples
from lstm_core.own.ways_back import way_of, windowed
from pages._book.player import player_data
from pages._book.style import DARK, LIGHT
from pages.own import exercises, figures, lesson
from tests.chapters.samples.own import COUNTS, GRU, LARGE, TWO, UNITS, of_example, without_the_best

INPUTS = np.random.default_rng(2).normal(size=(7, 3))
CELLS = [
    LSTMCell.initialise(3, 4, 1),
    GRUCell.initialise(3, 4, 1),
    ResetFirstGRUCell.initialise(3, 4, 1),
    RNNCell.initialise(3, 4, 1),
    RNNCell(*RNNCell.initialise(3, 4, 1).parameters.values(), "relu"),
]


def valid(figure):
    """Let Plotly check all of a figure."""
    return go.Figure(figure.data, figure.layout, figure.frames)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: type(cell).__name__)
def test_a_window_of_a_trace_is_the_run_from_the_state_before_it(cell):
    trace = cell.run(INPUTS)
    part = windowed(trace, 3, 6)
    if isinstance(cell, LSTMCell):
        again = cell.run(INPUTS[3:6], (trace.hidden_state[2], trace.cell_state[2]))
    else:
        again = cell.run(INPUTS[3:6], trace.hidden_state[2])
    for name, values in again.quantities().items():
        np.testing.assert_allclose(part.quantities()[name], values, rtol=1e-12)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: type(cell).__name__)
def test_the_player_gets_every_kind_of_cell(cell):
    trace = cell.run(INPUTS)
    data = player_data(lesson.walk_of(cell), cell, trace, list("abcdefg"), [0, 1, 2, 3], 2, LIGHT)
    np.testing.assert_allclose(data["values"]["h"], trace.hidden_state, rtol=1e-4)
    parts = lesson.kept_and_written(trace, 2)
    assert (parts is None) == isinstance(cell, RNNCell)
    if parts is not None:
        kept, written, state = parts
        np.testing.assert_allclose(kept + written, state, rtol=1e-12)


def test_the_way_back_through_a_cell_agrees_with_differences_of_the_answer():
    seen = of_example(TWO, layer=0, direction="backward")
    network = seen.network.in_precision(np.float64)
    run = network.run(seen.run.inputs)
    way = way_of(network, run, 0, "backward", 0)
    cell = network.recurrent[0].cells["backward"]
    # From the third unit into the sixth one's input gate, which is the first of the four.
    place, step = (2, 5), 1e-6

    def answer(by):
        kernel = cell.recurrent_kernel.copy()
        kernel[place] += by
        moved = cell.with_parameters({**cell.parameters, "recurrent_kernel": kernel})
        return lesson.with_cell(network, 0, "backward", moved).run(run.inputs).output[0]

    slope = (answer(step) - answer(-step)) / (2 * step)
    made = way.bptt(0, seen.steps)
    assert made.contributions("R_i")[:, 2, 5].sum() == pytest.approx(slope, rel=1e-5)
    np.testing.assert_allclose(
        made.direct + made.through_time, made.gradient.hidden_state, rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(made.share("R_f", 2, 3), made.contributions("R_f")[:, 2, 3])


@pytest.mark.parametrize("name", [COUNTS, GRU, TWO, UNITS])
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_figure_is_one_that_plotly_draws(name, colours):
    seen = of_example(name)
    found = {one.name: one for one in own.first_look(seen.network, seen.run)}
    lives, kept = lesson.half_lives_of(found["forgetting"])
    valid(figures.half_lives(lives, kept, seen.steps, "f", colours))
    shares = lesson.saturated_of(seen, found["saturated"])
    assert len(valid(figures.saturated(shares, seen.order, colours)).data[0].y) == len(shares)
    valid(figures.gradient(lesson.norms_of(found["gradient"]), seen.kind, colours))
    valid(figures.importance(seen.shares, seen.order, colours))
    hidden = lesson.quantity(seen.trace, "hidden_state")
    drawn = valid(
        figures.over_time(hidden, seen.order, seen.labels, "h", colours, "hidden_state", True)
    )
    np.testing.assert_allclose(drawn.data[0].z[0], hidden[:, seen.order[0]], rtol=1e-5)
    mine, theirs, _ = lesson.demonstrated(seen)
    runs, over_time = lesson.shown_answers(mine, theirs, seen.output)
    if over_time:
        valid(figures.lines(runs, lesson.numbered(len(mine)), "answer", colours, 1))
    else:
        valid(figures.answers(runs, colours))
    for library in lesson.LIBRARIES:
        card = figures.order_card(lesson.orders_of(seen, library), lesson.gate_titles(), colours)
        ElementTree.fromstring(card)


def test_of_a_thousand_units_those_that_matter_most_are_shown_and_it_is_said():
    seen = of_example(LARGE)
    figure = figures.over_time(
        seen.trace.forget_gate, seen.order, seen.labels, "f", LIGHT, "forget", False
    )
    assert len(valid(figure).data[0].z) == figures.ROWS
    assert "64 of 1,024 units" in lesson.map_sentence(seen, "forget_gate", figures.ROWS)
    assert seen.units_shown == [int(unit) for unit in seen.order[:8]]
    last = int(seen.order[-1])
    assert replace(seen, chosen=last).units_shown[-1] == last
    assert "too large" in lesson.too_large(seen)
    assert seen.way.eigenvalues(0) is None


def test_a_carried_file_shows_its_gates_in_the_order_of_its_library():
    card = figures.order_card(
        lesson.orders_of(of_example(UNITS), "onnx"), lesson.gate_titles(), LIGHT
    )
    texts = [text.text for text in ElementTree.fromstring(card).iter() if text.tag.endswith("text")]
    letters = [text for text in texts if text in {"i", "f", "c", "o"}]
    assert letters == list("ifco") + list("iofc")


def test_switched_off_units_are_silent_and_the_quest_measures_what_they_did():
    seen = without_the_best(UNITS, 2)
    cell, trace = seen.silent.trace(0)
    assert cell.units == 64
    assert not trace.hidden_state[:, list(seen.off)].any()
    before, after = lesson.last_answer(seen.run), lesson.last_answer(seen.silent)
    assert exercises.moved(seen) == pytest.approx(abs((after - before) / before).max())
    assert len(seen.others) == lesson.DRAWS


def test_the_half_life_is_when_half_is_left():
    for gate in (0.3, 0.9, 0.999):
        assert gate ** lesson.half_life(gate) == pytest.approx(0.5)
    assert lesson.half_life(1.0) == np.inf


def test_a_name_of_a_file_is_no_markup_and_a_line_of_code_is_one():
    message = later("{name} was left out: {line}", name="![x](http://x)", line="save_file(a_b)")
    assert lesson.told(message) == r"\!\[x\]\(http\:\/\/x\) was left out: `save_file(a_b)`".replace(
        r"\/\/", "//"
    )


def test_the_questions_are_about_the_layer_that_is_looked_at():
    order, *_, which, biases = exercises.quiz(of_example(GRU))
    assert order.choices[order.right[0]] == "z r h"
    assert "Keras" in order.text
    seen = of_example(GRU)
    asked = [int(choice.split()[-1]) - 1 for choice in which.choices]
    assert asked[which.right[0]] == max(asked, key=lambda unit: seen.shares[unit])
    assert biases.choices[biases.right[0]] == str(2 * 3 * 8)


def test_the_examples_are_files_of_their_libraries():
    for key, file in examples.EXAMPLES.items():
        network = own.open_network(examples.example(key), file)
        assert network.library.split()[0] in {"Keras", "PyTorch"}
        assert not network.asked

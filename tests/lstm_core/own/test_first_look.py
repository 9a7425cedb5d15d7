"""The five sentences of a first look: each number against what is known of a made network."""

import numpy as np
import pytest

from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.own import Network, Recurrent, first_look, importance
from lstm_core.own.first_look import LONGEST, growth, half_life
from tests.lstm_core.own.made import CELLS, make_network, sequence


def network_of(cell):
    layer = Recurrent(name="l", cell=cell)
    return Network(name="n", format="npz", library="", layers=(layer,), parts=(("l",),))


def by_name(network, x, **which):
    found = first_look(network, network.run(x), **which)
    assert [finding.name for finding in found] == [
        "forgetting",
        "saturated",
        "gradient",
        "eigenvalue",
        "units",
    ]
    return {finding.name: finding for finding in found}


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_five_things_are_said_of_every_cell(kind, direction):
    found = by_name(make_network(kind, 2, 2), sequence(), layer=1, direction=direction)
    for finding in found.values():
        assert finding.layer == "layer_1"
        assert "{" not in finding.sentence
        assert all(np.isfinite(value) for value in finding.numbers.values())


def held(forget):
    """An LSTM whose forget gate is always this, and whose input gate is half open."""
    cell = LSTMCell(np.ones((1, 8)), np.zeros((2, 8)), np.zeros(8))
    return cell.clamped({"forget": forget[0]}, [0]).clamped({"forget": forget[1]}, [1])


def test_half_lives_are_those_of_the_forget_gates():
    found = by_name(network_of(held([0.5, 0.9])), np.ones((5, 1)))["forgetting"]
    np.testing.assert_allclose(found.arrays["kept"], [0.5, 0.9])
    np.testing.assert_allclose(found.arrays["half_life"], [1.0, np.log(0.5) / np.log(0.9)])
    assert found.numbers["unit"] == 2
    assert "0.70 on average" in found.sentence
    assert half_life(np.array([1.0, 0.0])).tolist() == [LONGEST, 0.0]


def test_dead_and_saturated_units_are_counted():
    cell = LSTMCell.initialise(1, 3, 0)
    silent = cell.clamped({"output": 0.0}, [0])
    wide = silent.with_parameters(silent.parameters)
    wide.bias[cell.columns("input").start + 2] = 50.0
    x = np.sin(np.arange(20.0))[:, np.newaxis]
    found = by_name(network_of(wide), x)["saturated"]
    assert (found.numbers["dead"], found.numbers["saturated"]) == (1, 1)
    assert found.arrays["dead"].tolist() == [True, False, False]
    assert found.arrays["stuck"].tolist() == [False, False, True]
    assert found.arrays["shares"].shape == (4, 3)


def linear(size):
    """A plain cell that multiplies its state by a number at each step."""
    return RNNCell(np.ones((1, 2)), size * np.eye(2), np.zeros(2), "linear")


@pytest.mark.parametrize(
    ("size", "word"), [(1.0, "survives"), (0.7, "fades"), (0.3, "vanishes"), (2.0, "explodes")]
)
def test_what_is_left_of_the_gradient(size, word):
    found = by_name(network_of(linear(size)), np.ones((21, 1)))
    gradient = found["gradient"]
    assert gradient.numbers["ratio"] == pytest.approx(size**20)
    assert word in gradient.sentence
    if size < 1:
        assert gradient.numbers["reach"] == int(np.ceil(np.log(0.01) / np.log(size)))
    assert found["eigenvalue"].numbers["largest"] == pytest.approx(size)
    assert gradient.arrays["norms"].shape == (21,)


def test_an_overflow_is_called_one():
    found = by_name(network_of(linear(1e200)), np.full((4, 1), 1e-300))
    assert "overflows" in found["gradient"].sentence


def test_a_gradient_of_nothing_is_said_to_be_nothing():
    # tanh of 60 is 1 to the last bit, and its slope is 0.
    counts = LSTMCell(np.zeros((1, 8)), np.zeros((2, 8)), np.full(8, 60.0))
    found = by_name(network_of(counts), np.ones((40, 1)))
    assert "0 at the last step already" in found["gradient"].sentence


def test_the_growth_of_powers_is_the_largest_eigenvalue():
    matrix = np.random.default_rng(0).normal(size=(60, 60))
    assert growth(matrix) == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=0.02)
    assert growth(np.zeros((3, 3))) == 0.0


def test_the_units_that_count_are_those_that_the_answer_hangs_on():
    network = make_network("LSTM", 1, 1, activation="linear")
    kernel = network.layers[-1].kernel
    kernel[:] = 0.0
    kernel[2, 1] = 5.0
    x = sequence()
    run = network.run(x)
    counts = importance(network, run, output=1)
    assert counts.order[0] == 2
    step = 1e-6
    _, trace = run.trace(0)
    # Only the last hidden state acts on the answer directly; unit 2's gradient there is its weight.
    assert counts.values[2] >= abs(trace.hidden_state[-1, 2] * 5.0) - step
    nothing = importance(network, run, output=0)
    assert not nothing.values.any()
    assert "entry 2" in counts.rule


def test_of_several_sequences_the_first_is_looked_at():
    network = make_network()
    x = np.stack([sequence(), 3 * sequence()])
    both = first_look(network, network.run(x))
    alone = first_look(network, network.run(x[0]))
    assert [str(f.sentence) for f in both] == [str(f.sentence) for f in alone]

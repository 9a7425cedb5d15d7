"""Networks run step by step and gone back through: against the cells, and finite differences."""

import numpy as np
import pytest

from lstm_core.cells.arithmetic import arithmetic
from lstm_core.gradients.jacobians import step_jacobian
from lstm_core.own import (
    Activation,
    Dense,
    Embedding,
    Flatten,
    Masking,
    Network,
    OwnError,
    Pool,
    Recurrent,
    Repeat,
    Scale,
    switched_off,
)
from lstm_core.own.layers import SQUASHES
from tests.lstm_core.own.made import CELLS, make_cell, make_network, sequence


def network_of(*layers):
    return Network(name="n", format="npz", library="", layers=layers, parts=((),))


def numeric(function, x, step=1e-6):
    """dL/dx by central differences."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (function(up) - function(down)) / (2 * step)
    return gradient


def check_way_back(network, x):
    rng = np.random.default_rng(2)
    run = network.run(x)
    weights = rng.normal(size=run.output.shape)
    back = network.backward(run, weights)
    expected = numeric(lambda y: float((network.run(y).output * weights).sum()), x)
    np.testing.assert_allclose(back[0].inputs, expected, atol=1e-7)
    return back


@pytest.mark.parametrize("merge", ["concat", "sum", "ave", "mul"])
@pytest.mark.parametrize("sequences", [True, False])
def test_the_way_back_through_both_directions(merge, sequences):
    network = make_network("LSTM", 2, 2, merge=merge, sequences=sequences)
    back = check_way_back(network, sequence(4))
    assert back[0].trace.forward.kernel.shape == network.recurrent[0].cell.kernel.shape


@pytest.mark.parametrize("kind", CELLS)
def test_the_way_back_through_every_cell(kind):
    check_way_back(make_network(kind, 1, 2, from_the_end=True), sequence(4))


@pytest.mark.parametrize("activation", SQUASHES)
def test_the_way_back_through_every_activation(activation):
    check_way_back(make_network(activation=activation, sequences=True), sequence(4))


@pytest.mark.parametrize("pool", ["last", "mean", "max"])
def test_the_way_back_through_layers_without_weights(pool):
    cell = make_cell("GRU", 3, 4)
    rng = np.random.default_rng(0)
    check_way_back(
        network_of(
            Masking(name="m", value=99.0),
            Recurrent(name="a", cell=cell),
            Scale(name="s", factor=rng.normal(size=4), shift=rng.normal(size=4)),
            Pool(name="p", how=pool),
            Repeat(name="r", times=3),
            Recurrent(name="b", cell=make_cell("RNN", 4, 2)),
            Flatten(name="f"),
            Dense(name="d", kernel=rng.normal(size=(6, 2)), bias=np.zeros(2)),
            Activation(name="t", activation="tanh"),
        ),
        sequence(4),
    )


def test_the_cell_that_resets_first_steps_as_it_runs():
    cell = make_cell("GRU reset first", 3, 4)
    x = sequence(5)
    trace, h = cell.run(x), None
    for t, vector in enumerate(x):
        h = cell.step(vector, h)
        np.testing.assert_allclose(trace.hidden_state[t], h, atol=1e-14)
    batch = cell.run(np.stack([x, x]), lengths=np.array([5, 3]))
    np.testing.assert_allclose(batch.hidden_state[1, 3:], trace.hidden_state[[2, 2]], atol=1e-14)


def test_the_gradients_of_the_cell_that_resets_first():
    cell = make_cell("GRU reset first", 3, 4)
    x = sequence(4)
    trace = cell.run(x)
    weights = np.random.default_rng(1).normal(size=trace.hidden_state.shape)
    gradient = cell.backward(trace, weights)

    def loss(name, values):
        changed = cell.with_parameters({**cell.parameters, name: values})
        return float((changed.run(x).hidden_state * weights).sum())

    for name, values in cell.parameters.items():
        expected = numeric(lambda moved, name=name: loss(name, moved), values)
        np.testing.assert_allclose(gradient.parameters[name], expected, atol=1e-7, err_msg=name)


def test_the_jacobian_of_the_cell_that_resets_first():
    cell = make_cell("GRU reset first", 3, 4)
    x = sequence(3)
    trace = cell.run(x)
    before = trace.hidden_state[1]
    expected = np.stack(
        [numeric(lambda h, u=u: float(cell.step(x[2], h)[u]), before) for u in range(4)]
    )
    np.testing.assert_allclose(step_jacobian(cell, trace, 2), expected, atol=1e-8)


@pytest.mark.parametrize("gate", ["update", "reset", "candidate"])
def test_the_arithmetic_of_the_cell_that_resets_first_adds_up(gate):
    cell = make_cell("GRU reset first", 3, 4)
    trace = cell.run(sequence(5))
    column = cell.columns(gate).start + 2
    np.testing.assert_allclose(
        arithmetic(cell, trace, gate, 2).total, trace.pre_activation[:, column], atol=1e-14
    )


@pytest.mark.parametrize("directions", [1, 2])
def test_masked_steps_change_nothing(directions):
    rng = np.random.default_rng(4)
    table = rng.normal(size=(9, 3))
    cells = [make_cell("LSTM", 3, 4, seed) for seed in range(directions)]
    layer = Recurrent(
        name="l",
        cell=cells[0],
        backward_cell=cells[1] if directions == 2 else None,
        sequences=False,
    )
    network = network_of(Embedding(name="e", table=table, mask_zero=True), layer)
    plain = network.run([5, 3, 8])
    for padded in ([0, 0, 5, 3, 8], [5, 3, 8, 0], [5, 0, 3, 8]):
        run = network.run(padded)
        np.testing.assert_array_equal(run.output, plain.output)
        assert run.kept.tolist() == np.flatnonzero(padded).tolist()
    with pytest.raises(OwnError, match="Every step is masked"):
        network.run([0, 0])
    with pytest.raises(OwnError, match="one of them at a time"):
        network.run([[0, 1], [1, 0]])


def test_masked_numbers_are_left_out_as_keras_does():
    cell = make_cell("GRU", 3, 4)
    network = network_of(Masking(name="m", value=-1.0), Recurrent(name="l", cell=cell))
    x = sequence(5)
    x[2] = -1.0
    run = network.run(x)
    np.testing.assert_array_equal(run.kept, [0, 1, 3, 4])
    expected = cell.run(x[run.kept]).hidden_state
    np.testing.assert_array_equal(run.output, expected)


def test_the_answer_by_step_is_that_of_shorter_sequences():
    network = make_network("LSTM", 1, 2)
    x = sequence(5)
    by_step = network.run(x).by_step
    for steps in range(1, 6):
        np.testing.assert_allclose(by_step[steps - 1], network.run(x[:steps]).output, atol=1e-12)
    assert make_network("LSTM", 2).run(x).by_step is None
    assert make_network("LSTM", from_the_end=True).run(x).by_step is None


def test_several_sequences_at_once():
    network = make_network("GRU", 2, 2)
    x = np.stack([sequence(5), 2 * sequence(5)])
    together = network.run(x)
    for row in range(2):
        np.testing.assert_allclose(together.output[row], network.run(x[row]).output, atol=1e-12)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (np.zeros((4, 2)), r"shape \(4, 2\); the network reads 3 features"),
        (np.zeros((0, 3)), "no step"),
        ([[1.0, np.nan, 0.0]], "At step 1 an input is missing"),
        ([["a", "b", "c"]], "table of numbers"),
        (np.zeros((30_000, 3)), "30,000 steps"),
    ],
)
def test_inputs_that_do_not_fit(inputs, message):
    with pytest.raises(OwnError, match=message):
        make_network().run(inputs)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([1, 7], "Token 7 is not in the embedding, which has 7 rows: 0 to 6"),
        ([-1], "Token -1"),
        ([0.5], "whole numbers"),
        (["word"], "whole numbers"),
        ([], "no step"),
    ],
)
def test_tokens_that_do_not_fit(inputs, message):
    with pytest.raises(OwnError, match=message):
        make_network(tokens=True).run(inputs)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_units_that_are_switched_off_show_nothing(kind, direction):
    network = make_network(kind, 2, 2)
    run = switched_off(network, [1, 3], 1, direction).run(sequence())
    for way in ("forward", "backward"):
        _, trace = run.trace(1, way)
        silent = [1, 3] if way == direction else []
        assert not trace.hidden_state[:, silent].any()
        others = [unit for unit in range(4) if unit not in silent]
        assert trace.hidden_state[:, others].any(axis=0).all()
    before = network.run(sequence()).trace(0)[1].hidden_state
    np.testing.assert_array_equal(run.trace(0)[1].hidden_state, before)


def test_units_of_a_sigmoid_cell_are_switched_off():
    network = make_network("RNN", recurrent_activation="sigmoid")
    run = switched_off(network, [0]).run(sequence())
    assert not run.trace(0)[1].hidden_state[:, 0].any()

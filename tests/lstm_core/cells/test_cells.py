"""Cells against Keras, against finite differences, and against what must always hold."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core import Bidirectional, GRUCell, LSTMCell, LSTMState, RNNCell, Stacked
from lstm_core.gradients.finite_differences import numerical_gradient

CELLS = {"rnn": RNNCell, "lstm": LSTMCell, "gru": GRUCell}
SHAPES = [(1, 1, 1, 1), (3, 7, 4, 5), (2, 20, 3, 8), (5, 2, 9, 2)]


def random_cell(kind, features, units, seed, dtype=np.float64):
    """Make a cell whose biases are not zero either."""
    cell = CELLS[kind].initialise(features, units, seed, dtype)
    cell.bias[...] += np.random.default_rng(seed).normal(0, 0.5, cell.bias.shape)
    return cell


def keras_layer(kind, cell):
    """Build the Keras layer with the weights of a cell."""
    from keras import layers

    kinds = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
    layer = kinds[kind](cell.units, return_sequences=True)
    layer.build((None, None, cell.features))
    layer.set_weights([cell.kernel, cell.recurrent_kernel, cell.bias])
    return layer


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize(("batch", "time", "features", "units"), SHAPES)
def test_forward_and_every_gradient_agree_with_keras(kind, batch, time, features, units):
    import tensorflow as tf

    rng = np.random.default_rng(batch + 10 * time)
    cell = random_cell(kind, features, units, seed=units, dtype=np.float32)
    inputs = rng.normal(size=(batch, time, features)).astype(np.float32)
    direct = rng.normal(size=(batch, time, units)).astype(np.float32)
    layer = keras_layer(kind, cell)
    x = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(x)
        hidden = layer(x)
        loss = tf.reduce_sum(hidden * direct)
    expected = tape.gradient(loss, [*layer.trainable_variables, x])

    trace = cell.run(inputs)
    gradient = cell.backward(trace, direct)

    assert trace.hidden_state.dtype == np.float32
    np.testing.assert_allclose(trace.hidden_state, hidden, atol=1e-5)
    actual = [gradient.kernel, gradient.recurrent_kernel, gradient.bias, gradient.inputs]
    for ours, theirs in zip(actual, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("batch", [None, 3])
def test_every_gradient_agrees_with_finite_differences(kind, batch):
    rng = np.random.default_rng(5)
    cell = random_cell(kind, features=3, units=4, seed=6)
    inputs = rng.normal(size=(6, 3) if batch is None else (batch, 6, 3))
    states = (4,) if batch is None else (batch, 4)
    hidden = rng.normal(size=states)
    memory = rng.normal(size=states)
    initial = LSTMState(hidden, memory) if kind == "lstm" else hidden
    direct = rng.normal(size=(*inputs.shape[:-1], 4))

    def loss():
        return float((cell.run(inputs, initial).hidden_state * direct).sum())

    gradient = cell.backward(cell.run(inputs, initial), direct)

    for name, parameter in cell.parameters.items():
        estimate = numerical_gradient(loss, parameter)
        np.testing.assert_allclose(gradient.parameters[name], estimate, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(gradient.inputs, numerical_gradient(loss, inputs), atol=1e-6)
    np.testing.assert_allclose(
        gradient.initial_hidden_state, numerical_gradient(loss, hidden), atol=1e-6
    )
    if kind == "lstm":
        np.testing.assert_allclose(
            gradient.initial_cell_state, numerical_gradient(loss, memory), atol=1e-6
        )


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "linear"])
def test_rnn_gradient_for_every_activation(activation):
    rng = np.random.default_rng(0)
    cell = RNNCell(rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), np.ones(3), activation)
    inputs = rng.normal(size=(5, 2))
    direct = rng.normal(size=(5, 3))

    def loss():
        return float((cell.run(inputs).hidden_state * direct).sum())

    gradient = cell.backward(cell.run(inputs), direct)
    estimate = numerical_gradient(loss, cell.recurrent_kernel)
    np.testing.assert_allclose(gradient.recurrent_kernel, estimate, rtol=1e-5, atol=1e-6)


def test_each_delta_of_the_lstm_is_the_gradient_of_its_quantity():
    """Move one gate at one step by hand and watch the loss."""
    rng = np.random.default_rng(2)
    cell = random_cell("lstm", 2, 3, seed=3)
    inputs = rng.normal(size=(4, 2))
    direct = rng.normal(size=(4, 3))
    trace = cell.run(inputs)
    gradient = cell.backward(trace, direct)

    def loss_with(moved, step, unit, change):
        state = LSTMState(np.zeros(3), np.zeros(3))
        total = 0.0
        for t, x in enumerate(inputs):
            one = cell.run(x[np.newaxis], state)
            gates = {
                name: getattr(one, name)[0].copy()
                for name in ("input_gate", "forget_gate", "candidate", "output_gate")
            }
            memory = None
            if t == step and moved in gates:
                gates[moved][unit] += change
            memory = (
                gates["forget_gate"] * state.cell_state + gates["input_gate"] * gates["candidate"]
            )
            if t == step and moved == "cell_state":
                memory[unit] += change
            hidden = gates["output_gate"] * np.tanh(memory)
            if t == step and moved == "hidden_state":
                hidden[unit] += change
            state = LSTMState(hidden, memory)
            total += float(hidden @ direct[t])
        return total

    names = ["input_gate", "forget_gate", "candidate", "output_gate", "cell_state", "hidden_state"]
    for name in names:
        for step in range(4):
            estimate = (loss_with(name, step, 1, 1e-6) - loss_with(name, step, 1, -1e-6)) / 2e-6
            assert getattr(gradient, name)[step, 1] == pytest.approx(estimate, abs=1e-7), name


@given(
    kind=st.sampled_from(list(CELLS)),
    dtype=st.sampled_from([np.float32, np.float64]),
    batch=st.integers(0, 4),
    time=st.integers(1, 6),
    features=st.integers(1, 5),
    units=st.integers(1, 6),
    from_zero=st.booleans(),
    seed=st.integers(0, 2**16),
)
@settings(deadline=None, max_examples=150)
def test_running_is_stepping(kind, dtype, batch, time, features, units, from_zero, seed):
    rng = np.random.default_rng(seed)
    cell = random_cell(kind, features, units, seed, dtype)
    rows = (batch,) if batch else ()
    inputs = rng.normal(0, 2, size=(*rows, time, features)).astype(dtype)
    state = None if from_zero else start_of(kind, (*rows, units), rng)
    trace = cell.run(inputs, state)
    for t in range(time):
        state = cell.step(inputs[..., t, :], state)
        parts = state if kind == "lstm" else (state,)
        names = ("hidden_state", "cell_state")[: len(parts)]
        for name, part in zip(names, parts, strict=True):
            assert part.dtype == dtype
            assert part.shape == (*rows, units)
            close = {"rtol": 1e-4, "atol": 1e-5} if dtype == np.float32 else {"atol": 1e-12}
            np.testing.assert_allclose(part, getattr(trace, name)[..., t, :], **close)


def start_of(kind, shape, rng):
    """Draw a state to start from; the cell takes it in its own precision."""
    hidden, memory = rng.uniform(-1, 1, shape), rng.normal(size=shape)
    return LSTMState(hidden, memory) if kind == "lstm" else hidden


@pytest.mark.parametrize("activation", ["relu", "linear", "sigmoid"])
def test_an_rnn_steps_with_its_own_activation(activation):
    rng = np.random.default_rng(0)
    cell = RNNCell(rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), np.ones(3), activation)
    inputs, state = rng.normal(size=(4, 2)), None
    for x, hidden in zip(inputs, cell.run(inputs).hidden_state, strict=True):
        state = cell.step(x, state)
        np.testing.assert_allclose(state, hidden, atol=1e-12)


@pytest.mark.parametrize("kind", CELLS)
def test_a_step_refuses_wrong_shapes_and_leaves_its_state_alone(kind):
    cell = random_cell(kind, 3, 4, seed=2)
    for x in (np.zeros(2), np.zeros((5, 2)), np.zeros((1, 5, 3)), 0.0):
        with pytest.raises(ValueError, match=r"expected \(3,\) or \(batch, 3\)"):
            cell.step(x)
    state = start_of(kind, (5, 4), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"hidden state has shape \(5, 4\), expected \(4,\)"):
        cell.step(np.zeros(3), state)
    before = np.array(state)
    cell.step(np.zeros((5, 3)), state)
    np.testing.assert_array_equal(np.array(state), before)
    if kind == "lstm":
        with pytest.raises(ValueError, match=r"cell state has shape \(3,\), expected \(4,\)"):
            cell.step(np.zeros(3), (np.zeros(4), np.zeros(3)))


@given(
    kind=st.sampled_from(list(CELLS)),
    cut=st.integers(1, 8),
    seed=st.integers(0, 2**16),
    scale=st.floats(0.0, 100.0),
)
@settings(deadline=None, max_examples=60)
def test_states_stay_in_range_and_a_run_can_be_cut_anywhere(kind, cut, seed, scale):
    rng = np.random.default_rng(seed)
    cell = random_cell(kind, 2, 3, seed)
    inputs = rng.normal(0, scale, size=(9, 2))
    whole = cell.run(inputs)
    assert (np.abs(whole.hidden_state) <= 1).all()
    start = cell.run(inputs[:cut])
    state = start.final_state if kind == "lstm" else start.hidden_state[-1]
    rest = cell.run(inputs[cut:], state)
    np.testing.assert_allclose(rest.hidden_state, whole.hidden_state[cut:], atol=1e-12)


@given(seed=st.integers(0, 2**16), time=st.integers(1, 12))
@settings(deadline=None, max_examples=40)
def test_the_cell_state_is_what_was_kept_plus_what_was_written(seed, time):
    cell = random_cell("lstm", 2, 3, seed)
    trace = cell.run(np.random.default_rng(seed).normal(size=(time, 2)))
    np.testing.assert_allclose(trace.cell_state, trace.kept + trace.written, atol=1e-15)
    for gate in (trace.input_gate, trace.forget_gate, trace.output_gate):
        assert ((gate > 0) & (gate < 1)).all()


@pytest.mark.parametrize("kind", CELLS)
def test_a_batch_is_its_rows_and_lengths_hold_the_state(kind):
    cell = random_cell(kind, 3, 4, seed=2)
    lengths = np.array([4, 7, 1])
    inputs = np.random.default_rng(3).normal(size=(3, 7, 3))
    trace = cell.run(inputs, lengths=lengths)
    for row, length in enumerate(lengths):
        alone = cell.run(inputs[row, :length]).hidden_state
        np.testing.assert_allclose(trace.hidden_state[row, :length], alone, atol=1e-14)
        assert (np.ptp(trace.hidden_state[row, length - 1 :], axis=0) == 0).all()


def test_saturation_warns_of_nothing_and_the_cell_state_may_leave_the_unit_interval():
    cell = LSTMCell(np.full((1, 4), 1e3), np.full((1, 4), 1e3), np.zeros(4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trace = cell.run(np.full((20, 1), 1e3))
        cell.backward(trace, np.ones((20, 1)))
        cell.run(np.full((20, 1), -1e3))
    assert trace.cell_state[-1, 0] == pytest.approx(20.0)
    assert trace.hidden_state[-1, 0] == pytest.approx(1.0)


@pytest.mark.parametrize("kind", CELLS)
def test_wrong_shapes_are_refused_with_both_shapes(kind):
    cell = random_cell(kind, 3, 4, seed=2)
    with pytest.raises(ValueError, match=r"\(5, 2\).*\(time, 3\)"):
        cell.run(np.zeros((5, 2)))
    with pytest.raises(ValueError, match=r"\(3,\).*\(time, 3\)"):
        cell.run(np.zeros(3))
    wrong = (np.zeros(5), np.zeros(5)) if kind == "lstm" else np.zeros(5)
    with pytest.raises(ValueError, match=r"\(5,\), expected \(4,\)"):
        cell.run(np.zeros((5, 3)), wrong)
    with pytest.raises(ValueError, match=r"\(5, 3\), expected \(5, 4\)"):
        cell.backward(cell.run(np.zeros((5, 3))), np.zeros((5, 3)))
    with pytest.raises(ValueError, match=r"\(0, 3\), expected at least one"):
        cell.run(np.zeros((0, 3)))
    with pytest.raises(ValueError, match="from 0 to 5"):
        cell.run(np.zeros((1, 5, 3)), lengths=np.array([9]))
    with pytest.raises(ValueError, match="equal length"):
        cell.backward(cell.run(np.zeros((1, 5, 3)), lengths=[2]), np.zeros((1, 5, 4)))
    with pytest.raises(ValueError, match="batch axis"):
        cell.run(np.zeros((5, 3)), lengths=np.array([5]))
    columns = cell.kernel.shape[1]
    with pytest.raises(ValueError, match=rf"\(4, {columns + 1}\), expected \(4, {columns}\)"):
        type(cell)(cell.kernel, np.zeros((4, columns + 1)), cell.bias)
    with pytest.raises(ValueError, match=rf"\(3, 5\), expected \(features, {columns}\)"):
        type(cell)(np.zeros((3, 5)), cell.recurrent_kernel, cell.bias)
    with pytest.raises(ValueError, match="bias has shape"):
        type(cell)(cell.kernel, cell.recurrent_kernel, np.zeros(3))


def test_traces_of_another_kind_are_refused():
    lstm, gru = random_cell("lstm", 2, 3, 0), random_cell("gru", 2, 3, 0)
    inputs = np.zeros((2, 2))
    with pytest.raises(TypeError, match="LSTMTrace"):
        lstm.backward(gru.run(inputs), np.zeros((2, 3)))
    with pytest.raises(TypeError, match="GRUTrace"):
        gru.backward(lstm.run(inputs), np.zeros((2, 3)))


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match=r"'swish'.*tanh, sigmoid"):
        RNNCell(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), "swish")


def stack(dtype=np.float64):
    """Two bidirectional LSTM layers, the lecture's network without its ends."""
    return Stacked(
        [
            Bidirectional(LSTMCell.initialise(5, 3, 1, dtype), LSTMCell.initialise(5, 3, 2, dtype)),
            Bidirectional(LSTMCell.initialise(6, 4, 3, dtype), LSTMCell.initialise(6, 4, 4, dtype)),
        ]
    )


def test_a_stack_of_bidirectional_layers_agrees_with_keras():
    import tensorflow as tf
    from keras import layers

    network = stack(np.float32)
    inputs = np.random.default_rng(0).normal(size=(2, 9, 5)).astype(np.float32)
    direct = np.random.default_rng(1).normal(size=(2, 9, 8)).astype(np.float32)
    keras_layers = []
    for layer in network.layers:
        units = layer.forward_cell.units
        twin = layers.Bidirectional(layers.LSTM(units, return_sequences=True))
        twin.build((None, None, layer.features))
        cells = (layer.forward_cell, layer.backward_cell)
        twin.set_weights([array for cell in cells for array in cell.parameters.values()])
        keras_layers.append(twin)
    x = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(x)
        hidden = keras_layers[1](keras_layers[0](x))
        loss = tf.reduce_sum(hidden * direct)
    variables = keras_layers[0].trainable_variables
    *expected, expected_inputs = tape.gradient(loss, [*variables, x])

    trace = network.run(inputs)
    gradient = network.backward(trace, direct)

    np.testing.assert_allclose(trace.hidden_state, hidden, atol=1e-5)
    np.testing.assert_allclose(gradient.inputs, expected_inputs, atol=1e-5)
    first = gradient.layers[0]
    ours = [*first.forward.parameters.values(), *first.backward.parameters.values()]
    for actual, theirs in zip(ours, expected, strict=True):
        np.testing.assert_allclose(actual, theirs, rtol=1e-4, atol=1e-5)


def test_a_padded_batch_reads_each_row_as_if_alone():
    network = stack()
    lengths = np.array([3, 6])
    inputs = np.random.default_rng(0).normal(size=(2, 6, 5))
    together = network.run(inputs, lengths=lengths).hidden_state
    alone = network.run(inputs[0, :3]).hidden_state
    np.testing.assert_allclose(together[0, :3], alone, atol=1e-14)
    with pytest.raises(ValueError, match="equal length"):
        network.backward(network.run(inputs, lengths=lengths), together)


def test_compositions_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"5 features.*2"):
        Bidirectional(LSTMCell.initialise(5, 3, 1), LSTMCell.initialise(2, 3, 1))
    with pytest.raises(ValueError, match="at least one layer"):
        Stacked([])

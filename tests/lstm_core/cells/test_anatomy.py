"""The inside of a cell: gates held at a value, sums taken apart, variants, slips of the pen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core import LSTMCell, LSTMState
from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.activations import sigmoid
from lstm_core.cells.arithmetic import arithmetic
from lstm_core.cells.pseudo_code import with_a_sum, with_exchanged_states
from lstm_core.cells.variants import run_coupled, run_with_peepholes


def inputs(features, time=7, seed=3):
    return np.random.default_rng(seed).normal(size=(time, features))


@pytest.mark.parametrize("gate", LSTMCell.gates)
@pytest.mark.parametrize("value", [0.0, 0.25, 1.0])
def test_a_held_gate_has_its_value_whatever_is_read(gate, value):
    cell = LSTMCell.initialise(2, 3, 0)
    held = cell.clamped({gate: value}).run(100 * inputs(2))
    field = gate if gate == "candidate" else f"{gate}_gate"
    np.testing.assert_allclose(getattr(held, field), value, rtol=1e-14, atol=0)
    if value in (0.0, 1.0):
        assert (getattr(held, field) == value).all() or gate == "candidate"
    others = [name for name in LSTMCell.gates if name != gate]
    for name in others:
        np.testing.assert_array_equal(
            cell.clamped({gate: value}).kernel[:, cell.columns(name)],
            cell.kernel[:, cell.columns(name)],
        )


def test_only_the_units_that_are_named_are_held_and_the_cell_itself_stays():
    cell = LSTMCell.initialise(2, 4, 0)
    before = cell.kernel.copy()
    trace = cell.clamped({"output": 0.0}, [1, 3]).run(inputs(2))
    assert (trace.hidden_state[:, [1, 3]] == 0).all()
    assert (trace.hidden_state[:, [0, 2]] != 0).all()
    np.testing.assert_array_equal(cell.kernel, before)
    same = cell.clamped({}).run(inputs(2))
    np.testing.assert_array_equal(same.hidden_state, cell.run(inputs(2)).hidden_state)


def test_the_candidate_may_be_held_below_zero_and_single_precision_stays():
    cell = LSTMCell.initialise(2, 2, 0, np.float32).clamped({"candidate": -0.5, "forget": 1.0})
    trace = cell.run(inputs(2))
    np.testing.assert_allclose(trace.candidate, -0.5, rtol=1e-6)
    assert (trace.forget_gate == 1.0).all()
    assert trace.cell_state.dtype == np.float32


@pytest.mark.parametrize(
    ("gate", "value"), [("forget", 1.1), ("input", -0.1), ("output", np.nan), ("update", 0.5)]
)
def test_a_gate_cannot_be_held_where_it_cannot_be(gate, value):
    with pytest.raises(ValueError, match=gate):
        LSTMCell.initialise(1, 1, 0).clamped({gate: value})


@pytest.mark.parametrize("kind", CELLS)
@given(features=st.integers(1, 4), units=st.integers(1, 5), seed=st.integers(0, 99))
def test_one_weight_times_one_input_adds_up_to_the_pre_activation(kind, features, units, seed):
    cell = CELLS[kind].initialise(features, units, seed)
    cell.bias = np.random.default_rng(seed).normal(size=cell.bias.shape)
    trace = cell.run(inputs(features, seed=seed))
    for gate in cell.gates:
        for unit in range(units):
            parts = arithmetic(cell, trace, gate, unit)
            z = trace.pre_activation[:, cell.columns(gate)][:, unit]
            np.testing.assert_allclose(parts.total, z, rtol=1e-9, atol=1e-12)
            assert len(parts.names) == features + units
            assert parts.products.shape == (7, features + units)


@pytest.mark.parametrize("kind", CELLS)
def test_parameters_are_counted_alike_by_formula_and_object(kind):
    for features, units in ((1, 1), (3, 7), (128, 64)):
        made = CELLS[kind].initialise(features, units, 0)
        counted = sum(array.size for array in made.parameters.values())
        assert cell_parameter_count(kind, features, units) == counted


def test_peepholes_of_zero_are_no_peepholes():
    cell = LSTMCell.initialise(2, 3, 0)
    ours = run_with_peepholes(cell, np.zeros((3, 3)), inputs(2))
    for name, array in cell.run(inputs(2)).quantities().items():
        np.testing.assert_allclose(ours.quantities()[name], array, rtol=1e-12, atol=1e-14)


def test_peepholes_look_at_the_old_cell_state_and_the_output_gate_at_the_new():
    cell = LSTMCell.initialise(2, 3, 0)
    p = np.random.default_rng(0).normal(size=(3, 3))
    trace = run_with_peepholes(cell, p, inputs(2))
    z_i, z_f, _, z_o = np.split(trace.pre_activation, 4, axis=-1)
    np.testing.assert_allclose(trace.input_gate, sigmoid(z_i + p[0] * trace.previous_cell_state))
    np.testing.assert_allclose(trace.forget_gate, sigmoid(z_f + p[1] * trace.previous_cell_state))
    np.testing.assert_allclose(trace.output_gate, sigmoid(z_o + p[2] * trace.cell_state))
    np.testing.assert_allclose(trace.cell_state, trace.kept + trace.written)
    with pytest.raises(ValueError, match="peepholes"):
        run_with_peepholes(cell, np.zeros(3), inputs(2))


def test_coupled_gates_write_where_they_forget():
    cell = LSTMCell.initialise(2, 3, 0)
    trace = run_coupled(cell, inputs(2))
    np.testing.assert_array_equal(trace.input_gate, 1.0 - trace.forget_gate)
    np.testing.assert_allclose(trace.cell_state, trace.kept + trace.written)
    assert np.abs(trace.cell_state).max() < 1, "a mean of candidates cannot leave (-1, 1)"


def test_exchanged_states_are_exchanged_at_every_step():
    cell = LSTMCell.initialise(1, 2, 0)
    believed = with_exchanged_states(cell, inputs(1))
    h, c = np.zeros(2), np.zeros(2)
    for t, x in enumerate(inputs(1)):
        state = cell.step(x, LSTMState(h, c))
        h, c = state.cell_state, state.hidden_state
        np.testing.assert_array_equal(believed.hidden_state[t], h)
        np.testing.assert_array_equal(believed.cell_state[t], c)
    assert not np.allclose(believed.hidden_state, cell.run(inputs(1)).hidden_state)


def test_a_sum_cannot_tell_memory_from_input():
    cell = LSTMCell.initialise(2, 2, 0)
    added = with_a_sum(cell, inputs(2))
    twin = LSTMCell(cell.recurrent_kernel, cell.recurrent_kernel, cell.bias)
    np.testing.assert_allclose(added, twin.run(inputs(2)).hidden_state)
    assert with_a_sum(LSTMCell.initialise(1, 3, 0), inputs(1)).shape == (7, 3)
    with pytest.raises(ValueError, match="broadcast"):
        with_a_sum(LSTMCell.initialise(3, 2, 0), inputs(3))

"""Updates on one sequence: what an update is, what remedies do, where numbers end."""

import warnings

import numpy as np
import pytest

from lstm_core.cells import CELLS
from lstm_core.cells.initializers import orthogonal
from lstm_core.gradients.clipping import joint_norm
from lstm_core.gradients.descent import descend
from lstm_core.gradients.flow import Experiment, follow, follow_cell
from lstm_core.gradients.remedies import PENALTIES, Remedies


def moved(experiment, rate, remedies=None):
    before = experiment.cell().parameters
    after = descend(experiment, rate, 1, remedies).flow.cell.parameters
    return {name: before[name] - after[name] for name in before}


def test_an_update_is_the_rate_times_the_gradient():
    experiment = Experiment(steps=5, units=4)
    gradient = follow(experiment).gradient.parameters
    for name, step in moved(experiment, 0.1).items():
        np.testing.assert_allclose(step, 0.1 * gradient[name], atol=1e-15)


def test_clipping_bounds_the_update():
    experiment = Experiment(steps=5, units=4)
    assert joint_norm(moved(experiment, 1.0, Remedies(max_norm=0.01))) == pytest.approx(0.01)
    cut = moved(experiment, 1.0, Remedies(limit=0.001))
    assert max(np.abs(step).max() for step in cut.values()) <= 0.001 + 1e-15


def test_another_start_and_another_cell_are_those_of_another_experiment():
    experiment = Experiment("tanh", "PyTorch", steps=5, units=4)
    treated = Experiment("tanh", "orthogonal", 1.5, 4, 5, network="LSTM", forget_bias=4.0)
    remedies = Remedies(start=("orthogonal", 1.5), forget_bias=4.0)
    assert remedies.treated(experiment) == treated
    assert Remedies().treated(experiment) == experiment
    expected = descend(treated, 0.1, 3).losses
    np.testing.assert_array_equal(descend(experiment, 0.1, 3, remedies).losses, expected)


def test_an_unknown_penalty_is_named():
    with pytest.raises(ValueError, match="'L3'"):
        descend(Experiment(steps=2, units=2), 0.1, 1, Remedies(penalty="L3"))


@pytest.mark.parametrize("network", CELLS)
def test_a_window_forgets_the_gradient_and_keeps_the_state(network):
    experiment = Experiment(steps=9, units=4, network=network)
    cell, inputs, target = experiment.cell(), experiment.inputs(), experiment.target()
    whole = follow_cell(cell, inputs, target)
    short = follow_cell(cell, inputs, target, window=3)
    assert not short.norms[:6].any()
    np.testing.assert_allclose(short.norms[6:], whole.norms[6:])
    np.testing.assert_allclose(short.tail.hidden_state, whole.trace.hidden_state[6:])
    for window in (9, 99):
        same = follow_cell(cell, inputs, target, window)
        np.testing.assert_array_equal(same.gradient.kernel, whole.gradient.kernel)


def test_the_end_of_numbers_is_found():
    descent = descend(Experiment("relu", gain=2.5, steps=60), 0.01, 20)
    found = descent.breakdown
    assert found.update == 1
    assert found.where == "pre-activation"
    assert 1 <= found.step <= 60
    assert not np.isfinite(found.value)
    assert descent.reached == 0
    assert np.isfinite(descent.flow.norms).all()


@pytest.mark.parametrize("penalty", [None, *PENALTIES])
@pytest.mark.parametrize("network", CELLS)
@pytest.mark.parametrize(("steps", "gain"), [(1, 0.0), (200, 10.0), (200, 0.0)])
def test_extremes_give_a_result_or_a_clear_refusal(network, penalty, steps, gain):
    experiment = Experiment("relu", gain=gain, steps=steps, network=network)
    remedies = Remedies(penalty=penalty, strength=1e3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if penalty == "Ω" and network != "RNN":
            with pytest.raises(ValueError, match="plain recurrent cell"):
                descend(experiment, 1e3, 5, remedies)
        else:
            assert len(descend(experiment, 1e3, 5, remedies).losses) >= 1


REFERENCE = {
    "tanh RNN, PyTorch": ("RNN", None, 1.0, (8e-4, 1e-15, 3e-30), None),
    "tanh RNN, orthogonal": ("RNN", "orthogonal", 1.0, (1e-1, 9e-6, 1e-10), None),
    "tanh RNN, 1.5 orthogonal": ("RNN", "orthogonal", 1.5, (0.93, 1.0, 0.97), None),
    "tanh RNN, 3 orthogonal": ("RNN", "orthogonal", 3.0, (21, 1.5e6, 1.6e12), None),
    "LSTM, PyTorch": ("LSTM", None, 1.0, (4e-3, 2e-11, 1e-21), 1e-27),
    "LSTM, forget bias 1": ("LSTM", 1.0, 1.0, (0.087, 5e-5, 8e-9), 4e-14),
    "LSTM, forget bias 2": ("LSTM", 2.0, 1.0, (0.40, 0.056, 0.012), 5e-6),
    "LSTM, forget bias ln 99": ("LSTM", float(np.log(99)), 1.0, (0.94, 1.4, 9.2), 0.34),
    "LSTM, recurrence x 6": ("LSTM", 1.0, 6.0, (1.4, 10, 1.2e3), 2e-7),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_untrained_networks_pass_on_what_was_measured_elsewhere(name):
    """Reproduce an independent measurement to its order of magnitude.

    64 units, standard normal inputs, 30 seeds, median of |dL/dstate_(T-k)| / |dL/dstate_T| for k of
    10, 50 and 99, and the product of the forget gates alone for k = 99. Weights are PyTorch's but for
    what a row names, and biases too unless it names one. The number of features was not reported; 32
    fits.
    """
    network, change, gain, expected, direct = REFERENCE[name]
    ratios, alone = [], []
    for seed in range(30):
        experiment = Experiment(
            "tanh", "PyTorch", gain, 64, 100, seed, network, forget_bias=0.0, features=32
        )
        cell = experiment.cell()
        if change == "orthogonal":
            rng = np.random.default_rng(seed)
            cell.recurrent_kernel[...] = orthogonal((64, 64), rng, gain)
            cell.bias[...] = 0.0
        elif change is not None:
            cell.bias[...] = 0.0
            cell.bias[cell.columns("forget")] = change
        flow = follow_cell(cell, experiment.inputs(), experiment.target())
        ratios.append(flow.norms[::-1][[10, 50, 99]] / flow.norms[-1])
        if direct is not None:
            kept = np.prod(flow.trace.forget_gate[1:], axis=0) * flow.gradient.cell_state[-1]
            alone.append(np.linalg.norm(kept) / flow.norms[-1])
    np.testing.assert_array_less(np.abs(np.log10(np.median(ratios, axis=0) / expected)), 1.0)
    if direct is not None:
        assert abs(np.log10(np.median(alone) / direct)) < 1.0

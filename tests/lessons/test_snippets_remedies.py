"""The programs that the remedies page offers give the numbers of the page."""

import numpy as np
import pytest

from lstm_core.gradient_flow import Experiment
from lstm_core.lessons import remedies
from lstm_core.lessons.remedies import Switches

EXPLODING = Experiment("relu", gain=1.5, units=8, steps=20)
VANISHING = Experiment("tanh", "PyTorch", units=8, steps=12)
SETTINGS = {
    "clipped": (EXPLODING, 0.01, 8, Switches(norm=1.0)),
    "ends": (Experiment("relu", gain=2.5, units=8, steps=30), 0.1, 4, Switches()),
    "both clipped, truncated, L1": (
        EXPLODING, 0.01, 5, Switches(norm=1.0, value=0.05, window=8, penalty="L1"),
    ),
    "Ω": (VANISHING, 0.05, 5, Switches(penalty="Ω")),
    "Ω, truncated": (EXPLODING, 0.001, 3, Switches(penalty="Ω", window=8, norm=1.0)),
    "L2 on an LSTM": (
        VANISHING, 0.05, 5, Switches(penalty="L2", lstm=4.0, start=("orthogonal", 1.2), value=0.02),
    ),
    "Ω left out": (
        Experiment("sigmoid", "normal", units=8, steps=5), 0.05, 3, Switches(penalty="Ω", lstm=1.0),
    ),
    "Ω of a sigmoid": (
        Experiment("sigmoid", gain=3.0, units=8, steps=6), 0.05, 3, Switches(penalty="Ω"),
    ),
    "Ω without squashing": (
        Experiment("linear", "normal", units=8, steps=6), 0.01, 3, Switches(penalty="Ω"),
    ),
    "no update": (VANISHING, 0.05, 0, Switches(window=3)),
}  # fmt: skip


def result_of(program):
    names = {}
    with np.errstate(over="ignore", invalid="ignore"):
        exec(compile(program, "snippet", "exec"), names)
    return names["result"]


def compare(found, setting):
    before, after = remedies.run_both(*setting)
    wanted = {
        "loss_without": before.losses,
        "loss_with": after.losses,
        "gradient_norm_without": before.flow.norms,
        "gradient_norm_with": after.flow.norms,
    }
    assert set(found) == set(wanted)
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_program_with_lstm_core(name):
    compare(result_of(remedies.code(*SETTINGS[name])), SETTINGS[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", SETTINGS)
def test_the_program_with_keras(name):
    compare(result_of(remedies.keras_code(*SETTINGS[name])), SETTINGS[name])


@pytest.mark.parametrize("name", SETTINGS)
def test_the_program_with_pytorch(name):
    program = remedies.torch_code(*SETTINGS[name])
    compile(program, "snippet", "exec")
    pytest.importorskip("torch")
    compare(result_of(program), SETTINGS[name])

"""The programs that the gradients page offers give the numbers of the page."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_core.gradient_flow import Experiment, follow
from lstm_core.lessons import gradients

EXPERIMENTS = (
    Experiment("sigmoid", "PyTorch", gain=1.3, units=5, steps=12, network="LSTM", forget_bias=2.0),
    Experiment("relu", "normal", gain=1.1, units=5, steps=9),
    Experiment("linear", "identity", units=5, steps=5, network="GRU"),
    Experiment("tanh", units=5, steps=1),
)


def result_of(program):
    names = {}
    exec(compile(program, "snippet", "exec"), names)
    return names["result"]


def compare(found, experiment):
    assert set(found) == {"RNN", "LSTM", "GRU"}
    for name, norms in found.items():
        wanted = follow(replace(experiment, network=name)).norms
        np.testing.assert_allclose(norms, wanted, rtol=1e-9)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_program_with_lstm_core(experiment):
    compare(result_of(gradients.code(experiment)), experiment)


@pytest.mark.slow
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_program_with_keras(experiment):
    compare(result_of(gradients.keras_code(experiment)), experiment)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_program_with_pytorch(experiment):
    program = gradients.torch_code(experiment)
    compile(program, "snippet", "exec")
    pytest.importorskip("torch")
    compare(result_of(program), experiment)

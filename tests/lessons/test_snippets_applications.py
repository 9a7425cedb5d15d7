"""The programs of the page on applications give the numbers of the page."""

import numpy as np
import pytest

from lstm_core.characters import CharacterNetwork, probabilities
from lstm_core.forecasting import Forecaster
from lstm_core.lessons import applications as lesson

START = lesson.STARTS["Not of its time"] + " 💥"
CHANCES = (START, 0.8)
FORECASTS = [("co2", 12, 24), (lesson.WALK, 1, 5), ("nile", 30, 40)]


def result(program):
    found = {}
    exec(compile(program, "program", "exec"), found)
    return found["result"]


def chances():
    network = CharacterNetwork.load()
    return probabilities(network.logits(network.read(START).hidden_state[-1]), 0.8)


def ahead(name, season, horizon):
    values = lesson.series(name)
    return Forecaster.load().ahead(values, season, horizon, [len(values) - 1])[0]


def test_lstm_core_gives_the_next_character(capsys):
    found = result(lesson.characters_code(*CHANCES[:1], 50, 0.8, 3))
    np.testing.assert_allclose(found, chances(), rtol=1e-6)
    assert START in capsys.readouterr().out


@pytest.mark.slow
def test_keras_gives_the_next_character():
    np.testing.assert_allclose(
        result(lesson.characters_keras_code(*CHANCES)), chances(), rtol=1e-4, atol=1e-7
    )


def test_torch_gives_the_next_character():
    program = lesson.characters_torch_code(*CHANCES)
    compile(program, "program", "exec")
    pytest.importorskip("torch")
    np.testing.assert_allclose(result(program), chances(), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("case", FORECASTS)
def test_lstm_core_forecasts(case):
    np.testing.assert_allclose(result(lesson.forecast_code(*case)), ahead(*case), rtol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("case", FORECASTS)
def test_keras_forecasts(case):
    np.testing.assert_allclose(result(lesson.forecast_keras_code(*case)), ahead(*case), rtol=1e-5)


@pytest.mark.parametrize("case", FORECASTS)
def test_torch_forecasts(case):
    program = lesson.forecast_torch_code(*case)
    compile(program, "program", "exec")
    pytest.importorskip("torch")
    np.testing.assert_allclose(result(program), ahead(*case), rtol=1e-5)


@pytest.mark.parametrize(
    "code", [lesson.forecast_code, lesson.forecast_keras_code, lesson.forecast_torch_code]
)
def test_the_code_for_a_series_of_ones_own_reads_a_file(code):
    program = code(lesson.OWN, 12, 6)
    compile(program, "program", "exec")
    assert 'np.loadtxt("series.csv"' in program

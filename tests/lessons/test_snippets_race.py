"""The programs to take home from the training race run the race on the screen."""

import numpy as np
import pytest

from lstm_core.lessons.race import programs
from lstm_core.optimizers import OPTIMIZERS
from lstm_core.race import Race, Setting

SHORT = Setting("adding", 6, 500, rate=0.01)
CASES = [
    SHORT,
    Setting("copying", 5, 500, "RMSprop", 0.002, None),
    Setting("temporal order", 10, 500, "SGD with momentum", 0.05, 0.5),
    Setting("latching", 8, 500, "SGD", 0.1),
]
UPDATES = 50


def found(code):
    names = {}
    exec(compile(code, "snippet", "exec"), names)
    return names["result"]


def shown(setting):
    race = Race(setting)
    race.advance(UPDATES)
    return {name: np.array(runner.losses) for name, runner in race.runners.items()}


def test_our_own_program_repeats_the_race_to_the_last_bit():
    result = found(programs(SHORT, UPDATES).own)
    for name, losses in shown(SHORT).items():
        np.testing.assert_array_equal(result[name], losses)
        assert len(losses) == 3


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("max_norm", [None, 0.5])
def test_every_program_is_python(name, max_norm):
    written = programs(Setting(optimizer=name, max_norm=max_norm), UPDATES)
    for code in (written.own, written.keras, written.torch):
        compile(code, "snippet", "exec")
    assert ("clip" in written.keras) == ("clip" in written.torch) == (max_norm is not None)


@pytest.mark.slow
@pytest.mark.parametrize("setting", CASES, ids=lambda setting: setting.task)
def test_keras_runs_the_same_race(setting):
    result = found(programs(setting, UPDATES).keras)
    for name, losses in shown(setting).items():
        np.testing.assert_allclose(result[name], losses, rtol=1e-4, err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("setting", CASES, ids=lambda setting: setting.task)
def test_pytorch_runs_the_same_race(setting):
    pytest.importorskip("torch")
    # It adds the optimisers' epsilon behind the root and to the norm that clips, not before.
    result = found(programs(setting, UPDATES).torch)
    for name, losses in shown(setting).items():
        np.testing.assert_allclose(result[name], losses, rtol=1e-3, err_msg=name)

"""Learner, optimisers and race: against finite differences, Keras, and what a race promises."""

import json
import pickle
import warnings
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.cells import CELLS
from lstm_core.gradients.finite_differences import numerical_gradient
from lstm_core.training.learner import Learner, parameter_count, units_for
from lstm_core.training.optimizers import OPTIMIZERS, SGD
from lstm_core.training.race import Race, Setting, advanced
from lstm_core.training.recorded_races import RECORDED, SETTINGS, record, recorded, tracks
from lstm_core.training.tasks import TASKS, Adding


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("name", TASKS)
def test_every_gradient_agrees_with_finite_differences(kind, name):
    task = TASKS[name](4)
    learner = Learner.initialise(kind, task, 3, 1, np.float64)
    batch = task.draw(5, np.random.default_rng(2))
    step = learner.step(task, batch)
    assert step.loss == pytest.approx(learner.loss(task, batch))
    assert len(step.norms) == task.steps
    for parameter_name, parameter in learner.parameters.items():
        estimate = numerical_gradient(lambda: learner.loss(task, batch), parameter)
        np.testing.assert_allclose(step.gradients[parameter_name], estimate, atol=1e-8, rtol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_make_keras_steps(name):
    import keras

    theirs = {
        "Adam": keras.optimizers.Adam(0.05),
        "RMSprop": keras.optimizers.RMSprop(0.05),
        "SGD with momentum": keras.optimizers.SGD(0.05, momentum=0.9),
        "SGD": keras.optimizers.SGD(0.05),
    }[name]
    rng = np.random.default_rng(0)
    start = rng.normal(size=(3, 2)).astype(np.float32)
    variable = keras.Variable(start)
    ours, optimizer = {"w": start.copy()}, OPTIMIZERS[name](0.05)
    for _ in range(6):
        gradient = rng.normal(size=(3, 2)).astype(np.float32)
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        optimizer.update(ours, {"w": gradient})
    np.testing.assert_allclose(ours["w"], variable.numpy(), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("budget", [500, 4500, 10_000])
def test_formula_and_object_count_alike_and_budgets_are_kept(kind, name, budget):
    task = TASKS[name](10)
    units = units_for(kind, task, budget)
    counted = Learner.initialise(kind, task, units, 0).count
    assert counted == parameter_count(kind, task.features, units, task.outputs)
    one_more = parameter_count(kind, task.features, units + 1, task.outputs)
    assert abs(counted - budget) <= abs(one_more - budget)


def state(race):
    return {
        kind: [array.copy() for array in runner.learner.parameters.values()]
        for kind, runner in race.runners.items()
    }


def test_the_same_seed_is_the_same_race_however_often_it_is_stopped():
    setting = Setting(length=8, budget=500, batch=4)
    whole = Race(setting)
    whole.advance(60)
    stopped = Race(setting)
    for updates in (1, 9, 30):
        stopped.advance(updates)
        stopped = pickle.loads(pickle.dumps(stopped))
    stopped = advanced(stopped, 60.0, 60)
    assert stopped.updates == whole.updates == 60
    for kind, arrays in state(whole).items():
        for ours, theirs in zip(arrays, state(stopped)[kind], strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert whole.runners["LSTM"].losses == stopped.runners["LSTM"].losses
    other = Race(Setting(length=8, budget=500, batch=4, seed=2))
    other.advance(60)
    assert other.runners["LSTM"].losses != whole.runners["LSTM"].losses


def test_one_update_is_plain_descent_and_clipping_bounds_it():
    for max_norm in (None, 1e-3):
        setting = Setting(length=6, budget=500, optimizer="SGD", rate=1.0, max_norm=max_norm)
        race = Race(setting, ["LSTM"])
        assert isinstance(race.runners["LSTM"].optimizer, SGD)
        before = state(race)["LSTM"]
        race.advance(1)
        moved = np.sqrt(
            sum(((a - b) ** 2).sum() for a, b in zip(before, state(race)["LSTM"], strict=True))
        )
        if max_norm is None:
            assert moved > 0.01
        else:
            assert moved == pytest.approx(max_norm, rel=1e-3)


def test_a_rate_beyond_reason_breaks_networks_by_name_and_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        race = Race(Setting(length=10, budget=500, optimizer="SGD", rate=1e30, max_norm=None))
        race.advance(30)
    assert race.over
    assert all(1 <= runner.broken <= 30 for runner in race.runners.values())
    assert race.updates < 30
    assert all(len(track.losses) for track in tracks(race).values())


def test_adding_is_learned_by_the_lstm_well_below_its_baseline():
    race = Race(Setting("adding", 30), ["LSTM"])
    race.advance(700)
    assert race.runners["LSTM"].losses[-1] < 0.1 * Adding(30).baseline


KEPT_DIGITS = 6e-4
"""Four digits of a loss are kept: it is off by half a unit of the last one at most."""


def losses_after_rounding(setting, kind, races=8):
    """Return a network's last loss in races that start one unit in the last place apart.

    A product of matrices ends in other last digits on another processor. In a plain recurrent
    network that learns, such a difference grows: how far it has come is seen by causing it.
    """
    losses = []
    for seed in range(races):
        race, rng = Race(setting, [kind]), np.random.default_rng(seed)
        for parameter in race.runners[kind].learner.parameters.values():
            away = rng.choice(np.array([-np.inf, np.inf], parameter.dtype), parameter.shape)
            np.copyto(parameter, np.nextafter(parameter, away))
        race.advance(25)
        losses.append(race.runners[kind].losses[-1])
    return losses


@pytest.mark.parametrize("task", SETTINGS)
def test_recorded_races_belong_to_their_settings(task):
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))["races"][task]
    assert Setting(**kept["setting"]) == SETTINGS[task]
    fresh = Race(SETTINGS[task])
    fresh.advance(25)
    for kind, track in recorded(task).items():
        runner = fresh.runners[kind]
        assert track.parameters == runner.learner.count
        assert track.looks.tolist() == list(range(0, kept["updates"] + 1, 25))
        assert len(track.norms) == fresh.task.steps
        # Before the first update nothing has had time to grow.
        assert track.losses[0] == pytest.approx(runner.losses[0], rel=KEPT_DIGITS)
        if track.losses[1] != pytest.approx(runner.losses[1], rel=KEPT_DIGITS):
            others = losses_after_rounding(SETTINGS[task], kind)
            spread = max(others) - min(others)
            assert min(others) - spread < track.losses[1] < max(others) + spread


@pytest.mark.parametrize("task", SETTINGS)
def test_a_record_of_another_race_would_be_noticed(task):
    other = Race(replace(SETTINGS[task], seed=2))
    for kind, track in recorded(task).items():
        loss = other.runners[kind].losses[0]
        assert track.losses[0] != pytest.approx(loss, rel=KEPT_DIGITS)
    faster = Race(replace(SETTINGS[task], rate=0.02), ["LSTM"])
    faster.advance(25)
    loss = faster.runners["LSTM"].losses[-1]
    assert recorded(task)["LSTM"].losses[1] != pytest.approx(loss, rel=KEPT_DIGITS)


def test_parameters_can_have_another_precision():
    for dtype in ("float32", np.float64):
        race = Race(Setting(length=5, budget=500), ["GRU"], dtype)
        race.advance(2)
        parameters = race.runners["GRU"].learner.parameters.values()
        assert {parameter.dtype for parameter in parameters} == {np.dtype(dtype)}


def test_a_record_is_written_by_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        "lstm_core.training.recorded_races.SETTINGS", {"adding": Setting(length=5, budget=500)}
    )
    record(tmp_path / "races.json", 25)
    kept = json.loads((tmp_path / "races.json").read_text(encoding="utf-8"))
    assert kept["command"].startswith("python -m lstm_core.training.recorded_races")
    assert kept["races"]["adding"]["tracks"]["LSTM"]["looks"] == [0, 25]
    assert "baseline" in capsys.readouterr().out

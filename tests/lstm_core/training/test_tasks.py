"""Toy tasks: what they promise of their sequences, and baselines by simulation."""

import numpy as np
import pytest

from lstm_core.training.tasks import TASKS, Adding, Copying, Latching, TemporalOrder


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("length", [2, 3, 10, 100])
def test_shapes_and_kinds(name, length):
    task = TASKS[name](length)
    batch = task.draw(7, np.random.default_rng(0))
    assert batch.inputs.shape == (7, task.steps, task.features)
    if not task.classes:
        assert batch.targets.shape == (7, task.outputs)
        return
    assert batch.targets.shape == ((7, task.steps) if task.every_step else (7,))
    assert batch.targets.min() >= 0
    assert batch.targets.max() < task.outputs


@pytest.mark.parametrize("name", TASKS)
def test_the_same_generator_draws_the_same(name):
    first, second = (TASKS[name](20).draw(5, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first.inputs, second.inputs)
    np.testing.assert_array_equal(first.targets, second.targets)


@pytest.mark.parametrize("name", TASKS)
def test_a_length_without_a_memory_is_refused(name):
    with pytest.raises(ValueError, match="length is 1"):
        TASKS[name](1)


def test_adding_marks_two_numbers_and_its_baseline_is_that_of_saying_one():
    task = Adding(30)
    batch = task.draw(40_000, np.random.default_rng(0))
    numbers, markers = batch.inputs[..., 0], batch.inputs[..., 1]
    assert (markers.sum(axis=1) == 2).all()
    assert (markers[:, :15].sum(axis=1) == 1).all()
    np.testing.assert_allclose((numbers * markers).sum(axis=1), batch.targets[:, 0])
    assert ((batch.targets - 1) ** 2).mean() == pytest.approx(task.baseline, rel=0.02)


def test_copying_asks_for_the_symbols_in_order():
    task = Copying(10)
    batch = task.draw(50, np.random.default_rng(0))
    read = batch.inputs.argmax(axis=-1)
    np.testing.assert_array_equal(read[:, :3], batch.targets[:, -3:])
    assert (batch.targets[:, :-3] == 0).all()
    assert (read[:, 12] == 5).all()
    assert ((read == 5).sum(axis=1) == 1).all()
    # Certain of the blanks and guessing each symbol: the cross-entropy a step, by hand.
    guess = np.where(batch.targets == 0, 1.0, 0.25)
    assert -np.log(guess).mean() == pytest.approx(task.baseline)


def test_temporal_order_is_read_from_the_two_places():
    batch = TemporalOrder(40).draw(500, np.random.default_rng(0))
    read = batch.inputs.argmax(axis=-1)
    for row, kind in zip(read, batch.targets, strict=True):
        found = row[row < 2]
        assert len(found) == 2
        assert 2 * found[0] + found[1] == kind
    assert np.bincount(batch.targets, minlength=4).min() > 90


def test_latching_tells_the_class_at_the_start_alone():
    batch = Latching(20).draw(20_000, np.random.default_rng(0))
    sign = 2.0 * batch.targets - 1.0
    told = (batch.inputs[:, :3, 0] * sign[:, np.newaxis]).mean()
    later = (batch.inputs[:, 3:, 0] * sign[:, np.newaxis]).mean()
    assert told == pytest.approx(1.0, abs=0.02)
    assert later == pytest.approx(0.0, abs=0.02)

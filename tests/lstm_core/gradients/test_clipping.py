"""Clipping: what it shortens, what it turns, and that extreme gradients stay readable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.gradients.clipping import (
    angle,
    clip_by_norm,
    clip_by_value,
    flat,
    in_their_plane,
    joint_norm,
)

ENTRIES = st.lists(st.floats(-1e200, 1e200), min_size=2, max_size=6)


def test_the_known_example():
    gradient = {"w": np.array([3.0, 0.1])}
    clipped = clip_by_value(gradient, 1.0)
    np.testing.assert_array_equal(clipped["w"], [1.0, 0.1])
    assert angle(gradient["w"], clipped["w"]) == pytest.approx(3.8, abs=0.05)


@given(ENTRIES, st.floats(1e-3, 1e3))
def test_by_norm_shortens_all_together_and_keeps_the_direction(entries, max_norm):
    gradients = {"a": np.array(entries[:1]), "b": np.array(entries[1:])}
    clipped = clip_by_norm(gradients, max_norm)
    norm = joint_norm(gradients)
    assert joint_norm(clipped) == pytest.approx(min(norm, max_norm))
    if norm > 0:
        unit = flat(gradients) / norm
        np.testing.assert_allclose(flat(clipped), unit * min(norm, max_norm), rtol=1e-9)


@given(ENTRIES, st.floats(1e-3, 1e3))
def test_by_value_cuts_every_entry(entries, limit):
    clipped = clip_by_value({"w": np.array(entries)}, limit)["w"]
    assert (np.abs(clipped) <= limit).all()


def test_joint_norm_survives_what_squares_overflow():
    assert joint_norm({"a": np.array([3e200]), "b": np.array([4e200])}) == pytest.approx(5e200)
    assert joint_norm({"a": np.array([np.inf])}) == np.inf
    assert joint_norm({"a": np.zeros(3)}) == 0.0


@given(st.integers(0, 999))
def test_the_plane_keeps_lengths_and_the_angle(seed):
    first, second = np.random.default_rng(seed).normal(size=(2, 7))
    a, b = in_their_plane(first, second)
    assert np.linalg.norm(a) == pytest.approx(np.linalg.norm(first))
    assert np.linalg.norm(b) == pytest.approx(np.linalg.norm(second))
    assert a @ b == pytest.approx(first @ second)


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan")])
def test_thresholds_that_mean_nothing_are_refused(bad):
    with pytest.raises(ValueError, match="above 0"):
        clip_by_norm({"w": np.ones(2)}, bad)
    with pytest.raises(ValueError, match="above 0"):
        clip_by_value({"w": np.ones(2)}, bad)

"""A plain network learns positions; a recurrent one shares its weights among them."""

import numpy as np
import pytest

from lstm_core.training.positions import LETTERS, Spotting, compare, side_by_side


def test_words_have_an_x_exactly_where_it_is_wanted():
    task = Spotting(6, 3)
    batch = task.draw(300, np.random.default_rng(0))
    assert batch.inputs.shape == (300, 6, len(LETTERS))
    assert (batch.inputs.sum(axis=-1) == 1).all()
    np.testing.assert_array_equal(batch.inputs[:, :3, 0].sum(axis=1), batch.targets)
    assert not batch.inputs[:, 3:, 0].any()
    assert Spotting(1, 3).draw(5, np.random.default_rng(0)).inputs.shape == (5, 1, len(LETTERS))
    with pytest.raises(ValueError, match="1 or more"):
        Spotting(0, 3)


def test_letters_stand_side_by_side_with_zeros_behind():
    words = Spotting(2, 2).draw(4, np.random.default_rng(0)).inputs
    wide = side_by_side(words, 6)
    assert wide.shape == (4, 1, 6 * len(LETTERS))
    np.testing.assert_array_equal(wide[:, 0, : 2 * len(LETTERS)], words.reshape(4, -1))
    assert not wide[:, 0, 2 * len(LETTERS) :].any()


def test_the_plain_network_knows_no_position_that_it_was_not_shown():
    comparison = compare(6, 3, seed=0)
    assert (comparison.weight_change[3:] == 0.0).all()
    assert (comparison.weight_change[:3] > 0.1).all()
    for shares in comparison.recall.values():
        assert (shares[:3] > 0.95).all()
    assert comparison.recall["plain"][3:].max() < 0.1
    assert comparison.recall["LSTM"][3:].min() > 0.9
    assert comparison.recall["RNN"][3] > 0.9
    assert max(comparison.false_alarms.values()) < 0.05
    assert comparison.accuracy_on_longer["LSTM"] > 0.9


def test_the_same_seed_gives_the_same_comparison():
    one, other = compare(3, 1, seed=5), compare(3, 1, seed=5)
    for name, shares in one.recall.items():
        np.testing.assert_array_equal(shares, other.recall[name])
    assert one.accuracy_on_longer == other.accuracy_on_longer
    assert (one.weight_change != compare(3, 1, seed=6).weight_change).any()


def test_where_every_position_was_shown_the_plain_network_finds_all():
    assert compare(4, 4, seed=0).recall["plain"].min() > 0.95

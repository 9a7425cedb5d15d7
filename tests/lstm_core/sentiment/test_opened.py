"""The trained network opened: its cells, its two directions, its memory."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.sentiment.halves import halves
from lstm_core.sentiment.memory import (
    explained,
    move_words,
    rank_correlation,
    remember,
    shares_of_words,
)
from lstm_core.sentiment.opened import DIRECTIONS, open_up, probability_held
from lstm_core.sentiment.tokenizer import UNKNOWN_ID
from tests.lstm_core.sentiment.texts import ADVERTISEMENT as TEXT
from tests.lstm_core.sentiment.texts import REVIEWS

EVERY = [(layer, direction) for layer in (0, 1) for direction in DIRECTIONS]


@pytest.fixture
def ids(reader):
    return reader.ids(TEXT)


@pytest.mark.parametrize(("layer", "direction"), EVERY)
def test_an_opened_cell_is_the_one_that_gave_the_verdict(reader, ids, layer, direction):
    seen = open_up(reader, ids, layer, direction)
    assert seen.probability == pytest.approx(reader.read(TEXT).probability, abs=1e-5)
    assert seen.changed == seen.probability
    assert seen.others == ()
    there = getattr(reader.read(TEXT).trace.layers.layers[layer], direction)
    np.testing.assert_allclose(seen.trace.cell_state, there.cell_state, atol=2e-4)
    assert sorted(seen.ranking) == list(range(there.cell_state.shape[1]))
    importance = seen.way.importance
    assert (np.diff(importance[seen.ranking]) <= 0).all()


def test_units_switched_off_are_silent_and_move_the_verdict(reader, ids):
    intact = open_up(reader, ids, 0, "forward")
    off = [int(unit) for unit in intact.ranking[:6]]
    seen = open_up(reader, ids, 0, "forward", off=off)
    assert (seen.trace.hidden_state[:, off] == 0).all()
    assert seen.probability == intact.probability
    assert seen.changed < seen.probability
    assert len(seen.others) == 5
    network = reader.network.in_double()
    cell = network.layers.layers[0].forward_cell
    outputs = [3 * cell.units + unit for unit in off]
    cell.kernel[:, outputs] = 0
    cell.recurrent_kernel[:, outputs] = 0
    cell.bias[outputs] = -1e4
    logit = network.run(network.embed(ids)).logit
    assert seen.changed == pytest.approx(float(reader.calibration.probability(logit)), rel=1e-9)


def test_a_held_gate_changes_the_verdict_and_not_the_shipped_network(reader, ids):
    before = reader.network.layers.layers[1].backward_cell.bias.copy()
    seen = open_up(reader, ids, 1, "backward", held={"forget": 0.0})
    assert (seen.trace.forget_gate == 0).all()
    assert seen.changed != seen.probability
    again = probability_held(reader, ids, 1, "backward", {"forget": 0.0})
    assert again == pytest.approx(seen.changed, rel=1e-12)
    np.testing.assert_array_equal(reader.network.layers.layers[1].backward_cell.bias, before)


def test_all_units_may_be_off(reader, ids):
    seen = open_up(
        reader, ids, 0, "forward", off=range(reader.network.layers.layers[0].forward_cell.units)
    )
    assert seen.others == ()
    assert 0 < seen.changed < 1


def test_the_copy_in_double_precision_is_shared_and_cannot_be_written(reader):
    twin = reader.network.doubled
    assert twin is reader.network.doubled
    with pytest.raises(ValueError, match="read-only"):
        twin.layers.layers[0].forward_cell.kernel[:] = 0


def test_a_network_with_another_cell_shares_the_rest(reader):
    network = reader.network
    cell = network.layers.layers[1].backward_cell
    assert cell is not network.layers.layers[1].forward_cell
    twin = network.with_cell(1, "forward", cell)
    assert twin.layers.layers[1].forward_cell is cell
    assert twin.layers.layers[1].backward_cell is network.layers.layers[1].backward_cell
    assert twin.layers.layers[0] is network.layers.layers[0]
    assert twin.embedding is network.embedding


@pytest.mark.parametrize("text", [TEXT, *REVIEWS, "good", "blorfwump zzyzzx"])
def test_both_directions_and_the_bias_are_the_logit(reader, text):
    ids = reader.ids(text)
    split = halves(reader.network.in_double(), ids)
    total = split.bias + split.forward.sum() + split.backward.sum()
    assert total == pytest.approx(split.logit, rel=1e-9)
    assert split.logit == pytest.approx(float(reader.read(text).trace.logit), abs=1e-4)
    assert split.decided in DIRECTIONS


def test_the_direction_that_decided_moved_the_logit_further(reader, ids):
    split = halves(reader.network.in_double(), ids)
    side = np.sign(sum(split.moved))
    by_name = dict(zip(DIRECTIONS, split.moved, strict=True))
    assert side * by_name[split.decided] == max(side * moved for moved in split.moved)


@pytest.mark.parametrize(("layer", "direction"), EVERY)
def test_the_words_shares_are_the_cell_state(reader, ids, layer, direction):
    trace = open_up(reader, ids, layer, direction).trace
    shares = shares_of_words(trace)
    np.testing.assert_allclose(shares.sum(axis=1), trace.cell_state, rtol=1e-9, atol=1e-12)
    assert not np.triu(np.abs(shares).sum(axis=-1), 1).any()


def test_what_a_word_matters_is_what_the_verdict_loses_without_it(reader, ids):
    memory = remember(reader, ids)
    for place in (0, 9, len(ids) - 1):
        without = ids.copy()
        without[place] = UNKNOWN_ID
        score = reader.score_ids([ids, without]).logit
        assert memory.matters[place] == pytest.approx(score[0] - score[1], abs=1e-4)
    backward = remember(reader, ids, direction="backward")
    np.testing.assert_allclose(backward.matters[::-1], memory.matters)


def test_what_survived_is_a_part_of_what_was_written(reader, ids):
    memory = remember(reader, ids)
    assert (memory.survived >= 0).all()
    assert (memory.survived <= 1 + 1e-12).all()
    assert memory.survived[-1] == 1


@pytest.mark.parametrize("seed", range(5))
def test_rank_correlation_is_pandas(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 6, 20).astype(float), rng.normal(size=20)
    expected = pd.Series(one).rank().corr(pd.Series(other).rank())
    assert rank_correlation(one, other) == pytest.approx(expected)
    assert rank_correlation(np.ones(4), np.arange(4.0)) == 0.0
    assert rank_correlation(np.ones(1), np.ones(1)) == 0.0


@pytest.mark.parametrize(("layer", "direction"), EVERY)
def test_a_moved_word_is_held_as_in_a_text_that_was_typed_so(reader, layer, direction):
    ids = reader.ids("A dull start and then a wonderful and moving end.")
    moved = move_words(reader, ids, layer, direction, most=len(ids))
    there = remember(reader, ids, layer, direction).at_the_end
    own = np.diagonal(moved.held)
    np.testing.assert_allclose(own, there[:: 1 if direction == "forward" else -1], atol=1e-4)
    # By hand: "wonderful", word 6, goes to the front; the units keep their weights.
    weight = open_up(reader, ids, layer, direction).way.importance
    order = [6, *range(6), *range(7, len(ids))]
    trace = open_up(reader, ids[order], layer, direction).trace
    held = np.abs(shares_of_words(trace)[-1]) @ (weight / weight.sum())
    assert moved.held[6, 0] == pytest.approx(held[0 if direction == "forward" else -1], abs=1e-4)


def test_places_are_spread_over_the_text_and_averaged(reader):
    ids = reader.ids("One two three four five six seven eight nine ten eleven twelve")
    moved = move_words(reader, ids, most=4)
    assert moved.places.tolist() == [1, 4, 7, 10]
    assert moved.held.shape == (12, 4)
    np.testing.assert_allclose(moved.by_word, moved.held.mean(axis=1))
    assert moved.by_place[[1, 4, 7, 10]] == pytest.approx(moved.held.mean(axis=0))
    assert move_words(reader, ids[:1]).held.shape == (1, 1)


def test_differences_are_shared_out_to_place_and_word():
    places, words = np.array([0.0, 1.0, 5.0]), np.array([[2.0], [3.0]])
    assert sum(explained(places + words)) == pytest.approx(1.0)
    assert explained(np.tile(places, (2, 1))) == pytest.approx((1.0, 0.0))
    assert explained(np.ones((2, 3))) == (0.0, 0.0)

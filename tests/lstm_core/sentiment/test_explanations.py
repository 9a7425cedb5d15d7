"""How the verdict came about and why: against PyTorch, against definitions, and in the end."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.sentiment import explanations, torch_model
from lstm_core.sentiment.deciding import deciding_units
from lstm_core.sentiment.prefixes import BUDGET, read_prefixes, which_lengths
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.recipes import Recipe
from lstm_core.sentiment.tokenizer import UNKNOWN_ID
from tests.lstm_core.sentiment.texts import REVIEWS
from tests.lstm_core.sentiment.texts import TORN as TEXT


@pytest.fixture(scope="module")
def reading(reader):
    return reader.read(TEXT)


@pytest.fixture(scope="module")
def slope_of_torch():
    """Return a function: token ids and a move of their vectors to d(logit)/d(vectors)."""
    network = torch_model.build(Recipe())
    with np.load(ASSETS / "network.npz") as stored:
        learned = [weight for weight in network.parameters() if weight.requires_grad]
        for weight, name in zip(learned, stored.files, strict=True):
            array = torch.from_numpy(stored[name].astype(np.float32))
            weight.data.copy_(array.T if name.endswith("kernel") else array)

    def slope(ids, move):
        moved = torch.from_numpy(move[:, np.newaxis].astype(np.float32)).requires_grad_()
        torch_model.answer(network, torch.from_numpy(ids[np.newaxis]), None, moved)[0, 0].backward()
        return moved.grad[:, 0].numpy()

    return slope


def assert_close_to(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4 * np.abs(theirs).max())


def test_gradient_times_input_agrees_with_pytorch(reader, reading, slope_of_torch):
    vectors = reader.network.embed(reading.ids)
    theirs = (vectors * slope_of_torch(reading.ids, 0 * vectors)).sum(axis=1)
    assert_close_to(explanations.gradient_times_input(reader.network, vectors), theirs)


def test_integrated_gradients_agree_with_pytorch(reader, reading, slope_of_torch):
    vectors = reader.network.embed(reading.ids)
    way = vectors - reader.network.embed(np.full(len(vectors), UNKNOWN_ID))
    places = (np.arange(8) + 0.5) / 8
    slopes = [slope_of_torch(reading.ids, (a - 1) * way) for a in places]
    theirs = (way * np.mean(slopes, axis=0)).sum(axis=1)
    logit = float(reading.trace.logit)
    ours = explanations.integrated_gradients(reader.network, vectors, logit, steps=8)
    assert_close_to(ours.words, theirs)


def test_occlusion_is_what_the_logit_loses(reader, reading):
    found = explanations.occlusion(reader.network, reading.ids)
    assert found.width == 1
    for place in (0, 7, len(reading.ids) - 1):
        without = reading.ids.copy()
        without[place] = UNKNOWN_ID
        lost = reading.trace.logit - reader.network.run(reader.network.embed(without)).logit
        assert found.words[place] == pytest.approx(float(lost), abs=1e-4)


def test_a_long_text_is_hidden_in_pieces_whose_loss_is_shared(reader):
    ids = reader.ids(f"{TEXT} " * 8)
    found = explanations.occlusion(reader.network, ids)
    assert found.width > 1
    assert len(found.words) == len(ids)
    assert len(ids) * len(ids) / found.width <= 1.2 * explanations.BUDGET
    without = ids.copy()
    without[: found.width] = UNKNOWN_ID
    logits = reader.network.read_many([ids, without]).logit
    assert found.words[: found.width].sum() == pytest.approx(logits[0] - logits[1], abs=1e-4)


def test_a_phrase_says_more_than_its_words(reader):
    reading = reader.read("The film was not good, not at all.")
    assert [token.word for token in reading.tokens_read[3:5]] == ["not", "good"]
    found = explanations.phrase(reader.network, reading.ids, 3, 5)
    alone = explanations.occlusion(reader.network, reading.ids).words
    np.testing.assert_allclose(found.apart, alone[3:5], atol=1e-5)
    assert found.interaction == pytest.approx(found.together - found.apart.sum())
    assert abs(found.interaction) > 0.5
    pair = explanations.pairs(reader.network, reading.ids, alone, [3])[0]
    assert pair.together == pytest.approx(found.together, abs=1e-5)
    with pytest.raises(ValueError, match="no phrase from 3 to 99"):
        explanations.phrase(reader.network, reading.ids, 3, 99)


def test_deleting_what_matters_moves_the_verdict_further_than_chance(reader):
    for text in REVIEWS:
        reading = reader.read(text)
        shares = {
            "right": reading.contributions.words,
            "wrong": -reading.contributions.words,
        }
        logit = float(reading.trace.logit)
        curve = explanations.faithfulness(reader.network, reading.ids, shares, logit)
        assert curve.deleted[0] == 0
        for values in (*curve.ranked.values(), *curve.random):
            assert values[0] == pytest.approx(logit, abs=1e-4)
        assert curve.advantage["right"] > 1.0
        assert curve.advantage["wrong"] < curve.advantage["right"] - 1.0
        order = np.argsort(-np.sign(logit) * reading.contributions.words, kind="stable")
        left = np.delete(reading.ids, order[: curve.deleted[-1]])
        expected = reader.network.read_many([left]).logit[0]
        assert curve.ranked["right"][-1] == pytest.approx(expected, abs=1e-4)


def test_two_words_are_enough_for_the_curve(reader):
    ids = reader.ids("Great film")
    curve = explanations.faithfulness(reader.network, ids, {"a": np.array([1.0, 0.0])}, 1.0)
    assert curve.deleted.tolist() == [0, 1]
    assert np.isfinite(curve.random).all()


def test_a_prefix_is_read_as_if_the_text_ended_there(reader, reading):
    found = read_prefixes(reader.network, reading.ids)
    assert found.stride == 1
    assert found.lengths.tolist() == list(range(1, len(reading.ids) + 1))
    for place in (0, 10, len(reading.ids) - 1):
        alone = reader.network.run(reader.network.embed(reading.ids[: place + 1]))
        assert found.logit[place] == pytest.approx(float(alone.logit), abs=1e-4)
        assert found.stars[place] == pytest.approx(float(alone.stars), abs=1e-4)
    nothing = np.full(len(reading.ids), UNKNOWN_ID, dtype=np.int32)
    distance = found.logit - reader.network.read_many([nothing]).logit
    np.testing.assert_allclose(found.forward + found.backward, distance, atol=1e-4)
    with pytest.raises(ValueError, match="nothing to read"):
        read_prefixes(reader.network, reading.ids[:0])


@given(st.integers(1, 2000))
def test_prefixes_end_with_the_whole_text_and_stay_within_the_budget(words):
    lengths = which_lengths(words)
    assert lengths[-1] == words
    assert lengths[0] >= 1
    assert (np.diff(lengths) == np.diff(lengths)[0]).all() if len(lengths) > 1 else True
    assert lengths.sum() <= BUDGET + words


def test_the_deciding_units_are_those_of_the_way_back(reader, reading):
    units = deciding_units(reader.network, reading.trace)
    vectors = reader.network.embed(reading.ids)
    assert [unit.direction for unit in units] == ["forward"] * 3 + ["backward"] * 3
    for unit in units:
        way = reader.network.way_back(vectors, 1, unit.direction)
        assert unit.importance == pytest.approx(way.importance[unit.number], rel=1e-3)
        assert unit.number in np.argsort(-way.importance)[:4]
        states = way.trace.cell_state[:, unit.number]
        in_order = states if unit.direction == "forward" else states[::-1]
        np.testing.assert_allclose(unit.cell_state, in_order, atol=1e-5)

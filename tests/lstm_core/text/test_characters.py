"""The character network: sampling, reading, learning, and the counting that it has to beat."""

import json

import numpy as np
import pytest

from lstm_core.text import characters
from lstm_core.text import training as character_training
from lstm_core.text.characters import UNKNOWN, CharacterNetwork, probabilities, write
from lstm_core.text.counts import CharacterCounts
from lstm_core.text.training import CharacterTraining, Recipe, parts

SMALL = CharacterNetwork.initialise("abc \n", 5, 3, np.float64)
TEXT = "the cat sat on the mat. " * 40


@pytest.mark.parametrize("temperature", [0.2, 1.0, 3.0])
def test_a_temperature_divides_the_logits(temperature):
    logits = np.array([2.0, -1.0, 0.5])
    expected = np.exp(logits / temperature) / np.exp(logits / temperature).sum()
    assert np.allclose(probabilities(logits, temperature), expected, rtol=1e-12)


def test_a_temperature_of_next_to_nothing_takes_the_largest_and_none_is_refused():
    assert np.allclose(probabilities(np.array([900.0, 0.0, -900.0]), 0.1), [1, 0, 0])
    assert np.allclose(probabilities(np.array([2.0, 1.0]), 1e9), 0.5)
    for temperature in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="temperature"):
            probabilities(np.zeros(2), temperature)


def test_characters_are_drawn_as_often_as_their_probability_says():
    chances = np.array([0.5, 0.0, 0.3, 0.2])
    rng = np.random.default_rng(0)
    counts = np.bincount([characters.draw(chances, rng) for _ in range(20_000)], minlength=4)
    assert counts[1] == 0
    spread = np.sqrt(20_000 * chances * (1 - chances))
    assert np.all(np.abs(counts - 20_000 * chances) <= 4 * spread)


def test_the_same_seed_writes_the_same_and_another_does_not():
    one, again = (write(SMALL, "ab", 60, 1.0, 7) for _ in range(2))
    assert one.text == again.text
    assert write(SMALL, "ab", 60, 1.0, 8).text != one.text
    assert len(one.text) == 60


def test_what_is_written_is_read_as_if_it_had_been_given():
    writing = write(SMALL, "ab", 30, 0.7, 1)
    whole = SMALL.read("ab" + writing.text)
    assert np.allclose(writing.cell_state, whole.cell_state, atol=1e-12)
    assert np.allclose(writing.hidden_state, whole.hidden_state, atol=1e-12)
    logits = SMALL.logits(whole.hidden_state[1:-1])
    shares = probabilities(logits, 0.7)[np.arange(30), SMALL.ids(writing.text)]
    assert np.allclose(writing.chances, shares)


def test_an_unknown_character_is_read_as_zeros_and_nothing_to_start_from_is_refused():
    ids = SMALL.ids("a?b")
    assert ids.tolist() == [0, UNKNOWN, 1]
    assert SMALL.one_hot(ids).tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]]
    assert len(write(SMALL, "💥", 5, 1.0, 0).text) == 5
    with pytest.raises(ValueError, match="nothing"):
        write(SMALL, "", 5, 1.0, 0)


def test_the_gradient_agrees_with_finite_differences():
    network = CharacterNetwork.initialise("abcd", 3, 1, np.float64)
    rng = np.random.default_rng(2)
    ids, targets = rng.integers(0, 4, (2, 2, 6))
    keep = (rng.random((2, 6, 3)) > 0.4) / 0.6
    state = characters.LSTMState(rng.standard_normal((2, 3)), rng.standard_normal((2, 3)))
    gradients = network.step(ids, targets, state, keep).gradients
    for name, parameter in network.parameters.items():
        for place in list(np.ndindex(parameter.shape))[::7]:
            kept, sides = parameter[place], []
            for shift in (1e-6, -1e-6):
                parameter[place] = kept + shift
                sides.append(network.step(ids, targets, state, keep).loss)
            parameter[place] = kept
            slope = (sides[0] - sides[1]) / 2e-6
            assert slope == pytest.approx(gradients[name][place], rel=1e-5, abs=1e-8), name


def test_bits_are_those_of_one_reading_however_long_the_text():
    text = "".join(np.random.default_rng(0).choice(list("abc \n"), 9_000))
    trace = SMALL.read(text)
    shares = probabilities(SMALL.logits(trace.hidden_state[:-1]))
    expected = -np.log2(shares[np.arange(len(text) - 1), SMALL.ids(text)[1:]])
    assert np.allclose(SMALL.bits(text), expected)


def test_counting_follows_its_equation():
    counts = CharacterCounts("ababac", 2)
    # "a" was followed by b, b and c; of 6 characters 3 are a, 2 are b, 1 is c.
    alone = (2 + 3 / 3) / (6 + 3)
    assert counts.probability("", "b") == pytest.approx(alone)
    assert counts.probability("a", "b") == pytest.approx((2 + 2 * alone) / (3 + 2))
    for context in ("", "a", "c", "zz", "ba"):
        assert sum(counts.probability(context, c, 2.5) for c in "abc") == pytest.approx(1.0)


def test_correlations_are_pearsons():
    rng = np.random.default_rng(0)
    feature, states = rng.standard_normal(50), rng.standard_normal((50, 3))
    states[:, 2] = 4.0
    found = characters.correlations(feature, states)
    assert found[2] == 0.0
    for unit in range(2):
        assert found[unit] == pytest.approx(np.corrcoef(feature, states[:, unit])[0, 1])
    assert not characters.correlations(np.ones(50), states).any()


def test_features_of_a_text():
    text = 'a "b c" d\n"e\n\nf. gh'
    assert "".join(str(int(v)) for v in characters.inside_quotation(text)) == "0011110000111000000"
    assert characters.place_in_line("ab\nc").tolist() == [1, 2, 0, 1]
    assert characters.place_in_word("ab c").tolist() == [1, 2, 0, 1]
    assert characters.place_in_sentence("a. b").tolist() == [1, 0, 1, 2]
    assert characters.FEATURES["vowel"]("aB e").tolist() == [1, 0, 0, 1]


def test_a_stopped_training_goes_on_to_the_same_network(tmp_path):
    recipe = Recipe(units=6, batch=3, steps=10, epochs=2)
    whole = CharacterTraining(recipe, TEXT, TEXT[:200])
    whole.advance(whole.planned)
    for stop in (1, whole.in_an_epoch, whole.in_an_epoch + 5):
        first = CharacterTraining(recipe, TEXT, TEXT[:200])
        first.advance(stop)
        first.save(tmp_path / "kept.npz")
        second = CharacterTraining(recipe, TEXT, TEXT[:200])
        assert second.resume(tmp_path / "kept.npz")
        second.advance(second.planned)
        assert second.log == whole.log
        for name, parameter in whole.network.parameters.items():
            assert np.array_equal(parameter, second.network.parameters[name])
            assert np.array_equal(whole.best[name], second.best[name])
    other = CharacterTraining(Recipe(units=6, batch=3, steps=10, epochs=3), TEXT, TEXT[:200])
    assert not other.resume(tmp_path / "kept.npz")


def test_it_learns():
    training = CharacterTraining(
        Recipe(units=24, batch=4, steps=20, epochs=12, rate=0.02), TEXT, TEXT[:200]
    )
    before = float(training.network.bits(TEXT[:200]).mean())
    training.advance(training.planned)
    assert training.log[-1]["development"] < 0.5 * before


def test_it_is_kept_in_half_precision(tmp_path):
    SMALL.save(tmp_path / "small.npz")
    back = CharacterNetwork.load(tmp_path / "small.npz")
    assert back.vocabulary == SMALL.vocabulary
    for name, parameter in SMALL.parameters.items():
        assert np.allclose(back.parameters[name], parameter, atol=1e-3)


@pytest.mark.slow
def test_the_results_belong_to_the_network_that_ships():
    told = json.loads(character_training.RESULTS.read_text(encoding="utf-8"))
    cut = parts(character_training.BOOK.read_text(encoding="utf-8"))
    network = CharacterNetwork.load()
    assert network.count == told["parameters"]
    assert network.vocabulary == "".join(sorted(set(cut.training)))
    trace, ids = network.read(cut.held_out), network.ids(cut.held_out)
    logs = characters.log_probabilities(network.logits(trace.hidden_state[:-1]))
    bits = -logs[np.arange(len(ids) - 1), ids[1:]].mean() / np.log(2)
    assert bits == pytest.approx(told["bits_per_character"]["held_out"], abs=2e-3)
    row = told["followers"][0]
    states = getattr(trace, row["state"])[:, [row["unit"]]]
    found = characters.correlations(characters.FEATURES[row["feature"]](cut.held_out), states)
    assert found[0] == pytest.approx(row["held_out"], abs=5e-3)

"""The lecture's own networks: lstm_core against Keras, their numbers for words, and their training."""

import json
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.sentiment.__main__ import LECTURE, main
from lstm_core.sentiment.lecture_models import (
    LECTURE_MODELS,
    START,
    UNKNOWN,
    LectureReader,
    encode,
    split,
)
from lstm_core.sentiment.lecture_training import build, train_lecture_model, weights

TEXTS = ["A great film.", "", "Dull, dull, dull! " * 120, "zyx 7/10 it's"]


@pytest.mark.parametrize("model", LECTURE_MODELS, ids=lambda model: model.slug)
def test_lstm_core_reads_as_keras_does(model):
    network = build(model)
    stored = {name: array.astype(np.float32) for name, array in weights(network).items()}
    network.set_weights([array.astype(np.float16) for array in network.get_weights()])
    ranks = {"a": 1, "great": 2, "film": 3, "dull": 4}
    ids = np.array([encode(model, text, ranks) for text in TEXTS])
    logits = network.predict_on_batch(ids)[:, 0].astype(np.float64)
    ours = LectureReader(model, stored, ranks).score(TEXTS)
    np.testing.assert_allclose(np.log(ours / (1 - ours)), logits, atol=1e-5)


def test_words_become_the_numbers_of_keras():
    ranked = LECTURE_MODELS[1]
    ids = encode(ranked, "The film, the FILM!", {"the": 1, "film": 2})
    assert ids[-5:].tolist() == [START, 4, 5, 4, 5]
    assert not ids[:-5].any()
    assert encode(ranked, "unheard", {})[-1] == UNKNOWN
    assert len(encode(ranked, "word " * 500, {"word": 9})) == ranked.length
    assert split("It's 7/10 -- good_ish") == ["it's", "7", "10", "good", "ish"]


def test_hashing_gives_every_word_a_number_and_may_give_two_the_same():
    hashed = replace(LECTURE_MODELS[0], words=50)
    ids = encode(hashed, " ".join(map(str, range(100))), {})[-100:]
    assert ids.min() >= 1
    assert ids.max() < 50
    assert len(set(ids)) < 100


@pytest.mark.slow
def test_training_goes_on_and_ships(archive, tmp_path):
    model = replace(LECTURE_MODELS[2], words=60, length=20, features=4, units=3, epochs=2)
    said = []
    train_lecture_model(replace(model, epochs=1), archive, tmp_path, tmp_path / "a", said.append)
    with pytest.raises(ValueError, match="other choices"):
        train_lecture_model(model, archive, tmp_path, tmp_path / "a", said.append)
    for out in ("b", "c"):
        train_lecture_model(model, archive, tmp_path / "work", tmp_path / out, said.append)
    assert len(said) == 3, "the second call found everything done"
    record = json.loads((tmp_path / "b" / f"{model.slug}.json").read_text())
    assert [row["epoch"] for row in record["history"]] == [1, 2]
    probabilities = LectureReader.load(model, tmp_path / "c").score(["a wonderful film", "boring"])
    assert ((probabilities > 0) & (probabilities < 1)).all()


def test_the_networks_that_ship_read_a_review():
    for model in LECTURE_MODELS:
        good, bad = LectureReader.load(model, LECTURE).score(
            [
                "A wonderful, moving and superbly acted film. I loved every minute of it.",
                "A dull, lifeless and badly acted film. The worst I have seen, a waste of time.",
            ]
        )
        assert good > bad
        record = json.loads((LECTURE / f"{model.slug}.json").read_text())
        assert len(record["history"]) == model.epochs


def test_an_unknown_network_is_said(capsys):
    assert main(["train-lecture", "gpt"]) == 1
    assert "no network called gpt" in capsys.readouterr().err

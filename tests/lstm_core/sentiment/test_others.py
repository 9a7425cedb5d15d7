"""Other readers of the same text: the linear model, the word list, the lecture's networks, TensorFlow."""

import json
import subprocess
import sys

import numpy as np
import pytest

from lstm_core.sentiment import others, vouching
from lstm_core.sentiment.__main__ import main
from lstm_core.sentiment.baseline_training import compare, train_linear
from lstm_core.sentiment.baselines import LinearReader, WordList, word_pairs
from lstm_core.sentiment.lecture_models import LECTURE_MODELS, LectureReader
from lstm_core.sentiment.reader import ASSETS, Reader, failures, measured
from lstm_core.sentiment.tokenizer import words
from tests.lstm_core.sentiment.texts import REVIEWS, WARM


def test_the_linear_model_reads_as_scikit_learn_does():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [*REVIEWS, "A good film, a good cast.", "Bad, bad, bad film."] * 2
    labels = np.array([1, 0, 0, 1, 0] * 2)
    ours, strength = train_linear(texts, labels, texts, labels)
    counter = TfidfVectorizer(analyzer=word_pairs, sublinear_tf=True, min_df=2)
    model = LogisticRegression(C=strength, max_iter=1000).fit(counter.fit_transform(texts), labels)
    new = ["A good, good film about a bad film", "zzz", ""]
    expected = model.predict_proba(counter.transform(new))[:, 1]
    np.testing.assert_allclose(ours.score(new), expected, atol=1e-6)


def test_a_linear_models_shares_add_up_to_its_logit():
    linear = LinearReader.load()
    text = WARM
    p = linear.score([text])[0]
    total = linear.bias + sum(linear.contributions(text).values())
    assert np.log(p / (1 - p)) == pytest.approx(total, abs=1e-6)
    assert linear.contributions("zzyzx") == {}
    assert word_pairs("It's a Great film") == ["it", "great", "film", "it great", "great film"]


def test_baselines_are_trained_measured_and_written(archive, tmp_path):
    said = []
    results = compare(archive, tmp_path, said.append)
    assert json.loads((tmp_path / "results.json").read_text()) == results
    assert results["linear"]["test"]["accuracy"] > 0.9
    assert 0.5 < results["vader"]["test"]["accuracy"] <= 1
    linear = LinearReader.load(tmp_path)
    assert linear.score(["wonderful superb"])[0] > 0.5 > linear.score(["dreadful boring"])[0]
    assert main(["baselines", "--data", str(tmp_path / "no.tar")]) == 1


def test_every_reader_has_an_opinion(reader):
    scorers = others.load(reader)
    assert next(iter(scorers)) == others.OURS
    assert {others.LINEAR, others.WORD_LIST} < set(scorers)
    warm = {one.name: one.probability for one in others.opinions(scorers, WARM)}
    assert all(p > 0.5 for p in warm.values())
    assert warm[others.OURS] == pytest.approx(reader.read(WARM).probability)
    assert WordList().score(["great", "awful", ""]).tolist()[2] == 0.5
    for text in ("", "\ud800", "🙂", "x" * 5000):
        assert len(others.opinions(scorers, text.encode("utf-8", "replace").decode())) == 6


def test_without_the_optional_extra_the_others_are_there(reader, monkeypatch):
    monkeypatch.setitem(sys.modules, "vaderSentiment.vaderSentiment", None)
    assert others.WORD_LIST not in others.load(reader)


@pytest.mark.parametrize("model", LECTURE_MODELS, ids=lambda model: model.slug)
def test_a_lectures_network_is_coloured_by_what_it_loses(model):
    network = LectureReader.load(model, ASSETS / "lecture")
    text = "Zzyzx! A WONDERFUL, moving film."
    marks = network.marks(text)
    assert [token.word for token in marks.tokens] == ["zzyzx", "a", "wonderful", "moving", "film"]
    assert marks.read.all()
    assert marks.known.tolist() == [model.hashed, True, True, True, True]
    assert marks.shares[2] > 0
    if not model.hashed:
        without = text.replace("WONDERFUL", "zzyzx")
        p, q = network.score([text, without])
        lost = np.log(p / (1 - p)) - np.log(q / (1 - q))
        assert marks.shares[2] == pytest.approx(lost, abs=1e-4)
    long = network.marks("word " * 300)
    assert long.read.sum() == len(long.shares) == model.length
    assert not long.read[0]
    assert len(network.marks("").shares) == 0


@pytest.mark.slow
def test_tensorflow_vouches_for_the_probability(reader):
    text = "A <b>wonderful</b> film 😍\nwith “quotes” and zzyzx."
    voucher = vouching.vouch(reader, text)
    assert voucher.lstm_core == pytest.approx(reader.read(text).probability, abs=1e-6)
    assert voucher.difference < 1e-5
    assert "tensorflow" in voucher.versions


def test_a_process_that_fails_or_hangs_is_said(reader, monkeypatch):
    real = subprocess.run
    broken = "import sys; sys.exit('vouch: No module named tensorflow')"
    monkeypatch.setattr(
        subprocess, "run", lambda _, **how: real([sys.executable, "-c", broken], **how)
    )
    with pytest.raises(vouching.NoVoucherError, match="No module named tensorflow"):
        vouching.vouch(reader, "A film.")
    monkeypatch.setattr(vouching, "TIME_LIMIT", 0.2)
    hanging = "import time; time.sleep(20)"
    monkeypatch.setattr(
        subprocess, "run", lambda _, **how: real([sys.executable, "-c", hanging], **how)
    )
    with pytest.raises(vouching.NoVoucherError, match="within 0 s"):
        vouching.vouch(reader, "A film.")


def test_what_ships_of_test_reviews_is_short_excerpts():
    rows = failures()["surest"]
    preprocess = Reader.load().preprocess
    assert 0 < len(rows) <= 80
    for row in rows:
        assert len(row["excerpt"]) <= 90
        assert row["word"] in {*words(row["excerpt"]), *preprocess(row["excerpt"]).words}
        assert (row["probability"] >= 0.5) == (row["stars"] <= 4)


def test_failures_add_up_to_the_results():
    results, wrong = measured(), failures()
    for rows in (wrong["by_stars"].values(), wrong["by_length"]):
        reviews = sum(row["reviews"] for row in rows)
        right = sum(row["reviews"] * row["accuracy"] for row in rows)
        assert reviews == results["test"]["reviews"]
        assert right / reviews == pytest.approx(results["test"]["accuracy"], abs=1e-9)

"""What the network that ships learns from its teachers; the teachers are stand-ins that know words."""

import json
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.sentiment import lessons, torch_model
from lstm_core.sentiment.corpus import prepare
from lstm_core.sentiment.lessons import Lessons, as_targets
from lstm_core.sentiment.recipes import SMOKE
from lstm_core.sentiment.teachers import joint_accuracy, joint_opinion

RECIPE = replace(SMOKE, vocabulary=100, features=6)


class Linear:
    """Says 3 of a text with the word that it was told of, and -3 of any other."""

    weights = np.zeros(7)

    def __init__(self, corpus):
        self.good = corpus.vocabulary.ids(["wonderful", "great", "lovely", "superb"])

    def judge(self, texts):
        logits = np.array([3.0 if np.isin(self.good, text).any() else -3.0 for text in texts])
        return np.stack([logits, 5.5 + logits], axis=1)


@pytest.fixture
def corpus(archive, tmp_path, monkeypatch):
    made = prepare(archive, tmp_path, RECIPE, lambda _: None)
    monkeypatch.setattr(lessons, "fit", lambda *_: [])
    monkeypatch.setattr(lessons, "load_best", lambda _, recipe: torch_model.build(recipe))
    monkeypatch.setattr(lessons, "predict", lambda _, texts: Linear(made).judge(texts) / 2)
    monkeypatch.setattr(lessons, "SequenceTeacher", Linear)
    return made


def test_without_an_encoder_the_others_teach_together(corpus, tmp_path):
    recipe = replace(RECIPE, judged=0)
    found = Lessons.of_teachers(tmp_path, recipe, corpus, lambda _: None)
    labelled, unlabelled = corpus.labelled, corpus.unlabelled
    assert (found.targets[labelled, 0] == corpus.labels[labelled]).all()
    thought = Linear(corpus).judge([corpus.texts[row] for row in unlabelled])[:, 0] > 0
    assert ((found.targets[unlabelled, 0] > 0.5) == thought).all()
    assert found.about["teaches"] == "joint"
    assert found.judged.texts == []
    held = corpus.development
    right = (Linear(corpus).judge([corpus.texts[row] for row in held])[:, 0] > 0) == (
        corpus.labels[held] == 1
    )
    assert found.about["development_accuracy"]["network"] == right.mean()


def test_an_encoder_teaches_alone_and_once(corpus, tmp_path, monkeypatch):
    folder = tmp_path / "encoder"
    folder.mkdir()
    rng = np.random.default_rng(0)
    says = np.stack([rng.normal(0, 3, len(corpus.texts)), rng.uniform(1, 10, len(corpus.texts))], 1)
    unasked = corpus.labelled[::2]
    says[unasked] = np.nan
    np.save(folder / "judgements.npy", says.astype(np.float16))
    (folder / "short.txt").write_text("a great hour\nan awful hour\n", encoding="utf-8")
    np.save(folder / "short.npy", np.array([[2.0, 8.0], [-2.0, 2.5]], dtype=np.float16))
    pieces = [("a lovely story", 1), ("boring", 0)] * 5
    lines = [json.dumps({"text": t, "label": label, "stars": 2 + 7 * label}) for t, label in pieces]
    (folder / "held.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    np.save(folder / "held.npy", np.array([[1.0, 8.0], [-1.0, 3.0]] * 5, dtype=np.float16))

    recipe = replace(RECIPE, judged=2)
    found = Lessons.of_teachers(tmp_path, recipe, corpus, lambda _: None)
    asked = np.setdiff1d(corpus.to_learn, unasked)
    np.testing.assert_allclose(found.targets[asked], as_targets(says[asked]), atol=2e-3)
    assert (found.targets[unasked] == corpus.targets()[unasked]).all()
    assert [text.tolist() for text in found.judged.texts] == [
        corpus.vocabulary.ids(words).tolist()
        for words in (["a", "great", "hour"], ["an", "awful", "hour"])
    ]
    np.testing.assert_allclose(found.judged.targets[:, 0], [0.881, 0.119], atol=1e-3)
    np.testing.assert_allclose(found.judged.targets[:, 1], [7 / 9, 1 / 6], atol=1e-3)
    assert found.about["teaches"] == "encoder"
    assert set(found.about["development_accuracy"]) == {
        "network",
        "word sequences",
        "encoder",
        "joint",
    }
    assert found.about["accuracy_on_pieces"]["encoder"] == 1.0
    monkeypatch.setattr(lessons, "fit", None)
    again = Lessons.of_teachers(tmp_path, recipe, corpus, lambda _: None)
    assert (again.judged.targets == found.judged.targets).all()


def test_a_joint_opinion_follows_the_teacher_that_knows():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 400)
    knows = np.stack([4.0 * labels - 2 + rng.normal(0, 1, 400), 3 + 5.0 * labels], axis=1)
    guesses = rng.normal(0, 2, (400, 2))
    held = np.hstack([knows, guesses])
    asked = np.array([[3.0, 8.0, -9.0, 1.0], [-3.0, 3.0, 9.0, 9.0]])
    targets = joint_opinion(held, labels, 2 + 7 * labels, asked)
    assert targets[0, 0] > 0.9
    assert targets[1, 0] < 0.1
    assert targets[0, 1] > targets[1, 1]
    assert joint_accuracy(held, labels) > 0.95
    assert joint_accuracy(guesses, labels) < 0.6

"""Word vectors to start from: read, looked up, put in front of our own."""

import json
import tarfile
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.sentiment import corpus as corpus_module
from lstm_core.sentiment.corpus import prepare
from lstm_core.sentiment.pretrained_vectors import PACKAGE, PretrainedVectors
from lstm_core.sentiment.recipes import SMOKE

ROWS = {"the": [1.0, 2.0], ",": [0.5, 0.5], "film": [3.0, -1.0], "telephone": [0.0, 4.0]}


@pytest.fixture
def package(tmp_path):
    """Return the package as it is fetched, of four words; each row ends with what we leave out."""
    told = {
        "dimensions": 2,
        "words": [*ROWS, "lost"],
        "vectors": {w: [*r, 9, 9] for w, r in ROWS.items()},
    }
    inside = tmp_path / "vectors.json"
    inside.write_text(json.dumps(told))
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(inside, f"package/{PACKAGE}.json")
    return path


def test_the_package_and_the_file_in_it_say_the_same(package):
    packed = PretrainedVectors.read(package)
    plain = PretrainedVectors.read(package.with_name("vectors.json"))
    assert packed.words == plain.words == tuple(ROWS)
    assert np.array_equal(packed.vectors, plain.vectors)
    assert packed.vectors.tolist() == list(ROWS.values())


def test_words_are_looked_up_and_scaled(package):
    found = PretrainedVectors.read(package).of(["film", "unheard", "the"])
    assert found[1].tolist() == [0, 0]
    assert found[[0, 2]].std() == pytest.approx(0.4)
    assert found[0] / found[2] == pytest.approx([3.0, -0.5])


def test_new_words_are_the_likest_of_some(package):
    vectors = PretrainedVectors.read(package)
    assert vectors.like(["telephone"], {"telephone"}, 9) == ["the", "film"]
    assert vectors.like(["film", "unheard"], {}, 2) == ["film", "the"]


def test_a_missing_or_wrong_file_is_said_in_words(tmp_path):
    with pytest.raises(ValueError, match="There are no word vectors at"):
        PretrainedVectors.read(tmp_path / "none.tgz")
    (tmp_path / "wrong.json").write_text('{"words": []}')
    with pytest.raises(ValueError, match="does not hold the word vectors"):
        PretrainedVectors.read(tmp_path / "wrong.json")
    (tmp_path / "wrong.tgz").write_text("no archive")
    with pytest.raises(ValueError, match=PACKAGE):
        PretrainedVectors.read(tmp_path / "wrong.tgz")


def test_they_stand_in_front_of_the_vectors_that_are_learned(
    archive, package, tmp_path, monkeypatch
):
    monkeypatch.setattr(corpus_module, "SUBJECTS", ["the"])
    recipe = replace(SMOKE, vocabulary=100, more_words=1, features=6, pretrained=2)
    corpus = prepare(archive, tmp_path, recipe, lambda _: None, package)
    assert corpus.vocabulary.words[-1] == "telephone"
    assert corpus.vectors.shape == (len(corpus.vocabulary), 6)
    row = int(corpus.vocabulary.ids(["film"])[0])
    given = PretrainedVectors.read(package).of(corpus.vocabulary.words)
    assert np.array_equal(corpus.vectors[row, :2], given[row - 2])
    assert corpus.vectors[row, 2:].any()

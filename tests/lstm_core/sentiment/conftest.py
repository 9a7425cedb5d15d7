"""A small archive in the official layout, of reviews made up by chance, and the shipped reader."""

import io
import random
import tarfile

import pytest

from lstm_core.sentiment.reader import Reader

GOOD = ["wonderful", "great", "lovely", "superb", "moving", "funny"]
BAD = ["dreadful", "boring", "awful", "stupid", "lifeless", "painful"]
NEUTRAL = [
    "the",
    "film",
    "and",
    "its",
    "story",
    "with",
    "a",
    "cast",
    "that",
    "was",
    "in",
    "it",
    "for",
    "an",
    "hour",
]


def made_up_review(label, rng):
    words = [rng.choice(NEUTRAL) for _ in range(rng.randint(8, 40))]
    for _ in range(4):
        words.insert(rng.randrange(len(words)), rng.choice(GOOD if label == "pos" else BAD))
    return " ".join(words).capitalize() + ".<br /><br />"


def write_archive(path, reviews_each=60, mode="w:gz"):
    """Write the official layout: train and test, pos and neg, unsup, and the films' addresses."""
    rng = random.Random(0)
    with tarfile.open(path, mode) as archive:

        def add(name, text):
            info = tarfile.TarInfo(f"aclImdb/{name}")
            content = text.encode()
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))

        for folder, label in [
            *((part, label) for part in ("train", "test") for label in ("pos", "neg")),
            ("train", "unsup"),
        ]:
            films = [f"film/{folder}/{number // 4}/usercomments" for number in range(reviews_each)]
            add(f"{folder}/urls_{label}.txt", "\n".join(films) + "\n")
            for number in range(reviews_each):
                stars = {"pos": 9, "neg": 2, "unsup": 0}[label]
                kind = label if label != "unsup" else rng.choice(["pos", "neg"])
                add(f"{folder}/{label}/{number}_{stars}.txt", made_up_review(kind, rng))
    return path


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    return write_archive(tmp_path_factory.mktemp("data") / "aclImdb_v1.tar.gz")


@pytest.fixture(scope="session")
def reader():
    return Reader.load()

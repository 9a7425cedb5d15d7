"""The whole pipeline on a made-up archive: train, stop, go on, ship, measure."""

import json
import lzma
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.sentiment import fitting, training
from lstm_core.sentiment.__main__ import main
from lstm_core.sentiment.archive import ArchiveError, read_reviews
from lstm_core.sentiment.corpus import prepare
from lstm_core.sentiment.examples import (
    Judged,
    batches,
    batches_each_epoch,
    crop,
    ends,
    epoch_examples,
)
from lstm_core.sentiment.lessons import Lessons
from lstm_core.sentiment.plain_sentences import plain_sentences
from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import Reader
from lstm_core.sentiment.recipes import SMOKE, Recipe, teacher_of
from lstm_core.sentiment.tokenizer import pad
from lstm_core.sentiment.training import train

TINY = replace(
    SMOKE, vocabulary=100, features=6, units=3, batch_size=8, epochs=2, crops=1, sentences=20
)

NONE = Judged.none()


def test_the_archive_is_read_whole_and_split_by_film(archive):
    reviews = list(read_reviews(archive, ("train", "unsup", "test")))
    assert len(reviews) == 5 * 60
    assert {review.label for review in reviews if review.part == "unsup"} == {None}
    assert {(r.label, r.stars) for r in reviews if r.part != "unsup"} == {(1, 9), (0, 2)}
    by_film = {}
    for review in reviews:
        by_film.setdefault(review.movie, set()).add(review.is_development)
    assert all(len(sides) == 1 for sides in by_film.values())
    assert {True, False} == set().union(*by_film.values())


def test_a_missing_or_wrong_archive_is_said_in_words(tmp_path, capsys):
    with pytest.raises(ArchiveError, match=r"No data at .*aclImdb_v1\.tar\.gz"):
        list(read_reviews(tmp_path / "none.tar.gz"))
    (tmp_path / "text.tar.gz").write_text("no archive")
    with pytest.raises(ArchiveError, match="cannot be read as an archive"):
        list(read_reviews(tmp_path / "text.tar.gz"))
    (tmp_path / "cut.tar.xz").write_bytes(lzma.compress(b"x" * 9000)[:60] + b"broken")
    with pytest.raises(ArchiveError, match="cannot be read as an archive"):
        list(read_reviews(tmp_path / "cut.tar.xz"))
    assert main(["train", "--data", str(tmp_path / "none"), "--work", str(tmp_path / "w")]) == 1
    said = capsys.readouterr().err
    assert "--data" in said
    assert "works as it is" in said


def test_batches_hold_every_row_once_and_similar_lengths():
    lengths = np.random.default_rng(0).integers(1, 400, 1000)
    made = batches(lengths, 700, 64, (1, 0))
    assert sorted(np.concatenate(made)) == list(range(1000))
    assert all((rows < 700).all() or (rows >= 700).all() for rows in made)
    assert max(len(rows) for rows in made if rows[0] >= 700) == 128
    spread = np.mean([np.ptp(lengths[rows]) for rows in made])
    assert spread < 120
    again, other = batches(lengths, 700, 64, (1, 0)), batches(lengths, 700, 64, (1, 1))
    assert all((a == b).all() for a, b in zip(made, again, strict=True))
    assert any(len(a) != len(b) or (a != b).any() for a, b in zip(made, other, strict=True))


def test_a_crop_is_whole_sentences_of_its_review():
    end = 9
    review = np.array([2, 3, 4, end, 5, end, 6, 7, 8, 3, end, 4, 4, 4, 4])
    rng = np.random.default_rng(0)
    edges = {0, 4, 6, 11, 15}
    for _ in range(200):
        piece = crop(review, np.array([end]), rng)
        assert len(piece) >= 4
        places = [i for i in edges if np.array_equal(review[i : i + len(piece)], piece)]
        assert any(i + len(piece) in edges for i in places)
    assert crop(np.array([5]), np.array([end]), rng).tolist() == [5]


def test_an_epoch_reads_what_its_recipe_says(archive, tmp_path):
    corpus = prepare(archive, tmp_path, TINY, lambda _: None)
    targets = corpus.targets()
    assert np.isfinite(targets[corpus.labelled]).all()
    assert np.isnan(targets[corpus.unlabelled]).all()
    assert not set(corpus.to_learn) & set(corpus.development)
    targets[corpus.unlabelled] = 0.25
    examples = epoch_examples(corpus, targets, TINY, 0, NONE)
    reviews = len(corpus.labelled) + len(corpus.unlabelled)
    assert examples.reviews == reviews
    assert len(examples.texts) == len(examples.targets) == 2 * reviews + TINY.sentences
    assert np.isfinite(examples.targets).all()
    lengths = np.array([len(text) for text in examples.texts])
    made = batches(lengths, examples.reviews, TINY.batch_size, (1, 0))
    assert len(made) == batches_each_epoch(corpus, TINY, NONE)
    again, other = (epoch_examples(corpus, targets, TINY, epoch, NONE) for epoch in (0, 1))
    assert all((a == b).all() for a, b in zip(examples.texts, again.texts, strict=True))
    assert any(
        len(a) != len(b) or (a != b).any() for a, b in zip(examples.texts, other.texts, strict=True)
    )
    lesson = epoch_examples(corpus, corpus.targets(), teacher_of(TINY), 0, NONE)
    assert len(lesson.texts) == lesson.reviews == len(corpus.labelled)


def test_plain_sentences_mean_what_their_frames_say():
    sentences = {s.text: s.p_positive for s in plain_sentences(4000, (1,))}
    assert all(0 < p < 1 for p in sentences.values())
    assert 0.4 < np.mean(list(sentences.values())) < 0.6
    assert sentences == {s.text: s.p_positive for s in plain_sentences(4000, (1,))}
    for start, side in (("not good", False), ("not terrible", True), ("i don't think the", None)):
        for text, p in sentences.items():
            if side is not None and text.rstrip(".!") == start:
                assert (p > 0.5) == side


def test_no_plain_sentence_is_a_probe():
    probe = {row["text"].lower().rstrip(".!") for row in read_probe()}
    for epoch in range(3):
        made = {s.text.lower().rstrip(".!") for s in plain_sentences(24_000, (1, epoch, 2))}
        assert not probe & made


def test_ends_and_padding():
    assert ends(np.arange(10), 2, 3).tolist() == [0, 1, 7, 8, 9]
    assert ends(np.arange(5), 2, 3).tolist() == [0, 1, 2, 3, 4]
    assert pad([np.array([5]), np.array([6, 7])]).tolist() == [[5, 0], [6, 7]]


class StopError(Exception):
    """Stands for a session that is stopped hard."""


@pytest.mark.slow
def test_train_stop_go_on_ship_and_measure(archive, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fitting, "CHECKPOINT_EVERY", 2)
    alone = replace(TINY, unlabelled=False)
    train(archive, tmp_path / "whole", tmp_path / "a", alone, lambda _: None)

    taken = fitting.batches

    def stopping(lengths, reviews, size, seed):
        made = taken(lengths, reviews, size, seed)
        if seed[1] == 1 and not (tmp_path / "stopped").exists():
            (tmp_path / "stopped").touch()

            def some():
                yield from made[:5]
                raise StopError

            class Cut(list):
                def __getitem__(self, item):
                    return some()

            return Cut(made)
        return made

    monkeypatch.setattr(fitting, "batches", stopping)
    with pytest.raises(StopError):
        train(archive, tmp_path / "cut", tmp_path / "b", alone, lambda _: None)
    said = []
    train(archive, tmp_path / "cut", tmp_path / "b", alone, said.append)
    assert any("Going on from epoch 2, batch 4" in line for line in said)

    one = json.loads((tmp_path / "a" / "training.json").read_text())
    two = json.loads((tmp_path / "b" / "training.json").read_text())
    assert one["history"] == two["history"]
    assert [row["epoch"] for row in one["history"]] == [1, 2, 3], "the second round goes on"
    assert len(one["learned_on"]) == 2
    with np.load(tmp_path / "a" / "network.npz") as a, np.load(tmp_path / "b" / "network.npz") as b:
        assert all((a[name] == b[name]).all() for name in a.files)

    with pytest.raises(ValueError, match="begun with other choices"):
        train(archive, tmp_path / "cut", tmp_path / "b", replace(alone, seed=2), lambda _: None)

    assert main(["evaluate", "--data", str(archive), "--folder", str(tmp_path / "a")]) == 0
    results = json.loads((tmp_path / "a" / "results.json").read_text())
    assert results["test"]["reviews"] == 120
    assert f"{results['test']['accuracy']:.4f}" in (tmp_path / "a" / "MODEL_CARD.md").read_text()
    assert f"test: accuracy {results['test']['accuracy']:.4f}" in capsys.readouterr().out
    assert 0 < Reader.load(tmp_path / "a").read("a lovely film").probability < 1


@pytest.mark.parametrize(("losses", "ships"), [((0.2, 0.3), "reader"), ((0.3, 0.2), "reader-2")])
def test_a_second_round_that_is_worse_leaves_the_network_of_the_first(
    losses, ships, tmp_path, monkeypatch
):
    given = dict(zip(("reader", "reader-2"), losses, strict=True))

    def fit(work, *lesson):
        if (start := lesson[-1]) is not None:
            start.append("learned on")
        return [{"epoch": 1, "development_loss": given[work.name]}]

    monkeypatch.setattr(training, "fit", fit)
    monkeypatch.setattr(training, "load_best", lambda work, _: [work.name])
    monkeypatch.setattr(training, "history", lambda _: {"device": "CPU", "torch": "2"})
    lessons = Lessons(np.empty((0, 2)), NONE, None)
    epochs, network, _ = training._in_rounds(tmp_path, TINY, None, lessons, lambda _: None)
    assert network == [ships]
    assert [row["epoch"] for row in epochs] == [1, 2]


@pytest.mark.slow
def test_the_whole_pipeline_learns_what_can_be_learned(archive, tmp_path):
    recipe = replace(
        TINY, features=16, units=8, epochs=8, learning_rate=2e-2, embedding_dropout=0.0
    )
    train(archive, tmp_path / "work", tmp_path / "out", recipe, lambda _: None)
    record = json.loads((tmp_path / "out" / "training.json").read_text())
    history = record["history"]
    assert record["teachers"]["development_accuracy"]["joint"] > 0.9
    assert max(row["development_accuracy"] for row in history) > 0.9


def test_the_recipe_that_ships_is_the_one_in_the_code():
    from lstm_core.sentiment.reader import ASSETS

    shipped = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
    assert Recipe(**shipped["recipe"]) == Recipe()

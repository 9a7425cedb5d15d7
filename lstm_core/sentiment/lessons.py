"""What the network that ships learns besides labels: what its teachers think together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.corpus import Corpus, Ids, Say, save_arrays
from lstm_core.sentiment.encoder_teacher import read_held_out, read_short_texts
from lstm_core.sentiment.examples import Judged, ends
from lstm_core.sentiment.fitting import fit, load_best, predict
from lstm_core.sentiment.recipes import Recipe, teacher_of
from lstm_core.sentiment.teachers import SequenceTeacher, joint_opinion
from lstm_core.sentiment.tokenizer import Vocabulary, words

Opinions = dict[str, NDArray[np.float64]]
"""Of each teacher, by name, logits and stars of the same texts, (texts, 2)."""


@dataclass(frozen=True)
class Lessons:
    """What is learned, and from whom.

    Attributes:
        targets: for every review of the corpus, (reviews, 2), as ``Examples`` has it.
        judged: short texts as the teachers judged them.
        about: the teachers, for ``training.json``; None if nobody was asked.
    """

    targets: NDArray[np.float32]
    judged: Judged
    about: dict[str, Any] | None

    @classmethod
    def labels_alone(cls, corpus: Corpus) -> Lessons:
        """Return what is learned without teachers."""
        return cls(corpus.targets(), Judged.none(), None)

    @classmethod
    def of_teachers(cls, work: Path, recipe: Recipe, corpus: Corpus, tell: Say) -> Lessons:
        """Train the teachers and let them judge what has no label; once, then from the folder.

        Args:
            work: the work folder; holds the folder ``encoder`` if ``recipe.judged``.
            recipe: of the network that is taught.
            corpus: the reviews.
            tell: called with a line of progress now and then.
        """
        stored, record = work / "lessons.npz", work / "teachers.json"
        if not stored.exists():
            arrays, about = _taught(work, recipe, corpus, tell)
            record.write_text(json.dumps(about, indent=2), encoding="utf-8")
            save_arrays(stored, **arrays)
        with np.load(stored) as arrays:
            texts = np.split(arrays["short_ids"], np.cumsum(arrays["short_lengths"])[:-1])
            judged = Judged(texts if arrays["short_ids"].size else [], arrays["short_targets"])
            about = json.loads(record.read_text(encoding="utf-8"))
            return cls(arrays["targets"], judged, about)


def _taught(
    work: Path, recipe: Recipe, corpus: Corpus, tell: Say
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Ask all teachers; returns the arrays to store, and what is to be told of them."""
    lesson = teacher_of(recipe)
    tell("A first network learns from the labelled reviews ...")
    history = fit(work / "teacher", lesson, corpus, corpus.targets(), tell)
    network = load_best(work / "teacher")
    tell("A linear model of word sequences learns from them too ...")
    linear = SequenceTeacher(corpus)

    def asked(texts: list[Ids], encoder_says: str) -> Opinions:
        shortened = [ends(text, recipe.head, recipe.tail) for text in texts]
        opinions = {"network": predict(network, shortened), "word sequences": linear.judge(texts)}
        if recipe.judged:
            opinions["encoder"] = np.load(work / "encoder" / encoder_says).astype(np.float64)
        return opinions

    held, unlabelled = corpus.development, corpus.unlabelled
    reviews = asked(corpus.texts, "judgements.npy")
    of_held = {name: opinion[held] for name, opinion in reviews.items()}
    targets = corpus.targets()
    targets[unlabelled], joint = _joint(
        of_held,
        corpus.labels[held],
        corpus.stars[held],
        {name: opinion[unlabelled] for name, opinion in reviews.items()},
    )
    about: dict[str, Any] = {
        "network_recipe": asdict(lesson),
        "network_history": history,
        "parameters": {
            "network": network.count_params(),
            "word sequences": int(linear.weights.size),
        },
        "development_accuracy": _accuracies(of_held, corpus.labels[held]) | {"joint": joint},
    }
    arrays: dict[str, NDArray[Any]] = {
        "targets": targets,
        "short_ids": np.array([], dtype=np.int32),
        "short_lengths": np.array([], dtype=np.int64),
        "short_targets": Judged.none().targets,
    }
    if recipe.judged:
        short, of_pieces = _short(work / "encoder", corpus.vocabulary, asked, tell)
        arrays |= short
        about |= of_pieces
    tell(f"Teachers on held-out reviews: {about['development_accuracy']}")
    return arrays, about


def _short(
    encoder: Path, vocabulary: Vocabulary, asked: Callable[[list[Ids], str], Opinions], tell: Say
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Let the teachers judge the short texts; they are weighed on pieces of held-out reviews."""
    pieces, labels, stars = held_out_pieces(encoder, vocabulary)
    texts = [vocabulary.ids(words(text)) for text in read_short_texts(encoder)]
    tell(f"The teachers judge {len(texts):,} short texts ...")
    of_pieces = asked(pieces, "held.npy")
    targets, joint = _joint(of_pieces, labels, stars, asked(texts, "short.npy"))
    arrays: dict[str, NDArray[Any]] = {
        "short_ids": np.concatenate(texts),
        "short_lengths": np.array([len(text) for text in texts]),
        "short_targets": targets,
    }
    accuracy = _accuracies(of_pieces, labels) | {"joint": joint}
    tell(f"Teachers on held-out pieces: {accuracy}")
    return arrays, {"pieces": len(pieces), "accuracy_on_pieces": accuracy}


def held_out_pieces(
    encoder: Path, vocabulary: Vocabulary
) -> tuple[list[Ids], NDArray[np.int64], NDArray[np.int64]]:
    """Read the pieces of held-out reviews: token ids, and their reviews' labels and stars."""
    pieces = read_held_out(encoder)
    labels, stars = (np.array([piece[of] for piece in pieces]) for of in ("label", "stars"))
    return [vocabulary.ids(words(piece["text"])) for piece in pieces], labels, stars


def _joint(
    held: Opinions, labels: NDArray[np.int64], stars: NDArray[np.int64], asked: Opinions
) -> tuple[NDArray[np.float32], float]:
    return joint_opinion(
        np.hstack(list(held.values())), labels, stars, np.hstack(list(asked.values()))
    )


def _accuracies(opinions: Opinions, labels: NDArray[np.int64]) -> dict[str, float]:
    """Compute the share of texts on which each teacher alone is right."""
    positive = labels == 1
    return {name: float(((of[:, 0] > 0) == positive).mean()) for name, of in opinions.items()}

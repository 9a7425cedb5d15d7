"""What the network that ships learns besides labels: what its teachers think together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment import torch_model
from lstm_core.sentiment.corpus import Corpus, Ids, Say, save_arrays
from lstm_core.sentiment.encoder_teacher import as_targets, read_held_out, read_short_texts
from lstm_core.sentiment.examples import Judged, ends
from lstm_core.sentiment.fitting import fit, load_best, predict
from lstm_core.sentiment.recipes import Recipe, teacher_of
from lstm_core.sentiment.teachers import SequenceTeacher, joint_accuracy, joint_opinion
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
    """Ask all teachers; returns the arrays to store, and what is to be told of them.

    The encoder, where it was asked, is right so much more often than the others that their word
    adds hardly anything to its own: all are measured on held-out reviews, and it teaches alone. Without it,
    the others teach together.
    """
    lesson = teacher_of(recipe)
    tell("A first network learns from the labelled reviews ...")
    history = fit(work / "teacher", lesson, corpus, corpus.targets(), tell)
    network = load_best(work / "teacher", lesson)
    tell("A linear model of word sequences learns from them too ...")
    linear = SequenceTeacher(corpus)

    def asked(texts: list[Ids]) -> Opinions:
        shortened = [ends(text, recipe.head, recipe.tail) for text in texts]
        return {"network": predict(network, shortened), "word sequences": linear.judge(texts)}

    held, unlabelled = corpus.development, corpus.unlabelled
    labels, stars = corpus.labels[held], corpus.stars[held]
    of_held = asked([corpus.texts[row] for row in held])
    targets = corpus.targets()
    arrays: dict[str, NDArray[Any]] = {
        "short_ids": np.array([], dtype=np.int32),
        "short_lengths": np.array([], dtype=np.int64),
        "short_targets": Judged.none().targets,
    }
    more: dict[str, Any] = {}
    if recipe.judged:
        judgements = np.load(work / "encoder" / "judgements.npy").astype(np.float64)
        of_held["encoder"] = judgements[held]
        targets = with_opinions(targets, judgements)
        short, more = _short(work / "encoder", corpus.vocabulary, asked, tell)
        arrays |= short
    else:
        opinions = asked([corpus.texts[row] for row in unlabelled])
        targets[unlabelled] = joint_opinion(_beside(of_held), labels, stars, _beside(opinions))
    about: dict[str, Any] = {
        "network_recipe": asdict(lesson),
        "network_history": history,
        "parameters": {
            "network": sum(array.size for array in torch_model.arrays(network)),
            "word sequences": int(linear.weights.size),
        },
        "teaches": "encoder" if recipe.judged else "joint",
        "development_accuracy": _accuracies(of_held, labels),
        **more,
    }
    tell(f"Teachers on held-out reviews: {about['development_accuracy']}")
    return arrays | {"targets": targets}, about


def with_opinions(
    targets: NDArray[np.float32], judgements: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Say what to learn of each review: what the encoder thinks of it, else what is known.

    An opinion says more than a label, which a network learns by heart where a text gives no reason
    for it: learned so, fewer of the reviews that people turned are read right.

    Args:
        targets: what is known, (reviews, 2), NaN where nothing is.
        judgements: logits and stars of the encoder, (reviews, 2), NaN where it was not asked.
    """
    opinions = as_targets(judgements)
    return np.where(np.isfinite(opinions), opinions, targets).astype(np.float32)


def _short(
    encoder: Path, vocabulary: Vocabulary, asked: Callable[[list[Ids]], Opinions], tell: Say
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Collect what the encoder thinks of the short texts; measure all on pieces of held-out reviews."""
    pieces, labels, _ = held_out_pieces(encoder, vocabulary)
    texts = [vocabulary.ids(words(text)) for text in read_short_texts(encoder)]
    of_pieces = asked(pieces) | {"encoder": np.load(encoder / "held.npy").astype(np.float64)}
    arrays: dict[str, NDArray[Any]] = {
        "short_ids": np.concatenate(texts),
        "short_lengths": np.array([len(text) for text in texts]),
        "short_targets": as_targets(np.load(encoder / "short.npy").astype(np.float64)).astype(
            np.float32
        ),
    }
    accuracy = _accuracies(of_pieces, labels)
    tell(f"Teachers on held-out pieces: {accuracy}")
    return arrays, {"pieces": len(pieces), "accuracy_on_pieces": accuracy}


def held_out_pieces(
    encoder: Path, vocabulary: Vocabulary
) -> tuple[list[Ids], NDArray[np.int64], NDArray[np.int64]]:
    """Read the pieces of held-out reviews: token ids, and their reviews' labels and stars."""
    pieces = read_held_out(encoder)
    labels, stars = (np.array([piece[of] for piece in pieces]) for of in ("label", "stars"))
    return [vocabulary.ids(words(piece["text"])) for piece in pieces], labels, stars


def _beside(opinions: Opinions) -> NDArray[np.float64]:
    return np.hstack(list(opinions.values()))


def _accuracies(opinions: Opinions, labels: NDArray[np.int64]) -> dict[str, float]:
    """Compute the share of texts on which each teacher alone is right, and all together."""
    found = {name: float(((of[:, 0] > 0) == (labels == 1)).mean()) for name, of in opinions.items()}
    return found | {"joint": joint_accuracy(_beside(opinions), labels)}

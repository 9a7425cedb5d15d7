"""Train the lecture's three networks with Keras; each goes on from its last whole epoch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.archive import Review, read_reviews
from lstm_core.sentiment.corpus import Say, limited
from lstm_core.sentiment.keras_model import quiet_tensorflow
from lstm_core.sentiment.lecture_models import (
    BATCH,
    FIRST_RANK,
    WORD_FILE,
    Ids,
    LectureModel,
    encode,
    split,
)
from lstm_core.sentiment.versions import versions

if TYPE_CHECKING:
    import keras


def build(model: LectureModel) -> keras.Model:
    """Build a lecture's network in Keras, untrained; ids (batch, length) to a logit (batch, 1)."""
    quiet_tensorflow()
    import keras
    from keras import layers

    keras.utils.set_random_seed(model.seed)
    stack = [
        keras.Input((model.length,), dtype="int32"),
        layers.Embedding(model.words, model.features),
    ]
    if model.bidirectional:
        stack.append(layers.Bidirectional(layers.LSTM(model.units, return_sequences=True)))
        stack.append(layers.Bidirectional(layers.LSTM(model.units)))
    else:
        stack.append(layers.LSTM(model.units))
    network = keras.Sequential([*stack, layers.Dense(1)], name=model.slug.replace("-", "_"))
    network.compile(
        optimizer=keras.optimizers.Adam(model.learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")],
    )
    return network


def train_lecture_model(
    model: LectureModel, archive: Path, work: Path, out: Path, tell: Say = print, limit: int = 0
) -> None:
    """Train one row of the lecture's table; goes on from the last whole epoch of an earlier call.

    Args:
        model: which row.
        archive: the data set's archive.
        work: folder for checkpoints.
        out: folder that gets the weights, the word list and the learning curve.
        tell: called with a line after each epoch.
        limit: keep about so many reviews of each label, for a quick trial; 0 keeps all.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ValueError: if the work folder was begun with other choices.
    """
    import keras

    work.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    reviews = limited(read_reviews(archive, ("train",)), limit)
    learned = [review for review in reviews if not review.is_development]
    words = ranked_words(learned)[: model.words - FIRST_RANK - 1]
    ranks = {word: rank for rank, word in enumerate(words, start=1)}
    train = _arrays(model, learned, ranks)
    held_out = _arrays(model, [review for review in reviews if review.is_development], ranks)

    progress, checkpoint = work / f"{model.slug}.json", work / f"{model.slug}.keras"
    choices = asdict(model) | {"limit": limit}
    history: list[dict[str, float]] = []
    network = build(model)
    if progress.exists():
        begun = json.loads(progress.read_text(encoding="utf-8"))
        if begun["choices"] != choices:
            raise ValueError(f"{progress} was begun with other choices: delete it first.")
        history = begun["history"]
        network = keras.models.load_model(checkpoint)
    while len(history) < model.epochs:
        order = np.random.default_rng((model.seed, len(history))).permutation(len(train[1]))
        fit = network.fit(
            train[0][order],
            train[1][order],
            BATCH,
            verbose=0,
            shuffle=False,
            validation_data=held_out,
        )
        row = {name: float(values[-1]) for name, values in fit.history.items()}
        history.append(
            {
                "epoch": len(history) + 1,
                "train_accuracy": row["accuracy"],
                "development_accuracy": row["val_accuracy"],
                "train_loss": row["loss"],
                "development_loss": row["val_loss"],
            }
        )
        tell(f"{model.title}: " + ", ".join(f"{k} {v:.4g}" for k, v in history[-1].items()))
        network.save(checkpoint)
        so_far = {"choices": choices, "history": history}
        progress.write_text(json.dumps(so_far), encoding="utf-8")

    np.savez(out / f"{model.slug}.npz", **weights(network))  # type: ignore[arg-type]
    (out / WORD_FILE).write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
    record = {
        "command": f"python -m lstm_core.sentiment train-lecture {model.slug}",
        "model": asdict(model),
        "parameters": network.count_params(),
        "reviews": {"train": len(train[1]), "development": len(held_out[1])},
        "history": history,
        "versions": versions("numpy", "keras", "tensorflow"),
    }
    path = out / f"{model.slug}.json"
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def weights(network: keras.Model) -> dict[str, NDArray[np.float16]]:
    """Name the weights of a trained network as ``LectureReader`` wants them, in half precision."""
    embedding, *cells, kernel, bias = network.get_weights()
    named = {"embedding": embedding, "head_kernel": kernel, "head_bias": bias}
    for i in range(0, len(cells), 3):
        for name, array in zip(
            ("kernel", "recurrent_kernel", "bias"), cells[i : i + 3], strict=True
        ):
            named[f"lstm_{i // 3}_{name}"] = array
    return {name: array.astype(np.float16) for name, array in named.items()}


def _arrays(
    model: LectureModel, reviews: Sequence[Review], ranks: dict[str, int]
) -> tuple[Ids, NDArray[np.float32]]:
    ids = np.array([encode(model, review.text, ranks) for review in reviews])
    return ids, np.array([[review.label] for review in reviews], dtype=np.float32)


def ranked_words(reviews: Sequence[Review]) -> list[str]:
    """List the words of reviews by falling frequency, ties in alphabetical order."""
    counts = Counter(word for review in reviews for word in split(review.text))
    return sorted(counts, key=lambda word: (-counts[word], word))

"""Train the sentiment network with Keras: prepare the data once, then learn, stop, go on.

Everything on the way lies in a work folder, so that a training that is stopped goes on from its
last checkpoint, with the batches and dropout masks that it would have had without the stop.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment import keras_model
from lstm_core.sentiment.archive import Review, read_reviews
from lstm_core.sentiment.tokenizer import Vocabulary, pad, tokenize
from lstm_core.sentiment.versions import versions
from lstm_core.sentiment.word_vectors import word_vectors

if TYPE_CHECKING:
    import keras

Ids = NDArray[np.int32]
Say = Callable[[str], None]
CHECKPOINT_EVERY = 100


@dataclass(frozen=True)
class Recipe:
    """Every choice that decides the trained network, to be stored beside it.

    A review longer than ``head + tail`` tokens is learned from its first ``head`` and last
    ``tail`` tokens: openings and verdicts say most. ``limit`` keeps only so many labelled and
    unlabelled reviews, for a quick trial. ``vocabulary`` counts padding and unknown, and is less
    where the reviews hold fewer words.
    """

    vocabulary: int = 30_000
    features: int = 128
    units: int = 64
    head: int = 100
    tail: int = 300
    embedding_dropout: float = 0.3
    layer_dropout: float = 0.3
    head_dropout: float = 0.5
    adversarial_radius: float = 1.5
    learning_rate: float = 1e-3
    batch_size: int = 64
    epochs: int = 6
    seed: int = 1
    limit: int = 0


SMOKE = replace(
    Recipe(),
    vocabulary=500,
    features=8,
    units=4,
    head=10,
    tail=30,
    epochs=2,
    batch_size=16,
    limit=300,
)


@dataclass(frozen=True)
class Dataset:
    """Labelled reviews as token ids, split by movie into a part to learn and one to choose on."""

    train: list[Ids]
    train_labels: NDArray[np.float32]
    development: list[Ids]
    development_labels: NDArray[np.float32]


def train(archive: Path, work: Path, out: Path, recipe: Recipe, say: Say = print) -> None:
    """Train the network and ship it; goes on from where an earlier call was stopped.

    Args:
        archive: the data set's archive.
        work: folder for prepared data and checkpoints; may be deleted afterwards.
        out: folder that gets ``network.keras``, ``network.npz``, ``vocabulary.txt`` and
            ``training.json``.
        recipe: every choice.
        say: called with a line of progress now and then.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ValueError: if the work folder was begun with another recipe.
    """
    work.mkdir(parents=True, exist_ok=True)
    _claim(work, recipe)
    vocabulary, dataset, vectors = prepare(archive, work, recipe, say)
    sized = replace(recipe, vocabulary=len(vocabulary))
    history = _fit(work, sized, dataset, vectors, say)

    keras_model.quiet_tensorflow()
    import keras

    best = keras.models.load_model(work / "best.keras")
    out.mkdir(parents=True, exist_ok=True)
    keras_model.export(best, out / "network.keras", out / "network.npz")
    vocabulary.save(out / "vocabulary.txt")
    record = {
        "command": "python -m lstm_core.sentiment train",
        "recipe": asdict(recipe),
        "reviews": {"train": len(dataset.train), "development": len(dataset.development)},
        "parameters": best.count_params(),
        "history": history,
        "chosen_epoch": _best(history)["epoch"],
        "versions": versions("numpy", "keras", "tensorflow"),
    }
    (out / "training.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    say(f"The trained network is in {out}.")


def prepare(
    archive: Path, work: Path, recipe: Recipe, say: Say
) -> tuple[Vocabulary, Dataset, NDArray[np.float32]]:
    """Read the archive, choose the vocabulary, learn word vectors; once, then from the folder.

    The vocabulary and the vectors come from the reviews to learn from and the unlabelled ones;
    the development reviews take no part in them.
    """
    prepared = work / "prepared.npz"
    if not prepared.exists():
        say("Reading the reviews ...")
        reviews = _limited(read_reviews(archive, ("train", "unsup")), recipe.limit)
        say(f"Splitting {len(reviews):,} reviews into words ...")
        words = [[token.word for token in tokenize(review.text)] for review in reviews]
        counts: Counter[str] = Counter()
        for review, text in zip(reviews, words, strict=True):
            if not review.is_development:
                counts.update(text)
        vocabulary = Vocabulary.from_counts(counts, recipe.vocabulary - 2)
        ids = [vocabulary.ids(text) for text in words]
        say("Learning word vectors ...")
        seen = [
            text for review, text in zip(reviews, ids, strict=True) if not review.is_development
        ]
        vectors = word_vectors(seen, len(vocabulary), recipe.features, recipe.seed)
        labelled = [i for i, review in enumerate(reviews) if review.label is not None]
        kept = [ends(ids[i], recipe.head, recipe.tail) for i in labelled]
        vocabulary.save(work / "vocabulary.txt")
        _save(
            prepared,
            vectors=vectors,
            ids=np.concatenate(kept),
            lengths=np.array([len(text) for text in kept]),
            labels=np.array([reviews[i].label for i in labelled], dtype=np.float32),
            is_development=np.array([reviews[i].is_development for i in labelled]),
        )
    vocabulary = Vocabulary.load(work / "vocabulary.txt")
    with np.load(prepared) as stored:
        texts = np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1])
        labels, held_out, vectors = stored["labels"], stored["is_development"], stored["vectors"]
    dataset = Dataset(
        [text for text, out in zip(texts, held_out, strict=True) if not out],
        labels[~held_out],
        [text for text, out in zip(texts, held_out, strict=True) if out],
        labels[held_out],
    )
    return vocabulary, dataset, vectors


def ends(ids: Ids, head: int, tail: int) -> Ids:
    """Keep the first ``head`` and the last ``tail`` tokens of a text that has more."""
    return ids if len(ids) <= head + tail else np.concatenate([ids[:head], ids[-tail:]])


def batches(
    lengths: NDArray[np.int64], size: int, seed: tuple[int, ...]
) -> list[NDArray[np.int64]]:
    """Shuffle rows into batches of similar length, so that little padding is computed.

    Args:
        lengths: tokens in each row.
        size: rows in a batch.
        seed: the same seed gives the same batches.

    Returns:
        Row indices of each batch; every row is in one batch.
    """
    rng = np.random.default_rng(seed)
    noisy = lengths * rng.uniform(0.9, 1.1, len(lengths))
    order = np.argsort(noisy, kind="stable")
    pieces = [order[i : i + size] for i in range(0, len(order), size)]
    return [pieces[i] for i in rng.permutation(len(pieces))]


def predict(model: keras.Model, texts: list[Ids], batch_size: int = 128) -> NDArray[np.float64]:
    """Compute the logit of every text with Keras, by batches of similar length."""
    logits = np.zeros(len(texts))
    order = np.argsort([len(text) for text in texts], kind="stable")
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        logits[rows] = model.predict_on_batch(pad([texts[i] for i in rows]))[:, 0]
    return logits


def _fit(
    work: Path, recipe: Recipe, dataset: Dataset, vectors: NDArray[np.float32], say: Say
) -> list[dict[str, Any]]:
    """Run the training loop from its last checkpoint to the end; returns a row for each epoch."""
    keras_model.quiet_tensorflow()
    import keras

    lengths = np.array([len(text) for text in dataset.train])
    steps = -(-len(lengths) // recipe.batch_size)
    progress_file, best = work / "progress.json", work / "best.keras"
    if progress_file.exists():
        progress = json.loads(progress_file.read_text(encoding="utf-8"))
        model = keras.models.load_model(work / progress["checkpoint"])
        _set_dropout_states(model, progress["dropout_states"])
        say(f"Going on from epoch {progress['epoch'] + 1}, batch {progress['step']}.")
    else:
        model = keras_model.build(recipe, vectors, perturbed=True)
        schedule = keras.optimizers.schedules.PolynomialDecay(
            recipe.learning_rate, steps * recipe.epochs, end_learning_rate=0.0
        )
        model.compile(optimizer=keras.optimizers.Adam(schedule, global_clipnorm=1.0))
        model.optimizer.build(model.trainable_variables)
        progress = {"epoch": 0, "step": 0, "seen": 0, "loss": 0.0, "right": 0.0, "history": []}

    step = keras_model.training_step(model, recipe.adversarial_radius)
    reader = keras_model.build(recipe)

    def checkpoint() -> None:
        # The old checkpoint goes only after the progress names the new one, so that a stop at any
        # moment leaves a pair that belongs together.
        old = work / progress.get("checkpoint", "none")
        progress["checkpoint"] = f"epoch-{progress['epoch']}-batch-{progress['step']}.keras"
        model.save(work / progress["checkpoint"])
        progress["dropout_states"] = [state.numpy().tolist() for state in _dropout_states(model)]
        text = json.dumps(progress)
        progress_file.with_suffix(".new").write_text(text, encoding="utf-8")
        progress_file.with_suffix(".new").replace(progress_file)
        old.unlink(missing_ok=True)

    clock = Clock()
    while progress["epoch"] < recipe.epochs:
        order = batches(lengths, recipe.batch_size, (recipe.seed, progress["epoch"]))
        for rows in order[progress["step"] :]:
            tokens = pad([dataset.train[i] for i in rows])
            loss, right = step(tokens, dataset.train_labels[rows, np.newaxis])
            progress["step"] += 1
            progress["seen"] += len(rows)
            progress["loss"] += float(loss) * len(rows)
            progress["right"] += float(right) * len(rows)
            if clock.is_due(20):
                left = (recipe.epochs - progress["epoch"]) * len(order) - progress["step"]
                say(_line(progress, recipe, len(order)) + f", {clock.left(left)} left")
            if progress["step"] % CHECKPOINT_EVERY == 0:
                checkpoint()
        reader.set_weights(model.get_weights())
        row = {
            "epoch": progress["epoch"] + 1,
            "train_loss": progress["loss"] / progress["seen"],
            "train_accuracy": progress["right"] / progress["seen"],
            **_measure(reader, dataset),
        }
        progress["history"].append(row)
        if _best(progress["history"]) is row:
            reader.save(best)
        say(f"Epoch {row['epoch']}: " + ", ".join(f"{k} {v:.4f}" for k, v in list(row.items())[1:]))
        progress |= {
            "epoch": progress["epoch"] + 1,
            "step": 0,
            "seen": 0,
            "loss": 0.0,
            "right": 0.0,
        }
        checkpoint()
    return list(progress["history"])


def _dropout_states(model: keras.Model) -> list[Any]:
    """List where each dropout's stream of random numbers stands; Keras does not save it."""
    layers = (layer for layer in model.layers if hasattr(layer, "seed_generator"))
    return [layer.seed_generator.state for layer in layers if layer.seed_generator is not None]


def _set_dropout_states(model: keras.Model, states: list[list[int]]) -> None:
    for variable, state in zip(_dropout_states(model), states, strict=True):
        variable.assign(state)


def _measure(model: keras.Model, dataset: Dataset) -> dict[str, float]:
    """Compute loss and accuracy on the development reviews."""
    logits = predict(model, dataset.development)
    signs = np.where(dataset.development_labels > 0.5, 1.0, -1.0)
    return {
        "development_loss": float(np.logaddexp(0.0, -signs * logits).mean()),
        "development_accuracy": float((logits * signs > 0).mean()),
    }


def _best(history: list[dict[str, Any]]) -> dict[str, Any]:
    return max(history, key=lambda row: row["development_accuracy"])


def _line(progress: dict[str, Any], recipe: Recipe, steps: int) -> str:
    return (
        f"Epoch {progress['epoch'] + 1}/{recipe.epochs}, batch {progress['step']}/{steps}: "
        f"loss {progress['loss'] / progress['seen']:.4f}, "
        f"accuracy {progress['right'] / progress['seen']:.4f}"
    )


class Clock:
    """Paces progress lines and estimates the time that is left."""

    def __init__(self) -> None:
        """Start at the first batch of this call, however many earlier calls ran."""
        self.start = self.last = time.monotonic()
        self.done = 0

    def is_due(self, seconds: float) -> bool:
        """Count one more batch; tell whether the last line is older than ``seconds``."""
        self.done += 1
        if time.monotonic() - self.last < seconds:
            return False
        self.last = time.monotonic()
        return True

    def left(self, batches_left: int) -> str:
        """Estimate the time left from the batches of this call."""
        seconds = (time.monotonic() - self.start) / self.done * batches_left
        return f"{seconds / 60:.0f} min"


def _claim(work: Path, recipe: Recipe) -> None:
    """Tie a work folder to one recipe, so that a checkpoint never goes on with another."""
    path = work / "recipe.json"
    wanted = asdict(recipe)
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != wanted:
        raise ValueError(
            f"{work} holds a training begun with other choices ({path}). "
            "Delete the folder, or name another with --work."
        )
    path.write_text(json.dumps(wanted, indent=2), encoding="utf-8")


def _limited(reviews: Iterator[Review], limit: int) -> list[Review]:
    """Take every review, or about ``limit`` of each label, spread over the whole set."""
    everything = list(reviews)
    if not limit:
        return everything
    chosen = []
    for label in (0, 1, None):
        same = [review for review in everything if review.label == label]
        chosen += same[:: max(1, len(same) // limit)][:limit]
    return chosen


def _save(path: Path, **arrays: NDArray[Any]) -> None:
    """Write an ``.npz`` whole or not at all."""
    fresh = path.with_suffix(".new.npz")
    np.savez(fresh, **arrays)  # type: ignore[arg-type]  # NumPy types the flag, not the arrays.
    fresh.replace(path)

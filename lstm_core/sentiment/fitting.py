"""The training loop: batch by batch, with checkpoints, from wherever an earlier call was stopped."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment import keras_model
from lstm_core.sentiment.corpus import Corpus, Ids, Say
from lstm_core.sentiment.examples import (
    Examples,
    Judged,
    batches,
    batches_each_epoch,
    ends,
    epoch_examples,
)
from lstm_core.sentiment.recipes import Recipe
from lstm_core.sentiment.tokenizer import pad

if TYPE_CHECKING:
    import keras

CHECKPOINT_EVERY = 100
REMEMBERED = 2_000
"""Labelled reviews on which each epoch is measured as it is on the development reviews."""


def load_best(work: Path) -> keras.Model:
    """Load the network of the best epoch of a training."""
    import keras

    return keras.models.load_model(work / "best.keras")


def predict(model: keras.Model, texts: list[Ids], batch_size: int = 128) -> NDArray[np.float64]:
    """Answer with Keras, by batches of similar length.

    Returns:
        The logit of "positive" and the estimated stars of each text, (texts, 2).
    """
    answers = np.zeros((len(texts), 2))
    order = np.argsort([len(text) for text in texts], kind="stable")
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        answers[rows] = model.predict_on_batch(pad([texts[i] for i in rows]))
    answers[:, 1] = 1 + 9 * sigmoid(answers[:, 1])
    return answers


def fit(
    work: Path,
    recipe: Recipe,
    corpus: Corpus,
    targets: NDArray[np.float32],
    tell: Say,
    judged: Judged | None = None,
) -> list[dict[str, Any]]:
    """Run the training loop from its last checkpoint to the end; returns a row for each epoch."""
    work.mkdir(exist_ok=True)
    judged = judged or Judged.none()
    steps = batches_each_epoch(corpus, recipe, judged) * recipe.epochs
    model, progress = _begin(work, recipe, corpus, steps, tell)
    progress_file, best = work / "progress.json", work / "best.keras"
    plain, adversarial = keras_model.training_steps(
        model, recipe.adversarial_radius, recipe.stars_weight
    )
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
        examples = epoch_examples(corpus, targets, recipe, progress["epoch"], judged)
        order = _order(examples, recipe, progress["epoch"])
        for rows in order[progress["step"] :]:
            tokens = pad([examples.texts[i] for i in rows])
            is_review = rows[0] < examples.reviews and recipe.adversarial_radius
            step = adversarial if is_review else plain
            loss = step(tokens, examples.targets[rows])
            progress["step"] += 1
            progress["seen"] += len(rows)
            progress["loss"] += float(loss) * len(rows)
            if clock.is_due(20):
                left = (recipe.epochs - progress["epoch"]) * len(order) - progress["step"]
                tell(_line(progress, recipe, len(order)) + f", {clock.left(left)} left")
            if progress["step"] % CHECKPOINT_EVERY == 0:
                checkpoint()
        reader.set_weights(model.get_weights())
        row = {
            "epoch": progress["epoch"] + 1,
            "loss_while_learning": progress["loss"] / progress["seen"],
            **_measure(reader, corpus, recipe, "train", corpus.labelled[:: _every(corpus)]),
            **_measure(reader, corpus, recipe, "development", corpus.development),
        }
        progress["history"].append(row)
        if best_of(progress["history"]) is row:
            reader.save(best)
        tell(
            f"Epoch {row['epoch']}: " + ", ".join(f"{k} {v:.4f}" for k, v in list(row.items())[1:])
        )
        progress |= {"epoch": progress["epoch"] + 1, "step": 0, "seen": 0, "loss": 0.0}
        checkpoint()
    return list(progress["history"])


def _begin(
    work: Path, recipe: Recipe, corpus: Corpus, steps: int, tell: Say
) -> tuple[keras.Model, dict[str, Any]]:
    """Load the last checkpoint and how far it had come, or build the network and its optimizer."""
    keras_model.quiet_tensorflow()
    import keras

    progress_file = work / "progress.json"
    if progress_file.exists():
        progress: dict[str, Any] = json.loads(progress_file.read_text(encoding="utf-8"))
        model = keras.models.load_model(work / progress["checkpoint"])
        _set_dropout_states(model, progress["dropout_states"])
        tell(f"Going on from epoch {progress['epoch'] + 1}, batch {progress['step']}.")
        return model, progress
    model = keras_model.build(recipe, corpus.vectors, perturbed=True)
    schedule = keras.optimizers.schedules.PolynomialDecay(
        recipe.learning_rate, steps, end_learning_rate=0.0
    )
    model.compile(optimizer=keras.optimizers.Adam(schedule, global_clipnorm=1.0))
    model.optimizer.build(model.trainable_variables)
    return model, {"epoch": 0, "step": 0, "seen": 0, "loss": 0.0, "history": []}


def _order(examples: Examples, recipe: Recipe, epoch: int) -> list[NDArray[np.int64]]:
    lengths = np.array([len(text) for text in examples.texts])
    return batches(lengths, examples.reviews, recipe.batch_size, (recipe.seed, epoch))


def _every(corpus: Corpus) -> int:
    """Tell how far apart the remembered reviews stand among the labelled ones."""
    return -(-len(corpus.labelled) // REMEMBERED)


def _dropout_states(model: keras.Model) -> list[Any]:
    """List where each dropout's stream of random numbers stands; Keras does not save it."""
    layers = (layer for layer in model.layers if hasattr(layer, "seed_generator"))
    return [layer.seed_generator.state for layer in layers if layer.seed_generator is not None]


def _set_dropout_states(model: keras.Model, states: list[list[int]]) -> None:
    for variable, state in zip(_dropout_states(model), states, strict=True):
        variable.assign(state)


def _measure(
    model: keras.Model, corpus: Corpus, recipe: Recipe, name: str, rows: NDArray[np.intp]
) -> dict[str, float]:
    """Compute the polarity's loss and accuracy, and the stars' correlation, on labelled reviews."""
    texts = [ends(corpus.texts[row], recipe.head, recipe.tail) for row in rows]
    logits, stars = predict(model, texts).T
    signs = np.where(corpus.labels[rows] == 1, 1.0, -1.0)
    return {
        f"{name}_loss": float(np.logaddexp(0.0, -signs * logits).mean()),
        f"{name}_accuracy": float((logits * signs > 0).mean()),
        f"{name}_pearson": float(np.corrcoef(stars, corpus.stars[rows])[0, 1]),
    }


def best_of(history: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the row of the epoch whose loss on the development reviews was least.

    The loss tells more than the accuracy, which a handful of reviews near one half can decide.
    """
    return min(history, key=lambda row: row["development_loss"])


def _line(progress: dict[str, Any], recipe: Recipe, steps: int) -> str:
    return (
        f"Epoch {progress['epoch'] + 1}/{recipe.epochs}, batch {progress['step']}/{steps}: "
        f"loss {progress['loss'] / progress['seen']:.4f}"
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

"""Train the sentiment network with Keras: prepare, teach, learn, stop, go on.

Everything on the way lies in a work folder, so that a training that is stopped goes on from its
last checkpoint, with the batches and dropout masks that it would have had without the stop.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment import keras_model
from lstm_core.sentiment.calibration import Calibration
from lstm_core.sentiment.corpus import Corpus, Ids, Say, prepare, save_arrays
from lstm_core.sentiment.encoder_teacher import (
    EncoderRecipe,
    read_held_out,
    read_short_texts,
    teach,
)
from lstm_core.sentiment.examples import (
    Examples,
    Judged,
    batches,
    batches_each_epoch,
    ends,
    epoch_examples,
)
from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.pretrained_vectors import DEFAULT as DEFAULT_VECTORS
from lstm_core.sentiment.reader import Reader, which_are_read
from lstm_core.sentiment.recipes import Recipe, teacher_of
from lstm_core.sentiment.teachers import SequenceTeacher, joint_opinion
from lstm_core.sentiment.tokenizer import pad, words
from lstm_core.sentiment.versions import versions

if TYPE_CHECKING:
    import keras

CHECKPOINT_EVERY = 100
REMEMBERED = 2_000
"""Labelled reviews on which each epoch is measured as it is on the development reviews."""


def train(
    archive: Path,
    work: Path,
    out: Path,
    recipe: Recipe,
    tell: Say = print,
    vectors_file: Path = DEFAULT_VECTORS,
) -> None:
    """Train the network and ship it; goes on from where an earlier call was stopped.

    Args:
        archive: the data set's archive.
        work: folder for prepared data and checkpoints; may be deleted afterwards.
        out: folder that gets ``network.keras``, ``network.npz``, ``vocabulary.txt`` and
            ``training.json``.
        recipe: every choice.
        tell: called with a line of progress now and then.
        vectors_file: pretrained word vectors to start from, if the recipe asks for them.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ImportError: if the recipe asks for the encoder and its packages are missing.
        ValueError: if the work folder was begun with another recipe, or vectors are missing.
    """
    work.mkdir(parents=True, exist_ok=True)
    _claim(work, recipe)
    corpus = prepare(archive, work, recipe, tell, vectors_file)
    sized = replace(recipe, vocabulary=len(corpus.vocabulary))
    targets, teachers, judged = corpus.targets(), None, Judged.none()
    if recipe.judged:
        tell("A pretrained encoder learns from the labelled reviews, and judges the others ...")
        teach(archive, work, EncoderRecipe(), tell=tell)
    if recipe.unlabelled:
        targets, judged, teachers = _taught(work, sized, corpus, tell)
    history = fit(work / "reader", sized, corpus, targets, tell, judged)

    best = load_best(work / "reader")
    out.mkdir(parents=True, exist_ok=True)
    keras_model.export(best, out / "network.keras", out / "network.npz")
    corpus.vocabulary.save(out / "vocabulary.txt")
    _calibrate(out, corpus)
    record = {
        "command": "python -m lstm_core.sentiment train",
        "recipe": asdict(recipe),
        "reviews": {
            "train": len(corpus.labelled),
            "unlabelled": len(corpus.unlabelled) if recipe.unlabelled else 0,
            "short_texts": len(judged.texts),
            "development": len(corpus.development),
        },
        "parameters": best.count_params(),
        "history": history,
        "chosen_epoch": _best(history)["epoch"],
        "teachers": teachers,
        "versions": versions("numpy", "keras", "tensorflow", "scikit-learn", "torch"),
    }
    (out / "training.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    tell(f"The trained network is in {out}.")


def _calibrate(out: Path, corpus: Corpus) -> None:
    """Fit the temperature on the development reviews, read whole as they are when served."""
    reader = Reader(corpus.vocabulary, SentimentNetwork.load(out / "network.npz"))
    held = corpus.development
    texts = [corpus.texts[row][which_are_read(len(corpus.texts[row]))] for row in held]
    logits = reader.score_ids(texts).logit
    fitted = Calibration.fit(logits, corpus.labels[held])
    fitted.save(out, "python -m lstm_core.sentiment train", len(held))


def _taught(
    work: Path, recipe: Recipe, corpus: Corpus, tell: Say
) -> tuple[NDArray[np.float32], Judged, dict[str, Any]]:
    """Train the teachers and let them label what has no label; once, then from the folder."""
    stored, record = work / "targets.npz", work / "teachers.json"
    if not stored.exists():
        lesson = teacher_of(recipe)
        tell("A first network learns from the labelled reviews ...")
        history = fit(work / "teacher", lesson, corpus, corpus.targets(), tell)
        network = load_best(work / "teacher")
        tell("A linear model of word sequences learns from them too ...")
        linear = SequenceTeacher(corpus)

        def judged(texts: list[Ids], encoder: str) -> dict[str, NDArray[np.float64]]:
            shortened = [ends(text, recipe.head, recipe.tail) for text in texts]
            opinions = {
                "network": predict(network, shortened),
                "word sequences": linear.judge(texts),
            }
            if recipe.judged:
                opinions["encoder"] = np.load(work / "encoder" / encoder).astype(np.float64)
            return opinions

        held, asked, targets = corpus.development, corpus.unlabelled, corpus.targets()
        labels, stars = corpus.labels[held], corpus.stars[held]
        reviews = judged(corpus.texts, "judgements.npy")
        opinions = np.hstack(list(reviews.values()))
        targets[asked], joint = joint_opinion(opinions[held], labels, stars, opinions[asked])
        about: dict[str, Any] = {
            "network_recipe": asdict(lesson),
            "network_history": history,
            "development_accuracy": _accuracies(reviews, held, labels) | {"joint": joint},
        }
        arrays = {"targets": targets}
        if recipe.judged:
            pieces = read_held_out(work / "encoder")
            labels, stars = (np.array([piece[of] for piece in pieces]) for of in ("label", "stars"))
            ids = [corpus.vocabulary.ids(words(piece["text"])) for piece in pieces]
            short = [
                corpus.vocabulary.ids(words(one)) for one in read_short_texts(work / "encoder")
            ]
            tell(f"They judge {len(short):,} short texts ...")
            of_pieces, of_short = judged(ids, "held.npy"), judged(short, "short.npy")
            wanted, joint = joint_opinion(
                np.hstack(list(of_pieces.values())),
                labels,
                stars,
                np.hstack(list(of_short.values())),
            )
            about["pieces"] = len(pieces)
            every = np.arange(len(pieces))
            about["accuracy_on_pieces"] = _accuracies(of_pieces, every, labels) | {"joint": joint}
            arrays |= {
                "short_ids": np.concatenate(short),
                "short_lengths": np.array([len(text) for text in short]),
                "short_targets": wanted,
            }
        tell(f"Teachers on held-out texts: {about}")
        record.write_text(json.dumps(about), encoding="utf-8")
        save_arrays(stored, **arrays)
    with np.load(stored) as arrays:
        told = json.loads(record.read_text(encoding="utf-8"))
        return arrays["targets"], _short(arrays), told


def _accuracies(
    judgements: dict[str, NDArray[np.float64]], rows: NDArray[np.intp], labels: NDArray[np.int64]
) -> dict[str, float]:
    """Compute the share of texts on which each teacher alone is right."""
    return {
        name: float(((logits[rows, 0] > 0) == (labels == 1)).mean())
        for name, logits in judgements.items()
    }


def _short(arrays: Any) -> Judged:
    if "short_ids" not in arrays:
        return Judged.none()
    texts = np.split(arrays["short_ids"], np.cumsum(arrays["short_lengths"])[:-1])
    return Judged(texts, arrays["short_targets"])


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
        if _best(progress["history"]) is row:
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


def _best(history: list[dict[str, Any]]) -> dict[str, Any]:
    return max(history, key=lambda row: row["development_accuracy"])


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

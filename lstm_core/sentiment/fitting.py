"""The training loop: batch by batch, with checkpoints, from wherever an earlier call was stopped."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment import torch_model
from lstm_core.sentiment.corpus import Corpus, Ids, Say
from lstm_core.sentiment.encoder import library, save_states
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

CHECKPOINT_EVERY = 200
EPSILON = 1e-7
"""What Adam adds to the root that it divides by, as in Keras."""
REMEMBERED = 2_000
"""Labelled reviews on which each epoch is measured as it is on the development reviews."""


def load_best(work: Path, recipe: Recipe) -> Any:
    """Load the network of the best epoch of a training, as ``torch_model.build`` builds it."""
    network = torch_model.build(recipe)
    network.load_state_dict(library("torch").load(work / "best.pt", map_location="cpu"))
    return network


def predict(network: Any, texts: list[Ids], batch_size: int = 128) -> NDArray[np.float64]:
    """Answer by batches of similar length.

    Returns:
        The logit of "positive" and the estimated stars of each text, (texts, 2).
    """
    torch = library("torch")
    answers = np.zeros((len(texts), 2))
    order = np.argsort([len(text) for text in texts], kind="stable")
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        tokens = torch.from_numpy(pad([texts[i] for i in rows]))
        with torch.inference_mode():
            given = torch_model.answer(network, tokens.to(network["head"].weight.device))
        answers[rows] = given.cpu().numpy()
    answers[:, 1] = 1 + 9 * sigmoid(answers[:, 1])
    return answers


def fit(
    work: Path,
    recipe: Recipe,
    corpus: Corpus,
    targets: NDArray[np.float32],
    tell: Say,
    judged: Judged | None = None,
    start: Any = None,
) -> list[dict[str, Any]]:
    """Run the training loop from its last checkpoint to the end; returns a row for each epoch.

    The work folder gets ``best.pt``, the weights of the best epoch in half precision, in which they
    ship, and ``history.json``. With these two from another machine nothing is left to do.

    Args:
        work: the work folder.
        recipe: every choice.
        corpus: the reviews.
        targets: of every review, as ``Examples`` has them.
        tell: called with a line of progress now and then.
        judged: short texts to learn from besides.
        start: a network to go on with, which changes; a new one if None.
    """
    torch = library("torch")
    work.mkdir(exist_ok=True)
    if len(past := history(work)["epochs"]) == recipe.epochs:
        return list(past)
    judged = judged or Judged.none()
    each = batches_each_epoch(corpus, recipe, judged)
    network = start or torch_model.build(recipe, corpus.vectors)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    learned = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(learned, eps=EPSILON, fused=True)
    progress: dict[str, Any] = {"epoch": 0, "step": 0, "seen": 0, "loss": 0.0, "history": []}
    stored = work / "checkpoint.pt"
    if stored.exists():
        kept = torch.load(stored, map_location=network["head"].weight.device)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        progress = kept["progress"]
        tell(f"Going on from epoch {progress['epoch'] + 1}, batch {progress['step']}.")
    learn = torch_model.learning_step(network, optimizer, recipe)
    clock = Clock()
    while progress["epoch"] < recipe.epochs:
        examples = epoch_examples(corpus, targets, recipe, progress["epoch"], judged)
        order = _order(examples, recipe, progress["epoch"])
        losses: list[Any] = []
        for rows in order[progress["step"] :]:
            done = progress["epoch"] * each + progress["step"]
            # Every step's chance has its own seed, so that a checkpoint need not hold any.
            torch.manual_seed(recipe.seed * 1_000_003 + done)
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * (1 - done / (each * recipe.epochs))
            is_review = bool(rows[0] < examples.reviews) and recipe.adversarial_radius > 0
            tokens = pad([examples.texts[i] for i in rows])
            losses.append(learn(tokens, examples.targets[rows], is_review) * len(rows))
            progress["step"] += 1
            progress["seen"] += len(rows)
            if clock.is_due(20) or progress["step"] % CHECKPOINT_EVERY == 0:
                progress["loss"] += float(sum(losses))
                losses = []
                left = (recipe.epochs - progress["epoch"]) * each - progress["step"]
                tell(_line(progress, recipe, each) + f", {clock.left(left)} left")
                _save(stored, network, optimizer, progress)
        row = {
            "epoch": progress["epoch"] + 1,
            "loss_while_learning": (progress["loss"] + float(sum(losses))) / progress["seen"],
            **_measure(network, corpus, recipe, "train", corpus.labelled[:: _every(corpus)]),
            **_measure(network, corpus, recipe, "development", corpus.development),
        }
        progress["history"].append(row)
        if best_of(progress["history"]) is row:
            halves = {name: weight.half() for name, weight in network.state_dict().items()}
            save_states(work / "best.pt", halves)
        tell(
            f"Epoch {row['epoch']}: " + ", ".join(f"{k} {v:.4f}" for k, v in list(row.items())[1:])
        )
        progress |= {"epoch": progress["epoch"] + 1, "step": 0, "seen": 0, "loss": 0.0}
        _save(stored, network, optimizer, progress)
        about = {"torch": torch.__version__, "device": _device(network)}
        text = json.dumps(about | {"epochs": progress["history"]}, indent=2)
        (work / "history.json").write_text(text + "\n", encoding="utf-8")
    return list(progress["history"])


def history(work: Path) -> dict[str, Any]:
    """Read what ``fit`` left of itself: PyTorch's version, the device, and a row for each epoch."""
    path = work / "history.json"
    if not path.exists():
        return {"epochs": []}
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _device(network: Any) -> str:
    device = network["head"].weight.device
    name = "CPU" if device.type == "cpu" else library("torch").cuda.get_device_name(device)
    return str(name)


def _save(path: Path, network: Any, optimizer: Any, progress: dict[str, Any]) -> None:
    states = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
    save_states(path, states | {"progress": progress})


def _order(examples: Examples, recipe: Recipe, epoch: int) -> list[NDArray[np.int64]]:
    lengths = np.array([len(text) for text in examples.texts])
    return batches(lengths, examples.reviews, recipe.batch_size, (recipe.seed, epoch))


def _every(corpus: Corpus) -> int:
    """Tell how far apart the remembered reviews stand among the labelled ones."""
    return -(-len(corpus.labelled) // REMEMBERED)


def _measure(
    network: Any, corpus: Corpus, recipe: Recipe, name: str, rows: NDArray[np.intp]
) -> dict[str, float]:
    """Compute the polarity's loss and accuracy, and the stars' correlation, on labelled reviews."""
    texts = [ends(corpus.texts[row], recipe.head, recipe.tail) for row in rows]
    logits, stars = predict(network, texts).T
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

"""Train the character network, measure it, and find out what its units follow.

Everything is chosen on the development chapters; the last chapters are read once, at the end. Each
update depends on the recipe and its number alone, and what was carried on is in the checkpoint, so
that a training that was stopped ends with the same network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMState
from lstm_core.text.characters import ASSETS, FEATURES, NETWORK, CharacterNetwork, Ids, correlations
from lstm_core.text.counts import CharacterCounts
from lstm_core.training.long import LongTraining, Say, train_to_the_end

BOOK = ASSETS / "pride_and_prejudice.txt"
RESULTS = ASSETS / "characters.json"
CHAPTER = re.compile(r"^Chapter \d+$", re.MULTILINE)
TRAINED_ON = 48
"""The first so many of the book's 61 chapters are learned from."""
DEVELOPED_ON = 7
"""The next so many decide what is kept; the rest is read once, at the end."""
ORDERS = (3, 4, 5, 6, 7, 8, 9)
WEIGHTS = (1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training.

    Attributes:
        units: of the LSTM.
        batch: stretches of text read side by side.
        steps: characters of a stretch, over which the error goes back.
        epochs: how often the training text is read.
        rate: of Adam at the start; it falls along half a cosine to a fiftieth.
        dropout: share of the hidden state that the readout does not see.
        forgetting: share of the stretches that begin from zeros instead of where the last one
            ended, so that the network knows beginnings, and does not rest on a state run far off.
        max_norm: the gradient is clipped to this joint length.
        seed: of the parameters, the dropout and where each epoch starts.
    """

    units: int = 256
    batch: int = 32
    steps: int = 64
    epochs: int = 26
    rate: float = 0.005
    dropout: float = 0.3
    forgetting: float = 0.04
    max_norm: float = 1.0
    seed: int = 1


@dataclass(frozen=True)
class Parts:
    """The book, cut into what is learned from, what decides, and what measures."""

    training: str
    development: str
    held_out: str


def parts(book: str) -> Parts:
    """Cut a book between its chapters."""
    starts = [heading.start() for heading in CHAPTER.finditer(book)]
    first, second = starts[TRAINED_ON], starts[TRAINED_ON + DEVELOPED_ON]
    return Parts(book[:first], book[first:second], book[second:])


class CharacterTraining(LongTraining):
    """The character network's: after every epoch bits a character are measured on both texts."""

    recipe: Recipe

    def __init__(self, recipe: Recipe, training: str, development: str) -> None:
        """Begin."""
        vocabulary = "".join(sorted(set(training)))
        self.network = CharacterNetwork.initialise(vocabulary, recipe.units, recipe.seed)
        super().__init__(recipe, self.network.parameters)
        self.state: LSTMState | None = None
        self.development = development
        self._ids = self.network.ids(training)
        self._losses: list[float] = []

    @property
    def in_an_epoch(self) -> int:
        """Updates that read the training text once; each epoch starts somewhat later in it."""
        recipe = self.recipe
        return (len(self._ids) // recipe.batch - 1) // recipe.steps - 1

    @property
    def planned(self) -> int:
        """Updates of the whole training."""
        return self.in_an_epoch * self.recipe.epochs

    @property
    def _measures_now(self) -> bool:
        return self.updates % self.in_an_epoch == 0

    def _stretches(self, update: int) -> tuple[Ids, Ids]:
        """Cut what an update reads, and what comes next, (batch, steps) each."""
        recipe = self.recipe
        epoch, place = divmod(update, self.in_an_epoch)
        start = int(np.random.default_rng((recipe.seed, 2, epoch)).integers(recipe.steps))
        start += place * recipe.steps
        rows = self._ids[: len(self._ids) // recipe.batch * recipe.batch].reshape(recipe.batch, -1)
        return rows[:, start : start + recipe.steps], rows[:, start + 1 : start + recipe.steps + 1]

    def _gradients(self) -> Mapping[str, Array]:
        recipe = self.recipe
        if self.updates % self.in_an_epoch == 0:
            self.state = None
        ids, targets = self._stretches(self.updates)
        rng = np.random.default_rng((recipe.seed, 3, self.updates))
        step = self.network.step(ids, targets, self.state, self._mask(ids.shape, rng))
        going_on = (rng.random((recipe.batch, 1)) >= recipe.forgetting).astype(np.float32)
        self.state = LSTMState(*(array * going_on for array in step.state))
        self._losses.append(step.loss)
        return step.gradients

    def _mask(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        recipe = self.recipe
        kept = rng.random((*shape, recipe.units), dtype=np.float32) >= recipe.dropout
        return kept.astype(np.float32) / np.float32(1.0 - recipe.dropout)

    def _measure(self) -> tuple[float, dict[str, float]]:
        bits = float(self.network.bits(self.development).mean())
        learned = float(np.mean(self._losses) / np.log(2.0))
        self._losses.clear()
        return bits, {
            "epoch": self.updates // self.in_an_epoch,
            "training": round(learned, 4),
            "development": round(bits, 4),
        }

    def _progress(self) -> dict[str, Any]:
        return super()._progress() | {"losses": self._losses}

    def _carried(self) -> Mapping[str, Array]:
        return self.state._asdict() if self.state is not None else {}

    def _go_on(self, progress: Mapping[str, Any], carried: Mapping[str, Array]) -> None:
        super()._go_on(progress, carried)
        self.state = LSTMState(**carried) if carried else None
        self._losses = progress["losses"]


def train(recipe: Recipe, folder: Path, tell: Say) -> CharacterTraining:
    """Train to the end; checkpoints are written to the folder."""
    cut = parts(BOOK.read_text(encoding="utf-8"))
    training = CharacterTraining(recipe, cut.training, cut.development)
    train_to_the_end(training, folder / "characters.npz", tell)
    return training


def baseline(cut: Parts) -> dict[str, Any]:
    """Choose order and weight of the count model on the development text, then measure it."""
    tried = []
    counts = CharacterCounts(cut.training, max(ORDERS))
    for counts.order in ORDERS:
        for weight in WEIGHTS:
            bits = float(counts.bits(cut.development, weight).mean())
            tried.append({"order": counts.order, "weight": weight, "development": bits})
    best = min(tried, key=lambda row: row["development"])
    trigram = min((row for row in tried if row["order"] == 3), key=lambda row: row["development"])

    def measured(row: dict[str, float]) -> dict[str, float]:
        counts.order = int(row["order"])
        return row | {"held_out": float(counts.bits(cut.held_out, row["weight"]).mean())}

    return {"best": measured(best), "trigram": measured(trigram)}


def followers(network: CharacterNetwork, cut: Parts) -> list[dict[str, Any]]:
    """Find for each feature the state that follows it most closely.

    The rule: of all units' cell states and hidden states, the one with the largest correlation, in
    size, on the development text; the correlation that counts is then taken on the held-out text.
    """
    chosen, counted = network.read(cut.development), network.read(cut.held_out)
    rows = []
    for name, feature in FEATURES.items():
        best: dict[str, Any] = {"development": 0.0}
        for state in ("cell_state", "hidden_state"):
            by_unit = correlations(feature(cut.development), getattr(chosen, state))
            unit = int(np.argmax(np.abs(by_unit)))
            if abs(by_unit[unit]) > abs(best["development"]):
                best = {"state": state, "unit": unit, "development": float(by_unit[unit])}
        states = getattr(counted, best["state"])[:, [best["unit"]]]
        held_out = float(correlations(feature(cut.held_out), states)[0])
        rows.append({"feature": name} | best | {"held_out": held_out})
    return rows


def ship(training: CharacterTraining, command: str, tell: Say, folder: Path = ASSETS) -> None:
    """Write the network that was best on the development text, and what is measured of it.

    Args:
        training: that has come to its end.
        command: that made it.
        tell: takes a line of progress.
        folder: gets the files, under the names of ``NETWORK`` and ``RESULTS``.
    """
    cut = parts(BOOK.read_text(encoding="utf-8"))
    training.take_the_best()
    training.network.save(folder / NETWORK.name)
    network = CharacterNetwork.load(folder / NETWORK.name)
    held_out = float(network.bits(cut.held_out).mean())
    tell(f"held out: {held_out:.4f} bits a character")
    results = {
        "command": command,
        "recipe": asdict(training.recipe),
        "versions": {"numpy": np.__version__},
        "parameters": network.count,
        "characters": {
            "training": len(cut.training),
            "development": len(cut.development),
            "held_out": len(cut.held_out),
        },
        "bits_per_character": {
            "development": float(network.bits(cut.development).mean()),
            "held_out": held_out,
        },
        "counts": baseline(cut),
        "epochs": training.log,
        "states": spreads(network, cut.development),
        "followers": followers(network, cut),
    }
    text = json.dumps(_rounded(results), indent=1) + "\n"
    (folder / RESULTS.name).write_text(text, encoding="utf-8")
    tell(f"counting: {results['counts']}")


def spreads(network: CharacterNetwork, text: str) -> dict[str, dict[str, list[float]]]:
    """Measure where each unit's states lie: the middle between their 5th and 95th percentile, and
    how far from it those two are.
    """
    trace = network.read(text)
    lie: dict[str, dict[str, list[float]]] = {}
    for state in ("cell_state", "hidden_state"):
        low, high = np.percentile(getattr(trace, state), [5, 95], axis=0)
        lie[state] = {
            "middle": [float(f"{value:.3g}") for value in (high + low) / 2],
            "reach": [float(f"{value:.3g}") for value in (high - low) / 2],
        }
    return lie


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value

"""A plain network and two recurrent ones learn to spot a letter that training shows in front only.

The plain network has a weight of its own for each letter at each position, so that what it learns
of one position it does not know of another, and a word has to be as long as its input is wide. The
recurrent ones use the same weights at every position and read words of any length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.training.learner import Learner
from lstm_core.training.optimizers import Adam
from lstm_core.training.tasks import Batch, Task

LETTERS = "xabcd"
"""The letter to spot, and the letters that words are made of."""

KINDS = ("RNN", "LSTM")
UNITS = 8
UPDATES = 800
WORDS = 400
"""So many words stand behind each share."""


@dataclass(frozen=True)
class Spotting(Task):
    """Say whether a word has an x in it; half of the words have one.

    Attributes:
        length: letters of a word; a word of one letter will do.
        front: an x stands at one of so many positions in front.
    """

    front: int = 3
    name = "spotting"
    says = "Does the word have an x in it?"
    features = len(LETTERS)
    outputs = 2
    classes = True

    def __post_init__(self) -> None:
        """Refuse a word without letters.

        Raises:
            ValueError: if length or front is below 1.
        """
        if min(self.length, self.front) < 1:
            raise ValueError(f"length {self.length} and front {self.front} are to be 1 or more")

    @property
    def baseline(self) -> float:
        """Cross-entropy of a guess between two, in nats."""
        return float(np.log(2.0))

    @property
    def baseline_says(self) -> str:
        """The closed form of the baseline, in words."""
        return "guess: ln 2"

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many words."""
        has_one = rng.integers(0, 2, size)
        places = rng.integers(0, min(self.front, self.length), size)
        return Batch(self.words(has_one, places, rng), has_one)

    def words(
        self, has_one: NDArray[np.intp], places: NDArray[np.intp], rng: np.random.Generator
    ) -> Array:
        """Draw words, one-hot (size, length, features), with an x at a place where one is wanted."""
        letters = rng.integers(1, self.features, (len(has_one), self.length))
        rows = np.flatnonzero(has_one)
        letters[rows, places[rows]] = 0
        return np.asarray(np.eye(self.features)[letters])


@dataclass(frozen=True)
class Comparison:
    """What a plain network and two recurrent ones learned from the same words.

    Attributes:
        length: letters of the longest words of the training; shorter ones come as often.
        front: an x stood at one of so many positions in front.
        recall: by network, the share of the words with an x at a position in which it is found,
            (length,).
        false_alarms: by network, the share of the words without an x in which one is seen.
        accuracy_on_longer: by recurrent network, the share of right answers on words twice as long.
        weight_change: how far training moved the plain network's weights of the x at each position,
            at most, (length,).
        parameters: by network, their number.
    """

    length: int
    front: int
    recall: Mapping[str, Array]
    false_alarms: Mapping[str, float]
    accuracy_on_longer: Mapping[str, float]
    weight_change: Array
    parameters: Mapping[str, int]


def compare(length: int = 6, front: int = 3, seed: int = 0) -> Comparison:
    """Train all three on the same words, and try them with an x at every position.

    The plain network is a cell that takes one step over all letters side by side; where a word
    ends early, it reads zeros.

    Args:
        length: letters of the longest words.
        front: training shows an x at the first so many positions only.
        seed: of the words and of all networks; the same seed gives the same comparison.
    """
    task, wide = Spotting(length, front), _Wide(length, front)
    networks = {"plain": Learner.initialise("RNN", wide, UNITS, seed, np.float64)}
    networks |= {kind: Learner.initialise(kind, task, UNITS, seed, np.float64) for kind in KINDS}
    untrained = networks["plain"].cell.kernel.copy()
    _train(networks, task, np.random.default_rng((seed, 2)))
    change = np.abs(networks["plain"].cell.kernel - untrained)

    rng = np.random.default_rng((seed, 3))
    ones = np.ones(WORDS, dtype=np.intp)
    words_with_x = [task.words(ones, np.full(WORDS, place), rng) for place in range(length)]
    words_without_x = task.words(ones * 0, ones, rng)
    longer = Spotting(2 * length, 2 * length).draw(WORDS, rng)
    return Comparison(
        length,
        front,
        recall={
            name: np.array([_sees_x(network, words, length).mean() for words in words_with_x])
            for name, network in networks.items()
        },
        false_alarms={
            name: float(_sees_x(network, words_without_x, length).mean())
            for name, network in networks.items()
        },
        accuracy_on_longer={
            kind: float((_sees_x(networks[kind], longer.inputs, length) == longer.targets).mean())
            for kind in KINDS
        },
        weight_change=change.reshape(length, len(LETTERS), UNITS)[:, 0].max(axis=-1),
        parameters={name: network.count for name, network in networks.items()},
    )


def side_by_side(words: Array, length: int) -> Array:
    """Lay the letters of words side by side, zeros behind: (size, 1, length x features)."""
    wide = np.zeros((len(words), length, len(LETTERS)))
    wide[:, : words.shape[1]] = words
    return wide.reshape(len(words), 1, -1)


def _train(networks: Mapping[str, Learner], longest: Spotting, rng: np.random.Generator) -> None:
    """Train every network on the same words, of all lengths up to the longest."""
    wide = _Wide(longest.length, longest.front)
    optimizers = {name: Adam(0.01) for name in networks}
    for _ in range(UPDATES):
        task = Spotting(int(rng.integers(1, longest.length + 1)), longest.front)
        batch = task.draw(32, rng)
        at_once = Batch(side_by_side(batch.inputs, longest.length), batch.targets)
        for name, network in networks.items():
            step = network.step(wide, at_once) if name == "plain" else network.step(task, batch)
            optimizers[name].update(network.parameters, step.gradients)


class _Wide(Spotting):
    """The same task for a network that takes all positions at once."""

    @property
    def features(self) -> int:  # type: ignore[override]
        return self.length * len(LETTERS)


def _sees_x(network: Learner, words: Array, length: int) -> NDArray[np.intp]:
    """Answer for each word, 1 if the network sees an x."""
    if network.cell.features != len(LETTERS):
        words = side_by_side(words, length)
    hidden = network.cell.hidden_states(words)[:, -1]
    return np.asarray((hidden @ network.kernel + network.bias).argmax(axis=-1))

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

from lstm_core.arrays import Array
from lstm_core.learner import Learner
from lstm_core.optimizers import Adam
from lstm_core.tasks import Batch, Task

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
        found: by network, the share of the words with an x at a position in which it is found,
            (length,).
        false_alarms: by network, the share of the words without an x in which one is seen.
        longer: by recurrent network, the share of right answers on words twice as long.
        moved: how far training moved the plain network's weights of the x at each position, at
            most, (length,).
        parameters: by network, their number.
    """

    length: int
    front: int
    found: Mapping[str, Array]
    false_alarms: Mapping[str, float]
    longer: Mapping[str, float]
    moved: Array
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
    whole = Spotting(length, front)
    networks = {"plain": Learner.initialise("RNN", _Wide(length, front), UNITS, seed, np.float64)}
    networks |= {kind: Learner.initialise(kind, whole, UNITS, seed, np.float64) for kind in KINDS}
    start = networks["plain"].cell.kernel.copy()
    _train(networks, whole, np.random.default_rng((seed, 2)))

    rng = np.random.default_rng((seed, 3))
    ones, places = np.ones(WORDS, dtype=np.intp), np.arange(length)
    tries = [whole.words(ones, np.full(WORDS, place), rng) for place in places]
    without = whole.words(ones * 0, ones, rng)
    twice = Spotting(2 * length, 2 * length).draw(WORDS, rng)
    moved = np.abs(networks["plain"].cell.kernel - start).reshape(length, len(LETTERS), UNITS)
    return Comparison(
        length,
        front,
        {
            name: np.array([_sees_x(network, words, length).mean() for words in tries])
            for name, network in networks.items()
        },
        {name: float(_sees_x(net, without, length).mean()) for name, net in networks.items()},
        {
            kind: float((_sees_x(networks[kind], twice.inputs, length) == twice.targets).mean())
            for kind in KINDS
        },
        moved[:, 0].max(axis=-1),
        {name: network.count for name, network in networks.items()},
    )


def side_by_side(words: Array, length: int) -> Array:
    """Lay the letters of words side by side, zeros behind: (size, 1, length x features)."""
    wide = np.zeros((len(words), length, len(LETTERS)))
    wide[:, : words.shape[1]] = words
    return wide.reshape(len(words), 1, -1)


def _train(networks: Mapping[str, Learner], whole: Spotting, rng: np.random.Generator) -> None:
    wide = _Wide(whole.length, whole.front)
    optimizers = {name: Adam(0.01) for name in networks}
    for _ in range(UPDATES):
        task = Spotting(int(rng.integers(1, whole.length + 1)), whole.front)
        batch = task.draw(32, rng)
        at_once = Batch(side_by_side(batch.inputs, whole.length), batch.targets)
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

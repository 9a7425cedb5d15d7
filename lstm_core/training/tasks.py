"""Four small tasks that need a memory, each with what can be had without one.

Every task draws as many fresh sequences as are asked for, so that there is nothing to overfit.
Symbols are one-hot. The loss without a memory is a closed form; a network that stays there has
learned nothing of what came before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.messages import later, mark

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Batch:
    """Sequences and what should come out.

    Attributes:
        inputs: (batch, time, features).
        targets: numbers (batch, 1) or classes (batch,) for the last step; classes (batch, time)
            if there is an answer at every step.
    """

    inputs: Array
    targets: Array | Labels


@dataclass(frozen=True)
class Task(ABC):
    """A task of a given length.

    Attributes:
        length: how long a network has to remember, in steps; at least 2.
        name: its key in ``TASKS``, marked for translation, as is ``says``.
    """

    length: int = 30
    name: ClassVar[str]
    says: ClassVar[str]
    features: ClassVar[int]
    outputs: ClassVar[int]
    classes: ClassVar[bool]
    every_step: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse a length that leaves nothing to remember.

        Raises:
            ValueError: if it is below 2.
        """
        if self.length < 2:
            raise ValueError(f"length is {self.length}, expected at least 2")

    @property
    def steps(self) -> int:
        """Number of time steps of a sequence: the length, unless a task needs more."""
        return self.length

    @property
    @abstractmethod
    def baseline(self) -> float:
        """The smallest expected loss without a memory."""

    @property
    @abstractmethod
    def baseline_says(self) -> str:
        """The closed form of the baseline, in words."""

    @abstractmethod
    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many sequences."""


class Adding(Task):
    """Add the two marked numbers of a sequence (Hochreiter and Schmidhuber, 1997).

    Each step has a number from U(0, 1) and a marker; one marker stands in the first half, one in
    the second. Saying 1, the mean of the sum, gives the variance of two such numbers, 2/12.
    """

    name = mark("adding")
    says = mark("Two numbers of the sequence are marked. At the end, say their sum.")
    features = 2
    outputs = 1
    classes = False

    @property
    def baseline(self) -> float:
        """Variance of the sum of two numbers from U(0, 1)."""
        return 2.0 / 12.0

    @property
    def baseline_says(self) -> str:
        """The closed form, in words."""
        return later("always say 1: mean squared error 2/12")

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many sequences."""
        numbers = rng.uniform(0.0, 1.0, (size, self.length))
        markers = np.zeros_like(numbers)
        rows = np.arange(size)
        half = self.length // 2
        markers[rows, rng.integers(0, half, size)] = 1.0
        markers[rows, rng.integers(half, self.length, size)] = 1.0
        inputs = np.stack([numbers, markers], axis=-1)
        return Batch(inputs, (numbers * markers).sum(axis=1, keepdims=True))


class Copying(Task):
    """Repeat symbols after a pause (Hochreiter and Schmidhuber, 1997; Arjovsky et al., 2016).

    ``SYMBOLS`` of ``ALPHABET``, then ``length`` blanks of which the last is the sign to begin,
    then as many blanks as symbols, during which they are to be said in order. At all other steps
    the answer is "blank". Without a memory the blanks are certain and each symbol is a guess.
    """

    SYMBOLS: ClassVar[int] = 3
    ALPHABET: ClassVar[int] = 4
    name = mark("copying")
    says = mark("Read a few symbols, wait, and repeat them in order when the sign comes.")
    features = 6
    outputs = 5
    classes = True
    every_step = True

    @property
    def steps(self) -> int:
        """Symbols, pause, symbols again."""
        return self.length + 2 * self.SYMBOLS

    @property
    def baseline(self) -> float:
        """Cross-entropy in nats a step: symbols ln(alphabet) / steps."""
        return self.SYMBOLS * float(np.log(self.ALPHABET)) / self.steps

    @property
    def baseline_says(self) -> str:
        """The closed form, in words."""
        return later(
            "guess the symbols: {symbols} ln {alphabet} / {steps} a step",
            symbols=self.SYMBOLS,
            alphabet=self.ALPHABET,
            steps=self.steps,
        )

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many sequences; class 0 and feature 0 are the blank, the last is the sign."""
        symbols = rng.integers(1, self.ALPHABET + 1, (size, self.SYMBOLS))
        read = np.zeros((size, self.steps), dtype=np.intp)
        read[:, : self.SYMBOLS] = symbols
        read[:, self.SYMBOLS + self.length - 1] = self.ALPHABET + 1
        answers = np.zeros_like(read)
        answers[:, -self.SYMBOLS :] = symbols
        return Batch(np.eye(self.features)[read], answers)


class TemporalOrder(Task):
    """Say in which order two symbols came (Hochreiter and Schmidhuber, 1997, task 6a).

    Four distractors fill the sequence; A or B stands once in the second tenth and once in the
    sixth tenth. Four classes: AA, AB, BA, BB, equally likely.
    """

    name = mark("temporal order")
    says = mark("Among distractors stand two symbols, A or B each. Say which, in order.")
    features = 6
    outputs = 4
    classes = True

    @property
    def baseline(self) -> float:
        """Cross-entropy of a guess among four, in nats."""
        return float(np.log(4.0))

    @property
    def baseline_says(self) -> str:
        """The closed form, in words."""
        return later("guess among four: ln 4")

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many sequences; features 0 and 1 are A and B."""
        length, rows = self.length, np.arange(size)
        read = rng.integers(2, 6, (size, length))
        first = rng.integers(length // 10, max(length // 5, length // 10 + 1), size)
        late = max(length // 2, length // 5 + 1)
        second = rng.integers(late, max(int(0.6 * length), late + 1), size)
        kinds = rng.integers(0, 2, (size, 2))
        read[rows, first] = kinds[:, 0]
        read[rows, np.minimum(second, length - 1)] = kinds[:, 1]
        return Batch(np.eye(self.features)[read], 2 * kinds[:, 0] + kinds[:, 1])


class Latching(Task):
    """Hold one bit through noise (Bengio, Simard and Frasconi, 1994).

    The first three steps carry the class, +1 or -1, under noise; all later steps are noise alone.
    """

    TOLD: ClassVar[int] = 3
    NOISE: ClassVar[float] = 0.5
    name = mark("latching")
    says = mark("The first three steps say + or −. Then there is only noise. Which was it?")
    features = 1
    outputs = 2
    classes = True

    @property
    def steps(self) -> int:
        """The told steps, then the length."""
        return self.length + self.TOLD

    @property
    def baseline(self) -> float:
        """Cross-entropy of a guess between two, in nats."""
        return float(np.log(2.0))

    @property
    def baseline_says(self) -> str:
        """The closed form, in words."""
        return later("guess between two: ln 2")

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many sequences."""
        kinds = rng.integers(0, 2, size)
        inputs = rng.normal(0.0, self.NOISE, (size, self.steps))
        inputs[:, : self.TOLD] += (2 * kinds - 1)[:, np.newaxis]
        return Batch(inputs[..., np.newaxis], kinds)


TASKS: dict[str, type[Task]] = {
    task.name: task for task in (Adding, Copying, TemporalOrder, Latching)
}

"""A network that reads and writes text, one character at a time.

One LSTM reads one-hot characters; a dense layer turns its hidden state into a logit for each
character that could come next, z = h W + b. Graves: Generating Sequences With Recurrent Neural
Networks, 2013; Karpathy, Johnson and Fei-Fei: Visualizing and Understanding Recurrent Networks,
2015, for the units that follow something in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array, check_shape
from lstm_core.cells.initializers import glorot_uniform
from lstm_core.cells.lstm import LSTMCell, LSTMState, LSTMTrace

Ids = NDArray[np.intp]
ASSETS = Path(__file__).parents[2] / "assets" / "applications"
NETWORK = ASSETS / "characters.npz"
UNKNOWN = -1
"""The id of a character that the training text does not have; it is read as a vector of zeros."""
LARGEST_TEMPERATURE = 5.0


@dataclass(frozen=True)
class CharacterStep:
    """What one way forward and back over a stretch of text gave.

    Attributes:
        loss: mean cross-entropy in nats a character.
        gradients: by the network's parameter names.
        state: after the last character, to go on from; (batch, units) each.
    """

    loss: float
    gradients: dict[str, Array]
    state: LSTMState


class CharacterNetwork:
    """An LSTM over characters, with a readout.

    Attributes:
        vocabulary: the characters that it knows, in the order of their ids.
        cell: reads one-hot vectors of the vocabulary's length.
        kernel: of the readout, (units, characters).
        bias: of the readout, (characters,).
    """

    def __init__(self, vocabulary: str, cell: LSTMCell, kernel: Array, bias: Array) -> None:
        """Join the parts.

        Raises:
            ValueError: if a shape does not fit the vocabulary or the cell.
        """
        check_shape("kernel", kernel, (cell.units, len(vocabulary)))
        check_shape("bias", bias, (len(vocabulary),))
        if cell.features != len(vocabulary):
            raise ValueError(
                f"the cell reads {cell.features} features, the vocabulary has {len(vocabulary)}"
            )
        self.vocabulary = vocabulary
        self.cell = cell
        self.kernel = kernel
        self.bias = bias
        self._ids = {character: place for place, character in enumerate(vocabulary)}

    @classmethod
    def initialise(
        cls, vocabulary: str, units: int, seed: int, dtype: type[np.floating[Any]] = np.float32
    ) -> CharacterNetwork:
        """Make an untrained one as Keras would; the same seed makes the same."""
        cell = LSTMCell.initialise(len(vocabulary), units, seed, dtype)
        rng = np.random.default_rng((seed, 1))
        kernel = glorot_uniform((units, len(vocabulary)), rng).astype(dtype)
        return cls(vocabulary, cell, kernel, np.zeros(len(vocabulary), dtype))

    @classmethod
    def load(cls, path: Path = NETWORK) -> CharacterNetwork:
        """Load a trained one; its numbers are kept in half precision and computed in single."""
        with np.load(path) as kept:
            arrays = {name: kept[name].astype(np.float32) for name in kept if name != "vocabulary"}
            vocabulary = "".join(map(chr, kept["vocabulary"]))
        cell = LSTMCell(arrays["kernel"], arrays["recurrent_kernel"], arrays["bias"])
        return cls(vocabulary, cell, arrays["readout_kernel"], arrays["readout_bias"])

    def save(self, path: Path) -> None:
        """Write it in half precision, so that it ships small."""
        halves: dict[str, Any] = {
            name: array.astype(np.float16) for name, array in self.parameters.items()
        }
        np.savez_compressed(path, vocabulary=np.array([*map(ord, self.vocabulary)]), **halves)

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays that training changes, by name."""
        return self.cell.parameters | {"readout_kernel": self.kernel, "readout_bias": self.bias}

    @property
    def count(self) -> int:
        """Number of parameters."""
        return sum(parameter.size for parameter in self.parameters.values())

    def ids(self, text: str) -> Ids:
        """Look every character up, (time,); one that is not known is ``UNKNOWN``."""
        return np.array([self._ids.get(character, UNKNOWN) for character in text], dtype=np.intp)

    def one_hot(self, ids: Ids) -> Array:
        """Write ids (...,) as vectors (..., characters): a 1 in each, none for an unknown one."""
        places = np.arange(len(self.vocabulary))
        return np.asarray(ids[..., np.newaxis] == places).astype(self.kernel.dtype)

    def logits(self, hidden_state: Array) -> Array:
        """Compute z = h W + b, (..., characters)."""
        return np.asarray(hidden_state @ self.kernel + self.bias)

    def read(self, text: str, state: LSTMState | None = None) -> LSTMTrace:
        """Run over a text of at least one character; keeps everything, (time, units) each."""
        return self.cell.run(self.one_hot(self.ids(text)), state)

    def step(
        self, ids: Ids, targets: Ids, state: LSTMState | None = None, keep: Array | None = None
    ) -> CharacterStep:
        """Go forward and back over stretches of text, cut off from what came before them.

        Args:
            ids: (batch, time).
            targets: the character that comes next, the same shape.
            state: where the last stretch ended; its gradient is not followed (truncated BPTT).
            keep: what the hidden state is multiplied by before the readout, (batch, time, units):
                dropout's mask, already divided by the share that it keeps. None keeps all.
        """
        trace = self.cell.run(self.one_hot(ids), state)
        kept = trace.hidden_state if keep is None else trace.hidden_state * keep
        loss, slope = cross_entropy(self.logits(kept), targets)
        direct = slope @ self.kernel.T
        gradient = self.cell.backward(trace, direct if keep is None else direct * keep)
        flat = slope.reshape(-1, slope.shape[-1])
        gradients = gradient.parameters | {
            "readout_kernel": kept.reshape(-1, kept.shape[-1]).T @ flat,
            "readout_bias": flat.sum(axis=0),
        }
        return CharacterStep(loss, gradients, trace.final_state)

    def bits(self, text: str) -> Array:
        """Measure -log2 p of every character but the first, given all before it, (time - 1,)."""
        ids = self.ids(text)
        state, parts = None, []
        for start in range(0, len(ids) - 1, 4096):
            stop = min(start + 4096, len(ids) - 1)
            trace = self.cell.run(self.one_hot(ids[start:stop]), state)
            state = trace.final_state
            logs = log_probabilities(self.logits(trace.hidden_state).astype(np.float64))
            places = ids[start + 1 : stop + 1, np.newaxis]
            parts.append(-np.take_along_axis(logs, places, axis=-1)[:, 0] / np.log(2.0))
        return np.concatenate(parts)


def log_probabilities(logits: Array, temperature: float = 1.0) -> Array:
    """Compute log softmax(z / T) along the last axis.

    Raises:
        ValueError: if the temperature is not above 0.
    """
    if not temperature > 0.0:
        raise ValueError(f"temperature is {temperature}, expected a number above 0")
    scaled = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    return np.asarray(scaled - np.log(np.exp(scaled).sum(axis=-1, keepdims=True)))


def probabilities(logits: Array, temperature: float = 1.0) -> Array:
    """Compute softmax(z / T) along the last axis, in double precision.

    T below 1 sharpens, towards the largest logit alone; T above 1 flattens, towards all alike.

    Raises:
        ValueError: if the temperature is not above 0.
    """
    return np.asarray(np.exp(log_probabilities(np.asarray(logits, np.float64), temperature)))


def entropy(chances: Array) -> float:
    """Compute -sum p log2 p in bits: how undecided a distribution is."""
    positive = chances[chances > 0.0]
    return float(-(positive * np.log2(positive)).sum())


def cross_entropy(logits: Array, targets: Ids) -> tuple[float, Array]:
    """Compute the mean of -log p(target) in nats, and its gradient by the logits.

    Args:
        logits: (..., characters).
        targets: (...,).
    """
    logs = log_probabilities(logits)
    places = targets[..., np.newaxis]
    losses = -np.take_along_axis(logs, places, axis=-1)
    slope = np.exp(logs)
    np.put_along_axis(slope, places, np.take_along_axis(slope, places, axis=-1) - 1, axis=-1)
    return float(losses.mean()), np.asarray(slope / slope.dtype.type(losses.size))


def draw(chances: Array, rng: np.random.Generator) -> int:
    """Draw an id by its probability: the first whose cumulated share exceeds one uniform number."""
    cumulated = np.cumsum(chances)
    place = np.searchsorted(cumulated, rng.random() * cumulated[-1], side="right")
    return int(min(place, len(chances) - 1))


@dataclass(frozen=True)
class Writing:
    """A text that a network read and went on writing.

    Attributes:
        start: what was given.
        text: what it wrote.
        logits: for the character after the start, (characters,).
        chances: probability with which each written character was drawn, (len(text),).
        cell_state: after reading each character of start and text, (time, units).
        hidden_state: the same of h.
    """

    start: str
    text: str
    logits: Array
    chances: Array
    cell_state: Array
    hidden_state: Array


def write(
    network: CharacterNetwork, start: str, length: int, temperature: float, seed: int
) -> Writing:
    """Read a text and go on writing it; the same arguments write the same.

    Args:
        network: the one that writes.
        start: what it reads first, at least one character.
        length: how many characters it writes.
        temperature: T in softmax(z / T).
        seed: of the draws.

    Raises:
        ValueError: if there is nothing to start from or the temperature is not above 0.
    """
    if not start:
        raise ValueError("there is nothing to start from")
    rng = np.random.default_rng(seed)
    trace = network.read(start)
    cells, hiddens = [trace.cell_state], [trace.hidden_state]
    state = trace.final_state
    logits = first = network.logits(state.hidden_state)
    written, chances = [], []
    for _ in range(length):
        shares = probabilities(logits, temperature)
        place = draw(shares, rng)
        written.append(network.vocabulary[place])
        chances.append(float(shares[place]))
        state = network.cell.step(network.one_hot(np.array(place)), state)
        cells.append(state.cell_state[np.newaxis])
        hiddens.append(state.hidden_state[np.newaxis])
        logits = network.logits(state.hidden_state)
    return Writing(
        start,
        "".join(written),
        first,
        np.array(chances),
        np.concatenate(cells),
        np.concatenate(hiddens),
    )


def inside_quotation(text: str) -> Array:
    """Say of each character whether it stands inside quotation marks, 1 or 0.

    A mark opens or closes; an empty line closes, for a speech of several paragraphs opens anew in
    each of them and closes in the last alone.
    """
    inside, values = False, np.zeros(len(text))
    for place, character in enumerate(text):
        if character == '"':
            inside = not inside
        elif text[place - 1 : place + 1] == "\n\n":
            inside = False
        values[place] = inside
    return values


def place_in_line(text: str) -> Array:
    """Count the characters since the last line break, which is itself 0."""
    values, since = np.zeros(len(text)), 0
    for place, character in enumerate(text):
        since = 0 if character == "\n" else since + 1
        values[place] = since
    return values


def place_in_word(text: str) -> Array:
    """Count the letters of the word so far; 0 between words."""
    values, since = np.zeros(len(text)), 0
    for place, character in enumerate(text):
        since = since + 1 if character.isalpha() else 0
        values[place] = since
    return values


def place_in_sentence(text: str) -> Array:
    """Count the characters since the last full stop, exclamation or question mark."""
    values, since = np.zeros(len(text)), 0
    for place, character in enumerate(text):
        since = 0 if character in ".!?" else since + 1
        values[place] = since
    return values


def _each(characters: str) -> Any:
    def feature(text: str) -> Array:
        return np.array([float(character in characters) for character in text])

    return feature


FEATURES = {
    "inside quotation marks": inside_quotation,
    "place in the line": place_in_line,
    "place in the word": place_in_word,
    "place in the sentence": place_in_sentence,
    "vowel": _each("aeiouAEIOU"),
    "capital letter": _each("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "space or line break": _each(" \n"),
    "punctuation mark": _each(".,;:!?"),
}
"""What a unit could follow: a function from a text to one number for each character."""


def correlations(feature: Array, states: Array) -> Array:
    """Compute Pearson's correlation of one number a step with every unit, (units,).

    A unit or a feature that never changes correlates with nothing: 0.

    Args:
        feature: (time,).
        states: (time, units).
    """
    x = feature - feature.mean()
    y = states.astype(np.float64) - states.mean(axis=0, dtype=np.float64)
    scale = np.sqrt((x**2).sum() * (y**2).sum(axis=0))
    return np.asarray(np.divide(x @ y, scale, out=np.zeros(y.shape[1]), where=scale > 0.0))

"""What moves a unit of the trained network: the words after which, read alone, it is largest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.reader import Reader
from lstm_core.sentiment.tokenizer import FIRST_WORD_ID

FREQUENT = 4000
"""So many words of the vocabulary are tried, the most frequent ones."""


class Moving(NamedTuple):
    """The words after which a unit's hidden state is largest, and those after which it is smallest."""

    up: tuple[tuple[str, float], ...]
    down: tuple[tuple[str, float], ...]


def read_alone(reader: Reader, layer: int, direction: str, count: int = FREQUENT) -> Array:
    """Read each frequent word as a text of its own; the hidden states after it.

    Args:
        reader: the trained network.
        layer: 0 or 1.
        direction: "forward" or "backward".
        count: so many words, the most frequent first.

    Returns:
        (words, units).
    """
    network = reader.network
    vectors = network.embedding[FIRST_WORD_ID : FIRST_WORD_ID + count][:, np.newaxis]
    for below in network.layers.layers[:layer]:
        vectors = below.hidden_states(vectors)
    cell = getattr(network.layers.layers[layer], f"{direction}_cell")
    return np.asarray(cell.hidden_states(vectors)[:, 0])


def moving_words(reader: Reader, hidden: Array, unit: int, count: int = 4) -> Moving:
    """Name the words that move a unit most, up and down, each with the hidden state after it.

    Args:
        reader: the trained network.
        hidden: what ``read_alone`` returned.
        unit: from 0.
        count: so many words each way.
    """
    order = np.argsort(hidden[:, unit], kind="stable")
    words = reader.vocabulary.words

    def named(places: NDArray[np.intp]) -> tuple[tuple[str, float], ...]:
        return tuple((words[place], float(hidden[place, unit])) for place in places)

    return Moving(named(order[::-1][:count]), named(order[:count]))

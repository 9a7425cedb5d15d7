"""One LSTM of the trained network, opened on a sentence: what it computed, and what it matters.

Gates of it can be held at a value and units switched off; the verdict is then read anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.gradients.bptt import WayBack
from lstm_core.sentiment.reader import Reader

LAYERS = ("first", "second")
DIRECTIONS = ("forward", "backward")
RANDOM_DRAWS = 5


@dataclass(frozen=True)
class Opened:
    """One LSTM of the network on one sentence.

    Attributes:
        way: its way back from the logit, as it was trained.
        cell: the LSTM as it ran, with what was changed in it.
        trace: what it computed.
        probability: of "positive", as trained.
        changed: of "positive", with the changes; the same if there are none.
        others: of "positive" with as many other units off, drawn at random, once for each draw.
    """

    way: WayBack
    cell: LSTMCell
    trace: LSTMTrace
    probability: float
    changed: float
    others: tuple[float, ...]

    @property
    def ranking(self) -> NDArray[np.intp]:
        """The units, the one that counts most first: by ``WayBack.importance`` as trained."""
        return np.argsort(-self.way.importance, kind="stable")


def open_up(
    reader: Reader,
    ids: NDArray[np.integer],
    layer: int,
    direction: str,
    held: Mapping[str, float] | None = None,
    off: Sequence[int] = (),
) -> Opened:
    """Read a sentence and look into one LSTM of the network, in double precision.

    Args:
        reader: the trained network.
        ids: of the words, (time,).
        layer: 0 or 1.
        direction: "forward" or "backward"; a backward LSTM reads the last word first, and its
            step 1 is that word.
        held: value of each gate to hold, for all units of this LSTM.
        off: units whose output gate is held at 0, so that nothing of them is seen.
    """
    network = reader.network.doubled
    vectors = network.embed(ids)
    way = network.way_back(vectors, layer, direction)

    def probability(cell: LSTMCell) -> float:
        return _probability(reader, vectors, layer, direction, cell)

    before = probability(way.cell)
    if not held and not off:
        return Opened(way, way.cell, way.trace, before, before, ())
    cell = way.cell.clamped(held or {}).clamped({"output": 0.0} if off else {}, off)
    others = []
    rest = np.setdiff1d(np.arange(way.cell.units), list(off))
    for draw in range(RANDOM_DRAWS if 0 < len(off) <= len(rest) else 0):
        units = np.random.default_rng(draw).choice(rest, len(off), replace=False)
        twin = way.cell.clamped(held or {}).clamped({"output": 0.0}, units.tolist())
        others.append(probability(twin))
    after = network.with_cell(layer, direction, cell).run(vectors)
    trace = getattr(after.layers.layers[layer], direction)
    changed = float(reader.calibration.probability(after.logit))
    return Opened(way, cell, trace, before, changed, tuple(others))


def probability_held(
    reader: Reader,
    ids: NDArray[np.integer],
    layer: int,
    direction: str,
    held: Mapping[str, float],
) -> float:
    """Read a sentence with gates of one LSTM held; the probability of "positive" then.

    Arguments as for ``open_up``.
    """
    network = reader.network.doubled
    cell = getattr(network.layers.layers[layer], f"{direction}_cell").clamped(held)
    return _probability(reader, network.embed(ids), layer, direction, cell)


def _probability(
    reader: Reader, vectors: Array, layer: int, direction: str, cell: LSTMCell
) -> float:
    """Read word vectors with another cell in the place of one LSTM."""
    logit, _ = reader.network.doubled.with_cell(layer, direction, cell).answers(vectors)
    return float(reader.calibration.probability(logit))

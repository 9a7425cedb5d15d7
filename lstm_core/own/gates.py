"""Check my own cell: a table of its gates by step, compared with the cell here gate by gate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.gru import GRUTrace
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.cells.trace import Trace
from lstm_core.messages import Message, later
from lstm_core.own.checking import DOUBLE, SINGLE, printed
from lstm_core.own.layers import FORWARD
from lstm_core.own.mistakes import Mistake, find_mistake
from lstm_core.own.network import Network, NetworkRun
from lstm_core.own.pasted import arrays_of, content_of, matrix, table_of
from lstm_core.own.problems import OwnError, readable

NAMES = {
    "i": "i|input|input ?gate|i ?t",
    "f": "f|forget|forget ?gate|f ?t",
    "g": "g|candidate|cell ?candidate|c ?tilde|c~|g ?t|n|n ?t|h ?tilde|new|new ?gate",
    "o": "o|output ?gate|o ?t",
    "c": "c|cell|cell ?state|c ?t",
    "h": "h|hidden|hidden ?state|h ?t",
    "z": "z|u|update|update ?gate|z ?t",
    "r": "r|reset|reset ?gate|r ?t",
}
"""What the columns of a gate may be called; the unit's number stands behind."""
_COLUMN = re.compile(r"(?P<gate>.*?[^\d\[\](){}_.\- ])[\[\](){}_.\- ]*(?P<unit>\d+)?[\])} ]*")


@dataclass(frozen=True)
class Gates:
    """The gates of somebody's cell.

    Attributes:
        values: (time, units) by letter: i f g o c h of an LSTM, z r g h of a GRU, h of an RNN.
        coarse: half of the last digit that was printed.
        double: whether they came in double precision.
        ignored: columns that are no gate's.
    """

    values: dict[str, Array]
    coarse: float = 0.0
    double: bool = False
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateRow:
    """One gate, compared.

    Attributes:
        gate: its letter.
        largest: difference.
        first_step: at which it parts, from 0; None if it agrees.
        unit: with the largest difference, from 0.
        agrees: whether it is nowhere beyond the tolerance.
    """

    gate: str
    largest: float
    first_step: int | None
    unit: int
    agrees: bool


@dataclass(frozen=True)
class GateComparison:
    """All gates, compared.

    Attributes:
        rows: a gate each, in the order of computation.
        agrees: whether all do.
        mistake: the known one that makes exactly these numbers; None if there is none.
        tried: how many known mistakes were made to see.
        sentence: for people.
        tolerance: how far numbers may differ.
    """

    rows: tuple[GateRow, ...]
    agrees: bool
    mistake: Mistake | None
    tried: int
    sentence: Message
    tolerance: float


def letters_of(trace: Trace) -> dict[str, Array]:
    """The gates and states of a trace by their letters, in the order of computation."""
    if isinstance(trace, LSTMTrace):
        return {
            "i": trace.input_gate,
            "f": trace.forget_gate,
            "g": trace.candidate,
            "c": trace.cell_state,
            "o": trace.output_gate,
            "h": trace.hidden_state,
        }
    if isinstance(trace, GRUTrace):
        return {
            "r": trace.reset_gate,
            "z": trace.update_gate,
            "g": trace.candidate,
            "h": trace.hidden_state,
        }
    return {"h": trace.hidden_state}


def gates_as_csv(trace: Trace) -> str:
    """Write gates as the table that ``read_gates`` reads: an example to follow."""
    columns = {
        f"{letter}_{unit + 1}": values[:, unit]
        for letter, values in letters_of(trace).items()
        for unit in range(values.shape[-1])
    }
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(f"{value:.8f}" for value in row) for row in rows)]
    return "\n".join(lines) + "\n"


def read_gates(source: str | bytes | IO[bytes], name: str = "") -> Gates:
    """Read a table with a row for each step and columns i_1, i_2, f_1 …; or an npz with i, f, g ….

    Raises:
        OwnError: if no column is a gate's.
    """
    data = content_of(source)
    if data.startswith(b"PK\x03\x04") and not name.lower().endswith((".xlsx", ".xlsm")):
        arrays = arrays_of(data, name)
        gates = {_gate(key): np.atleast_2d(array) for key, array in arrays.items() if _gate(key)}
        if gates:
            values = {str(gate): array for gate, array in gates.items()}
            return _checked(Gates(values, 0.0, b"<f8" in data))
        raise OwnError(_no_gates(list(arrays)))
    # A name such as i_1 may look like a number with a unit.
    table = table_of(data, name, headings=1)
    columns: dict[str, dict[int, int]] = {}
    ignored = []
    for place, title in enumerate(table.columns):
        match = _COLUMN.fullmatch(title.strip())
        gate = _gate(match["gate"]) if match else None
        if gate is None or match is None:
            ignored.append(readable(title))
            continue
        columns.setdefault(gate, {})[int(match["unit"] or 0)] = place
    if not columns:
        raise OwnError(_no_gates(list(table.columns)))
    values = {
        gate: matrix(table, [places[unit] for unit in sorted(places)])
        for gate, places in columns.items()
    }
    return _checked(Gates(values, printed(data), False, tuple(ignored)))


def _checked(gates: Gates) -> Gates:
    shapes = {values.shape for values in gates.values.values()}
    if len(shapes) > 1:
        named = ", ".join(f"{gate} {values.shape}" for gate, values in gates.values.items())
        raise OwnError(later("The gates have different shapes: {named}.", named=named))
    return gates


def _gate(title: str) -> str | None:
    word = re.sub(r"[\s_]+", " ", title.strip().lower())
    return next((gate for gate, names in NAMES.items() if re.fullmatch(names, word)), None)


def _no_gates(columns: list[str]) -> Message:
    return later(
        "No column is a gate's. The columns are called i_1, f_1, g_1, o_1, c_1, h_1 and so on, a unit "
        "each; here: {names}.",
        names=", ".join(map(readable, columns[:12])),
    )


def compare_gates(
    network: Network,
    run: NetworkRun,
    gates: Gates | Mapping[str, Array],
    layer: int = 0,
    direction: str = FORWARD,
) -> GateComparison:
    """Compare gates with those of a cell here, and name the mistake if it is a known one.

    Args:
        network: that was opened.
        run: over the same inputs, of one sequence.
        gates: of somebody's cell, in the order in which it read.
        layer: place among the recurrent layers.
        direction: whose cell it is.

    Raises:
        OwnError: if they are of another kind of cell, or of another length or size.
    """
    given = (
        gates if isinstance(gates, Gates) else Gates({k: np.asarray(v) for k, v in gates.items()})
    )
    cell, trace = run.trace(layer, direction)
    mine = letters_of(trace)
    theirs = {gate: given.values[gate] for gate in mine if gate in given.values}
    if not theirs:
        raise OwnError(
            later(
                "The table has the gates {given}; this cell has {mine}.",
                given=" ".join(given.values),
                mine=" ".join(mine),
            )
        )
    shape = next(iter(theirs.values())).shape
    if shape != trace.hidden_state.shape:
        raise OwnError(
            later(
                "The table has {steps} steps of {units} units; the cell here has {my_steps} steps of "
                "{my_units} units.",
                steps=shape[0],
                units=shape[1],
                my_steps=trace.hidden_state.shape[0],
                my_units=trace.hidden_state.shape[1],
            )
        )
    largest = max(float(np.abs(values).max(initial=0.0)) for values in theirs.values())
    exact = DOUBLE if given.double and network.dtype == np.float64 else SINGLE
    tolerance = max(exact * max(1.0, largest), given.coarse)
    rows = tuple(_row(gate, mine[gate], values, tolerance) for gate, values in theirs.items())
    agrees = all(row.agrees for row in rows)
    mistake, tried = None, 0
    if not agrees:
        biases = network.recurrent[layer].two_biases
        two = biases[0 if direction == FORWARD else 1] if biases else None
        mistake, tried = find_mistake(cell, trace, mine, theirs, tolerance, two)
    return GateComparison(rows, agrees, mistake, tried, _sentence(rows, mistake, tried), tolerance)


def _row(gate: str, mine: Array, theirs: Array, tolerance: float) -> GateRow:
    with np.errstate(invalid="ignore"):
        difference = np.abs(mine.astype(np.float64) - theirs)
    difference = np.where(np.isnan(difference), np.inf, difference)
    apart = np.flatnonzero((difference > tolerance).any(axis=1))
    unit = int(np.unravel_index(int(np.argmax(difference)), difference.shape)[1])
    first = int(apart[0]) if len(apart) else None
    return GateRow(gate, float(difference.max()), first, unit, first is None)


def _sentence(rows: tuple[GateRow, ...], mistake: Mistake | None, tried: int) -> Message:
    apart = [row for row in rows if not row.agrees]
    if not apart:
        return later("All gates agree: {gates}.", gates=" ".join(row.gate for row in rows))
    first = min(apart, key=lambda row: row.first_step or 0)
    step = (first.first_step or 0) + 1
    names = " ".join(row.gate for row in apart)
    if mistake is not None:
        return later(
            "Apart from step {step} on: {gates}. These numbers come out if {mistake}",
            step=step,
            gates=names,
            mistake=mistake.sentence,
        )
    return later(
        "Apart from step {step} on: {gates}. None of {tried} known mistakes makes these numbers.",
        step=step,
        gates=names,
        tried=tried,
    )

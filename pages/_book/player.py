"""Everything that the cell player needs of one run, as plain data for the browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arithmetic import Arithmetic, arithmetic
from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUTrace
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.cells.trace import Trace
from pages._book.drawings import TITLES
from pages._book.language import decimal, say, spoken, typed
from pages._book.notation import NAMES, elsewhere
from pages._book.numbers import separators
from pages._book.playing import messages
from pages._book.style import MARKS, Palette
from pages._book.walks import Walk


class Run(dict[str, Any]):
    """What a component that is stepped shows of a run; it is written as JSON once."""

    @cached_property
    def text(self) -> str:
        """All of it as JSON."""
        return json.dumps(self)


UNITS = 8
"""So many units are shown at once."""

TERMS = 12
"""So many terms of a sum are listed; the rest is one line."""

LISTED = 4
"""So many numbers of a vector are written out, and of a longer one fewer."""


def player_data(
    walk: Walk,
    cell: Cell,
    trace: Trace,
    labels: Sequence[str],
    units: Sequence[int],
    front: int,
    colours: Palette,
    before: Trace | None = None,
) -> dict[str, Any]:
    """Collect a run for the player.

    Args:
        walk: what is shown of this kind of cell.
        cell: the cell.
        trace: its run, without a batch axis.
        labels: what was read at each step, as it was typed; the browser shows it as text.
        units: the units shown as squares, from 0, at most ``UNITS``.
        front: the unit whose numbers are written out, one of ``units``.
        colours: of the theme.
        before: an earlier run to compare with, drawn as a faint line.

    Returns:
        Data that can be written as JSON; every number has six digits.
    """
    shown = list(units)
    sums = {gate: arithmetic(cell, trace, gate, front) for gate in walk.gates}
    numbers = quantities(trace) | parts(walk, cell, trace)
    data = {
        "messages": messages("stepping.js", "player.js"),
        "name": walk.name,
        "drawing": walk.draw(),
        "stages": [
            {
                "name": stage.name,
                "title": stage.title,
                "link": stage.link,
                "line": walk.lines[stage.link],
                "formula": stage.formula,
                "sentence": stage.spoken_sentence,
                "gate": stage.gate,
                "elsewhere": elsewhere(walk.name, stage.link, cell.units),
            }
            for stage in walk.stages
        ],
        "notations": {whose: say(name) for whose, name in NAMES.items()},
        "code": list(walk.code),
        "method": walk.method,
        "labels": list(labels),
        "units": shown,
        "front": shown.index(front),
        "values": {key: _rounded(array[:, shown]) for key, array in numbers.items()},
        "texts": {
            "x": _read(trace.inputs, labels),
            "typed": _typed(trace.inputs, labels),
            "joined": _joined(trace),
        },
        "gates": {
            gate: {
                "title": say(TITLES[gate]),
                "value": letter,
                "sum": pre_activation,
                "squash": squash,
                "colour": next(t.colour for t in walk.tracks if t.key == letter),
                **_terms(sums[gate], cell),
            }
            for gate, (letter, pre_activation, squash) in walk.gates.items()
        },
        "tracks": [
            {
                **asdict(track),
                "name": say(track.name),
                "dash": MARKS[track.mark].dash,
                "marker": MARKS[track.mark].marker,
            }
            for track in walk.tracks
        ],
        "panels": [say(panel) for panel in walk.panels],
        "colours": asdict(colours),
        "decimal": separators(spoken())[0],
    }
    if before is not None:
        earlier = quantities(before)
        data["before"] = {
            track.key: _rounded(earlier[track.key][:, front]) for track in walk.tracks
        }
    return data


def component(letter: str, place: int, count: int) -> str:
    """Name one number of a vector, counted from 1: "h[2]"; an index below is a time."""
    return letter if count == 1 else f"{letter}[{place + 1}]"


def parts(walk: Walk, cell: Cell, trace: Trace) -> dict[str, Array]:
    """Name what inputs, hidden state and bias add to each pre-activation, (time, units) each.

    The names are those of a walk's formulas: "xW_f", "hR_f" and "b_f" for the forget gate.
    """
    named: dict[str, Array] = {}
    for gate, (letter, _, _) in walk.gates.items():
        columns = cell.columns(gate)
        kernel, recurrent_kernel = cell.kernel[:, columns], cell.recurrent_kernel[:, columns]
        bias = np.atleast_2d(cell.bias)[:, columns].sum(axis=0)
        named[f"xW_{letter}"] = trace.inputs @ kernel
        named[f"hR_{letter}"] = trace.previous_hidden_state @ recurrent_kernel
        named[f"b_{letter}"] = np.broadcast_to(bias, named[f"xW_{letter}"].shape)
    return named


def quantities(trace: Trace) -> dict[str, Array]:
    """Name every number of a run by the symbol that the walks write, (time, units) each."""
    numbers = {"h": trace.hidden_state, "h_before": trace.previous_hidden_state}
    if isinstance(trace, LSTMTrace):
        numbers |= dict(zip(("z_i", "z_f", "z_g", "z_o"), _blocks(trace, 4), strict=True))
        numbers |= {
            "i": trace.input_gate,
            "f": trace.forget_gate,
            "g": trace.candidate,
            "o": trace.output_gate,
            "c": trace.cell_state,
            "c_before": trace.previous_cell_state,
            "kept": trace.kept,
            "written": trace.written,
            "tanh_c": np.tanh(trace.cell_state),
        }
    elif isinstance(trace, GRUTrace):
        numbers |= dict(zip(("a_z", "a_r", "a_g"), _blocks(trace, 3), strict=True))
        numbers |= {
            "z": trace.update_gate,
            "r": trace.reset_gate,
            "g": trace.candidate,
            "v_g": trace.recurrent_candidate,
            "u_g": numbers["a_g"] - trace.reset_gate * trace.recurrent_candidate,
            "one_minus_z": 1.0 - trace.update_gate,
            "kept": trace.update_gate * trace.previous_hidden_state,
            "written": (1.0 - trace.update_gate) * trace.candidate,
        }
    else:
        numbers["a"] = trace.pre_activation
    return numbers


def _blocks(trace: Trace, count: int) -> list[Array]:
    return np.split(trace.pre_activation, count, axis=-1)


def _rounded(values: Array) -> list[Any]:
    """Keep six significant digits, in double precision, as JSON can hold them."""
    values = np.asarray(values, np.float64)
    with np.errstate(divide="ignore"):
        digits = np.where(values == 0, 0, 5 - np.floor(np.log10(np.abs(values))))
    scale = 10.0 ** np.clip(digits, -250, 250)
    rounded: list[Any] = np.asarray(np.round(values * scale) / scale).tolist()
    return rounded


def _terms(sums: Arithmetic, cell: Cell) -> dict[str, Any]:
    """List the terms of a pre-activation at every step; of many, the largest and the rest."""
    hidden = sums.names[-1].rstrip("0123456789")
    names = [component("x", place, cell.features) for place in range(cell.features)]
    names += [component(hidden, place, cell.units) for place in range(cell.units)]
    products = sums.products
    places: NDArray[np.intp] = np.broadcast_to(np.arange(products.shape[1]), products.shape)
    rest: list[float] = []
    if products.shape[1] > TERMS:
        places = np.argsort(-np.abs(products), axis=-1)[:, :TERMS]
        listed = np.take_along_axis(products, places, axis=-1).sum(axis=-1)
        rest = _rounded(products.sum(axis=-1) - listed)
    return {
        "names": names,
        "weights": _rounded(sums.weights),
        "inputs": _rounded(np.take_along_axis(sums.inputs, places, axis=-1)),
        "places": places.tolist(),
        "bias": _rounded(sums.bias),
        "rest": rest,
        "more": products.shape[1] - places.shape[1],
    }


def _read(inputs: Array, labels: Sequence[str]) -> list[str]:
    """Write what is read at each step: the number or the word, as it was typed."""
    return [f"x = {one}" for one in _typed(inputs, labels)]


def _typed(inputs: Array, labels: Sequence[str]) -> list[str]:
    """Write the number or, in quotation marks, the word of each step."""
    if inputs.shape[1] == 1:
        return [typed(label) for label in labels]
    return [say("“{word}”", word=label) for label in labels]


def _joined(trace: Trace) -> list[str]:
    """Write the joined vector of each step, cut where it is long."""
    joined = np.concatenate([trace.inputs, trace.previous_hidden_state], axis=-1)
    cut = say("; … {count} numbers", count=joined.shape[1])
    more, most = (cut, 1) if joined.shape[1] > LISTED else ("", LISTED)
    listed = ["; ".join(decimal(value, ".3f") for value in row[:most]) for row in joined]
    return [f"[{numbers}{more}]" for numbers in listed]

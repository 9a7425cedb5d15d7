"""Everything that the player of the way back needs of one run, as plain data for the browser.

The error goes back over the same wires that the cell's player draws (``drawings.lstm_drawing``),
each turned round; what is said of a stage stands here too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.bptt import BACK, GROUPS, WayBack
from pages._book.drawings import arrow_head, lstm_drawing
from pages._book.language import mark, once_a_language, say
from pages._book.mathml import formula, in_words
from pages._book.playing import messages
from pages._book.style import Palette

STAGES = dict(
    zip(
        BACK,
        (
            mark("hidden state"),
            mark("output gate"),
            mark("cell state"),
            mark("forget gate"),
            mark("input gate"),
            mark("candidate"),
            mark("pre-activations"),
            mark("weights"),
            mark("to the step before"),
        ),
        strict=True,
    )
)
"""What the stages of the way back are called, marked for translation."""
SCRIPTS = ("stepping.js", "back.js")
STYLES = ("player.css", "back.css")
FORWARD = "forward"
GATES = {"f": "forget", "i": "input", "g": "candidate", "o": "output"}
Wire = tuple[str, int]
"""A wire of the drawing: the link of its part, and its place among the wires of that link."""

ROUTES: dict[str, tuple[tuple[Wire, str], ...]] = {
    "hidden state": ((("h", 3), "hidden_state"),),
    "output gate": ((("o", 1), "output"),),
    "cell state": (
        (("h", 2), "hidden_state"),
        (("h", 1), "hidden_state"),
        (("c", 3), "cell_state"),
    ),
    "forget gate": ((("c", 1), "cell_state"), (("f", 1), "forget")),
    "input gate": ((("c", 2), "cell_state"), (("i", 1), "input")),
    "candidate": ((("c", 2), "cell_state"), (("g", 1), "candidate")),
    "pre-activations": tuple(((letter, 0), gate) for letter, gate in GATES.items()),
    "weights": (),
    "to the step before": (
        (("x", 1), "hidden_state"),
        (("h", 0), "hidden_state"),
        (("c", 0), "cell_state"),
    ),
}
"""Of each stage the wires over which an error goes back, with the colour of each."""
INTO_WEIGHTS: tuple[Wire, ...] = (
    ("x", 0),
    ("h", 0),
    ("x", 1),
    *((letter, 0) for letter in GATES),
)
"""At the stage of the weights x and the state before come in once more, in their own direction."""
USED = {
    FORWARD: ("x", "h_before", "c_before", "f", "i", "g", "o", "kept", "written", "c", "h"),
    "hidden state": ("h",),
    "output gate": ("c",),
    "cell state": ("o", "c"),
    "forget gate": ("c_before",),
    "input gate": ("g",),
    "candidate": ("i",),
    "pre-activations": tuple(GATES),
    "weights": ("x", "h_before"),
    "to the step before": ("f",),
}
"""The numbers of the way forward that each stage uses; the others step back."""


@dataclass(frozen=True)
class Place:
    """Where the number of a stage stands.

    Attributes:
        key: of the number.
        label: what it is called in the drawing.
        stage: that computes it, or that it enters.
        colour: of the quantity.
        wire: beside whose points it stands: at a share of the wire's length, moved by (x, y).
        lasts: whether it stays while the later stages of the step are shown.
    """

    key: str
    label: str
    stage: str
    colour: str
    wire: Wire
    share: float
    moved: tuple[int, int] = (0, 0)
    lasts: bool = True


PLACES = (
    Place("direct", "∂L/∂h", "hidden state", "second", ("h", 3), 0.5, (79, 82), False),
    Place("through", "δz·Rᵀ", "hidden state", "hidden_state", ("h", 3), 0.8, (-8, 0), False),
    Place("dh", "δh", "hidden state", "hidden_state", ("h", 3), 0.1, (92, 4)),
    Place("do", "δo", "output gate", "output", ("o", 1), 0.6, (-6, 19)),
    Place("from_h", "", "cell state", "hidden_state", ("h", 2), 0.5, (74, -2), False),
    Place("cell_through", "δc·f", "cell state", "cell_state", ("c", 3), 0.84, (0, 0), False),
    Place("dc", "δc", "cell state", "cell_state", ("c", 3), 0.26),
    Place("df", "δf", "forget gate", "forget", ("f", 1), 0.26),
    Place("di", "δi", "input gate", "input", ("i", 1), 0.7, (0, -6)),
    Place("dg", "δg", "candidate", "candidate", ("g", 1), 0.2, (-46, 0)),
    *(
        Place(f"dz_{letter}", "δz", "pre-activations", gate, (letter, 0), 0.5, (0, 0), False)
        for letter, gate in GATES.items()
    ),
    *(
        Place(f"share_W_{letter}", "W", "weights", gate, (letter, 0), 0.5, (0, -14), False)
        for letter, gate in GATES.items()
    ),
    *(
        Place(f"share_R_{letter}", "R", "weights", gate, (letter, 0), 0.5, (0, 20), False)
        for letter, gate in GATES.items()
    ),
    Place("back_h", "", "to the step before", "hidden_state", ("h", 0), 0.52),
    Place("back_c", "", "to the step before", "cell_state", ("c", 0), 0.42),
)


def way_back_data(
    way: WayBack, labels: Sequence[str], unit: int, colours: Palette
) -> dict[str, Any]:
    """Collect a way forward and back for the player.

    Args:
        way: forward and back.
        labels: what was read at each step, as it was typed; the browser shows it as text.
        unit: whose numbers are shown, from 0.
        colours: of the theme.

    Returns:
        Data that can be written as JSON; a number that is not finite is None.
    """
    return {
        "messages": messages(*SCRIPTS),
        "drawing": drawing(),
        "labels": list(labels),
        "stages": [
            {"name": name, "title": say(STAGES[name]), "used": list(USED[name])} for name in BACK
        ],
        "forward": {"name": FORWARD, "title": say("all gates"), "used": list(USED[FORWARD])},
        "formulas": formulas(way, unit),
        "sentences": sentences(),
        "values": {
            key: [_short(value) for value in values] for key, values in numbers(way, unit).items()
        },
        "colours": asdict(colours),
    }


@np.errstate(invalid="ignore", over="ignore")
def numbers(way: WayBack, unit: int) -> dict[str, list[float]]:
    """Name every number of one unit's way forward and back, of each step one.

    A gradient that exploded is infinite, and what is computed from it may be no number.
    """
    trace, gradient = way.trace, way.gradient
    squashed = np.tanh(trace.cell_state)
    back = gradient.pre_activation @ way.cell.recurrent_kernel.T
    columns: dict[str, Array] = {
        "f": trace.forget_gate,
        "i": trace.input_gate,
        "g": trace.candidate,
        "o": trace.output_gate,
        "c": trace.cell_state,
        "h": trace.hidden_state,
        "c_before": trace.previous_cell_state,
        "h_before": trace.previous_hidden_state,
        "kept": trace.kept,
        "written": trace.written,
        "tanh_c": squashed,
        "slope_c": 1.0 - squashed**2,
        "direct": way.direct,
        "through": way.through_time,
        "cell_through": way.cell_through_time,
        "from_h": gradient.hidden_state * trace.output_gate * (1.0 - squashed**2),
        "dh": gradient.hidden_state,
        "dc": gradient.cell_state,
        "do": gradient.output_gate,
        "df": gradient.forget_gate,
        "di": gradient.input_gate,
        "dg": gradient.candidate,
        "back_h": back,
        "back_c": gradient.cell_state * trace.forget_gate,
    }
    for letter, gate in GATES.items():
        value = columns[letter]
        columns[f"dz_{letter}"] = gradient.pre_activation[:, way.cell.columns(gate)]
        columns[f"slope_{letter}"] = 1.0 - value**2 if letter == "g" else value * (1.0 - value)
    named = {key: np.asarray(values)[:, unit].tolist() for key, values in columns.items()}
    for group in GROUPS:
        row = largest_row(way, group, unit)
        named[f"share_{group}"] = way.share(group, row, unit).tolist()
        named[f"whole_{group}"] = [float(way.total(group)[row, unit])] * way.steps
    return named


def largest_row(way: WayBack, group: str, unit: int) -> int:
    """Choose the weight of a unit that stands for its group: the one with the largest gradient."""
    return int(np.abs(way.total(group)[:, unit]).argmax())


def _short(value: float) -> float | None:
    """Keep six significant digits, and no minus zero; None for what is not finite."""
    return float(f"{value:.6g}") + 0.0 if math.isfinite(value) else None


# ---- The drawing ----------------------------------------------------------------------------------


@once_a_language
def drawing() -> str:
    """Draw the cell, and over it the errors on their way back, each with its place for a number."""
    cell = re.sub(r' tabindex="0" role="button"', "", lstm_drawing())
    parts = [
        _error(_turned(wires()[wire]), stage, colour)
        for stage, route in ROUTES.items()
        for wire, colour in route
    ]
    parts += [_error(wires()[wire], "weights", "text", lasts=False) for wire in INTO_WEIGHTS]
    parts += [_loss(), *map(_number, PLACES)]
    return cell.replace("</svg>", f"{''.join(parts)}</svg>")


def wires() -> dict[Wire, str]:
    """Find the paths of the cell's wires, by their links and places."""
    paths: dict[Wire, str] = {}
    pattern = r'<g class="wire"[^>]*data-link="(\w+)"[^>]*><path d="([^"]+)"'
    for link, path in re.findall(pattern, lstm_drawing()):
        place = sum(link == other for other, _ in paths)
        paths[link, place] = path
    return paths


def points(path: str) -> list[tuple[int, int]]:
    """List the points of a path of absolute M, H and V commands."""
    corners: list[tuple[int, int]] = []
    x = y = 0
    for part in re.findall(r"[MHV][\d ]+", path):
        values = [int(value) for value in part[1:].split()]
        if part[0] == "M":
            x, y = values
        elif part[0] == "H":
            x = values[0]
        else:
            y = values[0]
        corners.append((x, y))
    return corners


def _turned(path: str) -> str:
    """Write a path from its end to its beginning."""
    (x, y), *rest = reversed(points(path))
    parts = [f"M{x} {y}"]
    for new_x, new_y in rest:
        parts.append(f"V{new_y}" if new_x == x else f"H{new_x}")
        x, y = new_x, new_y
    return " ".join(parts)


def _error(path: str, stage: str, colour: str, lasts: bool = True) -> str:
    return (
        f'<g class="wire error" data-back="{BACK.index(stage)}" data-lasts="{int(lasts)}" '
        f'style="--ink:var(--{colour})">'
        f'<path d="{path}"/><path class="flow" d="{path}"/>{arrow_head(path)}</g>'
    )


def _loss() -> str:
    """Draw the loss below the hidden state, from which the first error comes."""
    left, y = points(wires()["h", 3])[-2]
    x = left + 14
    path = f"M{x} {y + 66} V{y + 8}"
    return (
        f'<g class="wire error" data-back="0" style="--ink:var(--second)"><path d="{path}"/>'
        f'<path class="flow" d="{path}"/>{arrow_head(path)}'
        f'<circle class="loss" cx="{x}" cy="{y + 82}" r="20"/>'
        f'<text class="loss" x="{x}" y="{y + 91}">L</text></g>'
    )


def _number(place: Place) -> str:
    """Place a number of the way back; the player centres its field on this point."""
    x, y = _along(points(wires()[place.wire]), place.share)
    x, y = x + place.moved[0], y + place.moved[1]
    return (
        f'<g class="delta" data-back="{BACK.index(place.stage)}" data-delta="{place.key}" '
        f'data-label="{escape(place.label)}" data-lasts="{int(place.lasts)}" '
        f'transform="translate({x} {y})" style="--ink:var(--{place.colour})">'
        '<rect y="-16" height="32" rx="8"/><text y="9"></text></g>'
    )


def _along(corners: Sequence[tuple[int, int]], share: float) -> tuple[int, int]:
    """Find the point at a share of a path's length."""
    pieces = list(pairwise(corners))
    lengths = [abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pieces]
    left = share * sum(lengths)
    for ((x1, y1), (x2, y2)), length in zip(pieces, lengths, strict=True):
        if left <= length:
            part = left / length
            return round(x1 + part * (x2 - x1)), round(y1 + part * (y2 - y1))
        left -= length
    return corners[-1]


# ---- What is said at each stage -------------------------------------------------------------------


def formulas(way: WayBack, unit: int) -> dict[str, str]:
    """Write the formula of each stage as MathML with places for live numbers."""
    rows = {group: largest_row(way, group, unit) for group in GROUPS}
    shares = "".join(
        f"<div>{group[0]}<sub>{group[2]}</sub>[{rows[group] + 1},{unit + 1}]: "
        + say(
            "{share} of {whole}",
            share=in_words(f"share_{group}"),
            whole=f'<span data-value="whole_{group}" data-format="number"></span>',
        )
        + "</div>"
        for group in _beside_each_other()
    )
    return {
        FORWARD: formula(
            "c_t = f_t c_(t-1) + i_t g_t = {f} · ({c_before}) + {i} · ({g}) = [c]",
            "h_t = o_t tanh( c_t ) = {o} · ({tanh_c}) = [h]",
        ),
        "hidden state": formula("δh_t = ∂L/∂h_t + δz_(t+1) Rᵀ = {direct} + ({through}) = [dh]"),
        "output gate": formula("δo_t = δh_t tanh( c_t ) = ({dh}) · ({tanh_c}) = [do]"),
        "cell state": formula(
            "δc_t = δh_t o_t ( 1 − tanh²( c_t ) ) + δc_(t+1) f_(t+1)",
            "= ({dh}) · {o} · {slope_c} + ({cell_through}) = [dc]",
        ),
        "forget gate": formula("δf_t = δc_t c_(t-1) = ({dc}) · ({c_before}) = [df]"),
        "input gate": formula("δi_t = δc_t g_t = ({dc}) · ({g}) = [di]"),
        "candidate": formula("δg_t = δc_t i_t = ({dc}) · {i} = [dg]"),
        "pre-activations": _pair(
            "δz_f = δf · f ( 1 − f ) = ({df}) · {slope_f} = [dz_f]",
            "δz_i = δi · i ( 1 − i ) = ({di}) · {slope_i} = [dz_i]",
            "δz_g = δg · ( 1 − g² ) = ({dg}) · {slope_g} = [dz_g]",
            "δz_o = δo · o ( 1 − o ) = ({do}) · {slope_o} = [dz_o]",
        ),
        "weights": f'<div class="shares">{shares}</div>',
        "to the step before": _pair(
            "δz_t Rᵀ = [back_h] → h_(t-1)",
            "δc_t f_t = ({dc}) · {f} = [back_c] → c_(t-1)",
        ),
    }


def _beside_each_other() -> list[str]:
    """List the groups of weights as the gates stand in the drawing: W above R."""
    return [f"{symbol}_{letter}" for symbol in "WR" for letter in GATES]


def _pair(*rows: str) -> str:
    return f'<div class="pair">{formula(*rows)}</div>'


SENTENCES: dict[str, tuple[str, Mapping[str, str]]] = {
    FORWARD: (
        mark(
            "Forward: gates and states are computed and <b>kept</b>, because the way back needs every one "
            "of them."
        ),
        {},
    ),
    "hidden state": (
        mark(
            "Two errors meet in the hidden state: {direct} from the loss, {through} from the gates of the "
            "next step."
        ),
        {"direct": "number", "through": "number"},
    ),
    "hidden state/last": (
        mark(
            "The error enters here: {direct} comes from the loss. There is no later step, so nothing "
            "else comes back."
        ),
        {"direct": "number"},
    ),
    "output gate": (
        mark(
            "The output gate multiplied tanh(c) = {tanh_c}, so its delta is δh times that number."
        ),
        {"tanh_c": "number"},
    ),
    "cell state": (
        mark(
            "Two errors meet in the cell state: {from_h} from the hidden state, {cell_through} from the "
            "next cell state."
        ),
        {"from_h": "number", "cell_through": "number"},
    ),
    "forget gate": (
        mark(
            "The forget gate multiplied the old cell state {c_before}, so its delta is δc times that "
            "number."
        ),
        {"c_before": "number"},
    ),
    "input gate": (
        mark("The input gate multiplied the candidate {g}, so its delta is δc times that number."),
        {"g": "number"},
    ),
    "candidate": (
        mark(
            "The input gate {i} multiplied the candidate. With a gate of 0 nothing would come back to it."
        ),
        {"i": "number"},
    ),
    "pre-activations": (
        mark(
            "Each delta is multiplied by the slope of its sigmoid or tanh. A saturated gate has a slope "
            "near 0."
        ),
        {},
    ),
    "weights": (
        mark(
            "Each weight gets δz times what it multiplied: x for W, the old h for R. Bold: the share of "
            "this step in the sum."
        ),
        {},
    ),
    "to the step before": (
        mark(
            "Two numbers go on to step {t_before}: {back_h} to its hidden state, {back_c} to its cell "
            "state."
        ),
        {"t_before": "count", "back_h": "number", "back_c": "number"},
    ),
    "to the step before/first": (
        mark(
            "There is no step before. These are the gradients of the initial states: {back_h} and "
            "{back_c}."
        ),
        {"back_h": "number", "back_c": "number"},
    ),
}
"""What is said at each stage, with the format of every number; HTML, marked for translation."""


@once_a_language
def sentences() -> dict[str, str]:
    """Write the sentence of each stage in the language that is spoken, with places for numbers."""
    return {
        name: say(sentence, **{key: in_words(key, form) for key, form in places.items()})
        if places
        else say(sentence)
        for name, (sentence, places) in SENTENCES.items()
    }

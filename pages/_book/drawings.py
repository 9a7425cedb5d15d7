"""The cells as SVG drawings without numbers; the player fills them in, step by step.

Every part carries the place of the stage that it belongs to (``data-stage``), and what it stands
for (``data-link``), so that a page can light it. Colours are CSS variables named after the fields
of a ``Palette``; a quantity's wire has the dash that its curve has.
"""

from __future__ import annotations

from html import escape

from pages._book.language import mark, say
from pages._book.style import MARKS

TITLES = {
    "forget": mark("forget gate"),
    "input": mark("input gate"),
    "candidate": mark("candidate"),
    "output": mark("output gate"),
    "reset": mark("reset gate"),
    "update": mark("update gate"),
    "hidden": mark("hidden state"),
    "weights": mark("weights"),
}
"""What the blocks of weights of all cells are called."""
PILL = (132, 34)
DASHES = {"solid": "", "dash": "14 6", "dot": "3 6", "dashdot": "14 5 3 5"}


def lstm_drawing() -> str:
    """Draw the LSTM cell; stages as in ``walks.LSTM``."""
    pen = _Pen()
    pen.box(146, 36, 754, 424)
    pen.value("c_before", 6, 50, 0, "cell_state", "c")
    pen.value("h_before", 6, 344, 0, "hidden_state", "h")
    pen.wire("M10 110 H234", 0, "cell_state", "c")
    pen.wire("M10 410 H190", 0, "hidden_state", "h")
    pen.wire("M190 520 V410", 0, "text", "x")
    pen.wire("M190 410 H692", 0, "text", "x")
    pen.text_value("x", 206, 500, 0)

    pen.wire("M250 410 V350", 1, "forget", "f", arrow=True)
    pen.wire("M250 300 V128", 1, "forget", "f", arrow=True)
    pen.gate(250, 325, "σ", "forget", "f", 1)
    pen.value("f", 260, 190, 1, "forget", "f")

    pen.wire("M396 410 V350", 2, "input", "i", arrow=True)
    pen.wire("M396 300 V206 H522", 2, "input", "i", arrow=True)
    pen.gate(396, 325, "σ", "input", "i", 2)
    pen.value("i", 404, 240, 2, "input", "i")

    pen.wire("M540 410 V350", 3, "candidate", "g", arrow=True)
    pen.wire("M540 300 V224", 3, "candidate", "g", arrow=True)
    pen.gate(540, 325, "tanh", "candidate", "g", 3)
    pen.value("g", 550, 240, 3, "candidate", "g")

    pen.wire("M268 110 H522", 4, "cell_state", "c", arrow=True)
    pen.wire("M540 188 V128", 4, "cell_state", "c", arrow=True)
    pen.wire("M558 110 H1030", 4, "cell_state", "c", arrow=True)
    pen.node(250, 110, "×", "f · c", 4, "cell_state", "kept")
    pen.node(540, 206, "×", "i · g", 4, "cell_state", "written")
    pen.node(540, 110, "+", "f · c + i · g", 4, "cell_state", "c")
    pen.value("kept", 300, 52, 4, "cell_state", "kept", "f·c")
    pen.value("written", 550, 140, 4, "cell_state", "written", "i·g")
    pen.value("c", 906, 50, 4, "cell_state", "c")

    pen.wire("M710 410 V350", 5, "output", "o", arrow=True)
    pen.wire("M710 300 V262 H812", 5, "output", "o", arrow=True)
    pen.gate(710, 325, "σ", "output", "o", 5)
    pen.value("o", 690, 200, 5, "output", "o")

    pen.wire("M830 110 V150", 6, "hidden_state", "h", arrow=True)
    pen.wire("M830 190 V244", 6, "hidden_state", "h", arrow=True)
    pen.wire("M830 280 V410 H1030", 6, "hidden_state", "h", arrow=True)
    pen.squash(830, 170, "tanh", 6, "hidden_state", "h")
    pen.node(830, 262, "×", "o · tanh(c)", 6, "hidden_state", "h")
    pen.value("h", 906, 344, 6, "hidden_state", "h")
    return pen.drawn(1044, 524, say("LSTM cell"))


def rnn_drawing() -> str:
    """Draw the plain recurrent cell; stages as in ``walks.RNN``."""
    pen = _Pen()
    pen.box(146, 40, 560, 300)
    pen.value("h_before", 6, 126, 0, "hidden_state", "h")
    pen.wire("M10 190 H300", 0, "hidden_state", "h", arrow=True)
    pen.wire("M300 400 V208", 0, "text", "x", arrow=True)
    pen.text_value("x", 316, 380, 0)
    pen.wire("M318 190 H480", 1, "first", "a", arrow=True)
    pen.gate(300, 190, "Σ", "weights", "a", 1, colour="first", gate="hidden", name_below=-36)
    pen.value("a", 352, 126, 1, "first", "a")
    pen.wire("M560 190 H850", 2, "hidden_state", "h", arrow=True)
    pen.squash(520, 190, "tanh", 2, "hidden_state", "h")
    pen.value("h", 720, 126, 2, "hidden_state", "h")
    return pen.drawn(864, 410, say("RNN cell"))


def gru_drawing() -> str:
    """Draw the gated recurrent unit with ``reset_after``; stages as in ``walks.GRU``."""
    pen = _Pen()
    pen.box(146, 36, 600, 424)
    pen.value("h_before", 6, 50, 0, "hidden_state", "h")
    pen.wire("M10 110 H238", 0, "hidden_state", "h")
    pen.wire("M190 110 V410", 0, "hidden_state", "h")
    pen.wire("M190 520 V410", 0, "text", "x")
    pen.wire("M190 410 H542", 0, "text", "x")
    pen.text_value("x", 206, 500, 0)

    pen.wire("M410 410 V350", 1, "output", "r", arrow=True)
    pen.wire("M410 300 V284 H484 V325 H514", 1, "output", "r", arrow=True)
    pen.gate(410, 325, "σ", "reset", "r", 1, colour="output")
    pen.value("r", 330, 220, 1, "output", "r")

    pen.wire("M256 410 V350", 2, "forget", "z", arrow=True)
    pen.wire("M256 300 V128", 2, "forget", "z", arrow=True)
    pen.gate(256, 325, "σ", "update", "z", 2, colour="forget")
    pen.value("z", 264, 128, 2, "forget", "z")

    pen.wire("M560 410 V350", 3, "candidate", "g", arrow=True)
    pen.wire("M560 300 V214", 3, "candidate", "g", arrow=True)
    pen.gate(560, 325, "tanh", "candidate", "g", 3)
    pen.value("g", 572, 236, 3, "candidate", "g")

    pen.wire("M256 196 H346", 4, "forget", "z", arrow=True)
    pen.wire("M382 196 H542", 4, "forget", "z", arrow=True)
    pen.wire("M274 110 H542", 4, "hidden_state", "h", arrow=True)
    pen.wire("M560 178 V128", 4, "hidden_state", "h", arrow=True)
    pen.wire("M578 110 H870", 4, "hidden_state", "h", arrow=True)
    pen.node(364, 196, "1−", "1 − z", 4, "forget", "z")
    pen.node(256, 110, "×", "z · h", 4, "hidden_state", "kept")
    pen.node(560, 196, "×", "(1 − z) · g", 4, "hidden_state", "written")
    pen.node(560, 110, "+", "z · h + (1 − z) · g", 4, "hidden_state", "h")
    pen.value("kept", 330, 52, 4, "hidden_state", "kept", say("kept"))
    pen.value("written", 572, 140, 4, "hidden_state", "written", say("new"))
    pen.value("h", 752, 50, 4, "hidden_state", "h")
    return pen.drawn(890, 524, say("GRU cell"))


class _Pen:
    """Collects SVG parts."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def drawn(self, width: int, height: int, name: str) -> str:
        return (
            f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="{escape(name)}">'
            f"{''.join(self.parts)}</svg>"
        )

    def box(self, x: int, y: int, width: int, height: int) -> None:
        self.parts.append(
            f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="18"/>'
        )

    def wire(self, path: str, stage: int, colour: str, link: str, arrow: bool = False) -> None:
        gates = {"forget", "input", "candidate", "output"}
        dash = DASHES[MARKS[colour].dash] if colour in gates else ""
        self.parts.append(
            f'<g class="wire" data-stage="{stage}" data-link="{link}" '
            f'style="--ink:var(--{colour})"><path d="{path}" stroke-dasharray="{dash}"/>'
            f'<path class="flow" d="{path}"/>{arrow_head(path) if arrow else ""}</g>'
        )

    def gate(
        self,
        x: int,
        y: int,
        symbol: str,
        name: str,
        link: str,
        stage: int,
        colour: str = "",
        gate: str = "",
        name_below: int = 118,
    ) -> None:
        """Draw a block of weights with its squashing; a click opens its arithmetic.

        ``gate`` is the block's name among the gates, if it is not ``name``.
        """
        self.parts.append(
            f'<g class="gate" data-stage="{stage}" data-link="{link}" data-gate="{gate or name}" '
            f'tabindex="0" role="button" style="--ink:var(--{colour or name})">'
            f'<rect x="{x - 46}" y="{y - 25}" width="92" height="50" rx="9"/>'
            f'<text class="symbol" x="{x}" y="{y + 9}">{symbol}</text>'
            f'<text class="name" x="{x}" y="{y + name_below}">{escape(say(TITLES[name]))}</text>'
            f'<rect class="hit" x="{x - 46}" y="{y - 25}" width="92" height="{max(name_below + 30, 50)}"/></g>'
        )

    def squash(self, x: int, y: int, symbol: str, stage: int, colour: str, link: str) -> None:
        self.parts.append(
            f'<g class="gate plain" data-stage="{stage}" data-link="{link}" '
            f'style="--ink:var(--{colour})"><rect x="{x - 40}" y="{y - 20}" width="80" '
            f'height="40" rx="9"/><text class="symbol" x="{x}" y="{y + 8}">{symbol}</text></g>'
        )

    def node(
        self, x: int, y: int, symbol: str, title: str, stage: int, colour: str, link: str
    ) -> None:
        size = ' style="font-size:15px"' if len(symbol) > 1 else ""
        self.parts.append(
            f'<g class="node" data-stage="{stage}" data-link="{link}" style="--ink:var(--{colour})">'
            f'<title>{title}</title><circle cx="{x}" cy="{y}" r="18"/>'
            f'<text class="symbol" x="{x}" y="{y + (5 if size else 9)}"{size}>{symbol}</text></g>'
        )

    def value(
        self, key: str, x: int, y: int, stage: int, colour: str, link: str, label: str = ""
    ) -> None:
        """Place a number of the unit in front, and beneath it a square for every unit shown.

        A number that has a label of its own, such as a product, has no squares.
        """
        width, height = PILL
        self.parts.append(
            f'<g class="pill" data-stage="{stage}" data-link="{link}" data-pill="{key}" '
            f'data-label="{escape(label or link)}" transform="translate({x} {y})" style="--ink:var(--{colour})">'
            f'<rect width="{width}" height="{height}" rx="8"/>'
            f'<text x="{width // 2}" y="25"></text>'
            + ("" if label else f'<g data-strip="{key}" transform="translate(2 {height + 4})"></g>')
            + "</g>"
        )

    def text_value(self, key: str, x: int, y: int, stage: int) -> None:
        """Place what is read at this step, as it was typed."""
        self.parts.append(
            f'<g class="pill" data-stage="{stage}" data-link="{key}">'
            f'<text class="read" x="{x}" y="{y}" data-text="{key}"></text></g>'
        )


def arrow_head(path: str) -> str:
    """Draw the tip of an arrow at the end of a path of absolute M, H and V commands."""
    x = y = 0
    direction = ""
    for part in path.split():
        if part[0] == "M":
            x = int(part[1:])
        elif part[0] == "H":
            direction, x = ("right" if int(part[1:]) > x else "left"), int(part[1:])
        elif part[0] == "V":
            direction, y = ("down" if int(part[1:]) > y else "up"), int(part[1:])
        else:
            y = int(part)
    tips = {
        "right": f"{x},{y} {x - 13},{y - 7} {x - 13},{y + 7}",
        "left": f"{x},{y} {x + 13},{y - 7} {x + 13},{y + 7}",
        "down": f"{x},{y} {x - 7},{y - 13} {x + 7},{y - 13}",
        "up": f"{x},{y} {x - 7},{y + 13} {x + 7},{y + 13}",
    }
    return f'<polygon points="{tips[direction]}"/>'

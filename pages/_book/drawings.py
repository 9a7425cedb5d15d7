"""The cells as SVG drawings without numbers; the player fills them in, step by step.

Every part carries the place of the stage that it belongs to (``data-stage``), and what it stands
for (``data-link``), so that a page can light it. Colours are CSS variables named after the fields
of a ``Palette``; a quantity's wire has the dash that its curve has.
"""

from __future__ import annotations

from html import escape

from pages._book.language import mark, once_a_language, say
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
PILL = (140, 40)
"""Width and height of the field that a number stands in."""
WIDE = 164
"""The width of one that also names a product."""
DASHES = {"solid": "", "dash": "14 6", "dot": "3 6", "dashdot": "14 5 3 5"}


@once_a_language
def lstm_drawing() -> str:
    """Draw the LSTM cell; stages as in ``walks.LSTM``."""
    pen = _Pen()
    pen.box(150, 24, 764, 440)
    pen.value("c_before", 4, 50, 0, "cell_state", "c")
    pen.value("h_before", 4, 346, 0, "hidden_state", "h")
    pen.wire("M4 110 H228", 0, "cell_state", "c")
    pen.wire("M4 410 H166", 0, "hidden_state", "h")
    pen.wire("M166 470 V410", 0, "text", "x")
    pen.wire("M166 410 H726", 0, "text", "x")
    pen.text_value("x", 96, 472, 0)

    pen.wire("M246 410 V350", 1, "forget", "f", arrow=True)
    pen.wire("M246 300 V132", 1, "forget", "f", arrow=True)
    pen.gate(246, 325, "σ", "forget", "f", 1)
    pen.value("f", 258, 138, 1, "forget", "f")

    pen.wire("M404 410 V350", 2, "input", "i", arrow=True)
    pen.wire("M404 300 V210 H534", 2, "input", "i", arrow=True)
    pen.gate(404, 325, "σ", "input", "i", 2)
    pen.value("i", 408, 226, 2, "input", "i")

    pen.wire("M556 410 V350", 3, "candidate", "g", arrow=True)
    pen.wire("M556 300 V232", 3, "candidate", "g", arrow=True)
    pen.gate(556, 325, "tanh", "candidate", "g", 3)
    pen.value("g", 570, 236, 3, "candidate", "g")

    pen.wire("M268 110 H534", 4, "cell_state", "c", arrow=True)
    pen.wire("M556 188 V132", 4, "cell_state", "c", arrow=True)
    pen.wire("M578 110 H1056", 4, "cell_state", "c", arrow=True)
    pen.node(246, 110, "×", "f · c", 4, "cell_state", "kept")
    pen.node(556, 210, "×", "i · g", 4, "cell_state", "written")
    pen.node(556, 110, "+", "f · c + i · g", 4, "cell_state", "c")
    pen.value("kept", 310, 50, 4, "cell_state", "kept", "f·c")
    pen.value("written", 570, 140, 4, "cell_state", "written", "i·g")
    pen.value("c", 918, 50, 4, "cell_state", "c")

    pen.wire("M726 410 V350", 5, "output", "o", arrow=True)
    pen.wire("M726 300 V262 H834", 5, "output", "o", arrow=True)
    pen.gate(726, 325, "σ", "output", "o", 5)
    pen.value("o", 704, 192, 5, "output", "o")

    pen.wire("M856 110 V148", 6, "hidden_state", "h", arrow=True)
    pen.wire("M856 192 V240", 6, "hidden_state", "h", arrow=True)
    pen.wire("M856 284 V410 H1056", 6, "hidden_state", "h", arrow=True)
    pen.squash(856, 170, "tanh", 6, "hidden_state", "h")
    pen.node(856, 262, "×", "o · tanh(c)", 6, "hidden_state", "h")
    pen.value("h", 918, 346, 6, "hidden_state", "h")
    return pen.drawn(1062, 520, say("LSTM cell"))


@once_a_language
def rnn_drawing() -> str:
    """Draw the plain recurrent cell; stages as in ``walks.RNN``."""
    pen = _Pen()
    pen.box(150, 24, 560, 300)
    pen.value("h_before", 4, 116, 0, "hidden_state", "h")
    pen.wire("M4 180 H286", 0, "hidden_state", "h", arrow=True)
    pen.wire("M336 350 V210", 0, "text", "x", arrow=True)
    pen.text_value("x", 266, 352, 0)
    pen.wire("M384 180 H486", 1, "first", "a", arrow=True)
    pen.gate(336, 180, "Σ", "weights", "a", 1, colour="first", gate="hidden", name_below=-42)
    pen.value("a", 392, 92, 1, "first", "a")
    pen.wire("M578 180 H860", 2, "hidden_state", "h", arrow=True)
    pen.squash(532, 180, "tanh", 2, "hidden_state", "h")
    pen.value("h", 718, 116, 2, "hidden_state", "h")
    return pen.drawn(864, 400, say("RNN cell"))


@once_a_language
def gru_drawing() -> str:
    """Draw the gated recurrent unit with ``reset_after``; stages as in ``walks.GRU``."""
    pen = _Pen()
    pen.box(150, 24, 602, 440)
    pen.value("h_before", 4, 50, 0, "hidden_state", "h")
    pen.wire("M4 110 H234", 0, "hidden_state", "h")
    pen.wire("M166 110 V410", 0, "hidden_state", "h")
    pen.wire("M166 470 V410", 0, "text", "x")
    pen.wire("M166 410 H562", 0, "text", "x")
    pen.text_value("x", 96, 472, 0)

    pen.wire("M410 410 V350", 1, "output", "r", arrow=True)
    pen.wire("M410 300 V286 H484 V325 H514", 1, "output", "r", arrow=True)
    pen.gate(410, 325, "σ", "reset", "r", 1, colour="output")
    pen.value("r", 330, 224, 1, "output", "r")

    pen.wire("M256 410 V350", 2, "forget", "z", arrow=True)
    pen.wire("M256 300 V132", 2, "forget", "z", arrow=True)
    pen.gate(256, 325, "σ", "update", "z", 2, colour="forget")
    pen.value("z", 268, 124, 2, "forget", "z")

    pen.wire("M560 410 V350", 3, "candidate", "g", arrow=True)
    pen.wire("M560 300 V226", 3, "candidate", "g", arrow=True)
    pen.gate(560, 325, "tanh", "candidate", "g", 3)
    pen.value("g", 574, 236, 3, "candidate", "g")

    pen.wire("M256 204 H342", 4, "forget", "z", arrow=True)
    pen.wire("M386 204 H538", 4, "forget", "z", arrow=True)
    pen.wire("M278 110 H538", 4, "hidden_state", "h", arrow=True)
    pen.wire("M560 182 V132", 4, "hidden_state", "h", arrow=True)
    pen.wire("M582 110 H896", 4, "hidden_state", "h", arrow=True)
    pen.node(364, 204, "1−", "1 − z", 4, "forget", "z")
    pen.node(256, 110, "×", "z · h", 4, "hidden_state", "kept")
    pen.node(560, 204, "×", "(1 − z) · g", 4, "hidden_state", "written")
    pen.node(560, 110, "+", "z · h + (1 − z) · g", 4, "hidden_state", "h")
    pen.value("kept", 330, 50, 4, "hidden_state", "kept", say("kept"))
    pen.value("written", 574, 140, 4, "hidden_state", "written", say("new"))
    pen.value("h", 756, 50, 4, "hidden_state", "h")
    return pen.drawn(902, 520, say("GRU cell"))


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
        name_below: int = 120,
    ) -> None:
        """Draw a block of weights with its squashing; a click opens its arithmetic.

        ``gate`` is the block's name among the gates, if it is not ``name``.
        """
        self.parts.append(
            f'<g class="gate" data-stage="{stage}" data-link="{link}" data-gate="{gate or name}" '
            f'tabindex="0" role="button" style="--ink:var(--{colour or name})">'
            f'<rect x="{x - 48}" y="{y - 25}" width="96" height="50" rx="9"/>'
            f'<text class="symbol" x="{x}" y="{y + 10}">{symbol}</text>'
            f'<text class="name" x="{x}" y="{y + name_below}">{escape(say(TITLES[name]))}</text>'
            f'<rect class="hit" x="{x - 48}" y="{y - 25}" width="96" height="{max(name_below + 30, 50)}"/></g>'
        )

    def squash(self, x: int, y: int, symbol: str, stage: int, colour: str, link: str) -> None:
        self.parts.append(
            f'<g class="gate plain" data-stage="{stage}" data-link="{link}" '
            f'style="--ink:var(--{colour})"><rect x="{x - 46}" y="{y - 22}" width="92" '
            f'height="44" rx="9"/><text class="symbol" x="{x}" y="{y + 9}">{symbol}</text></g>'
        )

    def node(
        self, x: int, y: int, symbol: str, title: str, stage: int, colour: str, link: str
    ) -> None:
        size = ' style="font-size:26px"' if len(symbol) > 1 else ""
        self.parts.append(
            f'<g class="node" data-stage="{stage}" data-link="{link}" style="--ink:var(--{colour})">'
            f'<title>{title}</title><circle cx="{x}" cy="{y}" r="22"/>'
            f'<text class="symbol" x="{x}" y="{y + (9 if size else 10)}"{size}>{symbol}</text></g>'
        )

    def value(
        self, key: str, x: int, y: int, stage: int, colour: str, link: str, label: str = ""
    ) -> None:
        """Place a number of the unit in front, and beneath it a square for every unit shown.

        A number that has a label of its own, such as a product, has no squares.
        """
        width, height = WIDE if label else PILL[0], PILL[1]
        self.parts.append(
            f'<g class="pill" data-stage="{stage}" data-link="{link}" data-pill="{key}" '
            f'data-label="{escape(label or link)}" transform="translate({x} {y})" style="--ink:var(--{colour})">'
            f'<rect width="{width}" height="{height}" rx="8"/>'
            f'<text x="{width // 2}" y="29"></text>'
            + ("" if label else f'<g data-strip="{key}" transform="translate(6 {height + 4})"></g>')
            + "</g>"
        )

    def text_value(self, key: str, x: int, y: int, stage: int) -> None:
        """Place what is read at this step, as it was typed; the field grows with it."""
        width, height = PILL
        self.parts.append(
            f'<g class="pill read" data-stage="{stage}" data-link="{key}" '
            f'transform="translate({x} {y})" style="--ink:var(--text)">'
            f'<rect width="{width}" height="{height}" rx="8"/>'
            f'<text x="{width // 2}" y="29" data-text="{key}"></text></g>'
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

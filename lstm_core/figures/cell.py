"""The LSTM cell as a drawing, and its gates and states over time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.cells.lstm import LSTMTrace
from lstm_core.figures.style import FONT, MARKS, Palette, styled


def over_time(
    trace: LSTMTrace, labels: Sequence[str], t: int, unit: int, colours: Palette
) -> go.Figure:
    """Draw one unit's gates above its states; steps after ``t`` are still to come."""
    figure = make_subplots(
        rows=2, shared_xaxes=True, vertical_spacing=0.12,
        subplot_titles=("gates and candidate", "cell state and hidden state"),
    )  # fmt: skip
    steps = list(range(1, len(labels) + 1))
    rows = {
        "forget": (1, trace.forget_gate),
        "input": (1, trace.input_gate),
        "candidate": (1, trace.candidate),
        "output": (1, trace.output_gate),
        "cell_state": (2, trace.cell_state),
        "hidden_state": (2, trace.hidden_state),
    }
    for name, (row, values) in rows.items():
        mark, colour = MARKS[name], getattr(colours, name)
        figure.add_scatter(
            x=steps[: t + 1], y=values[: t + 1, unit], row=row, col=1, mode="lines+markers",
            name=f"{mark.symbol}: {mark.label}",
            line={"color": colour, "dash": mark.dash, "width": 3},
            marker={"symbol": mark.marker, "size": 10},
        )  # fmt: skip
    figure.update_xaxes(range=[0.5, len(labels) + 0.5])
    figure.update_xaxes(
        row=2, col=1, tickvals=steps, ticktext=[escape(label[:12]) for label in labels],
        title_text="input",
    )  # fmt: skip
    lowest = min(-1.0, float(trace.cell_state[:, unit].min()))
    highest = max(1.0, float(trace.cell_state[:, unit].max()))
    figure.update_yaxes(range=[-1.1, 1.1], row=1, col=1)
    figure.update_yaxes(range=[lowest * 1.1, highest * 1.1], row=2, col=1)
    figure.add_vline(x=t + 1, line={"color": colours.muted, "dash": "dot"})
    return styled(figure, colours, 520).update_layout(legend_y=1.08, margin_t=80)


def over_time_alt(trace: LSTMTrace, t: int, unit: int) -> str:
    """Say in words what ``over_time`` draws at its last step."""
    values = ", ".join(
        f"{name.replace('_', ' ')} {array[t, unit]:.3f}"
        for name, array in trace.quantities().items()
        if "pre_activation" not in name
    )
    return f"Gates and states of unit {unit + 1} up to step {t + 1}. At this step: {values}."


def drawing(trace: LSTMTrace, t: int, stage: int, unit: int, colours: Palette) -> str:
    """Draw the cell as SVG: the stage at work is lit, earlier ones show their numbers.

    Args:
        trace: what the cell computed, without a batch axis.
        t: the step to show.
        stage: place in ``lessons.cell.STAGES``, 0 for concatenation to 6 for the hidden state.
        unit: the unit whose numbers stand on the wires.
        colours: of the theme.
    """
    f, i = trace.forget_gate[t, unit], trace.input_gate[t, unit]
    g, o = trace.candidate[t, unit], trace.output_gate[t, unit]
    c_before, c = trace.previous_cell_state[t, unit], trace.cell_state[t, unit]
    h_before, h = trace.previous_hidden_state[t, unit], trace.hidden_state[t, unit]
    x = ", ".join(f"{value:.2f}" for value in trace.inputs[t])
    pen = _Pen(stage, colours)

    pen.box(100, 36, 700, 384)
    pen.label(20, 86, f"c = {c_before:.3f}", 0, colours.cell_state)
    pen.label(20, 356, f"h = {h_before:.3f}", 0, colours.hidden_state)
    pen.label(196, 452, f"x = {x}", 0, colours.text)
    pen.wire("M20 104 H224", 0, colours.cell_state)
    pen.wire("M20 374 H180", 0, colours.hidden_state)
    pen.wire("M180 460 V374", 0, colours.text)
    pen.wire("M180 374 H610", 0, colours.text)

    pen.wire("M240 374 V322", 1, colours.forget, arrow=True)
    pen.gate(240, 296, "σ", "forget", 1, colours.forget)
    pen.wire("M240 270 V122", 1, colours.forget, arrow=True)
    pen.label(250, 200, f"f = {f:.3f}", 1, colours.forget)

    pen.wire("M370 374 V322", 2, colours.input, arrow=True)
    pen.gate(370, 296, "σ", "input", 2, colours.input)
    pen.wire("M370 270 V196 H462", 2, colours.input, arrow=True)
    pen.label(350, 186, f"i = {i:.3f}", 2, colours.input)

    pen.wire("M480 374 V322", 3, colours.candidate, arrow=True)
    pen.gate(480, 296, "tanh", "candidate", 3, colours.candidate)
    pen.wire("M480 270 V214", 3, colours.candidate, arrow=True)
    pen.label(490, 246, f"g = {g:.3f}", 3, colours.candidate)

    pen.wire("M256 104 H464", 4, colours.cell_state, arrow=True)
    pen.wire("M480 178 V122", 4, colours.cell_state, arrow=True)
    pen.node(240, 104, "×", 4, colours.cell_state)
    pen.node(480, 196, "×", 4, colours.cell_state)
    pen.node(480, 104, "+", 4, colours.cell_state)
    pen.label(270, 86, f"f·c = {f * c_before:.3f}", 4, colours.cell_state)
    pen.label(490, 154, f"i·g = {i * g:.3f}", 4, colours.cell_state)
    pen.wire("M496 104 H880", 4, colours.cell_state, arrow=True)
    pen.label(730, 86, f"c = {c:.3f}", 4, colours.cell_state)

    pen.wire("M610 374 V322", 5, colours.output, arrow=True)
    pen.gate(610, 296, "σ", "output", 5, colours.output)
    pen.wire("M610 270 V236 H694", 5, colours.output, arrow=True)
    pen.label(600, 226, f"o = {o:.3f}", 5, colours.output)

    pen.wire("M712 104 V146", 6, colours.hidden_state)
    pen.gate(712, 164, "tanh", "", 6, colours.hidden_state)
    pen.wire("M712 186 V218", 6, colours.hidden_state, arrow=True)
    pen.node(712, 236, "×", 6, colours.hidden_state)
    pen.wire("M712 254 V374 H880", 6, colours.hidden_state, arrow=True)
    pen.label(730, 356, f"h = {h:.3f}", 6, colours.hidden_state)
    alt = f"LSTM cell, unit {unit + 1}, step {t + 1}. Computed so far: {', '.join(pen.shown)}."
    return (
        '<div style="overflow-x:auto"><svg viewBox="0 0 900 476" role="img" '
        f'aria-label="{escape(alt)}" style="width:100%;min-width:600px;font-family:{FONT}">'
        f"{''.join(pen.parts)}</svg></div>"
    )


class _Pen:
    """Collects SVG parts; each belongs to a stage, which decides how brightly it is drawn."""

    def __init__(self, stage: int, colours: Palette) -> None:
        self.stage = stage
        self.colours = colours
        self.parts: list[str] = []
        self.shown: list[str] = []

    def opacity(self, stage: int) -> float:
        if stage == self.stage:
            return 1.0
        return 0.7 if stage < self.stage else 0.22

    def width(self, stage: int) -> int:
        return 6 if stage == self.stage else 3

    def box(self, x: int, y: int, width: int, height: int) -> None:
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="18" '
            f'fill="{self.colours.panel}" stroke="{self.colours.grid}" stroke-width="2"/>'
        )

    def wire(self, path: str, stage: int, colour: str, arrow: bool = False) -> None:
        style = f'stroke="{colour}" stroke-width="{self.width(stage)}"'
        opacity = self.opacity(stage)
        self.parts.append(f'<path d="{path}" fill="none" {style} opacity="{opacity}"/>')
        if arrow:
            self.parts.append(_arrow_head(path, colour, opacity))

    def gate(self, x: int, y: int, symbol: str, name: str, stage: int, colour: str) -> None:
        outline = f'<rect x="{x - 40}" y="{y - 22}" width="80" height="44" rx="8"'
        self._marked(outline, x, y + 8, 24, symbol, stage, colour)
        if name:
            self.parts.append(
                f'<text x="{x}" y="404" text-anchor="middle" font-size="18" font-weight="600" '
                f'fill="{colour}" opacity="{max(self.opacity(stage), 0.6)}">{name}</text>'
            )

    def node(self, x: int, y: int, symbol: str, stage: int, colour: str) -> None:
        self._marked(f'<circle cx="{x}" cy="{y}" r="17"', x, y + 9, 28, symbol, stage, colour)

    def _marked(
        self, outline: str, x: int, y: int, size: int, symbol: str, stage: int, colour: str
    ) -> None:
        """Draw a shape with a symbol in it, filled while its stage is at work."""
        fill, ink = self.colours.ground, colour
        if stage == self.stage:
            fill, ink = ink, fill
        self.parts.append(
            f'<g opacity="{max(self.opacity(stage), 0.4)}">'
            f'{outline} fill="{fill}" stroke="{colour}" stroke-width="3"/>'
            f'<text x="{x}" y="{y}" text-anchor="middle" font-size="{size}" font-weight="700" '
            f'fill="{ink}">{symbol}</text></g>'
        )

    def label(self, x: int, y: int, text: str, stage: int, colour: str) -> None:
        """Write a number on a wire, once its stage has been reached."""
        if stage > self.stage:
            return
        self.shown.append(text)
        weight = 800 if stage == self.stage else 500
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="21" font-weight="{weight}" '
            f'fill="{colour}">{escape(text)}</text>'
        )


def _arrow_head(path: str, colour: str, opacity: float) -> str:
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
        "right": f"{x},{y} {x - 12},{y - 7} {x - 12},{y + 7}",
        "left": f"{x},{y} {x + 12},{y - 7} {x + 12},{y + 7}",
        "down": f"{x},{y} {x - 7},{y - 12} {x + 7},{y - 12}",
        "up": f"{x},{y} {x - 7},{y + 12} {x + 7},{y + 12}",
    }
    return f'<polygon points="{tips[direction]}" fill="{colour}" opacity="{opacity}"/>'

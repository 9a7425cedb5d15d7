"""What the cell state is made of over time, and what one unit of the trained network reacts to."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.sentiment.units import Moving
from pages._book.drawn import Drawn
from pages._book.kept import stacked
from pages._book.language import decimal, say
from pages._book.runs import at_inputs
from pages._book.style import TEXT_SIZE, Palette, axis_look, look, note, translucent

MANY = 16
"""Of so many bars, each has its number."""


def kept_and_written(
    trace: LSTMTrace,
    labels: Sequence[str],
    unit: int,
    colours: Palette,
    before: LSTMTrace | None = None,
) -> Drawn:
    """Stack what each step kept, f * c, and what it wrote, i * g; their sum is the cell state.

    Args:
        trace: without a batch axis.
        labels: what was read at each step.
        unit: from 0.
        colours: of the theme.
        before: an earlier run, whose cell state is drawn as a thin line.
    """
    return stacked(
        (say("kept: f × c"), trace.kept[:, unit]),
        (say("written: i × g"), trace.written[:, unit]),
        (say("c: their sum"), trace.cell_state[:, unit]),
        labels,
        say("c of unit {unit}", unit=unit + 1),
        colours,
        None if before is None else (say("c in the run before"), before.cell_state[:, unit]),
    )


def words_of_a_unit(
    moving: Moving, labels: Sequence[str], hidden: Array, unit: int, colours: Palette
) -> Drawn:
    """Draw what a unit of the trained network reacts to, and what it does in a sentence.

    On the left its hidden state after single words, those that raise it most and those that lower
    it most; on the right after each word of the sentence.

    Args:
        moving: the words, each with the hidden state after it alone.
        labels: what is read, in this order.
        hidden: the unit's hidden state after each, (time,).
        unit: from 0.
        colours: of the theme.
    """
    words, alone = zip(*moving.down, *moving.up[::-1], strict=True)
    rows, steps = list(range(len(words))), list(range(1, len(labels) + 1))
    axis = axis_look(colours)
    named = {"title": {"text": say("h of unit {unit}", unit=unit + 1), "standoff": 6}}
    layout = look(colours, 560) | {"showlegend": False}
    layout["margin"] = {"l": 16, "r": 16, "t": 40, "b": 64}
    layout["xaxis"] = axis | named | {"domain": [0.16, 0.44], "range": [-1.4, 1.4], "dtick": 1}
    layout["yaxis"] = axis | {
        "showgrid": False,
        "zeroline": False,
        "tickvals": rows,
        "ticktext": [escape(word[:14]) for word in words],
    }
    layout["xaxis2"] = axis | at_inputs(labels) | {"domain": [0.56, 1.0], "anchor": "y2"}
    layout["yaxis2"] = axis | named | {"anchor": "x2", "range": [-1.25, 1.25], "dtick": 0.5}
    layout["annotations"] = [
        note(f"<b>{text}</b>", x, 1.0, colours.text, yshift=8)
        for x, text in (
            (0.0, say("after a single word")),
            (0.5, say("in this sentence, word by word")),
        )
    ]
    across = {"x": alone, "y": rows, "orientation": "h"}
    along = {"x": steps, "y": hidden, "xaxis": "x2", "yaxis": "y2"}
    bars = [
        _signed_bars(alone, colours) | across,
        _signed_bars(hidden, colours) | along,
    ]
    return Drawn(bars, layout)


def _signed_bars(values: Sequence[float] | Array, colours: Palette) -> dict[str, object]:
    """Return how bars of both signs look, with their numbers; below 0 they are hatched."""
    shades = [colours.first if value >= 0 else colours.second for value in values]
    return {
        "type": "bar",
        "text": [decimal(float(value), "+.2f") for value in values]
        if len(values) <= MANY
        else None,
        "textposition": "outside",
        "constraintext": "none",
        "textfont": {"size": TEXT_SIZE, "color": colours.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {
            "color": [translucent(shade, 0.55) for shade in shades],
            "line": {"color": shades, "width": 1.5},
            "pattern": {
                "shape": ["" if value >= 0 else "/" for value in values],
                "fgcolor": shades,
                "size": 6,
            },
        },
    }


def words_of_a_unit_alt(moving: Moving, labels: Sequence[str], hidden: Array, unit: int) -> str:
    """Say in words what ``words_of_a_unit`` draws."""

    def listed(words: Sequence[tuple[str, float]]) -> str:
        return ", ".join(f"{word} {decimal(value, '.2f')}" for word, value in words)

    return say(
        "The hidden state of unit {unit} after single words: highest {up}; lowest {down}. In the sentence: "
        "{sentence}.",
        unit=unit + 1,
        up=listed(moving.up),
        down=listed(moving.down),
        sentence=listed([(word, float(h)) for word, h in zip(labels[:20], hidden, strict=False)]),
    )


def kept_and_written_alt(trace: LSTMTrace, unit: int) -> str:
    """Say in words what ``kept_and_written`` draws."""
    parts = ", ".join(
        say(
            "step {step}: kept {kept:.3f}, written {written:.3f}",
            step=t + 1,
            kept=float(kept),
            written=float(written),
        )
        for t, (kept, written) in enumerate(
            zip(trace.kept[:12, unit], trace.written[:12, unit], strict=True)
        )
    )
    return say(
        "What the cell state of unit {unit} is made of. {parts}.", unit=unit + 1, parts=parts
    )

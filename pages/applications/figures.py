"""Pictures of the page on applications: shapes, the next character, coloured text, a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.arrays import Array
from lstm_core.series.forecasting import Forecast
from lstm_core.text.characters import UNKNOWN, probabilities
from pages._book.drawings import arrow_head
from pages._book.language import say
from pages._book.style import FONT, Palette, axis_look, look, translucent

COLUMN = 118
BOX = (96, 40)
LEVELS = 12
"""Bars in a text have so many heights each way."""
LIKELIEST = 12
NAMED = {" ": "␣", "\n": "⏎"}


# ---- Shapes -------------------------------------------------------------------------------------


def shape_columns(shape: str, reads: Sequence[str], writes: Sequence[str]) -> list[tuple[str, str]]:
    """Lay a shape out over time: what each step reads and what it writes; "" is nothing.

    ``"<"`` in place of an input is the output of the step before.

    Raises:
        ValueError: if inputs and outputs do not have the shape.
    """
    inputs, outputs = list(reads), list(writes)
    if shape == "one to many" and len(inputs) == 1:
        return list(zip([*inputs, *"<" * (len(outputs) - 1)], outputs, strict=True))
    if shape == "many to one" and len(outputs) == 1:
        return list(zip(inputs, [*[""] * (len(inputs) - 1), *outputs], strict=True))
    if shape == "in step" and len(inputs) == len(outputs):
        return list(zip(inputs, outputs, strict=True))
    if shape == "one after the other" and inputs and outputs:
        reading = [(token, "") for token in inputs]
        return [*reading, ("", outputs[0]), *(("<", token) for token in outputs[1:])]
    raise ValueError(f"{len(inputs)} inputs and {len(outputs)} outputs are not {shape}")


def shape_drawing(
    shape: str, reads: Sequence[str], writes: Sequence[str], name: str, colours: Palette
) -> str:
    """Draw inputs, the network's copies and outputs over time, with the arrows between them.

    Args:
        shape: code in ``lesson.SHAPES``.
        reads: the inputs.
        writes: the outputs.
        name: what the drawing is called, for its text alternative.
        colours: of the theme.

    Raises:
        ValueError: if inputs and outputs do not have the shape.
    """
    columns = shape_columns(shape, reads, writes)
    width = BOX[0]
    parts = []
    for place, (read, written) in enumerate(columns):
        x = 16 + COLUMN * place
        middle = x + width // 2
        second = shape == "one after the other" and place >= len(reads)
        parts.append(_box(x, 110, "LSTM", colours, colours.second if second else colours.first, 8))
        if place:
            parts.append(_arrow(f"M{x - COLUMN + width} 130 H{x}", colours.hidden_state))
        if read == "<":
            parts.append(_fed_back(x, colours))
        elif read:
            parts.append(_box(x, 204, read, colours, colours.text, 20))
            parts.append(_arrow(f"M{middle} 204 V150", colours.text))
        if written:
            parts.append(_box(x, 16, written, colours, colours.text, 20, dashed=True))
            parts.append(_arrow(f"M{middle} 110 V56", colours.text))
    whole = 16 + COLUMN * len(columns) + 92
    for y, label in ((42, say("out")), (136, say("network")), (230, say("in"))):
        parts.append(_text(whole - 8, y, label, colours.muted, 16, "end"))
    alt = shape_alt(shape, reads, writes, name)
    return (
        f'<div tabindex="0" role="group" aria-label="{escape(alt)}" style="overflow-x:auto">'
        f'<svg viewBox="0 0 {whole} 260" role="img" aria-label="{escape(alt)}" style="width:100%;'
        f'min-width:{min(whole, 580)}px;max-width:{whole}px;font-family:{FONT}">'
        f"{''.join(parts)}</svg></div>"
    )


def shape_alt(shape: str, reads: Sequence[str], writes: Sequence[str], name: str) -> str:
    """Describe the drawing in words."""
    values = {"name": name, "reads": ", ".join(reads), "writes": ", ".join(writes)}
    return {
        "one to many": say(
            "{name}: in goes {reads}; out come, one a step, {writes}. Each output is the next step's input.",
            **values,
        ),
        "many to one": say(
            "{name}: in go, one a step, {reads}; after the last step {writes} comes out.", **values
        ),
        "in step": say(
            "{name}: in go, one a step, {reads}; out come, at the same steps, {writes}.", **values
        ),
        "one after the other": say(
            "{name}: first all of {reads} is read; then, one a step, {writes} is written. Each output is the next step's input.",
            **values,
        ),
    }[shape]


def _box(
    x: int, y: int, label: str, colours: Palette, ink: str, radius: int, dashed: bool = False
) -> str:
    width, height = BOX
    size = 18 if len(label) < 10 else 15 if len(label) < 12 else 12
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" '
        f'fill="{colours.panel}" stroke="{ink}" stroke-width="2"{dash}/>'
        + _text(x + width // 2, y + 26, label, colours.text, size)
    )


def _text(x: int, y: int, label: str, ink: str, size: int, anchor: str = "middle") -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{ink}">'
        f"{escape(label)}</text>"
    )


def _arrow(path: str, ink: str, dash: str = "") -> str:
    return (
        f'<g fill="{ink}"><path d="{path}" fill="none" stroke="{ink}" stroke-width="2.5" '
        f'stroke-dasharray="{dash}"/>{arrow_head(path)}</g>'
    )


def _fed_back(x: int, colours: Palette) -> str:
    """Draw an output's way to the next step's input: down between the columns, dashed."""
    before, middle = x - COLUMN + BOX[0], x + BOX[0] // 2
    between = before + (COLUMN - BOX[0]) // 2
    return _arrow(f"M{before} 36 H{between} V186 H{middle} V150", colours.muted, "6 4")


# ---- Characters ---------------------------------------------------------------------------------


def shown(character: str) -> str:
    """Write a character so that it can be seen on an axis."""
    return NAMED.get(character, character)


def next_character(
    logits: Array, vocabulary: str, temperature: float, colours: Palette
) -> go.Figure:
    """Draw the likeliest next characters at T = 1 and at the chosen temperature.

    Args:
        logits: (characters,).
        vocabulary: the characters.
        temperature: T.
        colours: of the theme.
    """
    before, after = probabilities(logits), probabilities(logits, temperature)
    order = np.argsort(-before, kind="stable")[:LIKELIEST]
    names = [escape(shown(vocabulary[place])) for place in order]
    axis = axis_look(colours)
    bars = [
        {
            "type": "bar",
            "x": names,
            "y": shares[order],
            "name": name,
            "marker": {"color": colour, "pattern": {"shape": pattern}},
            "hovertemplate": "%{x}: %{y:.3f}<extra></extra>",
        }
        for shares, name, colour, pattern in (
            (before, say("before: T = 1"), colours.muted, "/"),
            (after, say("after: T = {t:.2f}", t=temperature), colours.accent, ""),
        )
    ]
    return go.Figure(
        bars,
        look(colours, 340)
        | {
            "barmode": "group",
            "xaxis": axis | {"title": {"text": say("next character")}, "type": "category"},
            "yaxis": axis | {"title": {"text": say("probability")}, "range": [0, 1]},
        },
    )


def next_character_alt(logits: Array, vocabulary: str, temperature: float) -> str:
    """Say the largest bars in words."""
    before, after = probabilities(logits), probabilities(logits, temperature)
    listed = "; ".join(
        say(
            "{character}: {before:.3f} before, {after:.3f} after",
            character=shown(vocabulary[place]),
            before=before[place],
            after=after[place],
        )
        for place in np.argsort(-before, kind="stable")[:5]
    )
    return say(
        "Probabilities of the next character at T = 1 and at T = {t:.2f}. {listed}.",
        t=temperature,
        listed=listed,
    )


def coloured_text(
    start: str, written: str, ids: Sequence[int], values: Array, name: str, colours: Palette
) -> str:
    """Write a text as HTML with a bar beneath each character: up for above 0, down for below.

    The bar's direction and height say all that its colour says. What was given is underlined with
    dots; what the network does not know stands in a box.

    Args:
        start: what was given.
        written: what the network wrote.
        ids: of the start's characters, ``UNKNOWN`` for one that is not known.
        values: -1 to 1 for each character of both, (time,).
        name: of what is shown, for the text alternative.
        colours: of the theme.
    """
    rules = [
        ".unit-text{font-family:ui-monospace,monospace;font-size:1.05rem;line-height:2.9;"
        f"white-space:pre-wrap;overflow-wrap:anywhere;color:{colours.text}}}",
        ".unit-text span{padding-bottom:1.1em}",
        f".unit-text .given{{text-decoration:underline dotted 2px {colours.muted};"
        "text-underline-offset:3px}",
        f".unit-text .strange{{outline:2px solid {colours.forget}}}",
    ]
    for level in range(1, LEVELS + 1):
        share = 50.0 * level / LEVELS
        for sign, towards, ink in (("u", "top", colours.first), ("d", "bottom", colours.second)):
            stops = (
                f"transparent 50%,{ink} 50%,{ink} {50 + share:.0f}%,transparent {50 + share:.0f}%"
            )
            rules.append(
                f".unit-text .{sign}{level}{{background:linear-gradient(to {towards},{stops}) "
                "no-repeat 0 100% / 100% 1em}"
            )
    parts = []
    for place, (character, value) in enumerate(zip(start + written, values, strict=True)):
        level = round(abs(float(value)) * LEVELS)
        classes = [f"{'u' if value > 0 else 'd'}{level}"] if level else []
        if place < len(start):
            classes.append("given")
            if ids[place] == UNKNOWN:
                classes.append("strange")
        mark = f' class="{" ".join(classes)}"' if classes else ""
        glyph = "⏎\n" if character == "\n" else escape(character, quote=False)
        parts.append(f'<span{mark} title="{float(value):+.2f}">{glyph}</span>')
    alt = say("Text, a bar beneath each character for {name}", name=name)
    return (
        f"<style>{''.join(rules)}</style>"
        f'<div class="unit-text" role="group" aria-label="{escape(alt)}">{"".join(parts)}</div>'
    )


def unit_over_text(
    text: str, values: Array, truth: Array | None, name: str, feature: str, colours: Palette
) -> go.Figure:
    """Draw a unit's value over the characters of a text, beside what it was measured to follow.

    Args:
        text: what was read and written.
        values: -1 to 1 for each character, (time,).
        truth: the feature, (time,), brought to -1 to 1 here; None draws none.
        name: of the unit's state.
        feature: of the feature.
        colours: of the theme.
    """
    places = np.arange(1, len(text) + 1)
    axis = axis_look(colours)
    traces = []
    if truth is not None:
        most = float(np.abs(truth).max()) or 1.0
        scaled = 2.0 * truth / most - 1.0
        traces.append(
            {
                "type": "scatter",
                "x": places,
                "y": scaled,
                "name": feature,
                "mode": "lines",
                "line": {"color": colours.muted, "width": 1.5, "shape": "hvh", "dash": "dot"},
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": places,
            "y": values,
            "name": name,
            "mode": "lines",
            "line": {"color": colours.first, "width": 2.5},
            "customdata": [escape(shown(character)) for character in text],
            "hovertemplate": "%{customdata} (%{x}): %{y:.2f}<extra></extra>",
        }
    )
    return go.Figure(
        traces,
        look(colours, 300)
        | {
            "xaxis": axis | {"title": {"text": say("character")}},
            "yaxis": axis | {"title": {"text": say("value")}, "range": [-1.05, 1.05]},
        },
    )


def unit_over_text_alt(values: Array, name: str) -> str:
    """Say in words how a unit moves over a text."""
    return say(
        "{name} over {count} characters: from {low:.2f} to {high:.2f}, above 0 at {share:.0%} of them.",
        name=name,
        count=len(values),
        low=float(values.min()),
        high=float(values.max()),
        share=float((values > 0).mean()),
    )


# ---- Forecasts ----------------------------------------------------------------------------------


def forecast_chart(
    values: Array, season: int, future: Forecast, names: dict[str, str], colours: Palette
) -> go.Figure:
    """Draw the end of a series, what each method says comes next, and the network's range.

    Args:
        values: (time,).
        season: m, which decides how much of the past is drawn.
        future: the forecast.
        names: of the methods, in the language that is spoken.
        colours: of the theme.
    """
    steps, horizon = len(values), len(future.low)
    past = min(steps, max(60, 4 * season, 3 * horizon))
    time = np.arange(steps - past + 1, steps + 1)
    ahead = np.arange(steps, steps + horizon + 1)
    last = values[-1]
    axis = axis_look(colours)
    looks = {
        "naive": (colours.second, "dot"),
        "seasonal naive": (colours.third, "dash"),
        "network": (colours.first, "solid"),
    }
    around = np.concatenate([future.high, future.low[::-1]])
    traces = [
        {
            "type": "scatter",
            "x": np.concatenate([ahead[1:], ahead[:0:-1]]),
            "y": around,
            "fill": "toself",
            "fillcolor": translucent(colours.first, 0.16),
            "mode": "lines",
            "line": {"width": 1, "color": translucent(colours.first, 0.5)},
            "name": say("the network's range"),
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "x": time,
            "y": values[-past:],
            "name": say("the series"),
            "mode": "lines",
            "line": {"color": colours.text, "width": 2.5},
        },
    ]
    traces += [
        {
            "type": "scatter",
            "x": ahead,
            "y": np.append(last, future.methods[method]),
            "name": names[method],
            "mode": "lines",
            "line": {"color": colour, "width": 3, "dash": dash},
        }
        for method, (colour, dash) in looks.items()
    ]
    return go.Figure(
        traces,
        look(colours, 460)
        | {
            "xaxis": axis | {"title": {"text": say("step")}},
            "yaxis": axis | {"title": {"text": say("value")}},
            "margin": {"l": 84, "r": 16, "t": 96, "b": 56},
        },
    )


def forecast_alt(values: Array, future: Forecast) -> str:
    """Say in words where the series ends and where the forecasts go."""
    network = future.methods["network"]
    return say(
        "The series ends at {last:.4g}. {horizon} steps ahead the network says {network:.4g}, in a "
        "range from {low:.4g} to {high:.4g}; naive {naive:.4g}, seasonal naive {seasonal:.4g}.",
        last=float(values[-1]),
        horizon=len(network),
        network=float(network[-1]),
        low=float(future.low[-1]),
        high=float(future.high[-1]),
        naive=float(future.methods["naive"][-1]),
        seasonal=float(future.methods["seasonal naive"][-1]),
    )


def errors_ahead(errors: dict[str, Array], names: dict[str, str], colours: Palette) -> go.Figure:
    """Draw the mean scaled error of each method over how far ahead it looks.

    Args:
        errors: by method, (windows, horizon).
        names: of the methods.
        colours: of the theme.
    """
    axis = axis_look(colours)
    looks = {
        "network": (colours.first, "solid", "circle"),
        "naive": (colours.second, "dot", "diamond"),
        "seasonal naive": (colours.third, "dash", "square"),
    }
    traces = [
        {
            "type": "scatter",
            "x": np.arange(1, error.shape[1] + 1),
            "y": error.mean(axis=0),
            "name": names[method],
            "mode": "lines+markers",
            "line": {"color": colour, "width": 3, "dash": dash},
            "marker": {"symbol": symbol, "size": 8},
        }
        for method, error in errors.items()
        for colour, dash, symbol in (looks[method],)
    ]
    return go.Figure(
        traces,
        look(colours, 340)
        | {
            "xaxis": axis | {"title": {"text": say("steps ahead")}},
            "yaxis": axis | {"title": {"text": say("scaled error")}, "rangemode": "tozero"},
            "margin": {"l": 84, "r": 16, "t": 96, "b": 56},
        },
    )


def errors_ahead_alt(errors: dict[str, Array], names: dict[str, str]) -> str:
    """Say the first and the last error of each method."""
    return "; ".join(
        say(
            "{name}: {first:.2f} one step ahead, {last:.2f} at the last",
            name=names[method],
            first=float(error[:, 0].mean()),
            last=float(error[:, -1].mean()),
        )
        for method, error in errors.items()
    )

"""Pictures of the page on applications: shapes, the next character, coloured text, a forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.series.files import Series
from lstm_core.series.forecasting import Forecast
from lstm_core.text.characters import UNKNOWN, probabilities
from pages._book.drawings import arrow_head
from pages._book.drawn import Drawn
from pages._book.language import decimal, mark, say
from pages._book.style import FONT, ROOM, Palette, axis_look, look, note, translucent, with_room

COLUMN = 136
BOX = (112, 54)
OUT, NETWORK, IN = 90, 212, 334
"""How far down outputs, network and inputs begin in the drawing of a shape."""
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
    shape: str,
    reads: Sequence[str],
    writes: Sequence[str],
    name: str,
    colours: Palette,
    title: str = "",
    guess: bool = False,
) -> str:
    """Draw inputs, the network's copies and outputs over time, with the arrows between them.

    Args:
        shape: code in ``lesson.SHAPES``.
        reads: the inputs.
        writes: the outputs.
        name: what the drawing is called, for its text alternative.
        colours: of the theme.
        title: what the shape is called.
        guess: whether only inputs and outputs are named, and the visitor guesses the shape.

    Raises:
        ValueError: if inputs and outputs do not have the shape.
    """
    columns = shape_columns(shape, reads, writes)
    width, height = BOX
    parts = []
    for place, (read, written) in enumerate(columns):
        x = 16 + COLUMN * place
        middle = x + width // 2
        second = shape == "one after the other" and place >= len(reads)
        ink = colours.second if second else colours.first
        parts.append(_box(x, NETWORK, "LSTM", colours, ink, 8))
        if place:
            across = NETWORK + height // 2
            parts.append(_arrow(f"M{x - COLUMN + width} {across} H{x}", colours.hidden_state))
        if read == "<":
            parts.append(_fed_back(x, colours))
        elif read:
            parts.append(_box(x, IN, read, colours, colours.text, 24))
            parts.append(_arrow(f"M{middle} {IN} V{NETWORK + height}", colours.text))
        if written:
            parts.append(_box(x, OUT, written, colours, colours.text, 24, dashed=True))
            parts.append(_arrow(f"M{middle} {NETWORK} V{OUT + height}", colours.text))
    whole = 16 + COLUMN * len(columns) + 92
    for y, label in ((OUT, say("out")), (NETWORK, say("network")), (IN, say("in"))):
        parts.append(_text(whole - 4, y + 34, label, colours.muted, 18, "end"))
    if title:
        # The menu of the picture stands in its corner.
        parts.append(_text(whole - 44, 28, title, colours.first, 20, "end", 700))
    alt = shape_alt(shape, reads, writes, name)
    heading = _text(16, 28, name, colours.text, 24, "start", 700)
    listed = f"{' · '.join(reads)} → {' · '.join(writes)}"
    tokens = _text(16, 58, listed, colours.text, 18, "start")
    # In the lecture the answer is hidden until the room was asked; see lecture.css.
    hidden = "@container style(--asking: on) { .answer { visibility: hidden; } }"
    answer = "" if guess else f'<g class="answer">{"".join(parts)}</g>'
    return (
        f'<div tabindex="0" role="group" aria-label="{escape(alt)}" style="overflow-x:auto">'
        f'<svg viewBox="0 0 {whole} {IN + height + 12}" role="img" aria-label="{escape(name if guess else alt)}" '
        f'style="display:block;width:100%;height:var(--stage, 60vh);min-width:{min(whole, 520)}px;'
        f'font-family:{FONT}"><style>{hidden}</style>{heading}{tokens}{answer}</svg></div>'
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
    size = 20 if len(label) < 10 else 18 if len(label) < 12 else 16
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" '
        f'fill="{colours.panel}" stroke="{ink}" stroke-width="2.5"{dash}/>'
        + _text(x + width // 2, y + 34, label, colours.text, size)
    )


def _text(
    x: int, y: int, label: str, ink: str, size: int, anchor: str = "middle", weight: int = 400
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'fill="{ink}">{escape(label)}</text>'
    )


def _arrow(path: str, ink: str, dash: str = "") -> str:
    return (
        f'<g fill="{ink}"><path d="{path}" fill="none" stroke="{ink}" stroke-width="2.5" '
        f'stroke-dasharray="{dash}"/>{arrow_head(path)}</g>'
    )


def _fed_back(x: int, colours: Palette) -> str:
    """Draw an output's way to the next step's input: down between the columns, dashed."""
    width, height = BOX
    before, middle = x - COLUMN + width, x + width // 2
    between = before + (COLUMN - width) // 2
    below = NETWORK + height
    path = f"M{before} {OUT + height // 2} H{between} V{below + 44} H{middle} V{below}"
    return _arrow(path, colours.muted, "6 4")


# ---- Characters ---------------------------------------------------------------------------------


def shown(character: str) -> str:
    """Write a character so that it can be seen on an axis."""
    return NAMED.get(character, character)


def next_character(logits: Array, vocabulary: str, temperature: float, colours: Palette) -> Drawn:
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
            "text": [decimal(share, ".2f") if share >= 0.005 else "" for share in shares[order]],
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": colour, "pattern": {"shape": pattern}},
            "hovertemplate": "%{x}: %{y:.3f}<extra></extra>",
        }
        for shares, name, colour, pattern in (
            (before, say("before: T = 1"), colours.muted, "/"),
            (after, say("after: T = {t:.2f}", t=temperature), colours.accent, ""),
        )
    ]
    return Drawn(
        bars,
        look(colours, 340)
        | {
            "barmode": "group",
            "xaxis": axis | {"title": {"text": say("next character")}, "type": "category"},
            "yaxis": axis | {"title": {"text": say("probability")}, "range": [0, 1.05]},
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
        ".unit-text{font-family:ui-monospace,monospace;font-size:1.12rem;line-height:2.45;"
        f"white-space:pre-wrap;overflow-wrap:anywhere;color:{colours.text};"
        "height:var(--stage,60vh);overflow-y:auto}",
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
        parts.append(f'<span{mark} title="{decimal(float(value), "+.2f")}">{glyph}</span>')
    alt = say("Text, a bar beneath each character for {name}", name=name)
    return (
        f"<style>{''.join(rules)}</style>"
        f'<div class="unit-text" data-picture tabindex="0" role="group" aria-label="{escape(alt)}">{"".join(parts)}</div>'
    )


def unit_over_text(
    text: str, values: Array, truth: Array | None, name: str, feature: str, colours: Palette
) -> Drawn:
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
    return Drawn(
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


METHOD_LOOKS = {
    "network": ("first", "solid", "circle"),
    "naive": ("second", "dot", "diamond"),
    "seasonal naive": ("third", "dash", "square"),
}
"""Colour, dash and marker of each method."""
SHORT_NAMES = {
    "network": mark("network"),
    "naive": mark("naive"),
    "seasonal naive": mark("seasonal naive"),
}


MARKED, MOST_DRAWN = 8, 400
"""The past is drawn back to so many numbers that were filled or doubled, but no further than that."""


def past_drawn(series: Series, season: int, horizon: int) -> int:
    """Say how many of a series' last numbers are drawn."""
    steps = len(series.numbers)
    past = max(60, 4 * season, 3 * horizon)
    marked = np.union1d(series.filled_at, series.doubled_at)[-MARKED:]
    if len(marked):
        past = max(past, min(steps - int(marked[0]) + 5, MOST_DRAWN))
    return min(steps, past)


def _in_time(series: Series, past: int, horizon: int) -> tuple[Any, Any, dict[str, Any]]:
    """Return where the past and what comes behind the last number stand, and their axis."""
    steps = len(series.numbers)
    following = series.following(horizon)
    if following is None or series.dates is None:
        time, ahead = np.arange(steps - past + 1, steps + 1), np.arange(steps, steps + horizon + 1)
        room = with_room(float(time[0]), float(ahead[-1]))
        return time, ahead, {"title": {"text": say("step")}} | room
    dates, later_dates = series.dates[-past:], np.concatenate([series.dates[-1:], following])
    span = later_dates[-1] - dates[0]
    days = span / np.timedelta64(1, "D")
    spec = "%Y" if days > 2_000 else "%Y-%m" if days > 150 else "%Y-%m-%d"
    shape = {
        "title": {"text": say("date")},
        "type": "date",
        "range": [str(dates[0]), str(later_dates[-1] + (ROOM * span).astype(span.dtype))],
        "tickformat": "%H:%M<br>%Y-%m-%d" if days < 2 else spec,
        "hoverformat": "%Y-%m-%d %H:%M" if days < 150 else "%Y-%m-%d",
        "nticks": 6,
    }
    return dates.astype("datetime64[ms]"), later_dates.astype("datetime64[ms]"), shape


def _marks(series: Series, past: int, time: Any, colours: Palette) -> list[dict[str, Any]]:
    """Mark the numbers that were filled and those whose date had several rows."""
    first = len(series.numbers) - past
    marks = []
    for places, symbol, ink, name in (
        (series.filled_at, "circle-open", colours.forget, say("filled")),
        (series.doubled_at, "x-thin-open", colours.second, say("several rows")),
    ):
        drawn = places[places >= first]
        if len(drawn):
            marks.append(
                {
                    "type": "scatter",
                    "x": time[drawn - first],
                    "y": series.numbers[drawn],
                    "name": name,
                    "mode": "markers",
                    "marker": {
                        "symbol": symbol,
                        "size": 10,
                        "color": ink,
                        "line": {"width": 2.5, "color": ink},
                    },
                }
            )
    return marks


def _heading(series: Series, title: str) -> str:
    """Write the title of a forecast, and what marks in it mean, with their counts."""
    parts = [f"<b>{escape(title[:70])}</b>"] if title else []
    parts.append(say("shaded: the network's range"))
    if len(series.filled_at):
        parts.append(say("○ filled: {count:,}", count=len(series.filled_at)))
    if len(series.doubled_at):
        parts.append(say("× dates with several rows: {count:,}", count=len(series.doubled_at)))
    return "<br>".join(parts)


def forecast_chart(
    series: Series,
    season: int,
    future: Forecast,
    names: Mapping[str, str],
    colours: Palette,
    title: str = "",
    unit: str = "",
) -> Drawn:
    """Draw the end of a series, what each method says comes next, and the network's range.

    Args:
        series: its numbers, with their dates if it has any.
        season: m, which decides how much of the past is drawn.
        future: the forecast.
        names: of the methods that are drawn, in the language that is spoken.
        colours: of the theme.
        title: the name of the series.
        unit: what its numbers are.
    """
    values, horizon = series.numbers, len(future.low)
    past = past_drawn(series, season, horizon)
    time, ahead, shape = _in_time(series, past, horizon)
    last = values[-1]
    axis = axis_look(colours)
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
        *_marks(series, past, time, colours),
    ]
    ends = {}
    for method, (ink, dash, _) in METHOD_LOOKS.items():
        if method not in names:
            continue
        line = np.append(last, future.methods[method])
        ends[method] = float(line[-1])
        traces.append(
            {
                "type": "scatter",
                "x": ahead,
                "y": line,
                "name": names[method],
                "mode": "lines",
                "line": {"color": getattr(colours, ink), "width": 3.5, "dash": dash},
            }
        )
    drawn = np.concatenate([values[-past:], around, *(future.methods[m] for m in names)])
    heading = note(
        _heading(series, title),
        0,
        1,
        colours.text,
        edge="top",
        xshift=8,
        align="left",
        bgcolor=colours.ground,
    )
    layout = look(colours, 460) | {
        "xaxis": axis | shape,
        "yaxis": axis | {"title": {"text": escape(unit[:40]) or say("value")}},
        "annotations": [
            heading,
            *_names_at_the_end(ends, float(np.ptp(drawn)), colours),
        ],
    }
    return Drawn(traces, layout | _ROOM_FOR_NAMES)


_ROOM_FOR_NAMES: dict[str, Any] = {
    "margin": {"l": 84, "r": 16, "t": 12, "b": 56},
    "showlegend": False,
}


def _names_at_the_end(
    ends: Mapping[str, float], height: float, colours: Palette, spec: str = ".4g"
) -> list[dict[str, Any]]:
    """Write names and values beside the ends of lines, apart from each other.

    Args:
        ends: of the lines, by method.
        height: of all that is drawn, in values.
        colours: of the theme.
        spec: how the values are written.
    """
    written: list[dict[str, Any]] = []
    below = -np.inf
    for method, y in sorted(ends.items(), key=lambda item: item[1]):
        below = max(y, below + 0.07 * height)
        written.append(
            {
                "x": 1,
                "xref": "paper",
                "y": below,
                "text": f"<b>{say(SHORT_NAMES[method])} {decimal(y, spec)}</b>",
                "xanchor": "right",
                "showarrow": False,
                "bgcolor": translucent(colours.ground, 0.75),
                "font": {"color": getattr(colours, METHOD_LOOKS[method][0]), "size": 17},
            }
        )
    return written


def forecast_alt(series: Series, future: Forecast) -> str:
    """Say in words where the series ends and where the forecasts go."""
    values, network = series.numbers, future.methods["network"]
    marks = ""
    if len(series.filled_at) or len(series.doubled_at):
        marks = say(
            "Filled numbers: {filled:,}; dates with several rows: {doubled:,}.",
            filled=len(series.filled_at),
            doubled=len(series.doubled_at),
        )
    return f"{_where_it_goes(values, network, future)} {marks}".strip()


def _where_it_goes(values: Array, network: Array, future: Forecast) -> str:
    """Say where the series ends and where the forecasts go."""
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


def errors_ahead(errors: Mapping[str, Array], names: Mapping[str, str], colours: Palette) -> Drawn:
    """Draw the mean scaled error of each method over how far ahead it looks.

    Args:
        errors: by method, (windows, horizon).
        names: of the methods that are drawn.
        colours: of the theme.
    """
    axis = axis_look(colours)
    means = {method: errors[method].mean(axis=0) for method in METHOD_LOOKS if method in names}
    traces = [
        {
            "type": "scatter",
            "x": np.arange(1, len(mean) + 1),
            "y": mean,
            "name": names[method],
            "mode": "lines+markers",
            "line": {"color": getattr(colours, ink), "width": 3, "dash": dash},
            "marker": {"symbol": symbol, "size": 9},
        }
        for method, mean in means.items()
        for ink, dash, symbol in (METHOD_LOOKS[method],)
    ]
    ends = {method: float(mean[-1]) for method, mean in means.items()}
    most = max((float(mean.max()) for mean in means.values()), default=1.0) or 1.0
    horizon = max((len(mean) for mean in means.values()), default=1)
    layout = look(colours, 340) | {
        "xaxis": axis
        | {"title": {"text": say("steps ahead")}}
        | with_room(0.5, max(horizon, 2) + 0.3),
        "yaxis": axis
        | {"title": {"text": say("mean absolute scaled error (MASE)")}, "range": [0, 1.08 * most]},
        "annotations": _names_at_the_end(ends, most, colours, ".2f"),
    }
    return Drawn(traces, layout | _ROOM_FOR_NAMES)


def errors_ahead_alt(errors: Mapping[str, Array], names: Mapping[str, str]) -> str:
    """Say the first and the last error of each method."""
    return "; ".join(
        say(
            "{name}: {first:.2f} one step ahead, {last:.2f} at the last",
            name=names[method],
            first=float(error[:, 0].mean()),
            last=float(error[:, -1].mean()),
        )
        for method, error in errors.items()
        if method in names
    )

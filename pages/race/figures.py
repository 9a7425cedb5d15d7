"""Pictures of a race: who is how far, and what gradient reaches which step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from lstm_core.training.race import Setting
from lstm_core.training.recorded_races import Track
from pages._book.drawn import Drawn
from pages._book.language import say
from pages._book.log_axes import NETWORKS, drawable, log_axis, reach
from pages._book.playing import messages
from pages._book.style import Palette, axis_look, look, translucent, with_room
from pages.race.lesson import FINISH, arrival, places, plain_number, race_alt

APART = 0.06
"""Names at the ends of lines are at least so far apart, as a share of the picture's height."""
SCRIPTS, STYLES = ("stepping.js", "race.js"), ("player.css", "race.css")
"""What plays a race in the browser."""


def racing(tracks: Mapping[str, Track], setting: Setting, colours: Palette) -> dict[str, Any]:
    """Collect what the browser needs to play a race.

    Args:
        tracks: of the networks, by their names in ``NETWORKS``, as they were recorded.
        setting: of the race.
        colours: of the theme.
    """
    task = setting.made_task()
    order = places(tracks, task)
    return {
        "messages": messages(*SCRIPTS),
        "name": setting.task,
        "alt": race_alt(tracks, task),
        "looks": [int(look) for look in next(iter(tracks.values())).looks],
        "baseline": task.baseline,
        "finish": FINISH * task.baseline,
        "share": FINISH,
        "networks": [
            {
                "name": name,
                "losses": track.losses.tolist(),
                "colour": NETWORKS[name][0],
                "dash": NETWORKS[name][1],
                "arrives": arrival(track, task),
                "place": order.index(name) + 1 if name in order else 0,
            }
            for name, track in tracks.items()
        ],
        "colours": asdict(colours),
    }


def losses(tracks: Mapping[str, Track], baseline: float, colours: Palette) -> Drawn:
    """Draw the loss on unseen sequences over the updates, beside what needs no memory.

    Args:
        tracks: of the networks, by their names in ``NETWORKS``.
        baseline: the loss without a memory, drawn dashed.
        colours: of the theme.
    """
    last = max((float(track.looks[-1]) for track in tracks.values() if len(track.looks)), default=0)
    last = max(last, 25.0)
    traces = _lines(
        {n: (t.looks, t.losses) for n, t in tracks.items()}, colours, say("after %{x} updates")
    )
    levels = {say("finish"): FINISH * baseline, say("no memory"): baseline}
    for (name, level), dash in zip(levels.items(), ("dot", "dash"), strict=True):
        traces.append(
            {
                "type": "scatter",
                "x": [0, last],
                "y": [level, level],
                "name": name,
                "mode": "lines",
                "line": {"color": colours.text, "width": 3, "dash": dash},
                "hovertemplate": f"{name}: %{{y:.4f}}<extra></extra>",
            }
        )
    every = [drawable(np.append(t.losses, (baseline, FINISH * baseline))) for t in tracks.values()]
    low, high = reach(every)
    ends = {name: float(track.losses[-1]) for name, track in tracks.items() if len(track.looks)}
    layout = look(colours, 440) | {
        "xaxis": axis_look(colours)
        | {"title": {"text": say("updates")}, "tickformat": ",d"}
        | with_room(0, last),
        "yaxis": log_axis(colours, low, high)
        | {"title": {"text": say("loss on unseen sequences")}},
        "annotations": _names(ends | levels, low, high, colours),
    }
    return Drawn(traces, layout | _ROOM_FOR_NAMES)


_ROOM_FOR_NAMES: dict[str, Any] = {
    "margin": {"l": 84, "r": 16, "t": 12, "b": 56},
    "showlegend": False,
}


def gradient_norms(tracks: Mapping[str, Track], colours: Palette) -> Drawn:
    """Draw |dL/dstate_t| at the last look, for every step."""
    traces = _lines(
        {n: (np.arange(1, len(t.norms) + 1), t.norms) for n, t in tracks.items()},
        colours,
        say("step %{x}"),
    )
    low, high = reach([drawable(track.norms) for track in tracks.values()])
    steps = max(len(track.norms) for track in tracks.values())
    starts = {name: float(track.norms[0]) for name, track in tracks.items()}
    # As in the chapter on gradients: the way back goes from right to left, and ends at the names.
    backwards = with_room(steps, 1)
    layout = look(colours, 440) | {
        "xaxis": axis_look(colours)
        | {"title": {"text": say("time step t (the error enters at {last})", last=steps)}}
        | {"range": backwards["range"][::-1], "tickvals": [1, *backwards["tickvals"]]}
        | {"zeroline": False},
        "yaxis": log_axis(colours, low, high)
        | {"title": {"text": say("length of the gradient |∂L/∂state<sub>t</sub>|")}}
        | {"side": "right"},
        "annotations": [
            name | {"x": 0, "xanchor": "left"} for name in _names(starts, low, high, colours)
        ],
        "margin": {"l": 44, "r": 84, "t": 12, "b": 56},
        "showlegend": False,
    }
    return Drawn(traces, layout)


def _lines(
    points: Mapping[str, tuple[np.ndarray, np.ndarray]], colours: Palette, where: str
) -> list[dict[str, object]]:
    return [
        {
            "type": "scatter",
            "x": x,
            "y": drawable(y),
            "name": name,
            "mode": "lines",
            "line": {"color": getattr(colours, colour), "width": 4, "dash": dash},
            "hovertemplate": f"{name}, {where}: %{{y:.3e}}<extra></extra>",
        }
        for name, (x, y) in points.items()
        for colour, dash, _ in (NETWORKS[name],)
    ]


def _names(
    ends: Mapping[str, float], low: float, high: float, colours: Palette
) -> list[dict[str, Any]]:
    """Write names and values beside the ends of lines, apart from each other.

    Args:
        ends: of the lines, by name; what is no number is left out.
        low: lower end of the log axis.
        high: its upper end.
        colours: of the theme.
    """
    known = {name: end for name, end in ends.items() if np.isfinite(end) and end > 0}
    height = np.log10(high / low)
    written: list[dict[str, Any]] = []

    def ink(name: str) -> str:
        return getattr(colours, NETWORKS[name][0]) if name in NETWORKS else colours.text

    below = -np.inf
    for name, y in sorted(known.items(), key=lambda item: item[1]):
        place = max(np.log10(y), below + APART * height)
        below = place
        written.append(
            {
                "x": 1,
                "xref": "paper",
                "y": float(place),
                "text": f"<b>{name} {plain_number(y)}</b>",
                "xanchor": "right",
                "showarrow": False,
                "bgcolor": translucent(colours.ground, 0.9),
                "font": {"color": ink(name), "size": 17},
            }
        )
    return written

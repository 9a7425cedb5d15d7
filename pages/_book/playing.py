"""What plays in the browser: the frames of a figure, and what the app's scripts say."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pages._book.language import say
from pages._book.style import Palette

ASSETS = Path(__file__).parents[2] / "assets"
SAID = re.compile(r'\bsay\(\s*("(?:\\.|[^"\\])*")')
SECONDS = 4.0
"""How long a whole animation takes, about, in seconds."""
BELOW = 52
"""So far below the axis buttons and slider begin, in points."""
MARGIN = 96
"""The lower margin of a figure that plays: labels, title of the axis, buttons; in points."""
BUTTONS = 166
"""So much room the buttons take beside the slider, in points."""


def playing(
    names: Sequence[str],
    labels: Sequence[str],
    colours: Palette,
    active: int = 0,
    is_labelled: bool = True,
    redraws: bool = False,
) -> dict[str, Any]:
    """Return the part of a layout that plays frames and scrubs through them.

    Buttons and slider stand in one row below the axis, whose lower margin is ``MARGIN``.

    Args:
        names: of the frames, in order.
        labels: what the slider says at each frame; HTML.
        colours: of the theme.
        active: the frame that is shown at first, from 0.
        is_labelled: whether the label of the frame stands above the slider.
        redraws: whether each frame draws the whole figure anew, which one with a landscape needs:
            Plotly takes away what is no line where it does not.
    """
    play = {
        "frame": {"duration": 1000 * SECONDS / len(names), "redraw": redraws},
        "transition": {"duration": 0},
        "fromcurrent": True,
    }
    stop = {"frame": {"duration": 0, "redraw": redraws}, "mode": "immediate"}
    buttons = {
        "type": "buttons",
        "direction": "right",
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "showactive": False,
        "pad": {"t": BELOW, "l": -8},
        "bgcolor": colours.panel,
        "bordercolor": colours.muted,
        "font": {"size": 17, "color": colours.text},
        "buttons": [
            {"label": f"▶ {say('Play')}", "method": "animate", "args": [None, play]},
            {"label": "❚❚", "method": "animate", "args": [[None], stop]},
        ],
    }
    # Both stand by points below the axis, so that they stay clear of it at every height.
    slider = {
        "x": 0.0,
        "len": 1.0,
        "y": 0,
        "yanchor": "top",
        "active": active,
        "pad": {"t": BELOW + (0 if is_labelled else 14), "l": BUTTONS, "b": 0},
        "ticklen": 0,
        "minorticklen": 0,
        # The font of the slider's own steps is hidden; the value that stands now is not.
        "currentvalue": {
            "visible": is_labelled,
            "font": {"size": 16, "color": colours.text},
            "offset": 4,
        },
        "bgcolor": colours.grid,
        "activebgcolor": colours.accent,
        "tickcolor": "rgba(0,0,0,0)",
        "font": {"color": "rgba(0,0,0,0)", "size": 16 if is_labelled else 1},
        "steps": [
            {"label": label, "method": "animate", "args": [[name], stop]}
            for name, label in zip(names, labels, strict=True)
        ],
    }
    return {"updatemenus": [buttons], "sliders": [slider]}


def messages(*scripts: str) -> dict[str, str]:
    """Return what scripts say in the language that is spoken, by the English message.

    Args:
        scripts: names of files in ``assets``, which call ``say("...")`` as Python does.
    """
    return {message: say(message) for script in scripts for message in said_by(script)}


@cache
def said_by(script: str) -> tuple[str, ...]:
    """Return the English messages of a script, as they stand in it."""
    source = (ASSETS / script).read_text(encoding="utf-8")
    return tuple(dict.fromkeys(json.loads(literal) for literal in SAID.findall(source)))

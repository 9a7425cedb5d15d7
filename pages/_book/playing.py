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


def playing(names: Sequence[str], labels: Sequence[str], colours: Palette) -> dict[str, Any]:
    """Return the part of a layout that plays frames and scrubs through them.

    Args:
        names: of the frames, in order.
        labels: what stands beside the slider at each frame; HTML.
        colours: of the theme.
    """
    play = {
        "frame": {"duration": 1000 * SECONDS / len(names), "redraw": False},
        "transition": {"duration": 0},
        "fromcurrent": True,
    }
    stop = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = {
        "type": "buttons",
        "direction": "right",
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "showactive": False,
        "pad": {"t": 84},
        "bgcolor": colours.panel,
        "bordercolor": colours.muted,
        "font": {"size": 18, "color": colours.text},
        "buttons": [
            {"label": f"▶ {say('Play')}", "method": "animate", "args": [None, play]},
            {"label": f"❚❚ {say('Pause')}", "method": "animate", "args": [[None], stop]},
        ],
    }
    # Both stand by points below the axis, so that they stay clear of it at every height.
    slider = {
        "x": 0.0,
        "len": 1.0,
        "y": 0,
        "yanchor": "top",
        "pad": {"t": 141},
        # The font of the slider's own steps is hidden; the value that stands now is not.
        "currentvalue": {"font": {"size": 16, "color": colours.text}},
        "bgcolor": colours.grid,
        "activebgcolor": colours.accent,
        "tickcolor": "rgba(0,0,0,0)",
        "font": {"color": "rgba(0,0,0,0)", "size": 1},
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

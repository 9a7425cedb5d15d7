"""What is stepped in the browser: the cell player and the review being read.

Python sends everything once; the browser steps, and tells the step when it rests.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages._app.assets import asset
from pages._book.exercises import Step
from pages._book.language import spoken
from pages._book.numbers import separators
from pages._book.player import Run

SLOW_LINE = 5.0
"""The longest, in seconds, that a browser takes to learn of its new address."""


_PLAYER = st.components.v2.component(
    "player",
    html="<div class='player'></div>",
    css=asset("player.css"),
    js=asset("stepping.js", "player.js"),
)


_READING = st.components.v2.component(
    "reading",
    html="<div class='player'></div>",
    css=asset("player.css", "reading.css"),
    js=asset("stepping.js", "reading.js"),
)


_RACE = st.components.v2.component(
    "race",
    html="<div class='player'></div>",
    css=asset("player.css", "race.css"),
    js=asset("stepping.js", "race.js"),
)


_WAY_BACK = st.components.v2.component(
    "way_back",
    html="<div class='player'></div>",
    css=asset("player.css", "back.css"),
    js=asset("stepping.js", "back.js"),
)


@dataclass
class Place:
    """Where a player is, and what the page last wrote of it into the address.

    Attributes:
        step: from 0.
        start: the step that the player was last sent to.
        turn: how often it was sent.
        written: what stands in the address.
        replaced: what stood there before, and when it was replaced.
        away: whether it is not drawn, so that its step is not in the address.
        sent: whether the page has sent it to a step that no address has held yet.
        owner: which of several players that share the key is drawn; "" where there is one.
        steps: where those that are not drawn were left, by owner.
    """

    step: int = 0
    start: int = 0
    turn: int = 0
    written: str = "0"
    replaced: dict[str, float] = field(default_factory=dict)
    away: bool = False
    sent: bool = False
    owner: str = ""
    steps: dict[str, int] = field(default_factory=dict)

    def jump(self, step: int) -> None:
        """Send the player to a step."""
        self.step = self.start = step
        self.turn += 1

    def follow(self, address: str) -> None:
        """Go where the address says, if it was the visitor who changed it.

        A browser sends its address with every message, and on a slow line that may still be the
        one from before the last step; the player does not go back to that.
        """
        late = time.monotonic() - self.replaced.get(address, float("-inf")) < SLOW_LINE
        if address != self.written and not late:
            self.jump(int(address) if address.isdecimal() and len(address) < 7 else 0)

    def wrote(self, address: str) -> None:
        """Remember what was written into the address."""
        if address != self.written:
            self.replaced[self.written] = time.monotonic()
            self.written = address


def player(key: str, data: Mapping[str, Any], unit_key: str) -> int:
    """Show a cell at work, and step, play and scrub it in the browser; returns the step, from 0.

    The step stands in the address under ``key``. A click on a unit's square puts it in front,
    which ``unit_key`` keeps, counted from 1.
    """

    def picked() -> None:
        st.session_state[unit_key] = int(st.session_state[f"{key}_player"]["picked"]["unit"]) + 1

    last = len(data["labels"]) * len(data["stages"]) - 1
    return _stepped(_PLAYER, key, data, last, home=0, on_picked_change=picked)


def reading_player(key: str, data: Mapping[str, Any]) -> int:
    """Show a review as it is read, and step through it in the browser, from word to word.

    Returns the step, from 0, which is the last one to begin with.
    """
    last = len(data["lengths"]) - 1
    return _stepped(_READING, key, data, last, home=last)


def race_player(key: str, data: Mapping[str, Any]) -> int:
    """Show a recorded race, and play it in the browser, look by look; returns the look, from 0."""
    return _stepped(_RACE, key, data, len(data["looks"]) - 1, home=0)


def way_back_player(key: str, data: Mapping[str, Any]) -> int:
    """Show an LSTM's way forward and its way back; returns the step, from 0.

    Each step of the sequence is one step forward, and then as many as ``data`` has stages back.
    """
    last = len(data["labels"]) * (1 + len(data["stages"])) - 1
    return _stepped(_WAY_BACK, key, data, last, home=0)


def _stepped(
    component: Callable[..., Any],
    key: str,
    data: Mapping[str, Any],
    last: int,
    home: int,
    **listeners: Callable[[], None],
) -> int:
    """Show what is stepped in the browser; returns the step.

    The step stands in the address under ``key``, unless it is ``home``; an address that says
    another one moves the component.
    """
    place: Place = st.session_state.setdefault(key, Place())
    if key in st.query_params or not (place.away or place.sent):
        place.follow(st.query_params.get(key, str(home)))
    elif place.sent:
        # An address without a step means ``home``, and is older than where the page has sent it.
        place.wrote(str(home))
    place.away = place.sent = False

    def moved() -> None:
        # The browser may tell of a component that the page has just taken away.
        report = st.session_state.get(f"{key}_player", {}).get("moved")
        if report and report["turn"] == place.turn:
            place.step = int(report["step"])

    component(
        data={
            # As text: Streamlit would look at every value, and write all of it twice.
            "run": data.text if isinstance(data, Run) else json.dumps(data),
            "decimal": separators(spoken())[0],
            "start": {"step": place.start, "turn": place.turn, "last": last, "key": key},
        },
        key=f"{key}_player",
        on_moved_change=moved,
        **listeners,
    )
    place.step = min(place.step, last)
    if place.step != home:
        st.query_params[key] = str(place.step)
    else:
        st.query_params.pop(key, None)
    place.wrote(str(place.step))
    return place.step


def restart(key: str, step: int = 0) -> None:
    """Bring a stepped component back to a step; for callbacks that begin something new."""
    place: Place = st.session_state.setdefault(key, Place())
    place.jump(step)
    place.sent = True


def shared(key: str, owner: str) -> None:
    """Give each of several players that share a key a step of its own; call it before one is drawn.

    A step that the page or an address has just named holds for the player that is drawn.
    """
    place: Place = st.session_state.setdefault(key, Place())
    if place.owner not in {"", owner}:
        place.steps[place.owner] = place.step
        is_named = place.sent or st.query_params.get(key, place.written) != place.written
        if not is_named:
            place.jump(place.steps.get(owner, 0))
    place.owner = owner


def step_of(key: str, home: int = 0, owner: str = "") -> int:
    """Return a player's step; if it was never drawn, that of the address, and else ``home``.

    Of several players that share the key, ``owner`` says which one is meant.
    """
    place: Place | None = st.session_state.get(key)
    if place is not None:
        is_other = owner and place.owner not in {"", owner}
        return place.steps.get(owner, home) if is_other else place.step
    address = st.query_params.get(key, "")
    return int(address) if address.isdecimal() and len(address) < 7 else home


def put_away(key: str) -> None:
    """Take a player's step out of the address while it is not drawn; it goes on from there later."""
    place: Place | None = st.session_state.get(key)
    st.query_params.pop(key, None)
    if place is not None and not place.away:
        place.jump(place.step)
        place.away = True


def put(values: Mapping[str, object]) -> None:
    """Put values into controls, by key, and send players to steps, before they are drawn."""
    # What these values fulfil, the visitor has not done.
    st.session_state["values_were_put"] = True
    for key, value in values.items():
        if isinstance(value, Step) or isinstance(st.session_state.get(key), Place):
            restart(key, int(str(value)))
        else:
            st.session_state[key] = value

"""What is kept between runs: for one visitor while the page is open, or for all visitors."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_core.sentiment.reader import Reader, Reading
from pages._app import turns
from pages._book.drawn import Drawn
from pages._book.language import spoken
from pages._book.style import Palette, palette

MOST_SHARED, LARGE, MOST_LARGE = 96, 2**18, 4
"""The most results, made of the app's own texts, that are kept at a time for all visitors; and of
those that are arrays of so many bytes or more."""

Made = TypeVar("Made")


@st.cache_resource(max_entries=1, show_spinner=False)
def reader() -> Reader:
    """Load the trained network once for all visitors."""
    return Reader.load()


def explained(reading: Reading | None) -> Reading | None:
    """Compute now what takes longest of a reading; call it where it is this visitor's turn for that."""
    if reading is not None:
        _ = reading.contributions
    return reading


def remembered(
    slot: str,
    identity: object,
    make: Callable[[], Made],
    own: bool = False,
    *,
    in_words: bool = True,
) -> Made:
    """Return what was made last under a slot; it is made anew when its identity is another one.

    Args:
        slot: a name for what is kept.
        identity: all that the result depends on, but for the language.
        make: makes it.
        own: whether it is made of the app's own texts and numbers alone. Then all visitors share
            it; otherwise it stays in this visitor's session until the page is left, for it may hold
            their text.
        in_words: whether it says anything to the visitor, so that each language has its own.
    """
    identity = (identity, spoken() if in_words else "")
    if own:
        return _shared().get((slot, identity), make)
    slots: dict[str, tuple[object, Any]] = st.session_state.setdefault("kept", {})
    if slot not in slots or slots[slot][0] != identity:
        slots[slot] = (identity, make())
    kept: Made = slots[slot][1]
    return kept


def computed(
    slot: str,
    identity: object,
    make: Callable[[], Made],
    own: bool = False,
    *,
    in_words: bool = True,
) -> Made:
    """Return what ``remembered`` returns, for what takes long to make.

    A visitor's own text may be long, so that such computations run one at a time.
    """
    made_alone = make if own else turns.alone(make)
    return remembered(slot, identity, made_alone, own, in_words=in_words)


def drawn(slot: str, identity: object, draw: Callable[[Palette], Drawn], own: bool = True) -> Drawn:
    """Draw a figure once for all visitors who see the same numbers in the same theme.

    One that is not of the app's ``own`` numbers or text is drawn once for this visitor.
    """
    shades = colours()
    return remembered(slot, (identity, shades), lambda: draw(shades), own)


def colours() -> Palette:
    """Return the palette of the theme that the visitor sees."""
    return palette(st.context.theme.type)


def forget_other_pages(page: str) -> None:
    """Drop what is kept for a page that the visitor has left; all of it can be computed again."""
    if st.session_state.get("kept_for") != page:
        st.session_state["kept_for"], st.session_state["kept"] = page, {}


def forget_gone_widgets() -> None:
    """Drop what is still known of widgets that are on the page no more; call it as a run begins.

    Streamlit 1.67 keeps what it knows of every widget that a visitor has ever seen: also what is
    called when it changes, and with that the page as it was when the widget was drawn last. A widget
    that has no value any more is gone; it is made known again when it is drawn again.
    """
    run = get_script_run_ctx()
    if run is None:
        return
    # Another Streamlit may name these otherwise, or forget them by itself.
    with contextlib.suppress(AttributeError):
        state = run.session_state._state
        known = state._new_widget_state.widget_metadata
        there = state._new_widget_state.states.keys() | state._old_state.keys()
        for widget in known.keys() - there:
            del known[widget]


class Shared:
    """What was made of the app's own texts, for all visitors; what was shown last stays longest.

    Pages of several visitors ask for it at the same time, each in a thread of its own.
    """

    def __init__(self) -> None:
        self._kept: dict[object, Any] = {}
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], Made]) -> Made:
        """Return what is kept under a key; it is made where there is none."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = self._kept.pop(key)
                kept: Made = self._kept[key]
                return kept
        # Nobody waits for what somebody else makes.
        made = make()
        with self._lock:
            self._kept[key] = made
            self._drop()
        return made

    def _drop(self) -> None:
        """Drop what was not asked for for longest, where there is too much."""
        large = [k for k, value in self._kept.items() if getattr(value, "nbytes", 0) >= LARGE]
        for key in {*list(self._kept)[:-MOST_SHARED], *large[:-MOST_LARGE]}:
            del self._kept[key]


@st.cache_resource(max_entries=1, show_spinner=False)
def _shared() -> Shared:
    return Shared()

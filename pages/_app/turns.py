"""Whose turn it is to compute: page runs and long computations of all visitors, ordered.

At most two page runs, or parts of pages, are computed at the same time, the most urgent first; of
the long computations that are made in the serving process itself, one at a time. ``processes`` has
the semaphore and the processes; here they meet Streamlit's sessions.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._app.processes import RankedSemaphore, Turns

Made = TypeVar("Made")


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Turns.close)
def processes() -> Turns:
    """Start the processes for long work, once for all visitors."""
    return Turns()


def went_by_history() -> bool:
    """Say whether the browser asked for this run with an address: Back, Forward, or a lecturer's page.

    Then the address holds for all that it can set, whatever the session knows.
    """
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def is_of_a_part() -> bool:
    """Say whether a part of the page runs by itself."""
    run = get_script_run_ctx()
    return run is not None and bool(run.fragment_ids_this_run)


def visitor() -> object:
    """Return the object by which ``processes`` tells this visitor from the others."""
    return st.session_state.setdefault("visitor", object())


_RUNS = RankedSemaphore(2)
"""Held while a page, or a part of one, is computed."""
_LONG_WORK = RankedSemaphore(1)
"""Held while something long is computed in the serving process."""
A_PART, A_PAGE, A_NEWCOMER = range(3)
A_FOLLOWER = 20
"""How urgent a run is: a slider that sticks is felt more than a page that opens a second later.
Whoever follows a lecturer has pressed nothing, and waits longest: three hundred of them need some
seconds, in which nobody's own run stands behind theirs."""
_inside = threading.local()
"""What this thread holds: ``turn`` and ``long``."""


@contextlib.contextmanager
def in_turn(rank: int) -> Iterator[None]:
    """Compute a page or a part of one, when it is its turn; a part within a page goes on at once.

    Args:
        rank: one of ``A_PART``, ``A_PAGE`` and ``A_NEWCOMER``.
    """
    if getattr(_inside, "turn", False):
        yield
        return
    _RUNS.enter(rank)
    _inside.turn = True
    try:
        yield
    finally:
        _inside.turn = False
        _RUNS.leave()


@contextlib.contextmanager
def out_of_turn() -> Iterator[None]:
    """Give the turn to others while this visitor waits for something else, and take it up again.

    Never within what Streamlit caches: two who wait for the same would hold both turns, and the one
    who computes it would wait for a turn.
    """
    if not getattr(_inside, "turn", False):
        yield
        return
    _inside.turn = False
    _RUNS.leave()
    try:
        yield
    finally:
        _RUNS.enter(A_PART)
        _inside.turn = True


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Compute what may take long, after the other long computations and beside short ones."""
    if getattr(_inside, "long", False):
        yield
        return
    with out_of_turn():
        _LONG_WORK.enter(A_PART)
    _inside.long = True
    try:
        yield
    finally:
        _inside.long = False
        _LONG_WORK.leave()


def alone(make: Callable[[], Made]) -> Callable[[], Made]:
    """Return the function, held back until no other long computation is under way."""

    def held_back() -> Made:
        with one_at_a_time():
            return make()

    return held_back

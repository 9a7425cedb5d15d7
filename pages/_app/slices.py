"""Long work of one visitor, computed slice by slice in the app's processes while the page shows it.

A page keeps such work in the visitor's session and draws it in a fragment that runs again every
``interval`` seconds. Between two slices of one visitor the others have their turns (``processes``).
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, TypeVar

import streamlit as st

from pages._app import turns
from pages._book.waiting import standing

SECONDS = 0.8
"""So long a slice is computed; then it may be another visitor's turn."""
LOOK_AGAIN = 0.5
"""So many seconds lie between two looks at work that is going on."""

Result = TypeVar("Result")


class Work(ABC, Generic[Result]):
    """Work that is computed in slices: a page's own class says what a slice is.

    Attributes:
        running: whether further slices are asked for.
        lost: how many slices were lost because their process died.
        coming: the slice that waits for its turn or is being computed.
    """

    def __init__(self) -> None:
        self.running = True
        self.lost = 0
        self.coming: Future[Result] | None = None

    @property
    @abstractmethod
    def over(self) -> bool:
        """Whether nothing is left to do."""

    @abstractmethod
    def next_slice(self) -> Callable[[], Result]:
        """Return the call that computes the next slice, of a function that a process can import."""

    @abstractmethod
    def take(self, result: Result) -> None:
        """Put the result of a slice to what is done."""

    def lose(self) -> None:
        """Count a slice whose process died; it is asked for again."""
        self.lost += 1

    def go_on(self) -> None:
        """Take the slice that has been computed, and ask for the next one."""
        if self.coming is not None and self.coming.done():
            # The visitor may have asked for something else meanwhile, which cancels the slice.
            with contextlib.suppress(CancelledError):
                try:
                    self.take(self.coming.result())
                except BrokenProcessPool:
                    self.lose()
            self.coming = None
        if self.over:
            self.running = False
        if self.running and self.coming is None:
            self.coming = turns.processes().submit(turns.visitor(), self.next_slice())

    def stop(self) -> None:
        """Ask for no further slice; what is done stays."""
        self.running = False

    def resume(self) -> None:
        """Go on with what is left."""
        self.running = True


def interval(work: Work[Any] | None) -> float | None:
    """Return how often the fragment that shows the work runs again, in seconds; None: never."""
    return LOOK_AGAIN if work is not None and work.running else None


@contextlib.contextmanager
def followed(work: Work[Any]) -> Iterator[None]:
    """Let work go on and show it; the whole page runs again when the work has come to its end.

    The buttons that begin and stop it stand outside of the fragment that shows it.
    """
    was_running = work.running
    work.go_on()
    yield
    if was_running and not work.running:
        st.rerun()


def pressed(call: Callable[[], None]) -> Callable[[], None]:
    """Make the callback of a button that begins or stops work: ``run_again`` then follows it."""

    def callback() -> None:
        call()
        st.session_state["work_pressed"] = True

    return callback


def run_again() -> None:
    """Run the whole page again after such a button; call it where the buttons were drawn.

    A browser keeps looking at a fragment until the page runs as a whole.
    """
    if st.session_state.pop("work_pressed", False):
        st.rerun()


def say_whose_turn(work: Work[Any]) -> None:
    """Say whether the next slice is computed now, or how many visitors are before this one."""
    if work.running:
        st.caption(standing(turns.processes().place(work.coming)))

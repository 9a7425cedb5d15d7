"""Learning by doing, as data: guided tours on the real controls, and quests that the app checks.

Each chapter has an ``exercises.py`` with ``TOUR`` (cards), ``QUESTS`` and ``quiz(state)``, where
``state`` is what its page shows, of a class of the chapter's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

State = TypeVar("State")


class Step(int):
    """A player's step, from 0, as a card or a slide sets it beside the values of controls."""


END = Step(10**6)
"""Sends a player to its last step, whichever that is."""


@dataclass(frozen=True)
class Card:
    """One card of a guided tour, which acts on the real controls of its page.

    Attributes:
        title: marked for translation, as is ``text``.
        text: what to look at, and what to do.
        sets: what the card puts into the controls when it is opened, by widget key; a player gets
            a ``Step``.
        cue: the key of the widget (or ``panel_NAME``) that the card speaks of; it is pointed at
            until the card is done.
        done: whether the visitor did what the card asks for, from the session's values by widget
            key; without it, reading is enough.
        panel: which is opened with the card; without a name the one whose control it speaks of, as
            far as the page knows, and else the one that is open.
    """

    title: str
    text: str
    sets: Mapping[str, object] = field(default_factory=dict)
    cue: str = ""
    done: Callable[[Mapping[str, Any]], bool] | None = None
    panel: str = ""


@dataclass(frozen=True)
class Quest(Generic[State]):
    """Something to reach on the page; the app checks it on the numbers on the screen.

    Attributes:
        key: a short name, without spaces, that its chapter has only once.
        task: marked for translation, as is ``hint``.
        done: whether the state on the screen fulfils it.
        progress: how far it is, in words with live numbers.
        hint: what helps; shown when it is asked for.
    """

    key: str
    task: str
    done: Callable[[State], bool]
    progress: Callable[[State], str]
    hint: str = ""

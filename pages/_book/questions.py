"""Questions to the visitor, whose answers are computed from what is on the screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question with its choices; ``feedback`` has a sentence for each choice.

    ``right`` has more than one place where choices are equally right. ``mistakes`` names, for each
    choice, the misconception that leads to it (a key of ``misconceptions.BY_KEY``), or is "".
    """

    text: str
    choices: tuple[str, ...]
    right: tuple[int, ...]
    feedback: tuple[str, ...]
    mistakes: tuple[str, ...] = ()

"""Mistakes that tutorials make about recurrent networks, each with a counter-example that is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lstm_core.lessons.chapters import Chapter


@dataclass(frozen=True)
class Misconception:
    """One widespread mistake.

    Attributes:
        key: a short name, such as "forget-one-forgets".
        chapters: the pages whose card shows it.
        wrong: what is said, marked for translation, as is ``right``.
        right: what is true, with the source.
        evidence: runs the counter-example, and says what came out with its numbers.
        see: an address, as query parameters of the first chapter, that shows it.
    """

    key: str
    chapters: tuple[Chapter, ...]
    wrong: str
    right: str
    evidence: Callable[[], str]
    see: Mapping[str, str] = field(default_factory=dict)


MISCONCEPTIONS: tuple[Misconception, ...] = ()
BY_KEY = {one.key: one for one in MISCONCEPTIONS}


def of_chapter(chapter: Chapter) -> list[Misconception]:
    """Return the mistakes that fit a page."""
    return [one for one in MISCONCEPTIONS if chapter in one.chapters]

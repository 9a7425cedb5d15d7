"""What a reader assumed of a file: as data, in one sentence each, and how to change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lstm_core.messages import Message


class TableError(ValueError):
    """A table cannot be read at all; the message is one sentence that says why.

    Attributes:
        option: of the command lines that reads it all the same; empty if there is none.
    """

    def __init__(self, message: str, option: str = "") -> None:
        """Say why, and what helps."""
        super().__init__(message)
        self.option = option


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that a file does not say and a reader had to decide.

    Attributes:
        name: of what was decided, "encoding" for one.
        value: what was decided, as JSON takes it.
        sentence: the same for people.
        option: of the command lines that decides it otherwise; empty if there is none.
        usual: whether it is what everybody expects, so that only a full account needs it.
        asked: whether another reading is as likely, so that somebody has to choose.
    """

    name: str
    value: Any
    sentence: Message
    option: str = ""
    usual: bool = False
    asked: bool = False

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON takes it."""
        return {
            "name": self.name,
            "value": self.value,
            "sentence": str(self.sentence),
            "option": self.option,
            "asked": self.asked,
        }

    def line(self) -> str:
        """Say it in one line, with the option that changes it."""
        line = " ".join(str(self.sentence).split())
        return f"{line} ({self.option})" if self.option else line


def remarkable(assumptions: Iterable[Assumption]) -> list[Assumption]:
    """Leave out what everybody expects."""
    return [assumption for assumption in assumptions if not assumption.usual]


@dataclass(frozen=True)
class Options:
    """What somebody decided about a table; None leaves it to the reader.

    Attributes:
        kind: of ``sources.KINDS``.
        encoding: as Python names it.
        separator: of cells: a sign, "space" for runs of white space, or "none".
        skip: how many lines stand above the table.
        headings: how many rows name the columns.
        sheet: of a workbook, by its name.
    """

    kind: str | None = None
    encoding: str | None = None
    separator: str | None = None
    skip: int | None = None
    headings: int | None = None
    sheet: str | None = None

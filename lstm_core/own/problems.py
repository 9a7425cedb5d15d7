"""What every part of opening a network says: a refusal, a decision, and what was left out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from lstm_core.messages import Message, later

MOST_BYTES = 50_000_000
"""So large may a file be."""
MOST_NUMBERS = 16_000_000
"""So many weights may a network have: a file of that size in single precision, and some room."""
LONGEST_NAME = 80


class OwnError(ValueError):
    """A file, or what is fed to a network, cannot be used; the message is one sentence."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Choice:
    """One reading of what a file does not say.

    Attributes:
        value: as ``layout`` takes it.
        label: for people.
    """

    value: Any
    label: Message


@dataclass(frozen=True)
class Assumption:
    """One thing that a file does not say and a reader had to decide.

    Attributes:
        name: of the decision, as ``layout`` takes it: "lstm.gates" for one.
        value: what was decided.
        sentence: the same for people.
        choices: the readings that there are.
        asked: whether another reading is as likely, so that somebody has to choose.
        decided: whether somebody has.
    """

    name: str
    value: Any
    sentence: Message
    choices: tuple[Choice, ...] = ()
    asked: bool = False
    decided: bool = False

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON takes it."""
        return {
            "name": self.name,
            "value": self.value,
            "sentence": str(self.sentence),
            "choices": [choice.value for choice in self.choices],
            "asked": self.asked,
            "decided": self.decided,
        }


@dataclass(frozen=True)
class LeftOut:
    """A layer that is in the file and is not opened.

    Attributes:
        name: the layer's.
        kind: its class, as the file has it.
        why: for people.
    """

    name: str
    kind: str
    why: Message

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON takes it."""
        return {"name": self.name, "kind": self.kind, "why": str(self.why)}


@dataclass(frozen=True)
class Source:
    """Where one weight came from.

    Attributes:
        weight: layer, direction and parameter: "lstm/forward/kernel".
        paths: of the arrays in the file.
        shapes: of these.
        how: what was done to them.
    """

    weight: str
    paths: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    how: Message

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON takes it."""
        return {
            "weight": self.weight,
            "from": list(self.paths),
            "shapes": [list(shape) for shape in self.shapes],
            "how": str(self.how),
        }


def readable(name: object) -> str:
    """Make a name of a file fit to be shown: one line, no control signs, not endless.

    Letters of every script stay as they are.
    """
    signs = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in str(name)[:1000])
    text = " ".join("".join(signs).split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def too_many(numbers: int, name: str = "", shape: tuple[int, ...] = ()) -> OwnError:
    """Say that a network has more weights than are opened, and which array is too much."""
    if name:
        return OwnError(
            later(
                "“{name}” has shape {shape}; at most {most:,} weights are opened.",
                name=readable(name),
                shape=str(shape),
                most=MOST_NUMBERS,
            )
        )
    return OwnError(
        later(
            "The file holds {numbers:,} weights; at most {most:,} are opened.",
            numbers=numbers,
            most=MOST_NUMBERS,
        )
    )

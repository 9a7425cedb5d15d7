"""What is sent to a room: everything is text or a number, of a limited length, or it is refused."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

Read = TypeVar("Read")
PATH = re.compile(r"[a-z_-]{0,40}")
NAME = re.compile(r"[A-Za-z0-9_-]{0,60}")
ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
"""What a message is called, so that it is done once."""
QUERY = re.compile(r"[\x21-\x7e]{0,4000}")
FAR = 10**6
"""No step, slide or number of anything is larger."""


class Refused(Exception):  # noqa: N818
    """The room does not do what it was asked for.

    Attributes:
        why: in one word, as the protocol has it.
        after: seconds after which it may be tried again; 0 if that is no question of time.
    """

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.why, self.after = why, after


def text(value: object, most: int, least: int = 1) -> str:
    """Read a text without signs that control anything; a line may end in it.

    Raises:
        Refused: "form" if it is none, "text" if it is too short or too long.
    """
    if not isinstance(value, str):
        raise Refused("form")
    if len(value) > 8 * most:
        raise Refused("text")
    signs = (
        sign if sign == "\n" or not unicodedata.category(sign).startswith("C") else " "
        for sign in unicodedata.normalize("NFC", value)
    )
    clean = "".join(signs).strip()
    if not least <= len(clean) <= most:
        raise Refused("text")
    return clean


def line(value: object, most: int) -> str:
    """Read a text of one line, whose words one space parts.

    Raises:
        Refused: as ``text`` does.
    """
    return " ".join(text(value, most).split())


def matching(value: object, pattern: re.Pattern[str]) -> str:
    """Read a text that a pattern describes.

    Raises:
        Refused: "form" if it is another one.
    """
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused("form")
    return value


def whole(value: object, low: int = 0, high: int = FAR) -> int:
    """Read a whole number within limits.

    Raises:
        Refused: "form" if it is none, or outside of them.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused("form")
    return value


def number(value: object) -> float:
    """Read a finite number.

    Raises:
        Refused: "form" if it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12:
        raise Refused("form")
    if not math.isfinite(value):
        raise Refused("form")
    return float(value)


def yes_or_no(value: object) -> bool:
    """Read a truth value.

    Raises:
        Refused: "form" if it is none.
    """
    if not isinstance(value, bool):
        raise Refused("form")
    return value


def maybe(value: object, read: Callable[[Any], Read]) -> Read | None:
    """Read something that may be missing."""
    return None if value is None else read(value)


def items(value: object, read: Callable[[Any], Read], most: int, least: int = 0) -> list[Read]:
    """Read a list of a limited length.

    Raises:
        Refused: "form" if it is none, or of another length; what ``read`` raises.
    """
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise Refused("form")
    return [read(one) for one in value]


def record(value: object) -> Mapping[str, Any]:
    """Read a mapping by names.

    Raises:
        Refused: "form" if it is none.
    """
    if not isinstance(value, dict):
        raise Refused("form")
    return value


def among(value: object, words: Sequence[str]) -> str:
    """Read one of some words.

    Raises:
        Refused: "form" if it is none of them.
    """
    if not isinstance(value, str) or value not in words:
        raise Refused("form")
    return value

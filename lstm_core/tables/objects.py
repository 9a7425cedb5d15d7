"""Records of JSON: one object a line (.jsonl), or a list of objects (.json), read one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from lstm_core.messages import Message, later
from lstm_core.tables.assumptions import TableError
from lstm_core.tables.cells import Exact, Written
from lstm_core.tables.sources import is_text, not_valid, printable

CHUNK = 1 << 16
LONGEST_OBJECT = 64 << 20
DEEPEST = 4
"""Objects within more objects stay as they are written."""
VALUE = "value"
"""The column of what stands in a list without a name."""
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One object: its line, its values, what is wrong with it, and all that is there of it then."""

    line: int
    values: dict[str, Any]
    problem: Message | None = None
    raw: str = ""


def is_lines(first: str, second: str) -> bool:
    """Tell whether a .json file has one object a line, by its first two lines that hold anything."""
    if not first.lstrip("\ufeff").lstrip().startswith("{"):
        return False
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    if second:
        return second.lstrip().startswith("{")
    return not any(isinstance(held, list) for held in value.values()) and not _by_column(value)


def _by_column(value: dict[str, Any]) -> bool:
    """Tell whether an object has an object for each column, with a key for each row."""
    held = list(value.values())
    if not held or not all(isinstance(column, dict) and column for column in held):
        return False
    keys = held[0].keys()
    numbered = all(map(str.isdecimal, keys))
    return all(column.keys() == keys for column in held) and (numbered or len(held) > 1)


def line_records(lines: Iterator[str], encoding: str) -> Iterator[Record]:
    """Parse one object a line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if not is_text(line):
            yield Record(number, {}, not_valid(encoding), printable(line.strip()))
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problem = later("not JSON ({error})", error=str(error))
            yield Record(number, {}, problem, line.strip())
            continue
        yield record(number, value, line.strip())


def record(number: int, value: object, raw: str = "") -> Record:
    """Take a value as a record; a list has columns with a number, and what is neither has one."""
    if isinstance(value, list):
        if not value or any(isinstance(held, list | dict) for held in value):
            return Record(number, {}, later("no object, but a list"), raw or json.dumps(value))
        names = (str(later("column {number}", number=place)) for place in count(1))
        return Record(number, dict(zip(names, value, strict=False)), None, raw)
    return Record(number, _flat(value) if isinstance(value, dict) else {VALUE: value}, None, raw)


def _flat(value: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Put keys of objects within an object behind their own, with a point between: review.text."""
    flat: dict[str, Any] = {}
    for name, held in value.items():
        inner = (
            {f"{name}.{key}": cell for key, cell in _flat(held, depth + 1).items()}
            if isinstance(held, dict) and held and depth < DEEPEST
            else {}
        )
        flat |= inner if inner and not inner.keys() & (value.keys() | flat.keys()) else {name: held}
    return flat


def array_records(lines: Iterator[str], encoding: str) -> Iterator[Record]:
    """Parse a list of objects, one by one, so that memory holds a few; what breaks off is named.

    Raises:
        TableError: if it is no list of objects.
    """
    text = _Text(lines)
    start = text.peek()
    if start == "{":
        yield from _within(text)
        return
    if start != "[":
        raise TableError(later("The file is no list of JSON objects."))
    text.take()
    while (sign := text.peek()) and sign != "]":
        if sign == ",":
            text.take()
            continue
        number = text.number
        try:
            value, raw = text.value()
        except (ValueError, RecursionError) as error:
            problem = later("not JSON from here on ({error})", error=str(error))
            yield Record(number, {}, problem, printable(text.everything()))
            return
        if is_text(raw):
            yield record(number, value, raw)
        else:
            yield Record(number, {}, not_valid(encoding), printable(raw))
    if text.peek() == "]":
        text.take()
    elif not text.peek():
        yield Record(text.number, {}, later("the list breaks off here"), "")
    if rest := text.everything().strip():
        problem = later("not JSON from here on ({error})", error="text behind the list")
        yield Record(text.number, {}, problem, printable(rest))


def _within(text: _Text) -> Iterator[Record]:
    """Take the one list of objects, or of lists, that an object holds, or all its lists as columns."""
    try:
        value, _ = text.value()
    except (ValueError, RecursionError) as error:
        raise TableError(later("This is not JSON: {error}.", error=str(error))) from None
    lists = {name: held for name, held in value.items() if isinstance(held, list)}
    lengths = {len(held) for held in lists.values()}
    flat = not any(isinstance(cell, list | dict) for held in lists.values() for cell in held)
    rows: Iterable[Any]
    if _by_column(value):
        first = next(iter(value.values()))
        rows = ({name: column[key] for name, column in value.items()} for key in first)
    elif len(lists) > 1 and len(lengths) == 1 and flat:
        rows = (dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True))
    elif len(lists) == 1 and all(
        isinstance(held, dict | list) for held in next(iter(lists.values()))
    ):
        rows = next(iter(lists.values()))
    else:
        raise TableError(later("The file is no list of JSON objects."))
    for number, held in enumerate(rows, start=1):
        yield record(number, held)


class _Text:
    """Text that is parsed from its front and read on as it is needed."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.text, self.place, self.number = "", 0, 1
        self.decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().raw_decode

    def more(self, least: int = CHUNK) -> bool:
        """Read on; says whether there was anything."""
        parts, size = [], 0
        for line in self.lines:
            parts.append(line)
            size += len(line)
            if size >= least:
                break
        self.text = "".join((self.text[self.place :], *parts)) if parts else self.text[self.place :]
        self.place = 0
        return bool(parts)

    def peek(self) -> str:
        """Return the next sign that is no white space; empty at the end."""
        while True:
            while self.place < len(self.text) and self.text[self.place] in _SPACE:
                self.take()
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""

    def take(self) -> None:
        self.number += self.text[self.place] == "\n"
        self.place += 1

    def value(self) -> tuple[Any, str]:
        """Parse the next value; returns it, and how it was written."""
        least = CHUNK
        while True:
            try:
                value, end = self.decode(self.text, self.place)
            except ValueError:
                if len(self.text) - self.place > LONGEST_OBJECT or not self.more(least):
                    raise
                least *= 2
                continue
            # A number at the very end may go on in the next lines.
            if end == len(self.text) and self.more():
                continue
            raw = self.text[self.place : end]
            self.number += raw.count("\n")
            self.place = end
            return value, raw

    def everything(self) -> str:
        """Return all that is left."""
        rest = "".join(chain((self.text[self.place :],), self.lines))
        self.text, self.place = "", 0
        return rest


def cell(value: object) -> str:
    """Write a value as the text of a cell; what is no string is written as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return Written("")
    if isinstance(value, bool):
        return Written(str(value).lower())
    if isinstance(value, int | float):
        try:
            return Exact(repr(value))
        except ValueError:  # An integer of thousands of digits.
            return Exact("inf")
    return Written(json.dumps(value, ensure_ascii=False))

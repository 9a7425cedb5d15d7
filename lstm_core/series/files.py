"""Read a series of numbers from a text or a file that a visitor gives: hostile until shown fit."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.messages import later
from lstm_core.tables import read_cells

MOST_BYTES = 5_000_000
MOST_ROWS = 2_000
"""A longer series is cut to its last so many rows: the newest say most about what comes."""
MOST_COLUMNS = 50
LARGEST = 1e15
MOST_MISSING = 0.1
FEWEST = 16
MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "–", "?", "."}
_POINT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?(e[+-]?\d{1,4})?", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?(e[+-]?\d{1,4})?", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """What was read of a file.

    Attributes:
        columns: their names.
        rows: the last ``MOST_ROWS`` rows, each with a cell for every column.
        first: number of the first row kept, counted from 1 in the file, without its heading.
        rows_given: how many rows there were.
        decimal_comma: whether numbers are written 3,5.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    first: int
    rows_given: int
    decimal_comma: bool


@dataclass(frozen=True)
class Series:
    """A column of numbers.

    Attributes:
        numbers: (time,), all of them finite.
        filled: rows that had none, filled along a straight line.
    """

    numbers: Array
    filled: int


def read_table(content: str | bytes) -> Table:
    """Find out separator, heading and decimal sign of a text, and cut it into rows.

    Raises:
        ValueError: with a sentence for the visitor.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(
            later("The file is larger than {most:.0f} MB.", most=MOST_BYTES / 1_000_000)
        )
    text = _decoded(content) if isinstance(content, bytes) else content
    if "\x00" in text:
        raise ValueError(later("This is no text: it holds zero bytes. Save the table as CSV."))
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError(later("There is nothing in it yet: one number a line is enough."))
    separator = _separator(lines)
    rows = _rows(lines, separator)
    width = min(max(len(row) for row in rows[:100]), MOST_COLUMNS)
    rows = [(row + [""] * width)[:width] for row in rows]
    comma = separator != "," and _decimal_comma(rows)
    names: list[str] = [later("column {number}", number=place + 1) for place in range(width)]
    if _is_heading(rows[0], rows[1:], comma):
        names = [cell.strip()[:60] or name for cell, name in zip(rows.pop(0), names, strict=True)]
    given_rows = len(rows)
    return Table(
        tuple(names), rows[-MOST_ROWS:], max(given_rows - MOST_ROWS, 0) + 1, given_rows, comma
    )


def numeric_columns(table: Table) -> list[int]:
    """Name the columns that hold numbers for the most part, the last first.

    A column that only counts up by the same step, a year or a row's number, comes behind the others.
    """
    places = []
    for place in range(len(table.columns)):
        cells = [_number(row[place], table.decimal_comma) for row in table.rows]
        numbers = np.array([cell for cell in cells if cell is not None])
        if len(numbers) * 2 > len(cells):
            with np.errstate(over="ignore", invalid="ignore"):
                steps = np.diff(numbers)
                counts = bool(len(steps) and np.all(steps == steps[0]) and steps[0])
            places.append((counts, -place))
    return [-place for _, place in sorted(places)]


def column(table: Table, place: int) -> Series:
    """Take a column as a series.

    Raises:
        ValueError: with a sentence for the visitor.
    """
    values = np.full(len(table.rows), np.nan)
    for row, cells in enumerate(table.rows):
        cell = cells[place]
        number = _number(cell, table.decimal_comma)
        if number is None:
            if cell.strip().lower() in MISSING:
                continue
            raise ValueError(
                later(
                    "Row {row} has “{cell}”, which is no number.",
                    row=table.first + row,
                    cell=cell.strip()[:40],
                )
            )
        if not abs(number) <= LARGEST:
            raise ValueError(
                later(
                    "Row {row} has {number}: nothing beyond {most:g} in size can be computed with.",
                    row=table.first + row,
                    number=cell.strip()[:40],
                    most=LARGEST,
                )
            )
        values[row] = number
    return _filled(values)


def _filled(values: Array) -> Series:
    known = np.isfinite(values)
    if known.sum() < FEWEST:
        raise ValueError(
            later(
                "{count} numbers are too few to forecast from: give at least {fewest}.",
                count=int(known.sum()),
                fewest=FEWEST,
            )
        )
    ends = np.flatnonzero(known)
    values, known = values[ends[0] : ends[-1] + 1], known[ends[0] : ends[-1] + 1]
    missing = int((~known).sum())
    if missing > MOST_MISSING * len(values):
        raise ValueError(
            later(
                "Rows without a number: {missing} of {rows}; that is too many to fill in.",
                missing=missing,
                rows=len(values),
            )
        )
    steps = np.arange(len(values))
    return Series(np.interp(steps, steps[known], values[known]), missing)


def _decoded(content: bytes) -> str:
    for start, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if content.startswith(start):
            try:
                return content.decode(name)
            except UnicodeDecodeError:
                continue
    return content.decode("latin-1")


def _separator(lines: list[str]) -> str:
    """Choose the sign that most lines have, equally often; a tab before a semicolon or comma."""
    first = lines[:50]
    for sign in ("\t", ";", ","):
        counts = Counter(line.count(sign) for line in first)
        most, lines_with = counts.most_common(1)[0]
        if most and lines_with * 2 >= len(first):
            return sign
    return ","


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    try:
        return [row for row in read_cells(io.StringIO("\n".join(lines)), separator) if row]
    except csv.Error as error:
        raise ValueError(later("The table cannot be read: {error}.", error=error)) from error


def _decimal_comma(rows: list[list[str]]) -> bool:
    cells = [cell.strip() for row in rows[:200] for cell in row]
    with_comma = sum("," in cell and bool(_COMMA.fullmatch(cell)) for cell in cells)
    with_point = sum("." in cell and bool(_POINT.fullmatch(cell)) for cell in cells)
    return with_comma > with_point


def _number(cell: str, decimal_comma: bool) -> float | None:
    """Read a number; None if it is none. ``inf`` is a number, and refused later by its size."""
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    if text.lower().lstrip("+-") in {"inf", "infinity"}:
        return float("inf")
    if not (_COMMA if decimal_comma else _POINT).fullmatch(text) or not any(map(str.isdigit, text)):
        return None
    text = text.replace(".", "").replace(",", ".") if decimal_comma else text.replace(",", "")
    return float(text)


def _is_heading(row: list[str], rest: list[list[str]], comma: bool) -> bool:
    """Say whether a first row names columns: nothing in it is a number, or a name heads numbers."""
    cells = [_number(cell, comma) for cell in row]
    if all(cell is None for cell in cells):
        return any(cell.strip().lower() not in MISSING for cell in row)
    below = [_number(cell, comma) for cell in rest[0]] if rest else cells
    return any(
        cell is None and under is not None and name.strip().lower() not in MISSING
        for name, cell, under in zip(row, cells, below, strict=True)
    )

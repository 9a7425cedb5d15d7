"""Shapes of tables of numbers: notes below them, headings in between, dates that head the columns.

Each function takes rows as they were cut and gives them back as rows below one heading, with what was
done to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from lstm_core.messages import Message, later
from lstm_core.tables import Assumption, unlike
from lstm_core.tables import dates as calendar
from lstm_core.tables.dialects import is_plain
from lstm_core.tables.numbers import COMMA, POINT, number

LOOKED_AT = 200
"""So many rows tell what a column holds."""
FEWEST_DATES = 3
"""So many columns that are headed by dates make a series a row."""
FEWEST_LONG = 16
"""So many rows make a series of a column, whatever heads it."""
NAMED = 8
_WHOLE = re.compile(r"\s*[+-]?\d+\s*")
_DIGITS = re.compile(r"\s*\d+\s*")
_CODED_YEAR = re.compile(r"[A-Za-z](?=\d{4}$)|\s*\[[^\]]*\]$")
"""What statistical offices and R put around a year that heads a column."""


@dataclass(frozen=True)
class Rows:
    """Rows below one heading.

    Attributes:
        names: of the columns.
        rows: of cells; some may be shorter or longer than the heading.
        lines: of each row in the file.
        notes: what was done so far.
    """

    names: list[str]
    rows: list[list[str]]
    lines: list[int]
    notes: tuple[Assumption, ...] = ()

    def told(self, name: str, value: object, sentence: Message, option: str = "") -> Rows:
        """Return the same with one more note."""
        return replace(self, notes=(*self.notes, Assumption(name, value, sentence, option)))


def without_notes(table: Rows) -> Rows:
    """Leave out the lines of text below a table: its sources, its remarks."""
    plain = _plain_columns(table)
    good = [
        row
        for row in table.rows[:LOOKED_AT]
        if any(place in plain and cell.strip() and is_plain(cell) for place, cell in enumerate(row))
    ]
    shapes = [
        {_shape(row[place]) for row in good if place < len(row)}
        for place in range(len(table.names))
    ]
    end = len(table.rows)
    while end and _is_note(table.rows[end - 1], plain, shapes):
        end -= 1
    left = [place for place in range(end, len(table.rows)) if any(table.rows[place])]
    short = all(sum(map(bool, table.rows[place])) * 3 < len(plain) for place in left)
    if not plain or not left or not (end > len(table.rows) // 2 or (end and short)):
        return table
    text = " ".join(" ".join(table.rows[left[0]]).split())[:60]
    sentence = later(
        "Lines of text below the table are left out: {count}, from “{text}” on.",
        count=len(left),
        text=text,
    )
    lines = [table.lines[place] for place in left]
    table = replace(table, rows=table.rows[:end], lines=table.lines[:end])
    return table.told("notes", lines, sentence)


def _plain_columns(table: Rows) -> set[int]:
    """Name the columns that hold numbers and dates for the most part."""
    plain = set()
    for place in range(len(table.names)):
        cells = [row[place] for row in table.rows[:LOOKED_AT] if place < len(row)]
        cells = [cell for cell in cells if cell.strip()]
        if cells and sum(map(is_plain, cells)) > 0.6 * len(cells):
            plain.add(place)
    return plain


def _shape(cell: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", cell.strip()))


def _is_note(row: Sequence[str], plain: set[int], shapes: Sequence[set[str]]) -> bool:
    """Tell whether a row has text alone, where its columns have numbers and dates."""
    filled = [place for place, cell in enumerate(row) if cell.strip()]
    if not filled:
        return True
    if any(is_plain(row[place]) for place in filled if place in plain):
        return False
    # A date in words, without its number, is no remark.
    first = filled[0]
    known = first < len(shapes) and first not in plain and _shape(row[first]) in shapes[first]
    return not known and not is_plain(row[first])


def with_whole_numbers(table: Rows, separator: str, decimal: str | None) -> Rows:
    """Put numbers together that were cut at their decimal commas: two cells for each but the first."""
    width = len(table.names)
    if separator != COMMA or decimal == POINT or width < 2:
        return table
    lengths = Counter(map(len, table.rows)).most_common(1)
    long = 2 * width - 1
    if not lengths or lengths[0][0] != long:
        return table
    cut = [row for row in table.rows if len(row) == long]
    pairs = [(row[k], row[k + 1]) for row in cut for k in range(1, long, 2)]
    fit = sum(bool(_WHOLE.fullmatch(left) and _DIGITS.fullmatch(right)) for left, right in pairs)
    if fit < 0.95 * len(pairs):
        return table
    rows = [
        [row[0], *(f"{row[k]},{row[k + 1]}" for k in range(1, long, 2))]
        if len(row) == long
        else row
        for row in table.rows
    ]
    sentence = later(
        "Decimal commas stood between commas: {count} numbers were put together.", count=len(pairs)
    )
    return replace(table, rows=rows).told("cut numbers", len(pairs), sentence, "--decimal .")


def stacked(table: Rows) -> Rows:
    """Put the numbers of a row below each other where dates head the columns.

    Years may head the rows and months the columns, or the other way round.
    """
    table = _named_months(table)
    months = [_month(name) for name in table.names]
    if sum(map(bool, months)) == 12 and set(months) == {*range(13)}:
        return _stacked_months(table, months)
    start, stamps = _dated_names(table.names)
    if start is None:
        return table
    heads = {start + k: stamp for k, stamp in enumerate(stamps)}
    numbers = [
        any(number(row[k], sign) is not None for sign in (POINT, COMMA))
        for row in table.rows[:LOOKED_AT]
        for k in heads
        if k < len(row) and row[k].strip()
    ]
    if not numbers or sum(numbers) * 2 < len(numbers):
        return table
    firsts = [_month(cell) for cell in _cells(table, 0)] if start == 1 else []
    if all(len(stamp) == 4 for stamp in stamps) and sorted(firsts) == list(range(1, 13)):
        heads = {k: f"{stamp}-{{:0>2}}" for k, stamp in heads.items()}
        rows = [[str(month), *row[1:]] for month, row in zip(firsts, table.rows, strict=True)]
        return _melted(replace(table, rows=rows), heads, 0)
    if len(heads) < FEWEST_LONG <= len(table.rows):
        # Each column is longer than a row: it is the columns that are series.
        return table
    return _melted(table, heads, None)


def _stacked_months(table: Rows, months: Sequence[int]) -> Rows:
    """Put the twelve months of each row below each other, if a column has the years."""
    others = [place for place, month in enumerate(months) if not month]
    years = next((place for place in others if _are_years(_cells(table, place))), None)
    if years is None:
        return table
    heads = {place: f"{{}}-{month:02d}" for place, month in enumerate(months) if month}
    return _melted(_with_year_alone(table, years), heads, years)


def _cells(table: Rows, place: int) -> list[str]:
    return [row[place].strip() if place < len(row) else "" for row in table.rows]


def _month(text: str) -> int:
    """Return the number of a month by its name or its figure; 0 if it is none."""
    plain = text.strip().strip(".").lower()
    if plain.isascii() and plain.isdecimal():
        return int(plain) if len(plain) < 3 and 1 <= int(plain) <= 12 else 0
    return calendar.month_names().get(plain, 0) if plain.isalpha() and len(plain) > 2 else 0


def _are_years(cells: Sequence[str]) -> bool:
    years = [cell for cell in cells if re.fullmatch(r"(1[5-9]|2[01])\d\d(\.0)?", cell)]
    return len(years) > 1 and len(years) >= 0.8 * sum(map(bool, cells))


def _named_months(table: Rows) -> Rows:
    """Name thirteen columns without a heading, years in front, after their months."""
    unnamed = [str(later("column {number}", number=k + 1)) for k in range(13)]
    if table.names != unnamed:
        return table
    rows = [row for row in table.rows if len(row) == 13]
    years = [row[0].strip() for row in rows]
    whole = len(rows) > 1 and all(map(str.isdecimal, years))
    if not whole or len(rows) * 2 < len(table.rows) or not _are_years(years):
        return table
    if any(int(after) - int(before) != 1 for before, after in pairwise(years)):
        return table
    return replace(table, names=["year", *map(str, range(1, 13))])


def _with_year_alone(table: Rows, years: int) -> Rows:
    """Leave out rows that have no year where all the others have one, or nothing but the years."""
    good = (
        [
            place
            for place, row in enumerate(table.rows)
            if _are_years([row[years].strip()] * 2) and (len(row) > 2 or len(table.names) < 4)
        ]
        if all(len(row) > years for row in table.rows)
        else list(range(len(table.rows)))
    )
    left = [table.lines[k] for k in range(len(table.rows)) if k not in set(good)]
    if not left:
        return table
    sentence = later(
        "Rows without a year are left out: {count} (lines {lines}).",
        count=len(left),
        lines=", ".join(map(str, left[:NAMED])),
    )
    rows, lines = [table.rows[k] for k in good], [table.lines[k] for k in good]
    return replace(table, rows=rows, lines=lines).told("yearless", left, sentence)


def _dated_names(names: Sequence[str]) -> tuple[int | None, list[str]]:
    """Find where the columns begin that are headed by dates, to the last one; none if there are none."""
    plain = [_CODED_YEAR.sub("", name.strip()) for name in names]
    end = len(plain)
    while end and plain[end - 1] == str(later("column {number}", number=end)):
        end -= 1
    for start in range(min(end - FEWEST_DATES + 1, 30)):
        if not any(map(str.isdigit, plain[start])):
            continue
        read = calendar.read_dates(plain[start:end], "year")
        if read is None or np.isnat(read.stamps).any():
            continue
        if len(np.unique(read.stamps)) == end - start:
            return start, calendar.written(read.stamps, "month")
    return None, []


def _melted(table: Rows, heads: dict[int, str], joined: int | None) -> Rows:
    """Make a row of each number: what is beside it, its date, itself.

    Args:
        table: with a row a series.
        heads: dates by the places of their columns; with a gap for what stands in the row.
        joined: the column that fills the gap.
    """
    others = [k for k in range(len(table.names)) if k not in heads and k != joined]
    named = [table.names[k] for k in others]
    names = [*named, *unlike(["date", "value"], named)]
    rows, lines = [], []
    for line, row in zip(table.lines, table.rows, strict=True):
        cells = row + [""] * (len(table.names) - len(row))
        beside = [cells[k] for k in others]
        part = "" if joined is None else cells[joined].strip().removesuffix(".0")
        for k, head in heads.items():
            rows.append([*beside, head.format(part), cells[k]])
            lines.append(line)
    first, last = table.names[min(heads)], table.names[max(heads)]
    sentence = later(
        "The columns {first} to {last} are dates; their numbers are put below each other.",
        first=first,
        last=last,
    )
    table = replace(table, names=names, rows=rows, lines=lines)
    return table.told(
        "wide",
        {"columns": len(heads), "first": first, "last": last},
        sentence,
        "--date-column none",
    )

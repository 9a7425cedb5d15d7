"""Read a series of numbers from a text or a file that a visitor gives: hostile until shown fit.

``lstm_core.tables`` takes the file apart. Here a column becomes a series: its numbers by the decimal
sign of the column, its rows in the order of their dates, one series of several, codes for "missing"
taken out and gaps filled. What had to be decided for that stands in the assumptions.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import IO, Any, TypeAlias

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.messages import Message, later, mark
from lstm_core.series import shapes
from lstm_core.tables import Assumption, Options, Reading, TableError, open_table
from lstm_core.tables import dates as calendar
from lstm_core.tables import numbers as figures
from lstm_core.tables.dialects import RULE
from lstm_core.tables.numbers import COMMA, POINT, is_missing

Places: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
MOST_BYTES = 5_000_000
MOST_ROWS = 2_000
"""A longer series is cut to its last so many rows: the newest say most about what comes."""
MOST_COLUMNS = 50
LARGEST = 1e15
MOST_MISSING = 0.1
MOST_GAPS = 0.34
"""So large a share of dates may be missing and is filled; where it is more, rows follow each other."""
FEWEST = 16
NEWEST = 4 * MOST_ROWS
"""Numbers are read for so many of the newest dates: enough, whatever is missing among them."""
LOOKED_AT = 2_000
"""So many rows, half of them the first ones and half the last, tell what a column holds."""
LIKED = re.compile(
    r"(adj )?close|value|values|y|average|avg|mean|wert|umsatz|sales|price|preis|count|total|"
    r"deseasonalized|passengers|demand|load",
    re.IGNORECASE,
)
DISLIKED = re.compile(
    r".*(volume|vol\.|change|unc|uncertainty|sdev|std|stdev|error|ndays|index|decimal|lat|lon|"
    r"latitude|longitude|flag|code|trend)|id|.*[_.]id|no|nr|row|rank|n|x|t",
    re.IGNORECASE,
)
YEARS = re.compile(r"year|yr|yy|jahr|yyyy|année|annee", re.IGNORECASE)
MONTHS = re.compile(r"month|mon|mo|monat|mm|mois", re.IGNORECASE)
DAYS = re.compile(r"day|dy|tag|dd|jour", re.IGNORECASE)
HOURS = re.compile(r"hour|hours|hr|hh|stunde|std|heure", re.IGNORECASE)
MINUTES = re.compile(r"minute|minutes|min|mm|mn", re.IGNORECASE)
PARTS = (YEARS, MONTHS, DAYS, HOURS, MINUTES)
"""Names of the columns that make a date together, in this order."""
CODES = [
    sign * size
    for size in (9.99, 99.0, 99.9, 99.99, 999.0, 999.9, 999.99, 9999.0, 9999.9, 9999.99, 99999.0)
    for sign in (-1.0, 1.0)
] + [-0.99, -9.999, -1e14, 1e14]
"""What stands for "missing" in files of measurements."""
DOUBLES = {
    "mean": mark("their mean"),
    "sum": mark("their sum"),
    "first": mark("the first"),
    "last": mark("the last"),
}
"""What may be taken of rows of one date."""
YEAR = re.compile(r"(1[5-9]|20|21)\d\d")
MOST_NAMES = 2_000
MOST_SINGLE = 50_000
NAMED = 8
"""So many lines or names are told at most."""


@dataclass(frozen=True)
class SeriesOptions(Options):
    """What somebody decided about a table of numbers and a column of it; None leaves it open.

    Attributes:
        decimal: the decimal sign.
        order: "day-first", "month-first" or "year-first".
        missing: numbers and words that stand for "missing"; none at all if it is empty.
        gaps: "fill" or "keep".
        doubles: what is taken of rows of one date, of ``DOUBLES``.
        dates: the column of the dates; "none" leaves the rows in their order.
        series: name of one of several series that stand below each other.
        most_columns: how many are read; those behind are left out.
    """

    decimal: str | None = None
    order: str | None = None
    missing: tuple[float | str, ...] | None = None
    gaps: str | None = None
    doubles: str | None = None
    dates: str | None = None
    series: str | None = None
    most_columns: int = MOST_COLUMNS


def missing_codes(words: str) -> tuple[float | str, ...]:
    """Read what stands for "missing", numbers or words between semicolons; "none" says nothing does."""
    if words.strip().lower() in {"none", ""}:
        return ()
    codes: list[float | str] = []
    for word in filter(None, map(str.strip, words.split(";"))):
        code = figures.number(word, COMMA if "," in word else POINT)
        codes.append(word if code is None else code)
    return tuple(codes)


@dataclass(frozen=True)
class Table:
    """What was read of a file.

    Attributes:
        columns: their names.
        rows: each with a cell for every column; empty ones if it could not be read.
        lines: of each row in the file.
        rows_given: how many rows there are.
        decimals: the decimal sign of each column.
        assumptions: how the file was read.
        asked: columns whose decimal sign has two likely readings, each with an example.
        options: what somebody decided.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    rows_given: int
    decimals: tuple[str, ...]
    assumptions: tuple[Assumption, ...] = ()
    asked: dict[int, str] = field(default_factory=dict)
    options: SeriesOptions = field(default_factory=SeriesOptions)

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers are written 3,5."""
        return COMMA in self.decimals

    def cells(self, place: int) -> list[str]:
        """Return the cells of a column."""
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Series:
    """A column of numbers.

    Attributes:
        numbers: (time,), all of them finite.
        filled: rows that had none, filled along a straight line, gaps between dates among them.
        dates: (time,); none if the file has none.
        frequency: how far apart they are.
        assumptions: how the column was read.
        filled_at: places of the numbers that were filled.
        doubled_at: places of the numbers whose date had more than one row.
    """

    numbers: Array
    filled: int
    dates: calendar.Stamps | None = None
    frequency: calendar.Frequency | None = None
    assumptions: tuple[Assumption, ...] = ()
    filled_at: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    doubled_at: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def questions(self) -> list[Assumption]:
        """What has two likely readings, so that somebody has to choose."""
        return [assumption for assumption in self.assumptions if assumption.asked]

    def dates_after(self, steps: int) -> list[str]:
        """Write the dates of the next steps; their numbers, from 1, where there are no dates."""
        following = self.following(steps)
        if following is None or self.dates is None or self.frequency is None:
            count = len(self.numbers)
            return [str(count + step) for step in range(1, steps + 1)]
        both = calendar.written(np.concatenate([self.dates, following]), self.frequency.unit)
        return both[-steps:] if steps else []

    def following(self, steps: int) -> calendar.Stamps | None:
        """Return the dates of the next steps; None where there are no dates."""
        if self.dates is None or self.frequency is None or np.isnat(self.dates).any():
            return None
        return calendar.after(self.dates, self.frequency, steps)


def read_table(
    content: str | bytes | IO[bytes],
    options: SeriesOptions | None = None,
    name: str = "",
    most: int | None = MOST_BYTES,
) -> Table:
    """Find out how a table is written, and cut it into rows.

    Args:
        content: text, or the bytes of a file of any kind that ``lstm_core.tables`` reads.
        options: what somebody decided.
        name: of the file; its ending tells its kind.
        most: bytes that it may have, unpacked.

    Raises:
        ValueError: with a sentence for the visitor.
    """
    options = options or SeriesOptions()
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    if isinstance(content, bytes):
        if most is not None and len(content) > most:
            raise TableError(later("The file is larger than {most:.0f} MB.", most=most / 1_000_000))
        content = io.BytesIO(content)
    kind = options.kind
    if kind == "txt":
        options = replace(options, kind="csv")
    reading = open_table(content, name, options, (), headings, True, most)
    rows, lines, broken = _all_rows(reading)
    if not rows:
        raise TableError(later("There is nothing in it yet: one number a line is enough."))
    shaped = shapes.without_notes(shapes.Rows(list(reading.columns), rows, lines))
    shaped = shapes.with_whole_numbers(shaped, reading.separator, options.decimal)
    if options.dates != "none":
        shaped = shapes.stacked(shaped)
    table = _cut_to_width(shaped, options)
    table = replace(
        _without_empty(table), assumptions=(*reading.assumptions, *broken, *table.assumptions)
    )
    table = _with_decimals(table, reading.separator)
    return replace(table, assumptions=(*table.assumptions, *_codes_told(table)))


def _cut_to_width(shaped: shapes.Rows, options: SeriesOptions) -> Table:
    """Give all rows the same width, and say what is left out for that."""
    names, rows, lines, notes = shaped.names, shaped.rows, shaped.lines, list(shaped.notes)
    full = max(len(names), *(len(row) for row in rows[:100]), 1)
    width = min(full, options.most_columns)
    if full > width:
        sentence = later("Of {count} columns the first {kept} are read.", count=full, kept=width)
        notes.append(Assumption("columns", {"columns": full, "read": width}, sentence))
    names = names[:width]
    names += [str(later("column {number}", number=place + 1)) for place in range(len(names), width)]
    long = [line for line, row in zip(lines, rows, strict=True) if any(row[full:])]
    if long:
        sentence = later(
            "Rows with more cells than columns: {count} (lines {lines}); what is behind the last "
            "column is left out.",
            count=len(long),
            lines=", ".join(map(str, long[:NAMED])),
        )
        notes.append(Assumption("long rows", long, sentence, "--separator"))
    rows = [row if len(row) == width else (row + [""] * width)[:width] for row in rows]
    return Table(tuple(names), rows, lines, len(rows), (), tuple(notes), {}, options)


def read_series(path: str, name: str = "", **decided: Any) -> Series:
    """Read a column of a file, in the order of its dates.

    Args:
        path: of the file.
        name: of the column; the likeliest one if it is empty.
        decided: of ``SeriesOptions``, by name.

    Raises:
        ValueError: with a sentence, if it holds no such series.
    """
    with open(path, "rb") as stream:
        table = read_table(stream, SeriesOptions(**decided), path)
    return column(table, place_of(table, name) if name else likeliest(table))


def _all_rows(reading: Reading) -> tuple[list[list[str]], list[int], list[Assumption]]:
    """Read all rows; those that cannot be read are empty ones, and named."""
    rows: list[list[str]] = []
    single: dict[str, str] = {}
    top = reading.columns[:1]
    lines, broken, comments, again = [], [], [], []
    for row in reading.rows:
        if _is_rule(row.cells, len(reading.columns)):
            continue
        if (
            rows
            and row.cells[:1] == top
            and [cell.strip() for cell in row.cells] == reading.columns
        ):
            again.append(row.line)
            continue
        if row.cells and row.cells[0].lstrip().startswith("#") and not any(row.cells[1:]):
            comments.append(row.line)
            continue
        if row.problem is not None:
            broken.append((row.line, str(row.problem)))
        # Equal cells are one text: dates and states come back by the thousand.
        rows.append(
            [single.setdefault(cell, cell) if type(cell) is str else cell for cell in row.cells]
        )
        lines.append(row.line)
        if len(single) > MOST_SINGLE:
            single.clear()
    notes = []
    if broken:
        named = "; ".join(f"line {line}: {problem}" for line, problem in broken[:NAMED])
        notes.append(
            Assumption(
                "broken rows",
                [line for line, _ in broken],
                later(
                    "Rows that cannot be read: {count} ({named}).", count=len(broken), named=named
                ),
            )
        )
    if comments:
        notes.append(
            Assumption(
                "comments",
                comments,
                later(
                    "Lines of comments between the rows: {lines}.",
                    lines=", ".join(map(str, comments[:NAMED])),
                ),
            )
        )
    if again:
        sentence = later(
            "The heading stands between the rows again, and is left out there: lines {lines}.",
            lines=", ".join(map(str, again[:NAMED])),
        )
        notes.append(Assumption("heading again", again, sentence))
    return rows, lines, notes


def _is_rule(cells: Sequence[str], width: int) -> bool:
    """Tell whether a row is a line that is drawn; dashes alone may also stand for "missing"."""
    if not cells or (cells[0] and cells[0].lstrip()[:1] not in {"-", "=", "+", ":", "|", ""}):
        return False
    filled = [cell for cell in cells if cell.strip()]
    long = width > 1 or any(len(cell.strip()) > 5 for cell in filled)
    return bool(filled) and long and all(map(RULE.fullmatch, filled))


def _without_empty(table: Table) -> Table:
    """Leave out columns that have neither a name of their own nor a cell."""
    kept = [
        place
        for place, name in enumerate(table.columns)
        if name != str(later("column {number}", number=place + 1))
        or any(row[place].strip() for row in table.rows)
    ] or [0]
    if len(kept) == len(table.columns):
        return table
    columns = tuple(table.columns[place] for place in kept)
    rows = [[row[place] for place in kept] for row in table.rows]
    return replace(table, columns=columns, rows=rows)


def _with_decimals(table: Table, separator: str) -> Table:
    """Decide the decimal sign of each column: by its own cells, or else by those of the others."""
    looked = _looked_at(table.rows)
    signs = [figures.signs_of(row[place] for row in looked) for place in range(len(table.columns))]
    if table.options.decimal:
        decimals = [table.options.decimal] * len(signs)
        return replace(table, decimals=tuple(decimals))
    comma = sum(sign.comma for sign in signs)
    point = sum(sign.point for sign in signs)
    others = None if comma == point else COMMA if comma > point else POINT
    decimals, asked = [], {}
    for place, sign in enumerate(signs):
        result = sign.decimal or others
        if sign.is_open and result is None:
            if separator == COMMA and not sign.open_point:
                result = POINT
            else:
                result = COMMA if sign.open_comma > sign.open_point else POINT
                asked[place] = sign.example
        decimals.append(result or POINT)
    return replace(table, decimals=tuple(decimals), asked=asked)


def _looked_at(rows: list[Any]) -> list[Any]:
    half = LOOKED_AT // 2
    return rows if len(rows) <= LOOKED_AT else rows[:half] + rows[-half:]


def headings(rows: Sequence[Sequence[str]], separator: str) -> int:
    """Count the rows that name columns: nothing in them is a number, or a name heads numbers."""
    del separator
    first, rest = rows[0], rows[1:]
    if not _is_heading(first, rest):
        return 0
    count = 1
    while count < min(3, len(rows) - 1) and _is_second_heading(rows[count], rows[count + 1 :]):
        count += 1
    return count


def _is_number(cell: str) -> bool:
    return any(figures.number(cell, sign) is not None for sign in (POINT, COMMA))


def _is_heading(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    numbers = [_is_number(cell) for cell in row]
    if _has_date(row, rest):
        return False
    if not any(numbers):
        return any(not is_missing(cell) for cell in row)
    if _counts_years(row):
        return True
    below = [_is_number(cell) for cell in rest[0]] if rest else numbers
    return any(
        not number and under and not is_missing(name)
        for name, number, under in zip(row, numbers, below, strict=False)
    )


def _counts_years(row: Sequence[str]) -> bool:
    """Tell whether a row has names, and behind them years that count up or down."""
    plain = [cell.strip() for cell in row if cell.strip()]
    years = [cell for cell in plain if YEAR.fullmatch(cell)]
    if len(years) < 3 or len(years) == len(plain) or plain[-len(years) :] != years:
        return False
    return len({int(after) - int(before) for before, after in pairwise(years)} - {0}) == 1


def _has_date(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row has a date in a column in which there are dates below it."""
    for place, cell in enumerate(row):
        if _is_number(cell) or not any(map(str.isdigit, cell)):
            continue
        column = [cell, *(below[place] for below in rest[:3] if place < len(below))]
        read = calendar.read_dates(column)
        if read is not None and not np.isnat(read.stamps[0]):
            return True
    return False


def _is_second_heading(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row below a heading still names columns, as files of share prices have it."""
    if len(row) < 2 or any(map(_is_number, row)) or _has_date(row, rest):
        return False
    below = rest[0] if rest else []
    numeric = [place for place, cell in enumerate(below) if _is_number(cell) and place < len(row)]
    if rest[1:] and not numeric:
        # The row below may be one more heading.
        below = rest[1]
        numeric = [place for place, cell in enumerate(below) if _is_number(cell)]
    if not numeric or not row[0].strip() or any(row[0] in other[:1] for other in rest):
        return False
    blank = not any(cell.strip() for cell in row[1:])
    return blank or all(place < len(row) and row[place].strip() for place in numeric)


def numeric_columns(table: Table) -> list[int]:
    """Name the columns that hold numbers for the most part, the likeliest series first.

    A column that only counts up by the same step, a year or a row's number, comes behind the others,
    and so do columns that say how sure, how many or where.
    """
    places = []
    dated = _date_place(table)
    parts = _unnamed_parts(table)
    for place, name in enumerate(table.columns):
        cells = [row[place] for row in _looked_at(table.rows)]
        known = [cell for cell in cells if not is_missing(cell)]
        decimal = table.decimals[place]
        read = [figures.number(cell, decimal) for cell in known]
        numbers = np.array([value for value in read if value is not None])
        if not len(numbers) or len(numbers) * 2 <= len(known):
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            steps = np.diff(numbers)
            counts = bool(len(steps) and np.all(steps == steps[0]) and steps[0])
        rank = (
            place == dated,
            counts
            or _is_time(name.strip())
            or place in parts
            or (_unnamed(table, place) and _is_clock(numbers)),
            len(numbers) * 2 <= len(cells),
            bool(len(steps) and not steps.any()),
            bool(DISLIKED.fullmatch(name.strip())),
            not LIKED.fullmatch(name.strip()),
            place,
        )
        places.append(rank)
    return [rank[-1] for rank in sorted(places)]


def likeliest(table: Table) -> int:
    """Return the likeliest series among the columns.

    Raises:
        ValueError: if none of several holds numbers.
    """
    places = numeric_columns(table)
    if not places and len(table.columns) > 1:
        raise TableError(
            later(
                "No column holds numbers; there are: {named}.",
                named=", ".join(table.columns)[:300],
            )
        )
    return places[0] if places else 0


def _is_time(name: str) -> bool:
    return any(_is_part(name, rule) for rule in PARTS) or bool(calendar.NAMES.fullmatch(name))


def _is_part(name: str, rule: re.Pattern[str]) -> bool:
    """Tell whether a column is called after one part of a date, in one or in two headings."""
    words = name.strip().lstrip("#").split()
    return bool(words) and all(map(rule.fullmatch, words))


def _unnamed(table: Table, place: int) -> bool:
    return table.columns[place] == str(later("column {number}", number=place + 1))


def _unnamed_parts(table: Table) -> list[int]:
    """Name the first columns that make dates together, though nothing is above them."""
    count = next((k for k in range(min(4, len(table.columns))) if not _unnamed(table, k)), 4)
    count = min(count, len(table.columns) - 1)
    read = [[figures.number(row[place], POINT) for row in table.rows] for place in range(count)]
    whole = [None not in column for column in read]
    parts = [
        np.array(column, float) if fit else np.zeros(0)
        for column, fit in zip(read, whole, strict=True)
    ]
    if count > 1 and all(whole[:2]) and _is_clock(parts[0]) and _is_clock(parts[1]):
        return [0, 1]
    if count < 3 or not all(whole[:3]):
        return []
    ranges = ((1500, 2200), (1, 12), (1, 31), (0, 24))
    fit = [
        bool(len(part)) and bool(((part >= low) & (part <= high) & (part % 1 == 0)).all())
        for part, (low, high) in zip(parts, ranges, strict=False)
    ]
    if not all(fit[:3]):
        return []
    for width in (3, 4)[: len(fit) - 2]:
        dates = set(zip(*(part.tolist() for part in parts[:width]), strict=True))
        if all(fit[:width]) and len(dates) > 0.9 * len(table.rows):
            return list(range(width))
    return []


def _is_clock(numbers: Array) -> bool:
    """Tell whether numbers are years, whole or with a fraction, or go round the months."""
    steps = np.diff(numbers)
    if len(steps) < 3:
        return False
    years = bool((numbers >= 1500).all() and (numbers <= 2200).all() and (steps >= 0).all())
    months = bool(np.isin(numbers, np.arange(1, 13)).all() and np.isin(steps, (1, -11)).all())
    return months or (years and bool((steps <= 1).all()))


def place_of(table: Table, name: str) -> int:
    """Find a column by its name, or by the only beginning that it can be.

    Raises:
        ValueError: if there is none.
    """
    if name in table.columns:
        return table.columns.index(name)
    wanted = name.strip().lower()
    plain = [column.strip().lower() for column in table.columns]
    for matching in (
        [place for place, column in enumerate(plain) if column == wanted],
        [place for place, column in enumerate(plain) if column and wanted.startswith(f"{column}:")],
        [place for place, column in enumerate(plain) if wanted and column.startswith(wanted)],
    ):
        if len(matching) == 1:
            return matching[0]
    raise TableError(
        later(
            "There is no column {column}; there are: {named}.",
            column=repr(name),
            named=", ".join(table.columns)[:300],
        )
    )


@dataclass
class _Work:
    """A column on its way to a series: rows still in it, what was assumed, and double dates."""

    table: Table
    place: int
    rows: Places
    notes: list[Assumption]
    doubled: calendar.Stamps = field(default_factory=lambda: np.zeros(0, dtype="datetime64[us]"))

    def tell(self, name: str, value: Any, sentence: Any, option: str = "", **more: bool) -> None:
        self.notes.append(Assumption(name, value, sentence, option, **more))


def column(table: Table, place: int) -> Series:
    """Take a column as a series, in the order of its dates if the table has dates.

    Where two readings are likely, one is taken and the question is in the series' assumptions.

    Raises:
        ValueError: with a sentence for the visitor.
    """
    work = _Work(table, place, np.arange(len(table.rows)), list(table.assumptions))
    dates = _dates_of(work)
    if dates is not None or table.options.series is not None:
        _choose_series(work, dates)
    given = len(work.rows)
    if dates is None:
        work.rows = work.rows[-MOST_ROWS:]
    else:
        work.rows = _newest(work.rows, dates.stamps[work.rows])
    values = _without_codes(work, _values(work))
    if dates is None:
        numbers, missing, _ = _filled(values)
        result = Series(numbers, len(missing), filled_at=missing)
    else:
        result = _dated(work, values, dates.stamps[work.rows])
    if given > MOST_ROWS and len(result.numbers) == MOST_ROWS:
        sentence = later(
            "Of {given:,} rows the newest {kept:,} numbers are used.", given=given, kept=MOST_ROWS
        )
        work.tell("cut", {"rows": given, "kept": MOST_ROWS}, sentence)
    return replace(result, assumptions=tuple(work.notes))


def _newest(rows: Places, stamps: calendar.Stamps) -> Places:
    """Leave out rows of dates long before the newest ones, and rows without a date nowhere."""
    known = np.unique(stamps[~np.isnat(stamps)])
    if len(known) <= NEWEST:
        return rows
    newest: Places = rows[np.isnat(stamps) | (stamps >= known[-NEWEST])]
    return newest


def _values(work: _Work) -> Array:
    """Read the numbers of the rows; NaN where a cell is missing.

    Raises:
        ValueError: if a cell holds something else.
    """
    table, place = work.table, work.place
    decimal = table.decimals[place]
    cells = [table.rows[row][place] for row in work.rows]
    signs = figures.signs_of(_looked_at(cells))
    factors = figures.has_factors(list(signs.units))
    _tell_decimal(work, signs)
    units = sorted(unit for unit in signs.units if unit)
    if units:
        sentence = (
            later("What stands behind numbers multiplies them: {units}.", units=", ".join(units))
            if factors
            else later(
                "What stands around numbers is left off: {units}.", units=", ".join(units)[:80]
            )
            if len(units) == 1
            else later(
                "Different units stand around numbers and are left off, unconverted: {units}.",
                units=", ".join(units)[:80],
            )
        )
        work.tell("units", units, sentence)
    read = [figures.number(cell, decimal, factors) for cell in cells]
    empty = _without_number(work, cells, read)
    values = np.full(len(cells), np.nan)
    for place_in, (row, cell, number) in enumerate(zip(work.rows, cells, read, strict=True)):
        if number is None:
            if cell.strip() in empty or is_missing(cell):
                continue
            raise TableError(
                later(
                    "Row {row} has “{cell}”, which is no number.",
                    row=int(row) + 1,
                    cell=cell.strip()[:40],
                ),
                "--missing",
            )
        if np.isnan(number):
            continue
        if not abs(number) <= LARGEST:
            raise TableError(
                later(
                    "Row {row} has {number}: nothing beyond {most:g} in size can be computed with.",
                    row=int(row) + 1,
                    number=cell.strip()[:40],
                    most=LARGEST,
                ),
                "--missing",
            )
        values[place_in] = number
    return values


def _without_number(work: _Work, cells: Sequence[str], read: Sequence[float | None]) -> set[str]:
    """Name the words that stand for "missing": those that were given, or a few that come back.

    What is missing is told, with how it is written.

    Raises:
        ValueError: if a word was given that stands nowhere in the table.
    """
    decided = work.table.options.missing
    given = {code for code in decided or () if isinstance(code, str)}
    for word in given:
        if not any(word == cell.strip() for row in work.table.rows for cell in row):
            raise TableError(
                later("There is no cell “{cell}” that could stand for “missing”.", cell=word[:40])
            )
    words = Counter(
        cell.strip()
        for cell, number in zip(cells, read, strict=True)
        if number is None or np.isnan(number)
    )
    unknown = {word for word in words if not is_missing(word) and word not in given}
    often = {word for word in unknown if words[word] > 1 and not any(map(str.isdigit, word))}
    if sum(words[word] for word in often) <= MOST_MISSING * len(cells) and often == unknown:
        given |= often
    missing = {word: count for word, count in words.items() if word in given or is_missing(word)}
    if count := sum(missing.values()):
        written = [f"“{word[:20]}”" for word in sorted(missing) if word]
        named = ", ".join(written[:NAMED])
        sentence = (
            later(
                "Cells without a number: {count} ({cells}); filled along a straight line, or left out "
                "at the ends.",
                count=count,
                cells=named,
            )
            if named
            else later(
                "Cells without a number: {count}; filled along a straight line, or left out at the "
                "ends.",
                count=count,
            )
        )
        work.tell("filled", {"cells": count, "written": sorted(missing)[:100]}, sentence)
    return given


def _tell_decimal(work: _Work, signs: figures.Signs) -> None:
    decimal, example = work.table.decimals[work.place], work.table.asked.get(work.place)
    if example is not None:
        sentence = later(
            "{example} may be about one or a thousand times as much; it is read with “{sign}” as the "
            "decimal sign.",
            example=example,
            sign=decimal,
        )
        work.tell("decimal", decimal, sentence, "--decimal", asked=True)
        return
    has_signs = signs.comma or signs.point or signs.open_comma or signs.open_point
    sentence = later("The decimal sign is “{sign}”.", sign=decimal)
    usual = decimal == POINT and not signs.open_comma
    work.tell("decimal", decimal, sentence, "--decimal", usual=usual or not has_signs)


def _without_codes(work: _Work, values: Array) -> Array:
    """Take out numbers that stand for "missing"."""
    decided = work.table.options.missing
    codes = (
        _codes(values)
        if decided is None
        else [code for code in decided if not isinstance(code, str)]
    )
    result = [code for code in codes if np.any(values == code)]
    if not result:
        return values
    coded = np.isin(values, result)
    work.tell(
        "missing",
        result,
        later(
            "{codes} is taken for “missing”: {count} times.",
            codes=", ".join(f"{code:g}" for code in result),
            count=int(coded.sum()),
        ),
        "--missing",
        usual=decided is not None,
    )
    return np.where(coded, np.nan, values)


def _codes(values: Array) -> list[float]:
    """Find numbers that look like codes: far from all the others, and of a usual form."""
    result: list[float] = []
    known = values[np.isfinite(values)]
    lowest = float(known.min()) if len(known) else 0.0
    # Some instruments write a round number of their own far below all others, again and again.
    often = lowest <= -90.0 and lowest % 10.0 == 0.0 and np.sum(known == lowest) > 1
    own = [lowest] if often else []
    for code in (*CODES, *own):
        at = values == code
        rest = values[np.isfinite(values) & ~at & ~np.isin(values, result)]
        if not at.any() or len(rest) < 8 or code in result:
            continue
        spread = float(rest.max() - rest.min())
        apart = float(np.abs(rest - code).min())
        below = code < 0.0 <= rest.min() and apart > 0.1 * spread and (code < -90 or at.sum() > 1)
        far = apart > spread if code < 0.0 else apart > 2.0 * spread and at.sum() > 1
        if below or far:
            result.append(code)
    return result


def _codes_told(table: Table) -> list[Assumption]:
    """Point out which columns have numbers that look like codes for "missing"."""
    if table.options.missing is not None:
        return []
    result: dict[str, list[float]] = {}
    looked = _looked_at(table.rows)
    for place, name in enumerate(table.columns):
        read = [figures.number(row[place], table.decimals[place]) for row in looked]
        values = np.array([np.nan if value is None else value for value in read])
        if codes := _codes(values):
            result[name] = codes
    if not result:
        return []
    named = [
        f"{name} ({', '.join(f'{code:g}' for code in codes)})" for name, codes in result.items()
    ]
    sentence = later(
        "Columns with a number that stands for “missing”: {columns}.",
        columns=", ".join(named)[:200],
    )
    return [Assumption("missing codes", result, sentence, "--missing")]


def _filled(values: Array, most: float = MOST_MISSING) -> tuple[Array, Places, slice]:
    """Fill what is missing along straight lines; what is missing at the ends is cut off.

    Args:
        values: (time,), NaN where one is missing.
        most: share that may be missing.

    Returns:
        The numbers, the places of those that were filled, and which of the values they are.

    Raises:
        ValueError: if too few are known.
    """
    known = np.isfinite(values)
    if known.sum() < FEWEST:
        raise TableError(
            later(
                "{count} numbers are too few to forecast from: give at least {fewest}.",
                count=int(known.sum()),
                fewest=FEWEST,
            )
        )
    ends = np.flatnonzero(known)
    span = slice(max(int(ends[0]), int(ends[-1]) + 1 - MOST_ROWS), int(ends[-1]) + 1)
    values, known = values[span], known[span]
    missing = np.flatnonzero(~known)
    if len(missing) > most * len(values):
        raise TableError(
            later(
                "Rows without a number: {missing} of {rows}; that is too many to fill in.",
                missing=len(missing),
                rows=len(values),
            )
        )
    steps = np.arange(len(values))
    return np.interp(steps, steps[known], values[known]), missing, span


def _dated(work: _Work, values: Array, stamps: calendar.Stamps) -> Series:
    """Put numbers into the order of their dates, one for each, and fill the gaps."""
    values, stamps = _with_date(work, values, stamps)
    values, stamps = _sorted(work, values, stamps)
    values, stamps = _single(work, values, stamps)
    frequency = calendar.frequency_of(stamps)
    if frequency is None:
        numbers, missing, _ = _filled(values)
        return Series(numbers, len(missing), filled_at=missing)
    work.tell(
        "frequency",
        str(frequency.name),
        later("The usual step between dates: {step}.", step=frequency.name),
        usual=bool(frequency.unit),
    )
    known = int(np.isfinite(values).sum())
    if len(values) - known > MOST_MISSING * len(values):
        _filled(values)
    values, stamps = _without_gaps(work, values, stamps, frequency)
    numbers, missing, span = _filled(values, 1.0)
    stamps = stamps[span]
    doubled = np.flatnonzero(np.isin(stamps, work.doubled))
    return Series(numbers, len(missing), stamps, frequency, (), missing, doubled)


def _with_date(
    work: _Work, values: Array, stamps: calendar.Stamps
) -> tuple[Array, calendar.Stamps]:
    undated = np.isnat(stamps)
    if undated.any():
        lines = [work.table.lines[row] for row in work.rows[undated]]
        work.tell(
            "undated",
            lines,
            later(
                "Rows without a date that can be read are left out: {count} (lines {lines}).",
                count=len(lines),
                lines=", ".join(map(str, lines[:NAMED])),
            ),
            "--date-column none",
        )
    return values[~undated], stamps[~undated]


def _sorted(work: _Work, values: Array, stamps: calendar.Stamps) -> tuple[Array, calendar.Stamps]:
    steps = np.diff(stamps).astype(np.int64)
    if (steps >= 0).all():
        return values, stamps
    reverse = bool((steps <= 0).all())
    sentence = (
        later("The newest row came first; the rows are turned round.")
        if reverse
        else later("The rows were out of order; they are sorted by date.")
    )
    order = "newest first" if reverse else "out of order"
    work.tell("row order", order, sentence, "--date-column none")
    if reverse:
        values, stamps = values[::-1], stamps[::-1]
    sort = np.argsort(stamps, kind="stable")
    return values[sort], stamps[sort]


def _single(work: _Work, values: Array, stamps: calendar.Stamps) -> tuple[Array, calendar.Stamps]:
    """Take one number for each date."""
    single, first, counts = np.unique(stamps, return_index=True, return_counts=True)
    if len(single) == len(stamps):
        return values, stamps
    way = work.table.options.doubles or "mean"
    doubled = work.doubled = single[counts > 1]
    work.tell(
        "doubles",
        {
            "rows": int(len(stamps) - len(single)),
            "dates": calendar.written(doubled)[:100],
            "taken": way,
        },
        later(
            "Dates with more than one row: {count} ({dates}); taken is: {way}.",
            count=len(doubled),
            dates=", ".join(calendar.written(doubled)[:3]) + (", …" if len(doubled) > 3 else ""),
            way=DOUBLES[way],
        ),
        "--doubles",
    )
    if way == "first":
        return values[first], single
    if way == "last":
        return values[first + counts - 1], single
    sums = np.add.reduceat(np.nan_to_num(values), first)
    known = np.add.reduceat(np.isfinite(values).astype(float), first)
    each = np.maximum(known, 1.0) if way == "mean" else 1.0
    return np.where(known > 0, sums / each, np.nan), single


def _without_gaps(
    work: _Work, values: Array, stamps: calendar.Stamps, frequency: calendar.Frequency
) -> tuple[Array, calendar.Stamps]:
    """Put numbers on the grid of their dates where some are missing, or take them as they follow."""
    count = int(frequency.places[-1]) + 1
    missing = count - len(stamps)
    if missing == 0:
        return values, stamps
    few = missing <= MOST_GAPS * count
    fill = few and frequency.unit != "weekday"
    if work.table.options.gaps:
        fill = work.table.options.gaps == "fill"
    jumps = np.flatnonzero(np.diff(frequency.places) > 1)
    behind = calendar.written(stamps[jumps], frequency.unit)
    sentence = (
        later(
            "Dates that are missing: {count}, behind {dates}; filled along a straight line.",
            count=missing,
            dates=", ".join(behind[:3]) + (", …" if len(behind) > 3 else ""),
        )
        if fill
        else later(
            "Dates that are missing: {count}, behind {dates}; the rows are taken as they follow.",
            count=missing,
            dates=", ".join(behind[:3]) + (", …" if len(behind) > 3 else ""),
        )
    )
    value = {"missing": missing, "behind": behind[:100], "filled": fill}
    work.tell("gaps", value, sentence, "--gaps")
    if not fill:
        return values, stamps
    if count > 50 * len(stamps):
        raise TableError(
            later(
                "Rows without a number: {missing} of {rows}; that is too many to fill in.",
                missing=missing,
                rows=count,
            )
        )
    every = np.full(count, np.nan)
    every[frequency.places] = values
    grid = np.concatenate([stamps[:1], _grid(stamps, frequency, count)])
    grid[frequency.places] = stamps
    return every, grid


def _grid(stamps: calendar.Stamps, frequency: calendar.Frequency, count: int) -> calendar.Stamps:
    following = calendar.after(stamps[:1], frequency, count - 1)
    if following is None:
        return np.full(count - 1, np.datetime64("NaT"), "datetime64[us]")
    return following


# ---- Dates and names of a table -----------------------------------------------------------------


def _read_place(table: Table, place: int, whole: bool = True) -> calendar.Dates | None:
    cells = table.cells(place)
    name, order = table.columns[place], table.options.order
    if calendar.read_dates(cells[:60], name, order) is None:
        return None
    return calendar.read_dates(cells, name, order) if whole else calendar.Dates(np.array([]))


def _date_place(table: Table, but: int | None = None) -> int | None:
    """Find the column of the dates: one that is called so, or else the first."""
    if table.options.dates is not None:
        return None if table.options.dates == "none" else place_of(table, table.options.dates)
    places = [place for place in range(len(table.columns)) if place != but]
    places.sort(key=lambda place: not calendar.NAMES.fullmatch(table.columns[place].strip()))
    for place in places:
        if _read_place(table, place, whole=False) is not None:
            return place
    return None


def _dates_of(work: _Work) -> calendar.Dates | None:
    """Read the dates of a table; None if it has none."""
    table = work.table
    joined = _joined(table, work.place) if table.options.dates is None else None
    if joined is not None:
        dates, names = joined
        work.tell(
            "dates",
            names,
            later("The dates stand in: {columns}.", columns=", ".join(names)),
            "--date-column",
        )
        return dates
    place = _date_place(table, work.place)
    result = None if place is None or place == work.place else _read_place(table, place)
    if place is None or result is None:
        if table.options.dates not in {None, "none"}:
            raise TableError(
                later("The column {column} holds no dates.", column=repr(table.options.dates))
            )
        _tell_unread(work)
        return None
    names = [table.columns[place]]
    if table.options.dates is None and (timed := _with_clock(table, place, result, work.place)):
        result, clock = timed
        names.append(table.columns[clock])
    work.tell(
        "dates",
        names if len(names) > 1 else names[0],
        later("The dates stand in: {columns}.", columns=", ".join(names)),
        "--date-column",
        usual=len(names) == 1 and not result.form,
    )
    _tell_dates(work, result)
    return result


def _tell_dates(work: _Work, result: calendar.Dates) -> None:
    if result.form:
        sentence = later("Numbers are taken for dates: {form}.", form=Message(result.form))
        work.tell("date form", result.form, sentence, "--date-column none")
    if result.order:
        sentence = Message(
            {
                calendar.DAY_FIRST: mark("In dates the day comes first."),
                calendar.MONTH_FIRST: mark("In dates the month comes first."),
                calendar.YEAR_FIRST: mark("In dates the year comes first."),
            }[result.order]
        )
        work.tell("date order", result.order, sentence, "--dates", asked=result.asked)
    if result.zone:
        sentence = (
            later("Dates with a time zone are put into UTC.")
            if result.zone == "UTC"
            else later("Time zones are left off: dates are as the clock on the wall had them.")
        )
        work.tell("zone", result.zone, sentence)


def _tell_unread(work: _Work) -> None:
    """Say which column is called after time and holds no dates, where the order of rows counts."""
    table = work.table
    if table.options.dates is not None:
        return
    for place, name in enumerate(table.columns):
        if place == work.place or not calendar.NAMES.fullmatch(name.strip()):
            continue
        known = [cell for cell in table.cells(place)[:LOOKED_AT] if not is_missing(cell)]
        read = [figures.number(cell, POINT) for cell in known]
        plain = [value for value in read if value is not None]
        rises = len(plain) == len(known) and all(a <= b for a, b in pairwise(plain))
        if known and not rises:
            sentence = later(
                "The column {name} could not be read as dates: the rows stay in their order.",
                name=name,
            )
            work.tell("dates unread", name, sentence, "--date-column")
            return


def _with_clock(
    table: Table, place: int, dates: calendar.Dates, but: int
) -> tuple[calendar.Dates, int] | None:
    """Put the time of day, where it has a column of its own, to days that come more than once."""
    known = dates.stamps[~np.isnat(dates.stamps)]
    days = known.astype("datetime64[D]")
    if len(np.unique(known)) > 0.9 * len(known) or (known != days).any():
        return None
    for clock, name in enumerate(table.columns):
        if clock in {place, but}:
            continue
        times = table.cells(clock)
        if _is_part(name, HOURS):
            times = [_clock_of(time) for time in times]
        some = [time for time in times[:60] if not is_missing(time)]
        if not some or not all(calendar.CLOCK.fullmatch(time.strip()) for time in some):
            continue
        cells = [
            f"{day.strip()} {time.strip()}"
            for day, time in zip(table.cells(place), times, strict=True)
        ]
        read = calendar.read_dates(cells, table.columns[place], table.options.order)
        if read is not None and len(np.unique(read.stamps)) > len(np.unique(known)):
            return read, clock
    return None


def _clock_of(hour: str, minute: str = "0") -> str:
    """Write an hour, or 1430, as a time of day; what is none stays."""
    hour, minute = (part.strip().removesuffix(".0") for part in (hour, minute))
    if not (hour.isdecimal() and minute.isdecimal()):
        return hour
    if len(hour) > 2:
        hour, minute = hour[:-2], hour[-2:]
    return f"{hour.zfill(2)}:{minute.zfill(2)}"


def _joined(table: Table, but: int) -> tuple[calendar.Dates, list[str]] | None:
    """Put dates together from columns of years, months, days, hours and minutes."""
    result: list[int] = []
    for rule in PARTS:
        place = next(
            (
                p
                for p, name in enumerate(table.columns)
                if _is_part(name, rule) and p != but and p not in result
            ),
            None,
        )
        if place is None:
            break
        result.append(place)
    if not result:
        result = [place for place in _unnamed_parts(table) if place != but]
    if len(result) < 2:
        return None
    cells = []
    for row in table.rows:
        parts = [row[place].strip().removesuffix(".0").zfill(2) for place in result]
        cells.append(
            " ".join(["-".join(parts[:3]), *([_clock_of(*parts[3:])] if parts[3:] else [])])
        )
    dates = calendar.read_dates(cells)
    if dates is None or dates.order:
        return None
    return dates, [table.columns[place] for place in result]


def _choose_series(work: _Work, dates: calendar.Dates | None) -> None:
    """Keep the rows of one series where several stand below each other."""
    table, wanted = work.table, work.table.options.series
    keys = _keys(table, work.place, dates)
    if keys is None:
        if wanted is not None:
            raise TableError(later("There is no series {name} in the file.", name=repr(wanted)))
        return
    places, labels = keys
    names = list(dict.fromkeys(labels))
    chosen = wanted if wanted is not None else names[0]
    if chosen not in names:
        raise TableError(
            later(
                "There is no series {name}; there are: {names}.",
                name=repr(chosen),
                names=", ".join(names)[:300],
            )
        )
    columns = ", ".join(table.columns[place] for place in places)
    work.tell(
        "series",
        {"column": columns, "names": names[:MOST_NAMES], "taken": chosen},
        later(
            "Several series stand below each other, by {columns}: {names}. Taken is {chosen}.",
            columns=columns,
            names=", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else ""),
            chosen=chosen,
        ),
        "--series",
        asked=wanted is None,
    )
    work.rows = np.array([row for row, label in enumerate(labels) if label == chosen])


def _keys(
    table: Table, but: int, dates: calendar.Dates | None
) -> tuple[tuple[int, ...], list[str]] | None:
    """Find the columns whose cells name the series: with them, every date is there once.

    Without dates, the column that has the name that somebody gave.
    """
    stamps = dates.stamps if dates is not None else None
    if stamps is not None:
        known = stamps[~np.isnat(stamps)]
        if len(np.unique(known)) > 0.9 * len(known) and table.options.series is None:
            return None
    dated = _date_place(table, but)
    texts = []
    for place in range(len(table.columns)):
        names = Counter(row[place] for row in table.rows)
        if place in {but, dated} or not 2 <= len(names) <= min(MOST_NAMES, len(table.rows) // 2):
            continue
        texts.append(place)
    texts.sort(key=lambda place: _is_number(table.rows[0][place]))
    for places in [*combinations(texts, 1), *combinations(texts[:8], 2)]:
        labels = [" / ".join(row[place].strip() for place in places) for row in table.rows]
        if stamps is None or (table.options.series is not None and table.options.series in labels):
            if table.options.series in labels:
                return places, labels
            continue
        pairs = {(label, stamp) for label, stamp in zip(labels, stamps.tolist(), strict=True)}
        repeats = len(labels) / max(len(set(labels)), 1)
        if len(pairs) >= 0.99 * len(labels) and repeats >= 2:
            return places, labels
    return None

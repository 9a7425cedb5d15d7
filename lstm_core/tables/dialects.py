"""How the cells of a text are set apart: lines above the table, separator, quotation marks."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lstm_core.messages import later, mark
from lstm_core.tables.assumptions import Assumption, Options, TableError
from lstm_core.tables.cells import read_cells

SEPARATORS = (",", ";", "\t", "|")
"""What may stand between cells; spreadsheets write by their country's custom."""
SPACE, NONE = "space", "none"
SAMPLE_LINES, SAMPLE_CHARACTERS = 400, 200_000
MOST_ABOVE = 30
"""So many lines may stand above a heading, comments not counted."""
SIGNS = {
    ",": mark("comma"),
    ";": mark("semicolon"),
    "\t": mark("tab"),
    "|": mark("bar"),
    SPACE: mark("space"),
    NONE: mark("none"),
}
_GIVEN = {name: sign for sign, name in SIGNS.items()} | {"\\t": "\t", " ": SPACE, "": NONE}
_SEP_LINE = re.compile(r'"?sep=(\\t|.)"?\s*', re.IGNORECASE)
_ONE_NUMBER = re.compile(r"\s*[+-]?(\d{1,3}(\.\d{3})+|\d*)(,\d+)?\s*%?\s*")
_NUMBER_LIKE = re.compile(r"[+-]?[\d.,]*\d[\d.,]*(e[+-]?\d+)?", re.IGNORECASE)
_BACKSLASH = re.compile(r'\\(?!")')


@dataclass(frozen=True)
class Dialect:
    """How to cut lines into cells.

    Attributes:
        separator: a sign of ``SEPARATORS``, ``SPACE`` or ``NONE``.
        quotes: "double" where a quotation mark within quotes is doubled, "backslash" where one
            stands behind a backslash, "none" where quotation marks are signs like all others.
    """

    separator: str = ","
    quotes: str = "double"


class Records:
    """Records of a table, with the lines of one that turned out broken to be read again.

    Attributes:
        record: the lines of the last record.
        number: how many lines have been read.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, number: int = 0) -> None:
        """Begin to read.

        Args:
            lines: with their ends.
            dialect: how they are cut.
            number: how many lines stand above them.
        """
        self.lines = lines
        self.dialect = dialect
        self.again: deque[str] = deque()
        self.record: list[str] = []
        self.number = number
        self.reader = self._fresh()

    def _fresh(self) -> Iterator[list[str]]:
        if self.dialect.separator == NONE:
            return ([line.rstrip("\r\n")] if line.strip() else [] for line in self)
        separator = " " if self.dialect.separator == SPACE else self.dialect.separator
        return read_cells(self, separator, strict=True, quotes=self.dialect.quotes)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.lines)
        self.record.append(line)
        self.number += 1
        if self.dialect.separator == SPACE:
            return " ".join(line.split())
        if self.dialect.quotes == "backslash":
            return _BACKSLASH.sub(r"\\\\", line)
        return line

    def read(self) -> list[str]:
        """Read one record, which may span lines.

        Raises:
            StopIteration: at the end.
            csv.Error: if it is broken; the lines after its first are then read again, so that a
                quote that is never closed does not swallow the rows behind it.
        """
        self.record = []
        try:
            return next(self.reader)
        except csv.Error:
            self.number -= len(self.record) - 1
            self.again.extendleft(reversed(self.record[1:]))
            self.reader = self._fresh()
            raise

    def read_as_escaped(self) -> list[str]:
        """Read the first line of a broken record with backslashes before quotation marks.

        Returns:
            Its cells; none if it is broken all the same.
        """
        line, separator = self.record[0], self.dialect.separator
        if '\\"' not in line or self.dialect.quotes != "double" or separator in {SPACE, NONE}:
            return []
        try:
            escaped = [_BACKSLASH.sub(r"\\\\", line)]
            return next(read_cells(escaped, separator, strict=True, quotes="backslash"))
        except (csv.Error, StopIteration):
            return []


def sign_of(given: str) -> str:
    """Return the separator that somebody named.

    Raises:
        TableError: if it is none.
    """
    sign = _GIVEN.get(given, given)
    if sign in SIGNS or (len(sign) == 1 and sign not in '"\r\n'):
        return sign
    raise TableError(
        later(
            "{given} is no separator; name one sign, or one of {names}.",
            given=repr(given),
            names=", ".join(SIGNS.values()),
        )
    )


@dataclass(frozen=True)
class Layout:
    """Where a table begins in its lines, and how it is cut.

    Attributes:
        skip: lines above it.
        dialect: how it is cut.
        assumptions: what had to be decided.
    """

    skip: int
    dialect: Dialect
    assumptions: tuple[Assumption, ...]


def find_layout(
    lines: Sequence[str], options: Options, wanted: Sequence[str], numbers: bool, kind: str
) -> Layout:
    """Find out how the first lines of a text make a table.

    Args:
        lines: the first ones, with their ends.
        options: what somebody decided.
        wanted: columns of which the heading should have one.
        numbers: whether most cells should be numbers.
        kind: of the file.
    """
    assumptions: list[Assumption] = []
    skip, named_sign = _lines_above(lines, wanted)
    separator = sign_of(options.separator) if options.separator is not None else named_sign
    if options.skip is not None:
        skip = min(options.skip, len(lines))
    body = [line for line in lines[skip:] if line.strip()]
    asked = False
    if separator is None:
        separator, asked = _separator(body, wanted, numbers, kind)
    dialect = Dialect(separator, _quotes(body, separator))
    if options.skip is None and separator not in {SPACE, NONE}:
        skip += _title_lines(lines[skip:], dialect, wanted)
    if skip:
        assumptions.append(
            Assumption(
                "skip",
                skip,
                later("Lines above the table are skipped: {count}.", count=skip),
                "--skip",
                usual=options.skip is not None,
            )
        )
    expected = {"csv": ",", "tsv": "\t"}.get(kind, NONE)
    assumptions.append(
        Assumption(
            "separator",
            separator,
            later("What stands between cells: {sign}.", sign=SIGNS.get(separator, separator)),
            "--separator",
            usual=not asked and (options.separator is not None or separator in {expected, NONE}),
            asked=asked,
        )
    )
    if dialect.quotes != "double":
        sentence = (
            later("A quotation mark behind a backslash belongs to the text.")
            if dialect.quotes == "backslash"
            else later("Quotation marks are signs like all others.")
        )
        assumptions.append(Assumption("quotes", dialect.quotes, sentence))
    return Layout(skip, dialect, tuple(assumptions))


def _has(row: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether a row has one of the names."""
    return any(cell in wanted or cell.strip().lower() in wanted for cell in row)


def _lines_above(lines: Sequence[str], wanted: Sequence[str]) -> tuple[int, str | None]:
    """Count lines of comments above a table; a line ``sep=;`` names the separator."""
    skip, named_sign = 0, None
    while skip < len(lines):
        line = lines[skip].removeprefix("\ufeff").strip("\r\n ")
        if skip < 2 and (match := _SEP_LINE.fullmatch(line)):
            named_sign = _GIVEN.get(match[1], match[1])
        elif line and not (line.startswith("#") and not _is_heading(lines, skip, wanted)):
            break
        skip += 1
    # Blank lines alone are passed over by whoever reads the records.
    return (skip, named_sign) if any(line.strip() for line in lines[:skip]) else (0, named_sign)


def _is_heading(lines: Sequence[str], place: int, wanted: Sequence[str]) -> bool:
    """Tell whether a line that begins with # names the columns of the lines below it."""
    below = next((line for line in lines[place + 1 :] if line.strip()), "")
    if below.startswith("#"):
        return False
    if _has([lines[place].strip()], wanted):
        return True
    return any(
        lines[place].count(sign) == below.count(sign) > 0 and (place == 0 or wanted)
        for sign in SEPARATORS
    )


def _separator(
    lines: Sequence[str], wanted: Sequence[str], numbers: bool, kind: str
) -> tuple[str, bool]:
    """Find the separator, and tell whether another one is as likely."""
    if wanted:
        first = "\t" if kind == "tsv" else ","
        for sign in (first, *(sign for sign in SEPARATORS if sign != first)):
            for row in _sample(lines[: MOST_ABOVE + 1], Dialect(sign)):
                if _has(row, wanted):
                    return sign, False
    if numbers:
        return _separator_of_numbers(lines)
    if kind == "tsv":
        return "\t", False
    return _detected(lines), False


def _separator_of_numbers(lines: Sequence[str]) -> tuple[str, bool]:
    """Choose the sign that most lines have, equally often; a tab before a semicolon or comma."""
    first = lines[:SAMPLE_LINES]
    for sign in ("\t", ";", "|", ","):
        counts = Counter(line.count(sign) for line in first)
        counts.pop(0, None)
        most = sum(counts.values())
        if most * 2 >= len(first) or (sign != "," and counts and max(counts.values()) > 3):
            if sign == ",":
                one, asked = _decimal_commas(first)
                return (NONE if one else ",", asked)
            return sign, False
    if _decimal_commas(first)[0]:
        return NONE, False
    return (SPACE if _spaced(first) else ","), False


def _decimal_commas(lines: Sequence[str]) -> tuple[bool, bool]:
    """Tell whether lines are one column of numbers with decimal commas, and whether it is open.

    The comma separates nothing where a name above has none, where some numbers have none, or where
    what stands behind it begins with a 0 as no number does. Otherwise one that counts up, before
    the comma, is a column of its own.
    """
    numbers = [bool(_ONE_NUMBER.fullmatch(line)) and line.strip() != "" for line in lines]
    heading = 1 if not numbers[0] else 0
    body = [line.strip() for line in lines[heading:]]
    halves = [line.split(",") for line in body if line.count(",") == 1]
    if not halves or sum(numbers[heading:]) < 0.95 * len(body):
        return False, False
    if heading:
        return "," not in lines[0], False
    certain = len(halves) < len(body) or any(
        "." in left or re.match(r"0\d", right) for left, right in halves
    )
    if certain:
        return True, False
    firsts = [int(left) if left.lstrip("+-").isdecimal() else 0 for left, _ in halves]
    steps = {after - before for before, after in pairwise(firsts)}
    if len(steps) == 1 and steps != {0}:
        return False, False
    return len({len(right) for _, right in halves}) == 1, True


def _spaced(lines: Sequence[str]) -> bool:
    """Tell whether runs of white space separate numbers, of which every line has as many."""
    rows = [line.split() for line in lines]
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if width < 2 or count < 0.8 * len(rows):
        return False
    rows = [row for row in rows if len(row) == width]
    whole = sum(all(_NUMBER_LIKE.fullmatch(cell) for cell in row) for row in rows)
    thousands = all(len(re.split("[.,]", cell)[0]) == 3 for row in rows for cell in row[1:])
    return whole >= 0.8 * len(rows) and not thousands


def _detected(lines: Sequence[str]) -> str:
    """Ask clevercsv, which weighs how regular the rows and how plain the cells come out."""
    from clevercsv import Detector

    sample = "".join(lines[:100])[:10_000]
    allowed = [sign for sign in SEPARATORS if sign in sample]
    if not allowed:
        return ","
    try:
        detection = Detector().detect(sample, delimiters=allowed)
    except Exception:
        detection = None
    sign = detection.delimiter if detection is not None else ""
    if sign in allowed:
        return str(sign)
    return max(allowed, key=lines[0].count)


def _sample(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """Cut lines into rows; a broken one is empty."""
    records = Records(iter(lines), dialect)
    rows: list[list[str]] = []
    while True:
        try:
            rows.append(records.read())
        except csv.Error:
            rows.append([])
        except StopIteration:
            return rows


def _quotes(lines: Sequence[str], separator: str) -> str:
    """Find out how a quotation mark is written within quotes: as most rows come out whole."""
    if separator in {SPACE, NONE}:
        return "double"
    text = "".join(lines)
    ways = ["double"]
    if '\\"' in text:
        ways.append("backslash")
    if separator == "\t" and '"' in text and not _quoted(text):
        ways.append("none")
    if len(ways) == 1:
        return "double"

    def trouble(way: str) -> float:
        """Count rows that are broken or too long, and half as much those that are short."""
        rows = _sample(lines, Dialect(separator, way))
        width = len(rows[0]) if rows else 0
        return sum(0.5 if 0 < len(row) < width else len(row) != width for row in rows)

    return min(ways, key=trouble)


def _quoted(text: str) -> bool:
    """Tell whether cells between tabs stand in quotation marks, more often than not."""
    cells = [cell for line in text.splitlines() for cell in line.split("\t") if '"' in cell]
    whole = sum(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells)
    return whole * 2 >= len(cells)


def _title_lines(lines: Sequence[str], dialect: Dialect, wanted: Sequence[str]) -> int:
    """Count lines above the heading: single cells above rows that have several, and blank lines."""
    records = Records(iter(lines), dialect)
    rows: list[tuple[int, list[str]]] = []
    while True:
        try:
            before = records.number
            rows.append((before, records.read()))
        except csv.Error:
            rows.append((before, []))
        except StopIteration:
            break
    for place, (line, row) in enumerate(rows[:MOST_ABOVE]):
        if _has(row, wanted):
            above = [len(cells) for _, cells in rows[:place]]
            return line if any(above) and max(above) < len(row) else 0
    if not rows or len(rows[0][1]) > 1:
        return 0
    # A heading of one cell has rows of one cell.
    widths = Counter(len(row) for _, row in rows[:200] if row)
    if not widths or widths.most_common(1)[0][0] < 2:
        return 0
    for line, row in rows[:MOST_ABOVE]:
        if len(row) > 1:
            return line
    return 0

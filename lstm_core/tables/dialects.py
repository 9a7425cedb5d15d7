"""How the cells of a text are set apart: lines above the table, separator, quotation marks."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lstm_core.messages import Message, later, mark
from lstm_core.tables.assumptions import Assumption, Options, TableError
from lstm_core.tables.cells import read_cells
from lstm_core.tables.numbers import COMMA, POINT, is_missing, number

SEPARATORS = (",", ";", "\t", "|")
"""What may stand between cells; spreadsheets write by their country's custom."""
SPACE, NONE = "space", "none"
SAMPLE_LINES, SAMPLE_CHARACTERS = 400, 200_000
MOST_ABOVE = 30
"""So many lines may stand above a heading, comments not counted."""
BELOW = 12
"""So many rows below a heading have cells, or a number; below a line of prose is more prose."""
SIGNS = {
    ",": mark("comma"),
    ";": mark("semicolon"),
    "\t": mark("tab"),
    "|": mark("bar"),
    SPACE: mark("space"),
    NONE: mark("none"),
}
QUOTES = {
    "backslash": mark("A quotation mark behind a backslash belongs to the text."),
    "none": mark("Quotation marks are signs like all others."),
    "single": mark("Cells stand in apostrophes, which are taken off."),
}
"""What is said of how quotation marks are written, where it is not the usual way."""
_GIVEN = {name: sign for sign, name in SIGNS.items()} | {"\\t": "\t", " ": SPACE, "": NONE}
_SEP_LINE = re.compile(r'"?sep=(\\t|.)"?\s*', re.IGNORECASE)
_ONE_NUMBER = re.compile(r"\s*[+-]?(\d{1,3}(\.\d{3})+|\d*)(,\d+)?\s*%?\s*")
_NUMBER_LIKE = re.compile(r"[+-]?[\d.,]*\d[\d.,]*(e[+-]?\d+)?", re.IGNORECASE)
_BACKSLASH = {
    "double": re.compile(r'\\(?!")'),
    "backslash": re.compile(r'\\(?!")'),
    "single": re.compile(r"\\(?!')"),
}
_IN_QUOTES = re.compile(r'"(?:[^"]|"")*"')
_SPACED_CELL = re.compile(r'"[^"]*"|\S+')
_SPACED_QUOTE = re.compile(r'[,;|\t] +"')
_DATE_LIKE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.T ]?[\d:+Z T,.-]*([ap]\.?m\.?)?\s*([A-Z]{3,4}([+-]\d+)?)?|\d{1,2}:\d{2}.*",
    re.IGNORECASE,
)
RULE = re.compile(r"[\s|+:=-]*[=-]{2}[\s|+:=-]*")
"""A line that is drawn between the rows of a table."""


@dataclass(frozen=True)
class Dialect:
    """How to cut lines into cells.

    Attributes:
        separator: a sign of ``SEPARATORS``, ``SPACE`` or ``NONE``.
        quotes: as ``cells.read_cells`` names them.
        wrapped: whether each line as a whole stands in quotation marks.
    """

    separator: str = ","
    quotes: str = "double"
    wrapped: bool = False


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
        if self.dialect.wrapped:
            line = _unwrapped(line)
        if self.dialect.separator == SPACE:
            return " ".join(line.split())
        if self.dialect.quotes in {"backslash", "single"}:
            return _BACKSLASH[self.dialect.quotes].sub(r"\\\\", line)
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
            escaped = [_BACKSLASH["double"].sub(r"\\\\", line)]
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
    wrapped = _is_wrapped(lines[skip:], wanted, numbers)
    if wrapped:
        lines = [_unwrapped(line) for line in lines]
    body = [line for line in lines[skip:] if line.strip()]
    asked = False
    if separator is None:
        separator, asked = _separator(body, wanted, numbers, kind)
    dialect = Dialect(separator, _quotes(body, separator), wrapped)
    if options.skip is None and separator not in {SPACE, NONE}:
        skip += _title_lines(lines[skip:], replace(dialect, wrapped=False), wanted)
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
    if wrapped:
        sentence = later("Each line stands in quotation marks as a whole; they are taken off.")
        assumptions.append(Assumption("quotes", "line", sentence))
    if dialect.quotes in QUOTES:
        sentence = Message(QUOTES[dialect.quotes])
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
    rest = [line for line in lines[place + 1 : place + 40] if line.strip()]
    if not rest:
        return False
    if rest[0].startswith("#"):
        # Two lines of comments may name and explain as many columns as there are below.
        below = rest[1] if len(rest) > 1 else "#"
        names = [line.lstrip("#").split() for line in (lines[place], rest[0])]
        count = len(below.split())
        return not below.startswith("#") and count > 3 and all(len(row) == count for row in names)
    below = rest[0]
    if _has([lines[place].strip()], wanted):
        return True
    if len(lines[place].lstrip("#").split()) == len(below.split()) > 3 and not wanted:
        return bool(_spaced(rest))
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
    """Choose the sign between which the plainest cells stand, in equally many on most lines.

    Signs within quotation marks separate nothing. A tab goes before a semicolon, a bar, a comma.
    """
    first = [line for line in lines[:SAMPLE_LINES] if not RULE.fullmatch(line)] or list(lines[:1])
    if not first:
        return ",", False
    bare = [_IN_QUOTES.sub('""', line) for line in first]
    best, sign = 0.0, ""
    for candidate in ("\t", ";", "|", ","):
        counts = Counter(line.count(candidate) for line in bare)
        counts.pop(0, None)
        most = sum(counts.values())
        if most * 2 < len(first) and (candidate == "," or not counts or max(counts) <= 3):
            continue
        score = _plainness(first, candidate) * most / len(first)
        if not sign or score > best + 0.05:
            best, sign = score, candidate
    if sign == ",":
        one, asked = _decimal_commas(first)
        return (NONE if one else ","), asked
    if sign:
        return sign, False
    if _decimal_commas(first)[0]:
        return NONE, False
    return (SPACE if _spaced(first) else ","), False


def _plainness(lines: Sequence[str], sign: str) -> float:
    """Measure which share of the cells between a sign are numbers, dates, or empty."""
    rows = _sample(lines[:60], Dialect(sign, "spaced"))
    cells = [cell.strip() for row in rows if len(row) > 1 for cell in row]
    return sum(is_plain(cell) for cell in cells) / max(len(cells), 1)


def is_plain(cell: str) -> bool:
    """Tell whether a cell holds a number or a date, or says that there is none."""
    cell = cell.strip()
    plain = any(number(cell, sign) is not None for sign in (POINT, COMMA)) or is_missing(cell)
    return plain or bool(_DATE_LIKE.fullmatch(cell))


def _is_wrapped(lines: Sequence[str], wanted: Sequence[str], numbers: bool) -> bool:
    """Tell whether whole lines stand in quotation marks, each a row of several cells within."""
    first = [line.strip() for line in lines[:SAMPLE_LINES] if line.strip()]
    whole = [line for line in first if len(line) > 1 and line[0] == line[-1] == '"']
    if len(first) < 2 or len(whole) < 0.9 * len(first):
        return False
    try:
        rows = list(read_cells(whole, strict=True))
    except csv.Error:
        return False
    if len(rows) != len(whole) or any(len(row) != 1 for row in rows):
        return False
    if not numbers:
        tops = [next(read_cells([rows[0][0]], sign)) for sign in SEPARATORS]
        return any(_has(top, wanted) and len(top) > 1 for top in tops)
    bare = [_IN_QUOTES.sub('""', row[0]) for row in rows]
    counts = [Counter(line.count(sign) for line in bare).most_common(1)[0] for sign in SEPARATORS]
    return any(count and often >= 0.9 * len(bare) for count, often in counts)


def _unwrapped(line: str) -> str:
    """Take the quotation marks off a whole line."""
    text = line.rstrip("\r\n")
    inner = text.strip()
    if len(inner) < 2 or not inner[0] == inner[-1] == '"':
        return line
    return inner[1:-1].replace('""', '"') + line[len(text) :]


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
    rows = [[cell.strip('"') for cell in _SPACED_CELL.findall(line)] for line in lines]
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if width < 2 or count < 0.5 * len(rows):
        return False
    rows = [row for row in rows if len(row) == width]
    named = width > 1 and len({row[0] for row in rows}) > 0.5 * len(rows)
    numeric = [
        all(map(_NUMBER_LIKE.fullmatch, row))
        or (
            (named or _DATE_LIKE.fullmatch(row[0]))
            and _NUMBER_LIKE.fullmatch(row[-1])
            and any(map(str.isdigit, row[0]))
        )
        for row in rows
    ]
    thousands = all(len(re.split("[.,]", cell)[0]) == 3 for row in rows for cell in row[1:])
    return sum(map(bool, numeric)) >= 0.8 * len(rows) and not thousands


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
    if _SPACED_QUOTE.search(text):
        ways.append("spaced")
    quoted = sum(line.lstrip().startswith("'") and f"'{separator}'" in line for line in lines)
    if quoted >= 0.8 * len(lines):
        return "single"
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
    above = rows_above([row for _, row in rows[:200]], wanted)
    return rows[above][0] if above else 0


def rows_above(rows: Sequence[Sequence[str]], wanted: Sequence[str] = ()) -> int:
    """Count rows above the heading: blank ones, and titles that fill few cells of those below.

    Args:
        rows: the first ones.
        wanted: columns of which the heading should have one.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    for place, row in enumerate(rows[:MOST_ABOVE]):
        if not _has(row, wanted):
            continue
        most = max(filled[:place], default=0)
        # A heading of one column, too, may have a title above it, and a blank line between.
        alone = filled[place] == 1 == most and 0 in filled[:place]
        return place if most < filled[place] or alone else _blank(filled)
    usual = Counter(count for count in filled if count).most_common(1)
    if not usual or usual[0][0] < 2:
        return 0 if not usual or not rows[0] else _blank(filled)
    least = max(2.0, usual[0][0] / 3)
    for place, row in enumerate(rows[:MOST_ABOVE]):
        if filled[place] >= least and not any(
            0 < len(under) < least and not any(map(is_plain, under))
            for under in rows[place + 1 : place + BELOW]
        ):
            return place
        first = next(filter(None, map(str.strip, row)), "")
        if _NUMBER_LIKE.fullmatch(first):
            return _blank(filled)
    return 0


def _blank(filled: Sequence[int]) -> int:
    """Count the blank rows at the top."""
    return next((place for place, count in enumerate(filled) if count), 0)

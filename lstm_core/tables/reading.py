"""Open a table of any kind: its columns, its rows one by one, and what was assumed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import IO, NamedTuple

from lstm_core.messages import Message, later, mark
from lstm_core.tables import objects
from lstm_core.tables.assumptions import Assumption, Options, TableError
from lstm_core.tables.cells import Written
from lstm_core.tables.dialects import (
    SAMPLE_CHARACTERS,
    SAMPLE_LINES,
    Records,
    find_layout,
    rows_above,
)
from lstm_core.tables.sources import (
    Survey,
    decoded_lines,
    is_text,
    kind_of,
    not_valid,
    printable,
    survey,
    unpacked,
    what_it_is,
)
from lstm_core.tables.workbooks import is_workbook, workbook_rows, workbook_within

EMPTY = later("The input is empty: there is no row to score.")
NOTHING = later("There is nothing in it yet: one number a line is enough.")
HEAD_ROWS = 120
"""So many rows are looked at before the first is given out."""
MOST_HEADINGS = 3
MOST_LABELS = 20
_REGION = re.compile(r"(.+): (\(.+\))")


class Label(NamedTuple):
    """What may stand on a line beside its text: its form, what is said of it, whether all may differ."""

    form: re.Pattern[str]
    said: str
    free: bool = False


_AT_END = mark("A label at the end of each line is the column {name}.")
_IN_FRONT = mark("A label in front of each line is the column {name}.")
LABELS = (
    Label(
        re.compile(r"(?P<text>.*\S)\s*\t\s*(?P<label>[-+]?\d+(?:[.,]\d+)?)\s*", re.DOTALL),
        mark("The number behind a tab at the end of a line is the column {name}."),
        free=True,
    ),
    Label(
        re.compile(r"(?P<label>[-+]?\d+)\s*\t\s*(?P<text>\S.*)", re.DOTALL), _IN_FRONT, free=True
    ),
    Label(re.compile(r"(?P<text>.*\S)\s*[\t;@|]\s*(?P<label>[\w-]{1,20})\s*", re.DOTALL), _AT_END),
    Label(re.compile(r"(?P<text>.*\S)\s*,\s*(?P<label>-?\d)\s*", re.DOTALL), _AT_END),
    Label(re.compile(r"(?P<label>[\w-]{1,20})\s*[\t;|]\s*(?P<text>\S.*)", re.DOTALL), _IN_FRONT),
    Label(re.compile(r"(?P<label>__label__\S+)\s+(?P<text>\S.*)", re.DOTALL), _IN_FRONT),
    Label(re.compile(r"(?P<label>-?\d)\s*,\s*(?P<text>\S.*)", re.DOTALL), _IN_FRONT),
)


class Row(NamedTuple):
    """One row of a table.

    Attributes:
        line: of its beginning in the file, from 1; the row of a sheet, the place in a list.
        cells: as text; none if it cannot be read.
        problem: why it cannot be read.
        raw: all that is there of it, if it cannot be read.
    """

    line: int
    cells: list[str]
    problem: Message | None = None
    raw: str = ""


@dataclass
class Reading:
    """An open table.

    Attributes:
        kind: of ``sources.KINDS``; "csv" for all that have separators.
        columns: their names, no two alike and none empty.
        rows: one by one; to be read once.
        assumptions: what was decided so far; reading the rows may add some.
        separator: of the cells, as ``dialects`` names it; empty where none is needed.
    """

    kind: str
    columns: list[str]
    rows: Iterator[Row]
    assumptions: list[Assumption]
    separator: str = ""


Headings = Callable[[Sequence[Sequence[str]], str], int]
"""Counts the rows that name columns, given the first rows and the separator."""


def one_heading(rows: Sequence[Sequence[str]], separator: str) -> int:
    """Say that one row names the columns."""
    del rows, separator
    return 1


def open_table(
    stream: IO[bytes],
    name: str = "",
    options: Options | None = None,
    wanted: Sequence[str] = (),
    headings: Headings = one_heading,
    numbers: bool = False,
    most: int | None = None,
) -> Reading:
    """Find out how a table is written.

    Args:
        stream: of the file, which can be read more than once; it stays open while rows are read.
        name: of the file; its ending tells its kind.
        options: what somebody decided.
        wanted: names of columns; the table has one of them, if it can be so.
        headings: counts the rows that name the columns.
        numbers: whether most cells should be numbers.
        most: bytes that the unpacked file may have.

    Raises:
        TableError: with a sentence, if there is no table in it.
    """
    options = options or Options()
    if is_workbook(stream):
        return _workbook(stream, options, headings, wanted, most)
    stream, size = unpacked(stream)
    if packed := workbook_within(stream, size, most):
        return _workbook(packed, options, headings, wanted, most)
    overview = _survey_of_text(stream, size, options, most, numbers)
    if numbers and overview.zeros:
        raise TableError(later("This is no text: it holds zero bytes. Save the table as CSV."))
    kind = options.kind or kind_of(name) or "csv"
    if kind == "xlsx":
        raise TableError(later("This is no spreadsheet (.xlsx)."))
    if kind in {"json", "jsonl"}:
        return _objects(stream, kind, overview)
    return _delimited(stream, kind, overview, options, wanted, headings, numbers)


def _survey_of_text(
    stream: IO[bytes], size: int, options: Options, most: int | None, numbers: bool
) -> Survey:
    """Go over a file that should be text.

    Raises:
        TableError: if it is none, or empty.
    """
    overview = survey(stream, size, options.encoding, most)
    stream.seek(0)
    head = stream.read(8)
    if what := what_it_is(head):
        raise TableError(
            later("This is {name}, not a text file; unpack or export it first.", name=what)
        )
    if overview.empty:
        raise TableError(NOTHING if numbers else EMPTY)
    return overview


def _workbook(
    stream: IO[bytes],
    options: Options,
    headings: Headings,
    wanted: Sequence[str],
    most: int | None,
) -> Reading:
    if most is not None and stream.seek(0, 2) > most:
        raise TableError(later("The file is larger than {most:.0f} MB.", most=most / 1_000_000))
    pairs, assumptions = workbook_rows(stream, options.sheet)
    rows = (Row(number, cells) for number, cells in pairs)
    head = list(islice(rows, HEAD_ROWS))
    if not head:
        raise TableError(EMPTY)
    above = (
        rows_above([row.cells for row in head], wanted) if options.skip is None else options.skip
    )
    if above:
        assumptions.append(_skipped(above, options))
    return _named("xlsx", chain(head[above:], rows), assumptions, options, headings)


def _skipped(count: int, options: Options) -> Assumption:
    return Assumption(
        "skip",
        count,
        later("Lines above the table are skipped: {count}.", count=count),
        "--skip",
        usual=options.skip is not None,
    )


def _objects(stream: IO[bytes], kind: str, overview: Survey) -> Reading:
    """Open records of JSON: a first pass finds the keys, a second one gives the rows."""
    first = [line for line in islice(decoded_lines(stream, overview.encoding), 20) if line.strip()]
    if kind == "json" and objects.is_lines(first[0] if first else "", [*first, "", ""][1]):
        kind = "jsonl"
    parse = objects.line_records if kind == "jsonl" else objects.array_records
    columns: dict[str, None] = {}
    for record in parse(decoded_lines(stream, overview.encoding), overview.encoding):
        columns |= dict.fromkeys(record.values)
    names = list(columns)
    empty = Written("")

    def rows() -> Iterator[Row]:
        for record in parse(decoded_lines(stream, overview.encoding), overview.encoding):
            if record.problem is not None:
                yield Row(record.line, [], record.problem, record.raw)
                continue
            cells = [
                objects.cell(record.values[name]) if name in record.values else empty
                for name in names
            ]
            yield Row(record.line, cells, None, record.raw)

    return Reading(kind, names, rows(), [overview.assumption])


def _delimited(
    stream: IO[bytes],
    kind: str,
    overview: Survey,
    options: Options,
    wanted: Sequence[str],
    headings: Headings,
    numbers: bool,
) -> Reading:
    lines = decoded_lines(stream, overview.encoding)
    sample, size = [], 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if len(sample) >= SAMPLE_LINES or size >= SAMPLE_CHARACTERS:
            break
    if not any(line.strip("\ufeff \t\r\n") for line in sample):
        raise TableError(NOTHING if numbers else EMPTY)
    layout = find_layout(sample, options, wanted, numbers, kind)
    body = islice(chain(sample, lines), layout.skip, None)
    records = Records(body, layout.dialect, layout.skip)
    assumptions = [overview.assumption, *layout.assumptions]
    rows = _rows(records, overview.encoding)
    return _named("csv", rows, assumptions, options, headings, layout.dialect.separator)


def _rows(records: Records, encoding: str) -> Iterator[Row]:
    while True:
        line = records.number + 1
        try:
            cells = records.read()
        except StopIteration:
            return
        except csv.Error as error:
            cells = records.read_as_escaped()
            if not cells:
                problem = later("broken quotes ({error})", error=str(error))
                yield Row(line, [], problem, printable(records.record[0].strip()))
                continue
        written = "".join(records.record)
        if not cells or (len(cells) == 1 and not written.strip()):
            continue
        if written.isascii() or all(map(is_text, cells)):
            yield Row(line, cells)
        else:
            yield Row(line, [], not_valid(encoding), printable(written.strip()))


def open_lines(stream: IO[bytes], column: str, options: Options | None = None) -> Reading:
    """Open a text that has one text a line; a number behind a tab at its end is no part of it.

    Args:
        stream: of the file.
        column: what the texts are called.
        options: what somebody decided; a separator, "none", leaves lines whole.

    Raises:
        TableError: with a sentence, if there is no text in it.
    """
    options = options or Options()
    stream, size = unpacked(stream)
    overview = _survey_of_text(stream, size, options, None, False)
    sample = [
        line.strip()
        for line in islice(decoded_lines(stream, overview.encoding), 200)
        if line.strip()
    ]
    label = _label_of(sample) if options.separator is None and len(sample) > 1 else None
    assumptions = [overview.assumption]
    columns = [column, *unlike(["label"], [column])] if label else [column]
    if label:
        sentence = Message(label.said, {"name": repr(columns[1])})
        assumptions.append(Assumption("label", columns[1], sentence, "--separator none"))

    def rows() -> Iterator[Row]:
        for number, line in enumerate(decoded_lines(stream, overview.encoding), start=1):
            text = line.rstrip("\r\n")
            if not text.strip():
                continue
            if not is_text(text):
                yield Row(number, [], not_valid(overview.encoding), printable(text))
            elif label:
                match = label.form.fullmatch(text)
                yield Row(number, [match["text"], match["label"]] if match else [text, ""])
            else:
                yield Row(number, [text])

    return Reading("txt", columns, rows(), assumptions)


def _label_of(lines: Sequence[str]) -> Label | None:
    """Find what stands beside the text on most lines: a number, or one of a few words."""
    for label in LABELS:
        found = [match["label"] for match in map(label.form.fullmatch, lines) if match]
        if len(found) < 0.9 * len(lines):
            continue
        kinds = len(set(found))
        if label.free or (2 <= kinds <= MOST_LABELS and kinds * 2 <= len(found)):
            return label
    return None


def _named(
    kind: str,
    rows: Iterator[Row],
    assumptions: list[Assumption],
    options: Options,
    headings: Headings,
    separator: str = "",
) -> Reading:
    """Give the columns their names."""
    head = list(islice(rows, HEAD_ROWS))
    if not head:
        raise TableError(NOTHING)
    whole = [row.cells for row in head if row.problem is None]
    count = options.headings
    if count is None:
        count = headings(whole, separator) if whole else 1
    top = head[: min(count, len(head))]
    if broken := next((row for row in top if row.problem is not None), None):
        if broken.raw and "quotes" not in str(broken.problem):
            raise TableError(later("The header is {problem}.", problem=broken.problem))
        raise TableError(later("The header cannot be read: {error}.", error=str(broken.problem)))
    width = max((len(row.cells) for row in (top or head)), default=1)
    titles = [row.cells for row in top]
    below = [row.cells for row in head[len(top) :] if row.problem is None]
    if top and _have_row_names(below, width, separator == ","):
        titles, width = [["", *cells] for cells in titles], width + 1
    names, notes = column_names(titles, width)
    assumptions.append(
        Assumption(
            "headings",
            count,
            later("Rows that name the columns: {count}.", count=count),
            "--headings",
            usual=options.headings is not None or count == 1,
        )
    )
    return Reading(kind, names, chain(head[len(top) :], rows), [*assumptions, *notes], separator)


def _have_row_names(rows: Sequence[Sequence[str]], width: int, from_one: bool) -> bool:
    """Tell whether rows have one cell more than the heading, in front, that counts them, as R has.

    Args:
        rows: below the heading.
        width: of the heading.
        from_one: whether they have to count from 0 or 1: with commas between cells, years in front
            of numbers with decimal commas look alike.
    """
    if len(rows) < 2 or any(len(row) != width + 1 for row in rows):
        return False
    firsts = [row[0].strip() for row in rows]
    if not all(text.isascii() and text.isdecimal() for text in firsts):
        return False
    begins = firsts[0] in {"0", "1"} or not from_one
    return begins and all(int(after) - int(before) == 1 for before, after in pairwise(firsts))


def column_names(rows: Sequence[Sequence[str]], width: int) -> tuple[list[str], list[Assumption]]:
    """Name columns after their headings: none is without a name, and no two are alike.

    Args:
        rows: of headings; a second one that is alike in all columns, or names the first alone, adds
            nothing to the names.
        width: how many columns there are.
    """
    padded = [[*(cell.strip() for cell in row), *[""] * width][:width] for row in rows]
    names = padded[0] if padded else [""] * width
    for row in padded[1:]:
        if not any(row[1:]):
            names = [row[0], *names[1:]]
        elif len(set(filter(None, row[1:]))) > 1 or "" in names[1:]:
            names = [names[0] or row[0]] + [
                # A cell that was merged over several columns has its text in the first of them.
                name or (before if under else "")
                for name, before, under in zip(names[1:], _last_filled(names), row[1:], strict=True)
            ]
            names = [names[0]] + [
                " ".join(filter(None, pair)) for pair in zip(names[1:], row[1:], strict=True)
            ]
    notes = []
    regions = {match[2] for name in names[1:] if (match := _REGION.fullmatch(name))}
    if len(regions) == 1 and all(_REGION.fullmatch(name) for name in names[1:] if name):
        names = [names[0], *(name.removesuffix(f": {next(iter(regions))}") for name in names[1:])]
    unnamed = [place + 1 for place, name in enumerate(names) if not name]
    if unnamed and len(unnamed) < width:
        notes.append(
            Assumption(
                "unnamed",
                unnamed,
                later(
                    "Columns without a name are called by their number: {columns}.",
                    columns=", ".join(map(str, unnamed))[:200],
                ),
            )
        )
    names = [
        name or str(later("column {number}", number=place))
        for place, name in enumerate(names, start=1)
    ]
    single = unlike(names)
    changed = [new for old, new in zip(names, single, strict=True) if new != old]
    if changed:
        notes.append(
            Assumption(
                "renamed",
                changed,
                later(
                    "Columns that are called alike get a number: {columns}.",
                    columns=", ".join(changed)[:200],
                ),
            )
        )
    return single, notes


def _last_filled(names: Sequence[str]) -> list[str]:
    """Return for each name but the first the last one before it, after the first, that is filled."""
    filled, last = [], ""
    for name in names[1:]:
        filled.append(last)
        last = name or last
    return filled


def unlike(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """Put a number behind each name that was there before, among these or those taken."""
    used, single = set(taken), []
    every = set(names) | used
    for name in names:
        new, number = name, 2
        while new in used or (new != name and new in every):
            new, number = f"{name} ({number})", number + 1
        used.add(new)
        single.append(new)
    return single

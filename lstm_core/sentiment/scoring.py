"""Score a file of reviews: rows in, rows out with three columns more, in batches and in order.

Files of any size are streamed; memory holds one batch. A row that cannot be read is reported
and never stops the others. Text is UTF-8 or UTF-16, with or without a byte order mark; the cells of
a CSV file are separated by commas, or by semicolons or tabs where that is how its header has the
column.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TextIO

from lstm_core.messages import Message, later
from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.reader import Reader
from lstm_core.sentiment.workers import scored_batches
from lstm_core.tables import read_cells

ROWS_AT_ONCE = 1024
ADDED = ("p_positive", "stars", "verdict")
KINDS = ("csv", "jsonl", "txt")
SEPARATORS = (",", ";", "\t")
"""What may stand between the cells of a CSV file; spreadsheets write by their country's custom."""
REPORTED = 5
HEAD = 256
"""So many bytes tell whether a file without a byte order mark is UTF-16."""


NO_WORD = later("no word in the text")
NOT_UTF8 = later("not valid UTF-8")


class InputError(Exception):
    """The input cannot be scored at all; the message is one line that says why."""


class MissingColumnError(InputError):
    """The input has no such column.

    Attributes:
        column: the one that was asked for.
        named: those that are there, in one line.
    """

    def __init__(self, column: str, columns: list[str]) -> None:
        """Name the column that was asked for, and those that are there."""
        self.column, self.named = column, ", ".join(columns)[:300]
        super().__init__(
            later(
                "There is no column {column!r}; name one of these with --column: {named}",
                column=column, named=self.named,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the input: its line, its own columns, its text, and what is wrong with it.

    A row that cannot be taken apart has no columns, and what is there of it as its text.
    """

    line: int
    values: dict[str, str]
    text: str
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows were scored, and which were not: (line, problem) of the first few."""

    scored: int
    failed: int
    problems: tuple[tuple[int, str], ...]

    def summary(self, target: str) -> str:
        """Say in one line what happened."""
        if not self.failed:
            return f"Scored {self.scored:,} rows into {target}."
        named = "; ".join(f"line {line}: {problem}" for line, problem in self.problems)
        more = "; and more" if self.failed > len(self.problems) else ""
        return (
            f"{self.failed:,} of {self.failed + self.scored:,} rows could not be scored "
            f"({named}{more}). The other {self.scored:,} are in {target}."
        )


def score_file(
    source: str,
    out: str,
    reader: Reader,
    column: str | None = None,
    kind: str | None = None,
    workers: int = 1,
) -> Outcome:
    """Score every row of a file.

    Args:
        source: path of a .csv, .jsonl or .txt file, or "-" for standard input.
        out: path of the CSV file to write, or "-" for standard output.
        reader: the trained network.
        column: name of the column (or JSON key) that holds the review; None is "text".
        kind: "csv", "jsonl" or "txt"; None takes it from the file's name, "-" being txt.
        workers: number of processes, where there is more than a little to score.

    Returns:
        How many rows were scored and which were not.

    Raises:
        InputError: if the input is missing or empty, has no such column, or its kind is unknown.
    """
    if source == "-" and column and not kind:
        raise InputError("Standard input has no name to tell its kind: add --format csv or jsonl.")
    kind, column = kind or _kind(source), column or "text"
    with _seekable(source) as stream:
        columns, rows = read_rows(stream, kind, column)
        taken = [name for name in ADDED if name in columns]
        if taken:
            raise InputError(f"{source} has a column {taken[0]!r} already; rename it first.")
        with _target(source, out) as target:
            outcome = _score_rows(rows, columns, target, reader, Progress(stream), workers)
    if not outcome.scored and not outcome.failed:
        raise InputError(f"{source} holds a header and no row to score.")
    return outcome


def _score_rows(
    rows: Iterator[Row],
    names: list[str],
    target: TextIO,
    reader: Reader,
    progress: Progress,
    workers: int,
) -> Outcome:
    writer = csv.DictWriter(target, [*names, *ADDED])
    writer.writeheader()
    scored, failed = 0, 0
    problems: list[tuple[int, str]] = []
    for batch, scores in scored_batches(_batches(rows), _texts, reader, workers):
        good = [row for row in batch if row.problem is None]
        columns = (scores.probability, scores.stars, scores.known_share)
        answers = dict(zip((row.line for row in good), zip(*columns, strict=True), strict=True))
        for row in batch:
            p, stars, known = answers.get(row.line, (math.nan,) * 3)
            problem = row.problem or (NO_WORD if math.isnan(p) else None)
            if problem is None:
                scored += 1
                answer = (f"{p:.6f}", f"{stars:.2f}", verdict(p, known))
                writer.writerow(row.values | dict(zip(ADDED, answer, strict=True)))
            else:
                failed += 1
                problems.append((row.line, problem))
        del problems[REPORTED:]
        progress.show(scored + failed)
    progress.end()
    return Outcome(scored, failed, tuple(problems))


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _texts(batch: list[Row]) -> list[str]:
    return [row.text for row in batch if row.problem is None]


def _kind(source: str) -> str:
    if source == "-":
        return "txt"
    kind = Path(source).suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise InputError(
            f"{source} is not a .csv, .jsonl or .txt file; if it is one all the same, say so "
            "with --format."
        )
    return kind


def _seekable(source: str) -> IO[bytes]:
    """Open the input so that it can be read twice; standard input is kept in a file."""
    if source == "-":
        kept = tempfile.TemporaryFile()  # noqa: SIM115  The caller closes it.
        for block in iter(lambda: sys.stdin.buffer.read(1 << 20), b""):
            kept.write(block)
        kept.seek(0)
        return kept
    try:
        return open(source, "rb")
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from None


def _target(source: str, out: str) -> TextIO:
    if out == "-":
        return io.TextIOWrapper(
            open(sys.stdout.fileno(), "wb", closefd=False), encoding="utf-8", newline=""
        )
    path = Path(out)
    if source != "-" and path.exists() and path.samefile(source):
        raise InputError(f"{out} is the input itself; name another file with --out.")
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}.") from None


def _lines(stream: IO[bytes]) -> Generator[str]:
    """Decode line by line; bytes that are not UTF-8 become lone surrogates, which mark the row."""
    encoding = _utf16(stream.read(HEAD))
    stream.seek(0)
    if encoding:
        text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    else:
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        while line := text.readline():
            yield line
    finally:
        if not stream.closed:
            text.detach()


def _utf16(head: bytes) -> str:
    """Name the UTF-16 that a file begins in; empty if it is none.

    Without a byte order mark, Latin letters tell: the one byte of each is 0, the other is not.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(head) < 4:
        return ""
    even, odd = (half.count(0) / len(half) for half in (head[0::2], head[1::2]))
    if even < 0.1 and odd > 0.5:
        return "utf-16-le"
    if odd < 0.1 and even > 0.5:
        return "utf-16-be"
    return ""


def read_rows(stream: IO[bytes], kind: str, column: str) -> tuple[list[str], Iterator[Row]]:
    """Return the input's own columns, and its rows one by one."""
    if not stream.read(1):
        raise InputError(later("The input is empty: there is no row to score."))
    stream.seek(0)
    if kind == "csv":
        return _csv_rows(stream, column)
    if kind == "jsonl":
        return _jsonl_rows(stream, column)
    return [column], _txt_rows(stream, column)


def _txt_rows(stream: IO[bytes], column: str) -> Iterator[Row]:
    for number, line in enumerate(_lines(stream), start=1):
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        yield _checked(Row(number, {column: text}, text))


class _Records:
    """Lines of a CSV file, with those of a record that turned out broken to be read again."""

    def __init__(self, lines: Iterator[str], separator: str) -> None:
        self.lines = lines
        self.separator = separator
        self.again: deque[str] = deque()
        self.record: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.lines)
        self.record.append(line)
        self.number += 1
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
            return next(read_cells(self, self.separator, strict=True))
        except csv.Error:
            self.number -= len(self.record) - 1
            self.again.extendleft(reversed(self.record[1:]))
            raise


def _separator(stream: IO[bytes], column: str) -> str:
    """Find what separates the cells of a CSV file: the first under which it has the column.

    If there is none, the one under which the header has most columns.

    Raises:
        InputError: if the header cannot be read, whatever separates its cells.
    """
    counts: dict[str, int] = {}
    broken: list[csv.Error] = []
    for separator in SEPARATORS:
        stream.seek(0)
        with contextlib.closing(_lines(stream)) as lines:
            try:
                columns = _Records(lines, separator).read()
            except StopIteration:
                # A byte order mark alone is no header.
                raise InputError(later("The input is empty: there is no row to score.")) from None
            except csv.Error as error:
                broken.append(error)
                continue
        if column in columns:
            return separator
        counts[separator] = len(columns)
    if not counts:
        raise InputError(later("The header cannot be read: {error}.", error=str(broken[0])))
    return max(counts, key=lambda separator: counts[separator])


def _csv_rows(stream: IO[bytes], column: str) -> tuple[list[str], Iterator[Row]]:
    separator = _separator(stream, column)
    stream.seek(0)
    records = _Records(_lines(stream), separator)
    columns = records.read()
    if not all(map(_is_text, columns)):
        raise InputError(later("The header is not valid UTF-8."))
    if column not in columns:
        raise MissingColumnError(column, columns)
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise InputError(
            later("Two columns are called {name!r}; rename one of them first.", name=twice[0])
        )

    def rows() -> Iterator[Row]:
        place = columns.index(column)
        while True:
            line = records.number + 1
            try:
                cells = records.read()
            except StopIteration:
                return
            except csv.Error as error:
                yield _broken(
                    line, records.record[0], later("broken quotes ({error})", error=str(error))
                )
                continue
            if not cells:
                continue
            if len(cells) != len(columns):
                problem = later(
                    "{cells} cells where the header has {header}",
                    cells=len(cells), header=len(columns),
                )  # fmt: skip
                yield _broken(line, separator.join(cells), problem)
                continue
            yield _checked(Row(line, dict(zip(columns, cells, strict=True)), cells[place]))

    return columns, rows()


def _jsonl_rows(stream: IO[bytes], column: str) -> tuple[list[str], Iterator[Row]]:
    columns: dict[str, None] = {}
    for row in _parsed(stream, column):
        columns |= dict.fromkeys(row.values)
    stream.seek(0)
    return list(columns), _parsed(stream, column)


def _parsed(stream: IO[bytes], column: str) -> Iterator[Row]:
    """Parse a JSON object a line; values that are no string are written as JSON."""
    for number, line in enumerate(_lines(stream), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _broken(number, line, later("not JSON ({error})", error=str(error)))
            continue
        if not isinstance(record, dict) or not isinstance(record.get(column), str):
            yield _broken(number, line, later("no string under the key {key!r}", key=column))
            continue
        values = {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                  for key, value in record.items()}  # fmt: skip
        row = _checked(Row(number, values, record[column]))
        if row.problem is not None and _is_text(line):
            # The bytes were text; what is none was written as an escape.
            problem = later("an escape that is no character ({escape})", escape=_half(values))
            row = _broken(number, row.text, problem)
        yield row


def _is_text(value: str) -> bool:
    """Tell whether a value was valid in its encoding; what was not left lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _half(values: dict[str, str]) -> str:
    """Return the first half of a surrogate pair in keys and values, as JSON escapes it."""
    characters = "".join((*values, *values.values()))
    return next(json.dumps(character)[1:-1] for character in characters if not _is_text(character))


def _checked(row: Row) -> Row:
    """Mark a row that was not valid text in its encoding."""
    if all(map(_is_text, (*row.values, *row.values.values()))):
        return row
    return _broken(row.line, row.text, NOT_UTF8)


def _broken(line: int, text: str, problem: Message) -> Row:
    """Keep what there is of a row that cannot be scored."""
    return Row(line, {}, text.strip().encode("utf-8", "replace").decode("utf-8"), problem)


class Progress:
    """A progress bar on standard error, by the share of the input that was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Measure the input; nothing is drawn where standard error is not a terminal."""
        place = stream.tell()
        self.size = stream.seek(0, io.SEEK_END)
        stream.seek(place)
        self.stream = stream
        self.start = time.monotonic()
        self.drawn = sys.stderr.isatty()

    def show(self, rows: int) -> None:
        """Draw how far it is, how fast it goes and how long it will take."""
        if not self.drawn:
            return
        share = min(1.0, self.stream.tell() / max(1, self.size))
        seconds = time.monotonic() - self.start
        left = seconds / share - seconds if share else 0.0
        bar = ("=" * round(30 * share)).ljust(30)
        text = f"[{bar}] {share:4.0%}  {rows:,} rows, {rows / seconds:,.0f} a second, "
        print(f"\r{text}{left:,.0f} s left   ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar's line."""
        if self.drawn:
            print(file=sys.stderr)

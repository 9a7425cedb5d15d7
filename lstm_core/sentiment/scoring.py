"""Score a file of reviews: rows in, the same rows out with five columns more, in batches and in order.

Files of any size are streamed; memory holds one batch. A row that cannot be read is kept, with its
line number and what is wrong with it, and never stops the others. ``lstm_core.tables`` finds out how
the file is written, and what it assumed of it is said.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, TextIO

from lstm_core.messages import Message, later
from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.reader import Reader, Scores
from lstm_core.sentiment.workers import scored_batches
from lstm_core.tables import (
    KINDS,
    NOT_UTF8,
    Assumption,
    Options,
    Reading,
    TableError,
    Written,
    kind_of,
    open_lines,
    open_table,
    remarkable,
    unlike,
)
from lstm_core.tables import Row as Cells
from lstm_core.tables.dialects import is_plain
from lstm_core.tables.sources import is_text, printable

__all__ = ["KINDS", "NOT_UTF8", "InputError", "Outcome", "Reviews", "Row", "score_file"]

ROWS_AT_ONCE = 1024
ADDED = ("p_positive", "stars", "verdict", "remark")
NO_ANSWER = ("",) * len(ADDED)
PROBLEM = "problem"
REPORTED = 5
TEXT_NAMES = (
    "text",
    "review",
    "reviews",
    "review_text",
    "reviewtext",
    "review text",
    "comment",
    "comments",
    "content",
    "body",
    "sentence",
    "phrase",
    "message",
    "tweet",
    "kommentar",
    "rezension",
    "bewertung",
    "commentaire",
    "avis",
    "comentario",
    "feedback",
)
"""What a column of reviews is called, the likeliest first; the first of them that is there is taken."""
PROSE = 4.0
"""A column of another name is taken for the reviews if its cells have so many words on average."""

NO_WORD = later("no word in the text")

InputError = TableError
"""The input cannot be scored at all; the message is one line that says why."""


class MissingColumnError(InputError):
    """The input has no such column.

    Attributes:
        column: the one that was asked for.
        columns: those that are there.
        named: the same in one line.
    """

    def __init__(self, column: str, columns: list[str]) -> None:
        """Name the column that was asked for, and those that are there."""
        self.column, self.columns = column, tuple(columns)
        self.named = ", ".join(columns)[:300]
        super().__init__(
            later(
                "There is no column {column!r}; name one of these with --column: {named}",
                column=column,
                named=self.named,
            )
        )


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
    """How many rows were scored, and which were not: (line, problem) of the first few.

    What was assumed of the file stands beside it, and of how many rows there is a remark: words that
    were read as others, or why it is no review.
    """

    scored: int
    failed: int
    problems: tuple[tuple[int, str], ...]
    assumptions: tuple[Assumption, ...] = ()
    remarked: int = 0

    def assumed(self) -> list[str]:
        """Say in one line each what was assumed that not everybody expects."""
        return [assumption.line() for assumption in remarkable(self.assumptions)]

    def summary(self, target: str) -> str:
        """Say in one line what happened."""
        remark = f" A remark stands beside {self.remarked:,} of them." if self.remarked else ""
        if not self.failed:
            return f"Scored {self.scored:,} rows into {target}.{remark}"
        named = "; ".join(f"line {line}: {problem}" for line, problem in self.problems)
        more = "; and more" if self.failed > len(self.problems) else ""
        return (
            f"{self.failed:,} of {self.failed + self.scored:,} rows could not be scored "
            f"({named}{more}). They are kept and marked in {target}, beside the other {self.scored:,}."
            f"{remark}"
        )


@dataclass
class Reviews:
    """An open file of reviews.

    Attributes:
        column: that holds the reviews.
        columns: all of them, in order.
        added: names of the columns that are added, which none of the file's own has.
        rows: one by one; to be read once.
        assumptions: what was decided; the end of the rows may add some.
    """

    column: str
    columns: list[str]
    added: tuple[str, ...]
    rows: Iterator[Row]
    assumptions: list[Assumption]


def open_reviews(
    stream: IO[bytes], kind: str | None, column: str | None, options: Options | None = None
) -> Reviews:
    """Find out how a file of reviews is written, and which column holds them.

    Args:
        stream: of the file.
        kind: of ``KINDS``.
        column: its name; None or nothing takes the likeliest.
        options: what somebody decided.

    Raises:
        InputError: if there is nothing to score in it.
        MissingColumnError: if it has no such column.
    """
    options = replace(options or Options(), kind=kind)
    separated = options.separator is not None and options.separator != "none"
    if kind == "txt" and not separated and not _is_table(stream, column, options):
        reading = open_lines(stream, column or TEXT_NAMES[0], options)
        column = reading.columns[0]
        notes: list[Assumption] = []
    else:
        wanted = (column,) if column else TEXT_NAMES
        reading = open_table(stream, "", options, wanted, partial(_headings, wanted))
        head = list(islice(reading.rows, ROWS_AT_ONCE))
        reading.rows = chain(head, reading.rows)
        column, notes = _column(reading, head, column)
    added = tuple(unlike((*ADDED, PROBLEM), reading.columns))
    changed = [name for name in added if name not in {*ADDED, PROBLEM}]
    if changed:
        notes.append(
            Assumption(
                "added",
                changed,
                later(
                    "The file has columns of these names already; ours are called {names}.",
                    names=", ".join(changed),
                ),
            )
        )
    assumptions = [*reading.assumptions, *notes]
    rows = _reviews(reading, column, assumptions)
    return Reviews(column, reading.columns, added, rows, assumptions)


def _is_table(stream: IO[bytes], column: str | None, options: Options) -> bool:
    """Tell whether a .txt file is a table all the same: it has a heading with the column."""
    if options.separator == "none":
        return False
    wanted = (column,) if column else TEXT_NAMES
    reading = open_table(stream, "", replace(options, kind="csv"), wanted)
    stream.seek(0)
    names = [name.strip().lower() for name in reading.columns]
    short = all(len(name.split()) < PROSE for name in names)
    return len(names) > 1 and short and any(name.lower() in names for name in wanted)


def _headings(wanted: Sequence[str], rows: Sequence[Sequence[str]], separator: str) -> int:
    """Count the rows that name columns, 1 or 0, by what the first one has against those below it.

    A word above numbers or dates is a name; a number above numbers, or one of a few words that come
    back, is none. Where there is only text, a first row of as many words as the others is none.
    """
    del separator
    first, below = rows[0], rows[1:]
    if not below or any(cell in wanted or cell.strip().lower() in wanted for cell in first):
        return 1
    named = counted = prose = 0
    for place, cell in enumerate(first):
        others = [row[place] for row in below if place < len(row) and row[place].strip()]
        if not others or not cell.strip():
            continue
        plain = sum(map(is_plain, others)) >= 0.8 * len(others)
        again = len(others) > 3 and others.count(cell) * 2 >= len(others)
        named += plain and not is_plain(cell)
        counted += again or (plain and is_plain(cell))
        words = sum(len(other.split()) for other in others) / len(others)
        asks = cell.rstrip().endswith(("?", ":"))
        prose += min(words, len(cell.split())) >= PROSE and not asks
    if named or counted:
        return int(named >= counted)
    return int(not prose)


def _column(
    reading: Reading, head: list[Cells], column: str | None
) -> tuple[str, list[Assumption]]:
    """Choose the column that holds the reviews.

    Raises:
        MissingColumnError: if none is it.
    """
    columns = reading.columns
    name = column if column in columns else _likeliest(columns, head, column)
    again: list[str] = next((a.value for a in reading.assumptions if a.name == "renamed"), [])
    if f"{name} (2)" in again:
        raise InputError(
            later("Two columns are called {name!r}; rename one of them first.", name=name)
        )
    if name is None:
        if reading.kind in {"json", "jsonl"}:
            return column or TEXT_NAMES[0], []
        raise MissingColumnError(column or TEXT_NAMES[0], columns)
    notes = Assumption(
        "column",
        name,
        later("The reviews are taken from the column {name}.", name=repr(name)),
        "--column",
        usual=name in {column, TEXT_NAMES[0]},
    )
    return name, [notes]


def _likeliest(columns: list[str], head: list[Cells], column: str | None) -> str | None:
    """Find the likeliest column by its name, or by the words in it; None if none is likely."""
    plain = {name.strip().lower(): name for name in reversed(columns)}
    if column:
        return plain.get(column.strip().lower())
    words = dict.fromkeys(columns, 0.0)
    for row in head:
        for name, cell in zip(columns, row.cells, strict=False):
            if any(map(str.isalpha, cell)) and not isinstance(cell, Written):
                words[name] += _words(cell) / len(head)
    named = [plain[name] for name in TEXT_NAMES if name in plain]
    named = [name for name in named if words[name] or not head]
    if named:
        # Stars may stand under the same name as their words.
        return next((name for name in named if words[name] >= PROSE), named[0])
    if TEXT_NAMES[0] in columns or not columns:
        return TEXT_NAMES[0] if columns else None
    most = max(words.values())
    partly = [name for name in columns if words[name] >= max(PROSE, most / 2) and _is_partly(name)]
    partly.sort(key=lambda name: -words[name])
    if partly and (len(partly) == 1 or words[partly[0]] >= 1.5 * words[partly[1]]):
        return partly[0]
    first, *others = sorted(columns, key=lambda name: -words[name])
    rival = words[others[0]] if others else 0.0
    return first if words[first] >= PROSE and words[first] >= 2.0 * rival else None


def _words(cell: str) -> int:
    """Count words that have a letter: a date in words is no prose."""
    return sum(any(map(str.isalpha, word)) for word in cell.split())


def _is_partly(name: str) -> bool:
    """Tell whether a word in a column's name is one of those for reviews: review_body, userReview."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return any(part in TEXT_NAMES for part in re.split(r"[\W_]+", spaced.lower()))


def _reviews(reading: Reading, column: str, assumptions: list[Assumption]) -> Iterator[Row]:
    """Take the rows of a table for reviews; at the end it says how many had odd lengths."""
    columns = reading.columns
    width = len(columns)
    place = columns.index(column) if column in columns else width
    is_json = reading.kind in {"json", "jsonl"}
    short = long = joined = 0
    separator = reading.separator or ","
    for line, row_cells, problem, raw in reading.rows:
        cells = row_cells
        if problem is not None:
            yield Row(line, {}, raw, problem)
            continue
        if is_json:
            yield _from_json(line, columns, cells, place, column, raw)
            continue
        if reading.kind == "xlsx":
            # A workbook keeps no empty cells at the end of a row.
            cells = [*cells, *[""] * (width - len(cells))]
        count = len(cells)
        if count > width and not any(cells[width:]):
            long += 1
            cells = cells[:width]
        elif count > width == 1:
            joined += 1
            cells = [separator.join(cells)]
        elif place < count < width:
            short += 1
            cells = [*cells, *[""] * (width - count)]
        elif count != width:
            wrong = later("{cells} cells where the header has {header}", cells=count, header=width)
            yield Row(line, {}, separator.join(cells).strip(), wrong)
            continue
        yield Row(line, dict(zip(columns, cells, strict=True)), cells[place])
    if short:
        sentence = later(
            "Rows with fewer cells than the heading: {count}; the rest is empty.", count=short
        )
        assumptions.append(Assumption("short rows", short, sentence))
    if joined:
        sentence = later(
            "Rows that were in pieces, below a heading of one column: {count}.", count=joined
        )
        assumptions.append(Assumption("joined rows", joined, sentence))
    if long:
        sentence = later("Rows with empty cells behind the last column: {count}.", count=long)
        assumptions.append(Assumption("long rows", long, sentence))


def _from_json(
    line: int, columns: list[str], cells: list[str], place: int, column: str, raw: str
) -> Row:
    """Take an object of JSON for a review; a text that is no string is none."""
    if place >= len(cells) or isinstance(cells[place], Written):
        return Row(line, {}, raw, later("no string under the key {key!r}", key=column))
    values = dict(zip(columns, cells, strict=True))
    filled = {key: value for key, value in values.items() if value}
    if not is_text("".join((*filled, *cells))):
        # The bytes were text; what is none was written as an escape.
        wrong = later("an escape that is no character ({escape})", escape=_half(filled))
        return Row(line, {}, printable(cells[place].strip()), wrong)
    return Row(line, values, cells[place])


def _half(values: dict[str, str]) -> str:
    """Return the first half of a surrogate pair in keys and values, as JSON escapes it."""
    characters = "".join((*values, *values.values()))
    return next(json.dumps(character)[1:-1] for character in characters if not is_text(character))


def score_file(
    source: str,
    out: str,
    reader: Reader,
    column: str | None = None,
    kind: str | None = None,
    workers: int = 1,
    options: Options | None = None,
) -> Outcome:
    """Score every row of a file.

    Args:
        source: path of a file of ``KINDS``, packed with gzip or not, or "-" for standard input.
        out: path of the CSV file to write, or "-" for standard output.
        reader: the trained network.
        column: name of the column (or JSON key) that holds the review; None takes the likeliest.
        kind: of ``KINDS``; None takes it from the file's name, "-" being txt.
        workers: number of processes, where there is more than a little to score.
        options: what somebody decided of how the file is written.

    Returns:
        How many rows were scored and which were not, and what was assumed.

    Raises:
        InputError: if the input is missing or empty, has no such column, or its kind is unknown.
    """
    if source == "-" and column and not kind:
        raise InputError("Standard input has no name to tell its kind: add --format csv or jsonl.")
    kind = kind or _kind(source)
    with _seekable(source) as stream:
        reviews = open_reviews(stream, kind, column, options)
        with _target(source, out) as target:
            outcome = _score_rows(reviews, target, reader, Progress(stream), workers)
    if not outcome.scored and not outcome.failed:
        raise InputError(f"{source} holds a header and no row to score.")
    return outcome


def _score_rows(
    reviews: Reviews, target: TextIO, reader: Reader, progress: Progress, workers: int
) -> Outcome:
    names, column = reviews.columns, reviews.column
    if column not in names:
        names = [*names, column]
    writer = csv.writer(target)
    writer.writerow(map(printable, [*names, *reviews.added]))
    scored, failed, remarked = 0, 0, 0
    problems: list[tuple[int, str]] = []
    for batch, scores in scored_batches(_batches(reviews.rows), _texts, reader, workers):
        answers = iter(answered(scores))
        for row in batch:
            answer = next(answers) if row.problem is None else None
            problem = row.problem or (None if answer else NO_WORD)
            # Of a row that could not be taken apart, all that is there stands in the text's column.
            values = row.values or {column: row.text}
            cells = [values.get(name, "") for name in names]
            if answer is not None:
                scored += 1
                remarked += bool(answer[-1])
                writer.writerow([*cells, *answer, ""])
            elif problem is not None:
                failed += 1
                problems.append((row.line, problem))
                writer.writerow([*cells, *NO_ANSWER, f"line {row.line}: {problem}"])
        del problems[REPORTED:]
        progress.show(scored + failed)
    progress.end()
    return Outcome(scored, failed, tuple(problems), tuple(reviews.assumptions), remarked)


def answered(scores: Scores) -> Iterator[tuple[str, str, str, str] | None]:
    """Write what the network says of each text into the columns ``ADDED``; None if it has no word."""
    numbers = zip(scores.probability.tolist(), scores.stars.tolist(), strict=True)
    for (p, stars), refused, read_as in zip(numbers, scores.refused, scores.read_as, strict=True):
        if math.isnan(p):
            yield None
            continue
        named = [f"{word} read as {other}" for word, other in read_as.items()]
        yield f"{p:.6f}", f"{stars:.2f}", verdict(p, refused), refused or "; ".join(named)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _texts(batch: Sequence[Row]) -> list[str]:
    return [row.text for row in batch if row.problem is None]


def _kind(source: str) -> str:
    if source == "-":
        return "txt"
    kind = kind_of(source)
    if kind is None:
        raise InputError(
            f"{source} is not a .csv, .tsv, .txt, .jsonl, .json or .xlsx file; if it is one all "
            "the same, say so with --format."
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

"""Score many reviews for a visitor: a slice at a time, so that nobody else waits for them.

The rows of an upload are first written one a line, marked where they are broken; then they are
scored slice by slice, in a process of their own (``turns``). What is known lies in a folder, so
that a slice can go on where the last one ended; the serving process holds a few numbers a row.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import time
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from lstm_core.messages import Message, later, mark
from lstm_core.sentiment.reader import LONGEST_TEXT, Reader
from lstm_core.sentiment.scoring import (
    ADDED,
    NO_ANSWER,
    NO_WORD,
    PROBLEM,
    InputError,
    MissingColumnError,
    Row,
    answered,
    open_reviews,
)
from lstm_core.tables import Assumption, Options, safe_cell
from lstm_core.tables.sources import printable

UPLOADED, ROWS, SCORED = "uploaded", "rows.jsonl", "scored.csv"
MOST_ROWS = 100_000
"""A longer file is for the command line."""
MOST_COLUMNS = 500
AT_ONCE, BYTES_AT_ONCE = 256, 300_000
SHOWN = 160
"""So many characters of a text are kept for the page's table."""
COLUMN_FIELD = mark("Column of the reviews")
"""What the page calls the field in which the column is named."""
HEAD_BYTES = 262_144
"""So many bytes of a file tell its columns before it is read."""
COMMAND = "python -m lstm_core.sentiment score FILE --column COLUMN --out scored.csv"


@dataclass(frozen=True)
class Job:
    """How far the scoring of one upload is; small, for it travels between processes.

    Attributes:
        folder: where its files lie.
        kind: of ``tables.KINDS``.
        column: name of the column, or key, that holds the review; empty takes the likeliest, which
            stands here when the rows have been read.
        columns: of the upload, in order; empty until its rows have been read.
        total: rows of the upload; -1 until they have been read.
        place: bytes of the row file that have been scored.
        written: bytes of the scored file that belong to these rows; what lies behind them was
            left by a process that died, and is written over.
        done: rows that are done.
        seconds: of scoring so far.
        error: why the upload cannot be scored at all; empty if it can.
        options: what the visitor decided of how the upload is written.
        added: names of the columns that the scored file has more than the upload.
        assumptions: what was assumed of the upload, once its rows have been read.
    """

    folder: Path
    kind: str
    column: str
    columns: tuple[str, ...] = ()
    total: int = -1
    place: int = 0
    written: int = 0
    done: int = 0
    seconds: float = 0.0
    error: str = ""
    options: Options = field(default_factory=Options)
    added: tuple[str, ...] = (*ADDED, PROBLEM)
    assumptions: tuple[Assumption, ...] = ()

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return bool(self.error) or self.done == self.total

    @property
    def seconds_left(self) -> float:
        """How long the rest will take, by what the rows so far took; NaN before the first."""
        return self.seconds / self.done * (self.total - self.done) if self.done else math.nan


@dataclass
class Scored:
    """What is known of the rows that are done, a list a column.

    Attributes:
        lines: of each row, in the upload.
        texts: the beginning of its text.
        probabilities: of "positive"; NaN where a row could not be scored.
        stars: 1 to 10; NaN where a row could not be scored.
        verdicts: in words; empty where a row could not be scored.
        problems: what is wrong with a row; empty where nothing is.
        remarks: which words of a row were read as others, or why it is no review; mostly empty.
    """

    lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    probabilities: list[float] = field(default_factory=list)
    stars: list[float] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, more: Scored) -> None:
        """Put more rows behind these."""
        for name, values in vars(more).items():
            getattr(self, name).extend(values)

    @property
    def failed(self) -> int:
        """How many rows could not be scored."""
        return sum(map(bool, self.problems))


def begun(
    folder: Path, content: bytes, kind: str, column: str, options: Options | None = None
) -> Job:
    """Keep an upload in a folder; nothing of it is read yet."""
    job = Job(folder, kind, column, options=options or Options())
    try:
        (folder / UPLOADED).write_bytes(content)
    except OSError as error:
        return replace(job, error=_not_kept(error))
    return job


def columns_of(
    content: bytes, kind: str, options: Options | None = None
) -> tuple[list[str], str, tuple[Assumption, ...]]:
    """Look at the beginning of an upload, before it is read.

    Returns:
        Its columns, the likeliest one for the reviews, and what was assumed; none where nothing can
        be told.
    """
    try:
        reviews = open_reviews(io.BytesIO(_head(content)), kind, None, options)
    except MissingColumnError as error:
        return list(error.columns), "", ()
    except (InputError, OSError, EOFError):
        return [], "", ()
    return reviews.columns, reviews.column, tuple(reviews.assumptions)


def _head(content: bytes) -> bytes:
    """Return whole lines from the beginning of a file; all of a workbook, which has no lines."""
    if content.startswith(b"PK"):
        return content
    if content.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            head = stream.read(HEAD_BYTES)
    else:
        head = content[:HEAD_BYTES]
    if len(head) < HEAD_BYTES or b"\n" not in head or b"\x00" in head:
        return head
    return head[: head.rfind(b"\n") + 1]


def advanced(job: Job, seconds: float, reader: Reader | None = None) -> tuple[Job, Scored]:
    """Go on for about so many seconds; a first call reads the rows and scores none.

    What is wrong with the whole upload comes back as ``error``, never as an exception: the caller
    is another process, which loads a reader of its own if it is given none.

    Returns:
        How far it is now, and the rows that were scored in this call.
    """
    fresh = Scored()
    start = time.perf_counter()
    try:
        if job.total < 0:
            return _with_rows(job), fresh
        while not job.over:
            job = _scored(job, fresh, reader or _reader())
            if time.perf_counter() - start >= seconds:
                break
    except MissingColumnError as error:
        missing = later(
            "There is no column {column}. Choose one of these under “{field}”: {named}",
            column=repr(error.column),
            field=COLUMN_FIELD,
            named=error.named,
        )
        return replace(job, error=missing), fresh
    except InputError as error:
        return replace(job, error=error.args[0]), fresh
    except OSError as error:
        return replace(job, error=_not_kept(error)), fresh
    return replace(job, seconds=job.seconds + time.perf_counter() - start), fresh


def _with_rows(job: Job) -> Job:
    """Write the upload's rows one a line, with what is wrong with each."""
    with (job.folder / UPLOADED).open("rb") as stream:
        reviews = open_reviews(stream, job.kind, job.column, job.options)
        columns = reviews.columns
        if len(columns) > MOST_COLUMNS:
            raise InputError(
                later(
                    "The file has {count:,} columns; {most} are the most.",
                    count=len(columns),
                    most=MOST_COLUMNS,
                )
            )
        total = 0
        with (job.folder / ROWS).open("w", encoding="utf-8") as target:
            for row in islice(reviews.rows, MOST_ROWS + 1):
                problem, text = row.problem, row.text
                if problem is None and len(text) > LONGEST_TEXT:
                    problem = later("longer than {most:,} characters", most=LONGEST_TEXT)
                values = {} if problem is not None else row.values
                kept = text[:LONGEST_TEXT]
                wrong = None if problem is None else [problem.template, problem.values]
                target.write(json.dumps([row.line, values, kept, wrong]) + "\n")
                total += 1
    if total > MOST_ROWS:
        raise InputError(
            later(
                "The file has more than {most:,} rows. For so many there is the command line, which "
                "streams files of any size through all cores: {command}",
                most=MOST_ROWS,
                command=COMMAND,
            )
        )
    if not total:
        raise InputError(later("The file holds a header and no row to score."))
    scored = job.folder / SCORED
    with scored.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerow(map(safe_cell, map(printable, [*columns, *reviews.added])))
    return replace(
        job,
        column=reviews.column,
        columns=tuple(columns),
        added=reviews.added,
        assumptions=tuple(reviews.assumptions),
        total=total,
        written=scored.stat().st_size,
    )


def _row(line: int, values: dict[str, str], text: str, wrong: list[Any] | None) -> Row:
    """Read a row back as ``_with_rows`` wrote it."""
    return Row(line, values, text, Message(*wrong) if wrong else None)


def _not_kept(error: OSError) -> Message:
    """Say that the disk did not take a file."""
    return later(
        "The server could not keep the file while it was scored: {why}.", why=error.strerror
    )


def _scored(job: Job, fresh: Scored, reader: Reader) -> Job:
    """Score the next few rows, write them behind the others, and add them to ``fresh``."""
    lines: list[bytes] = []
    with (job.folder / ROWS).open("rb") as stream:
        stream.seek(job.place)
        while len(lines) < AT_ONCE and sum(map(len, lines)) < BYTES_AT_ONCE:
            if not (line := stream.readline()):
                break
            lines.append(line)
    rows = [_row(*json.loads(line)) for line in lines]
    scores = reader.score([row.text if row.problem is None else "" for row in rows])
    scored = job.folder / SCORED
    with scored.open("r+", encoding="utf-8", newline="") as target:
        target.seek(job.written)
        target.truncate()
        writer = csv.writer(target)
        for row, p, stars, answer in zip(
            rows, scores.probability.tolist(), scores.stars.tolist(), answered(scores), strict=True
        ):
            problem = row.problem or ("" if answer else NO_WORD)
            cells_added = answer if answer and not problem else NO_ANSWER
            side = cells_added[2]
            fresh.lines.append(row.line)
            fresh.texts.append(row.text[:SHOWN])
            fresh.probabilities.append(p)
            fresh.stars.append(stars)
            fresh.verdicts.append(side)
            fresh.problems.append(problem)
            fresh.remarks.append(cells_added[3])
            # Of a row that could not be taken apart, all that is there stands in the text's column.
            own = row.values or {job.column: row.text}
            cells = [*(own.get(name, "") for name in job.columns), *cells_added, problem]
            writer.writerow(map(safe_cell, cells))
    return replace(
        job,
        place=job.place + sum(map(len, lines)),
        written=scored.stat().st_size,
        done=job.done + len(rows),
    )


def first_rows(job: Job, most: int = 20, room: int = 4_000) -> list[tuple[int, str]]:
    """Return the line and whole text of some of the first rows of an upload that was read.

    Args:
        job: whose rows have been read.
        most: of them.
        room: so many characters all together; a row that finds no room is left out, unless there
            would be none.

    Returns:
        Rows among the first ``AT_ONCE`` that were taken apart without trouble.
    """
    with (job.folder / ROWS).open("rb") as stream:
        rows = [_row(*json.loads(line)) for line in islice(stream, AT_ONCE)]
    good = [(row.line, row.text) for row in rows if row.problem is None]
    chosen: list[tuple[int, str]] = []
    for line, text in good:
        if len(chosen) < most and len(text) <= room:
            chosen.append((line, text))
            room -= len(text)
    return chosen or good[:1]


@cache
def _reader() -> Reader:
    """Load the trained network once in each process."""
    return Reader.load()

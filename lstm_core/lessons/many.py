"""The page of many reviews: what it accepts, and what it says of a scored file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lstm_core.lessons.markdown import plain
from lstm_core.lessons.questions import Question
from lstm_core.sentiment.bulk import COMMAND, MOST_ROWS, Job, Scored
from lstm_core.spreadsheets import safe_cell

UPLOAD, PASTE, EXAMPLE = "A file", "A pasted column", "An example"
SOURCES = (EXAMPLE, UPLOAD, PASTE)
KINDS = ("csv", "jsonl", "txt")
LONGEST_PASTE = 1_000_000
MOST_SHOWN = 1_000
UNREADABLE = "could not be scored"
FILTERS = ("positive", "negative", "mixed or unclear", "not a review", UNREADABLE)
PLACEHOLDER = "I loved every minute of it.\nA waste of two hours."
LOST = "The process that scores was lost again and again; the rows that are done are kept."
EXAMPLE_NAME, EXAMPLE_COLUMN = "example.csv", "review"
EXAMPLE_FILE = b"""id,review
1,"A warm, funny film that I would see again tomorrow."
2,"Two hours of my life that nobody will give back."
3,"The first half is gripping, the second falls apart."
4,"The film runs for ninety minutes and is set in Oslo."
5,
6,"=HYPERLINK(""http://example.org"",""A lovely film"")"
7,one cell,too many
8,"Ein wunderbarer Film, den man gesehen haben muss."
9,"Not bad at all, and the ending is a small miracle."
"""
COMMAND_LINE = (
    f"This page scores up to {MOST_ROWS:,} rows of one file at a time, so that every visitor gets a "
    "turn. The command line streams files of any length through all cores in bounded memory, a "
    "million rows too, and many files on many machines:"
)
COMMANDS = f"""{COMMAND}
python -m lstm_core.sentiment score-parts parts/*.csv --column COLUMN --out scored"""
ABOUT_THE_DOWNLOAD = (
    "Your own columns, then p_positive (calibrated), stars (1 to 10), verdict, and what is wrong "
    "with a row that could not be scored. Cells that a spreadsheet would compute (they begin with "
    "=, +, - or @) have an apostrophe in front. Nothing is kept when you leave."
)


def kind_of(name: str) -> str:
    """Take the kind of a file from its name; text if that says nothing."""
    ending = name.lower().rpartition(".")[2]
    return ending if ending in KINDS else "txt"


def named(name: str) -> str:
    """Write a file's name into Markdown."""
    return plain(name[:60])


def problem(name: str, error: str) -> str:
    """Say in Markdown why a file cannot be scored."""
    return f"{named(name)}: {plain(error)}"


def how_far(name: str, job: Job, running: bool) -> str:
    """Say in Markdown how far a file is, how fast it goes and how long it will take."""
    said = f"{named(name)}: {job.done:,} of {job.total:,} rows"
    if job.done == job.total:
        return f"{said} in {job.seconds:.1f} s of computing"
    if not running:
        return f"{said}; cancelled, what is done stays"
    if math.isnan(job.seconds_left):
        return f"{said}; waiting for a turn"
    return f"{said}, {job.done / job.seconds:,.0f} a second, about {job.seconds_left:,.0f} s left"


def cautions(rows: Scored) -> list[str]:
    """Say in Markdown which rows could not be scored, and why."""
    if not rows.failed:
        return []
    why = Counter(name.partition(" (")[0] for name in rows.problems if name)
    named = "; ".join(f"{plain(name)}: {count:,}" for name, count in why.most_common(4))
    lines = [line for line, name in zip(rows.lines, rows.problems, strict=True) if name]
    first = ", ".join(f"{line:,}" for line in lines[:6]) + (" ..." if len(lines) > 6 else "")
    said = [
        f"{rows.failed:,} of {len(rows.lines):,} rows could not be scored; they are kept, and marked. "
        f"{named}. Lines {first}."
    ]
    if why["not valid UTF-8"]:
        said.append("Some rows are in another encoding. Save the file as UTF-8 to have them read.")
    return said


def summary(rows: Scored) -> str:
    """Say in Markdown how many rows have which verdict."""
    counts = Counter(verdict for verdict in rows.verdicts if verdict)
    return ", ".join(f"**{counts[name]:,}** {name}" for name in FILTERS if counts[name]) + "."


def tenths(rows: Scored) -> list[int]:
    """Count the rows by tenths of their probability."""
    counts = [0] * 10
    for p in rows.probabilities:
        if not math.isnan(p):
            counts[min(int(10 * p), 9)] += 1
    return counts


def filtered(rows: Scored, kinds: Sequence[str], words: str) -> tuple[dict[str, list[Any]], int]:
    """Choose the rows of some verdicts, with some characters in their text.

    Returns:
        The first ``MOST_SHOWN`` of them, a list a column, and how many there are.
    """
    wanted = words.casefold()
    places = [
        place
        for place, (verdict, text) in enumerate(zip(rows.verdicts, rows.texts, strict=True))
        if (not kinds or (verdict or UNREADABLE) in kinds) and wanted in text.casefold()
    ]
    some = places[:MOST_SHOWN]
    return {
        "line": [rows.lines[i] for i in some],
        "verdict": [rows.verdicts[i] or f"– {rows.problems[i]}" for i in some],
        "positive": [None if rows.problems[i] else rows.probabilities[i] for i in some],
        "stars": [None if rows.problems[i] else round(rows.stars[i], 1) for i in some],
        # A browser offers the table as CSV too.
        "text": [safe_cell(rows.texts[i]) for i in some],
    }, len(places)


def shown(here: int, matching: int, every: int) -> str:
    """Say how many rows the table shows of those that match."""
    if here < matching:
        return f"The first {here:,} of {matching:,} rows that match; all are in the download."
    return f"{matching:,} of {every:,} rows."


def how_many_positive(rows: Scored) -> Question:
    """Ask what counting verdicts gives, against adding up calibrated probabilities."""
    known = [p for p in rows.probabilities if not math.isnan(p)]
    counted, expected = sum(p >= 0.5 for p in known), sum(known)
    right = 0 if counted > expected + 0.05 else 1 if counted < expected - 0.05 else 2
    said = (
        f"{counted:,} rows are above one half; the probabilities add up to {expected:,.1f}, which is how "
        "many positive ones to expect if they keep their word."
    )
    return Question(
        "You count the rows above 50 % to say how many writers liked it. Compared with what the "
        "probabilities make you expect, is that",
        ("too many", "too few", "about right"),
        (right,),
        (said, said, said),
    )

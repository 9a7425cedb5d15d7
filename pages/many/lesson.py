"""The page of many reviews: what it accepts, and what it says of a scored file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lstm_core import tables
from lstm_core.messages import Message
from lstm_core.sentiment.bulk import AT_ONCE, COMMAND, MOST_ROWS, Job, Scored, first_rows
from lstm_core.sentiment.scoring import NOT_UTF8
from lstm_core.tables import safe_cell
from pages._book.language import decimal, mark, plural, say
from pages._book.markdown import plain
from pages._book.programs import Programs, programs

UPLOAD, PASTE, EXAMPLE = mark("A file"), mark("A pasted column"), mark("An example")
SOURCES = (EXAMPLE, UPLOAD, PASTE)
START = {
    "many_source": EXAMPLE,
    "many_column": "",
    "many_encoding": "",
    "many_separator": "",
    "many_skip": "",
    "many_headings": "",
    "many_sheet": "",
    "many_pasted": "",
    "many_kinds": [],
    "many_words": "",
}
"""The page's controls by their keys, with what they stand at to begin with."""
FILES = [*tables.KINDS, "ndjson", "tab", "xlsm", "gz"]
"""Endings of files that are taken."""
LONGEST_PASTE = 1_000_000
MOST_SHOWN = 1_000
UNREADABLE = mark("could not be scored")
POSITIVE, NEGATIVE = mark("positive"), mark("negative")
WHY_NO_REVIEW = (mark("another language"), mark("code or a record"), mark("unknown words"))
"""Why a text is no review, as ``refusals`` has it, marked for translation."""
UNCLEAR, NO_REVIEW = mark("mixed or unclear"), mark("not a review")
FILTERS = (POSITIVE, NEGATIVE, UNCLEAR, NO_REVIEW, UNREADABLE)
"""The verdicts, by their English names, which are those of ``calibration.Verdict``, and none."""
PLACEHOLDER = mark("I loved every minute of it.\nA waste of two hours.")
LOST = mark("The process that scores was lost again and again; the rows that are done are kept.")
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
COMMANDS = f"""{COMMAND}
python -m lstm_core.sentiment score-parts parts/*.csv --column COLUMN --out scored"""
ABOUT_THE_DOWNLOAD = mark(
    "Your own columns, then p_positive (calibrated), stars (1 to 10), verdict, remark (words that were "
    "read as others, or why a text is no review), and what is wrong with a row. Where your file has a "
    "column of such a name, ours gets a number. Cells that a spreadsheet would compute have an "
    "apostrophe in front. Nothing is kept when you leave."
)


ABOUT_A_TABLE = mark(
    "Encoding, separator and heading are found, and what was assumed is said below the picture. Where "
    "that is wrong, choose here and score again."
)
LOST_BY_RELOADING = mark(
    "The file lives in this tab alone: reloading the page or closing it loses the file and its rows. "
    "Take them home first."
)


def command_line() -> str:
    """Say in Markdown when the command line is the better way."""
    return say(
        "This page scores up to {most:,} rows of one file at a time, so that every visitor gets a "
        "turn. The command line streams files of any length through all cores in bounded memory, a "
        "million rows too, and many files on many machines:",
        most=MOST_ROWS,
    )


def kind_of(name: str) -> str:
    """Take the kind of a file from its name; text if that says nothing."""
    return tables.kind_of(name) or "txt"


def named(name: str) -> str:
    """Write a file's name into Markdown."""
    return plain(name[:60])


def problem(name: str, error: str) -> str:
    """Say in Markdown why a file cannot be scored."""
    return f"{named(name)}: {plain(say(error))}"


def how_far(name: str, job: Job, running: bool) -> str:
    """Say in Markdown how far a file is, how fast it goes and how long it will take."""
    file = named(name)
    counts = {"file": file, "done": job.done, "total": job.total}
    if job.done == job.total:
        return say(
            "{file}: {done:,} of {total:,} rows in {seconds:.1f} s of computing",
            seconds=job.seconds,
            **counts,
        )
    if not running:
        return say("{file}: {done:,} of {total:,} rows; cancelled, what is done stays", **counts)
    if math.isnan(job.seconds_left):
        return say("{file}: {done:,} of {total:,} rows; waiting for a turn", **counts)
    return say(
        "{file}: {done:,} of {total:,} rows, {speed:,.0f} a second, about {left:,.0f} s left",
        speed=job.done / job.seconds,
        left=job.seconds_left,
        **counts,
    )


def reading_rows(name: str) -> str:
    """Say in Markdown that the rows of a file are being taken apart."""
    return say("{file}: reading the rows ...", file=named(name))


def cautions(rows: Scored) -> list[str]:
    """Say in Markdown which rows could not be scored, and why."""
    if not rows.failed:
        return []
    why = Counter(say(problem).partition(" (")[0] for problem in rows.problems if problem)
    reasons = "; ".join(
        f"{plain(reason)}: {decimal(count, ',')}" for reason, count in why.most_common(4)
    )
    lines = [line for line, name in zip(rows.lines, rows.problems, strict=True) if name]
    first = ", ".join(decimal(line, ",") for line in lines[:6]) + (" ..." if len(lines) > 6 else "")
    sentences = [
        say(
            "{failed:,} of {every:,} rows could not be scored; they are kept, and marked (lines "
            "{lines}): {reasons}.",
            failed=rows.failed,
            every=len(rows.lines),
            reasons=reasons,
            lines=first,
        )
    ]
    if any(template_of(problem) == NOT_UTF8 for problem in rows.problems):
        sentences.append(
            say("Some rows are in another encoding. Choose it under “More”, and score again.")
        )
    return sentences


def template_of(problem: str) -> str:
    """Return what is wrong with a row in English, its values left out."""
    return problem.template if isinstance(problem, Message) else problem


def summary(rows: Scored) -> str:
    """Say in Markdown how many rows have which verdict."""
    counts = Counter(verdict or UNREADABLE for verdict in rows.verdicts)
    listed = (f"**{decimal(counts[name], ',')}** {say(name)}" for name in FILTERS if counts[name])
    return ", ".join(listed) + "."


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
    first = places[:MOST_SHOWN]
    return {
        mark("line"): [rows.lines[i] for i in first],
        mark("verdict"): [_verdict(rows, i) for i in first],
        mark("positive"): [None if rows.problems[i] else rows.probabilities[i] for i in first],
        mark("stars"): [None if rows.problems[i] else round(rows.stars[i], 1) for i in first],
        # A browser offers the table as CSV too.
        mark("text"): [safe_cell(rows.texts[i]) for i in first],
    }, len(places)


def _verdict(rows: Scored, place: int) -> str:
    """Write a row's verdict into the table, with why it is no review, or what is wrong with the row."""
    verdict = rows.verdicts[place]
    if not verdict:
        return f"– {say(rows.problems[place])}"
    return f"{say(verdict)}: {say(rows.remarks[place])}" if verdict == NO_REVIEW else say(verdict)


def remarks(rows: Scored) -> str:
    """Say in Markdown in how many rows words were read as others; "" if in none."""
    both = zip(rows.remarks, rows.verdicts, strict=True)
    readings = [remark for remark, verdict in both if remark and verdict != NO_REVIEW]
    if not readings:
        return ""
    pairs = [one.split(" read as ") for remark in readings[:4] for one in remark.split("; ")[:2]]
    return say(
        "In {count:,} rows words that the network does not know are read as the nearest ones that it knows "
        "({listed} ...). The download names them in its column remark.",
        count=len(readings),
        listed=", ".join(" → ".join(map(plain, pair)) for pair in pairs[:4]),
    )


def shown(here: int, matching: int, every: int) -> str:
    """Say how many rows the table shows of those that match."""
    if here < matching:
        return say(
            "The first {here:,} of {matching:,} rows that match; all are in the download.",
            here=here,
            matching=matching,
        )
    return say("{matching:,} of {every:,} rows.", matching=matching, every=every)


def download_label(rows: int) -> str:
    """Say what the download holds."""
    return plural(
        "Download {count:,} row with its scores (CSV)",
        "Download {count:,} rows with their scores (CSV)",
        rows,
    )


def taken_home(rows: Scored) -> dict[str, list[Any]]:
    """Collect what is drawn: how many texts got a probability in each tenth, a column a list."""
    counts = tenths(rows)
    return {
        "from": [place / 10 for place in range(10)],
        "to": [(place + 1) / 10 for place in range(10)],
        "texts": counts,
    }


def texts_of(job: Job, rows: Scored) -> list[str]:
    """Return some of the first texts of a file that were scored, whole, for a program."""
    scored = {
        line
        for line, verdict in zip(rows.lines[:AT_ONCE], rows.verdicts[:AT_ONCE], strict=True)
        if verdict
    }
    return [text for line, text in first_rows(job) if line in scored]


def scored_again(texts: Sequence[str]) -> Programs:
    """Write what scores some texts as the page does; each leaves the probabilities."""
    return programs("many", texts=list(texts))

"""Tables of cells: how long a cell may be, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

LONGEST_CELL = 1 << 30
"""So many characters of a cell are read, in every table that the process reads.

Python's own limit, 131,072, is too short for long reviews. It is one for the whole process, so that
it is set here alone.
"""
csv.field_size_limit(LONGEST_CELL)


def read_cells(
    lines: Iterable[str], separator: str = ",", strict: bool = False, quotes: str = "double"
) -> Iterator[list[str]]:
    """Read the rows of a table, each as its cells.

    Args:
        lines: of the table.
        separator: stands between two cells.
        strict: whether wrong quotation marks are an error.
        quotes: "double" where a quotation mark within quotes is doubled, "backslash" where a
            backslash may stand before it as well, "none" where it is a sign like all others,
            "spaced" where a space may stand before the first one, "single" where apostrophes quote.

    Raises:
        csv.Error: while it is read, if the table cannot be taken apart.
    """
    if quotes == "none":
        return csv.reader(lines, delimiter=separator, strict=strict, quoting=csv.QUOTE_NONE)
    escape = "\\" if quotes in {"backslash", "single"} else None
    return csv.reader(
        lines,
        delimiter=separator,
        strict=strict,
        escapechar=escape,
        quotechar="'" if quotes == "single" else '"',
        skipinitialspace=quotes == "spaced",
    )


def safe_cell(value: object) -> str:
    """Write a cell so that a spreadsheet takes it for text, never for a formula.

    A spreadsheet computes what begins with =, +, -, @, a tab or a carriage return, and some of them
    cut white space in front of it off; an apostrophe in front makes it text. Numbers stay as they
    are. OWASP: CSV Injection.
    """
    text = str(value)
    computed = text.lstrip().startswith(("=", "+", "-", "@"))
    if not computed and not text.startswith(("\t", "\r", "\n")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


class Written(str):
    """A cell that was no text in its file, written as JSON writes it."""

    __slots__ = ()


class Exact(Written):
    """A cell that was a number in its file, and is written as Python reads it."""

    __slots__ = ()

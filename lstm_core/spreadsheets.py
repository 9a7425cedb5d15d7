"""Text for a spreadsheet that computes what looks like a formula."""

from __future__ import annotations


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

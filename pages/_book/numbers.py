"""Numbers as the language that is spoken writes them: −25,000.5 in English, −25.000,5 in German."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

SEPARATORS = {"de": ",."}
"""Of each language that differs from the code's: decimal sign, then that of thousands."""
_MINUS = {"-": "\N{MINUS SIGN}"}
"""The sign that figures and formulas have as well; what is typed, saved or run has the hyphen."""
_ENGLISH = str.maketrans(_MINUS)
_SWAPPED = str.maketrans({",": ".", ".": ",", "%": "\N{NO-BREAK SPACE}%"} | _MINUS)


def separators(language: str) -> str:
    """Return decimal sign and that of thousands, as Plotly's layout takes them."""
    return SEPARATORS.get(language, ".,")


def localised(written: str, language: str) -> str:
    """Write a number that Python's ``format`` wrote with the signs of a language."""
    return written.translate(_SWAPPED if language in SEPARATORS else _ENGLISH)


class Formatter(string.Formatter):
    """Fills the places of a message, numbers in the form of its language.

    Args:
        language: its code.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one place; only numbers that have a format of their own, or are no integers, change."""
        written: str = super().format_field(value, format_spec)
        is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        return localised(written, self._language) if is_number else written

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Look a place up by its name."""
        return kwargs[key] if isinstance(key, str) else args[key]

"""Numbers as people write them: decimal sign, thousands, units; read by babel's rules of a country."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from lstm_core.tables.cells import Exact

POINT, COMMA = ".", ","
MISSING = {"na", "nan", "nat", "null", "none", "nil", "nd", "nv", "ka", "m", "missing"}
"""Words that say that there is no number, by their letters alone."""
MOST_DIGITS = 400
"""A longer cell is no number, or one far beyond what can be computed with."""
_PLAIN = {
    POINT: re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?", re.IGNORECASE),
    COMMA: re.compile(r"[+-]?(\d+,?\d*|,\d+)(e[+-]?\d{1,4})?", re.IGNORECASE),
}
_LOCALES = {
    (POINT, ","): ("en_US", "en_IN"),
    (POINT, "’"): ("de_CH",),
    (POINT, "\u202f"): ("fr_FR",),
    (COMMA, "."): ("de_DE",),
    (COMMA, "\u202f"): ("fr_FR",),
    (COMMA, "’"): ("fr_FR",),
}
"""Countries that write so: (decimal sign, sign between thousands)."""
_AROUND = r"[^\d\s.,+\-()'’]"
_PARTS = re.compile(
    rf"(?P<before>(?:{_AROUND}{{1,4}}\.?)?\s*)"
    rf"(?P<sign>[+-]?)\s*(?P<again>(?:{_AROUND}{{1,4}}\.?)?)\s*"
    r"(?P<number>[\d.,](?:[\d.,'’\s\u00a0\u202f]*[\d.,])?(?:e[+-]?\d{1,4})?)"
    r"(?P<minus>\s?-|)(?P<unit>\s*(?:[^\d.,]{0,12}?|[^\d.,]{0,8}m[23])(?:\.\s?[^\d.,\s]{0,4})?)",
    re.IGNORECASE,
)
_BOOKED = re.compile(r"([^\w\s()]{0,2}|[^\W\d_]{0,3}\s?[^\w\s()]?)\((.*\d.*)\)(\s*[^\w\s()]{0,2})")
"""Accounts write what is below 0 in brackets, the currency within or outside."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
"""What programs write for a minus."""
_ERROR = re.compile(r"#[^\W\d_/]+[!?]?|#\w+/[\w]+[!?]?")
"""What a spreadsheet shows where it cannot compute."""
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
FACTORS = {
    "k": 1e3,
    "tsd": 1e3,
    "thousand": 1e3,
    "lakh": 1e5,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "crore": 1e7,
    "b": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "billion": 1e9,
    "t": 1e12,
}
"""What some write behind large numbers; counted only where a column has several of them."""
SHORT_CURRENCIES = {"rs", "fr", "sfr", "kr", "zł", "kč", "ft", "lei", "rp", "rm"}
"""How some currencies are written that have neither a sign nor their code."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A cell taken apart: sign, digits with their signs, and what unit it has.

    Attributes:
        negative: whether it is below 0.
        digits: with decimal sign and signs between thousands.
        unit: what stands around it, a currency or a unit; mostly empty.
    """

    negative: bool
    digits: str
    unit: str


def is_missing(cell: str) -> bool:
    """Tell whether a cell says that there is no number: by a word, an error, or with signs alone."""
    text = cell.strip()
    if text.isascii() and text.isdecimal():
        return False
    if len(text) > 12:
        return not any(map(str.isalnum, text))
    letters = "".join(filter(str.isalnum, text)).lower()
    return not letters or letters in MISSING or text == "\\N" or bool(_ERROR.fullmatch(text))


@cache
def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(code.lower() for code in list_currencies()) | SHORT_CURRENCIES


def _is_currency(text: str) -> bool:
    """Tell whether what stands in front of a number may be left off; letters are a code otherwise."""
    letters = "".join(filter(str.isalpha, text)).lower()
    if not letters or any(unicodedata.category(sign) == "Sc" for sign in text):
        return True
    return letters in _currencies()


def parts_of(cell: str) -> Parts | None:
    """Take a cell apart; None if it holds no number, or more than one."""
    text = cell.strip().translate(_DASHES)
    if len(text) > MOST_DIGITS or not any(map(str.isdigit, text)):
        return None
    booked = _BOOKED.fullmatch(text)
    match = _PARTS.fullmatch("".join(booked.groups()) if booked else text)
    if match is None:
        return None
    digits, minus = match["number"], match["minus"].strip()
    if minus and digits.endswith((POINT, COMMA)):
        # 45,- is a price without cents.
        digits, minus = digits[:-1], ""
    negative = bool(booked) or match["sign"] == "-" or minus == "-"
    before = (match["before"] + match["again"]).strip()
    if before and not _is_currency(before):
        # A code of letters in front, as in Q1 or ABC12, is no currency.
        return None
    return Parts(negative, digits, (before + match["unit"]).strip())


def number(cell: str, decimal: str, factors: bool = False) -> float | None:
    """Read a number; None if it is none. ``inf`` is a number, and refused later by its size.

    Args:
        cell: as it stands in the table.
        decimal: the decimal sign.
        factors: whether k, M and B behind a number multiply it.
    """
    if isinstance(cell, Exact):
        return float(cell)
    text = cell.strip()
    if _PLAIN[decimal].fullmatch(text):
        return float(text.replace(",", "."))
    if text.lower().lstrip("+-") in {"inf", "infinity"}:
        return float("inf")
    parts = parts_of(text)
    if parts is None:
        return None
    size = _size(parts.digits, decimal)
    if size is None:
        return None
    if factors:
        size *= FACTORS.get(_plain_unit(parts.unit), 1.0)
    return -size if parts.negative else size


def _size(digits: str, decimal: str) -> float | None:
    """Read digits with signs between thousands, strictly by the rules of a country."""
    from babel.numbers import NumberFormatError, parse_decimal

    if _PLAIN[decimal].fullmatch(digits):
        return float(digits.replace(",", "."))
    power = re.search(r"e[+-]?\d+$", digits, re.IGNORECASE)
    if power:
        digits = digits[: power.start()]
    text = _SPACES.sub("\u202f", digits).replace("'", "’")
    groups = {sign for sign in ".,’\u202f" if sign in text} - {decimal}
    if len(groups) != 1:
        return None
    group = groups.pop()
    for locale in _LOCALES.get((decimal, group), ()):
        written = text.replace(group, "\u202f") if group == "’" and locale == "fr_FR" else text
        if locale == "fr_FR":
            written = written.replace(".", ",")
        try:
            value = float(parse_decimal(written, locale=locale, strict=True))
        except NumberFormatError:
            continue
        return value * float(f"1{power[0]}") if power else value
    return None


@dataclass(frozen=True)
class Signs:
    """What the cells of a column say of their decimal sign.

    Attributes:
        comma: cells whose decimal sign is a comma for certain.
        point: cells whose decimal sign is a point for certain.
        open_comma: cells like 1,020, of which both can be true.
        open_point: cells like 1.020.
        whole: whether some have four digits or more and no sign between them.
        example: of an open one.
        units: what stands around the numbers, with how often.
    """

    comma: int
    point: int
    open_comma: int
    open_point: int
    whole: bool
    example: str
    units: Counter[str]

    @property
    def decimal(self) -> str | None:
        """The decimal sign, if the column alone tells."""
        if self.comma > self.point:
            return COMMA
        if self.point:
            return POINT
        if self.whole and self.open_comma and not self.open_point:
            return COMMA
        if self.whole and self.open_point and not self.open_comma:
            return POINT
        return None

    @property
    def is_open(self) -> bool:
        """Whether two readings are likely, by the column alone."""
        return self.decimal is None and bool(self.open_comma or self.open_point)


def signs_of(cells: Iterable[str]) -> Signs:
    """Weigh the decimal sign of a column's cells."""
    counts: Counter[str] = Counter()
    units: Counter[str] = Counter()
    whole, example = False, ""
    for cell in cells:
        if isinstance(cell, Exact):
            continue
        text = cell.strip()
        parts = None if is_missing(text) else parts_of(text)
        if parts is None:
            continue
        units[parts.unit] += 1
        verdict = _sign(parts.digits)
        counts[verdict] += 1
        if verdict.startswith("open") and not example:
            example = text
        whole = whole or (verdict == "" and len(parts.digits) > 3 and parts.digits.isdecimal())
    return Signs(
        counts[COMMA], counts[POINT], counts["open,"], counts["open."], whole, example, units
    )


def _sign(digits: str) -> str:
    """Name the decimal sign of one number: "," or ".", "open," or "open.", or nothing if unknown."""
    digits = re.sub(r"e[+-]?\d+$", "", digits, flags=re.IGNORECASE)
    comma, point = digits.count(","), digits.count(".")
    if comma and point:
        last = COMMA if digits.rfind(",") > digits.rfind(".") else POINT
        return last if digits.count(last) == 1 else ""
    sign, count = (COMMA, comma) if comma else (POINT, point)
    if not count:
        return ""
    other = POINT if sign == COMMA else COMMA
    if count > 1:
        return other
    left, right = digits.split(sign)
    if len(right) != 3 or not left or left.startswith("0") or len(left) > 3 or not left.isdecimal():
        return sign
    return f"open{sign}"


def has_factors(units: Sequence[str]) -> bool:
    """Tell whether the units of a column are factors: k, M, B, and more than one of them."""
    used = {_plain_unit(unit) for unit in units} - {""}
    bare = any(not _plain_unit(unit) for unit in units)
    return used <= set(FACTORS) and (len(used) > 1 or (len(used) == 1 and bare))


def _plain_unit(unit: str) -> str:
    """Return a unit's letters; those of a currency are none."""
    words = re.findall(r"[^\W\d_]+", unit.lower())
    return " ".join(word for word in words if word in FACTORS or word not in _currencies())

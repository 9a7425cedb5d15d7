"""Numbers as people write them: decimal sign, thousands, units; read by babel's rules of a country."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lstm_core.tables.cells import Exact

POINT, COMMA = ".", ","
MISSING = {
    "",
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "-",
    "–",
    "--",
    "?",
    ".",
    "..",
    "m",
}
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
_PARTS = re.compile(
    r"(?P<before>[^\d\s.,+\-()'’]{0,4}\s*)"
    r"(?P<sign>[+-]?)\s*(?P<again>[^\d\s.,+\-()'’]{0,3})\s*"
    r"(?P<number>[\d.,](?:[\d.,'’\s\u00a0\u202f]*[\d.,])?(?:e[+-]?\d{1,4})?)"
    r"(?P<minus>-?)(?P<unit>\s*[^\d.,]{0,12}?)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
FACTORS = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12}
"""What some sites write behind large numbers; counted only where a column has several of them."""


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
    """Tell whether a cell says that there is no number."""
    return cell.strip().lower() in MISSING


def parts_of(cell: str) -> Parts | None:
    """Take a cell apart; None if it holds no number, or more than one."""
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    if len(text) > MOST_DIGITS or not any(map(str.isdigit, text)):
        return None
    booked = len(text) > 2 and text[0] == "(" and text[-1] == ")"
    match = _PARTS.fullmatch(text[1:-1] if booked else text)
    if match is None:
        return None
    negative = booked or match["sign"] == "-" or match["minus"] == "-"
    before = (match["before"] + match["again"]).strip()
    if before.lower() in {"e", "q", "w"} or any(map(str.isalpha, before[1:])):
        # A code of letters in front, as in Q1 or ABC12, is no currency.
        return None
    return Parts(negative, match["number"], (before + match["unit"]).strip())


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
        size *= FACTORS.get(parts.unit.lower(), 1.0)
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
    used = {unit.lower() for unit in units if unit}
    return used <= set(FACTORS) and (len(used) > 1 or (len(used) == 1 and "" in units))

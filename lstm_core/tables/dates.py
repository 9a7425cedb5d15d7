"""Dates as people write them: read, put in order, and how far apart they are; pandas computes them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from lstm_core.messages import Message, later, mark
from lstm_core.tables.numbers import is_missing

Stamps: TypeAlias = np.ndarray[Any, np.dtype[np.datetime64]]
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
FIRST_YEAR, LAST_YEAR = "1500", "2200"
STEPS = (
    (604_800, mark("week"), mark("{count} weeks")),
    (86_400, mark("day"), mark("{count} days")),
    (3_600, mark("hour"), mark("{count} hours")),
    (60, mark("minute"), mark("{count} minutes")),
    (1, mark("1 second"), mark("{count} seconds")),
)
"""Usual steps between dates: seconds, and the words for one and for several of them."""
LONGEST = 60
"""A longer text is no date."""
MOST_UNREADABLE = 0.1
"""A column of dates has no larger share of cells that are none, but always one may be."""
NAMES = re.compile(
    r"(.*[\s_.-])?(date|dates|datum|time|datetime|timestamp|zeit|tag|day|ds|month|monat|week|woche|"
    r"quarter|quartal|year|jahr|period|yyyymm|yyyymmdd|date_?time)([\s_.(-].*)?",
    re.IGNORECASE,
)
EPOCH_NAMES = re.compile(
    r"(.*[\s_.-])?(time|epoch|unix|ts|date|timestamp|unixtime)([\s_.-].*)?", re.IGNORECASE
)
_THREE = re.compile(r"(\d{1,4})([-/. ])\s?(\d{1,2})\2\s?(\d{1,4})\.?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?", re.ASCII)
_TWO = re.compile(r"([12]\d{3})[-/ ](\d{1,2})|(\d{1,2})[-/]([12]\d{3})")
_QUARTER = re.compile(r"(\d{4})[-/ ]?Q([1-4])|Q([1-4])[-/ ]?(\d{4})", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})[- ]?W(\d{1,2})(?:-?([1-7]))?", re.IGNORECASE)
_CLOCK = re.compile(
    r"(.*?)[T ,]+(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*([ap]\.?m\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "of", "the", "th", "st", "nd", "rd", "de"}


@dataclass(frozen=True)
class Dates:
    """The dates of a column.

    Attributes:
        stamps: datetime64[us], one a cell; NaT where there is none.
        order: of day and month, where it matters; empty where it does not.
        asked: whether both orders are as likely.
        zone: whether the dates had time zones, and are in UTC now.
    """

    stamps: Stamps
    order: str = ""
    asked: bool = False
    zone: bool = False


@cache
def _months() -> dict[str, int]:
    """Number the names of months in some languages, long and short, as babel has them."""
    from babel import localedata
    from babel.dates import get_month_names

    months: dict[str, int] = {}
    kept = set(localedata._cache)
    for locale in ("en", "de", "fr", "es", "it", "nl", "pt"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, "format", locale).items():
                months.setdefault(name.strip(".").lower(), number)
                months.setdefault(name.strip(".").lower()[:3], number)
        # Babel would keep all that it knows of each language, 1.5 MB.
        for read in set(localedata._cache) - kept:
            del localedata._cache[read]
    return months | {"sept": 9, "mrz": 3, "mär": 3, "maer": 3}


def read_dates(cells: Sequence[str], name: str = "", order: str | None = None) -> Dates | None:
    """Read a column as dates; None if it is none.

    Args:
        cells: of the column.
        name: of the column; a number is a date only if its column is called so.
        order: of day and month that somebody decided.
    """
    places = [place for place, cell in enumerate(cells) if not is_missing(cell)]
    if len(places) < max(2, len(cells) * (1.0 - 2 * MOST_UNREADABLE)):
        return None
    texts = [cells[place].strip()[:LONGEST] for place in places]
    if sum(any(map(str.isdigit, text)) for text in texts[:50]) < 0.9 * len(texts[:50]):
        return None
    plain = _parsed(texts) if all(map(_ISO.fullmatch, texts)) else _as_numbers(texts, name)
    if plain is not None:
        return _placed(plain, places, len(cells)) if _readable(plain) else None
    split = [_split(text) for text in texts]
    three = [_THREE.fullmatch(day) for day, _, _ in split]
    asked, used = False, ""
    if any(match and len(match[1]) < 3 and len(match[4]) in {2, 4} for match in three):
        used, asked = _order_of(three, split, order)
    known: dict[str, str | None] = {}
    for (day, _, _), match in zip(split, three, strict=True):
        if day not in known:
            known[day] = _iso(day, match, used)
    iso = [known[day] for day, _, _ in split]
    if sum(day is None for day in iso) > _most_unreadable(len(iso)):
        return None
    whole = [
        f"{day} {clock}{zone}".strip() if day else ""
        for (_, clock, zone), day in zip(split, iso, strict=True)
    ]
    stamps = _parsed(whole)
    if not _readable(stamps):
        return None
    dates = _placed(stamps, places, len(cells))
    return Dates(dates.stamps, used, asked, any(zone for _, _, zone in split))


def _most_unreadable(count: int) -> float:
    return max(int(count > 3), MOST_UNREADABLE * count)


def _readable(stamps: Stamps) -> bool:
    return bool(np.isnat(stamps).sum() <= _most_unreadable(len(stamps)))


def _parsed(texts: Sequence[str]) -> Stamps:
    """Read dates of ISO 8601; what is none is NaT, and those with a zone are put into UTC."""
    import pandas as pd

    read = pd.to_datetime(
        pd.Series(texts, dtype=object), format="ISO8601", errors="coerce", utc=True
    )
    return read.dt.tz_convert(None).to_numpy().astype("datetime64[us]")


def _placed(stamps: Stamps, places: Sequence[int], count: int) -> Dates:
    every = np.full(count, np.datetime64("NaT"), "datetime64[us]")
    every[np.array(places, dtype=int)] = stamps
    return Dates(every)


def _split(text: str) -> tuple[str, str, str]:
    """Take a text apart into its day, its time of day and its zone."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return text, "", ""
    clock, half = match[2].replace(",", "."), (match[3] or "").lower()
    hour, rest = clock.split(":", 1)
    if half:
        number = int(hour) % 12 + (12 if half.startswith("p") else 0)
        hour = str(number)
    zone = (match[4] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    return match[1].strip(), f"{hour.zfill(2)}:{rest}", zone


def _order_of(
    three: Sequence[re.Match[str] | None],
    split: Sequence[tuple[str, str, str]],
    order: str | None,
) -> tuple[str, bool]:
    """Decide the order of day and month from the column as a whole."""
    matches = [match for match in three if match and len(match[1]) < 3]
    firsts = np.array([int(match[1]) for match in matches])
    seconds = np.array([int(match[3]) for match in matches])
    if order:
        return order, False
    if (firsts > 12).any():
        return DAY_FIRST, False
    if (seconds > 12).any():
        return MONTH_FIRST, False
    if matches[0][2] == ".":
        return DAY_FIRST, False
    even = {}
    for way in ORDERS:
        iso = [
            f"{_iso(day, match, way)} {clock}".strip() if match else ""
            for (day, clock, _), match in zip(split, three, strict=True)
        ]
        stamps = np.unique(_parsed(iso))
        even[way] = _evenness(stamps[~np.isnat(stamps)])
    best = max(ORDERS, key=lambda way: even[way])
    gap = abs(even[DAY_FIRST] - even[MONTH_FIRST])
    return best, gap == 0.0 or (gap < 0.2 and even[best] < 1.0)


def _evenness(stamps: Stamps) -> float:
    """Measure which share of the steps between dates is the usual one."""
    if len(stamps) < 3:
        return 0.0
    frequency = frequency_of(stamps)
    return frequency.share if frequency else 0.0


def _iso(day: str, match: re.Match[str] | None, order: str) -> str | None:
    """Write a day as ISO 8601 has it; None if it is none."""
    if match is not None:
        return _of_three(match, order)
    if pair := _TWO.fullmatch(day):
        year, month = (pair[1], pair[2]) if pair[1] else (pair[4], pair[3])
        return f"{year}-{month.zfill(2)}-01" if 1 <= int(month) <= 12 else None
    if quarter := _QUARTER.fullmatch(day):
        year, part = (quarter[1], quarter[2]) if quarter[1] else (quarter[4], quarter[3])
        return f"{year}-{3 * int(part) - 2:02d}-01"
    if week := _WEEK.fullmatch(day):
        return _of_week(int(week[1]), int(week[2]), int(week[3] or 1))
    return _with_month_name(day)


def _of_three(match: re.Match[str], order: str) -> str | None:
    """Write year, month and day, or day, month and year, in their order."""
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return f"{first}-{second.zfill(2)}-{third.zfill(2)}"
    if len(third) not in {2, 4} or len(first) > 2:
        return None
    year = third if len(third) == 4 else _century(third)
    date, month = (first, second) if order != MONTH_FIRST else (second, first)
    return f"{year}-{month.zfill(2)}-{date.zfill(2)}"


def _of_week(year: int, week: int, day: int) -> str | None:
    try:
        return datetime.date.fromisocalendar(year, week, day).isoformat()
    except ValueError:
        return None


def _with_month_name(day: str) -> str | None:
    """Read 12 March 2020, Mar 12, 2020, Mar-20 and the like."""
    words = [word.lower() for word in _WORDS.findall(day)]
    if all(map(str.isdecimal, words)):
        # The names of months in seven languages take 10 MB, and most dates have none.
        return None
    months = _months()
    named = [months[word] for word in words if word in months]
    others = [word for word in words if not word.isdecimal() and word not in months]
    figures = [word for word in words if word.isdecimal()]
    odd = len(named) != 1 or len(figures) not in {1, 2} or len(words) > 6
    if odd or any(word[:3] not in _DAYS for word in others):
        return None
    date, year = ("1", figures[0]) if len(figures) == 1 else figures
    if len(date) > 2:
        date, year = year, date
    if len(date) > 2 or len(year) not in {2, 4}:
        return None
    year = year if len(year) == 4 else _century(year)
    return f"{year}-{named[0]:02d}-{date.zfill(2)}"


def _century(year: str) -> str:
    """Complete a year of two digits, as POSIX does: 69 to 99 are of the last century."""
    return f"{'19' if int(year) >= 69 else '20'}{year}"


def _as_numbers(texts: Sequence[str], name: str) -> Stamps | None:
    """Read years, 20240131, 202401 and seconds since 1970, where a column is called after time."""
    plain = [text[:-2] if text.endswith(".0") else text for text in texts]
    if not all(text.isascii() and text.isdecimal() for text in plain):
        return None
    if len({len(text) for text in plain}) != 1:
        return None
    digits, named = len(plain[0]), bool(NAMES.fullmatch(name))
    read = None
    if digits in {10, 13} and EPOCH_NAMES.fullmatch(name) and plain[0][0] in "12":
        unit = 1_000_000 if digits == 10 else 1_000
        read = (np.array([int(text) for text in plain]) * unit).astype("datetime64[us]")
    dated = digits == 8 or (digits in {4, 6} and (named or (digits == 4 and _counts(plain))))
    if dated and all(FIRST_YEAR <= text[:4] <= LAST_YEAR for text in plain):
        read = _parsed([f"{t[:4]}-{t[4:6] or '01'}-{t[6:] or '01'}" for t in plain])
    return None if read is None or np.isnat(read).any() else read


def _counts(plain: Sequence[str]) -> bool:
    """Tell whether numbers go up, or down, by one step."""
    steps = np.diff([int(text) for text in plain])
    return bool(len(steps) > 2 and steps[0] != 0 and (steps == steps[0]).all())


@dataclass(frozen=True)
class Frequency:
    """How far apart dates are.

    Attributes:
        unit: "month", "weekday", "second", or "" if they have no usual step.
        step: so many units.
        share: of the steps that are one usual step.
        month_end: whether each is the last day of its month.
        places: of each date on the grid of usual steps, from 0; in order, where there is a grid.
    """

    unit: str
    step: int
    share: float
    month_end: bool
    places: np.ndarray[Any, np.dtype[np.int64]]

    @property
    def name(self) -> Message:
        """The step in words: month, 15 minutes, weekday."""
        if not self.unit:
            return later("irregular")
        if self.unit == "weekday":
            return later("weekday")
        if self.unit == "month":
            known = {1: later("month"), 3: later("quarter"), 12: later("year")}
            return known.get(self.step, later("{count} months", count=self.step))
        for seconds, one, many in STEPS:
            if self.step % seconds == 0:
                count = self.step // seconds
                return Message(one) if count == 1 else Message(many, {"count": count})
        raise AssertionError("a step is of whole seconds")


def frequency_of(stamps: Stamps) -> Frequency | None:
    """Find how far apart dates are; None if there are fewer than two.

    Args:
        stamps: in order, no two alike.
    """
    if len(stamps) < 2:
        return None
    monthly = _monthly(stamps)
    if monthly is not None:
        return monthly
    seconds = stamps.astype("datetime64[s]").astype(np.int64)
    steps = np.diff(seconds)
    usual, share = _usual(steps)
    days = seconds // 86_400
    weekday = (days + 3) % 7
    at_one_hour = usual == 86_400 and bool((seconds % 86_400 == seconds[0] % 86_400).all())
    weeks = (np.diff(weekday) < 0).any() and len(days) > 7
    if at_one_hour and weeks and (weekday < 5).all():
        epoch = days.astype("datetime64[D]")
        places = np.busday_count(epoch[0], epoch)
        steps = np.diff(places)
        return Frequency("weekday", 1, float((steps == 1).mean()), False, places)
    if usual <= 0 or share < 0.5 or (steps % usual != 0).any():
        return Frequency("", 0, share, False, np.arange(len(stamps)))
    return Frequency("second", int(usual), share, False, (seconds - seconds[0]) // usual)


def _usual(steps: np.ndarray[Any, Any]) -> tuple[int, float]:
    values, counts = np.unique(steps, return_counts=True)
    best = int(np.argmax(counts))
    return int(values[best]), float(counts[best] / len(steps))


def _monthly(stamps: Stamps) -> Frequency | None:
    months = stamps.astype("datetime64[M]")
    numbers = months.astype(np.int64)
    within = stamps.astype("datetime64[D]") - months.astype("datetime64[D]")
    last = (months + 1).astype("datetime64[D]") - stamps.astype("datetime64[D]")
    end = bool((last.astype(int) == 1).all())
    steps = np.diff(numbers)
    if not (end or (within == within[0]).all()) or (steps <= 0).any():
        return None
    usual, share = _usual(steps)
    if share < 0.5 or (steps % usual != 0).any():
        return None
    return Frequency("month", usual, share, end, (numbers - numbers[0]) // usual)


def after(stamps: Stamps, frequency: Frequency, count: int) -> Stamps | None:
    """Return the next dates behind the last one; None if they lie beyond the calendar.

    Where dates have no usual step, the median of the steps is gone on with.
    """
    import pandas as pd

    last = pd.Timestamp(stamps[-1])
    steps = range(1, count + 1)
    try:
        if frequency.unit == "month":
            offset = pd.offsets.MonthEnd if frequency.month_end else None
            dates = [
                last + (offset(frequency.step * k) if offset else _month_step(frequency.step * k))
                for k in steps
            ]
        elif frequency.unit == "weekday":
            dates = [last + pd.offsets.BDay(k) for k in steps]
        else:
            width = (
                np.timedelta64(frequency.step, "s")
                if frequency.unit
                else np.median(np.diff(stamps).astype(np.int64)).astype("timedelta64[us]")
            )
            dates = [last + k * pd.Timedelta(width) for k in steps]
    except (OverflowError, ValueError):
        return None
    return np.array([date.to_datetime64() for date in dates], "datetime64[us]")


def _month_step(months: int) -> Any:
    import pandas as pd

    return pd.DateOffset(months=months)


def written(stamps: Stamps, unit: str = "") -> list[str]:
    """Write dates as ISO 8601, as short as all of them allow: years, months, days, with the time."""
    if len(stamps) == 0:
        return []
    known = stamps[~np.isnat(stamps)]
    if unit == "month" and (known == known.astype("datetime64[Y]")).all():
        return [str(stamp) for stamp in stamps.astype("datetime64[Y]")]
    if unit == "month" and (known == known.astype("datetime64[M]")).all():
        return [str(stamp) for stamp in stamps.astype("datetime64[M]")]
    if (known == known.astype("datetime64[D]")).all():
        return [str(stamp) for stamp in stamps.astype("datetime64[D]")]
    return [str(stamp).replace("T", " ") for stamp in stamps.astype("datetime64[s]")]

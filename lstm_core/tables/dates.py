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
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day-first", "month-first", "year-first"
ORDERS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
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
    r"quarter|quartal|year|jahr|period|periode|période|yyyymm|yyyymmdd|date_?time|zeitpunkt|"
    r"zeitstempel|fecha|jour|mois|année|semaine|trimestre)([\s_.(-].*)?",
    re.IGNORECASE,
)
EPOCH_NAMES = re.compile(
    r"(.*[\s_.-])?(time|epoch|unix|ts|date|timestamp|unixtime)([\s_.-].*)?", re.IGNORECASE
)
SERIAL_NAMES = re.compile(
    r"(.*[\s_.-])?(date|dates|datum|tag|day|fecha|jour)([\s_.-].*)?", re.IGNORECASE
)
EPOCH_UNITS = {10: 1_000_000, 13: 1_000, 16: 1, 19: 0.001}
"""Microseconds of one unit since 1970, by the digits that its numbers have nowadays."""
SECONDS, SERIAL = mark("seconds since 1970"), mark("days as a spreadsheet counts them")
SLOWEST_IDS = 30_000_000
"""Numbers that grow by fewer microseconds are taken for seconds only where they are called so."""
_SERIAL = re.compile(r"[1-8]\d{4}(?:\.\d+)?", re.ASCII)
_SPREADSHEET = np.datetime64("1899-12-30", "us")
_THREE = re.compile(r"(\d{1,4})([-/. ])\s?(\d{1,2})\2\s?(\d{1,4})\.?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?", re.ASCII)
_TWO = re.compile(r"([12]\d{3})[-/ ]?(?:[-/ ]|M)(\d{1,2})|(\d{1,2})[-/]([12]\d{3})", re.IGNORECASE)
_POINTED = re.compile(r"([12]\d{3})\.(\d{1,2})|(\d{1,2})\.([12]\d{3})")
_QUARTER = re.compile(
    r"(\d{4})[-/: ]?\s?[QT]([1-4])|(?:Q|T|Quartal|Quarter)\s?([1-4])[-/,' ]{0,2}(\d{4}|\d{2})"
    r"|([1-4])\.?\s?(?:Q|Quartal|Quarter|Trimestre)[-/ ]?(\d{4}|\d{2})",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"(\d{4})[-/ ]{0,2}(?:W|KW|CW|WK|Week|Woche)\s?(\d{1,2})(?:-?([1-7]))?"
    r"|(?:W|KW|CW|WK|Week|Woche)\.?\s?(\d{1,2})[-/, ]{1,2}(\d{4})",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(.*?)[T ,:]+(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|\d{2}\.\d{2}(?:\.\d{2})?)"
    r"\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Z]{2,3}T|MEZ|MESZ)?",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(.*\d.*?)(?:T|[T ](?=\d{1,2} ?(?:h|Uhr)))(\d{1,2})\s?(?:h|Uhr)?", re.IGNORECASE
)
_BEGINS = re.compile(r"(.*\d.*?\d)\s(?:-|–|—|to|bis|until|/)\s(?=.*\d.*\d).+", re.IGNORECASE)
"""A span of time, which stands for its beginning."""
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}\.?,?\s+(?=\d{1,4}[-/.]\s?\d{1,2}[-/.])")
_SCHOOL_YEAR = re.compile(r"([12]\d{3})[/-](\d{2}|\d{4})")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\W*[^\W\d_]+\W*|[^\W\d_]+\W*(\d{1,2})")
_CHINESE = str.maketrans({"年": "-", "月": "-", "년": "-", "월": "-", "日": " ", "일": " "})
CLOCK = re.compile(
    r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s?[ap]\.?m\.?)?|\d{2}\.\d{2}\.\d{2}", re.IGNORECASE
)
"""A time of day that stands alone."""
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "of", "the", "th", "st", "nd", "rd", "de"}


@dataclass(frozen=True)
class Dates:
    """The dates of a column.

    Attributes:
        stamps: datetime64[us], one a cell; NaT where there is none.
        order: of day and month, where it matters; empty where it does not.
        asked: whether both orders are as likely.
        zone: what was done with time zones: "UTC" if the dates are in it now, "local" if they are
            as the clock on the wall had them, empty if there were none.
        form: of numbers that were taken for dates, as a message; empty where there was text.
    """

    stamps: Stamps
    order: str = ""
    asked: bool = False
    zone: str = ""
    form: str = ""


@cache
def month_names() -> dict[str, int]:
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
    plain, form = _in_one_form(texts, name)
    if plain is not None:
        placed = _placed(plain, places, len(cells))
        return Dates(placed, form=form) if _readable(plain) else None
    split = [_split(text) for text in texts]
    three = [_THREE.fullmatch(day) for day, _, _ in split]
    asked, used = False, ""
    if any(match and len(match[1]) < 3 and len(match[4]) in {2, 4} for match in three):
        used, asked = _order_of(three, split, order)
    named = bool(NAMES.fullmatch(name.strip()))
    known: dict[str, str | None] = {}
    for (day, _, _), match in zip(split, three, strict=True):
        if day not in known:
            known[day] = _iso(day, match, used, named)
    iso = [known[day] for day, _, _ in split]
    if sum(day is None for day in iso) > _most_unreadable(len(iso)):
        return None
    stamps, zone = _with_clock(iso, split)
    if not _readable(stamps) or _are_yearless([day for day, _, _ in split], stamps):
        return None
    return Dates(_placed(stamps, places, len(cells)), used, asked, zone)


def _in_one_form(texts: Sequence[str], name: str) -> tuple[Stamps | None, str]:
    """Read dates that are all of ISO 8601, all numbers, or all years of schools, as 2023/24."""
    if all(map(_ISO.fullmatch, texts)):
        return _parsed(texts), ""
    pairs = [_SCHOOL_YEAR.fullmatch(text) for text in texts]
    if all(pair and _follows(*pair.groups()) for pair in pairs):
        return _parsed([f"{text[:4]}-01-01" for text in texts]), ""
    return _as_numbers(texts, name)


def _follows(year: str, after: str) -> bool:
    """Tell whether a year of two or four figures is the one behind another."""
    return f"{int(year) + 1}".endswith(after)


def _are_yearless(days: Sequence[str], stamps: Stamps) -> bool:
    """Tell whether 02-Jan, 03-Jan, ... are days without a year, not months: by the evener steps."""
    pairs = [_DAY_AND_MONTH.fullmatch(day) for day in days]
    figures = [int(pair[1] or pair[2]) for pair in pairs if pair]
    if len(figures) < len(days) or max(figures) > 31:
        return False
    months = stamps.astype("datetime64[M]").astype(int) % 12
    alike = _parsed([f"2000-{m + 1:02d}-{d:02d}" for m, d in zip(months, figures, strict=True)])
    even = [_evenness(np.unique(some[~np.isnat(some)])) for some in (stamps, alike)]
    return even[1] > even[0]


def _with_clock(
    iso: Sequence[str | None], split: Sequence[tuple[str, str, str]]
) -> tuple[Stamps, str]:
    """Put days, times of day and zones together; says what was done with the zones.

    Where every row has one clock time in its own zone, as a day of a stock exchange has, or where
    clock times are the evener ones, the dates stay as the clock on the wall had them.
    """
    late = np.array([clock.startswith("24:00") for _, clock, _ in split])
    clocks = [f"00{clock[2:]}" if clock.startswith("24:00") else clock for _, clock, _ in split]
    zones = [zone for _, _, zone in split]

    def joined(with_zones: bool) -> Stamps:
        texts = [
            f"{day} {clock}{zone if with_zones else ''}".strip() if day else ""
            for day, clock, zone in zip(iso, clocks, zones, strict=True)
        ]
        stamps = _parsed(texts)
        stamps[late] += np.timedelta64(1, "D")
        return stamps

    kinds = set(zones)
    if kinds == {""}:
        return joined(False), ""
    names = {zone for zone in kinds if zone.isalpha() and zone != "Z"}
    if names and len(kinds) == 1:
        return joined(False), "local"
    utc = joined(True)
    if kinds == {"Z"}:
        return utc, "UTC"
    local = joined(False)
    even = [_evenness(np.unique(stamps[~np.isnat(stamps)])) for stamps in (utc, local)]
    same = len(set(clocks)) == 1 and len(clocks) > 2
    return (local, "local") if same or even[1] > even[0] else (utc, "UTC")


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


def _placed(stamps: Stamps, places: Sequence[int], count: int) -> Stamps:
    every = np.full(count, np.datetime64("NaT"), "datetime64[us]")
    every[np.array(places, dtype=int)] = stamps
    return every


def _split(text: str) -> tuple[str, str, str]:
    """Take a text apart into its day, its time of day and its zone."""
    if not text[:1].isdigit() or not text.isascii():
        text = _WEEKDAY.sub("", text.translate(_CHINESE).strip(" -"), count=1)
    if span := _BEGINS.fullmatch(text):
        text = span[1]
    match = _CLOCK.fullmatch(text)
    if match is None:
        hour_alone = _HOUR.fullmatch(text)
        return (hour_alone[1], f"{hour_alone[2].zfill(2)}:00", "") if hour_alone else (text, "", "")
    clock, half = match[2].replace(",", "."), (match[3] or "").lower()
    if ":" not in clock:
        clock = clock.replace(".", ":")
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
    thirds = np.array([int(match[4]) for match in matches])
    if order:
        return order, False
    short = all(len(match[1]) == len(match[4]) == 2 for match in matches)
    ways = [DAY_FIRST, MONTH_FIRST]
    if short and (thirds >= 1).all() and (thirds <= 31).all() and (seconds <= 12).all():
        ways.append(YEAR_FIRST)
        even = _evenness_of(three, split, ways)
        others = max(even[way] for way in ways[:2])
        if (thirds > 12).any() and even[YEAR_FIRST] >= others > 0.0:
            return YEAR_FIRST, even[YEAR_FIRST] == others
    if (firsts > 12).any():
        return DAY_FIRST, False
    if (seconds > 12).any():
        return MONTH_FIRST, False
    if matches[0][2] == ".":
        return DAY_FIRST, False
    even = _evenness_of(three, split, ways)
    best = max(ways, key=lambda way: even[way])
    gap = even[best] - max(even[way] for way in ways if way != best)
    return best, gap == 0.0 or (gap < 0.2 and even[best] < 1.0)


def _evenness_of(
    three: Sequence[re.Match[str] | None],
    split: Sequence[tuple[str, str, str]],
    ways: Sequence[str],
) -> dict[str, float]:
    """Measure how even the steps between dates are, for each order."""
    even = {}
    for way in ways:
        iso = [
            f"{_of_three(match, way)} {clock}".strip() if match else ""
            for (_, clock, _), match in zip(split, three, strict=True)
        ]
        stamps = np.unique(_parsed(iso))
        even[way] = _evenness(stamps[~np.isnat(stamps)])
    return even


def _evenness(stamps: Stamps) -> float:
    """Measure which share of the steps between dates is the usual one."""
    if len(stamps) < 3:
        return 0.0
    frequency = frequency_of(stamps)
    return frequency.share if frequency else 0.0


def _iso(day: str, match: re.Match[str] | None, order: str, named: bool = False) -> str | None:
    """Write a day as ISO 8601 has it; None if it is none.

    Args:
        day: as it stands.
        match: of its three numbers, if it has three.
        order: of day and month.
        named: whether the column is called after time, so that 01.2024 is no number.
    """
    if match is not None:
        return _of_three(match, order)
    if pair := _TWO.fullmatch(day) or (_POINTED.fullmatch(day) if named else None):
        year, month = (pair[1], pair[2]) if pair[1] else (pair[4], pair[3])
        return f"{year}-{month.zfill(2)}-01" if 1 <= int(month) <= 12 else None
    if quarter := _QUARTER.fullmatch(day):
        first, second, third = quarter.group(1, 2), quarter.group(4, 3), quarter.group(6, 5)
        year, part = next(pair for pair in (first, second, third) if pair[0])
        year = year if len(year) == 4 else _century(year)
        return f"{year}-{3 * int(part) - 2:02d}-01"
    if week := _WEEK.fullmatch(day):
        year, number = (week[1], week[2]) if week[1] else (week[5], week[4])
        return _of_week(int(year), int(number), int(week[3] or 1))
    if len(day) == 8 and day.isdecimal():
        return f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return _with_month_name(day)


def _of_three(match: re.Match[str], order: str) -> str | None:
    """Write year, month and day, or day, month and year, in their order."""
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return f"{first}-{second.zfill(2)}-{third.zfill(2)}"
    if len(third) not in {2, 4} or len(first) > 2:
        return None
    if order == YEAR_FIRST and len(third) == 2:
        first, third = third, first
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
    months = month_names()
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


def _as_numbers(texts: Sequence[str], name: str) -> tuple[Stamps | None, str]:
    """Read years, 20240131, 202401, time since 1970, and days as spreadsheets count them.

    Returns:
        The dates, none if the numbers are none, and what the numbers were taken for.
    """
    name = name.strip()
    plain = [text[:-2] if text.endswith(".0") else text for text in texts]
    if SERIAL_NAMES.fullmatch(name) and all(map(_SERIAL.fullmatch, plain)):
        days = np.array(plain, float)
        if ((days >= 10_000) & (days < 90_000)).all():
            seconds = np.round(days * 86_400).astype(np.int64)
            return _SPREADSHEET + seconds.astype("timedelta64[s]"), SERIAL
    if not all(text.isascii() and text.isdecimal() for text in plain):
        return None, ""
    if len({len(text) for text in plain}) != 1:
        return None, ""
    digits, named = len(plain[0]), bool(NAMES.fullmatch(name))
    read, form = None, ""
    if digits in EPOCH_UNITS and plain[0][0] in "12":
        numbers = [int(int(text) * EPOCH_UNITS[digits]) for text in plain]
        steps = np.diff(np.array(numbers))
        grows = len(steps) > 2 and ((steps > 0).all() or (steps < 0).all())
        if EPOCH_NAMES.fullmatch(name) or (grows and np.median(np.abs(steps)) >= SLOWEST_IDS):
            read, form = np.array(numbers).astype("datetime64[us]"), SECONDS
    dated = digits == 8 or (digits in {4, 6} and (named or (digits == 4 and _counts(plain))))
    if dated and all(FIRST_YEAR <= text[:4] <= LAST_YEAR for text in plain):
        read, form = _parsed([f"{t[:4]}-{t[4:6] or '01'}-{t[6:] or '01'}" for t in plain]), ""
    if digits == 10 and named and all(FIRST_YEAR <= text[:4] <= LAST_YEAR for text in plain):
        hours = _parsed([f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[8:]}:00" for t in plain])
        if not np.isnat(hours).any():
            read, form = hours, ""
    return (None, "") if read is None or np.isnat(read).any() else (read, form)


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
    same = end or bool((within == within[0]).all())
    if not same and len(stamps) > 3:
        # The last, or first, day on which something was open.
        end = bool((last.astype(int) <= 4).all())
        same = end or bool((within.astype(int) <= 3).all())
    if not same or (steps <= 0).any():
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
            if offset:
                # The last day of business may lie before the end of its month.
                last += offset(0)
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

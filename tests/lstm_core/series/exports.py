"""Exports of programs and offices as people have them: made here, by rule, each with what it means."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import openpyxl

COUNT = 60
DAYS = [date(2023, 1, 2) + timedelta(days=place) for place in range(COUNT)]
MONTHS = [date(2018 + place // 12, place % 12 + 1, 1) for place in range(COUNT)]
QUARTERS = [date(2005 + place // 4, 3 * (place % 4) + 1, 1) for place in range(COUNT)]
WEEKS = [date(2023, 1, 2) + timedelta(weeks=place) for place in range(COUNT)]
HOURS = [datetime(2024, 1, 29) + timedelta(hours=place) for place in range(COUNT)]
YEARS = list(range(1960, 1960 + COUNT))
WAVE = [
    round(5250.25 + 1900 * np.sin(np.pi * place / 6) + 7.75 * (place % 5), 2)
    for place in range(COUNT)
]
SMALL = [round(value / 1000 - 5, 2) for value in WAVE]


@dataclass(frozen=True)
class Export:
    """A file, and what is right for it.

    Attributes:
        name: of the file.
        content: of it.
        numbers: of the likeliest column; None where another thing is tested.
        first: its first date.
        after: the date behind its last one.
        column: the likeliest one.
        told: assumptions that have to be said, not as usual ones.
        options: that are needed.
        asked: what is asked before.
    """

    name: str
    content: bytes
    numbers: Sequence[float] | None = None
    first: str = ""
    after: str = ""
    column: str = ""
    told: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    asked: str = ""


def us(value: float, digits: int = 2) -> str:
    return f"{value:,.{digits}f}"


def german(value: float, digits: int = 2) -> str:
    return us(value, digits).translate(str.maketrans(",.", ".,"))


def swiss(value: float) -> str:
    return us(value).replace(",", "’")


def french(value: float) -> str:
    return us(value).replace(",", "\u202f").replace(".", ",")


def table(*columns: Sequence[Any], heading: str = "", separator: str = ",", end: str = "\n") -> str:
    """Write columns beside each other, quoted where it must be."""
    rows = [heading.split(",")] if heading else []
    rows += [list(map(str, row)) for row in zip(*columns, strict=True)]
    quoted = [[f'"{c}"' if separator in c else c for c in row] for row in rows]
    return end.join(separator.join(row) for row in quoted) + end


def formed(dates: Sequence[Any], form: str) -> list[str]:
    return [day.strftime(form) for day in dates]


def workbook(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for span in merged:
        book.active.merge_cells(span)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


EN_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DE_MONTHS = [
    "Jan.",
    "Feb.",
    "Mrz.",
    "Apr.",
    "Mai",
    "Jun.",
    "Jul.",
    "Aug.",
    "Sep.",
    "Okt.",
    "Nov.",
    "Dez.",
]
FR_MONTHS = [
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]
GENRES = ["Drama; Comedy; War", "Action|Sci-Fi", "Plain", "Drama; Romance"]
YEARLY = [round(value) for value in WAVE]
CLOCKED = [f"{hour:%d.%m.%Y} {hour.hour:02d}:00" for hour in HOURS]
ENDS = [(date(d.year + d.month // 12, d.month % 12 + 1, 1) - timedelta(days=1)) for d in MONTHS]


def last_business_day(day: date) -> date:
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


OFFSET = [
    f"{day} 00:00:00-0{5 if day < date(2023, 3, 12) else 4}:00"
    for day in [date(2023, 2, 1) + timedelta(days=n) for n in range(84)]
    if day.weekday() < 5
]
WORLD_BANK = (
    '\ufeff"Data Source","World Development Indicators",\n\n"Last Updated Date","2024-01-01",\n\n'
    + '"Country Name","Country Code","Indicator Name","Indicator Code",'
    + ",".join(f'"{year}"' for year in YEARS)
    + ",\n"
    + "".join(
        f'"{name}","{name[:3].upper()}","Use, total","A.B",'
        + ",".join(f'"{size * value:.2f}"' for value in WAVE)
        + ",\n"
        for name, size in (("Aruba", 1), ("Chad", 2), ("Peru", 3))
    )
)
JHU = (
    "Province/State,Country/Region,Lat,Long,"
    + ",".join(f"{d.month}/{d.day}/{d:%y}" for d in DAYS)
    + "\n"
    + "".join(
        f",{name},{place}.5,1.5," + ",".join(str(size * n * n) for n in range(COUNT)) + "\n"
        for place, (name, size) in enumerate((("Chad", 1), ("Peru", 3)))
    )
)
NOAA_WIDE = (
    "YEAR   "
    + "   ".join(m.upper() for m in EN_MONTHS)
    + "\n"
    + "".join(
        f"{2018 + row}  " + "  ".join(f"{v:6.2f}" for v in SMALL[12 * row : 12 * row + 12]) + "\n"
        for row in range(5)
    )
)
PSL = (
    "  2018 2022\n"
    + NOAA_WIDE.partition("\n")[2]
    + "  -99.99\n  An index of the sea\n  more at example.org\n"
)
BUOY = "#YY  MM DD hh mm WDIR WSPD\n#yr  mo dy hr mn degT m/s\n" + "".join(
    f"{h.year} {h.month:02d} {h.day:02d} {h.hour:02d} 50 {'MM' if n == 5 else 200} {n % 7 + 0.5}\n"
    for n, h in reversed(list(enumerate(HOURS)))
)
AIR = "Date;Time;CO(GT);T;;\n" + "".join(
    f"{h:%d/%m/%Y};{h:%H}.00.00;{'-200' if n in (7, 8) else german(SMALL[n] + 5)};{n % 9},5;;\n"
    for n, h in enumerate(HOURS)
)
SMARD = "\ufeffDatum;Anfang;Ende;Netzlast [MWh]\n" + "".join(
    f"{h:%d.%m.%Y;%H:%M};{h + timedelta(hours=1):%H:%M};{german(v)}\n"
    for h, v in zip(HOURS, WAVE, strict=True)
)
ENTSOE = '"MTU (CET/CEST)","Actual Total Load [MW]"\n' + "".join(
    f'"{h:%d.%m.%Y %H:%M} - {h + timedelta(hours=1):%d.%m.%Y %H:%M}","{v}"\n'
    for h, v in zip(HOURS, WAVE, strict=True)
)
PSQL = (
    "   day     |  total\n-----------+---------\n"
    + "".join(f" {d} | {v:8.2f}\n" for d, v in zip(DAYS, WAVE, strict=True))
    + f"({COUNT} rows)\n"
)
MYSQL = (
    "+------------+---------+\n| day        | total   |\n+------------+---------+\n"
    + "".join(f"| {d} | {v:7.2f} |\n" for d, v in zip(DAYS, WAVE, strict=True))
    + "+------------+---------+\n"
)
MARKDOWN = "| day | total |\n|:---|---:|\n" + "".join(
    f"| {d} | {v:.2f} |\n" for d, v in zip(DAYS, WAVE, strict=True)
)
WITH_NULLS = ["\\N" if n in (4, 5) else v for n, v in enumerate(WAVE)]
FILLED = [
    round(float(np.interp(n, [3, 6], [WAVE[3], WAVE[6]])), 6) if n in (4, 5) else v
    for n, v in enumerate(WAVE)
]


def gapped(word: str) -> list[Any]:
    return [word if n in (4, 5) else v for n, v in enumerate(WAVE)]


EXPORTS = {
    # ---- dates ----
    "ISO weeks": Export(
        "a.csv",
        table(
            [f"{d.isocalendar().year}-W{d.isocalendar().week:02d}" for d in WEEKS],
            WAVE,
            heading="week,visits",
        ).encode(),
        WAVE,
        "2023-01-02",
        "2024-02-26",
        "visits",
    ),
    "KW of a German report": Export(
        "a.csv",
        table(
            [f"KW {d.isocalendar().week:02d}/{d.isocalendar().year}" for d in WEEKS],
            map(german, WAVE),
            heading="Woche,Umsatz",
            separator=";",
        ).encode("cp1252"),
        WAVE,
        "2023-01-02",
        "2024-02-26",
        "Umsatz",
    ),
    "Q1 2024": Export(
        "a.csv",
        table(
            [f"Q{(d.month + 2) // 3} {d.year}" for d in QUARTERS], WAVE, heading="period,gdp"
        ).encode(),
        WAVE,
        "2005-01",
        "2020-01",
        "gdp",
        (),
    ),
    "Stata quarters": Export(
        "a.csv",
        table(
            [f"{d.year}q{(d.month + 2) // 3}" for d in QUARTERS],
            gapped("."),
            heading="qdate,gdp",
            separator="\t",
        ).encode(),
        FILLED,
        "2005-01",
        "2020-01",
        "gdp",
        ("filled",),
    ),
    "Stata months": Export(
        "a.csv",
        table([f"{d.year}m{d.month}" for d in MONTHS], WAVE, heading="mdate,cpi").encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "cpi",
    ),
    "Stata days": Export(
        "a.csv",
        table(
            [f"{d.day:02d}{EN_MONTHS[d.month - 1].lower()}{d.year}" for d in DAYS],
            WAVE,
            heading="ddate,cpi",
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
    ),
    "Eurostat months": Export(
        "a.tsv",
        table(
            [f"{d.year}M{d.month:02d}" for d in MONTHS],
            [": " if n in (4, 5) else f"{v} p" if n > 55 else v for n, v in enumerate(WAVE)],
            heading="time,values",
            separator="\t",
        ).encode(),
        FILLED,
        "2018-01",
        "2023-01",
        "values",
        ("filled", "units"),
    ),
    "Jan-24 of Excel": Export(
        "a.csv",
        table(
            [f"{EN_MONTHS[d.month - 1]}-{d:%y}" for d in MONTHS],
            [us(v) for v in WAVE],
            heading="Month,Sales",
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "Sales",
    ),
    "24-Jan of Excel": Export(
        "a.csv",
        table(
            [f"{d:%y}-{EN_MONTHS[d.month - 1]}" for d in MONTHS], WAVE, heading="Month,Sales"
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "Sales",
    ),
    "German Excel months": Export(
        "a.csv",
        table(
            [f"{DE_MONTHS[d.month - 1]} {d:%y}" for d in MONTHS],
            map(german, WAVE),
            heading="Monat,Absatz",
            separator=";",
        ).encode("cp1252"),
        WAVE,
        "2018-01",
        "2023-01",
        "Absatz",
        ("separator", "decimal"),
    ),
    "French Excel months": Export(
        "a.csv",
        table(
            [f"{FR_MONTHS[d.month - 1]}-{d:%y}" for d in MONTHS],
            map(french, WAVE),
            heading="Période,Chiffre d’affaires",
            separator=";",
        ).encode("utf-8-sig"),
        WAVE,
        "2018-01",
        "2023-01",
        "Chiffre d’affaires",
        ("separator", "decimal"),
    ),
    "03.04.2024 14:00": Export(
        "a.csv",
        table(CLOCKED, map(german, WAVE), heading="Zeitpunkt,Messwert", separator=";").encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
    ),
    "24:00 of a load file": Export(
        "a.csv",
        table(
            [f"{(h - timedelta(hours=h.hour == 0)):%d.%m.%Y} {h.hour or 24:02d}:00" for h in HOURS],
            WAVE,
            heading="Zeit,Last",
            separator=";",
        ).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
    ),
    "01.2024": Export(
        "a.csv",
        table(
            formed(MONTHS, "%m.%Y"), map(german, WAVE), heading="Monat,Menge", separator=";"
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "Menge",
    ),
    "yy-mm-dd": Export(
        "a.csv",
        table(formed(DAYS, "%y-%m-%d"), WAVE, heading="date,v").encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
    ),
    "Japanese days": Export(
        "a.csv",
        table([f"{d.year}年{d.month}月{d.day}日" for d in DAYS], WAVE, heading="日付,売上").encode(
            "shift_jis"
        ),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "売上",
        ("encoding",),
    ),
    "weekday in front": Export(
        "a.csv",
        table(
            [
                f"{('Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So')[d.weekday()]}, {d:%d.%m.%Y}"
                for d in DAYS
            ],
            WAVE,
            heading="Tag,Wert",
            separator=";",
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Wert",
    ),
    "hours of Google Trends": Export(
        "a.csv",
        (
            "Category: All categories\n\n"
            + table(
                formed(HOURS, "%Y-%m-%dT%H"),
                [n % 24 if n % 24 else "<1" for n in range(COUNT)],
                heading="Time,lstm: (Worldwide)",
            )
        ).encode(),
        [max(n % 24, 1) for n in range(COUNT)],
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "lstm",
        ("skip", "units"),
    ),
    "a week as a range": Export(
        "a.csv",
        table(
            [f"{d} - {d + timedelta(days=6)}" for d in WEEKS], WAVE, heading="Week,interest"
        ).encode(),
        WAVE,
        "2023-01-02",
        "2024-02-26",
        "interest",
    ),
    "range of hours": Export(
        "a.csv", ENTSOE.encode(), WAVE, "2024-01-29 00:00:00", "2024-01-31 12:00:00"
    ),
    "day and clock apart": Export(
        "a.csv",
        SMARD.encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "Netzlast [MWh]",
        ("dates",),
    ),
    "clock with points, -200": Export(
        "a.csv",
        AIR.encode(),
        None,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "CO(GT)",
        ("dates", "missing"),
    ),
    "year, month, day, hour": Export(
        "a.csv",
        table(
            range(1, COUNT + 1),
            [h.year for h in HOURS],
            [h.month for h in HOURS],
            [h.day for h in HOURS],
            [h.hour for h in HOURS],
            WAVE,
            heading="No,year,month,day,hour,pm2.5",
        ).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "pm2.5",
        ("dates",),
    ),
    "a buoy": Export(
        "a.txt",
        BUOY.encode(),
        [n % 7 + 0.5 for n in range(COUNT)],
        "2024-01-29 00:50:00",
        "2024-01-31 12:50:00",
        options={"column": "WSPD m/s"},
        told=("dates", "row order"),
    ),
    "epoch seconds": Export(
        "a.csv",
        table(
            [
                int(datetime(h.year, h.month, h.day, h.hour, tzinfo=None).timestamp())
                if 0
                else int((h - datetime(1970, 1, 1)).total_seconds())
                for h in HOURS
            ],
            WAVE,
            heading="created_utc,score",
        ).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "score",
        ("dates",),
    ),
    "epoch microseconds": Export(
        "a.csv",
        table(
            [int((h - datetime(1970, 1, 1)).total_seconds()) * 1_000_000 for h in HOURS],
            WAVE,
            heading="open_time,close",
        ).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "close",
    ),
    "serial days of Excel": Export(
        "a.csv",
        table([(d - date(1899, 12, 30)).days for d in DAYS], WAVE, heading="Date,v").encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "v",
        ("dates",),
    ),
    "zones of a stock exchange": Export(
        "a.csv",
        table(OFFSET, [WAVE[n] for n in range(len(OFFSET))], heading="Date,Close").encode(),
        WAVE,
        "2023-02-01",
        "2023-04-26",
        "Close",
        ("zone",),
    ),
    "named zone": Export(
        "a.csv",
        table([f"{h:%Y-%m-%d %H:%M} CET" for h in HOURS], WAVE, heading="time,mw").encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "mw",
        ("zone",),
    ),
    "last business days": Export(
        "a.csv",
        table(map(last_business_day, ENDS), WAVE, heading="DATE,GS10").encode(),
        WAVE,
        "2018-01-31",
        "2023-01-31",
        "GS10",
    ),
    "dates that nobody reads": Export(
        "a.csv",
        table([f"Tag {n}x{n}" for n in range(COUNT)], WAVE, heading="Datum,v").encode(),
        WAVE,
        "",
        "61",
        "v",
        ("dates unread",),
    ),
    # ---- numbers ----
    "Swiss francs": Export(
        "a.csv",
        table(
            formed(MONTHS, "%d.%m.%Y"),
            [f"CHF {swiss(v)}" for v in WAVE],
            heading="Monat,Umsatz",
            separator=";",
        ).encode("cp1252"),
        WAVE,
        "2018-01",
        "2023-01",
        "Umsatz",
        ("units", "encoding"),
    ),
    "Swiss prices": Export(
        "a.csv",
        table(
            MONTHS, [f"{n + 20}.–" for n in range(COUNT)], heading="Monat,Preis", separator=";"
        ).encode(),
        [n + 20 for n in range(COUNT)],
        "2018-01",
        "2023-01",
    ),
    "45,- €": Export(
        "a.csv",
        table(
            MONTHS, [f"{n + 20},- €" for n in range(COUNT)], heading="Monat,Preis", separator=";"
        ).encode(),
        [n + 20 for n in range(COUNT)],
        "2018-01",
        "2023-01",
    ),
    "US$ in front": Export(
        "a.csv",
        table(MONTHS, [f"US${us(v)}" for v in WAVE], heading="month,price").encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "price",
        ("units",),
    ),
    "USD in front": Export(
        "a.csv",
        table(MONTHS, [f"USD {us(v)}" for v in WAVE], heading="month,price").encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "price",
        ("units",),
    ),
    "R$ of Brazil": Export(
        "a.csv",
        table(
            formed(MONTHS, "%d/%m/%Y"),
            [f"R$ {german(v)}" for v in WAVE],
            heading="Data,Valor",
            separator=";",
        ).encode("cp1252"),
        WAVE,
        "2018-01",
        "2023-01",
    ),
    "in brackets": Export(
        "a.csv",
        table(
            MONTHS,
            [f"$({us(-v)})" if v < 0 else f"${us(v)}" for v in SMALL],
            heading="month,profit",
        ).encode(),
        SMALL,
        "2018-01",
        "2023-01",
        "profit",
        ("units",),
    ),
    "($1.20)": Export(
        "a.csv",
        table(
            MONTHS,
            [f"(${us(-v)})" if v < 0 else f"${us(v)}" for v in SMALL],
            heading="month,profit",
        ).encode(),
        SMALL,
        "2018-01",
        "2023-01",
    ),
    "Unicode minus": Export(
        "a.csv",
        table(
            DAYS, [str(v).replace("-", "\N{MINUS SIGN}") for v in SMALL], heading="date,t"
        ).encode(),
        SMALL,
    ),
    "en dash for minus": Export(
        "a.csv",
        table(DAYS, [str(v).replace("-", "–") for v in SMALL], heading="date,t").encode("cp1252"),
        SMALL,
    ),
    "minus behind": Export(
        "a.csv",
        table(
            DAYS, [f"{-v:.2f}-" if v < 0 else f"{v:.2f}" for v in SMALL], heading="date,balance"
        ).encode(),
        SMALL,
    ),
    "percent": Export(
        "a.csv",
        table(
            MONTHS,
            [f"{v} %".replace(".", ",") for v in SMALL],
            heading="Monat,Quote",
            separator=";",
        ).encode(),
        SMALL,
        told=("units", "decimal"),
    ),
    "Mio. €": Export(
        "a.csv",
        table(
            MONTHS, [f"{german(v)} Mio. €" for v in WAVE], heading="Monat,Umsatz", separator=";"
        ).encode(),
        WAVE,
        told=("units",),
    ),
    "degrees and cubic metres": Export(
        "a.csv",
        table(DAYS, [f"{v} µg/m3" for v in WAVE], heading="date,pm10").encode("cp1252"),
        WAVE,
        told=("units",),
    ),
    "K and M": Export(
        "a.csv",
        table(
            DAYS,
            [f"{n + 500}K" if n % 2 else f"{n / 10 + 1:.1f}M" for n in range(COUNT)],
            heading="date,y",
        ).encode(),
        [(n + 500) * 1e3 if n % 2 else round((n / 10 + 1) * 1e6) for n in range(COUNT)],
        told=("units",),
    ),
    "Tsd. and Mio.": Export(
        "a.csv",
        table(
            DAYS,
            [
                f"{n + 500} Tsd." if n % 2 else f"{n / 10 + 1:.1f} Mio.".replace(".", ",", 1)
                for n in range(COUNT)
            ],
            heading="Datum,Wert",
            separator=";",
        ).encode(),
        [(n + 500) * 1e3 if n % 2 else round((n / 10 + 1) * 1e6) for n in range(COUNT)],
        told=("units",),
    ),
    "decimal commas in quotes": Export(
        "a.csv",
        table(DAYS, map(german, WAVE), heading="Datum,Wert").encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Wert",
        ("decimal",),
    ),
    "decimal commas between commas": Export(
        "a.csv",
        (
            "date,value\n"
            + "".join(
                f"{d},{f'{v:.2f}'.replace('.', ',')}\n" for d, v in zip(DAYS, WAVE, strict=True)
            )
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "value",
        ("decimal",),
    ),
    # ---- missing ----
    **{
        f"missing as {word}": Export(
            "a.csv", table(DAYS, gapped(word), heading="date,v").encode(), FILLED, told=("filled",)
        )
        for word in (
            "NA",
            "n.a.",
            "#NV",
            "#DIV/0!",
            "k. A.",
            "<NA>",
            "(null)",
            "…",
            "---",
            "N/D",
            "missing",
            "nicht verfügbar",
        )
    },
    "NULL of a database": Export(
        "a.csv",
        table(DAYS, WITH_NULLS, heading="day,total", separator="\t").encode(),
        FILLED,
        told=("filled",),
    ),
    "empty cells": Export(
        "a.csv", table(DAYS, gapped(""), heading="date,v").encode(), FILLED, told=("filled",)
    ),
    # ---- shapes ----
    "years as columns": Export(
        "a.csv",
        WORLD_BANK.encode(),
        [round(2 * v, 2) for v in WAVE],
        "1960",
        "2020",
        told=("wide", "skip"),
        options={"series": "Chad"},
        asked="series",
    ),
    "days as columns": Export(
        "a.csv",
        JHU.encode(),
        [3 * n * n for n in range(COUNT)],
        "2023-01-02",
        "2023-03-03",
        told=("wide",),
        options={"series": "Peru"},
        asked="series",
    ),
    "one wide row": Export(
        "a.csv",
        (
            ",".join(["item", *formed(MONTHS, "%Y-%m")])
            + "\nbread,"
            + ",".join(map(str, WAVE))
            + "\n"
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        told=("wide",),
    ),
    "months as columns": Export(
        "a.txt", NOAA_WIDE.encode(), SMALL, "2018-01", "2023-01", told=("wide",)
    ),
    "months as columns, no heading": Export(
        "a.txt", PSL.encode(), SMALL, "2018-01", "2023-01", told=("wide",)
    ),
    "row names of R": Export(
        "a.csv",
        (
            '"date" "value"\n'
            + "".join(
                f'"{n + 1}" {d} {v}\n' for n, (d, v) in enumerate(zip(DAYS, WAVE, strict=True))
            )
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "value",
    ),
    "row names of R, commas": Export(
        "a.csv",
        (
            '"date","value"\n'
            + "".join(
                f'"{n + 1}",{d},{v}\n' for n, (d, v) in enumerate(zip(DAYS, WAVE, strict=True))
            )
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "value",
    ),
    "write.csv of R": Export(
        "a.csv",
        (
            '"","date","value"\n'
            + "".join(
                f'"{n + 1}","{d}",{v if n not in (4, 5) else "NA"}\n'
                for n, (d, v) in enumerate(zip(DAYS, WAVE, strict=True))
            )
        ).encode(),
        FILLED,
        "2023-01-02",
        "2023-03-03",
        "value",
        ("filled",),
    ),
    "psql": Export("a.txt", PSQL.encode(), WAVE, "2023-01-02", "2023-03-03", "total"),
    "mysql": Export("a.txt", MYSQL.encode(), WAVE, "2023-01-02", "2023-03-03", "total"),
    "Markdown": Export("a.txt", MARKDOWN.encode(), WAVE, "2023-01-02", "2023-03-03", "total"),
    "semicolons within quotes": Export(
        "a.csv",
        (
            "title,date,genres,views\n"
            + "".join(
                f'"Film {n}",{d},"{GENRES[n % 4]}",{v}\n'
                for n, (d, v) in enumerate(zip(DAYS, WAVE, strict=True))
            )
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "views",
    ),
    "bars within cells": Export(
        "a.csv",
        table(DAYS, [GENRES[1]] * COUNT, WAVE, heading="date,genres,views").encode(),
        WAVE,
        column="views",
    ),
    "blank first rows": Export(
        "a.csv",
        (
            ";;;\n;;;\nAbsatz 2023;;;\n;;;\n;Datum;Menge;\n"
            + "".join(f";{d:%d.%m.%Y};{german(v)};\n" for d, v in zip(DAYS, WAVE, strict=True))
        ).encode("cp1252"),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Menge",
        ("skip",),
    ),
    "notes below": Export(
        "a.csv",
        (
            table(MONTHS[:30], WAVE[:30], heading="month,sales")
            + '\n"Note: all figures are provisional, see 2"\n"Source: Office of Statistics"\n"Last update: 2024-01-31"\n"(c) 2024"\n"n = 30"\n'
        ).encode(),
        WAVE[:30],
        "2018-01",
        "2020-07",
        "sales",
        ("notes",),
    ),
    "notes below one column": Export(
        "a.txt",
        (
            "Messwert\n"
            + "\n".join(str(v).replace(".", ",") for v in WAVE)
            + "\nQuelle: Stadtwerke\n"
        ).encode(),
        WAVE,
        told=("notes",),
    ),
    "heading again": Export(
        "a.csv",
        (
            table(DAYS[:30], WAVE[:30], heading="date,v")
            + table(DAYS[30:], WAVE[30:], heading="date,v")
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "v",
        ("heading again",),
    ),
    "a total below": Export(
        "a.csv",
        (
            table(
                formed(MONTHS, "%d.%m.%Y"), map(german, WAVE), heading="Monat,Umsatz", separator=";"
            )
            + f"Gesamt;{german(sum(WAVE))}\n"
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "Umsatz",
        ("undated",),
    ),
    "units below the names": Export(
        "a.csv",
        (
            "Zeit;Temperatur;Druck\n[s];[°C];[hPa]\n"
            + "".join(
                f"{h:%d.%m.%Y %H:%M};{german(v)};1013,{n % 9}\n"
                for n, (h, v) in enumerate(zip(HOURS, WAVE, strict=True))
            )
        ).encode("cp1252"),
        WAVE,
        column="Temperatur [°C]",
        told=("headings",),
    ),
    "merged headings": Export(
        "a.xlsx",
        workbook(
            [
                ["Report 2024"],
                [],
                ["", "North", None, "South", None],
                ["Month", "Sales", "Cost", "Sales", "Cost"],
                *[
                    [datetime(d.year, d.month, 1), v, 1.5 * n, 2 * v, 3]
                    for n, (d, v) in enumerate(zip(MONTHS, WAVE, strict=True))
                ],
                ["Source: us"],
            ],
            ["A1:E1", "B3:C3", "D3:E3"],
        ),
        [2 * v for v in WAVE],
        "2018-01",
        "2023-01",
        options={"column": "South Sales"},
        told=("skip", "headings"),
    ),
    "workbook with blank rows and a blank column": Export(
        "a.xlsx",
        workbook(
            [
                [],
                [],
                [None, "Day", "Sales"],
                *[
                    [None, datetime(d.year, d.month, d.day), v if n not in (4, 5) else "#N/A"]
                    for n, (d, v) in enumerate(zip(DAYS, WAVE, strict=True))
                ],
            ]
        ),
        FILLED,
        "2023-01-02",
        "2023-03-03",
        "Sales",
        ("filled",),
    ),
    "newest first in quotes with spaces": Export(
        "a.csv",
        (
            '"Date", "Price", "Vol."\n'
            + "".join(
                f'"{EN_MONTHS[d.month - 1]} {d.day:02d}, {d.year}", "{us(v)}", "{n}.5M"\n'
                for n, (d, v) in reversed(list(enumerate(zip(DAYS, WAVE, strict=True))))
            )
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Price",
        ("row order",),
    ),
    "single quotes": Export(
        "a.csv",
        b"'date','what','v'\n"
        + "".join(
            f"'{d}','it\\'s, well','{v}'\n" for d, v in zip(DAYS, WAVE, strict=True)
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "v",
        ("quotes",),
    ),
    "every line in quotes": Export(
        "a.csv",
        (
            '"date,""sales, net"""\n'
            + "".join(f'"{d},""{us(v)}"""\n' for d, v in zip(DAYS, WAVE, strict=True))
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "sales, net",
        ("quotes",),
    ),
    "UTF-16 of Excel": Export(
        "a.txt",
        table(
            formed(DAYS, "%d.%m.%Y"), map(german, WAVE), heading="Tag,Größe", separator="\t"
        ).encode("utf-16"),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Größe",
        ("separator", "decimal"),
    ),
    "an old Mac": Export(
        "a.csv",
        table(
            formed(DAYS, "%d.%m.%Y"),
            map(german, WAVE),
            heading="Tag,Größe",
            separator=";",
            end="\r",
        ).encode("mac_roman"),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Größe",
        ("encoding",),
    ),
    "sep= and gzip": Export(
        "a.csv.gz",
        gzip.compress(("sep=|\n" + table(DAYS, WAVE, heading="d,v", separator="|")).encode()),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "v",
        ("skip", "separator"),
    ),
    "long form": Export(
        "a.csv",
        table(
            [d for d in DAYS for _ in "ab"],
            ["Bonn", "Kiel"] * COUNT,
            [v * s for v in WAVE for s in (1, 2)],
            heading="date,city,sales",
        ).encode(),
        [v * 2 for v in WAVE],
        "2023-01-02",
        "2023-03-03",
        "sales",
        options={"series": "Kiel"},
        asked="series",
    ),
    "many columns": Export(
        "a.csv",
        table(
            DAYS,
            *[[n + k for n in range(COUNT)] for k in range(70)],
            heading=",".join(["date", *(f"s{k}" for k in range(70))]),
        ).encode(),
        None,
        told=("columns",),
    ),
    "orders to be added": Export(
        "a.csv",
        table(
            [d for d in DAYS for _ in range(3)],
            [n * 10 + 1 for n in range(3 * COUNT)],
            [v for v in WAVE for _ in range(3)],
            heading="Order Date,order_id,amount",
        ).encode(),
        [round(3 * v, 6) for v in WAVE],
        "2023-01-02",
        "2023-03-03",
        "amount",
        ("doubles",),
        {"doubles": "sum"},
    ),
    "app as JSON lines": Export(
        "a.jsonl",
        "\n".join(
            json.dumps(
                {
                    "at": f"{h:%Y-%m-%dT%H:%M:%SZ}",
                    "device": {"id": 3},
                    "kwh": v if n not in (4, 5) else None,
                }
            )
            for n, (h, v) in enumerate(zip(HOURS, WAVE, strict=True))
        ).encode(),
        FILLED,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "kwh",
        ("filled", "zone"),
    ),
    "pairs of an interface": Export(
        "a.json",
        json.dumps(
            {
                "prices": [
                    [int((h - datetime(1970, 1, 1)).total_seconds() * 1000), v]
                    for h, v in zip(HOURS, WAVE, strict=True)
                ]
            }
        ).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
    ),
    "columns as JSON": Export(
        "a.json",
        json.dumps({"date": [str(d) for d in DAYS], "v": WAVE}).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "v",
    ),
    # ---- more ----
    "months by years": Export(
        "a.csv",
        (
            ",".join(["Month", *map(str, range(2018, 2023))])
            + "\n"
            + "".join(
                f"{EN_MONTHS[m]}," + ",".join(str(WAVE[12 * y + m]) for y in range(5)) + "\n"
                for m in range(12)
            )
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        told=("wide",),
    ),
    "a workbook headed by dates": Export(
        "a.xlsx",
        workbook(
            [
                ["Artikel", *[datetime(d.year, d.month, 1) for d in MONTHS]],
                ["Brot", *WAVE],
                ["Salz", *SMALL],
            ]
        ),
        SMALL,
        "2018-01",
        "2023-01",
        told=("wide",),
        options={"series": "Salz"},
        asked="series",
    ),
    "years in brackets": Export(
        "a.csv",
        (
            ",".join(["Country", *(f"{y} [YR{y}]" for y in YEARS)])
            + "\nPeru,"
            + ",".join(map(str, WAVE))
            + "\n\nData from database: X\nLast Updated: 01/01/2024\n"
        ).encode(),
        WAVE,
        "1960",
        "2020",
        told=("wide",),
    ),
    "a time series that R printed": Export(
        "a.txt",
        (
            "       "
            + "  ".join(EN_MONTHS)
            + "\n"
            + "".join(
                f"{2018 + y} " + " ".join(str(v) for v in WAVE[12 * y : 12 * y + 12]) + "\n"
                for y in range(5)
            )
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        told=("wide",),
    ),
    "prose with commas above": Export(
        "a.txt",
        (
            "EUROPEAN DATASET (X&D), file created on 22-04-2021\nTHESE DATA CAN BE USED FREELY:\n\nTank, A.M.G. and Coauthors, 2002. Daily dataset of\nair temperature. J. of Climatol., 22, 1441-1453.\n\nFILE FORMAT (MISSING VALUE CODE IS -9999):\n\n08-15 DATE : Date YYYYMMDD\n17-21 TG   : mean temperature in 0.1 C\n\nThis is the series of X (station-id 4).\n\nSOUID,    DATE,   TG, Q_TG\n"
            + "".join(
                f" 100001,{d:%Y%m%d}, {-9999 if n in (4, 5) else n % 9:5d},    0\n"
                for n, d in enumerate(DAYS)
            )
        ).encode(),
        None,
        "2023-01-02",
        "2023-03-03",
        "TG",
        ("skip", "missing"),
    ),
    "hours of a weather service": Export(
        "a.txt",
        (
            "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n"
            + "".join(
                f"         44;{h:%Y%m%d%H};    3;{v:7.2f};{60 + n % 5};eor\n"
                for n, (h, v) in enumerate(zip(HOURS, SMALL, strict=True))
            )
        ).encode(),
        SMALL,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "TT_TU",
        ("separator",),
    ),
    "a report of visits": Export(
        "a.csv",
        (
            "# ----------------------------------------\n# All Web Site Data\n# 20230102-20230302\n# ----------------------------------------\n\nDay Index,Users\n"
            + "".join(
                f'{d.month}/{d.day}/{d:%y},"{us(v)}"\n' for d, v in zip(DAYS, WAVE, strict=True)
            )
            + ',"99,999"\n'
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "Users",
        ("skip", "undated"),
    ),
    "household power": Export(
        "a.txt",
        (
            "Date;Time;Global_active_power;Voltage\n"
            + "".join(
                f"{h.day}/{h.month}/{h.year};{h:%H:%M:%S};{'?' if n in (4, 5) else v};234.8{n % 3}0\n"
                for n, (h, v) in enumerate(zip(HOURS, WAVE, strict=True))
            )
        ).encode(),
        FILLED,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "Global_active_power",
        ("dates", "filled"),
    ),
    "klines without a heading": Export(
        "a.csv",
        "".join(
            f"{int((h - datetime(1970, 1, 1)).total_seconds() * 1000)},{v},{v + 1},{v - 1},{n}.5,{int((h - datetime(1970, 1, 1)).total_seconds() * 1000) + 3599999},0\n"
            for n, (h, v) in enumerate(zip(HOURS, WAVE, strict=True))
        ).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "column 2",
        ("headings", "date form"),
    ),
    "school years": Export(
        "a.csv",
        table(
            [f"{y}/{(y + 1) % 100:02d}" for y in range(1951, 2011)], WAVE, heading="season,pupils"
        ).encode(),
        WAVE,
        "1951",
        "2011",
        "pupils",
    ),
    "names over several lines": Export(
        "a.csv",
        (
            'Datum;"Umsatz\n(in Tsd. €)";"Kosten"\n'
            + "".join(f"{d:%d.%m.%Y};{german(v)};1\n" for d, v in zip(MONTHS, WAVE, strict=True))
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
    ),
    "a semicolon behind every row": Export(
        "a.csv",
        (
            "Datum;Wert\n"
            + "".join(f"{d:%d.%m.%Y};{german(v)};\n" for d, v in zip(MONTHS, WAVE, strict=True))
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "Wert",
    ),
    "a flat column first": Export(
        "a.csv",
        table(DAYS, [5] * COUNT, WAVE, heading="date,sensor,reading").encode(),
        WAVE,
        column="reading",
    ),
    "a packed workbook": Export(
        "a.xlsx.gz",
        gzip.compress(
            workbook(
                [
                    ["d", "v"],
                    *[
                        [datetime(d.year, d.month, d.day), v]
                        for d, v in zip(DAYS, WAVE, strict=True)
                    ],
                ]
            )
        ),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "v",
    ),
    "plain and decimal numbers in one column": Export(
        "a.csv",
        table(
            MONTHS,
            [f"{v:.0f}" if n % 2 else german(v) for n, v in enumerate(WAVE)],
            heading="Monat,Wert",
            separator=";",
        ).encode(),
        [round(v) if n % 2 else v for n, v in enumerate(WAVE)],
        "2018-01",
        "2023-01",
        "Wert",
        ("decimal",),
    ),
    "summer time ends": Export(
        "a.csv",
        table(
            [
                f"{datetime(2024, 10, 26) + timedelta(hours=n - (n > 26)):%Y-%m-%dT%H:%M:%S}+0{2 if n < 27 else 1}:00"
                for n in range(COUNT)
            ],
            WAVE,
            heading="ts,v",
        ).encode(),
        WAVE,
        "2024-10-25 22:00:00",
        "2024-10-28 10:00:00",
        "v",
        ("zone",),
    ),
    "newest first, months by name": Export(
        "a.csv",
        table(
            [f"{EN_MONTHS[d.month - 1]} {d.year}" for d in reversed(MONTHS)],
            list(reversed(WAVE)),
            heading="Month,Value",
        ).encode(),
        WAVE,
        "2018-01",
        "2023-01",
        "Value",
        ("row order",),
    ),
    "a column of text first": Export(
        "a.csv",
        table(
            ["Bonn"] * COUNT,
            ["ok"] * COUNT,
            formed(DAYS, "%d/%m/%Y"),
            WAVE,
            heading="city,state,reported_at,cases",
        ).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "cases",
    ),
    "days without a year": Export(
        "a.csv",
        table(
            [f"{d:%d-}{EN_MONTHS[d.month - 1]}" for d in DAYS], WAVE, heading="Day,visits"
        ).encode(),
        WAVE,
        "",
        "61",
        "visits",
        ("dates unread",),
    ),
    "years, months and days without a heading": Export(
        "a.txt",
        "\n".join(f"{d:%Y %m %d} {v}" for d, v in zip(DAYS, WAVE, strict=True)).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "column 4",
        ("dates",),
    ),
    "day, clock and number between spaces": Export(
        "a.txt",
        "\n".join(f"{h:%Y-%m-%d %H:%M} {v}" for h, v in zip(HOURS, WAVE, strict=True)).encode(),
        WAVE,
        "2024-01-29 00:00:00",
        "2024-01-31 12:00:00",
        "column 3",
        ("dates",),
    ),
    "two units": Export(
        "a.csv",
        table(
            DAYS, [f"{v} kg" if n % 2 else f"{v} lb" for n, v in enumerate(WAVE)], heading="d,w"
        ).encode(),
        WAVE,
        told=("units",),
    ),
    "a table of Eurostat": Export(
        "a.tsv",
        (
            "freq,unit,geo\\TIME_PERIOD\t"
            + " \t".join(formed(MONTHS, "%Y-%m"))
            + "\nM,I15,DE\t"
            + " \t".join(
                f"{v} p" if n % 9 == 0 else ": " if n in (4, 5) else str(v)
                for n, v in enumerate(WAVE)
            )
            + "\nM,I15,FR\t"
            + " \t".join(map(str, SMALL))
            + "\n"
        ).encode(),
        FILLED,
        "2018-01",
        "2023-01",
        "value",
        ("wide", "units", "filled"),
        {"series": "M,I15,DE"},
        "series",
    ),
    "an index of dates as JSON": Export(
        "a.json",
        json.dumps({str(d): v for d, v in zip(DAYS, WAVE, strict=True)}).encode(),
        WAVE,
        "2023-01-02",
        "2023-03-03",
        "value",
        ("wide",),
    ),
}

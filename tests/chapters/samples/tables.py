"""Small tables as people really have them, each with what it means; made here, by rule."""

from datetime import date, datetime, timedelta

import numpy as np

MONTHS = [date(2015 + place // 12, place % 12 + 1, 1) for place in range(72)]
DAYS = [date(2023, 1, 2) + timedelta(days=place) for place in range(90)]
HOURS = [datetime(2024, 3, 1) + timedelta(hours=place) for place in range(240)]
WAVE = [round(50 + 10 * np.sin(np.pi * place / 12) + place % 5 / 4, 2) for place in range(240)]


def lines(dates, numbers=WAVE, form="%Y-%m-%d", separator=",", heading="ds,y"):
    """Write dates and numbers below each other."""
    pairs = zip(dates, numbers, strict=False)
    rows = [f"{day.strftime(form)}{separator}{value}" for day, value in pairs]
    return [heading.replace(",", separator), *rows]


def joined(rows):
    """Write lines as a file."""
    return ("\n".join(rows) + "\n").encode()


CLOCK = "%Y-%m-%d %H:%M"
HOURLY = lines(HOURS, form=CLOCK)
DAILY = lines(DAYS)
COMMAS = [str(value).replace(".", ",") for value in WAVE[:72]]
SHARES = [f"{day},{place + 0.5},{place + 1},{place}000" for place, day in enumerate(DAYS)]
STACKED = ["id,ds,y"] + [
    f"{name},{stamp:{CLOCK}},{value * size:.2f}"
    for name, size in (("A", 1), ("B", 3))
    for stamp, value in zip(HOURS, WAVE, strict=True)
]
WITH_GAPS = [line for place, line in enumerate(HOURLY) if place % 11 or not place]
WITH_DOUBLES = [*HOURLY, *(f"{stamp:{CLOCK}},999.5" for stamp in HOURS[220:225])]
SHUFFLED = [HOURLY[0], *np.random.default_rng(2).permutation(HOURLY[1:]).tolist()]
CODED = [HOURLY[0]] + [
    line if place % 20 else f"{line.split(',')[0]},-999" for place, line in enumerate(HOURLY[1:])
]
CO2 = ["# measured by nobody", "# -9.99: missing", "year,month,average,unc"] + [
    f"{day.year},{day.month},{value},{'-9.99' if place < 9 else 0.1 + place / 500:}"
    for place, (day, value) in enumerate(zip(MONTHS, WAVE, strict=False))
]
TRENDS = ["Category: All categories", "", "Month,diet: (Worldwide),gym: (Worldwide)"] + [
    f"{day:%Y-%m},{place % 12 + 50},{place % 7 + 20}" for place, day in enumerate(MONTHS)
]

SERIES = {
    "three headings": (
        joined(["Price,Close,High,Volume", "Ticker,X,X,X", "Date,,,", *SHARES]),
        "Close",
        [place + 0.5 for place in range(90)],
        "Rows that name the columns: 3",
    ),
    "two headings": (
        joined(["Price,Close,High,Volume", "Ticker,X,X,X", *SHARES]),
        "Close",
        [place + 0.5 for place in range(90)],
        "Rows that name the columns: 2",
    ),
    "decimal commas": (joined(["Leistung", *COMMAS]), "Leistung", WAVE[:72], "decimal sign"),
    "decimal commas, no heading": (joined(COMMAS), "column 1", WAVE[:72], "decimal sign"),
    "newest first": (
        joined([DAILY[0], *DAILY[:0:-1]]),
        "y",
        WAVE[:90],
        "newest row came first",
    ),
    "a line above": (
        joined(TRENDS),
        "diet",
        [place % 12 + 50 for place in range(72)],
        "above the table are skipped",
    ),
    "comments and codes": (joined(CO2), "average", WAVE[:72], "unc (-9.99)"),
    "-999": (joined(CODED), "y", None, "-999 is taken for"),
    "gaps": (joined(WITH_GAPS), "y", None, "Dates that are missing: 21"),
    "doubles": (joined(WITH_DOUBLES), "y", None, "Dates with more than one row: 5"),
    "shuffled": (joined(SHUFFLED), "y", WAVE, "out of order"),
    "sep=": (
        joined(["sep=;", *lines(MONTHS, COMMAS, separator=";", heading="Monat,Umsatz")]),
        "Umsatz",
        WAVE[:72],
        "semicolon",
    ),
}
"""By kind: the file, its likeliest column, its numbers where no rule of ours fills any, and a remark."""
ASKED = {
    "decimal": (
        joined(["x", *(f"{place % 9 + 1}.{100 + place}" for place in range(60))]),
        "--decimal",
        {",": 1100.0, ".": 1.1},
    ),
    "date order": (
        joined(
            [
                "ds,y",
                *(
                    f"{k % 12 + 1:02d}/{(5 * k) % 12 + 1:02d}/20{20 + k // 12},{k}"
                    for k in range(40)
                ),
            ]
        ),
        "--dates",
        None,
    ),
    "series": (joined(STACKED), "--series", {"A": WAVE[0], "B": round(3 * WAVE[0], 2)}),
}
"""By what has two likely readings: a file, the option that decides, and the first number of each."""

REVIEWS = {
    "tabs and backslashes": (
        "train.tsv",
        b'id\tsentiment\treview\n"1"\t1\t"He said \\"go\\", and I loved it."\n'
        b'"2"\t0\t"\\"Dull\\", it was dull."\n"3"\t1\t"A joy from start to end."\n',
        3,
        "behind a backslash",
    ),
    "backslashes and commas": (
        "small.csv",
        b'text,id\n"A \\"fine\\" film, really.",1\n"Simply \\"bad\\".",2\nGood fun.,3\n',
        3,
        "behind a backslash",
    ),
    "empty columns": (
        "excel.csv",
        "review,label,,\nSchön! A lovely film.,1,,\nA waste of time.,0,,\n".encode("cp1252"),
        2,
        "Columns without a name",
    ),
    "cp1252": (
        "latin.csv",
        "review\nA café of clichés, and dull – so dull.\nCharming “little” film.\n".encode(
            "cp1252"
        ),
        2,
        "read as cp1252",
    ),
    "short rows and stars": (
        "mine.csv",
        b"review,stars,source\nLovely.,5,web\nAwful.\n",
        2,
        "ours are called stars (2)",
    ),
    "sep=": ("sep.csv", b"sep=;\nid;review\n1;A great, great film.\n2;Awful.\n", 2, "semicolon"),
    "labels behind tabs": (
        "imdb_labelled.txt",
        b"A very slow film.  \t0\nThe best scene is the last.  \t1\nLoved it.\t1\n",
        3,
        "behind a tab",
    ),
    "a column of another name": (
        "other.csv",
        b"nr,who,opinion\n1,Ann,I did not care for any of it at all.\n"
        b"2,Bob,One of the best films that I have seen.\n",
        2,
        "column opinion",
    ),
    "a row that cannot be read": (
        "broken.csv",
        b"id,review\n1,Good.\n2,one,cell too many\n3,Bad.\n",
        2,
        "",
    ),
}
"""By kind: the file's name, what is in it, how many rows are scored, and what is said of it."""

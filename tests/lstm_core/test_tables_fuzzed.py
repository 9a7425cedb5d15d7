"""Tables of all kinds, made up: each comes back whole, or is refused with a sentence."""

import contextlib
import csv
import io
import json
import re
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.sentiment.scoring import open_reviews
from lstm_core.series.files import SeriesOptions, column, numeric_columns, read_table
from lstm_core.tables import KINDS, Options, TableError, open_lines, open_table

LETTERS = "abcxyzäéß “”’\"'\\,;\t|\r\n#=.-5"
CELLS = st.text(LETTERS, max_size=25)
SEPARATORS = (",", ";", "\t", "|")


def told(reading, name):
    return next((a.value for a in reading.assumptions if a.name == name), None)


def written(rows, separator, quotes, everything):
    target = io.StringIO()
    csv.writer(
        target,
        delimiter=separator,
        quoting=csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL,
        doublequote=quotes == "double",
        escapechar="\\" if quotes == "backslash" else None,
        lineterminator="\r\n",
    ).writerows(rows)
    return target.getvalue()


@settings(deadline=None, max_examples=700)
@given(
    texts=st.lists(CELLS, min_size=1, max_size=12),
    separator=st.sampled_from(SEPARATORS),
    quotes=st.sampled_from(["double", "backslash"]),
    everything=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    sep_line=st.booleans(),
    wide=st.integers(0, 2),
)
def test_reviews_come_back_as_they_were_written(
    texts, separator, quotes, everything, encoding, sep_line, wide
):
    if quotes == "backslash":
        # A quote behind a backslash at the end of a line may also end the cell: nobody can tell.
        texts = [re.sub(r"[\\\r\n]", " ", text) for text in texts]
        everything = True
    rows = [["id", "review", *["", ""][:wide]]]
    rows += [[f"a{place}", text, *["", ""][:wide]] for place, text in enumerate(texts)]
    content = written(rows, separator, quotes, everything)
    if sep_line:
        content = f"sep={separator}\r\n{content}"
    reviews = open_reviews(io.BytesIO(content.encode(encoding)), "csv", "review")
    seen = list(reviews.rows)
    assert len(seen) == len(texts)
    if encoding != "cp1252" and (quotes == "double" or '\\"' in content):
        assert [row.text for row in seen if row.problem is None] == [
            text for text, row in zip(texts, seen, strict=True) if row.problem is None
        ]
        if quotes == "double" and '\\"' not in content:
            assert not any(row.problem for row in seen)


def letters(text):
    return Counter(sign for sign in text if sign.isascii() and sign.isalnum())


@settings(deadline=None, max_examples=500)
@given(
    lines=st.lists(
        st.text('abc012,;\t|"\\# é=', max_size=30) | st.sampled_from(["", "sep=;", "# note", ",,"]),
        max_size=25,
    ),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    kind=st.sampled_from(["csv", "tsv", "txt"]),
    numbers=st.booleans(),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_no_letter_is_lost(lines, end, kind, numbers, encoding):
    """Every letter of a file is in a row, in a row that is marked, or in a line said to be skipped."""
    content = end.join(lines)
    stream = io.BytesIO(content.encode(encoding))
    try:
        if kind == "txt" and not numbers:
            reading = open_lines(stream, "text")
        else:
            reading = open_table(stream, "", Options(kind=kind, headings=0), (), numbers=numbers)
        rows = list(reading.rows)
    except TableError:
        return
    # A few bytes may be taken for Chinese, which is said: the letters are those that it makes of them.
    content = content.encode(encoding).decode(told(reading, "encoding") or encoding, "replace")
    skipped = io.StringIO(content, newline="").readlines()[: told(reading, "skip") or 0]
    kept = "".join("".join(row.cells) if row.problem is None else row.raw for row in rows)
    assert letters(kept) + letters("".join(skipped)) == letters(content)
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    if kind == "txt" and not numbers and end != "\r":
        assert len(rows) == sum(map(bool, map(str.strip, content.splitlines())))


@settings(deadline=None, max_examples=400)
@given(
    content=st.binary(max_size=300) | st.text(max_size=200).map(str.encode),
    start=st.sampled_from(
        [b"", b"review\n", b"\x1f\x8b", b"PK\x03\x04", b"[{", b"\xff\xfe", b"t,v\n1,2\n"]
    ),
    kind=st.sampled_from([*KINDS, None]),
)
def test_any_bytes_are_read_or_refused_with_a_sentence(content, start, kind):
    for read in (read_reviews, read_series):
        with contextlib.suppress(TableError):
            read(start + content, kind)


def read_reviews(content, kind):
    reviews = open_reviews(io.BytesIO(content), kind, None)
    for row in reviews.rows:
        assert row.problem or row.values
        (row.text + str(row.problem)).encode()


def read_series(content, kind):
    table = read_table(content, SeriesOptions(kind=kind))
    assert len(table.rows) == len(table.lines) == table.rows_given
    for place in numeric_columns(table):
        assert np.isfinite(column(table, place).numbers).all()


FORMS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y%m%d",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%dT%H:%M:%SZ",
    "%m/%d/%Y %I:%M %p",
    "%a, %d.%m.%Y",
    "%d%b%Y",
    "%Y-%m-%dT%H",
    "%d.%m.%Y %H.%M.%S",
    "%d%b%Y:%H:%M:%S",
    "%Y%m%d %H:%M",
    "%A, %B %d, %Y",
]


@settings(deadline=None, max_examples=400)
@given(
    values=st.lists(st.integers(-99_999, 999_999), min_size=40, max_size=60),
    form=st.sampled_from(FORMS),
    comma=st.booleans(),
    thousands=st.booleans(),
    separator=st.sampled_from([";", "\t", ","]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    order=st.sampled_from(["as it was", "reversed", "shuffled"]),
    heading=st.sampled_from(["none", "one", "above"]),
    random=st.randoms(use_true_random=False),
)
def test_series_come_back_in_the_order_of_their_dates(
    values, form, comma, thousands, separator, encoding, order, heading, random
):
    dates = [datetime(2020, 1, 3) + timedelta(days=place) for place in range(len(values))]
    cells = []
    for value in values:
        cell = f"{value / 100:,.2f}" if thousands else f"{value / 100:.2f}"
        cells.append(cell.translate(str.maketrans(",.", ".,")) if comma else cell)
    rows = [[date.strftime(form), cell] for date, cell in zip(dates, cells, strict=True)]
    if order == "reversed":
        rows.reverse()
    elif order == "shuffled":
        random.shuffle(rows)
    if heading != "none":
        rows.insert(0, ["Datum", "Größe"])
    content = written(rows, separator, "double", everything=False)
    if heading == "above":
        content = f"Report of a café\r\n\r\n{content}"
    table = read_table(content.encode(encoding))
    assert table.rows_given == len(values)
    (place,) = [p for p in numeric_columns(table) if p == len(table.columns) - 1]
    decided = SeriesOptions(missing=())
    series = column(read_table(content.encode(encoding), decided), place)
    assert not series.questions
    assert series.numbers.tolist() == [value / 100 for value in values]
    assert series.dates.astype("datetime64[s]").tolist() == dates
    assert series.dates_after(1)[0].startswith((dates[-1] + timedelta(days=1)).date().isoformat())


@settings(deadline=None, max_examples=300)
@given(
    records=st.lists(
        st.dictionaries(
            st.sampled_from(["text", "n", "p_positive", "a b"]),
            st.text(max_size=20) | st.integers() | st.none() | st.lists(st.integers(), max_size=2),
            max_size=4,
        ),
        min_size=1,
        max_size=12,
    ),
    kind=st.sampled_from(["json", "jsonl"]),
    indent=st.sampled_from([None, 2]),
)
def test_objects_of_json_come_back(records, kind, indent):
    content = (
        json.dumps(records, indent=indent)
        if kind == "json"
        else "\n".join(json.dumps(record) for record in records)
    )
    rows = list(open_reviews(io.BytesIO(content.encode()), kind, "text").rows)
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        if isinstance(record.get("text"), str):
            assert row.problem is None
            assert row.text == record["text"]
        else:
            assert row.problem is not None

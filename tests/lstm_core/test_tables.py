"""Tables: cells of any length, encodings, separators, headings, workbooks, numbers and dates."""

import csv
import gzip
import io
import json
import zipfile

import numpy as np
import openpyxl
import pytest

from lstm_core import tables
from lstm_core.tables import Options, TableError, dates, numbers, open_table, sources
from lstm_core.tables.reading import unlike


def read(content, name="", numbers=False, **options):
    reading = open_table(io.BytesIO(content), name, Options(**options), (), numbers=numbers)
    return reading, [row.cells for row in reading.rows]


def told(reading):
    return {assumption.name: assumption.value for assumption in reading.assumptions}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_are_read_however_long_they_are(separator):
    long = "x" * 1_000_000
    lines = [separator.join(["a", f'"{long}{separator}"']), separator.join("bc")]
    assert list(tables.read_cells(lines, separator)) == [["a", long + separator], ["b", "c"]]


def test_wrong_quotation_marks_are_an_error_where_they_are_to_be():
    lines = ['a,"b" c']
    assert list(tables.read_cells(lines)) == [["a", "b c"]]
    with pytest.raises(csv.Error):
        list(tables.read_cells(lines, strict=True))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("It’s a fine film – I liked it.", "cp1252"),
        ("Ein schöner Film für alle", "cp1252"),
        ("Świetny film, bardzo mi się podobał, biała łąka", "cp1250"),
        ("Очень хороший фильм, рекомендую всем друзьям.", "cp1251"),
        ("Очень хороший фильм, рекомендую всем друзьям.", "koi8_r"),
        ("C’était très drôle, un film à voir — l’été", "mac_roman"),
        ("とても良い映画でした。また見たいです。", "shift_jis"),
        ("这部电影非常好看，我很喜欢。", "gb18030"),
        ("정말 재미있는 영화였습니다", "euc_kr"),
    ],
)
def test_encodings_are_told_apart(text, encoding):
    assert sources.legacy_encoding(text.encode(encoding)) == encoding
    reading, rows = read(f"a;b\n1;{text}\n".encode(encoding))
    assert rows == [["1", text]]
    assert told(reading)["encoding"] == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_the_encodings_of_unicode_need_no_guess(encoding):
    reading, rows = read("a,b\nä,“x”\n".encode(encoding))
    assert rows == [["ä", "“x”"]]
    assert not tables.remarkable(reading.assumptions)


def test_a_broken_line_among_many_of_utf8_is_marked_and_not_guessed_at():
    reading = open_table(io.BytesIO("a,b\n1,é\n2,è\n".encode() + b"3,\xe9\n4,x\n"))
    rows = list(reading.rows)
    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert [row.problem for row in rows] == [None, None, sources.NOT_UTF8, None]
    assert rows[2].raw == "3,?"


@pytest.mark.parametrize(
    ("content", "columns", "first", "skip"),
    [
        (b"sep=;\r\nid;v\r\n1;2,5\r\n", ["id", "v"], ["1", "2,5"], 1),
        (b"sep=\t\nid\tv\n1\t2\n", ["id", "v"], ["1", "2"], 1),
        (b"# a note\n#\n# more\nid,v\n1,2\n", ["id", "v"], ["1", "2"], 3),
        (b"#id,v\n1,2\n", ["#id", "v"], ["1", "2"], None),
        (b"Category: All\n\nid,v\n1,2\n3,4\n", ["id", "v"], ["1", "2"], 2),
        (b"id,v,,\n1,2,,\n", ["id", "v", "column 3", "column 4"], ["1", "2", "", ""], None),
        (b"v,v,v (2)\n1,2,3\n", ["v", "v (3)", "v (2)"], ["1", "2", "3"], None),
        (b"id|v\n1|2\n3|4\n", ["id", "v"], ["1", "2"], None),
    ],
)
def test_where_a_table_begins_is_found_and_said(content, columns, first, skip):
    reading, rows = read(content)
    assert reading.columns == columns
    assert rows[0] == first
    assert told(reading).get("skip") == skip


def test_what_is_assumed_can_be_decided():
    content = b"x\ny;z\n1;2\n3;4\n"
    assert read(content)[0].columns == ["y", "z"]
    assert read(content, skip=0, separator="comma")[1] == [["y;z"], ["1;2"], ["3;4"]]
    assert read(content, headings=0)[0].columns == ["column 1", "column 2"]
    assert read("a\nñ\n".encode(), encoding="latin-1")[1] == [["Ã±"]]


def test_names_of_our_columns_never_collide():
    assert unlike(["a", "b", "a"], ["b", "b (2)"]) == ["a", "b (3)", "a (2)"]


# ---- Packed files and workbooks -----------------------------------------------------------------


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        page = book.create_sheet(f"May {number}")
        for row in rows:
            page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_workbook_is_read_by_its_content_and_numbers_stay_exact():
    content = workbook(
        [["Report"], [], ["id", "v", None], [1, 1.125, None], ["b", None, True]], [["c"], [3]]
    )
    reading, rows = read(content, "wrong.csv")
    assert reading.kind == "xlsx"
    assert reading.columns == ["id", "v"]
    assert rows == [["1", "1.125"], ["b", "", "true"]]
    assert isinstance(rows[0][1], tables.Exact)
    assert told(reading)["sheet"] == "May 0"
    assert read(content, sheet="May 1")[1] == [["3"]]
    with pytest.raises(TableError, match="There is no sheet 'June'; there are: May 0, May 1"):
        read(content, sheet="June")


def test_bombs_are_refused_before_they_go_off():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    with pytest.raises(TableError, match="would unpack to"):
        read(packed.getvalue())
    with pytest.raises(TableError, match="more than 200 times its size"):
        read(gzip.compress(b"a,b\n" * 20_000_000, 9))
    with pytest.raises(TableError, match="larger than 1 MB"):
        open_table(io.BytesIO(gzip.compress(b"a,b\n" * 300_000)), most=1_000_000)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "is empty"),
        (b"\xef\xbb\xbf \n", "", "is empty"),
        (b"PK\x03\x04 no archive", "", "a zip archive"),
        (b"%PDF-1.7", "", "a PDF"),
        (b"\xd0\xcf\x11\xe0 old", "", "an old spreadsheet"),
        (b"PAR1 x", "a.csv", "a Parquet file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9], "", "broken or cut off"),
        (gzip.compress(gzip.compress(b"a", mtime=0), mtime=0), "", "a gzip archive"),
        (b"text", "a.xlsx", "no spreadsheet"),
        (b"3", "a.json", "no list of JSON objects"),
        (b'{"a": 1, "b": [1]}', "a.json", "no list of JSON objects"),
        (b'"open\n', "", "header cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content, name, said):
    with pytest.raises(TableError, match=said):
        read(content, name)


def test_a_list_that_breaks_off_is_named():
    reading = open_table(io.BytesIO(b'[{"a": 1},\n {"a": 2},\n {"a": '), "x.json")
    rows = list(reading.rows)
    assert [row.cells for row in rows] == [["1"], ["2"], []]
    assert rows[2].line == 3
    assert "not JSON from here on" in rows[2].problem
    reading = open_table(io.BytesIO(b'{"meta": 3, "rows": [{"a": 1}, {"a": 2}]}'), "x.json")
    assert [row.cells for row in reading.rows] == [["1"], ["2"]]


def test_a_long_list_is_read_piece_by_piece():
    content = json.dumps([{"a": "x" * 5_000, "b": place} for place in range(100)], indent=2)
    assert [row[1] for row in read(content.encode(), "x.json")[1]] == list(map(str, range(100)))


# ---- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "decimal", "expected"),
    [
        ("1,020.50", ".", 1020.5),
        ("1.020,50", ",", 1020.5),
        ("1 020,5", ",", 1020.5),
        ("1\u202f020,5", ",", 1020.5),
        ("1'020.5", ".", 1020.5),
        ("12,34,567", ".", 1234567.0),
        ("€ 1,234.50", ".", 1234.5),
        ("-$3.5", ".", -3.5),
        ("12,5 kWh", ",", 12.5),
        ("45 %", ".", 45.0),
        ("(1,234)", ".", -1234.0),
        ("3.5-", ".", -3.5),
        ("\N{MINUS SIGN}7", ".", -7.0),
        ("1.5e3", ".", 1500.0),
        (".5", ".", 0.5),
        ("1,02", ".", None),
        ("1.5", ",", None),
        ("12:30", ".", None),
        ("2024-01-01", ".", None),
        ("Q1", ".", None),
        ("1,2,3", ".", None),
        ("x", ".", None),
    ],
)
def test_numbers_are_read_as_their_country_writes_them(cell, decimal, expected):
    assert numbers.number(cell, decimal) == expected


@pytest.mark.parametrize(
    ("cells", "decimal", "is_open"),
    [
        (["1.020", "1.130"], None, True),
        (["1,020", "1,130"], None, True),
        (["1.020", "1.13"], ".", False),
        (["1.020", "0.130"], ".", False),
        (["1.020", "1.020.300"], ",", False),
        (["1.020", "1.020,5"], ",", False),
        (["1.020", "1130"], ".", False),
        (["3,5", "4"], ",", False),
        (["3", "4"], None, False),
    ],
)
def test_the_decimal_sign_is_decided_by_the_column_or_left_open(cells, decimal, is_open):
    signs = numbers.signs_of(cells)
    assert (signs.decimal, signs.is_open) == (decimal, is_open)


def test_letters_behind_numbers_multiply_them_only_where_they_differ():
    assert numbers.has_factors(["M", "K"])
    assert numbers.has_factors(["M", ""])
    assert not numbers.has_factors(["M"])
    assert not numbers.has_factors(["kg", ""])
    assert numbers.number("2.5M", ".", factors=True) == 2.5e6


# ---- Dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected", "order"),
    [
        (["2024-03-01", "2024-03-02"], "2024-03-02", ""),
        (["01.03.2024", "02.03.2024"], "2024-03-02", "day-first"),
        (["1/3/24", "13/3/24"], "2024-03-13", "day-first"),
        (["3/1/2024 1:05 PM", "3/13/2024 12:00 AM"], "2024-03-13 00:00:00", "month-first"),
        (["12 Mar 2024", "13 Mar 2024"], "2024-03-13", ""),
        (["3. März 2024", "4. März 2024"], "2024-03-04", ""),
        (["Mar 12, 2024", "Mar 13, 2024"], "2024-03-13", ""),
        (["Jan-20", "Feb-20"], "2020-02-01", ""),
        (["2024-01", "2024-02"], "2024-02-01", ""),
        (["1/2024", "2/2024"], "2024-02-01", ""),
        (["2024Q1", "2024Q2"], "2024-04-01", ""),
        (["2024-W01", "2024-W02"], "2024-01-08", ""),
        (["20240131", "20240229"], "2024-02-29", ""),
        (["1990", "1991", "1992", "1993"], "1993-01-01", ""),
        (["2024-03-01T00:00:00Z", "2024-03-01T03:00:00+01:00"], "2024-03-01 02:00:00", ""),
    ],
)
def test_dates_are_read_in_the_usual_forms(cells, expected, order):
    found = dates.read_dates(cells)
    assert dates.written(found.stamps)[-1] == expected
    assert (found.order, found.asked) == (order, False)


@pytest.mark.parametrize(
    "cells",
    [
        ["0.5", "0.6"],
        ["1.1234", "1.2345"],
        ["a", "b"],
        ["12", "13"],
        ["31.12", "1.1"],
        ["1234-56", "x"],
    ],
)
def test_what_is_no_date_is_none(cells):
    assert dates.read_dates(cells) is None


def test_the_order_of_day_and_month_is_decided_by_the_steps_or_asked():
    months = [f"01/{month:02d}/{year}" for year in (2020, 2021) for month in range(1, 13)]
    assert (dates.read_dates(months).order, dates.read_dates(months).asked) == ("day-first", False)
    turned = [f"{month:02d}/01/{year}" for year in (2020, 2021) for month in range(1, 13)]
    assert dates.read_dates(turned).order == "month-first"
    assert dates.read_dates(months[:12]).asked
    assert dates.read_dates(months[:12], order="month-first").order == "month-first"


@pytest.mark.parametrize(
    ("first", "step", "count", "name", "following"),
    [
        ("2024-01-31", "month end", 14, "month", "2025-03-31"),
        ("2024-01-01", np.timedelta64(1, "D"), 20, "day", "2024-01-21"),
        ("2024-01-01", np.timedelta64(7, "D"), 20, "week", "2024-05-20"),
        ("2024-01-01", np.timedelta64(15, "m"), 20, "15 minutes", "2024-01-01 05:00:00"),
        ("2024-01-01", np.timedelta64(1, "h"), 20, "hour", "2024-01-01 20:00:00"),
    ],
)
def test_the_usual_step_is_found_and_gone_on_with(first, step, count, name, following):
    start = np.datetime64(first, "us")
    if step == "month end":
        ends = np.arange("2024-02", "2025-04", dtype="datetime64[M]").astype("datetime64[D]") - 1
        stamps = ends.astype("datetime64[us]")
    else:
        stamps = start + np.arange(count) * step
    frequency = dates.frequency_of(stamps)
    assert frequency.name == name
    assert dates.written(dates.after(stamps, frequency, 1))[0] in {following, "2025-04-30"}


def test_weekdays_and_odd_steps():
    every = np.arange("2024-01-01", "2024-03-01", dtype="datetime64[D]")
    weekdays = every[np.is_busday(every)].astype("datetime64[us]")
    frequency = dates.frequency_of(weekdays)
    assert (frequency.name, frequency.share) == ("weekday", 1.0)
    friday = weekdays[:5]
    assert dates.written(dates.after(friday, frequency, 2)) == ["2024-01-08", "2024-01-09"]
    odd = np.array(["2024-01-01", "2024-01-03", "2024-01-10", "2024-02-05"], "datetime64[us]")
    assert dates.frequency_of(odd).name == "irregular"
    assert len(dates.after(odd, dates.frequency_of(odd), 3)) == 3

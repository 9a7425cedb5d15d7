"""Tables that people really have, through the page on applications and the command line alike."""

import csv
import gzip
import io
import json
import re

import numpy as np
import openpyxl
import pytest

from lstm_core.series.__main__ import main
from lstm_core.series.files import SeriesOptions, read_table
from lstm_core.tables import remarkable
from pages.applications import lesson
from tests.chapters.samples.tables import ASKED, DAILY, HOURLY, SERIES, WAVE, joined
from tests.lstm_core.series.exports import EXPORTS


def said(app):
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info]
    text = "\n".join(str(part.value) for part in parts).replace("\\", "")
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def widget(app, kind, key):
    return next(w for w in getattr(app, kind) if w.key == key)


def upload(app, content, name="table.csv"):
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    assert not app.exception
    return app


def own(app):
    return app.session_state["app_own"]


def forecast(app):
    return app.session_state.kept["app_forecast"][1][1].methods["network"]


def program(app, library="lstm_core"):
    read = own(app)
    horizon = len(forecast(app))
    season = app.session_state.kept["app_forecast"][0][0][2]
    return getattr(lesson.own_programs(read, season, horizon), library)


@pytest.mark.parametrize("kind", SERIES)
def test_every_kind_of_table_is_read_and_what_was_assumed_is_said(
    open_page, kind, tmp_path, monkeypatch, capsys
):
    content, column, numbers, remark = SERIES[kind]
    app = upload(open_page("applications", panel="series"), content)
    read = own(app)
    assert read.columns[0] == column
    assert remark in said(app)
    if numbers is not None:
        assert read.series.numbers.tolist() == list(numbers)
    chart = app.get("plotly_chart")[0].proto.spec
    assert "table.csv" in chart
    for places, words in ((read.series.filled_at, "filled: "), (read.series.doubled_at, "rows: ")):
        assert (f"{words}{len(places)}" in chart) == bool(len(places))
    if read.series.dates is not None:
        assert str(read.series.dates[-1].astype("datetime64[D]")) in chart
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").write_bytes(content)
    names = {}
    exec(program(app), names)
    np.testing.assert_allclose(names["result"], forecast(app), rtol=1e-9)
    dates = read.series.dates_after(24)
    assert dates[-1] in capsys.readouterr().out
    assert main(["forecast", "table.csv", "--steps", "24", "--out", "out.csv"]) == 0
    with open("out.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == dates
    np.testing.assert_allclose([float(row[1]) for row in rows[1:]], forecast(app), rtol=1e-9)
    assert remark in capsys.readouterr().err


@pytest.mark.parametrize("name", ASKED)
def test_what_has_two_readings_is_asked_before_anything_is_forecast(open_page, name, tmp_path):
    content, option, readings = ASKED[name]
    app = upload(open_page("applications", panel="series"), content)
    assert lesson.LEFT_OPEN in said(app)
    assert not app.get("plotly_chart")
    assert "was best" not in said(app)
    control = widget(app, "selectbox", lesson.IN_SIGHT[name])
    assert control.options[0] == "please choose"
    for answer, first in (readings or dict.fromkeys(lesson.ORDERS)).items():
        control = widget(app, "selectbox", lesson.IN_SIGHT[name]).set_value(answer)
        control.run()
        assert app.get("plotly_chart")
        if first is not None:
            assert own(app).series.numbers[0] == first
    (tmp_path / "in.csv").write_bytes(content)
    out = str(tmp_path / "out.csv")
    assert main(["forecast", str(tmp_path / "in.csv"), "--out", out]) == 1
    assert main(["forecast", str(tmp_path / "in.csv"), "--out", out, option, answer]) == 0


def test_what_was_assumed_can_be_changed_and_the_programs_follow(open_page, tmp_path, monkeypatch):
    content = joined([line.replace(",", ";").replace(".", ",") for line in HOURLY])
    app = upload(open_page("applications", panel="series"), content, "Wörter & Zahlen.csv")
    dated = own(app).series.numbers.tolist()
    widget(app, "selectbox", "app_dates").set_value("none").run()
    assert own(app).series.dates is None
    widget(app, "text_input", "app_missing").set_value(str(WAVE[3])).run()
    assert own(app).series.filled == WAVE.count(WAVE[3])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Wörter & Zahlen.csv").write_bytes(content)
    for library in ("lstm_core", "keras", "torch"):
        names = {}
        exec(program(app, library), names)
        assert names["values"].tolist() == own(app).series.numbers.tolist() != dated
        np.testing.assert_allclose(names["result"], forecast(app), rtol=1e-5)
    widget(app, "text_input", "app_missing").set_value("no number").run()
    assert "There is no cell “no number”" in said(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("name", EXPORTS)
def test_the_page_reads_exports_as_the_command_line_does(name):
    export = EXPORTS[name]
    options = {key: value for key, value in export.options.items() if key != "column"}
    wanted = export.options.get("column", "")
    read = lesson.read_own(export.content, export.name, SeriesOptions(**options), wanted)
    assert not read.problem
    assert not read.questions
    if export.numbers is not None:
        np.testing.assert_allclose(read.series.numbers, export.numbers, rtol=1e-9)
    if export.after:
        assert read.series.dates_after(1)[0] == export.after
    if export.asked:
        assert lesson.question(
            lesson.read_own(export.content, export.name, SeriesOptions(), ""), export.asked
        )


@pytest.mark.parametrize("name", ["years as columns", "Mio. €", "day and clock apart", "psql"])
def test_programs_and_pictures_follow_exports(open_page, name, tmp_path, monkeypatch):
    export = EXPORTS[name]
    app = upload(open_page("applications", panel="series"), export.content, export.name)
    if export.asked:
        assert lesson.LEFT_OPEN in said(app)
        widget(app, "selectbox", lesson.IN_SIGHT[export.asked]).set_value("Chad").run()
    assert own(app).series.numbers.tolist() == list(export.numbers)
    for one in remarkable(own(app).assumptions):
        assert one.asked or str(one.sentence)[:40] in said(app)
    monkeypatch.chdir(tmp_path)
    (tmp_path / export.name).write_bytes(export.content)
    names = {}
    exec(program(app), names)
    np.testing.assert_allclose(names["result"], forecast(app), rtol=1e-9)


def test_a_word_among_numbers_names_the_field_that_takes_it(open_page, tmp_path, monkeypatch):
    content = joined([DAILY[0], *DAILY[1:30], f"{DAILY[30].split(',')[0]},closed", *DAILY[31:]])
    app = upload(open_page("applications", panel="series"), content)
    assert "“closed”, which is no number. Under “More”, “Counts as missing” takes it." in said(app)
    widget(app, "text_input", "app_missing").set_value("closed").run()
    assert "Cells without a number: 1 (“closed”)" in said(app)
    assert "was filled along" not in said(app)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").write_bytes(content)
    names = {}
    exec(program(app), names)
    np.testing.assert_allclose(names["result"], forecast(app), rtol=1e-9)


def test_every_kind_of_file_is_taken(open_page):
    plain = joined(HOURLY)
    rows = [line.split(",") for line in HOURLY[1:]]
    records = [{"ds": stamp, "y": float(value)} for stamp, value in rows]
    book = openpyxl.Workbook()
    for row in [["ds", "y"], *([stamp, float(value)] for stamp, value in rows)]:
        book.active.append(row)
    workbook = io.BytesIO()
    book.save(workbook)
    files = {
        "a.csv": plain,
        "a.tsv": plain.replace(b",", b"\t"),
        "a.txt": plain.replace(b",", b";"),
        "a.jsonl": "\n".join(map(json.dumps, records)).encode(),
        "a.json": json.dumps(records).encode(),
        "a.xlsx": workbook.getvalue(),
        "a.csv.gz": gzip.compress(plain),
        "a.json.gz": gzip.compress(json.dumps(records).encode()),
    }
    app = open_page("applications", panel="series")
    for name, content in files.items():
        upload(app, content, name)
        assert own(app).series.numbers.tolist() == WAVE, name


def test_a_choice_of_the_address_waits_for_its_file_and_goes_with_another(open_page):
    app = open_page("applications", app_series=lesson.SERIES[lesson.OWN], app_column="High")
    assert widget(app, "selectbox", "app_column").value == "High"
    shares = SERIES["two headings"][0]
    app.file_uploader[0].set_value(("shares.csv", shares, "text/csv")).run()
    assert own(app).series.numbers[0] == 1.0
    app.file_uploader[0].set_value(("hours.csv", joined(HOURLY), "text/csv")).run()
    assert own(app).series.numbers.tolist() == WAVE


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"name,what\na,b\nc,d\n", "words.csv"),
        (b"%PDF-1.7 ...", "a.csv"),
        (b"PK\x03\x04 no workbook", "a.xlsx"),
        (b"\x1f\x8b broken", "a.csv.gz"),
        (b'[{"a": 1}, {"a"', "a.json"),
        (b"7\n" * 80, "flat.csv"),
        (b"x\n1\n,\n" * 40, "holes.csv"),
    ],
)
def test_a_file_that_fails_shows_no_other_forecast_and_earns_no_quest(open_page, content, name):
    app = upload(open_page("applications", panel="series"), content, name)
    assert "applications/quest/naive-wins" not in app.session_state.achieved
    if name == "flat.csv":
        return
    assert not app.get("plotly_chart")
    assert "was best" not in said(app)
    assert app.error or lesson.NOTHING_YET in said(app)


def test_five_megabytes_take_a_few_seconds():
    """In seconds of this process, whatever else the machine does."""
    import time

    hours = np.datetime64("2001-01-01T00") + np.arange(180_000)
    rows = [f"{str(h).replace('T', ' ')}:00;{k % 977},{k % 89}" for k, h in enumerate(hours)]
    content = joined(["Zeit;Wert", *rows])[:5_000_000].rsplit(b"\n", 1)[0]
    start = time.process_time()
    read = lesson.read_own(content, "large.csv", lesson.SeriesOptions(), "")
    assert time.process_time() - start < 8
    assert len(read.series.numbers) == 2_000
    assert "the newest 2,000 numbers are used" in str(read.assumptions[-1].sentence)
    assert read_table(content).rows_given == len(content.splitlines()) - 1

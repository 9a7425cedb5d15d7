"""Exports of programs and offices: read as they mean it, by the function and by the command line."""

import csv

import numpy as np
import pytest

from lstm_core.series.__main__ import main
from lstm_core.series.files import SeriesOptions, column, likeliest, place_of, read_table
from lstm_core.tables import TableError, remarkable
from lstm_core.tables.dates import written
from tests.lstm_core.series.exports import COUNT, DAYS, EXPORTS, WAVE, table

FLAGS = {"column": "--column", "series": "--series", "doubles": "--doubles"}


def read(export, **options):
    decided = {name: value for name, value in options.items() if name != "column"}
    read = read_table(export.content, SeriesOptions(**decided), export.name)
    place = place_of(read, options["column"]) if "column" in options else likeliest(read)
    return read, place, column(read, place)


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_is_read_as_it_is_meant(name, tmp_path, capsys):
    export = EXPORTS[name]
    read_of, place, series = read(export, **export.options)
    if export.column:
        assert read_of.columns[place] == export.column
    if export.numbers is not None:
        np.testing.assert_allclose(series.numbers, export.numbers, rtol=1e-9)
    if export.first:
        assert written(series.dates, series.frequency.unit)[0] == export.first
    told = {one.name for one in remarkable(series.assumptions)}
    assert set(export.told) <= told
    assert not series.questions
    source, out = tmp_path / export.name, tmp_path / "out.csv"
    source.write_bytes(export.content)
    words = ["forecast", str(source), "--steps", "1", "--out", str(out)]
    if export.asked:
        assert main(words) == 1
        assert f"--{export.asked}" in capsys.readouterr().err
    for option, value in export.options.items():
        words += [FLAGS[option], value]
    assert main(words) == 0
    said = capsys.readouterr().err
    for one in remarkable(series.assumptions):
        assert one.line() in said
    with out.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row.get("date", row.get("step")) == series.dates_after(1)[0]
    if export.after:
        assert series.dates_after(1)[0] == export.after


def test_a_word_among_numbers_is_refused_with_the_option_that_takes_it(tmp_path, capsys):
    numbers = ["closed" if place == 7 else value for place, value in enumerate(WAVE)]
    source = tmp_path / "in.csv"
    source.write_text(table(DAYS, numbers, heading="date,v"))
    words = ["forecast", str(source), "--out", str(tmp_path / "out.csv")]
    assert main(words) == 1
    assert "Row 8 has “closed”, which is no number. (--missing)" in capsys.readouterr().err
    assert main([*words, "--missing", "closed; -5"]) == 0
    assert "Cells without a number: 1 (“closed”)" in capsys.readouterr().err


def test_what_was_done_to_a_table_can_be_undone():
    wide = EXPORTS["one wide row"]
    with pytest.raises(TableError, match="too few"):
        read(wide, dates="none")
    cut = EXPORTS["decimal commas between commas"]
    assert len(read(cut, decimal=".")[0].columns) == 3
    coded = EXPORTS["clock with points, -200"]
    assert read(coded, missing=())[2].numbers.min() == -200.0
    assert read(coded)[2].numbers.min() > 0.0


def test_cells_behind_the_last_column_are_named():
    content = table(DAYS, WAVE, heading="date,v")
    for _ in range(3):
        content += content.partition("\n")[2]
    content += "2030-01-01,5,6,7\n"
    told = {one.name: one.value for one in read_table(content).assumptions}
    assert told["long rows"] == [8 * COUNT + 2]


@pytest.mark.parametrize("first", [f"24-01-{day:02d}" for day in (13,)])
def test_two_figures_that_may_be_a_year_or_a_day_are_asked_about(first):
    days = [f"24-01-{day:02d}" for day in range(int(first[-2:]), 32)]
    content = table(days, WAVE[: len(days)], heading="date,v")
    series = column(read_table(content), 1)
    assert [one.option for one in series.questions] == ["--dates"]
    chosen = column(read_table(content, SeriesOptions(order="year-first")), 1)
    assert chosen.dates_after(1) == ["2024-02-01"]
    assert not chosen.questions

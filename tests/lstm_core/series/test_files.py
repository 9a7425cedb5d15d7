"""Files of numbers that people really have: read as they mean it, what was assumed said, or asked."""

import csv
import gzip
import io
import json
import subprocess
import sys
from datetime import date, datetime, timedelta

import numpy as np
import openpyxl
import pytest

from lstm_core.series.__main__ import main
from lstm_core.series.files import (
    MOST_ROWS,
    SeriesOptions,
    column,
    numeric_columns,
    place_of,
    read_table,
)
from lstm_core.series.forecasting import Forecaster, find_season

DAYS = [date(2023, 1, 2) + timedelta(days=place) for place in range(60)]
MONTHS = [date(2015 + place // 12, place % 12 + 1, 1) for place in range(60)]
HOURS = [datetime(2024, 3, 1) + timedelta(hours=place) for place in range(120)]
WAVE = [round(50 + 10 * np.sin(2 * np.pi * place / 12) + place % 5, 1) for place in range(120)]


def series_of(content, name=None, **decided):
    table = read_table(content, SeriesOptions(**decided))
    return column(table, place_of(table, name) if name else numeric_columns(table)[0])


def told(series):
    return {assumption.name: assumption.value for assumption in series.assumptions}


def rows(dates, form="%Y-%m-%d", separator=",", numbers=WAVE, heading="ds,y"):
    lines = [heading.replace(",", separator)] if heading else []
    lines += [
        f"{day.strftime(form)}{separator}{value}"
        for day, value in zip(dates, numbers, strict=False)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("index", [False, True])
def test_two_or_three_heading_rows_of_share_prices(index):
    heading = "Price,Close,High,Volume\nTicker,ABC,ABC,ABC\n" + ("Date,,,\n" if index else "")
    content = heading + "\n".join(
        f"{day},{place},{place + 1},{place}000" for place, day in enumerate(DAYS)
    )
    table = read_table(content)
    assert table.columns == ("Date" if index else "Price", "Close", "High", "Volume")
    assert [table.columns[place] for place in numeric_columns(table)] == ["Close", "High", "Volume"]
    assert len(column(table, 1).numbers) == 60
    assert told(column(table, 1))["headings"] == 2 + index


def test_several_tickers_keep_their_names_apart():
    content = "Price,Close,Close\nTicker,ABC,XYZ\nDate,,\n" + "\n".join(
        f"{day},{n},{2 * n}" for n, day in enumerate(DAYS)
    )
    assert read_table(content).columns == ("Date", "Close ABC", "Close XYZ")


@pytest.mark.parametrize(
    ("lines", "heading"),
    [
        (["0", "0", "0,222", "0,83", "0"] * 8, ""),
        (["20,086", "22,965", "24,553", "25,8"] * 8, ""),
        (["20,6", "23,2", "25,0"] * 8, "Leistung\n"),
        (["1.020,6", "1.023,2"] * 8, ""),
    ],
)
def test_decimal_commas_in_one_column_make_one_column(lines, heading):
    table = read_table(heading + "\n".join(lines))
    series = column(table, 0)
    assert len(table.columns) == 1
    expected = [float(line.replace(".", "").replace(",", ".")) for line in lines]
    assert series.numbers.tolist() == expected
    assert told(series)["decimal"] == ","
    assert not series.questions


def test_a_column_that_counts_up_before_a_comma_is_a_column_of_its_own():
    table = read_table("\n".join(f"{place},{place % 7}" for place in range(40)))
    assert len(table.columns) == 2
    assert column(table, numeric_columns(table)[0]).numbers[:3].tolist() == [0, 1, 2]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_may_be_about_one_or_a_thousand_is_asked(separator):
    content = rows(MONTHS, separator=separator, numbers=[f"1.{place + 100}" for place in range(60)])
    series = series_of(content)
    assert [(asked.name, asked.option) for asked in series.questions] == [("decimal", "--decimal")]
    assert series_of(content, decimal=",").numbers[0] == 1100.0
    assert series_of(content, decimal=".").numbers[0] == 1.1
    assert not series_of(content, decimal=".").questions


def test_other_columns_tell_the_decimal_sign():
    content = "a;b\n" + "\n".join(f"1.{place + 100};{place},5" for place in range(20))
    series = series_of(content, "a")
    assert not series.questions
    assert series.numbers[0] == 1100.0


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y"])
def test_the_newest_row_first_and_rows_out_of_order_are_sorted(form):
    plain = series_of(rows(DAYS, form))
    lines = rows(DAYS, form).splitlines()
    reverse = series_of("\n".join([lines[0], *lines[:0:-1]]))
    shuffled = series_of("\n".join([lines[0], *np.random.default_rng(1).permutation(lines[1:])]))
    assert plain.numbers.tolist() == reverse.numbers.tolist() == shuffled.numbers.tolist()
    assert plain.dates_after(2) == reverse.dates_after(2) == ["2023-03-03", "2023-03-04"]
    assert "row order" not in told(plain)
    assert told(reverse)["row order"] == "newest first"
    assert told(shuffled)["row order"] == "out of order"
    in_file = series_of("\n".join([lines[0], *lines[:0:-1]]), dates="none")
    assert in_file.numbers.tolist() == plain.numbers[::-1].tolist()


def test_the_newest_numbers_of_a_long_file_are_kept_whatever_its_order():
    long = [datetime(2020, 1, 1) + timedelta(hours=place) for place in range(MOST_ROWS + 500)]
    lines = rows(long, "%Y-%m-%d %H:%M", numbers=range(len(long))).splitlines()
    series = series_of("\n".join([lines[0], *lines[:0:-1]]))
    assert len(series.numbers) == len(series.dates) == MOST_ROWS
    assert series.numbers[-1] == len(long) - 1


def test_a_line_above_the_heading_and_the_region_of_a_search():
    content = "Category: All\n\nMonth,diet: (Peru),gym: (Peru)\n" + "\n".join(
        f"{day:%Y-%m},{value:.0f},3" for day, value in zip(MONTHS, WAVE, strict=False)
    )
    series = series_of(content, "diet")
    assert read_table(content).columns == ("Month", "diet", "gym")
    assert place_of(read_table(content), "gym: (Peru)") == 2
    assert find_season(series.numbers) == 12
    assert series.dates_after(1) == ["2020-01"]


def test_comments_codes_for_missing_and_dates_in_two_columns():
    content = "# of the air\n#\nyear,month,decimal date,average,ndays,unc\n" + "\n".join(
        f"{day.year},{day.month},{day.year + day.month / 12:.4f},{value},20,{-9.99 if n < 5 else 0.2}"
        for n, (day, value) in enumerate(zip(MONTHS, WAVE, strict=False))
    )
    table = read_table(content)
    assert table.columns[numeric_columns(table)[0]] == "average"
    series = column(table, 3)
    assert told(series)["skip"] == 2
    assert told(series)["missing codes"] == {"unc": [-9.99]}
    assert told(series)["dates"] == ["year", "month"]
    assert series.dates_after(1) == ["2020-01"]
    uncertainty = column(table, 5)
    assert told(uncertainty)["missing"] == [-9.99]
    assert len(uncertainty.numbers) == 55


@pytest.mark.parametrize("code", [-999, -99.99, 9999])
def test_a_code_for_missing_is_taken_out_and_can_be_put_back(code):
    numbers = [code if place in {7, 8, 30} else value for place, value in enumerate(WAVE)]
    content = rows(HOURS, "%Y-%m-%d %H:%M:%S", numbers=numbers)
    series = series_of(content)
    assert told(series)["missing"] == [code]
    assert series.filled == 3
    assert series.numbers.max() < 70
    kept = series_of(content, missing=())
    assert kept.numbers[7] == code
    assert "missing" not in told(kept)
    assert series_of(content, missing=(WAVE[0],)).filled >= 1


@pytest.mark.parametrize(
    "numbers",
    [[-60, 3, 8, -99, 40, 2] * 5, [-99.0] * 20, [10, 20, 999, 1500, 2000] * 5, [-9.99, 2, -30] * 9],
)
def test_numbers_among_their_like_are_no_codes(numbers):
    assert "missing" not in told(series_of("v\n" + "\n".join(map(str, numbers))))


def test_gaps_are_filled_and_said_or_kept():
    kept = [place for place in range(120) if place not in {9, 10, 40} and place % 7 != 6]
    content = rows(
        [HOURS[place] for place in kept], "%Y-%m-%d %H:%M:%S", numbers=[WAVE[p] for p in kept]
    )
    series = series_of(content)
    gaps = told(series)["gaps"]
    assert gaps["missing"] == 120 - len(kept)
    assert gaps["filled"]
    assert "2024-03-01 05:00:00" in gaps["behind"]
    assert len(series.numbers) == 120
    assert series.numbers[9] == pytest.approx(np.interp(9, [8, 11], [WAVE[8], WAVE[11]]))
    assert len(series_of(content, gaps="keep").numbers) == len(kept)
    assert series.dates_after(1) == ["2024-03-06 00:00:00"]


def test_holidays_of_weekdays_are_no_gaps_to_fill():
    open_days = [day for day in DAYS if day.weekday() < 5 and day.day != 17]
    series = series_of(rows(open_days))
    assert series.frequency.name == "weekday"
    assert len(series.numbers) == len(open_days)
    assert not told(series)["gaps"]["filled"]


def test_double_dates_are_said_and_one_number_is_taken():
    content = rows([*HOURS, HOURS[3], HOURS[5]], "%Y-%m-%d %H:%M", numbers=[*WAVE, 0.0, 1.0])
    series = series_of(content)
    assert len(series.numbers) == 120
    assert told(series)["doubles"] == {
        "rows": 2,
        "dates": ["2024-03-01 03:00:00", "2024-03-01 05:00:00"],
        "taken": "mean",
    }
    assert series.numbers[3] == WAVE[3] / 2
    assert series_of(content, doubles="first").numbers[3] == WAVE[3]
    assert series_of(content, doubles="last").numbers[3] == 0.0


@pytest.mark.parametrize("keys", [1, 2])
def test_series_below_each_other_are_offered(keys):
    lines = ["city,kind,ds,y"]
    for city in ("Bonn", "Kiel"):
        for kind in ("a", "b")[:keys]:
            size = 1000 if (city, kind) == ("Kiel", "a") else 1
            lines += [
                f"{city},{kind},{day},{size * value}"
                for day, value in zip(DAYS, WAVE, strict=False)
            ]
    names = ["Bonn", "Kiel"] if keys == 1 else ["Bonn / a", "Bonn / b", "Kiel / a", "Kiel / b"]
    series = series_of("\n".join(lines))
    (asked,) = series.questions
    assert (asked.name, asked.value["names"], asked.option) == ("series", names, "--series")
    chosen = series_of("\n".join(lines), series=names[-2] if keys == 2 else names[-1])
    assert chosen.numbers[0] == pytest.approx(1000 * WAVE[0])
    assert not chosen.questions
    with pytest.raises(ValueError, match="There is no series 'Ulm'"):
        series_of("\n".join(lines), series="Ulm")


def test_semicolons_units_thousands_and_a_total_below():
    content = "sep=;\nMonat;Umsatz\n" + "\n".join(
        f"{day:%d.%m.%Y};1.{place:03d},50 €" for place, day in enumerate(MONTHS)
    )
    series = series_of(content + "\nSumme;99.999,00 €\n")
    assert series.numbers[:2].tolist() == [1000.5, 1001.5]
    assert len(series.numbers) == 60
    assert told(series)["units"] == ["€"]
    assert told(series)["undated"] == [63]
    assert series.dates_after(1) == ["2020-01"]


def test_a_row_that_cannot_be_read_is_kept_and_named():
    lines = rows(DAYS).splitlines()
    lines[5] = '2023-01-06,"3'
    table = read_table("\n".join(lines))
    assert len(table.rows) == 60
    series = column(table, 1)
    assert told(series)["broken rows"] == [6]
    assert told(series)["gaps"]["missing"] == 1
    assert len(series.numbers) == 60


def test_kinds_of_files():
    book = openpyxl.Workbook()
    book.active.append(["Datum", "Wert"])
    for day, value in zip(DAYS, WAVE, strict=False):
        book.active.append([datetime(day.year, day.month, day.day), value + 0.0625])
    target = io.BytesIO()
    book.save(target)
    records = [
        {"day": str(day), "v": value + 0.0625} for day, value in zip(DAYS, WAVE, strict=False)
    ]
    spaced = "\n".join(
        f" {d.year} {d.month:2d} {d.year + d.month / 12:.3f} {v:8.4f}"
        for d, v in zip(MONTHS, np.array(WAVE) + 0.0625, strict=False)
    )
    for name, content in {
        "a.xlsx": target.getvalue(),
        "a.json": json.dumps(records).encode(),
        "a.jsonl": "\n".join(map(json.dumps, records)).encode(),
        "a.jsonl.gz": gzip.compress("\n".join(map(json.dumps, records)).encode()),
        "a.txt": spaced.encode(),
    }.items():
        table = read_table(content, name=name)
        series = column(table, numeric_columns(table)[0])
        assert series.numbers.tolist() == [value + 0.0625 for value in WAVE[:60]]
        assert not series.questions
        assert series.dates_after(1)[0] in {"2023-03-03", "2020-01"}


# ---- The command line ---------------------------------------------------------------------------


def run(*arguments):
    return main(list(map(str, arguments)))


def test_looking_prints_what_was_read(tmp_path, capsys):
    source = tmp_path / "in.csv"
    source.write_bytes(
        rows(DAYS, "%d.%m.%Y", ";", heading="Tag,Größe").replace(".5", ",5").encode("cp1252")
    )
    source.write_bytes(source.read_bytes().replace(b"\n02", b"\n02"))
    assert run("look", source) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen["columns"] == ["Tag", "Größe"]
    assert seen["rows"] == 60
    assert seen["likeliest"] == "Größe"
    assert {"encoding", "separator", "date order", "frequency"} <= {
        a["name"] for a in seen["assumptions"]
    }
    assert all(a["sentence"] for a in seen["assumptions"])
    assert seen["described"][0]["first"][0] == "02.01.2023"


def test_forecasting_writes_real_dates_and_says_the_backtest(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(rows([*MONTHS, *(date(2020 + p // 12, p % 12 + 1, 1) for p in range(60))]))
    assert run("forecast", source, "--column", "y", "--steps", 3, "--out", out) == 0
    report = json.loads(capsys.readouterr().out)
    with out.open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["date"] for row in table] == ["2025-01", "2025-02", "2025-03"]
    numbers = np.array(WAVE)
    ahead = Forecaster.load().ahead(numbers, report["season"], 3, [119])[0]
    assert [float(row["network"]) for row in table] == ahead.tolist()
    assert [float(row["naive"]) for row in table] == [WAVE[-1]] * 3
    assert all(float(row["low"]) < float(row["network"]) < float(row["high"]) for row in table)
    assert set(report["backtest"]["mean_absolute_scaled_error"]) == {
        "network",
        "naive",
        "seasonal naive",
    }
    assert (report["from"], report["to"]) == ("2025-01", "2025-03")


def test_two_likely_readings_are_refused_and_the_option_is_named(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(rows(MONTHS, numbers=[f"1.{n + 100}" for n in range(60)]))
    assert run("forecast", source, "--column", "y", "--out", out) == 1
    said = capsys.readouterr().err
    assert "--decimal" in said
    assert said.count("\n") == 1
    assert not out.exists()
    assert run("forecast", source, "--column", "y", "--out", out, "--decimal", ",") == 0
    assert float(next(csv.DictReader(out.open(newline="")))["naive"]) == 1159.0
    lines = [
        f"{name},{day},{value}" for name in "AB" for day, value in zip(DAYS, WAVE, strict=False)
    ]
    source.write_text("\n".join(["id,ds,y", *lines]))
    assert run("forecast", source, "--out", out) == 1
    assert "--series" in capsys.readouterr().err
    assert run("forecast", source, "--out", out, "--series", "B") == 0
    source.write_text(rows([date(2020, n, 1) for n in range(1, 13)] * 1, "%d/%m/%Y"))
    assert run("forecast", source, "--out", out) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--column", "z"], "no column 'z'; there are: ds, y"),
        (["--steps", "0"], "--steps takes 1 to 48"),
        (["--season", "99"], "--season takes"),
        (["--missing", "a"], "no cell “a”"),
        (["--date-column", "y"], "holds no dates"),
        (["--encoding", "no-such"], "no encoding"),
    ],
)
def test_what_cannot_be_forecast_gets_one_line(tmp_path, capsys, options, said):
    source = tmp_path / "in.csv"
    source.write_text(rows(DAYS))
    assert run("forecast", source, "--out", tmp_path / "out.csv", *options) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert said in error
    assert run("forecast", tmp_path / "none.csv", "--out", tmp_path / "out.csv") == 1
    assert "cannot be read" in capsys.readouterr().err


def test_standard_input_and_output():
    command = [
        sys.executable,
        "-m",
        "lstm_core.series",
        "forecast",
        "-",
        "--out",
        "-",
        "--steps",
        "2",
    ]
    done = subprocess.run(command, input=rows(DAYS).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [row["date"] for row in csv.DictReader(io.StringIO(done.stdout.decode()))] == [
        "2023-03-03",
        "2023-03-04",
    ]

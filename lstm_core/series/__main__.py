"""Command line: look at tables of numbers, forecast their series, train the forecaster.

`python -m lstm_core.series look FILE` prints as JSON what is read of a file, `forecast FILE --column
NAME --steps N --out OUT.csv` forecasts a column, and `train`, or no command at all, trains the
network; run it again to go on after a stop. Checkpoints are in build/applications: delete it to
begin afresh.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.series.files import (
    DOUBLES,
    Series,
    SeriesOptions,
    Table,
    column,
    likeliest,
    missing_codes,
    numeric_columns,
    place_of,
    read_table,
)
from lstm_core.series.forecasting import (
    METHODS,
    Forecaster,
    backtest,
    find_season,
    forecast,
    longest_season,
)
from lstm_core.series.training import HORIZON, RESULTS, Recipe, ship, train
from lstm_core.tables import KINDS, Assumption, TableError, remarkable, safe_cell
from lstm_core.tables.arguments import add_table_options, table_options
from lstm_core.tables.dates import ORDERS, written
from lstm_core.training.long import folder_of, tell

MOST_BYTES = 200_000_000
SHOWN = 5
"""So many first and last values of a column are shown."""
COMMANDS = ("look", "forecast", "train")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] not in {*COMMANDS, "-h", "--help"}:
        return _train(words)
    if words[0] == "train":
        return _train(words[1:])
    options = _parser().parse_args(words)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        sys.stderr.close()
    except (ValueError, OSError) as error:
        helps = f" ({error.option})" if isinstance(error, TableError) and error.option else ""
        print(f"{options.command}: {' '.join(str(error).split())}{helps}", file=sys.stderr)
    return 1


def _train(arguments: list[str]) -> int:
    """Train the network, and write it where the app finds it."""
    folder = folder_of("Train the network that forecasts series.", arguments)
    ship(train(Recipe(), folder, tell), "python -m lstm_core.series", tell)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lstm_core.series",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    look = commands.add_parser("look", help="print as JSON what is read of a file")
    look.add_argument("--column", help="one column alone")
    look.set_defaults(run=_look)
    ahead = commands.add_parser("forecast", help="forecast a column of a file")
    ahead.add_argument("--column", help="its name (likeliest)")
    ahead.add_argument("--steps", type=int, default=12, help="steps ahead (12)")
    ahead.add_argument("--season", type=int, help="its length in steps, 1 for none (found)")
    ahead.add_argument("--out", required=True, help="CSV file to write, or - for standard output")
    ahead.set_defaults(run=_forecast)
    for command in (look, ahead):
        _add_series_options(command)
    commands.add_parser("train", help="train the network; goes on where it was stopped")
    return parser


def _add_series_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file",
        help="a .csv, .tsv, .txt, .jsonl, .json or .xlsx file, packed with gzip or not, or - for "
        "standard input",
    )
    command.add_argument("--format", choices=KINDS, help="if the file's name does not tell")
    command.add_argument("--decimal", choices=[".", ","], help="sign of numbers")
    command.add_argument("--dates", choices=ORDERS, help="what comes first in 1/2/03")
    command.add_argument("--date-column", help="its name, or none: rows stay in their order")
    command.add_argument("--series", help="one of several series that stand below each other")
    command.add_argument(
        "--missing",
        help='numbers and words that stand for "missing", between semicolons; or none',
    )
    command.add_argument("--gaps", choices=["fill", "keep"], help="dates that are missing")
    command.add_argument(
        "--doubles", choices=list(DOUBLES), help="what is taken of rows of one date"
    )
    add_table_options(command)


def _options(options: argparse.Namespace) -> SeriesOptions:
    return SeriesOptions(
        **vars(table_options(options)),
        decimal=options.decimal,
        order=options.dates,
        missing=None if options.missing is None else missing_codes(options.missing),
        gaps=options.gaps,
        doubles=options.doubles,
        dates=options.date_column,
        series=options.series,
    )


def _read(options: argparse.Namespace) -> Table:
    if options.file == "-":
        return read_table(sys.stdin.buffer.read(MOST_BYTES + 1), _options(options), "", MOST_BYTES)
    try:
        with Path(options.file).open("rb") as stream:
            return read_table(stream, _options(options), options.file, MOST_BYTES)
    except OSError as error:
        raise ValueError(f"{options.file} cannot be read: {error.strerror}.") from None


def _look(options: argparse.Namespace) -> int:
    table = _read(options)
    places = [place_of(table, options.column)] if options.column else numeric_columns(table)
    overview = look(table, places)
    print(json.dumps(overview, indent=1, ensure_ascii=False))
    return 0


def look(table: Table, places: list[int]) -> dict[str, Any]:
    """Say what is read of a table: columns, rows, assumptions, first and last values.

    Args:
        table: that was read.
        places: of the columns that are taken as series, the likeliest first.
    """
    described: list[dict[str, Any]] = []
    notes: dict[str, Assumption] = {}
    for assumption in table.assumptions:
        notes.setdefault(f"{assumption.name} {assumption.sentence}", assumption)
    for place, name in enumerate(table.columns):
        cells = table.cells(place)
        shown: dict[str, Any] = {"name": name, "first": cells[:SHOWN], "last": cells[-SHOWN:]}
        if place in places:
            shown |= _series_of(table, place, notes)
        described.append(shown)
    return {
        "columns": list(table.columns),
        "rows": table.rows_given,
        "likeliest": table.columns[places[0]] if places else None,
        "assumptions": [assumption.as_json() for assumption in notes.values()],
        "questions": [a.as_json() for a in notes.values() if a.asked],
        "described": described,
    }


def _series_of(table: Table, place: int, notes: dict[str, Assumption]) -> dict[str, Any]:
    """Describe a column as a series, or say why it is none; adds what was assumed of it."""
    try:
        series = column(table, place)
    except ValueError as error:
        return {"numbers": 0, "problem": str(error)}
    for assumption in series.assumptions:
        notes.setdefault(f"{assumption.name} {assumption.sentence}", assumption)
    known = {a.name: a.as_json() for a in series.assumptions[len(table.assumptions) :]}
    overview: dict[str, Any] = {
        "numbers": len(series.numbers),
        "filled": series.filled,
        "first": series.numbers[:SHOWN].tolist(),
        "last": series.numbers[-SHOWN:].tolist(),
        "season": find_season(series.numbers),
        "assumptions": list(known.values()),
    }
    if series.dates is not None and series.frequency is not None:
        dates = written(series.dates, series.frequency.unit)
        overview |= {"frequency": str(series.frequency.name), "from": dates[0], "to": dates[-1]}
    return overview


def _forecast(options: argparse.Namespace) -> int:
    if not 1 <= options.steps <= HORIZON:
        raise ValueError(f"--steps takes 1 to {HORIZON}: the network is measured on no more.")
    table = _read(options)
    place = _column(table, options.column)
    series = column(table, place)
    _refuse_questions(series)
    longest = longest_season(series.numbers)
    if options.season is not None and not 1 <= options.season <= longest:
        raise ValueError(f"--season takes 1 to {longest} for {len(series.numbers)} numbers.")
    season = options.season or find_season(series.numbers)
    network = Forecaster.load()
    tested = backtest(network, series.numbers, season, options.steps)
    outlook = forecast(network, series.numbers, season, options.steps, tested, _spare_range())
    for line in (a.line() for a in remarkable(series.assumptions)):
        print(line, file=sys.stderr)
    dates = series.dates_after(options.steps)
    heading = ["date" if series.dates is not None else "step", *METHODS, "low", "high"]
    columns = [outlook.methods[method] for method in METHODS]
    rows = zip(dates, *columns, outlook.low, outlook.high, strict=True)
    with (
        open(sys.stdout.fileno(), "w", closefd=False, encoding="utf-8", newline="")
        if options.out == "-"
        else _target(options)
    ) as target:
        writer = csv.writer(target)
        writer.writerow(heading)
        for date, *numbers in rows:
            writer.writerow([safe_cell(date), *(repr(float(number)) for number in numbers)])
    report = {
        "column": table.columns[place],
        "numbers": len(series.numbers),
        "season": season,
        "steps": options.steps,
        "from": dates[0],
        "to": dates[-1],
        "backtest": _tested(tested),
        "range": {"measured_on": outlook.measured, "covered": outlook.covered},
        "assumptions": [assumption.as_json() for assumption in series.assumptions],
    }
    shown = sys.stderr if options.out == "-" else sys.stdout
    print(json.dumps(report, indent=1, ensure_ascii=False), file=shown)
    return 0


def _target(options: argparse.Namespace) -> Any:
    path = Path(options.out)
    if options.file != "-" and path.exists() and path.samefile(options.file):
        raise ValueError(f"{options.out} is the input itself; name another file with --out.")
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise ValueError(f"{options.out} cannot be written: {error.strerror}.") from None


def _tested(tested: Any) -> dict[str, Any] | None:
    """Say how the methods did on the series' own past: mean absolute scaled errors."""
    if tested is None:
        return None
    return {
        "windows": len(tested.origins),
        "mean_absolute_scaled_error": {
            name: round(error, 6) if math.isfinite(error) else None
            for name, error in tested.mase.items()
        },
        "best": tested.best,
        "clear": tested.clear if len(tested.origins) > 1 else False,
    }


def _spare_range() -> np.ndarray[Any, Any]:
    measured = json.loads(RESULTS.read_text(encoding="utf-8"))
    return np.array(measured["range"]["scales"])


def _column(table: Table, name: str | None) -> int:
    if name is not None:
        return place_of(table, name)
    place = likeliest(table)
    if len(table.columns) > 1:
        print(f"The column is {table.columns[place]} (--column)", file=sys.stderr)
    return place


def _refuse_questions(series: Series) -> None:
    """Refuse where two readings are likely, naming the option that decides.

    Raises:
        ValueError: if there is such a question.
    """
    if series.questions:
        asked = series.questions[0]
        sentence = " ".join(str(asked.sentence).split())
        raise ValueError(f"{sentence} Nothing is forecast until {asked.option} says which.")


if __name__ == "__main__":
    sys.exit(main())

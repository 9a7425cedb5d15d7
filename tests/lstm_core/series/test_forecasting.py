"""Forecasts: hints, baselines and errors by closed form, hostile files, and the trained network."""

import json

import numpy as np
import pytest

from lstm_core.series import forecasting
from lstm_core.series import training as forecaster_training
from lstm_core.series.files import MOST_ROWS, column, numeric_columns, read_table
from lstm_core.series.forecasting import Forecaster, NextDifference, backtest, find_season, hints
from lstm_core.series.training import ForecasterTraining, Recipe, shipped_series
from lstm_core.training.learner import Learner

RNG = np.random.default_rng(5)
WAVE = 20 + np.sin(2 * np.pi * np.arange(120) / 12) + 0.1 * RNG.standard_normal(120)


def untrained(silent=False):
    learner = Learner.initialise("LSTM", NextDifference(20), 6, 1, np.float64)
    if silent:
        learner.kernel[...] = 0.0
    return Forecaster(learner)


def test_the_hints_are_those_of_the_equations():
    values, season = RNG.standard_normal(40), 5
    told = hints(values, season)
    for row, t in enumerate(range(told.first, 40)):
        scale = np.mean([abs(values[s] - values[s - season]) for s in range(season, t + 1)])
        base = values[t + 1 - season]
        seen = [values[t + 1 - k * season] for k in range(1, 9) if t + 1 - k * season >= 0]
        expected = [values[t] - values[t - season], values[t] - base, np.mean(seen) - base]
        assert told.scale[row] == pytest.approx(scale)
        assert told.base[row] == base
        expected = np.clip(np.array(expected) / scale, -6, 6)
        assert np.allclose(told.inputs[row], expected, atol=1e-12)


def test_too_short_a_series_gives_no_hint():
    assert len(hints(np.arange(13.0), 5).inputs) == 1
    with pytest.raises(ValueError, match="too few"):
        hints(np.arange(12.0), 5)


def test_naive_forecasts_repeat_a_value_or_a_season():
    values = np.arange(10.0)
    assert forecasting.naive(values, 3, [4, 9]).tolist() == [[4, 4, 4], [9, 9, 9]]
    assert forecasting.seasonal_naive(values, 4, 6, [9]).tolist() == [[6, 7, 8, 9, 6, 7]]


def test_a_network_that_answers_0_is_the_seasonal_naive_forecast():
    ahead = untrained(silent=True).ahead(WAVE, 12, 30, [60, 119])
    assert np.allclose(ahead, forecasting.seasonal_naive(WAVE, 12, 30, [60, 119]))


def test_the_first_step_ahead_is_the_one_step_forecast():
    network = untrained()
    one, first = network.one_step(WAVE, 12)
    ahead = network.ahead(WAVE, 12, 1, [70, 119])[:, 0]
    assert np.allclose(ahead, [one[71 - first], one[-1]])


@pytest.mark.parametrize("season", [1, 2, 12])
def test_each_forecast_is_taken_for_true_by_the_next(season):
    """Going on by hand, from the first forecast, with the scale of the origin."""
    network = untrained()
    ahead = network.ahead(WAVE, season, 2, [119])[0]
    told = hints(np.append(WAVE, ahead[0]), season)
    inputs = told.inputs.copy()
    # One more value changes the last scale a little; the network kept the origin's.
    inputs[-1] *= told.scale[-1] / told.scale[-2]
    hidden = network.learner.cell.hidden_states(inputs)[-1]
    answer = float((hidden @ network.learner.kernel + network.learner.bias)[0])
    assert ahead[1] == pytest.approx(told.base[-1] + told.scale[-2] * answer)


def test_level_and_unit_drop_out():
    network = untrained()
    plain = network.ahead(WAVE, 12, 20, [119])
    assert np.allclose(network.ahead(7.0 * WAVE - 300.0, 12, 20, [119]), 7.0 * plain - 300.0)


def test_the_scaled_error_of_the_seasonal_naive_forecast_on_its_own_past_is_1():
    scale = np.abs(WAVE[12:] - WAVE[:-12]).mean()
    error = forecasting.mean_scaled_error(WAVE[12:], WAVE[:-12], np.array(scale))
    assert error == pytest.approx(1.0)


def test_a_backtest_compares_with_what_came():
    tested = backtest(untrained(), WAVE, 12, 10, most=7)
    assert len(tested.origins) == 7
    origin = tested.origins[3]
    scale = np.abs(WAVE[12 : origin + 1] - WAVE[: origin - 11]).mean()
    error = abs(WAVE[origin + 4] - WAVE[origin]) / scale
    assert tested.errors["naive"][3, 3] == pytest.approx(error)
    assert tested.best == min(tested.mase, key=tested.mase.get)
    assert backtest(untrained(), WAVE[:30], 12, 10) is None


def test_a_difference_is_clear_only_beyond_chance():
    rng = np.random.default_rng(1)
    origins, noise = list(range(100, 160)), rng.random((60, 10))
    plain = {"naive": noise + 1.0, "seasonal naive": noise + 1.5}
    far = {"network": noise + 0.01 * rng.random((60, 10))} | plain
    near = {"network": rng.random((60, 10)) + 0.99} | plain
    assert forecasting.Backtest(origins, far).clear
    assert not forecasting.Backtest(origins, near).clear
    # The same windows within twice a horizon are too few to say.
    assert not forecasting.Backtest([100, 105, 110], {k: v[:3] for k, v in far.items()}).clear


def test_a_range_holds_the_share_of_the_errors_that_it_says():
    network = untrained()
    tested = backtest(network, WAVE, 12, 6)
    made = forecasting.forecast(network, WAVE, 12, 6, tested, np.ones(6))
    half = (made.high - made.low) / 2 / hints(WAVE, 12).scale[-1]
    assert np.all((tested.errors["network"] <= half + 1e-9).mean(axis=0) >= 0.78)
    spare = forecasting.forecast(network, WAVE[:30], 12, 6, None, np.full(48, 2.0))
    assert spare.measured == 0
    assert np.allclose(spare.high - spare.low, 4.0 * hints(WAVE[:30], 12).scale[-1])


def test_seasons_are_found_and_none_where_there_is_none():
    assert find_season(WAVE) == 12
    assert find_season(np.tile([1.0, 5, 2, 8, 3, 9, 4], 20)) == 7
    assert find_season(np.full(50, 3.0)) == 1
    for seed in range(20):
        walk = np.random.default_rng(seed).standard_normal(200).cumsum()
        assert find_season(walk) == 1


@pytest.mark.parametrize(
    "values",
    [
        np.full(60, 7.0),
        np.tile([0.1, 0.2, 0.3], 30),
        np.concatenate([np.tile([0.1, 0.2, 0.30000000001], 20), [1e15], np.zeros(20)]),
        1e-300 * np.arange(60.0) % 7,
        1e15 * np.sin(np.arange(80.0)),
    ],
)
def test_strange_series_give_numbers_and_no_warning(values):
    for season in (1, 3):
        tested = backtest(untrained(), values, season, 5)
        made = forecasting.forecast(untrained(), values, season, 5, tested, np.ones(48))
        assert np.isfinite(made.low).all()
        assert np.isfinite(list(tested.mase.values())).all()


def test_a_stopped_training_goes_on_to_the_same_network(tmp_path):
    recipe = Recipe(units=4, length=12, batch=4, updates=12)
    whole = ForecasterTraining(recipe)
    whole.advance(12)
    first = ForecasterTraining(recipe)
    first.advance(5)
    first.save(tmp_path / "kept.npz")
    second = ForecasterTraining(recipe)
    assert second.resume(tmp_path / "kept.npz")
    second.advance(12)
    assert second.updates == 12
    assert second.log == whole.log
    for name, parameter in whole.learner.parameters.items():
        assert np.array_equal(parameter, second.learner.parameters[name])


def test_a_made_series_is_answered_with_its_next_difference():
    batch = NextDifference(30).draw(5, np.random.default_rng(3))
    assert batch.inputs.shape == (5, 30, 3)
    assert batch.targets.shape == (5, 30, 1)
    # What is answered at a step is what is read at the next, up to the change of scale.
    told, answered = batch.inputs[:, 1:, 0], batch.targets[:, :-1, 0]
    assert np.all(np.sign(told) == np.sign(answered.astype(np.float32)))


def test_the_results_belong_to_the_network_that_ships():
    told = json.loads(forecaster_training.RESULTS.read_text(encoding="utf-8"))
    network = Forecaster.load()
    assert network.learner.count == told["parameters"]
    assert {"co2", "elnino", "sunspots", "nile"} == set(told["real"])
    for name, row in told["real"].items():
        values = shipped_series(name)
        assert find_season(values) == row["season"]
        mase = backtest(network, values, row["season"], 12).mase
        assert mase == pytest.approx(row["mase"], abs=2e-3)
    assert told["made"]["mase"]["network"] < told["made"]["mase"]["seasonal naive"]


# ---- Files of visitors --------------------------------------------------------------------------

NUMBERS = "\n".join(str(value) for value in range(30))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (NUMBERS, list(range(30))),
        (f"sales\n{NUMBERS}", list(range(30))),
        (("v\n" + NUMBERS).encode("utf-16"), list(range(30))),
        (("\ufeffv\n" + NUMBERS).encode(), list(range(30))),
        (f"café\n{NUMBERS}".encode("latin-1"), list(range(30))),
        (
            "\n".join(f"d{k};1.234,5{k}" for k in range(20)),
            [float(f"1234.5{k}") for k in range(20)],
        ),
        ("t;v\n" + "\n".join(f"{k};{k},5" for k in range(20)), [k + 0.5 for k in range(20)]),
        ("\n".join(f'{k},"1,00{k}"' for k in range(10, 30)), None),
        ("\n".join(f"{k}\t{k * k}" for k in range(20)), [k * k for k in range(20)]),
        ("y,v\n" + "\n".join(f"{1990 + k},{k * k}" for k in range(20)), [k * k for k in range(20)]),
        (NUMBERS.replace("\n", "\r\n"), list(range(30))),
        (NUMBERS.replace("7\n", "\N{MINUS SIGN}7\n", 1), None),
        (NUMBERS + "\n1e3", [*range(30), 1000.0]),
    ],
)
def test_series_are_read_however_they_are_written(given, expected):
    table = read_table(given)
    series = column(table, numeric_columns(table)[0])
    assert np.isfinite(series.numbers).all()
    if expected is not None:
        assert series.numbers.tolist() == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "nothing in it"),
        (" \n \n", "nothing in it"),
        ("a\nb\nc\n", "is no number"),
        ("name\nfoo\n" + NUMBERS, "Row 1 has “foo”"),
        ("1\n2\n3", "too few"),
        (f"{NUMBERS}\n1e308", "Row 31 has 1e308"),
        (f"{NUMBERS}\ninf", "Row 31 has inf"),
        (f"{NUMBERS}\n-1e999", "nothing beyond"),
        (f"v\n{NUMBERS}" + "\nNaN" * 20 + "\n3", "too many to fill in"),
        (b"\x00\x01\x02", "zero bytes"),
        ("9" * 200_000, "nothing beyond"),
        ("1\n" * 3_000_000, "larger than"),
        ("<script>alert(1)</script>\n" * 20, "is no number"),
    ],
)
def test_what_is_no_series_is_told_so(given, said):
    def read():
        table = read_table(given)
        return column(table, (numeric_columns(table) or [0])[0])

    with pytest.raises(ValueError, match=said):
        read()


def test_a_long_file_is_cut_to_its_end_and_gaps_are_filled():
    table = read_table("\n".join(str(k) for k in range(100_000)))
    series = column(table, 0)
    assert table.rows_given == 100_000
    assert len(series.numbers) == MOST_ROWS
    assert series.numbers[-1] == 99_999
    filled = column(read_table("v\n" + NUMBERS.replace("\n7\n", "\nn/a\n")), 0)
    assert filled.filled == 1
    assert filled.numbers[7] == 7.0

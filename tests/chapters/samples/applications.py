"""What the contract test needs to know of the chapter on applications; its state is ``Shown``."""

from functools import cache

from lstm_core.series.forecasting import Forecaster, backtest, find_season
from lstm_core.text.characters import CharacterNetwork, probabilities, write
from pages.applications import exercises, lesson
from pages.applications.lesson import START

network = cache(CharacterNetwork.load)
forecaster = cache(Forecaster.load)


@cache
def backtested(name, season, horizon):
    values = lesson.series(name)
    return backtest(forecaster(), values, season or find_season(values), horizon)


def on_screen(**controls):
    """Return what the page shows when the controls stand so, the others as they begin."""
    at = START | {f"app_{name}": value for name, value in controls.items()}
    temperature = at["app_temperature"]
    writing = write(network(), at["app_start"], at["app_length"], temperature, at["app_seed"])
    return lesson.Shown(
        lesson.APPLICATIONS[at["app_which"]],
        lesson.Written(network(), writing, temperature),
        backtested(at["app_series"], at["app_season"], at["app_horizon"]),
    )


FIRST = on_screen()
REACHED = {
    "in-circles": on_screen(
        start=lesson.BEGINNINGS["The first sentence"], temperature=0.1, length=800, seed=3
    ),
    "nearly-sure": on_screen(start="Mr. Bingle"),
    "naive-wins": on_screen(season=1),
}
MOVES = (
    {"app_which": "machine translation"},
    {"app_seed": 2},
    {"app_temperature": 0.2},
    {"app_temperature": 1.5},
    {"app_unit": exercises.QUOTED},
    {"app_series": lesson.WALK},
    {"app_season": 1},
)
STATES = [
    FIRST,
    on_screen(which="machine translation", start="💥", temperature=0.1, series=lesson.WALK),
    on_screen(start="x", temperature=2.0, series="nile", horizon=48),
]


def shown(preset):
    """Return what the quests are checked on after a preset."""
    return on_screen(start=preset.sets["app_start"])


def taken_home():
    start = lesson.BEGINNINGS["Not of its time"] + " 💥"
    logits = network().logits(network().read(start).hidden_state[-1])
    yield lesson.text_programs(start, 50, 0.8, 3), probabilities(logits, 0.8), 1e-4
    for name, season, horizon in (("co2", 12, 24), (lesson.WALK, 1, 5), ("nile", 30, 40)):
        values = lesson.series(name)
        wanted = forecaster().ahead(values, season, horizon, [len(values) - 1])[0]
        yield lesson.series_programs(name, season, horizon), wanted, 1e-5

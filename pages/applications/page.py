"""Other applications: ten of them by shape, and two that run: text and time series."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.series.files import MOST_ROWS, column, numeric_columns, read_table
from lstm_core.series.forecasting import (
    Backtest,
    Forecast,
    Forecaster,
    backtest,
    find_season,
    forecast,
    hints,
    longest_season,
)
from lstm_core.text.characters import FEATURES, CharacterNetwork, Writing, write
from pages._app import caches, chapter, charts, downloads, learning, panels
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.markdown import plain
from pages.applications import exercises, figures, lesson

control = Controls(lesson.START)


@st.cache_resource(max_entries=1, show_spinner=False)
def writer() -> CharacterNetwork:
    """Load the character network once for all visitors."""
    return CharacterNetwork.load()


@st.cache_resource(max_entries=1, show_spinner=False)
def forecaster() -> Forecaster:
    """Load the forecaster once for all visitors."""
    return Forecaster.load()


@st.cache_resource(max_entries=len(lesson.BEGINNINGS), show_spinner=False)
def preset_writing(start: str) -> Writing:
    """Go on from a preset's beginning once for all visitors, as the page opens."""
    length, temperature, seed = (
        lesson.START[key] for key in ("app_length", "app_temperature", "app_seed")
    )
    return write(writer(), start, length, temperature, seed)


@st.cache_resource(max_entries=128, show_spinner=False)
def shipped_forecast(name: str, season: int, horizon: int) -> tuple[Backtest | None, Forecast]:
    """Forecast a series that is there once for all visitors."""
    return tested_forecast(lesson.series(name), season, horizon)


def tested_forecast(values: Array, season: int, horizon: int) -> tuple[Backtest | None, Forecast]:
    """Test the network on a series' past, then forecast the series."""
    network = forecaster()
    tested = backtest(network, values, season, horizon)
    return tested, forecast(network, values, season, horizon, tested, lesson.spare_range())


def ten_applications() -> lesson.Application:
    """Choose one of the ten; see its shape, and what goes in and out."""
    st.subheader(say("Ten applications, four shapes"))
    code = control.select(
        "app_which",
        say("Application"),
        lesson.APPLICATIONS,
        format_func=lambda code: say(lesson.APPLICATIONS[code].name),
    )
    one = lesson.APPLICATIONS[code]
    guess = control.switch("app_guess", say("Guess first: hide the drawing"))
    # The lecture mode hides the choice, and with it the name.
    st.markdown(f"##### {say(one.name)}")
    if guess:
        return one
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        drawing = figures.shape_drawing(
            one.shape,
            lesson.tokens(one.reads),
            lesson.tokens(one.writes),
            say(one.name),
            caches.colours(),
        )
        charts.show_drawing(drawing, "app_shape")
        st.caption(
            say(
                "Time runs to the right. Solid boxes go in, dashed ones come out; a dashed arrow takes an "
                "output back in. Every box “LSTM” of one colour is the same cell with the same weights."
            )
        )
    with words:
        panels.prose(lesson.in_words(one))
    with st.expander(say("All ten at a glance: name and shape")):
        st.table(pd.DataFrame(lesson.overview()).set_index(say("application")))
    return one


def text_generation() -> lesson.Written:
    """Let the network go on writing, and colour what it wrote by one unit."""
    st.subheader(say("Live: text generation, one character at a time"))
    panels.prose(lesson.characters_sentence())
    network = writer()
    chapter.preset_buttons(lesson.PRESETS)
    opening: str = lesson.START["app_start"]
    start = st.text_area(
        say("The network reads this, and goes on"),
        opening,
        height=80,
        max_chars=400,
        key="app_start",
        bind="query-params",
    )
    if not start:
        st.error(
            say("Give it at least one character. Until then it starts from “{text}”.", text=opening)
        )
        start = opening
    if strange := lesson.unknown_sentence(network, start):
        st.warning(strange, icon="⚠️")
    first, second, third = st.columns(3, gap="medium")
    temperature = control.slider(
        "app_temperature",
        say("Temperature T"),
        0.1,
        2.0,
        step=0.05,
        place=first,
        help=say("What the logits are divided by before the softmax."),
    )
    length = control.slider(
        "app_length", say("Characters to write"), 50, 800, step=50, place=second
    )
    seed = int(control.number("app_seed", say("Seed"), 0, 9999, place=third))
    writing = caches.computed(
        "app_writing",
        (start, length, temperature, seed),
        lambda: (
            preset_writing(start)
            if lesson.as_opened(start, length, temperature, seed)
            else write(network, start, length, temperature, seed)
        ),
    )
    coloured = unit_to_colour_by(network)
    show_writing(network, writing, coloured)
    bars, words = st.columns([3, 2], gap="large")
    with bars:
        figure = figures.next_character(
            writing.logits, network.vocabulary, temperature, caches.colours()
        )
        alt = figures.next_character_alt(writing.logits, network.vocabulary, temperature)
        charts.chart(figure, "app_next", alt)
    with words:
        st.markdown(f"##### {say('What the temperature does')}")
        st.latex(lesson.temperature_formula(network, writing, temperature))
        panels.prose(lesson.temperature_sentence(writing, temperature))
    text = writing.start + writing.text
    data = {
        "character": list(text),
        coloured.state: getattr(writing, coloured.state)[:, coloured.unit],
        "probability": [None] * len(writing.start) + writing.chances.tolist(),
    }
    programs = lesson.text_programs(start, length, temperature, seed)
    downloads.take_home("app_text", data, programs, "written_text")
    return lesson.Written(network, writing, temperature)


def unit_to_colour_by(network: CharacterNetwork) -> lesson.Coloured:
    """Let the visitor choose a unit: one that was measured to follow something, or any."""
    followers = lesson.followers()
    code = control.select(
        "app_unit",
        say("Coloured by"),
        [*followers, lesson.OTHER],
        format_func=lesson.choice_name,
        help=say(
            "For each feature, of all units the one with the largest correlation on the development chapters; r is then measured on the held-out ones."
        ),
    )
    if code != lesson.OTHER:
        return followers[code]
    left, right = st.columns(2, gap="medium")
    number = control.number("app_number", say("Unit"), 1, network.cell.units, place=left)
    state = control.choice(
        "app_state",
        say("State"),
        list(lesson.STATES),
        place=right,
        format_func=lesson.STATES.__getitem__,
    )
    return lesson.Coloured(state, int(number) - 1)


def show_writing(network: CharacterNetwork, writing: Writing, coloured: lesson.Coloured) -> None:
    """Show the text with its bars, the unit over it, and what was measured of the unit."""
    colours = caches.colours()
    values = lesson.shown_values(writing, coloured)
    ids = network.ids(writing.start).tolist()
    st.html(figures.coloured_text(writing.start, writing.text, ids, values, coloured.name, colours))
    st.caption(
        say(
            "Dotted: what was given. Beneath each character is the unit's value after reading it: indigo "
            "and upwards above the middle of where it lay on the development chapters, red and downwards "
            "below; a full bar is their 95th or 5th percentile. ⏎ is a line break; an outlined character "
            "is one that the network does not know."
        )
    )
    panels.prose(lesson.follows_sentence(writing, coloured))
    text = writing.start + writing.text
    feature = coloured.feature
    truth = FEATURES[feature](text) if feature else None
    name = lesson.feature_name(feature) if feature else ""
    figure = figures.unit_over_text(text, values, truth, coloured.name, name, colours)
    charts.chart(figure, "app_unit_chart", figures.unit_over_text_alt(values, coloured.name))


class NamedSeries(NamedTuple):
    """A series to forecast, and what it is called in the code that makes the forecast."""

    name: str
    numbers: Array


def own_series() -> Array | None:
    """Take the visitor's own series; what is wrong with it is said here, beside the field."""
    left, right = st.columns(2, gap="medium")
    pasted = left.text_area(
        say("Paste a table or a column of numbers"),
        height=160,
        key="app_pasted",
        placeholder="month,sales\n2024-01,112\n2024-02,118",
    )
    file = right.file_uploader(
        say("Or upload a CSV file"),
        type=["csv", "txt", "tsv"],
        key="app_file",
        max_upload_size=5,
        help=say("It stays in this session. If there is a file, it is used."),
    )
    content = file.getvalue() if file is not None else pasted
    if not content:
        st.info(say("Until there is a series of yours, the first one is shown."), icon="ℹ️")
        return None
    try:
        table = caches.computed("app_table", content, lambda: read_table(content))
        if table.rows_given > MOST_ROWS:
            st.info(lesson.cut_note(table.rows_given, MOST_ROWS), icon="ℹ️")
        places = numeric_columns(table) or [0]
        place = places[0]
        if len(table.columns) > 1:
            names = lesson.column_names(table.columns)
            place = st.selectbox(
                say("Column"),
                list(names),
                index=place,
                format_func=names.__getitem__,
                key=f"app_column_{len(names)}_{place}",
            )
        series = column(table, place)
    except ValueError as error:
        st.error(plain(say(error.args[0])))
        return None
    if series.filled:
        st.info(lesson.filled_note(series.filled), icon="ℹ️")
    return series.numbers


def series_to_forecast() -> NamedSeries:
    """Let the visitor choose a series that is there, or give one."""
    name = control.select(
        "app_series",
        say("Series"),
        lesson.SERIES,
        format_func=lambda code: say(lesson.SERIES[code]),
    )
    if name == lesson.OWN:
        values = own_series()
        if values is not None:
            return NamedSeries(name, values)
        name = lesson.START["app_series"]
        return NamedSeries(name, lesson.series(name))
    st.caption(lesson.source(name))
    return NamedSeries(name, lesson.series(name))


def season_of(values: Array) -> int:
    """Let the visitor give the season's length, or find it."""
    label = say("Length of the season; 0: find it, 1: there is none")
    typed = int(control.number("app_season", label, 0, 400))
    longest = longest_season(values)
    if typed > longest:
        st.error(lesson.too_long(typed, longest, len(values)))
        typed = 0
    season = typed or find_season(values)
    if not typed:
        st.caption(lesson.found_sentence(season))
    return season


def time_series() -> Backtest | None:
    """Forecast a series, and say whether a naive forecast would have been better.

    Returns the test on the series' own past, if it is long enough for one.
    """
    st.subheader(say("Live: forecasting a time series"))
    panels.prose(lesson.forecaster_sentence())
    series = series_to_forecast()
    left, right = st.columns(2, gap="medium")
    with left:
        season = season_of(series.numbers)
    horizon = control.slider("app_horizon", say("Steps ahead"), 1, 48, place=right)
    identity = (series.name, series.numbers.tobytes(), season, horizon)
    tested, ahead = caches.computed(
        "app_forecast",
        identity,
        lambda: (
            tested_forecast(series.numbers, season, horizon)
            if series.name == lesson.OWN
            else shipped_forecast(series.name, season, horizon)
        ),
    )
    show_forecast(series, season, tested, ahead)
    first = len(series.numbers) + 1
    data = {"step": range(first, first + horizon)} | ahead.methods
    data |= {"low": ahead.low, "high": ahead.high}
    programs = lesson.series_programs(series.name, season, horizon)
    downloads.take_home("app_forecast", data, programs, "forecast")
    return tested


def show_forecast(
    series: NamedSeries, season: int, tested: Backtest | None, ahead: Forecast
) -> None:
    """Draw and judge a forecast."""
    names = {code: say(title) for code, title in lesson.METHOD_NAMES.items()}
    identity = (series.numbers.tobytes(), season, len(ahead.low))
    figure = caches.drawn(
        "app_forecast_chart",
        identity,
        lambda colours: figures.forecast_chart(series.numbers, season, ahead, names, colours),
        series.name != lesson.OWN,
    )
    charts.chart(figure, "app_forecast_chart", figures.forecast_alt(series.numbers, ahead))
    panels.prose(lesson.verdict(tested, len(ahead.low)))
    panels.prose(lesson.range_sentence(ahead))
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.table(pd.DataFrame(lesson.rows(tested)).set_index(say("forecast")))
        scale = float(hints(series.numbers, season).scale[-1])
        st.latex(lesson.error_formula(tested, season, scale))
        st.caption(
            say(
                "Below 1 is better than the seasonal naive forecast was one step ahead on the past. The "
                "network reads differences to the last season, in units of that error, never the numbers "
                "themselves."
            )
        )
    if tested is None:
        return
    with picture:
        figure = caches.drawn(
            "app_errors",
            identity,
            lambda colours: figures.errors_ahead(tested.errors, names, colours),
            series.name != lesson.OWN,
        )
        charts.chart(figure, "app_errors", figures.errors_ahead_alt(tested.errors, names))


@panels.fragment
def applications() -> None:
    """Show the ten, the text and the series; the exercises are about all three as they stand."""
    with panels.panel("shapes"):
        one = ten_applications()
    learn = st.container()
    with panels.panel("text"):
        written = text_generation()
    with panels.panel("series"):
        tested = time_series()
    shown = lesson.Shown(one, written, tested)
    with learn:
        learning.exercises(chapters.APPLICATIONS, exercises.quiz(shown), exercises.QUESTS, shown)


chapter.begin(chapters.APPLICATIONS, lesson.PRESETS, exercises.TOUR)
applications()

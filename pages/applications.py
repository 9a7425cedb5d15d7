"""Other applications: ten of them by shape, and two that run: text and time series."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.arrays import Array
from lstm_core.characters import FEATURES, CharacterNetwork, Writing, write
from lstm_core.figures import applications as figures
from lstm_core.forecasting import (
    Backtest,
    Forecast,
    Forecaster,
    backtest,
    find_season,
    forecast,
    hints,
    longest_season,
)
from lstm_core.language import say
from lstm_core.lessons import applications as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.exercises import applications as exercises
from lstm_core.lessons.markdown import plain
from lstm_core.series_files import MOST_ROWS, column, numeric_columns, read_table
from pages import _learning, _parts


@st.cache_resource(max_entries=1, show_spinner=False)
def writer() -> CharacterNetwork:
    """Load the character network once for all visitors."""
    return CharacterNetwork.load()


@st.cache_resource(max_entries=1, show_spinner=False)
def forecaster() -> Forecaster:
    """Load the forecaster once for all visitors."""
    return Forecaster.load()


@st.cache_resource(max_entries=len(lesson.STARTS), show_spinner=False)
def preset_writing(start: str) -> Writing:
    """Go on from a preset's beginning once for all visitors, as the page opens."""
    return write(writer(), start, lesson.LENGTH, lesson.TEMPERATURE, lesson.SEED)


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
    chosen = st.selectbox(
        say("Application"), list(lesson.APPLICATIONS), key="app_which", bind="query-params",
        format_func=lambda code: say(lesson.APPLICATIONS[code].name),
    ) or next(iter(lesson.APPLICATIONS))  # fmt: skip
    one = lesson.APPLICATIONS[chosen]
    guess = st.toggle(say("Guess first: hide the drawing"), key="app_guess", bind="query-params")
    # The lecture mode hides the choice, and with it the name.
    st.markdown(f"##### {say(one.name)}")
    if guess:
        return one
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        drawing = figures.shape_drawing(
            one.shape, lesson.tokens(one.reads), lesson.tokens(one.writes), say(one.name),
            _parts.colours(),
        )  # fmt: skip
        _parts.show_drawing(drawing, "app_shape")
        st.caption(
            say(
                "Time runs to the right. Solid boxes go in, dashed ones come out; a dashed arrow takes an "
                "output back in. Every box “LSTM” of one colour is the same cell with the same weights."
            )
        )
    with words:
        _parts.prose(lesson.in_words(one))
    with st.expander(say("All ten at a glance: name and shape")):
        st.table(pd.DataFrame(lesson.overview()).set_index(say("application")))
    return one


def start_with(name: str) -> None:
    """Put a beginning into the field."""
    st.session_state.app_start = lesson.STARTS[name]


def text_generation() -> lesson.Written:
    """Let the network go on writing, and colour what it wrote by one unit."""
    st.subheader(say("Live: text generation, one character at a time"))
    _parts.prose(lesson.characters_sentence())
    network = writer()
    _parts.preset_buttons(lesson.STARTS, start_with, "app_starts")
    start = st.text_area(
        say("The network reads this, and goes on"), lesson.START, height=80, max_chars=400,
        key="app_start", bind="query-params",
    )  # fmt: skip
    if not start:
        st.error(
            say(
                "Give it at least one character. Until then it starts from “{text}”.",
                text=lesson.START,
            )
        )
        start = lesson.START
    if strange := lesson.unknown_sentence(network, start):
        st.warning(strange, icon="⚠️")
    first, second, third = st.columns(3, gap="medium")
    temperature = first.slider(
        say("Temperature T"), 0.1, 2.0, lesson.TEMPERATURE, 0.05, key="app_temperature",
        bind="query-params",
        help=say("What the logits are divided by before the softmax."),
    )  # fmt: skip
    length = second.slider(
        say("Characters to write"), 50, 800, lesson.LENGTH, 50, key="app_length",
        bind="query-params",
    )  # fmt: skip
    seed = int(
        third.number_input(say("Seed"), 0, 9999, lesson.SEED, key="app_seed", bind="query-params")
    )
    writing = _parts.once(
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
            writing.logits, network.vocabulary, temperature, _parts.colours()
        )
        alt = figures.next_character_alt(writing.logits, network.vocabulary, temperature)
        _parts.chart(figure, "app_next", alt)
    with words:
        st.markdown(f"##### {say('What the temperature does')}")
        st.latex(lesson.temperature_formula(network, writing, temperature))
        _parts.prose(lesson.temperature_sentence(writing, temperature))
    text = writing.start + writing.text
    data = {
        "character": list(text),
        coloured.state: getattr(writing, coloured.state)[:, coloured.unit],
        "probability": [None] * len(writing.start) + writing.chances.tolist(),
    }
    _parts.take_home(
        "app_text",
        data,
        lesson.characters_code(start, length, temperature, seed),
        "written_text",
        lesson.characters_keras_code(start, temperature),
        lesson.characters_torch_code(start, temperature),
    )
    return lesson.Written(network, writing, temperature)


def unit_to_colour_by(network: CharacterNetwork) -> lesson.Coloured:
    """Let the visitor choose a unit: one that was measured to follow something, or any."""
    followers = lesson.followers()
    chosen = st.selectbox(
        say("Coloured by"), [*followers, lesson.OTHER], key="app_unit", bind="query-params",
        format_func=lesson.choice_name,
        help=say("For each feature, of all units the one with the largest correlation on the development chapters; r is then measured on the held-out ones."),
    ) or next(iter(followers))  # fmt: skip
    if chosen != lesson.OTHER:
        return followers[chosen]
    left, right = st.columns(2, gap="medium")
    number = left.number_input(
        say("Unit"), 1, network.cell.units, 1, key="app_number", bind="query-params"
    )
    state = right.segmented_control(
        say("State"), list(lesson.STATES), default="cell_state", key="app_state", required=True,
        bind="query-params", format_func=lesson.STATES.__getitem__,
    ) or "cell_state"  # fmt: skip
    return lesson.Coloured(state, int(number) - 1)


def show_writing(network: CharacterNetwork, writing: Writing, coloured: lesson.Coloured) -> None:
    """Show the text with its bars, the unit over it, and what was measured of the unit."""
    colours = _parts.colours()
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
    _parts.prose(lesson.follows_sentence(writing, coloured))
    text = writing.start + writing.text
    feature = coloured.feature
    truth = FEATURES[feature](text) if feature else None
    name = lesson.feature_name(feature) if feature else ""
    figure = figures.unit_over_text(text, values, truth, coloured.name, name, colours)
    _parts.chart(figure, "app_unit_chart", figures.unit_over_text_alt(values, coloured.name))


class Given(NamedTuple):
    """A series to forecast, and what it is called in the code that makes the forecast."""

    name: str
    numbers: Array


def own_series() -> Array | None:
    """Take the visitor's own series; what is wrong with it is said here, beside the field."""
    left, right = st.columns(2, gap="medium")
    pasted = left.text_area(
        say("Paste a table or a column of numbers"), height=160, key="app_pasted",
        placeholder="month,sales\n2024-01,112\n2024-02,118",
    )  # fmt: skip
    file = right.file_uploader(
        say("Or upload a CSV file"), type=["csv", "txt", "tsv"], key="app_file", max_upload_size=5,
        help=say("It stays in this session. If there is a file, it is used."),
    )  # fmt: skip
    given = file.getvalue() if file is not None else pasted
    if not given:
        st.info(say("Until there is a series of yours, the first one is shown."), icon="ℹ️")
        return None
    try:
        table = _parts.once("app_table", given, lambda: read_table(given))
        if table.rows_given > MOST_ROWS:
            st.info(lesson.cut_note(table.rows_given, MOST_ROWS), icon="ℹ️")
        places = numeric_columns(table) or [0]
        place = places[0]
        if len(table.columns) > 1:
            names = lesson.column_names(table.columns)
            place = st.selectbox(
                say("Column"), list(names), index=place, format_func=names.__getitem__,
                key=f"app_column_{len(names)}_{place}",
            )  # fmt: skip
        series = column(table, place)
    except ValueError as error:
        st.error(plain(str(error)))
        return None
    if series.filled:
        st.info(lesson.filled_note(series.filled), icon="ℹ️")
    return series.numbers


def series_to_forecast() -> Given:
    """Let the visitor choose a series that is there, or give one."""
    first = next(iter(lesson.SERIES))
    name = st.selectbox(
        say("Series"), list(lesson.SERIES), key="app_series", bind="query-params",
        format_func=lambda code: say(lesson.SERIES[code]),
    ) or first  # fmt: skip
    if name == lesson.OWN:
        values = own_series()
        return Given(first, lesson.series(first)) if values is None else Given(name, values)
    st.caption(lesson.source(name))
    return Given(name, lesson.series(name))


def season_of(values: Array) -> int:
    """Let the visitor give the season's length, or find it."""
    typed = int(
        st.number_input(
            say("Length of the season; 0: find it, 1: there is none"), 0, 400, 0, key="app_season",
            bind="query-params",
        )
    )  # fmt: skip
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
    _parts.prose(lesson.forecaster_sentence())
    given = series_to_forecast()
    left, right = st.columns(2, gap="medium")
    with left:
        season = season_of(given.numbers)
    horizon = right.slider(say("Steps ahead"), 1, 48, 24, key="app_horizon", bind="query-params")
    identity = (given.name, given.numbers.tobytes(), season, horizon)
    tested, made = _parts.once(
        "app_forecast",
        identity,
        lambda: (
            tested_forecast(given.numbers, season, horizon)
            if given.name == lesson.OWN
            else shipped_forecast(given.name, season, horizon)
        ),
    )
    show_forecast(given, season, tested, made)
    data = {"step": range(len(given.numbers) + 1, len(given.numbers) + horizon + 1)} | made.made
    data |= {"low": made.low, "high": made.high}
    _parts.take_home(
        "app_forecast",
        data,
        lesson.forecast_code(given.name, season, horizon),
        "forecast",
        lesson.forecast_keras_code(given.name, season, horizon),
        lesson.forecast_torch_code(given.name, season, horizon),
    )
    return tested


def show_forecast(given: Given, season: int, tested: Backtest | None, made: Forecast) -> None:
    """Draw and judge a forecast."""
    names = {code: say(title) for code, title in lesson.METHOD_NAMES.items()}
    identity = (given.numbers.tobytes(), season, len(made.low))
    figure = _parts.drawn_once(
        "app_forecast_chart",
        identity,
        lambda colours: figures.forecast_chart(given.numbers, season, made, names, colours),
        given.name != lesson.OWN,
    )
    _parts.chart(figure, "app_forecast_chart", figures.forecast_alt(given.numbers, made))
    _parts.prose(lesson.verdict(tested, len(made.low)))
    _parts.prose(lesson.range_sentence(made))
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.table(pd.DataFrame(lesson.rows(tested)).set_index(say("forecast")))
        scale = float(hints(given.numbers, season).scale[-1])
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
        figure = _parts.drawn_once(
            "app_errors",
            identity,
            lambda colours: figures.errors_ahead(tested.errors, names, colours),
            given.name != lesson.OWN,
        )
        _parts.chart(figure, "app_errors", figures.errors_ahead_alt(tested.errors, names))


@_parts.fragment
def applications() -> None:
    """Show the ten, the text and the series; the exercises are about all three as they stand."""
    with _parts.panel("shapes"):
        one = ten_applications()
    learn = st.container()
    with _parts.panel("text"):
        written = text_generation()
    with _parts.panel("series"):
        tested = time_series()
    shown = lesson.Shown(one, written, tested)
    with learn:
        _learning.exercises(chapters.APPLICATIONS, exercises.quiz(shown), exercises.QUESTS, shown)


_parts.heading(chapters.APPLICATIONS)
_learning.tour(chapters.APPLICATIONS, exercises.TOUR)
applications()

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
from pages._app import caches, chapter, charts, downloads, panels, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.markdown import plain
from pages.applications import exercises, figures, lesson
from pages.applications.lesson import Shown

control = Controls(lesson.START)


# ---- What is computed ---------------------------------------------------------------------------


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


def written() -> lesson.Written:
    """Return the text that the controls ask for."""
    start = control.now("app_start") or lesson.START["app_start"]
    length, temperature = control.now("app_length"), control.now("app_temperature")
    seed = int(control.now("app_seed"))
    writing = caches.computed(
        "app_writing",
        (start, length, temperature, seed),
        lambda: (
            preset_writing(start)
            if lesson.as_opened(start, length, temperature, seed)
            else write(writer(), start, length, temperature, seed)
        ),
    )
    return lesson.Written(writer(), writing, temperature)


class NamedSeries(NamedTuple):
    """A series to forecast, and what it is called in the code that makes the forecast.

    Attributes:
        name: code in ``lesson.SERIES``.
        numbers: (time,).
        instead: whether it stands in for a series of the visitor's own that is not there.
    """

    name: str
    numbers: Array
    instead: bool


def chosen_series() -> NamedSeries:
    """Return the series that was chosen; the first one while there is none of the visitor's own."""
    name = control.now("app_series")
    own: Array | None = st.session_state.get("app_own_series")
    if name == lesson.OWN and own is not None:
        return NamedSeries(name, own, False)
    shown_name = lesson.START["app_series"] if name == lesson.OWN else name
    return NamedSeries(shown_name, lesson.series(shown_name), name == lesson.OWN)


def chosen_season(values: Array) -> int:
    """Return the season's length: the one that was typed, if the series can hold it, or the one found."""
    typed = int(control.now("app_season"))
    return typed if 0 < typed <= longest_season(values) else find_season(values)


def forecast_now() -> tuple[NamedSeries, int, Backtest | None, Forecast]:
    """Return the chosen series, its season, the test on its past, and its forecast."""
    series = chosen_series()
    season, horizon = chosen_season(series.numbers), int(control.now("app_horizon"))
    tested, ahead = caches.computed(
        "app_forecast",
        (series.name, series.numbers.tobytes(), season, horizon),
        lambda: (
            tested_forecast(series.numbers, season, horizon)
            if series.name == lesson.OWN
            else shipped_forecast(series.name, season, horizon)
        ),
    )
    return series, season, tested, ahead


def shown() -> Shown:
    """Return what the controls of all panels ask for."""
    series, _, tested, _ = forecast_now()
    application = lesson.APPLICATIONS[control.now("app_which")]
    flat = lesson.is_flat(series.numbers)
    return Shown(application, written(), None if series.instead else tested, flat)


def taken_home() -> downloads.TakenHome:
    """Return the forecast where it is open, else the text, and the programs that make it."""
    if st.session_state.get("panel") == "series":
        series, season, _, ahead = forecast_now()
        horizon, first = len(ahead.low), len(series.numbers) + 1
        columns = {"step": range(first, first + horizon)} | ahead.methods
        columns |= {"low": ahead.low, "high": ahead.high}
        programs = lesson.series_programs(series.name, season, horizon)
        return downloads.TakenHome(columns, programs, "forecast")
    one, coloured = written(), coloured_by()
    writing, text = one.writing, one.writing.start + one.writing.text
    data = {
        "character": list(text),
        coloured.state: getattr(writing, coloured.state)[:, coloured.unit],
        "probability": [None] * len(writing.start) + writing.chances.tolist(),
    }
    programs = lesson.text_programs(
        writing.start, control.now("app_length"), one.temperature, int(control.now("app_seed"))
    )
    return downloads.TakenHome(data, programs, "written_text")


page = stage.Page(
    chapters.APPLICATIONS,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


# ---- Ten applications ---------------------------------------------------------------------------


@page.panel("shapes", keys=("app_which", "app_guess"))
def shapes(place: stage.Stage) -> None:
    """Choose one of the ten; see its shape, and what goes in and out."""
    with place.beside:
        code = control.select(
            "app_which",
            say("Application"),
            lesson.APPLICATIONS,
            format_func=lambda code: say(lesson.APPLICATIONS[code].name),
            help=say(
                "Time runs to the right. Solid boxes go in, dashed ones come out; a dashed arrow takes an "
                "output back in. Every box “LSTM” of one colour is the same cell with the same weights."
            ),
        )
        guess = control.switch("app_guess", say("Guess first: hide the drawing"))
    one = lesson.APPLICATIONS[code]
    with place.picture:
        drawing = figures.shape_drawing(
            one.shape,
            lesson.tokens(one.reads),
            lesson.tokens(one.writes),
            say(one.name),
            caches.colours(),
            say(lesson.SHAPES[one.shape]),
            guess,
        )
        charts.show_drawing(drawing, "app_shape")
    with place.more():
        if not guess:
            panels.prose(lesson.in_words(one))
        st.markdown(f"##### {say('All ten at a glance: name and shape')}")
        st.table(pd.DataFrame(lesson.overview()).set_index(say("application")))
    place.sentence(say("Which shape is it?") if guess else lesson.shape_sentence(one))


# ---- Text ---------------------------------------------------------------------------------------


@page.panel(
    "text",
    keys=(
        "app_start", "app_length", "app_temperature", "app_seed", "app_unit", "app_number",
        "app_state", "app_view",
    ),
)  # fmt: skip
def text_generation(place: stage.Stage) -> Shown:
    """Let the network go on writing, and colour what it wrote by one unit."""
    with place.beside:
        view = control.choice("app_view", say("Show"), lesson.TEXT_VIEWS, format_func=say)
        chapter.preset_select(lesson.PRESETS)
        beginning()
        control.slider(
            "app_temperature",
            say("Temperature T"),
            0.1,
            2.0,
            step=0.05,
            help=say(lesson.ABOUT_TEMPERATURE),
        )
    with place.more():
        control.number("app_seed", say("Seed"), 0, 9999)
        control.slider("app_length", say("Characters to write"), 50, 800, step=50)
        unit_to_colour_by()
        one, coloured = written(), coloured_by()
        st.caption(say(lesson.ABOUT_BARS))
        panels.prose(lesson.characters_sentence())
        st.latex(lesson.temperature_formula(one.network, one.writing, one.temperature))
    with place.picture:
        if view == lesson.NEXT:
            draw_next_character(one)
        elif view == lesson.UNIT:
            draw_unit(one.writing, coloured)
        else:
            draw_text(one, coloured)
    if view == lesson.NEXT:
        place.sentence(lesson.temperature_sentence(one.writing, one.temperature))
    elif view == lesson.UNIT:
        place.sentence(lesson.follows_sentence(one.writing, coloured))
    else:
        sentence = lesson.follows_sentence(one.writing, coloured)
        place.sentence(say("Bars: {sentence}", sentence=sentence))
    return shown()


def beginning() -> None:
    """Let the visitor type what the network goes on from; what is wrong with it is said here."""
    opening: str = lesson.START["app_start"]
    start = st.text_area(
        say("The network reads this, and goes on"),
        opening,
        height=80,
        max_chars=400,
        key="app_start",
        bind="query-params",
        persist_state="page",
    )
    if not start:
        st.error(
            say("Give it at least one character. Until then it starts from “{text}”.", text=opening)
        )
    elif strange := lesson.unknown_sentence(writer(), start):
        st.warning(strange, icon=":material/warning:")


def unit_to_colour_by() -> None:
    """Let the visitor choose a unit: one that was measured to follow something, or any."""
    code = control.select(
        "app_unit",
        say("Coloured by"),
        [*lesson.followers(), lesson.OTHER],
        format_func=lesson.choice_name,
        help=say(
            "For each feature, of all units the one with the largest correlation on the development chapters; r is then measured on the held-out ones."
        ),
    )
    if code != lesson.OTHER:
        return
    left, right = st.columns(2, gap="medium")
    control.number("app_number", say("Unit"), 1, writer().cell.units, place=left)
    control.choice(
        "app_state",
        say("State"),
        list(lesson.STATES),
        place=right,
        format_func=lesson.STATES.__getitem__,
    )


def coloured_by() -> lesson.Coloured:
    """Return the unit that colours the text."""
    code = control.now("app_unit")
    if code != lesson.OTHER:
        return lesson.followers()[code]
    return lesson.Coloured(control.now("app_state"), int(control.now("app_number")) - 1)


def draw_text(one: lesson.Written, coloured: lesson.Coloured) -> None:
    """Show the text with a bar beneath each character."""
    writing = one.writing
    ids = one.network.ids(writing.start).tolist()
    values = lesson.shown_values(writing, coloured)
    st.html(
        figures.coloured_text(
            writing.start, writing.text, ids, values, coloured.name, caches.colours()
        )
    )


def draw_next_character(one: lesson.Written) -> None:
    """Draw the likeliest next characters, before and after the temperature."""
    logits, vocabulary = one.writing.logits, one.network.vocabulary
    figure = figures.next_character(logits, vocabulary, one.temperature, caches.colours())
    alt = figures.next_character_alt(logits, vocabulary, one.temperature)
    charts.chart(figure, "app_next", alt)


def draw_unit(writing: Writing, coloured: lesson.Coloured) -> None:
    """Draw the unit over the text, beside what it was measured to follow."""
    values = lesson.shown_values(writing, coloured)
    text, feature = writing.start + writing.text, coloured.feature
    truth = FEATURES[feature](text) if feature else None
    name = lesson.feature_name(feature) if feature else ""
    figure = figures.unit_over_text(text, values, truth, coloured.name, name, caches.colours())
    charts.chart(figure, "app_unit_chart", figures.unit_over_text_alt(values, coloured.name))


# ---- A series of numbers ------------------------------------------------------------------------


@page.panel("series", keys=("app_series", "app_season", "app_horizon", "app_series_view"))
def time_series(place: stage.Stage) -> Shown:
    """Forecast a series, and say whether a naive forecast would have been better."""
    with place.beside:
        view = control.choice("app_series_view", say("Show"), lesson.SERIES_VIEWS, format_func=say)
        series_to_forecast()
        season_control(chosen_series().numbers)
        control.slider("app_horizon", say("Steps ahead"), 1, 48)
    series, season, tested, ahead = forecast_now()
    with place.picture:
        if view == lesson.ERRORS and tested is not None:
            draw_errors(series, season, tested, ahead)
        else:
            draw_forecast(series, season, ahead)
    with place.more():
        about_forecast(series, season, tested, ahead)
    place.sentence(lesson.verdict(tested, season, len(ahead.low)))
    return shown()


def series_to_forecast() -> None:
    """Let the visitor choose a series that is there, or give one."""
    name = control.select(
        "app_series",
        say("Series"),
        lesson.SERIES,
        format_func=lambda code: say(lesson.SERIES[code]),
    )
    if name != lesson.OWN:
        return
    st.session_state["app_own_series"] = own_series()
    if st.session_state["app_own_series"] is None:
        st.info(lesson.shown_instead(chosen_series().name), icon=":material/info:")


def own_series() -> Array | None:
    """Take the visitor's own series; what is wrong with it is said here, beside the field."""
    pasted = st.text_area(
        say("Paste a table or a column of numbers"),
        height=110,
        key="app_pasted",
        placeholder="month,sales\n2024-01,112\n2024-02,118",
        persist_state="page",
    )
    file = st.file_uploader(
        say("Or upload a CSV file"),
        type=["csv", "txt", "tsv"],
        key="app_file",
        max_upload_size=5,
        help=say("It stays in this session. If there is a file, it is used."),
    )
    content = file.getvalue() if file is not None else pasted
    if not content:
        return None
    try:
        table = caches.computed("app_table", content, lambda: read_table(content))
        if table.rows_given > MOST_ROWS:
            st.info(lesson.cut_note(table.rows_given, MOST_ROWS), icon=":material/info:")
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
        st.info(lesson.filled_note(series.filled), icon=":material/info:")
    return series.numbers


def season_control(values: Array) -> None:
    """Let the visitor give the season's length, or find it."""
    typed = int(
        control.number(
            "app_season",
            say("Length of the season"),
            0,
            400,
            help=say("0: the app finds it. 1: there is none."),
        )
    )
    longest = longest_season(values)
    if typed > longest:
        st.error(lesson.too_long(typed, longest, len(values)))
    if not 0 < typed <= longest:
        st.caption(lesson.found_sentence(find_season(values)))


def draw_forecast(series: NamedSeries, season: int, ahead: Forecast) -> None:
    """Draw the end of the series and its forecasts."""
    names = {code: say(title) for code, title in lesson.methods(season).items()}
    title = say(lesson.SERIES[series.name])
    figure = caches.drawn(
        "app_forecast_chart",
        (series.name, series.numbers.tobytes(), season, len(ahead.low)),
        lambda colours: figures.forecast_chart(
            series.numbers, season, ahead, names, colours, title
        ),
        series.name != lesson.OWN,
    )
    charts.chart(figure, "app_forecast_chart", figures.forecast_alt(series.numbers, ahead))


def draw_errors(series: NamedSeries, season: int, tested: Backtest, ahead: Forecast) -> None:
    """Draw how the errors grow with the steps ahead."""
    names = {code: say(title) for code, title in lesson.methods(season).items()}
    figure = caches.drawn(
        "app_errors",
        (series.name, series.numbers.tobytes(), season, len(ahead.low)),
        lambda colours: figures.errors_ahead(tested.errors, names, colours),
        series.name != lesson.OWN,
    )
    charts.chart(figure, "app_errors", figures.errors_ahead_alt(tested.errors, names))


def about_forecast(
    series: NamedSeries, season: int, tested: Backtest | None, ahead: Forecast
) -> None:
    """Say what the forecaster is, how it was tested, and what the errors are measured in."""
    panels.prose(lesson.forecaster_sentence())
    panels.prose(lesson.about_the_test(tested))
    panels.prose(lesson.range_sentence(ahead))
    st.table(pd.DataFrame(lesson.rows(tested, season)).set_index(say("forecast")))
    scale = float(hints(series.numbers, season).scale[-1])
    st.latex(lesson.error_formula(tested, season, scale))
    st.caption(
        say(
            "Below 1 is better than the seasonal naive forecast was one step ahead on the past. The "
            "network reads differences to the last season, in units of that error, never the numbers "
            "themselves."
        )
    )
    if source := lesson.source(series.name):
        st.caption(source)


page.show()

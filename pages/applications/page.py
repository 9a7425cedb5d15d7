"""Other applications: ten of them by shape, and two that run: text and time series."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.series.files import DOUBLES, Series, SeriesOptions
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
from pages._app import caches, chapter, charts, downloads, panels, reading, stage
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
    """A series to forecast.

    Attributes:
        name: code in ``lesson.SERIES``.
        title: what it is called, in the language that is spoken.
        unit: what its numbers are, for the axis.
        series: its numbers, and their dates if it has any.
    """

    name: str
    title: str
    unit: str
    series: Series


class Outlook(NamedTuple):
    """A series with its season, the test on its past, and its forecast."""

    given: NamedSeries
    season: int
    tested: Backtest | None
    ahead: Forecast


def own_series() -> lesson.Own | None:
    """Return what was read of the visitor's own table; None while there is nothing."""
    own: lesson.Own | None = st.session_state.get("app_own")
    return own


def chosen_series() -> NamedSeries | None:
    """Return the series that was chosen; None if it is one of the visitor's own that is not there.

    Nor is it there while two readings of it are likely.
    """
    name = control.now("app_series")
    if name != lesson.OWN:
        title, unit = say(lesson.SERIES[name]), say(lesson.UNITS[name])
        return NamedSeries(name, title, unit, lesson.dated_series(name))
    own = own_series()
    if own is None or own.table is None or own.series is None or own.questions:
        return None
    return NamedSeries(name, own.title, own.table.columns[own.place], own.series)


def chosen_season(values: Array) -> int:
    """Return the season's length: the one that was typed, if the series can hold it, or the one found."""
    typed = int(control.now("app_season"))
    return typed if 0 < typed <= longest_season(values) else find_season(values)


def forecast_now() -> Outlook | None:
    """Forecast the chosen series; None if there is none."""
    given = chosen_series()
    if given is None:
        return None
    numbers, horizon = given.series.numbers, int(control.now("app_horizon"))
    season = chosen_season(numbers)
    tested, ahead = caches.computed(
        "app_forecast",
        (given.name, numbers.tobytes(), season, horizon),
        lambda: (
            tested_forecast(numbers, season, horizon)
            if given.name == lesson.OWN
            else shipped_forecast(given.name, season, horizon)
        ),
    )
    return Outlook(given, season, tested, ahead)


def shown() -> Shown:
    """Return what the controls of all panels ask for."""
    outlook = forecast_now()
    application = lesson.APPLICATIONS[control.now("app_which")]
    if outlook is None:
        return Shown(application, written(), None)
    flat = lesson.is_flat(outlook.given.series.numbers)
    return Shown(application, written(), outlook.tested, flat)


def taken_home() -> downloads.TakenHome:
    """Return the forecast where it is open, else the text, and the programs that make it."""
    if st.session_state.get("panel") == "series":
        return forecast_to_take_home()
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


def forecast_to_take_home() -> downloads.TakenHome:
    """Return the forecast with its dates, and programs that make it; none of a file that failed."""
    outlook, own = forecast_now(), own_series()
    horizon = int(control.now("app_horizon"))
    if outlook is None:
        programs = (
            lesson.own_programs(own, 1, horizon)
            if own is not None
            else lesson.series_programs(lesson.OWN, 1, horizon)
        )
        return downloads.TakenHome({"step": [], "network": []}, programs, "forecast")
    given, season, _, ahead = outlook
    column = "step" if given.series.following(horizon) is None else "date"
    columns = {column: given.series.dates_after(horizon)} | ahead.methods
    columns |= {"low": ahead.low, "high": ahead.high}
    programs = (
        lesson.own_programs(own, season, horizon)
        if given.name == lesson.OWN and own is not None
        else lesson.series_programs(given.name, season, horizon)
    )
    return downloads.TakenHome(columns, programs, "forecast")


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
        "app_start",
        "app_length",
        "app_temperature",
        "app_seed",
        "app_unit",
        "app_number",
        "app_state",
        "app_view",
    ),
)
def text_generation(place: stage.Stage) -> Shown:
    """Let the network go on writing, and colour what it wrote by one unit."""
    with place.beside:
        view = control.choice("app_view", say("Show"), lesson.TEXT_VIEWS, format_func=say)
        chapter.preset_select(lesson.PRESETS, control)
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
    start = control.area(
        "app_start", say("The network reads this, and goes on"), height=80, max_chars=400
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


@page.panel(
    "series",
    keys=(
        "app_series",
        "app_season",
        "app_horizon",
        "app_series_view",
        "app_column",
        "app_group",
        "app_decimal",
        "app_order",
        "app_dates",
        "app_missing",
        "app_gaps",
        "app_doubles",
        "app_encoding",
        "app_separator",
        "app_skip",
        "app_headings",
        "app_sheet",
    ),
)
def time_series(place: stage.Stage) -> Shown:
    """Forecast a series, and say whether a naive forecast would have been better."""
    with place.beside:
        view = control.choice("app_series_view", say("Show"), lesson.SERIES_VIEWS, format_func=say)
        is_own = series_to_forecast()
        chosen = chosen_series()
        season_control(chosen.series.numbers if chosen is not None else None)
        control.slider("app_horizon", say("Steps ahead"), 1, 48)
    outlook = forecast_now()
    with place.picture:
        if outlook is None:
            why_there_is_none()
        elif view == lesson.ERRORS and outlook.tested is not None:
            draw_errors(outlook)
        else:
            draw_forecast(outlook)
        if is_own:
            what_was_assumed()
    with place.more():
        if is_own:
            reading_controls()
        if outlook is not None:
            about_forecast(outlook)
    if outlook is not None:
        horizon = len(outlook.ahead.low)
        place.sentence(lesson.verdict(outlook.tested, outlook.season, horizon))
    return shown()


def series_to_forecast() -> bool:
    """Let the visitor choose a series that is there, or give one; returns whether it is given."""
    name = control.select(
        "app_series",
        say("Series"),
        lesson.SERIES,
        format_func=lambda code: say(lesson.SERIES[code]),
    )
    if name != lesson.OWN:
        return False
    given = table_of_the_visitor()
    st.session_state["app_own"] = read_own(*given) if given is not None else None
    choose_among_likely()
    return True


def table_of_the_visitor() -> tuple[str | bytes, str] | None:
    """Take a table that is pasted or uploaded: its content and name; None while there is none."""
    file = st.file_uploader(
        say("Upload a file, up to 5 MB"),
        type=lesson.FILES,
        key="app_file",
        max_upload_size=5,
        help=say("It stays in this session. If there is a file, it is used."),
    )
    if file is not None:
        forget_names_of_another(file.file_id)
        return file.getvalue(), file.name
    pasted = st.text_area(
        say("Or paste a table or a column of numbers"),
        height=110,
        key="app_pasted",
        max_chars=lesson.LONGEST_PASTE,
        placeholder="month,sales\n2024-01,112\n2024-02,118",
        persist_state="page",
        help=say(lesson.ABOUT_A_TABLE),
    )
    forget_names_of_another(lesson.PASTED)
    return (pasted, lesson.PASTED) if pasted else None


def forget_names_of_another(file: str) -> None:
    """Let go what was chosen by the names of another file; the address may name those of the first."""
    before = st.session_state.get("app_file_read")
    st.session_state["app_file_read"] = file
    if before not in {None, lesson.PASTED, file}:
        for key in lesson.OF_THE_FILE:
            st.session_state[key] = lesson.START[key]


def read_own(content: str | bytes, name: str) -> lesson.Own:
    """Read the visitor's table as the controls say; once, whatever else moves."""
    try:
        options = lesson.series_options(reading.decided(control, "app"), control.values())
    except ValueError as error:
        return lesson.Own(name, None, 0, None, error.args[0], SeriesOptions())
    wanted = control.now("app_column")
    return caches.computed(
        "app_table",
        (content, name, options, wanted),
        lambda: lesson.read_own(content, name, options, wanted),
    )


def choose_among_likely() -> None:
    """Let the visitor choose a column and a series, and answer what has two likely readings."""
    own = own_series()
    columns = own.columns if own is not None else []
    if len(columns) > 1 or reading.is_chosen(control, "app_column"):
        reading.choose(
            control,
            "app_column",
            say("Column"),
            {name: name[:60] for name in columns},
            columns[0][:60] if columns else "",
        )
    open_now = {one.name for one in own.questions} if own is not None else set()
    for name, key in lesson.IN_SIGHT.items():
        if own is not None and name in open_now:
            st.warning(lesson.question(own, name), icon=":material/help:")
            choice_of(key, say("please choose"))
        elif reading.is_chosen(control, key) and key != "app_separator":
            choice_of(key)


def choice_of(key: str, first: str = "") -> None:
    """Draw one of the controls that may have to be asked, beside the picture or behind "More"."""
    own = own_series()
    if key == "app_group":
        names = own.names if own is not None else []
        reading.choose(
            control,
            key,
            say("Series in the file"),
            {name: name[:60] for name in names},
            first=first,
        )
    elif key == "app_separator":
        reading.choose_separator(control, "app", own.assumptions if own else (), first)
    else:
        labels = {"app_decimal": say("Decimal sign"), "app_order": say("In dates")}
        options = lesson.DECIMALS if key == "app_decimal" else lesson.ORDERS
        found = lesson.found(own, "decimal" if key == "app_decimal" else "date order")
        named = {value: say(name) for value, name in options.items()}
        reading.choose(control, key, labels[key], named, named.get(found, ""), first=first)


def reading_controls() -> None:
    """Let the visitor change what was assumed of the file and its column."""
    own = own_series()
    assumptions = own.assumptions if own is not None else ()
    open_now = {one.name for one in own.questions} if own is not None else set()
    st.markdown(f"##### {say('How your table is read')}")
    for name, key in lesson.IN_SIGHT.items():
        in_sight = name in open_now or reading.is_chosen(control, key)
        if not in_sight and key in {"app_decimal", "app_order"}:
            choice_of(key)
    reading.controls(control, "app", assumptions, but={"separator"} & open_now)
    columns = {name: name[:60] for name in (own.columns if own is not None else [])}
    left, right = st.columns(2, gap="small")
    reading.choose(
        control,
        "app_dates",
        say("Column of the dates"),
        columns | {lesson.NO_DATES: say("none: rows stay in their order")},
        str(lesson.found(own, "dates")),
        place=left,
    )
    control.text(
        "app_missing",
        say(lesson.FOR_MISSING),
        place=right,
        placeholder="-999; -9.99; closed",
        help=say("Numbers or words, between semicolons. “none”: every number counts."),
    )
    reading.choose(
        control,
        "app_gaps",
        say("Missing dates"),
        {value: say(name) for value, name in lesson.GAPS.items()},
        place=left,
    )
    reading.choose(
        control,
        "app_doubles",
        say("Dates with several rows"),
        {value: say(name) for value, name in DOUBLES.items()},
        place=right,
    )


def why_there_is_none() -> None:
    """Say where the picture would be why nothing is forecast."""
    own = own_series()
    if own is None:
        st.info(say(lesson.NOTHING_YET), icon=":material/info:")
    elif own.problem:
        helps = say("Under “More”, “{field}” takes it.", field=say(lesson.FOR_MISSING))
        problem = f"{say(own.problem)} {helps if own.helps else ''}".strip()
        st.error(plain(f"{own.file}: {problem}"), icon=":material/error:")
    else:
        st.info(say(lesson.LEFT_OPEN), icon=":material/info:")


def what_was_assumed() -> None:
    """List what was assumed of the visitor's file, one line each."""
    own = own_series()
    if own is None:
        return
    lines = reading.told(own.assumptions)
    told = {one.name for one in own.assumptions}
    if own.series is not None and own.series.filled and not told & lesson.SAYS_FILLED:
        lines += f"\n- {lesson.filled_note(own.series.filled)}"
    if lines:
        st.caption(f"**{say('Assumed of your table')}**\n\n{lines.strip()}")


def season_control(values: Array | None) -> None:
    """Let the visitor give the season's length, or find it in a series, if there is one."""
    typed = int(
        control.number(
            "app_season",
            say("Length of the season"),
            0,
            400,
            help=say("0: the app finds it. 1: there is none."),
        )
    )
    if values is None:
        return
    longest = longest_season(values)
    if typed > longest:
        st.error(lesson.too_long(typed, longest, len(values)))
    if not 0 < typed <= longest:
        st.caption(lesson.found_sentence(find_season(values)))


def draw_forecast(outlook: Outlook) -> None:
    """Draw the end of the series and its forecasts."""
    given, season, _, ahead = outlook
    names = {code: say(title) for code, title in lesson.methods(season).items()}
    figure = caches.drawn(
        "app_forecast_chart",
        (given.title, given.series.numbers.tobytes(), dates_of(given), season, len(ahead.low)),
        lambda colours: figures.forecast_chart(
            given.series, season, ahead, names, colours, given.title, given.unit
        ),
        given.name != lesson.OWN,
    )
    charts.chart(figure, "app_forecast_chart", figures.forecast_alt(given.series, ahead))


def dates_of(given: NamedSeries) -> bytes:
    """Return what tells a series' dates from others."""
    return b"" if given.series.dates is None else given.series.dates.tobytes()


def draw_errors(outlook: Outlook) -> None:
    """Draw how the errors grow with the steps ahead."""
    given, season, tested, ahead = outlook
    if tested is None:
        return
    names = {code: say(title) for code, title in lesson.methods(season).items()}
    figure = caches.drawn(
        "app_errors",
        (given.name, given.series.numbers.tobytes(), season, len(ahead.low)),
        lambda colours: figures.errors_ahead(tested.errors, names, colours),
        given.name != lesson.OWN,
    )
    charts.chart(figure, "app_errors", figures.errors_ahead_alt(tested.errors, names))


def about_forecast(outlook: Outlook) -> None:
    """Say what the forecaster is, how it was tested, and what the errors are measured in."""
    given, season, tested, ahead = outlook
    panels.prose(lesson.forecaster_sentence())
    panels.prose(lesson.about_the_test(tested))
    panels.prose(lesson.range_sentence(ahead))
    st.table(pd.DataFrame(lesson.rows(tested, season)).set_index(say("forecast")))
    scale = float(hints(given.series.numbers, season).scale[-1])
    st.latex(lesson.error_formula(tested, season, scale))
    st.caption(
        say(
            "Below 1 is better than the seasonal naive forecast was one step ahead on the past. The "
            "network reads differences to the last season, in units of that error, never the numbers "
            "themselves."
        )
    )
    if source := lesson.source(given.name):
        st.caption(source)


page.show()

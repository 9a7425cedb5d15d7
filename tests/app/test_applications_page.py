"""The applications page under Streamlit's test driver: shapes, text, series, and bad input."""

import re

import numpy as np
import pytest

from lstm_core.text.characters import CharacterNetwork, write
from pages._book.language import speaking
from pages.applications import exercises, lesson

NUMBERS = "\n".join(f"{value:.4f}" for value in 9 + np.sin(np.arange(60) * np.pi / 6))


def said(app):
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success]
    # Links to the glossary are read as their words.
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", "\n".join(str(part.value) for part in parts))


def widget(app, kind, key):
    return next(w for w in getattr(app, kind) if w.key == key)


def show(app, panel):
    """Go to another panel, as a click on its name does."""
    app.session_state["panel"] = panel
    app.session_state["panel_chosen"] = True
    return app.run()


def paste(app, text):
    return widget(app, "text_area", "app_pasted").set_value(text).run()


@pytest.mark.parametrize("code", lesson.APPLICATIONS)
def test_every_application_has_its_words_and_its_question(open_page, code):
    app = open_page("applications", app_which=lesson.APPLICATIONS[code].name)
    one = lesson.APPLICATIONS[code]
    assert one.today in said(app)
    app = show(app, "learn")
    asked = next(radio for radio in app.radio if "which shape is it?" in radio.label)
    assert one.name in asked.label
    asked.set_value(asked.options[lesson.which_shape(one).right[0]]).run()
    assert "Right." in said(app)
    assert "applications/question/1" in app.session_state.achieved


def test_a_guess_hides_the_drawing_and_the_words(open_page):
    app = open_page("applications", app_guess="true")
    assert lesson.APPLICATIONS["speech recognition"].today not in said(app)


def test_the_text_is_the_one_of_its_seed(open_page):
    app = open_page(
        "applications", app_start="The", app_length="50", app_temperature="0.9", app_seed="5"
    )
    writing = write(CharacterNetwork.load(), "The", 50, 0.9, 5)
    assert app.session_state.kept["app_writing"][1].text == writing.text
    widget(app, "number_input", "app_seed").set_value(6).run()
    assert app.session_state.kept["app_writing"][1].text != writing.text


def test_nothing_to_start_from_is_said_and_the_page_goes_on(open_page):
    app = open_page("applications", panel="text")
    widget(app, "text_area", "app_start").set_value("").run()
    assert "at least one character" in said(app)
    assert app.session_state.kept["app_writing"][1].start == lesson.START["app_start"]


def test_an_unknown_character_is_named(open_page):
    app = open_page("applications", panel="text")
    widget(app, "text_area", "app_start").set_value("The 💥 <b>").run()
    assert "💥" in said(app)
    assert "without an input" in said(app)
    assert not app.exception


def test_any_unit_can_colour_the_text_and_nothing_is_claimed_of_it(open_page):
    app = open_page("applications", panel="text")
    widget(app, "selectbox", "app_unit").set_value(lesson.OTHER).run()
    widget(app, "number_input", "app_number").set_value(256).run()
    assert "256: nothing was measured of it" in said(app)


@pytest.mark.parametrize("name", [name for name in lesson.SERIES if name != lesson.OWN])
def test_every_series_is_forecast_and_judged(open_page, name):
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value(name).run()
    tested, made = app.session_state.kept["app_forecast"][1]
    assert len(made.low) == 24
    verdicts = {
        "network": "network was best",
        "naive": "Take the naive",
        "seasonal naive": "Take the seasonal",
    }
    verdict = verdicts[tested.best]
    if tested.best == "network" and not tested.clear:
        verdict = "that may be chance"
    assert verdict in said(app)
    assert f"{tested.mase['network']:.3f}" in app.table[-1].value.to_string()


def test_no_network_is_called_best_on_a_random_walk(open_page):
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value("walk").run()
    assert "network was best" not in said(app)


def test_a_series_of_ones_own_is_pasted(open_page):
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    assert lesson.NOTHING_YET in said(app)
    assert not app.get("plotly_chart")
    paste(app, NUMBERS)
    assert "Found by autocorrelation: 12 steps" in said(app)
    assert lesson.NOTHING_YET not in said(app)
    assert not app.error
    made = app.session_state.kept["app_forecast"][1][1]
    assert np.abs(made.methods["seasonal naive"] - 9).max() <= 1.001


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\nb\nc", "is no number"),
        ("1\n2", "too few"),
        (NUMBERS + "\n1e308", "nothing beyond"),
        ("<img src=x onerror=alert(1)>\n" * 20, "is no number"),
    ],
)
def test_what_is_no_series_is_said_beside_the_field_and_stays(open_page, text, problem):
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    paste(app, text)
    assert problem in said(app)
    assert not app.exception
    assert widget(app, "text_area", "app_pasted").value == text
    assert not app.get("plotly_chart"), "the example's forecast stands where the file's would"
    assert "was best" not in said(app)
    assert "applications/quest/naive-wins" not in app.session_state.achieved


def test_columns_can_be_chosen(open_page):
    rows = [f"{1950 + k};{np.sin(k):.3f};{k * k}".replace(".", ",") for k in range(40)]
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    paste(app, "year;wave;square\n" + "\n".join(rows))
    column = next(w for w in app.selectbox if w.label == "Column")
    assert column.options == ["as found: wave", "wave", "square", "year"]
    column.set_value("wave").run()
    assert np.abs(app.session_state.kept["app_forecast"][1][1].methods["naive"]).max() <= 1.0


def test_a_season_that_does_not_fit_is_refused_and_stays(open_page):
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value("nile").run()
    widget(app, "number_input", "app_season").set_value(300).run()
    assert "hold no season of 300" in said(app)
    assert widget(app, "number_input", "app_season").value == 300
    widget(app, "number_input", "app_season").set_value(92).run()
    assert "too short for a test" in said(app)
    assert not app.exception


@pytest.mark.parametrize(
    "address",
    [
        {"app_which": "x"},
        {"app_temperature": "nan"},
        {"app_season": "-4"},
        {"app_unit": "?"},
        {"app_series": "own", "app_horizon": "1e9"},
    ],
)
def test_nonsense_in_the_address_falls_back(open_page, address):
    app = open_page("applications", **address)
    assert len(app.get("plotly_chart")) + len(app.get("bidi_component")) + len(app.get("html")) > 1


def test_what_is_shown_decides_the_exercises(open_page):
    app = open_page("applications", panel="text")
    widget(app, "text_area", "app_start").set_value("Mr. Bingle").run()
    assert "applications/quest/nearly-sure" in app.session_state.achieved
    app = show(app, "series")
    widget(app, "number_input", "app_season").set_value(1).run()
    assert "applications/quest/naive-wins" in app.session_state.achieved
    app = show(app, "text")
    widget(app, "slider", "app_temperature").set_value(0.1)
    widget(app, "slider", "app_length").set_value(800)
    widget(app, "number_input", "app_seed").set_value(3)
    widget(app, "text_area", "app_start").set_value(lesson.BEGINNINGS["The first sentence"]).run()
    assert "applications/quest/in-circles" in app.session_state.achieved
    assert not app.exception


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_tour_is_walked(open_page, language):
    # The driver names options in the language of the test.
    with speaking(language):
        walk_the_tour(open_page("applications", lang=language))


def walk_the_tour(app):
    widget(app, "button", "tour_applications_start").click().run()
    moves = {
        "app_which": ("selectbox", "machine translation"),
        "app_seed": ("number_input", 2),
        "app_unit": ("selectbox", exercises.QUOTED),
        "app_series": ("selectbox", lesson.WALK),
        "app_season": ("number_input", 1),
    }
    for card in exercises.TOUR:
        assert not app.session_state["tour_applications_done"]
        temperature = 0.1 if card.title == "Cold" else 2.0
        kind, value = moves.get(card.cue, ("slider", temperature))
        assert app.session_state["panel"] == card.panel
        widget(app, kind, card.cue).set_value(value).run()
        assert app.session_state["tour_applications_done"]
        last = card is exercises.TOUR[-1]
        widget(app, "button", f"tour_applications_{'finish' if last else 'on'}").click().run()
        assert not app.exception
    assert "applications/tour" in app.session_state.achieved


def test_what_nobody_typed_is_written_and_forecast_once_for_all(open_page):
    for slot, panel in (("app_writing", "text"), ("app_forecast", "series")):
        first, again = (open_page("applications", panel=panel) for _ in range(2))
        assert again.session_state.kept[slot][1] is first.session_state.kept[slot][1]


def test_what_a_visitor_typed_is_kept_in_that_session_alone(open_page):
    texts = [open_page("applications", app_start="My own secret") for _ in range(2)]
    one, other = (app.session_state.kept["app_writing"][1] for app in texts)
    assert one.text == other.text
    assert one is not other
    series = [open_page("applications", panel="series") for _ in range(2)]
    for app in series:
        widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
        paste(app, NUMBERS)
    one, other = (app.session_state.kept["app_forecast"][1][1] for app in series)
    assert one is not other


def test_nothing_is_written_or_forecast_anew_when_something_else_moves(open_page):
    app = open_page("applications", panel="text", app_start="My own")
    before = {slot: app.session_state.kept[slot][1] for slot in ("app_writing", "app_forecast")}
    widget(app, "selectbox", "app_unit").set_value("vowel").run()
    app = show(app, "shapes")
    widget(app, "selectbox", "app_which").set_value("machine translation").run()
    app = show(app, "text")
    for slot, made in before.items():
        assert app.session_state.kept[slot][1] is made


def test_a_flat_series_earns_no_quest(open_page):
    app = open_page("applications", panel="series")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    paste(app, "7\n" * 80)
    assert not app.exception
    assert "applications/quest/naive-wins" not in app.session_state.achieved

"""The applications page under Streamlit's test driver: shapes, text, series, and bad input."""

import numpy as np
import pytest

from lstm_core.characters import CharacterNetwork, write
from lstm_core.lessons import applications as lesson

NUMBERS = "\n".join(f"{value:.3f}" for value in 9 + np.sin(np.arange(60) * np.pi / 6))


def said(app):
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success]
    return "\n".join(str(part.value) for part in parts)


def widget(app, kind, key):
    return next(w for w in getattr(app, kind) if w.key == key)


def paste(app, text):
    return widget(app, "text_area", "app_pasted").set_value(text).run()


@pytest.mark.parametrize("code", lesson.APPLICATIONS)
def test_every_application_has_its_words_and_its_question(open_page, code):
    app = open_page("applications.py", app_which=lesson.APPLICATIONS[code].name)
    one = lesson.APPLICATIONS[code]
    assert one.today in said(app)
    question = lesson.which_shape(one)
    asked = widget(app, "radio", f"app_question_{code}")
    asked.set_value(question.right[0]).run()
    assert "Right." in said(app)


def test_a_guess_hides_the_drawing_and_the_words(open_page):
    app = open_page("applications.py", app_guess="true")
    assert lesson.APPLICATIONS["speech recognition"].today not in said(app)


def test_the_text_is_the_one_of_its_seed(open_page):
    app = open_page(
        "applications.py", app_start="The", app_length="50", app_temperature="0.9", app_seed="5"
    )
    writing = write(CharacterNetwork.load(), "The", 50, 0.9, 5)
    assert app.session_state.app_writing[1].text == writing.text
    widget(app, "number_input", "app_seed").set_value(6).run()
    assert app.session_state.app_writing[1].text != writing.text


def test_nothing_to_start_from_is_said_and_the_page_goes_on(open_page):
    app = open_page("applications.py")
    widget(app, "text_area", "app_start").set_value("").run()
    assert "at least one character" in said(app)
    assert app.session_state.app_writing[1].start == lesson.START


def test_an_unknown_character_is_named(open_page):
    app = open_page("applications.py")
    widget(app, "text_area", "app_start").set_value("The 💥 <b>").run()
    assert "💥" in said(app)
    assert "without an input" in said(app)
    assert not app.exception


def test_any_unit_can_colour_the_text_and_nothing_is_claimed_of_it(open_page):
    app = open_page("applications.py")
    widget(app, "selectbox", "app_unit").set_value(lesson.OTHER).run()
    widget(app, "number_input", "app_number").set_value(256).run()
    assert "256: nothing was measured of it" in said(app)


@pytest.mark.parametrize("name", [name for name in lesson.SERIES if name != lesson.OWN])
def test_every_series_is_forecast_and_judged(open_page, name):
    app = open_page("applications.py")
    widget(app, "selectbox", "app_series").set_value(name).run()
    tested, made = app.session_state.app_forecast[1]
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
    app = open_page("applications.py")
    widget(app, "selectbox", "app_series").set_value("walk").run()
    assert "network was best" not in said(app)


def test_a_series_of_ones_own_is_pasted(open_page):
    app = open_page("applications.py")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    assert "Until there is a series of yours" in said(app)
    paste(app, NUMBERS)
    assert "Found: 12 steps" in said(app)
    assert not app.error
    made = app.session_state.app_forecast[1][1]
    assert np.abs(made.made["seasonal naive"] - 9).max() <= 1.001


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
    app = open_page("applications.py")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    paste(app, text)
    assert problem in said(app)
    assert not app.exception
    assert widget(app, "text_area", "app_pasted").value == text
    assert len(app.get("plotly_chart")) >= 3


def test_columns_can_be_chosen(open_page):
    rows = [f"{1950 + k};{np.sin(k):.3f};{k * k}".replace(".", ",") for k in range(40)]
    app = open_page("applications.py")
    widget(app, "selectbox", "app_series").set_value(lesson.OWN).run()
    paste(app, "year;wave;square\n" + "\n".join(rows))
    column = next(w for w in app.selectbox if w.label == "Column")
    assert column.options == ["1: year", "2: wave", "3: square"]
    column.set_value(1).run()
    assert np.abs(app.session_state.app_forecast[1][1].made["naive"]).max() <= 1.0


def test_a_season_that_does_not_fit_is_refused_and_stays(open_page):
    app = open_page("applications.py")
    widget(app, "selectbox", "app_series").set_value("nile").run()
    widget(app, "number_input", "app_season").set_value(300).run()
    assert "hold no season of 300" in said(app)
    assert widget(app, "number_input", "app_season").value == 300
    widget(app, "number_input", "app_season").set_value(92).run()
    assert "too short for a test" in said(app)
    assert not app.exception


@pytest.mark.parametrize(
    "address",
    [{"app_which": "x"}, {"app_temperature": "nan"}, {"app_season": "-4"}, {"app_unit": "?"},
     {"app_series": "own", "app_horizon": "1e9"}],
)  # fmt: skip
def test_nonsense_in_the_address_falls_back(open_page, address):
    app = open_page("applications.py", **address)
    assert "Live: forecasting" in "\n".join(part.value for part in app.subheader)

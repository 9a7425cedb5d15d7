"""Drawings of shapes, coloured text and forecasts: what they show, and that nothing gets out."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from lstm_core.series.files import Series
from lstm_core.series.forecasting import Forecast
from lstm_core.text.characters import UNKNOWN, probabilities
from pages._book.style import DARK, LIGHT
from pages.applications import figures, lesson


@pytest.mark.parametrize("code", lesson.APPLICATIONS)
def test_every_application_is_drawn_as_its_shape(code):
    one = lesson.APPLICATIONS[code]
    reads, writes = lesson.tokens(one.reads), lesson.tokens(one.writes)
    svg = figures.shape_drawing(one.shape, reads, writes, one.name, LIGHT)
    root = ET.fromstring(svg).find("svg")
    said = [element.text for element in root.iter("text")]
    steps = said.count("LSTM")
    expected = {
        "one to many": len(writes),
        "many to one": len(reads),
        "in step": len(reads),
        "one after the other": len(reads) + len(writes),
    }[one.shape]
    assert steps == expected
    assert len(list(root.iter("rect"))) == steps + len(reads) + len(writes)
    for token in (*reads, *writes):
        assert token in said
        assert token in root.attrib["aria-label"]
    fed_back = svg.count('stroke-dasharray="6 4"') - len(writes)
    assert fed_back == (
        len(writes) - 1 if one.shape in {"one to many", "one after the other"} else 0
    )


def test_inputs_and_outputs_must_have_the_shape():
    for shape, reads, writes in (
        ("one to many", "ab", "cd"),
        ("many to one", "ab", "cd"),
        ("in step", "ab", "c"),
    ):
        with pytest.raises(ValueError, match=shape):
            figures.shape_columns(shape, list(reads), list(writes))


def test_the_question_is_computed_from_the_entry():
    for one in lesson.APPLICATIONS.values():
        question = lesson.which_shape(one)
        codes = list(lesson.SHAPES)
        assert {codes[place] for place in question.right} == {one.shape, one.also} - {""}
        assert len(question.choices) == len(question.feedback) == len(lesson.SHAPES)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_text_shows_each_value_by_height_and_direction(colours):
    html = figures.coloured_text(
        '<b>"', "x\n", [0, 1, 2, UNKNOWN], np.linspace(-1, 1, 6), "c", colours
    )
    body = html.split("</style>")[1]
    assert "<b>" not in body
    spans = re.findall(r'<span(?: class="([^"]*)")? title="([^"]*)">', body)
    assert [title for _, title in spans] == ["−1.00", "−0.60", "−0.20", "+0.20", "+0.60", "+1.00"]
    levels = figures.LEVELS
    assert spans[0][0].split() == [f"d{levels}", "given"]
    assert spans[3][0].split() == ["u2", "given", "strange"]
    assert spans[5][0].split() == [f"u{levels}"]
    assert "⏎\n" in body


def test_a_value_of_nothing_has_no_bar():
    html = figures.coloured_text("a", "", [0], np.zeros(1), "c", LIGHT)
    assert 'class="given"' in html


def test_bars_show_the_probabilities_before_and_after():
    logits = np.array([1.0, 3.0, -2.0])
    figure = figures.next_character(logits, "a \n", 0.5, LIGHT)
    assert list(figure.data[0].x) == ["␣", "a", "⏎"]
    order = [1, 0, 2]
    assert np.allclose(figure.data[0].y, probabilities(logits)[order])
    assert np.allclose(figure.data[1].y, probabilities(logits, 0.5)[order])
    alt = figures.next_character_alt(logits, "a \n", 0.5)
    assert f"{probabilities(logits, 0.5)[1]:.3f}" in alt


def test_a_forecast_begins_where_the_series_ends():
    values = np.arange(100.0)
    made = Forecast(
        {name: np.array([1.0, 2.0]) for name in lesson.METHOD_NAMES},
        np.zeros(2),
        np.full(2, 3.0),
        0,
        None,
    )
    figure = figures.forecast_chart(Series(values, 0), 12, made, dict(lesson.METHOD_NAMES), LIGHT)
    past = next(trace for trace in figure.data if trace.name == "the series")
    assert past.x[-1] == 100
    assert past.y[-1] == 99.0
    for trace in figure.data[2:]:
        assert list(trace.x) == [100, 101, 102]
        assert list(trace.y) == [99.0, 1.0, 2.0]
    assert "ends at 99" in figures.forecast_alt(Series(values, 0), made)


def test_lines_differ_without_colour():
    made = Forecast(
        {name: np.zeros(3) for name in lesson.METHOD_NAMES}, np.zeros(3), np.ones(3), 0, None
    )
    figure = figures.forecast_chart(
        Series(np.zeros(50), 0), 1, made, dict(lesson.METHOD_NAMES), DARK
    )
    assert len({trace.line.dash for trace in figure.data[2:]}) == 3
    errors = {name: np.ones((4, 3)) for name in lesson.METHOD_NAMES}
    figure = figures.errors_ahead(errors, dict(lesson.METHOD_NAMES), DARK)
    assert len({trace.marker.symbol for trace in figure.data}) == 3

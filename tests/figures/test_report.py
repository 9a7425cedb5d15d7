"""Pictures of what was measured: readable in both themes, nothing cut off, and the numbers given."""

import re

import pytest

from lstm_core.figures import report as figures
from lstm_core.figures.style import DARK, LIGHT
from lstm_core.lessons.challenges import rates
from lstm_core.sentiment.reader import measured


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def over(colour, ground):
    """Return the channels of ``rgba(...)`` as it is seen on a ground."""
    *seen, opacity = map(float, re.findall(r"[\d.]+", colour))
    return [opacity * c + (1 - opacity) * g for c, g in zip(seen, channels(ground), strict=True)]


def luminance(seen):
    """Relative luminance by WCAG 2.1."""
    parts = [c / 255 for c in seen]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("chosen", ["Irony", "Negation"])
def test_the_percentages_are_readable_on_every_bar(colours, chosen):
    bars = figures.rates_by_challenge(rates(measured()), chosen, colours).data[0]
    inks = bars.insidetextfont.color
    assert len(inks) == len(bars.marker.color) == len(bars.y) > 5
    for name, ink, bar in zip(bars.y, inks, bars.marker.color, strict=True):
        assert contrast(channels(ink), over(bar, colours.ground)) >= 4.5, name


def test_no_label_of_the_reliability_diagram_is_cut_off():
    rows = measured()["test"]["reliability"]
    figure = figures.reliability_diagram(rows, LIGHT)
    dots = figure.data[1]
    assert dots.cliponaxis is False
    assert list(dots.text) == [f"{row['reviews']:,}" for row in rows]
    # On a chart of 400 px a label needs some 30 of them beyond the middle of its dot.
    low, high = figure.layout.yaxis.range
    height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    for x, y, place in zip(dots.x, dots.y, dots.textposition, strict=True):
        room = (y - low if place.startswith("bottom") else high - y) / (high - low) * height
        assert room >= 30, (x, y)
        # It points to the middle of the chart, never off its side.
        assert place.endswith("right") == (x < 50)


def test_the_roc_curve_marks_the_chosen_point():
    test = measured()["test"]
    figure = figures.roc(test["roc"], test["roc_auc"], LIGHT, 13)
    chosen = figure.data[2]
    assert chosen.x[0] == pytest.approx(0.13)
    assert chosen.y[0] == test["roc"]["true_positive_rate"][13]


@pytest.mark.parametrize(("counts", "step"), [([0, 2, 1], 1), ([900, 0, 4], None)])
def test_texts_are_counted_in_whole_numbers(counts, step):
    assert figures.histogram(counts, LIGHT).layout.yaxis.dtick == step

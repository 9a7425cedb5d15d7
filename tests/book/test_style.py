"""The app's look: colours that can be read, marks without colour, figures that keep their arrays."""

import numpy as np
import plotly.graph_objects as go
import pytest

from pages._book.style import DARK, LIGHT, MARKS, TEXT_SIZE, enlarged, palette, styled
from pages.gradients import figures as gradients
from tests.chapters.contrast import channels, contrast


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("name", [*MARKS, "text", "muted", "accent", "first", "second", "third"])
def test_every_colour_reads_on_ground_and_panel(colours, name):
    """4.5 is what WCAG asks of text; every colour also writes numbers."""
    ink = channels(getattr(colours, name))
    assert contrast(ink, channels(colours.ground)) >= 4.5
    assert contrast(ink, channels(colours.panel)) >= 4.5


def test_quantities_differ_without_colour():
    gates = [MARKS[name] for name in ("forget", "input", "candidate", "output")]
    assert len({mark.dash for mark in gates}) == len({mark.marker for mark in gates}) == 4
    assert palette("dark") is DARK
    assert palette("light") is palette(None) is LIGHT


def test_a_figure_in_the_apps_look_still_holds_its_arrays():
    figure = styled(go.Figure(go.Scatter(x=np.arange(3.0), y=np.arange(3.0))), LIGHT)
    assert list(figure.data[0].y) == [0.0, 1.0, 2.0]


def test_a_figure_is_enlarged_in_all_that_is_measured_in_points():
    small = gradients.flow_animation({"RNN": np.geomspace(1, 1e-9, 30)}, LIGHT)
    large = enlarged(small, 2.0)
    assert large.layout.font.size == 2 * small.layout.font.size
    assert large.layout.xaxis.title.font.size == 2 * TEXT_SIZE
    assert large.layout.margin.l == 2 * small.layout.margin.l
    assert large.data[0].line.width == 2 * small.data[0].line.width
    # The markers at the edge of the curtain; behind them come names and numbers.
    assert large.data[-2].marker.size == 2 * small.data[-2].marker.size
    assert large.data[-1].textfont.size == 2 * small.data[-1].textfont.size
    # The numbers that it shows are the same, and so is the figure that it was made of.
    assert np.array_equal(large.data[0].y, small.data[0].y)
    assert len(large.frames) == len(small.frames)
    assert (large.layout.height, small.layout.height) == (None, 560)
    # Slider and buttons stand in one row, at every size.
    assert large.layout.sliders[0].pad.l == 2 * small.layout.sliders[0].pad.l
    assert large.layout.updatemenus[0].pad.t == 2 * small.layout.updatemenus[0].pad.t

"""What is kept for all visitors, who ask for it at the same time."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import plotly.graph_objects as go
import pytest

from pages._app import caches, charts
from pages._book.drawn import Drawn
from pages._book.style import palette


@pytest.fixture
def shared(monkeypatch):
    one = caches.Shared()
    monkeypatch.setattr(caches, "_shared", lambda: one)
    return one


@pytest.mark.usefixtures("shared")
def test_a_class_asks_for_the_same_at_the_same_time():
    """One thread found what another one was just moving to the end, and took out what was not there."""

    def ask(_):
        shades = palette("light")
        return [caches.remembered("one", (k % 3, shades), object, own=True) for k in range(2000)]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(ask, range(4)))
    finally:
        sys.setswitchinterval(before)
    # After the first ones, which may have been made side by side, all get the same.
    assert len({tuple(map(id, answer[-3:])) for answer in answers}) == 1


def test_what_was_shown_last_is_kept(shared):
    made = [shared.get(("small", k), object) for k in range(caches.MOST_SHARED)]
    assert shared.get(("small", 0), object) is made[0]
    shared.get(("small", "new"), object)
    assert shared.get(("small", 0), object) is made[0]
    assert shared.get(("small", 1), object) is not made[1]


def test_few_large_arrays_are_kept(shared):
    made = [shared.get(k, lambda: np.zeros(caches.LARGE)) for k in range(caches.MOST_LARGE + 1)]
    assert shared.get(caches.MOST_LARGE, object) is made[-1]
    assert shared.get(0, object) is not made[0]


def test_the_data_of_a_figure_are_read_and_the_figure_stays_as_it_was_drawn():
    """It is everybody's: one that is built for a file would be half built where others send it."""
    traces = [
        {"type": "scatter", "x": np.arange(2), "y": [1.0, 4.0], "name": "tanh"},
        {"type": "heatmap", "z": [[1, 2], [3, 4]], "y": ["a", "b"]},
    ]
    figure = Drawn(traces)
    assert charts.drawn(figure) == {
        "trace": ["tanh"] * 2 + ["trace 2"] * 4,
        "x": [0, 1, 0, 1, 0, 1],
        "y": [1.0, 4.0, "a", "a", "b", "b"],
        "z": [None, None, 1, 2, 3, 4],
    }
    assert figure._drawn is not None
    assert charts.drawn(figure) == charts.drawn(go.Figure(traces))


def test_widgets_that_are_gone_are_forgotten(open_page):
    app = open_page("memory")

    def known():
        return {*app.session_state._state._state._new_widget_state.widget_metadata}

    def has(key):
        return any(name.endswith(f"-{key}") for name in known())

    assert has("tour_memory_start")
    app.switch_page("home.py")
    for _ in range(2):
        app.run()
    assert not has("tour_memory_start")
    assert has("plan")
    before = known()
    app.run()
    assert known() == before

"""The page on activations: its questions are answered by another computation, its figures hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.gradients.chain import chain
from pages._book.style import LIGHT
from pages.activations import exercises, figures, lesson


@pytest.mark.parametrize(
    ("point", "weight", "steps"), [(0, 1, 20), (2, 3.5, 5), (0, 4, 9), (-8, 0, 60)]
)
def test_the_answers_are_right(point, weight, steps):
    products = chain(point, weight, steps)
    most, grows, *more = exercises.quiz(products)
    left = {name: values[-1] for name, values in products.left.items()}
    assert all(left[most.choices[place]] == max(left.values()) for place in most.right)
    one, last = (products.left["tanh"][place] for place in (0, -1))
    assert grows.right == ((0,) if one > 1 else (1,) if one < 1 else (2,))
    assert (last > 1, last < 1).index(True) == grows.right[0] if one != 1 else last == 1
    sigmoid = chain(point, weight, 2 * steps).left["sigmoid"][-1]
    before = left["sigmoid"]
    # A chain that stays as it is, or is 0, is not asked about.
    assert bool(more) == (sigmoid != before)
    assert all(twice.right == (1,) for twice in more)
    assert sigmoid == pytest.approx(before**2, rel=1e-9)


@given(point=st.floats(-8, 8), weight=st.floats(0, 4), steps=st.integers(1, 60))
def test_the_answer_about_activations_is_the_largest(point, weight, steps):
    products = chain(point, weight, steps)
    question = exercises.which_keeps_most(products)
    left = [products.left[name][-1] for name in question.choices]
    assert [left[place] for place in question.right] == [max(left)] * len(question.right)
    assert sum(amount == max(left) for amount in left) == len(question.right)
    assert len(question.feedback) == len(question.choices)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_saturation_is_where_the_derivative_is_small(name):
    activation = ACTIVATIONS[name]
    for start, end in figures.saturated_spans(activation):
        inside = np.linspace(start, end, 50)
        assert (activation.derivative(inside) < 0.0501 * activation.steepest).all()
    if name == "tanh":
        assert len(figures.saturated_spans(activation)) == 2


@pytest.mark.parametrize("point", [-8.0, 0.0, 8.0])
@pytest.mark.parametrize("weight", [0.0, 1.0, 4.0])
def test_chains_are_drawn_at_every_edge(point, weight):
    products = chain(point, weight, 60)
    figure = figures.chains(products, LIGHT)
    assert np.isfinite(figure.layout.yaxis.range).all()
    assert figure.layout.yaxis.range[0] < figure.layout.yaxis.range[1]
    expected = abs(weight * ACTIVATIONS["tanh"].derivative(np.array([point]))[0]) ** 60
    assert products.left["tanh"][-1] == pytest.approx(expected)
    # All three are seen, with their names; what is exactly 0 runs along the lower edge.
    low, high = 10.0 ** np.array(figure.layout.yaxis.range)
    for line, left in zip(figure.data[:3], products.left.values(), strict=True):
        drawn = np.asarray(line.y)
        assert ((drawn >= low * 0.999) & (drawn <= high)).all()
        small = left < figures.SMALLEST_DRAWN
        np.testing.assert_allclose(drawn[~small], left[~small])
    names = [text.split("<br>")[0].strip() for text in figure.data[-1].text]
    assert names == ["<b>tanh</b>", "<b>sigmoid</b>", "<b>ReLU</b>"]
    labels = np.log10(np.sort(np.asarray(figure.data[-1].y, dtype=float)))
    bottom, top = figure.layout.yaxis.range
    assert (np.diff(labels) > 0.1 * (top - bottom)).all()


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_the_frames_move_the_point(name):
    activation = ACTIVATIONS[name]
    figure = figures.picture(activation, 2.0, LIGHT)
    assert figure.layout.sliders[0].active == list(figures.POINTS).index(2.0)
    for at in (0, 40, 80):
        point = np.array([figures.POINTS[at]])
        _, _, value, slope = figure.frames[at].data
        assert (value.x[0], slope.x[0]) == (point[0], point[0])
        assert value.y[0] == activation.function(point)[0]
        assert slope.y[0] == activation.derivative(point)[0]


def test_the_chain_of_slopes_is_said_in_plain_numbers():
    story = lesson.Story(ACTIVATIONS["tanh"], 1.0, 1.0, chain(1.0, 1.0, 20))
    assert "tanh by **0.42**, sigmoid by **0.197**, ReLU by **1**" in story.chain_sentence
    assert "tanh 2.9·10⁻⁸" in story.chain_alt

"""The page on activations: its questions are answered by another computation, its figures hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.gradients.chain import chain
from pages._book.style import LIGHT
from pages.activations import exercises, figures


@pytest.mark.parametrize(("point", "weight", "steps"), [(0, 1, 20), (2, 3.5, 5), (0, 4, 9), (-8, 0, 60)])  # fmt: skip
def test_the_answers_are_right(point, weight, steps):
    products = chain(point, weight, steps)
    most, grows, twice = exercises.quiz(products)
    left = {name: values[-1] for name, values in products.left.items()}
    assert all(left[most.choices[place]] == max(left.values()) for place in most.right)
    one, last = (products.left["tanh"][place] for place in (0, -1))
    assert grows.right == ((0,) if one > 1 else (1,) if one < 1 else (2,))
    assert (last > 1, last < 1).index(True) == grows.right[0] if one != 1 else last == 1
    sigmoid = chain(point, weight, 2 * steps).left["sigmoid"][-1]
    before = left["sigmoid"]
    assert twice.right == ((2,) if sigmoid == before else (1,))
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
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_chains_are_drawn_at_every_edge(point, weight, name):
    products = chain(point, weight, 60)
    figure = figures.picture(ACTIVATIONS[name], point, products, LIGHT)
    low, high = figure.layout.yaxis3.range
    assert np.isfinite([low, high]).all()
    assert low < high
    expected = abs(weight * ACTIVATIONS["tanh"].derivative(np.array([point]))[0]) ** 60
    assert products.left["tanh"][-1] == pytest.approx(expected)

"""Activation functions: what squashes, how steeply, and what a chain of slopes leaves."""

from dataclasses import asdict

import streamlit as st

from lstm_core.activations import ACTIVATIONS
from lstm_core.figures.activations import Chain, chain, picture
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons.activations import PRESETS, Story
from lstm_core.lessons.exercises import activations as exercises
from pages import _learning, _parts

NAMES = ["tanh", "sigmoid", "relu"]


def apply(preset: str) -> None:
    """Set every control to a preset's values."""
    for key, value in asdict(PRESETS[preset]).items():
        st.session_state[key] = value


@_parts.fragment
def experiment() -> None:
    """Move a point; see function, derivative and chain follow."""
    with _parts.panel("picture"):
        products, told = picture_to_change()
    _learning.exercises(chapters.ACTIVATIONS, exercises.quiz(products), exercises.QUESTS, products)
    _parts.take_home(
        "activations",
        {"steps": products.steps} | products.left,
        told.code,
        "chained_derivatives",
        told.keras_code,
        told.torch_code,
    )


def picture_to_change() -> tuple[Chain, Story]:
    """Let the visitor choose function, point, weight and steps; draw and explain them."""
    colours = _parts.colours()
    _parts.preset_buttons(PRESETS, apply, "preset")
    first = PRESETS["Steepest"]
    left, middle, right = st.columns(3)
    with left:
        name = st.segmented_control(
            say("Function"), NAMES, default=first.function, key="function", bind="query-params",
            required=True,
        )  # fmt: skip
    with middle:
        point = st.slider(
            say("Pre-activation x"), -8.0, 8.0, value=first.x, step=0.1, key="x", bind="query-params",
            help=say("What goes into the function: weights times inputs, plus bias."),
        )  # fmt: skip
    with right:
        weight = st.slider(
            say("Recurrent weight w"), 0.0, 4.0, value=first.w, step=0.05, key="w", bind="query-params",
            help=say("Each step back multiplies the gradient by w times the derivative."),
        )  # fmt: skip
    steps = st.slider(
        say("Steps back in time"), 1, 60, first.steps, key="steps", bind="query-params"
    )
    activation = ACTIVATIONS[name or first.function]
    products = chain(point, weight, steps)
    told = Story(activation, point, weight, products)

    _parts.chart(picture(activation, point, products, colours), "picture", told.alt)
    st.caption(
        say(
            "Left the function, right its derivative, the slope. Shaded: saturated, the slope is under "
            "5 % of its largest value. Below: the share of a gradient that a chain of such derivatives "
            "leaves."
        )
    )
    value, slope, product = st.columns(3)
    value.latex(told.value_formula)
    slope.latex(told.slope_formula)
    product.latex(told.chain_formula)
    _parts.prose(told.sentence)
    if not products.factor[activation.name]:
        st.info(say("Nothing is left after the first step, so there is no bar to draw."), icon="ℹ️")
    return products, told


_parts.heading(chapters.ACTIVATIONS)
_learning.tour(chapters.ACTIVATIONS, exercises.TOUR)
experiment()

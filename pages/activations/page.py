"""Activation functions: what squashes, how steeply, and what a chain of slopes leaves."""

import streamlit as st

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.gradients.chain import Chain, chain
from pages._app import caches, chapter, charts, downloads, learning, panels
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.activations import exercises, lesson
from pages.activations.figures import picture
from pages.activations.lesson import Story

NAMES = ["tanh", "sigmoid", "relu"]
control = Controls(lesson.START)


@panels.fragment
def experiment() -> None:
    """Move a point; see function, derivative and chain follow."""
    with panels.panel("picture"):
        products, told = picture_to_change()
    learning.exercises(chapters.ACTIVATIONS, exercises.quiz(products), exercises.QUESTS, products)
    downloads.take_home(
        "activations",
        {"steps": products.steps} | products.left,
        told.programs,
        "chained_derivatives",
    )


def picture_to_change() -> tuple[Chain, Story]:
    """Let the visitor choose function, point, weight and steps; draw and explain them."""
    colours = caches.colours()
    chapter.preset_buttons(lesson.PRESETS)
    left, middle, right = st.columns(3)
    name = control.choice("function", say("Function"), NAMES, place=left)
    point = control.slider(
        "x",
        say("Pre-activation x"),
        -8.0,
        8.0,
        step=0.1,
        place=middle,
        help=say("What goes into the function: weights times inputs, plus bias."),
    )
    weight = control.slider(
        "w",
        say("Recurrent weight w"),
        0.0,
        4.0,
        step=0.05,
        place=right,
        help=say("Each step back multiplies the gradient by w times the derivative."),
    )
    steps = control.slider("steps", say("Steps back in time"), 1, 60)
    activation = ACTIVATIONS[name]
    products = chain(point, weight, steps)
    told = Story(activation, point, weight, products)

    charts.chart(picture(activation, point, products, colours), "picture", told.alt)
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
    panels.prose(told.sentence)
    if not products.factor[activation.name]:
        st.info(say("Nothing is left after the first step, so there is no bar to draw."), icon="ℹ️")
    return products, told


chapter.begin(chapters.ACTIVATIONS, lesson.PRESETS, exercises.TOUR)
experiment()

"""Activation functions: what squashes, how steeply, and what a chain of slopes leaves."""

import streamlit as st

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.gradients.chain import Chain, chain
from pages._app import caches, chapter, charts, downloads, lecture, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.activations import exercises, figures, lesson
from pages.activations.lesson import Story

NAMES = ["tanh", "sigmoid", "relu"]
control = Controls(lesson.START)


def shown() -> Chain:
    """Compute the chains of the point, the weight and the steps that the controls stand at."""
    return chain(control.now("x"), control.now("w"), control.now("steps"))


def story() -> Story:
    """Return the words and formulas for what the controls stand at."""
    activation = ACTIVATIONS[control.now("function")]
    return Story(activation, control.now("x"), control.now("w"), shown())


def taken_home() -> downloads.TakenHome:
    """Return the chains, and the programs that compute them."""
    words, products = story(), shown()
    data: dict[str, object] = {"step": products.steps}
    return downloads.TakenHome(data | products.left, words.programs, "activations")


page = stage.Page(
    chapters.ACTIVATIONS,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


def function() -> None:
    """Let the visitor choose the function."""
    control.choice("function", say("Function"), NAMES)


def point() -> None:
    """Let the visitor choose the point."""
    control.slider("x", say("Pre-activation x"), -8.0, 8.0, step=0.1)


def put_the_point(frame: int) -> None:
    """Bring the point's control to where the picture's own slider was left."""
    st.session_state["x"] = round(float(figures.POINTS[frame]), 1)


@page.panel("picture")
def picture(place: stage.Stage) -> Chain:
    """Move a point; see function and slope follow."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        function()
        point()
        words = story()
        st.latex(words.value_formula)
        st.latex(words.slope_formula)
    with place.picture:
        moved = words.activation
        frames = caches.remembered("points", moved.name, lambda: figures.points(moved), own=True)
        figure = figures.picture(moved, words.point, caches.colours(), frames)
        charts.chart(figure, "picture", words.alt, put_the_point)
    place.sentence(words.sentence)
    return words.products


@page.panel("chain", keys=("w", "steps"))
def product(place: stage.Stage) -> Chain:
    """Multiply slope and weight step by step; see what each function leaves of a gradient."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        point()
        control.slider("w", say("Recurrent weight w"), 0.0, 4.0, step=0.05)
        control.slider("steps", say("Steps back in time"), 1, 60)
    with place.more(say("Formula")):
        function()
        words = story()
        st.latex(words.chain_formula)
    with place.picture:
        active = 0 if lecture.has_stops() else -1
        figure = caches.drawn(
            "chain",
            (words.point, words.weight, len(words.products.steps), active),
            lambda colours: figures.chains(words.products, colours, active),
        )
        charts.chart(figure, "chain", words.chain_alt)
    place.sentence(words.chain_sentence)
    return words.products


page.show()

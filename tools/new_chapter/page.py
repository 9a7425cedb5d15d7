"""What the page shows, in one sentence."""

import streamlit as st

from pages._app import caches, chapter, charts, downloads, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.example import exercises, lesson
from pages.example.figures import picture
from pages.example.lesson import Shown

control = Controls(lesson.START)


def shown() -> Shown:
    """Compute what the controls stand at."""
    return Shown(control.now("example_weight"))


def taken_home() -> downloads.TakenHome:
    """Offer the state and the programs that compute it."""
    now = shown()
    return downloads.TakenHome({"state": now.state}, now.programs, "example")


page = stage.Page(
    chapters.EXAMPLE,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


@page.panel("picture", keys=("example_weight",))
def experiment(place: stage.Stage) -> Shown:
    """Let the visitor move the weight; see what is left."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        control.slider("example_weight", say("Recurrent weight"), 0.0, 3.0)
    now = shown()
    with place.picture:
        charts.chart(picture(now.state, caches.colours()), "picture", now.alt)
    place.sentence(now.sentence)
    with place.more():
        for preset in lesson.PRESETS.values():
            if control.values() == preset.sets:
                st.markdown(preset.claimed(now))
    return now


page.show()

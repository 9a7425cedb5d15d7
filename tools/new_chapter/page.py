"""What the page shows, in one sentence."""

import streamlit as st

from pages._app import caches, chapter, charts, downloads, learning, panels
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.example import exercises, lesson
from pages.example.figures import picture
from pages.example.lesson import Shown

control = Controls(lesson.START)


@panels.fragment
def experiment() -> None:
    """Let the visitor move the weight; see what is left."""
    with panels.panel("picture"):
        chapter.preset_buttons(lesson.PRESETS)
        shown = Shown(control.slider("example_weight", say("Recurrent weight"), 0.0, 3.0))
        charts.chart(picture(shown.state, caches.colours()), "picture", shown.alt)
        panels.prose(shown.sentence)
        for preset in lesson.PRESETS.values():
            if all(st.session_state[key] == value for key, value in preset.sets.items()):
                panels.prose(preset.claimed(shown))
    questions = exercises.quiz(shown)
    learning.exercises(chapters.EXAMPLE, questions, exercises.QUESTS, shown)
    downloads.take_home("example", {"state": shown.state}, shown.programs, "example")


chapter.begin(chapters.EXAMPLE, lesson.PRESETS, exercises.TOUR)
experiment()

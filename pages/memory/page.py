"""Memory like a reader's: which words the trained network holds, and which it lets go."""

from collections.abc import Sequence

import streamlit as st

from lstm_core.sentiment.memory import (
    move_words_both_ways,
    remember_both_ways,
    with_short_memory,
)
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS
from pages._app import caches, chapter, charts, downloads, panels, sentences, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.sentences import Ids, sentence_ids
from pages.memory import exercises, figures, lesson

ROWS_IN_LECTURE = 22
"""On a projector so many words have a row in the map, in larger type."""
control = Controls(lesson.START)


def choose(place: stage.Stage, layered: bool = True) -> tuple[list[str], Ids]:
    """Let the visitor choose a text and, where it counts, a layer; returns the words and their ids."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        text = control.area(
            "memory_text", say("A review in English, up to 60 words"), height=150, max_chars=600
        )
        _, words, ids = sentences.sentence(text)
        if layered:
            control.choice("memory_layer", say("Layer"), LAYERS, format_func=say)
    return words, ids


def wide(words: Sequence[str]) -> None:
    """Tell a phone how wide a picture is in which every word has a column."""
    st.html(f"<style>:root {{ --words: {len(words)}; }}</style>")


def read(words: list[str], ids: Ids, moving: bool = False) -> lesson.Screen:
    """Read a text with both directions of a layer, and, if asked for, with its words moved."""
    reader, layer = caches.reader(), control.now("memory_layer")
    own = control.now("memory_text") in lesson.EXAMPLES.values()
    identity, number = (tuple(ids.tolist()), layer), LAYERS.index(layer)

    memories = caches.computed(
        "memories", identity, lambda: remember_both_ways(reader, ids, number), own, in_words=False
    )
    moved = {}
    if moving:
        moved = caches.computed(
            "moved",
            identity,
            lambda: move_words_both_ways(
                reader, ids, {way: one.weights for way, one in memories.items()}, number
            ),
            own,
            in_words=False,
        )
    return lesson.Screen(words, memories, control.now("memory_direction"), moved)


def shown() -> lesson.Screen:
    """Read the text that stands in the field, or the page's own instead of a wrong one."""
    words, ids, _ = sentence_ids(caches.reader(), control.now("memory_text"))
    return read(words, ids)


def taken_home() -> downloads.TakenHome:
    """Collect what is taken home: of each word what is held and what it moves, and the programs."""
    words, ids, problem = sentence_ids(caches.reader(), control.now("memory_text"))
    screen = read(words, ids, moving=True)
    columns = {
        "word": screen.words,
        "held at the end": screen.held,
        "held by the forward half": screen.halves["forward"],
        "held by the backward half": screen.halves["backward"],
        "held, averaged over places": screen.anywhere,
        "moves the logit by": screen.matters,
    }
    text = " ".join(words) if problem else control.now("memory_text")
    programs = lesson.taken_home(text, control.now("memory_layer"), screen.direction)
    return downloads.TakenHome(columns, programs, "memory")


page = stage.Page(
    chapters.MEMORY,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


@page.panel("held")
def held(place: stage.Stage) -> lesson.Screen:
    """Show what each half holds of each word, and what it would be at other places."""
    screen = read(*choose(place), moving=True)
    if more := place.more_if_wanted(control, ()):
        with more:
            panels.prose(lesson.how_it_is_measured(screen))
            st.latex(lesson.SUM)
    with place.picture:
        wide(screen.words)
        figure = figures.two_halves(screen.words, screen.halves, screen.moved, caches.colours())
        charts.chart(figure, "memory_halves", figures.two_halves_alt(screen.words, screen.halves))
    place.sentence(lesson.kept_sentence(screen, bool(st.session_state.get("lecturing"))))
    return screen


@page.panel("needed")
def needed(place: stage.Stage) -> lesson.Screen:
    """Show each word by what is held of it and by what it matters."""
    screen = read(*choose(place), moving=True)
    with place.picture:
        figure = figures.held_and_matters(
            screen.anywhere, screen.matters, screen.words, caches.colours()
        )
        charts.chart(figure, "held_and_matters", lesson.needed_alt(screen))
    place.sentence(lesson.agreement_sentence(screen))
    if more := place.more_if_wanted(control, ()):
        with more:
            panels.prose(lesson.how_needed_is_measured())
    return screen


@page.panel("enough")
def enough(place: stage.Stage) -> lesson.Screen:
    """Show the verdict of LSTMs that remember the last few words alone."""
    words, ids = choose(place, layered=False)
    reader, text = caches.reader(), tuple(ids.tolist())
    own = control.now("memory_text") in lesson.EXAMPLES.values()
    short = caches.computed(
        "short_memory", text, lambda: with_short_memory(reader, ids), own, in_words=False
    )
    spans, probability = short.spans.tolist(), reader.calibration.probability(short.logit)
    with place.picture:
        figure = figures.enough(spans, probability, caches.colours())
        charts.chart(figure, "enough", figures.enough_alt(spans, probability))
    place.sentence(lesson.enough_sentence(spans, probability))
    if more := place.more_if_wanted(control, ()):
        with more:
            panels.prose(lesson.how_enough_is_measured())
    return read(words, ids)


@page.panel("map", keys=("memory_direction",))
def over_time(place: stage.Stage) -> lesson.Screen:
    """Show what each step of one reading still holds of the words before."""
    words, ids = choose(place)
    with place.beside:
        control.choice("memory_direction", say("Read"), DIRECTIONS, format_func=say)
    if more := place.more_if_wanted(control, ()):
        with more:
            st.latex(lesson.SUM)
            panels.prose(lesson.how_the_map_is_measured())
    screen = read(words, ids)
    rows = ROWS_IN_LECTURE if st.session_state.get("lecturing") else figures.ROWS
    with place.picture:
        wide(screen.words)
        figure = figures.memory_map(screen.memory, screen.order, caches.colours(), rows)
        charts.chart(figure, "memory_map", figures.memory_map_alt(screen.memory, screen.order))
    place.sentence(lesson.fading_sentence(screen, rows))
    return screen


page.show()

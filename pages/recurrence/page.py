"""Recurrence: one small cell used again at every step, stepped, folded and unrolled."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.cells.rnn import RNNCell
from lstm_core.training.positions import Comparison, compare
from pages._app import (
    caches,
    chapter,
    charts,
    downloads,
    exports,
    lecture,
    players,
    stage,
    turns,
)
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import decimal, say
from pages._book.player import UNITS, player_data
from pages._book.walks import RNN
from pages.recurrence import exercises, lesson
from pages.recurrence.figures import (
    NAMES,
    folded_and_unrolled,
    ranges,
    ranges_alt,
    recall_by_position,
    recall_by_position_alt,
)

WIDTHS = (5, 2)
"""The drawing's share of the width, and that of the column in which the code has to fit."""
control = Controls(lesson.START)


def compared(front: int, seed: int) -> Comparison:
    """Return the networks trained for a setting; whoever waits for them lets others compute."""
    # Before the cache is asked: who waits there for another visitor's training must hold no turn,
    # for that one comes back only when there is a turn to take.
    with turns.out_of_turn():
        return _compared(front, seed)


@st.cache_resource(max_entries=6, show_spinner=False)
def _compared(front: int, seed: int) -> Comparison:
    """Train the networks once for each setting, in a process of its own."""
    future = turns.processes().submit(("compared", front, seed), compare, front=front, seed=seed)
    return future.result()


def word_read() -> lesson.WordRead:
    """Read the word that the controls stand at; what cannot be read is said."""
    try:
        labels, inputs = lesson.letters(control.now("letters"))
    except ValueError as error:
        st.error(say("{error} Until then the page reads “{word}”.", error=error, word=lesson.WORD))
        labels, inputs = lesson.letters(lesson.WORD)
    units = int(control.now("recurrence_units"))
    cell = RNNCell.initialise(inputs.shape[1], units, int(control.now("recurrence_seed")))
    unit = min(int(control.now("recurrence_unit")), units) - 1
    return lesson.WordRead(labels, inputs, cell, cell.run(inputs), unit)


def controls(place: stage.Stage) -> tuple[lesson.WordRead, DeltaGenerator]:
    """Let the visitor choose a word and a cell; returns the word read, and the place behind "More"."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        control.text("letters", say("A word or a few: one step for each letter"))
        units = int(control.slider("recurrence_units", say("Units"), 1, UNITS))
    more = place.more()
    with more:
        control.number("recurrence_seed", say("Seed"), 0, 9999)
        control.units("recurrence_unit", units)
    with place.beside:
        return word_read(), more


def taken_home() -> downloads.TakenHome:
    """Collect the hidden states and the programs that make them."""
    read = word_read()
    numbers = {"step": range(1, len(read.pieces) + 1), "letter": read.pieces} | {
        f"h_{unit + 1}": read.trace.hidden_state[:, unit] for unit in range(read.cell.units)
    }
    return downloads.TakenHome(numbers, read.programs, "rnn_trace")


page = stage.Page(
    chapters.RECURRENCE,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    word_read,
    taken_home,
)


@page.panel("reading", keys=("recurrence_step",), widths=WIDTHS)
def reading(place: stage.Stage) -> lesson.WordRead:
    """Read the visitor's word, letter by letter."""
    read, more = controls(place)
    everyone, colours = list(range(read.cell.units)), caches.colours()
    data = player_data(RNN, read.cell, read.trace, read.pieces, everyone, read.unit, colours)
    data |= {"program": read.programs.lstm_core, "tinted": "h"}
    with place.picture:
        players.player("recurrence_step", data, "recurrence_unit")
    with more:
        exports.playing_button(
            "recurrence",
            say("RNN cell"),
            ("stepping.js", "player.js"),
            ("player.css",),
            data,
            colours,
        )
    if not lecture.lecturing():
        place.sentence(lesson.repeated_letter(read))
    return read


@page.panel("unrolled", keys=("recurrence_view",))
def unrolled(place: stage.Stage) -> lesson.WordRead:
    """Draw the network both ways, and count its weights."""
    read, _ = controls(place)
    with place.picture:
        drawing = folded_and_unrolled(
            read.cell, read.trace, read.pieces, read.unit, caches.colours()
        )
        charts.show_drawing(drawing, "unrolled")
    place.sentence(lesson.counts(len(read.pieces), read.cell.units))
    return read


@page.panel("plain", keys=("spotting_front", "spotting_seed"))
def plain(place: stage.Stage) -> None:
    """Train a plain network and recurrent ones on the same words; try every position."""
    with place.beside:
        label = say("Last position at which training shows the x")
        front = control.slider("spotting_front", label, 1, 6)
        seed = control.number("spotting_seed", say("Seed of the networks"), 0, 99)
    with place.picture, st.spinner(say("Training three networks ...")):
        comparison = compared(front, int(seed))
    with place.picture:
        figure = recall_by_position(comparison, caches.colours())
        charts.chart(figure, "found", recall_by_position_alt(comparison))
    with place.more():
        st.markdown(lesson.on_longer_words(comparison))
        shares = comparison.false_alarms.items()
        alarms = {name: decimal(100 * share, ".1f") + " %" for name, share in shares}
        table = pd.DataFrame(
            {
                say("parameters"): comparison.parameters,
                say("sees an x where there is none"): alarms,
            }
        )
        st.table(table.rename(index=lambda name: say(NAMES[name])))
    place.sentence(lesson.spotting_sentence(comparison))


@page.panel("squashing", keys=("range_gain", "range_seed"))
def squashing(place: stage.Stage) -> None:
    """Run one cell with tanh and without it."""
    with place.beside:
        label = say("Gain of the recurrent kernel")
        gain = control.slider("range_gain", label, 0.5, 3.0, step=0.05)
        seed = control.number("range_seed", say("Seed of the run"), 0, 9999)
    largest = lesson.squashed_or_not(gain, int(seed))
    with place.picture:
        charts.chart(ranges(largest, caches.colours()), "ranges", ranges_alt(largest))
    place.sentence(lesson.range_sentence(largest, gain))


page.show()

"""Recurrence: one small cell used again at every step, folded, unrolled, and stepped."""

import pandas as pd
import streamlit as st

from lstm_core.cells.rnn import RNNCell
from lstm_core.training.positions import Comparison, compare
from pages._app import caches, chapter, charts, downloads, learning, panels, players, turns
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.player import UNITS, player_data
from pages._book.walks import RNN
from pages.recurrence import exercises, lesson
from pages.recurrence.figures import (
    NAMES,
    folded,
    ranges,
    ranges_alt,
    recall_by_position,
    recall_by_position_alt,
    unrolled,
)

control = Controls(lesson.START)


@st.cache_resource(max_entries=6, show_spinner=False)
def compared(front: int, seed: int) -> Comparison:
    """Train the networks once for each setting, in a process of its own: others do not wait."""
    future = turns.processes().submit(("compared", front, seed), compare, front=front, seed=seed)
    with turns.out_of_turn():
        return future.result()


@panels.fragment
def one_cell_again_and_again() -> None:
    """Read the visitor's word, letter by letter."""
    with panels.panel("reading"):
        read = a_word_read()
    with panels.panel("unrolled"):
        folded_and_unrolled(read)
    learning.exercises(chapters.RECURRENCE, exercises.quiz(read), exercises.QUESTS, read)
    numbers = {"step": range(1, len(read.pieces) + 1), "letter": read.pieces} | {
        f"h_{unit + 1}": read.trace.hidden_state[:, unit] for unit in range(read.cell.units)
    }
    downloads.take_home("recurrence", numbers, read.programs, "rnn_trace")


def a_word_read() -> lesson.WordRead:
    """Let the visitor choose a word and a cell, and play the reading."""
    chapter.preset_buttons(lesson.PRESETS)
    text = control.text("letters", say("A word or a few: one step for each letter"))
    try:
        labels, inputs = lesson.letters(text)
    except ValueError as error:
        st.error(say("{error} Until then the page reads “{word}”.", error=error, word=lesson.WORD))
        labels, inputs = lesson.letters(lesson.WORD)
    units, seed, unit = control.size_and_seed("recurrence", UNITS)
    cell = RNNCell.initialise(inputs.shape[1], units, seed)
    read = lesson.WordRead(labels, inputs, cell, cell.run(inputs), unit)
    everyone = list(range(units))
    data = player_data(RNN, cell, read.trace, labels, everyone, unit, caches.colours())
    data["program"] = read.programs.lstm_core
    players.player("recurrence_step", data, "recurrence_unit")
    return read


def folded_and_unrolled(read: lesson.WordRead) -> None:
    """Draw the network both ways, and count its weights."""
    colours = caches.colours()
    st.subheader(say("Folded and unrolled: the same picture twice"))
    view = control.choice(
        "recurrence_view",
        say("View"),
        lesson.VIEWS,
        format_func=say,
        label_visibility="collapsed",
    )
    if view == "folded":
        charts.show_drawing(folded(read.cell, read.pieces, colours), "folded")
    else:
        charts.show_drawing(unrolled(read.cell, read.trace, read.pieces, colours), "unrolled")
    panels.prose(lesson.counts(len(read.pieces), read.cell.units))
    panels.prose(lesson.repeated_letter(read))


@panels.fragment
def why_not_a_plain_network() -> None:
    """Train a plain network and recurrent ones on the same words; try every position."""
    with panels.panel("plain"):
        st.subheader(say("Why not a plain network?"))
        left, right = st.columns([3, 2], gap="large")
        label = say("Training shows an x at the first so many of 6 positions")
        front = control.slider("spotting_front", label, 1, 6, place=left)
        seed = control.number("spotting_seed", say("Seed of the networks"), 0, 99, place=right)
        with st.spinner(say("Training three networks ...")):
            comparison = compared(front, int(seed))
        picture, words = st.columns([3, 2], gap="large")
        with picture:
            figure = recall_by_position(comparison, caches.colours())
            charts.chart(figure, "found", recall_by_position_alt(comparison))
        with words:
            panels.prose(lesson.spotting_sentence(comparison))
            alarms = {name: f"{share:.1%}" for name, share in comparison.false_alarms.items()}
            table = pd.DataFrame(
                {
                    say("parameters"): comparison.parameters,
                    say("sees an x where there is none"): alarms,
                }
            )
            st.table(table.rename(index=lambda name: say(NAMES[name])))


@panels.fragment
def squashed_or_not() -> None:
    """Run one cell with tanh and without it."""
    with panels.panel("squashing"):
        st.subheader(say("What tanh is for"))
        left, right = st.columns([3, 2], gap="large")
        label = say("Gain of the recurrent kernel")
        gain = control.slider("range_gain", label, 0.5, 3.0, step=0.05, place=left)
        seed = control.number("range_seed", say("Seed of the run"), 0, 9999, place=right)
        largest = lesson.squashed_or_not(gain, int(seed))
        picture, words = st.columns([3, 2], gap="large")
        with picture:
            charts.chart(ranges(largest, caches.colours()), "ranges", ranges_alt(largest))
        with words:
            panels.prose(lesson.range_sentence(largest, gain))


chapter.begin(chapters.RECURRENCE, lesson.PRESETS, exercises.TOUR)
one_cell_again_and_again()
why_not_a_plain_network()
squashed_or_not()

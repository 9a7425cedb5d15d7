"""Recurrence: one small cell used again at every step, folded, unrolled, and stepped."""

import pandas as pd
import streamlit as st

from lstm_core.cells.rnn import RNNCell
from lstm_core.figures.player import UNITS, player_data
from lstm_core.figures.recurrence import (
    NAMES,
    folded,
    found_at,
    found_at_alt,
    ranges,
    ranges_alt,
    unrolled,
)
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import recurrence as lesson
from lstm_core.lessons.exercises import recurrence as exercises
from lstm_core.lessons.walks import RNN
from lstm_core.positions import Comparison, compare
from pages import _learning, _parts


def read_this(text: str) -> None:
    """Put an example into the field, and begin it afresh."""
    st.session_state.letters = text
    _parts.restart("recurrence_step")


@st.cache_resource(max_entries=6, show_spinner=False)
def compared(front: int, seed: int) -> Comparison:
    """Train the networks once for each setting, in a process of its own: others do not wait."""
    asked = _parts.turns().submit(("compared", front, seed), compare, front=front, seed=seed)
    with _parts.out_of_turn():
        return asked.result()


@_parts.fragment
def one_cell_again_and_again() -> None:
    """Read the visitor's word, letter by letter."""
    with _parts.panel("reading"):
        read, code = a_word_read()
    units, labels = read.cell.units, read.pieces
    with _parts.panel("unrolled"):
        folded_and_unrolled(read)
    _learning.exercises(chapters.RECURRENCE, exercises.quiz(read), exercises.QUESTS, read)
    numbers = {"step": range(1, len(labels) + 1), "letter": labels} | {
        f"h_{place + 1}": read.trace.hidden_state[:, place] for place in range(units)
    }
    _parts.take_home(
        "recurrence",
        numbers,
        code,
        "rnn_trace",
        lesson.keras_code(read.cell, read.inputs),
        lesson.torch_code(read.cell, read.inputs),
    )


def a_word_read() -> tuple[lesson.WordRead, str]:
    """Let the visitor choose a word and a cell, and play the reading; its code comes with it."""
    _parts.preset_buttons(lesson.EXAMPLES, read_this, "letters")
    text = st.text_input(
        say("A word or a few: one step for each letter"), lesson.WORD, key="letters",
        bind="query-params",
    )  # fmt: skip
    try:
        labels, inputs = lesson.letters(text)
    except ValueError as error:
        st.error(say("{error} Until then the page reads “{word}”.", error=error, word=lesson.WORD))
        labels, inputs = lesson.letters(lesson.WORD)
    units, seed, unit = _parts.size_and_seed("recurrence", 3, UNITS)
    cell = RNNCell.initialise(inputs.shape[1], units, seed)
    trace = cell.run(inputs)
    code = lesson.code(cell, inputs)
    colours = _parts.colours()
    data = player_data(RNN, cell, trace, labels, list(range(units)), unit, colours)
    _parts.player("recurrence_step", {**data, "program": code}, "recurrence_unit")
    return lesson.WordRead(labels, inputs, cell, trace, unit), code


def folded_and_unrolled(read: lesson.WordRead) -> None:
    """Draw the network both ways, and count its weights."""
    colours = _parts.colours()
    st.subheader(say("Folded and unrolled: the same picture twice"))
    view = st.segmented_control(
        say("View"), lesson.VIEWS, default="unrolled", key="recurrence_view", format_func=say,
        bind="query-params", required=True, label_visibility="collapsed",
    )  # fmt: skip
    if view == "folded":
        _parts.show_drawing(folded(read.cell, read.pieces, colours), "folded")
    else:
        _parts.show_drawing(unrolled(read.cell, read.trace, read.pieces, colours), "unrolled")
    _parts.prose(lesson.counts(len(read.pieces), read.cell.units))
    _parts.prose(lesson.repeated_letter(read.pieces, read.inputs, read.trace.hidden_state))


@_parts.fragment
def why_not_a_plain_network() -> None:
    """Train a plain network and recurrent ones on the same words; try every position."""
    with _parts.panel("plain"):
        st.subheader(say("Why not a plain network?"))
        shown, seeded = st.columns([3, 2], gap="large")
        front = shown.slider(
            say("Training shows an x at the first so many of 6 positions"), 1, 6, 3,
            key="spotting_front", bind="query-params",
        )  # fmt: skip
        seed = seeded.number_input(
            say("Seed of the networks"), 0, 99, 0, key="spotting_seed", bind="query-params"
        )
        with st.spinner(say("Training three networks ...")):
            comparison = compared(front, int(seed))
        picture, words = st.columns([3, 2], gap="large")
        with picture:
            figure = found_at(comparison, _parts.colours())
            _parts.chart(figure, "found", found_at_alt(comparison))
        with words:
            _parts.prose(lesson.spotting_sentence(comparison))
            alarms = say("sees an x where there is none")
            table = pd.DataFrame(
                {
                    say("parameters"): comparison.parameters,
                    alarms: {n: f"{share:.1%}" for n, share in comparison.false_alarms.items()},
                }
            )
            st.table(table.rename(index=lambda name: say(NAMES[name])))


@_parts.fragment
def squashed_or_not() -> None:
    """Run one cell with tanh and without it."""
    with _parts.panel("squashing"):
        st.subheader(say("What tanh is for"))
        strong, seeded = st.columns([3, 2], gap="large")
        gain = strong.slider(
            say("Gain of the recurrent kernel"), 0.5, 3.0, 1.3, 0.05, key="range_gain",
            bind="query-params",
        )  # fmt: skip
        seed = seeded.number_input(
            say("Seed of the run"), 0, 9999, 1, key="range_seed", bind="query-params"
        )
        largest = lesson.squashed_or_not(gain, int(seed))
        picture, words = st.columns([3, 2], gap="large")
        with picture:
            _parts.chart(ranges(largest, _parts.colours()), "ranges", ranges_alt(largest))
        with words:
            _parts.prose(lesson.range_sentence(largest, gain))


_parts.heading(chapters.RECURRENCE)
_learning.tour(chapters.RECURRENCE, exercises.TOUR)
one_cell_again_and_again()
why_not_a_plain_network()
squashed_or_not()

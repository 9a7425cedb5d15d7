"""Recurrence: one small cell used again at every step, folded, unrolled, and stepped."""

import pandas as pd
import streamlit as st

from lstm_core.cells.rnn import RNNCell
from lstm_core.figures.player import UNITS, player_data
from lstm_core.figures.recurrence import (
    folded,
    found_at,
    found_at_alt,
    ranges,
    ranges_alt,
    unrolled,
)
from lstm_core.lessons import chapters
from lstm_core.lessons import recurrence as lesson
from lstm_core.lessons.walks import RNN
from lstm_core.positions import Comparison, compare
from pages import _parts


def read_this(text: str) -> None:
    """Put an example into the field, and begin it afresh."""
    st.session_state.letters = text
    _parts.restart("recurrence_step")


@st.cache_data(max_entries=64, show_spinner="Training three networks ...")
def compared(front: int, seed: int) -> Comparison:
    """Train the networks once for each setting."""
    return compare(front=front, seed=seed)


@st.fragment
def one_cell_again_and_again() -> None:
    """Read the visitor's word, letter by letter."""
    colours = _parts.colours()
    _parts.preset_buttons(lesson.EXAMPLES, read_this, "letters")
    text = st.text_input(
        "A word or a few: one step for each letter", lesson.WORD, key="letters",
        bind="query-params",
    )  # fmt: skip
    try:
        labels, inputs = lesson.letters(text)
    except ValueError as error:
        st.error(f"{error} Until then the page reads “{lesson.WORD}”.")
        labels, inputs = lesson.letters(lesson.WORD)
    units, seed, unit = _parts.size_and_seed("recurrence", 3, UNITS)
    cell = RNNCell.initialise(inputs.shape[1], units, seed)
    trace = cell.run(inputs)
    code = lesson.code(cell, inputs)
    data = player_data(RNN, cell, trace, labels, list(range(units)), unit, colours)
    _parts.player("recurrence_step", {**data, "program": code}, "recurrence_unit")

    st.subheader("Folded and unrolled: the same picture twice")
    view = st.segmented_control(
        "View", ("unrolled", "folded"), default="unrolled", key="recurrence_view",
        bind="query-params", required=True, label_visibility="collapsed",
    )  # fmt: skip
    if view == "folded":
        _parts.show_drawing(folded(cell, labels, colours), "folded")
    else:
        _parts.show_drawing(unrolled(cell, trace, labels, colours), "unrolled")
    st.markdown(lesson.counts(len(labels), units))
    st.markdown(lesson.repeated_letter(labels, inputs, trace.hidden_state))
    _parts.ask(lesson.how_many_weights(len(labels), units), f"recurrence_{len(labels)}_{units}")
    numbers = {"step": range(1, len(labels) + 1), "letter": labels} | {
        f"h_{place + 1}": trace.hidden_state[:, place] for place in range(units)
    }
    _parts.take_home("recurrence", numbers, code, "rnn_trace")


@st.fragment
def why_not_a_plain_network() -> None:
    """Train a plain network and recurrent ones on the same words; try every position."""
    st.subheader("Why not a plain network?")
    picture, words = st.columns([3, 2], gap="large")
    with words:
        front = st.slider(
            "Training shows an x at the first so many of 6 positions", 1, 6, 3,
            key="spotting_front", bind="query-params",
        )  # fmt: skip
        seed = st.number_input(
            "Seed of the networks", 0, 99, 0, key="spotting_seed", bind="query-params"
        )
        comparison = compared(front, int(seed))
        st.markdown(lesson.spotting_sentence(comparison))
    with picture:
        figure = found_at(comparison, _parts.colours())
        _parts.chart(figure, "found", found_at_alt(comparison))
        st.table(
            pd.DataFrame(
                {
                    "parameters": comparison.parameters,
                    "sees an x where there is none": {
                        name: f"{share:.1%}" for name, share in comparison.false_alarms.items()
                    },
                }
            )
        )


@st.fragment
def squashed_or_not() -> None:
    """Run one cell with tanh and without it."""
    st.subheader("What tanh is for")
    picture, words = st.columns([3, 2], gap="large")
    with words:
        gain = st.slider(
            "Gain of the recurrent kernel", 0.5, 3.0, 1.3, 0.05, key="range_gain",
            bind="query-params",
        )  # fmt: skip
        seed = st.number_input("Seed of the run", 0, 9999, 1, key="range_seed", bind="query-params")
        largest = lesson.squashed_or_not(gain, int(seed))
        st.markdown(lesson.range_sentence(largest, gain))
    with picture:
        _parts.chart(ranges(largest, _parts.colours()), "ranges", ranges_alt(largest))


_parts.heading(chapters.RECURRENCE)
one_cell_again_and_again()
why_not_a_plain_network()
squashed_or_not()

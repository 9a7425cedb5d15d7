"""Variants: two directions, layers over layers, the GRU, and two short asides."""

import pandas as pd
import streamlit as st

from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.figures.cell import side_by_side, side_by_side_alt
from lstm_core.figures.player import UNITS, player_data
from lstm_core.figures.variants import layers, meeting, meeting_alt
from lstm_core.lessons import chapters
from lstm_core.lessons import variants as lesson
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.sentences import SENTENCE
from lstm_core.lessons.walks import GRU
from lstm_core.sentiment.halves import halves
from lstm_core.sentiment.opened import open_up
from pages import _parts


@st.fragment
def two_directions_and_two_layers() -> None:
    """Read a sentence from both ends, through both layers of the trained network."""
    colours = _parts.colours()
    st.subheader("Bidirectional: two readings meet")
    text = st.text_input(
        "A sentence in English", SENTENCE, max_chars=600, key="variants_text", bind="query-params"
    )
    reader = _parts.reader()
    text, words, ids = _parts.sentence(text)
    identity = tuple(ids.tolist())
    split = _parts.once("halves", identity, lambda: halves(reader.network.in_double(), ids))
    _parts.chart(meeting(split, words, colours), "meeting", meeting_alt(split, words))
    st.markdown(lesson.halves_sentence(split))

    st.subheader("Deep: layer over layer")
    every = lesson.EVERY_LSTM
    opened, without = _parts.once(
        "four_lstms",
        identity,
        lambda: (
            {which: open_up(reader, ids, *lesson.numbered(which)) for which in every},
            {
                which: open_up(reader, ids, *lesson.numbered(which), held={"forget": 0.0})
                for which in every
            },
        ),
    )
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        figure = layers(lesson.states(opened), words, colours)
        _parts.chart(figure, "layers", lesson.layers_alt(opened))
    with numbers:
        table = lesson.layers_table(opened, without)
        st.table(pd.DataFrame(table).set_index("LSTM"))
        st.markdown(lesson.layers_sentence(next(iter(opened.values()))))
    st.markdown("Open one of the four on this sentence, gate by gate:")
    with st.container(horizontal=True):
        for which in every:
            st.page_link(
                chapters.CELL.file,
                label=lesson.names_of(*which),
                icon="➡️",
                query_params=lesson.opens(which, text),
            )


@st.fragment
def gru() -> None:
    """Step through a GRU, beside an LSTM on the same input, with their parameters counted."""
    colours = _parts.colours()
    st.subheader("GRU: two gates, one state")
    text = st.text_input(
        "The sequence: numbers, separated by spaces", lesson.NUMBERS, key="gru_sequence",
        bind="query-params",
    )  # fmt: skip
    try:
        labels, inputs = parse_numbers(text)
    except ValueError as error:
        st.error(f"{error} Until then the page shows its own sequence.")
        labels, inputs = parse_numbers(lesson.NUMBERS)
    units, seed, unit = _parts.size_and_seed("gru", 2, UNITS)
    cell = GRUCell.initialise(1, units, seed)
    lstm = LSTMCell.initialise(1, units, seed)
    trace = cell.run(inputs)
    code = lesson.code(cell, inputs)
    data = player_data(GRU, cell, trace, labels, list(range(units)), unit, colours)
    step = _parts.player("gru_step", {**data, "program": code}, "gru_unit")

    beside, counted = st.columns(2, gap="large")
    with beside:
        st.markdown("**GRU and LSTM on the same input, both untrained, same seed**")
        runs = {
            "GRU": trace.hidden_state[:, unit],
            "LSTM": lstm.run(inputs).hidden_state[:, unit],
        }
        what = f"h of unit {unit + 1}"
        _parts.chart(
            side_by_side(runs, labels, what, colours), "gru_h", side_by_side_alt(runs, what)
        )
    with counted:
        st.markdown("**Parameters, by the formula and by the object**")
        st.table(pd.DataFrame(lesson.counts_table(1, units)).set_index("cell"))
        st.caption(
            "Gates × units × (features + units + biases). A GRU with reset_after has two biases a gate. "
            "The budget is the LSTM's."
        )
    _parts.ask(
        lesson.which_gate_writes(trace.update_gate, step // len(GRU.stages), unit),
        f"gru_question_{step // len(GRU.stages)}_{unit}",
    )
    st.subheader("Two asides: peepholes and coupled gates")
    peephole = st.slider(
        "Every peephole weight", -3.0, 3.0, 1.0, 0.1, key="peephole", bind="query-params"
    )
    drawn, said = st.columns([3, 2], gap="large")
    with drawn:
        runs = lesson.asides(lstm, inputs, peephole, unit)
        what = f"c of unit {unit + 1}"
        figure = side_by_side(runs, labels, what, colours)
        _parts.chart(figure, "asides", side_by_side_alt(runs, what))
    with said:
        st.markdown(lesson.asides_sentence(lstm))
    numbers = {"step": range(1, len(labels) + 1), "input": labels} | {
        f"{name}_{place + 1}": array[:, place]
        for name, array in trace.quantities().items()
        for place in range(units)
    }
    _parts.take_home("gru", numbers, code, "gru_trace")


_parts.heading(chapters.VARIANTS)
two_directions_and_two_layers()
gru()

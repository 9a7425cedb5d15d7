"""Variants: two directions, layers over layers, the GRU, and two short asides."""

import pandas as pd
import streamlit as st

from lstm_core.arrays import Array
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.figures.cell import side_by_side, side_by_side_alt
from lstm_core.figures.player import UNITS, player_data
from lstm_core.figures.variants import layers, meeting, meeting_alt
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import variants as lesson
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.exercises import variants as exercises
from lstm_core.lessons.sentences import SENTENCE, Ids, sentence_ids
from lstm_core.lessons.walks import GRU
from lstm_core.sentiment.halves import Halves, halves
from pages import _learning, _parts


def shared_out(text: str, ids: Ids, words: list[str]) -> tuple[Halves, lesson.LastPlace]:
    """Share the logit of a sentence out, once for each sentence of a visitor."""
    reader = _parts.reader()
    return _parts.once(
        "halves",
        tuple(ids.tolist()),
        lambda: (
            halves(reader.network.doubled, ids),
            lesson.last_place(reader, ids, words),
        ),
        text == SENTENCE,
    )


@_parts.fragment
def two_directions_and_two_layers() -> None:
    """Read a sentence from both ends, through both layers of the trained network."""
    with _parts.panel("directions"):
        st.subheader(say("Bidirectional: two readings meet"))
        text = st.text_input(
            say("A sentence in English"), SENTENCE, max_chars=600, key="variants_text",
            bind="query-params",
        )  # fmt: skip
        text, words, ids = _parts.sentence(text)
        split, _ = shared_out(text, ids, words)
        _parts.chart(meeting(split, words, _parts.colours()), "meeting", meeting_alt(split, words))
        _parts.prose(lesson.halves_sentence(split))
    with _parts.panel("layers"):
        layer_over_layer(text, words, ids)
    # The questions further down are about this sentence too, and belong to another fragment.
    read = tuple(ids.tolist())
    if st.session_state.setdefault("variants_read", read) != read:
        st.session_state.variants_read = read
        st.rerun()


def layer_over_layer(text: str, words: list[str], ids: Ids) -> None:
    """Show what all four LSTMs hold of a sentence, and the way to each of them."""
    st.subheader(say("Deep: layer over layer"))
    told = _parts.once(
        "four_lstms",
        tuple(ids.tolist()),
        lambda: lesson.all_four(_parts.reader(), ids),
        text == SENTENCE,
    )
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        _parts.chart(layers(told.states, words, _parts.colours()), "layers", told.alt)
    with numbers:
        st.table(pd.DataFrame(told.table).set_index("LSTM"))
        _parts.prose(told.sentence)
    st.markdown(say("Open one of the four on this sentence, gate by gate:"))
    with st.container(horizontal=True):
        for which in lesson.EVERY_LSTM:
            _parts.link(chapters.CELL.file, lesson.names_of(*which), "➡️", lesson.opens(which, text))


@_parts.fragment
def gru() -> None:
    """Step through a GRU, beside an LSTM on the same input, with their parameters counted."""
    colours = _parts.colours()
    with _parts.panel("gru"):
        st.subheader(say("GRU: two gates, one state"))
        text = st.text_input(
            say("The sequence: numbers, separated by spaces"), lesson.NUMBERS, key="gru_sequence",
            bind="query-params",
        )  # fmt: skip
        try:
            labels, inputs = parse_numbers(text)
        except ValueError as error:
            st.error(say("{error} Until then the page shows its own sequence.", error=error))
            labels, inputs = parse_numbers(lesson.NUMBERS)
        units, seed, unit = _parts.size_and_seed("gru", 2, UNITS)
        cell = GRUCell.initialise(1, units, seed)
        lstm = LSTMCell.initialise(1, units, seed)
        trace = cell.run(inputs)
        code = lesson.code(cell, inputs)
        data = player_data(GRU, cell, trace, labels, list(range(units)), unit, colours)
        step = _parts.player("gru_step", {**data, "program": code}, "gru_unit")
        st.markdown(say("**GRU and LSTM on the same input, both untrained, same seed**"))
        runs = {
            "GRU": trace.hidden_state[:, unit],
            "LSTM": lstm.run(inputs).hidden_state[:, unit],
        }
        what = say("h of unit {unit}", unit=unit + 1)
        figure = side_by_side(runs, labels, what, colours)
        _parts.chart(figure, "gru_h", side_by_side_alt(runs, what))
    with _parts.panel("counts"):
        st.markdown(say("**Parameters, by the formula and by the object**"))
        st.table(pd.DataFrame(lesson.counts_table(1, units)).set_index(say("cell")))
        st.caption(
            say(
                "Gates × units × (features + units + biases). A GRU with reset_after has two biases a "
                "gate. The budget is the LSTM's."
            )
        )
    with _parts.panel("asides"):
        aside = asides(lstm, labels, inputs, unit)
    words, ids, _ = sentence_ids(_parts.reader(), st.session_state.variants_text or "")
    split, last = shared_out(text, ids, words)
    shown = lesson.Shown(split, last, cell, trace, aside, step // len(GRU.stages), unit)
    _learning.exercises(chapters.VARIANTS, exercises.quiz(shown), exercises.QUESTS, shown)
    numbers = {"step": range(1, len(labels) + 1), "input": labels} | {
        f"{name}_{place + 1}": array[:, place]
        for name, array in trace.quantities().items()
        for place in range(units)
    }
    _parts.take_home(
        "gru",
        numbers,
        code,
        "gru_trace",
        lesson.keras_code(cell, inputs),
        lesson.torch_code(cell, inputs),
    )


def asides(lstm: LSTMCell, labels: list[str], inputs: Array, unit: int) -> lesson.Runs:
    """Draw what peepholes and coupled gates change; returns the runs."""
    st.subheader(say("Two asides: peepholes and coupled gates"))
    peephole = st.slider(
        say("Every peephole weight"), -3.0, 3.0, 1.0, 0.1, key="peephole", bind="query-params"
    )
    drawn, said = st.columns([3, 2], gap="large")
    with drawn:
        runs = lesson.asides(lstm, inputs, peephole, unit)
        what = say("c of unit {unit}", unit=unit + 1)
        figure = side_by_side(runs, labels, what, _parts.colours())
        _parts.chart(figure, "asides", side_by_side_alt(runs, what))
    with said:
        _parts.prose(lesson.asides_sentence(lstm))
    return runs


_parts.heading(chapters.VARIANTS)
_learning.tour(chapters.VARIANTS, exercises.TOUR)
two_directions_and_two_layers()
gru()

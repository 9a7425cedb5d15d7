"""Variants: two directions, layers over layers, the GRU, and two short asides."""

import pandas as pd
import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.sentiment.halves import Halves, halves
from pages._app import caches, chapter, charts, downloads, learning, panels, players, sentences
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.player import UNITS, player_data
from pages._book.runs import side_by_side, side_by_side_alt
from pages._book.sentences import SENTENCE, Ids, sentence_ids
from pages._book.sequences import parse_numbers
from pages._book.walks import GRU
from pages.variants import exercises, lesson
from pages.variants.figures import layers, meeting, meeting_alt

control = Controls(lesson.START)


def shared_out(text: str, ids: Ids, words: list[str]) -> tuple[Halves, lesson.LastPlace]:
    """Share the logit of a sentence out, once for each sentence of a visitor."""
    reader = caches.reader()
    return caches.computed(
        "halves",
        tuple(words),
        lambda: (
            halves(reader.network.doubled, ids),
            lesson.last_place(reader, ids, words),
        ),
        text == SENTENCE,
    )


@panels.fragment
def two_directions_and_two_layers() -> None:
    """Read a sentence from both ends, through both layers of the trained network."""
    with panels.panel("directions"):
        st.subheader(say("Bidirectional: two readings meet"))
        text = control.text("variants_text", say("A sentence in English"), max_chars=600)
        text, words, ids = sentences.sentence(text)
        split, _ = shared_out(text, ids, words)
        charts.chart(meeting(split, words, caches.colours()), "meeting", meeting_alt(split, words))
        panels.prose(lesson.halves_sentence(split))
    with panels.panel("layers"):
        layer_over_layer(text, words, ids)
    # The questions further down are about this sentence too, and belong to another fragment.
    read = tuple(words)
    if st.session_state.setdefault("variants_read", read) != read:
        st.session_state.variants_read = read
        st.rerun()


def layer_over_layer(text: str, words: list[str], ids: Ids) -> None:
    """Show what all four LSTMs hold of a sentence, and the way to each of them."""
    st.subheader(say("Deep: layer over layer"))
    four = caches.computed(
        "four_lstms",
        tuple(ids.tolist()),
        lambda: lesson.all_four(caches.reader(), ids),
        text == SENTENCE,
    )
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        charts.chart(layers(four.states, words, caches.colours()), "layers", four.alt)
    with numbers:
        st.table(pd.DataFrame(four.table).set_index("LSTM"))
        panels.prose(four.sentence)
    st.markdown(say("Open one of the four on this sentence, gate by gate:"))
    with st.container(horizontal=True):
        for which in lesson.EVERY_LSTM:
            panels.link(chapters.CELL.file, lesson.names_of(*which), "➡️", lesson.opens(which, text))


@panels.fragment
def gru() -> None:
    """Step through a GRU, beside an LSTM on the same input, with their parameters counted."""
    colours = caches.colours()
    with panels.panel("gru"):
        st.subheader(say("GRU: two gates, one state"))
        text = control.text("gru_sequence", say("The sequence: numbers, separated by spaces"))
        try:
            labels, inputs = parse_numbers(text)
        except ValueError as error:
            st.error(say("{error} Until then the page shows its own sequence.", error=error))
            labels, inputs = parse_numbers(lesson.NUMBERS)
        units, seed, unit = control.size_and_seed("gru", UNITS)
        cell = GRUCell.initialise(1, units, seed)
        lstm = LSTMCell.initialise(1, units, seed)
        trace = cell.run(inputs)
        programs = lesson.gru_programs(cell, inputs)
        data = player_data(GRU, cell, trace, labels, list(range(units)), unit, colours)
        data["program"] = programs.lstm_core
        step = players.player("gru_step", data, "gru_unit")
        st.markdown(say("**GRU and LSTM on the same input, both untrained, same seed**"))
        runs = {
            "GRU": trace.hidden_state[:, unit],
            "LSTM": lstm.run(inputs).hidden_state[:, unit],
        }
        what = say("h of unit {unit}", unit=unit + 1)
        figure = side_by_side(runs, labels, what, colours)
        charts.chart(figure, "gru_h", side_by_side_alt(runs, what))
    with panels.panel("counts"):
        st.markdown(say("**Parameters, by the formula and by the object**"))
        st.table(pd.DataFrame(lesson.counts_table(1, units)).set_index(say("cell")))
        st.caption(
            say(
                "Gates × units × (features + units + biases). A GRU with reset_after has two biases a "
                "gate. The budget is the LSTM's."
            )
        )
    with panels.panel("asides"):
        aside = asides(lstm, labels, inputs, unit)
    sentence = st.session_state.variants_text or ""
    words, ids, problem = sentence_ids(caches.reader(), sentence)
    split, last = shared_out(SENTENCE if problem else sentence, ids, words)
    shown = lesson.Shown(split, last, cell, trace, aside, step // len(GRU.stages), unit)
    learning.exercises(chapters.VARIANTS, exercises.quiz(shown), exercises.QUESTS, shown)
    numbers = {"step": range(1, len(labels) + 1), "input": labels} | {
        f"{name}_{place + 1}": array[:, place]
        for name, array in trace.quantities().items()
        for place in range(units)
    }
    downloads.take_home("gru", numbers, programs, "gru_trace")


def asides(lstm: LSTMCell, labels: list[str], inputs: Array, unit: int) -> lesson.Runs:
    """Draw what peepholes and coupled gates change; returns the runs."""
    st.subheader(say("Two asides: peepholes and coupled gates"))
    peephole = control.slider("peephole", say("Every peephole weight"), -3.0, 3.0, step=0.1)
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        runs = lesson.asides(lstm, inputs, peephole, unit)
        what = say("c of unit {unit}", unit=unit + 1)
        figure = side_by_side(runs, labels, what, caches.colours())
        charts.chart(figure, "asides", side_by_side_alt(runs, what))
    with words:
        panels.prose(lesson.asides_sentence(lstm))
    return runs


chapter.begin(chapters.VARIANTS, {}, exercises.TOUR)
two_directions_and_two_layers()
gru()

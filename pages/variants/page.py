"""Variants: two directions, layers over layers, the GRU, and two short asides."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.cells.arrays import Array
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.lstm import LSTMCell
from lstm_core.sentiment.halves import Halves, halves
from pages._app import caches, charts, downloads, exports, panels, players, sentences, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.player import UNITS, player_data
from pages._book.programs import Programs
from pages._book.runs import side_by_side, side_by_side_alt
from pages._book.sentences import SENTENCE, Ids, sentence_ids
from pages._book.sequences import parse_numbers
from pages._book.walks import GRU
from pages.variants import exercises, lesson
from pages.variants.figures import (
    growth,
    growth_alt,
    layers,
    meeting,
    meeting_alt,
    parameters,
    parameters_alt,
)

WIDTHS = (5, 2)
"""The drawing's share of the width, and that of the column in which the code has to fit."""
control = Controls(lesson.START)


@dataclass(frozen=True)
class Cells:
    """A GRU and an LSTM, untrained from the same seed, and what both read."""

    labels: list[str]
    inputs: Array
    gru: GRUCell
    lstm: LSTMCell
    trace: GRUTrace
    unit: int

    @property
    def programs(self) -> Programs:
        """What reproduces the GRU's run."""
        return lesson.gru_programs(self.gru, self.inputs)


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


def read_sentence() -> tuple[Halves, lesson.LastPlace]:
    """Share out the logit of the sentence that the controls stand at."""
    text = control.now("variants_text") or ""
    words, ids, problem = sentence_ids(caches.reader(), text)
    return shared_out(SENTENCE if problem else text, ids, words)


def cells_as_they_stand() -> Cells:
    """Run both cells that the controls stand at; what cannot be read is said."""
    try:
        labels, inputs = parse_numbers(control.now("gru_sequence"))
    except ValueError as error:
        st.error(say("{error} Until then the page shows its own sequence.", error=error))
        labels, inputs = parse_numbers(lesson.NUMBERS)
    units, seed = int(control.now("gru_units")), int(control.now("gru_seed"))
    unit = min(int(control.now("gru_unit")), units) - 1
    gru, lstm = GRUCell.initialise(1, units, seed), LSTMCell.initialise(1, units, seed)
    return Cells(labels, inputs, gru, lstm, gru.run(inputs), unit)


def cells(place: stage.Stage) -> tuple[Cells, DeltaGenerator]:
    """Let the visitor choose a sequence and cells; returns them, and the place behind "More"."""
    with place.beside:
        control.text("gru_sequence", say("The sequence: numbers, separated by spaces"))
        units = int(control.slider("gru_units", say("Units"), 1, UNITS))
    more = place.more()
    with more:
        control.number("gru_seed", say("Seed"), 0, 9999)
        control.units("gru_unit", units)
    with place.beside:
        return cells_as_they_stand(), more


def shown(both: Cells | None = None) -> lesson.Shown:
    """Collect what questions and quests are about."""
    both = both or cells_as_they_stand()
    split, last = read_sentence()
    aside = lesson.asides(both.lstm, both.inputs, control.now("peephole"), both.unit)
    step = min(players.step_of("gru_step") // len(GRU.stages), len(both.labels) - 1)
    return lesson.Shown(split, last, both.gru, both.trace, aside, step, both.unit)


def taken_home() -> downloads.TakenHome:
    """Collect the numbers of the GRU's run and the programs that make them."""
    both = cells_as_they_stand()
    numbers = {"step": range(1, len(both.labels) + 1), "input": both.labels} | {
        f"{name}_{place + 1}": array[:, place]
        for name, array in both.trace.quantities().items()
        for place in range(both.gru.units)
    }
    return downloads.TakenHome(numbers, both.programs, "gru_trace")


page = stage.Page(
    chapters.VARIANTS, {}, exercises.TOUR, exercises.QUESTS, exercises.quiz, shown, taken_home
)


@page.panel("directions", keys=("variants_text",))
def directions(place: stage.Stage) -> lesson.Shown:
    """Read a sentence from both ends; both sums meet in the logit."""
    with place.beside:
        text = control.text("variants_text", say("A sentence in English"), max_chars=600)
        text, words, ids = sentences.sentence(text)
        split, _ = shared_out(text, ids, words)
        panels.prose(lesson.which_decided(split))
    with place.picture:
        charts.chart(meeting(split, words, caches.colours()), "meeting", meeting_alt(split, words))
    place.sentence(lesson.halves_sentence(split))
    return shown()


@page.panel("layers")
def layer_over_layer(place: stage.Stage) -> None:
    """Show what all four LSTMs hold of a sentence, and the way to each of them."""
    with place.beside:
        text = control.text("variants_text", say("A sentence in English"), max_chars=600)
        text, words, ids = sentences.sentence(text)
        st.markdown(say("Open one of the four in the cell:"))
        for which in lesson.EVERY_LSTM:
            address = lesson.opens(which, text)
            icon = ":material/arrow_forward:"
            panels.link(chapters.CELL.file, lesson.names_of(*which), icon, address)
    four = caches.computed(
        "four_lstms",
        tuple(ids.tolist()),
        lambda: lesson.all_four(caches.reader(), ids),
        text == SENTENCE,
    )
    with place.picture:
        figure = layers(four.states, four.units, words, caches.colours())
        charts.chart(figure, "layers", four.alt)
    with place.more():
        st.table(pd.DataFrame(four.table).set_index("LSTM"))
        panels.prose(four.sentence)
    place.sentence(four.reads)


@page.panel("gru", keys=("gru_step", "gru_sequence"), widths=WIDTHS)
def gru(place: stage.Stage) -> lesson.Shown:
    """Step through a GRU."""
    both, more = cells(place)
    colours = caches.colours()
    every = list(range(both.gru.units))
    data = player_data(GRU, both.gru, both.trace, both.labels, every, both.unit, colours)
    data["program"] = both.programs.lstm_core
    with place.picture:
        players.player("gru_step", data, "gru_unit")
    with more:
        exports.playing_button(
            "gru", say("GRU cell"), ("stepping.js", "player.js"), ("player.css",), data, colours
        )
    return shown(both)


@page.panel("counts")
def counts(place: stage.Stage) -> lesson.Shown:
    """Count the parameters of every cell, and show how they grow with its units."""
    with place.beside:
        units = int(control.slider("gru_units", say("Units"), 1, UNITS))
    both, colours = cells_as_they_stand(), caches.colours()
    with place.picture:
        left, right = st.columns(2, gap="small")
        with left:
            charts.chart(parameters(1, units, colours), "parameters", parameters_alt(1, units))
        with right:
            figure = growth(1, units, UNITS, colours)
            charts.chart(figure, "growth", growth_alt(1, units, UNITS))
    with place.more():
        st.table(pd.DataFrame(lesson.counts_table(1, units)).set_index(say("cell")))
    place.sentence(lesson.counts_sentence(1, units))
    return shown(both)


@page.panel("asides", keys=("peephole",))
def asides(place: stage.Stage) -> lesson.Shown:
    """Draw what peepholes and coupled gates change."""
    with place.beside:
        peephole = control.slider("peephole", say("Every peephole weight"), -3.0, 3.0, step=0.1)
    both, _ = cells(place)
    with place.picture:
        runs = lesson.asides(both.lstm, both.inputs, peephole, both.unit)
        what = say("c of unit {unit}", unit=both.unit + 1)
        figure = side_by_side(runs, both.labels, what, caches.colours())
        charts.chart(figure, "asides", side_by_side_alt(runs, what))
    place.sentence(lesson.asides_sentence(both.lstm, list(runs.values())))
    return shown(both)


page.show()

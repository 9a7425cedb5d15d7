"""Backpropagation through time in one LSTM: forward, then back, gate by gate."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.gradients.bptt import GROUPS, WayBack, disagreement
from pages._app import caches, charts, downloads, exports, panels, players, sentences, stage
from pages._app.bound import Controls
from pages._book import chapters, way_back
from pages._book.language import say
from pages._book.programs import Programs
from pages._book.sentences import SENTENCE, sentence_ids
from pages._book.sequences import parse_numbers
from pages.bptt import exercises, figures, lesson

control = Controls(lesson.START)


class Chosen(NamedTuple):
    """What the page takes apart.

    Attributes:
        way: forward and back.
        labels: what was read at each step.
        unit: whose numbers are shown, from 0.
        programs: writes what is taken home; a large cell's are long.
        movable: makes the same way back through a cell whose weights can be moved, and what computes
            the loss with those weights as they stand.
        places: so many weights of a group are compared with finite differences.
        identity: what all of it was computed from.
        own: whether that is the app's own text or numbers.
        loss_in_words: what the loss is, if it is one of the small LSTM.
    """

    way: WayBack
    labels: list[str]
    unit: int
    programs: Callable[[], Programs]
    movable: Callable[[], tuple[WayBack, Callable[[], float]]]
    places: int
    identity: tuple[object, ...]
    own: bool
    loss_in_words: str = ""


def own_controls() -> Controls:
    """Return the controls whose values to begin with are those of the preset that is chosen."""
    preset = lesson.PRESETS[control.now("bptt_preset")]
    return Controls({**lesson.START, **preset.sets})


def chosen() -> Chosen:
    """Compute the way back that the controls stand for; a wrong text counts as the page's own."""
    return trained_network() if control.now("bptt_source") == lesson.TRAINED else small_lstm()


def small_lstm() -> Chosen:
    """Run the small LSTM forward and back."""
    values: Mapping[str, Any] = own_controls().values()
    own_text = lesson.PRESETS[values["bptt_preset"]].sets["bptt_sequence"]
    try:
        parse_numbers(values["bptt_sequence"])
    except ValueError:
        values = {**values, "bptt_sequence": own_text}
    reading = lesson.reading_of(values)
    unit = min(int(control.now("bptt_unit")), reading.cell.units) - 1
    return Chosen(
        reading.way,
        reading.labels,
        unit,
        reading.programs,
        lambda: (reading.way, reading.loss),
        6,
        tuple(values[key] for key in lesson.SMALL_LSTM),
        values["bptt_sequence"] == own_text,
        lesson.loss_sentence(reading),
    )


def trained_network() -> Chosen:
    """Run one LSTM of the trained network forward, and back from the logit."""
    text, layer = control.now("bptt_text"), control.now("bptt_layer")
    direction = control.now("bptt_direction")
    words, ids, problem = sentence_ids(caches.reader(), text)
    text = SENTENCE if problem else text
    network = caches.reader().network
    vectors = network.embed(ids).astype(float)

    def gone_back() -> tuple[WayBack, list[str]]:
        return lesson.trained_way_back(network.doubled, words, vectors, layer, direction)

    def movable() -> tuple[WayBack, Callable[[], float]]:
        twin = network.in_double()
        moved, _ = lesson.trained_way_back(twin, words, vectors, layer, direction)
        return moved, lambda: float(twin.answers(vectors)[0])

    way, labels = caches.computed(
        "bptt_way", (text, layer, direction), gone_back, text == SENTENCE, in_words=False
    )
    unit = min(int(control.now("bptt_unit")), way.cell.units) - 1
    if control.now("bptt_deciding"):
        unit = int(way.importance.argmax())
    return Chosen(
        way,
        labels,
        unit,
        lambda: lesson.trained_programs(text, layer, direction),
        movable,
        2,
        (text, layer, direction),
        text == SENTENCE,
    )


def start_preset() -> None:
    """Begin a preset afresh: its own numbers, its own target, the first step."""
    players.put(lesson.PRESETS[st.session_state.bptt_preset].sets)


def choose(place: stage.Stage) -> tuple[Chosen, DeltaGenerator]:
    """Let the visitor choose whose way back is shown; returns it, and the place behind "More"."""
    with place.beside:
        source = control.choice(
            "bptt_source",
            say("Whose way back?"),
            (lesson.SMALL, lesson.TRAINED),
            wrap=True,
            format_func=say,
        )
        if source == lesson.TRAINED:
            choose_sentence()
        else:
            choose_sequence()
    popover = place.more()
    with popover:
        if source == lesson.TRAINED:
            deciding = choose_unit()
        else:
            choose_cell()
            deciding = False
        made = chosen()
        if not deciding:
            made = made._replace(unit=control.units("bptt_unit", made.way.cell.units))
        if source != lesson.TRAINED:
            preset = lesson.PRESETS[control.now("bptt_preset")]
            panels.prose(f"{preset.claimed(made.way)}\n\n{made.loss_in_words}")
    return made, popover


def choose_sequence() -> None:
    """Let the visitor choose a preset, and what the small LSTM reads."""
    control.select(
        "bptt_preset",
        say("Start from"),
        lesson.PRESETS,
        on_change=start_preset,
        format_func=say,
    )
    text = own_controls().text("bptt_sequence", say("The sequence: numbers, separated by spaces"))
    try:
        parse_numbers(text)
    except ValueError as error:
        st.error(
            say("{problem} Until then the page shows the preset's own sequence.", problem=error)
        )


def choose_sentence() -> None:
    """Let the visitor choose a sentence and one of the four LSTMs that read it."""
    sentences.sentence(control.text("bptt_text", say("A sentence in English"), max_chars=600))
    control.choice("bptt_layer", say("Layer"), lesson.LAYERS, format_func=say)
    control.choice("bptt_direction", say("Direction"), lesson.DIRECTIONS, format_func=say)


def choose_unit() -> bool:
    """Ask whether the unit that counts most is shown."""
    return control.switch(
        "bptt_deciding",
        say("The unit that counts most"),
        help=say(
            "The unit whose hidden states, each times its gradient, have the largest sum of absolute "
            "values. The loss is the logit of “positive”; its gradient enters at every step, from the "
            "layer above."
        ),
    )


def choose_cell() -> None:
    """Let the visitor change the small LSTM and its loss."""
    control.slider("bptt_units", say("Units"), 1, 8)
    control.number("bptt_seed", say("Seed"), 0, 9999)
    own_controls().slider("bptt_target", say("Target of every hidden state"), -1.0, 1.0, step=0.05)
    control.switch(
        "bptt_every",
        say("A loss at every step"),
        help=say("Otherwise the loss depends on the last hidden state alone."),
    )


def state_of(made: Chosen) -> exercises.State:
    """Return what quests and questions are about."""
    return exercises.State(made.way, control.now("bptt_group"), made.unit)


def shown() -> exercises.State:
    """Compute what quests and questions are about from the controls' values."""
    return state_of(chosen())


def taken_home() -> downloads.TakenHome:
    """Collect every delta of every unit, and the programs that compute them."""
    made = chosen()
    steps = {"step": range(1, made.way.steps + 1), "input": made.labels}
    data = steps | lesson.columns(made.way)
    return downloads.TakenHome(data, made.programs(), "lstm_way_back")


page = stage.Page(
    chapters.BPTT,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


@page.panel("way", keys=("bptt_step",))
def way(place: stage.Stage) -> exercises.State:
    """Step forward through the cell, then let the error go back through it."""
    made, more = choose(place)
    with more:
        data = way_back.way_back_data(made.way, made.labels, made.unit, caches.colours())
        exports.playing_button(
            "bptt_step",
            say("Forward, then back"),
            way_back.SCRIPTS,
            way_back.STYLES,
            data,
            caches.colours(),
        )
    with place.picture:
        players.way_back_player("bptt_step", data)
    return state_of(made)


@page.panel("weights", keys=("bptt_group",))
def weights(place: stage.Stage) -> exercises.State:
    """Show what each step adds to one weight, and the eight sums."""
    with place.beside:
        group = control.choice("bptt_group", say("Group of weights"), list(GROUPS), wrap=True)
    made, more = choose(place)
    with more:
        st.table(pd.DataFrame(lesson.sums(made.way, made.unit)).set_index(say("group")))
        panels.prose(lesson.ticks(compared(made)))
    row = way_back.largest_row(made.way, group, made.unit)
    bars = made.way.contributions(group)[:, row, made.unit]
    name = f"{group[0]}<sub>{group[2]}</sub>[{row + 1}, {made.unit + 1}]"
    with place.picture:
        figure = figures.shares(bars, made.labels, name, caches.colours())
        alt = lesson.contribution_alt(made.way, group, row, made.unit)
        charts.chart(figure, "bptt_shares", alt)
    place.sentence(lesson.shares_sentence(made.way, group, made.unit, made.labels))
    return state_of(made)


@page.panel("paths")
def paths(place: stage.Stage) -> exercises.State:
    """Draw the direct path and the full gradient together, and say what the lecture leaves out."""
    made, more = choose(place)
    with more:
        panels.prose(lesson.erratum(made.way, max(made.way.steps - 2, 0), made.unit))
    with place.picture:
        figure = figures.two_paths(made.way, made.labels, caches.colours())
        charts.chart(figure, "bptt_paths", lesson.paths_alt(made.way))
    place.sentence(lesson.paths_sentence(made.way))
    return state_of(made)


def compared(made: Chosen) -> dict[str, float]:
    """Compare each group's gradient with finite differences of the loss."""

    def all_groups() -> dict[str, float]:
        way, loss = made.movable()
        return {group: disagreement(way, loss, group, made.places) for group in GROUPS}

    return caches.computed("bptt_ticks", made.identity, all_groups, made.own)


page.show()

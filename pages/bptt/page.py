"""Backpropagation through time in one LSTM: forward, then back, gate by gate."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.gradients.bptt import GROUPS, WayBack, disagreement, stops
from pages._app import caches, chapter, charts, downloads, learning, panels, players, sentences
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.programs import Programs
from pages._book.sequences import parse_numbers
from pages.bptt import exercises, lesson
from pages.bptt.figures import ledger, shares, two_paths

control = Controls(lesson.START)


class Chosen(NamedTuple):
    """What the page takes apart: a way back, what was read, the unit in front.

    Its programs are written when they are asked for: a large cell's are long.
    """

    way: WayBack
    labels: list[str]
    unit: int
    programs: Callable[[], Programs]


def start_preset() -> None:
    """Begin a preset afresh: its own numbers, its own target, the first step."""
    players.put(lesson.PRESETS[st.session_state.bptt_preset].sets)


def small_lstm() -> Chosen:
    """Choose a small LSTM, what it reads and its loss."""
    name = control.select(
        "bptt_preset",
        say("Start from"),
        lesson.PRESETS,
        on_change=start_preset,
        format_func=say,
    )
    preset = lesson.PRESETS[name]
    own = Controls({**lesson.START, **preset.sets})
    text = own.text("bptt_sequence", say("The sequence: numbers, separated by spaces"))
    own_text = str(preset.sets["bptt_sequence"])
    try:
        parse_numbers(text)
    except ValueError as error:
        st.error(
            say("{problem} Until then the page shows the preset's own sequence.", problem=error)
        )
        text = own_text
    left, right = st.columns(2)
    control.slider("bptt_units", say("Units"), 1, 8, place=left)
    control.number("bptt_seed", say("Seed"), 0, 9999, place=right)
    own.slider("bptt_target", say("Target of every hidden state"), -1.0, 1.0, step=0.05)
    control.switch(
        "bptt_every",
        say("A loss at every step"),
        help=say("Otherwise the loss looks at the last hidden state alone."),
    )
    values = own.values() | {"bptt_sequence": text}
    reading = lesson.reading_of(values)
    unit = control.units("bptt_unit", reading.cell.units)
    panels.prose(preset.claimed(reading.way))
    st.caption(lesson.loss_sentence(reading))
    identity = tuple(values[key] for key in lesson.SMALL_LSTM)
    ticks(identity, reading.way, reading.loss, own=text == own_text)
    return Chosen(reading.way, reading.labels, unit, reading.programs)


def trained_network() -> Chosen:
    """Choose a sentence and one of the four LSTMs that read it."""
    typed = control.text("bptt_text", say("A sentence in English"), max_chars=600)
    text, words, ids = sentences.sentence(typed)
    layer = control.choice("bptt_layer", say("Layer"), lesson.LAYERS, format_func=say)
    direction = control.choice(
        "bptt_direction", say("Direction"), lesson.DIRECTIONS, format_func=say
    )
    network = caches.reader().network.in_double()
    vectors = network.embed(ids).astype(float)
    way, labels = lesson.trained_way_back(network, words, vectors, layer, direction)
    unit = int(way.importance.argmax())
    if not control.switch("bptt_deciding", say("The unit that counts most")):
        unit = control.units("bptt_unit", way.cell.units)
    st.caption(
        say(
            "Unit {unit} of {units}. The one that counts most is the one whose hidden states, each "
            "times its gradient, have the largest sum of absolute values. The loss is the logit of "
            "“positive”; its gradient enters at every step, from the layer above.",
            unit=unit + 1,
            units=way.cell.units,
        )
    )
    ticks((text, layer, direction), way, lambda: float(network.run(vectors).logit), places=2)
    return Chosen(way, labels, unit, lambda: lesson.trained_programs(text, layer, direction))


def ticks(
    identity: object,
    way: WayBack,
    loss: Callable[[], float],
    places: int = 6,
    own: bool = False,
) -> None:
    """Say of each group of weights whether finite differences agree with its gradient."""

    def compared() -> dict[str, float]:
        return {group: disagreement(way, loss, group, places) for group in GROUPS}

    st.markdown(lesson.ticks(caches.computed("bptt_ticks", identity, compared, own)))


@panels.fragment
def experiment() -> None:
    """Step forward, then back; see each step's share and the two paths."""
    with panels.panel("way"):
        chosen, known_from = forward_then_back()
    with panels.panel("weights"):
        group = what_the_weights_get(chosen, known_from)
    with panels.panel("paths"):
        both_paths(chosen)
    state = exercises.State(chosen.way, group, chosen.unit)
    learning.exercises(chapters.BPTT, exercises.quiz(state), exercises.QUESTS, state)
    steps = {"step": range(1, chosen.way.steps + 1), "input": chosen.labels}
    data = steps | lesson.columns(chosen.way)
    downloads.take_home("bptt", data, chosen.programs, "lstm_way_back")


def forward_then_back() -> tuple[Chosen, int]:
    """Step through a way back; returns it, and the earliest step whose share is known by now."""
    beside, picture = st.columns([2, 3], gap="large")
    with beside:
        source = control.choice(
            "bptt_source",
            say("Whose way back?"),
            (lesson.SMALL, lesson.TRAINED),
            wrap=True,
            format_func=say,
        )
        chosen = trained_network() if source == lesson.TRAINED else small_lstm()
    way, labels, unit, _ = chosen
    with picture:
        every = stops(way.steps)
        label = say("Step: forward, then nine stages back")
        stop = every[control.steps("bptt_step", len(every) - 1, label)]
        st.markdown(lesson.heading(way, stop, labels[stop.t]))
        with st.container(key="bptt_stop"):
            st.html(ledger(way, labels, stop, unit, caches.colours()))
            st.latex(lesson.formula(way, stop, unit))
            panels.prose(lesson.sentence(way, stop, unit))
    return chosen, lesson.reached(way, stop)


def what_the_weights_get(chosen: Chosen, known_from: int) -> str:
    """Show each step's share in one weight, and the eight sums; returns the group chosen."""
    st.subheader(say("What each step adds to a weight"))
    way, labels, unit, _ = chosen
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        group = control.choice("bptt_group", say("Group of weights"), list(GROUPS), wrap=True)
        row = lesson.largest_row(way, group, unit)
        name = f"{group}[{row + 1}, {unit + 1}]"
        bars = way.contributions(group)[:, row, unit]
        figure = shares(bars, labels, known_from, name, caches.colours())
        charts.chart(figure, "bptt_shares", lesson.contribution_alt(way, group, row, unit))
    with numbers:
        st.table(pd.DataFrame(lesson.sums(way, unit)).set_index(say("group")))
        st.caption(
            say(
                "Of each group the weight of this unit with the largest gradient. The bars appear as "
                "the way back reaches their steps."
            )
        )
    return group


def both_paths(chosen: Chosen) -> None:
    """Draw the direct path and the full gradient together, and say what the lecture leaves out."""
    st.subheader(say("Two paths back"))
    way = chosen.way
    charts.chart(two_paths(way, caches.colours()), "bptt_paths", lesson.paths_alt(way))
    panels.prose(lesson.paths_sentence(way))
    st.info(lesson.erratum(way, max(way.steps - 2, 0), chosen.unit), icon="✏️")


chapter.begin(chapters.BPTT, lesson.PRESETS, exercises.TOUR)
experiment()

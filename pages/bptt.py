"""Backpropagation through time in one LSTM: forward, then back, gate by gate."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.bptt import (
    GROUPS,
    WayBack,
    disagreement,
    loss_to_a_target,
    stops,
    to_a_target,
)
from lstm_core.figures.bptt import ledger, shares, two_paths
from lstm_core.language import mark, say
from lstm_core.lessons import bptt as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.exercises import bptt as exercises
from lstm_core.lessons.sentences import SENTENCE
from pages import _learning, _parts

TOY, TRAINED = mark("A small LSTM"), mark("The network that reads reviews")
LAYERS = (mark("first"), mark("second"))
DIRECTIONS = (mark("forward"), mark("backward"))


class Chosen(NamedTuple):
    """What the page takes apart: a way back, what was read, the unit in front, its programs."""

    way: WayBack
    labels: list[str]
    unit: int
    programs: lesson.Programs


def start_preset() -> None:
    """Begin a preset afresh: its own numbers, its own target, the first step."""
    preset = lesson.PRESETS[st.session_state.bptt_preset]
    st.session_state.bptt_sequence = preset.text
    st.session_state.bptt_target = preset.target
    st.session_state.bptt_step = 0


def small_lstm() -> Chosen:
    """Choose a small LSTM, what it reads and its loss."""
    st.selectbox(
        say("Start from"), list(lesson.PRESETS), key="bptt_preset", bind="query-params",
        on_change=start_preset, format_func=say,
    )  # fmt: skip
    preset = lesson.PRESETS[st.session_state.bptt_preset]
    text = st.text_input(
        say("The sequence: numbers, separated by spaces"),
        preset.text,
        key="bptt_sequence",
        bind="query-params",
    )
    try:
        labels, inputs = parse_numbers(text)
    except ValueError as error:
        st.error(
            say("{problem} Until then the page shows the preset's own sequence.", problem=error)
        )
        labels, inputs = parse_numbers(preset.text)
    some, seeded = st.columns(2)
    units = some.slider(say("Units"), 1, 8, 2, key="bptt_units", bind="query-params")
    seed = seeded.number_input(say("Seed"), 0, 9999, 1, key="bptt_seed", bind="query-params")
    target = st.slider(
        say("Target of every hidden state"), -1.0, 1.0, preset.target, 0.05, key="bptt_target",
        bind="query-params",
    )  # fmt: skip
    every = st.toggle(
        say("A loss at every step"),
        key="bptt_every",
        bind="query-params",
        help=say("Otherwise the loss looks at the last hidden state alone."),
    )
    cell = preset.cell(units, int(seed))
    way = to_a_target(cell, inputs, target, every)
    unit = _parts.unit_in_front("bptt_unit", cell.units)
    _parts.prose(lesson.claimed(preset, way))
    st.caption(lesson.loss_sentence(loss_to_a_target(cell, inputs, target, every), every))
    ticks(
        (preset.name, text, units, seed, target, every),
        way,
        lambda: loss_to_a_target(cell, inputs, target, every),
        own=text == preset.text,
    )
    return Chosen(way, labels, unit, lesson.programs(cell, inputs, target, every))


def trained_network() -> Chosen:
    """Choose a sentence and one of the four LSTMs that read it."""
    text = st.text_input(
        say("A sentence in English"),
        SENTENCE,
        max_chars=600,
        key="bptt_text",
        bind="query-params",
    )
    reader = _parts.reader()
    text, words, ids = _parts.sentence(text)
    layer = st.segmented_control(
        say("Layer"), LAYERS, default="first", key="bptt_layer", bind="query-params", required=True,
        format_func=say,
    )  # fmt: skip
    direction = st.segmented_control(
        say("Direction"), DIRECTIONS, default="forward", key="bptt_direction", bind="query-params",
        required=True, format_func=say,
    )  # fmt: skip
    network = reader.network.in_double()
    vectors = network.embed(ids).astype(float)
    place, direction = LAYERS.index(layer or "first"), direction or "forward"
    way = network.way_back(vectors, place, direction)
    labels = words[::-1] if direction == "backward" else words
    unit = int(way.importance.argmax())
    deciding = say("The unit that counts most")
    if not st.toggle(deciding, True, key="bptt_deciding", bind="query-params"):
        unit = _parts.unit_in_front("bptt_unit", way.cell.units)
    st.caption(
        say(
            "Unit {unit} of {units}. The one that counts most is the one whose hidden states, each "
            "times its gradient, have the largest sum of absolute values. The loss is the logit of "
            "“positive”; its gradient enters at every step, from the layer above.",
            unit=unit + 1, units=way.cell.units,
        )
    )  # fmt: skip
    ticks((text, layer, direction), way, lambda: float(network.run(vectors).logit), places=2)
    return Chosen(way, labels, unit, lesson.trained_programs(text, place, direction))


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

    st.markdown(lesson.ticks(_parts.once("bptt_ticks", identity, compared, own)))


@_parts.fragment
def experiment() -> None:
    """Step forward, then back; see each step's share and the two paths."""
    with _parts.panel("way"):
        chosen, known_from = forward_then_back()
    with _parts.panel("weights"):
        group = what_the_weights_get(chosen, known_from)
    with _parts.panel("paths"):
        both_paths(chosen)
    seen = exercises.Seen(chosen.way, group, chosen.unit)
    _learning.exercises(chapters.BPTT, exercises.quiz(seen), exercises.QUESTS, seen)
    way, programs = chosen.way, chosen.programs
    data = {"step": range(1, way.steps + 1), "input": chosen.labels} | lesson.columns(way)
    _parts.take_home("bptt", data, programs.own, "lstm_way_back", programs.keras, programs.torch)


def forward_then_back() -> tuple[Chosen, int]:
    """Step through a way back; returns it, and the earliest step whose share is known by now."""
    controls, picture = st.columns([2, 3], gap="large")
    with controls:
        source = st.segmented_control(
            say("Whose way back?"), (TOY, TRAINED), default=TOY, key="bptt_source",
            bind="query-params", required=True, wrap=True, format_func=say,
        )  # fmt: skip
        chosen = trained_network() if source == TRAINED else small_lstm()
    way, labels, unit, _ = chosen
    with picture:
        every = stops(way.steps)
        label = say("Step: forward, then nine stages back")
        stop = every[_parts.stepper("bptt_step", len(every) - 1, label)]
        st.markdown(lesson.heading(way, stop, labels[stop.t]))
        with st.container(key="bptt_stop"):
            st.html(ledger(way, labels, stop, unit, _parts.colours()))
            st.latex(lesson.formula(way, stop, unit))
            _parts.prose(lesson.sentence(way, stop, unit))
    return chosen, lesson.reached(way, stop)


def what_the_weights_get(chosen: Chosen, known_from: int) -> str:
    """Show each step's share in one weight, and the eight sums; returns the group chosen."""
    st.subheader(say("What each step adds to a weight"))
    way, labels, unit, _ = chosen
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        group = st.segmented_control(
            say("Group of weights"), list(GROUPS), default="W_xf", key="bptt_group",
            bind="query-params", required=True, wrap=True,
        ) or "W_xf"  # fmt: skip
        row = lesson.largest_row(way, group, unit)
        name = f"{group}[{row + 1}, {unit + 1}]"
        bars = way.contributions(group)[:, row, unit]
        figure = shares(bars, labels, known_from, name, _parts.colours())
        _parts.chart(figure, "bptt_shares", lesson.contribution_alt(way, group, row, unit))
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
    _parts.chart(two_paths(way, _parts.colours()), "bptt_paths", lesson.paths_alt(way))
    _parts.prose(lesson.paths_sentence(way))
    st.info(lesson.erratum(way, max(way.steps - 2, 0), chosen.unit), icon="✏️")


_parts.heading(chapters.BPTT)
_learning.tour(chapters.BPTT, exercises.TOUR)
experiment()

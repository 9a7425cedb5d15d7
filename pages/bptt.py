"""Backpropagation through time in one LSTM: forward, then back, gate by gate."""

from collections.abc import Callable

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
from lstm_core.lessons import bptt as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.markdown import plain
from lstm_core.lessons.sentences import SENTENCE
from pages import _parts

TOY, TRAINED = "A small LSTM", "The network that reads reviews"
LAYERS = ("first", "second")


def start_preset() -> None:
    """Begin a preset afresh: its own numbers, its own target, the first step."""
    preset = lesson.PRESETS[st.session_state.bptt_preset]
    st.session_state.bptt_sequence = preset.text
    st.session_state.bptt_target = preset.target
    st.session_state.bptt_step = 0


def small_lstm() -> tuple[WayBack, list[str], int]:
    """Choose a small LSTM, what it reads and its loss; returns its way back, labels and unit."""
    st.selectbox(
        "Start from", list(lesson.PRESETS), key="bptt_preset", bind="query-params",
        on_change=start_preset,
    )  # fmt: skip
    preset = lesson.PRESETS[st.session_state.bptt_preset]
    text = st.text_input(
        "The sequence: numbers, separated by spaces",
        preset.text,
        key="bptt_sequence",
        bind="query-params",
    )
    try:
        labels, inputs = parse_numbers(text)
    except ValueError as error:
        st.error(f"{error} Until then the page shows the preset's own sequence.")
        labels, inputs = parse_numbers(preset.text)
    some, seeded = st.columns(2)
    units = some.slider("Units", 1, 8, 2, key="bptt_units", bind="query-params")
    seed = seeded.number_input("Seed", 0, 9999, 1, key="bptt_seed", bind="query-params")
    target = st.slider(
        "Target of every hidden state", -1.0, 1.0, preset.target, 0.05, key="bptt_target",
        bind="query-params",
    )  # fmt: skip
    every = st.toggle(
        "A loss at every step",
        key="bptt_every",
        bind="query-params",
        help="Otherwise the loss looks at the last hidden state alone.",
    )
    cell = preset.cell(units, int(seed))
    way = to_a_target(cell, inputs, target, every)
    unit = _parts.unit_in_front("bptt_unit", cell.units)
    sign = "✔ holds" if preset.holds(way) else "✘ does not hold with these numbers"
    st.markdown(f"**Claim.** {preset.claim}  \n**{sign}**: {preset.evidence(way)}")
    loss = loss_to_a_target(cell, inputs, target, every)
    st.caption(
        f"L = ½ Σ (h − target)² = {loss:.4g}, over "
        + ("every step." if every else "the last step alone.")
    )
    ticks(
        (preset.name, text, units, seed, target, every),
        way,
        lambda: loss_to_a_target(cell, inputs, target, every),
    )
    st.session_state.bptt_code = lesson.code(cell, inputs, target, every)
    return way, labels, unit


def trained_network() -> tuple[WayBack, list[str], int]:
    """Choose a sentence and one of the four LSTMs that read it."""
    text = st.text_input(
        "A sentence in English",
        SENTENCE,
        max_chars=600,
        key="bptt_text",
        bind="query-params",
    )
    reader = _parts.reader()
    text, words, ids = _parts.sentence(text)
    layer = st.segmented_control(
        "Layer", LAYERS, default="first", key="bptt_layer", bind="query-params", required=True
    )
    direction = st.segmented_control(
        "Direction", ("forward", "backward"), default="forward", key="bptt_direction",
        bind="query-params", required=True,
    )  # fmt: skip
    network = reader.network.in_double()
    vectors = network.embed(ids).astype(float)
    way = network.way_back(vectors, LAYERS.index(layer or "first"), direction or "forward")
    labels = words[::-1] if direction == "backward" else words
    unit = int(way.importance.argmax())
    if not st.toggle("The unit that counts most", True, key="bptt_deciding", bind="query-params"):
        unit = _parts.unit_in_front("bptt_unit", way.cell.units)
    st.caption(
        f"Unit {unit + 1} of {way.cell.units}. The one that counts most is the one whose hidden "
        "states, each times its gradient, have the largest sum of absolute values. The loss is "
        "the logit of “positive”; its gradient enters at every step, from the layer above."
    )
    ticks((text, layer, direction), way, lambda: float(network.run(vectors).logit), places=2)
    st.session_state.bptt_code = lesson.trained_code(
        text, LAYERS.index(layer or "first"), direction or "forward"
    )
    return way, labels, unit


def ticks(identity: object, way: WayBack, loss: Callable[[], float], places: int = 12) -> None:
    """Say of each group of weights whether finite differences agree with its gradient."""

    def compared() -> dict[str, float]:
        return {group: disagreement(way, loss, group, places) for group in GROUPS}

    st.markdown(lesson.ticks(_parts.once("bptt_ticks", identity, compared)))


@st.fragment
def experiment() -> None:
    """Step forward, then back; see each step's share and the two paths."""
    colours = _parts.colours()
    controls, picture = st.columns([2, 3], gap="large")
    with controls:
        source = st.segmented_control(
            "Whose way back?", (TOY, TRAINED), default=TOY, key="bptt_source", bind="query-params",
            required=True, wrap=True,
        )  # fmt: skip
        way, labels, unit = trained_network() if source == TRAINED else small_lstm()
    with picture:
        every = stops(way.steps)
        place = _parts.stepper("bptt_step", len(every) - 1, "Step: forward, then nine stages back")
        stop = every[place]
        way_name = "Forward" if stop.is_forward else "Back"
        what = "all gates" if stop.stage is None else stop.stage
        st.markdown(
            f"##### {way_name}, step {stop.t + 1} of {way.steps}, “{plain(labels[stop.t])}”: "
            f"**{what}**"
        )
        st.html(ledger(way, labels, stop, unit, colours))
        st.latex(lesson.formula(way, stop, unit))
        st.markdown(lesson.sentence(way, stop, unit))
    what_the_weights_get(way, labels, unit, lesson.reached(way, stop))
    both_paths(way)
    st.info(lesson.erratum(way, max(way.steps - 2, 0), unit), icon="✏️")
    data = {"step": range(1, way.steps + 1), "input": labels} | lesson.columns(way)
    _parts.take_home("bptt", data, st.session_state.bptt_code, "lstm_way_back")


def what_the_weights_get(way: WayBack, labels: list[str], unit: int, known_from: int) -> None:
    """Show each step's share in one weight, and the eight sums."""
    st.subheader("What each step adds to a weight")
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        group = st.segmented_control(
            "Group of weights", list(GROUPS), default="W_xf", key="bptt_group", bind="query-params",
            required=True, wrap=True,
        ) or "W_xf"  # fmt: skip
        row = lesson.largest_row(way, group, unit)
        name = f"{group}[{row + 1}, {unit + 1}]"
        bars = way.contributions(group)[:, row, unit]
        figure = shares(bars, labels, known_from, name, _parts.colours())
        _parts.chart(figure, "bptt_shares", lesson.contribution_alt(way, group, row, unit))
    with numbers:
        st.table(pd.DataFrame(lesson.sums(way, unit)).set_index("group"))
        st.caption(
            "Of each group the weight of this unit with the largest gradient. The bars appear as "
            "the way back reaches their steps."
        )
    _parts.ask(lesson.which_step_counts_most(way, group, unit), f"bptt_question_{group}_{unit}")


def both_paths(way: WayBack) -> None:
    """Draw the direct path and the full gradient together."""
    st.subheader("Two paths back")
    _parts.chart(two_paths(way, _parts.colours()), "bptt_paths", lesson.paths_alt(way))
    st.markdown(lesson.paths_sentence(way))


_parts.heading(chapters.BPTT)
experiment()

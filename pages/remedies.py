"""Remedies for vanishing and exploding gradients: each as a switch, alone or combined."""

import pandas as pd
import streamlit as st

from lstm_core.arrays import Array
from lstm_core.cliff import Cliff
from lstm_core.descent import PENALTIES, Descent
from lstm_core.echo_state import EchoState, remember
from lstm_core.figures.remedies import (
    Arrow,
    arrows,
    cliff_walks,
    echo_and_input,
    gradient_before_and_after,
    loss_before_and_after,
    recall_over_delays,
)
from lstm_core.gradient_flow import INITIALISATIONS, Experiment, GradientFlow, follow
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import remedies as lesson
from lstm_core.lessons.exercises import remedies as exercises
from pages import _learning, _parts

FIRST = lesson.PRESETS["Explosion, clipped"]
DELAYS = 40


@st.cache_resource(max_entries=6, show_spinner=False)
def remembered(units: int, radius: float, seed: int) -> EchoState:
    """Train the readouts; many visitors share the settings."""
    return remember(units, radius, DELAYS, seed)


@st.cache_resource(max_entries=6, show_spinner=False)
def walked(
    weight: float, bias: float, rate: float, updates: int, max_norm: float | None = None
) -> Array:
    """Walk down the cliff; many visitors share the start."""
    return Cliff().walk((weight, bias), rate, updates, max_norm)


def apply(name: str) -> None:
    """Set every control to a preset's values."""
    st.session_state.update(lesson.controls(lesson.PRESETS[name]))


def switch(key: str) -> bool:
    """Show one remedy's switch, and what it does."""
    remedy = lesson.REMEDIES[key]
    return st.toggle(
        f"**{say(remedy.name)}**", key in FIRST.switches.on, key=f"remedy_{key}", bind="query-params",
        help=say(lesson.AGAINST[remedy.against], does=say(remedy.does)),
    )  # fmt: skip


def switches(steps: int) -> lesson.Switches:
    """Show every remedy with its own control, which appears when it is on."""
    norm = value = window = penalty = start = lstm = None
    strength = 0.1
    if switch("norm"):
        norm = _parts.positive(say("Largest joint norm"), 1.0, "remedy_max_norm", 1e6)
    if switch("value"):
        value = _parts.positive(say("Largest entry"), 0.05, "remedy_limit", 1e6, step=0.05)
    if switch("truncate"):
        _parts.keep_within("remedy_window", 1, steps)
        window = steps
        if steps > 1:
            window = st.slider(
                say("Go back over the last … steps"), 1, steps, min(8, steps), key="remedy_window",
                bind="query-params",
            )  # fmt: skip
    if switch("penalty"):
        penalty = st.segmented_control(
            say("Penalty"), PENALTIES, default="Ω", key="remedy_which", bind="query-params",
            required=True,
        )  # fmt: skip
        strength = _parts.positive(say("Strength"), 0.1, "remedy_strength", 1e3, step=0.1)
    if switch("start"):
        names = list(INITIALISATIONS)
        kernel = st.selectbox(
            say("Start from"), names, names.index("orthogonal"), key="remedy_start_kernel",
            bind="query-params", format_func=say,
        )  # fmt: skip
        gain = st.slider(
            say("Gain"), 0.0, 4.0, 1.5, 0.05, key="remedy_start_gain", bind="query-params"
        )
        start = (kernel or "orthogonal", gain)
    if switch("lstm"):
        lstm = st.slider(
            say("Forget bias"), -3.0, 6.0, 4.0, 0.1, key="remedy_forget_bias", bind="query-params"
        )
    return lesson.Switches(norm, value, window, penalty, strength, start, lstm)


def network() -> tuple[Experiment, float, int]:
    """Choose the network in trouble, the learning rate and the number of updates."""
    first = FIRST.experiment
    activation = st.segmented_control(
        say("Activation"), ["tanh", "sigmoid", "relu", "linear"], default=first.activation,
        key="remedy_activation", bind="query-params", required=True, wrap=True,
    )  # fmt: skip
    names = list(INITIALISATIONS)
    kernel = st.selectbox(
        say("Recurrent kernel"), names, names.index(first.initialisation), key="remedy_kernel",
        bind="query-params", format_func=say,
    )  # fmt: skip
    gain = st.slider(
        say("Gain of the recurrent kernel"), 0.0, 10.0, first.gain, 0.05, key="remedy_gain",
        bind="query-params",
    )  # fmt: skip
    steps = st.slider(
        say("Length of the sequence"), 1, 200, first.steps, key="remedy_length", bind="query-params"
    )
    seed = st.number_input(say("Seed"), 0, 9999, first.seed, key="remedy_seed", bind="query-params")
    rate = _parts.positive(say("Learning rate"), FIRST.rate, "remedy_rate", 1e3, step=0.01)
    updates = st.slider(
        say("Updates"), 0, 100, FIRST.updates, key="remedy_updates", bind="query-params"
    )
    experiment = Experiment(
        activation or first.activation, kernel or first.initialisation, gain, first.units, steps,
        int(seed),
    )  # fmt: skip
    return experiment, rate, updates


@_parts.fragment
def the_switches() -> None:
    """Put a network in trouble; switch remedies on; see both runs in one picture."""
    with _parts.panel("switches"):
        experiment, rate, updates, chosen, before, after = both_runs()
    the_consequences(experiment, rate, updates, chosen, before, after)


def both_runs() -> tuple[Experiment, float, int, lesson.Switches, Descent, Descent]:
    """Let the visitor choose network and remedies; draw and tell the runs without and with them."""
    _parts.preset_buttons(lesson.PRESETS, apply, "remedy_preset")
    left, right = st.columns([1, 3], gap="large")
    with left:
        with st.expander(say("The network in trouble")):
            experiment, rate, updates = network()
        chosen = switches(experiment.steps)
        if chosen.problem:
            st.warning(chosen.problem, icon="⚠️")
    setting = (experiment, rate, updates, chosen)
    before, after = lesson.run_both(*setting, run=_parts.descended)
    with right:
        over_time, over_updates = st.columns(2)
        alt = lesson.comparison_alt(before, after)
        with over_time:
            figure = _parts.drawn_once(
                "remedy_gradient",
                setting,
                lambda shades: gradient_before_and_after(before, after, chosen.window, shades),
            )
            _parts.chart(figure, "remedy_gradient", alt)
        with over_updates:
            figure = _parts.drawn_once(
                "remedy_loss", setting, lambda shades: loss_before_and_after(before, after, shades)
            )
            _parts.chart(figure, "remedy_loss", alt)
        _parts.prose(lesson.sentence(before, after))
        for preset in lesson.PRESETS.values():
            if (preset.experiment, preset.rate, preset.updates, preset.switches) == setting:
                _parts.claim(say(preset.claim), preset.holds(before, after))
        told = lesson.what_is_on(chosen)
        _parts.prose(told or say("No remedy is on: both runs are the same."))
        with st.expander(say("Both runs in numbers")):
            st.table(pd.DataFrame(lesson.rows(before, after)).set_index(""))
    st.caption(
        say(
            "{updates} updates of {units} units on one random sequence with the error at its last step, "
            "learning rate {rate:g}. Where numbers end, the picture of the gradient is the last one that "
            "was finite.",
            updates=updates, units=experiment.units, rate=rate,
        )
    )  # fmt: skip
    return experiment, rate, updates, chosen, before, after


@_parts.fragment
def the_consequences(
    experiment: Experiment,
    rate: float,
    updates: int,
    chosen: lesson.Switches,
    before: Descent,
    after: Descent,
) -> None:
    """Clip, ask back; a part of its own, so that what changes here alone runs nothing else."""
    with _parts.panel("clipping"):
        flow, max_norm, found = two_ways_to_clip(experiment)
    state = exercises.State(experiment, rate, chosen, before, after, flow, max_norm, tuple(found))
    _learning.exercises(chapters.REMEDIES, exercises.quiz(state), exercises.QUESTS, state)
    setting = (experiment, rate, updates, chosen)
    data = {
        "step": range(1, experiment.steps + 1),
        "gradient_norm_without": before.flow.norms,
        "gradient_norm_with": after.flow.norms,
    }
    _parts.take_home(
        "remedies",
        data,
        lesson.code(*setting),
        "remedies",
        lesson.keras_code(*setting),
        lesson.torch_code(*setting),
    )


def two_ways_to_clip(experiment: Experiment) -> tuple[GradientFlow, float, list[lesson.Version]]:
    """Draw the first gradient as it is, clipped by norm and clipped by value; returns all three."""
    st.subheader(say("Two ways to clip: one keeps the direction, one turns it"))
    colours = _parts.colours()
    picture, numbers = st.columns(2, gap="large")
    with numbers:
        max_norm = _parts.positive(say("Clip the norm at"), 1.0, "arrow_norm", 1e6)
        limit = _parts.positive(say("Clip every entry at"), 0.05, "arrow_limit", 1e6, step=0.05)
        flow = follow(experiment)
        found = lesson.versions(flow, max_norm, limit)
        st.table(pd.DataFrame(lesson.version_rows(found)).set_index(say("gradient")))
    looks = ((colours.muted, "dot"), (colours.first, "solid"), (colours.second, "dash"))
    with picture:
        if 0 < found[0].norm < float("inf"):
            drawn = [
                Arrow(say(version.name), version.vector, *look)
                for version, look in zip(found, looks, strict=True)
            ]
            _parts.chart(
                arrows(found[0].vector, drawn, colours), "arrows", lesson.arrows_alt(found)
            )
            st.caption(
                say(
                    "All parameters' gradients as one vector, before the first update. Directions are "
                    "true, lengths are on a log scale. The order is: go back, clip, then update."
                )
            )
        else:
            st.info(
                say(
                    "The joint length of the gradient is {norm:g}: there is no arrow to draw.",
                    norm=found[0].norm,
                ),
                icon="ℹ️",
            )
    return flow, max_norm, found


@_parts.fragment
def the_cliff() -> None:
    """Walk down a loss with a wall in it, with and without clipping."""
    with _parts.panel("cliff"):
        walks()


def walks() -> None:
    """Let the visitor choose where both walks start, and draw them."""
    st.subheader(say("Why clipping helps: the loss has a cliff"))
    cliff = Cliff()
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        weight = st.slider(
            say("Start at weight w"), 3.0, 7.0, 5.5, 0.1, key="cliff_w", bind="query-params"
        )
        bias = st.slider(
            say("Start at bias b"), -3.6, -0.4, -2.2, 0.1, key="cliff_b", bind="query-params"
        )
        rate = _parts.positive(say("Learning rate"), 2.0, "cliff_rate", 1e3)
        max_norm = _parts.positive(say("Clip at"), 0.5, "cliff_norm", 1e3, step=0.1)
        updates = st.slider(say("Updates"), 1, 60, 60, key="cliff_updates", bind="query-params")
    plain = walked(weight, bias, rate, updates)
    clipped = walked(weight, bias, rate, updates, max_norm)
    with picture:
        figure = _parts.drawn_once(
            "cliff",
            (weight, bias, rate, updates, max_norm),
            lambda shades: cliff_walks(cliff, plain, clipped, shades),
        )
        _parts.chart(figure, "cliff", lesson.walk_alt(plain, clipped))
        _parts.prose(lesson.walk_sentence(plain, clipped))
    st.caption(
        say(
            "One unit without inputs, h_t = σ(w h + b) from {start:g}, which should be at {target:g} "
            "after {steps} steps. On either side of the wall it settles at another value.",
            start=cliff.start, target=cliff.target, steps=cliff.steps,
        )
    )  # fmt: skip


@_parts.fragment
def echoes() -> None:
    """Train the readout of a fixed network to repeat what it read some steps ago."""
    with _parts.panel("echo"):
        reservoir()


def reservoir() -> None:
    """Let the visitor choose the fixed network, and draw how far back it remembers."""
    remedy = lesson.ECHO_STATE
    st.subheader(say("Leave the recurrence untrained: an echo state network"))
    _parts.prose(f"{say(remedy.does)} *{say(remedy.does_not)}*")
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        radius = st.slider(
            say("Spectral radius"), 0.05, 1.5, 0.95, 0.05, key="echo_radius", bind="query-params"
        )
        units = st.select_slider(
            say("Units"), [10, 25, 50, 100, 200], 100, key="echo_units", bind="query-params"
        )
        delay = st.slider(say("Repeat the input of … steps ago"), 1, DELAYS, 10, key="echo_delay",
                          bind="query-params")  # fmt: skip
        seed = st.number_input(say("Seed"), 0, 9999, 1, key="echo_seed", bind="query-params")
    echo = remembered(units, radius, int(seed))
    with picture:
        colours, alt = _parts.colours(), lesson.echo_alt(echo, delay)
        recall, signal = st.columns(2)
        with recall:
            _parts.chart(recall_over_delays(echo, delay, colours), "echo_recall", alt)
        with signal:
            _parts.chart(echo_and_input(echo, delay, colours), "echo_signal", alt)
        _parts.prose(lesson.echo_sentence(echo, delay))


_parts.heading(chapters.REMEDIES)
_learning.tour(chapters.REMEDIES, exercises.TOUR)
the_switches()
the_cliff()
echoes()

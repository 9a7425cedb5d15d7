"""Remedies for vanishing and exploding gradients: each as a switch, alone or combined."""

import pandas as pd
import streamlit as st

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
from lstm_core.gradient_flow import INITIALISATIONS, Experiment, follow
from lstm_core.lessons import chapters
from lstm_core.lessons import remedies as lesson
from pages import _parts

FIRST = lesson.PRESETS["Explosion, clipped"]
DELAYS = 40


@st.cache_data(max_entries=64, show_spinner=False)
def run_both(
    experiment: Experiment, rate: float, updates: int, switches: lesson.Switches
) -> tuple[Descent, Descent]:
    """Update with and without; many visitors share the presets."""
    return lesson.run_both(experiment, rate, updates, switches)


@st.cache_data(max_entries=64, show_spinner=False)
def remembered(units: int, radius: float, seed: int) -> EchoState:
    """Train the readouts; many visitors share the settings."""
    return remember(units, radius, DELAYS, seed)


def apply(name: str) -> None:
    """Set every control to a preset's values."""
    preset = lesson.PRESETS[name]
    experiment, switches, state = preset.experiment, preset.switches, st.session_state
    state.remedy_activation = experiment.activation
    state.remedy_kernel = experiment.initialisation
    state.remedy_gain = experiment.gain
    state.remedy_length = experiment.steps
    state.remedy_seed = experiment.seed
    state.remedy_rate = preset.rate
    state.remedy_updates = preset.updates
    for key in lesson.REMEDIES:
        state[f"remedy_{key}"] = key in switches.on
    numbers = {
        "remedy_max_norm": switches.norm,
        "remedy_limit": switches.value,
        "remedy_window": switches.window,
        "remedy_which": switches.penalty,
        "remedy_strength": switches.strength if switches.penalty else None,
        "remedy_start_kernel": switches.start and switches.start[0],
        "remedy_start_gain": switches.start and switches.start[1],
        "remedy_forget_bias": switches.lstm,
    }
    state.update({key: value for key, value in numbers.items() if value is not None})


def switch(key: str) -> bool:
    """Show one remedy's switch, and what it does."""
    remedy = lesson.REMEDIES[key]
    return st.toggle(
        f"**{remedy.name}**", key in FIRST.switches.on, key=f"remedy_{key}", bind="query-params",
        help=f"Against {remedy.against}. {remedy.does}",
    )  # fmt: skip


def switches(steps: int) -> lesson.Switches:
    """Show every remedy with its own control, which appears when it is on."""
    norm = value = window = penalty = start = lstm = None
    strength = 0.1
    if switch("norm"):
        norm = _parts.positive("Largest joint norm", 1.0, "remedy_max_norm", 1e6)
    if switch("value"):
        value = _parts.positive("Largest entry", 0.05, "remedy_limit", 1e6, step=0.05)
    if switch("truncate"):
        _parts.keep_within("remedy_window", 1, steps)
        window = steps
        if steps > 1:
            window = st.slider(
                "Go back over the last … steps", 1, steps, min(8, steps), key="remedy_window",
                bind="query-params",
            )  # fmt: skip
    if switch("penalty"):
        penalty = st.segmented_control(
            "Penalty", PENALTIES, default="Ω", key="remedy_which", bind="query-params",
            required=True,
        )  # fmt: skip
        strength = _parts.positive("Strength", 0.1, "remedy_strength", 1e3, step=0.1)
    if switch("start"):
        names = list(INITIALISATIONS)
        kernel = st.selectbox(
            "Start from", names, names.index("orthogonal"), key="remedy_start_kernel",
            bind="query-params",
        )  # fmt: skip
        gain = st.slider("Gain", 0.0, 4.0, 1.5, 0.05, key="remedy_start_gain", bind="query-params")
        start = (kernel or "orthogonal", gain)
    if switch("lstm"):
        lstm = st.slider(
            "Forget bias", -3.0, 6.0, 4.0, 0.1, key="remedy_forget_bias", bind="query-params"
        )
    return lesson.Switches(norm, value, window, penalty, strength, start, lstm)


def network() -> tuple[Experiment, float, int]:
    """Choose the network in trouble, the learning rate and the number of updates."""
    first = FIRST.experiment
    activation = st.segmented_control(
        "Activation", ["tanh", "sigmoid", "relu", "linear"], default=first.activation,
        key="remedy_activation", bind="query-params", required=True, wrap=True,
    )  # fmt: skip
    names = list(INITIALISATIONS)
    kernel = st.selectbox(
        "Recurrent kernel", names, names.index(first.initialisation), key="remedy_kernel",
        bind="query-params",
    )  # fmt: skip
    gain = st.slider(
        "Gain of the recurrent kernel", 0.0, 10.0, first.gain, 0.05, key="remedy_gain",
        bind="query-params",
    )  # fmt: skip
    steps = st.slider(
        "Length of the sequence", 1, 200, first.steps, key="remedy_length", bind="query-params"
    )
    seed = st.number_input("Seed", 0, 9999, first.seed, key="remedy_seed", bind="query-params")
    rate = _parts.positive("Learning rate", FIRST.rate, "remedy_rate", 1e3, step=0.01)
    updates = st.slider("Updates", 0, 100, FIRST.updates, key="remedy_updates", bind="query-params")
    experiment = Experiment(
        activation or first.activation, kernel or first.initialisation, gain, first.units, steps,
        int(seed),
    )  # fmt: skip
    return experiment, rate, updates


@st.fragment
def the_switches() -> None:
    """Put a network in trouble; switch remedies on; see both runs in one picture."""
    colours = _parts.colours()
    _parts.preset_buttons(lesson.PRESETS, apply, "remedy_preset")
    left, right = st.columns([1, 3], gap="large")
    with left:
        with st.expander("The network in trouble"):
            experiment, rate, updates = network()
        chosen = switches(experiment.steps)
        if chosen.problem:
            st.warning(chosen.problem, icon="⚠️")
    before, after = run_both(experiment, rate, updates, chosen)
    with right:
        over_time, over_updates = st.columns(2)
        alt = lesson.comparison_alt(before, after)
        with over_time:
            figure = gradient_before_and_after(before, after, chosen.window, colours)
            _parts.chart(figure, "remedy_gradient", alt)
        with over_updates:
            _parts.chart(loss_before_and_after(before, after, colours), "remedy_loss", alt)
        st.markdown(lesson.sentence(before, after))
        setting = (experiment, rate, updates, chosen)
        for preset in lesson.PRESETS.values():
            if (preset.experiment, preset.rate, preset.updates, preset.switches) == setting:
                _parts.claim(preset.claim, preset.holds(before, after))
        for key in chosen.on:
            remedy = lesson.REMEDIES[key]
            st.markdown(
                f"- **{remedy.name}** {remedy.does[0].lower()}{remedy.does[1:]} *{remedy.does_not}*"
            )
        if not chosen.on:
            st.markdown("No remedy is on: both runs are the same.")
        with st.expander("Both runs in numbers"):
            st.table(pd.DataFrame(lesson.rows(before, after)).set_index(""))
    st.caption(
        f"{updates} updates of {experiment.units} units on one random sequence with the error at its last "
        "step, learning rate "
        f"{rate:g}. Where numbers end, the picture of the gradient is the last one that was finite."
    )
    two_ways_to_clip(experiment)
    code = lesson.code(experiment, rate, updates, chosen)
    data = {
        "step": range(1, experiment.steps + 1),
        "gradient_norm_without": before.flow.norms,
        "gradient_norm_with": after.flow.norms,
    }
    _parts.take_home("remedies", data, code, "remedies")


def two_ways_to_clip(experiment: Experiment) -> None:
    """Draw the first gradient as it is, clipped by norm and clipped by value."""
    st.subheader("Two ways to clip: one keeps the direction, one turns it")
    colours = _parts.colours()
    picture, numbers = st.columns(2, gap="large")
    with numbers:
        max_norm = _parts.positive("Clip the norm at", 1.0, "arrow_norm", 1e6)
        limit = _parts.positive("Clip every entry at", 0.05, "arrow_limit", 1e6, step=0.05)
        flow = follow(experiment)
        found = lesson.versions(flow, max_norm, limit)
        st.table(
            pd.DataFrame(
                {
                    "gradient": [version.name for version in found],
                    "joint norm": [f"{version.norm:.4g}" for version in found],
                    "turned by": [f"{version.degrees:.1f}°" for version in found],
                }
            ).set_index("gradient")
        )
    looks = ((colours.muted, "dot"), (colours.first, "solid"), (colours.second, "dash"))
    with picture:
        if 0 < found[0].norm < float("inf"):
            drawn = [
                Arrow(version.name, version.vector, *look)
                for version, look in zip(found, looks, strict=True)
            ]
            _parts.chart(
                arrows(found[0].vector, drawn, colours), "arrows", lesson.arrows_alt(found)
            )
            st.caption(
                "All parameters' gradients as one vector, before the first update. Directions are "
                "true, lengths are on a log scale. The order is: go back, clip, then update."
            )
        else:
            st.info(
                f"The joint length of the gradient is {found[0].norm:g}: there is no arrow to draw.",
                icon="ℹ️",
            )
    _parts.ask(lesson.does_clipping_help(flow, max_norm), "clipping_question")


@st.fragment
def the_cliff() -> None:
    """Walk down a loss with a wall in it, with and without clipping."""
    st.subheader("Why clipping helps: the loss has a cliff")
    cliff = Cliff()
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        weight = st.slider(
            "Start at weight w", 3.0, 7.0, 5.5, 0.1, key="cliff_w", bind="query-params"
        )
        bias = st.slider(
            "Start at bias b", -3.6, -0.4, -2.2, 0.1, key="cliff_b", bind="query-params"
        )
        rate = _parts.positive("Learning rate", 2.0, "cliff_rate", 1e3)
        max_norm = _parts.positive("Clip at", 0.5, "cliff_norm", 1e3, step=0.1)
        updates = st.slider("Updates", 1, 60, 60, key="cliff_updates", bind="query-params")
    plain = cliff.walk((weight, bias), rate, updates)
    clipped = cliff.walk((weight, bias), rate, updates, max_norm)
    with picture:
        figure = cliff_walks(cliff, plain, clipped, _parts.colours())
        _parts.chart(figure, "cliff", lesson.walk_alt(plain, clipped))
        st.markdown(lesson.walk_sentence(plain, clipped))
    st.caption(
        f"One unit without inputs, h_t = σ(w h + b) from {cliff.start:g}, which should be at {cliff.target:g} "
        f"after {cliff.steps} steps. On either side of the wall it settles at another value."
    )


@st.fragment
def echoes() -> None:
    """Train the readout of a fixed network to repeat what it read some steps ago."""
    remedy = lesson.ECHO_STATE
    st.subheader("Leave the recurrence untrained: an echo state network")
    st.markdown(f"{remedy.does} *{remedy.does_not}*")
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        radius = st.slider(
            "Spectral radius", 0.05, 1.5, 0.95, 0.05, key="echo_radius", bind="query-params"
        )
        units = st.select_slider(
            "Units", [10, 25, 50, 100, 200], 100, key="echo_units", bind="query-params"
        )
        delay = st.slider("Repeat the input of … steps ago", 1, DELAYS, 10, key="echo_delay",
                          bind="query-params")  # fmt: skip
        seed = st.number_input("Seed", 0, 9999, 1, key="echo_seed", bind="query-params")
    echo = remembered(units, radius, int(seed))
    with picture:
        colours, alt = _parts.colours(), lesson.echo_alt(echo, delay)
        recall, signal = st.columns(2)
        with recall:
            _parts.chart(recall_over_delays(echo, delay, colours), "echo_recall", alt)
        with signal:
            _parts.chart(echo_and_input(echo, delay, colours), "echo_signal", alt)
        st.markdown(lesson.echo_sentence(echo, delay))


_parts.heading(chapters.REMEDIES)
the_switches()
the_cliff()
echoes()

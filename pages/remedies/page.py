"""Remedies for vanishing and exploding gradients: each as a switch, alone or combined."""

import pandas as pd
import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.gradients.cliff import Cliff
from lstm_core.gradients.descent import descend
from lstm_core.gradients.echo_state import EchoState, remember
from lstm_core.gradients.flow import INITIALISATIONS, Experiment, GradientFlow, follow
from lstm_core.gradients.remedies import PENALTIES
from pages._app import caches, chapter, charts, downloads, learning, panels
from pages._app.bound import Controls, keep_within
from pages._book import chapters
from pages._book.language import say
from pages.remedies import exercises, lesson
from pages.remedies.figures import (
    Arrow,
    arrows,
    cliff_walks,
    echo_and_input,
    gradient_before_and_after,
    loss_before_and_after,
    recall_over_delays,
)

ACTIVATIONS = ["tanh", "sigmoid", "relu", "linear"]
DELAYS = 40
control = Controls(lesson.START)
descended = st.cache_resource(max_entries=18, show_spinner=False)(descend)


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


def switch(key: str) -> bool:
    """Show one remedy's switch, and what it does."""
    remedy = lesson.REMEDIES[key]
    return control.switch(
        f"remedy_{key}",
        f"**{say(remedy.name)}**",
        help=say(lesson.AGAINST[remedy.against], does=say(remedy.does)),
    )


def switches(steps: int) -> None:
    """Show every remedy with its own control, which appears when it is on."""
    if switch("norm"):
        control.positive("remedy_max_norm", say("Largest joint norm"), 1e6)
    if switch("value"):
        control.positive("remedy_limit", say("Largest entry"), 1e6, step=0.05)
    if switch("truncate") and steps > 1:
        keep_within("remedy_window", 1, steps)
        control.slider("remedy_window", say("Go back over the last … steps"), 1, steps)
    if switch("penalty"):
        control.choice("remedy_which", say("Penalty"), PENALTIES)
        control.positive("remedy_strength", say("Strength"), 1e3, step=0.1)
    if switch("start"):
        control.select("remedy_start_kernel", say("Start from"), INITIALISATIONS, format_func=say)
        control.slider("remedy_start_gain", say("Gain"), 0.0, 4.0, step=0.05)
    if switch("lstm"):
        control.slider("remedy_forget_bias", say("Forget bias"), -3.0, 6.0, step=0.1)


def network() -> int:
    """Choose the network in trouble and its updates; returns the length of the sequence."""
    control.choice("remedy_activation", say("Activation"), ACTIVATIONS, wrap=True)
    control.select("remedy_kernel", say("Recurrent kernel"), INITIALISATIONS, format_func=say)
    control.slider("remedy_gain", say("Gain of the recurrent kernel"), 0.0, 10.0, step=0.05)
    steps: int = control.slider("remedy_length", say("Length of the sequence"), 1, 200)
    control.number("remedy_seed", say("Seed"), 0, 9999)
    control.positive("remedy_rate", say("Learning rate"), 1e3, step=0.01)
    control.slider("remedy_updates", say("Updates"), 0, 100)
    return steps


@panels.fragment
def the_switches() -> None:
    """Put a network in trouble; switch remedies on; see both runs in one picture."""
    with panels.panel("switches"):
        trial, runs = both_runs()
    the_consequences(trial, runs)


def both_runs() -> tuple[lesson.Trial, lesson.Runs]:
    """Let the visitor choose network and remedies; draw and tell the runs without and with them."""
    chapter.preset_buttons(lesson.PRESETS)
    left, right = st.columns([1, 3], gap="large")
    with left:
        with st.expander(say("The network in trouble")):
            steps = network()
        switches(steps)
        values = control.values()
        if problem := lesson.problem(values):
            st.warning(problem, icon="⚠️")
    trial = lesson.trial_of(values)
    runs = trial.run(by=descended)
    with right:
        over_time, over_updates = st.columns(2)
        alt = lesson.comparison_alt(runs)
        with over_time:
            window = trial.remedies.window
            figure = caches.drawn(
                "remedy_gradient",
                trial,
                lambda shades: gradient_before_and_after(*runs, window, shades),
            )
            charts.chart(figure, "remedy_gradient", alt)
        with over_updates:
            figure = caches.drawn(
                "remedy_loss", trial, lambda shades: loss_before_and_after(*runs, shades)
            )
            charts.chart(figure, "remedy_loss", alt)
        panels.prose(lesson.sentence(runs))
        if (preset := lesson.preset_of(trial)) is not None:
            panels.prose(preset.claimed(runs))
        panels.prose(lesson.what_is_on(values))
        with st.expander(say("Both runs in numbers")):
            st.table(pd.DataFrame(lesson.rows(runs)).set_index(""))
    st.caption(
        say(
            "{updates} updates of {units} units on one random sequence with the error at its last step, "
            "learning rate {rate:g}. Where numbers end, the picture of the gradient is the last one that "
            "was finite.",
            updates=trial.updates,
            units=trial.experiment.units,
            rate=trial.rate,
        )
    )
    return trial, runs


@panels.fragment
def the_consequences(trial: lesson.Trial, runs: lesson.Runs) -> None:
    """Clip, ask back; a part of its own, so that what changes here alone runs nothing else."""
    with panels.panel("clipping"):
        flow, max_norm, versions = two_ways_to_clip(trial.experiment)
    state = exercises.State(trial, runs, flow, max_norm, versions)
    learning.exercises(chapters.REMEDIES, exercises.quiz(state), exercises.QUESTS, state)
    data = {
        "step": range(1, trial.experiment.steps + 1),
        "gradient_norm_without": runs.before.flow.norms,
        "gradient_norm_with": runs.after.flow.norms,
    }
    downloads.take_home("remedies", data, lesson.taken_home(trial), "remedies")


def two_ways_to_clip(
    experiment: Experiment,
) -> tuple[GradientFlow, float, tuple[lesson.Version, ...]]:
    """Draw the first gradient as it is, clipped by norm and clipped by value; returns all three."""
    st.subheader(say("Two ways to clip: one keeps the direction, one turns it"))
    colours = caches.colours()
    picture, numbers = st.columns(2, gap="large")
    with numbers:
        max_norm = control.positive("arrow_norm", say("Clip the norm at"), 1e6)
        limit = control.positive("arrow_limit", say("Clip every entry at"), 1e6, step=0.05)
        flow = follow(experiment)
        versions = lesson.clipped_versions(flow, max_norm, limit)
        st.table(pd.DataFrame(lesson.version_rows(versions)).set_index(say("gradient")))
    looks = ((colours.muted, "dot"), (colours.first, "solid"), (colours.second, "dash"))
    with picture:
        if 0 < versions[0].norm < float("inf"):
            drawn = [
                Arrow(say(version.name), version.vector, *look)
                for version, look in zip(versions, looks, strict=True)
            ]
            charts.chart(
                arrows(versions[0].vector, drawn, colours), "arrows", lesson.arrows_alt(versions)
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
                    norm=versions[0].norm,
                ),
                icon="ℹ️",
            )
    return flow, max_norm, versions


@panels.fragment
def the_cliff() -> None:
    """Walk down a loss with a wall in it, with and without clipping."""
    with panels.panel("cliff"):
        walks()


def walks() -> None:
    """Let the visitor choose where both walks start, and draw them."""
    st.subheader(say("Why clipping helps: the loss has a cliff"))
    cliff = Cliff()
    beside, picture = st.columns([1, 3], gap="large")
    with beside:
        weight = control.slider("cliff_w", say("Start at weight w"), 3.0, 7.0, step=0.1)
        bias = control.slider("cliff_b", say("Start at bias b"), -3.6, -0.4, step=0.1)
        rate = control.positive("cliff_rate", say("Learning rate"), 1e3)
        max_norm = control.positive("cliff_norm", say("Clip at"), 1e3, step=0.1)
        updates = control.slider("cliff_updates", say("Updates"), 1, 60)
    plain = walked(weight, bias, rate, updates)
    clipped = walked(weight, bias, rate, updates, max_norm)
    with picture:
        figure = caches.drawn(
            "cliff",
            (weight, bias, rate, updates, max_norm),
            lambda shades: cliff_walks(cliff, plain, clipped, shades),
        )
        charts.chart(figure, "cliff", lesson.walk_alt(plain, clipped))
        panels.prose(lesson.walk_sentence(plain, clipped))
    st.caption(
        say(
            "One unit without inputs, h_t = σ(w h + b) from {start:g}, which should be at {target:g} "
            "after {steps} steps. On either side of the wall it settles at another value.",
            start=cliff.start,
            target=cliff.target,
            steps=cliff.steps,
        )
    )


@panels.fragment
def echoes() -> None:
    """Train the readout of a fixed network to repeat what it read some steps ago."""
    with panels.panel("echo"):
        reservoir()


def reservoir() -> None:
    """Let the visitor choose the fixed network, and draw how far back it remembers."""
    remedy = lesson.ECHO_STATE
    st.subheader(say("Leave the recurrence untrained: an echo state network"))
    panels.prose(f"{say(remedy.does)} *{say(remedy.does_not)}*")
    beside, picture = st.columns([1, 3], gap="large")
    with beside:
        radius = control.slider("echo_radius", say("Spectral radius"), 0.05, 1.5, step=0.05)
        units = st.select_slider(
            say("Units"),
            [10, 25, 50, 100, 200],
            lesson.START["echo_units"],
            key="echo_units",
            bind="query-params",
        )
        delay = control.slider("echo_delay", say("Repeat the input of … steps ago"), 1, DELAYS)
        seed = control.number("echo_seed", say("Seed"), 0, 9999)
    echo = remembered(units, radius, seed)
    with picture:
        colours, alt = caches.colours(), lesson.echo_alt(echo, delay)
        recall, signal = st.columns(2)
        with recall:
            charts.chart(recall_over_delays(echo, delay, colours), "echo_recall", alt)
        with signal:
            charts.chart(echo_and_input(echo, delay, colours), "echo_signal", alt)
        panels.prose(lesson.echo_sentence(echo, delay))


chapter.begin(chapters.REMEDIES, lesson.PRESETS, exercises.TOUR)
the_switches()
the_cliff()
echoes()

"""Remedies for vanishing and exploding gradients: each as a switch, alone or combined."""

import pandas as pd
import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.gradients.cliff import Cliff
from lstm_core.gradients.descent import descend
from lstm_core.gradients.echo_state import EchoState, remember
from lstm_core.gradients.flow import INITIALISATIONS
from lstm_core.gradients.remedies import PENALTIES
from pages._app import caches, chapter, charts, downloads, lecture, stage
from pages._app.bound import Controls, keep_within
from pages._book import chapters
from pages._book.language import say
from pages._book.style import Palette
from pages.remedies import exercises, lesson
from pages.remedies.figures import Arrow, before_and_after, cliff_walks, echoes, one_update

ACTIVATIONS = ["tanh", "sigmoid", "relu", "linear"]
DELAYS = 40
control = Controls(lesson.START)
descended = st.cache_resource(max_entries=18, show_spinner=False)(descend)
stepped = st.cache_resource(max_entries=6, show_spinner=False)(lesson.first_step)


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


def trial() -> lesson.Trial:
    """Return the network in trouble and the remedies that the controls stand for."""
    return lesson.trial_of(control.values())


def first_step() -> lesson.FirstStep:
    """Take the first update of the network in trouble, as it is and clipped."""
    values = control.values()
    return stepped(
        trial().experiment, values["remedy_rate"], values["arrow_norm"], values["arrow_limit"]
    )


def shown() -> exercises.State:
    """Compute what questions and quests are about, from what the controls stand at."""
    chosen, step = trial(), first_step()
    runs = chosen.run(by=descended)
    return exercises.State(chosen, runs, step.flow, control.now("arrow_norm"), step.versions)


def taken_home() -> downloads.TakenHome:
    """Return the gradients before the first update, and the programs that run all updates."""
    chosen = trial()
    runs = chosen.run(by=descended)
    data: dict[str, object] = {
        "step": range(1, chosen.experiment.steps + 1),
        "gradient_norm_without": runs.before.first.norms,
        "gradient_norm_with": runs.after.first.norms,
    }
    return downloads.TakenHome(data, lesson.taken_home(chosen), "remedies")


page = stage.Page(
    chapters.REMEDIES,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


def network() -> None:
    """Choose the network in trouble."""
    control.choice("remedy_activation", say("Activation"), ACTIVATIONS, wrap=True)
    control.select("remedy_kernel", say("Recurrent kernel"), INITIALISATIONS, format_func=say)
    control.slider("remedy_gain", say("Gain of the recurrent kernel"), 0.0, 10.0, step=0.05)
    control.slider("remedy_length", say("Length of the sequence"), 1, 200)
    control.number("remedy_seed", say("Seed"), 0, 9999)


@page.panel("clipping", keys=("arrow_norm", "arrow_limit"))
def clipping(place: stage.Stage) -> exercises.State:
    """Take one update as it is and clipped: the same gradient, two steps, two landings."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        control.positive("arrow_norm", say("Clip the norm at"), 1e6)
        control.positive("arrow_limit", say("Clip every entry at"), 1e6, step=0.05)
        control.positive("remedy_rate", say("Learning rate"), 1e3, step=0.01)
    with place.more(say("The network")):
        network()
    step, state = first_step(), shown()
    with place.picture:
        if len(step.lengths):
            active = 0 if lecture.has_stops() else -1
            figure = one_update(
                step.versions[0].vector,
                arrows(step, caches.colours()),
                step.flow.loss,
                (step.lengths, step.losses),
                step.note,
                caches.colours(),
                active,
            )
            charts.chart(figure, "one_update", step.alt)
        else:
            st.info(
                say(
                    "The joint length of the gradient is {norm:g}: there is no arrow to draw.",
                    norm=step.versions[0].norm,
                ),
                icon=":material/info:",
            )
    place.sentence(step.sentence)
    return state


def arrows(step: lesson.FirstStep, colours: Palette) -> list[Arrow]:
    """Give each version of the first gradient its look."""
    looks = (
        (colours.muted, "dot", "circle"),
        (colours.first, "solid", "square"),
        (colours.second, "dash", "triangle-up"),
    )
    return [
        Arrow(say(version.name), version.vector, landing.length, landing.loss, *drawn_as)
        for version, landing, drawn_as in zip(step.versions, step.landings, looks, strict=True)
    ]


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


@page.panel("switches", keys=[key for key in lesson.START if key.startswith("remedy_")])
def many_updates(place: stage.Stage) -> exercises.State:
    """Put a network in trouble; switch remedies on; see both runs in one picture."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        switches(int(control.now("remedy_length")))
    with place.more(say("The network")):
        network()
        control.positive("remedy_rate", say("Learning rate"), 1e3, step=0.01)
        control.slider("remedy_updates", say("Updates"), 0, 100)
        control.choice(
            "remedy_when",
            say("Draw the gradient"),
            lesson.WHENS,
            wrap=True,
            format_func=say,
        )
    values, chosen, state = control.values(), trial(), shown()
    with place.more(say("What is on, in numbers"), "remedy_numbers"):
        st.markdown(lesson.what_is_on(values))
        st.table(pd.DataFrame(lesson.rows(state.runs)).set_index(""))
    with place.picture:
        when, window = values["remedy_when"], chosen.remedies.window
        sides = [(descent, lesson.drawn_flow(descent, when)) for descent in state.runs]
        figure = caches.drawn(
            "remedies",
            (chosen, when),
            lambda shades: before_and_after(sides[0], sides[1], window, say(when), shades),
        )
        charts.chart(figure, "remedies", lesson.comparison_alt(state.runs))
    if problem := lesson.problem(values):
        place.beside.warning(problem, icon=":material/warning:")
    preset = lesson.preset_of(chosen)
    place.sentence(lesson.sentence(state.runs) if preset is None else preset.claimed(state.runs))
    return state


@page.panel("cliff", keys=[key for key in lesson.START if key.startswith("cliff_")])
def the_cliff(place: stage.Stage) -> None:
    """Walk down a loss with a wall in it, with and without clipping."""
    cliff = Cliff()
    with place.beside:
        weight = control.slider("cliff_w", say("Start at weight w"), 3.0, 7.0, step=0.1)
        bias = control.slider("cliff_b", say("Start at bias b"), -3.6, -0.4, step=0.1)
        max_norm = control.positive("cliff_norm", say("Clip at"), 1e3, step=0.1)
    with place.more():
        rate = control.positive("cliff_rate", say("Learning rate"), 1e3)
        updates = control.slider("cliff_updates", say("Updates"), 1, 60)
        st.caption(
            say(
                "One unit without inputs, h_t = σ(w h + b) from {start:g}, which should be at {target:g} "
                "after {steps} steps. On either side of the wall it settles at another value.",
                start=cliff.start,
                target=cliff.target,
                steps=cliff.steps,
            )
        )
    plain = walked(weight, bias, rate, updates)
    clipped = walked(weight, bias, rate, updates, max_norm)
    active = 0 if lecture.has_stops() else -1
    with place.picture:
        figure = caches.drawn(
            "cliff",
            (weight, bias, rate, updates, max_norm, active),
            lambda shades: cliff_walks(cliff, plain, clipped, shades, active),
        )
        charts.chart(figure, "cliff", lesson.walk_alt(plain, clipped))
    place.sentence(lesson.walk_sentence(plain, clipped))


@page.panel("echo", keys=[key for key in lesson.START if key.startswith("echo_")])
def echo(place: stage.Stage) -> None:
    """Train the readout of a fixed network to repeat what it read some steps ago."""
    with place.beside:
        radius = control.slider("echo_radius", say("Spectral radius"), 0.05, 1.5, step=0.05)
        delay = control.slider("echo_delay", say("Repeat the input of … steps ago"), 1, DELAYS)
        units = int(control.scale("echo_units", say("Units"), (10, 25, 50, 100, 200)))
    seed = control.number("echo_seed", say("Seed"), 0, 9999, place=place.more())
    network = remembered(units, radius, seed)
    place.more(say("About this network"), "echo_about").markdown(lesson.echo_about(network))
    with place.picture:
        figure = echoes(network, delay, caches.colours())
        charts.chart(figure, "echo", lesson.echo_alt(network, delay))
    place.sentence(lesson.echo_sentence(network, delay))


page.show()

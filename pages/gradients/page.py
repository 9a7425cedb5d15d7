"""Gradients on their way back through an RNN, an LSTM and a GRU, and the updates they make."""

from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.cells import CELLS
from lstm_core.gradients.descent import descend
from lstm_core.gradients.flow import INITIALISATIONS, Experiment
from pages._app import caches, chapter, charts, downloads, lecture, panels, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.circle import unit_circle
from pages._book.language import say
from pages.gradients import exercises, lesson
from pages.gradients.figures import (
    bias_animation,
    flow_animation,
    one_and_many_updates,
    over_gains,
)

ACTIVATIONS = ["tanh", "sigmoid", "relu", "linear"]
FLOW_MORE = (
    *("clip", "clip_norm", "clip_limit", "network", "compare"),
    *("activation", "kernel", "length", "seed"),
)
"""What stands behind "More" on the first panel, or depends on it."""
control = Controls(lesson.START)
descended = st.cache_resource(max_entries=18, show_spinner=False)(descend)
followed = st.cache_resource(max_entries=6, show_spinner=False)(lesson.follow_all)
over_all_gains = st.cache_resource(max_entries=36, show_spinner=False)(lesson.ratios_of)


def shown() -> exercises.State:
    """Compute what questions and quests are about, from what the controls stand at."""
    experiment = lesson.experiment_of(control.values())
    rate, updates = float(control.now("rate")), int(control.now("updates"))
    updated = partial(descended, experiment, rate, updates)
    return exercises.State(experiment, followed(experiment), updated)


def taken_home() -> downloads.TakenHome:
    """Return the gradients of all three networks, and the programs that compute them."""
    experiment = lesson.experiment_of(control.values())
    data: dict[str, object] = {"step": range(1, experiment.steps + 1)}
    for name, flow in followed(experiment).items():
        data[f"gradient_norm_{name}"] = flow.norms
    return downloads.TakenHome(data, lesson.taken_home(experiment), "gradient_norms")


page = stage.Page(
    chapters.GRADIENTS,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


def gain() -> None:
    """Let the visitor choose the gain, most of the way from 0.9 to 1.5."""
    control.scale(
        "gain",
        say("Gain of the recurrent kernel"),
        lesson.GAINS,
        help=say("A factor on the recurrent kernel, as it was drawn."),
    )


def networks() -> None:
    """Let the visitor choose what all networks start from."""
    control.choice("activation", say("Activation of the RNN"), ACTIVATIONS, wrap=True)
    control.select(
        "kernel",
        say("Recurrent kernel"),
        INITIALISATIONS,
        format_func=say,
        help=say(
            "How the weights from one hidden state to the next are drawn, gate by gate. PyTorch's "
            "choice draws the input weights and two biases as well."
        ),
    )
    control.slider("length", say("Length of the sequence"), 1, 200)
    control.number("seed", say("Seed"), 0, 9999)


def front() -> None:
    """Let the visitor choose the network that sentences and updates are about."""
    control.choice(
        "network",
        say("Network"),
        list(CELLS),
        help=say("The numbers and the sentence are about this network."),
    )


def forget_bias() -> None:
    """Let the visitor choose the forget bias; what it means stands below it."""
    bias = control.slider("forget_bias", say("Forget bias of the LSTM"), -3.0, 6.0, step=0.1)
    st.caption(lesson.half_life_sentence(bias))


def current() -> Experiment:
    """Return the experiment that the controls stand for."""
    return lesson.experiment_of(control.values())


@page.panel("flow", keys=("clip", "clip_norm", "clip_limit", "compare"))
def flow(place: stage.Stage) -> exercises.State:
    """Choose networks; watch their gradients go back, and what clipping does to the step."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        gain()
        forget_bias()
        clip = control.choice(
            "clip", say("Clip the gradient"), lesson.CLIPS, wrap=True, format_func=say
        )
    if more := place.more_if_wanted(control, FLOW_MORE):
        with more:
            if clip == lesson.CLIPS[1]:
                control.positive("clip_norm", say("Largest joint norm"), 1e6)
            if clip == lesson.CLIPS[2]:
                control.positive("clip_limit", say("Largest entry"), 1e6, step=0.05)
            front()
            control.switch("compare", say("Compare all three networks"), help=about(current()))
            networks()
    with place.beside:
        students_ask()
    compare = control.now("compare")
    values, experiment = control.values(), current()
    state = shown()
    drawn = state.flows if compare else {experiment.network: state.front}
    step = lesson.step_of(state.front, values)
    notes = tuple(lesson.step_notes(step, values, experiment.network))
    active = 0 if lecture.has_stops() else -1
    norms = {name: one.norms for name, one in drawn.items()}
    with place.picture:
        figure = caches.drawn(
            "flow",
            (experiment, compare, notes, active),
            lambda colours: flow_animation(norms, colours, notes, active),
        )
        charts.chart(figure, "flow", lesson.flow_alt(drawn))
    preset = lesson.preset_of(experiment)
    if clip != lesson.CLIPS[0]:
        place.sentence(lesson.step_sentence(step))
    elif preset is not None and not lecture.lecturing():
        place.sentence(preset.claimed(state.flows))
    else:
        place.sentence(f"**{experiment.network}.** {lesson.flow_sentence(state.front)}")
    return state


def students_ask() -> None:
    """Link two questions that this picture raises to the pictures that answer them."""
    icon = ":material/help:"
    open_gate = {"panel": "bias", "open_network": "GRU"}
    panels.link(chapters.GRADIENTS.file, say("Why is the new GRU no better?"), icon, open_gate)
    panels.link(chapters.REMEDIES.file, say("It vanishes: why clip?"), icon, lesson.WHY_CLIP)


def about(experiment: Experiment) -> str:
    """Say what the networks are, and what is measured."""
    return say(
        "Untrained networks of {units} units on random inputs. The loss is L = ½|h_T − target|²: the error "
        "enters at the last step alone. A point is |∂L/∂h_t|, of the LSTM |∂L/∂c_t|, for c carries its "
        "memory.",
        units=experiment.units,
    )


@page.panel("between")
def between(place: stage.Stage) -> exercises.State:
    """Move the gain from where gradients vanish to where they explode."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        gain()
        control.choice("activation", say("Activation of the RNN"), ACTIVATIONS, wrap=True)
    with place.more():
        forget_bias()
        control.select("kernel", say("Recurrent kernel"), INITIALISATIONS, format_func=say)
        control.slider("length", say("Length of the sequence"), 1, 200)
        control.number("seed", say("Seed"), 0, 9999)
    state, experiment = shown(), current()
    # The gain is the axis: all gains share the curves.
    ratios = lesson.ratios_over_gains(lesson.experiment_of(control.values()), over_all_gains)
    with place.picture:
        figure = over_gains(ratios, lesson.RANGE, experiment.gain, caches.colours())
        charts.chart(figure, "between", lesson.gains_alt(ratios))
    ratio = state.flows["RNN"].ratio
    place.sentence(lesson.gains_sentence(ratios, experiment.gain, ratio))
    return state


@page.panel("bias", keys=("open_network", "open_bias"))
def bias(place: stage.Stage) -> None:
    """Raise the bias of the gate that keeps the memory: before and after in one picture."""
    with place.beside:
        network = control.choice("open_network", say("New network"), list(lesson.GATES))
        raised = control.slider(
            "open_bias",
            say("Bias of its {gate}", gate=say(lesson.GATES[network])),
            0.0,
            6.0,
            step=0.1,
        )
        st.caption(lesson.half_life_sentence(raised))
        gain()
    with place.more():
        networks()
    opening = lesson.open_gate(current(), network, raised)
    active = 0 if lecture.has_stops() else -1
    with place.picture:
        figure = caches.drawn(
            "bias",
            (current(), network, raised, active),
            lambda colours: bias_animation(opening.lines, colours, active),
        )
        charts.chart(figure, "bias", opening.alt)
    place.sentence(opening.sentence)


@page.panel("carries")
def carries(place: stage.Stage) -> exercises.State:
    """Show the eigenvalues on the unit circle, and spectral radius and norm apart."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        front()
        gain()
    with place.more():
        networks()
        forget_bias()
    state, experiment = shown(), current()
    with place.more(say("All networks in numbers"), "carries_numbers"):
        st.table(pd.DataFrame(lesson.network_rows(state.flows)).set_index(say("network")))
        panels.prose(
            say(
                "**The largest singular value** is the most that one step back can stretch; below 1 every "
                "gradient vanishes. **The spectral radius** is the rate over many equal steps. Of the "
                "RNN both are those of its recurrent kernel, of LSTM and GRU those of the last step's "
                "Jacobian, ∂state_T / ∂state_(T−1); the state of an LSTM is h and c."
            )
        )
    values = lesson.eigenvalues(state.front)
    with place.picture:
        notes = lesson.carries_notes(state.front, experiment.network)
        figure = unit_circle(values, notes, caches.colours())
        charts.chart(figure, "circle", lesson.eigenvalues_alt(values))
    place.sentence(lesson.carries_sentence(state.front))
    return state


@page.panel("update", keys=("part", "rate", "updates"))
def update(place: stage.Stage) -> exercises.State:
    """Make one update with live numbers, then many, up to where numbers end."""
    with place.beside:
        chapter.preset_select(lesson.PRESETS, control)
        name = control.choice(
            "part",
            say("Gradient from"),
            lesson.PARTS,
            wrap=True,
            format_func=say,
            help=say(
                "The gradient of a weight is a sum over the steps. A part of it can be taken alone."
            ),
        )
        rate = control.positive("rate", say("Learning rate"), 1e3, step=0.01)
        updates = control.slider("updates", say("Updates"), 1, 100)
    with place.more():
        front()
        gain()
        networks()
        forget_bias()
        st.caption(lesson.erratum())
        panels.link(
            chapters.REMEDIES.file, say("What helps against it: the remedies"), ":material/healing:"
        )
    state, experiment = shown(), current()
    chosen = lesson.part(experiment.steps, name)
    one = lesson.update(state.front, rate, chosen)
    with place.picture:
        figure = one_and_many_updates(
            lesson.shares(state.front, one),
            chosen,
            lesson.update_formula(one, rate),
            state.descent,
            caches.colours(),
        )
        charts.chart(figure, "update_chart", lesson.update_alt(one, state.descent))
    if longest := lesson.outbreak(state.front, state.descent):
        place.sentence(lesson.outbreak_sentence(*longest))
    else:
        ends = lesson.breakdown_sentence(state.descent.breakdown, updates)
        place.sentence(f"{lesson.update_sentence(one)} {ends}")
    return state


page.show()

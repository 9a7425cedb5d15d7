"""Gradients on their way back through an RNN, an LSTM and a GRU, and the updates they make."""

import pandas as pd
import streamlit as st

from lstm_core.cells import CELLS
from lstm_core.gradients.descent import Descent, descend
from lstm_core.gradients.flow import INITIALISATIONS, Experiment, GradientFlow
from pages._app import caches, chapter, charts, downloads, learning, panels
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.gradients import exercises, lesson
from pages.gradients.figures import flow_animation, over_updates, unit_circle

ACTIVATIONS = ["tanh", "sigmoid", "relu", "linear"]
control = Controls(lesson.START)
descended = st.cache_resource(max_entries=18, show_spinner=False)(descend)
followed = st.cache_resource(max_entries=6, show_spinner=False)(lesson.follow_all)


def chosen_experiment() -> Experiment:
    """Let the visitor choose the network in front and what all three start from."""
    control.choice("network", say("Network in front"), list(CELLS))
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
    control.slider("gain", say("Gain of the recurrent kernel"), 0.0, 10.0, step=0.05)
    forget_bias = control.slider("forget_bias", say("Forget bias of the LSTM"), -3.0, 6.0, step=0.1)
    st.caption(lesson.half_life_sentence(forget_bias))
    control.slider("length", say("Length of the sequence"), 1, 200)
    control.number("seed", say("Seed"), 0, 9999)
    return lesson.experiment_of(control.values())


@panels.fragment
def the_way_back() -> None:
    """Choose networks; watch their gradients go back; see what carries them, and the update."""
    with panels.panel("flow"):
        experiment, flows, drawn = the_flow()
    with panels.panel("carries"):
        what_carries_it(drawn, flows[experiment.network], experiment.network)
    the_consequences(experiment, flows)


def the_flow() -> tuple[Experiment, dict[str, GradientFlow], dict[str, GradientFlow]]:
    """Choose networks and draw their gradients; returns all three, and those that are drawn."""
    chapter.preset_buttons(lesson.PRESETS)
    left, right = st.columns([1, 3], gap="large")
    with left:
        experiment = chosen_experiment()
        compare = control.switch("compare", say("Compare all three networks"))
    flows = followed(experiment)
    flow = flows[experiment.network]
    drawn = flows if compare else {experiment.network: flow}
    with right:
        norms = {name: shown.norms for name, shown in drawn.items()}
        figure = caches.drawn(
            "flow", (experiment, compare), lambda colours: flow_animation(norms, colours)
        )
        charts.chart(figure, "flow", lesson.flow_alt(drawn))
        panels.prose(f"**{experiment.network}.** {lesson.flow_sentence(flow)}")
        if (preset := lesson.preset_of(experiment)) is not None:
            panels.prose(preset.claimed(flows))
    st.caption(
        say(
            "Untrained networks of {units} units on random inputs. The loss is "
            "L = ½|h_T − target|² = {loss:.3g} for the {network}, so that the error enters at "
            "the last step alone. Every point is |∂L/∂h_t| by backpropagation through time, in absolute "
            "numbers; of the LSTM |∂L/∂c_t|, for c carries its memory.",
            units=experiment.units,
            loss=flow.loss,
            network=experiment.network,
        )
    )
    return experiment, flows, drawn


@panels.fragment
def the_consequences(experiment: Experiment, flows: dict[str, GradientFlow]) -> None:
    """Update a network; a part of its own, so that what changes here alone draws nothing else."""
    with panels.panel("update"):
        descent = the_update(flows[experiment.network], experiment)
    state = exercises.State(experiment, flows, descent)
    learning.exercises(chapters.GRADIENTS, exercises.quiz(state), exercises.QUESTS, state)
    data = {"step": range(1, experiment.steps + 1)}
    downloads.take_home(
        "gradients",
        data | {f"gradient_norm_{name}": shown.norms for name, shown in flows.items()},
        lesson.taken_home(experiment),
        "gradient_norms",
    )


def what_carries_it(drawn: dict[str, GradientFlow], flow: GradientFlow, network: str) -> None:
    """Show the eigenvalues on the unit circle, and spectral radius and norm apart."""
    st.subheader(say("What carries it back"))
    circle, numbers = st.columns([2, 3], gap="large")
    with circle:
        eigenvalues = lesson.eigenvalues(flow)
        figure = unit_circle(eigenvalues, caches.colours())
        charts.chart(figure, "circle", lesson.eigenvalues_alt(eigenvalues))
    with numbers:
        st.table(pd.DataFrame(lesson.network_rows(drawn)).set_index(say("network")))
        panels.prose(
            say(
                "Going back one step multiplies by the recurrent kernel and by the slopes of what "
                "squashes. **The largest singular value** is the most that one step can stretch; below "
                "1 every gradient vanishes. **The spectral radius** is the rate over many equal steps. "
                "Above 1 neither has to explode: the slopes take their part."
            )
        )
        st.caption(
            say(
                "Drawn for the {network}. Of the RNN the two numbers are its kernel's, of LSTM and GRU "
                "the last step's Jacobian's, ∂state_T / ∂state_(T−1); an LSTM's state is h and c.",
                network=network,
            )
        )


def the_update(flow: GradientFlow, experiment: Experiment) -> Descent:
    """Make one update with live numbers, then many, up to where numbers end; returns the many."""
    st.subheader(say("The update"))
    one, many = st.columns(2, gap="large")
    with one:
        rate = control.positive("rate", say("Learning rate"), 1e3, step=0.01)
        name = control.choice(
            "part",
            say("By whose part of the gradient?"),
            lesson.PARTS,
            wrap=True,
            format_func=say,
        )
        update = lesson.update(flow, rate, lesson.part(experiment.steps, name))
        st.latex(lesson.update_formula(update, rate))
        panels.prose(lesson.update_sentence(update))
        st.caption(
            say(
                "The weight from input {row} to column {column} of the {network}'s kernel, the one with "
                "the largest gradient. Its gradient is a sum over the steps; a part of it can be taken "
                "alone.",
                row=update.row + 1,
                column=update.column + 1,
                network=experiment.network,
            )
        )
        st.info(lesson.erratum(), icon="✏️")
    with many:
        updates = control.slider("updates", say("Updates"), 1, 100)
        descent = descended(experiment, rate, updates)
        charts.chart(
            over_updates(descent, caches.colours()), "updates_chart", lesson.descent_alt(descent)
        )
        icon = "💥" if descent.breakdown else "✔️"
        panels.prose(f"{icon} {lesson.breakdown_sentence(descent.breakdown, updates)}")
        panels.link(chapters.REMEDIES.file, say("What helps against it: the remedies"), "💊")
    return descent


chapter.begin(chapters.GRADIENTS, lesson.PRESETS, exercises.TOUR)
the_way_back()

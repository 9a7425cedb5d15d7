"""Gradients on their way back through an RNN, an LSTM and a GRU, and the updates they make."""

import pandas as pd
import streamlit as st

from lstm_core.cells import CELLS
from lstm_core.descent import Descent, Remedies
from lstm_core.figures.gradients import flow_animation, over_updates, unit_circle
from lstm_core.gradient_flow import INITIALISATIONS, Experiment, GradientFlow
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import gradients as lesson
from lstm_core.lessons.exercises import gradients as exercises
from pages import _learning, _parts

FIRST = lesson.PRESETS["Vanishing"].experiment
FIELDS = {
    "network": "network",
    "activation": "activation",
    "kernel": "initialisation",
    "gain": "gain",
    "forget_bias": "forget_bias",
    "length": "steps",
    "seed": "seed",
}


@st.cache_resource(max_entries=6, show_spinner=False)
def followed(experiment: Experiment) -> dict[str, GradientFlow]:
    """Follow the gradient through all three networks; many visitors share the presets."""
    return lesson.follow_all(experiment)


def apply(preset: str) -> None:
    """Set every control to a preset's values."""
    for key, field in FIELDS.items():
        st.session_state[key] = getattr(lesson.PRESETS[preset].experiment, field)


def chosen_preset(experiment: Experiment) -> lesson.Preset | None:
    """Find the preset whose experiment this is, if it is one."""
    same = (p for p in lesson.PRESETS.values() if p.experiment == experiment)
    return next(same, None)


def controls() -> Experiment:
    """Let the visitor choose the network in front and what all three start from."""
    network = st.segmented_control(
        say("Network in front"), list(CELLS), default=FIRST.network, key="network", bind="query-params",
        required=True,
    )  # fmt: skip
    activation = st.segmented_control(
        say("Activation of the RNN"), ["tanh", "sigmoid", "relu", "linear"], default=FIRST.activation,
        key="activation", bind="query-params", required=True, wrap=True,
    )  # fmt: skip
    initialisation = st.selectbox(
        say("Recurrent kernel"), list(INITIALISATIONS), list(INITIALISATIONS).index(FIRST.initialisation),
        key="kernel", bind="query-params", format_func=say,
        help=say(
            "How the weights from one hidden state to the next are drawn, gate by gate. PyTorch's "
            "choice draws the input weights and two biases as well."
        ),
    )  # fmt: skip
    gain = st.slider(
        say("Gain of the recurrent kernel"), 0.0, 10.0, FIRST.gain, step=0.05, key="gain",
        bind="query-params",
    )  # fmt: skip
    forget_bias = st.slider(
        say("Forget bias of the LSTM"), -3.0, 6.0, FIRST.forget_bias, step=0.1, key="forget_bias",
        bind="query-params",
    )  # fmt: skip
    st.caption(lesson.half_life_sentence(forget_bias))
    steps = st.slider(
        say("Length of the sequence"), 1, 200, FIRST.steps, key="length", bind="query-params"
    )
    seed = st.number_input(say("Seed"), 0, 9999, FIRST.seed, key="seed", bind="query-params")
    return Experiment(
        activation or FIRST.activation,
        initialisation or FIRST.initialisation,
        gain,
        FIRST.units,
        steps,
        int(seed),
        network or FIRST.network,
        forget_bias,
    )


@_parts.fragment
def the_way_back() -> None:
    """Choose networks; watch their gradients go back; see what carries them, and the update."""
    with _parts.panel("flow"):
        experiment, flows, drawn = the_flow()
    with _parts.panel("carries"):
        what_carries_it(drawn, flows[experiment.network], experiment.network)
    the_consequences(experiment, flows)


def the_flow() -> tuple[Experiment, dict[str, GradientFlow], dict[str, GradientFlow]]:
    """Choose networks and draw their gradients; returns all three, and those that are drawn."""
    _parts.preset_buttons(lesson.PRESETS, apply, "preset")
    left, right = st.columns([1, 3], gap="large")
    with left:
        experiment = controls()
        compare = st.toggle(
            say("Compare all three networks"), value=True, key="compare", bind="query-params"
        )
    flows = followed(experiment)
    flow = flows[experiment.network]
    drawn = flows if compare else {experiment.network: flow}
    with right:
        norms = {name: shown.norms for name, shown in drawn.items()}
        figure = _parts.drawn_once(
            "flow", (experiment, compare), lambda colours: flow_animation(norms, colours)
        )
        _parts.chart(figure, "flow", lesson.flow_alt(drawn))
        _parts.prose(f"**{experiment.network}.** {lesson.flow_sentence(flow)}")
        if (shown := chosen_preset(experiment)) is not None:
            _parts.claim(say(shown.claim), shown.holds(flows))
    st.caption(
        say(
            "Untrained networks of {units} units on random inputs. The loss is "
            "L = ½|h_T − target|² = {loss:.3g} for the {network}, so that the error enters at "
            "the last step alone. Every point is |∂L/∂h_t| by backpropagation through time, in absolute "
            "numbers; of the LSTM |∂L/∂c_t|, for c carries its memory.",
            units=experiment.units, loss=flow.loss, network=experiment.network,
        )
    )  # fmt: skip
    return experiment, flows, drawn


@_parts.fragment
def the_consequences(experiment: Experiment, flows: dict[str, GradientFlow]) -> None:
    """Update a network; a part of its own, so that what changes here alone draws nothing else."""
    with _parts.panel("update"):
        descent = the_update(flows[experiment.network], experiment)
    state = exercises.State(experiment, flows, descent)
    _learning.exercises(chapters.GRADIENTS, exercises.quiz(state), exercises.QUESTS, state)
    data = {"step": range(1, experiment.steps + 1)}
    _parts.take_home(
        "gradients",
        data | {f"gradient_norm_{name}": shown.norms for name, shown in flows.items()},
        lesson.code(experiment),
        "gradient_norms",
        lesson.keras_code(experiment),
        lesson.torch_code(experiment),
    )


def what_carries_it(drawn: dict[str, GradientFlow], flow: GradientFlow, network: str) -> None:
    """Show the eigenvalues on the unit circle, and spectral radius and norm apart."""
    st.subheader(say("What carries it back"))
    circle, numbers = st.columns([2, 3], gap="large")
    with circle:
        found = lesson.eigenvalues(flow)
        figure = unit_circle(found, _parts.colours())
        _parts.chart(figure, "circle", lesson.eigenvalues_alt(found))
    with numbers:
        st.table(pd.DataFrame(lesson.network_rows(drawn)).set_index(say("network")))
        _parts.prose(
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
        rate = _parts.positive(
            say("Learning rate"), 0.01, "rate", largest=1e3, smallest=1e-6, step=0.01
        )
        name = st.segmented_control(
            say("By whose part of the gradient?"), lesson.PARTS, default="all steps", key="part",
            bind="query-params", required=True, wrap=True, format_func=say,
        )  # fmt: skip
        made = lesson.update(flow, rate, lesson.part(experiment.steps, name or "all steps"))
        st.latex(lesson.update_formula(made, rate))
        _parts.prose(lesson.update_sentence(made))
        st.caption(
            say(
                "The weight from input {row} to column {column} of the {network}'s kernel, the one with "
                "the largest gradient. Its gradient is a sum over the steps; a part of it can be taken "
                "alone.",
                row=made.row + 1, column=made.column + 1, network=experiment.network,
            )
        )  # fmt: skip
        st.info(lesson.erratum(), icon="✏️")
    with many:
        updates = st.slider(say("Updates"), 1, 100, 20, key="updates", bind="query-params")
        descent = _parts.descended(experiment, rate, updates, Remedies())
        _parts.chart(
            over_updates(descent, _parts.colours()), "updates_chart", lesson.descent_alt(descent)
        )
        icon = "💥" if descent.breakdown else "✔️"
        _parts.prose(f"{icon} {lesson.breakdown_sentence(descent.breakdown, updates)}")
        _parts.link("remedies.py", say("What helps against it: the remedies"), "💊")
    return descent


_parts.heading(chapters.GRADIENTS)
_learning.tour(chapters.GRADIENTS, exercises.TOUR)
the_way_back()

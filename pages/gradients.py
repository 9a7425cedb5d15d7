"""A gradient on its way back through a recurrent network, and what clipping does to it."""

import pandas as pd
import streamlit as st

from lstm_core.figures.gradients import Arrow, arrows, flow_animation
from lstm_core.gradient_flow import INITIALISATIONS, Experiment, GradientFlow, follow
from lstm_core.lessons import chapters
from lstm_core.lessons import gradients as lesson
from pages import _parts

FIRST = "Vanishing"
FIELDS = {
    "activation": "activation",
    "kernel": "initialisation",
    "gain": "gain",
    "length": "steps",
    "seed": "seed",
}


def apply(preset: str) -> None:
    """Set every control to a preset's values."""
    for key, field in FIELDS.items():
        st.session_state[key] = getattr(lesson.PRESETS[preset].experiment, field)


def chosen_preset(experiment: Experiment) -> lesson.Preset | None:
    """Find the preset whose experiment this is, if it is one."""
    same = (p for p in lesson.PRESETS.values() if p.experiment == experiment)
    return next(same, None)


@st.fragment
def the_way_back() -> None:
    """Choose a network; watch its gradient go back; clip it."""
    colours = _parts.colours()
    first = lesson.PRESETS[FIRST].experiment
    with st.container(horizontal=True):
        for preset in lesson.PRESETS:
            st.button(preset, key=f"preset_{preset}", on_click=apply, args=(preset,))
    controls, picture = st.columns([1, 3], gap="large")
    with controls:
        activation = st.segmented_control(
            "Activation", ["tanh", "sigmoid", "relu", "linear"], default=first.activation, key="activation",
            bind="query-params", required=True, wrap=True,
        )  # fmt: skip
        initialisation = st.selectbox(
            "Recurrent kernel", list(INITIALISATIONS), list(INITIALISATIONS).index(first.initialisation), key="kernel", bind="query-params",
            help="How the weights from one hidden state to the next are drawn.",
        )  # fmt: skip
        gain = st.slider(
            "Gain of the recurrent kernel",
            0.0,
            4.0,
            first.gain,
            step=0.05,
            key="gain",
            bind="query-params",
        )
        steps = st.slider(
            "Length of the sequence", 1, 100, first.steps, key="length", bind="query-params"
        )
        seed = st.number_input("Seed", 0, 9999, first.seed, key="seed", bind="query-params")
        compare = st.toggle(
            "Compare",
            value=True,
            key="compare",
            bind="query-params",
            help="Draw a vanishing and an exploding run of the same length beside this one.",
        )
        experiment = Experiment(
            activation or "tanh", initialisation or "orthogonal", gain, 32, steps, int(seed)
        )
        flow = follow(experiment)
        st.markdown(
            f"Spectral radius **{flow.spectral_radius:.3f}**, largest singular value "
            f"**{flow.largest_singular_value:.3f}**"
        )
    with picture:
        others = lesson.references(experiment) if compare else None
        figure = flow_animation(flow.norms, colours, others)
        _parts.chart(figure, "flow", lesson.flow_alt(flow))
        st.markdown(lesson.flow_sentence(flow))
        if (shown := chosen_preset(experiment)) is not None:
            sign = "✔ holds" if shown.holds(flow) else "✘ does not hold"
            st.markdown(f"**Claim.** {shown.claim} **{sign}**")
    st.caption(
        f"An untrained network of {experiment.units} units on random inputs. The loss is "
        f"L = ½|h_T − target|² = {flow.loss:.3g}, so that the error enters at the last step alone; "
        "every point is |∂L/∂h_t| by backpropagation through time, in absolute numbers."
    )
    clipping(flow)
    data = {"step": range(1, steps + 1), "gradient_norm": flow.norms}
    _parts.take_home("gradients", data, lesson.code(experiment), "gradient_norms")


def clipping(flow: GradientFlow) -> None:
    """Turn the gradient into an update, with and without each way of clipping."""
    st.subheader("The update, with and without clipping")
    colours = _parts.colours()
    by_norm, by_value, speed = st.columns(3)
    with by_norm:
        norm_on = st.toggle("Clip by norm", value=True, key="norm_on", bind="query-params")
        max_norm = st.number_input(
            "Largest joint norm", 1e-6, 1e6, 1.0, step=0.5, key="max_norm", bind="query-params",
            format="%g",
        )  # fmt: skip
    with by_value:
        value_on = st.toggle("Clip by value", key="value_on", bind="query-params")
        limit = st.number_input(
            "Largest entry",
            1e-6,
            1e6,
            0.05,
            step=0.05,
            key="limit",
            bind="query-params",
            format="%g",
        )
    with speed:
        st.space("medium")
        rate = st.number_input(
            "Learning rate",
            1e-6,
            1e3,
            0.01,
            step=0.01,
            key="rate",
            bind="query-params",
            format="%g",
        )
    rows = lesson.updates(flow, rate, max_norm if norm_on else None, limit if value_on else None)
    looks = {
        "as it is": (colours.muted, "dot"),
        "clipped by norm": (colours.first, "solid"),
        "clipped by value": (colours.second, "dash"),
    }
    picture, numbers = st.columns(2, gap="large")
    with picture:
        if 0 < rows[0].norm < float("inf"):
            drawn = [Arrow(row.name, row.vector, *looks[row.name]) for row in rows]
            _parts.chart(arrows(rows[0].vector, drawn, colours), "arrows", lesson.arrows_alt(rows))
            st.caption(
                "All parameters' gradients as one vector. Directions are true, lengths are on a "
                "log scale. Clipping by norm keeps the direction; clipping by value turns it."
            )
        else:
            st.info(
                f"The joint length of the gradient is {rows[0].norm:g}: there is no arrow to draw.",
                icon="ℹ️",
            )
    with numbers:
        table = pd.DataFrame(
            {
                "gradient": [row.name for row in rows],
                "joint norm": [f"{row.norm:.4g}" for row in rows],
                "turned by": [f"{row.degrees:.1f}°" for row in rows],
                "new weight": [f"{row.changed:.8g}" for row in rows],
            }
        )
        st.table(table.set_index("gradient"))
        st.caption(
            "The weight is the recurrent weight with the largest gradient; the update by the last "
            "row, with its numbers:"
        )
        st.latex(lesson.update_formula(rows[-1], rate))
        if rows[-1].changed == rows[-1].weight:
            st.info(
                "This weight does not change: the step is 0 or too small for double precision.",
                icon="ℹ️",
            )
    st.info(lesson.erratum(), icon="✏️")
    _parts.ask(lesson.does_clipping_help(flow, max_norm), "gradient_question")


_parts.heading(chapters.GRADIENTS)
the_way_back()

"""The LSTM cell, stage by stage, with every weight open to change."""

import pandas as pd
import streamlit as st

from lstm_core.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.figures.cell import drawing, over_time, over_time_alt
from lstm_core.lessons import cell as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.markdown import plain
from pages import _parts


def start_preset() -> None:
    """Begin a preset afresh: its own sequence, its own weights, its first step."""
    st.session_state.sequence = lesson.PRESETS[st.session_state.preset].text
    st.session_state.step = 0
    forget_edits()


def forget_edits() -> None:
    """Go back to the weights that the preset, the units and the seed give."""
    st.query_params.pop("weights", None)
    st.session_state.pop("weights_from", None)
    # A table keeps its changes under its key, so that a fresh one needs another key.
    st.session_state.table = st.session_state.get("table", 0) + 1


def edited(original: LSTMCell, identity: str) -> LSTMCell:
    """Show the table of weights; returns the cell with what the visitor changed in it.

    The table begins with the weights in the address, if it holds any, and its changes go there.
    """
    if st.session_state.get("weights_from", ("",))[0] != identity:
        start, problem = original, ""
        if written := st.query_params.get("weights"):
            try:
                start = lesson.cell_from(written, original)
            except ValueError as error:
                problem = f"{error} The preset's weights are used."
        st.session_state.weights_from = (identity, start, problem)
    _, start, problem = st.session_state.weights_from
    if problem:
        st.error(problem)
    table = pd.DataFrame(
        [*start.kernel, *start.recurrent_kernel, start.bias],
        index=lesson.row_names(start),
        columns=lesson.column_names(start),
    )
    with st.expander("Weights and biases: change any of them"):
        st.caption(
            "One column for each gate and unit, in Keras' order. Rows: weights of the inputs (x), "
            "of the previous hidden state (h), and the bias."
        )
        changed = st.data_editor(
            table,
            key=f"table_{identity}_{st.session_state.get('table', 0)}",
            width="stretch",
            disabled=["_index"],
        )
        st.button("Back to the preset's weights", on_click=forget_edits)
        if changed.isna().any(axis=None):
            st.error("A weight is empty; until it has a number, it counts as 0.")
        rows = changed.fillna(0.0).to_numpy(float)
        cell = lesson.cell_of_rows(rows, start.features)
        if lesson.too_large(rows):
            st.error(f"Weights are read as between ±{lesson.LARGEST:g}; one is beyond that.")
    text = lesson.weights_text(cell)
    if text == lesson.weights_text(original):
        st.query_params.pop("weights", None)
    else:
        st.query_params["weights"] = text
    return cell


def sequence(preset: lesson.Preset) -> tuple[list[str], Array]:
    """Let the visitor type a sequence; what cannot be read is said beside the field."""
    what = "words" if preset.words else "numbers"
    text = st.text_input(
        f"The sequence: {what}, separated by spaces",
        preset.text,
        key="sequence",
        bind="query-params",
    )
    parse = lesson.parse_words if preset.words else lesson.parse_numbers
    try:
        return parse(text)
    except ValueError as error:
        st.error(f"{error} Until then the page shows the preset's own sequence.")
        return parse(preset.text)


def size_and_seed(preset: lesson.Preset) -> tuple[int, int]:
    """Let the visitor choose units and seed where the preset draws its weights."""
    if not preset.random:
        return 1, 0
    some, seeded = st.columns(2)
    units = some.slider("Units", 1, 8, 2, key="units", bind="query-params", on_change=forget_edits)
    seed = seeded.number_input(
        "Seed", 0, 9999, 1, key="weights_seed", bind="query-params", on_change=forget_edits
    )
    return units, int(seed)


@st.fragment
def experiment() -> None:
    """Choose a cell and a sequence; step through what it computes."""
    controls, picture = st.columns([2, 3], gap="large")
    with controls:
        st.selectbox(
            "Start from",
            list(lesson.PRESETS),
            key="preset",
            bind="query-params",
            on_change=start_preset,
        )
        preset = lesson.PRESETS[st.session_state.preset]
        labels, inputs = sequence(preset)
        units, seed = size_and_seed(preset)
        cell = edited(preset.cell(units, seed), f"{preset.name} {units} {seed}")
        trace = cell.run(inputs)
        unit = _parts.unit_in_front("unit", cell.units)
        holds = preset.holds(trace)
        sign = "✔ holds" if holds else "✘ does not hold with these inputs and weights"
        st.markdown(f"**Claim.** {preset.claim}  \n**{sign}**: {preset.evidence(trace)}")
    with picture:
        t = one_step(cell, trace, labels, unit)
    what_became_of_it(cell, trace, labels, t, unit)
    if preset.words:
        st.caption("The words' vectors, drawn by their spelling: what the cell reads")
        vectors = pd.DataFrame(inputs, columns=["x1", "x2", "x3"])
        st.dataframe(vectors.assign(word=labels).set_index("word"))
    _parts.ask(lesson.what_if_forget_were_one(trace, t, unit), f"cell_question_{t}_{unit}")
    data = {"step": range(1, len(labels) + 1), "input": labels} | {
        f"{name}_{u + 1}": array[:, u]
        for name, array in trace.quantities().items()
        for u in range(cell.units)
    }
    _parts.take_home("cell", data, lesson.code(cell, inputs), "lstm_trace")


def one_step(cell: LSTMCell, trace: LSTMTrace, labels: list[str], unit: int) -> int:
    """Show one stage of one step: drawing, formula, sentence; returns the time step, from 0."""
    last = len(labels) * len(lesson.STAGES) - 1
    step = _parts.stepper("step", last, "Step: seven stages for each input")
    t, place = divmod(step, len(lesson.STAGES))
    stage = lesson.STAGES[place]
    st.markdown(f"##### Input {t + 1} of {len(labels)}, “{plain(labels[t])}”: **{stage}**")
    _parts.show_drawing(drawing(trace, t, place, unit, _parts.colours()), "drawing")
    st.latex(lesson.stage_formula(cell, trace, t, stage, unit))
    st.markdown(lesson.stage_sentence(trace, t, stage, unit))
    return t


def what_became_of_it(
    cell: LSTMCell, trace: LSTMTrace, labels: list[str], t: int, unit: int
) -> None:
    """Show gates and states of one unit over time, and every unit's values at this step."""
    figure = over_time(trace, labels, t, unit, _parts.colours())
    _parts.chart(figure, "over_time", over_time_alt(trace, t, unit))
    values = {
        name.replace("_", " "): array[t]
        for name, array in trace.quantities().items()
        if "pre_activation" not in name
    }
    table = pd.DataFrame(values, index=[f"unit {u + 1}" for u in range(cell.units)])
    st.caption(f"Every unit after input {t + 1}, all stages computed")
    st.table(table.style.format("{:.4f}"))


_parts.heading(chapters.CELL)
experiment()

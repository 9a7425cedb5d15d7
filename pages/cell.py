"""The LSTM cell at work: a small one with every weight open, or one of the trained network."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from lstm_core.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.figures.cell import (
    kept_and_written,
    kept_and_written_alt,
    side_by_side,
    side_by_side_alt,
)
from lstm_core.figures.player import UNITS, player_data
from lstm_core.lessons import cell as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.sentences import SENTENCE
from lstm_core.lessons.walks import LSTM
from lstm_core.pseudo_code import with_exchanged_states
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS, Opened, open_up
from pages import _parts

GATES = ("forget", "input", "candidate", "output")


def start_preset() -> None:
    """Begin a preset afresh: its own sequence, its own weights, its first step."""
    st.session_state.sequence = lesson.PRESETS[st.session_state.preset].text
    forget_edits()
    start_again()


def start_again() -> None:
    """Go to the first step, with nothing to compare with."""
    _parts.restart("step")
    st.session_state.pop("cell_runs", None)


def forget_edits() -> None:
    """Go back to the weights and vectors that the preset, the units and the seed give."""
    for name in ("weights", "vectors"):
        st.query_params.pop(name, None)
        st.session_state.pop(f"{name}_from", None)
        st.session_state.pop(f"{name}_now", None)
    # A table keeps its changes under its key, so that a fresh one needs another key.
    st.session_state.table = st.session_state.get("table", 0) + 1


def edited(
    name: str,
    identity: str,
    original: pd.DataFrame,
    read: Callable[[str], pd.DataFrame],
    write: Callable[[pd.DataFrame], str],
    shown: bool,
) -> pd.DataFrame:
    """Return a table of numbers with what the visitor changed; show it, if it is to be seen.

    It begins with what stands in the address under ``name``, and its changes go there.
    """
    if st.session_state.get(f"{name}_from", ("",))[0] != identity:
        start, problem = original, ""
        if written := st.query_params.get(name):
            try:
                start = read(written)
            except ValueError as error:
                problem = f"{error} The preset's own numbers are used."
        st.session_state[f"{name}_from"] = (identity, start, problem)
        st.session_state.pop(f"{name}_now", None)
    _, start, problem = st.session_state[f"{name}_from"]
    if problem:
        st.error(problem)
    if not shown:
        # A table that is not drawn forgets its changes; it will begin with them when it is again.
        kept: pd.DataFrame = st.session_state.pop(f"{name}_now", start)
        st.session_state[f"{name}_from"] = (identity, kept, problem)
        return kept
    changed = st.data_editor(
        start,
        key=f"{name}_{identity}_{st.session_state.get('table', 0)}",
        width="stretch",
        disabled=["_index"],
    )
    if changed.isna().any(axis=None):
        st.error("A number is missing in the table; until it is there, it counts as 0.")
    changed = changed.fillna(0.0)
    if lesson.too_large(changed.to_numpy(float)):
        st.error(f"Numbers are read as between ±{lesson.LARGEST:g}; one is beyond that.")
    within: pd.DataFrame = changed.clip(-lesson.LARGEST, lesson.LARGEST)
    st.session_state[f"{name}_now"] = within
    if text := write(within):
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)
    return within


def change_weights(original: LSTMCell, identity: str, shown: bool) -> LSTMCell:
    """Return a cell with what the visitor changed in its weights; show every one, if asked to."""
    same = lesson.weights_text(original)

    def cell_of(table: pd.DataFrame) -> LSTMCell:
        return lesson.cell_of_rows(table.to_numpy(float), original.features)

    def written(table: pd.DataFrame) -> str:
        text = lesson.weights_text(cell_of(table))
        return "" if text == same else text

    def table(cell: LSTMCell) -> pd.DataFrame:
        return pd.DataFrame(
            [*cell.kernel, *cell.recurrent_kernel, cell.bias],
            index=lesson.row_names(cell),
            columns=lesson.column_names(cell),
        )

    changed = edited(
        "weights",
        identity,
        table(original),
        lambda text: table(lesson.cell_from(text, original)),
        written,
        shown,
    )
    if shown:
        st.caption(
            "One column for each gate and unit, in Keras' order. Rows: weights of the inputs (x), "
            "of the previous hidden state (h), and the bias."
        )
    return cell_of(changed)


def change_vectors(labels: list[str], shown: bool) -> Array:
    """Return the inputs with what the visitor changed in the words' vectors; show them, if asked to."""
    columns = [f"x{place + 1}" for place in range(lesson.WORD_FEATURES)]

    def table(vectors: dict[str, Array]) -> pd.DataFrame:
        return pd.DataFrame.from_dict(vectors, orient="index", columns=columns)

    def vectors(frame: pd.DataFrame) -> dict[str, Array]:
        return dict(zip(frame.index, frame.to_numpy(float), strict=True))

    original = table(lesson.vocabulary(labels))
    changed = edited(
        "vectors",
        " ".join(original.index),
        original,
        lambda text: table(lesson.vectors_from(text, labels)),
        lambda frame: lesson.vectors_text(vectors(frame)),
        shown,
    )
    if shown:
        st.caption(
            "The vocabulary: each word's vector is what the cell reads, drawn by its spelling."
        )
    return changed.loc[[label.lower() for label in labels]].to_numpy(float)


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


def held_gates() -> dict[str, float]:
    """Let the visitor hold gates at a value; returns those that are held."""
    held = {}
    for gate, column in zip(GATES, st.columns(4), strict=True):
        with column:
            if st.toggle(f"Hold the {gate}", key=f"hold_{gate}", bind="query-params"):
                lowest = -1.0 if gate == "candidate" else 0.0
                held[gate] = st.slider(
                    f"{gate} at", lowest, 1.0, 1.0, 0.05, key=f"hold_{gate}_at",
                    bind="query-params",
                )  # fmt: skip
    return held


def small_cell() -> None:
    """Choose a preset or a sequence, change what is to be changed, and step through it."""
    choose, typed = st.columns([2, 5], gap="medium")
    with choose:
        st.selectbox(
            "Start from",
            list(lesson.PRESETS),
            key="preset",
            bind="query-params",
            on_change=start_preset,
        )
    preset = lesson.PRESETS[st.session_state.preset]
    with typed:
        labels, inputs = sequence(preset)
    if preset.random:
        some, seeded, front = st.columns(3, gap="medium")
        units = some.slider(
            "Units", 1, UNITS, 2, key="units", bind="query-params", on_change=forget_edits
        )
        seed = int(
            seeded.number_input(
                "Seed", 0, 9999, 1, key="weights_seed", bind="query-params", on_change=forget_edits
            )
        )
        with front:
            unit = _parts.unit_in_front("unit", units)
    else:
        units, seed, unit = 1, 0, 0
    title = "Change the cell: weights and biases, gates held, word vectors"
    with st.expander(title, key="cell_change", on_change="rerun") as change:
        shown = bool(change.open)
        held = held_gates()
        cell = change_weights(preset.cell(units, seed), f"{preset.name} {units} {seed}", shown)
        if preset.words:
            inputs = change_vectors(labels, shown)
        st.button("Back to the preset's own numbers", on_click=forget_edits)
    cell = cell.clamped(held)
    trace = cell.run(inputs)
    holds = preset.holds(trace)
    sign = "✔ holds" if holds else "✘ does not hold with these inputs and weights"
    st.markdown(f"**Claim.** {preset.claim} **{sign}**: {preset.evidence(trace)}")
    code = lesson.code(cell, inputs)
    every = list(range(cell.units))
    step = at_work(cell, trace, labels, every, unit, code, (preset.name, units, seed))
    errata(cell, trace, labels, inputs, unit)
    closing(trace, labels, every, unit, code, step)


def trained_cell() -> None:
    """Choose a sentence and one of the four LSTMs that read it; step through that."""
    typed, which = st.columns([3, 2], gap="medium")
    with typed:
        text = st.text_input(
            "A sentence in English", SENTENCE, max_chars=600, key="cell_text", bind="query-params"
        )
        text, words, ids = _parts.sentence(text)
    reader = _parts.reader()
    with which:
        layers, directions = st.columns(2)
        layer = layers.segmented_control(
            "Layer", LAYERS, default="first", key="cell_layer", bind="query-params", required=True,
            on_change=start_again,
        ) or "first"  # fmt: skip
        direction = directions.segmented_control(
            "Direction", DIRECTIONS, default="forward", key="cell_direction", bind="query-params",
            required=True, on_change=start_again,
        ) or "forward"  # fmt: skip
    place = LAYERS.index(layer)

    def opened(slot: str, held: dict[str, float], off: list[int]) -> Opened:
        identity = (text, layer, direction, tuple(held.items()), tuple(off))
        return _parts.once(
            slot, identity, lambda: open_up(reader, ids, place, direction, held, off)
        )

    with st.expander("Change the cell: gates held for all its units"):
        held = held_gates()
    seen = opened("cell_intact", {}, [])
    shown = [int(unit) for unit in seen.ranking[:UNITS]]
    numbers = [unit + 1 for unit in shown]
    off_column, front_column = st.columns(2, gap="medium")
    with off_column:
        off = st.pills(
            "Switch units off, the one that counts most first", numbers, selection_mode="multi",
            key="cell_off", bind="query-params",
        )  # fmt: skip
    with front_column:
        if st.session_state.get("cell_unit", numbers[0]) not in numbers:
            st.session_state.cell_unit = numbers[0]
        unit = st.pills(
            "Unit in front", numbers, default=numbers[0], key="cell_unit", required=True,
            bind="query-params",
        ) or numbers[0]  # fmt: skip
    seen = opened("cell_changed", held, [number - 1 for number in off])
    st.markdown(lesson.verdict_moves(seen, off, held))
    st.caption(lesson.RULE)
    labels = words[::-1] if direction == "backward" else words
    code = lesson.trained_code(text, place, direction)
    step = at_work(
        seen.cell, seen.trace, labels, shown, unit - 1, code, (text, layer, direction), "cell_unit"
    )
    closing(seen.trace, labels, shown, unit - 1, code, step)


def at_work(
    cell: LSTMCell,
    trace: LSTMTrace,
    labels: list[str],
    shown: list[int],
    unit: int,
    code: str,
    origin: object,
    unit_key: str = "unit",
) -> int:
    """Show a run in the player, what its cell state is made of, and what changed.

    Returns the step that the player is at.
    """
    colours = _parts.colours()
    before = run_before(origin, cell, labels, trace)
    data = player_data(LSTM, cell, trace, labels, shown, unit, colours, before)
    step = _parts.player("step", {**data, "program": code}, unit_key)
    st.subheader("What the cell state is made of")
    figure = kept_and_written(trace, labels, unit, colours, before)
    _parts.chart(figure, "kept", kept_and_written_alt(trace, unit))
    if before is not None:
        st.markdown(lesson.differences(trace, before, unit))
    return step


def closing(
    trace: LSTMTrace, labels: list[str], shown: list[int], unit: int, code: str, step: int
) -> None:
    """Ask something back, and offer every number of the units shown."""
    t = step // len(LSTM.stages)
    _parts.ask(lesson.what_if_forget_were_one(trace, t, unit), f"cell_question_{t}_{unit}")
    numbers = columns_of(trace, labels, shown)
    with st.expander("Every number of every unit", key="cell_table", on_change="rerun") as table:
        if table.open:
            st.dataframe(pd.DataFrame(numbers).set_index("step"))
    _parts.take_home("cell", numbers, code, "lstm_trace")


def run_before(
    origin: object, cell: LSTMCell, labels: list[str], trace: LSTMTrace
) -> LSTMTrace | None:
    """Remember the last run that was different, as long as it began from the same place."""
    identity = (tuple(labels), lesson.weights_text(cell), trace.inputs.tobytes())
    runs = st.session_state.get("cell_runs")
    if runs is None or runs["origin"] != origin:
        runs = {"origin": origin, "identity": identity, "now": trace, "before": None}
    elif runs["identity"] != identity:
        runs = {"origin": origin, "identity": identity, "now": trace, "before": runs["now"]}
    st.session_state.cell_runs = runs
    before: LSTMTrace | None = runs["before"]
    return before


def columns_of(trace: LSTMTrace, labels: list[str], units: list[int]) -> dict[str, object]:
    """Name every number of some units, for a table."""
    return {"step": range(1, len(labels) + 1), "input": labels} | {
        f"{name}_{unit + 1}": array[:, unit]
        for name, array in trace.quantities().items()
        for unit in units
    }


def errata(cell: LSTMCell, trace: LSTMTrace, labels: list[str], inputs: Array, unit: int) -> None:
    """Run the lecture's pseudo code as it is printed, beside the cell."""
    title = "Errata: what goes wrong if the lecture's pseudo code is run as it is printed"
    with st.expander(title, key="errata", on_change="rerun", bind="query-params") as card:
        if not card.open:
            return
        exchanged = with_exchanged_states(cell, inputs)
        added = lesson.summed(cell, inputs)
        runs = {
            "as it should be": trace.hidden_state[:, unit],
            "states exchanged": exchanged.hidden_state[:, unit],
        }
        if not isinstance(added, str):
            runs["added, not joined"] = added[:, unit]
        picture, words = st.columns([3, 2], gap="large")
        with picture:
            what = f"h of unit {unit + 1}"
            figure = side_by_side(runs, labels, what, _parts.colours())
            _parts.chart(figure, "errata_chart", side_by_side_alt(runs, what))
        with words:
            st.markdown(lesson.exchanged_sentence(trace, exchanged, unit))
            st.markdown(lesson.sum_sentence(trace, added, unit))
            st.markdown("The code beside the drawing returns `h, c`, catches `h, c`, and joins.")


@st.fragment
def experiment() -> None:
    """Choose whose cell it is, and see it at work."""
    source = st.segmented_control(
        "Whose cell?", (lesson.SMALL, lesson.TRAINED), default=lesson.SMALL, key="cell_source", bind="query-params",
        required=True, on_change=start_again, label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    if source == lesson.TRAINED:
        trained_cell()
    else:
        small_cell()


_parts.heading(chapters.CELL)
experiment()

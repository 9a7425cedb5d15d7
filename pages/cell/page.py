"""The LSTM cell at work: a small one with every weight open, or one of the trained network."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.cells.pseudo_code import with_exchanged_states
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS, Opened, open_up
from pages._app import (
    caches,
    chapter,
    charts,
    downloads,
    learning,
    notation,
    panels,
    players,
    sentences,
)
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.drawings import TITLES
from pages._book.language import say, spoken
from pages._book.player import UNITS, player_data
from pages._book.programs import Programs
from pages._book.runs import side_by_side, side_by_side_alt
from pages._book.sequences import LARGEST, WORD_FEATURES, too_large
from pages._book.walks import LSTM, SMALL, TRAINED
from pages.cell import exercises, lesson
from pages.cell.figures import kept_and_written, kept_and_written_alt

GATES = ("forget", "input", "candidate", "output")
control = Controls(lesson.START)


@dataclass(frozen=True)
class Shown:
    """What the player shows: a run, what it read, the units shown, programs, and the run before."""

    run: exercises.Run
    labels: list[str]
    units: list[int]
    programs: Programs
    before: LSTMTrace | None


def start_preset() -> None:
    """Begin a preset afresh: its own sequence, its own weights, its first step."""
    st.session_state.sequence = lesson.SMALL_CELLS[st.session_state.preset].text
    forget_edits()
    start_again()


def start_again() -> None:
    """Go to the first step, with nothing to compare with."""
    players.restart("step")
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
                problem = say("{problem} The preset's own numbers are used.", problem=error)
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
        st.error(say("A number is missing in the table; until it is there, it counts as 0."))
    changed = changed.fillna(0.0)
    if too_large(changed.to_numpy(float)):
        st.error(
            say(
                "Numbers are read as between ±{largest:g}; one is beyond that.",
                largest=LARGEST,
            )
        )
    within: pd.DataFrame = changed.clip(-LARGEST, LARGEST)
    st.session_state[f"{name}_now"] = within
    if text := write(within):
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)
    return within


def change_weights(original: LSTMCell, identity: str, shown: bool) -> LSTMCell:
    """Return a cell with what the visitor changed in its weights; show every one, if asked to."""
    same = lesson.weights_text(original)
    drop_stale_weights(identity)

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
        f"{identity} {spoken()}",
        table(original),
        lambda text: table(lesson.cell_from(text, original)),
        written,
        shown,
    )
    if shown:
        st.caption(
            say(
                "One column for each gate and unit, in Keras' order. Rows: kernel W of the inputs x, "
                "recurrent kernel R of the previous hidden state h, and bias b."
            )
        )
    cell = cell_of(changed)
    st.session_state.weights_of = (identity, written(changed))
    return cell


def drop_stale_weights(identity: str) -> None:
    """Forget weights of the address that were changed in another cell than the one chosen now."""
    of, text = st.session_state.get("weights_of", (identity, ""))
    if of != identity and st.query_params.get("weights", "") == text:
        st.query_params.pop("weights", None)


def change_vectors(labels: list[str], shown: bool) -> Array:
    """Return the inputs with what the visitor changed in the words' vectors; show them, if asked to."""
    columns = [f"x{place + 1}" for place in range(WORD_FEATURES)]

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
            say("The vocabulary: each word's vector is what the cell reads, drawn by its spelling.")
        )
    return changed.loc[[label.lower() for label in labels]].to_numpy(float)


def sequence(start: lesson.SmallCell) -> tuple[list[str], Array]:
    """Let the visitor type a sequence; what cannot be read is said beside the field."""
    text = st.text_input(
        say("The sequence: words, separated by spaces")
        if start.words
        else say("The sequence: numbers, separated by spaces"),
        start.text,
        key="sequence",
        bind="query-params",
    )
    try:
        return start.read(text)
    except ValueError as error:
        st.error(
            say("{problem} Until then the page shows the preset's own sequence.", problem=error)
        )
        return start.read(start.text)


def held_gates() -> dict[str, float]:
    """Let the visitor hold gates at a value; returns those that are held."""
    held = {}
    for gate, column in zip(GATES, st.columns(4), strict=True):
        with column:
            title = say(TITLES[gate])
            if control.switch(f"hold_{gate}", say("Hold the {gate}", gate=title)):
                lowest = -1.0 if gate == "candidate" else 0.0
                held[gate] = control.slider(
                    f"hold_{gate}_at", say("{gate} at", gate=title), lowest, 1.0, step=0.05
                )
    return held


def small_cell() -> Shown:
    """Choose a preset or a sequence, change what is to be changed, and step through it."""
    choose, field = st.columns([2, 5], gap="medium")
    name = control.select(
        "preset",
        say("Start from"),
        lesson.PRESETS,
        place=choose,
        format_func=say,
        on_change=start_preset,
    )
    start = lesson.SMALL_CELLS[name]
    with field:
        labels, inputs = sequence(start)
    units, seed, unit = size_and_seed() if start.random else (1, 0, 0)
    title = say("Change the cell: weights and biases, gates held, word vectors")
    with st.expander(title, key="cell_change", on_change="rerun", bind="query-params") as change:
        shown = bool(change.open)
        held = held_gates()
        cell = change_weights(start.cell(units, seed), f"{name} {units} {seed}", shown)
        if start.words:
            inputs = change_vectors(labels, shown)
        st.button(say("Back to the preset's own numbers"), key="cell_own", on_click=forget_edits)
    cell = cell.clamped(held)
    trace = cell.run(inputs)
    panels.prose(lesson.PRESETS[name].claimed(trace))
    every = list(range(cell.units))
    programs = lesson.small_programs(cell, inputs)
    return at_work(cell, trace, labels, every, unit, programs, (name, units, seed))


def size_and_seed() -> tuple[int, int, int]:
    """Let the visitor choose units, seed and the unit in front, from 0, side by side."""
    sizes, seeds, front = st.columns(3, gap="medium")
    units = control.slider("units", say("Units"), 1, UNITS, place=sizes, on_change=forget_edits)
    seed = control.number("weights_seed", say("Seed"), 0, 9999, place=seeds, on_change=forget_edits)
    return units, int(seed), control.units("unit", units, place=front)


def trained_cell() -> Shown:
    """Choose a sentence and one of the four LSTMs that read it; step through that."""
    field, which = st.columns([3, 2], gap="medium")
    with field:
        text = control.text("cell_text", say("A sentence in English"), max_chars=600)
        text, words, ids = sentences.sentence(text)
    reader = caches.reader()
    layers, directions = which.columns(2)
    layer = control.choice(
        "cell_layer",
        say("Layer"),
        LAYERS,
        place=layers,
        format_func=say,
        on_change=start_again,
    )
    direction = control.choice(
        "cell_direction",
        say("Direction"),
        DIRECTIONS,
        place=directions,
        format_func=say,
        on_change=start_again,
    )

    def opened_with(slot: str, held: dict[str, float], off: list[int]) -> Opened:
        identity = (text, layer, direction, tuple(held.items()), tuple(off))
        return caches.computed(
            slot, identity, lambda: open_up(reader, ids, LAYERS.index(layer), direction, held, off)
        )

    with st.expander(say("Change the cell: gates held for all its units")):
        held = held_gates()
    shown = [int(unit) for unit in opened_with("cell_intact", {}, []).ranking[:UNITS]]
    off, unit = units_of_the_network([unit + 1 for unit in shown])
    opened = opened_with("cell_changed", held, [number - 1 for number in off])
    st.markdown(lesson.verdict_moves(opened, off, held))
    st.caption(say(lesson.RULE))
    labels = words[::-1] if direction == "backward" else words
    programs = lesson.trained_programs(text, layer, direction, held, [number - 1 for number in off])
    origin = (text, layer, direction)
    return at_work(opened.cell, opened.trace, labels, shown, unit, programs, origin, opened)


def units_of_the_network(numbers: list[int]) -> tuple[list[int], int]:
    """Let the visitor switch units off and put one in front.

    Args:
        numbers: of the units that can be chosen, from 1.

    Returns:
        The numbers of those that are off, and the unit in front, from 0.
    """
    off_column, front_column = st.columns(2, gap="medium")
    off = control.several(
        "cell_off",
        say("Switch units off, the one that counts most first"),
        numbers,
        place=off_column,
    )
    if st.session_state.get("cell_unit", numbers[0]) not in numbers:
        st.session_state.cell_unit = numbers[0]
    # Which unit is in front to begin with depends on the sentence: it stands in no table.
    front = front_column.pills(
        say("Unit in front"),
        numbers,
        default=numbers[0],
        key="cell_unit",
        required=True,
        bind="query-params",
    )
    return off, (front or numbers[0]) - 1


def at_work(
    cell: LSTMCell,
    trace: LSTMTrace,
    labels: list[str],
    shown: list[int],
    unit: int,
    programs: Programs,
    origin: object,
    opened: Opened | None = None,
) -> Shown:
    """Show a run in the player."""
    before = run_before(origin, cell, labels, trace)
    data = player_data(LSTM, cell, trace, labels, shown, unit, caches.colours(), before)
    unit_key = "unit" if opened is None else "cell_unit"
    step = players.player("step", {**data, "program": programs.lstm_core}, unit_key)
    run = exercises.Run(cell, trace, step // len(LSTM.stages), unit, opened)
    return Shown(run, labels, shown, programs, before)


def made_of(shown: Shown) -> None:
    """Show what the cell state is made of, what changed, and every number."""
    trace, unit = shown.run.trace, shown.run.unit
    st.subheader(say("What the cell state is made of"))
    figure = kept_and_written(trace, shown.labels, unit, caches.colours(), shown.before)
    charts.chart(figure, "kept", kept_and_written_alt(trace, unit))
    if shown.before is not None:
        panels.prose(lesson.differences(trace, shown.before, unit))
    with st.expander(
        say("Every number of every unit"), key="cell_table", on_change="rerun"
    ) as table:
        if table.open:
            st.dataframe(pd.DataFrame(columns_of(shown)).set_index("step"))


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


def columns_of(shown: Shown) -> dict[str, object]:
    """Name every number of the units shown, for a table."""
    return {"step": range(1, len(shown.labels) + 1), "input": shown.labels} | {
        f"{name}_{unit + 1}": array[:, unit]
        for name, array in shown.run.trace.quantities().items()
        for unit in shown.units
    }


def errata(shown: Shown) -> None:
    """Run the lecture's pseudo code as it is printed, beside the cell."""
    title = say("Errata: what goes wrong if the lecture's pseudo code is run as it is printed")
    with st.expander(title, key="errata", on_change="rerun", bind="query-params") as card:
        if not card.open:
            return
        cell, trace, unit = shown.run.cell, shown.run.trace, shown.run.unit
        exchanged = with_exchanged_states(cell, trace.inputs)
        added = lesson.summed(cell, trace.inputs)
        runs = {
            say("as it should be"): trace.hidden_state[:, unit],
            say("states exchanged"): exchanged.hidden_state[:, unit],
        }
        if not isinstance(added, str):
            runs[say("added, not joined")] = added[:, unit]
        picture, words = st.columns([3, 2], gap="large")
        with picture:
            what = say("h of unit {unit}", unit=unit + 1)
            figure = side_by_side(runs, shown.labels, what, caches.colours())
            charts.chart(figure, "errata_chart", side_by_side_alt(runs, what))
        with words:
            panels.prose(lesson.exchanged_sentence(trace, exchanged, unit))
            panels.prose(lesson.sum_sentence(trace, added, unit))
            panels.prose(
                say(
                    "The code beside the drawing returns h, then c, takes them in that order, and "
                    "gives x and h weights of their own."
                )
            )


@panels.fragment
def experiment() -> None:
    """Choose whose cell it is, and see it at work."""
    with panels.panel("player"):
        source = control.choice(
            "cell_source",
            say("Whose cell?"),
            (SMALL, TRAINED),
            format_func=say,
            on_change=start_again,
            label_visibility="collapsed",
            wrap=True,
        )
        shown = trained_cell() if source == TRAINED else small_cell()
        notation.card()
    with panels.panel("kept"):
        made_of(shown)
    with panels.panel("errata"):
        errata(shown)
    quiz = exercises.quiz(shown.run)
    learning.exercises(chapters.CELL, quiz, exercises.QUESTS, shown.run)
    downloads.take_home("cell", columns_of(shown), shown.programs, "lstm_trace")


chapter.begin(chapters.CELL, lesson.PRESETS, exercises.TOUR)
experiment()

"""The LSTM cell at work: a small one with every weight open, or one of the trained network."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.cells.pseudo_code import with_exchanged_states
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS, Opened, open_up
from lstm_core.sentiment.units import Moving, moving_words, read_alone
from pages._app import (
    caches,
    charts,
    downloads,
    exports,
    lecture,
    notation,
    panels,
    players,
    sentences,
    stage,
)
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.drawings import TITLES
from pages._book.language import LANGUAGES, say, speaking, spoken
from pages._book.player import UNITS, player_data
from pages._book.programs import Programs
from pages._book.runs import side_by_side, side_by_side_alt
from pages._book.sentences import Ids, sentence_ids
from pages._book.sequences import LARGEST, WORD_FEATURES, too_large
from pages._book.walks import LSTM, SMALL, TRAINED
from pages.cell import exercises, lesson
from pages.cell.figures import (
    kept_and_written,
    kept_and_written_alt,
    words_of_a_unit,
    words_of_a_unit_alt,
)

GATES = ("forget", "input", "candidate", "output")
WIDTHS = (5, 2)
"""The drawing's share of the width, and that of the column in which the code has to fit."""
WORDS_OF_A_UNIT = 8
"""So many words each way are named of what moves a unit."""
control = Controls(lesson.START)


@dataclass(frozen=True)
class Shown:
    """A run: the cell, what it read, the units shown, programs, and the run before."""

    cell: LSTMCell
    trace: LSTMTrace
    labels: list[str]
    units: list[int]
    unit: int
    programs: Programs
    before: LSTMTrace | None = None


@dataclass(frozen=True)
class OneOfFour:
    """One of the four LSTMs of the trained network, and the sentence that it reads.

    Attributes:
        text: the sentence.
        labels: its words, in the order in which they are read.
        ids: their numbers in the vocabulary, in the order of the text.
        layer: "first" or "second".
        direction: "forward" or "backward".
        shown: the units that count most for this sentence, from 0.
        unit: the one whose numbers are shown, from 0.
    """

    text: str
    labels: list[str]
    ids: Ids
    layer: str
    direction: str
    shown: list[int]
    unit: int

    def opened(
        self, slot: str, held: Mapping[str, float] | None = None, off: Sequence[int] = ()
    ) -> Opened:
        """Open it, gates held and units switched off; what was opened last is kept under a slot."""
        return opened_up(slot, self.text, self.ids, self.layer, self.direction, held or {}, off)

    def moving(self, count: int) -> Moving:
        """Return so many words each way that move the unit most."""
        place = LAYERS.index(self.layer)
        alone = caches.remembered(
            "read_alone",
            (self.layer, self.direction),
            lambda: read_alone(caches.reader(), place, self.direction),
            own=True,
        )
        return moving_words(caches.reader(), alone, self.unit, count)


def opened_up(
    slot: str,
    text: str,
    ids: Ids,
    layer: str,
    direction: str,
    held: Mapping[str, float],
    off: Sequence[int],
) -> Opened:
    """Open one of the four LSTMs; what was opened last is kept under a slot."""
    identity = (text, layer, direction, tuple(held.items()), tuple(off))
    place = LAYERS.index(layer)
    return caches.computed(
        slot, identity, lambda: open_up(caches.reader(), ids, place, direction, held, off)
    )


def one_of_four(place: stage.Stage) -> OneOfFour:
    """Let the visitor choose a sentence, one of the four LSTMs, and a unit of it."""
    with place.beside:
        text = control.text("cell_text", say("A sentence in English"), max_chars=600)
        text, words, ids = sentences.sentence(text)
        layers, directions = st.columns(2, gap="small")
        layer = control.select(
            "cell_layer", say("Layer"), LAYERS, place=layers, format_func=say, on_change=start_again
        )
        direction = control.select(
            "cell_direction",
            say("Direction"),
            DIRECTIONS,
            place=directions,
            format_func=say,
            on_change=start_again,
        )
        intact = opened_up("cell_intact", text, ids, layer, direction, {}, ())
        shown = [int(unit) for unit in intact.ranking[:UNITS]]
        unit = unit_shown([unit + 1 for unit in shown])
    labels = words[::-1] if direction == "backward" else words
    return OneOfFour(text, labels, ids, layer, direction, shown, unit)


def start_preset() -> None:
    """Begin a preset afresh: its own sequence, its own weights, its first step."""
    preset = lesson.PRESETS[st.session_state.preset]
    st.session_state.sequence = preset.sets["sequence"]
    forget_edits()
    start_again(int(str(preset.sets["step"])))


def start_again(step: int = 0) -> None:
    """Go to a step, with nothing to compare with."""
    players.restart("step", step)
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
    text = control.text(
        "sequence",
        say("The sequence: words, separated by spaces")
        if start.words
        else say("The sequence: numbers, separated by spaces"),
        start=start.text,
    )
    return read_sequence(start, text)


def read_sequence(start: lesson.SmallCell, text: str) -> tuple[list[str], Array]:
    """Read a sequence; one that cannot be read is said, and the preset's own is read instead."""
    try:
        return start.read(text)
    except ValueError as error:
        st.error(
            say("{problem} Until then the page shows the preset's own sequence.", problem=error)
        )
        return start.read(start.text)


def hold(prefix: str, gate: str) -> None:
    """Let the visitor hold a gate at a value, under keys that begin with a prefix."""
    title = say(TITLES[gate])
    if control.switch(f"{prefix}hold_{gate}", say("Hold the {gate}", gate=title)):
        lowest = -1.0 if gate == "candidate" else 0.0
        label = say("{gate} at", gate=title)
        control.slider(f"{prefix}hold_{gate}_at", label, lowest, 1.0, step=0.05)


def held_gates(prefix: str = "") -> dict[str, float]:
    """Return the value of each gate that is held."""
    return {
        gate: max(
            float(control.now(f"{prefix}hold_{gate}_at")), -1.0 if gate == "candidate" else 0.0
        )
        for gate in GATES
        if control.now(f"{prefix}hold_{gate}")
    }


def small_cell(place: stage.Stage) -> tuple[Shown, DeltaGenerator]:
    """Choose a preset or a sequence, and change what is to be changed; returns the place behind "More" too."""
    with place.beside:
        name = control.select(
            "preset", say("Start from"), lesson.PRESETS, format_func=say, on_change=start_preset
        )
        start = lesson.SMALL_CELLS[name]
        labels, inputs = sequence(start)
        if start.random:
            control.slider("units", say("Units"), 1, UNITS, on_change=forget_edits)
        else:
            hold("", "forget")
    more = place.more()
    with more:
        if start.random:
            control.number("weights_seed", say("Seed"), 0, 9999, on_change=forget_edits)
            control.units("unit", control.now("units"))
        for gate in GATES if start.random else GATES[1:]:
            hold("", gate)
        shown = control.switch("cell_change", say("Change weights, biases and word vectors"))
        run = small_run(name, labels, inputs, shown)
        st.button(say("Back to the preset's own numbers"), key="cell_own", on_click=forget_edits)
    return run, more


def small_run(name: str, labels: list[str], inputs: Array, shown: bool = False) -> Shown:
    """Run the small cell that the controls stand at; show its tables of numbers, if asked to."""
    start = lesson.SMALL_CELLS[name]
    units, seed = (
        (control.now("units"), int(control.now("weights_seed"))) if start.random else (1, 0)
    )
    unit = min(int(control.now("unit")), units) - 1
    cell = change_weights(start.cell(units, seed), f"{name} {units} {seed}", shown)
    if start.words:
        inputs = change_vectors(labels, shown)
    cell = cell.clamped(held_gates())
    trace = cell.run(inputs)
    before = run_before((name, units, seed), cell, labels, trace)
    programs = lesson.small_programs(cell, inputs)
    return Shown(cell, trace, labels, list(range(units)), unit, programs, before)


def small_as_it_stands() -> Shown:
    """Run the small cell that the controls stand at, where none of them is drawn."""
    name = control.now("preset")
    start = lesson.SMALL_CELLS.get(name, lesson.SMALL_CELLS[lesson.FIRST])
    return small_run(name, *read_sequence(start, st.session_state.get("sequence", start.text)))


def opened_as_it_stands() -> Opened | None:
    """Open the trained network as its panel left it; None if nothing was changed there."""
    held, off = held_gates("trained_"), list(control.now("cell_off"))
    if not held and not off:
        return None
    text = control.now("cell_text")
    _, ids, problem = sentence_ids(caches.reader(), text)
    if problem:
        return None
    layer, direction = control.now("cell_layer"), control.now("cell_direction")
    switched = [number - 1 for number in off]
    return opened_up("cell_changed", text, ids, layer, direction, held, switched)


def state() -> exercises.Run:
    """Compute what questions and quests are about, where no other panel has."""
    shown = small_as_it_stands()
    step = players.step_of("step", owner=SMALL)
    t = min(step // len(LSTM.stages), len(shown.labels) - 1)
    return exercises.Run(shown.cell, shown.trace, t, shown.unit, opened_as_it_stands())


def taken_home() -> downloads.TakenHome:
    """Collect the numbers and programs of the small cell, or of the trained one while it is open."""
    if st.session_state.get("panel") in {"trained", "unit"}:
        text, words, ids = sentences.sentence(control.now("cell_text"))
        layer, direction = control.now("cell_layer"), control.now("cell_direction")
        held, off = held_gates("trained_"), [number - 1 for number in control.now("cell_off")]
        opened = open_up(caches.reader(), ids, LAYERS.index(layer), direction, held, off)
        labels = words[::-1] if direction == "backward" else words
        units = [int(unit) for unit in opened.ranking[:UNITS]]
        programs = lesson.trained_programs(text, layer, direction, held, off)
        return downloads.TakenHome(
            lesson.columns_of(opened.trace, labels, units), programs, "lstm_trace"
        )
    shown = small_as_it_stands()
    columns = lesson.columns_of(shown.trace, shown.labels, shown.units)
    return downloads.TakenHome(columns, shown.programs, "lstm_trace")


page = stage.Page(
    chapters.CELL,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    state,
    taken_home,
)


@page.panel("player", widths=WIDTHS)
def player(place: stage.Stage) -> exercises.Run:
    """Step through the small cell."""
    shown, more = small_cell(place)
    data = player_data(
        LSTM,
        shown.cell,
        shown.trace,
        shown.labels,
        shown.units,
        shown.unit,
        caches.colours(),
        shown.before,
    ) | {"program": shown.programs.lstm_core}
    players.shared("step", SMALL)
    with place.picture:
        step = players.player("step", data, "unit")
    with more:
        taken_along("cell", say("LSTM cell"), data)
        link_to_a_network_of_ones_own()
    if not lecture.lecturing():
        place.sentence(lesson.PRESETS[control.now("preset")].claimed(shown.trace))
    return exercises.Run(shown.cell, shown.trace, step // len(LSTM.stages), shown.unit)


@page.panel("kept", keys=("cell_table",))
def kept(place: stage.Stage) -> exercises.Run:
    """Show what the cell state is made of, and what changed against the run before."""
    shown, more = small_cell(place)
    trace, unit = shown.trace, shown.unit
    with place.picture:
        figure = kept_and_written(trace, shown.labels, unit, caches.colours(), shown.before)
        charts.chart(figure, "kept", kept_and_written_alt(trace, unit))
    with more:
        if control.switch("cell_table", say("Every number of every unit")):
            columns = lesson.columns_of(trace, shown.labels, shown.units)
            st.dataframe(charts.numbered(pd.DataFrame(columns).set_index("step"), ".4f"))
    if shown.before is None:
        place.sentence(lesson.made_of(trace, unit))
    else:
        place.sentence(lesson.differences(trace, shown.before, unit))
    return exercises.Run(shown.cell, trace, 0, unit)


@page.panel(
    "trained",
    keys=(
        *("cell_text", "cell_layer", "cell_direction", "cell_off", "cell_unit"),
        *(f"trained_hold_{gate}" for gate in GATES),
    ),
    widths=WIDTHS,
)
def trained(place: stage.Stage) -> exercises.Run:
    """Step through one of the four LSTMs of the network that reads reviews."""
    chosen = one_of_four(place)
    numbers, unit = [unit + 1 for unit in chosen.shown], chosen.unit
    more = place.more()
    with more:
        label = say("Switch units off, the one that counts most first")
        off = control.several("cell_off", label, numbers)
        st.caption(say(lesson.RULE))
        for gate in GATES:
            hold("trained_", gate)
    held = held_gates("trained_")
    switched = [number - 1 for number in off]
    opened, labels = chosen.opened("cell_changed", held, switched), chosen.labels
    origin = (chosen.text, chosen.layer, chosen.direction)
    programs = lesson.trained_programs(*origin, held, switched)
    before = run_before(origin, opened.cell, labels, opened.trace)
    sentences_told = (
        lesson.meaning(unit, chosen.moving(3)),
        lesson.verdict_moves(opened, off, held),
    )
    data = player_data(
        LSTM, opened.cell, opened.trace, labels, chosen.shown, unit, caches.colours(), before
    ) | {"program": programs.lstm_core, "tinted": "h"}
    if lecture.lecturing():
        # The sentences go beside the drawing, so that it keeps its size.
        data["note"] = "\n".join(sentences_told).replace("*", "")
    else:
        place.sentence("  \n".join(sentences_told))
    players.shared("step", TRAINED)
    with place.picture:
        step = players.player("step", data, "cell_unit")
    with more:
        taken_along("trained_cell", say("LSTM cell"), data)
        link_to_a_network_of_ones_own()
    return exercises.Run(opened.cell, opened.trace, step // len(LSTM.stages), unit, opened)


def unit_shown(numbers: list[int]) -> int:
    """Let the visitor choose the unit whose numbers are shown; returns it, from 0."""
    if st.session_state.get("cell_unit", numbers[0]) not in numbers:
        st.session_state.cell_unit = numbers[0]
    chosen = control.select(
        "cell_unit",
        say("Unit shown"),
        numbers,
        start=numbers[0],
        help=say("The units that count most for this sentence; what each reacts to stands below."),
    )
    return chosen - 1


@page.panel("unit")
def what_a_unit_means(place: stage.Stage) -> None:
    """Show which words move one unit of the trained network, and what it does in a sentence."""
    chosen = one_of_four(place)
    moving = chosen.moving(WORDS_OF_A_UNIT)
    hidden = chosen.opened("cell_intact").trace.hidden_state[:, chosen.unit]
    numbers = (moving, chosen.labels, hidden, chosen.unit)
    with place.picture:
        figure = words_of_a_unit(*numbers, caches.colours())
        charts.chart(figure, "unit_words", words_of_a_unit_alt(*numbers))
    place.sentence(lesson.reacts(chosen.unit, moving, chosen.labels, hidden))


@page.panel("errata", keys=("errata", "notation"))
def errata(place: stage.Stage) -> exercises.Run:
    """Run the lecture's pseudo code as it is printed, beside the cell."""
    shown, more = small_cell(place)
    with more:
        notation.card()
    cell, trace, unit = shown.cell, shown.trace, shown.unit
    exchanged = with_exchanged_states(cell, trace.inputs)
    added = lesson.summed(cell, trace.inputs)
    runs = {
        say("as it should be"): trace.hidden_state[:, unit],
        say("h and c exchanged"): exchanged.hidden_state[:, unit],
    }
    with place.beside:
        both = control.switch("errata", say("The second mistake too: h + x"))
    if both and not isinstance(added, str):
        runs[say("h + x instead of [x; h]")] = added[:, unit]
    with place.picture:
        what = say("h of unit {unit}", unit=unit + 1)
        figure = side_by_side(runs, shown.labels, what, caches.colours())
        charts.chart(figure, "errata_chart", side_by_side_alt(runs, what))
    with place.beside:
        st.code(lesson.PSEUDO_CODE, language="python", wrap_lines=True)
    first = lesson.exchanged_sentence(trace, exchanged, unit)
    place.sentence(f"{first}  \n{lesson.sum_sentence(trace, added, unit)}" if both else first)
    return exercises.Run(cell, trace, 0, unit)


def link_to_a_network_of_ones_own() -> None:
    """Link to the page on which the same drawing plays a network that the visitor brings."""
    panels.link(chapters.OWN.file, say("The same with your own network"), ":material/upload_file:")


def taken_along(key: str, title: str, data: dict[str, object]) -> None:
    """Offer the player as one page that plays by itself."""
    exports.playing_button(
        key, title, ("stepping.js", "player.js"), ("player.css",), data, caches.colours()
    )


def run_before(
    origin: object, cell: LSTMCell, labels: list[str], trace: LSTMTrace
) -> LSTMTrace | None:
    """Remember the last run that was different, as long as it began from the same place."""
    weights = b"".join(array.tobytes() for array in cell.parameters.values())
    identity = (tuple(labels), weights, trace.inputs.tobytes())
    runs = st.session_state.get("cell_runs")
    if runs is None or runs["origin"] != origin:
        runs = {"origin": origin, "identity": identity, "now": trace, "before": None}
    elif runs["identity"] != identity:
        runs = {"origin": origin, "identity": identity, "now": trace, "before": runs["now"]}
    st.session_state.cell_runs = runs
    before: LSTMTrace | None = runs["before"]
    return before


def open_the_network_of_old_addresses() -> None:
    """Open the panel of the trained network where an address from before it was one asks for it.

    The gates that such an address holds are then those of the trained network.
    """
    address = {key: st.query_params.get_all(key) for key in st.query_params}
    asked = address.pop("cell_source", [""])[0]
    if not asked:
        return
    if asked in {_in(language, TRAINED) for language in LANGUAGES}:
        if "panel" not in address and "errata" not in address:
            address["panel"] = ["trained"]
        for gate in GATES:
            held = address.pop(f"hold_{gate}", ["false"])[0] == "true"
            at = address.pop(f"hold_{gate}_at", [""])[0]
            if held:
                st.session_state[f"trained_hold_{gate}"] = True
                with contextlib.suppress(ValueError):
                    st.session_state[f"trained_hold_{gate}_at"] = min(max(float(at), -1.0), 1.0)
    # All of it at once: each change of the address is a step for the browser's way back.
    st.query_params.from_dict(address)


def _in(language: str, message: str) -> str:
    with speaking(language):
        return say(message)


open_the_network_of_old_addresses()
page.show()

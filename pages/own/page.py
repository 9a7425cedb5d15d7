"""A network of the visitor's own: opened, stepped, taken apart, checked, and carried to another library."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core import own
from lstm_core.messages import Message
from lstm_core.own import examples
from lstm_core.own.ways_back import CellsWay
from pages._app import caches, charts, downloads, exports, lecture, panels, players, stage
from pages._app.bound import Controls
from pages._book import chapters, way_back
from pages._book.circle import unit_circle
from pages._book.kept import stacked
from pages._book.language import say
from pages._book.markdown import plain
from pages._book.player import player_data
from pages.own import exercises, figures, lesson
from pages.own.lesson import Seen

WIDTHS = (2, 1)
"""The picture's share of the width on the first panel, and that of the five sentences."""
PLAYER = (5, 2)
"""The drawing's share of the width, and that of the column in which the code has to fit."""
LONGEST_TEXT = 4_000
LONGEST_PASTE = 200_000
control = Controls(lesson.START)

Made = TypeVar("Made")


class File(NamedTuple):
    """A file that the visitor brought; it stays in this session.

    Attributes:
        name: as the visitor calls it.
        data: its content.
        digest: of the content.
    """

    name: str
    data: bytes
    digest: str


class Opening(NamedTuple):
    """What opening a file came to: a network, or why there is none."""

    network: own.Network | None
    problem: Message | str


class Feeding(NamedTuple):
    """What a network reads, what it did with it, and why it is not what the visitor gave."""

    fed: own.Fed
    run: own.NetworkRun
    problem: Message | str


# ---- What is opened and read ----------------------------------------------------------------------


def brought(key: str) -> File | None:
    """Return a file of the visitor's own; None while there is none."""
    file: File | None = st.session_state.get(f"{key}_kept")
    return file


def bring(key: str) -> None:
    """Take the file that was just uploaded, or let go of the one that was taken away."""
    uploaded = st.session_state.get(key)
    st.session_state.pop(f"{key}_kept", None)
    if uploaded is not None:
        data = uploaded.getvalue()
        digest = hashlib.sha256(data).hexdigest()
        st.session_state[f"{key}_kept"] = File(uploaded.name, data, digest)
    if key == "own_file":
        begin_again()


def begin_again() -> None:
    """Look at a new network from its beginning: its first layer, its default input."""
    for key in ("own_part", "own_layer", "own_direction", "own_unit", "own_output", "own_off"):
        st.session_state[key] = lesson.START[key]
    for key in ("own_at", "own_from", "own_quantity"):
        st.session_state[key] = lesson.START[key]
    st.session_state.own_text = lesson.START["own_text"]
    for key in ("own_step", "own_back"):
        players.restart(key)
    for key in ("own_table_kept", "own_words_kept", "own_outputs_kept", "own_gates_kept"):
        st.session_state.pop(key, None)


def begin() -> None:
    """Begin with the network that was just chosen."""
    begin_again()
    name = st.session_state.own_network
    if name in lesson.PRESETS:
        players.put(lesson.PRESETS[name].sets)


def decisions(digest: str) -> dict[str, object]:
    """Return what the visitor decided of a file, by the names of the assumptions."""
    prefix = f"own_layout_{digest[:12]}_"
    return {
        str(key).removeprefix(prefix): value
        for key, value in st.session_state.to_dict().items()
        if str(key).startswith(prefix) and value is not None
    }


def opened_example(name: str) -> own.Network:
    """Open one of the examples, once for all visitors."""
    key = lesson.EXAMPLES[name].key
    return caches.computed(
        "own_example",
        key,
        lambda: own.open_network(examples.example(key), examples.EXAMPLES[key]),
        own=True,
        in_words=False,
    )


def opened_file(file: File, part: int) -> Opening:
    """Open a visitor's file, once for each way to read it."""
    decided = decisions(file.digest)

    def opening() -> Opening:
        try:
            layout = decided or None
            network = own.open_network(
                file.data, file.name, layout=layout, part=part if part else None
            )
            return Opening(network, "")
        except own.OwnError as error:
            return Opening(None, error.args[0])

    return caches.computed("own_opened", (file.digest, part, tuple(decided.items())), opening)


def network_now() -> tuple[str, bool, own.Network, Opening | None]:
    """Return the network that the controls stand at: its name, whether it is the visitor's, itself.

    Where a file cannot be opened, or there is none yet, the first example stands in.
    """
    name = control.now("own_network")
    if name in lesson.EXAMPLES:
        return name, False, opened_example(name), None
    file = brought("own_file")
    if file is None:
        return lesson.COUNTS, False, opened_example(lesson.COUNTS), None
    opening = opened_file(file, int(control.now("own_part")) - 1)
    if opening.network is None:
        return lesson.COUNTS, False, opened_example(lesson.COUNTS), opening
    return file.name, True, opening.network, opening


def identity_of(name: str, is_own: bool) -> tuple[object, ...]:
    """Return what tells one opened network from another."""
    file = brought("own_file")
    if not is_own or file is None:
        return (name,)
    return file.digest, control.now("own_part"), tuple(decisions(file.digest).items())


def vocabulary_now() -> own.Vocabulary | None:
    """Return the vocabulary that the visitor brought, or that of the example; None without one.

    Raises:
        own.OwnError: if the file is none.
    """
    file = brought("own_words")
    if file is not None:
        return caches.remembered(
            "own_vocabulary", file.digest, lambda: own.read_vocabulary(file.data, file.name)
        )
    example = lesson.EXAMPLES.get(control.now("own_network"))
    data = examples.vocabulary_of(example.key) if example is not None else None
    if example is None or data is None:
        return None
    return caches.remembered(
        "own_example_words",
        example.key,
        lambda: own.read_vocabulary(data),
        own=True,
        in_words=False,
    )


def feeding(name: str, is_own: bool, network: own.Network) -> Feeding:
    """Feed a network with what the visitor gave; without that, or where it does not fit, by default."""
    text = (control.now("own_text") or "").strip()
    if not text and not is_own:
        text = lesson.EXAMPLES[name].text
    table, words, steps = brought("own_table"), brought("own_words"), int(control.now("own_steps"))

    def given() -> own.Fed:
        if table is not None and network.takes == "numbers":
            return own.numbers_from_table(network, table.data, table.name)
        if not text:
            return own.default_input(network, steps)
        if network.takes == "numbers":
            return own.numbers_from_text(network, text)
        vocabulary = vocabulary_now()
        if vocabulary is not None and not lesson.are_ids(text):
            return own.words_to_tokens(network, text, vocabulary)
        return own.tokens_from_text(network, text)

    def fed_and_run() -> Feeding:
        problem: Message | str = ""
        try:
            fed = given()
            return Feeding(fed, network.run(fed.inputs), "")
        except own.OwnError as error:
            problem = error.args[0]
        fed = own.default_input(network, lesson.DEFAULT_STEPS)
        return Feeding(fed, network.run(fed.inputs), problem)

    files = tuple(one.digest for one in (table, words) if one is not None)
    identity = (identity_of(name, is_own), text, steps, files)
    return caches.computed("own_run", identity, fed_and_run, own=is_shipped(is_own))


def seen_now(with_off: bool = False) -> Seen:
    """Return what the controls stand at: network, input, and what is looked at."""
    name, is_own, network, _ = network_now()
    fed, run, _ = feeding(name, is_own, network)
    layer = min(max(int(control.now("own_layer")), 1), len(network.recurrent)) - 1
    directions = network.recurrent[layer].directions
    direction = control.now("own_direction")
    direction = direction if direction in directions else directions[0]
    unit, output = int(control.now("own_unit")), int(control.now("own_output"))
    off = tuple(sorted(int(one) - 1 for one in control.now("own_off"))) if with_off else ()
    units = network.recurrent[layer].units

    vocabulary = vocabulary_now() if network.takes == "tokens" else None

    def seen() -> Seen:
        return Seen(
            name,
            is_own,
            network,
            fed,
            run,
            layer,
            direction,
            unit - 1 if 0 < unit <= units else None,
            output - 1 if 0 < output <= network.outputs else None,
            tuple(one for one in off if one < units),
            {} if vocabulary is None else vocabulary.words,
        )

    # What is computed of it once, such as the way back, stays while the same is looked at.
    inputs = hashlib.sha256(run.inputs.tobytes()).hexdigest()
    identity = (identity_of(name, is_own), inputs, layer, direction, unit, output, off)
    if is_shipped(is_own) and not off:
        # All who look at an example share what is computed of it.
        return caches.remembered(
            f"own_seen_{with_off}",
            identity,
            lambda: caches.remembered("own_seen", identity, seen, own=True),
        )
    return caches.remembered(f"own_seen_{with_off}", identity, seen)


def findings(seen: Seen) -> tuple[own.Finding, ...]:
    """Return the five findings of the first look, once for each network, input and cell."""
    return computed_of(
        "own_findings",
        seen,
        (),
        lambda: own.first_look(seen.network, seen.run, seen.layer, seen.direction),
    )


def computed_of(slot: str, seen: Seen, more: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """Return what takes long, computed once while the same cell of the same run is looked at.

    What an example shows as it is opened is computed once for all visitors.
    """
    inputs = hashlib.sha256(seen.run.inputs.tobytes()).hexdigest()
    identity = (identity_of(seen.name, seen.is_own), inputs, seen.layer, seen.direction, *more)
    return caches.computed(slot, identity, make, own=is_shipped(seen.is_own))


def is_shipped(is_own: bool) -> bool:
    """Whether all that is shown is the app's own: an example that reads what belongs to it."""
    return not (is_own or (control.now("own_text") or "").strip() or brought("own_table"))


# ---- What every panel has beside its picture ------------------------------------------------------


def source(place: stage.Stage) -> None:
    """Let the visitor choose an example, or bring a file; what is wrong with it is said here."""
    with place.beside:
        control.select(
            "own_network",
            say("Network"),
            [*lesson.PRESETS, lesson.OWN],
            format_func=say,
            on_change=begin,
        )
        if control.now("own_network") != lesson.OWN:
            return
        _, is_own, network, opening = network_now()
        file = brought("own_file")
        if not is_own:
            uploader()
            if opening is not None and file is not None:
                st.error(f"{plain(file.name)}: {lesson.told(opening.problem)}")
            else:
                st.caption(
                    say("Until there is a file, the page shows “{name}”.", name=say(lesson.COUNTS))
                )
            return
        questions(network, file)


def uploader() -> None:
    """Let the visitor bring a file."""
    st.file_uploader(
        say("Keras, PyTorch or ONNX: up to {size} MB", size=lesson.LARGEST_FILE),
        key="own_file",
        max_upload_size=lesson.LARGEST_FILE,
        on_change=bring,
        args=("own_file",),
        help=say(
            "Endings: {kinds}. Nothing of it is run. It stays in this session and is forgotten with it.",
            kinds=", ".join(f".{kind}" for kind in own.KINDS),
        ),
    )


def questions(network: own.Network, file: File | None) -> None:
    """Ask what a file does not say and where another reading is as likely."""
    if len(network.parts) > 1:
        names = [", ".join(part) for part in network.parts]
        control.select(
            "own_part",
            say("Part of the file"),
            range(1, len(names) + 1),
            format_func=lambda one: names[one - 1][:60],
        )
    for one in network.assumptions:
        if one.asked and file is not None:
            ask(one, file)
    for left in network.left_out:
        st.warning(
            say(
                "Left out: **{name}** ({kind}). {why}",
                name=plain(left.name),
                kind=plain(left.kind),
                why=lesson.told(left.why),
            ),
            icon=":material/content_cut:",
        )
    for warning in network.warnings:
        st.warning(lesson.told(warning), icon=":material/warning:")


def ask(one: own.Assumption, file: File) -> None:
    """Let the visitor decide what the file does not say."""
    labels = {choice.value: say(choice.label) for choice in one.choices}
    values = list(labels)
    st.selectbox(
        lesson.told(one.sentence),
        values,
        index=values.index(one.value) if one.value in values else 0,
        key=f"own_layout_{file.digest[:12]}_{one.name}",
        format_func=lambda value: labels.get(value, str(value)),
        help=say("The file does not say it, and another reading is as likely."),
    )


def what_it_reads(place: stage.Stage) -> None:
    """Let the visitor type what the network reads; what does not fit is said here."""
    name, is_own, network, _ = network_now()
    with place.beside:
        label, empty = reading_label(name, network), say("empty: an input is made up")
        if not is_own and lesson.EXAMPLES[name].text:
            empty = lesson.EXAMPLES[name].text
        if network.takes == "numbers" and network.features > 1:
            control.area("own_text", label, height=68, max_chars=LONGEST_TEXT, placeholder=empty)
        else:
            control.text("own_text", label, max_chars=LONGEST_TEXT, placeholder=empty)
        _, run, problem = feeding(name, is_own, network)
        if problem:
            st.error(say("{problem} Until then an input is made up.", problem=lesson.told(problem)))
        elif not is_shipped(is_own) and (saturation := own.saturation(run)):
            st.warning(lesson.told(saturation), icon=":material/warning:")
        table = brought("own_table")
        if table is not None and network.takes == "numbers":
            st.caption(say("It reads the table {name}.", name=plain(table.name)))


def reading_label(name: str, network: own.Network) -> str:
    """Say what a network reads."""
    if network.takes == "numbers":
        if network.features == 1:
            return say("It reads numbers, one a step")
        return say("It reads {features} numbers a step, a line each", features=network.features)
    if brought("own_words") is not None or lesson.has_words(name):
        return say("It reads words")
    return say("It reads token ids below {count:,}", count=network.vocabulary or 0)


def more_to_feed(network: own.Network) -> None:
    """Let the visitor feed a table, or words by a vocabulary, behind "More"."""
    if network.takes == "numbers":
        st.file_uploader(
            say("Or a table: CSV, TSV or Excel, a row for each step"),
            key="own_table",
            max_upload_size=5,
            on_change=bring,
            args=("own_table",),
        )
    else:
        st.file_uploader(
            say("A vocabulary, to type words: one a line, or JSON"),
            key="own_words",
            max_upload_size=5,
            on_change=bring,
            args=("own_words",),
        )
    control.slider("own_steps", say("Steps of the input that is made up"), 2, 200)


def which_cell(place: DeltaGenerator) -> None:
    """Let the visitor choose a layer and a direction, where there are several."""
    network = network_now()[2]
    layers, names = range(1, len(network.recurrent) + 1), [one.name for one in network.recurrent]
    if control.now("own_layer") not in layers:
        st.session_state.own_layer = 1
    directions = network.recurrent[int(control.now("own_layer")) - 1].directions
    several = len(names) > 1, len(directions) > 1
    if not any(several):
        return
    with place:
        columns = st.columns(sum(several), gap="small")
    if several[0]:
        control.select(
            "own_layer",
            say("Layer"),
            layers,
            place=columns[0],
            on_change=other_cell,
            format_func=lambda one: (
                f"{one}. {names[one - 1][:40]}" if one <= len(names) else str(one)
            ),
        )
        directions = network.recurrent[int(control.now("own_layer")) - 1].directions
    if len(directions) > 1:
        if control.now("own_direction") not in directions:
            st.session_state.own_direction = directions[0]
        control.select(
            "own_direction",
            say("Direction"),
            directions,
            place=columns[-1],
            format_func=say,
            on_change=other_cell,
        )


def other_cell() -> None:
    """Look at another cell from its first step, at its unit that matters most."""
    st.session_state.own_unit = 0
    st.session_state.own_off = []
    for key in ("own_step", "own_back"):
        players.restart(key)


def which_unit(seen: Seen, place: DeltaGenerator) -> None:
    """Let the visitor choose a unit, the one that matters most first."""
    units = seen.cell.units
    if units == 1:
        return
    listed = [int(unit) + 1 for unit in seen.order[: lesson.LISTED]]
    chosen = int(control.now("own_unit"))
    if 0 < chosen <= units and chosen not in listed:
        listed.append(chosen)
    elif chosen not in listed:
        # Which unit is shown to begin with depends on the network: it stands in no table.
        st.session_state.pop("own_unit", None)
    with place:
        control.select(
            "own_unit",
            say("Unit, the one that matters most first"),
            listed,
            help=lesson.told(seen.importance.rule),
        )


def any_unit(seen: Seen) -> None:
    """Let the visitor name any unit of many."""
    if seen.cell.units <= lesson.LISTED:
        return

    def named() -> None:
        st.session_state.own_unit = st.session_state.own_any

    st.number_input(
        say("Any unit, by its number"),
        1,
        seen.cell.units,
        seen.unit + 1,
        key="own_any",
        on_change=named,
    )


def which_output(seen: Seen) -> None:
    """Let the visitor choose which number of the answer everything is about."""
    count = seen.network.outputs
    if count > 1:
        control.number(
            "own_output", say("Number of the answer"), 0, count, help=say("0: the largest one")
        )


def which_steps(seen: Seen) -> int:
    """Let the visitor choose where what is shown of a long sequence begins; returns it, from 0."""
    if seen.steps <= lesson.WINDOW:
        return 0
    most = seen.steps - lesson.WINDOW + 1
    return int(control.slider("own_from", say("First step shown"), 1, most)) - 1


# ---- The page -------------------------------------------------------------------------------------


def shown() -> Seen:
    """Return what questions and quests are about."""
    return seen_now(with_off=True)


def taken_home() -> downloads.TakenHome:
    """Return the numbers of the units that are shown, and the program that makes them."""
    seen = seen_now()
    return downloads.TakenHome(lesson.columns_of(seen), lesson.programs_of(seen), "own_network")


page = stage.Page(
    chapters.OWN,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


@page.panel("look", keys=("own_look",), widths=WIDTHS)
def look(place: stage.Stage) -> Seen:
    """Open a network, and say in five sentences what is found, each with its picture."""
    source(place)
    what_it_reads(place)
    which_cell(place.beside)
    seen = seen_now()
    found = {one.name: one for one in findings(seen)}
    with place.beside:
        which = control_of_findings(found)
    with place.more():
        about_the_file(seen)
    with place.picture:
        draw_finding(seen, found[which])
    place.sentence(say(lesson.ABOUT[which]))
    return seen


def control_of_findings(found: Mapping[str, own.Finding]) -> str:
    """Show the five sentences; the one that is chosen has its picture shown."""
    if control.now("own_look") not in found:
        st.session_state.own_look = next(iter(found))
    names = list(found)
    # The address has the name of the finding, not its sentence.
    asked = st.query_params.get("own_look", "")
    if asked in names and "own_look" not in st.session_state:
        st.session_state.own_look = asked
    chosen = str(
        st.radio(
            say("First look: choose a sentence, see its picture"),
            names,
            index=names.index(lesson.START["own_look"]),
            key="own_look",
            format_func=lambda name: lesson.told(found[name].sentence),
            label_visibility="collapsed",
            persist_state="page",
        )
        or names[0]
    )
    if chosen != lesson.START["own_look"]:
        st.query_params["own_look"] = chosen
    else:
        st.query_params.pop("own_look", None)
    return chosen


def draw_finding(seen: Seen, finding: own.Finding) -> None:
    """Draw the picture of one of the five sentences."""
    colours = caches.colours()
    alt = lesson.told(finding.sentence)
    if finding.name == "forgetting":
        lives, kept = lesson.half_lives_of(finding)
        letter = lesson.GATE_LETTERS[seen.kind]
        figure = figures.half_lives(lives, kept, seen.steps, letter, colours)
        charts.chart(figure, "own_lives", alt)
    elif finding.name == "saturated":
        figure = figures.saturated(lesson.saturated_of(seen, finding), seen.order, colours)
        charts.chart(figure, "own_saturated", alt)
    elif finding.name == "gradient":
        figure = figures.gradient(lesson.norms_of(finding), seen.kind, colours)
        charts.chart(figure, "own_gradient", alt)
    elif finding.name == "eigenvalue":
        draw_recurrent_weights(seen, finding)
    else:
        figure = figures.importance(seen.shares, seen.order, colours)
        charts.chart(figure, "own_importance", alt)


def draw_recurrent_weights(seen: Seen, finding: own.Finding) -> None:
    """Draw the eigenvalues of the recurrent weights; of too many units their largest is said."""
    values = lesson.eigenvalues_of(finding)
    if not values:
        st.info(lesson.too_large(seen), icon=":material/info:")
        return
    notes = lesson.eigen_notes(next(iter(values.values())))
    figure = unit_circle(values, notes, caches.colours())
    charts.chart(figure, "circle", lesson.told(finding.sentence))


def about_the_file(seen: Seen) -> None:
    """Say what was found in the file, what was assumed, and where each weight came from."""
    network = seen.network
    if seen.is_own:
        st.markdown(f"##### {say('Another file')}")
        uploader()
    more_to_feed(network)
    which_output(seen)
    st.markdown(f"##### {say('What was found')}")
    panels.prose(lesson.found_sentence(network))
    lines = [lesson.told(note) for note in (*seen.fed.notes, *network.notes)]
    lines += [lesson.told(one.sentence) for one in network.assumptions]
    lines.append(lesson.told(seen.importance.rule))
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.dataframe(pd.DataFrame(lesson.sources_table(network)), hide_index=True)
    panels.link(
        chapters.CELL.file, say("The cell, explained step by step"), ":material/arrow_forward:"
    )


@page.panel(
    "step", keys=("own_view", "own_quantity", "own_off", "own_step", "own_from"), widths=PLAYER
)
def step(place: stage.Stage) -> Seen:
    """Step through a cell, or see all its units over time."""
    source(place)
    with place.beside:
        view = control.choice(
            "own_view",
            say("Show"),
            views(),
            format_func=say,
            wrap=True,
            help=say(
                "Kept: what each step kept of a unit's state, and what it wrote. Off: the answer without "
                "some of the units."
            ),
        )
    which_cell(place.beside)
    what_it_reads(place)
    seen = seen_now()
    if view == lesson.KEPT:
        which_unit(seen, place.beside)
        seen = seen_now()
    draw = {
        lesson.MAP: draw_map,
        lesson.KEPT: draw_kept,
        lesson.OFF: draw_off,
    }.get(view, draw_player)
    return draw(place, seen)


def views() -> tuple[str, ...]:
    """Return what can be shown of a cell; a plain RNN keeps nothing."""
    every = (lesson.STEP, lesson.MAP, lesson.KEPT, lesson.OFF)
    seen = seen_now()
    if seen.kind != "RNN":
        return every
    if control.now("own_view") == lesson.KEPT:
        st.session_state.own_view = lesson.STEP
    return tuple(view for view in every if view != lesson.KEPT)


def draw_player(place: stage.Stage, seen: Seen) -> Seen:
    """Step through the cell in the browser."""
    more = place.more()
    with more:
        # A click on a unit's square chooses it, too.
        which_unit(seen, more)
        any_unit(seen)
        first = which_steps(seen)
    seen = seen_now()
    trace, labels, _ = seen.window(first)
    walk = lesson.walk_of(seen.cell)
    data = computed_of(
        "own_player",
        seen,
        (tuple(seen.units_shown), seen.unit, first, caches.colours()),
        lambda: player_data(
            walk, seen.cell, trace, labels, seen.units_shown, seen.unit, caches.colours()
        ),
    )
    data = {**data, "program": lesson.programs_of(seen).lstm_core}
    with place.picture:
        players.player("own_step", data, "own_unit")
    with more:
        exports.playing_button(
            "own_cell",
            say("A cell of your own network"),
            ("stepping.js", "player.js"),
            ("player.css",),
            data,
            caches.colours(),
        )
    if not lecture.lecturing():
        place.sentence(lesson.unit_sentence(seen))
    return seen


def draw_map(place: stage.Stage, seen: Seen) -> Seen:
    """Show one quantity of all units over time."""
    names = lesson.QUANTITIES[seen.kind]
    if control.now("own_quantity") not in names:
        st.session_state.own_quantity = names[0]
    with place.beside:
        name = control.select(
            "own_quantity",
            say("Quantity"),
            names,
            format_func=lambda one: say(lesson.QUANTITY_TITLES.get(one, "")),
        )
    with place.more():
        first = which_steps(seen)
        st.caption(lesson.told(seen.importance.rule))
    trace, labels, _ = seen.window(first)
    values = lesson.quantity(trace, name)
    with place.picture:
        figure = figures.over_time(
            values,
            seen.order,
            labels,
            say(lesson.QUANTITY_TITLES[name]),
            caches.colours(),
            lesson.COLOURS[name],
            name in lesson.SIGNED,
        )
        charts.chart(figure, "own_map", lesson.map_alt(name, values))
    place.sentence(lesson.map_sentence(seen, name, figures.ROWS))
    return seen


def draw_kept(place: stage.Stage, seen: Seen) -> Seen:
    """Show what the state of a unit is made of, step by step."""
    with place.more():
        first = which_steps(seen)
        any_unit(seen)
    trace, labels, _ = seen.window(first)
    parts = lesson.kept_and_written(trace, seen.unit)
    with place.picture:
        if parts is None:
            st.info(lesson.kept_sentence(seen, trace, labels), icon=":material/info:")
        else:
            kept, written, state = parts
            letter = "c" if seen.kind == "LSTM" else "h"
            names = (
                (say("kept: f × c"), say("written: i × g"))
                if seen.kind == "LSTM"
                else (say("kept: z × h"), say("written: (1 − z) × g"))
            )
            what = say("{letter} of unit {unit}", letter=letter, unit=seen.unit + 1)
            figure = stacked(
                (names[0], kept),
                (names[1], written),
                (say("{letter}: their sum", letter=letter), state),
                labels,
                what,
                caches.colours(),
            )
            runs = {names[0]: kept, names[1]: written, letter: state}
            charts.chart(figure, "own_kept", lesson.runs_alt(runs, what))
    if parts is not None:
        place.sentence(lesson.kept_sentence(seen, trace, labels))
    return seen


def draw_off(place: stage.Stage, seen: Seen) -> Seen:
    """Switch units off, and see the answer with and without them."""
    listed = [unit + 1 for unit in seen.units_shown]
    chosen = [one for one in control.now("own_off") if 0 < one <= seen.cell.units]
    listed += [one for one in chosen if one not in listed]
    if chosen != list(control.now("own_off")):
        st.session_state.own_off = chosen
    with place.beside:
        control.several("own_off", say("Switch units off"), listed)
    with place.more():
        which_output(seen)
        st.caption(lesson.told(seen.importance.rule))
    seen = seen_now(with_off=True)
    colours = caches.colours()
    runs = {say("as it is"): seen.run}
    if seen.silent is not None:
        runs[say("without them")] = seen.silent
    with place.picture:
        by_step = {name: lesson.answers_by_step(run) for name, run in runs.items()}
        if all(one is not None and len(one) == len(seen.labels) for one in by_step.values()):
            over = {name: one[:, seen.output] for name, one in by_step.items() if one is not None}
            what = say("answer, had the sequence ended here")
            labels = seen.labels if seen.direction == "forward" else seen.labels[::-1]
            figure = figures.lines(over, labels, what, colours)
            charts.chart(figure, "own_off_lines", lesson.runs_alt(over, what))
        else:
            ends = {name: lesson.last_answer(run) for name, run in runs.items()}
            figure = figures.answers(ends, colours)
            charts.chart(figure, "own_off_bars", lesson.runs_alt(ends, say("answer")))
    place.sentence(lesson.off_sentence(seen))
    return seen


@page.panel("flow", keys=("own_flow", "own_at", "own_back"), widths=PLAYER)
def flow(place: stage.Stage) -> Seen:
    """Follow a gradient back through the network's own length."""
    source(place)
    with place.beside:
        view = control.choice("own_flow", say("Show"), flow_views(), format_func=say, wrap=True)
    which_cell(place.beside)
    what_it_reads(place)
    seen = seen_now()
    if view == lesson.VALUES:
        draw_eigenvalues(place, seen)
    elif view == lesson.BACK:
        which_unit(seen, place.beside)
        seen = seen_now()
        draw_way_back(place, seen)
    else:
        draw_gradient(place, seen)
    return seen


def flow_views() -> tuple[str, ...]:
    """Return what can be shown of the way back; its single stages are drawn of LSTMs."""
    if seen_now().kind == "LSTM":
        return (lesson.FLOW, lesson.VALUES, lesson.BACK)
    if control.now("own_flow") == lesson.BACK:
        st.session_state.own_flow = lesson.FLOW
    return (lesson.FLOW, lesson.VALUES)


def draw_gradient(place: stage.Stage, seen: Seen) -> None:
    """Draw how long the gradient is at each step."""
    with place.more():
        which_output(seen)
        seen = seen_now()
        control.slider("own_steps", say("Steps of the input that is made up"), 2, 200)
    norms = way_of(seen).norms
    with place.picture:
        active = 0 if lecture.has_stops() else -1
        figure = figures.gradient(norms, seen.kind, caches.colours(), active)
        charts.chart(figure, "own_flow_chart", lesson.flow_alt(norms))
    place.sentence(lesson.flow_sentence(norms))


def way_of(seen: Seen) -> CellsWay:
    """Return the way back, computed once while the same is looked at, one visitor at a time."""
    return computed_of("own_way", seen, (seen.output,), lambda: seen.way)


def draw_eigenvalues(place: stage.Stage, seen: Seen) -> None:
    """Draw the eigenvalues of one step back, at a step of the visitor's."""
    if seen.steps > 1:
        if not 0 <= int(control.now("own_at")) <= seen.steps:
            st.session_state.own_at = 0
        with place.beside:
            chosen = int(
                control.slider("own_at", say("Step"), 0, seen.steps, help=say("0: the last step"))
            )
    else:
        chosen = 0
    at = (chosen or seen.steps) - 1
    way = way_of(seen)
    values = computed_of("own_eigenvalues", seen, (at,), lambda: way.eigenvalues(at))
    with place.picture:
        if values is None:
            found = {one.name: one for one in findings(seen)}
            draw_finding(seen, found["eigenvalue"])
            place.sentence(lesson.too_large(seen))
            return
        notes = lesson.eigen_notes(values)
        figure = unit_circle({say("one step back"): values}, notes, caches.colours())
        charts.chart(figure, "circle", lesson.values_alt(values))
    place.sentence(lesson.values_sentence(values, at))


def draw_way_back(place: stage.Stage, seen: Seen) -> None:
    """Step forward through the end of the sequence, then back, gate by gate."""
    first = max(0, seen.steps - lesson.BACK_STEPS)
    with place.more():
        which_output(seen)
        any_unit(seen)
        seen = seen_now()
        if first:
            st.caption(say("Shown are the last {count} steps.", count=lesson.BACK_STEPS))
    made = way_of(seen).bptt(first, seen.steps)
    if made is None:
        return
    labels = seen.labels[first:]
    data = computed_of(
        "own_back_data",
        seen,
        (seen.output, seen.unit, caches.colours()),
        lambda: way_back.way_back_data(made, labels, seen.unit, caches.colours()),
    )
    with place.picture:
        players.way_back_player("own_back", data)


@page.panel("check", keys=("own_check", "own_lines"))
def check(place: stage.Stage) -> Seen:
    """Compare with what the visitor's library, or the visitor's own cell, computed."""
    source(place)
    with place.beside:
        which = control.choice(
            "own_check",
            say("Compare with"),
            (lesson.OUTPUTS, lesson.GATES),
            format_func=say,
            wrap=True,
        )
    what_it_reads(place)
    seen = seen_now()
    if which == lesson.GATES:
        which_cell(place.beside)
        seen = seen_now()
        check_gates(place, seen)
    else:
        check_outputs(place, seen)
    return seen


def given_to_compare(key: str, label: str, example: str) -> tuple[bytes | str, str] | None:
    """Take what is uploaded or pasted: its content and name; None while there is none."""
    st.file_uploader(label, key=key, max_upload_size=20, on_change=bring, args=(key,))
    file = brought(key)
    if file is not None:
        st.caption(plain(file.name))
        return file.data, file.name
    pasted = st.text_area(
        say("Or paste numbers"),
        height=80,
        key=f"{key}_pasted",
        max_chars=LONGEST_PASTE,
        placeholder=example,
        persist_state="page",
    )
    return (pasted, "") if pasted else None


def check_outputs(place: stage.Stage, seen: Seen) -> None:
    """Compare the answer with that of the visitor's library."""
    with place.beside:
        given = given_to_compare(
            "own_outputs", say("Its outputs: .npy, .npz or .csv"), "0.1234\n0.5678"
        )
    with place.more(say("Three lines that write them")):
        library = control.choice(
            "own_lines",
            say("Library"),
            ("keras", "pytorch"),
            format_func=lambda one: lesson.LIBRARIES[one],
        )
        st.code(own.lines_that_write_outputs(seen.network, library), language="python")
        st.download_button(
            say("inputs.csv: what it reads here"),
            lambda: lesson.inputs_csv(seen),
            "inputs.csv",
            "text/csv",
            key="own_inputs_csv",
            on_click="ignore",
            icon=":material/download:",
        )
    first = None
    if given is None:
        mine, theirs, mistake = lesson.demonstrated(seen)
        place.sentence(lesson.demonstration(mine, theirs, mistake))
    else:
        try:
            compared = own.compare_outputs(seen.network, seen.run, own.read_outputs(*given))
        except own.OwnError as error:
            with place.beside:
                st.error(lesson.told(error.args[0]))
            mine = theirs = seen.run.output
        else:
            mine, theirs, first = compared.mine, compared.theirs, compared.first_step
            icon = "✔" if compared.agrees else "✘"
            place.sentence(f"{icon} {lesson.told(compared.sentence)}")
    runs, over_time = lesson.shown_answers(mine, theirs, seen.output)
    with place.picture:
        if over_time:
            steps = len(next(iter(runs.values())))
            labels = seen.labels if len(seen.labels) == steps else lesson.numbered(steps)
            figure = figures.lines(runs, labels, say("answer"), caches.colours(), first)
        else:
            figure = figures.answers(runs, caches.colours())
        charts.chart(figure, "own_compared", lesson.runs_alt(runs, say("answer")))


def check_gates(place: stage.Stage, seen: Seen) -> None:
    """Compare the gates of a cell, one by one, with those of the visitor's own cell."""
    with place.beside:
        given = given_to_compare(
            "own_gates", say("Its gates: a CSV with a row for each step"), lesson.gate_columns(seen)
        )
    try:
        if given is None:
            gates, mistake = lesson.misread_gates(seen)
        else:
            gates, mistake = own.read_gates(*given), ""
        compared = own.compare_gates(seen.network, seen.run, gates, seen.layer, seen.direction)
    except own.OwnError as error:
        with place.beside:
            st.error(lesson.told(error.args[0]))
        return
    with place.more(say("Gate by gate")):
        st.table(pd.DataFrame(lesson.gate_rows(compared)).set_index(say("gate")))
        st.download_button(
            say("The gates here (CSV)"),
            lambda: own.gates_as_csv(seen.trace),
            "gates.csv",
            "text/csv",
            key="own_gates_csv",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )
    differences = lesson.gate_differences(seen, gates)
    with place.picture:
        figure = figures.gate_differences(differences, lesson.letter_titles(), caches.colours())
        charts.chart(
            figure, "own_gate_chart", lesson.runs_alt(differences, say("largest difference"))
        )
    place.sentence(lesson.gates_sentence(compared, mistake))


@page.panel("carry", keys=("own_library",))
def carry(place: stage.Stage) -> Seen:
    """Write the same weights for another library, and show the two orders of the gates."""
    source(place)
    seen = seen_now()

    def written() -> own.Carried:
        return own.write_network(seen.network, library)

    with place.beside:
        library = control.choice(
            "own_library",
            say("Write it for"),
            list(lesson.LIBRARIES),
            format_func=lesson.LIBRARIES.__getitem__,
            wrap=True,
        )
        try:
            # The file itself may be large, and is written again when it is asked for.
            carried = computed_of(
                "own_carried", seen, (library,), lambda: dataclasses.replace(written(), data=b"")
            )
        except own.OwnError as error:
            st.error(lesson.told(error.args[0]))
            carried = None
        if carried is not None:
            st.download_button(
                say("Download {name}", name=carried.name),
                lambda: written().data,
                carried.name,
                key="own_download",
                on_click="ignore",
                type="primary",
                icon=":material/download:",
            )
            with st.popover(say("The lines that load it"), icon=":material/code:", width="stretch"):
                st.code(carried.code, language="python", wrap_lines=True)
    with place.picture:
        card = figures.order_card(
            lesson.orders_of(seen, library), lesson.gate_titles(), caches.colours()
        )
        charts.show_drawing(card, "own_card")
    if carried is not None and carried.notes:
        with place.more():
            st.markdown("\n".join(f"- {lesson.told(note)}" for note in carried.notes))
    place.sentence(lesson.carry_sentence(seen, library))
    return seen


page.show()

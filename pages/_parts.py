"""What the pages share in Streamlit: a heading, panels, a stepper, figures, things to take home."""

from __future__ import annotations

import contextlib
import functools
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from lstm_core.descent import Descent, Remedies, descend
from lstm_core.figures.style import Palette, enlarged, palette
from lstm_core.gradient_flow import Experiment
from lstm_core.language import say, speak, spoken
from lstm_core.lessons import glossary
from lstm_core.lessons.chapters import Chapter
from lstm_core.lessons.exercises import Step
from lstm_core.lessons.misconceptions import BY_KEY
from lstm_core.lessons.questions import Question
from lstm_core.lessons.sentences import SENTENCE, Ids, sentence_ids, unknown_words
from lstm_core.sentiment.reader import Reader
from lstm_core.spreadsheets import safe_cell
from lstm_core.turns import Door, Turns
from pages import _progress

ASSETS = Path(__file__).parents[1] / "assets"
MOST_SHARED = 24
"""So many things that were made of the app's own texts are kept for all visitors."""
LARGER = 1.15
"""So much larger is the type of figures in lecture mode, on a screen of 1280 × 720 points."""
SIZES = {700: "tallest", 480: "tall", 0: "chart"}
"""How much of the screen a figure gets in lecture mode, by its points in height on a page."""
SLOW_LINE = 5.0
"""So many seconds a browser may take to learn of its new address."""

Made = TypeVar("Made")
Given = ParamSpec("Given")
END = 10**6
"""A step behind every last one: a stepped component goes to its end."""


def asset(*names: str) -> str:
    """Read files of the app's own, one behind the other."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)


_PLAYER = st.components.v2.component(
    "player",
    html="<div class='player'></div>",
    css=asset("player.css"),
    js=asset("stepping.js", "player.js"),
)
_READING = st.components.v2.component(
    "reading",
    html="<div class='player'></div>",
    css=asset("player.css", "reading.css"),
    js=asset("stepping.js", "reading.js"),
)
_PICTURE = st.components.v2.component(
    "picture",
    html="<div class='saving'></div>",
    css=asset("picture.css"),
    js=asset("picture.js"),
)
_DRAWING = st.components.v2.component(
    "drawing",
    html="<div id='drawing'></div>",
    js="""
export default function ({ data, parentElement }) {
  // The drawing is made by lstm_core.figures, which escapes whatever a visitor typed.
  parentElement.querySelector("#drawing").innerHTML = data;
}
""",
)


@st.cache_resource(max_entries=1, show_spinner=False)
def reader() -> Reader:
    """Load the trained network once for all visitors."""
    return Reader.load()


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Turns.close)
def turns() -> Turns:
    """Start the processes for long work once for all visitors; each asks for one slice at a time."""
    return Turns()


@st.cache_resource(max_entries=18, show_spinner=False)
def descended(experiment: Experiment, rate: float, updates: int, remedies: Remedies) -> Descent:
    """Update a network; many visitors share the presets, and one without remedies stays the same."""
    return descend(experiment, rate, updates, remedies)


@st.cache_resource(max_entries=1, show_spinner=False)
def _shared() -> dict[object, Any]:
    """What was made of the app's own texts, for all visitors, the oldest first."""
    return {}


def once(slot: str, identity: object, make: Callable[[], Made], own: bool = False) -> Made:
    """Make a thing, or remember this visitor's last one if it was made of the same identity.

    It is kept in the session while the visitor stays on the page, not in a cache that all visitors
    share: it may hold their text, and one is made at a time, for a long text takes long. What is made
    of the app's ``own`` text alone is shared.
    """
    identity = (identity, spoken())
    if own:
        shared, key = _shared(), (slot, identity)
        made: Made = shared[key] if key in shared else make()
        shared[key] = made
        if len(shared) > MOST_SHARED:
            shared.pop(next(iter(shared)), None)
        return made
    slots: dict[str, tuple[object, Any]] = st.session_state.setdefault("kept", {})
    if slot not in slots or slots[slot][0] != identity:
        with one_at_a_time():
            slots[slot] = (identity, make())
    kept: Made = slots[slot][1]
    return kept


def forget_other_pages(page: str) -> None:
    """Let go of what was made for a page that the visitor has left; all of it can be made again."""
    if st.session_state.get("kept_for") != page:
        st.session_state["kept_for"], st.session_state["kept"] = page, {}


def drawn_once(
    slot: str, identity: object, draw: Callable[[Palette], go.Figure], own: bool = True
) -> go.Figure:
    """Draw a figure once for all visitors who see the same numbers in the same theme.

    One that is not of the app's ``own`` numbers or text is drawn once for this visitor.
    """
    shades = colours()
    return once(slot, (identity, shades), lambda: draw(shades), own)


def visitor() -> object:
    """Return what stands for this visitor where visitors take turns."""
    return st.session_state.setdefault("visitor", object())


def link(file: str, label: str, icon: str, address: Mapping[str, str] | None = None) -> None:
    """Link to a page, its controls as an address has them; options are named in English here."""
    named = {key: say(value) for key, value in (address or {}).items()}
    st.page_link(file, label=label, icon=icon, query_params=named or None)


_DOOR = Door(2)
_LONG_WORK = Door(1)
A_PART, A_PAGE, A_NEWCOMER = range(3)
"""How urgent a run is: a slider that sticks is felt more than a page that opens a second later."""
_inside = threading.local()


@contextlib.contextmanager
def in_turn(rank: int) -> Iterator[None]:
    """Compute a page, or a part of one, when it is its turn; within one it goes on at once."""
    if getattr(_inside, "turn", False):
        yield
        return
    _DOOR.enter(rank)
    _inside.turn = True
    try:
        yield
    finally:
        _inside.turn = False
        _DOOR.leave()


@contextlib.contextmanager
def out_of_turn() -> Iterator[None]:
    """Let others have the turn while this visitor waits for a process."""
    if not getattr(_inside, "turn", False):
        yield
        return
    _inside.turn = False
    _DOOR.leave()
    try:
        yield
    finally:
        _DOOR.enter(A_PART)
        _inside.turn = True


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Do what may take long beside what is short, and not beside more of its kind."""
    if getattr(_inside, "long", False):
        yield
        return
    with out_of_turn():
        _LONG_WORK.enter(A_PART)
    _inside.long = True
    try:
        yield
    finally:
        _inside.long = False
        _LONG_WORK.leave()


def fragment(
    function: Callable[Given, None] | None = None, *, run_every: float | None = None
) -> Any:
    """Let a part of a page run by itself, as ``st.fragment`` does, in the visitor's language.

    When it has run, whoever asked by ``afterwards`` is told.
    """
    if function is None:
        return functools.partial(fragment, run_every=run_every)

    @functools.wraps(function)
    def alone(*args: Given.args, **kwargs: Given.kwargs) -> None:
        speak(st.session_state.get("lang", "en"))
        with in_turn(A_PART):
            function(*args, **kwargs)
            for noticed in _afterwards:
                noticed()

    return st.fragment(alone, run_every=run_every)


_afterwards: list[Callable[[], None]] = []


def afterwards(noticed: Callable[[], None]) -> Callable[[], None]:
    """Have a function called after each run of each fragment; for a decorator."""
    _afterwards.append(noticed)
    return noticed


def panel(name: str) -> Any:
    """Open a panel of the page: what the lecture mode shows by itself.

    Its name stands in ``lessons.lecture.PANELS``.
    """
    return st.container(key=f"panel_{name}")


def prose(text: str) -> None:
    """Write a Markdown text, the field's words in it linked to the glossary."""
    st.markdown(glossary.linked(text))


def show_drawing(svg: str, key: str) -> None:
    """Show an SVG drawing of our own, which ``st.html`` would strip, and offer it as a file."""
    _DRAWING(data=svg, key=key)
    with st.popover(
        "⬇", key=f"{key}_save", on_change="rerun", help=say("Save this drawing")
    ) as save:
        if save.open:
            st.download_button(
                say("Picture (SVG)"), svg, f"{key}.svg", "image/svg+xml", on_click="ignore",
                key=f"{key}_svg",
            )  # fmt: skip


def restart(key: str, step: int = 0) -> None:
    """Bring a stepped component back to a step; for callbacks that begin something new."""
    st.session_state.setdefault(key, Place()).jump(step)


def put(values: Mapping[str, object]) -> None:
    """Put values into controls, by key, and send players to steps, before they are drawn."""
    for key, value in values.items():
        if isinstance(value, Step) or isinstance(st.session_state.get(key), Place):
            restart(key, int(str(value)))
        else:
            st.session_state[key] = value


def player(key: str, data: Mapping[str, Any], unit_key: str) -> int:
    """Show a cell at work, and step, play and scrub it in the browser; returns the step, from 0.

    The step stands in the address under ``key``. A click on a unit's square puts it in front,
    which ``unit_key`` keeps, counted from 1.
    """

    def picked() -> None:
        st.session_state[unit_key] = int(st.session_state[f"{key}_player"]["picked"]["unit"]) + 1

    last = len(data["labels"]) * len(data["stages"]) - 1
    return _stepped(_PLAYER, key, data, last, home=0, on_picked_change=picked)


def read_along(key: str, data: Mapping[str, Any]) -> int:
    """Show a review as it is read; returns the step, from 0, which is at its end to begin with."""
    last = len(data["lengths"]) - 1
    return _stepped(_READING, key, data, last, home=last)


def _stepped(
    component: Callable[..., Any],
    key: str,
    data: Mapping[str, Any],
    last: int,
    home: int,
    **listeners: Callable[[], None],
) -> int:
    """Show what is stepped in the browser; returns the step.

    The step stands in the address under ``key``, unless it is ``home``; an address that says
    another one moves the component.
    """
    place: Place = st.session_state.setdefault(key, Place())
    place.follow(st.query_params.get(key, str(home)))

    def moved() -> None:
        told = st.session_state[f"{key}_player"]["moved"]
        if told["turn"] == place.turn:
            place.step = int(told["step"])

    component(
        data={**data, "start": {"step": place.start, "turn": place.turn}},
        key=f"{key}_player",
        on_moved_change=moved,
        **listeners,
    )
    place.step = min(place.step, last)
    if place.step != home:
        st.query_params[key] = str(place.step)
    else:
        st.query_params.pop(key, None)
    place.wrote(str(place.step))
    return place.step


@dataclass
class Place:
    """Where a player is, and what the page last wrote of it into the address.

    Attributes:
        step: from 0.
        start: the step that the player was last sent to.
        turn: how often it was sent.
        written: what stands in the address.
        replaced: what stood there before, and when it was replaced.
    """

    step: int = 0
    start: int = 0
    turn: int = 0
    written: str = "0"
    replaced: dict[str, float] = field(default_factory=dict)

    def jump(self, step: int) -> None:
        """Send the player to a step."""
        self.step = self.start = step
        self.turn += 1

    def follow(self, address: str) -> None:
        """Go where the address says, if it was the visitor who changed it.

        A browser sends its address with every message, and on a slow line that may still be the
        one from before the last step; such a one is no wish to go back.
        """
        late = time.monotonic() - self.replaced.get(address, float("-inf")) < SLOW_LINE
        if address != self.written and not late:
            self.jump(int(address) if address.isdecimal() and len(address) < 7 else 0)

    def wrote(self, address: str) -> None:
        """Remember what was written into the address."""
        if address != self.written:
            self.replaced[self.written] = time.monotonic()
            self.written = address


def colours() -> Palette:
    """Return the palette of the theme that the visitor sees."""
    return palette(st.context.theme.type)


def preset_buttons(names: Iterable[str], apply: Callable[[str], None], key: str) -> None:
    """Show a button for each preset; a click hands its name to ``apply``."""
    with st.container(horizontal=True):
        for name in names:
            st.button(say(name), key=f"{key}_{name}", on_click=apply, args=(name,))


def claim(text: str, holds: bool) -> None:
    """Say what a preset claims, and whether the numbers on the screen bear it out."""
    if holds:
        prose(say("**Claim.** {text} **✔ holds**", text=text))
    else:
        prose(say("**Claim.** {text} **✘ does not hold**", text=text))


def heading(chapter: Chapter) -> None:
    """Open a page with its one question."""
    with st.container(key="heading"):
        st.title(say(chapter.title))
        st.markdown(f"#### {say(chapter.question)}")


def chart(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a figure in the app's own look, with its text alternative, and offer it as a file.

    In lecture mode it is larger, and as tall as the screen leaves room for, but not on a phone.
    """
    config = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
    projection = st.session_state.get("projection", 1.0)
    if st.session_state.get("lecturing") and projection:
        height = figure.layout.height or 0
        size = next(name for least, name in SIZES.items() if height >= least)
        shown = enlarged(figure, projection * LARGER)
        with st.container(key=f"{size}_{key}"):
            st.plotly_chart(shown, theme=None, key=key, alt=alt, config=config, height="stretch")
    else:
        st.plotly_chart(figure, theme=None, key=key, alt=alt, config=config)
    with st.popover(
        "⬇", key=f"{key}_save", on_change="rerun", help=say("Save this figure")
    ) as save:
        # A closed one stays empty, so that it costs nothing when a slider moves.
        if not save.open:
            return
        labels = {"png": say("Picture (PNG)"), "svg": say("Picture (SVG)")}
        _PICTURE(data={"chart": key, "labels": labels}, key=f"{key}_picture")
        st.download_button(
            say("Page that moves by itself (HTML)"),
            lambda: figure.to_html(include_plotlyjs=True, config=config),
            f"{key}.html", "text/html", key=f"{key}_html", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            say("Its data (CSV)"), lambda: safe_table(drawn(figure)).to_csv(index=False),
            f"{key}.csv", "text/csv", key=f"{key}_drawn", on_click="ignore",
        )  # fmt: skip


def drawn(figure: go.Figure) -> dict[str, list[object]]:
    """Return every point of a figure, a row each: its trace, its place and what it says."""
    rows: dict[str, list[object]] = {"trace": [], "x": [], "y": [], "z": []}
    for place, trace in enumerate(figure.data):
        xs, ys, zs = (getattr(trace, axis, None) for axis in "xyz")
        name = trace.name or f"trace {place + 1}"
        if zs is not None:
            points = [
                (x, y, z)
                for y, line in zip(_places(ys, len(zs)), zs, strict=False)
                for x, z in zip(_places(xs, len(line)), line, strict=False)
            ]
        else:
            longest = max(len(xs) if xs is not None else 0, len(ys) if ys is not None else 0)
            points = [
                (x, y, None)
                for x, y in zip(_places(xs, longest), _places(ys, longest), strict=False)
            ]
        for x, y, z in points:
            for column, value in zip(rows, (name, x, y, z), strict=True):
                rows[column].append(value)
    return rows


def _places(values: Iterable[object] | None, length: int) -> Iterable[object]:
    """Return an axis of a trace; one that is not given counts from 0."""
    return range(length) if values is None else values


def sentence(text: str) -> tuple[str, list[str], Ids]:
    """Split a visitor's sentence for the trained network; what is wrong with it is said here.

    Returns what is read, its words and their ids: the sentence, or the page's own instead of one
    that cannot be read.
    """
    words, ids, problem = sentence_ids(reader(), text)
    if problem:
        st.error(problem)
    if unknown := unknown_words(reader(), words):
        st.warning(unknown, icon="⚠️")
    return SENTENCE if problem else text, words, ids


def size_and_seed(prefix: str, units: int, most: int) -> tuple[int, int, int]:
    """Let the visitor choose units, seed and the unit in front, from 0, side by side."""
    some, seeded, front = st.columns(3, gap="medium")
    chosen = some.slider(say("Units"), 1, most, units, key=f"{prefix}_units", bind="query-params")
    seed = seeded.number_input(say("Seed"), 0, 9999, 1, key=f"{prefix}_seed", bind="query-params")
    with front:
        unit = unit_in_front(f"{prefix}_unit", chosen)
    return chosen, int(seed), unit


def keep_within(key: str, low: float, high: float) -> None:
    """Bring a widget's stored number into its range, which other controls may have narrowed."""
    value = st.session_state.get(key)
    if isinstance(value, int | float):
        st.session_state[key] = type(value)(min(max(value, low), high))


def stepper(key: str, last: int, label: str) -> int:
    """Let the visitor step by button, arrow key or slider; returns the step, from 0 to ``last``."""

    def move(by: int) -> None:
        st.session_state[key] = min(max(st.session_state[key] + by, 0), last)

    keep_within(key, 0, last)
    buttons = st.container()
    # The slider runs first: it is what brings the step from the address into the session.
    step = int(st.slider(label, 0, last, 0, key=key, bind="query-params"))
    back, forth = buttons.columns(2)
    back.button(
        say("Previous"), key=f"{key}_previous", on_click=move, args=(-1,), shortcut="Left",
        disabled=step == 0, width="stretch",
    )  # fmt: skip
    forth.button(
        say("Next"), key=f"{key}_next", on_click=move, args=(1,), shortcut="Right", type="primary",
        disabled=step == last, width="stretch",
    )  # fmt: skip
    return step


def unit_in_front(key: str, units: int) -> int:
    """Let the visitor choose the unit whose numbers are shown, from 0."""
    if units == 1:
        return 0
    keep_within(key, 1, units)
    return int(st.slider(say("Unit in front"), 1, units, 1, key=key, bind="query-params")) - 1


def positive(
    label: str, value: float, key: str, largest: float, smallest: float = 1e-6, step: float = 0.5
) -> float:
    """Let the visitor type a number above 0; an address that says NaN gets the default."""
    typed = st.session_state.get(key)
    if isinstance(typed, float) and not math.isfinite(typed):
        st.session_state[key] = value
    return st.number_input(
        label, smallest, largest, value, step=step, key=key, bind="query-params", format="%g"
    )


def ask(question: Question, key: str, achievement: str = "") -> None:
    """Ask something back, and answer with the numbers on the screen.

    A right answer is kept under the name ``achievement``, if it has one.
    """
    choices = range(len(question.choices))
    picked = st.radio(
        question.text, choices, index=None, key=key, format_func=question.choices.__getitem__
    )
    if picked is None:
        return
    if picked in question.right:
        st.success(say("Right. {why}", why=question.feedback[picked]), icon="✅")
        if achievement:
            _progress.achieve(achievement)
        return
    wrong, right = question.feedback[picked], question.feedback[question.right[0]]
    why = right if wrong == right else f"{wrong} {right}"
    st.warning(say("Not quite. {why}", why=why), icon="↩️")
    mistake = BY_KEY.get(question.mistakes[picked]) if question.mistakes else None
    if mistake is not None:
        st.info(
            say("A widespread mistake: “{wrong}” {right}", wrong=say(mistake.wrong), right=say(mistake.right)),
            icon="🃏",
        )  # fmt: skip


def safe_table(columns: Mapping[str, object]) -> pd.DataFrame:
    """Make a table whose text no spreadsheet takes for a formula."""
    return pd.DataFrame(columns).map(
        lambda cell: safe_cell(cell) if isinstance(cell, str) else cell
    )


def take_home(
    key: str, columns: Mapping[str, object], code: str, name: str, keras: str = "", torch: str = ""
) -> None:
    """Offer what the page shows: the data as CSV, and the code that reproduces it.

    Args:
        key: for the widgets.
        columns: the data, by name.
        code: a program with lstm_core; like the next two it leaves what it found in ``result``.
        name: of the file.
        keras: the same with Keras, or "" where there is none.
        torch: the same with PyTorch, or "".
    """
    title = say("Take it home: the data, and the code that makes it")
    with st.expander(title, key=f"{key}_home", on_change="rerun") as home:
        # A closed one stays empty: its code would be coloured anew at each move of a slider.
        if not home.open:
            return
        st.download_button(
            say("Download the data (CSV)"),
            lambda: safe_table(columns).to_csv(index=False),
            f"{name}.csv",
            "text/csv",
            key=f"{key}_csv",
            on_click="ignore",
        )
        programs = {"lstm_core": code, "Keras": keras, "PyTorch": torch}
        written = {library: program for library, program in programs.items() if program}
        for tab, program in zip(st.tabs(list(written)), written.values(), strict=True):
            tab.code(program, language="python")

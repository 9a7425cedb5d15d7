"""One visitor: opens a page over a websocket, moves what it finds there, thinks, and goes on."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any, Protocol, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds after which an answer does not come any more."""
LONG_WORK = ("race_start", "race_again", "race_resume", "many_start", "ask_tensorflow")
"""Buttons that begin long work; only a heavy visitor presses them."""
TYPED = ("memory", "wonderful", "not good at all", "A slow start, but the end is worth it.")
REVIEW = (
    "The first half hour drags, and the jokes are old. Then the daughter comes home, and the film "
    "finds its heart: quiet, well observed, never sweet. I would not call it a masterpiece, but I "
    "left the cinema happier than I came. "
)
WIDGETS = {
    "slider",
    "number_input",
    "checkbox",
    "radio",
    "button_group",
    "selectbox",
    "button",
    "text_area",
    "text_input",
    "bidi_component",
}
LINE_GONE = (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, TimeoutError)


def alone(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: Playwright keeps a loop running in the first one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Wait:
    """One answer that a visitor waited for.

    Attributes:
        kind: "first", "rerun", "page" (another one), "look" (a part that looks again by itself), or
            "return" after a line that was cut.
        page: its address; "" is home.
        begun: seconds of the monotonic clock.
        seconds: from sending the message to having all of the answer.
        size: bytes of the answer.
        messages: that it came in.
    """

    kind: str
    page: str
    begun: float
    seconds: float
    size: int
    messages: int = 0


@dataclass
class Log:
    """What happened to all visitors.

    Attributes:
        waits: every answer that came.
        lost: of each visitor that was lost, why.
        wrong: errors that a page showed as such, with its address.
        cut: how many lines were cut, and taken up again.
    """

    waits: list[Wait] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cut: int = 0


class Widget(Protocol):
    """Any widget's message; all of them have an id."""

    id: str


@dataclass(frozen=True)
class Found:
    """A widget on the page, the fragment that it is in, if any, and its place on the page."""

    kind: str
    widget: Any
    fragment: str
    place: tuple[int, ...] = ()

    def is_called(self, key: str) -> bool:
        """Say whether the page gave it this key."""
        return bool(self.widget.id.endswith(f"-{key}"))


class LostError(Exception):
    """A visitor got no answer any more."""


class Visitor:
    """A websocket session with a browser's habits.

    Args:
        address: such as http://127.0.0.1:8501.
        log: where its waits go.
        seed: decides all that it does.
        patient: whether it takes a line up again that was cut, as a browser does.
    """

    def __init__(self, address: str, log: Log, seed: int, *, patient: bool = False) -> None:
        self.address, self.log, self.patient = address, log, patient
        self.chance = random.Random(seed)
        self.page = ""
        self.cookies: dict[str, str] = {}
        self.found: dict[str, Found] = {}
        self.tabs: dict[str, tuple[list[str], str]] = {}
        self.states: dict[str, WidgetState] = {}
        self.pages: dict[str, str] = {}
        self.due: dict[str, tuple[float, float]] = {}
        """When a fragment looks again, and how often it does, by its id."""
        self._line: ClientConnection | None = None
        self.session = self.query = ""
        self._open_tabs = ""
        self._led = False

    # ---- The line ---------------------------------------------------------------------------

    async def enter(self, page: str, query: str = "") -> None:
        """Open a page by its address, as from a link."""
        self.page, self.query = page, query
        if self.patient:
            await asyncio.to_thread(self._fetch_cookies)
        await self._dial()
        await self._ask("first", page_name=page)

    async def leave(self) -> None:
        """Close the line."""
        if self._line is not None:
            await self._line.close()

    def _fetch_cookies(self) -> None:
        """Load the document, for the cookies that a proxy and Streamlit set."""
        host = self.address.removeprefix("http://")
        line = HTTPConnection(host, timeout=PATIENCE)
        try:
            sent = {"Cookie": self.cookie()} if self.cookies else {}
            for path in ("/", "/_stcore/health"):
                line.request("GET", path, headers=sent)
                answer = line.getresponse()
                answer.read()
                self._keep(answer.headers.get_all("Set-Cookie") or [])
        finally:
            line.close()

    def cookie(self) -> str:
        """Return the cookies as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def _dial(self) -> None:
        token = self.cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN")
        self._line = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit", token, *([self.session] if self.session else [])],  # type: ignore[list-item]
            origin=self.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie()} if self.cookies else {},
            open_timeout=PATIENCE,
            ping_interval=None,
            compression=None,
            max_size=None,
        )
        answer = self._line.response
        if answer is not None:
            self._keep(answer.headers.get_all("Set-Cookie"))

    def _keep(self, cookies: list[str]) -> None:
        for value in cookies:
            self.cookies |= {name: one.value for name, one in SimpleCookie(value).items()}

    async def _ask(
        self, kind: str, fragment: str = "", page_name: str = "", since: float | None = None
    ) -> None:
        """Send what the visitor did, and wait until the page is there.

        Args:
            kind: of the ``Wait``.
            fragment: the part of the page that runs; all of it if empty.
            page_name: the page's address where the visitor comes by it.
            since: when the wait began; now if None.
        """
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_name = self.query, page_name
        # A browser that has been here names the page by its hash, and one that comes by its address.
        run.page_script_hash = "" if page_name else self.pages.get(self.page, "")
        run.fragment_id, run.is_auto_rerun = fragment, kind == "look"
        run.is_history_navigation = self._led
        run.widget_states.widgets.extend(self.states.values())
        run.context_info.timezone, run.context_info.locale = "Europe/Berlin", "en"
        run.context_info.url = f"{self.address}/{self.page}"
        begun = time.monotonic() if since is None else since
        try:
            size, count = await asyncio.wait_for(self._answered(message, fragment), PATIENCE)
        except LINE_GONE as error:
            if not self.patient or kind == "return":
                name = self.page or "home"
                raise LostError(f"{name}, {kind}: {type(error).__name__} {error}") from error
            await self._return()
            return
        finally:
            for name in [
                n for n, s in self.states.items() if "trigger" in str(s.WhichOneof("value"))
            ]:
                del self.states[name]
        self.log.waits.append(Wait(kind, self.page, begun, time.monotonic() - begun, size, count))

    async def _return(self) -> None:
        """Take a line up again that was cut, with all that the visitor had set, as a browser does."""
        self.log.cut += 1
        begun = time.monotonic()
        for tried in range(12):
            try:
                await self._dial()
                break
            except LINE_GONE:
                await asyncio.sleep(min(0.2 * 2**tried, 2.0))
        else:
            raise LostError(f"{self.page or 'home'}: nobody answers any more")
        await self._ask("return", page_name=self.page, since=begun)

    async def _answered(self, message: BackMsg, fragment: str) -> tuple[int, int]:
        """Send a message and read until the run is over; returns bytes and messages that came."""
        line = self._line
        assert line is not None
        await line.send(message.SerializeToString())
        size, count = 0, 0
        found: dict[str, Found] = {}
        places: list[tuple[int, ...]] = []
        tabs: dict[str, tuple[list[str], str]] = {}
        if not fragment:
            self.due = {}
        while True:
            raw = await line.recv()
            size, count = size + len(raw), count + 1
            answer = ForwardMsg()
            answer.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            what = answer.WhichOneof("type")
            if what == "delta":
                self._note(answer, found, tabs)
                places += [
                    tuple(p) for p in (answer.metadata.delta_path,) if p[0] == RootContainer.MAIN
                ]
            elif what == "new_session":
                self.session = answer.new_session.initialize.session_id
            elif what == "navigation":
                listed = answer.navigation.app_pages
                # The presenter's view is in no menu.
                self.pages = {
                    p.url_pathname if not p.is_default else "": p.page_script_hash
                    for p in listed
                    if not p.is_hidden
                }
                if self.pages.get(self.page) != answer.navigation.page_script_hash:
                    self.log.wrong.append(f"{self.page or 'home'}: another page came")
            elif what == "page_info_changed":
                self.query = answer.page_info_changed.query_string
            elif what == "auto_rerun":
                every = answer.auto_rerun.interval
                self.due[answer.auto_rerun.fragment_id] = (time.monotonic() + every, every)
            elif what == "stop_auto_rerun":
                for name in answer.stop_auto_rerun.fragment_ids:
                    self.due.pop(name, None)
            elif what == "script_finished":
                if answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    # A part may have run the whole page, whose parts can be others.
                    ended = answer.script_finished
                    is_part = ended == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
                    self.found = (self._beside(places) if is_part else {}) | found
                    self.tabs = (self.tabs if is_part else {}) | tabs
                    self._forget()
                    return size, count
                # The whole page runs again; a browser then forgets what it looked at.
                self.due, found, places, tabs = {}, {}, [], {}

    def _beside(self, places: list[tuple[int, ...]]) -> dict[str, Found]:
        """Return what can be moved beside the part that ran; what is not in it any more has gone."""
        if not places:
            return self.found
        first, last = min(places), max(places)
        depth = next(
            (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first)
        )
        return {k: one for k, one in self.found.items() if one.place[:depth] != first[:depth]}

    def _forget(self) -> None:
        """Forget what was set where that is not on the page any more, or offers other options now.

        A browser does the same; options change their names with the language.
        """
        there = {*self.tabs}
        for name, one in self.found.items():
            state = self.states.get(name)
            if state is not None and one.kind in {"radio", "selectbox", "button_group"}:
                chosen = [*state.string_array_value.data, *filter(None, [state.string_value])]
                offered = [getattr(option, "content", option) for option in one.widget.options]
                if not set(chosen) <= set(offered):
                    continue
            there.add(name)
        self.states = {name: state for name, state in self.states.items() if name in there}

    def _note(
        self, answer: ForwardMsg, found: dict[str, Found], tabs: dict[str, tuple[list[str], str]]
    ) -> None:
        """Keep what can be moved, and say what went wrong."""
        delta, place = answer.delta, tuple(answer.metadata.delta_path)
        if delta.WhichOneof("type") == "add_block":
            block, kind = delta.add_block, delta.add_block.WhichOneof("type")
            if kind == "tab_container":
                self._open_tabs = block.tab_container.id
                if self._open_tabs:
                    tabs[self._open_tabs] = ([], delta.fragment_id)
            elif kind == "tab" and self._open_tabs in tabs:
                tabs[self._open_tabs][0].append(block.tab.label)
            elif kind == "expandable" and block.expandable.id:
                found[block.expandable.id] = Found(kind, block.expandable, delta.fragment_id, place)
            return
        kind = delta.new_element.WhichOneof("type")
        if kind == "exception":
            exception = delta.new_element.exception
            self.log.wrong.append(
                f"{self.page or 'home'}: {exception.type} {exception.message}"[:300]
            )
        elif kind in WIDGETS:
            widget = getattr(delta.new_element, kind)
            if not getattr(widget, "disabled", False):
                found[widget.id] = Found(kind, widget, delta.fragment_id, place)

    # ---- What it does -----------------------------------------------------------------------

    async def stay(self, until: float, think: float, wander: float) -> None:
        """Think, move something, look; now and then go to another page.

        Args:
            until: a time of the monotonic clock.
            think: seconds between two actions, on average.
            wander: how probable it is that the next action is another page.
        """
        acts = time.monotonic() + self.chance.expovariate(1 / think)
        while (now := time.monotonic()) < until:
            looks = min(self.due, key=lambda name: self.due[name][0], default="")
            next_look = self.due[looks][0] if looks else until
            if await self._cut_within(max(min(acts, next_look, until) - now, 0)):
                # A browser waits up to a second before it dials again.
                await asyncio.sleep(self.chance.random())
                await self._return()
                continue
            if time.monotonic() >= until:
                return
            if next_look < acts:
                await self.look(looks)
                continue
            if self.pages and self.chance.random() < wander:
                await self.go(self.chance.choice([p for p in self.pages if p != self.page]))
            else:
                await self.act()
            acts = time.monotonic() + self.chance.expovariate(1 / think)

    async def _cut_within(self, seconds: float) -> bool:
        """Think for so long; says whether a patient visitor's line was cut meanwhile."""
        if not self.patient or self._line is None:
            await asyncio.sleep(seconds)
            return False
        try:
            await asyncio.wait_for(self._line.wait_closed(), seconds)
        except TimeoutError:
            return False
        return True

    async def look(self, fragment: str) -> None:
        """Run a part of the page that looks again by itself."""
        _, every = self.due[fragment]
        self.due[fragment] = (time.monotonic() + every, every)
        await self._ask("look", fragment)

    async def go(self, page: str, query: str = "", *, led: bool = False) -> None:
        """Go to another page by the navigation, or by a link with an address.

        Args:
            page: its address.
            query: what stands behind the ? of it.
            led: whether a room leads there, as the browser's history does.
        """
        self.page, self.query, self.states, self._led = page, query, {}, led
        await self._ask("page")
        self._led = False

    async def act(self) -> None:
        """Move one thing on the page, and wait for what it does."""
        choices = list(self._choices())
        if not choices:
            await self._ask("rerun")
            return
        states, fragment = self.chance.choice(choices)
        self.put(*states)
        await self._ask("rerun", fragment)

    def put(self, *states: WidgetState) -> None:
        """Set widgets, without sending it yet."""
        self.states |= {state.id: state for state in states}

    def named(self, key: str) -> Found | None:
        """Find a widget by the key that the page gave it."""
        return next((one for one in self.found.values() if one.is_called(key)), None)

    async def press(self, key: str) -> None:
        """Press a button by its key.

        Raises:
            LostError: if it is not on the page.
        """
        button = self.named(key)
        if button is None:
            raise LostError(f"{self.page}: there is no button {key}")
        self.put(WidgetState(id=button.widget.id, trigger_value=True))
        await self._ask("rerun", button.fragment)

    async def set(self, key: str, **value: Any) -> None:
        """Set a widget by its key, and wait for what it does."""
        one = self.named(key)
        if one is None:
            raise LostError(f"{self.page}: there is no widget {key}")
        self.put(WidgetState(id=one.widget.id, **value))
        await self._ask("rerun", one.fragment)

    def _choices(self) -> Iterator[tuple[list[WidgetState], str]]:
        """List everything that could be moved: the new states, and the fragment that it is in."""
        forms: dict[str, list[WidgetState]] = {}
        submits: list[tuple[str, Found]] = []
        for one in self.found.values():
            if one.kind == "button" and one.widget.is_form_submitter:
                submits.append((one.widget.form_id, one))
            elif (state := self._moved(one)) is not None:
                form = getattr(one.widget, "form_id", "")
                if form:
                    forms.setdefault(form, []).append(state)
                else:
                    yield [state], one.fragment
        for form, one in submits:
            pressed = WidgetState(id=one.widget.id, trigger_value=True)
            yield [*forms.get(form, []), pressed], one.fragment
        for name, (labels, fragment) in self.tabs.items():
            if labels:
                yield [WidgetState(id=name, string_value=self.chance.choice(labels))], fragment

    def _moved(self, one: Found) -> WidgetState | None:
        """Say what a widget's state would be if the visitor moved it; None for one left alone."""
        widget, chance, state = one.widget, self.chance, WidgetState(id=one.widget.id)
        if one.kind == "button":
            if any(one.is_called(key) for key in LONG_WORK):
                return None
            state.trigger_value = True
        elif one.kind == "slider" and widget.type == Slider.SLIDER:
            steps = int((widget.max - widget.min) / (widget.step or 1))
            state.double_array_value.data.extend(
                min(widget.min + chance.randint(0, steps) * (widget.step or 1), widget.max)
                for _ in range(min(len(widget.default), 1))
            )
        elif one.kind == "number_input":
            value = widget.default + chance.randint(-3, 3) * (widget.step or 1)
            low = widget.min if widget.has_min else value
            high = widget.max if widget.has_max else value
            state.double_value = min(max(value, low), high)
        elif one.kind == "checkbox":
            known = self.states.get(widget.id)
            state.bool_value = not (known.bool_value if known else widget.default)
        elif one.kind == "expandable":
            known = self.states.get(widget.id)
            state.bool_value = not (known.bool_value if known else widget.expanded)
        elif one.kind in {"radio", "selectbox"} and widget.options:
            state.string_value = chance.choice(widget.options)
        elif one.kind == "button_group" and widget.options:
            state.string_array_value.data.append(chance.choice(widget.options).content)
        elif one.kind == "text_area":
            state.string_value = REVIEW * chance.randint(1, 3)
        elif one.kind == "text_input":
            state.string_value = chance.choice(TYPED)
        elif one.kind == "bidi_component":
            return self._stepped(widget)
        else:
            return None
        return state

    def _stepped(self, component: Any) -> WidgetState | None:
        """Say what a stepped component tells when the visitor rests at a step."""
        given = component.json or component.mixed.json
        data = json.loads(given) if given else None
        start = data.get("start") if isinstance(data, dict) else None
        if not isinstance(start, dict) or "last" not in start:
            return None
        position = {"step": self.chance.randint(0, start["last"]), "turn": start["turn"]}
        return WidgetState(
            id=f"$$STREAMLIT_INTERNAL_KEY_{component.id}__events",
            json_trigger_value=json.dumps([{"event": "moved", "value": position}]),
        )


# ---- Visitors with long work --------------------------------------------------------------------


async def races(visitor: Visitor, until: float) -> None:
    """Train one race behind the other."""
    await visitor.enter("race", "panel=own")
    await visitor.set("race_goal", double_array_value={"data": [5000.0]})
    await _long_work(visitor, ("race_start", "race_again", "race_resume"), until)


async def scores(visitor: Visitor, until: float) -> None:
    """Score one pasted column of a thousand reviews behind the other."""
    from pages.many.lesson import LONGEST_PASTE, PASTE

    await visitor.enter("many")
    await visitor.set("many_source", string_array_value={"data": [PASTE]})
    line = REVIEW * 3 + "\n"
    pasted = line * min(1000, LONGEST_PASTE // len(line))
    await visitor.set("many_pasted", string_value=pasted)
    await _long_work(visitor, ("many_start",), until)


async def _long_work(visitor: Visitor, buttons: tuple[str, ...], until: float) -> None:
    """Press what begins it, look while it goes on, and begin again when it is over."""
    while time.monotonic() < until:
        if not visitor.due:
            button = next((key for key in buttons if visitor.named(key)), "")
            await visitor.press(button or buttons[0])
        looks = min(visitor.due, key=lambda name: visitor.due[name][0], default="")
        next_look = visitor.due[looks][0] if looks else time.monotonic() + 0.5
        await asyncio.sleep(max(min(next_look, until) - time.monotonic(), 0))
        if looks in visitor.due and time.monotonic() < until:
            await visitor.look(looks)


HEAVY = (races, scores)

"""A class that follows a lecture: ``python -m tools.load.room --help``.

Every follower has a line to the room, as ``assets/room.js`` has: it comes back when it is lost, and
sends again what was not answered. Beside it each has a session of the app, which goes to the
lecturer's panel when that changes. Some votes are sent twice, and some lines are cut right after.
At the end of each vote the room's bars are compared with what was sent, choice by choice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect

from pages._book.chapters import CHAPTERS
from pages._book.rooms.codes import draw_code
from pages._book.slides import PANELS, SLIDES
from tools.load.__main__ import Watch, _served, conditions, loop_ms, spread
from tools.load.visitor import LINE_GONE, Log, LostError, Visitor, Wait
from tools.serve import ROOT

RESULTS = ROOT / "assets" / "load_room.json"
MOST_VOTE_MS, MOST_SHOWN_MS, MOST_OWN_MS = 300.0, 2000.0, 500.0
"""Promised: p95 of a vote's answer, the last follower's panel is told, p95 of somebody's own action."""
MOST_SECONDS_TO_SAY = 20.0
"""Seconds within which all are told that their room is gone with its process."""
CHOICES = ["keeps it", "forgets it", "neither", "both"]
TWICE, CUT = 0.2, 0.1
"""Which part of the votes is sent twice, and after which part the line is cut."""
FIRST, LONGEST = 0.3, 8.0
"""Seconds before a lost line is dialled again, as in ``room.js``."""
PATIENCE = 60.0


class Record:
    """What happened to a class.

    Attributes:
        votes: waits for the answers to votes.
        shown: waits from a change of panel to a follower's knowledge of it.
        sent: for each vote how often each choice was sent, once for each follower.
        refused: why votes were refused.
        closed: why lines were ended by the room, and when.
    """

    def __init__(self) -> None:
        self.votes: list[Wait] = []
        self.shown: list[Wait] = []
        self.sent: dict[tuple[int, int], Counter[int]] = {}
        self.refused: list[str] = []
        self.closed: list[tuple[str, float]] = []
        self.lost_lines = 0


class Line:
    """A line to a room that comes back when it is lost.

    Args:
        address: of the app.
        code: of the room.
        role: of whoever it belongs to.
        key: the presenter's key, or "".
        seed: decides its pauses.
    """

    def __init__(self, address: str, code: str, role: str, key: str, seed: int) -> None:
        self.address, self.code, self.role, self.key = address, code, role, key
        self.chance = random.Random(seed)
        self.state: dict[str, Any] = {}
        self.waiting: dict[str, tuple[str, asyncio.Future[dict[str, Any]]]] = {}
        self.told: Callable[[dict[str, Any]], None] = lambda _: None
        self.lost = self.count = 0
        self.why = ""
        self.is_in = asyncio.Event()
        self._line: ClientConnection | None = None

    async def stay(self) -> None:
        """Be in the room until it is closed; whoever is done cancels this."""
        tries = 0
        while not self.why:
            try:
                await self._once()
                tries = 0
            except LINE_GONE:
                pass
            if not self.why:
                self.lost += self.is_in.is_set()
                self.is_in.clear()
                await asyncio.sleep(self.chance.random() * min(LONGEST, FIRST * 2**tries))
                tries += 1
        for _, answer in self.waiting.values():
            if not answer.done():
                answer.set_result({"type": "refused", "why": self.why})

    async def _once(self) -> None:
        where = f"{self.address.replace('http', 'ws', 1)}/room/{self.code}/line"
        async with connect(
            where,
            origin=self.address,  # type: ignore[arg-type]
            open_timeout=PATIENCE,
            ping_interval=None,
            compression=None,
        ) as line:
            self._line = line
            hello = {"type": "hello", "id": "h", "role": self.role, "key": self.key}
            await line.send(json.dumps(hello))
            async for raw in line:
                await self._take(json.loads(raw), line)

    async def _take(self, message: dict[str, Any], line: ClientConnection) -> None:
        kind = message["type"]
        if kind == "welcome":
            self.key = message["key"]
            self.is_in.set()
            for written, _ in list(self.waiting.values()):
                await line.send(written)
        elif kind == "state":
            self.state |= message
            self.told(message)
        elif kind == "closed":
            self.why = message["why"] if message["why"] in {"unknown", "over", "expired"} else ""
        elif message.get("id") in self.waiting:
            _, answer = self.waiting.pop(message["id"])
            if not answer.done():
                answer.set_result(message)

    async def send(self, copies: int = 1, cut: bool = False, **message: Any) -> dict[str, Any]:
        """Send a message, as often as is asked for, and wait for its answer.

        Args:
            copies: how often it is sent under the same id.
            cut: whether the line is cut right afterwards.
            message: what is sent.
        """
        self.count += 1
        name = f"m{self.count}"
        written = json.dumps(message | {"id": name})
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.waiting[name] = (written, answer)
        if self._line is not None and self.is_in.is_set():
            with contextlib.suppress(*LINE_GONE):
                for _ in range(copies):
                    await self._line.send(written)
                if cut:
                    self._line.transport.abort()
        return await asyncio.wait_for(answer, PATIENCE)


class Follower:
    """A student: a line to the room, and a session of the app that follows it.

    Args:
        address: of the app.
        code: of the room.
        seed: decides all that it does.
        record: where its waits go.
        log: where its session's waits go; without one there is no session.
    """

    def __init__(self, address: str, code: str, seed: int, record: Record, log: Log | None) -> None:
        self.line = Line(address, code, "student", "", seed)
        self.line.told = self._told
        self.record, self.chance = record, random.Random(seed + 1)
        self.visitor = None if log is None else Visitor(address, log, seed, patient=True)
        self.wanted: asyncio.Queue[tuple[str, str, float]] = asyncio.Queue()
        self.place: tuple[str, str] | None = None
        self.voted: set[tuple[int, int]] = set()
        self.tasks: list[asyncio.Task[None]] = []
        self.think = 3.0

    def _told(self, message: dict[str, Any]) -> None:
        shown, asked = message.get("shown"), message.get("asked")
        if shown and (shown["path"], shown["query"]) != self.place:
            self.place = (shown["path"], shown["query"])
            # The lecturer's title says when it was sent, by the clock of this machine.
            began = float(shown["title"] or 0)
            if began:
                wait = Wait("shown", shown["path"], began, time.monotonic() - began, 0)
                self.record.shown.append(wait)
            self.wanted.put_nowait((*self.place, shown["spread"] / 1e3))
        if asked and asked["state"] == "open":
            vote = (asked["id"], asked["round"])
            if vote not in self.voted:
                self.voted.add(vote)
                self.tasks.append(asyncio.create_task(self._vote(*vote)))

    async def _vote(self, ask: int, number: int) -> None:
        """Think, and vote once, whatever happens to the line."""
        await asyncio.sleep(self.chance.uniform(0.2, self.think))
        choice = self.chance.choices(range(len(CHOICES)), (5, 3, 2, 1))[0]
        self.record.sent.setdefault((ask, number), Counter())[choice] += 1
        draw, begun = self.chance.random(), time.monotonic()
        answer = await self.line.send(
            copies=2 if draw < TWICE else 1,
            cut=TWICE <= draw < TWICE + CUT,
            type="vote",
            ask=ask,
            round=number,
            choice=choice,
        )
        # Whoever cut the line waits for a new one.
        kind = "cut" if TWICE <= draw < TWICE + CUT else "vote"
        self.record.votes.append(Wait(kind, "", begun, time.monotonic() - begun, 0))
        if answer["type"] != "done" or answer["choice"] != choice:
            self.record.refused.append(str(answer))

    async def follow(self) -> None:
        """Go where the lecturer is: to the newest panel, after a part of the spread."""
        visitor = self.visitor
        if visitor is None:
            return
        try:
            await visitor.enter("", f"room={self.line.code}")
            while True:
                place = await self.wanted.get()
                await asyncio.sleep(self.chance.random() * place[2])
                while not self.wanted.empty():
                    place = self.wanted.get_nowait()
                await visitor.go(place[0], f"room={self.line.code}&{place[1]}", led=True)
        except (LostError, *LINE_GONE) as error:
            visitor.log.lost.append(f"{type(error).__name__} {error}")
        finally:
            with contextlib.suppress(*LINE_GONE):
                await visitor.leave()


def open_room(address: str, chance: random.Random) -> tuple[str, str]:
    """Open a room under a code that nobody has; returns code and presenter's key.

    Raises:
        RuntimeError: if there is no place.
    """
    for _ in range(12):
        code = draw_code(chance)
        asked = urllib.request.Request(f"{address}/room/{code}", data=b"", method="POST")
        with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(asked) as answer:
            reply = json.loads(answer.read())
            return reply["code"], reply["key"]
    raise RuntimeError("no process has a place for a room")


def slides(count: int) -> list[tuple[str, str]]:
    """Return pages and panels of a lecture, each another one than before."""
    every = [(slide.chapter.path, slide.panel) for slide in SLIDES]
    every += [(c.path, panel) for c in CHAPTERS for panel in PANELS[c]]
    return list(dict.fromkeys(every))[:count]


async def lecture(
    address: str, servers: Sequence[int], given: argparse.Namespace, kills: bool = False
) -> dict[str, Any]:
    """Give a lecture to a class; returns what was measured.

    Args:
        address: of the app.
        servers: the processes that serve it.
        given: followers, slides, votes, seconds, others, sessions and seed.
        kills: whether a process without the room is killed during a vote, and the room's at the end.
    """
    chance = random.Random(given.seed)
    record, log, own = Record(), Log() if given.sessions else None, Log()
    watch = Watch(servers)
    code, key = await asyncio.to_thread(open_room, address, chance)
    projector = Line(address, code, "projector", key, given.seed)
    followers = [
        Follower(address, code, given.seed * 10_000 + n, record, log)
        for n in range(given.followers)
    ]
    others = [
        Visitor(address, own, given.seed * 10_000 - 1 - n, patient=True)
        for n in range(given.others)
    ]
    lecturer = Visitor(address, Log(), given.seed, patient=True)
    if given.sessions:
        await lecturer.enter("")
    running = [asyncio.create_task(projector.stay())]
    for follower in followers:
        follower.think = 0.7 * given.seconds
        running += [
            asyncio.create_task(follower.line.stay()),
            asyncio.create_task(follower.follow()),
        ]
        await asyncio.sleep(given.join / given.followers)
    await asyncio.gather(*(follower.line.is_in.wait() for follower in followers))
    running += [asyncio.create_task(_act(one, n)) for n, one in enumerate(others)]
    await asyncio.sleep(given.settle)
    own.waits.clear()

    asks = [given.slides * (n + 1) // given.votes - 1 for n in range(given.votes)]
    wrong: list[str] = []
    for place, (path, panel) in enumerate(slides(given.slides)):
        if given.sessions:
            await lecturer.go(path, f"panel={panel}")
        shown = {"path": path, "panel": panel, "query": f"panel={panel}", "slide": place}
        await projector.send(type="show", shown=shown | {"title": f"{time.monotonic():.4f}"})
        watch.look()
        for step in range(given.steps):
            await asyncio.sleep(given.seconds / given.steps)
            position = {"player": "step", "at": step, "plays": False, "until": None}
            await projector.send(type="step", step=position)
            watch.look()
        if place in asks:
            ask = {
                "kind": "question",
                "text": "What does the gate do?",
                "choices": CHOICES,
                "right": [0],
            }
            number = (await projector.send(type="ask", ask=ask))["ask"]
            if kills and place == asks[len(asks) // 2]:
                await asyncio.sleep(given.seconds / 3)
                psutil.Process(_without_lines(servers)).kill()
            await _all_voted(followers, number, given.seconds)
            await projector.send(type="turn", ask=number, state="shown")
            wrong += await _compared(projector, record, number)
    lines_lost = sum(follower.line.lost for follower in followers)
    gone: dict[str, Any] = {}
    if kills:
        gone = await _room_gone(followers, servers)
    else:
        await projector.send(type="end")
    for task in [*running, *(task for follower in followers for task in follower.tasks)]:
        task.cancel()
    await lecturer.leave()
    for ended in await asyncio.gather(*running, return_exceptions=True):
        if ended is not None and not isinstance(ended, asyncio.CancelledError):
            record.refused.append(repr(ended))
    watch.look()
    return _results(record, log, own, watch, given) | {
        "wrong": wrong,
        "lines_lost": lines_lost,
        "gone": gone,
    }


async def _act(visitor: Visitor, place: int) -> None:
    """Do something of one's own beside the lecture."""
    with contextlib.suppress(LostError, *LINE_GONE):
        await visitor.enter(CHAPTERS[place % len(CHAPTERS)].path)
        await visitor.stay(time.monotonic() + 3600, think=2.0, wander=0.0)


async def _all_voted(followers: Sequence[Follower], number: int, seconds: float) -> None:
    """Wait until all have voted, and those whose line was cut have theirs again."""
    deadline = time.monotonic() + seconds + PATIENCE
    while time.monotonic() < deadline:
        pending = [t for f in followers for t in f.tasks if not t.done()]
        if all((number, 1) in f.voted for f in followers) and not pending:
            return
        await asyncio.sleep(0.05)


async def _compared(projector: Line, record: Record, number: int) -> list[str]:
    """Compare the room's bars with what was sent; says where they differ."""
    deadline = time.monotonic() + PATIENCE
    asked: dict[str, Any] = {}
    while time.monotonic() < deadline:
        asked = projector.state.get("asked") or {}
        if asked.get("id") == number and asked.get("state") == "shown":
            break
        await asyncio.sleep(0.02)
    sent = record.sent.get((number, 1), Counter())
    counted, right = asked.get("bars"), [[sent[place] for place in range(len(CHOICES))]]
    return [] if counted == right else [f"vote {number}: {counted} were counted, {right} were sent"]


def _lines(server: int) -> int:
    with contextlib.suppress(psutil.Error):
        return sum(one.status == "ESTABLISHED" for one in psutil.Process(server).net_connections())
    return 0


def _without_lines(servers: Sequence[int]) -> int:
    """Find the process that has the fewest lines: the room is on another one."""
    return min(servers, key=_lines)


async def _room_gone(followers: Sequence[Follower], servers: Sequence[int]) -> dict[str, Any]:
    """Kill the room's process, and see whether all are told."""
    begun = time.monotonic()
    psutil.Process(max(servers, key=_lines)).kill()
    while not all(f.line.why for f in followers) and time.monotonic() - begun < PATIENCE:
        await asyncio.sleep(0.05)
    return {
        "seconds": round(time.monotonic() - begun, 1),
        "told": dict(Counter(follower.line.why for follower in followers)),
    }


def _results(
    record: Record, log: Log | None, own: Log, watch: Watch, given: argparse.Namespace
) -> dict[str, Any]:
    return {
        "followers": given.followers,
        "votes": spread([one for one in record.votes if one.kind == "vote"]),
        "votes_cut": spread([one for one in record.votes if one.kind == "cut"]),
        "shown": spread(record.shown),
        "pages": spread([one for one in log.waits if one.kind == "page"]) if log else {"count": 0},
        "own": spread([one for one in own.waits if one.kind == "rerun"]),
        "refused": record.refused,
        "lost": (log.lost if log else []) + own.lost,
        "errors_shown": sorted(set((log.wrong if log else []) + own.wrong)),
        "memory_mb": round(watch.peak_mb, 1),
        "cores_used": watch.cores(),
    }


def broken(
    results: dict[str, Any],
    most_vote_ms: float = MOST_VOTE_MS,
    most_shown_ms: float = MOST_SHOWN_MS,
    most_own_ms: float = MOST_OWN_MS,
) -> list[str]:
    """Say which promises were broken."""
    failures = [
        *results["wrong"],
        *(f"a vote was refused: {one}" for one in results["refused"][:5]),
    ]
    failures += [f"lost: {one}" for one in results["lost"][:5]]
    failures += [f"a page showed an error: {one}" for one in results["errors_shown"][:5]]
    if not results["votes"]["count"]:
        failures.append("nobody voted")
    for name, key, value, most in (
        ("p95 of a vote's answer", "votes", "p95_ms", most_vote_ms),
        ("the last follower's news of another panel", "shown", "max_ms", most_shown_ms),
        ("p95 of somebody's own action", "own", "p95_ms", most_own_ms),
    ):
        if results[key].get(value, 0.0) > most:
            failures.append(f"{name} was {results[key][value]:.0f} ms, more than {most:.0f}")
    gone = results["gone"]
    if gone and (set(gone["told"]) != {"unknown"} or gone["seconds"] > MOST_SECONDS_TO_SAY):
        failures.append(f"not all were told that the room is gone: {gone}")
    return failures


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Give the lecture, and once more with a kill if that is asked for; returns all that is written."""
    results: dict[str, Any] = {
        **conditions("tools.load.room"),
        "slides": given.slides,
        "asked": given.votes,
        "seconds_a_slide": given.seconds,
        "sessions": given.sessions,
        "processes": given.processes,
        "promise": {
            "vote_p95_ms": MOST_VOTE_MS,
            "shown_ms": MOST_SHOWN_MS,
            "own_p95_ms": MOST_OWN_MS,
        },
        "loop_ms": loop_ms(),
    }
    with _served(given.processes) as (address, servers):
        results["lecture"] = asyncio.run(lecture(address, servers, given))
    if given.kill:
        with _served(given.processes) as (address, servers):
            results["killed"] = asyncio.run(lecture(address, servers, given, kills=True))
    results["loop_ms"] += loop_ms()
    return results


def say(results: dict[str, Any]) -> None:
    """Print what was measured."""
    print(f"{'':22}{'count':>8}{'p50':>8}{'p95':>8}{'max':>8}  (ms)")
    for run in ("lecture", "killed"):
        if run not in results:
            continue
        print(run)
        for name in ("votes", "votes_cut", "shown", "pages", "own"):
            row = results[run][name]
            cells = [row.get(key, 0) for key in ("count", "p50_ms", "p95_ms", "max_ms")]
            print(f"  {name:20}" + "".join(f"{cell:8.0f}" for cell in cells))
        for name in ("wrong", "refused", "lost", "lines_lost", "gone", "memory_mb", "cores_used"):
            print(f"  {name}", json.dumps(results[run][name])[:300])


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.load.room", description=__doc__)
    parser.add_argument("--followers", type=int, default=300, help="students (300)")
    parser.add_argument("--slides", type=int, default=10, help="changes of panel (10)")
    parser.add_argument(
        "--votes", type=int, default=5, help="questions, spread over the slides (5)"
    )
    parser.add_argument("--steps", type=int, default=5, help="of a player on each slide (5)")
    parser.add_argument("--seconds", type=float, default=10.0, help="a slide, and a vote (10)")
    parser.add_argument("--join", type=float, default=20.0, help="within which they come (20)")
    parser.add_argument("--settle", type=float, default=5.0, help="before it begins (5)")
    parser.add_argument(
        "--others", type=int, default=8, help="visitors on their own beside them (8)"
    )
    parser.add_argument(
        "--no-sessions",
        dest="sessions",
        action="store_false",
        help="lines alone, without the app's pages",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--kill",
        action="store_true",
        help="then once more: a process without the room is killed during a vote, the room's at the end",
    )
    parser.add_argument("--out", type=Path, default=None, help="write the results here as JSON")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 where a promise is broken"
    )
    given = parser.parse_args(arguments)
    if not 1 <= given.votes <= given.slides or given.followers < 1:
        parser.error("at least one follower, and no more votes than slides")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; returns the exit status."""
    given = _given(arguments)
    # The driver shares the cores with what it measures: it does not stop to collect garbage.
    gc.disable()
    results = measure(given)
    failures = [
        one for run in ("lecture", "killed") if run in results for one in broken(results[run])
    ]
    results["broken_promises"] = failures
    say(results)
    if given.out:
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for one in failures:
        print(f"BROKEN: {one}")
    return 1 if given.check and failures else 0


if __name__ == "__main__":
    sys.exit(main())

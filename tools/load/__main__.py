"""Run many visitors against the app and write what they waited for: ``python -m tools.load --help``.

The heavy visitors come halfway, so that one run holds both: the others without them, and with them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import platform
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from pages._book.chapters import CHAPTERS
from tools.load.visitor import HEAVY, LINE_GONE, Log, LostError, Visitor, Wait
from tools.serve import ROOT, free_ports, until_healthy

RESULTS = ROOT / "assets" / "load.json"
PAGES = ("", *(chapter.path for chapter in CHAPTERS))
MOST_MS, MOST_FIRST_MS, MOST_MB = 250.0, 1500.0, 250.0
"""Promised of 300 visitors on two idle cores: p95 of a rerun and of a first page, memory a process."""
MOST_AWAY = 5.0
"""Seconds within which whoever was on a process that died is served again."""
MOST_GROWTH, FEWEST_MINUTES = 1.1, 3
"""By how much memory may grow from the second quarter of a run to the last; of so many minutes each."""
STEP, STEP_SECONDS = 50, 45.0
"""By how many visitors the crowd grows until p95 of a rerun is over what is promised, and for how long."""
PACKAGES = ("streamlit", "plotly", "numpy", "pandas", "websockets")


def spread(waits: Sequence[Wait]) -> dict[str, float]:
    """Say how long waits were: how many, the middle one, the 95th of 100, the longest, in ms."""
    ordered = sorted(wait.seconds * 1e3 for wait in waits)
    if not ordered:
        return {"count": 0}
    middle, high = (ordered[min(int(len(ordered) * q), len(ordered) - 1)] for q in (0.5, 0.95))
    return {
        "count": len(ordered),
        "p50_ms": round(middle, 1),
        "p95_ms": round(high, 1),
        "max_ms": round(ordered[-1], 1),
    }


class Watch:
    """What the processes that serve, theirs, this driver and everybody else use meanwhile."""

    def __init__(self, servers: Sequence[int]) -> None:
        self._first_servers = [psutil.Process(pid) for pid in servers]
        self._front = self._first_servers[0].parent() if servers else None
        self.driver = psutil.Process()
        self.begun_mb = self.peak_mb = self.memory()
        self.workers_mb = self.files_mb = 0.0
        self.minutes_mb = [self.begun_mb]
        self._times: dict[int, float] = {}
        self._children: dict[int, float] = {}
        self._begun = time.monotonic()
        self._first = self._used()

    @property
    def servers(self) -> list[psutil.Process]:
        """The processes that serve now: one that was killed has a successor."""
        with contextlib.suppress(psutil.Error):
            if self._front is not None:
                return [one for one in self._front.children() if "streamlit" in one.cmdline()]
        return self._first_servers

    def memory(self) -> float:
        """Return the resident memory of the largest process that serves, in MB (10^6 bytes)."""
        sizes = [0.0]
        for server in self.servers:
            with contextlib.suppress(psutil.Error):
                sizes.append(server.memory_info().rss / 1e6)
        return max(sizes)

    def look(self) -> None:
        """Take one sample."""
        now = self.memory()
        self.peak_mb = max(self.peak_mb, now)
        if time.monotonic() - self._begun >= 60 * len(self.minutes_mb):
            self.minutes_mb.append(now)
        workers = 0.0
        for server in self.servers:
            with contextlib.suppress(psutil.Error):
                self._times[server.pid] = sum(server.cpu_times()[:2])
                # Only Linux tells them apart.
                files = getattr(server.memory_info(), "shared", 0.0)
                self.files_mb = max(self.files_mb, files / 1e6)
                for child in server.children(recursive=True):
                    workers += child.memory_info().rss / 1e6
                    self._children[child.pid] = sum(child.cpu_times()[:2])
        self.workers_mb = max(self.workers_mb, workers)

    def _used(self) -> dict[str, float]:
        every = psutil.cpu_times()
        for server in self.servers:
            with contextlib.suppress(psutil.Error):
                self._times[server.pid] = sum(server.cpu_times()[:2])
        return {
            "server": sum(self._times.values()),
            "workers": sum(self._children.values()),
            "driver": sum(self.driver.cpu_times()[:2]),
            "all": sum(every[:3]) + sum(every[5:8]),
        }

    def cores(self) -> dict[str, float]:
        """Return how many cores each of them used since the beginning, on average."""
        seconds, used = time.monotonic() - self._begun, self._used()
        cores = {name: (used[name] - self._first[name]) / seconds for name in used}
        others = cores.pop("all") - sum(cores.values())
        return {
            name: round(value, 3) for name, value in (cores | {"others": max(others, 0)}).items()
        }


async def _visit(visitor: Visitor, page: str, join: float, until: float, think: float) -> None:
    try:
        await asyncio.sleep(join)
        await visitor.enter(page)
        await visitor.stay(until, think, wander=0.1)
    except (LostError, *LINE_GONE) as error:
        visitor.log.lost.append(f"{type(error).__name__} {error}")
    finally:
        with contextlib.suppress(*LINE_GONE):
            await visitor.leave()


async def crowd(
    address: str,
    servers: Sequence[int],
    given: argparse.Namespace,
    seconds: float,
    kills: bool = False,
) -> dict[str, Any]:
    """Let visitors come, stay and go; returns what was measured.

    Args:
        address: of the app.
        servers: the processes that serve it.
        given: sessions, join, think, heavy and seed.
        seconds: how long they stay, the joining included.
        kills: whether the first of the processes is killed halfway.
    """
    log, heavy_log, watch = Log(), Log(), Watch(servers)
    begun = time.monotonic()
    until = begun + seconds
    halfway = begun + given.join + (seconds - given.join) / 2
    tasks = [
        asyncio.create_task(
            _visit(
                Visitor(address, log, given.seed * 10_000 + n, patient=True),
                PAGES[n % len(PAGES)],
                given.join * n / given.sessions,
                until,
                given.think,
            )
        )
        for n in range(given.sessions)
    ]

    async def long_work(n: int) -> None:
        visitor = Visitor(address, heavy_log, given.seed * 10_000 - 1 - n, patient=True)
        try:
            await asyncio.sleep(halfway - time.monotonic())
            await HEAVY[n % len(HEAVY)](visitor, until)
        except (LostError, *LINE_GONE) as error:
            heavy_log.lost.append(f"{type(error).__name__} {error}")
        finally:
            with contextlib.suppress(*LINE_GONE):
                await visitor.leave()

    tasks += [asyncio.create_task(long_work(n)) for n in range(given.heavy)]
    while time.monotonic() < until:
        watch.look()
        if kills and time.monotonic() > halfway:
            kills = False
            psutil.Process(servers[0]).kill()
        await asyncio.sleep(min(1.0, max(until - time.monotonic(), 0)))
    await asyncio.gather(*tasks)
    watch.look()
    return _results(log, heavy_log, watch, halfway, given)


def _results(
    log: Log, heavy_log: Log, watch: Watch, halfway: float, given: argparse.Namespace
) -> dict[str, Any]:
    def of(kind: str, page: str | None = None) -> list[Wait]:
        return [w for w in log.waits if w.kind == kind and page in {None, w.page}]

    reruns, results = (
        of("rerun"),
        {
            "first": spread(of("first")),
            "rerun": spread(of("rerun")),
            "page": spread(of("page")),
        },
    )
    others = sorted({wait.page for wait in log.waits} - set(PAGES))
    results["pages"] = {
        page or "home": {
            "first": spread([*of("first", page), *of("page", page)]),
            "rerun": spread(of("rerun", page)),
            "kb": round(
                sum(w.size for w in of("rerun", page)) / 1e3 / max(len(of("rerun", page)), 1), 1
            ),
        }
        for page in (*PAGES, *others)
    }
    if given.heavy:
        results["heavy"] = {
            "visitors": given.heavy,
            "rerun_before": spread([w for w in reruns if w.begun < halfway]),
            "rerun_during": spread([w for w in reruns if w.begun >= halfway]),
            "looks": spread([w for w in heavy_log.waits if w.kind == "look"]),
        }
    return results | {
        "return": spread(of("return")),
        "cut": log.cut,
        "sessions": given.sessions,
        "entered": len(of("first")),
        "lost": log.lost + heavy_log.lost,
        "errors_shown": sorted(set(log.wrong + heavy_log.wrong)),
        "memory": {
            "begun_mb": round(watch.begun_mb, 1),
            "peak_mb": round(watch.peak_mb, 1),
            "files_mb": round(watch.files_mb, 1),
            "minutes_mb": [round(now, 1) for now in watch.minutes_mb],
            "workers_peak_mb": round(watch.workers_mb, 1),
        },
        "cores_used": watch.cores(),
    }


def broken(
    results: dict[str, Any],
    most_ms: float = MOST_MS,
    most_first_ms: float = MOST_FIRST_MS,
    most_mb: float = MOST_MB,
) -> list[str]:
    """Say which promises a run broke; nobody may be lost, whatever the limits are."""
    failures = []
    if results["lost"] or results["entered"] != results["sessions"]:
        failures.append(
            f"{results['entered']} of {results['sessions']} entered, {len(results['lost'])} were lost: "
            + "; ".join(results["lost"][:5])
        )
    failures += [f"a page showed an error: {one}" for one in results["errors_shown"][:5]]
    chapters = {page or "home" for page in PAGES}
    failures += [
        f"nobody moved anything on {name}"
        for name, row in results["pages"].items()
        if name in chapters and not row["rerun"]["count"]
    ]
    waits = {"a rerun": results["rerun"]}
    if "heavy" in results:
        waits["a rerun beside heavy visitors"] = results["heavy"]["rerun_during"]
        if not results["heavy"]["looks"]["count"]:
            failures.append("the heavy visitors did nothing")
    failures += [
        f"p95 of {name} was {row['p95_ms']:.0f} ms, more than {most_ms:.0f}"
        for name, row in waits.items()
        if row["count"] and row["p95_ms"] > most_ms
    ]
    first = results["first"].get("p95_ms", 0.0)
    if first > most_first_ms:
        failures.append(f"p95 of a first page was {first:.0f} ms, more than {most_first_ms:.0f}")
    if results["memory"]["peak_mb"] > most_mb:
        failures.append(
            f"a process took {results['memory']['peak_mb']:.0f} MB, more than {most_mb:.0f}"
        )
    return failures


def grew(minutes_mb: Sequence[float]) -> list[str]:
    """Say whether memory grew: the last quarter of a long run against the second one."""
    quarter = len(minutes_mb) // 4
    if quarter < FEWEST_MINUTES:
        return []
    before, after = (
        statistics.median(part)
        for part in (minutes_mb[quarter : 2 * quarter], minutes_mb[-quarter:])
    )
    if after <= MOST_GROWTH * before:
        return []
    return [f"memory grew from {before:.0f} to {after:.0f} MB"]


def away(killed: dict[str, Any]) -> list[str]:
    """Say what was broken where a process was killed: somebody lost, or away for too long."""
    failures = [f"lost when a process was killed: {one}" for one in killed["lost"][:5]]
    longest = killed["return"].get("max_ms", 0.0) / 1e3
    if not killed["return"]["count"]:
        failures.append("nobody was on the process that was killed")
    if longest > MOST_AWAY:
        failures.append(f"somebody was away for {longest:.1f} s, more than {MOST_AWAY:.0f}")
    return failures


TRACE = re.compile(
    r"^[^\n]*Uncaught app execution$.*?(?=^\d{4}-\d\d-\d\d |\Z)", re.MULTILINE | re.DOTALL
)
"""What Streamlit writes where a page fails."""


@contextlib.contextmanager
def _served(processes: int, heap_care: bool = True) -> Iterator[tuple[str, list[int]]]:
    """Serve the app as `make serve` does; yields its address and the processes that serve.

    The traces of pages that failed are printed at the end.
    """
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "tools.serve", f"--port={port}", f"--processes={processes}"]
    environment = os.environ | {"LSTM_HEAP_CARE": "on" if heap_care else "off"}
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as logs:
        front = subprocess.Popen(
            [*command, f"--logs={logs}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until_healthy(address, front)
            # With one process the command has become it.
            every = [psutil.Process(front.pid), *psutil.Process(front.pid).children()]
            yield address, [one.pid for one in every if "streamlit" in one.cmdline()]
        finally:
            front.terminate()
            front.wait(30)
            for trace in traces(Path(logs)):
                print(trace, file=sys.stderr)


def traces(logs: Path) -> list[str]:
    """Return the traces of pages that failed, from what the processes of the app said."""
    texts = [
        one.read_text(encoding="utf-8", errors="replace") for one in sorted(logs.glob("*.log"))
    ]
    return [match[0] for text in texts for match in TRACE.finditer(text)]


def loop_ms() -> list[float]:
    """Time a loop of a million additions ten times, in ms: how fast and how steady a core is here."""
    times = []
    for _ in range(10):
        begun, total = time.perf_counter(), 0
        for number in range(1_000_000):
            total += number
        times.append(round((time.perf_counter() - begun) * 1e3, 1))
        time.sleep(0.2)
    return sorted(times)


def conditions(module: str) -> dict[str, Any]:
    """Say with which command, when and on what something was measured."""
    return {
        "command": shlex.join(["python", "-m", module, *sys.argv[1:]]),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Run what was asked for; returns all that is written."""
    results: dict[str, Any] = {
        **conditions("tools.load"),
        "versions": {name: version(name) for name in PACKAGES},
        "join_s": given.join,
        "seconds": given.seconds,
        "think_s": given.think,
        "processes": given.processes,
        "promise": {
            "rerun_p95_ms": MOST_MS,
            "first_p95_ms": MOST_FIRST_MS,
            "memory_mb": MOST_MB,
            "away_s": MOST_AWAY,
        },
    }
    results["loop_ms"] = loop_ms()
    with _served(given.processes) as (address, servers):
        results |= asyncio.run(crowd(address, servers, given, given.seconds))
    alone = argparse.Namespace(**vars(given) | {"heavy": 0})
    if given.kill:
        with _served(given.processes) as (address, servers):
            run = asyncio.run(crowd(address, servers, alone, given.seconds, kills=True))
        results["killed"] = {key: run[key] for key in ("lost", "cut", "return", "errors_shown")}
    if given.most:
        results["most"] = _most(given)
    if given.compare_heap_care:
        # One behind the other in the same run, and as long as each other.
        results["heap_care"] = {}
        for name, care in (("off", False), ("on", True)):
            with _served(given.processes, care) as (address, servers):
                run = asyncio.run(crowd(address, servers, alone, given.compare_heap_care))
            kept = ("first", "rerun", "memory", "cores_used", "lost")
            results["heap_care"][name] = {key: run[key] for key in kept}
        results["heap_care"]["seconds"] = given.compare_heap_care
    results["loop_ms"] += loop_ms()
    return results


def _most(given: argparse.Namespace) -> dict[str, Any]:
    """Let the crowd grow until p95 of a rerun is over the promise; says the last size that kept it."""
    rows: dict[int, float] = {}
    for sessions in range(STEP, 20 * STEP, STEP):
        fewer = argparse.Namespace(**vars(given) | {"heavy": 0, "sessions": sessions, "join": 15.0})
        with _served(given.processes) as (address, servers):
            run = asyncio.run(crowd(address, servers, fewer, STEP_SECONDS))
        rows[sessions] = run["rerun"]["p95_ms"]
        if rows[sessions] > MOST_MS or run["lost"]:
            break
    return {
        "p95_ms": rows,
        "visitors": max((n for n, ms in rows.items() if ms <= MOST_MS), default=0),
    }


def say(results: dict[str, Any]) -> None:
    """Print what was measured."""
    print(f"{'':14}{'reruns':>8}{'p50':>8}{'p95':>8}{'max':>8}{'first p95':>11}{'KB':>8}  (ms)")
    rows = {"all": results} | results["pages"]
    for name, row in rows.items():
        cells = [row["rerun"].get(key, 0) for key in ("count", "p50_ms", "p95_ms", "max_ms")]
        first = row["first"].get("p95_ms", 0)
        print(
            f"{name:14}"
            + "".join(f"{c:8.0f}" for c in cells)
            + f"{first:11.0f}{row.get('kb', 0):8.1f}"
        )
    for part in ("heavy", "memory", "cores_used", "killed", "most", "heap_care"):
        if part in results:
            print(part, json.dumps(results[part]))


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=300, help="visitors (300)")
    parser.add_argument(
        "--join", type=float, default=30.0, help="seconds within which they come (30)"
    )
    parser.add_argument(
        "--seconds", type=float, default=120.0, help="how long it lasts in all (120)"
    )
    parser.add_argument(
        "--think", type=float, default=10.0, help="seconds between actions, mean (10)"
    )
    parser.add_argument("--heavy", type=int, default=0, help="beside them, from halfway: long work")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="that serve (one a core)"
    )
    parser.add_argument(
        "--kill", action="store_true", help="then do it again and kill one of the processes halfway"
    )
    parser.add_argument(
        "--most", action="store_true", help="then let the crowd grow while the promise is kept"
    )
    parser.add_argument(
        "--compare-heap-care",
        type=float,
        default=0,
        metavar="SECONDS",
        help="then so long without heap care and so long with it",
    )
    parser.add_argument("--out", type=Path, default=None, help="write the results here as JSON")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 where a promise is broken"
    )
    given = parser.parse_args(arguments)
    if given.sessions < 1 or given.seconds <= given.join:
        parser.error("at least one visitor, who stays longer than joining takes")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; returns the exit status."""
    given = _given(arguments)
    # The driver shares the cores with what it measures: it does not stop to collect garbage.
    gc.disable()
    results = measure(given)
    failures = broken(results) + grew(results["memory"]["minutes_mb"])
    if "killed" in results:
        failures += away(results["killed"])
    results["broken_promises"] = failures
    say(results)
    if given.out:
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for one in failures:
        print(f"BROKEN: {one}")
    nobody_lost = not results["lost"] and results["entered"] == results["sessions"]
    return 0 if nobody_lost and not (given.check and failures) else 1


if __name__ == "__main__":
    sys.exit(main())

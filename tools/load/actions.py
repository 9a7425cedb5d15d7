"""Measure what one action costs on every page: ``python -m tools.load.actions --against CHECKOUT``.

A visitor opens a page and moves what it finds there, a fixed number of times and in an order that
the seed decides; the server's processor time, the messages and the bytes of each answer are counted.
With ``--against`` another checkout's app is served by the same packages and measured in turn, page
by page, so that noise hits both.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from tools.load.__main__ import PAGES
from tools.load.visitor import Log, Visitor
from tools.serving import ROOT, serving


@contextlib.contextmanager
def served(checkout: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a checkout's app; yields its address and its process."""
    before = set(psutil.Process().children())
    with serving("app.py", checkout) as address:
        (server,) = set(psutil.Process().children()) - before
        yield address, server


async def acted(
    address: str, server: psutil.Process, page: str, actions: int, seed: int
) -> dict[str, float]:
    """Open a page and act; returns milliseconds of processor time, messages and kB, one an action."""
    log = Log()
    visitor = Visitor(address, log, seed)
    await visitor.enter(page)
    before, begun = sum(server.cpu_times()[:2]), len(log.waits)
    for _ in range(actions):
        await visitor.act()
    used = sum(server.cpu_times()[:2]) - before
    waits = log.waits[begun:]
    await visitor.leave()
    return {
        "cpu_ms": 1e3 * used / actions,
        "messages": statistics.fmean(wait.messages for wait in waits),
        "kb": statistics.fmean(wait.size for wait in waits) / 1e3,
    }


def measure(
    checkouts: dict[str, Path], actions: int, rounds: int, pages: Sequence[str] = PAGES
) -> dict[str, Any]:
    """Measure pages of every checkout, in turn; returns the median of the rounds."""
    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    with contextlib.ExitStack() as stack:
        served_at = {name: stack.enter_context(served(path)) for name, path in checkouts.items()}
        for round_ in range(rounds):
            for page in pages:
                for name, (address, server) in served_at.items():
                    row = asyncio.run(acted(address, server, page, actions, round_))
                    found.setdefault(page or "home", {}).setdefault(name, []).append(row)
    return {
        page: {
            name: {key: round(statistics.median(row[key] for row in rows), 1) for key in rows[0]}
            for name, rows in sides.items()
        }
        for page, sides in found.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.actions", description=__doc__)
    parser.add_argument("--against", type=Path, default=None, help="another checkout, to compare")
    parser.add_argument("--actions", type=int, default=12, help="on each page, a round (12)")
    parser.add_argument("--rounds", type=int, default=3, help="(3)")
    parser.add_argument("--pages", nargs="+", metavar="PAGE", help="these alone; home is the first")
    parser.add_argument("--out", type=Path, default=None, help="write the results here as JSON")
    given = parser.parse_args(arguments)
    checkouts = {"before": given.against.resolve()} if given.against else {}
    asked = ["" if page == "home" else page for page in given.pages or PAGES]
    if unknown := set(asked).difference(PAGES):
        parser.error(f"there is no page {', '.join(sorted(unknown))}")
    pages = measure(checkouts | {"now": ROOT}, given.actions, given.rounds, asked)
    print(f"{'':14}" + "".join(f"{name:>30}" for name in next(iter(pages.values()))))
    for page, sides in pages.items():
        cells = [
            f"{r['cpu_ms']:8.0f} ms {r['messages']:5.0f} {r['kb']:7.0f} kB" for r in sides.values()
        ]
        ratio = (
            f"{sides['now']['cpu_ms'] / max(sides['before']['cpu_ms'], 0.1):8.2f}"
            if "before" in sides
            else ""
        )
        print(f"{page:14}" + "".join(f"{cell:>30}" for cell in cells) + ratio)
    if given.out:
        results = {"actions": given.actions, "rounds": given.rounds, "pages": pages}
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

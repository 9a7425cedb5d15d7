"""Write what `make load` measured into deploy/README.md: ``python -m tools.load.report``."""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path
from typing import Any

from tools.load import room
from tools.load.__main__ import RESULTS
from tools.serving import ROOT

README = ROOT / "deploy" / "README.md"
BUSY = "The machine was busy with something else: on idle cores the times are shorter. "
MISSING = "Not measured yet: `make load`."
HOUR = ROOT / "assets" / "load_hour.json"
IDLE = 0.3
"""Cores that everybody else on the machine may use while it counts as idle."""


def _row(name: str, row: dict[str, float]) -> str:
    cells = (row[key] for key in ("p50_ms", "p95_ms", "max_ms"))
    return (
        f"| {name} | {row['count']:,} | " + " | ".join(f"{cell:,.0f} ms" for cell in cells) + " |"
    )


def load_table(results: dict[str, Any]) -> str:
    """Say what visitors waited for, page by page."""
    used, memory = results["cores_used"], results["memory"]
    lines = ["| | answers | p50 | p95 | longest |", "| --- | --- | --- | --- | --- |"]
    lines += [_row("first page", results["first"]), _row("rerun", results["rerun"])]
    if "heavy" in results:
        heavy = results["heavy"]
        lines += [
            _row("rerun, before the heavy visitors", heavy["rerun_before"]),
            _row("rerun, beside them", heavy["rerun_during"]),
        ]
    lines += [
        _row(f"rerun on {name}", row["rerun"])
        for name, row in results["pages"].items()
        if row["rerun"]["count"]
    ]
    return (
        f"`{results['command']}`, {results['date']}, {results['cores']} cores, Python {results['python']}, "
        f"Streamlit {results['versions']['streamlit']}: {results['sessions']:,} visitors within "
        f"{results['join_s']:.0f} s, {results['think_s']:g} s between two actions on average, "
        f"{len(results['lost'])} lost. {results['processes']} processes served; each took at most "
        f"{memory['peak_mb']:.0f} MB (at the beginning {memory['begun_mb']:.0f} MB; {memory['files_mb']:.0f} MB "
        "are files of packages, which all processes share; those for long work "
        f"{memory['workers_peak_mb']:.0f} MB in all). Together they used {used['server']:.2f} cores, the driver "
        f"{used['driver']:.2f}, everybody else on the machine {used['others']:.2f}. A loop of a million additions in Python took {min(results['loop_ms']):.0f} to "
        f"{max(results['loop_ms']):.0f} ms just before and after: so fast and so steady was a core. p95 of a rerun "
        f"is {results['rerun']['p95_ms'] / statistics.median(results['loop_ms']):.1f} such loops. "
        + _killed(results)
        + _most(results)
        + _promises(results)
        + "\n\n"
        + "\n".join(lines)
    )


def _promises(results: dict[str, Any]) -> str:
    """Say which promises were broken, if any."""
    broken = "; ".join(results["broken_promises"])
    return f"**Promises broken:** {broken}." if broken else "Every promise was kept."


def _killed(results: dict[str, Any]) -> str:
    """Say how long those were away whose process was killed."""
    if "killed" not in results:
        return ""
    back = results["killed"]["return"]
    return (
        f"When one of the processes was killed, {results['killed']['cut']} visitors were on it; they were back "
        f"after {back['p50_ms'] / 1e3:.1f} s (median), the last one after {back['max_ms'] / 1e3:.1f} s, and "
        f"{len(results['killed']['lost'])} were lost. "
    )


def _most(results: dict[str, Any]) -> str:
    """Say how many visitors keep the promise, and what the next size costs."""
    if "most" not in results:
        return ""
    size, ms = list(results["most"]["p95_ms"].items())[-1]
    promise = results["promise"]["rerun_p95_ms"]
    return (
        f"{results['most']['visitors']:,} visitors keep p95 within {promise:.0f} ms (without heavy ones); "
        f"with {int(size):,} it is {ms:,.0f} ms. "
    )


def heap_table(results: dict[str, Any]) -> str:
    """Say what heap care is worth, measured with and without it in one run."""
    if "heap_care" not in results:
        return MISSING
    care = results["heap_care"]
    lines = [
        f"{results['sessions']:,} visitors, {care['seconds']:.0f} s each, one behind the other:\n",
        "| heap care | rerun p50 | rerun p95 | first page p95 | cores | memory |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name} | {row['rerun']['p50_ms']:,.0f} ms | {row['rerun']['p95_ms']:,.0f} ms | "
        f"{row['first']['p95_ms']:,.0f} ms | {row['cores_used']['server']:.2f} | "
        f"{row['memory']['peak_mb']:.0f} MB |"
        for name, row in ((name, care[name]) for name in ("off", "on"))
    ]
    return "\n".join(lines)


def hour_table(results: dict[str, Any]) -> str:
    """Say how a long run went: what its visitors waited for, and whether memory grew."""
    minutes = results["memory"]["minutes_mb"]
    return (
        f"`{results['command']}`, {results['date']}: {results['sessions']:,} visitors for {results['seconds'] / 60:.0f} "
        f"minutes, {results['rerun']['count']:,} reruns, p95 {results['rerun']['p95_ms']:.0f} ms, {len(results['lost'])} "
        f"lost. The larger process took {minutes[0]:.0f} MB at the beginning, {minutes[len(minutes) // 4]:.0f} MB "
        f"after a quarter of the time, {minutes[len(minutes) // 2]:.0f} MB after half of it and {minutes[-1]:.0f} "
        f"MB at the end. " + _promises(results)
    )


def room_table(results: dict[str, Any]) -> str:
    """Say what a class that follows waited for."""
    lines = ["| | answers | p50 | p95 | longest |", "| --- | --- | --- | --- | --- |"]
    names = {
        "votes": "a vote's answer",
        "votes_cut": "of a vote whose line was cut when it was sent",
        "shown": "news of another panel",
        "pages": "the follower's page of it",
        "own": "somebody's own action beside it",
    }
    for run, title in (("lecture", ""), ("killed", ", a process killed")):
        rows = [
            (key, name)
            for key, name in names.items()
            if run in results and results[run][key]["count"]
        ]
        lines += [_row(name + title, results[run][key]) for key, name in rows]
    used = results["lecture"]["cores_used"]
    return (
        f"`{results['command']}`, {results['date']}, {results['cores']} cores: {results['lecture']['followers']:,} followers "
        f"through {results['slides']} slides and {results['asked']} votes, {results['seconds_a_slide']:g} s each. "
        f"{results['processes']} processes served and used {used['server']:.2f} cores together, the driver "
        f"{used['driver']:.2f}, everybody else on the machine {used['others']:.2f}. Each vote was counted once; "
        f"{results['lecture']['lines_lost']} lines were cut while they voted. "
        + ("" if used["others"] <= IDLE else BUSY)
        + _gone(results)
        + _promises(results)
        + "\n\n"
        + "\n".join(lines)
    )


def _gone(results: dict[str, Any]) -> str:
    """Say how soon all were told that their room went with its process."""
    if "killed" not in results:
        return ""
    return (
        "A process without the room was killed during a vote, and every vote counted; when the room's own was "
        f"killed, all were told within {results['killed']['gone']['seconds']:.0f} s that it is no longer open. "
    )


def _found(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def filled(text: str) -> str:
    """Return the README with its blocks as the results files say, or that there are none yet."""
    load = _found(RESULTS)
    for name, block, results in (
        ("load", load_table, load),
        ("room", room_table, _found(room.RESULTS)),
        ("heap", heap_table, load),
        ("hour", hour_table, _found(HOUR)),
    ):
        content = (
            block(results)
            if results
            else MISSING.replace("load", "load-hour" if name == "hour" else "load")
        )
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)"
        text, count = re.subn(pattern, lambda m, s=content: m[1] + s + m[2], text, flags=re.DOTALL)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"deploy/README.md needs one block called {name}")
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")

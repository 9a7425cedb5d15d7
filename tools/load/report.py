"""Write what `make load` measured into deploy/README.md: ``python -m tools.load.report``."""

from __future__ import annotations

import json
import re
import statistics
from typing import Any

from tools.load.__main__ import RESULTS
from tools.serving import ROOT

README = ROOT / "deploy" / "README.md"
MISSING = "Not measured yet: `make load`."


def _row(name: str, row: dict[str, float]) -> str:
    cells = (row[key] for key in ("p50_ms", "p95_ms", "max_ms"))
    return (
        f"| {name} | {row['count']:,} | " + " | ".join(f"{cell:,.0f} ms" for cell in cells) + " |"
    )


def load_table(found: dict[str, Any]) -> str:
    """Say what visitors waited for, page by page."""
    used, memory = found["cores_used"], found["memory"]
    lines = ["| | answers | p50 | p95 | longest |", "| --- | --- | --- | --- | --- |"]
    lines += [_row("first page", found["first"]), _row("rerun", found["rerun"])]
    if "heavy" in found:
        heavy = found["heavy"]
        lines += [
            _row("rerun, before the heavy visitors", heavy["rerun_before"]),
            _row("rerun, beside them", heavy["rerun_during"]),
        ]
    lines += [
        _row(f"rerun on {name}", row["rerun"])
        for name, row in found["pages"].items()
        if row["rerun"]["count"]
    ]
    broken = "; ".join(found["broken_promises"])
    return (
        f"`{found['command']}`, {found['date']}, {found['cores']} cores, Python {found['python']}, "
        f"Streamlit {found['versions']['streamlit']}: {found['sessions']:,} visitors within "
        f"{found['join_s']:.0f} s, {found['think_s']:g} s between two actions on average, "
        f"{len(found['lost'])} lost. {found['processes']} processes served; each took at most "
        f"{memory['peak_mb']:.0f} MB (at the beginning {memory['begun_mb']:.0f} MB; those for long work "
        f"{memory['workers_peak_mb']:.0f} MB in all). Together they used {used['server']:.2f} cores, the driver "
        f"{used['driver']:.2f}, everybody else on the machine {used['others']:.2f}. A loop of a million additions in Python took {min(found['loop_ms']):.0f} to "
        f"{max(found['loop_ms']):.0f} ms just before and after: so fast and so steady was a core. p95 of a rerun "
        f"is {found['rerun']['p95_ms'] / statistics.median(found['loop_ms']):.1f} such loops. "
        + _killed(found)
        + _most(found)
        + (f"**Promises broken:** {broken}." if broken else "Every promise was kept.")
        + "\n\n"
        + "\n".join(lines)
    )


def _killed(found: dict[str, Any]) -> str:
    """Say how long those were away whose process was killed."""
    if "killed" not in found:
        return ""
    back = found["killed"]["return"]
    return (
        f"When one of the processes was killed, {found['killed']['cut']} visitors were on it; they were back "
        f"after {back['p50_ms'] / 1e3:.1f} s (median), the last one after {back['max_ms'] / 1e3:.1f} s, and "
        f"{len(found['killed']['lost'])} were lost. "
    )


def _most(found: dict[str, Any]) -> str:
    """Say how many visitors keep the promise, and what the next size costs."""
    if "most" not in found:
        return ""
    size, ms = list(found["most"]["p95_ms"].items())[-1]
    promise = found["promise"]["rerun_p95_ms"]
    return (
        f"{found['most']['visitors']:,} visitors keep p95 within {promise:.0f} ms (without heavy ones); "
        f"with {int(size):,} it is {ms:,.0f} ms. "
    )


def heap_table(found: dict[str, Any]) -> str:
    """Say what heap care is worth, measured with and without it in one run."""
    if "heap_care" not in found:
        return MISSING
    care = found["heap_care"]
    lines = [
        f"{found['sessions']:,} visitors, {care['seconds']:.0f} s each, one behind the other:\n",
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


def filled(text: str) -> str:
    """Return the README with both blocks as the results file says, or that there is none yet."""
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else None
    for name, block in (("load", load_table), ("heap", heap_table)):
        said = block(found) if found else MISSING
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)"
        text, count = re.subn(pattern, lambda m, s=said: m[1] + s + m[2], text, flags=re.DOTALL)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"deploy/README.md needs one block called {name}")
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")

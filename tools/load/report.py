"""Write what `make load` measured into deploy/README.md: ``python -m tools.load.report``."""

from __future__ import annotations

import json
import re
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
        f"{len(found['lost'])} lost. The server took at most {memory['peak_mb']:.0f} MB (at the beginning "
        f"{memory['begun_mb']:.0f} MB; the processes for long work {memory['workers_peak_mb']:.0f} MB) "
        f"and used {used['server']:.2f} cores, the driver {used['driver']:.2f}, everybody else on the machine "
        f"{used['others']:.2f}. A loop of a million additions in Python took {min(found['loop_ms']):.0f} to "
        f"{max(found['loop_ms']):.0f} ms just before and after: so fast and so steady was a core. "
        + (f"**Promises broken:** {broken}." if broken else "Every promise was kept.")
        + "\n\n"
        + "\n".join(lines)
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

"""Controls that decide how a visitor's table is read; each stands at what the reader finds itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.tables import Assumption, Options, remarkable
from lstm_core.tables.dialects import SIGNS
from lstm_core.tables.sources import LIKELY
from pages._app.bound import Controls
from pages._book.language import mark, say
from pages._book.markdown import plain

FOUND = ""
"""What a control stands at that leaves the choice to the reader."""
PARTS = ("encoding", "separator", "skip", "headings", "sheet")
"""What can be decided of how any table is written; keys of controls end so."""
MOST_ABOVE, MOST_HEADINGS = 60, 3
ENCODINGS = ("utf-8", "utf-16", *LIKELY)
LABELS = {
    "encoding": mark("Encoding"),
    "separator": mark("Between cells"),
    "skip": mark("Lines above the table"),
    "headings": mark("Rows that name columns"),
}


def start(prefix: str) -> dict[str, Any]:
    """Return what the controls of a page stand at to begin with, for its table."""
    return {f"{prefix}_{part}": FOUND for part in PARTS}


def decided(control: Controls, prefix: str, kind: str | None = None) -> Options:
    """Return what the visitor decided of how a table is written."""
    encoding, separator, skip, headings, sheet = (
        str(control.now(f"{prefix}_{part}")) or None for part in PARTS
    )
    above, names = (None if count is None else int(count) for count in (skip, headings))
    return Options(kind, encoding, separator, above, names, sheet)


def is_chosen(control: Controls, key: str) -> bool:
    """Tell whether the visitor, or the address, decided something."""
    return bool(control.now(key) or st.query_params.get(key))


def controls(
    control: Controls, prefix: str, assumptions: Iterable[Assumption], but: Collection[str] = ()
) -> None:
    """Let the visitor decide how the file is written, where the reader is mistaken.

    Args:
        control: of the page.
        prefix: of the controls' keys.
        assumptions: what the reader found.
        but: parts that are asked for elsewhere.
    """
    assumptions = list(assumptions)
    values = {one.name: one.value for one in assumptions}
    if values:
        values.setdefault("skip", 0)
    choices = {
        "encoding": {name: name for name in ENCODINGS},
        "skip": {str(count): str(count) for count in range(MOST_ABOVE + 1)},
        "headings": {str(count): str(count) for count in range(MOST_HEADINGS + 1)},
    }
    columns = st.columns(2, gap="small")
    if "separator" not in but:
        choose_separator(control, prefix, assumptions, place=columns[0])
    for place, (part, options) in enumerate(choices.items(), start=1):
        choose(
            control,
            f"{prefix}_{part}",
            say(LABELS[part]),
            options,
            str(values.get(part, "")),
            place=columns[place % 2],
        )
    if "sheet" in values or is_chosen(control, f"{prefix}_sheet"):
        control.text(f"{prefix}_sheet", say("Sheet"), placeholder=str(values.get("sheet", "")))


def choose_separator(
    control: Controls,
    prefix: str,
    assumptions: Iterable[Assumption],
    first: str = "",
    place: DeltaGenerator | None = None,
) -> None:
    """Let the visitor say what stands between cells."""
    sign = next((one.value for one in assumptions if one.name == "separator"), "")
    options = {name: say(name) for name in SIGNS.values()}
    found = say(SIGNS.get(sign, sign)) if sign else ""
    key = f"{prefix}_separator"
    choose(control, key, say(LABELS["separator"]), options, found, place, first)


def choose(
    control: Controls,
    key: str,
    label: str,
    options: Mapping[str, str],
    found: str = "",
    place: DeltaGenerator | None = None,
    first: str = "",
    **more: Any,
) -> str:
    """Let the visitor choose; the first option leaves it to the reader, and says what that found.

    A choice that the address brings is kept, though the file that it belongs to is not there yet.

    Args:
        control: of the page.
        key: of the control.
        label: what is chosen.
        options: what it is called, by value.
        found: what the reader found, in the language that is spoken.
        place: where it is drawn.
        first: what the first option is called, if it is not "as found".
        more: for Streamlit's widget.
    """
    named = first or (say("as found: {found}", found=found) if found else say("as found"))
    names = {FOUND: named} | dict(options)
    for asked in (control.now(key), st.query_params.get(key)):
        if asked and asked not in names and asked not in names.values():
            names[asked] = asked[:60]
    spelling = names.__getitem__
    chosen: str = control.select(key, label, names, place=place, format_func=spelling, **more)
    return chosen


def told(assumptions: Iterable[Assumption]) -> str:
    """List in Markdown what was assumed that not everybody expects, a line each.

    What is asked is no assumption yet.
    """
    answered = (one for one in remarkable(assumptions) if not one.asked)
    lines = (plain(" ".join(say(one.sentence).split())) for one in answered)
    return "\n".join(f"- {line}" for line in lines)

"""Controls whose values stand in the address, with the defaults of their chapter's table.

A chapter lists its controls once, by key, with what they stand at to begin with (``START`` in its
``lesson.py``). ``Controls`` makes the widgets from that table: the key is the name in the address,
and what stands at its default is left out there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._book.language import decimal, say

Option = TypeVar("Option")
Changed = Callable[[], None]


class Controls:
    """The controls of a page.

    Every method takes the key of a control and its label, in the language that is spoken, and
    returns its value. ``place`` is the column or container that it is drawn in; ``start`` is what
    it stands at to begin with, where other choices decide that and the table cannot; ``more`` goes
    to Streamlit's widget as it is.
    """

    def __init__(self, start: Mapping[str, Any]) -> None:
        """Take the chapter's table: what each control stands at to begin with, by its key."""
        self._start = start

    def values(self) -> dict[str, Any]:
        """Return what all controls of the table stand at; those that are not drawn at their start."""
        return {key: st.session_state.get(key, value) for key, value in self._start.items()}

    def now(self, key: str) -> Any:
        """Return what a control stands at, whether it is drawn or not."""
        return st.session_state.get(key, self._start[key])

    def asked(self) -> dict[str, Any]:
        """Return what all controls will stand at, before those of the address are drawn."""
        values = self.values()
        for key in values.keys() & st.query_params.keys() - st.session_state.keys():
            values[key] = _read_as(values[key], st.query_params[key])
        return values

    def is_changed(self, key: str) -> bool:
        """Whether a control stands elsewhere than at its start."""
        return bool(self.now(key) != self._start[key])

    def slider(
        self,
        key: str,
        label: str,
        least: Any,
        most: Any,
        *,
        step: Any = None,
        start: Any = None,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> Any:
        """Let the visitor move a number between two ends; its kind is that of the default.

        Other controls may narrow the range, so that the default is brought into it.
        """
        start = self._start[key] if start is None else start
        if isinstance(start, int | float):
            start = min(max(start, least), most)
        return (place or st).slider(
            label,
            least,
            most,
            start,
            step=step,
            key=key,
            bind="query-params",
            persist_state="page",
            **more,
        )

    def scale(
        self,
        key: str,
        label: str,
        stops: Sequence[float],
        *,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> float:
        """Let the visitor move a number along uneven stops, so that what matters has most of the way.

        A number of the address, or of a preset, that is none of the stops becomes one if it lies
        between the first and the last.
        """
        names = {float(stop): decimal(float(stop), "g") for stop in stops}
        for asked in (st.session_state.get(key), st.query_params.get(key)):
            try:
                value = float(str(asked).replace(",", "."))
            except (TypeError, ValueError):
                continue
            if min(stops) <= value <= max(stops):
                # The address keeps the spelling that it came with.
                names[value] = (
                    asked if isinstance(asked, str) else names.get(value, decimal(value, "g"))
                )
        chosen: Any = (place or st).select_slider(
            label,
            sorted(names),
            self._start[key],
            key=key,
            format_func=lambda stop: names[float(stop)],
            bind="query-params",
            persist_state="page",
            **more,
        )
        return float(chosen)

    def number(
        self,
        key: str,
        label: str,
        least: Any,
        most: Any,
        *,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> Any:
        """Let the visitor type a number; an address that says NaN gets the default."""
        typed = st.session_state.get(key)
        if isinstance(typed, float) and not math.isfinite(typed):
            st.session_state[key] = self._start[key]
        start: Any = self._start[key]
        return (place or st).number_input(
            label, least, most, start, key=key, bind="query-params", persist_state="page", **more
        )

    def positive(self, key: str, label: str, most: float, step: float = 0.5, **more: Any) -> float:
        """Let the visitor type a number above 0."""
        return float(self.number(key, label, 1e-6, most, step=step, format="%g", **more))

    def choice(
        self,
        key: str,
        label: str,
        options: Sequence[Option],
        *,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> Option:
        """Let the visitor choose one of a few options, all of them in sight."""
        start: Any = self._start[key]
        chosen: Option = (place or st).segmented_control(
            label, options, default=start, key=key, bind="query-params", required=True, **more
        )
        return chosen if chosen is not None else start

    def select(
        self,
        key: str,
        label: str,
        options: Iterable[Option],
        *,
        start: Option | None = None,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> Option:
        """Let the visitor choose one of many options from a list."""
        listed = list(options)
        start = self._start[key] if start is None else start
        index = listed.index(start) if start in listed else 0
        chosen: Any = (place or st).selectbox(
            label, listed, index, key=key, bind="query-params", persist_state="page", **more
        )
        return chosen if chosen is not None else listed[index]

    def several(
        self,
        key: str,
        label: str,
        options: Sequence[Option],
        *,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> list[Option]:
        """Let the visitor choose any number of options."""
        start: Any = self._start[key]
        return (place or st).pills(
            label,
            options,
            selection_mode="multi",
            default=start or None,
            key=key,
            bind="query-params",
            persist_state="page",
            **more,
        )

    def switch(
        self, key: str, label: str, *, place: DeltaGenerator | None = None, **more: Any
    ) -> bool:
        """Let the visitor switch something on or off."""
        return bool(
            (place or st).toggle(
                label,
                bool(self._start[key]),
                key=key,
                bind="query-params",
                persist_state="page",
                **more,
            )
        )

    def text(
        self,
        key: str,
        label: str,
        *,
        start: str | None = None,
        place: DeltaGenerator | None = None,
        **more: Any,
    ) -> str:
        """Let the visitor type a line."""
        return str(
            (place or st).text_input(
                label,
                str(self._start[key]) if start is None else start,
                key=key,
                bind="query-params",
                persist_state="page",
                **more,
            )
        )

    def area(
        self, key: str, label: str, *, place: DeltaGenerator | None = None, **more: Any
    ) -> str:
        """Let the visitor type a text of several lines."""
        return str(
            (place or st).text_area(
                label,
                str(self._start[key]),
                key=key,
                bind="query-params",
                persist_state="page",
                **more,
            )
        )

    def units(self, key: str, count: int, *, place: DeltaGenerator | None = None) -> int:
        """Let the visitor choose the unit whose numbers are shown, from 0; of one there is no choice."""
        if count == 1:
            return 0
        keep_within(key, 1, count)
        return int(self.slider(key, say("Unit shown"), 1, count, place=place)) - 1

    def size_and_seed(self, prefix: str, most: int) -> tuple[int, int, int]:
        """Let the visitor choose units, seed and the unit in front, side by side.

        Their keys are ``prefix`` with ``_units``, ``_seed`` and ``_unit``; the unit counts from 0.
        """
        left, middle, right = st.columns(3, gap="medium")
        units = int(self.slider(f"{prefix}_units", say("Units"), 1, most, place=left))
        seed = int(self.number(f"{prefix}_seed", say("Seed"), 0, 9999, place=middle))
        return units, seed, self.units(f"{prefix}_unit", units, place=right)


def keep_within(key: str, low: float, high: float) -> None:
    """Bring a widget's stored number into its range, which other controls may have narrowed."""
    value = st.session_state.get(key)
    if isinstance(value, int | float):
        st.session_state[key] = type(value)(min(max(value, low), high))


def _read_as(start: object, written: str) -> object:
    """Read what an address says of a control whose default is ``start``; as it is if it is none."""
    if isinstance(start, bool):
        return written.lower() == "true"
    try:
        return float(written) if isinstance(start, int | float) else written
    except ValueError:
        return written

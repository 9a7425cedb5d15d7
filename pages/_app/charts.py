"""Figures on a page: in the app's look, with a text alternative, and offered as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages._app.assets import asset
from pages._app.downloads import safe_table
from pages._book.drawn import Drawn, parts_of
from pages._book.language import decimal, say
from pages._book.style import enlarged

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

LARGER = 1.3
"""So much larger is the type of figures in lecture mode, on a screen of 1280 × 720 points."""


SIZES = {700: "tallest", 480: "tall", 0: "chart"}
"""How much of the screen a figure gets in lecture mode, by its points in height on a page."""


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
  // The drawing is made by the chapters' figures, which escapes whatever a visitor typed.
  parentElement.querySelector("#drawing").innerHTML = data;
}
""",
)


_FRAMES = st.components.v2.component(
    "frames",
    html="<div></div>",
    js=asset("frames.js"),
)


def chart(figure: Drawn, key: str, alt: str, rested: Callable[[int], None] | None = None) -> None:
    """Draw a figure in the app's own look, with its text alternative, and offer it as a file.

    In lecture mode it is larger, and as tall as the screen leaves room for, but not on a phone. One
    that has frames is stepped and played by the keys of the page.

    Args:
        figure: made of the app's own look.
        key: of the chart.
        alt: the figure in words.
        rested: is called with the frame, from 0, at which the visitor has stopped the slider.
    """
    config = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
    _, layout, frames = parts_of(figure)
    projection = st.session_state.get("projection", 1.0)
    if st.session_state.get("lecturing") and projection:
        height = layout.get("height") or 0
        size = next(name for least, name in SIZES.items() if height >= least)
        shown = enlarged(figure, projection * LARGER)
        with st.container(key=f"{size}_{key}"):
            st.plotly_chart(shown, theme=None, key=key, alt=alt, config=config, height="stretch")
    else:
        st.plotly_chart(figure, theme=None, key=key, alt=alt, config=config, height="stretch")
    if frames:
        _steps_by_keys(key, rested)
    with st.popover(
        "",
        icon=":material/download:",
        type="tertiary",
        key=f"{key}_save",
        on_change="rerun",
        help=say("Save this figure"),
    ) as save:
        # A closed one stays empty, so that it costs nothing when a slider moves.
        if not save.open:
            return
        labels = {"png": say("Picture (PNG)"), "svg": say("Picture (SVG)")}
        _PICTURE(data={"chart": key, "labels": labels}, key=f"{key}_picture")
        st.download_button(
            say("Page that moves by itself (HTML)"),
            lambda: figure.to_html(include_plotlyjs=True, config=config),
            f"{key}.html",
            "text/html",
            key=f"{key}_html",
            on_click="ignore",
        )
        st.download_button(
            say("Its data (CSV)"),
            lambda: safe_table(drawn(figure)).to_csv(index=False),
            f"{key}.csv",
            "text/csv",
            key=f"{key}_drawn",
            on_click="ignore",
        )


def _steps_by_keys(key: str, rested: Callable[[int], None] | None) -> None:
    """Let the keys of the page step the slider of a figure, and tell where it comes to rest."""

    def tell() -> None:
        if rested is not None:
            rested(int(st.session_state[f"{key}_frames"]["rested"]["frame"]))

    _FRAMES(
        data={"chart": key, "tells": rested is not None},
        key=f"{key}_frames",
        on_rested_change=tell,
    )


def numbered(frame: pd.DataFrame, spec: str) -> Styler:
    """Write the numbers of a table with the signs of the language that is spoken; they sort as numbers.

    Streamlit alone writes them as the browser's own language does.
    """

    def written(value: Any) -> str:
        return decimal(value, spec)

    return frame.style.format(written, subset=frame.select_dtypes("float").columns)


def percentage(label: str) -> ColumnConfig:
    """Return the look of a column of percentages, whole ones, which look the same in every language."""
    return st.column_config.ProgressColumn(
        label, format="%.0f %%", min_value=0, max_value=100, width=150
    )


def drawn(figure: Drawn) -> dict[str, list[object]]:
    """Return every point of a figure, a row each: its trace, its place and what it says."""
    rows: dict[str, list[object]] = {"trace": [], "x": [], "y": [], "z": []}
    # Not ``figure.data``: the figure may be everybody's, and that would build it while others send it.
    for place, trace in enumerate(parts_of(figure).data):
        xs, ys, zs = (trace.get(axis) for axis in "xyz")
        name = trace.get("name") or f"trace {place + 1}"
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


def show_drawing(svg: str, key: str, saved: str = "") -> None:
    """Show an SVG drawing of our own, which ``st.html`` would strip, and offer it as a file.

    Args:
        svg: what is shown.
        key: of the drawing.
        saved: what the file holds, if that is something else.
    """
    _DRAWING(data=svg, key=key)
    with st.popover(
        "",
        icon=":material/download:",
        type="tertiary",
        key=f"{key}_save",
        on_change="rerun",
        help=say("Save this drawing"),
    ) as save:
        if save.open:
            st.download_button(
                say("Picture (SVG)"),
                saved or svg,
                f"{key}.svg",
                "image/svg+xml",
                on_click="ignore",
                key=f"{key}_svg",
            )

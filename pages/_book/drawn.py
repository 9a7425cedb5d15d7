"""Figures as plain dictionaries: Plotly checks them in the tests, and not each time one is shown."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.basedatatypes import BasePlotlyType

WITH_UNDERSCORES = {"paper_bgcolor", "plot_bgcolor", "error_x", "error_y"}
"""Names of Plotly's that have an underscore; in all others it stands between two names."""

NEVER_ENCODED = {"base"}
"""Lists that Plotly's validation leaves as they are, where it encodes all others."""

TYPES = {"i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"}
"""The kinds of numbers that Plotly's scripts know."""


class Parts(NamedTuple):
    """What a figure is made of, as Plotly's own dictionaries."""

    data: list[Any]
    layout: dict[str, Any]
    frames: list[Any]


class Frames(list[dict[str, Any]]):
    """Frames that several figures share: they are laid out and encoded once for all of them."""

    laid_out: Frames | None = None
    as_sent: list[Any] | None = None


class Drawn(go.Figure):  # type: ignore[misc]
    """A figure that is sent as it was drawn.

    Plotly builds objects of a figure and checks every number of it, which takes longer than all of
    the drawing. This one does so when its parts are asked for, as the tests do; ``to_dict``, which
    is what Streamlit sends, does without.
    """

    def __init__(
        self,
        data: Iterable[Any] | Mapping[str, Any] = (),
        layout: Mapping[str, Any] | None = None,
        frames: Iterable[Any] = (),
        **_: Any,
    ) -> None:
        """Take traces, layout and frames as ``go.Figure`` does, dictionaries or objects."""
        if isinstance(data, Mapping) and "type" not in data:
            # A copy is made from what ``to_dict`` returned.
            layout, frames = data.get("layout"), data.get("frames", ())
            data = data.get("data", ())
        alone = isinstance(data, Mapping | BasePlotlyType)
        traces: Any = [data] if alone else list(data or ())
        drawn_frames = frames if isinstance(frames, Frames) else list(frames or ())
        self._drawn: Parts | None = Parts(traces, dict(layout or {}), drawn_frames)
        self._laid_out: Parts | None = None
        self._as_sent: Parts | None = None

    @classmethod
    def of(cls, parts: Parts) -> Drawn:
        """Make a figure of parts as ``parts_of`` returns them: nobody looks through them again."""
        figure = cls(*parts)
        layout = {name: one for name, one in parts.layout.items() if one is not None}
        figure._laid_out = parts._replace(layout=layout)
        return figure

    def __getattr__(self, name: str) -> Any:
        """Build the figure when somebody asks for what only a figure that is built has.

        Plotly's properties ask for names of its own. Any other name is only tried by somebody, such
        as ``nbytes`` by a cache, and is no reason to build.
        """
        drawn = self.__dict__.get("_drawn")
        if drawn is None or not name.startswith("_") or name.startswith("__"):
            raise AttributeError(name)
        self._drawn = None
        go.Figure.__init__(self, *drawn)
        return getattr(self, name)

    def add_scatter(self, **trace: Any) -> Drawn:
        """Add a line or points."""
        self._parts.data.append({"type": "scatter", **trace})
        return self

    def add_annotation(self, **note: Any) -> Drawn:
        """Add words, with an arrow if nothing else is said."""
        return self._added("annotations", note)

    def add_shape(self, **shape: Any) -> Drawn:
        """Add a line or an area."""
        return self._added("shapes", shape)

    def add_vline(self, x: float, **look: Any) -> Drawn:
        """Add a line over the whole height."""
        ends = {"x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "y domain"}
        return self.add_shape(type="line", **ends, **look)

    def add_hline(self, y: float, **look: Any) -> Drawn:
        """Add a line over the whole width."""
        ends = {"x0": 0, "x1": 1, "y0": y, "y1": y, "xref": "x domain", "yref": "y"}
        return self.add_shape(type="line", **ends, **look)

    def update_xaxes(self, **axis: Any) -> Drawn:
        """Change the horizontal axis."""
        return self.update_layout(xaxis=axis)

    def update_yaxes(self, **axis: Any) -> Drawn:
        """Change the vertical axis."""
        return self.update_layout(yaxis=axis)

    def update_layout(self, **changes: Any) -> Drawn:
        """Change some of the layout, and leave the rest."""
        parts = self._parts
        self._drawn = parts._replace(layout=merged(nested(parts.layout), nested(changes)))
        return self

    def _added(self, name: str, one: dict[str, Any]) -> Drawn:
        layout = self._parts.layout
        layout[name] = [*layout.get(name, []), one]
        return self

    @property
    def _parts(self) -> Parts:
        """The parts of a figure that nobody has looked into yet; they are about to be changed."""
        if self._drawn is None:
            raise ValueError("this figure is built, and is changed no more")
        self._laid_out = self._as_sent = None
        return self._drawn

    def to_dict(self) -> dict[str, Any]:
        """Return what is sent, arrays as Plotly encodes them."""
        drawn = self._drawn
        if drawn is None:
            return dict(go.Figure.to_dict(self))
        if self._as_sent is None:
            # Visitors share figures: what is sent is made once for all of them.
            self._as_sent = Parts(*map(_encoded, _laid_out(self, drawn)))
        data, layout, frames = self._as_sent
        return {"data": data, "layout": dict(layout)} | ({"frames": frames} if frames else {})


def parts_of(figure: go.Figure) -> Parts:
    """Return a figure's traces, layout and frames, the arrays in them as they are.

    ``to_dict`` would encode arrays, and what is not checked again stays encoded. Entries of the
    layout may be replaced; what they hold belongs to the figure.
    """
    if isinstance(figure, Drawn) and figure._drawn is not None:
        data, layout, frames = _laid_out(figure, figure._drawn)
        return Parts(list(data), dict(layout), list(frames))
    traces, frames = (
        [part.to_plotly_json() for part in parts] for parts in (figure.data, figure.frames)
    )
    return Parts(traces, figure.layout.to_plotly_json(), frames)


def _laid_out(figure: Drawn, drawn: Parts) -> Parts:
    """Return the parts of a figure that is not built, every name for itself; made once."""
    laid_out: Parts = figure._laid_out or Parts(*map(nested, drawn))
    figure._laid_out = laid_out
    return laid_out


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one nested dictionary over another."""
    both = dict(under)
    for key, value in over.items():
        is_nested = isinstance(value, dict) and isinstance(under.get(key), dict)
        both[key] = merged(under[key], value) if is_nested else value
    return both


def nested(part: Any) -> Any:
    """Return a part of a figure with every name for itself, ``font_size`` as a size within a font."""
    if isinstance(part, BasePlotlyType):
        return part.to_plotly_json()
    if isinstance(part, Frames):
        if part.laid_out is None:
            part.laid_out = Frames(map(nested, part))
            part.laid_out.laid_out = part.laid_out
        return part.laid_out
    if isinstance(part, list | tuple):
        # Most lists are long and of numbers or words.
        is_flat = not part or isinstance(part[0], str | float | int | None)
        return list(part) if is_flat else [nested(one) for one in part]
    if not isinstance(part, dict):
        return part
    made: dict[str, Any] = {}
    for name, value in part.items():
        if value is None:
            continue
        outer, _, inner = name.partition("_")
        if inner and name not in WITH_UNDERSCORES:
            inside = made.setdefault(outer, {})
            inside |= nested({inner: value})
        elif isinstance(value, dict):
            made[name] = made.get(name, {}) | nested(value)
        elif name == "title" and isinstance(value, str):
            made[name] = {"text": value}
        else:
            made[name] = nested(value)
    return made


def _encoded(part: Any) -> Any:
    """Return a nested part of a figure as it is sent, arrays of numbers in base64."""
    if isinstance(part, Frames):
        if part.as_sent is None:
            part.as_sent = [_encoded(one) for one in part]
        return part.as_sent
    if isinstance(part, dict):
        return {
            name: value.tolist()
            if name in NEVER_ENCODED and isinstance(value, np.ndarray)
            else _encoded(value)
            for name, value in part.items()
        }
    if isinstance(part, np.ndarray):
        return _in_base64(part)
    if isinstance(part, Sequence) and part and isinstance(part[0], dict | list | np.ndarray):
        return [_encoded(one) for one in part]
    return part


def _in_base64(array: NDArray[Any]) -> Any:
    """Write an array as Plotly's scripts read it, (dtype, bdata, shape); a list if it has no numbers."""
    if array.dtype == np.int64 and array.size:
        # They know no whole numbers of eight bytes.
        fits = (np.int8, np.int16, np.int32)
        low, high = array.min(), array.max()
        smaller = (one for one in fits if np.iinfo(one).min <= low and high <= np.iinfo(one).max)
        array = array.astype(next(smaller, np.float64))
    name = array.dtype.str[1:]
    if name not in TYPES or not array.size:
        return array.tolist()
    spec: dict[str, Any] = {
        "dtype": name,
        "bdata": base64.b64encode(array.tobytes()).decode("ascii"),
    }
    return spec if array.ndim == 1 else spec | {"shape": ", ".join(map(str, array.shape))}

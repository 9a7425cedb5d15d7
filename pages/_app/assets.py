"""The app's own files: scripts and styles that go to the browser."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"


@cache
def asset(*names: str) -> str:
    """Read files of the app's own, one behind the other."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)


class Style:
    """Style rules, as ``st.html`` takes them at once: other text it looks through first."""

    def __init__(self, css: str) -> None:
        self._html = f"<style>{css}</style>"

    def _repr_html_(self) -> str:
        return self._html


@cache
def sheet(*names: str) -> Style:
    """Return style sheets of the app's own, one behind the other, for ``st.html``."""
    return Style(asset(*names))


@cache
def picture(name: str) -> str:
    """Return a small picture of the app's own, PNG, as an address that holds all of it."""
    return "data:image/png;base64," + base64.b64encode((ASSETS / name).read_bytes()).decode()

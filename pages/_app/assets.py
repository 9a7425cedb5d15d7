"""The app's own files: scripts and styles that go to the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"


@cache
def asset(*names: str) -> str:
    """Read files of the app's own, one behind the other."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)

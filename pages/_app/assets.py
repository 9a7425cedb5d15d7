"""The app's own files: scripts and styles that go to the browser."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"


def asset(*names: str) -> str:
    """Read files of the app's own, one behind the other."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)

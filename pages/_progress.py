"""What a visitor has reached in this session: questions answered, quests done, tours walked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import streamlit as st

LONGEST = 100_000
"""A file of progress has at most so many bytes."""


def achieved() -> dict[str, str]:
    """Return what was reached, by name, with its time."""
    kept: dict[str, str] = st.session_state.setdefault("achieved", {})
    return kept


def achieve(name: str) -> bool:
    """Keep that something was reached; returns whether it is new."""
    if name in achieved():
        return False
    achieved()[name] = datetime.now(UTC).isoformat(timespec="seconds")
    return True


def exported() -> str:
    """Return the progress as a file to keep."""
    return json.dumps({"inside-an-lstm": 1, "achieved": achieved()}, indent=2)


def bring_back(content: bytes, known: set[str]) -> int:
    """Add what a kept file says was reached, as far as it is known; returns how much it was.

    Raises:
        ValueError: if this is no such file.
    """
    if len(content) > LONGEST:
        raise ValueError
    read = json.loads(content)
    kept = read.get("achieved") if isinstance(read, dict) else None
    if not isinstance(kept, dict) or not all(isinstance(time, str) for time in kept.values()):
        raise ValueError
    found = {name: time[:25] for name, time in kept.items() if name in known}
    achieved().update(found)
    return len(found)

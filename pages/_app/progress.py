"""What a visitor has reached in this session: questions answered, quests done, tours walked."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import streamlit as st

from pages._book.chapters import CHAPTERS
from pages._book.language import plural, say

NAME = re.compile(
    rf"({'|'.join(chapter.path for chapter in CHAPTERS)})/(question/[1-9]|quest/[\w-]{{1,40}}|tour)"
)
"""The names of what can be reached: a page's questions, its quests and its tour."""
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


def bring_back(content: bytes) -> int:
    """Add what a kept file says was reached, as far as the app knows of it; returns how much.

    Raises:
        ValueError: if this is no such file.
    """
    if len(content) > LONGEST:
        raise ValueError
    try:
        read = json.loads(content)
    except RecursionError:
        raise ValueError from None
    kept = read.get("achieved") if isinstance(read, dict) else None
    if not isinstance(kept, dict) or not all(isinstance(time, str) for time in kept.values()):
        raise ValueError
    achievements = {name: time[:25] for name, time in kept.items() if NAME.fullmatch(name)}
    achieved().update(achievements)
    return len(achievements)


def by_chapter() -> dict[str, list[str]]:
    """Return what was reached on each page, by the page's address."""
    pages: dict[str, list[str]] = {chapter.path: [] for chapter in CHAPTERS}
    for name in achieved():
        pages[name.partition("/")[0]].append(name.partition("/")[2])
    return pages


def in_words(reached: list[str]) -> str:
    """Say what was reached on a page."""
    kinds = [name.partition("/")[0] for name in reached]
    parts = [
        plural("one question answered", "{count} questions answered", kinds.count("question")),
        plural("one quest done", "{count} quests done", kinds.count("quest")),
        say("tour walked"),
    ]
    present = [kinds.count(kind) > 0 for kind in ("question", "quest", "tour")]
    return ", ".join(part for part, there in zip(parts, present, strict=True) if there)


def summary() -> str:
    """Say what was reached in all."""
    if not achieved():
        return say(
            "Nothing yet. Each page asks questions about what is on the screen, sets quests that it "
            "checks itself, and offers a tour; what you reach is kept until this tab is reloaded or closed."
        )
    every = [name for names in by_chapter().values() for name in names]
    return say(
        "So far: {reached}. It is kept until this tab is reloaded or closed; download it to keep it longer.",
        reached=in_words(every),
    )

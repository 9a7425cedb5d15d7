"""What a visitor is told whose long work takes turns with that of others."""

from __future__ import annotations

from pages._book.language import plural, say


def standing(before: int) -> str:
    """Say in one line whether it is computed now, or how many visitors are before it."""
    if before:
        return plural(
            "Waiting for a turn: {count} visitor is before you.",
            "Waiting for a turn: {count} visitors are before you.",
            before,
        )
    return say("It is being computed now.")

"""Presets: where a page's controls can be put with one click, and what that is claimed to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pages._book.exercises import Step
from pages._book.language import say

Shown = TypeVar("Shown")
Values = Mapping[str, object]
"""What controls stand at, by their keys."""


def _nothing_to_say(_: Any) -> str:
    return ""


@dataclass(frozen=True)
class Preset(Generic[Shown]):
    """Values for a page's controls, and the one claim that they prove.

    Attributes:
        name: marked for translation, as is ``claim``.
        sets: what the controls stand at, by widget key.
        claim: "" where nothing is claimed.
        holds: checks the claim on what is shown; a chapter says what that is.
        evidence: says it with its numbers, in the language that is spoken.
    """

    name: str
    sets: Values
    claim: str = ""
    holds: Callable[[Shown], bool] = field(default=lambda _: True, compare=False)
    evidence: Callable[[Shown], str] = field(default=_nothing_to_say, compare=False)

    def claimed(self, shown: Shown) -> str:
        """Say what is claimed, and whether the numbers on the screen bear it out; Markdown."""
        claim, evidence = say(self.claim), self.evidence(shown)
        if self.holds(shown):
            verdict = say("**Claim.** {text} **✔ holds**", text=claim)
        else:
            verdict = say("**Claim.** {text} **✘ does not hold**", text=claim)
        return f"{verdict}: {evidence}" if evidence else verdict


def by_name(presets: Iterable[Preset[Shown]]) -> dict[str, Preset[Shown]]:
    """List presets by their names, in their order."""
    return {preset.name: preset for preset in presets}


def standing(presets: Mapping[str, Preset[Any]], values: Values) -> str | None:
    """Name the first preset whose values the controls stand at; None if they stand elsewhere.

    Args:
        presets: by their names.
        values: what the controls stand at, by key. Where a player is does not count.
    """
    for name, preset in presets.items():
        wanted = {key: one for key, one in preset.sets.items() if not isinstance(one, Step)}
        if all(key in values and values[key] == one for key, one in wanted.items()):
            return name
    return None

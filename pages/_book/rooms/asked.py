"""What a room is asked: a question, a bet, a sentence's verdict, or a guess on an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pages._book.rooms import forms
from pages._book.rooms.forms import Refused

KINDS = ("question", "bet", "sentence", "guess")
STATES = ("open", "closed", "shown")
ROUNDS = 2
LONGEST_TEXT, LONGEST_CHOICE = 1000, 300
MOST_CHOICES = 8


@dataclass
class Asked:
    """One thing that the room is asked, with what was answered.

    Attributes:
        number: by which it is named; the first one is 1.
        kind: one of ``KINDS``.
        text: the question.
        place: the chapter and the panel that were shown.
        minute: after the room was opened.
        choices: of every kind but a guess.
        right: places of the choices that are right; empty while that is not known.
        feedback: a sentence for each choice, or none.
        mistakes: for each choice what is widely mistaken about it, or None.
        name: of what is guessed.
        low: where the axis of a guess begins, and ``high`` where it ends.
        value: what was to be guessed, if that is known.
        state: one of ``STATES``; only an open one is answered.
        round: from 1; in the second one the same is asked again after a talk.
        votes: for each round the choice of each student, by key.
        guesses: the last one of each student, by key.
    """

    number: int
    kind: str
    text: str
    place: tuple[str, str] = ("", "")
    minute: int = 0
    choices: list[str] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    mistakes: list[dict[str, str] | None] = field(default_factory=list)
    name: str = ""
    low: float = 0.0
    high: float = 1.0
    value: float | None = None
    state: str = "open"
    round: int = 1
    votes: list[dict[str, int]] = field(default_factory=lambda: [{}])
    guesses: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, number: int, sent: object, place: tuple[str, str], minute: int) -> Asked:
        """Read what a lecturer asks.

        Raises:
            Refused: if it is not of the form that the protocol describes.
        """
        given = forms.record(sent)
        one = cls(number, forms.among(given.get("kind"), KINDS), "", place, minute)
        one.text = forms.text(given.get("text"), LONGEST_TEXT)
        if one.kind == "guess":
            one.name = forms.text(given.get("name", ""), LONGEST_CHOICE, least=0)
            one.low, one.high = forms.number(given.get("low")), forms.number(given.get("high"))
            if not one.low < one.high:
                raise Refused("form")
            one.value = forms.maybe(given.get("value"), forms.number)
            return one
        one.choices = forms.items(
            given.get("choices"), lambda each: forms.text(each, LONGEST_CHOICE), MOST_CHOICES, 2
        )
        one.take_right(given.get("right", []))
        one.feedback = forms.items(
            given.get("feedback", []),
            lambda each: forms.text(each, LONGEST_TEXT, least=0),
            MOST_CHOICES,
        )
        one.mistakes = forms.items(
            given.get("mistakes", []), lambda each: forms.maybe(each, _mistake), MOST_CHOICES
        )
        for beside in (one.feedback, one.mistakes):
            if beside and len(beside) != len(one.choices):
                raise Refused("form")
        return one

    def take_right(self, right: object) -> None:
        """Learn which choices are right.

        Raises:
            Refused: if there are no such choices.
        """
        last = len(self.choices) - 1
        self.right = forms.items(right, lambda each: forms.whole(each, 0, last), MOST_CHOICES)

    @property
    def is_guess(self) -> bool:
        """Whether numbers are answered."""
        return self.kind == "guess"

    @property
    def counts(self) -> list[int]:
        """How many have answered, round by round."""
        return [len(self.guesses)] if self.is_guess else [len(votes) for votes in self.votes]

    @property
    def bars(self) -> list[list[int]] | None:
        """The votes for each choice, round by round."""
        if self.is_guess:
            return None
        return [
            [
                sum(choice == place for choice in votes.values())
                for place in range(len(self.choices))
            ]
            for votes in self.votes
        ]

    @property
    def cloud(self) -> list[float] | None:
        """All guesses, sorted."""
        return sorted(self.guesses.values()) if self.is_guess else None

    def vote(self, key: str, choice: int) -> dict[str, Any]:
        """Count a student's vote, once a round; says which one counts, and whether it is this one.

        Raises:
            Refused: "form" if there is no such choice.
        """
        forms.whole(choice, 0, len(self.choices) - 1)
        votes = self.votes[-1]
        first = key not in votes
        return {"choice": votes.setdefault(key, choice), "first": first}

    def guess(self, key: str, value: float) -> dict[str, Any]:
        """Keep a student's guess, within the axis; the last one counts."""
        self.guesses[key] = min(max(value, self.low), self.high)
        return {"value": self.guesses[key]}

    def mine(self, key: str) -> dict[str, Any] | None:
        """Return what a student has answered in this round, if anything."""
        answer: dict[str, Any] = {"ask": self.number, "round": self.round}
        if self.is_guess:
            return answer | {"value": self.guesses[key]} if key in self.guesses else None
        return answer | {"choice": self.votes[-1][key]} if key in self.votes[-1] else None

    def ask_again(self) -> None:
        """Open the second round.

        Raises:
            Refused: "late" if there was one, or the first one is open; "form" if it is a guess.
        """
        if self.is_guess:
            raise Refused("form")
        if self.round >= ROUNDS or self.state == "open":
            raise Refused("late")
        self.round += 1
        self.state = "open"
        self.votes.append({})

    def for_all(self, drives: bool) -> dict[str, Any]:
        """Say what all may see of it now.

        Args:
            drives: whether it is for the lecturer, who sees while it is open how many have answered.
        """
        is_shown, is_open = self.state == "shown", self.state == "open"
        message: dict[str, Any] = {
            "id": self.number,
            "kind": self.kind,
            "state": self.state,
            "round": self.round,
            "text": self.text,
            "count": self.counts if drives or not is_open else None,
        }
        if self.is_guess:
            message |= {"name": self.name, "low": self.low, "high": self.high}
            message["cloud"] = None if is_open else self.cloud
            return message | ({"value": self.value} if is_shown else {})
        # The bars of a question would give its answer away.
        message |= {"choices": self.choices}
        message["bars"] = (
            self.bars if is_shown or (self.kind != "question" and not is_open) else None
        )
        return message | (self._answer() if is_shown else {})

    def for_the_presenter(self) -> dict[str, Any]:
        """Say what only the presenter sees before it is shown."""
        if self.is_guess:
            return {"cloud": self.cloud, "value": self.value}
        return {"bars": self.bars} | self._answer()

    def _answer(self) -> dict[str, Any]:
        return {"right": self.right, "feedback": self.feedback, "mistakes": self.mistakes}


def _mistake(sent: object) -> dict[str, str]:
    given: Mapping[str, Any] = forms.record(sent)
    parts: Sequence[str] = ("wrong", "right", "evidence", "see")
    return {part: forms.text(given.get(part, ""), LONGEST_TEXT, least=0) for part in parts}

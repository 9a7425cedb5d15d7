"""Tour, quests and questions of the page; their state is what it shows."""

from __future__ import annotations

from pages._book.exercises import Card, Quest
from pages._book.language import mark, say
from pages._book.questions import Question
from pages.example.lesson import START, Shown

TOUR = (
    Card(
        mark("A weight that forgets"),
        mark("The state is multiplied by the weight at each step. **Raise the weight to 1.5.**"),
        sets=START,
        cue="example_weight",
        done=lambda values: (values.get("example_weight") or 0.0) >= 1.5,
    ),
)
QUESTS = (
    Quest[Shown](
        "kept",
        mark("Keep at least half of the input to the end."),
        lambda shown: shown.left >= 0.5,
        lambda shown: say("At the end {left:.3g} is left.", left=shown.left),
        mark("What does tanh do to a state that is multiplied by more than 1?"),
    ),
)


def quiz(shown: Shown) -> tuple[Question, ...]:
    """Ask how much is left."""
    choices = (say("More than a half"), say("Less than a half"))
    right = 0 if shown.left > 0.5 else 1
    fact = say("It is {left:.3g}.", left=shown.left)
    return (Question(say("What is left at the end?"), choices, (right,), (fact, fact)),)

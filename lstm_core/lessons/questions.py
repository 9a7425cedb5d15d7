"""Questions that the app asks back; every answer is computed from what is on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.figures.activations import Chain
from lstm_core.language import say


@dataclass(frozen=True)
class Question:
    """One question with its choices; ``feedback`` has a sentence for each choice.

    ``right`` has more than one place where choices are equally right. ``mistakes`` names, for each
    choice, the misconception that leads to it (a key of ``misconceptions.BY_KEY``), or is "".
    """

    text: str
    choices: tuple[str, ...]
    right: tuple[int, ...]
    feedback: tuple[str, ...]
    mistakes: tuple[str, ...] = ()


def which_keeps_most(products: Chain) -> Question:
    """Ask which activation leaves most of a gradient at the visitor's point."""
    steps = len(products.steps)
    names = tuple(products.left)
    left = [float(products.left[name][-1]) for name in names]
    right = tuple(place for place, amount in enumerate(left) if amount == max(left))
    feedback = tuple(
        say(
            "After {steps} steps {name} leaves {amount:.3g}: each step multiplies by {factor:.4g}.",
            steps=steps, name=name, amount=amount, factor=products.factor[name],
        )
        for name, amount in zip(names, left, strict=True)
    )  # fmt: skip
    text = say(
        "At this point, which of the three leaves most of the gradient after {steps} steps?",
        steps=steps,
    )
    return Question(text, names, right, feedback)

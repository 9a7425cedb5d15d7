"""Questions that the app asks back; every answer is computed from what is on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.figures.activations import Chain


@dataclass(frozen=True)
class Question:
    """One question with its choices; ``feedback`` has a sentence for each choice.

    ``right`` has more than one place where choices are equally right.
    """

    text: str
    choices: tuple[str, ...]
    right: tuple[int, ...]
    feedback: tuple[str, ...]


def which_keeps_most(products: Chain) -> Question:
    """Ask which activation leaves most of a gradient at the visitor's point."""
    steps = len(products.steps)
    names = tuple(products.left)
    left = [float(products.left[name][-1]) for name in names]
    right = tuple(place for place, amount in enumerate(left) if amount == max(left))
    feedback = tuple(
        f"After {steps} steps {name} leaves {amount:.3g}: "
        f"each step multiplies by {products.factor[name]:.4g}."
        for name, amount in zip(names, left, strict=True)
    )
    text = f"At this point, which of the three leaves most of the gradient after {steps} steps?"
    return Question(text, names, right, feedback)

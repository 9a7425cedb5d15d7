"""Tour, quests and questions of the page on activation functions; the state is its ``Chain``."""

from __future__ import annotations

from lstm_core.gradients.chain import Chain
from pages._book.exercises import Card, Quest
from pages._book.language import mark, say
from pages._book.log_axes import readable
from pages._book.questions import Question
from pages.activations.lesson import START

TOUR = (
    Card(
        mark("What squashes"),
        mark(
            "A pre-activation, a sum of weights times inputs, can be any number; an activation function brings "
            "it into a range. The point on the left curve is one. **Move it to 3 or beyond** and see where "
            "the curve goes flat."
        ),
        sets=START,
        cue="x",
        done=lambda values: abs(values.get("x") or 0.0) >= 3,
    ),
    Card(
        mark("What it costs"),
        mark(
            "On the way back the gradient is multiplied by the slope on the right, once a step. Where the "
            "curve is flat, hardly anything passes. **Choose sigmoid**: its slope is at most a quarter."
        ),
        sets=START,
        cue="function",
        done=lambda values: values.get("function") == "sigmoid",
    ),
    Card(
        mark("What brings it back"),
        mark(
            "Each step also multiplies by the recurrent weight w. **Raise w to 4**: now the line of the "
            "sigmoid stays at 1, neither shorter nor longer. This holds at x = 0 only."
        ),
        sets=START | {"function": "sigmoid"},
        cue="w",
        done=lambda values: (values.get("w") or 0.0) >= 4,
    ),
)
QUESTS = (
    Quest[Chain](
        "sigmoid-lives",
        mark("Let a sigmoid keep at least half of a gradient over 20 steps or more."),
        lambda chain: len(chain.steps) >= 20 and chain.left["sigmoid"][-1] >= 0.5,
        lambda chain: say(
            "After {steps} steps the sigmoid leaves {left}.",
            steps=len(chain.steps), left=readable(float(chain.left["sigmoid"][-1])),
        ),
        mark("Its slope is at most 1/4; what else does each step multiply by?"),
    ),
    Quest[Chain](
        "tanh-explodes",
        mark("Let tanh make a gradient more than a thousand times as large."),
        lambda chain: bool(chain.left["tanh"][-1] > 1000),
        lambda chain: say(
            "After {steps} steps tanh leaves {left}.",
            steps=len(chain.steps), left=readable(float(chain.left["tanh"][-1])),
        ),
        mark("A weight above 1, many steps, and a point where tanh is steep."),
    ),
)  # fmt: skip


def quiz(chain: Chain) -> tuple[Question, ...]:
    """Ask which function keeps most, whether the chain grows, and what doubling the steps leaves.

    What is plain to see is not asked: a chain that is 0 from the first step on, or that stays 1.
    """
    questions = [which_keeps_most(chain), _grows_or_fades(chain)]
    if 0 < chain.left["sigmoid"][-1] != 1:
        questions.append(_twice_the_steps(chain))
    return tuple(questions)


def _grows_or_fades(chain: Chain) -> Question:
    factor = abs(chain.factor["tanh"])
    text = say(
        "With this x and this w: does the gradient that goes back through tanh grow or shrink?"
    )
    choices = (say("It grows"), say("It shrinks"), say("It keeps its size"))
    right = 0 if factor > 1 else 1 if factor < 1 else 2
    fact = say("One step multiplies by |w · tanh′(x)| = {factor:.4g}.", factor=factor)
    return Question(text, choices, (right,), (fact, fact, fact), ("", "sigmoid-blamed", ""))


def _twice_the_steps(chain: Chain) -> Question:
    steps, factor = len(chain.steps), abs(chain.factor["sigmoid"])
    left = factor**steps
    text = say(
        "After {steps} steps the sigmoid leaves {left} of the gradient. And after twice as many?",
        steps=steps,
        left=readable(left),
    )
    choices = (say("Half of that"), say("Its square"), say("The same"))
    fact = say(
        "The factors multiply: {factor:.3g} to the power of {twice} is {result}.",
        factor=factor,
        twice=2 * steps,
        result=readable(factor ** (2 * steps)),
    )
    return Question(text, choices, (1,), (fact, fact, fact))


def which_keeps_most(products: Chain) -> Question:
    """Ask which activation leaves most of a gradient at the visitor's point."""
    steps = len(products.steps)
    names = tuple(products.left)
    left = [float(products.left[name][-1]) for name in names]
    right = tuple(place for place, amount in enumerate(left) if amount == max(left))
    feedback = tuple(
        say(
            "After {steps} steps {name} leaves {amount}: each step multiplies by {factor:.4g}.",
            steps=steps,
            name=name,
            amount=readable(amount, 3),
            factor=products.factor[name],
        )
        for name, amount in zip(names, left, strict=True)
    )
    text = say(
        "At this point, which of the three leaves most of the gradient after {steps} steps?",
        steps=steps,
    )
    return Question(text, names, right, feedback)

"""Tour, quests and questions of the page on activation functions; the state is its ``Chain``."""

from __future__ import annotations

from lstm_core.figures.activations import Chain
from lstm_core.language import mark, say
from lstm_core.lessons.exercises import Card, Quest
from lstm_core.lessons.questions import Question, which_keeps_most

TOUR = (
    Card(
        mark("What squashes"),
        mark(
            "A sum of weights times inputs can be any number; an activation function brings it into a "
            "range. The point on the left curve is one such sum. **Move it to 3 or beyond** and watch "
            "the curve go flat."
        ),
        sets={"function": "tanh", "x": 0.0, "w": 1.0, "steps": 20},
        cue="x",
        done=lambda values: abs(values.get("x") or 0.0) >= 3,
    ),
    Card(
        mark("What it costs"),
        mark(
            "On the way back an error is multiplied by the slope on the right, once a step. Where the "
            "curve is flat, hardly anything passes. **Choose sigmoid**: even at its steepest, a "
            "quarter is all it lets through."
        ),
        sets={"x": 0.0},
        cue="function",
        done=lambda values: values.get("function") == "sigmoid",
    ),
    Card(
        mark("What brings it back"),
        mark(
            "Each step also multiplies by the recurrent weight w. **Raise w to 4**: now the sigmoid's "
            "chain neither fades nor grows. That balance holds at this one point only."
        ),
        sets={"function": "sigmoid", "x": 0.0},
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
            "After {steps} steps the sigmoid leaves {left:.3g}.",
            steps=len(chain.steps), left=float(chain.left["sigmoid"][-1]),
        ),
        mark("Its slope is at most 1/4; what else does each step multiply by?"),
    ),
    Quest[Chain](
        "tanh-explodes",
        mark("Let tanh make a gradient more than a thousand times as large."),
        lambda chain: bool(chain.left["tanh"][-1] > 1000),
        lambda chain: say(
            "After {steps} steps tanh leaves {left:.3g}.",
            steps=len(chain.steps), left=float(chain.left["tanh"][-1]),
        ),
        mark("A weight above 1, many steps, and a point where tanh is steep."),
    ),
)  # fmt: skip


def quiz(chain: Chain) -> tuple[Question, ...]:
    """Ask which function keeps most, whether the chain grows, and what doubles it."""
    return which_keeps_most(chain), _grows_or_fades(chain), _twice_the_steps(chain)


def _grows_or_fades(chain: Chain) -> Question:
    factor = abs(chain.factor["tanh"])
    text = say("With this point and this weight, does tanh's chain grow, fade, or stay?")
    choices = (say("It grows"), say("It fades"), say("It stays"))
    right = 0 if factor > 1 else 1 if factor < 1 else 2
    fact = say("One step multiplies by |w · tanh′(x)| = {factor:.4g}.", factor=factor)
    return Question(text, choices, (right,), (fact, fact, fact), ("", "sigmoid-blamed", ""))


def _twice_the_steps(chain: Chain) -> Question:
    steps, factor = len(chain.steps), abs(chain.factor["sigmoid"])
    left = factor**steps
    text = say(
        "The sigmoid's chain leaves {left:.3g} after {steps} steps. And after twice as many?",
        left=left, steps=steps,
    )  # fmt: skip
    choices = (say("Half of that"), say("Its square"), say("The same"))
    right = 2 if factor == 1 or left == 0 else 1
    fact = say(
        "The factors multiply: {factor:.3g} to the power of {twice} is {result:.3g}.",
        factor=factor, twice=2 * steps, result=factor ** (2 * steps),
    )  # fmt: skip
    return Question(text, choices, (right,), (fact, fact, fact))

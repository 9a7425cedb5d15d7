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
            "A unit first adds up inputs times weights: the pre-activation x, which can be any number. tanh "
            "squashes it to between −1 and 1. **Move the point to x = 3 or beyond**, where the curve is flat."
        ),
        sets=START,
        cue="x",
        done=lambda values: abs(values.get("x") or 0.0) >= 3,
    ),
    Card(
        mark("What it costs"),
        mark(
            "On the way back the gradient is multiplied by the slope on the right, once a step. Where the "
            "curve is flat, hardly anything of it is left. **Choose sigmoid**: its slope is at most 1/4."
        ),
        sets=START,
        cue="function",
        done=lambda values: values.get("function") == "sigmoid",
    ),
    Card(
        mark("What brings it back"),
        mark(
            "Each step also multiplies by the recurrent weight w. **Raise w to 4**: the sigmoid's line now "
            "stays at 1, since 4 × 1/4 = 1. This holds at x = 0 only."
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
            steps=len(chain.steps),
            left=readable(float(chain.left["sigmoid"][-1])),
        ),
        mark("Its slope is at most 1/4; what else does each step multiply by?"),
    ),
    Quest[Chain](
        "tanh-explodes",
        mark("Let tanh make a gradient more than a thousand times as large."),
        lambda chain: bool(chain.left["tanh"][-1] > 1000),
        lambda chain: say(
            "After {steps} steps tanh leaves {left}.",
            steps=len(chain.steps),
            left=readable(float(chain.left["tanh"][-1])),
        ),
        mark("A weight above 1, many steps, and a point where tanh is steep."),
    ),
)


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
        "At x = {x:.1f} and with w = {w:g}: does a gradient grow or shrink as it goes back through tanh?",
        x=chain.point,
        w=chain.weight,
    )
    choices = (say("It grows"), say("It shrinks"), say("It keeps its size"))
    right = 0 if factor > 1 else 1 if factor < 1 else 2
    feedback = [
        say("It grows only where w times the slope is above 1. Work out that product."),
        say("It shrinks only where w times the slope is below 1. Work out that product."),
        say("It keeps its size only where w times the slope is exactly 1. Work out that product."),
    ]
    feedback[right] = say("One step multiplies by |w · tanh′(x)| = {factor:.4g}.", factor=factor)
    return Question(text, choices, (right,), tuple(feedback), ("", "sigmoid-blamed", ""))


def _twice_the_steps(chain: Chain) -> Question:
    steps, factor = len(chain.steps), abs(chain.factor["sigmoid"])
    left = factor**steps
    text = say(
        "After {steps} steps back the sigmoid leaves a share of {left} of the gradient. What is left after "
        "twice as many?",
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
    half = say(
        "Half of it would be left if each step took away the same amount. Each step multiplies."
    )
    same = say(
        "It would stay the same if each step multiplied by 1. Here each multiplies by {factor:.3g}.",
        factor=factor,
    )
    return Question(text, choices, (1,), (half, fact, same))


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
        "At x = {x:.1f} and with w = {w:g}: which of the three leaves most of the gradient after {steps} "
        "steps back?",
        x=products.point,
        w=products.weight,
        steps=steps,
    )
    return Question(text, names, right, feedback)

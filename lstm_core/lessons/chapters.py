"""The chapters of the app, and where each topic of the lecture is brought to life."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """One page: its file in ``pages``, what it is called, what it asks, what it shows."""

    file: str
    title: str
    question: str
    summary: str

    @property
    def path(self) -> str:
        """The page's address: its file name."""
        return self.file.removesuffix(".py")


ACTIVATIONS = Chapter(
    "activations.py",
    "Activations",
    "Why is everything in an LSTM squashed, and what does the squashing cost?",
    "tanh, sigmoid and ReLU beside their derivatives, a point to move, and what a chain of "
    "derivatives leaves of a gradient.",
)
CELL = Chapter(
    "cell.py",
    "LSTM cell",
    "What does one LSTM cell do with one more input?",
    "Step through forget, input, candidate, cell state and output, each with its formula and its "
    "live numbers. Every weight can be changed.",
)
GRADIENTS = Chapter(
    "gradients.py",
    "Gradients",
    "How much of an error at the end of a sequence reaches its beginning?",
    "Real backpropagation through time through an RNN, an LSTM and a GRU, over up to 200 steps: "
    "watch gradients vanish or explode, and see the update that they make, up to NaN.",
)
REMEDIES = Chapter(
    "remedies.py",
    "Remedies",
    "What cures a gradient that vanishes or explodes, and what does it not cure?",
    "Clipping, truncation, penalties, initialisation, LSTM, each a switch with before and after in "
    "one picture; the cliff in the loss; an echo state network.",
)
BPTT = Chapter(
    "bptt.py",
    "BPTT",
    "How does an error find its way back through an LSTM, to every weight?",
    "Forward, then back, gate by gate: every delta with its formula and its live numbers, every "
    "step's share in every weight, on a small LSTM and on the trained network.",
)
RACE = Chapter(
    "race.py",
    "Training race",
    "Who learns to remember: RNN, LSTM or GRU?",
    "Three networks of equal size learn adding, copying, temporal order or latching before your "
    "eyes, from scratch, against what needs no memory.",
)
REVIEWS = Chapter(
    "reviews.py",
    "Sentiment",
    "Did the writer like the film, and which words say so?",
    "A trained Bi-LSTM reads a review that you paste: verdict, probability, and the words that "
    "moved it.",
)
CHAPTERS = (ACTIVATIONS, CELL, GRADIENTS, REMEDIES, BPTT, RACE, REVIEWS)


@dataclass(frozen=True)
class Topic:
    """One topic of the lecture, the chapter that shows it, and what to do there.

    Without a chapter, ``where`` says what the project has on it today.
    """

    name: str
    chapter: Chapter | None
    where: str


LECTURE = (
    Topic("Structure of an RNN and its cell", GRADIENTS, "the network whose gradient is followed"),
    Topic("Hyperbolic tangent", ACTIVATIONS, "choose tanh and move the point"),
    Topic("What is a gradient? Backpropagation through time", GRADIENTS, "play the way back"),
    Topic("Vanishing gradient", GRADIENTS, "the preset “Vanishing”"),
    Topic("Exploding gradient", GRADIENTS, "the preset “Exploding”"),
    Topic("Exploding gradients: truncated backpropagation", REMEDIES, "the preset “Truncated”"),
    Topic("Exploding gradients: penalties", REMEDIES, "the switch “Penalty on the kernel”"),
    Topic("Exploding gradients: clipping", REMEDIES, "the first two switches, and the cliff"),
    Topic(
        "Vanishing gradients: initialisation", REMEDIES, "the preset “Vanishing, a better start”"
    ),
    Topic("Vanishing gradients: echo state networks", REMEDIES, "the last section"),
    Topic("Vanishing gradients: LSTM", REMEDIES, "the preset “Vanishing, an LSTM”"),
    Topic("Learning with and without a memory", RACE, "start a race, or look at the recorded one"),
    Topic("LSTMs and human memory", REVIEWS, "which words count in a review"),
    Topic("LSTM architecture and pseudo code", CELL, "the drawing and its seven stages"),
    Topic("Sigmoid", ACTIVATIONS, "choose sigmoid; compare the bars"),
    Topic("Forget, input and output gate, cell state", CELL, "step with the arrow keys"),
    Topic("Bidirectional and deep LSTM", REVIEWS, "the network that reads is both"),
    Topic("Backpropagation in LSTMs", BPTT, "step forward, then back, with the arrow keys"),
    Topic("Gated recurrent unit", GRADIENTS, "its gradient beside the LSTM's"),
    Topic("Sentiment analysis, implementation, demo", REVIEWS, "paste a review"),
    Topic("Performance measures", REVIEWS, "“How good is it?” below the verdict"),
    Topic("Challenges: irony, neutral, overfitting", REVIEWS, "“How good is it?”"),
    Topic("Results: correlation with the stars", REVIEWS, "“Beyond polarity” below the verdict"),
    Topic("Other applications", None, "no page yet"),
)

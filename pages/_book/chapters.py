"""The chapters of the app, and where each topic of the lecture is brought to life."""

from __future__ import annotations

from dataclasses import dataclass

from pages._book.language import mark


@dataclass(frozen=True)
class Chapter:
    """One page.

    Attributes:
        path: its address, which is also its folder in ``pages``.
        title: what it is called; marked for translation, as are the next two.
        question: what it asks.
        summary: what it shows.
    """

    path: str
    title: str
    question: str
    summary: str

    @property
    def file(self) -> str:
        """The script that draws it, as ``st.Page`` takes it."""
        return f"{self.path}/page.py"


ACTIVATIONS = Chapter(
    "activations",
    mark("Activations"),
    mark("What does an activation function do to a number, and what to a gradient?"),
    mark(
        "tanh, sigmoid and ReLU beside their derivatives, a point to move, and what a chain of "
        "derivatives leaves of a gradient."
    ),
)
RECURRENCE = Chapter(
    "recurrence",
    mark("Recurrence"),
    mark("How can one small cell read a word of any length?"),
    mark(
        "An RNN reads your word letter by letter, folded and unrolled, with the same weights at every "
        "step; a plain network tries the same and fails at every position it was not shown."
    ),
)
CELL = Chapter(
    "cell",
    mark("LSTM cell"),
    mark("What does one LSTM cell do with one more input?"),
    mark(
        "A drawing that computes: forget, input, candidate, cell state, output, each with its code, its "
        "formula and every weight times its input. Change any weight, hold a gate, guess first; then "
        "open the trained network on your own sentence."
    ),
)
VARIANTS = Chapter(
    "variants",
    mark("Variants"),
    mark("What else can be built of such cells, and what does it change?"),
    mark(
        "Bidirectional, deep, GRU: two readings that meet, layer over layer, a GRU stepped beside an "
        "LSTM, parameters counted in two ways; peepholes and coupled gates."
    ),
)
MEMORY = Chapter(
    "memory",
    mark("Memory"),
    mark("Which words does a network keep, and which does it let go?"),
    mark(
        "The lecture's box of cereal, or a review of yours: what the trained network's gates still hold "
        "of each word, beside what each word matters."
    ),
)
GRADIENTS = Chapter(
    "gradients",
    mark("Gradients"),
    mark("How much of an error at the end of a sequence reaches its beginning?"),
    mark(
        "Real backpropagation through time through an RNN, an LSTM and a GRU, over up to 200 steps: "
        "watch gradients vanish or explode, and see the update that they make, up to NaN."
    ),
)
REMEDIES = Chapter(
    "remedies",
    mark("Remedies"),
    mark("What cures a gradient that vanishes or explodes, and what does it not cure?"),
    mark(
        "Clipping, truncation, penalties, initialisation, LSTM, each a switch with before and after in "
        "one picture; the cliff in the loss; an echo state network."
    ),
)
BPTT = Chapter(
    "bptt",
    mark("BPTT"),
    mark("How does an error find its way back through an LSTM, to every weight?"),
    mark(
        "Forward, then back, gate by gate: every delta with its formula and its live numbers, every "
        "step's share in every weight, on a small LSTM and on the trained network."
    ),
)
RACE = Chapter(
    "race",
    mark("Training race"),
    mark("Who learns to remember: RNN, LSTM or GRU?"),
    mark(
        "Three networks of equal size learn adding, copying, temporal order or latching before your "
        "eyes, from scratch, against what needs no memory."
    ),
)
REVIEWS = Chapter(
    "reviews",
    mark("Sentiment"),
    mark("Did the writer like the film, and which words say so?"),
    mark(
        "A trained Bi-LSTM reads a review that you paste: verdict, probability, stars. Watch it read word "
        "by word, ask why, change a word, let other networks read the same text."
    ),
)
CHALLENGES = Chapter(
    "challenges",
    mark("Challenges"),
    mark("What can this network not read, how often, and why?"),
    mark(
        "Irony, sarcasm, emoji, neutral texts, negation, length, other domains and languages: measured "
        "on sentences of our own, each with its reason, and a field to try."
    ),
)
MANY = Chapter(
    "many",
    mark("Many reviews"),
    mark("What do a thousand writers think?"),
    mark(
        "Score a file of reviews or a pasted column: progress, histogram, filters, and your own columns "
        "with the scores to take home."
    ),
)
REPORT = Chapter(
    "report",
    mark("Report"),
    mark("How good is it, against whom, and where does it go wrong?"),
    mark(
        "The lecture's tables beside ours, learning curves, calibration, ROC, the errors of which it is "
        "surest, and what a linear model or a word list would have said."
    ),
)
APPLICATIONS = Chapter(
    "applications",
    mark("Applications"),
    mark("What else are such networks good for?"),
    mark(
        "Ten applications by the shape of what goes in and out; a character network that writes on from your "
        "words, coloured by its units; a forecast of your own series beside a naive one."
    ),
)
OWN = Chapter(
    "own",
    mark("Your own network"),
    mark("What goes on inside?"),
    mark(
        "Bring a network of Keras, PyTorch or ONNX: see its gates, step it, follow its gradients, check its "
        "numbers, and carry it to another library."
    ),
)
PARTS = {
    mark("The cell"): (ACTIVATIONS, RECURRENCE, CELL, VARIANTS),
    mark("Learning"): (GRADIENTS, REMEDIES, BPTT, RACE),
    mark("Reading reviews"): (MEMORY, REVIEWS, CHALLENGES, MANY, REPORT),
    mark("Beyond"): (APPLICATIONS, OWN),
}
"""The chapters in the lecture's order, as the navigation groups them."""
CHAPTERS = tuple(chapter for part in PARTS.values() for chapter in part)
IN_THE_LECTURE = (
    RECURRENCE,
    ACTIVATIONS,
    GRADIENTS,
    REMEDIES,
    MEMORY,
    CELL,
    BPTT,
    RACE,
    VARIANTS,
    REVIEWS,
    MANY,
    REPORT,
    CHALLENGES,
    APPLICATIONS,
)
"""The chapters in the order in which the lecture first comes to them."""
ON_THE_MAP = (*IN_THE_LECTURE, OWN)
"""Every chapter as the home page lists it: what the lecture has no topic for comes last."""


@dataclass(frozen=True)
class Topic:
    """One topic of the lecture, the panel that shows it, and what to do there."""

    name: str
    chapter: Chapter
    panel: str
    where: str


LECTURE = (
    Topic(
        mark("Inputs of different lengths, shared features"),
        RECURRENCE,
        "plain",
        mark("See at which positions a plain network fails."),
    ),
    Topic(
        mark("Structure of an RNN"),
        RECURRENCE,
        "unrolled",
        mark("Compare the folded and the unrolled drawing."),
    ),
    Topic(
        mark("Structure of an RNN cell"),
        RECURRENCE,
        "reading",
        mark("Step with the arrow keys."),
    ),
    Topic(
        mark("Hyperbolic tangent"),
        ACTIVATIONS,
        "picture",
        mark("Choose tanh and move the point."),
    ),
    Topic(
        mark("What tanh is for in an RNN"),
        RECURRENCE,
        "squashing",
        mark("Move the gain above 1: without tanh the state grows."),
    ),
    Topic(
        mark("What is a gradient? Backpropagation through time"),
        GRADIENTS,
        "flow",
        mark("Play the way back."),
    ),
    Topic(
        mark("Vanishing gradient"),
        GRADIENTS,
        "flow",
        mark("Start from “Vanishing”."),
    ),
    Topic(
        mark("Exploding gradient"),
        GRADIENTS,
        "flow",
        mark("Start from “Exploding”."),
    ),
    Topic(
        mark("Exploding gradients: truncated backpropagation"),
        REMEDIES,
        "switches",
        mark("Start from “Truncated”."),
    ),
    Topic(
        mark("Exploding gradients: penalties"),
        REMEDIES,
        "switches",
        mark("Start from “Vanishing, with L2: worse”."),
    ),
    Topic(
        mark("Exploding gradients: clipping"),
        REMEDIES,
        "clipping",
        mark("Play one update; then see the cliff."),
    ),
    Topic(
        mark("Vanishing gradients: initialisation"),
        REMEDIES,
        "switches",
        mark("Start from “Vanishing, a better start”."),
    ),
    Topic(
        mark("Vanishing gradients: echo state networks"),
        REMEDIES,
        "echo",
        mark("Move the spectral radius."),
    ),
    Topic(
        mark("Vanishing gradients: LSTM"),
        REMEDIES,
        "switches",
        mark("Start from “Vanishing, an LSTM”."),
    ),
    Topic(
        mark("Learning with and without a memory"),
        RACE,
        "race",
        mark("Place a bet, then play."),
    ),
    Topic(
        mark("LSTMs mimic human memory"),
        MEMORY,
        "held",
        mark("Read the lecture's review of a box of cereal."),
    ),
    Topic(
        mark("LSTM architecture"),
        CELL,
        "player",
        mark("Step through the drawing."),
    ),
    Topic(
        mark("Pseudo code"),
        CELL,
        "errata",
        mark("See what its two mistakes do to the numbers."),
    ),
    Topic(
        mark("Sigmoid"),
        ACTIVATIONS,
        "picture",
        mark("Choose sigmoid and move the point."),
    ),
    Topic(
        mark("Forget, input and output gate, cell state"),
        CELL,
        "player",
        mark("Step with the arrow keys."),
    ),
    Topic(
        mark("Bidirectional RNN and LSTM"),
        VARIANTS,
        "directions",
        mark("Play: two readings meet."),
    ),
    Topic(
        mark("Deep RNN and LSTM"),
        VARIANTS,
        "layers",
        mark("Compare both layers on a sentence of yours."),
    ),
    Topic(
        mark("Backpropagation in LSTMs"),
        BPTT,
        "way",
        mark("Step forward, then back, with the arrow keys."),
    ),
    Topic(
        mark("Gated recurrent unit"),
        VARIANTS,
        "gru",
        mark("Step with the arrow keys."),
    ),
    Topic(
        mark("Sentiment analysis, implementation, demo"),
        REVIEWS,
        "verdict",
        mark("Paste a review."),
    ),
    Topic(
        mark("Performance measures"),
        REPORT,
        "performance",
        mark("Compare training, development and test."),
    ),
    Topic(
        mark("Challenges: irony, sarcasm, emoji, neutral"),
        CHALLENGES,
        "rates",
        mark("Choose one, then try a sentence of yours."),
    ),
    Topic(
        mark("Challenges: overfitting"),
        REPORT,
        "overfitting",
        mark("Compare the curves of the lecture's networks."),
    ),
    Topic(
        mark("Results: correlation with the stars"),
        REPORT,
        "correlation",
        mark("Compare our correlations with the lecture's."),
    ),
    Topic(
        mark("The demo on many documents"),
        MANY,
        "many",
        mark("Score the example, then a file of yours."),
    ),
    Topic(
        mark("Other applications"),
        APPLICATIONS,
        "shapes",
        mark("Choose one of ten; then let a network write, or forecast a series."),
    ),
)

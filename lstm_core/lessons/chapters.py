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
RECURRENCE = Chapter(
    "recurrence.py",
    "Recurrence",
    "How can one small cell read a word of any length?",
    "An RNN reads your word letter by letter, folded and unrolled, with the same weights at every "
    "step; a plain network tries the same and fails at every position it was not shown.",
)
CELL = Chapter(
    "cell.py",
    "LSTM cell",
    "What does one LSTM cell do with one more input?",
    "A drawing that computes: forget, input, candidate, cell state, output, each with its code, its "
    "formula and every weight times its input. Change any weight, hold a gate, guess first; then "
    "open the trained network on your own sentence.",
)
VARIANTS = Chapter(
    "variants.py",
    "Variants",
    "What else can be built of such cells, and what does it change?",
    "Bidirectional, deep, GRU: two readings that meet, layer over layer, a GRU stepped beside an "
    "LSTM, parameters counted twice; peepholes and coupled gates.",
)
MEMORY = Chapter(
    "memory.py",
    "Memory",
    "Which words does a network keep, and which does it let go?",
    "The lecture's box of cereal, or a review of yours: what the trained network's gates still hold "
    "of each word, beside what each word matters.",
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
    "A trained Bi-LSTM reads a review that you paste: verdict, probability, stars. Watch it read word "
    "by word, ask why, change a word, let other networks read the same text.",
)
CHALLENGES = Chapter(
    "challenges.py",
    "Challenges",
    "What can this network not read, how often, and why?",
    "Irony, sarcasm, emoji, neutral texts, negation, length, other domains and languages: measured "
    "on sentences of our own, each with its reason, and a field to try.",
)
MANY = Chapter(
    "many.py",
    "Many reviews",
    "What do a thousand writers think?",
    "Score a file of reviews or a pasted column: progress, histogram, filters, and your own columns "
    "with the scores to take home.",
)
REPORT = Chapter(
    "report.py",
    "Report",
    "How good is it, against whom, and where does it go wrong?",
    "The lecture's tables beside ours, learning curves, calibration, ROC, the errors of which it is "
    "surest, and what a linear model or a word list would have said.",
)
APPLICATIONS = Chapter(
    "applications.py",
    "Applications",
    "What else are such networks good for?",
    "Ten applications by the shape of what goes in and out; a character network that writes on from your "
    "words, coloured by its units; a forecast of your own series beside a naive one.",
)
PARTS = {
    "The cell": (ACTIVATIONS, RECURRENCE, CELL, VARIANTS),
    "Learning": (GRADIENTS, REMEDIES, BPTT, RACE),
    "Reading reviews": (MEMORY, REVIEWS, CHALLENGES, MANY, REPORT),
    "Beyond": (APPLICATIONS,),
}
"""The chapters in the lecture's order, as the navigation groups them."""
CHAPTERS = tuple(chapter for part in PARTS.values() for chapter in part)


@dataclass(frozen=True)
class Topic:
    """One topic of the lecture, the chapter that shows it, and what to do there.

    Without a chapter, ``where`` says what the project has on it today.
    """

    name: str
    chapter: Chapter | None
    where: str


LECTURE = (
    Topic("Inputs of different lengths, shared features", RECURRENCE, "“Why not a plain network?”"),
    Topic("Structure of an RNN", RECURRENCE, "the folded and the unrolled view"),
    Topic("Structure of an RNN cell", RECURRENCE, "step with the arrow keys"),
    Topic("Hyperbolic tangent", ACTIVATIONS, "choose tanh and move the point"),
    Topic("What tanh is for in an RNN", RECURRENCE, "“What tanh is for”"),
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
    Topic("LSTMs mimic human memory", MEMORY, "the lecture's box of cereal"),
    Topic("LSTM architecture", CELL, "the drawing and its seven stages"),
    Topic("Pseudo code", CELL, "the code beside the drawing, and “Errata”"),
    Topic("Sigmoid", ACTIVATIONS, "choose sigmoid; compare the bars"),
    Topic("Forget, input and output gate, cell state", CELL, "step with the arrow keys"),
    Topic("Bidirectional RNN and LSTM", VARIANTS, "“Two readings meet”"),
    Topic("Deep RNN and LSTM", VARIANTS, "“Layer over layer”"),
    Topic("Backpropagation in LSTMs", BPTT, "step forward, then back, with the arrow keys"),
    Topic(
        "Gated recurrent unit", VARIANTS, "step through it; its gradient is on the page Gradients"
    ),
    Topic("Sentiment analysis, implementation, demo", REVIEWS, "paste a review"),
    Topic("Performance measures", REPORT, "the first table; choose a network for its curves"),
    Topic(
        "Challenges: irony, sarcasm, emoji, neutral", CHALLENGES, "choose one, and try a sentence"
    ),
    Topic("Challenges: overfitting", REPORT, "choose the first LSTM under “Network”"),
    Topic("Results: correlation with the stars", REPORT, "“Beyond polarity”"),
    Topic("The demo on many documents", MANY, "score the example, then a file of yours"),
    Topic("Other applications", APPLICATIONS, "ten by shape; write on, and forecast a series"),
)

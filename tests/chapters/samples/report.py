"""What the contract test needs to know of the report; its state is its ``Screen``."""

import json
from dataclasses import replace
from itertools import pairwise

from lstm_core.sentiment.reader import ASSETS, failures, measured
from pages._book.programs import Programs, programs
from pages.report import exercises, lesson
from tests.chapters.reaching import reached

TRAINING = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
HISTORIES = {name: history for name, (history, _) in lesson.histories(measured(), TRAINING).items()}
HASHED = "LSTM, one-hot hashing"


def screen(
    network=lesson.START["report_curves"],
    kind=lesson.START["report_errors"],
    stars=(),
    accepted=lesson.START["report_false"],
):
    """Choose as on the page."""
    errors = lesson.chosen_errors(failures(), lesson.KINDS[kind], list(stars))
    return exercises.Screen(network, HISTORIES[network], errors, accepted, measured(), failures())


CURVE = measured()["test"]["roc"]
FIRST = screen()
REACHED = {
    "stopped-too-late": screen(HASHED),
    "far-off": reached(
        exercises.QUESTS,
        "far-off",
        (screen(stars=stars) for stars in ([1], [10], [1, 2], [1, 10])),
    ),
    "nearly-all": screen(
        accepted=next(at for at in range(101) if CURVE["true_positive_rate"][at] >= 0.99)
    ),
}
MOVES = (
    {"report_curves": HASHED},
    {"report_false": 1},
    {"report_errors": "Taken for negative"},
    {"report_stars": [10]},
    None,
)
STATES = [screen(network) for network in HISTORIES]


def area():
    """Return the area under the measured curve, trapezoid by trapezoid."""
    points = zip(CURVE["false_positive_rate"], CURVE["true_positive_rate"], strict=True)
    return sum((x - w) * (v + y) / 2 for (w, v), (x, y) in pairwise(points))


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    wanted = {"area": area(), "calibration_error": measured()["test"]["calibration_error"]}
    made = programs("report")
    yield replace(made, keras=""), wanted, 1e-5
    # Keras' metrics are in single precision.
    yield Programs("", made.keras), wanted, 1e-4

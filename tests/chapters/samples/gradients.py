"""What the contract test needs to know of the chapter on gradients; its quests' is a ``State``."""

from dataclasses import replace
from functools import partial

import numpy as np

from lstm_core.gradients.descent import descend
from lstm_core.gradients.flow import Experiment, follow
from pages._book.programs import programs
from pages.gradients import exercises, lesson


def state_of(experiment, rate=0.01, updates=20):
    with np.errstate(over="ignore", invalid="ignore"):
        flows = lesson.follow_all(experiment)
    return exercises.State(experiment, flows, partial(descend, experiment, rate, updates))


FIRST = state_of(lesson.experiment_of(lesson.START))
REACHED = {
    "keeps-its-length": state_of(Experiment(activation="linear", steps=101)),
    "stretches-and-vanishes": state_of(Experiment(initialisation="normal", gain=0.7, steps=60)),
    "learns-while-it-grows": state_of(Experiment(gain=1.8, steps=60), 0.003, 100),
}
MOVES = (
    {"gain": 3.0},
    {"gain": 1.5},
    {"activation": "sigmoid"},
    {"forget_bias": 4.0},
    {"gain": 8.0},
    {"part": "the first tenth"},
)
STATES = [
    state_of(Experiment(activation="linear", steps=12)),
    state_of(Experiment(activation="linear", gain=10.0, steps=200)),
    state_of(Experiment(activation="sigmoid", gain=0.0, steps=200, network="LSTM")),
    state_of(Experiment(steps=1)),
]


def shown(preset):
    """Return what a preset's claim is checked on: the way back through all three networks."""
    return lesson.follow_all(lesson.experiment_of(preset.sets))


def state(preset):
    """Return what the quests are checked on after a preset."""
    return state_of(lesson.experiment_of(preset.sets))


_VANISHES, _EXPLODES, _REMEMBERS = (
    shown(lesson.PRESETS[name]) for name in ("Vanishing", "Exploding", "Forget bias")
)
broken = {
    "Vanishing": _EXPLODES,
    "Exploding": _VANISHES,
    "Saturation cancels the gain": _EXPLODES,
    "Sigmoid": _EXPLODES,
    "Exploding with ReLU": _VANISHES,
    "Vanishing in a new LSTM too": _REMEMBERS,
    "Forget bias": _VANISHES,
    "Exploding in an LSTM": _VANISHES,
}


def norms(experiment):
    return {n: follow(replace(experiment, network=n)).norms for n in ("RNN", "LSTM", "GRU")}


def taken_home():
    """Yield programs, and what each has to leave in ``result``; gradients as small as they come."""
    start = lesson.experiment_of(lesson.START)
    yield programs("gradients"), norms(start), 1e-9, 0.0
    for experiment in (
        start,
        Experiment(
            "sigmoid", "PyTorch", gain=1.3, units=5, steps=12, network="LSTM", forget_bias=2.0
        ),
        Experiment("relu", "normal", gain=1.1, units=5, steps=9),
        Experiment("linear", "identity", units=5, steps=5, network="GRU"),
        Experiment("tanh", units=5, steps=1),
    ):
        yield lesson.taken_home(experiment), norms(experiment), 1e-9, 0.0

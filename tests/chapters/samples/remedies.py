"""What the contract test needs to know of the chapter on remedies; its quests' is a ``State``."""

from dataclasses import replace

from lstm_core.gradients.flow import Experiment, follow
from lstm_core.gradients.remedies import Remedies
from pages._book.programs import programs
from pages.remedies import exercises, lesson
from pages.remedies.lesson import PRESETS, Trial, trial_of

START = trial_of(lesson.START)
VANISHING = replace(trial_of(PRESETS["Vanishing, an LSTM"].sets).experiment, steps=80)
ENDLESS = Experiment("linear", gain=10.0, steps=200)


def state_of(experiment=START.experiment, rate=0.01, updates=40, remedies=None, limit=0.05):
    """Make what is on the screen; with no remedies, those that the page begins with."""
    trial = Trial(experiment, rate, updates, remedies or START.remedies)
    flow = follow(experiment)
    versions = lesson.clipped_versions(flow, 1.0, limit)
    return exercises.State(trial, trial.run(), flow, 1.0, versions)


_LARGEST = max(abs(g).max() for g in follow(START.experiment).gradient.parameters.values())
FIRST = state_of()
REACHED = {
    "learns-unclipped": state_of(remedies=Remedies(window=4)),
    "brought-alive": state_of(VANISHING, 0.05, 100, Remedies(forget_bias=5.0)),
    "cut-but-not-turned": state_of(limit=0.95 * _LARGEST),
}
MOVES = (
    {"remedy_norm": True},
    {"remedy_window": 4},
    {"remedy_start": True},
    {"remedy_which": "L2"},
    {"arrow_limit": 1000.0},
    {"cliff_norm": 100.0},
    {"echo_radius": 0.5},
)
STATES = [
    FIRST,
    state_of(VANISHING, 0.05, 3, Remedies(max_norm=1.0)),
    state_of(ENDLESS, 1000.0, 2, Remedies()),
    state_of(Experiment(steps=1), 0.01, 0, Remedies(window=1)),
]


def shown(preset):
    """Return what a preset's claim is checked on: the updates without and with remedies."""
    return trial_of(preset.sets).run()


def state(preset):
    """Return what the quests are checked on after a preset."""
    return state_of(*trial_of(preset.sets))


def _exchanged(runs):
    return lesson.Runs(runs.after, runs.before)


broken = {name: _exchanged(shown(preset)) for name, preset in PRESETS.items()}

EXPLODING = Experiment("relu", gain=1.5, units=8, steps=20)
SMALL = Experiment("tanh", "PyTorch", units=8, steps=12)
TRIALS = (
    # Clipped; then one whose numbers end.
    Trial(EXPLODING, 0.01, 8, Remedies(max_norm=1.0)),
    Trial(Experiment("relu", gain=2.5, units=8, steps=30), 0.1, 4, Remedies()),
    Trial(EXPLODING, 0.01, 5, Remedies(max_norm=1.0, limit=0.05, window=8, penalty="L1")),
    Trial(SMALL, 0.05, 5, Remedies(penalty="Ω")),
    Trial(EXPLODING, 0.001, 3, Remedies(penalty="Ω", window=8, max_norm=1.0)),
    # L2 on an LSTM that begins elsewhere.
    Trial(
        SMALL,
        0.05,
        5,
        Remedies(penalty="L2", forget_bias=4.0, start=("orthogonal", 1.2), limit=0.02),
    ),
    Trial(Experiment("sigmoid", "normal", units=8, steps=5), 0.05, 3, Remedies(forget_bias=1.0)),
    # Ω of a sigmoid, and where nothing is squashed.
    Trial(Experiment("sigmoid", gain=3.0, units=8, steps=6), 0.05, 3, Remedies(penalty="Ω")),
    Trial(Experiment("linear", "normal", units=8, steps=6), 0.01, 3, Remedies(penalty="Ω")),
    Trial(SMALL, 0.05, 0, Remedies(window=3)),
)


def _wanted(trial):
    before, after = trial.run()
    return {
        "loss_without": before.losses,
        "loss_with": after.losses,
        "gradient_norm_without": before.flow.norms,
        "gradient_norm_with": after.flow.norms,
    }


def taken_home():
    """Yield programs, and what each has to leave in ``result``; gradients as small as they come."""
    yield programs("remedies"), _wanted(START), 1e-6, 0.0
    for trial in TRIALS:
        yield lesson.taken_home(trial), _wanted(trial), 1e-6, 0.0

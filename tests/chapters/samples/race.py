"""What the contract test needs to know of the chapter on the race; its quests' is a ``State``."""

from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np

from lstm_core.cells import CELLS
from lstm_core.training.race import Race, Setting
from lstm_core.training.recorded_races import SETTINGS, recorded, tracks
from pages._book.programs import programs
from pages.race.exercises import State


def run(updates, setting, kinds=tuple(CELLS)):
    race = Race(setting, kinds)
    race.advance(updates)
    return race


def own(updates, setting, kinds=tuple(CELLS)):
    """Return a race of the visitor's own, as the page shows it."""
    return State(tracks(run(updates, setting, kinds)), setting, own=True)


def of_record(task):
    return State(recorded(task), SETTINGS[task], own=False)


def live(updates, setting):
    """Return what the session holds while the visitor's own race stands at so many updates."""
    return {"race_live": SimpleNamespace(race=run(updates, setting))}


SHORT = Setting("adding", 6, 500)
UNCLIPPED = replace(SHORT, optimizer="SGD", rate=10.0, max_norm=None)
FIRST = of_record("adding")
REACHED = {
    "rnn-ahead": own(200, Setting("temporal order", 5, 500)),
    "burst": own(50, UNCLIPPED),
    "small-and-far": own(500, Setting("adding", 30, 1000), ["GRU"]),
}
MOVES = (
    {"race_task": "copying"},
    live(25, replace(SHORT, task="temporal order")),
    live(25, replace(SHORT, length=60)),
    live(25, UNCLIPPED),
    live(25, replace(UNCLIPPED, max_norm=1.0)),
)
BUTTONS = ("race_start",)
STATES = [*map(of_record, SETTINGS), own(0, SHORT), REACHED["burst"]]

TAKEN_HOME = (
    SHORT,
    Setting("copying", 5, 500, "RMSprop", 0.002, None),
    Setting("temporal order", 10, 500, "SGD with momentum", 0.05, 0.5),
    Setting("latching", 8, 500, "SGD", 0.1),
)
UPDATES = 50


def losses(setting, dtype="float32"):
    """Return the losses of a race by network, one for each look."""
    race = Race(setting, dtype=dtype)
    race.advance(UPDATES)
    return {name: np.array(runner.losses) for name, runner in race.runners.items()}


def taken_home():
    for setting in TAKEN_HOME:
        repeated = programs("race", updates=UPDATES, **asdict(setting))
        yield repeated, losses(setting), 1e-4

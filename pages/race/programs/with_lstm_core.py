"""The race on the page with lstm_core: the same losses, to the last bit on the same computer."""

import numpy as np

from lstm_core.training.race import Race, Setting

TASK = "adding"
LENGTH = 30
BUDGET = 4500  # parameters of each network
OPTIMIZER = "Adam"
RATE = 0.01
MAX_NORM = 1.0  # None: the gradient is not clipped
BATCH = 32
SEED = 1
UPDATES = 100
PRECISION = "float32"

setting = Setting(TASK, LENGTH, BUDGET, OPTIMIZER, RATE, MAX_NORM, BATCH, SEED)
race = Race(setting, dtype=PRECISION)
race.advance(UPDATES)
result = {name: np.array(runner.losses) for name, runner in race.runners.items()}
for name, runner in race.runners.items():
    print(name, runner.learner.count, runner.losses[-1])

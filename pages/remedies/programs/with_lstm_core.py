"""Update a network on one sequence without remedies, and the same one with those that are on."""

from lstm_core.gradients.descent import descend
from lstm_core.gradients.flow import Experiment
from lstm_core.gradients.remedies import Remedies

EXPERIMENT = Experiment(activation="relu", gain=1.5, steps=40)
RATE = 0.01
UPDATES = 40
REMEDIES = Remedies(max_norm=1.0)

without = descend(EXPERIMENT, RATE, UPDATES)
treated = descend(EXPERIMENT, RATE, UPDATES, REMEDIES)
result = {
    "loss_without": without.losses,
    "loss_with": treated.losses,
    "gradient_norm_without": without.flow.norms,  # at the last state whose numbers are finite
    "gradient_norm_with": treated.flow.norms,
}
print(without.losses[-1], without.breakdown)
print(treated.losses[-1], treated.breakdown)

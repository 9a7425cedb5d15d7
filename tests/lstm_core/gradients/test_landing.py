"""Where a step lands agrees with descent, and the loss along a direction with single steps."""

import numpy as np
import pytest

from lstm_core.gradients.clipping import flat
from lstm_core.gradients.descent import descend
from lstm_core.gradients.flow import Experiment, follow
from lstm_core.gradients.landing import loss_after, loss_along


@pytest.mark.parametrize("network", ["RNN", "LSTM", "GRU"])
def test_a_step_lands_where_one_update_of_descent_does(network):
    experiment = Experiment(steps=12, units=6, network=network)
    flow = follow(experiment)
    step = {name: 0.05 * part for name, part in flow.gradient.parameters.items()}
    landed = loss_after(flow.cell, step, experiment.inputs(), experiment.target())
    assert landed == pytest.approx(descend(experiment, 0.05, 1).losses[1])
    still = {name: 0.0 * part for name, part in step.items()}
    here = loss_after(flow.cell, still, experiment.inputs(), experiment.target())
    assert here == pytest.approx(flow.loss)


def test_the_loss_along_the_gradient_falls_by_its_length_at_first():
    experiment = Experiment(steps=12, units=6)
    flow = follow(experiment)
    gradients = flow.gradient.parameters
    norm = np.linalg.norm(flat(gradients))
    direction = {name: part / norm for name, part in gradients.items()}
    near, far = loss_along(
        flow.cell, direction, np.array([1e-6, 1e300]), experiment.inputs(), experiment.target()
    )
    assert (flow.loss - near) / 1e-6 == pytest.approx(norm, rel=1e-3)
    assert far > flow.loss

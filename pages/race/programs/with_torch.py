"""The same race with PyTorch: the same start, the same sequences, Keras' forms of the optimisers."""

import numpy as np
import torch

from lstm_core.training.race import LOOK_EVERY, Race, Setting

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
task = race.task
layers = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}


class RMSprop(torch.optim.Optimizer):
    """Keras adds its epsilon below the root, PyTorch's own RMSprop behind it.

    Where gradients are smaller than the root of 1e-7, that makes steps of another length.
    """

    def __init__(self, parameters, rate):
        super().__init__(parameters, {"lr": rate})

    @torch.no_grad()
    def step(self):
        """Update all parameters: s <- 0.9 s + 0.1 g^2, w <- w - rate g / sqrt(s + 1e-7)."""
        for parameter in self.param_groups[0]["params"]:
            gradient = parameter.grad
            square = self.state[parameter].setdefault("square", torch.zeros_like(gradient))
            square.mul_(0.9).addcmul_(gradient, gradient, value=0.1)
            parameter.sub_(self.param_groups[0]["lr"] * gradient / torch.sqrt(square + 1e-7))


def optimizer_for(parameters):
    """Make the race's optimiser."""
    if OPTIMIZER == "Adam":
        return torch.optim.Adam(parameters, RATE)
    if OPTIMIZER == "RMSprop":
        return RMSprop(parameters, RATE)
    momentum = 0.9 if OPTIMIZER == "SGD with momentum" else 0.0
    return torch.optim.SGD(parameters, RATE, momentum=momentum)


def columns(name, array):
    """Order the gates as PyTorch does, with a row for each output."""
    # Keras' GRU: update, reset, candidate; PyTorch's: reset, update, new. The LSTMs agree.
    blocks = np.split(array, 3 if name == "GRU" else 1, axis=-1)
    blocks[:2] = blocks[1::-1]
    return torch.from_numpy(np.concatenate(blocks, axis=-1).T.copy())


def loss_of(layer, readout, batch):
    """Compute the mean loss of a batch."""
    states, _ = layer(torch.from_numpy(batch.inputs.astype(PRECISION)))
    answers = readout(states if task.every_step else states[:, -1])
    targets = torch.from_numpy(batch.targets)
    if task.classes:
        return torch.nn.functional.cross_entropy(answers.flatten(0, -2), targets.flatten())
    return torch.nn.functional.mse_loss(answers, targets.to(answers.dtype))


def clip(parameters):
    """Shorten all gradients together; ``clip_grad_norm_`` would add 1e-6 to their length first."""
    norm = torch.nn.utils.get_total_norm([parameter.grad for parameter in parameters])
    if norm > MAX_NORM:
        for parameter in parameters:
            parameter.grad *= MAX_NORM / norm


result = {}
for name, runner in race.runners.items():
    start, precision = runner.learner, getattr(torch, PRECISION)
    units = start.cell.units
    layer = layers[name](task.features, units, batch_first=True, dtype=precision)
    readout = torch.nn.Linear(units, task.outputs, dtype=precision)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(columns(name, start.cell.kernel))
        layer.weight_hh_l0.copy_(columns(name, start.cell.recurrent_kernel))
        # Two biases add up in PyTorch. A GRU needs both; of the others one stays zero.
        bias = start.cell.bias
        of_input, of_state = bias if name == "GRU" else (bias, 0 * bias)
        layer.bias_ih_l0.copy_(columns(name, of_input))
        layer.bias_hh_l0.copy_(columns(name, of_state))
        readout.weight.copy_(torch.from_numpy(start.kernel.T.copy()))
        readout.bias.copy_(torch.from_numpy(start.bias))
    layer.bias_hh_l0.requires_grad_(name == "GRU")
    learned = [p for p in (*layer.parameters(), *readout.parameters()) if p.requires_grad]
    optimizer = optimizer_for(learned)
    looks = [loss_of(layer, readout, race.unseen).item()]
    for update in range(1, UPDATES + 1):
        batch = task.draw(BATCH, np.random.default_rng((SEED, update, 0)))
        optimizer.zero_grad()
        loss_of(layer, readout, batch).backward()
        if MAX_NORM is not None:
            clip(learned)
        if OPTIMIZER == "Adam":
            # Keras adds 1e-7 before it corrects the root for the start, PyTorch after it.
            optimizer.param_groups[0]["eps"] = 1e-7 / (1 - 0.999**update) ** 0.5
        optimizer.step()
        if update % LOOK_EVERY == 0:
            looks.append(loss_of(layer, readout, race.unseen).item())
    result[name] = np.array(looks)
    print(name, sum(parameter.numel() for parameter in learned), looks[-1])

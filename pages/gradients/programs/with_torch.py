"""The same with PyTorch, whose automatic differentiation goes the way back."""

from dataclasses import replace

import numpy as np
import torch

from lstm_core.gradients.flow import Experiment  # draws the same weights, inputs and target

EXPERIMENT = Experiment(activation="tanh", gain=0.9, steps=60, network="RNN")

units, features = EXPERIMENT.units, EXPERIMENT.features
activations = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu}
activation = activations.get(EXPERIMENT.activation, torch.nn.Identity())
inputs, target = (torch.tensor(a) for a in (EXPERIMENT.inputs(), EXPERIMENT.target()))


def run(name, kernel, recurrent, bias):
    """Return the state of a network after every step, the first one before any; of an LSTM h and c."""
    if name == "RNN":  # torch.nn.RNNCell knows tanh and relu alone
        states = [[torch.zeros(1, units, dtype=torch.float64, requires_grad=True)]]
        for x in inputs:
            states.append([activation(x @ kernel + states[-1][0] @ recurrent + bias)])
        return states
    if name == "GRU":  # PyTorch's order is reset, update, candidate
        order = np.r_[units : 2 * units, 0:units, 2 * units : 3 * units]
        kernel, recurrent, bias = kernel[:, order], recurrent[:, order], bias[:, order]
        cell = torch.nn.GRUCell(features, units, dtype=torch.float64)
    else:  # input, forget, candidate, output; two biases that add
        bias = torch.stack([bias, torch.zeros_like(bias)])
        cell = torch.nn.LSTMCell(features, units, dtype=torch.float64)
    for parameter, value in zip(cell.parameters(), (kernel.T, recurrent.T, *bias), strict=True):
        parameter.data = value
    states = [[torch.zeros(1, units, dtype=torch.float64)] * (2 if name == "LSTM" else 1)]
    for x in inputs:
        state = states[-1] if name == "LSTM" else states[-1][0]
        state = cell(x[None], state)
        states.append(list(state) if name == "LSTM" else [state])
    return states


result = {}
for name in ("RNN", "LSTM", "GRU"):
    drawn = replace(EXPERIMENT, network=name).cell()
    weights = (drawn.kernel, drawn.recurrent_kernel, drawn.bias)
    states = run(name, *map(torch.tensor, weights))
    carrying = [state[-1] for state in states[1:]]  # h_t; of the LSTM c_t
    loss = ((states[-1][0] - target) ** 2).sum() / 2
    gradients = torch.autograd.grad(loss, carrying)
    result[name] = np.array([gradient.norm().item() for gradient in gradients])
print(result)

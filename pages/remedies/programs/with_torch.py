"""The same with PyTorch.

A setting of None leaves a remedy out; another start or an LSTM stand in ``TREATED``.
"""

import numpy as np
import torch

from lstm_core.gradients.flow import Experiment  # draws the same weights, inputs and target

EXPERIMENT = Experiment(activation="relu", gain=1.5, steps=40)
TREATED = Experiment(activation="relu", gain=1.5, steps=40)
RATE = 0.01
UPDATES = 40
MAX_NORM = 1.0
LIMIT = None
WINDOW = None
PENALTY = None
STRENGTH = 0.1


def penalty_gradient(recurrent, d, h, lost):
    """Differentiate L1, L2 or Pascanu's Ω by the recurrent kernel; d is dL/dh after each step."""
    if PENALTY == "L1":
        return torch.sign(recurrent)
    if PENALTY == "L2":
        return recurrent
    slopes = {"tanh": 1 - h**2, "sigmoid": h * (1 - h), "relu": torch.sign(h)}
    slope = slopes.get(TREATED.activation, 1 + 0 * h)
    d, passed = d[lost + 1 :], (d * slope)[lost + 1 :]
    kept = ((d**2).sum(1) > 1e-20) & ((passed**2).sum(1) > 0)
    d, passed = d[kept], passed[kept]
    stretch = (passed @ recurrent.T).norm(dim=1) / d.norm(dim=1)
    return torch.autograd.grad(((stretch - 1) ** 2).sum(), recurrent)[0]


def clip(gradients):
    """Clip by norm, then by value."""
    if MAX_NORM is not None:
        norm = float(torch.cat([gradient.ravel() for gradient in gradients]).norm())
        if norm > MAX_NORM:
            gradients = [gradient * (MAX_NORM / norm) for gradient in gradients]
    if LIMIT is not None:
        gradients = [gradient.clamp(-LIMIT, LIMIT) for gradient in gradients]
    return gradients


def step(experiment, x, state, kernel, recurrent, bias):
    """Read one input; the state is h, of an LSTM h and c."""
    z = x @ kernel + state[0] @ recurrent + bias
    if experiment.network == "LSTM":
        i, f, g, o = z.chunk(4, dim=1)  # as in torch.nn.LSTM, which has a second bias that adds
        c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
        return [o.sigmoid() * c.tanh(), c]
    return [z if experiment.activation == "linear" else getattr(torch, experiment.activation)(z)]


def descend(experiment, remedies):
    """Return the losses, and |dL/dh_t| at the last state whose numbers are all finite."""
    drawn, inputs = experiment.cell(), torch.tensor(experiment.inputs())
    weights = [torch.tensor(a) for a in (drawn.kernel, drawn.recurrent_kernel, drawn.bias)]
    target, zero = torch.tensor(experiment.target()), torch.zeros(1, experiment.units).double()
    lost = max(len(inputs) - WINDOW, 0) if remedies and WINDOW else 0
    losses = []
    for _ in range(UPDATES + 1):
        weights = [weight.detach().requires_grad_() for weight in weights]
        states = [[zero] * (2 if experiment.network == "LSTM" else 1)]
        for t, x in enumerate(inputs):
            state = [s.detach() for s in states[-1]] if t == lost else states[-1]
            states.append(step(experiment, x[None], state, *weights))
        loss = ((states[-1][0] - target) ** 2).sum() / 2
        carrying = [state[-1] for state in states[1:]]  # h_t; of an LSTM c_t
        slopes = torch.autograd.grad(loss, [*weights, *carrying], materialize_grads=True)
        gradients, back = list(slopes[:3]), slopes[3:]
        if remedies and PENALTY:
            d, h = torch.cat(back), torch.cat(carrying).detach()
            penalty = penalty_gradient(weights[1], d, h, lost).detach()
            gradients[1] = gradients[1] + STRENGTH * penalty
        losses.append(loss.item())
        everything = [loss, *weights, *gradients, *back, *(s for state in states for s in state)]
        finite = all(array.isfinite().all() for array in everything)
        if finite or len(losses) == 1:
            norms = np.array([d.norm().item() for d in back])
        if not finite:
            break
        if remedies:
            gradients = clip(gradients)
        weights = [weight - RATE * g for weight, g in zip(weights, gradients, strict=True)]
    return np.array(losses), norms


result = {}
result["loss_without"], result["gradient_norm_without"] = descend(EXPERIMENT, remedies=False)
result["loss_with"], result["gradient_norm_with"] = descend(TREATED, remedies=True)
print(result)

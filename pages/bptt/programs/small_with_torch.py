"""The same with PyTorch, whose automatic differentiation goes the way back."""

import numpy as np
import torch

KERNEL = [[0.5, -0.4, 0.1, -0.3, 0.2, 0.9, -0.8, 0.7]]  # columns: input, forget, candidate, output
RECURRENT_KERNEL = [
    [0.4, -0.1, 0.3, -0.5, 0.2, 0.1, -0.2, 0.6],
    [-0.3, 0.7, 0.5, 0.1, -0.4, 0.3, 0.1, -0.2],
]
BIAS = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
INPUTS = [[1.0], [0.5], [-1.0], [2.0]]
TARGET = 0.5
EVERY_STEP = False

inputs, kernel, recurrent_kernel, bias = (
    torch.tensor(values, dtype=torch.float64) for values in (INPUTS, KERNEL, RECURRENT_KERNEL, BIAS)
)
units = len(recurrent_kernel)
cell = torch.nn.LSTMCell(inputs.shape[1], units, dtype=torch.float64)
with torch.no_grad():
    # The rows stand in the same order: input, forget, candidate (g), output. Of the two biases
    # that PyTorch adds up, one is enough.
    cell.weight_ih.copy_(kernel.T)
    cell.weight_hh.copy_(recurrent_kernel.T)
    cell.bias_ih.copy_(bias)
    cell.bias_hh.zero_()
h = c = torch.zeros(1, units, dtype=torch.float64)
hidden, cells, forget = [], [], []
for x in inputs:
    z = x @ cell.weight_ih.T + h[0] @ cell.weight_hh.T + cell.bias_ih
    forget.append(torch.sigmoid(z[units : 2 * units]).detach().numpy())
    h, c = cell(x[None], (h, c))
    c.retain_grad()
    hidden.append(h)
    cells.append(c)
errors = torch.cat(hidden if EVERY_STEP else hidden[-1:]) - TARGET
((errors**2).sum() / 2).backward()
result = {}
for symbol, weight in (("W", cell.weight_ih), ("R", cell.weight_hh)):
    for letter, block in zip("ifgo", np.split(weight.grad.numpy().T, 4, axis=1), strict=True):
        result[f"{symbol}_{letter}"] = block
result["cell_state"] = np.concatenate([c.grad.numpy() for c in cells])  # dL/dc_t
later = np.cumprod([np.ones(units), *forget[:0:-1]], axis=0)[::-1]
result["direct_path"] = later * result["cell_state"][-1]  # the same by the forget gates alone
print(result)

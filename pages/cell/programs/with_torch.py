"""The same with PyTorch's cell: its weights stand transposed, and it adds a second bias, here 0."""

import numpy as np
import torch

# Columns: input, forget, candidate, output gate; PyTorch's rows have the same order, i f g o.
KERNEL = [[10.0, 12.0, 4.0, 0.0]]
RECURRENT_KERNEL = [[0.0, 0.0, 0.0, 0.0]]
BIAS = [-5.0, 6.0, 0.0, 4.0]
INPUTS = [[1.0], [0.0], [0.0], [-1.0], [0.0], [0.0]]

units = len(RECURRENT_KERNEL)
cell = torch.nn.LSTMCell(len(KERNEL), units, dtype=torch.float64)
with torch.no_grad():
    cell.weight_ih.copy_(torch.tensor(KERNEL, dtype=torch.float64).T)
    cell.weight_hh.copy_(torch.tensor(RECURRENT_KERNEL, dtype=torch.float64).T)
    cell.bias_ih.copy_(torch.tensor(BIAS, dtype=torch.float64))
    cell.bias_hh.zero_()

    h = c = torch.zeros(1, units, dtype=torch.float64)
    cell_states, hidden_states = [], []
    for x in torch.tensor(INPUTS, dtype=torch.float64):
        h, c = cell(x[None], (h, c))
        cell_states.append(c[0].numpy())
        hidden_states.append(h[0].numpy())
result = {"cell_state": np.array(cell_states), "hidden_state": np.array(hidden_states)}
print(result)

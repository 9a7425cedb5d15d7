"""The same with PyTorch's cell: its weights stand transposed, and it adds a second bias, here 0."""

import numpy as np
import torch

from lstm_core.sentiment.reader import Reader

TEXT = "The film was not good, not at all."
LAYER = "first"
DIRECTION = "forward"
HELD = {}  # Gates that are held, with their values, such as {"forget": 0.5}.
OFF = []  # Units that are switched off, from 0.

reader = Reader.load()
network = reader.network.in_double()
first, second = network.layers.layers
inputs = network.embed(reader.ids(TEXT)).astype(np.float64)
if LAYER == "second":
    inputs = first.run(inputs).hidden_state
layer = first if LAYER == "first" else second
cell = layer.forward_cell
if DIRECTION == "backward":
    cell, inputs = layer.backward_cell, inputs[::-1]
cell = cell.clamped(HELD).clamped({"output": 0.0}, OFF)

units = cell.units
torch_cell = torch.nn.LSTMCell(cell.features, units, dtype=torch.float64)
with torch.no_grad():
    # PyTorch's gates stand in the same order, i f g o.
    torch_cell.weight_ih.copy_(torch.from_numpy(cell.kernel.T.copy()))
    torch_cell.weight_hh.copy_(torch.from_numpy(cell.recurrent_kernel.T.copy()))
    torch_cell.bias_ih.copy_(torch.from_numpy(cell.bias))
    torch_cell.bias_hh.zero_()

    h = c = torch.zeros(1, units, dtype=torch.float64)
    cell_states, hidden_states = [], []
    for x in torch.from_numpy(inputs.copy()):
        h, c = torch_cell(x[None], (h, c))
        cell_states.append(c[0].numpy())
        hidden_states.append(h[0].numpy())
result = {"cell_state": np.array(cell_states), "hidden_state": np.array(hidden_states)}
print(result)

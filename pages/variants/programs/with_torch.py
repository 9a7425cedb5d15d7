"""The same with PyTorch, whose gates come in another order: reset, update, candidate."""

import torch

KERNEL = [[0.6, -0.4, 1.0]]
RECURRENT_KERNEL = [[0.5, 0.8, -0.9]]
BIAS = [[0.2, 0.0, 0.1], [0.0, -0.3, 0.0]]
INPUTS = [[1.0], [0.5], [-1.0], [2.0]]


def reordered(columns):
    """Bring update, reset, candidate, as in Keras, into the order reset, update, candidate."""
    update, reset, candidate = torch.tensor(columns, dtype=torch.float64).chunk(3, dim=-1)
    return torch.cat([reset, update, candidate], dim=-1)


layer = torch.nn.GRU(len(KERNEL), len(RECURRENT_KERNEL), batch_first=True, dtype=torch.float64)
input_bias, recurrent_bias = BIAS
with torch.no_grad():
    layer.weight_ih_l0.copy_(reordered(KERNEL).T)
    layer.weight_hh_l0.copy_(reordered(RECURRENT_KERNEL).T)
    layer.bias_ih_l0.copy_(reordered(input_bias))
    layer.bias_hh_l0.copy_(reordered(recurrent_bias))
    inputs = torch.tensor(INPUTS, dtype=torch.float64)
    result = layer(inputs[None])[0][0].numpy()
print(result)

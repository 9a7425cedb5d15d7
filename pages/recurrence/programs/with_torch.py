"""The same with PyTorch: its matrices stand transposed, and it has two biases to add."""

import torch

KERNEL = [[0.6, -0.4], [0.1, 0.9], [-0.7, 0.3]]
RECURRENT_KERNEL = [[0.8, -0.6], [0.6, 0.8]]
BIAS = [0.0, 0.1]
INPUTS = [[0.5, -1.0, 0.2], [1.2, 0.3, -0.8], [0.5, -1.0, 0.2]]

layer = torch.nn.RNN(len(KERNEL), len(RECURRENT_KERNEL), batch_first=True, dtype=torch.float64)
with torch.no_grad():
    layer.weight_ih_l0.copy_(torch.tensor(KERNEL, dtype=torch.float64).T)
    layer.weight_hh_l0.copy_(torch.tensor(RECURRENT_KERNEL, dtype=torch.float64).T)
    layer.bias_ih_l0.copy_(torch.tensor(BIAS, dtype=torch.float64))
    layer.bias_hh_l0.zero_()
    inputs = torch.tensor(INPUTS, dtype=torch.float64)
    result = layer(inputs[None])[0][0].numpy()
print(result)

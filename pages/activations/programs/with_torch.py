"""The same with PyTorch."""

import numpy as np
import torch

POINT = 0.0
WEIGHT = 1.0
STEPS = 20

steps = np.arange(1, STEPS + 1)
result = {}
for name in ("tanh", "sigmoid", "relu"):
    x = torch.tensor([POINT], dtype=torch.float64, requires_grad=True)
    getattr(torch, name)(x).sum().backward()
    factor = WEIGHT * x.grad.item()
    result[name] = abs(factor) ** steps
print(result)

"""The same with PyTorch, whose gates come in the order of Keras: i, f, g, o."""

from pathlib import Path

import numpy as np
import torch

from lstm_core.sentiment.reader import ASSETS, Reader

TEXT = "The film was not good, not at all."
AS_WRITTEN = ()
STEPS = 32

with np.load(ASSETS / "network.npz") as stored:
    weights = {name: torch.tensor(stored[name].astype("float32")) for name in stored.files}


def lstm(layer):
    """Put the weights of both directions of a layer into PyTorch's LSTM."""
    kernel = weights[f"{layer}_forward_kernel"]
    units = weights[f"{layer}_forward_recurrent_kernel"].shape[0]
    both = torch.nn.LSTM(kernel.shape[0], units, batch_first=True, bidirectional=True)
    for direction, end in (("forward", ""), ("backward", "_reverse")):
        name = f"{layer}_{direction}"
        getattr(both, f"weight_ih_l0{end}").data = weights[f"{name}_kernel"].T.contiguous()
        getattr(both, f"weight_hh_l0{end}").data = weights[
            f"{name}_recurrent_kernel"
        ].T.contiguous()
        # Keras has one bias, PyTorch adds two.
        getattr(both, f"bias_ih_l0{end}").data = weights[f"{name}_bias"]
        getattr(both, f"bias_hh_l0{end}").data.zero_()
    return both


first, second = lstm("first"), lstm("second")


def logit(vectors):
    """Read vectors of words, (batch, time, features)."""
    hidden = second(first(vectors)[0])[0]
    pooled = torch.cat([hidden.amax(dim=1), hidden.mean(dim=1)], dim=-1)
    return (pooled @ weights["head_kernel"] + weights["head_bias"])[:, 0]


reader = Reader.load()
# A text of None is read from a file of your own.
ids = reader.ids(TEXT or Path("review.txt").read_text(encoding="utf-8"), AS_WRITTEN)
# Integrated gradients, on the way from as many unknown words (id 1) to the text.
vectors = weights["embedding"][torch.tensor(ids.astype("int64"))]
unknown = weights["embedding"][1].expand_as(vectors)
points = (torch.arange(STEPS) + 0.5) / STEPS
path = (unknown + points[:, None, None] * (vectors - unknown)).requires_grad_()
logit(path).sum().backward()
contributions = ((vectors - unknown) * path.grad.mean(dim=0)).sum(dim=-1)
z = logit(vectors[None])[0].item()
result = {
    "probability": float(reader.calibration.probability(z)),
    "contributions": contributions.numpy(),
}
print(result)

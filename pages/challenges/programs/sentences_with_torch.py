"""The same probabilities with PyTorch, one sentence at a time."""

import numpy as np
import torch

from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import ASSETS, Reader

KIND = "irony"

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
        # Keras has one bias, PyTorch adds two. The order of the gates is the same: i, f, g, o.
        getattr(both, f"bias_ih_l0{end}").data = weights[f"{name}_bias"]
        getattr(both, f"bias_hh_l0{end}").data.zero_()
    return both


first, second = lstm("first"), lstm("second")
reader = Reader.load()
rows = [row for row in read_probe() if row["class"] == KIND]
logits = []
with torch.no_grad():
    for row in rows:
        ids = torch.tensor(reader.ids(row["text"]).astype("int64"))
        hidden = second(first(weights["embedding"][ids][None])[0])[0]
        pooled = torch.cat([hidden.amax(dim=1), hidden.mean(dim=1)], dim=-1)
        logits.append(float((pooled @ weights["head_kernel"] + weights["head_bias"])[0, 0]))
result = reader.calibration.probability(np.array(logits))
print(np.round(result, 3))

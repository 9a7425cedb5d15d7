"""The same with PyTorch, which is told how long each text is before it is padded."""

import numpy as np
import torch
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

from lstm_core.sentiment.reader import ASSETS, Reader

TEXTS = ["I loved every minute of it.", "A waste of two hours."]

with np.load(ASSETS / "network.npz") as stored:
    weights = {name: torch.tensor(stored[name].astype("float32")) for name in stored.files}


def bidirectional(name):
    """Make one of the network's two layers."""
    features, gates = weights[f"{name}_forward_kernel"].shape
    layer = torch.nn.LSTM(features, gates // 4, batch_first=True, bidirectional=True)
    for direction, end in (("forward", ""), ("backward", "_reverse")):
        kernel = weights[f"{name}_{direction}_kernel"]
        recurrent_kernel = weights[f"{name}_{direction}_recurrent_kernel"]
        getattr(layer, f"weight_ih_l0{end}").data = kernel.T.contiguous()
        getattr(layer, f"weight_hh_l0{end}").data = recurrent_kernel.T.contiguous()
        # Keras has one bias; PyTorch adds two. The order of the gates is the same: i, f, g, o.
        getattr(layer, f"bias_ih_l0{end}").data = weights[f"{name}_{direction}_bias"]
        getattr(layer, f"bias_hh_l0{end}").data.zero_()
    return layer


reader = Reader.load()
first, second = bidirectional("first"), bidirectional("second")
with torch.no_grad():
    ids = [torch.tensor(reader.ids(text).astype("int64")) for text in TEXTS]
    packed = pack_sequence([weights["embedding"][row] for row in ids], enforce_sorted=False)
    hidden, lengths = pad_packed_sequence(second(first(packed)[0])[0], batch_first=True)
    padding = (torch.arange(hidden.shape[1]) >= lengths[:, None])[..., None]
    largest = hidden.masked_fill(padding, -torch.inf).amax(dim=1)
    mean = hidden.masked_fill(padding, 0).sum(dim=1) / lengths[:, None]
    logits = torch.cat([largest, mean], dim=-1) @ weights["head_kernel"] + weights["head_bias"]
result = reader.calibration.probability(logits[:, 0].numpy())
print(np.round(result, 3))

"""The same with PyTorch's LSTM cells; their matrices stand transposed."""

import numpy as np
import torch

from lstm_core.sentiment.reader import ASSETS, Reader

TEXT = "The film was not good, not at all."
LAYER = "first"
DIRECTION = "forward"

weights = {
    name: torch.tensor(array.astype("float64"))
    for name, array in np.load(ASSETS / "network.npz").items()
}
ids = torch.tensor(Reader.load().ids(TEXT), dtype=torch.long)


def cell(name):
    """Put the weights of one LSTM of the network into PyTorch's cell."""
    # Keras' order of gates, input, forget, candidate, output, is PyTorch's too.
    features, units = (len(weights[f"{name}_{part}"]) for part in ("kernel", "recurrent_kernel"))
    lstm = torch.nn.LSTMCell(features, units, dtype=torch.float64)
    with torch.no_grad():
        lstm.weight_ih.copy_(weights[f"{name}_kernel"].T)
        lstm.weight_hh.copy_(weights[f"{name}_recurrent_kernel"].T)
        lstm.bias_ih.copy_(weights[f"{name}_bias"])
        lstm.bias_hh.zero_()
    return lstm


cells = {
    (layer, way): cell(f"{layer}_{way}")
    for layer in ("first", "second")
    for way in ("forward", "backward")
}


def run(lstm, vectors):
    """Step through vectors, each (batch, features); returns the hidden states."""
    h = c = torch.zeros((len(vectors[0]), lstm.hidden_size), dtype=torch.float64)
    hidden = []
    for x in vectors:
        h, c = lstm(x, (h, c))
        hidden.append(h)
    return hidden


def read(texts):
    """Read texts of one length, (batch, time).

    Returns the inputs and hidden states of each LSTM, in the order in which it reads, and the logit.
    """
    sequence = list(weights["embedding"][texts].unbind(1))
    states = {}
    for layer in ("first", "second"):
        ahead = run(cells[layer, "forward"], sequence)
        back = run(cells[layer, "backward"], sequence[::-1])
        states[layer, "forward"] = sequence, ahead
        states[layer, "backward"] = sequence[::-1], back
        sequence = [torch.cat(both, -1) for both in zip(ahead, back[::-1], strict=True)]
    hidden = torch.stack(sequence, 1)
    pooled = torch.cat([hidden.amax(1), hidden.mean(1)], -1)
    return states, (pooled @ weights["head_kernel"] + weights["head_bias"])[:, 0]


lstm = cells[LAYER, DIRECTION]
states, logit = read(ids[None])
inputs, hidden = states[LAYER, DIRECTION]
slopes = torch.autograd.grad(logit[0], hidden)
importance = sum((h * slope).abs() for h, slope in zip(hidden, slopes, strict=True))[0]
importance = importance / importance.sum()
shares = torch.zeros((0, lstm.hidden_size), dtype=torch.float64)
before = [torch.zeros_like(hidden[0]), *hidden[:-1]]
for x, h in zip(inputs, before, strict=True):
    i, f, g, _ = (x @ lstm.weight_ih.T + h @ lstm.weight_hh.T + lstm.bias_ih).chunk(4, -1)
    shares = torch.cat([shares * f.sigmoid(), i.sigmoid() * g.tanh()])

without = ids.repeat(len(ids), 1).fill_diagonal_(1)  # 1 stands for every unknown word.
matters = logit - read(without)[1]
result = {
    "held": (shares.abs() @ importance).detach().numpy(),
    "matters": (matters.flip(0) if DIRECTION == "backward" else matters).detach().numpy(),
}
print(result)

"""The next character's probabilities with PyTorch, which has two biases: the second one is 0."""

import torch

from lstm_core.text.characters import CharacterNetwork

START = '"My dear Jane," said Mr. B'
TEMPERATURE = 0.6

network = CharacterNetwork.load()
lstm = torch.nn.LSTM(network.cell.features, network.cell.units, batch_first=True)
readout = torch.nn.Linear(network.cell.units, len(network.vocabulary))
with torch.no_grad():
    # The gates' order, input, forget, candidate, output, is the same.
    lstm.weight_ih_l0.copy_(torch.tensor(network.cell.kernel).T)
    lstm.weight_hh_l0.copy_(torch.tensor(network.cell.recurrent_kernel).T)
    lstm.bias_ih_l0.copy_(torch.tensor(network.cell.bias))
    lstm.bias_hh_l0.zero_()
    readout.weight.copy_(torch.tensor(network.kernel).T)
    readout.bias.copy_(torch.tensor(network.bias))
    inputs = torch.tensor(network.one_hot(network.ids(START)))[None]
    logits = readout(lstm(inputs)[0][0, -1]).double()
    result = torch.softmax(logits / TEMPERATURE, dim=-1).numpy()
print(result)

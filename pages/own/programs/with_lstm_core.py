"""Open a network that another library saved, run it, and look at one of its cells."""

import io

import lstm_core
from lstm_core.own import examples

FILE = ""  # The path of your file; without one the example is opened.
EXAMPLE = "counts"
INPUTS = [[1.0], [1.0], [0.0], [1.0], [0.0], [1.0], [1.0]]
LAYER = 0
DIRECTION = "forward"

network = lstm_core.open(FILE or io.BytesIO(examples.example(EXAMPLE)))
run = network.run(INPUTS)
cell, trace = run.trace(LAYER, DIRECTION)
print(network.describe()["layers"])
print("answer:", run.output)
print("hidden states:", trace.hidden_state.shape)
result = {"output": run.output, "hidden_state": trace.hidden_state}

"""The length of the gradient at every step back through an RNN, an LSTM and a GRU."""

from dataclasses import replace

from lstm_core.gradients.flow import Experiment, follow

EXPERIMENT = Experiment(activation="tanh", gain=0.9, steps=60, network="RNN")

flows = {name: follow(replace(EXPERIMENT, network=name)) for name in ("RNN", "LSTM", "GRU")}
# |dL/dh_t| for t = 1 ... T; of the LSTM |dL/dc_t|
result = {name: flow.norms for name, flow in flows.items()}
front = flows[EXPERIMENT.network]
print(front.norms)
print(front.spectral_radius, front.largest_singular_value)

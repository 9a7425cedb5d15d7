"""Write a network for PyTorch: a ``.safetensors`` of its state, and the lines of the module."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.messages import Message, later
from lstm_core.own.layers import (
    Activation,
    Dense,
    Embedding,
    Flatten,
    Layer,
    Masking,
    Pool,
    Recurrent,
    Repeat,
    Scale,
)
from lstm_core.own.layouts import laid_out
from lstm_core.own.network import Network
from lstm_core.own.problems import OwnError

CALLS = {
    "sigmoid": "torch.sigmoid(x)",
    "tanh": "torch.tanh(x)",
    "relu": "torch.relu(x)",
    "softmax": "torch.softmax(x, -1)",
    "log_softmax": "torch.log_softmax(x, -1)",
    "softplus": "torch.nn.functional.softplus(x)",
    "elu": "torch.nn.functional.elu(x)",
    "silu": "torch.nn.functional.silu(x)",
    "exponential": "torch.exp(x)",
}


def pytorch_file(network: Network, file_name: str) -> tuple[bytes, str, list[Message]]:
    """Write a network for PyTorch.

    Returns:
        The file, the lines that make and load the module, and what is not the same there.

    Raises:
        OwnError: if PyTorch has no such layer.
    """
    from safetensors.numpy import save

    state: dict[str, Array] = {}
    made: list[str] = []
    forward: list[str] = []
    notes: list[Message] = []
    for place, layer in enumerate(network.layers):
        name = f"layer{place}"
        own, init, lines = _layer(layer, name)
        state |= {key: np.ascontiguousarray(array) for key, array in own.items()}
        made += init
        forward += lines
        if isinstance(layer, Masking) or (isinstance(layer, Embedding) and layer.mask_zero):
            notes.append(
                later("PyTorch masks nothing by itself: leave the masked steps out of its inputs.")
            )
    reads = "token ids, (batch, steps)" if network.embedding else "(batch, steps, features)"
    lines = [
        "import torch",
        "from safetensors.torch import load_file",
        "",
        "",
        "class Network(torch.nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        *(f"        {line}" for line in made),
        "",
        f"    def forward(self, x):  # {reads}",
        *(f"        {line}" for line in forward),
        "        return x",
        "",
        "",
        f"model = Network(){'.double()' if network.dtype == np.float64 else ''}.eval()",
        f'model.load_state_dict(load_file("{file_name}"))',
    ]
    return save(state), "\n".join(lines) + "\n", notes


Made = tuple[dict[str, Array], list[str], list[str]]


def _layer(layer: Layer, name: str) -> Made:
    """State, lines of the constructor and lines of the way forward of a layer."""
    if isinstance(layer, Recurrent):
        return _recurrent(layer, name)
    if isinstance(layer, Embedding):
        rows, columns = layer.table.shape
        init = [f"self.{name} = torch.nn.Embedding({rows}, {columns})"]
        return {f"{name}.weight": layer.table}, init, [f"x = self.{name}(x)"]
    if isinstance(layer, Dense):
        reads, units = layer.kernel.shape
        state = {f"{name}.weight": layer.kernel.T, f"{name}.bias": layer.bias}
        init = [f"self.{name} = torch.nn.Linear({reads}, {units})"]
        return state, init, [f"x = self.{name}(x)", *_squash(layer.activation)]
    if isinstance(layer, Scale):
        state = {f"{name}_factor": layer.factor, f"{name}_shift": layer.shift}
        init = [f'self.register_buffer("{key}", torch.zeros({len(layer.factor)}))' for key in state]
        return state, init, [f"x = x * self.{name}_factor + self.{name}_shift"]
    return {}, [], list(_plain(layer))


def _plain(layer: Layer) -> Iterator[str]:
    """The line of a layer without weights."""
    if isinstance(layer, Activation):
        yield from _squash(layer.activation)
    elif isinstance(layer, Pool):
        yield {
            "last": "x = x[:, -1]",
            "mean": "x = x.mean(dim=1)",
            "max": "x = x.amax(dim=1)",
        }[layer.how]
    elif isinstance(layer, Flatten):
        yield "x = x.flatten(1)"
    elif isinstance(layer, Repeat):
        yield f"x = x[:, None].repeat(1, {layer.times}, 1)"


def _squash(activation: str) -> list[str]:
    return [] if activation == "linear" else [f"x = {CALLS[activation]}"]


def _recurrent(layer: Recurrent, name: str) -> Made:
    state: dict[str, Array] = {}
    for suffix, cell in zip(("", "_reverse"), layer.cells.values(), strict=False):
        for key, array in torch_arrays(cell, layer.name).items():
            state[f"{name}.{key}_l0{suffix}"] = array
    both = layer.backward_cell is not None
    arguments = [f"{layer.features}, {layer.units}, batch_first=True"]
    if both:
        arguments.append("bidirectional=True")
    if isinstance(layer.cell, RNNCell):
        arguments.append(f'nonlinearity="{layer.cell.activation.name}"')
    init = [f"self.{name} = torch.nn.{layer.kind}({', '.join(arguments)})"]
    lines = ["x = x.flip(1)"] if layer.from_the_end else []
    if layer.sequences:
        lines.append(f"x, _ = self.{name}(x)")
        split = "a, b = x.chunk(2, -1)"
    else:
        answer = "_, (h, _)" if layer.kind == "LSTM" else "_, h"
        lines.append(f"{answer} = self.{name}(x)")
        lines.append("x = torch.cat([h[0], h[1]], -1)" if both else "x = h[0]")
        split = "a, b = h[0], h[1]"
    if both and layer.merge != "concat":
        merged = {"sum": "a + b", "ave": "(a + b) / 2", "mul": "a * b"}[layer.merge]
        lines += [split, f"x = {merged}"]
    return state, init, lines


def torch_arrays(cell: Cell, name: str) -> dict[str, Array]:
    """A cell's arrays as PyTorch has them, by their names.

    Raises:
        OwnError: if PyTorch has no such cell.
    """
    if isinstance(cell, GRUCell) and isinstance(cell, ResetFirstGRUCell):
        raise OwnError(
            later(
                "“{name}” is a GRU whose reset gate acts before the matrix product "
                "(reset_after=False); PyTorch has none.",
                name=name,
            )
        )
    if isinstance(cell, RNNCell) and cell.activation.name not in ("tanh", "relu"):
        raise OwnError(
            later(
                "“{name}” has the activation {activation}; PyTorch's RNN has tanh and relu.",
                name=name,
                activation=cell.activation.name,
            )
        )
    kernel, recurrent, first, second = laid_out(cell, "pytorch")
    return {
        "weight_ih": kernel.T,
        "weight_hh": recurrent.T,
        "bias_ih": first,
        "bias_hh": second,
    }

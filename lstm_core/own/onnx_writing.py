"""Write a network as ONNX: one graph of its operators, time first inside, batch first outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

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

if TYPE_CHECKING:
    import onnx

OPSET = 17
OPERATORS = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "relu": "Relu",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
    "softplus": "Softplus",
    "elu": "Elu",
    "exponential": "Exp",
}
RNN_ACTIVATIONS = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid", "linear": "Affine"}


@dataclass
class Graph:
    """A graph that grows: every operator reads ``now`` and writes it anew."""

    now: str = "x"
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    arrays: list[onnx.TensorProto] = field(default_factory=list)
    timed: bool = True
    """Whether ``now`` has a time axis in front."""

    def add(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> None:
        """Add an operator that reads ``now`` and these inputs; ``now`` is its last output."""
        from onnx import helper

        number = len(self.nodes)
        names = [f"v{number}"] if outputs == 1 else ["", f"v{number}"]
        self.nodes.append(helper.make_node(operator, [self.now, *inputs], names, **attributes))
        self.now = f"v{number}"

    def array(self, values: NDArray[Any], name: str = "") -> str:
        """Add an array; returns its name."""
        from onnx import numpy_helper

        name = f"{name or 'a'}_{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def integers(self, *values: int) -> str:
        """Add whole numbers; returns their name."""
        return self.array(np.array(values, np.int64))


def onnx_file(network: Network) -> tuple[bytes, list[Message]]:
    """Write a network as ONNX.

    Returns:
        The file, and what is not the same there.

    Raises:
        OwnError: if ONNX has no such layer.
    """
    from onnx import TensorProto, helper

    graph = Graph()
    notes: list[Message] = []
    if network.embedding is None:
        graph.add("Transpose", perm=[1, 0, 2])
    for layer in network.layers:
        _add(graph, layer)
        if isinstance(layer, Masking) or (isinstance(layer, Embedding) and layer.mask_zero):
            notes.append(
                later("ONNX masks nothing by itself: leave the masked steps out of its inputs.")
            )
    if graph.timed:
        graph.add("Transpose", perm=[1, 0, 2])
    if network.dtype == np.float64:
        notes.append(
            later("ONNX Runtime computes in single precision alone; this file is in double.")
        )
    graph.nodes[-1].output[0] = "y"
    kind = TensorProto.DOUBLE if network.dtype == np.float64 else TensorProto.FLOAT
    shape: list[str | int] = ["batch", "steps"]
    if network.embedding is None:
        given = helper.make_tensor_value_info("x", kind, [*shape, network.features])
    else:
        given = helper.make_tensor_value_info("x", TensorProto.INT64, shape)
    times: list[str | int] = shape if graph.timed else shape[:1]
    shape_out: list[str | int] = [*times, network.outputs]
    answer = helper.make_tensor_value_info("y", kind, shape_out)
    made = helper.make_graph(graph.nodes, "network", [given], [answer], graph.arrays)
    model = helper.make_model(
        made,
        producer_name="lstm_core",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
    )
    return bytes(model.SerializeToString()), notes


def _add(graph: Graph, layer: Layer) -> None:
    if isinstance(layer, Recurrent):
        _recurrent(graph, layer)
    elif isinstance(layer, Embedding):
        table = graph.array(layer.table, "embedding")
        ids = graph.now
        graph.now = table
        graph.add("Gather", ids)
        graph.add("Transpose", perm=[1, 0, 2])
    elif isinstance(layer, Dense):
        graph.add("MatMul", graph.array(layer.kernel, "kernel"))
        graph.add("Add", graph.array(layer.bias, "bias"))
        _squash(graph, layer.activation)
    elif isinstance(layer, Activation):
        _squash(graph, layer.activation)
    elif isinstance(layer, Scale):
        graph.add("Mul", graph.array(layer.factor, "factor"))
        graph.add("Add", graph.array(layer.shift, "shift"))
    elif isinstance(layer, Pool):
        _pool(graph, layer.how)
    elif isinstance(layer, Flatten):
        graph.add("Transpose", perm=[1, 0, 2])
        graph.add("Reshape", graph.integers(0, -1))
        graph.timed = False
    elif isinstance(layer, Repeat):
        graph.add("Unsqueeze", graph.integers(0))
        graph.add("Tile", graph.integers(layer.times, 1, 1))
        graph.timed = True


def _squash(graph: Graph, activation: str) -> None:
    if activation == "silu":
        before = graph.now
        graph.add("Sigmoid")
        graph.add("Mul", before)
    elif activation != "linear":
        axis = {"axis": -1} if "softmax" in activation else {}
        graph.add(OPERATORS[activation], **axis)


def _pool(graph: Graph, how: str) -> None:
    if how == "last":
        graph.add("Gather", graph.array(np.array(-1, np.int64)), axis=0)
    else:
        graph.add("ReduceMax" if how == "max" else "ReduceMean", axes=[0], keepdims=0)
    graph.timed = False


def _recurrent(graph: Graph, layer: Recurrent) -> None:
    laid = [laid_out(cell, "onnx") for cell in layer.cells.values()]
    W = graph.array(np.stack([kernel.T for kernel, _, _, _ in laid]), f"{layer.kind}_W")
    R = graph.array(np.stack([recurrent.T for _, recurrent, _, _ in laid]), f"{layer.kind}_R")
    B = graph.array(np.stack([np.concatenate(each[2:]) for each in laid]), f"{layer.kind}_B")
    directions = len(laid)
    attributes: dict[str, Any] = {
        "hidden_size": layer.units,
        "direction": "bidirectional" if directions == 2 else "forward",
    }
    if layer.from_the_end:
        attributes["direction"] = "reverse"
    if isinstance(layer.cell, GRUCell):
        attributes["linear_before_reset"] = int(not isinstance(layer.cell, ResetFirstGRUCell))
    if isinstance(layer.cell, RNNCell):
        attributes |= _rnn_attributes(layer.cell, directions)
    graph.add(layer.kind, W, R, B, outputs=1 if layer.sequences else 2, **attributes)
    if layer.sequences:
        _merge(graph, layer, axis=1, order=[0, 2, 1, 3], shape=(0, 0, -1))
        if layer.from_the_end:
            # ONNX gives the states in the order of the inputs, Keras in that of the reading.
            ends = [graph.integers(value) for value in (-1, -(2**31), 0, -1)]
            graph.add("Slice", *ends)
    else:
        _merge(graph, layer, axis=0, order=[1, 0, 2], shape=(0, -1))
        graph.timed = False


def _rnn_attributes(cell: RNNCell, directions: int) -> dict[str, Any]:
    name = cell.activation.name
    if name not in RNN_ACTIVATIONS:
        raise OwnError(later("ONNX has no RNN with the activation {activation}.", activation=name))
    attributes: dict[str, Any] = {"activations": [RNN_ACTIVATIONS[name]] * directions}
    if name == "linear":
        attributes |= {
            "activation_alpha": [1.0] * directions,
            "activation_beta": [0.0] * directions,
        }
    return attributes


def _merge(
    graph: Graph, layer: Recurrent, axis: int, order: list[int], shape: tuple[int, ...]
) -> None:
    """Make one vector of both directions', which lie along an axis of their own."""
    if layer.backward_cell is None or layer.merge == "concat":
        graph.add("Transpose", perm=order)
        graph.add("Reshape", graph.integers(*shape))
    elif layer.merge == "sum":
        graph.add("ReduceSum", graph.integers(axis), keepdims=0)
    else:
        operator = "ReduceMean" if layer.merge == "ave" else "ReduceProd"
        graph.add(operator, axes=[axis], keepdims=0)

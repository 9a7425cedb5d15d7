"""The trained network for ONNX Runtime: the same weights in another engine, to be timed beside ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.layers import Bidirectional
from lstm_core.sentiment.network import SentimentNetwork


def in_onnx_order(parameter: NDArray[Any]) -> NDArray[Any]:
    """Turn Keras' columns (input, forget, candidate, output) into ONNX' rows (i, o, f, c)."""
    i, f, g, o = np.split(parameter, 4, axis=-1)
    return np.concatenate([i, o, f, g], axis=-1).T


def layer_weights(layer: Bidirectional) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return W, R and B of ONNX' LSTM: (2, 4 units, features), (2, 4 units, units), (2, 8 units)."""
    cells = (layer.forward_cell, layer.backward_cell)
    biases = [in_onnx_order(cell.bias) for cell in cells]
    return (
        np.stack([in_onnx_order(cell.kernel) for cell in cells]),
        np.stack([in_onnx_order(cell.recurrent_kernel) for cell in cells]),
        np.stack([np.concatenate([bias, np.zeros_like(bias)]) for bias in biases]),
    )


def logit_by_onnx(network: SentimentNetwork) -> Callable[[NDArray[np.int32]], float]:
    """Build the network in ONNX and return what reads word ids with it, on one thread.

    Raises:
        ImportError: if onnx or onnxruntime is not installed.
    """
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

    given = {
        "embedding": np.asarray(network.embedding, np.float32),
        "one": np.array([1], np.int64),
        "time": np.array([0], np.int64),
        "joined": np.array([0, 1, -1], np.int64),
        "flat": np.array([0, -1], np.int64),
        "head_kernel": network.head_kernel,
        "head_bias": network.head_bias,
    }
    nodes = [
        helper.make_node("Gather", ["embedding", "ids"], ["vectors"]),
        helper.make_node("Unsqueeze", ["vectors", "one"], ["read0"]),
    ]
    for place, layer in enumerate(network.layers.layers):
        if not isinstance(layer, Bidirectional):
            raise TypeError(f"layer {place} is a {type(layer).__name__}, expected a Bidirectional")
        names = [f"{name}{place}" for name in ("W", "R", "B")]
        given |= dict(zip(names, layer_weights(layer), strict=True))
        options = {"direction": "bidirectional", "hidden_size": layer.forward_cell.units}
        nodes += [
            helper.make_node("LSTM", [f"read{place}", *names], [f"both{place}"], **options),
            helper.make_node("Transpose", [f"both{place}"], [f"side{place}"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"side{place}", "joined"], [f"read{place + 1}"]),
        ]
    last = f"read{len(network.layers.layers)}"
    nodes += [
        helper.make_node("Reshape", [last, "flat"], ["hidden"]),
        helper.make_node("ReduceMax", ["hidden", "time"], ["largest"]),
        helper.make_node("ReduceMean", ["hidden", "time"], ["mean"]),
        helper.make_node("Concat", ["largest", "mean"], ["pooled"], axis=1),
        helper.make_node("Gemm", ["pooled", "head_kernel", "head_bias"], ["answers"]),
    ]
    graph = helper.make_graph(
        nodes,
        "reader",
        [helper.make_tensor_value_info("ids", onnx.TensorProto.INT32, ["words"])],
        [helper.make_tensor_value_info("answers", onnx.TensorProto.FLOAT, [1, 2])],
        [numpy_helper.from_array(np.ascontiguousarray(a), name) for name, a in given.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda ids: float(session.run(None, {"ids": ids})[0][0, 0])

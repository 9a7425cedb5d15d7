"""Networks carried to another library: what the real one computes with the file, and back again."""

import numpy as np
import pytest

from lstm_core.own import (
    LIBRARIES,
    Dense,
    Embedding,
    Flatten,
    Masking,
    Network,
    OwnError,
    Pool,
    Recurrent,
    Repeat,
    Scale,
    gate_orders,
    open_network,
    write_network,
)
from lstm_core.own.layers import SQUASHES
from tests.lstm_core.own.made import archive, make_cell, make_network, npz, sequence
from tools import own_files

LIMITS = {np.dtype(np.float32): 1e-6, np.dtype(np.float64): 1e-10}
NETWORKS = {
    **{
        f"{kind} {directions} {layers} {np.dtype(dtype).name}": (
            lambda kind=kind, directions=directions, layers=layers, dtype=dtype: make_network(
                kind, directions, layers, dtype=dtype, sequences=layers == 2
            )
        )
        for kind in ("LSTM", "GRU", "GRU reset first", "RNN")
        for directions, layers, dtype in (
            (1, 1, np.float32),
            (2, 2, np.float64),
            (2, 1, np.float32),
            (1, 2, np.float64),
        )
    },
    **{
        f"{merge} {'every step' if sequences else 'last'}": (
            lambda merge=merge, sequences=sequences: make_network(
                "LSTM", 2, 1, merge=merge, sequences=sequences
            )
        )
        for merge in ("sum", "ave", "mul")
        for sequences in (True, False)
    },
    "tokens": lambda: make_network("GRU", 2, 1, tokens=True, dtype=np.float32),
    "relu": lambda: make_network("RNN", recurrent_activation="relu"),
    "from the end": lambda: make_network("LSTM", 1, 2, from_the_end=True),
    "from the end, every step": lambda: make_network("GRU", from_the_end=True, sequences=True),
    "around": lambda: around(),  # noqa: PLW0108  (it is defined below)
}


def around():
    """All the layers that have no cell."""
    rng = np.random.default_rng(0)
    layers = (
        Recurrent(name="a", cell=make_cell("LSTM", 3, 4)),
        Scale(name="s", factor=rng.normal(size=4), shift=rng.normal(size=4)),
        Pool(name="p", how="mean"),
        Repeat(name="r", times=3),
        Recurrent(name="b/Gedächtnis", cell=make_cell("RNN", 4, 2)),
        Flatten(name="f"),
        Dense(name="d", kernel=rng.normal(size=(6, 2)), bias=rng.normal(size=2), activation="relu"),
    )
    return Network(name="n", format="npz", library="", layers=layers, parts=(("a",),))


def inputs_of(network):
    return own_files.tokens() if network.takes == "tokens" else sequence(dtype=network.dtype)


def check(network, output):
    mine = network.run(inputs_of(network)).output
    assert output.shape == mine.shape
    assert output.dtype == network.dtype
    assert np.abs(output - mine).max() < LIMITS[network.dtype]


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_computes_the_same(name, tmp_path):
    network = NETWORKS[name]()
    carried = write_network(network, "keras")
    path = tmp_path / carried.name
    path.write_bytes(carried.data)
    check(network, own_files.keras_output(path, inputs_of(network), network.dtype.name))


@pytest.mark.parametrize("name", NETWORKS)
def test_pytorch_computes_the_same(name, tmp_path, monkeypatch):
    import torch

    network = NETWORKS[name]()
    if "reset first" in name:
        with pytest.raises(OwnError, match="PyTorch has none"):
            write_network(network, "pytorch")
        return
    carried = write_network(network, "pytorch")
    monkeypatch.chdir(tmp_path)
    (tmp_path / carried.name).write_bytes(carried.data)
    namespace = {}
    exec(carried.code, namespace)
    with torch.no_grad():
        output = namespace["model"](torch.from_numpy(inputs_of(network)[np.newaxis]))
    check(network, output.numpy()[0])


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_runtime_computes_the_same(name):
    import onnx
    import onnxruntime

    network = NETWORKS[name]().in_precision(np.float32)
    carried = write_network(network, "onnx")
    onnx.checker.check_model(onnx.load_model_from_string(carried.data), full_check=True)
    session = onnxruntime.InferenceSession(carried.data)
    check(network, session.run(None, {"x": inputs_of(network)[np.newaxis]})[0][0])


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("library", ["keras", "onnx", "npz"])
def test_what_was_carried_comes_back(name, library):
    network = NETWORKS[name]()
    carried = write_network(network, library)
    again = open_network(carried.data, carried.name)
    assert not again.left_out
    assert again.parameter_count == network.parameter_count
    check(network, again.run(inputs_of(network)).output)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_a_state_of_pytorch_comes_back(kind):
    network = make_network(kind, 2, 2, sequences=True)
    carried = write_network(network, "pytorch")
    again = open_network(carried.data, layout={"layer2.activation": "softmax"})
    check(network, again.run(inputs_of(network)).output)


@pytest.mark.parametrize("activation", SQUASHES)
def test_every_activation_is_carried(activation, tmp_path, monkeypatch):
    import onnxruntime
    import torch

    network = make_network(activation=activation, dtype=np.float32)
    x = inputs_of(network)
    session = onnxruntime.InferenceSession(write_network(network, "onnx").data)
    check(network, session.run(None, {"x": x[np.newaxis]})[0][0])
    carried = write_network(network, "pytorch")
    monkeypatch.chdir(tmp_path)
    (tmp_path / carried.name).write_bytes(carried.data)
    namespace = {}
    exec(carried.code, namespace)
    with torch.no_grad():
        check(network, namespace["model"](torch.from_numpy(x[np.newaxis])).numpy()[0])


def test_what_a_library_has_not_is_said():
    network = make_network("RNN", recurrent_activation="sigmoid")
    with pytest.raises(OwnError, match="PyTorch's RNN has tanh and relu"):
        write_network(network, "pytorch")
    layers = make_network("LSTM", 2, sequences=True).layers
    last = Network(
        name="n",
        format="npz",
        library="",
        layers=(layers[0], Pool(name="p", how="last"), layers[1]),
        parts=((),),
    )
    with pytest.raises(OwnError, match="Keras has no layer that takes the last step"):
        write_network(last, "keras")
    with pytest.raises(OwnError, match="lisp is none of keras, pytorch, onnx, npz"):
        write_network(network, "lisp")


def test_masks_are_told_where_a_library_has_none():
    table = np.random.default_rng(0).normal(size=(7, 3))
    layers = (
        Embedding(name="e", table=table, mask_zero=True),
        Masking(name="m", value=9.0),
        Recurrent(name="l", cell=make_cell("GRU", 3, 4)),
    )
    network = Network(name="n", format="npz", library="", layers=layers, parts=((),))
    for library in ("pytorch", "onnx"):
        assert any("masked steps" in note for note in write_network(network, library).notes)
    assert open_network(write_network(network, "keras").data).embedding.mask_zero
    assert not write_network(network, "keras").notes


def test_names_of_files_are_those_of_the_network():
    network = open_network(
        archive("torch")[0]["LSTM-1-1-bias.safetensors"], "mein Netz (1).weights.h5"
    )
    names = {library: write_network(network, library).name for library in LIBRARIES}
    assert names == {
        "keras": "mein_Netz_1.keras",
        "pytorch": "mein_Netz_1.safetensors",
        "onnx": "mein_Netz_1.onnx",
        "npz": "mein_Netz_1.npz",
    }


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_the_card_shows_where_each_library_puts_a_gate(kind):
    import torch

    network = make_network(kind)
    keras, pytorch, onnx = gate_orders(network)
    assert (keras.gates, pytorch.gates, onnx.gates) == {
        "LSTM": ("i f c o", "i f g o", "i o f c"),
        "GRU": ("z r h", "r z n", "z r h"),
        "RNN": ("h", "h", "h"),
    }[kind]
    cell = network.recurrent[0].cell
    block = cell.kernel[0, cell.columns(cell.gates[0])][:3]
    first = {"LSTM": "i", "GRU": "z", "RNN": "h"}[kind]
    for order in (keras, pytorch, onnx):
        np.testing.assert_allclose(order.first[first], block)
    layer = getattr(torch.nn, kind)(3, 4)
    assert pytorch.weights == {n: tuple(p.shape) for n, p in layer.named_parameters()}


def test_an_npz_of_ours_that_was_damaged_is_refused():
    with pytest.raises(OwnError, match=r"layout inside the .npz file is damaged"):
        open_network(npz(layout=np.array('{"layers": [{"kind": "LSTM"}]}')))

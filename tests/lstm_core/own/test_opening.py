"""Networks that the real libraries saved: opened, run, and equal to what these compute."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lstm_core import own
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.own import OwnError, command, hdf5, open_network
from tests.lstm_core.own.made import archive, make_cell, npz, sequence
from tools import own_files

ARCHIVES = sorted(own_files.FILES.glob("*.zip"))
KERAS = {"3.3", "3.6", "3.10", "3.15"}


def test_there_are_files_of_every_library():
    stems = [path.stem for path in ARCHIVES]
    for version in KERAS:
        assert any(stem.startswith(f"keras-{version}.") for stem in stems)
    assert {stem.partition("-")[0] for stem in stems} == {"keras", "keras2", "torch", "tf2onnx"}


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_every_network_gives_what_its_library_gives(path):
    found = dict(own_files.differences(path))
    assert len(found) >= 8
    if path.stem.startswith(("keras", "torch")):
        assert {own_files.case_name(*case) for case in own_files.CASES} <= {
            name.partition(".")[0] for name in found
        }
    for name, difference in found.items():
        if name.startswith("convolution"):
            assert difference == "in part", name
        else:
            limit = 1e-10 if name.startswith("double") else 1e-6
            assert isinstance(difference, float), (name, difference)
            assert difference < limit, (name, difference)


@pytest.mark.usefixtures("real_hdf5")
def test_hdf5_is_read_in_a_process_of_its_own():
    files, outputs, _ = archive("keras-3.15")
    network = open_network(files["tokens.keras"], "tokens.keras")
    difference = network.run(own_files.tokens()).output - outputs["tokens.keras"]
    assert np.abs(difference).max() < 1e-6


@pytest.mark.usefixtures("real_hdf5")
@pytest.mark.parametrize(
    "program", ["import os; os.abort()", "print('x' * 9)", "import time; time.sleep(60)"]
)
def test_a_file_that_crashes_its_reader_harms_nobody(monkeypatch, tmp_path, program):
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(hdf5, "CHILD", child)
    monkeypatch.setattr(hdf5, "PATIENCE", 1)
    with pytest.raises(OwnError, match="damaged"):
        open_network(archive("keras-3.15")[0]["tokens.h5"], "tokens.h5")


def test_what_was_found_is_told():
    files, _, _ = archive("keras-3.15")
    network = open_network(files["tokens.keras"], "tokens.keras")
    assert network.library == "Keras 3.15.1"
    assert [layer.kind for layer in network.layers] == ["Embedding", "LSTM", "GRU", "Dense"]
    assert (network.takes, network.vocabulary, network.features, network.outputs) == (
        "tokens",
        own_files.VOCABULARY,
        3,
        1,
    )
    assert any("Dropout" in note or "dropout" in note for note in network.notes)
    described = json.loads(json.dumps(network.describe(), allow_nan=False))
    assert described["layers"][1]["directions"] == ["forward", "backward"]
    paths = {path for source in network.sources for path in source.paths}
    assert "layers/bidirectional/forward_layer/cell/vars/0" in paths
    assert "Embedding" in repr(network)


def test_a_convolution_is_named_and_the_rest_is_opened():
    files, _, _ = archive("keras-3.15")
    network = open_network(files["convolution.keras"])
    assert [(left.kind, str(left.why)) for left in network.left_out] == [
        ("Conv1D", "a convolution")
    ]
    assert [layer.kind for layer in network.layers] == ["LSTM", "Dense"]
    assert network.run(sequence()).output.shape == (2,)


def test_names_in_other_scripts_stay_as_they_are():
    files, _, _ = archive("keras-3.15")
    for ending in (".keras", ".h5"):
        network = open_network(files[f"Gedächtnis-记忆{ending}"])
        assert [layer.name for layer in network.layers] == ["Gedächtnis", "记忆", "Ответ"]


def test_biases_of_pytorch_are_added_and_gates_put_in_order():
    files, _, _ = archive("torch")
    network = open_network(files["GRU-1-1-bias.safetensors"])
    by_weight = {source.weight: source for source in network.sources}
    bias = by_weight["rnn/bias"]
    assert bias.paths == ("rnn.bias_ih_l0", "rnn.bias_hh_l0")
    assert "r z n" in bias.how
    lstm = open_network(files["LSTM-1-1-bias.safetensors"])
    first, second = lstm.recurrent[0].two_biases[0]
    np.testing.assert_allclose(lstm.recurrent[0].cell.bias, first + second, atol=1e-7)


def test_an_activation_that_no_file_holds_is_asked_for():
    files, _, _ = archive("torch")
    network = open_network(files["relu.safetensors"])
    asked = {assumption.name: assumption for assumption in network.asked}
    assert [choice.value for choice in asked["rnn.activation"].choices] == ["tanh", "relu"]
    decided = open_network(files["relu.safetensors"], layout={"rnn.activation": "relu"})
    assert decided.recurrent[0].cell.activation.name == "relu"
    assert next(a for a in decided.assumptions if a.name == "rnn.activation").decided


def test_what_cannot_be_decided_is_refused():
    content = archive("torch")[0]["relu.safetensors"]
    with pytest.raises(OwnError, match=r"rnn.activation cannot be swish; it can be tanh \| relu"):
        open_network(content, layout={"rnn.activation": "swish"})
    with pytest.raises(OwnError, match="leaves nothing open that is called gates"):
        open_network(content, layout={"gates": "ifco"})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "GRU reset first", "RNN"])
def test_bare_arrays_that_lie_as_in_keras(kind, dtype):
    cell = make_cell(kind, 3, 5, dtype=dtype)
    bias = cell.bias.sum(axis=0) if kind == "GRU reset first" else cell.bias
    network = open_network(npz(a=cell.kernel, b=cell.recurrent_kernel, c=bias), "w.npz")
    assert network.dtype == dtype
    x = sequence(dtype=dtype)
    mine = network.run(x).output
    np.testing.assert_allclose(mine, cell.run(x).hidden_state, atol=1e-6)
    assert isinstance(network.recurrent[0].cell, ResetFirstGRUCell) == (kind == "GRU reset first")
    names = {assumption.name for assumption in network.asked}
    assert (
        names
        == {
            "LSTM": {"gates"},
            "GRU": {"gates"},
            "GRU reset first": {"gates", "reset_after"},
            "RNN": {"activation"},
        }[kind]
    )


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_bare_arrays_that_lie_as_in_pytorch(kind):
    import torch

    layer = getattr(torch.nn, kind)(3, 5)
    arrays = {f"arr_{place}": p.detach().numpy() for place, p in enumerate(layer.parameters())}
    network = open_network(npz(**arrays), "w.npz")
    x = sequence(dtype=np.float32)
    with torch.no_grad():
        expected = layer(torch.from_numpy(x))[0].numpy()
    np.testing.assert_allclose(network.run(x).output, expected, atol=1e-6)


def test_an_order_of_gates_that_somebody_decides():
    cell = make_cell("LSTM", 3, 5)
    order = [0, 3, 1, 2]  # i o f c, as ONNX has them

    def moved(array):
        blocks = np.split(array, 4, axis=-1)
        return np.concatenate([blocks[place] for place in order], axis=-1)

    content = npz(a=moved(cell.kernel), b=moved(cell.recurrent_kernel), c=moved(cell.bias))
    x = sequence()
    expected = cell.run(x).hidden_state
    network = open_network(content, layout={"gates": "iofc"})
    np.testing.assert_allclose(network.run(x).output, expected, atol=1e-12)
    assert not np.allclose(open_network(content).run(x).output, expected, atol=1e-3)


def test_two_directions_of_bare_arrays():
    ahead, back = make_cell("LSTM", 3, 4, 0), make_cell("LSTM", 3, 4, 1)
    dense = np.ones((8, 2)), np.ones(2)
    arrays = [*ahead.parameters.values(), *back.parameters.values(), *dense]
    network = open_network(npz(**{f"arr_{n}": a for n, a in enumerate(arrays)}))
    (layer,) = network.recurrent
    assert layer.directions == ("forward", "backward")
    assert [each.kind for each in network.layers] == ["LSTM", "Dense"]


def test_keras_names_in_an_npz_in_any_order():
    cell = make_cell("LSTM", 3, 4)
    named = {
        "lstm/bias": cell.bias,
        "lstm/kernel": cell.kernel,
        "lstm/recurrent_kernel": cell.recurrent_kernel,
    }
    network = open_network(npz(**named))
    x = sequence()
    np.testing.assert_allclose(network.run(x).output, cell.run(x).hidden_state, atol=1e-12)


def test_a_projection_is_named():
    import torch
    from safetensors.torch import save

    module = torch.nn.ModuleDict(
        {
            "small": torch.nn.LSTM(3, 4, proj_size=2),
            "plain": torch.nn.GRU(3, 4),
            "attention": torch.nn.MultiheadAttention(4, 2),
            "convolution": torch.nn.Conv1d(3, 4, 2),
        }
    )
    network = open_network(save(module.state_dict()), "m.safetensors")
    whys = {left.name: str(left.why) for left in network.left_out}
    assert "proj_size" in whys["small"]
    assert whys["attention"] == "attention"
    assert whys["convolution"] == "a convolution"
    assert [layer.name for layer in network.layers] == ["plain"]


def test_several_lines_of_layers_are_told_apart():
    import torch
    from safetensors.torch import save

    module = torch.nn.ModuleDict(
        {"encoder": torch.nn.LSTM(3, 4), "decoder": torch.nn.LSTM(5, 6, 2)}
    )
    content = save(module.state_dict())
    network = open_network(content)
    assert network.parts == (("decoder.0", "decoder.1"), ("encoder",))
    assert [layer.name for layer in network.layers] == ["decoder.0", "decoder.1"]
    assert [layer.name for layer in open_network(content, part=1).layers] == ["encoder"]
    with pytest.raises(OwnError, match="2 parts"):
        open_network(content, part=2)


def test_the_precision_is_a_choice():
    content = archive("torch")[0]["LSTM-1-1-bias.safetensors"]
    assert open_network(content).dtype == np.float32
    double = open_network(content, dtype=np.float64)
    assert double.dtype == np.float64
    assert open_network(content).in_precision(np.float64).dtype == np.float64
    x = sequence()
    np.testing.assert_allclose(double.run(x).output, open_network(content).run(x).output, atol=1e-6)


@pytest.mark.parametrize(
    "lines",
    [
        "import lstm_core; import lstm_core.open; import lstm_core",
        "import lstm_core.open",
        "from lstm_core import open as o; import lstm_core.open; import importlib; "
        "assert importlib.import_module('lstm_core.open') is o",
    ],
)
def test_open_is_the_function_whatever_is_imported_first(lines, tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(archive("torch")[0]["LSTM-1-1-bias.safetensors"])
    code = f"{lines}\nimport lstm_core, sys\nprint(lstm_core.open({str(path)!r}).outputs)"
    code += "\nprint(sorted({'h5py', 'onnx', 'tensorflow', 'torch', 'pandas'} & set(sys.modules)))"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.stdout.split("\n")[:2] == ["2", "[]"], done.stderr


def test_the_command_says_what_is_found_and_converts(tmp_path, capsys):
    path = tmp_path / "mine.safetensors"
    path.write_bytes(archive("torch")[0]["relu.safetensors"])
    assert command.main([str(path), "--layout", "rnn.activation=relu"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["layers"][0]["activation"] == "relu"
    out = tmp_path / "mine.npz"
    assert command.main([str(path), "--to", "npz", "--out", str(out), "--dtype", "float64"]) == 0
    assert json.loads(capsys.readouterr().out)["bytes"] == len(out.read_bytes())
    assert own.open_network(out).dtype == np.float64
    assert command.main([str(tmp_path / "none.keras")]) == 1
    assert "none.keras" in capsys.readouterr().err


def test_the_matrix_is_printed(capsys, monkeypatch, tmp_path):
    shutil.copy(ARCHIVES[-1], tmp_path)
    monkeypatch.setattr(own_files, "FILES", tmp_path)
    own_files.print_matrix()
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("LSTM-2-2-bias") for line in lines)
    assert "nan" not in "".join(lines)

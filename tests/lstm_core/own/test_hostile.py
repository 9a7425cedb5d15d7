"""Files that mean harm, or are broken: a clear word each, within bounds of memory and time."""

import io
import json
import pickle
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from lstm_core.own import (
    MOST_BYTES,
    SAVE_SAFETENSORS,
    Network,
    OwnError,
    default_input,
    hdf5_child,
    open_network,
    opening,
)
from tests.lstm_core.own.made import archive, make_cell, npz

FILES = {
    "a.safetensors": lambda: archive("torch")[0]["LSTM-2-2-bias.safetensors"],
    "a.onnx": lambda: archive("torch")[0]["tokens.onnx"],
    "b.onnx": lambda: archive("tf2onnx")[0]["GRU-2-1-bias.onnx"],
    "a.npz": lambda: npz(a=np.ones((3, 16)), b=np.ones((4, 16)), c=np.ones(16)),
    "a.keras": lambda: archive("keras-3.3")[0]["tokens.keras"],
    "b.keras": lambda: archive("keras-3.15")[0]["cells.keras"],
    "c.keras": lambda: archive("keras-3.15")[0]["Gedächtnis-记忆.keras"],
}


@pytest.fixture
def without_net(monkeypatch):
    """Let through what the last net would catch, so that a test sees it."""
    monkeypatch.setattr(opening, "NET", ())


def zipped(members, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def safetensors(**arrays):
    from safetensors.numpy import save

    return save({name.replace("__", "."): array for name, array in arrays.items()})


def hdf5_of(fill):
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def torch_zip():
    return zipped({"model/data.pkl": b"\x80\x02}q\x00.", "model/version": b"3"})


def refused(content, name="", **decided):
    with pytest.raises(OwnError) as caught:
        open_network(content, name, **decided)
    message = str(caught.value)
    assert "{" not in message.replace("{...}", "")
    return message


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pickle.dumps({"weight": [1, 2]}), "model.pkl"),
        (pickle.dumps({"weight": [1, 2]}), ""),
        (torch_zip(), "model.pt"),
        (torch_zip(), "model"),
        (b"anything", "model.pth"),
    ],
)
def test_a_pickle_is_not_read_and_the_line_that_helps_is_said(content, name):
    assert SAVE_SAFETENSORS in refused(content, name)


def test_the_line_that_helps_is_right(tmp_path, monkeypatch):
    import torch

    monkeypatch.chdir(tmp_path)
    exec(SAVE_SAFETENSORS, {"model": torch.nn.Sequential(torch.nn.LSTM(3, 4))})
    assert open_network(tmp_path / "model.safetensors").features == 3


def test_objects_in_an_npz_are_not_read():
    buffer = io.BytesIO()
    np.savez(buffer, a=np.array([{"a": 1}], dtype=object))
    assert "Python objects" in refused(buffer.getvalue(), "a.npz")


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.keras", "empty"),
        (b"hello", "a.keras", r"no .keras file"),
        (b"hello", "a.txt", r"no file of a network"),
        (b"PK\x03\x04" + b"\0" * 50, "a.keras", "zip archive inside the file is damaged"),
        (zipped({"a.txt": "x"}), "a.zip", "no file of a network"),
        (zipped({"config.json": "{}"}), "a.keras", "no model.weights.h5"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 90, "a.h5", "HDF5 file is damaged"),
        (b"\x20\0\0\0\0\0\0\0{" + b"x" * 60, "a.safetensors", "safetensors file is damaged"),
        (b"\x08\x07\x12\xff\xff\xff\xff", "a.onnx", "onnx file is damaged"),
        (npz(a=np.ones(3)), "a.npz", "no LSTM, GRU or RNN"),
        (npz(a=np.array(["text"])), "a.npz", "no LSTM, GRU or RNN"),
    ],
)
def test_files_that_are_none(content, name, message):
    with pytest.raises(OwnError, match=message):
        open_network(content, name)


def test_a_file_that_is_too_large_is_not_read_to_its_end():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert 0 < size <= MOST_BYTES + 1
            return bytes(size)

    assert "larger than 50 MB" in refused(Endless(), "a.npz")


@pytest.mark.usefixtures("without_net")
@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_refused(name):
    content = FILES[name]()
    for share in (0.1, 0.5, 0.9, 0.999):
        refused(content[: int(len(content) * share)], name)


def test_bombs_are_not_unpacked():
    begin = time.perf_counter()
    zeros = bytes(120_000_000)
    bomb = zipped({"config.json": b"{}", "model.weights.h5": zeros}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 200_000
    assert "unpacks to more than 100 MB" in refused(bomb, "a.keras")
    config = zipped({"config.json": zeros, "model.weights.h5": b"x"}, zipfile.ZIP_DEFLATED)
    refused(config, "a.keras")
    assert "unpacks to more" in refused(zipped({"a.npy": zeros}, zipfile.ZIP_DEFLATED), "a.npz")
    many = zipped({f"{n}.npy": b"" for n in range(6000)})
    assert "6,000 files" in refused(many, "a.npz")
    assert time.perf_counter() - begin < 20


def npy_of_shape(shape):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        buffer, {"descr": "<f4", "fortran_order": False, "shape": shape}
    )
    return buffer.getvalue()


@pytest.mark.parametrize("shape", [(10**9, 10**9), (-1, 5), (2**62,), (10_000, 40_000)])
def test_absurd_shapes_make_no_room(shape):
    refused(zipped({"a.npy": npy_of_shape(shape)}), "a.npz")


def test_ten_thousand_units_are_said_to_be_too_many():
    def fill(file):
        file.create_dataset("layers/simple_rnn/cell/vars/0", (1, 10_000), "f4")
        file.create_dataset("layers/simple_rnn/cell/vars/1", (10_000, 10_000), "f4")

    with pytest.raises(OwnError, match=r"vars/1” has shape \(10000, 10000\)"):
        open_network(hdf5_of(fill), "a.weights.h5")
    buffer = io.BytesIO()
    recurrent = np.zeros((4_100, 4_100), np.float16)
    np.savez_compressed(buffer, kernel=recurrent[:1], recurrent_kernel=recurrent)
    assert "(4100, 4100)" in refused(buffer.getvalue(), "a.npz")


def test_ten_thousand_units_side_by_side_open():
    """A network that is wide but small: its embedding reads many tokens."""
    cell = make_cell("LSTM", 4, 8, dtype=np.float32)
    table = np.zeros((10_000, 4), np.float32)
    network = open_network(npz(e=table, **cell.parameters), "a.npz")
    assert network.vocabulary == 10_000


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "what", ["rnn__weight_ih_l0", "rnn__weight_hh_l0", "rnn__bias_hh_l0", "fc__weight"]
)
def test_weights_that_are_no_numbers_are_counted(value, what):
    arrays = {
        "rnn__weight_ih_l0": np.ones((16, 3), np.float32),
        "rnn__weight_hh_l0": np.ones((16, 4), np.float32),
        "rnn__bias_ih_l0": np.ones(16, np.float32),
        "rnn__bias_hh_l0": np.ones(16, np.float32),
        "fc__weight": np.ones((2, 4), np.float32),
    }
    arrays[what].flat[0] = value
    assert "1 weights of its" in refused(safetensors(**arrays), "a.safetensors")


def test_huge_weights_and_dead_kernels_are_warned_of():
    arrays = {
        "rnn__weight_ih_l0": np.full((16, 3), 1e30, np.float32),
        "rnn__weight_hh_l0": np.zeros((16, 4), np.float32),
    }
    network = open_network(safetensors(**arrays))
    assert ["1.0e+30" in w or "all zeros" in w for w in network.warnings] == [True, True]
    assert np.isfinite(network.run(np.ones((3, 3))).output).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rnn__weight_hh_l0": np.ones((16, 5))}, "no LSTM, GRU or RNN has"),
        ({"rnn__weight_ih_l0": np.ones((15, 3))}, "no LSTM, GRU or RNN has"),
        ({"rnn__weight_ih_l0": np.ones(16)}, "no LSTM, GRU or RNN has"),
        ({"rnn__bias_ih_l0": np.ones(7)}, "expected"),
        (
            {"rnn__weight_ih_l1": np.ones((16, 9)), "rnn__weight_hh_l1": np.ones((16, 4))},
            "do not fit",
        ),
        ({"rnn__weight_hh_l0": np.ones((0, 0)), "rnn__weight_ih_l0": np.ones((0, 3))}, "no LSTM"),
    ],
)
def test_shapes_that_do_not_fit_are_named(change, message):
    arrays = {"rnn__weight_ih_l0": np.ones((16, 3)), "rnn__weight_hh_l0": np.ones((16, 4))}
    with pytest.raises(OwnError, match=message):
        open_network(safetensors(**{**arrays, **change}))


@pytest.mark.usefixtures("without_net")
def test_layers_of_keras_that_do_not_fit_are_named():
    members = members_of(archive("keras-3.15")[0]["LSTM-1-2-bias.keras"])
    config = json.loads(members["config.json"])
    layers = config["config"]["layers"]
    layers[1], layers[3] = layers[3], layers[1]
    members["config.json"] = json.dumps(config)
    refused(zipped(members), "a.keras")


def test_names_that_mean_harm_are_shown_as_one_short_line():
    members = members_of(archive("keras-3.15")[0]["LSTM-1-1-bias.keras"])
    evil = "a\n\u202e<script>alert(1)</script>{x}" + "y" * 500
    config = members["config.json"].decode().replace('"lstm"', json.dumps(evil))
    members["config.json"] = config
    network = open_network(zipped(members), "\u202eevil\n.keras")
    name = network.layers[0].name
    assert "\n" not in name + network.name
    assert "\u202e" not in name + network.name
    assert len(name) <= 80
    json.dumps(network.describe())


@pytest.mark.usefixtures("real_hdf5")
def test_hdf5_that_points_elsewhere_is_refused(tmp_path):
    import h5py

    other = tmp_path / "secret.h5"
    other.write_bytes(hdf5_of(lambda file: file.create_dataset("a", data=np.ones(3))))

    def links(file):
        file["layers/lstm/cell/vars/0"] = h5py.ExternalLink(str(other), "a")

    def virtual(file):
        layout = h5py.VirtualLayout((3,), "f8")
        layout[:] = h5py.VirtualSource(str(other), "a", (3,))
        file.create_virtual_dataset("layers/lstm/cell/vars/0", layout)

    def outside(file):
        file.create_dataset(
            "a", (3,), "f8", external=[(str(tmp_path / "raw.bin"), 0, h5py.h5f.UNLIMITED)]
        )

    for fill in (links, virtual, outside):
        assert "points to another file" in refused(hdf5_of(fill), "a.h5")
    round_and_round = hdf5_of(lambda file: file.create_group("a").__setitem__("b", file["a"]))
    assert "without end" in refused(round_and_round, "a.h5")
    soft = hdf5_of(lambda file: file.__setitem__("a", h5py.SoftLink("/b")))
    assert "links inside it" in refused(soft, "a.h5")


def test_arrays_of_onnx_in_other_files_are_refused():
    import onnx

    model = onnx.load_model_from_string(archive("torch")[0]["LSTM-1-1-bias.onnx"])
    tensor = next(t for t in model.graph.initializer if len(t.dims) == 3)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    assert "in another file" in refused(model.SerializeToString(), "a.onnx")
    model = onnx.load_model_from_string(archive("torch")[0]["LSTM-1-1-bias.onnx"])
    tensor = next(t for t in model.graph.initializer if len(t.dims) == 3)
    tensor.dims[1] = 10**12
    refused(model.SerializeToString(), "a.onnx")


def test_a_configuration_that_nests_without_end_is_refused():
    members = members_of(archive("keras-3.15")[0]["LSTM-1-1-bias.keras"])
    members["config.json"] = "[" * 100_000 + "]" * 100_000
    assert "configuration cannot be read" in refused(zipped(members), "a.keras")
    inner = {"class_name": "Sequential", "config": {"layers": []}}
    for _ in range(50):
        inner = {"class_name": "Sequential", "config": {"name": "a", "layers": [inner]}}
    members["config.json"] = json.dumps(inner)
    refused(zipped(members), "a.keras")


# Fuzzed: 2,000 files.

JUNK = [None, -1, 0, 10**12, "", [], {}, "tanh", True, 1.5, [[[]]], {"class_name": "LSTM"}]


def junk_in(value, rng, share):
    """Put something else into JSON, here and there."""
    if rng.random() < share:
        return rng.choice(JUNK)
    if isinstance(value, dict):
        return {k: junk_in(v, rng, share) for k, v in value.items() if rng.random() > share / 4}
    return [junk_in(v, rng, share) for v in value] if isinstance(value, list) else value


def damaged(content, rng):
    """Cut a file off, or change some of its bytes, those of its head above all."""
    if rng.random() < 0.15:
        return content[: rng.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(rng.choice([1, 2, 4, 16, 64])):
        end = len(changed) if rng.random() < 0.5 else min(2000, len(changed))
        changed[rng.randrange(end)] = rng.choice([0, 1, 0xFF, 0x7F, 0x80, rng.randrange(256)])
    return bytes(changed)


@pytest.mark.usefixtures("without_net")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_opened_or_refused(name):
    content = FILES[name]()
    opened = 0
    for seed in range(270):
        rng = random.Random(f"{name} {seed}")
        if name.endswith(".keras") and rng.random() < 0.8:
            members = members_of(content)
            config = junk_in(json.loads(members["config.json"]), rng, 0.01)
            changed = zipped({**members, "config.json": json.dumps(config)})
        else:
            changed = damaged(content, rng)
        begin = time.perf_counter()
        try:
            network = open_network(changed, name)
            assert isinstance(network, Network)
            json.dumps(network.describe(), allow_nan=False)
            network.run(default_input(network, 4).inputs)
            opened += 1
        except OwnError:
            pass
        assert time.perf_counter() - begin < 5
    assert opened > 2


FUZZ_HDF5 = """
import os, random, resource, signal, sys
sys.path.insert(0, {folder!r})
import h5py, hdf5_child
hdf5_child.bound()
content = sys.stdin.buffer.read()
ends = []
for seed in [361, *range(120)]:  # 361 made the HDF5 library go round for ever
    rng = random.Random(seed)
    changed = bytearray(content)
    for _ in range(rng.choice([1, 2, 4, 16, 64])):
        end = len(changed) if rng.random() < 0.5 else 3000
        changed[rng.randrange(end)] = rng.choice([0, 1, 255, 127, 128, rng.randrange(256)])
    if rng.random() < 0.2:
        changed = changed[: rng.randrange(len(changed))]
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        signal.alarm(20)
        try:
            head, arrays = hdf5_child.tree_of(bytes(changed), 1_000_000)
        except Exception:
            os._exit(1)
        os._exit(0 if sum(array.size for array in arrays) <= 1_000_000 else 2)
    ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(len(ends), 2 in ends, ends.count(0) > 5)
"""


def test_damaged_hdf5_is_read_or_refused_within_the_bounds_of_its_process():
    """Each file has a process of its own here too: it may crash or go round for ever."""
    members = members_of(archive("keras-3.15")[0]["GRU-1-1-bias.keras"])
    folder = str(Path(hdf5_child.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", FUZZ_HDF5.format(folder=folder)],
        input=members["model.weights.h5"],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.split() == [b"121", b"False", b"True"], done.stderr[-2000:]

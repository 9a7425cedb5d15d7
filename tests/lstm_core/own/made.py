"""What the tests of opened networks share: the archives of the real libraries, and made networks."""

import io
import json
import zipfile
from functools import cache

import numpy as np

from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.own import Dense, Embedding, Network, Recurrent, hdf5, hdf5_child
from tools import own_files

CELLS = {"LSTM": LSTMCell, "GRU": GRUCell, "GRU reset first": ResetFirstGRUCell, "RNN": RNNCell}


def read_here(data):
    """Read HDF5 in this process: what the child does, without starting one for every file."""
    try:
        head, arrays = hdf5_child.tree_of(data, 10**8)
    except hdf5_child.RefusedError as error:
        raise hdf5.refusal(error.word, *error.where) from error
    except Exception as error:
        raise hdf5.OwnError(hdf5.BROKEN) from error
    paths = (entry["path"] for entry in head["arrays"])
    return hdf5.Tree(dict(zip(paths, arrays, strict=True)), head["attributes"])


@cache
def archive(stem):
    """Files, outputs and layouts of the newest archive whose name begins so."""
    path = sorted(own_files.FILES.glob(f"{stem}*.zip"))[-1]
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    outputs = dict(np.load(io.BytesIO(files.pop("outputs.npz"))))
    return files, outputs, json.loads(files.pop("layouts.json"))


def make_cell(kind, features, units, seed=0, dtype=np.float64, activation="tanh"):
    """A cell whose bias is not zero, so that one left out is seen."""
    rng = np.random.default_rng((seed, features, units))
    cell = CELLS[kind].initialise(features, units, seed, dtype)
    cell.bias[...] = rng.normal(size=cell.bias.shape) * 0.5
    if kind == "RNN" and activation != "tanh":
        cell = RNNCell(cell.kernel, cell.recurrent_kernel, cell.bias, activation)
    return cell


def make_network(
    kind="LSTM",
    directions=1,
    layers=1,
    *,
    features=3,
    units=4,
    dtype=np.float64,
    merge="concat",
    sequences=False,
    tokens=False,
    activation="softmax",
    from_the_end=False,
    recurrent_activation="tanh",
):
    """A network of these layers, with a dense one behind."""
    rng = np.random.default_rng(3)
    made = []
    if tokens:
        table = rng.normal(size=(own_files.VOCABULARY, features)).astype(dtype)
        made.append(Embedding(name="embedding", table=table))
    width = features
    for place in range(layers):
        cells = [
            make_cell(kind, width, units, 10 * place + row, dtype, recurrent_activation)
            for row in range(directions)
        ]
        layer = Recurrent(
            name=f"layer_{place}",
            cell=cells[0],
            backward_cell=cells[1] if directions == 2 else None,
            merge=merge,
            sequences=sequences or place < layers - 1,
            from_the_end=from_the_end,
        )
        made.append(layer)
        width = layer.width
    kernel = rng.normal(size=(width, 2)).astype(dtype)
    bias = rng.normal(size=2).astype(dtype)
    made.append(Dense(name="dense", kernel=kernel, bias=bias, activation=activation))
    return Network(
        name="made.npz",
        format="npz",
        library="",
        layers=tuple(made),
        parts=(tuple(layer.name for layer in made),),
    )


def sequence(steps=6, features=3, dtype=np.float64):
    """Numbers that single precision holds exactly."""
    rng = np.random.default_rng(8)
    return rng.normal(size=(steps, features)).astype(np.float32).astype(dtype)


def npz(**arrays):
    """The bytes of an .npz."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()

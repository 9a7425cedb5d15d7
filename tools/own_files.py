"""Networks saved by the real libraries, with what these compute: files for the tests of ``lstm_core.own``.

Each archive in ``tests/lstm_core/own/files`` is made by one library in one version, in an environment
that has it (``pip install keras==3.3.3 torch`` and so on), by one command:

    KERAS_BACKEND=torch python tools/own_files.py keras    # keras-VERSION.zip
    TF_USE_LEGACY_KERAS=1 python tools/own_files.py keras2 # keras2-VERSION.zip, by tf_keras
    python tools/own_files.py torch                        # torch-VERSION.zip: safetensors and ONNX
    python tools/own_files.py tf2onnx                      # tf2onnx-VERSION.zip

``python -m tools.own_files carried`` tries the installed Keras with files that ``lstm_core`` wrote, and
``python -m tools.own_files matrix`` opens them all and prints how far the outputs are from those of
the library, as a table.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import zipfile
from itertools import product
from pathlib import Path

import numpy as np

FILES = Path(__file__).parents[1] / "tests" / "lstm_core" / "own" / "files"
STEPS, FEATURES, UNITS, OUTPUTS, VOCABULARY = 6, 3, 4, 2, 7
KINDS = ("LSTM", "GRU", "RNN")
CASES = list(product(KINDS, (1, 2), (1, 2, 3), (True, False)))
"""Kind of cell, directions, layers, and whether there is a bias."""
SOFTMAX = {"dense.activation": "softmax"}
LAST = {"bidirectional_1.hands_on": "last states"}
DECIDED = {
    "LSTM-2-2-bias": SOFTMAX | LAST,
    "GRU-2-2-bias": SOFTMAX | LAST,
    "RNN-1-3-plain": SOFTMAX,
    "tokens": {"dense.activation": "sigmoid", "gru.hands_on": "last states"},
    "reset-first": {},
    "relu": {"simple_rnn.activation": "relu"},
    "cells": {},
}
"""Networks of which the weights are saved alone as well, and what these do not say."""


def numbers():
    """What every network of numbers reads, (steps, features)."""
    rng = np.random.default_rng(5)
    return rng.normal(size=(STEPS, FEATURES)).astype(np.float32)


def tokens():
    """What every network of tokens reads, (steps,)."""
    return np.array([1, 2, 3, 4, 5, 6])


def case_name(kind, directions, layers, bias):
    """Name a case of the matrix."""
    return f"{kind}-{directions}-{layers}-{'bias' if bias else 'plain'}"


class Archive:
    """A zip of files, of inputs that are not the usual ones, and of what the library gave."""

    def __init__(self, name):
        self.path = FILES / f"{name}.zip"
        self.files = {}
        self.outputs = {}
        self.layouts = {}

    def add(self, name, content, output, layout=None):
        """Add a file, what the library gave, and what has to be told to open it."""
        self.files[name] = content
        self.outputs[name] = np.asarray(output)
        if layout:
            self.layouts[name] = layout

    def write(self):
        """Write the archive; the same files make the same bytes."""
        FILES.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        np.savez(buffer, **self.outputs)
        everything = {
            **self.files,
            "outputs.npz": buffer.getvalue(),
            "layouts.json": json.dumps(self.layouts, indent=1).encode(),
        }
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_LZMA) as archive:
            for name, content in everything.items():
                info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
                archive.writestr(info, content, zipfile.ZIP_LZMA)
        print(self.path.name, len(self.files), "files,", self.path.stat().st_size, "bytes")


def saved(save, ending):
    """What a function writes to a path with this ending."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"network{ending}"
        save(str(path))
        return path.read_bytes()


def fill(model):
    """Give a model of Keras weights that are neither zeros nor saturate."""
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=w.shape) * 0.4 for w in model.get_weights()]
    names = [getattr(variable, "path", variable.name) for variable in model.weights]
    # A variance is not negative.
    model.set_weights(
        [abs(w) + 0.1 if "variance" in n else w for n, w in zip(names, weights, strict=True)]
    )


def keras_layer(kinds, kind, bias, **more):
    """Make a recurrent layer of Keras."""
    cls = kinds.SimpleRNN if kind == "RNN" else getattr(kinds, kind)
    return cls(UNITS, use_bias=bias, **more)


def keras_matrix(keras, archive, endings):
    """Add every case of the matrix."""
    kinds = keras.layers
    for kind, directions, layers, bias in CASES:
        keras.backend.clear_session()
        stack = [keras.Input((None, FEATURES))]
        for place in range(layers):
            layer = keras_layer(kinds, kind, bias, return_sequences=place < layers - 1)
            stack.append(kinds.Bidirectional(layer) if directions == 2 else layer)
        model = keras.Sequential([*stack, kinds.Dense(OUTPUTS, "softmax")])
        add_keras(archive, case_name(kind, directions, layers, bias), model, endings)


def keras_specials(keras, archive, endings):
    """Add what the matrix has not: layers around, merges, names, graphs."""
    kinds = keras.layers
    three = (None, FEATURES)
    made = {
        "tokens": lambda: keras.Sequential(
            [
                keras.Input((None,)),
                kinds.Embedding(VOCABULARY, FEATURES),
                kinds.Bidirectional(kinds.LSTM(UNITS, return_sequences=True)),
                kinds.Dropout(0.5),
                kinds.GRU(UNITS),
                kinds.Dense(1, "sigmoid"),
            ]
        ),
        "reset-first": lambda: keras.Sequential(
            [keras.Input(three), kinds.GRU(UNITS, reset_after=False), kinds.Dense(OUTPUTS)]
        ),
        "relu": lambda: keras.Sequential(
            [keras.Input(three), kinds.SimpleRNN(UNITS, activation="relu"), kinds.Dense(OUTPUTS)]
        ),
        "cells": lambda: keras.Sequential(
            [
                keras.Input(three),
                kinds.RNN(kinds.LSTMCell(UNITS), return_sequences=True),
                kinds.RNN([kinds.GRUCell(UNITS), kinds.GRUCell(5)]),
                kinds.Dense(OUTPUTS),
            ]
        ),
        "every-step": lambda: keras.Sequential(
            [
                keras.Input(three),
                kinds.LSTM(UNITS, return_sequences=True),
                kinds.TimeDistributed(kinds.Dense(OUTPUTS, "tanh")),
            ]
        ),
        "backwards": lambda: keras.Sequential(
            [keras.Input(three), kinds.LSTM(UNITS, go_backwards=True), kinds.Dense(OUTPUTS)]
        ),
        "pooled": lambda: keras.Sequential(
            [
                keras.Input(three),
                kinds.LSTM(UNITS, return_sequences=True),
                kinds.BatchNormalization(),
                kinds.GlobalAveragePooling1D(),
                kinds.Dense(5, "relu"),
                kinds.Dense(OUTPUTS),
            ]
        ),
        "repeated": lambda: keras.Sequential(
            [
                keras.Input((STEPS, FEATURES)),
                kinds.LSTM(UNITS),
                kinds.RepeatVector(3),
                kinds.LSTM(UNITS, return_sequences=True),
                kinds.Flatten(),
                kinds.Dense(OUTPUTS),
            ]
        ),
        "within": lambda: keras.Sequential(
            [
                keras.Input(three),
                keras.Sequential([keras.Input(three), kinds.LSTM(UNITS, return_sequences=True)]),
                kinds.GRU(UNITS),
                kinds.Dense(OUTPUTS),
            ]
        ),
        "Gedächtnis-记忆": lambda: functional(keras, "Gedächtnis", "记忆", "Ответ"),
        "convolution": lambda: keras.Sequential(
            [
                keras.Input(three),
                kinds.Conv1D(FEATURES, 3, padding="same"),
                kinds.LSTM(UNITS),
                kinds.Dense(OUTPUTS),
            ]
        ),
    }
    for merge in ("sum", "ave", "mul"):
        made[f"merge-{merge}"] = lambda merge=merge: keras.Sequential(
            [
                keras.Input(three),
                kinds.Bidirectional(kinds.LSTM(UNITS, return_sequences=True), merge_mode=merge),
                kinds.Bidirectional(kinds.LSTM(UNITS), merge_mode=merge),
                kinds.Dense(OUTPUTS),
            ]
        )
    if not keras.__version__.startswith("3"):
        # Its TensorFlow takes Latin letters alone.
        made.pop("Gedächtnis-记忆")
        made["graph"] = lambda: functional(keras, "first", "second", "last")
    for name, make in made.items():
        keras.backend.clear_session()
        add_keras(archive, name, make(), endings)


def functional(keras, first, second, last):
    """A model of a graph, with layers of these names."""
    kinds = keras.layers
    x = given = keras.Input((None, FEATURES), name="given")
    x = kinds.LSTM(UNITS, return_sequences=True, name=first)(x)
    x = kinds.Dropout(0.1)(x)
    x = kinds.Bidirectional(kinds.GRU(UNITS), name=second)(x)
    return keras.Model(given, kinds.Dense(OUTPUTS, name=last)(x))


def add_keras(archive, name, model, endings):
    """Add a model in every format."""
    fill(model)
    x = tokens() if name.startswith("tokens") else numbers()
    output = np.asarray(model.predict(x[np.newaxis], verbose=0))[0]
    for ending in endings:
        if "weights" in ending and name not in DECIDED:
            continue
        save = model.save_weights if "weights" in ending else model.save
        layout = DECIDED[name] if "weights" in ending else None
        archive.add(f"{name}{ending}", saved(save, ending), output, layout)


def make_keras():
    """Make the archive of the Keras 3 that is installed."""
    import keras

    archive = Archive(f"keras-{keras.__version__}")
    newest = keras.__version__.startswith("3.1") and keras.__version__ >= "3.11"
    endings = (".keras", ".weights.h5") if newest else (".keras",)
    keras_matrix(keras, archive, endings)
    keras_specials(keras, archive, (*endings, ".h5") if newest else endings)
    archive.write()


def make_keras2():
    """Make the archive of the Keras 2 that is installed as tf_keras."""
    import tf_keras as keras

    archive = Archive(f"keras2-{keras.__version__}")
    keras_matrix(keras, archive, (".h5",))
    keras_specials(keras, archive, (".h5", ".keras"))
    archive.write()


def torch_network(torch, kind, directions, layers, bias, **more):
    """A module with a recurrent layer and a linear one."""

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            cls = getattr(torch.nn, kind)
            both = directions == 2
            self.rnn = cls(
                FEATURES, UNITS, layers, bias=bias, bidirectional=both, batch_first=True, **more
            )
            self.fc = torch.nn.Linear(UNITS * directions, OUTPUTS)

        def forward(self, x):
            return self.fc(self.rnn(x)[0])

    return Net()


def make_torch():
    """Make the archive of the PyTorch that is installed: its state, and its export to ONNX."""
    import torch
    from safetensors.torch import save

    torch.manual_seed(0)
    version = torch.__version__.partition("+")[0]
    archive = Archive(f"torch-{version}")
    x = torch.from_numpy(numbers())[None]

    def add(name, module, layout=None):
        with torch.no_grad():
            output = module(x)[0].numpy()
        archive.add(f"{name}.safetensors", save(module.state_dict()), output, layout)
        exported = saved(
            lambda path: torch.onnx.export(
                module.eval(),
                (x,),
                path,
                dynamo=False,
                input_names=["x"],
                dynamic_axes={"x": {0: "batch", 1: "steps"}},
            ),
            ".onnx",
        )
        archive.add(f"{name}.onnx", exported, output)

    for case in CASES:
        add(case_name(*case), torch_network(torch, *case))
    add(
        "relu",
        torch_network(torch, "RNN", 1, 2, True, nonlinearity="relu"),
        {"rnn.activation": "relu"},
    )
    double = torch_network(torch, "LSTM", 2, 1, True).double()
    with torch.no_grad():
        output = double(x.double())[0].numpy()
    archive.add("double.safetensors", save(double.state_dict()), output)
    for dtype, name in ((torch.float16, "half"), (torch.bfloat16, "brain")):
        small = torch_network(torch, "GRU", 1, 1, True).to(dtype)
        state = save(small.state_dict())
        with torch.no_grad():
            output = small.float()(x)[0].numpy()
        archive.add(f"{name}.safetensors", state, output)

    class Last(torch.nn.Module):
        """Tokens in, the last states of both directions behind."""

        def __init__(self):
            super().__init__()
            self.embedding = torch.nn.Embedding(VOCABULARY, FEATURES)
            self.lstm = torch.nn.LSTM(FEATURES, UNITS, 2, bidirectional=True, batch_first=True)
            self.hidden = torch.nn.Linear(2 * UNITS, 5)
            self.out = torch.nn.Linear(5, 1)

        def forward(self, x):
            _, (h, _) = self.lstm(self.embedding(x))
            x = torch.relu(self.hidden(torch.cat([h[-2], h[-1]], -1)))
            return torch.sigmoid(self.out(x))

    x = torch.from_numpy(tokens())[None]
    decided = {"lstm.1.hands_on": "last states", "out.activation": "sigmoid"}
    add("tokens", Last(), decided)
    archive.write()


def make_tf2onnx():
    """Make the archive of tf2onnx, of networks of Keras 2: it makes LSTM and GRU operators."""
    import tensorflow as tf
    import tf2onnx
    import tf_keras as keras

    kinds = keras.layers
    archive = Archive(f"tf2onnx-{tf2onnx.__version__}")
    for kind, directions, layers in product(("LSTM", "GRU"), (1, 2), (1, 2)):
        keras.backend.clear_session()
        stack = [keras.Input((None, FEATURES))]
        for place in range(layers):
            layer = keras_layer(kinds, kind, True, return_sequences=place < layers - 1)
            stack.append(kinds.Bidirectional(layer) if directions == 2 else layer)
        model = keras.Sequential([*stack, kinds.Dense(OUTPUTS, "softmax")])
        fill(model)
        given = (tf.TensorSpec((None, None, FEATURES), tf.float32, name="x"),)
        graph, _ = tf2onnx.convert.from_keras(model, input_signature=given, opset=13)
        output = np.asarray(model.predict(numbers()[np.newaxis], verbose=0))[0]
        name = case_name(kind, directions, layers, True)
        archive.add(f"{name}.onnx", graph.SerializeToString(), output)
    archive.write()


def differences(path):
    """How far the network of each file of an archive is from its library: largest difference.

    Yields:
        Name of the file, and the difference or the sentence of a refusal.
    """
    from lstm_core.own import OwnError, open_network

    with zipfile.ZipFile(path) as archive:
        outputs = np.load(io.BytesIO(archive.read("outputs.npz")))
        layouts = json.loads(archive.read("layouts.json"))
        for name in outputs.files:
            try:
                network = open_network(archive.read(name), name, layout=layouts.get(name))
                run = network.run(tokens() if network.takes == "tokens" else numbers())
            except OwnError as error:
                yield name, str(error)
                continue
            expected = outputs[name]
            if network.left_out:
                yield name, "in part"
                continue
            if expected.ndim == 1 and run.by_step is not None and run.output.ndim == 2:
                # Weights alone do not say that the last state alone is handed on.
                yield name, float(np.abs(run.output[-1] - expected).max())
                continue
            same = run.output.shape == expected.shape
            yield name, float(np.abs(run.output - expected).max()) if same else "another shape"


def print_matrix():
    """Print a table: a row for each case, a column for each library."""
    columns = {}
    for path in sorted(FILES.glob("*.zip")):
        for name, difference in differences(path):
            case, _, ending = name.partition(".")
            columns.setdefault(f"{path.stem} .{ending}", {})[case] = difference
    cases = list(dict.fromkeys(case for column in columns.values() for case in column))
    wide = max(map(len, cases))
    for number, name in enumerate(columns, start=1):
        print(f"[{number}] {name}")
    print(" " * wide, *(f"{f'[{number}]':>8}" for number in range(1, len(columns) + 1)))
    for case in cases:
        cells = (column.get(case, "") for column in columns.values())
        shown = (f"{c:8.0e}" if isinstance(c, float) else f"{str(c)[:8]:>8}" for c in cells)
        print(f"{case:<{wide}}", *shown)


def keras_output(path, inputs, dtype):
    """What the Keras that is installed computes with a file, for one sequence."""
    import keras

    usual = keras.config.floatx()
    keras.config.set_floatx(dtype)
    try:
        model = keras.models.load_model(path)
        kind = "int32" if inputs.dtype.kind == "i" else dtype
        given = keras.ops.convert_to_tensor(inputs[np.newaxis], kind)
        return keras.ops.convert_to_numpy(model(given))[0]
    finally:
        keras.config.set_floatx(usual)


def try_carried():
    """Carry networks to the Keras that is installed, and print how far it is from them."""
    import keras

    from lstm_core.own import write_network
    from tests.lstm_core.own.test_carrying import NETWORKS, inputs_of

    print("Keras", keras.__version__)
    with tempfile.TemporaryDirectory() as folder:
        for name, make in NETWORKS.items():
            network = make()
            path = Path(folder) / "network.keras"
            path.write_bytes(write_network(network, "keras").data)
            mine = network.run(inputs_of(network)).output
            theirs = keras_output(path, inputs_of(network), network.dtype.name)
            print(f"{name:<28}{float(np.abs(mine - theirs).max()):8.0e}")


def main():
    """Run a command."""
    makers = {
        "keras": make_keras,
        "keras2": make_keras2,
        "torch": make_torch,
        "tf2onnx": make_tf2onnx,
        "matrix": print_matrix,
        "carried": try_carried,
    }
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=makers)
    makers[parser.parse_args().what]()


if __name__ == "__main__":
    sys.exit(main())

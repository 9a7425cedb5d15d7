"""Outputs of a notebook and gates of somebody's cell, compared; each known mistake is made and named."""

import io

import numpy as np
import pytest

from lstm_core.cells.activations import sigmoid
from lstm_core.cells.pseudo_code import with_a_sum, with_exchanged_states
from lstm_core.own import (
    OwnError,
    compare_gates,
    compare_outputs,
    gates_as_csv,
    letters_of,
    lines_that_write_outputs,
    open_network,
    read_gates,
    read_outputs,
)
from tests.lstm_core.own.made import archive, make_cell, make_network, npz, sequence


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def run_of(network, x=None):
    return network.run(sequence(dtype=network.dtype) if x is None else x)


@pytest.mark.parametrize("shape", ["as it is", "batch", "without axes"])
@pytest.mark.parametrize("written", ["npy", "npz", "csv", "printed"])
def test_the_same_outputs_agree(written, shape):
    network = make_network(sequences=True, dtype=np.float32)
    run = run_of(network)
    theirs = run.output if shape == "as it is" else run.output[np.newaxis]
    if written == "npy":
        given = read_outputs(npy(theirs), "outputs.npy")
    elif written == "npz":
        given = read_outputs(npz(outputs=theirs), "outputs.npz")
    elif written == "csv":
        buffer = io.StringIO()
        np.savetxt(buffer, run.output, delimiter=",")
        given = read_outputs(buffer.getvalue(), "outputs.csv")
    else:
        given = read_outputs(np.array2string(theirs, precision=4, separator=", "))
        assert given.coarse == pytest.approx(0.5e-4)
    found = compare_outputs(network, run, given)
    assert found.agrees, found.sentence
    assert found.first_step is None
    assert found.where == "output"
    assert found.sentence.startswith("The same")


def test_the_step_at_which_they_part_is_found():
    network = make_network(sequences=True)
    run = run_of(network)
    theirs = run.output.copy()
    theirs[3:, 1] += np.array([0.01, 0.5, 0.02])
    found = compare_outputs(network, run, read_outputs(npy(theirs)))
    assert not found.agrees
    assert (found.first_step, found.at) == (3, (4, 1))
    assert found.largest == pytest.approx(0.5)
    assert "parts at step 4" in found.sentence
    np.testing.assert_allclose(found.difference[4, 1], 0.5)
    theirs[0, 0] = np.nan
    found = compare_outputs(network, run, theirs)
    assert (found.first_step, found.largest) == (0, np.inf)


def test_double_precision_is_held_to_more_digits():
    network = make_network(sequences=True)
    run = run_of(network)
    almost = run.output + 1e-7
    assert not compare_outputs(network, run, read_outputs(npy(almost))).agrees
    assert compare_outputs(network, run, read_outputs(npy(almost.astype(np.float32)))).agrees


def test_states_of_a_layer_and_answers_by_step_are_recognised():
    network = make_network("LSTM", 1, 2)
    run = run_of(network)
    states = run.recurrent[0].output
    assert compare_outputs(network, run, read_outputs(npy(states))).where == "layer_0"
    assert compare_outputs(network, run, run.by_step).agrees
    last = compare_outputs(network, run, np.tile(run.output, (6, 1)))
    assert last.agrees


def test_masked_steps_are_not_compared():
    from lstm_core.own import Embedding, Network, Recurrent

    table = np.random.default_rng(0).normal(size=(7, 3))
    layers = (
        Embedding(name="e", table=table, mask_zero=True),
        Recurrent(name="l", cell=make_cell("GRU", 3, 4)),
    )
    network = Network(name="n", format="npz", library="", layers=layers, parts=((),))
    run = network.run([0, 3, 0, 5])
    theirs = np.zeros((4, 4))
    theirs[[1, 3]] = run.output
    assert compare_outputs(network, run, theirs).agrees


def test_outputs_of_another_shape_are_refused_with_both_shapes():
    network = make_network()
    with pytest.raises(OwnError, match=r"shape \(3, 5\); the network gives \(2,\) for 6 steps"):
        compare_outputs(network, run_of(network), np.zeros((3, 5)))
    with pytest.raises(OwnError, match="2 arrays: a, b"):
        read_outputs(npz(a=np.zeros(2), b=np.zeros(2)))
    with pytest.raises(OwnError):
        read_outputs("no numbers here")


@pytest.mark.parametrize("tokens", [True, False])
@pytest.mark.parametrize("library", ["keras", "pytorch"])
def test_the_lines_for_a_notebook_write_outputs_that_agree(tmp_path, monkeypatch, library, tokens):
    import torch

    monkeypatch.chdir(tmp_path)
    name = "tokens.safetensors" if tokens else "LSTM-2-2-bias.safetensors"
    files, _, layouts = archive("torch")
    network = open_network(files[name], layout=layouts.get(name))
    x = np.array([1, 2, 3]) if tokens else sequence(dtype=np.float32)
    run = network.run(x)
    np.savetxt("inputs.csv", x, delimiter=",", fmt="%d" if tokens else "%.9g")

    class Model:
        """What the lines call, in either library; it has read what they loaded."""

        def __call__(self, given):
            assert isinstance(given, torch.Tensor)
            return torch.from_numpy(network.run(given.numpy()).output)

        def predict(self, given):
            return network.run(given).output

    lines = lines_that_write_outputs(network, library)
    assert len(lines.splitlines()) == 3
    exec(lines, {"model": Model()})
    given = read_outputs((tmp_path / "outputs.npy").read_bytes(), "outputs.npy")
    assert compare_outputs(network, run, given).agrees


# Gates.


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "GRU reset first", "RNN"])
def test_right_gates_agree_as_the_example_file_writes_them(kind):
    network = make_network(kind, 2)
    run = run_of(network)
    for direction in ("forward", "backward"):
        _, trace = run.trace(0, direction)
        found = compare_gates(network, run, read_gates(gates_as_csv(trace)), 0, direction)
        assert found.agrees, found.sentence
        assert found.mistake is None
        assert [row.gate for row in found.rows] == list(letters_of(trace))


@pytest.mark.parametrize(
    "titles",
    [
        "i_1,i_2,forget_gate_1,forget_gate_2,h1,h2",
        "Input gate 0,Input gate 1,f[0],f[1],hidden_state.0,hidden_state.1",
        "i0,i1,F 0,F 1,h_t_0,h_t_1",
    ],
)
def test_columns_as_people_call_them(titles):
    gates = read_gates(f"step,{titles}\n1,0.1,0.2,0.3,0.4,0.5,0.6\n2,0.1,0.2,0.3,0.4,0.5,0.6\n")
    assert gates.ignored == ("step",)
    assert {gate: values[0].tolist() for gate, values in gates.values.items()} == {
        "i": [0.1, 0.2],
        "f": [0.3, 0.4],
        "h": [0.5, 0.6],
    }


def test_gates_of_many_units_are_read_whole():
    titles = ",".join(f"{gate}_{unit}" for gate in "ifgoch" for unit in range(1, 65))
    gates = read_gates(f"{titles}\n{','.join(['0.5'] * 384)}\n{','.join(['0.25'] * 384)}\n")
    assert {values.shape for values in gates.values.values()} == {(2, 64)}
    assert set(gates.values) == set("ifgoch")


def test_gates_that_cannot_be_compared():
    network = make_network("LSTM")
    run = run_of(network)
    with pytest.raises(OwnError, match="No column is a gate's"):
        read_gates("a1,b1\n1,2\n3,4\n")
    with pytest.raises(OwnError, match="different shapes: i"):
        read_gates("i_1,f_1,f_2\n1,2,3\n3,4,5\n")
    with pytest.raises(OwnError, match="has the gates z; this cell has i f g c o h"):
        compare_gates(network, run, {"z": np.zeros((6, 4))})
    with pytest.raises(OwnError, match="2 steps of 4 units; the cell here has 6 steps of 4 units"):
        compare_gates(network, run, {"i": np.zeros((2, 4))})


def test_a_mistake_that_nobody_knows_is_not_named():
    network = make_network("LSTM")
    run = run_of(network)
    gates = dict(letters_of(run.trace()[1]))
    gates["f"] = gates["f"] + 0.003
    found = compare_gates(network, run, gates)
    assert found.mistake is None
    assert found.tried > 30
    row = next(row for row in found.rows if row.gate == "f")
    assert (row.first_step, row.agrees) == (0, False)
    assert f"None of {found.tried} known mistakes" in found.sentence


def columns(cell, order, what):
    blocks = np.split(what, len(cell.gates), axis=-1)
    return np.concatenate([blocks[place] for place in order], axis=-1)


def with_order(cell, order):
    return cell.with_parameters(
        {name: columns(cell, order, array) for name, array in cell.parameters.items()}
    )


def with_bias(cell, bias):
    return cell.with_parameters({**cell.parameters, "bias": bias})


def with_turned(cell, *names):
    """The block of each gate transposed."""
    turned = {
        name: np.hstack([block.T for block in np.hsplit(cell.parameters[name], len(cell.gates))])
        for name in names
    }
    return cell.with_parameters({**cell.parameters, **turned})


def reshaped(cell):
    """Weights as PyTorch has them, (gates x units, ...), brought into shape by reshape."""
    kernel, recurrent = cell.kernel.T, cell.recurrent_kernel.T
    return cell.with_parameters(
        {
            "kernel": kernel.reshape(cell.kernel.shape),
            "recurrent_kernel": recurrent.reshape(cell.recurrent_kernel.shape),
            "bias": cell.bias,
        }
    )


def made_by(cell, x):
    return letters_of(cell.run(x))


def without_memory(cell, x):
    steps = [letters_of(cell.run(row[np.newaxis])) for row in x]
    return {gate: np.concatenate([step[gate] for step in steps]) for gate in steps[0]}


def other_squashes(cell, x, gate, candidate, shown=np.tanh):
    """An LSTM with other activations, its equations written out."""
    kernel, recurrent, b = cell.parameters.values()
    h = c = np.zeros(cell.units)
    rows = []
    for vector in x:
        z_i, z_f, z_g, z_o = np.split(vector @ kernel + h @ recurrent + b, 4)
        c = gate(z_f) * c + gate(z_i) * candidate(z_g)
        h = gate(z_o) * shown(c)
        rows.append((gate(z_i), gate(z_f), candidate(z_g), c, gate(z_o), h))
    return dict(zip("ifgcoh", map(np.stack, zip(*rows, strict=True)), strict=True))


def hard(x):
    return np.clip(x / 5 + 0.5, 0, 1)


def exchanged(cell, x):
    state = with_exchanged_states(cell, x)
    return {"h": state.hidden_state, "c": state.cell_state}


def renamed(cell, x, first, second):
    gates = made_by(cell, x)
    return gates | {first: gates[second], second: gates[first]}


MISTAKES = {
    "i and f": ("LSTM", "gates swapped", lambda c, x: made_by(with_order(c, [1, 0, 2, 3]), x)),
    "g and o": ("LSTM", "gates swapped", lambda c, x: made_by(with_order(c, [0, 1, 3, 2]), x)),
    "order of ONNX": (
        "LSTM",
        "gates swapped",
        lambda c, x: made_by(with_order(c, [0, 3, 1, 2]), x),
    ),
    "z and r": ("GRU", "gates swapped", lambda c, x: made_by(with_order(c, [1, 0, 2]), x)),
    "no bias": ("LSTM", "bias left out", lambda c, x: made_by(with_bias(c, 0 * c.bias), x)),
    "no bias, GRU": ("GRU", "bias left out", lambda c, x: made_by(with_bias(c, 0 * c.bias), x)),
    "no bias, RNN": ("RNN", "bias left out", lambda c, x: made_by(with_bias(c, 0 * c.bias), x)),
    "first row": (
        "GRU",
        "one of two biases left out",
        lambda c, x: made_by(with_bias(c, c.bias * [[0], [1]]), x),
    ),
    "second row": (
        "GRU",
        "one of two biases left out",
        lambda c, x: made_by(with_bias(c, c.bias * [[1], [0]]), x),
    ),
    "h and c": ("LSTM", "h and c exchanged", exchanged),
    "columns h and c": ("LSTM", "h and c exchanged", lambda c, x: renamed(c, x, "h", "c")),
    "columns i and o": ("LSTM", "columns exchanged", lambda c, x: renamed(c, x, "i", "o")),
    "sum": ("LSTM", "sum for concatenation", lambda c, x: {"h": with_a_sum(c, x)}),
    "R turned": (
        "LSTM",
        "transposed kernel",
        lambda c, x: made_by(with_turned(c, "recurrent_kernel"), x),
    ),
    "W turned": ("GRU", "transposed kernel", lambda c, x: made_by(with_turned(c, "kernel"), x)),
    "both turned": (
        "RNN",
        "transposed kernel",
        lambda c, x: made_by(with_turned(c, "kernel", "recurrent_kernel"), x),
    ),
    "reshaped": ("LSTM", "transposed kernel", lambda c, x: made_by(reshaped(c), x)),
    "reset first": (
        "GRU",
        "reset_after",
        lambda c, x: made_by(make_cell("GRU reset first", 4, 4).with_parameters(c.parameters), x),
    ),
    "reset after": (
        "GRU reset first",
        "reset_after",
        lambda c, x: made_by(make_cell("GRU", 4, 4).with_parameters(c.parameters), x),
    ),
    "hard sigmoid": (
        "LSTM",
        "wrong activation",
        lambda c, x: other_squashes(c, x, hard, np.tanh),
    ),
    "sigmoid candidate": (
        "LSTM",
        "wrong activation",
        lambda c, x: other_squashes(c, x, sigmoid, sigmoid),
    ),
    "no tanh": (
        "LSTM",
        "wrong activation",
        lambda c, x: other_squashes(c, x, sigmoid, np.tanh, lambda v: v),
    ),
    "relu": (
        "LSTM",
        "wrong activation",
        lambda c, x: other_squashes(
            c, x, sigmoid, lambda v: np.maximum(v, 0), lambda v: np.maximum(v, 0)
        ),
    ),
    "relu, RNN": (
        "RNN",
        "wrong activation",
        lambda c, x: made_by(type(c)(*c.parameters.values(), "relu"), x),
    ),
    "no memory": ("LSTM", "state not carried", without_memory),
    "no memory, GRU": ("GRU", "state not carried", without_memory),
    "one more": (
        "LSTM",
        "forget bias added again",
        lambda c, x: made_by(with_bias(c, c.bias + np.repeat([0, 1, 0, 0], 4)), x),
    ),
    "late": (
        "LSTM",
        "a step late",
        lambda c, x: {g: np.vstack([0 * v[:1], v[:-1]]) for g, v in made_by(c, x).items()},
    ),
    "turned round": (
        "GRU",
        "from the end",
        lambda c, x: {g: v[::-1] for g, v in made_by(c, x).items()},
    ),
}


def mixed(cell, x):
    """A GRU in which z and 1 - z change places, its equations written out."""
    h, rows = np.zeros(cell.units), []
    kernels, recurrent = np.hsplit(cell.kernel, 3), np.hsplit(cell.recurrent_kernel, 3)
    first, second = (np.split(row, 3) for row in cell.bias)
    for vector in x:
        u = [vector @ w + b for w, b in zip(kernels, first, strict=True)]
        v = [h @ r + b for r, b in zip(recurrent, second, strict=True)]
        z, r = sigmoid(u[0] + v[0]), sigmoid(u[1] + v[1])
        g = np.tanh(u[2] + r * v[2])
        h = (1 - z) * h + z * g
        rows.append((r, z, g, h))
    return dict(zip("rzgh", map(np.stack, zip(*rows, strict=True)), strict=True))


MISTAKES["z and 1 - z"] = ("GRU", "z and 1 − z exchanged", mixed)


@pytest.mark.parametrize("case", MISTAKES)
def test_each_known_mistake_is_named_when_it_is_made(case):
    kind, name, make = MISTAKES[case]
    network = make_network(kind, features=4)
    run = run_of(network, sequence(8, 4))
    cell, trace = run.trace()
    gates = {gate: np.round(values, 7) for gate, values in make(cell, trace.inputs).items()}
    found = compare_gates(network, run, gates)
    assert not found.agrees
    assert found.mistake is not None, found.sentence
    assert found.mistake.name == name
    assert str(found.mistake.sentence) in found.sentence


def test_the_swapped_gates_are_named_by_their_letters():
    network = make_network("LSTM", features=4)
    run = run_of(network, sequence(8, 4))
    cell, trace = run.trace()
    gates = made_by(with_order(cell, [0, 3, 2, 1]), trace.inputs)
    assert "gates f and o are swapped" in compare_gates(network, run, gates).sentence


def test_a_sum_of_one_feature_is_recognised():
    network = make_network("LSTM", features=1)
    run = run_of(network, sequence(8, 1))
    cell, trace = run.trace()
    found = compare_gates(network, run, {"h": with_a_sum(cell, trace.inputs)})
    assert found.mistake.name == "sum for concatenation"


@pytest.mark.parametrize(("kept", "letter"), [("bias_ih", "hh"), ("bias_hh", "ih")])
def test_one_of_the_two_biases_of_pytorch_left_out(kept, letter):
    files, _, _ = archive("torch")
    network = open_network(files["LSTM-1-1-bias.safetensors"], dtype=np.float64)
    run = run_of(network)
    cell, trace = run.trace()
    bias = network.recurrent[0].two_biases[0][kept == "bias_hh"]
    found = compare_gates(network, run, made_by(with_bias(cell, bias), trace.inputs))
    assert found.mistake.name == "one of two biases left out"
    assert f"bias_{letter}" in found.mistake.sentence


def test_printed_gates_of_four_digits_are_enough():
    network = make_network("LSTM", features=4)
    run = run_of(network, sequence(8, 4))
    cell, _ = run.trace()
    wrong = with_order(cell, [1, 0, 2, 3]).run(sequence(8, 4))
    text = gates_as_csv(wrong)
    short = "\n".join(
        ",".join(f"{float(cell):.4f}" for cell in line.split(",")) if place else line
        for place, line in enumerate(text.splitlines())
    )
    found = compare_gates(network, run, read_gates(short))
    assert found.mistake.name == "gates swapped"
    assert found.tolerance == pytest.approx(0.5e-4)

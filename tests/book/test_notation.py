"""The card of notations says what Keras and PyTorch do."""

import re

import numpy as np
import pytest

from lstm_core import GRUCell, LSTMCell
from pages._book.notation import NOTATION, notation_rows

u, FEATURES = 3, 2


def read(written, names):
    """Compute what stands in code in a cell of the card; several are summed."""
    return [eval(code, {}, names | {"u": u}) for code in re.findall("`([^`]*)`", written)]


@pytest.fixture(scope="module")
def lstm():
    cell = LSTMCell.initialise(FEATURES, u, 0)
    cell.bias[...] = np.random.default_rng(0).normal(size=cell.bias.shape)
    return cell


@pytest.fixture(scope="module")
def keras_names(lstm):
    from keras import layers

    layer = layers.LSTMCell(u, dtype="float64")
    layer.build((1, FEATURES))
    layer.set_weights(list(lstm.parameters.values()))
    weights = {variable.name: variable.numpy() for variable in layer.variables}
    return weights | {"c": None} | start()


@pytest.fixture(scope="module")
def torch_names(lstm):
    import torch

    cell = torch.nn.LSTMCell(FEATURES, u, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.from_numpy(lstm.kernel.T.copy()))
        cell.weight_hh.copy_(torch.from_numpy(lstm.recurrent_kernel.T.copy()))
        cell.bias_hh.copy_(torch.from_numpy(np.arange(4.0 * u)))
        cell.bias_ih.copy_(torch.from_numpy(lstm.bias - np.arange(4.0 * u)))
        x, h = (torch.from_numpy(value)[None] for value in start().values())
        ours = lstm.step(start()["x"], (start()["h"], np.zeros(u)))
        theirs = cell(x, (h, torch.zeros_like(h)))
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other.numpy()[0], atol=1e-12)
    weights = {name: parameter.detach().numpy() for name, parameter in cell.named_parameters()}
    return weights | {"g": None} | start()


def start():
    return {"x": np.array([0.5, -1.0]), "h": np.array([0.1, -0.2, 0.3])}


def test_each_expression_gives_the_forget_gates_weights(lstm, keras_names, torch_names):
    block = lstm.columns("forget")
    x, h = start().values()
    z = (x @ lstm.kernel + h @ lstm.recurrent_kernel + lstm.bias)[block]
    wanted = [lstm.kernel[:, block], lstm.recurrent_kernel[:, block], lstm.bias[block], z]
    for row, array in zip(NOTATION, wanted, strict=False):
        for written, names in ((row.keras, keras_names), (row.torch, torch_names)):
            (value,) = read(written, names)
            np.testing.assert_allclose(value, array, atol=1e-12, err_msg=written)
    candidate = next(row for row in NOTATION if "candidate" in row.what)
    for written, names in ((candidate.keras, keras_names), (candidate.torch, torch_names)):
        np.testing.assert_array_equal(
            read(written, names)[1], lstm.kernel[:, lstm.columns("candidate")]
        )


def test_the_orders_of_the_gates_are_those_of_the_cells():
    orders = {row.what: row.here.split() for row in NOTATION if row.what.startswith("order")}
    letters = {"candidate": "g", "update": "z", "reset": "r"}
    for cell, order in zip((LSTMCell, GRUCell), orders.values(), strict=True):
        assert [letters.get(gate, gate[0]) for gate in cell.gates] == order


def test_the_card_has_a_line_for_each_in_five_columns():
    rows = notation_rows()
    assert len(rows) == len(NOTATION)
    assert all(len(row) == 5 and all(row.values()) for row in rows)

"""The programs of the page on variants give the numbers of the page."""

import numpy as np
import pytest

from lstm_core.cells.gru import GRUCell
from lstm_core.lessons import variants as lesson
from lstm_core.lessons.cell import parse_numbers

CELL = GRUCell.initialise(1, 3, 4)
CELL.bias[:] = np.random.default_rng(0).normal(size=CELL.bias.shape)
_, INPUTS = parse_numbers(lesson.NUMBERS)
SHOWN = CELL.run(INPUTS).hidden_state


def result(program):
    found = {}
    exec(compile(program, "program", "exec"), found)
    return found["result"]


def test_lstm_core():
    np.testing.assert_allclose(result(lesson.code(CELL, INPUTS)), SHOWN, rtol=1e-12)


@pytest.mark.slow
def test_keras():
    np.testing.assert_allclose(result(lesson.keras_code(CELL, INPUTS)), SHOWN, rtol=1e-5)


def test_torch():
    program = lesson.torch_code(CELL, INPUTS)
    compile(program, "program", "exec")
    pytest.importorskip("torch")
    np.testing.assert_allclose(result(program), SHOWN, rtol=1e-5)

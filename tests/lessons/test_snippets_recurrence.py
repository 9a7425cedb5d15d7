"""The recurrence page's programs give the numbers of the page."""

import numpy as np
import pytest

from lstm_core.cells.rnn import RNNCell
from lstm_core.lessons import recurrence as lesson

CELL = RNNCell.initialise(3, 4, 2)
CELL.bias[:] = [0.1, -0.2, 0.3, 0.0]
_, INPUTS = lesson.letters("to be or not")
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

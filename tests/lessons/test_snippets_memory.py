"""The programs of the page on memory give the numbers of the page."""

import numpy as np
import pytest

from lstm_core.lessons import memory as lesson
from lstm_core.sentiment.memory import remember
from lstm_core.sentiment.reader import Reader

TEXT = "Terrific start, then a “dull\\” blorfastic film!"
WHICH = [(0, "forward"), (1, "backward")]


def check(program, layer, direction):
    found = {}
    exec(compile(program, "program", "exec"), found)
    reader = Reader.load()
    memory = remember(reader, reader.ids(TEXT), layer, direction)
    for name, shown in (("held", memory.at_the_end), ("matters", memory.matters)):
        np.testing.assert_allclose(found["result"][name], shown, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize(("layer", "direction"), WHICH)
def test_lstm_core(layer, direction):
    check(lesson.code(TEXT, layer, direction), layer, direction)


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "direction"), WHICH)
def test_keras(layer, direction):
    check(lesson.keras_code(TEXT, layer, direction), layer, direction)


@pytest.mark.parametrize(("layer", "direction"), WHICH)
def test_torch(layer, direction):
    program = lesson.torch_code(TEXT, layer, direction)
    compile(program, "program", "exec")
    pytest.importorskip("torch")
    check(program, layer, direction)

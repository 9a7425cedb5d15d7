"""The programs that the page on activations offers give the page's numbers."""

import numpy as np
import pytest

from lstm_core.activations import ACTIVATIONS
from lstm_core.figures.activations import chain
from lstm_core.lessons.activations import Story

POINT, WEIGHT, STEPS = 1.5, 1.2, 7
STORY = Story(ACTIVATIONS["tanh"], POINT, WEIGHT, chain(POINT, WEIGHT, STEPS))


def result_of(program):
    names = {}
    exec(program, names)
    return names["result"]


def check(found):
    for name, left in STORY.products.left.items():
        np.testing.assert_allclose(found[name], left, rtol=1e-6)


def test_lstm_core_gives_the_numbers_of_the_page():
    check(result_of(STORY.code))


@pytest.mark.slow
def test_keras_gives_the_same():
    check(result_of(STORY.keras_code))


def test_pytorch_gives_the_same():
    compile(STORY.torch_code, "torch", "exec")
    pytest.importorskip("torch")
    check(result_of(STORY.torch_code))

"""The programs to take home from the page on the way back find what the page shows."""

import numpy as np
import pytest

from lstm_core.bptt import GROUPS, to_a_target
from lstm_core.lessons import bptt as lesson
from lstm_core.lessons.cell import parse_numbers
from lstm_core.lessons.sentences import SENTENCE
from lstm_core.sentiment.reader import Reader

CASES = [
    ("A short look back", "1 0.5 -1 2", True),
    ("A short look back", "1", False),
    ("One bit, kept", "1 0 0 0 0 0 0 0", False),
    ("A shut forget gate", "1 0.5 -1 2 0 1 -0.5 1", False),
]


def found(code):
    names = {}
    exec(compile(code, "snippet", "exec"), names)
    return names["result"]


def shown(name, text, every_step):
    preset = lesson.PRESETS[name]
    cell, inputs = preset.cell(2, 1), parse_numbers(text)[1]
    way = to_a_target(cell, inputs, preset.target, every_step)
    numbers = {group: way.total(group) for group in GROUPS}
    numbers |= {"cell_state": way.gradient.cell_state, "direct_path": way.direct_path}
    return numbers, lesson.programs(cell, inputs, preset.target, every_step)


def compare(result, numbers):
    assert result.keys() == numbers.keys()
    for key, values in numbers.items():
        np.testing.assert_allclose(result[key], values, rtol=1e-5, atol=1e-18, err_msg=key)


@pytest.mark.parametrize("case", CASES)
def test_our_own_program_finds_what_the_page_shows(case):
    numbers, programs = shown(*case)
    compare(found(programs.own), numbers)
    compile(programs.torch, "torch", "exec")


def test_the_trained_network_is_taken_home():
    programs = lesson.trained_programs(SENTENCE, 1, "backward")
    reader = Reader.load()
    network = reader.network.in_double()
    way = network.way_back(network.embed(reader.ids(SENTENCE)).astype(float), 1, "backward")
    result = found(programs.own)
    np.testing.assert_allclose(result["cell_state"], way.gradient.cell_state)
    np.testing.assert_allclose(result["W_hf"], way.total("W_hf"))
    assert not programs.keras


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_keras_finds_the_same(case):
    numbers, programs = shown(*case)
    compare(found(programs.keras), numbers)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_pytorch_finds_the_same(case):
    pytest.importorskip("torch")
    numbers, programs = shown(*case)
    compare(found(programs.torch), numbers)

"""The programs of the cell page, each run as it is copied, give the numbers of the page."""

import numpy as np
import pytest

from lstm_core.lessons import cell as lesson
from lstm_core.sentiment.opened import open_up
from lstm_core.sentiment.reader import Reader

TEXT = "a dull film"
HELD = {"forget": 0.5}
OFF = [3]


def small(name="Untrained, words"):
    preset = lesson.PRESETS[name]
    parse = lesson.parse_words if preset.words else lesson.parse_numbers
    made, inputs = preset.cell(2, 1).clamped({"input": 1.0}), parse(preset.text)[1]
    return lesson.programs(made, inputs), made.run(inputs)


def trained():
    reader = Reader.load()
    seen = open_up(reader, reader.ids(TEXT), 1, "backward", HELD, OFF)
    return lesson.trained_programs(TEXT, 1, "backward", HELD, OFF), seen.trace


def check(program, trace):
    names = {}
    exec(program, names)
    found = names["result"]
    for name in ("cell_state", "hidden_state"):
        np.testing.assert_allclose(found[name], getattr(trace, name), rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("made", [small, lambda: small("Count"), trained])
def test_lstm_core_gives_the_numbers(made):
    programs, trace = made()
    check(programs.lstm_core, trace)
    for program in (programs.keras, programs.torch):
        compile(program, "snippet", "exec")


@pytest.mark.slow
@pytest.mark.parametrize("made", [small, trained])
def test_keras_gives_the_numbers(made):
    programs, trace = made()
    check(programs.keras, trace)


@pytest.mark.parametrize("made", [small, trained])
def test_pytorch_gives_the_numbers(made):
    pytest.importorskip("torch")
    programs, trace = made()
    check(programs.torch, trace)

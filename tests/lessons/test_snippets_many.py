"""The programs to take home from the page of many reviews give its numbers, in each library."""

import numpy as np
import pytest

from lstm_core.lessons import many as lesson
from lstm_core.sentiment.reader import Reader

TEXTS = [
    "A warm, funny film that I would see again tomorrow.",
    '=HYPERLINK("http://example.org","A lovely film")',
    'It\'s "dull".\n\nAnd long: ' + "never a moment of joy, " * 30,
    "Good.",
]


@pytest.fixture(scope="module")
def probability():
    reader = Reader.load()
    return np.array([reader.read(text).probability for text in TEXTS])


def result(program):
    names = {}
    exec(program, names)
    return names["result"]


def test_ours(probability, capsys):
    np.testing.assert_allclose(result(lesson.code(TEXTS)), probability, rtol=1e-4)
    assert "positive" in capsys.readouterr().out


@pytest.mark.slow
def test_keras(probability):
    np.testing.assert_allclose(result(lesson.keras_code(TEXTS)), probability, rtol=1e-4)


def test_pytorch(probability):
    program = lesson.torch_code(TEXTS)
    compile(program, "torch_code", "exec")
    pytest.importorskip("torch")
    np.testing.assert_allclose(result(program), probability, rtol=1e-4)

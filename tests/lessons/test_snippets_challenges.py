"""The programs to take home from the page on challenges give its numbers, in each library."""

import numpy as np
import pytest

from lstm_core.lessons import challenges as lesson
from lstm_core.sentiment.evaluation import read_probe
from lstm_core.sentiment.reader import Reader, failures

NEGATION, LENGTH = lesson.BY_NAME["Negation"], lesson.BY_NAME["Length"]


@pytest.fixture(scope="module")
def probability():
    texts = [row["text"] for row in read_probe() if row["class"] == "negation"]
    reader = Reader.load()
    return np.array([reader.read(text).probability for text in texts])


def result(program):
    names = {}
    exec(program, names)
    return names["result"]


@pytest.mark.parametrize("challenge", lesson.CHALLENGES, ids=lambda one: one.name)
def test_ours(challenge, capsys):
    found = result(lesson.code(challenge))
    if not challenge.probe:
        assert found == [row["accuracy"] for row in failures()["by_words_left"]]
        return
    rows = [row for row in read_probe() if row["class"] == challenge.probe]
    np.testing.assert_allclose(
        found, Reader.load().score([row["text"] for row in rows]).probability, equal_nan=True
    )
    assert f"of {len(rows)}" in capsys.readouterr().out


@pytest.mark.slow
def test_keras(probability):
    np.testing.assert_allclose(result(lesson.keras_code(NEGATION)), probability, rtol=1e-4)


def test_pytorch(probability):
    program = lesson.torch_code(NEGATION)
    compile(program, "torch_code", "exec")
    pytest.importorskip("torch")
    np.testing.assert_allclose(result(program), probability, rtol=1e-4)


def test_where_nothing_is_read_there_is_no_network_to_read_it():
    assert lesson.keras_code(LENGTH) == lesson.torch_code(LENGTH) == ""

"""The programs to take home from the page on sentiment give its numbers, in each library."""

import numpy as np
import pytest

from lstm_core.lessons import reviews as lesson
from lstm_core.lessons.reviews import EXAMPLES
from lstm_core.sentiment.reader import Reader


@pytest.fixture(scope="module")
def reading():
    return Reader.load().read(EXAMPLES["One that turns"])


def assert_result(program, reading):
    names = {}
    exec(program, names)
    result, shares = names["result"], reading.contributions.words
    assert result["probability"] == pytest.approx(reading.probability, abs=1e-5)
    np.testing.assert_allclose(
        result["contributions"], shares, rtol=1e-4, atol=1e-4 * np.abs(shares).max()
    )


def test_ours(reading, capsys):
    assert_result(lesson.code(reading.text), reading)
    assert f"{reading.probability}" in capsys.readouterr().out


@pytest.mark.slow
def test_keras(reading):
    assert_result(lesson.keras_code(reading), reading)


def test_pytorch(reading):
    program = lesson.torch_code(reading)
    compile(program, "torch_code", "exec")
    pytest.importorskip("torch")
    assert_result(program, reading)


def test_a_long_text_is_read_from_a_file_and_quotes_are_kept():
    long = Reader.load().read("A “long” 'text' with \\ and \"quotes\" and {braces}. " * 80)
    for program in (lesson.code(long.text), lesson.keras_code(long), lesson.torch_code(long)):
        assert 'open("review.txt").read()' in program
        compile(program, "program", "exec")
    short = Reader.load().read("A 'text' with \\ and \"quotes\"\nand {braces}.")
    names = {}
    exec(lesson.code(short.text), names)
    assert names["result"]["probability"] == short.probability
    for program in (lesson.keras_code(short), lesson.torch_code(short)):
        compile(program, "program", "exec")

"""The histogram of a file's probabilities."""

import pytest

from pages._book.style import LIGHT
from pages.many.figures import histogram


@pytest.mark.parametrize(("counts", "step"), [([0, 2, 1], 1), ([900, 0, 4], None)])
def test_texts_are_counted_in_whole_numbers(counts, step):
    assert histogram(counts, LIGHT).layout.yaxis.dtick == step

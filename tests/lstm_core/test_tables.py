"""Tables: cells of any length are read, wherever a table comes from."""

import csv

import pytest

from lstm_core import tables


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_are_read_however_long_they_are(separator):
    long = "x" * 1_000_000
    lines = [separator.join(["a", f'"{long}{separator}"']), separator.join("bc")]
    assert list(tables.read_cells(lines, separator)) == [["a", long + separator], ["b", "c"]]


def test_wrong_quotation_marks_are_an_error_where_they_are_to_be():
    lines = ['a,"b" c']
    assert list(tables.read_cells(lines)) == [["a", "b c"]]
    with pytest.raises(csv.Error):
        list(tables.read_cells(lines, strict=True))

"""Files of reviews as people have them: read as they are meant, by the function and the command line."""

import csv
import io

import pytest

from lstm_core.sentiment.__main__ import main
from lstm_core.sentiment.bulk import columns_of
from lstm_core.sentiment.scoring import open_reviews
from lstm_core.tables import Options, kind_of, remarkable
from tests.lstm_core.sentiment.review_files import FILES, PLAIN


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_as_it_is_meant(name):
    file = FILES[name]
    reviews = open_reviews(io.BytesIO(file.content), kind_of(file.name), None)
    rows = list(reviews.rows)
    assert [row.text for row in rows] == list(file.texts)
    assert sum(row.problem is not None or not row.text.strip() for row in rows) == file.problems
    if file.column:
        assert reviews.column == file.column
    assert set(file.told) <= {one.name for one in remarkable(reviews.assumptions)}
    assert file.own.items() <= rows[0].values.items()
    columns, likeliest, _ = columns_of(file.content, kind_of(file.name))
    assert (columns, likeliest) == (reviews.columns, reviews.column)


@pytest.mark.parametrize("name", FILES)
def test_the_command_line_scores_every_row_and_says_what_it_assumed(name, tmp_path, capsys):
    file = FILES[name]
    source, out = tmp_path / file.name, tmp_path / "out.csv"
    source.write_bytes(file.content)
    words = ["score", str(source), "--out", str(out), "--workers", "1"]
    assert main(words) == int(file.problems > 0)
    said = capsys.readouterr().err
    with out.open(encoding="utf-8", newline="") as target:
        heading, *rows = csv.reader(target)
    assert len(set(heading)) == len(heading)
    assert len(rows) == len(file.texts)
    assert sum(row[-1] == "" for row in rows) == len(rows) - file.problems
    reviews = open_reviews(io.BytesIO(file.content), kind_of(file.name), None)
    list(reviews.rows)
    for one in remarkable(reviews.assumptions):
        assert one.line() in said


def test_a_first_row_that_was_taken_for_a_review_can_be_made_the_heading():
    content = FILES["one column without a heading"].content
    decided = open_reviews(io.BytesIO(content), "csv", None, Options(headings=1))
    assert decided.columns == [PLAIN[0]]
    lines = FILES["ham and spam"].content
    whole = open_reviews(io.BytesIO(lines), "txt", None, Options(separator="none"))
    assert next(row.text for row in whole.rows) == f"ham\t{PLAIN[0]}"

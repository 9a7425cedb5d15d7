"""A visitor's file, slice by slice: every row kept, bad ones marked, nothing harmful exported."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.sentiment import bulk
from lstm_core.tables import KINDS, Options, safe_cell, sources
from pages.many import lesson


def run(folder, content, kind="csv", column="review", seconds=0.0, reader=None):
    """Go through an upload in the smallest slices; returns the job, its rows, the exported table."""
    job, rows = bulk.begun(folder, content, kind, column), bulk.Scored()
    while not job.over:
        job, fresh = bulk.advanced(job, seconds or 1e-9, reader)
        rows.add(fresh)
    if job.error:
        return job, rows, []
    text = (folder / bulk.SCORED).read_bytes().decode("utf-8-sig")
    return job, rows, list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_row_is_kept_and_bad_ones_are_marked(tmp_path, reader):
    job, rows, table = run(tmp_path, lesson.EXAMPLE_FILE, reader=reader)
    assert job.total == job.done == len(table) == 9
    assert rows.failed == 2
    assert [row["problem"] for row in table if row["problem"]] == [
        "no word in the text",
        "3 cells where the header has 2",
    ]
    texts = [row["review"] for row in table if not row["problem"]]
    scores = reader.score([text.removeprefix("'") for text in texts])
    said = [float(row["p_positive"]) for row in table if not row["problem"]]
    np.testing.assert_allclose(said, scores.probability, atol=1e-6)
    assert table[6]["review"] == "7,one cell,too many"
    assert "(lines 6, 8)" in lesson.cautions(rows)[0]


def test_exports_are_safe_in_a_spreadsheet(tmp_path, reader):
    formulas = [
        "=1+1",
        "+1+1 good",
        "-2+3 good",
        "@SUM(A1)",
        "\tgood",
        "\rgood",
        '=cmd|"/c calc"!A1',
    ]
    content = io.StringIO()
    csv.writer(content).writerows([["=id", "review"], *([text, text] for text in formulas)])
    _, _, table = run(tmp_path, content.getvalue().encode(), reader=reader)
    for row, text in zip(table, formulas, strict=True):
        assert row["'=id"] == row["review"] == f"'{text}"
        assert 0 <= float(row["p_positive"]) <= 1
    assert safe_cell("-0.5") == "-0.5"
    assert safe_cell("good") == "good"


@pytest.mark.parametrize(
    "text", [" =1+1", "\u00a0=1+1", "  \t@SUM(A1)", "\n+1+1", "\u2003-2+3", " -cmd"]
)
def test_white_space_in_front_hides_no_formula(tmp_path, reader, text):
    assert safe_cell(text) == f"'{text}"
    content = json.dumps({"review": f"{text} good film"}).encode()
    _, _, table = run(tmp_path, content, "jsonl", reader=reader)
    assert table[0]["review"].startswith("'")


@pytest.mark.parametrize("text", [" -0.5", " +3", "  good", " a = b", ""])
def test_white_space_in_front_of_anything_else_is_left(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_tables_of_every_country_are_read(tmp_path, reader, encoding, separator):
    content = io.StringIO()
    rows = [
        ["id", "review"],
        ["1", "A wonderful, moving film; a joy."],
        ["2", "Dull, dull\tfilm; bad."],
    ]
    csv.writer(content, delimiter=separator).writerows(rows)
    _, scored, table = run(tmp_path, content.getvalue().encode(encoding), reader=reader)
    assert [[row["id"], row["review"]] for row in table] == rows[1:]
    assert scored.verdicts == ["positive", "negative"]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('"id";"review"\n"1";"Good, good film."\n', ["Good, good film."]),
        ("review;note\nA;B\n", ["A"]),
        ("note;review,review\nx,Good film.\n", ["Good film."]),
        ("review\nGood; film.\n", ["Good; film."]),
    ],
)
def test_the_header_tells_what_separates_cells(tmp_path, reader, content, texts):
    _, rows, _ = run(tmp_path, content.encode(), reader=reader)
    assert rows.texts == texts


def test_a_broken_row_of_a_semicolon_file_is_kept_as_it_was(tmp_path, reader):
    _, rows, table = run(tmp_path, b"id;review\n1;2;good, film\n3;Fine film.\n", reader=reader)
    assert rows.problems == ["3 cells where the header has 2", ""]
    assert table[0]["review"] == "1;2;good, film"


@pytest.mark.parametrize(
    "content", ["id;name;text\n1;a;b\n", "id,name,text\n1,a,b\n", "id\tname\ttext\n"]
)
def test_a_missing_column_is_named_in_the_words_of_the_page(tmp_path, reader, content):
    job, _, _ = run(tmp_path, content.encode(), reader=reader)
    assert "'review'" in job.error
    assert bulk.COLUMN_FIELD in job.error
    assert job.error.endswith("id, name, text")
    assert "--" not in job.error
    assert "--" not in lesson.problem("my.csv", job.error)


def test_a_header_that_no_separator_makes_readable_says_so(tmp_path, reader):
    job, _, _ = run(tmp_path, b'"a"b,"c"d\nx\n', reader=reader)
    assert "header cannot be read" in job.error


@pytest.mark.parametrize("content", [b"text\n", bytes(400), "Fünf gute Filme.\n".encode()])
def test_what_is_no_utf16_is_not_taken_for_it(content):
    assert not sources._marked(content)


def test_an_escape_that_is_no_character_is_named(tmp_path, reader):
    lines = [
        b'{"review": "\\ud800 good"}',
        b'{"review": "good", "\\udfff": 1}',
        b'{"review": "caf\xe9"}',
    ]
    _, rows, _ = run(tmp_path, b"\n".join(lines), "jsonl", reader=reader)
    assert rows.problems == [
        "an escape that is no character (\\ud800)",
        "an escape that is no character (\\udfff)",
        "",
    ]
    assert "another encoding" not in " ".join(lesson.cautions(rows))


def test_the_first_rows_come_back_whole(tmp_path, reader):
    long = "A fine film told at length. " * 20
    content = f"review,n\n{long},1\nx,y,z\n{'good ' * 1000},2\nShort and good.,3\n"
    job, _, _ = run(tmp_path, content.encode(), reader=reader)
    assert bulk.first_rows(job) == [(2, long), (5, "Short and good.")]
    assert bulk.first_rows(job, most=1) == [(2, long)]
    assert bulk.first_rows(job, room=3) == [(2, long)]
    assert bulk.first_rows(job, room=len(long)) == [(2, long)]
    assert bulk.first_rows(job, room=len(long) - 1) == [(5, "Short and good.")]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", "csv", "empty"),
        (b"review\n", "csv", "no row"),
        (b"text\nGood.\n", "csv", "no column 'review'"),
        (b"review,review\nGood.,x\n", "csv", "Two columns"),
        (b"\xff\xfe", "csv", "empty"),
        (b"PK\x03\x04" + bytes(100), "csv", "zip archive"),
        (b"\x1f\x8b" + bytes(100), "txt", "gzip"),
        (b"%PDF-1.7", "txt", "PDF"),
        (b"\n \n", "txt", "no row"),
        (
            "\n".join(json.dumps({f"k{i}": 1, "review": "x"}) for i in range(600)).encode(),
            "jsonl",
            "columns",
        ),
    ],
)
def test_a_file_that_cannot_be_scored_says_why(tmp_path, reader, content, kind, said):
    job, rows, _ = run(tmp_path, content, kind, reader=reader)
    assert said in job.error
    assert not rows.lines


def test_a_zip_bomb_is_not_unpacked(tmp_path, reader):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reviews.csv", b"review\n" + b"good " * 2_000_000)
    job, _, _ = run(tmp_path, packed.getvalue(), reader=reader)
    assert "unpack" in job.error
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 1_000_000


def test_a_million_rows_are_for_the_command_line(tmp_path, reader):
    job, _, _ = run(tmp_path, b"Good film.\n" * 1_000_000, "txt", "text", reader=reader)
    assert "python -m lstm_core.sentiment score FILE" in job.error
    assert (tmp_path / bulk.ROWS).stat().st_size < 20_000_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_are_read(tmp_path, reader, encoding):
    content = "review\nA wonderful film — “superb”.\n".encode(encoding)
    _, rows, table = run(tmp_path, content, reader=reader)
    assert rows.verdicts == ["positive"]
    assert table[0]["review"] == "A wonderful film — “superb”."


def test_another_encoding_is_found_and_said(tmp_path, reader):
    content = "review\nA wonderful film.\nTrès café, good.\n".encode("cp1252")
    job, rows, table = run(tmp_path, content, reader=reader)
    assert rows.problems == ["", ""]
    assert table[1]["review"] == "Très café, good."
    assert [a.value for a in job.assumptions if a.name == "encoding"] == ["cp1252"]


def test_rows_that_are_not_in_the_encoding_of_the_others_are_marked(tmp_path, reader):
    content = b"review\nA na\xc3\xafve film.\nTr\xe8s caf\xe9.\n"
    _, rows, table = run(tmp_path, content, reader=reader)
    assert rows.problems == ["", "not valid UTF-8"]
    assert "in another encoding" in " ".join(lesson.cautions(rows))
    assert table[1]["review"].startswith("Tr")


def test_columns_of_the_same_names_as_ours_are_kept(tmp_path, reader):
    content = b"review,stars,problem\nA good film.,4,none\n"
    job, _, table = run(tmp_path, content, reader=reader)
    assert job.added == ("p_positive", "stars (2)", "verdict", "remark", "problem (2)")
    assert table[0]["stars"] == "4"
    assert table[0]["problem"] == "none"
    assert float(table[0]["stars (2)"]) > 5


def test_no_column_is_the_likeliest_one_and_options_are_kept(tmp_path, reader):
    job, rows, _ = run(tmp_path, b"id;Review\n1;A good film.\n", column="", reader=reader)
    assert (job.column, rows.texts) == ("Review", ["A good film."])
    job = bulk.begun(tmp_path, b"id|review\n1|x;y\n", "csv", "review", Options(separator=";"))
    assert "no column" in bulk.advanced(job, 1.0, reader)[0].error.replace("There is no", "no")


def test_null_bytes_surrogates_and_overlong_texts(tmp_path, reader):
    lines = [
        {"review": "A good\x00 film."},
        {"review": "\ud800 good"},
        {"review": "good " * 50_000},
        {"review": ["no", "string"]},
        {"review": "\u202eevil \u200bgood\u200b film"},
    ]
    content = "\n".join(json.dumps(line) for line in lines).encode()
    _, rows, table = run(tmp_path, content, "jsonl", reader=reader)
    assert [bool(problem) for problem in rows.problems] == [False, True, True, True, False]
    assert "longer than" in rows.problems[2]
    assert len(table) == 5


def test_what_a_dead_process_left_is_written_over(tmp_path, reader):
    content = "review\n" + "A good film.\n" * 600
    job = bulk.begun(tmp_path, content.encode(), "csv", "review")
    job, _ = bulk.advanced(job, 1.0, reader)
    job, first = bulk.advanced(job, 1e-9, reader)
    assert len(first.lines) == bulk.AT_ONCE
    with (tmp_path / bulk.SCORED).open("a") as scored:
        scored.write("left by a process that died")
    rows = first
    while not job.over:
        job, fresh = bulk.advanced(job, 1e-9, reader)
        rows.add(fresh)
    assert rows.lines == list(range(2, 602))
    assert (tmp_path / bulk.SCORED).read_text(encoding="utf-8-sig").count("\n") == 601


@settings(deadline=None, max_examples=300)
@given(content=st.binary(min_size=0, max_size=300), kind=st.sampled_from(KINDS))
def test_any_bytes_get_a_table_or_a_reason(tmp_path_factory, reader, content, kind):
    folder = tmp_path_factory.mktemp("any")
    job, rows, table = run(
        folder, b"review\n" + content if kind == "csv" else content, kind, reader=reader
    )
    if job.error:
        assert len(job.error) > 10
        return
    assert job.done == job.total == len(rows.lines) == len(table)
    for cells in table:
        for cell in cells.values():
            assert not cell.lstrip().startswith(("=", "+", "@"))
            assert not cell.startswith(("\t", "\r"))


def test_time_left_follows_the_rows_so_far(tmp_path):
    job = bulk.Job(tmp_path, "csv", "text", total=100, done=20, seconds=4.0)
    assert job.seconds_left == pytest.approx(16.0)
    assert "about 16 s left" in lesson.how_far("a.csv", job, running=True)
    assert "cancelled" in lesson.how_far("a.csv", job, running=False)
    assert "waiting for a turn" in lesson.how_far("a.csv", replace(job, done=0), running=True)
    assert "\\<b\\>" in lesson.how_far("<b>.csv", job, running=True)


def test_what_was_read_as_what_is_in_the_table_and_in_the_download(tmp_path, reader):
    content = b"review\nA terible moive.\nDer Film war wirklich schlecht.\nFine.\n"
    _, rows, table = run(tmp_path, content, reader=reader)
    assert rows.remarks == ["terible read as terrible; moive read as movie", "another language", ""]
    assert lesson.filtered(rows, [], "")[0]["verdict"][1] == "not a review: another language"
    assert "In 1 rows" in lesson.remarks(rows)
    assert "terible → terrible, moive → movie" in lesson.remarks(rows)
    assert [row["remark"] for row in table] == rows.remarks


def test_the_table_is_filtered():
    rows = bulk.Scored(
        [2, 3, 4],
        ["A good film", "Bad", ""],
        [0.9, 0.1, float("nan")],
        [9.0, 2.0, float("nan")],
        ["positive", "negative", ""],
        ["", "", "no word in the text"],
        ["", "", ""],
    )
    assert lesson.tenths(rows) == [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert lesson.filtered(rows, [], "")[1] == 3
    assert lesson.filtered(rows, ["positive", lesson.UNREADABLE], "")[0]["line"] == [2, 4]
    assert lesson.filtered(rows, [], "GOOD")[0]["line"] == [2]
    assert lesson.summary(rows).startswith("**1** positive, **1** negative")

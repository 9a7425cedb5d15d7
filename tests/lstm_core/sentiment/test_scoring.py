"""The command line: files of every kind, good rows kept, bad ones named."""

import csv
import io
import json
import multiprocessing
import subprocess
import sys

import pytest

from lstm_core.sentiment import scoring
from lstm_core.sentiment.__main__ import main


def score(source, out, *more):
    return main(["score", str(source), "--out", str(out), *more])


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_keeps_its_own_columns(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('id,text\n7,"A great, great\nfilm."\n8,Awful and boring.\n', encoding="utf-8")
    assert score(source, out) == 0
    first, second = rows(out)
    assert list(first) == ["id", "text", "p_positive", "stars", "verdict"]
    assert (first["id"], first["text"], first["verdict"]) == (
        "7",
        "A great, great\nfilm.",
        "positive",
    )
    assert second["verdict"] == "negative"
    assert float(second["p_positive"]) < 0.5
    assert "Scored 2 rows" in capsys.readouterr().err


def test_jsonl_keeps_every_key(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    lines = [{"review": "Lovely.", "n": 1}, {"review": "Dull.", "tags": ["a"]}]
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert score(source, out, "--column", "review") == 0
    first, second = rows(out)
    assert list(first) == ["review", "n", "tags", "p_positive", "stars", "verdict"]
    assert (first["n"], second["tags"]) == ("1", '["a"]')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_txt_in_usual_encodings(tmp_path, encoding):
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_text("A naïve but great film.\nDreadful.\n", encoding=encoding)
    assert score(source, out) == 0
    assert [row["verdict"] for row in rows(out)] == ["positive", "negative"]
    assert rows(out)[0]["text"] == "A naïve but great film."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", b"", "is empty"),
        ("in.txt", b"", "is empty"),
        ("in.jsonl", b"", "is empty"),
        ("in.csv", b"a,b\n1,2\n", "no column 'text'; name one of these with --column: a, b"),
        ("in.jsonl", b'{"a": "x"}\n', "no string under the key 'text'"),
        ("in.csv", b"text\n", "holds a header and no row"),
        ("in.parquet", b"x", "not a .csv, .jsonl or .txt file"),
        ("in.csv", b"text,verdict\nx,y\n", "has a column 'verdict' already"),
    ],
)
def test_what_cannot_be_scored_gets_one_line(tmp_path, capsys, name, content, message):
    source = tmp_path / name
    source.write_bytes(content)
    assert score(source, tmp_path / "out.csv") == 1
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_what_stands_in_the_target_survives_a_wrong_input(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("a,b\n1,2\n")
    out.write_text("precious")
    assert score(source, out) == 1
    assert out.read_text() == "precious"


def test_a_missing_file_and_a_missing_folder(tmp_path, capsys):
    assert score(tmp_path / "none.csv", tmp_path / "out.csv") == 1
    assert "cannot be read: No such file" in capsys.readouterr().err
    (tmp_path / "in.txt").write_text("good")
    assert score(tmp_path / "in.txt", tmp_path / "no" / "out.csv") == 1
    assert "cannot be written" in capsys.readouterr().err
    assert score(tmp_path / "in.txt", tmp_path / "in.txt") == 1
    assert "the input itself" in capsys.readouterr().err
    assert (tmp_path / "in.txt").read_text() == "good"


def test_broken_rows_are_named_and_the_good_ones_kept(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"id,text\n1,Great.\n2\n3,caf\xe9\n4,a,b\n5,...\n6,Awful.\n")
    assert score(source, out) == 1
    assert [row["id"] for row in rows(out)] == ["1", "6"]
    said = capsys.readouterr().err
    assert "4 of 6 rows could not be scored" in said
    for part in (
        "line 3: 1 cells",
        "line 4: not valid UTF-8",
        "line 5: 3 cells",
        "line 6: no word",
    ):
        assert part in said
    assert said.count("\n") == 1


def test_broken_json_is_named(tmp_path, capsys):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    source.write_text('{"text": "Good."}\n{oops\n[1]\n{"text": 3}\n', encoding="utf-8")
    assert score(source, out) == 1
    assert len(rows(out)) == 1
    assert "3 of 4 rows" in capsys.readouterr().err


def test_many_problems_are_counted_not_listed(tmp_path, capsys):
    source = tmp_path / "in.txt"
    source.write_text("...\n" * 50 + "good\n")
    assert score(source, tmp_path / "out.csv") == 1
    said = capsys.readouterr().err
    assert "50 of 51" in said
    assert said.count("line ") == scoring.REPORTED


def test_order_is_kept_over_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "ROWS_AT_ONCE", 3)
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    texts = [f"{'very ' * (n % 4)}good number {n}" for n in range(10)]
    source.write_text("\n".join(texts))
    assert score(source, out) == 0
    assert [row["text"] for row in rows(out)] == texts


def test_standard_input_and_output():
    command = [sys.executable, "-m", "lstm_core.sentiment", "score", "-", "--out", "-"]
    done = subprocess.run(
        command, input=b"Wonderful.\nTerrible.\n", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    table = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    assert [row["verdict"] for row in table] == ["positive", "negative"]
    assert b"Scored 2 rows into standard output" in done.stderr


@pytest.mark.parametrize(
    ("content", "kept", "named"),
    [
        (b'text\nGood film.\n"broken row\nFine film.\nBad film.\n', 3, "line 3: broken quotes"),
        (b'text\nGood.\n"a"b\nBad.\n', 2, "line 3: broken quotes"),
        (b'text\n"two\nlines"\n"never closed\n', 1, "line 4: broken quotes"),
    ],
)
def test_a_stray_quote_swallows_no_other_row(tmp_path, capsys, content, kept, named):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    assert score(source, out) == 1
    assert len(rows(out)) == kept
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"note,note,text\na,b,c\n", "Two columns are called 'note'"),
        (b"t\xedtulo,text\na,b\n", "header is not valid UTF-8"),
    ],
)
def test_headers_that_would_corrupt_a_table_are_refused(tmp_path, capsys, content, message):
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    assert score(source, tmp_path / "out.csv") == 1
    assert message in capsys.readouterr().err


def test_odd_json_stops_nothing(tmp_path, capsys):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    lines = [
        '{"text": "Good."}',
        "[" * 200_000,
        '{"text": "Bad.", "\\ud800": 1}',
        '{"text": "Fine."}',
    ]
    source.write_text("\n".join(lines))
    assert score(source, out) == 1
    assert [row["text"] for row in rows(out)] == ["Good.", "Fine."]
    assert "2 of 4 rows" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_separator_and_the_encoding_are_found(tmp_path, separator, encoding):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    lines = [["id", "text"], ["7", "A great, great film."], ["8", "Awful, and boring."]]
    text = "".join(separator.join(line) + "\r\n" for line in lines)
    source.write_bytes(text.encode(encoding))
    assert score(source, out) == 0
    assert [(row["id"], row["text"]) for row in rows(out)] == [tuple(line) for line in lines[1:]]
    assert [row["verdict"] for row in rows(out)] == ["positive", "negative"]


def test_a_missing_column_names_those_of_the_likeliest_separator(tmp_path, capsys):
    source = tmp_path / "in.csv"
    source.write_text("id;review, long\n1;2\n")
    assert score(source, tmp_path / "out.csv") == 1
    assert "name one of these with --column: id" in capsys.readouterr().err
    source.write_text("id;review;stars\n1;2;3\n")
    assert score(source, tmp_path / "out.csv") == 1
    assert "with --column: id, review, stars" in capsys.readouterr().err


def test_blank_lines_of_a_text_are_no_rows(tmp_path):
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_text("Good.\n\n   \nBad.\n")
    assert score(source, out) == 0
    assert len(rows(out)) == 2


def test_commands_that_cannot_run_say_so_in_one_line(tmp_path, capsys):
    (tmp_path / "in.txt").write_text("good")
    assert score(tmp_path / "in.txt", tmp_path / "o.csv", "--folder", str(tmp_path / "none")) == 1
    assert "No such file" in capsys.readouterr().err
    assert main(["score", "-", "--out", str(tmp_path / "o.csv"), "--column", "a"]) == 1
    assert "--format" in capsys.readouterr().err


@pytest.mark.slow
def test_several_processes_write_what_one_writes(tmp_path, monkeypatch, reader):
    monkeypatch.setattr(scoring, "ROWS_AT_ONCE", 8)
    source = tmp_path / "in.txt"
    source.write_text(
        "\n".join(f"A {w} film, number {i}." for i in range(30) for w in ("fine", "bad"))
    )
    for workers in (1, 2):
        scoring.score_file(str(source), str(tmp_path / f"{workers}.csv"), reader, workers=workers)
    assert rows(tmp_path / "1.csv") == rows(tmp_path / "2.csv")
    assert len(rows(tmp_path / "2.csv")) == 60


@pytest.mark.slow
def test_a_process_that_dies_loses_no_row(tmp_path, monkeypatch, reader):
    """Kill every worker process after the first batch; this process must do the rest."""
    monkeypatch.setattr(scoring, "ROWS_AT_ONCE", 4)
    taken = scoring.scored_batches

    def deadly(batches, texts, reader, workers):
        for place, answer in enumerate(taken(batches, texts, reader, workers)):
            if place == 0:
                for child in multiprocessing.active_children():
                    child.kill()
            yield answer

    monkeypatch.setattr(scoring, "scored_batches", deadly)
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_text("\n".join(f"A good film, number {i}." for i in range(80)))
    outcome = scoring.score_file(str(source), str(out), reader, workers=2)
    assert (outcome.scored, outcome.failed) == (80, 0)
    assert [row["text"] for row in rows(out)] == source.read_text().splitlines()

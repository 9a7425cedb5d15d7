"""The command line: files of every kind, good rows kept, bad ones named."""

import csv
import gzip
import io
import json
import multiprocessing
import subprocess
import sys
import tracemalloc

import openpyxl
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
    assert list(first) == ["id", "text", "p_positive", "stars", "verdict", "remark", "problem"]
    assert (first["id"], first["text"], first["verdict"]) == (
        "7",
        "A great, great\nfilm.",
        "positive",
    )
    assert second["verdict"] == "negative"
    assert float(second["p_positive"]) < 0.5
    assert "Scored 2 rows" in capsys.readouterr().err


def test_a_file_says_what_was_read_as_what_and_why_a_text_is_no_review(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("text\nA terible moive.\nDer Film war wirklich schlecht.\nI 💗 it\n", "utf-8")
    assert score(source, out) == 0
    said = [(row["verdict"], row["remark"]) for row in rows(out)]
    assert said == [
        ("negative", "terible read as terrible; moive read as movie"),
        ("not a review", "another language"),
        ("positive", ""),
    ]
    assert "A remark stands beside 2 of them." in capsys.readouterr().err


def test_jsonl_keeps_every_key(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    lines = [{"review": "Lovely.", "n": 1}, {"review": "Dull.", "tags": ["a"]}]
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert score(source, out, "--column", "review") == 0
    first, second = rows(out)
    assert list(first) == [
        "review",
        "n",
        "tags",
        "p_positive",
        "stars",
        "verdict",
        "remark",
        "problem",
    ]
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
        ("in.parquet", b"x", "not a .csv, .tsv, .txt, .jsonl, .json or .xlsx file"),
        ("in.csv", b"PK\x03\x04" + bytes(100), "a zip archive"),
        ("in.csv.gz", b"\x1f\x8b" + bytes(100), "gzip file is broken"),
        ("in.xlsx", b"no workbook", "no spreadsheet"),
        ("in.json", b"3", "no list of JSON objects"),
        ("in.csv", b"text,text\nx,y\n", "Two columns are called 'text'"),
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


def test_broken_rows_are_kept_and_marked_with_their_lines(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(
        b"id,text\n1,Great.\n2\n3,caf\xe9\n4,a,b\n5,...\n6,Awful.\n7,na\xc3\xafve fun.\n"
    )
    assert score(source, out) == 1
    marked = {row["problem"].split(":")[0]: row["text"] for row in rows(out) if row["problem"]}
    assert marked == {"line 3": "2", "line 4": "3,caf?", "line 5": "4,a,b", "line 6": "..."}
    assert [row["id"] for row in rows(out) if row["verdict"]] == ["1", "6", "7"]
    assert len(rows(out)) == 7
    said = capsys.readouterr().err
    assert "4 of 7 rows could not be scored" in said
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
    assert [row["text"] for row in rows(out)] == ["Good.", "{oops", "[1]", '{"text": 3}']
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
    assert sum(not row["problem"] for row in rows(out)) == kept
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "heading", "said"),
    [
        (b"note,note,text\na,b,A great film.\n", ["note", "note (2)", "text"], "note (2)"),
        (b"t\xedtulo,text\na,A great film.\n", ["título", "text"], "cp1252"),
        (
            b"text,stars,problem\nA great film.,5,\n",
            ["text", "stars", "problem"],
            "stars (2), problem (2)",
        ),
        (b"text,,\nA great film.,,\n", ["text", "column 2", "column 3"], "by their number: 2, 3"),
    ],
)
def test_headings_are_made_fit_for_a_table_and_it_is_said(tmp_path, capsys, content, heading, said):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    assert score(source, out) == 0
    (row,) = rows(out)
    assert list(row)[: len(heading)] == heading
    assert len(list(row)) == len(heading) + 5
    assert row["verdict"] == "positive"
    assert said in capsys.readouterr().err


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
    assert [row["text"] for row in rows(out) if row["verdict"]] == ["Good.", "Fine."]
    assert len(rows(out)) == 4
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


# ---- Files that people really have ---------------------------------------------------------------

REVIEWS = ["A great, great film.", "Awful and boring; dull.", "It’s a “fine” naïve film."]


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table(separator, header="id{}review", lines="\n"):
    quoted = [f'{number}{separator}"{text}"' for number, text in enumerate(REVIEWS)]
    return lines.join([header.format(separator), *quoted, ""])


KINDS = {
    "in.csv": table(",").encode(),
    "semicolons.csv": table(";").encode("cp1252"),
    "in.tsv": table("\t").encode(),
    "bars.csv": table("|").encode(),
    "macintosh.csv": table(",", lines="\r").encode(),
    "told.csv": f"sep=;\r\n{table(';')}".encode(),
    "above.csv": f"Exported from a shop\n2024-05-01\n\n{table(',')}".encode(),
    "comments.csv": f"# exported\n# from a shop\n{table(',')}".encode(),
    "packed.csv.gz": gzip.compress(table(";").encode()),
    "unicode.txt": table("\t").encode("utf-16"),
    "in.jsonl": "\n".join(json.dumps({"id": 1, "review": text}) for text in REVIEWS).encode(),
    "in.json": json.dumps([{"review": text} for text in REVIEWS], indent=1).encode(),
    "lines.json": "\n".join(json.dumps({"review": text}) for text in REVIEWS).encode(),
    "packed.jsonl.gz": gzip.compress(
        json.dumps({"review": "x"}).encode() * 0
        + "\n".join(json.dumps({"review": t}) for t in REVIEWS).encode()
    ),
    "in.xlsx": workbook([["Reviews of May"], [], ["id", "review"], *enumerate(REVIEWS)]),
}


@pytest.mark.parametrize("name", KINDS)
def test_reviews_of_every_kind_of_file_are_scored(tmp_path, name, reader):
    source, out = tmp_path / name, tmp_path / "out.csv"
    source.write_bytes(KINDS[name])
    assert score(source, out, "--column", "review") == 0
    assert [row["review"] for row in rows(out)] == REVIEWS
    verdicts = [reader.read(review).verdict for review in REVIEWS]
    assert verdicts[:2] == ["positive", "negative"]
    assert [row["verdict"] for row in rows(out)] == verdicts


def test_quotes_behind_backslashes_belong_to_the_text(tmp_path, capsys):
    source, out = tmp_path / "in.tsv", tmp_path / "out.csv"
    texts = ['"A classic" of its kind', 'Dull, "dull", dull', "C:\\new and fine"]
    cells = [text.replace('"', '\\"') for text in texts]
    source.write_text(
        "id\treview\n" + "".join(f'"{n}"\t"{cell}"\n' for n, cell in enumerate(cells))
    )
    assert score(source, out, "--column", "review") == 0
    assert [row["review"] for row in rows(out)] == texts
    assert "behind a backslash" in capsys.readouterr().err


def test_a_quote_behind_a_backslash_far_down_is_read_as_well(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,text\n" + "1,fine\n" * 600 + '2,"\\"Good\\", he said"\n3,bad\n')
    assert score(source, out) == 0
    assert [row["text"] for row in rows(out)][-2:] == ['"Good", he said', "bad"]


def test_short_rows_are_filled_and_long_ones_marked(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        'text,stars,source\nLovely film\nA bore,1\n"Long, good",4,web\nx,1,web,,\na,b,c,d\n'
    )
    assert score(source, out) == 1
    assert [row["stars (2)"] != "" for row in rows(out)] == [True, True, True, True, False]
    said = capsys.readouterr().err
    assert "fewer cells than the heading: 2" in said
    assert "empty cells behind the last column: 1" in said
    assert "line 6: 4 cells where the header has 3" in said


@pytest.mark.parametrize(
    ("heading", "chosen"),
    [
        ("id,review,n", "review"),
        ("ID,Review,n", "Review"),
        ("id,opinion,n", "opinion"),
        ("a,text,n", "text"),
    ],
)
def test_the_column_is_the_likeliest_one(tmp_path, capsys, heading, chosen):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"{heading}\n1,A film that I liked,3\n2,A film that I did not like,4\n")
    assert score(source, out) == 0
    assert (f"column {chosen!r}" in capsys.readouterr().err) == (chosen != "text")


def test_a_number_behind_a_tab_is_no_part_of_a_text(tmp_path, capsys):
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_text("A very good film.  \t1\nBad, bad.\t0\n\nFine\t1\n")
    assert score(source, out) == 0
    assert [(row["text"], row["label"]) for row in rows(out)] == [
        ("A very good film.", "1"),
        ("Bad, bad.", "0"),
        ("Fine", "1"),
    ]
    assert "--separator none" in capsys.readouterr().err
    assert score(source, out, "--separator", "none") == 0
    assert rows(out)[2]["text"] == "Fine\t1"


def test_what_is_assumed_can_be_decided(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes("x;y\ntext;n\nŚwietny good film;1\n".encode("cp1250"))
    options = [
        "--encoding",
        "cp1250",
        "--separator",
        "semicolon",
        "--skip",
        "1",
        "--column",
        "text",
    ]
    assert score(source, out, *options) == 0
    assert rows(out)[0]["text"] == "Świetny good film"
    assert capsys.readouterr().err.count("\n") == 1
    for wrong in (["--encoding", "base64"], ["--separator", "ab"], ["--encoding", "no-such"]):
        assert score(source, out, *wrong) == 1
    assert score(source, out, "--headings", "0", "--column", "column 1") == 0
    assert len(rows(out)) == 3


def test_a_million_rows_need_no_more_memory_than_a_batch(tmp_path):
    source = tmp_path / "in.csv"
    with source.open("w") as target:
        target.write("text\n")
        target.writelines("A film of some words, and more\n" * 1000 for _ in range(100))
    tracemalloc.start()
    with source.open("rb") as stream:
        reviews = scoring.open_reviews(stream, "csv", None, scoring.Options(separator="none"))
        count = sum(1 for _ in reviews.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 12_000_000

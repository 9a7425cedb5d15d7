"""Files of reviews that people really have, through the page and the command line alike."""

import csv
import gzip
import io
import json
import time

import pytest

from lstm_core.sentiment import __main__ as command
from lstm_core.sentiment import bulk
from lstm_core.tables import Options
from pages.many import lesson
from tests.chapters.samples.tables import REVIEWS


def said(app):
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info]
    return "\n".join(str(part.value) for part in parts).replace("\\", "").replace("'", "")


def widget(app, kind, key):
    return next(w for w in getattr(app, kind) if w.key == key)


def score(app, name, content):
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    return scored(app)


def scored(app):
    widget(app, "button", "many_start").click().run()
    deadline = time.monotonic() + 90
    while app.session_state["many_live"].running:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
    app.run()
    assert not app.exception
    return app.session_state["many_live"]


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("kind", REVIEWS)
def test_every_kind_of_file_is_scored_and_what_was_assumed_is_said(
    open_page, kind, tmp_path, capsys
):
    name, content, count, remark = REVIEWS[kind]
    app = open_page("many", many_source=lesson.UPLOAD)
    live = score(app, name, content)
    assert not live.job.error
    assert live.job.total - live.rows.failed == count
    assert remark in said(app)
    own = rows_of(live.job.folder / bulk.SCORED)
    source, out = tmp_path / name, tmp_path / "out.csv"
    source.write_bytes(content)
    failed = command.main(["score", str(source), "--out", str(out), "--workers", "1"])
    assert failed == (live.rows.failed > 0)
    assert remark in capsys.readouterr().err.replace("'", "")
    theirs = rows_of(out)
    assert own[0] == theirs[0]
    for mine, other in zip(own[1:], theirs[1:], strict=True):
        # The page writes the problem alone, the command line the line before it.
        assert mine[:-1] == other[:-1]
        assert other[-1].endswith(mine[-1])


def test_the_column_is_chosen_from_the_names_of_the_file(open_page):
    name, content, *_ = REVIEWS["a column of another name"]
    app = open_page("many", many_source=lesson.UPLOAD)
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    column = widget(app, "selectbox", "many_column")
    assert column.options == ["as found: opinion", "nr", "who", "opinion"]
    column.set_value("who").run()
    live = scored(app)
    assert live.job.column == "who"
    assert live.rows.texts == ["Ann", "Bob"]
    other = score(app, "other.csv", b"title,review\nA,Good film.\nB,Bad film.\n")
    assert other.job.column == "review", "the other file has no column of that name"


def test_where_no_column_is_likely_the_visitor_is_asked(open_page):
    app = open_page("many", many_source=lesson.UPLOAD)
    live = score(app, "two.csv", b"a,b\n1,2\n3,4\n")
    assert widget(app, "selectbox", "many_column").options == ["please choose", "a", "b"]
    assert "Choose one of these" in said(app)
    assert live.job.done == 0


def test_what_was_assumed_can_be_decided(open_page):
    content = "x;y\nDer Film, er war schön;Good film.\n".encode("cp1252")
    app = open_page("many", many_source=lesson.UPLOAD, many_separator="semicolon")
    widget(app, "selectbox", "many_encoding").set_value("cp1252").run()
    app.file_uploader[0].set_value(("a.csv", content, "text/csv")).run()
    widget(app, "selectbox", "many_column").set_value("x").run()
    live = scored(app)
    assert live.job.options == Options(None, "cp1252", "semicolon")
    assert live.rows.texts == ["Der Film, er war schön"]


@pytest.mark.parametrize("packed", [False, True])
def test_the_columns_are_known_from_the_beginning_of_a_file(packed):
    rows = [{"id": place, "review": f"A film, number {place}."} for place in range(20_000)]
    text = io.StringIO()
    table = csv.DictWriter(text, ["id", "review"])
    table.writeheader()
    table.writerows(rows)
    lines = "\n".join(map(json.dumps, rows))
    for kind, content in (("csv", text.getvalue()), ("jsonl", lines), ("json", json.dumps(rows))):
        data = content.encode()
        assert len(data) > 2 * bulk.HEAD_BYTES
        columns, likeliest, _ = bulk.columns_of(gzip.compress(data) if packed else data, kind)
        assert (columns, likeliest) == (["id", "review"], "review"), kind
    assert bulk.columns_of(b"\x1f\x8b broken", "csv") == ([], "", ())


def test_parts_say_what_was_assumed_of_them(tmp_path, capsys):
    pytest.importorskip("distributed")
    for kind in ("sep=", "cp1252"):
        (tmp_path / REVIEWS[kind][0]).write_bytes(REVIEWS[kind][1])
    parts = [str(tmp_path / REVIEWS[kind][0]) for kind in ("sep=", "cp1252")]
    out = str(tmp_path / "out")
    assert command.main(["score-parts", *parts, "--out", out, "--workers", "1"]) == 0
    errors = capsys.readouterr().err
    assert "What stands between cells: semicolon. (--separator)" in errors
    assert "The text is read as cp1252. (--encoding)" in errors

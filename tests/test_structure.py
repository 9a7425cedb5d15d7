"""Promises about the whole: what imports what, what is shipped, and what is written where."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES, CORE = ROOT / "pages", ROOT / "lstm_core"
CHAPTERS = {path.parent.name for path in PAGES.glob("*/page.py")}
ROOMS = {path.name for path in CORE.iterdir() if (path / "__init__.py").exists()}
# The programs that are taken home import lstm_core alone; the contract test holds them to it.
SOURCES = [path for path in PAGES.rglob("*.py") if path.parent.name != "programs"]
SOURCES += [*CORE.rglob("*.py"), ROOT / "app.py"]

ROOMS_BELOW = {"cells": set(), "gradients": {"cells"}}
"""What the lowest rooms of ``lstm_core`` import besides themselves and ``messages``."""
TRAINING = {
    "keras": {"keras_model.py", "lecture_training.py"},
    "tensorflow": set(),
    "sklearn": {
        "baseline_training.py",
        "calibration.py",
        "evaluation.py",
        "metrics.py",
        "teachers.py",
    },
    "scipy": {"metrics.py"},
    "vaderSentiment": {"baselines.py"},
    "torch": set(),
}
"""What serves no page, and the files of ``lstm_core/sentiment`` that train and measure with it."""


@cache
def imported(path):
    """Return the names of all modules that a file imports, wherever in it."""
    return frozenset(_imported(path))


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: name the whole module instead of `from .`"
            if node.module in {"pages", "lstm_core"}:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def tops(modules):
    """Return the first parts of modules' names."""
    return {module.split(".")[0] for module in modules}


def rooms(modules, top):
    """Return the second parts of the names of those modules whose first part is ``top``."""
    return {module.split(".")[1] for module in modules if module.startswith(f"{top}.")}


def of(folder):
    """List the source files of a folder, each with a readable name for a parametrised test."""
    paths = [path for path in SOURCES if path.is_relative_to(folder)]
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in sorted(paths)]


@pytest.mark.parametrize("path", of(CORE))
def test_the_core_knows_nothing_of_the_app(path):
    modules = imported(path)
    above = tops(modules) & {"streamlit", "plotly", "pages", "app", "tools", "tests"}
    assert not above, (
        f"move what needs {above} to pages/_book or to the chapter: lstm_core is networks"
    )
    room = path.relative_to(CORE).parts[0]
    if room in ROOMS_BELOW:
        allowed = {room, "messages", *ROOMS_BELOW[room]}
        upward = rooms(modules, "lstm_core") - allowed
        assert not upward, (
            f"lstm_core/{room} may use {sorted(allowed)}, not {sorted(upward)}: move it to a room above, "
            "or what it needs to a room below"
        )


@pytest.mark.parametrize("path", of(ROOT))
def test_what_trains_is_imported_where_training_is(path):
    for library, files in TRAINING.items():
        if library in tops(imported(path)):
            at_home = path.parent == CORE / "sentiment" and path.name in files
            assert at_home, (
                f"{library} is a tool of training: use it in lstm_core/sentiment/{sorted(files)}, "
                "and let the page read the file that was trained or measured"
            )


@pytest.mark.parametrize("path", of(PAGES))
def test_arrows_run_one_way(path):
    modules = imported(path)
    backward = tops(modules) & {"app", "tools", "tests"}
    assert not backward, f"pages may not import {backward}: move what they share to pages/_book"
    place, *inside = path.relative_to(PAGES).parts
    used = rooms(modules, "pages")
    if not inside:
        below = {"_app", "_book"}
        advice = "a file at the top of pages/ names a chapter by its address (_book/chapters.py)"
    elif place == "_book":
        below = {"_book"}
        advice = "pages/_book is what chapters share: move what it needs down to it"
    elif place == "_app":
        below = {"_app", "_book"}
        advice = "pages/_app knows no chapter: let the chapter hand over what it needs"
    else:
        below = {"_app", "_book", place}
        advice = "no chapter imports another: move what both need to pages/_book or lstm_core"
    assert used <= below, f"{path.relative_to(ROOT)} imports {sorted(used - below)}; {advice}"


@pytest.mark.parametrize("path", of(PAGES))
def test_streamlit_stays_in_pages_and_in_what_they_share(path):
    place, *inside = path.relative_to(PAGES).parts
    if inside and place != "_app" and path.name != "page.py":
        modules = imported(path)
        assert "streamlit" not in tops(modules), "return what is to be shown; page.py shows it"
        assert "_app" not in rooms(modules, "pages"), (
            "only page.py uses pages/_app: it is Streamlit"
        )
    if path.name == "page.py":
        assert "numpy" not in tops(imported(path)), (
            "a page computes nothing: move it to lesson.py, figures.py or lstm_core"
        )


def test_every_folder_of_pages_is_a_chapter_or_shared():
    folders = {path.parent.name for path in PAGES.glob("*/*.py")}
    assert folders == CHAPTERS | {"_app", "_book"}, "a chapter's folder has a page.py"


def test_the_rooms_of_the_core_are_those_of_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    house = text[text.index("## What is where") :]
    for room in sorted(ROOMS):
        assert f" {room}/" in house, f"say in README.md, What is where, what lstm_core/{room} is"


@pytest.mark.parametrize("folder", ["pages", "lstm_core", "tools"])
def test_the_formatter_lays_out_all_code(folder):
    kept_from_it = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"# fmt: (skip|off)", path.read_text(encoding="utf-8"))
    ]
    assert not kept_from_it, "write it so that it reads well as `make format` leaves it"


def test_the_front_door_is_short():
    lines = (ROOT / "app.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 25, "app.py starts the server; move what it does to pages/_app"


def test_serving_never_imports_tensorflow():
    """Run every page in a fresh process, read a review, and look at what was imported."""
    code = """
import sys
from streamlit.testing.v1 import AppTest
from pages._book.chapters import CHAPTERS
from pages._app import heap
heap.warm_up()
page = AppTest.from_file("pages/_router.py", default_timeout=60).run()
for chapter in CHAPTERS:
    page.switch_page(chapter.file).run()
    assert not page.exception
print(sorted({m.split(".")[0] for m in sys.modules} & {"tensorflow", "keras", "torch", "jax", "sklearn", "scipy"}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr[-2000:]


def test_the_core_needs_numpy_alone():
    code = "import sys, lstm_core; print(sorted({m.split('.')[0] for m in sys.modules} & {'pandas', 'plotly', 'streamlit', 'tensorflow'}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def shipped():
    """List the files of the repository: those that git knows, or all that are there without it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name]
    made_here = {".venv", "build", ".git"}
    return [path for path in ROOT.rglob("*") if path.relative_to(ROOT).parts[0] not in made_here]


def test_no_shipped_file_is_larger_than_a_network_may_be():
    for path in shipped():
        if path.is_file():
            assert path.stat().st_size <= 12 * 2**20, path.relative_to(ROOT)


def test_requirements_are_pinned_to_the_letter():
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert "==" in line, line


def test_the_readme_says_what_was_measured():
    from tools.readme import filled

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert filled(text) == text, "run `make readme`"


def test_the_model_card_says_what_was_measured():
    from lstm_core.sentiment.model_card import CARD, written_card
    from lstm_core.sentiment.reader import ASSETS

    assert (ASSETS / CARD).read_text(encoding="utf-8") == written_card(), "run `make readme`"


def test_results_belong_to_the_network_that_ships():
    import hashlib

    from lstm_core.sentiment.reader import ASSETS, measured

    digest = hashlib.sha256((ASSETS / "network.npz").read_bytes()).hexdigest()
    assert measured()["network"]["sha256_npz"] == digest


def test_blas_has_one_thread_in_serving():
    code = "import app, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout.strip() == "1"

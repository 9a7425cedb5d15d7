"""Promises about the whole: what imports what, what is shipped, and what is written where."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [*(ROOT / "lstm_core").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]


def imported(path):
    """Name every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_run_one_way(path):
    modules = set(imported(path))
    inside = path.relative_to(ROOT).parts
    if inside[0] == "lstm_core":
        assert not any(m.split(".")[0] in {"streamlit", "pages", "app"} for m in modules)
        if len(inside) == 2 or inside[1] == "cells":
            above = {"lstm_core.figures", "lstm_core.lessons", "lstm_core.sentiment", "plotly"}
            assert not any(m == a or m.startswith(a + ".") for m in modules for a in above)
    if path.name not in {"keras_model.py", "training.py", "lecture_training.py"}:
        assert not any(m.split(".")[0] in {"keras", "tensorflow"} for m in modules)
    if path.name not in {"baselines.py", "teachers.py", "paragraph_vectors.py"}:
        assert not any(m.split(".")[0] in {"sklearn", "gensim"} for m in modules)
    if inside[0] == "pages" and path.name not in {"_parts.py", "_router.py"}:
        assert not any(m.split(".")[0] == "numpy" for m in modules), "a page computes nothing"


def test_serving_never_imports_tensorflow():
    """Run every page in a fresh process, read a review, and look at what was imported."""
    code = """
import sys
from streamlit.testing.v1 import AppTest
from lstm_core.lessons.chapters import CHAPTERS
import app
app.warm_up()
page = AppTest.from_file("pages/_router.py", default_timeout=60).run()
for chapter in CHAPTERS:
    page.switch_page(chapter.file).run()
    assert not page.exception
print(sorted({m.split(".")[0] for m in sys.modules} & {"tensorflow", "keras", "torch", "jax"}))
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


def test_no_shipped_file_is_larger_than_a_network_may_be():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.exists():
            assert path.stat().st_size <= 12 * 2**20, name


def test_requirements_are_pinned_to_the_letter():
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-baselines.txt",
        "requirements-cluster.txt",
        "requirements-benchmarks.txt",
        "requirements-serve.txt",
    ):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert "==" in line, line


def test_the_readme_says_what_was_measured():
    from tests.readme import filled

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert filled(text) == text, "run `make readme`"


def test_the_model_card_says_what_was_measured():
    import json

    from lstm_core.sentiment.evaluation import model_card
    from lstm_core.sentiment.reader import ASSETS, measured

    training = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
    card = (ASSETS / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card == model_card(measured(), training)


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

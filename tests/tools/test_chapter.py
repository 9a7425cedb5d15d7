"""A chapter as `make chapter` lays it out fulfils the contract, and its page opens."""

import shutil
import subprocess
import sys

import pytest

from tools.chapter import ROOT, entries, lay_out, main

OPEN_IT = """
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("pages/_router.py", default_timeout=60).run()
page.switch_page("attention/page.py").run()
assert not page.exception, page.exception
assert page.title[0].value == "Attention"
assert "✔ holds" in " ".join(text.value for text in page.markdown)
page.slider(key="attention_weight").set_value(2.0).run()
assert not page.exception, page.exception
assert "attention/quest/kept" in page.session_state.achieved
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with one chapter more, put in as the command says."""
    root = tmp_path_factory.mktemp("house")
    unneeded = shutil.ignore_patterns("__pycache__", "screenshots", "*.keras")
    for name in ("pages", "lstm_core", "assets", "tests/chapters", ".streamlit"):
        shutil.copytree(ROOT / name, root / name, ignore=unneeded)
    shutil.copy(ROOT / "tests" / "__init__.py", root / "tests")
    lay_out("attention", root)
    for file, place, entry, after in (
        (
            "chapters",
            "PARTS = {\n",
            entries("attention")["chapter"],
            '    mark("New"): (ATTENTION,),\n',
        ),
        ("slides", "    chapters.ACTIVATIONS: {", entries("attention")["panels"], ""),
    ):
        path = root / "pages" / "_book" / f"{file}.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(place) == 1, f"{file}.py has another shape; tools/chapter.py speaks of it"
        new = entry + place + after
        path.write_text(text.replace(place, new), encoding="utf-8")
    return root


def run(house, *command):
    done = subprocess.run(
        [sys.executable, *command], cwd=house, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
def test_a_new_chapter_fulfils_the_contract(house):
    contract = "tests/chapters/test_contract.py"
    said = run(
        house,
        "-m",
        "pytest",
        "--rootdir=.",
        "-q",
        "-p",
        "no:cacheprovider",
        contract,
        "-k",
        "attention",
    )
    assert " passed" in said
    assert "skipped" not in said


@pytest.mark.slow
def test_the_page_of_a_new_chapter_opens(house):
    run(house, "-c", OPEN_IT)


def test_a_name_that_is_none_or_taken_is_refused_in_words(capsys):
    for arguments, words in (
        ([], "small letters"),
        (["New Page"], "small letters"),
        (["cell"], "already"),
    ):
        assert main(arguments) == 1
        assert words in capsys.readouterr().err

"""One panel, one screen: every panel of every chapter is measured, and the table is printed."""

import pytest

from pages._book.chapters import CHAPTERS
from tools import panels


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path)
def test_every_panel_fits_its_screen(context, address, chapter):
    print(f"\n{panels.HEAD}")
    found = []
    for one in panels.measure(context.browser, address, [chapter.path]):
        print(panels.row(one))
        found += [f"{one.panel} at {one.width}: {problem}" for problem in one.problems()]
    assert found == []


@pytest.mark.slow
def test_every_panel_fits_in_german_too(context, address):
    found = []
    print(f"\n{panels.HEAD}")
    for one in panels.measure(
        context.browser, address, lectures=(False,), more="&lang=de", sizes=panels.SIZES[:1]
    ):
        print(panels.row(one))
        found += [f"{one.chapter}/{one.panel}: {problem}" for problem in one.problems()]
    assert found == []

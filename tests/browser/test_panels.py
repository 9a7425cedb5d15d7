"""One panel, one screen: every panel is measured, and the table is printed; and WCAG 2.2 AA holds on it.

Each chapter is gone through twice: in English, light, on all screens and in lecture mode; in German, dark.
"""

import pytest

from pages._book.chapters import CHAPTERS
from tests.browser.axe import unnamed_figures, violations
from tools import panels

WAYS = {
    "English": {},
    "German": {
        "more": "&lang=de",
        "theme": "dark",
        "lectures": (False,),
        "sizes": panels.SIZES[:1],
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path)
def test_every_panel_fits_its_screen_and_keeps_wcag(context, address, chapter, way):
    found = []

    def look(page, panel):
        found.extend(f"{panel}: {one}" for one in (*violations(page), *unnamed_figures(page)))

    print(f"\n{panels.HEAD}")
    for one in panels.measure(context.browser, address, [chapter.path], look=look, **WAYS[way]):
        print(panels.row(one))
        found += [f"{one.panel} at {one.width}: {problem}" for problem in one.problems()]
    assert not found, "\n".join(found)

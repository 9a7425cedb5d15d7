"""One panel, one screen: every panel is measured, and the table is printed; and WCAG 2.2 AA holds on it."""

import pytest

from pages._book.chapters import CHAPTERS
from tests.browser.axe import CONTRAST, WCAG, unnamed_figures, violations
from tools import panels

WAYS = {
    "light": ({"lectures": (False,)}, WCAG),
    "lecture": ({"lectures": (True,), "sizes": panels.SIZES[:1]}, ()),
    "dark": (
        {"lectures": (False,), "more": "&lang=de", "theme": "dark", "sizes": panels.SIZES[:1]},
        CONTRAST,
    ),
}
"""How each chapter is gone through, and what axe looks for; in dark it is in German.

`python -m tools.panels` measures lecture mode on a larger projector too, where all of it grows alike.
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path)
def test_every_panel_fits_its_screen_and_keeps_wcag(context, address, chapter, way):
    given, rules = WAYS[way]
    found = []

    def look(page, panel):
        wrong = [*violations(page, rules), *unnamed_figures(page)]
        found.extend(f"{panel}: {one}" for one in wrong)

    print(f"\n{panels.HEAD}")
    for one in panels.measure(context, address, [chapter.path], look=look, **given):
        print(panels.row(one))
        found += [f"{one.panel} at {one.width}: {problem}" for problem in one.problems()]
    assert not found, "\n".join(found)

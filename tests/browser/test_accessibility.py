"""Every page in both themes: on a phone, for who cannot see it, and by WCAG 2.2 AA (axe-core)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages._book.slides import PANELS
from tools.serving import rest

PATHS = [
    "",
    "glossary",
    "present",
    "activations?embed=true",
    "activations?mode=lecture&slide=4",
    *(f"{chapter.path}?panel={panel}" for chapter, names in PANELS.items() for panel in names),
]
AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(page):
    found = AXE.run(page, options={**RULES, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_a_phone_names_its_figures_and_keeps_wcag(visit, path, theme):
    page = visit(f"/{path}", width=360, theme=theme)
    rest(page)
    overflow = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth"
    )
    assert overflow <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    rest(page)
    if page.locator(".js-plotly-plot").count():
        figures = page.get_by_role("figure").all()
        assert figures
        assert all(len(figure.get_attribute("aria-label")) > 30 for figure in figures)
    found = violations(page)
    assert not found, "\n".join(found)

"""WCAG 2.2 AA on every page in both themes, by axe-core; and what reduced motion and keys ask for."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from lstm_core.lessons.chapters import CHAPTERS
from tests.browser.serving import settled

PATHS = ["", "glossary", *(chapter.path for chapter in CHAPTERS)]
AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(page):
    found = AXE.run(page, options={**RULES, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.fixture(scope="module")
def tabs(browser):
    """A tab in each theme, for all pages: the browser reads its scripts once."""
    size = {"width": 1280, "height": 900}
    contexts = {
        theme: browser.new_context(viewport=size, color_scheme=theme) for theme in ("light", "dark")
    }
    yield {theme: context.new_page() for theme, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_breaks_wcag(tabs, address, path, theme):
    page = tabs[theme]
    page.goto(f"{address}/{path}")
    page.get_by_role("heading", level=1).wait_for()
    settled(page)
    page.wait_for_timeout(1200)
    found = violations(page)
    assert not found, "\n".join(found)

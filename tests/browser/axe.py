"""What axe-core, a checker of accessibility, finds on a page."""

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST = ("color-contrast",)
"""The one rule that another theme can break."""


def violations(page, rules=WCAG, within=None):
    """Name every place that breaks WCAG 2.2 AA, or some of its rules, and how.

    Args:
        page: that is looked at.
        rules: by axe's names.
        within: a selector of the part that is looked at; all of it without one.
    """
    options = {"runOnly": list(rules), "resultTypes": ["violations"]}
    found = AXE.run(page, context=within, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


def unnamed_figures(page):
    """Return the figures whose text alternative says next to nothing."""
    if not page.locator(".js-plotly-plot").count():
        return []
    figures = page.get_by_role("figure").all()
    names = [figure.get_attribute("aria-label") or "" for figure in figures]
    return [name for name in names if len(name) <= 30] if names else ["no figure has a name"]

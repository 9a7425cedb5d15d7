"""Pages without panels in both themes: on a phone, and by WCAG 2.2 AA. ``test_panels`` has the panels."""

import pytest

from tests.browser.axe import violations
from tools.serving import rest


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["", "glossary", "present", "activations?embed=true", "activations?mode=lecture&slide=4"],
)
def test_a_page_fits_a_phone_and_keeps_wcag(visit, path, theme):
    page = visit(f"/{path}", width=360, theme=theme)
    rest(page)
    overflow = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth"
    )
    assert overflow <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    rest(page)
    found = violations(page)
    assert not found, "\n".join(found)

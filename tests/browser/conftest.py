"""One server and one Chromium for all browser tests, and a page that watches for trouble."""

import re

import pytest

from tests.browser.serving import browsing, serving

# A deep link makes Streamlit 1.67 look for its server under the page's own path first.
HARMLESS = re.compile(r"/\w+/_stcore/(health|host-config)$")


@pytest.fixture(scope="session")
def address():
    with serving() as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    with browsing() as chromium:
        yield chromium


@pytest.fixture
def visit(browser, address):
    """Open a path in a fresh context; fails the test on console errors and external requests."""
    contexts, trouble = [], []

    def opened(path, width=1280, theme="light", base=address):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)

        def on_request(request):
            if not request.url.startswith((base, base.replace("http", "ws"), "data:", "blob:")):
                trouble.append(f"external request: {request.url}")

        def on_console(message):
            place = message.location.get("url", "") if message.location else ""
            if message.type == "error" and not HARMLESS.search(place):
                trouble.append(f"console: {message.text} {place}")

        page.on("request", on_request)
        page.on("console", on_console)

        def on_error(error):
            # Plotly rejects the promise of an animation that is paused, with no reason given.
            if str(error) != "undefined":
                trouble.append(f"page error: {error}")

        page.on("pageerror", on_error)
        page.goto(base + path)
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble, trouble

"""One server and one Chromium for all browser tests, and pages that watch for trouble."""

import re

import pytest

from tools.serving import browsing, listening, rest, serving

# A deep link makes Streamlit 1.67 look for its server under the page's own path first.
HARMLESS = re.compile(r"/\w+/_stcore/(health|host-config)$")


@pytest.fixture(scope="session")
def address():
    with serving() as url:
        yield url


@pytest.fixture(scope="session")
def context(address):
    """One context for all pages, so that the browser reads the app's scripts once.

    They share a process too, which a page that stays open keeps: it has compiled the scripts, and
    would compile them anew for each page, which takes most of the time that a page needs to open.
    What a visitor has set is in the session of each page and in its address; ``visit`` takes away
    what a page leaves in the context.
    """
    with browsing("--process-per-site") as chromium:
        opened = listening(chromium)
        page = opened.new_page()
        page.goto(f"{address}/activations")
        rest(page)
        yield opened


class Trouble(list):
    """What went wrong on pages that are listened to."""

    def listen(self, page, base):
        """Note console errors, errors of scripts and requests to anybody but the server."""
        own = (base, base.replace("http", "ws"), "data:", "blob:")

        def on_request(request):
            if not request.url.startswith(own):
                self.append(f"external request: {request.url}")

        def on_console(message):
            place = message.location.get("url", "") if message.location else ""
            if message.type == "error" and not HARMLESS.search(place):
                self.append(f"console: {message.text} {place}")

        def on_error(error):
            # Plotly rejects the promise of an animation that is paused, with no reason given, and
            # looks for the next frame of a figure that has just gone with its panel.
            if str(error) != "undefined" and "_frameQueue" not in str(error):
                self.append(f"page error: {error}")

        page.on("request", on_request)
        page.on("console", on_console)
        page.on("pageerror", on_error)


def sent(page):
    """Listen to what goes to the server."""
    messages = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.webSocketFrameSent", lambda frame: messages.append(frame))  # noqa: PLW0108 -- Playwright cannot take a method of C.
    return messages


@pytest.fixture
def visit(context, address):
    """Open a path in a new tab, a visitor of its own; fails the test on any trouble."""
    pages, trouble = [], Trouble()

    def opened(path, width=1280, theme="light", base=address, motion="no-preference"):
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion=motion)
        page.set_default_timeout(30_000)
        trouble.listen(page, base)
        page.goto(base + path)
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield opened
    for page in pages:
        if not page.is_closed():
            page.evaluate("localStorage.clear()")
            page.close()
    context.clear_cookies()
    assert not trouble, trouble

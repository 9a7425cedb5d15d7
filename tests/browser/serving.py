"""Start the app on a free port, and Chromium, for the browser tests, benchmarks and screenshots."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str:
    """Find Chromium: the one that CHROMIUM names, or the first that is installed."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise RuntimeError(
            "No Chromium found: install it (Debian: sudo apt install chromium), or set CHROMIUM."
        )
    return found


@contextlib.contextmanager
def serving(script: Path | str = "app.py") -> Iterator[str]:
    """Serve a Streamlit script from this folder on a free port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    server = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        _wait_until_healthy(address, server)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            output = server.stdout.read().decode() if server.stdout else ""
            raise RuntimeError(f"the server stopped: {output[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start within 60 seconds")


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """Start a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page) -> None:
    """Wait until no run of the script is under way and nothing is still to be drawn."""
    page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached")
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")


def rest(page: Page, milliseconds: int = 700) -> None:
    """Wait until the page rests, and a little longer for what is drawn behind it."""
    page.wait_for_timeout(milliseconds)
    settled(page)
    page.wait_for_timeout(milliseconds)

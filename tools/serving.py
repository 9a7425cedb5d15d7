"""Start the app on a free port, and Chromium, for the browser tests, benchmarks and screenshots."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.serve import ROOT, app_command, free_ports, until_healthy

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Chromium without the windows around its pages comes first: a page costs half a second of CPU less."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]


def chromium() -> str:
    """Find Chromium: the one that CHROMIUM names, or the first that is installed."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        raise RuntimeError(
            "No Chromium found: install it (Debian: sudo apt install chromium), or set CHROMIUM."
        )
    return path


@contextlib.contextmanager
def serving(script: Path | str = "app.py", folder: Path = ROOT) -> Iterator[str]:
    """Serve a Streamlit script from a checkout on a free port; yields its address."""
    port = free_ports(1)[0]
    address = f"http://127.0.0.1:{port}"
    command = app_command(port, "127.0.0.1", str(script))
    # A file takes all that the server says; a pipe that nobody reads would stop it when it is full.
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            until_healthy(address, server, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


@contextlib.contextmanager
def browsing(*flags: str) -> Iterator[Browser]:
    """Start a headless Chromium, with these flags besides ``FLAGS``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


# What a page asks its server, and whether that has answered since.
LISTEN = """
window.server = { asked: 0, answered: 0 };
window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    this.addEventListener("message", () => (server.answered = performance.now()));
  }
  send(message) {
    server.asked = performance.now();
    super.send(message);
  }
};
"""
# What keeps a page from resting, in words; "" if nothing does. An answer may be missing altogether.
RESTLESS = """
() => {
  const now = performance.now();
  const app = document.querySelector("[data-testid=stApp]");
  if (app?.dataset.testScriptState !== "notRunning") return "the script runs";
  const pending = "[data-testid=stSkeleton], [data-testid=stStatusWidget], [data-stale=true]";
  if (document.querySelector(pending)) return "something is still to be drawn";
  const { asked, answered } = window.server ?? { asked: 0, answered: 0 };
  if (asked > answered && now - asked < 5000) return "the server has not answered";
  if (document.fonts.status !== "loaded") return "fonts are loaded";
  const moves = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
  if (document.getAnimations().some(moves)) return "something moves";
  return "";
}
"""
REST = f"""
async ([quiet, patience]) => {{
  const restless = {RESTLESS};
  const begun = performance.now();
  let changed = begun;
  const change = () => (changed = performance.now());
  const changes = new MutationObserver(change);
  const observe = (root) =>
    changes.observe(root, {{ subtree: true, childList: true, characterData: true, attributes: true }});
  observe(document);
  addEventListener("scroll", change, true);
  for (;;) {{
    // What is stepped in the browser has a tree of its own.
    const players = document.querySelectorAll("[data-testid=stBidiComponentIsolated]");
    for (const one of players) if (one.shadowRoot) observe(one.shadowRoot);
    const now = performance.now();
    const why = restless() || (now - changed < quiet ? "its document changes" : "");
    if (!why) break;
    if (now - begun > patience) throw new Error(`the page does not come to rest: ${{why}}`);
    await new Promise((done) => setTimeout(done, 25));
  }}
  changes.disconnect();
  removeEventListener("scroll", change, true);
}}
"""


def listening(browser: Browser, **options: Any) -> BrowserContext:
    """Open a context whose pages know whether their server has answered; ``rest`` asks them."""
    context = browser.new_context(**options)
    context.add_init_script(LISTEN)
    return context


def rest(page: Page, quiet: int = 300) -> None:
    """Wait until the page rests: no run of the script, nothing to be drawn, asked, moved or scrolled.

    Args:
        page: a page of the app.
        quiet: milliseconds for which its document must not have changed; more than the browser's
            side waits before it tells the server what was done (250 in ``assets/stepping.js``).

    Raises:
        playwright.sync_api.Error: if it does not come to rest within 30 seconds.
    """
    page.evaluate(REST, [quiet, 30_000])

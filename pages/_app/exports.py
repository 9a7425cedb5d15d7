"""A picture that plays, as one page of its own: without the app, and without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from pages._app.assets import asset
from pages._book.language import say, spoken
from pages._book.numbers import separators
from pages._book.style import FONT, Palette

PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{
  --st-text-color: {colours.text}; --st-background-color: {colours.ground};
  --st-secondary-background-color: {colours.panel}; --st-border-color: {colours.grid};
  --st-primary-color: {colours.accent}; --st-font: {font}; --st-code-font: monospace;
  --stage: calc(100vh - 9rem);
}}
body {{ margin: 1rem; background: {colours.ground}; color: {colours.text}; font-family: {font}; font-size: 18px; }}
h1 {{ font-size: 1.3rem; margin: 0 0 0.6rem; }}
{css}
</style>
<h1>{title}</h1>
<div id="stage"><div class="player"></div></div>
<script type="module">
{js}
mount({{ data: {data}, parentElement: document.getElementById("stage"), setTriggerValue() {{}}, setStateValue() {{}} }});
const WAYS = {{ ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }};
window.addEventListener("keydown", (event) => {{
  const way = WAYS[event.key];
  // A slider is moved by the arrows itself.
  if (!way || event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].closest?.("input, select")) return;
  for (const player of window.players ?? []) if (player.by(way)) event.preventDefault();
}});
</script>
</html>
"""


def playing_page(
    title: str,
    scripts: tuple[str, ...],
    styles: tuple[str, ...],
    data: Mapping[str, Any],
    colours: Palette,
) -> str:
    """Write a page that plays what a component shows.

    Args:
        title: of the page, in the language that is spoken.
        scripts: files in ``assets``, one behind the other; the last one exports what mounts it.
        styles: files in ``assets``.
        data: what the component was given.
        colours: of the theme.
    """
    # A "</script>" in what a visitor typed must not end the script.
    given = {
        "run": json.dumps(data, ensure_ascii=False),
        "decimal": separators(spoken())[0],
        "start": {"step": 0, "turn": 0},
    }
    written = json.dumps(given, ensure_ascii=False)
    return PAGE.format(
        language=spoken(),
        title=escape(title),
        colours=colours,
        font=FONT,
        css=asset(*styles),
        js=asset(*scripts).replace("export default", "const mount ="),
        data=written.replace("<", "\\u003c").replace("\u2028", "\\u2028"),
    )


def playing_button(
    key: str,
    title: str,
    scripts: tuple[str, ...],
    styles: tuple[str, ...],
    data: Mapping[str, Any],
    colours: Palette,
) -> None:
    """Offer what is played as a page to take along; it is written when the button is pressed."""
    st.download_button(
        say("Take along (HTML)"),
        lambda: playing_page(title, scripts, styles, data, colours),
        f"{key}.html",
        "text/html",
        key=f"{key}_alone",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=say("One page that plays by itself, without this app and without a network"),
    )

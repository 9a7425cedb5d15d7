"""Verdicts on a page: the HTML of ``_book.verdicts`` with its style, brought into view when asked for."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._app.assets import sheet
from pages._book.verdicts import english_alone

_INTO_VIEW = st.components.v2.component(
    "into_view",
    html="<div></div>",
    js="""
export default function ({ data }) {
  // A press, not a run of the page that merely shows the same again.
  const before = window.pressesSeen;
  window.pressesSeen = data.presses;
  if (before === undefined || before === data.presses) return;
  const picture = document.querySelector(".st-key-stage_picture");
  const main = document.querySelector(".stMain");
  if (!picture || !main) return;
  const { top } = picture.getBoundingClientRect();
  // Where a phone shows the field, the picture is above it.
  const away = top < 0 || top > 0.5 * innerHeight;
  if (away) requestAnimationFrame(() => main.scrollTo({ top: 0, behavior: "instant" }));
}
""",
)


def style() -> None:
    """Bring the style of verdicts and of the field beside them."""
    st.html(sheet("verdict.css"))


def show(html: str, place: DeltaGenerator | None = None) -> None:
    """Show a verdict or coloured words as HTML."""
    (place or st).html(html)
    _INTO_VIEW(data={"presses": st.session_state.get("presses", 0)}, key="into_view")


def show_hint(text: str) -> None:
    """Show in the picture's place what is to be done first."""
    show(f'<div class="sheet" data-picture=""><div class="hint">{escape(text)}</div></div>')


def bring_into_view() -> None:
    """Let the browser scroll to the picture when it is drawn next; for callbacks of buttons."""
    st.session_state.presses = st.session_state.get("presses", 0) + 1


def why_english() -> None:
    """Say why a text must be English, where the page itself is not in English."""
    if reason := english_alone():
        st.caption(reason)

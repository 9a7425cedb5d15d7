"""What a visitor chooses for all pages: language, and page or lecture."""

from __future__ import annotations

import streamlit as st

from lstm_core.language import LANGUAGES, mark, say

MODES = {"page": mark("Page"), "lecture": mark("Lecture")}


def settings(language: str) -> None:
    """Offer the language and the lecture mode, at the top of every page."""
    with st.container(
        key="settings", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        st.segmented_control(
            say("Language"), list(LANGUAGES), default=language, key="lang", required=True,
            format_func=LANGUAGES.__getitem__, bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        st.segmented_control(
            say("Mode"), list(MODES), default="page", key="mode", required=True,
            format_func=lambda mode: say(MODES[mode]), bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip

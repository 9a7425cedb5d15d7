"""A chapter's page: how it is opened, from the address, from a slide, by a preset or by a tour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages._app import learning, panels, players
from pages._book.chapters import Chapter
from pages._book.exercises import Card
from pages._book.language import say
from pages._book.presets import Preset
from pages._book.slides import Slide


def begin(chapter: Chapter, presets: Mapping[str, Preset[Any]], tour: Sequence[Card]) -> None:
    """Open a chapter's page: a slide's values go into its controls; then its heading and its tour.

    Args:
        chapter: whose page it is.
        presets: of the chapter, by name.
        tour: its cards.
    """
    slide: Slide | None = st.session_state.pop("slide_opened", None)
    if slide is not None and slide.chapter == chapter:
        if slide.preset:
            players.put(presets[slide.preset].sets)
        players.put(slide.sets)
    panels.heading(chapter)
    learning.tour(chapter, tour)


def preset_buttons(presets: Mapping[str, Preset[Any]]) -> None:
    """Show a button for each preset; a click puts its values into the controls."""
    with st.container(horizontal=True):
        for name, preset in presets.items():
            st.button(say(name), key=f"preset_{name}", on_click=players.put, args=(preset.sets,))

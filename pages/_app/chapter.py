"""The presets of a chapter's page, to start from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._app import players
from pages._app.bound import Controls
from pages._book.language import say
from pages._book.presets import Preset, standing


def preset_buttons(presets: Mapping[str, Preset[Any]]) -> None:
    """Show a button for each preset; a click puts its values into the controls."""
    with st.container(horizontal=True):
        for name, preset in presets.items():
            st.button(say(name), key=f"preset_{name}", on_click=players.put, args=(preset.sets,))


def preset_select(presets: Mapping[str, Preset[Any]], control: Controls) -> None:
    """Let the visitor start from a preset; its values go into the controls.

    Nothing stays chosen in the list: what it names is the preset that the controls stand at, until
    one of them is moved. A choice that the page took back while the visitor moves something else
    would be made again by the browser, which does not know of it yet.
    """
    names = {name: say(name) for name in presets}
    stands = standing(presets, control.asked())
    st.selectbox(
        say("Start from"),
        names,
        key="start_from",
        index=None,
        format_func=names.__getitem__,
        placeholder=say("a preset") if stands is None else names[stands],
        on_change=_start_from,
        args=(presets,),
    )


def _start_from(presets: Mapping[str, Preset[Any]]) -> None:
    name = st.session_state.start_from
    if name is not None:
        st.session_state.start_from = None
        players.put(presets[name].sets)

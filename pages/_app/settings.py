"""What a visitor chooses for all pages: language, and page or lecture."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._app import assets
from pages._book.language import LANGUAGES, say, speak, spoken
from pages._book.numbers import separators

_PAGE = st.components.v2.component("page", html="<div></div>", js=assets.asset("page.js"))
_EARLY = [
    path.name for path in (Path(st.__file__).parent / "static/static/js").glob("PlotlyChart.*.js")
]
"""Parts of Streamlit that are large and that most pages need."""


def embedded() -> bool:
    """Say whether the app is shown inside of another page, by ``?embed=true``."""
    return bool(st.context.is_embedded)


def settings() -> None:
    """Offer the language and the lecture mode, at the top of every page; both are in the address.

    What is shown inside of another page offers neither, and speaks as its address says.
    """
    if embedded():
        _PAGE(key="page", data={"early": _EARLY, "decimal": separators(spoken())[0]})
        st.html(assets.sheet("embedded.css"))
        return
    with st.container(
        key="settings", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        st.segmented_control(
            say("Language"),
            list(LANGUAGES),
            key="lang",
            required=True,
            on_change=_translate_address,
            format_func=LANGUAGES.__getitem__,
            label_visibility="collapsed",
            persist_state="session",
        )
        st.toggle(say("Lecture mode"), key="lecturing", persist_state="session")
    _PAGE(key="page", data={"early": _EARLY, "decimal": separators(spoken())[0]})
    write("lang", "" if st.session_state.lang == "en" else st.session_state.lang)
    st.session_state.mode_written = "lecture" if st.session_state.lecturing else ""
    write("mode", st.session_state.mode_written)


def begin(follows: bool = False) -> None:
    """Take language and mode from the address at the start of a visit, and speak the language.

    A link speaks the language that it was made in; a visitor without one gets the browser's own.

    Args:
        follows: whether a lecturer's page is followed: the options in its address are in the
            lecturer's language.
    """
    address = st.query_params
    if follows and (asked := address.get("lang", "en")) in LANGUAGES:
        st.session_state.lang = asked
    if "lang" not in st.session_state:
        wished = (st.context.locale or "").partition("-")[0]
        asked = address.get("lang", "en" if len(address) else wished)
        st.session_state.lang = asked if asked in LANGUAGES else "en"
    # A link into the lecture switches it on; a link to any other page leaves it as it is.
    begins = address.get("mode") == "lecture" != st.session_state.get("mode_written")
    if begins or "lecturing" not in st.session_state:
        st.session_state.lecturing = begins
    speak(st.session_state.lang)


def write(key: str, value: str) -> None:
    """Write a value into the address; an empty one is taken out of it."""
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def _translate_address() -> None:
    """Have the address written anew: a widget puts the labels of its options there."""
    for key in st.query_params:
        chosen = st.session_state.get(key)
        if isinstance(chosen, str | list):
            st.session_state[key] = chosen

"""What a page is made of: texts and links, and parts that run by themselves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec

import streamlit as st

from pages._app import caches, menu, turns
from pages._book import glossary
from pages._book.language import say, speak

Given = ParamSpec("Given")


def prose(text: str) -> None:
    """Write a Markdown text, the field's words in it linked to the glossary."""
    st.markdown(glossary.linked(text))


def link(file: str, label: str, icon: str, address: Mapping[str, str] | None = None) -> None:
    """Link to a page, its controls as an address has them; options are named in English here."""
    named = {key: say(value) for key, value in (address or {}).items()}
    menu.page_link(file, label=label, icon=icon, query=named)


def fragment(
    function: Callable[Given, None] | None = None,
    *,
    run_every: float | None = None,
    is_followed: bool = True,
) -> Any:
    """Let a part of a page run by itself, as ``st.fragment`` does, in the visitor's language.

    Args:
        function: draws the part; without one, a decorator is returned.
        run_every: so many seconds later it runs again, each time.
        is_followed: whether the functions that were given to ``afterwards`` are called after each run.
    """
    if function is None:
        return functools.partial(fragment, run_every=run_every, is_followed=is_followed)

    @functools.wraps(function)
    def alone(*args: Given.args, **kwargs: Given.kwargs) -> None:
        speak(st.session_state.get("lang", "en"))
        with turns.in_turn(turns.A_PART):
            if turns.is_of_a_part():
                caches.forget_gone_widgets()
            function(*args, **kwargs)
            if is_followed:
                for call in _afterwards:
                    call()

    return st.fragment(alone, run_every=run_every)


_afterwards: list[Callable[[], None]] = []


def afterwards(call: Callable[[], None]) -> Callable[[], None]:
    """Register a function to be called after each run of the fragments that are followed; a decorator."""
    _afterwards.append(call)
    return call

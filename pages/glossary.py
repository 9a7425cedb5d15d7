"""The glossary: the field's words, each with what it means, its formula and where it is shown."""

import streamlit as st

from pages._app import notation, panels
from pages._book.chapters import CHAPTERS
from pages._book.glossary import TERMS, Term
from pages._book.language import say

CHAPTER_AT = {chapter.path: chapter for chapter in CHAPTERS}
TERM_OF = {term.key: term for term in TERMS}


def choose_term() -> str | None:
    """Let the visitor find a term; returns its key, or None for all of them.

    The address names a term by its key rather than its label, so that it holds in every language.
    """
    address = st.query_params.get("term", "")
    if st.session_state.get("term_of") != address:
        st.session_state.term_of = address
        st.session_state.term_chosen = address if address in TERM_OF else None
    key = st.selectbox(
        say("Find a word"),
        list(TERM_OF),
        key="term_chosen",
        index=None,
        format_func=lambda key: TERM_OF[key].title,
        placeholder=say("Type a few letters"),
    )
    if key:
        st.query_params["term"] = st.session_state.term_of = key
    elif address:
        st.query_params.pop("term", None)
        st.session_state.term_of = ""
    return key


def show(term: Term) -> None:
    """Show a term with its formula, its source, and the way to its page."""
    with st.container(border=True, key=f"term_{term.key}"):
        st.markdown(f"**{term.title}**\n\n{say(term.meaning)}")
        if term.formula:
            st.latex(term.formula)
        if term.source:
            st.caption(say("Source: {source}", source=term.source))
        if chapter := CHAPTER_AT.get(term.chapter):
            label = say("See it on the page {title}", title=say(chapter.title))
            panels.link(chapter.file, label, ":material/arrow_forward:")


st.title(say("Glossary"))
st.markdown(f"#### {say('What does this word mean here, and who said it first?')}")
chosen = choose_term()
notation.card()
for entry in [TERM_OF[chosen]] if chosen else TERMS:
    show(entry)

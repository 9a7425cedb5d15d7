"""The glossary: the field's words, each with what it means, its formula and where it is shown."""

import streamlit as st

from lstm_core.language import say
from lstm_core.lessons.chapters import CHAPTERS
from lstm_core.lessons.glossary import TERMS
from pages import _parts

BY_PATH = {chapter.path: chapter for chapter in CHAPTERS}
KEYS = [term.key for term in TERMS]

st.title(say("Glossary"))
st.markdown(f"#### {say('What does this word mean here, and who said it first?')}")
# The address names a term rather than its label, so that it holds in every language.
asked = st.query_params.get("term", "")
if st.session_state.get("term_of") != asked:
    st.session_state.term_of = asked
    st.session_state.term_chosen = asked if asked in KEYS else None
chosen = st.selectbox(
    say("Find a word"), KEYS, key="term_chosen", index=None,
    format_func=lambda key: TERMS[KEYS.index(key)].title, placeholder=say("Type a few letters"),
)  # fmt: skip
if chosen:
    st.query_params["term"] = st.session_state.term_of = chosen
elif asked:
    st.query_params.pop("term", None)
    st.session_state.term_of = ""
for term in TERMS:
    if chosen and term.key != chosen:
        continue
    with st.container(border=True, key=f"term_{term.key}"):
        st.markdown(f"**{term.title}**\n\n{say(term.meaning)}")
        if term.formula:
            st.latex(term.formula)
        if term.source:
            st.caption(say("Source: {source}", source=term.source))
        if chapter := BY_PATH.get(term.chapter):
            _parts.link(
                chapter.file, say("See it on the page {title}", title=say(chapter.title)), "➡️"
            )

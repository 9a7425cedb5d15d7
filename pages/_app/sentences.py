"""A visitor's sentence for the trained network, with what is wrong with it said beside the field."""

from __future__ import annotations

import streamlit as st

from pages._app import caches
from pages._book.sentences import SENTENCE, Ids, other_words, sentence_ids, unknown_words


def sentence(text: str) -> tuple[str, list[str], Ids]:
    """Split a visitor's sentence for the trained network; what is wrong with it is said here.

    Returns what is read, its words and their ids: the sentence, or the page's own instead of one
    that cannot be read.
    """
    words, ids, problem = sentence_ids(caches.reader(), text)
    if problem:
        st.error(problem)
    elif others := other_words(caches.reader(), text):
        st.caption(others)
    if unknown := unknown_words(caches.reader(), words):
        st.warning(unknown, icon=":material/warning:")
    return SENTENCE if problem else text, words, ids

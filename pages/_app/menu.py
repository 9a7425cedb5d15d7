"""The app's pages as Streamlit knows them: what stands in the menu, and what links lead to.

Streamlit looks every page's file up on the disk whenever the page is named; here that is done once
for each language.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

import streamlit as st

from pages._book.chapters import PARTS
from pages._book.language import once_a_language, say

HOME, GLOSSARY, PRESENT = "home.py", "glossary.py", "present.py"


def pages_by_file() -> dict[str, st.Page]:
    """Return every page by its file, for ``st.navigation``, which changes the one that is shown."""
    return {file: copy.copy(page) for file, page in _known().items()}


def sections(pages: Mapping[str, st.Page]) -> dict[str, list[st.Page]]:
    """Return the menu: pages by the name of their section, the first of which has none."""
    parts = {say(part): [pages[one.file] for one in chapters] for part, chapters in PARTS.items()}
    return {"": [pages[file] for file in (HOME, GLOSSARY, PRESENT)], **parts}


def page_link(
    file: str,
    *,
    label: str,
    icon: str | None = None,
    query: Mapping[str, str] | None = None,
    hint: str | None = None,
    stretch: bool = False,
) -> None:
    """Link to a page by its file.

    Args:
        file: as ``Chapter.file`` names it.
        label: Markdown.
        icon: in front of it.
        query: what stands behind the ? of the address.
        hint: shown while the mouse rests on the link.
        stretch: whether it is as wide as the place that it stands in.
    """
    st.page_link(
        _known()[file],
        label=label,
        icon=icon,
        help=hint,
        width="stretch" if stretch else "content",
        query_params=query or None,
    )


@once_a_language
def _known() -> dict[str, st.Page]:
    """Look the pages up, with their titles in the language that is spoken."""
    chapters = [chapter for part in PARTS.values() for chapter in part]
    return {
        HOME: st.Page(HOME, title=say("Home"), icon=":material/home:", default=True),
        GLOSSARY: st.Page(GLOSSARY, title=say("Glossary"), url_path="glossary"),
        PRESENT: st.Page(
            PRESENT, title=say("Presenter's view"), url_path="present", visibility="hidden"
        ),
        **{
            one.file: st.Page(one.file, title=say(one.title), url_path=one.path) for one in chapters
        },
    }

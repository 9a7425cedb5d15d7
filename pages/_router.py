"""The script that Streamlit runs: page settings, navigation, then the page that was asked for."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Set the page up and run what was asked for."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))

    import streamlit as st

    from lstm_core.language import say
    from lstm_core.lessons.chapters import CHAPTERS, PARTS
    from pages import _lecture, _parts, _settings

    # Nothing is known yet of a visitor who has just come.
    rank = _parts.A_PAGE if "lang" in st.session_state else _parts.A_NEWCOMER
    with _parts.in_turn(rank):
        _settings.begin()
        st.set_page_config(
            page_title=say("Inside an LSTM"),
            page_icon=str(ROOT / "assets" / "icon.png"),
            layout="wide",
            menu_items={
                "About": say("Inside an LSTM: see it, step it, break it, and let it read.")
            },
        )
        st.html(ROOT / "assets" / "style.css")
        home = st.Page("home.py", title=say("Home"), icon="🏠", default=True)
        parts = {
            say(part): [st.Page(c.file, title=say(c.title), url_path=c.path) for c in chapters]
            for part, chapters in PARTS.items()
        }
        glossary = st.Page("glossary.py", title=say("Glossary"), url_path="glossary")
        page = st.navigation({"": [home, glossary], **parts}, position="top")
        _parts.forget_other_pages(page.url_path)
        _settings.settings()
        _lecture.open_the_slide_of_the_address()
        _lecture.hide_controls_of_the_address()
        if _lecture.lecturing():
            chapter = next((c for c in CHAPTERS if c.path == page.url_path), None)
            _lecture.show_one_panel(chapter)
        page.run()


# A process that computes for a page imports this script too, under another name, and needs no page.
if __name__ == "__main__":
    main()

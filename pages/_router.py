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

    from pages._app import assets, caches, learning, lecture, menu, settings, turns
    from pages._app.room import views
    from pages._book.chapters import CHAPTERS
    from pages._book.language import say

    # Nothing is known yet of a visitor who has just come.
    rank = turns.A_PAGE if "lang" in st.session_state else turns.A_NEWCOMER
    if views.is_following():
        rank = turns.A_FOLLOWER
    with turns.in_turn(rank):
        settings.begin(follows=rank == turns.A_FOLLOWER)
        st.set_page_config(
            page_title=say("Inside an LSTM"),
            page_icon=assets.picture("icon.png"),
            layout="wide",
            menu_items={
                "About": say("Inside an LSTM: see it, step it, break it, and let it read.")
            },
        )
        st.html(assets.sheet("style.css", "stage.css"))
        pages = menu.pages_by_file()
        present = pages[menu.PRESENT]
        page = st.navigation(menu.sections(pages), position="top")
        if "present" in st.query_params and page.url_path != present.url_path:
            kept = {k: st.query_params[k] for k in ("lang", "cut") if k in st.query_params}
            st.switch_page(present, query_params=kept)
        views.begin()
        views.go_to_the_sentence(page.url_path)
        caches.forget_other_pages(page.url_path)
        caches.forget_gone_widgets()
        learning.forget_the_card()
        settings.settings()
        lecture.dress()
        lecture.open_the_slide_of_the_address()
        lecture.hide_controls_of_the_address()
        page.run()
        chapter = next((c for c in CHAPTERS if c.path == page.url_path), None)
        lecture.show(chapter, in_rooms=page.url_path != present.url_path)


# A process that computes for a page imports this script too, under another name, and needs no page.
if __name__ == "__main__":
    main()

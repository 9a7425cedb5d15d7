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

    from lstm_core.lessons.chapters import PARTS

    st.set_page_config(
        page_title="Inside an LSTM",
        page_icon=str(ROOT / "assets" / "icon.png"),
        layout="wide",
        menu_items={"About": "Inside an LSTM: see it, step it, break it, and let it read."},
    )
    st.html(ROOT / "assets" / "style.css")
    home = st.Page("home.py", title="Home", icon="🏠", default=True)
    parts = {
        part: [st.Page(c.file, title=c.title, url_path=c.path) for c in chapters]
        for part, chapters in PARTS.items()
    }
    st.navigation({"": [home], **parts}, position="top").run()


# A process that computes for a page imports this script too, under another name, and needs no page.
if __name__ == "__main__":
    main()

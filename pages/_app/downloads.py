"""What is taken home: data as CSV, and programs that make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.tables import safe_cell
from pages._app import panels
from pages._book.language import say
from pages._book.programs import Programs


def safe_table(columns: Mapping[str, object]) -> pd.DataFrame:
    """Make a table whose text no spreadsheet takes for a formula."""
    return pd.DataFrame(columns).map(
        lambda cell: safe_cell(cell) if isinstance(cell, str) else cell
    )


class TakenHome(NamedTuple):
    """What a page offers to take home: its data by column, the programs that make it, and a name."""

    columns: Mapping[str, object]
    programs: Programs
    name: str


# A card of the tour waits for nothing in it, and is drawn after it.
@panels.fragment(is_followed=False)
def take_home_button(key: str, taken: Callable[[], TakenHome]) -> None:
    """Offer data and programs behind a button; they are made when it is pressed.

    Nothing else of the page runs then.

    Args:
        key: for the widgets.
        taken: makes what is taken home.
    """
    if st.button(
        say("Take home"),
        key=f"{key}_home",
        icon=":material/download:",
        type="tertiary",
        help=say("The data on the screen as a table, and programs that make it"),
    ):
        _take_home(key, taken)


def _take_home(key: str, taken: Callable[[], TakenHome]) -> None:
    @st.dialog(say("Take it home: the data, and the code that makes it"), width="large")
    def opened() -> None:
        columns, programs, name = taken()
        st.download_button(
            say("Download the data (CSV)"),
            lambda: safe_table(columns).to_csv(index=False),
            f"{name}.csv",
            "text/csv",
            key=f"{key}_csv",
            on_click="ignore",
        )
        libraries = {
            "lstm_core": programs.lstm_core,
            "Keras": programs.keras,
            "PyTorch": programs.torch,
        }
        written = {library: program for library, program in libraries.items() if program}
        for tab, program in zip(st.tabs(list(written)), written.values(), strict=True):
            tab.code(program, language="python")

    opened()

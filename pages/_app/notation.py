"""The card that maps the app's notation for weights to that of others."""

from __future__ import annotations

import streamlit as st

from pages._book.language import say
from pages._book.notation import notation_rows


def card() -> None:
    """Offer the table of how weights are written here, in Keras, in PyTorch and in the lecture.

    An address with ``notation=true`` opens it.
    """
    asked = st.query_params.get("notation") == "true"
    st.query_params.pop("notation", None)
    if (
        st.button(say("Notation"), key="notation_open", icon=":material/table:", width="stretch")
        or asked
    ):
        _open()


def _open() -> None:
    @st.dialog(
        say("Notation: weights here, in Keras, in PyTorch and in the lecture"), width="large"
    )
    def opened() -> None:
        columns = list(notation_rows()[0])
        lines = [columns, ["---"] * len(columns), *(row.values() for row in notation_rows())]
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
        st.caption(
            say(
                "u is the number of units. PyTorch keeps its matrices transposed and adds two biases; "
                "of a layer, each name ends in _l0."
            )
        )

    opened()

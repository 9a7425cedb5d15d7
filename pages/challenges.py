"""Challenges: what this network cannot read, how often, and why."""

import pandas as pd
import streamlit as st

from lstm_core.figures.report import (
    cost_of_shortness,
    cost_of_shortness_alt,
    rates_alt,
    rates_by_challenge,
)
from lstm_core.figures.reviews import coloured_words, verdict_bar
from lstm_core.lessons import challenges as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.reviews import clean, how_sure
from lstm_core.sentiment.evaluation import read_probe
from lstm_core.sentiment.reader import failures, measured
from pages import _parts


@st.cache_data(max_entries=1, show_spinner=False)
def probe() -> list[dict[str, str]]:
    """Read the probe sentences once."""
    return read_probe()


def another() -> None:
    """Put the example of the chosen challenge into the field."""
    st.session_state.challenge_text = lesson.BY_NAME[st.session_state.challenge].example


@st.fragment
def experiment() -> None:
    """Choose a challenge; see how often it fails, why, and on which sentences."""
    colours, results = _parts.colours(), measured()
    name = st.selectbox(
        "Challenge", list(lesson.BY_NAME), key="challenge", bind="query-params", on_change=another
    )
    challenge = lesson.BY_NAME[name or "Irony"]
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        if challenge.probe:
            rates = lesson.rates(results)
            figure = rates_by_challenge(rates, challenge.name, colours)
            _parts.chart(figure, "rates", rates_alt(rates))
        else:
            rows = failures()["by_words_left"]
            figure = cost_of_shortness(rows, results["development"]["accuracy"], colours)
            _parts.chart(figure, "shortness", cost_of_shortness_alt(rows))
    with words:
        st.subheader(challenge.name)
        st.markdown(challenge.why)
        if challenge.probe:
            st.markdown(lesson.rate_sentence(challenge, results))
    live(challenge)
    if challenge.probe:
        sentences(challenge)


def live(challenge: lesson.Challenge) -> None:
    """Let the visitor try a sentence."""
    text = clean(
        st.text_input(
            "Try one", challenge.example, key="challenge_text", bind="query-params", max_chars=600
        )
        or ""
    )
    reading = _parts.once("challenge_reading", text, lambda: _parts.reader().read(text))
    if reading is None:
        st.error("There is no word in this that could be read.")
        return
    colours = _parts.colours()
    st.html(verdict_bar(reading, how_sure(reading.probability), colours))
    st.html(coloured_words(reading.marks(), colours))
    st.page_link(
        "reviews.py", label="Ask why on the page Sentiment", icon="🔎",
        query_params={"text": text, "reviews_tab": "Ask why"},
    )  # fmt: skip


def sentences(challenge: lesson.Challenge) -> None:
    """List the probe sentences of a challenge, scored as the page is drawn."""
    only_wrong = st.toggle("Failures alone", True, key="challenge_wrong", bind="query-params")
    rows = [row for row in probe() if row["class"] == challenge.probe]
    scores = _parts.once(
        "challenge_scores",
        challenge.probe,
        lambda: _parts.reader().score([row["text"] for row in rows]),
    )
    st.dataframe(
        pd.DataFrame(lesson.probe_table(rows, scores, only_wrong)),
        hide_index=True,
        column_config={
            "positive": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "sentence": st.column_config.TextColumn(width="large"),
        },
    )
    st.caption(
        "Sentences of our own (`assets/sentiment/probe.jsonl`), of which the network learned none, "
        "read while this page was drawn; the rates above are those that `make evaluate` measured."
    )


_parts.heading(chapters.CHALLENGES)
experiment()
_parts.ask(lesson.hardest(measured()), "challenge_question")

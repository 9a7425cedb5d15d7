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
from lstm_core.language import say
from lstm_core.lessons import challenges as lesson
from lstm_core.lessons import chapters
from lstm_core.lessons.exercises import challenges as exercises
from lstm_core.lessons.reviews import clean, english_alone, how_sure
from lstm_core.sentiment.evaluation import read_probe
from lstm_core.sentiment.reader import Reading, Scores, failures, measured
from pages import _learning, _parts


@st.cache_resource(max_entries=1, show_spinner=False)
def probe() -> list[dict[str, str]]:
    """Read the probe sentences once."""
    return read_probe()


def scored(challenge: lesson.Challenge) -> tuple[list[dict[str, str]], Scores]:
    """Return the sentences of a challenge, and what the network says of them now."""
    rows = lesson.of_challenge(challenge, probe())
    scores = _parts.once(
        "challenge_scores",
        challenge.probe,
        lambda: _parts.reader().score([row["text"] for row in rows]),
        own=True,
    )
    return rows, scores


def put(text: str) -> None:
    """Put a sentence into the field."""
    st.session_state.challenge_text = text


def another() -> None:
    """Put the first example of the chosen challenge into the field."""
    challenge = lesson.BY_NAME[st.session_state.challenge]
    put(lesson.examples(challenge, *scored(challenge)).first)


@_parts.fragment
def experiment() -> None:
    """Choose a challenge; see how often it fails, why, and on which sentences."""
    with _parts.panel("rates"):
        challenge = rates()
    with _parts.panel("try"):
        reading = live(challenge)
    with _parts.panel("sentences"):
        rows, scores = sentences(challenge)
    tried = exercises.Tried(
        challenge, reading, rows, scores, measured(), failures()["by_words_left"]
    )
    _learning.exercises(chapters.CHALLENGES, exercises.quiz(tried), exercises.QUESTS, tried)
    _parts.take_home(
        "challenges", lesson.taken_home(rows, scores, failures()), lesson.code(challenge), "challenge",
        lesson.keras_code(challenge), lesson.torch_code(challenge),
    )  # fmt: skip


def rates() -> lesson.Challenge:
    """Let the visitor choose a challenge, and show how often the network is right on it, and why."""
    colours, results = _parts.colours(), measured()
    name = st.selectbox(
        say("Challenge"), list(lesson.BY_NAME), key="challenge", bind="query-params",
        on_change=another, format_func=say,
    )  # fmt: skip
    challenge = lesson.BY_NAME[name or "Irony"]
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        if challenge.probe:
            found = {say(name): rate for name, rate in lesson.rates(results).items()}
            figure = rates_by_challenge(found, say(challenge.name), colours)
            _parts.chart(figure, "rates", rates_alt(found))
        else:
            rows = failures()["by_words_left"]
            figure = cost_of_shortness(rows, results["development"]["accuracy"], colours)
            _parts.chart(figure, "shortness", cost_of_shortness_alt(rows))
    with words:
        st.subheader(say(challenge.name))
        _parts.prose(say(challenge.why))
        if challenge.probe:
            st.markdown(lesson.rate_sentence(challenge, results))
    return challenge


def live(challenge: lesson.Challenge) -> Reading | None:
    """Let the visitor try a sentence; returns its reading."""
    if challenge.probe != "language" and (why := english_alone()):
        st.caption(why)
    rows, scores = scored(challenge)
    found = lesson.examples(challenge, rows, scores)
    stands = st.session_state.get("challenge_text", "")
    if exercises.is_ours(stands) and all(row["text"] != stands for row in rows):
        # A tour's card chose another challenge: our sentence of the one before goes with it.
        put(found.first)
    with st.container(horizontal=True):
        st.button(
            say("One that it gets wrong"), key="challenge_failure", on_click=put, args=(found.failure,),
            disabled=not found.failure,
        )  # fmt: skip
        st.button(
            say("One that it gets right"), key="challenge_success", on_click=put, args=(found.success,),
            disabled=not found.success,
        )  # fmt: skip
    text = clean(
        st.text_input(
            say("Try one"), found.first, key="challenge_text", bind="query-params", max_chars=600
        )
        or ""
    )
    st.caption(lesson.how_chosen(challenge, found))
    reading = _parts.once(
        "challenge_reading", text, lambda: _parts.reader().read(text), exercises.is_ours(text)
    )
    if reading is None:
        st.error(say("There is no word in this that could be read."))
        return None
    colours = _parts.colours()
    st.html(verdict_bar(reading, how_sure(reading.probability), colours))
    if judged := lesson.is_it_read_rightly(rows, reading):
        st.markdown(judged)
    st.html(coloured_words(reading.marks(), colours))
    _parts.link(
        "reviews.py", say("Ask why on the page Sentiment"), "🔎",
        {"text": text, "reviews_tab": "Ask why"},
    )  # fmt: skip
    return reading


def sentences(challenge: lesson.Challenge) -> tuple[list[dict[str, str]], Scores | None]:
    """List the probe sentences of a challenge, scored as the page is drawn; returns both."""
    if not challenge.probe:
        st.caption(
            say(
                "Length is measured on reviews that were cut short; it has no sentences of its own."
            )
        )
        return [], None
    only_wrong = st.toggle(say("Failures alone"), True, key="challenge_wrong", bind="query-params")
    rows, scores = scored(challenge)
    table = lesson.probe_table(rows, scores, only_wrong)
    headings = {name: say(name) for name in table if name}
    share = st.column_config.ProgressColumn(
        say("positive"), format="percent", min_value=0, max_value=1
    )
    wide = st.column_config.TextColumn(say("sentence"), width="large")
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        column_config=headings | {"positive": share, "sentence": wide},
    )
    st.caption(
        say(
            "Sentences of our own (`assets/sentiment/probe.jsonl`), of which the network learned none, "
            "read while this page was drawn; the rates above are those that `make evaluate` measured."
        )
    )
    return rows, scores


_parts.heading(chapters.CHALLENGES)
_learning.tour(chapters.CHALLENGES, exercises.TOUR)
experiment()

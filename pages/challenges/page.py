"""Challenges: what this network cannot read, how often, and why."""

import pandas as pd
import streamlit as st

from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import Reading, Scores, failures, measured
from pages._app import caches, chapter, charts, downloads, learning, panels, players
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.verdicts import clean, coloured_words, english_alone, how_sure, verdict_bar
from pages.challenges import exercises, lesson
from pages.challenges.figures import (
    cost_of_shortness,
    cost_of_shortness_alt,
    rates_alt,
    rates_by_challenge,
)

control = Controls(lesson.START)


@st.cache_resource(max_entries=1, show_spinner=False)
def probe() -> list[dict[str, str]]:
    """Read the probe sentences once."""
    return read_probe()


def scored(challenge: lesson.Challenge) -> tuple[list[dict[str, str]], Scores]:
    """Return the sentences of a challenge, and what the network says of them now."""
    rows = lesson.of_challenge(challenge, probe())
    scores = caches.computed(
        "challenge_scores",
        challenge.probe,
        lambda: caches.reader().score([row["text"] for row in rows]),
        own=True,
    )
    return rows, scores


def put_first_example() -> None:
    """Put the first example of the chosen challenge into the field."""
    challenge = lesson.BY_NAME[st.session_state.challenge]
    examples = lesson.examples(challenge, *scored(challenge))
    players.put({"challenge_text": examples.first})


@panels.fragment
def experiment() -> None:
    """Choose a challenge; see how often it fails, why, and on which sentences."""
    with panels.panel("rates"):
        challenge = rates()
    with panels.panel("try"):
        reading = live(challenge)
    with panels.panel("sentences"):
        rows, scores = sentences(challenge)
    screen = exercises.Screen(
        challenge, reading, rows, scores, measured(), failures()["by_words_left"]
    )
    learning.exercises(chapters.CHALLENGES, exercises.quiz(screen), exercises.QUESTS, screen)
    data = lesson.taken_home(rows, scores, failures())
    downloads.take_home("challenges", data, lesson.programs_of(challenge), "challenge")


def rates() -> lesson.Challenge:
    """Let the visitor choose a challenge, and show how often the network is right on it, and why."""
    colours, results = caches.colours(), measured()
    name = control.select(
        "challenge",
        say("Challenge"),
        lesson.BY_NAME,
        on_change=put_first_example,
        format_func=say,
    )
    challenge = lesson.BY_NAME[name]
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        if challenge.probe:
            rates_by_name = {say(name): rate for name, rate in lesson.rates(results).items()}
            figure = rates_by_challenge(rates_by_name, say(challenge.name), colours)
            charts.chart(figure, "rates", rates_alt(rates_by_name))
        else:
            rows = failures()["by_words_left"]
            figure = cost_of_shortness(rows, results["development"]["accuracy"], colours)
            charts.chart(figure, "shortness", cost_of_shortness_alt(rows))
    with words:
        st.subheader(say(challenge.name))
        panels.prose(say(challenge.why))
        if challenge.probe:
            st.markdown(lesson.rate_sentence(challenge, results))
    return challenge


def live(challenge: lesson.Challenge) -> Reading | None:
    """Let the visitor try a sentence; returns its reading."""
    if challenge.probe != "language" and (reason := english_alone()):
        st.caption(reason)
    rows, scores = scored(challenge)
    examples = lesson.examples(challenge, rows, scores)
    text = st.session_state.get("challenge_text", "")
    if exercises.is_ours(text) and all(row["text"] != text for row in rows):
        # A tour's card chose another challenge: our sentence of the one before goes with it.
        players.put({"challenge_text": examples.first})
    buttons = {
        "challenge_failure": (say("One that it gets wrong"), examples.failure),
        "challenge_success": (say("One that it gets right"), examples.success),
    }
    with st.container(horizontal=True):
        for key, (label, sentence) in buttons.items():
            st.button(
                label,
                key=key,
                on_click=players.put,
                args=({"challenge_text": sentence},),
                disabled=not sentence,
            )
    typed = st.text_input(
        say("Try one"), examples.first, key="challenge_text", bind="query-params", max_chars=600
    )
    text = clean(typed or "")
    st.caption(lesson.how_chosen(challenge, examples))
    reading = caches.computed(
        "challenge_reading", text, lambda: caches.reader().read(text), exercises.is_ours(text)
    )
    if reading is None:
        st.error(say("There is no word in this that could be read."))
        return None
    colours = caches.colours()
    st.html(verdict_bar(reading, how_sure(reading.probability), colours))
    if judged := lesson.is_it_read_rightly(rows, reading):
        st.markdown(judged)
    st.html(coloured_words(reading.marks(), colours))
    address = {"text": text, "reviews_tab": "Ask why"}
    panels.link(chapters.REVIEWS.file, say("Ask why on the page Sentiment"), "🔎", address)
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
    only_wrong = control.switch("challenge_wrong", say("Failures alone"))
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


chapter.begin(chapters.CHALLENGES, {}, exercises.TOUR)
experiment()

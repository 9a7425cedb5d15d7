"""Challenges: what this network cannot read, how often, and why."""

import pandas as pd
import streamlit as st

from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import Reading, Scores, failures, measured
from pages._app import caches, charts, downloads, panels, players, stage, verdicts
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.verdicts import certainty, clean, picture, verdict_part
from pages.challenges import exercises, lesson
from pages.challenges.figures import (
    cost_of_shortness,
    cost_of_shortness_alt,
    rates_alt,
    rates_by_challenge,
)

control = Controls(lesson.START)
WIDE = (5, 2)
"""Shares of the width: beside the picture stands why a challenge is hard."""


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


def chosen() -> lesson.Challenge:
    """Return the challenge that was chosen."""
    return lesson.BY_NAME[control.now("challenge")]


def choose(place: stage.Stage) -> lesson.Challenge:
    """Let the visitor choose a challenge."""
    with place.beside:
        verdicts.style()
    name = control.select(
        "challenge",
        say("Challenge"),
        lesson.BY_NAME,
        place=place.beside,
        on_change=put_first_example,
        format_func=say,
    )
    return lesson.BY_NAME[name]


def put_first_example() -> None:
    """Put the first example of the chosen challenge into the field."""
    challenge = chosen()
    examples = lesson.examples(challenge, *scored(challenge))
    players.put({"challenge_text": examples.first})


def read(text: str) -> Reading | None:
    """Read the sentence in the field; None if there is no word in it."""
    reading: Reading | None = caches.computed(
        "challenge_reading",
        text,
        lambda: caches.explained(caches.reader().read(text)),
        exercises.is_ours(text),
    )
    return reading


def screen(challenge: lesson.Challenge, reading: Reading | None) -> exercises.Screen:
    """Say what is on the screen; length has no sentences of its own."""
    rows, scores = scored(challenge) if challenge.probe else ([], None)
    return exercises.Screen(
        challenge, reading, rows, scores, measured(), failures()["by_words_left"]
    )


def shown() -> exercises.Screen:
    """Read what stands in the field, drawn or not."""
    challenge = chosen()
    examples = lesson.examples(challenge, *scored(challenge))
    text = clean(control.now("challenge_text") or examples.first)
    return screen(challenge, read(text))


def taken_home() -> downloads.TakenHome:
    """Collect what is taken home: the sentences of the challenge, scored, and the programs."""
    challenge = chosen()
    rows, scores = scored(challenge) if challenge.probe else ([], None)
    data = lesson.taken_home(rows, scores, failures())
    return downloads.TakenHome(data, lesson.programs_of(challenge), "challenge")


page = stage.Page(
    chapters.CHALLENGES, {}, exercises.TOUR, exercises.QUESTS, exercises.quiz, shown, taken_home
)


@page.panel("rates", widths=WIDE)
def rates(place: stage.Stage) -> None:
    """Show how often the network is right on each challenge, and why one of them is hard."""
    colours, results = caches.colours(), measured()
    challenge = choose(place)
    with place.beside:
        panels.prose(say(challenge.why))
    with place.picture:
        if challenge.probe:
            rates_by_name = lesson.named_rates(results)
            figure = rates_by_challenge(rates_by_name, lesson.name_in_chart(challenge), colours)
            charts.chart(figure, "rates", rates_alt(rates_by_name))
        else:
            rows = failures()["by_words_left"]
            figure = cost_of_shortness(rows, results["development"]["accuracy"], colours)
            charts.chart(figure, "shortness", cost_of_shortness_alt(rows))
    if challenge.probe:
        place.sentence(lesson.rate_sentence(challenge, results))
    else:
        place.sentence(lesson.shortness_sentence(failures()["by_words_left"]))


@page.panel("try", keys=("challenge_text",), widths=WIDE)
def live(place: stage.Stage) -> exercises.Screen:
    """Let the visitor try a sentence, and judge how it is read."""
    challenge = choose(place)
    rows, scores = scored(challenge)
    examples = lesson.examples(challenge, rows, scores)
    text = st.session_state.get("challenge_text", "")
    if exercises.is_ours(text) and all(row["text"] != text for row in rows):
        # A tour's card chose another challenge: our sentence of the one before goes with it.
        players.put({"challenge_text": examples.first})
    with place.beside:
        buttons = {
            "challenge_failure": (say("One that it gets wrong"), examples.failure),
            "challenge_success": (say("One that it gets right"), examples.success),
        }
        with st.container(horizontal=True, key="or_try"):
            for key, (label, sentence) in buttons.items():
                st.button(
                    label,
                    key=key,
                    on_click=put_sentence,
                    args=(sentence,),
                    disabled=not sentence,
                    help=lesson.how_chosen(challenge, examples),
                )
        typed = control.text(
            "challenge_text",
            say("Try one"),
            start=examples.first,
            max_chars=600,
            on_change=verdicts.bring_into_view,
            help=say("Write a sentence in English and press Enter."),
        )
        if challenge.probe != "language":
            verdicts.why_english()
        text = clean(typed)
        reading = read(text)
        if reading is None:
            st.error(say("There is no word in this that could be read."))
    if reading is None:
        with place.picture:
            verdicts.show_hint(say("Write a sentence in English and press Enter."))
        return screen(challenge, None)
    with place.picture:
        sure = certainty(reading, measured(), failures())
        part = verdict_part(reading, sure, caches.colours())
        caution = lesson.how_often(challenge, measured())
        verdicts.show(picture([part], caches.colours(), caution))
    place.sentence(lesson.is_it_read_rightly(rows, reading) or lesson.yours(reading))
    with place.beside:
        address = {"text": text, "panel": "why"}
        panels.link(
            chapters.REVIEWS.file,
            say("Ask why on the page Sentiment"),
            ":material/search:",
            address,
        )
    return screen(challenge, reading)


def put_sentence(sentence: str) -> None:
    """Put one of our sentences into the field."""
    players.put({"challenge_text": sentence})
    verdicts.bring_into_view()


@page.panel("sentences", keys=("challenge_wrong",), widths=WIDE)
def sentences(place: stage.Stage) -> None:
    """List the probe sentences of a challenge, scored as the page is drawn."""
    challenge = choose(place)
    if not challenge.probe:
        with place.picture:
            verdicts.show_hint(
                say(
                    "Length is measured on reviews that were cut short; it has no sentences of its own."
                )
            )
        return
    only_wrong = control.switch("challenge_wrong", say("Show only failures"), place=place.beside)
    rows, scores = scored(challenge)
    table = lesson.probe_table(rows, scores, only_wrong)
    headings = {name: say(name) for name in table if name}
    share = charts.percentage(say("probability of positive"))
    wide = st.column_config.TextColumn(say("sentence"), width="large")
    with place.picture:
        st.dataframe(
            pd.DataFrame(table).assign(
                **{"probability of positive": lambda rows: 100 * rows["probability of positive"]}
            ),
            hide_index=True,
            height="stretch",
            row_height=40,
            column_config=headings | {"probability of positive": share, "sentence": wide},
        )
    place.sentence(
        say(
            "**{count} of {all} sentences** are listed. We wrote them ourselves; the network learned from "
            "none of them.",
            count=len(table["sentence"]),
            all=len(rows),
        )
    )
    if more := place.more_if_wanted(control, ()):
        more.caption(
            say(
                "The sentences stand in `assets/sentiment/probe.jsonl`, and were read while this page was "
                "drawn. The rates are those that `make evaluate` measured."
            )
        )


page.show()

"""The report: how good the network is, against whom, and where it goes wrong."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lstm_core.sentiment.reader import ASSETS, failures, measured
from pages._app import caches, chapter, charts, downloads, learning, panels
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.programs import programs
from pages.report import exercises, figures, lesson

control = Controls(lesson.START)
training = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
results, wrong = measured(), failures()
baselines = measured(ASSETS / "baselines")
bench = json.loads((ASSETS.parent / "benchmarks.json").read_text(encoding="utf-8"))


@panels.fragment
def report() -> None:
    """Show what was measured, panel by panel; then ask about what is on the screen."""
    with panels.panel("performance"):
        performance()
    with panels.panel("overfitting"):
        network, history = overfitting()
    with panels.panel("correlation"):
        correlation()
    with panels.panel("baselines"):
        comparison()
    with panels.panel("confusion"):
        right_and_wrong()
    with panels.panel("calibration"):
        accepted = calibration()
    with panels.panel("errors"):
        errors = error_browser()
    screen = exercises.Screen(network, history, errors, accepted, results, wrong)
    learning.exercises(chapters.REPORT, exercises.quiz(screen), exercises.QUESTS, screen)
    downloads.take_home("report", lesson.taken_home(results), programs("report"), "roc")


def table(place: Any, columns: Mapping[str, Sequence[str]]) -> None:
    """Show a table, its headings in the visitor's language."""
    place.table({say(name): column for name, column in columns.items()})


def performance() -> None:
    """Show the lecture's performance table, trained again, and ours."""
    panels.prose(lesson.measured_sentence(results))
    st.subheader(say("The lecture's performance table, and ours"))
    table(st, lesson.performance_table(results, training))
    st.caption(
        say(
            "The lecture's three networks, trained again with this repository's commands, and ours. Their "
            "validation is taken here on held-out reviews and on the official test."
        )
    )


def overfitting() -> tuple[str, Sequence[Mapping[str, Any]]]:
    """Draw the learning curves of one network, and say what they show; returns both."""
    histories = lesson.histories(results, training)
    curves, words = st.columns([3, 2], gap="large")
    with curves:
        name = control.select("report_curves", say("Network"), histories, format_func=say)
        history, chosen = histories[name]
        figure = caches.drawn(
            "curves", name, lambda shades: figures.learning_curves(history, chosen, shades)
        )
        charts.chart(figure, "curves", figures.learning_curves_alt(history))
    with words:
        st.subheader(say("Overfitting"))
        panels.prose(lesson.overfitting(results, training))
    return name, history


def correlation() -> None:
    """Show the lecture's correlation table, and ours."""
    st.subheader(say("Beyond polarity: the lecture's correlation table, and ours"))
    agreement, why = st.columns(2, gap="large")
    table(agreement, lesson.agreement_table(results))
    with why:
        panels.prose(lesson.why_no_higher(results))


def comparison() -> None:
    """Set the readers that people would otherwise use beside ours."""
    st.subheader(say("Against what people would otherwise use"))
    table(st, lesson.comparison_table(results, baselines, bench.get("readers", {})))
    panels.prose(lesson.comparison_sentence(results, baselines))
    st.caption(
        say(
            "Accuracy on the same 25,000 test reviews (`make evaluate`, `make baselines`); time and peak memory for the same "
            "texts of our own, each in a fresh process on one core (`make bench`)."
        )
    )


def right_and_wrong() -> None:
    """Show what was right on the test, in all, by stars and by length."""
    st.subheader(say("Right and wrong on the test"))
    confusion, by_stars, by_length = st.columns(3, gap="large")
    table(confusion, lesson.confusion_table(results["test"]["confusion"]))
    table(by_stars, lesson.stars_table(wrong))
    table(by_length, lesson.length_table(wrong))


def calibration() -> int:
    """Show whether it is as sure as it is right, and every threshold; returns the chosen one."""
    sure, curve = st.columns(2, gap="large")
    with sure:
        st.subheader(say("As sure as it is right?"))
        rows = results["test"]["reliability"]
        figure = caches.drawn(
            "reliability", None, lambda shades: figures.reliability_diagram(rows, shades)
        )
        charts.chart(figure, "reliability", figures.reliability_alt(rows))
        st.caption(lesson.calibration_sentence(results))
    with curve:
        st.subheader(say("ROC"))
        area = results["test"]["roc_auc"]
        picture = st.container()
        accepted: int = control.slider(
            "report_false", say("Negative reviews that may be taken for positive, of 100"), 0, 100
        )
        with picture:
            measured_curve = results["test"]["roc"]
            figure = caches.drawn(
                "roc",
                accepted,
                lambda shades: figures.roc(measured_curve, area, shades, accepted),
            )
            charts.chart(figure, "roc", lesson.roc_alt(area))
        st.markdown(lesson.threshold_sentence(results, accepted))
        st.caption(
            say(
                "The area is the chance that a positive review is ranked above a negative one, both drawn "
                "at random."
            )
        )
    return accepted


def error_browser() -> list[dict[str, Any]]:
    """Let the visitor look through the errors of which the network is surest; returns those shown."""
    st.subheader(say("The errors of which it is surest"))
    kinds, filters = st.columns(2, gap="medium")
    kind = control.choice(
        "report_errors", say("Errors"), list(lesson.KINDS), place=kinds, format_func=say
    )
    stars = control.several(
        "report_stars", say("Stars given"), [1, 2, 3, 4, 7, 8, 9, 10], place=filters
    )
    rows = lesson.chosen_errors(wrong, lesson.KINDS[kind], stars)
    if rows:
        show_errors(rows)
    else:
        st.info(say("None of the surest errors of this kind has so many stars."), icon="ℹ️")
    st.caption(
        say(
            "Test reviews, quoted in at most 90 characters round the word that misled the network most; "
            "the film's page has the rest. Quite a few say the opposite of the stars that were given: "
            "no reader of words alone could be right there."
        )
    )
    return rows


def show_errors(rows: list[dict[str, Any]]) -> None:
    """List errors, with links to the films' own pages."""
    columns = lesson.errors_table(rows)
    shown = {
        "film": st.column_config.LinkColumn(say("film"), display_text=say("the film's page")),
        "probability of positive": st.column_config.NumberColumn(
            say("probability of positive"), format="percent"
        ),
        "excerpt": st.column_config.TextColumn(say("excerpt"), width="large"),
    }
    headings = {name: say(name) for name in columns}
    st.dataframe(pd.DataFrame(columns), hide_index=True, column_config={**headings, **shown})


chapter.begin(chapters.REPORT, {}, exercises.TOUR)
report()

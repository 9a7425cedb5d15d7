"""The report: how good the network is, against whom, and where it goes wrong."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lstm_core.figures import report as figures
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import report as lesson
from lstm_core.lessons.exercises import report as exercises
from lstm_core.sentiment.others import OURS
from lstm_core.sentiment.reader import ASSETS, failures, measured
from pages import _learning, _parts

training = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
results, wrong = measured(), failures()
baselines = measured(ASSETS / "baselines")
bench = json.loads((ASSETS.parent / "benchmarks.json").read_text(encoding="utf-8"))


@_parts.fragment
def report() -> None:
    """Show what was measured, panel by panel; then ask about what is on the screen."""
    with _parts.panel("performance"):
        performance()
    with _parts.panel("overfitting"):
        network, history = overfitting()
    with _parts.panel("correlation"):
        correlation()
    with _parts.panel("baselines"):
        comparison()
    with _parts.panel("confusion"):
        right_and_wrong()
    with _parts.panel("calibration"):
        accepted = calibration()
    with _parts.panel("errors"):
        errors = error_browser()
    seen = exercises.Seen(network, history, errors, accepted, results, wrong)
    _learning.exercises(chapters.REPORT, exercises.quiz(seen), exercises.QUESTS, seen)
    _parts.take_home(
        "report", lesson.taken_home(results), lesson.CODE, "roc", lesson.KERAS_CODE, lesson.TORCH_CODE
    )  # fmt: skip


def table(place: Any, columns: Mapping[str, Sequence[str]]) -> None:
    """Show a table, its headings in the visitor's language."""
    place.table({say(name): column for name, column in columns.items()})


def performance() -> None:
    """Show the lecture's performance table, trained again, and ours."""
    _parts.prose(lesson.measured_sentence(results))
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
    histories = {OURS: (training["history"], training["chosen_epoch"])} | {
        row["title"]: (row["history"], len(row["history"])) for row in results["lecture_models"]
    }
    curves, words = st.columns([3, 2], gap="large")
    with curves:
        name = st.selectbox(
            say("Network"), list(histories), key="report_curves", bind="query-params",
            format_func=say,
        ) or OURS  # fmt: skip
        history, chosen = histories[name]
        figure = _parts.drawn_once(
            "curves", name, lambda shades: figures.learning_curves(history, chosen, shades)
        )
        _parts.chart(figure, "curves", figures.learning_curves_alt(history))
    with words:
        st.subheader(say("Overfitting"))
        _parts.prose(lesson.overfitting(results, training))
    return name, history


def correlation() -> None:
    """Show the lecture's correlation table, and ours."""
    st.subheader(say("Beyond polarity: the lecture's correlation table, and ours"))
    agreement, why = st.columns(2, gap="large")
    table(agreement, lesson.agreement_table(results))
    with why:
        _parts.prose(lesson.why_no_higher(results))


def comparison() -> None:
    """Set the readers that people would otherwise use beside ours."""
    st.subheader(say("Against what people would otherwise use"))
    table(st, lesson.comparison_table(results, baselines, bench.get("readers", {})))
    _parts.prose(lesson.comparison_sentence(results, baselines))
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
        figure = _parts.drawn_once(
            "reliability", None, lambda shades: figures.reliability_diagram(rows, shades)
        )
        _parts.chart(figure, "reliability", figures.reliability_alt(rows))
        st.caption(lesson.calibration_sentence(results))
    with curve:
        st.subheader(say("ROC"))
        area = results["test"]["roc_auc"]
        picture = st.container()
        accepted = st.slider(
            say("Negative reviews that may be taken for positive, of 100"), 0, 100,
            lesson.own_threshold(results), key="report_false", bind="query-params",
        )  # fmt: skip
        with picture:
            measured_curve = results["test"]["roc"]
            figure = _parts.drawn_once(
                "roc",
                accepted,
                lambda shades: figures.roc(measured_curve, area, shades, accepted),
            )
            _parts.chart(figure, "roc", lesson.roc_alt(area))
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
    kinds, given = st.columns(2, gap="medium")
    kind = kinds.segmented_control(
        say("Errors"), list(lesson.KINDS), default="Taken for positive", key="report_errors",
        required=True, bind="query-params", format_func=say,
    ) or "Taken for positive"  # fmt: skip
    stars = given.pills(
        say("Stars given"), [1, 2, 3, 4, 7, 8, 9, 10], selection_mode="multi", key="report_stars",
        bind="query-params",
    )  # fmt: skip
    rows = lesson.chosen_errors(wrong, lesson.KINDS[kind], stars or [])
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


_parts.heading(chapters.REPORT)
_learning.tour(chapters.REPORT, exercises.TOUR)
report()

"""The report: how good the network is, against whom, and where it goes wrong."""

import json

import pandas as pd
import streamlit as st

from lstm_core.figures import report as figures
from lstm_core.lessons import chapters
from lstm_core.lessons import report as lesson
from lstm_core.sentiment.others import OURS
from lstm_core.sentiment.reader import ASSETS, failures, measured
from pages import _parts

training = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
results, wrong = measured(), failures()
baselines = measured(ASSETS / "baselines")
bench = json.loads((ASSETS.parent / "benchmarks.json").read_text(encoding="utf-8"))
colours = _parts.colours()


@st.fragment
def learning() -> None:
    """Draw the learning curves of one network, and say what they show."""
    histories = {OURS: (training["history"], training["chosen_epoch"])} | {
        row["title"]: (row["history"], len(row["history"])) for row in results["lecture_models"]
    }
    name = st.selectbox("Network", list(histories), key="report_curves", bind="query-params")
    history, chosen = histories[name or OURS]
    figure = figures.learning_curves(history, chosen, colours)
    _parts.chart(figure, "curves", figures.learning_curves_alt(history))


@st.fragment
def error_browser() -> None:
    """Let the visitor look through the errors of which the network is surest."""
    kinds, given = st.columns(2, gap="medium")
    kind = kinds.segmented_control(
        "Errors", list(lesson.KINDS), default="Taken for positive", key="report_errors",
        required=True, bind="query-params",
    ) or "Taken for positive"  # fmt: skip
    stars = given.pills(
        "Stars given", [1, 2, 3, 4, 7, 8, 9, 10], selection_mode="multi", key="report_stars",
        bind="query-params",
    )  # fmt: skip
    rows = lesson.chosen_errors(wrong, lesson.KINDS[kind], stars or [])
    if not rows:
        st.info("None of the surest errors of this kind has so many stars.", icon="ℹ️")
        return
    st.dataframe(
        pd.DataFrame(lesson.errors_table(rows)),
        hide_index=True,
        column_config={
            "film": st.column_config.LinkColumn(display_text="the film's page"),
            "probability of positive": st.column_config.NumberColumn(format="percent"),
            "excerpt": st.column_config.TextColumn(width="large"),
        },
    )


_parts.heading(chapters.REPORT)
st.markdown(lesson.measured_sentence(results))
st.subheader("The lecture's performance table, and ours")
st.table(lesson.performance_table(results, training))
st.caption(
    "The lecture's three networks, trained again with this repository's commands, and ours. Their "
    "validation is taken here on held-out reviews and on the official test."
)
curves, words = st.columns([3, 2], gap="large")
with curves:
    learning()
with words:
    st.subheader("Overfitting")
    st.markdown(lesson.overfitting(results, training))
st.subheader("Beyond polarity: the lecture's correlation table, and ours")
table, why = st.columns(2, gap="large")
table.table(lesson.agreement_table(results))
why.markdown(lesson.why_no_higher(results))

st.subheader("Against what people would otherwise use")
st.table(lesson.comparison_table(results, baselines, bench.get("readers", {})))
st.markdown(lesson.comparison_sentence(results, baselines))
st.caption(
    "Accuracy on the same 25,000 test reviews (`make evaluate`, `make baselines`); time and peak memory for the same "
    "texts of our own, each in a fresh process on one core (`make bench`)."
)

st.subheader("Right and wrong on the test")
confusion, by_stars, by_length = st.columns(3, gap="large")
confusion.table(lesson.confusion_table(results["test"]["confusion"]))
by_stars.table(lesson.stars_table(wrong))
by_length.table(lesson.length_table(wrong))
sure, curve = st.columns(2, gap="large")
with sure:
    st.subheader("As sure as it is right?")
    rows = results["test"]["reliability"]
    figure = figures.reliability_diagram(rows, colours)
    _parts.chart(figure, "reliability", figures.reliability_alt(rows))
    st.caption(lesson.calibration_sentence(results))
with curve:
    st.subheader("ROC")
    area = results["test"]["roc_auc"]
    figure = figures.roc(results["test"]["roc"], area, colours)
    _parts.chart(figure, "roc", f"The ROC curve on the test; the area below it is {area:.4f}.")
    st.caption(
        "The area is the chance that a positive review is ranked above a negative one, both drawn "
        "at random."
    )

st.subheader("The errors of which it is surest")
error_browser()
st.caption(
    "Test reviews, quoted in at most 90 characters round the word that misled the network most; "
    "the film's page has the rest. Quite a few say the opposite of the stars that were given: "
    "no reader of words alone could be right there."
)
_parts.ask(lesson.which_stars(wrong), "report_question")
_parts.take_home(
    "report",
    {key: results["test"]["roc"][key] for key in results["test"]["roc"]},
    lesson.CODE,
    "roc",
)

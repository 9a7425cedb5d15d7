"""The report: how good the network is, against whom, and where it goes wrong."""

import json
from collections.abc import Mapping, Sequence

import streamlit as st

from lstm_core.sentiment.reader import ASSETS, failures, measured
from lstm_core.sentiment.taught import judges, lesson_of, recorded
from pages._app import caches, charts, downloads, panels, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.programs import programs
from pages.report import distillation, exercises, figures, lesson, taught
from pages.report.exercises import Screen

control = Controls(lesson.START)
training = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
results, wrong = measured(), failures()
baselines = measured(ASSETS / "baselines")
bench = json.loads((ASSETS.parent / "benchmarks.json").read_text(encoding="utf-8"))
histories = lesson.histories(results, training)
teaching, trials = judges(training, results), recorded("trials.json")


def shown() -> Screen:
    """Collect what the controls choose of the measured results."""
    name = control.now("report_curves")
    errors = lesson.chosen_errors(
        wrong, lesson.KINDS[control.now("report_errors")], list(control.now("report_stars") or [])
    )
    return Screen(name, histories[name][0], errors, control.now("report_false"), results, wrong)


def taken_home() -> downloads.TakenHome:
    """Return the ROC curve, and the programs that compute its area."""
    return downloads.TakenHome(lesson.taken_home(results), programs("report"), "roc")


page = stage.Page(
    chapters.REPORT, {}, exercises.TOUR, exercises.QUESTS, exercises.quiz, shown, taken_home
)


def table(columns: Mapping[str, Sequence[str]]) -> None:
    """Show a table, its headings in the visitor's language."""
    st.table({say(name): column for name, column in columns.items()})


@page.panel("performance", keys=("report_compared",))
def performance(place: stage.Stage) -> Screen:
    """Compare all readers on the same test, or the network with its teachers."""
    view = lesson.READERS
    if teaching:
        with place.beside:
            view = control.choice(
                "report_compared", say("Compare"), lesson.COMPARED, format_func=say
            )
    if view == lesson.TAUGHT:
        compare_teachers(place)
    else:
        compare_readers(place)
    return shown()


def compare_readers(place: stage.Stage) -> None:
    """Draw every reader's accuracies, the lecture's tables behind "More"."""
    with place.more():
        panels.prose(lesson.comparison_sentence(results, baselines))
        st.markdown(f"##### {say('The lecture’s performance table, and ours')}")
        table(lesson.performance_table(results, training))
        st.caption(
            say(
                "The lecture's three networks, trained again with this repository's commands, and ours. Their "
                "validation is taken here on held-out reviews and on the official test."
            )
        )
        st.markdown(f"##### {say('Time and memory')}")
        table(lesson.comparison_table(results, baselines, bench.get("readers", {})))
        st.caption(
            say(
                "Accuracy on the same 25,000 test reviews (`make evaluate`, `make baselines`); time and peak memory for the same "
                "texts of our own, each in a fresh process on one core (`make bench`)."
            )
        )
        panels.prose(lesson.measured_sentence(results))
    with place.picture:
        rows = lesson.readers(results, training, baselines)
        figure = caches.drawn("accuracies", None, lambda shades: figures.accuracies(rows, shades))
        charts.chart(figure, "accuracies", figures.accuracies_alt(rows))
    place.sentence(lesson.headline(results, baselines))


def compare_teachers(place: stage.Stage) -> None:
    """Draw the network beside those who taught it, tables and the trial log behind "More"."""
    with place.more():
        table(taught.table(teaching))
        st.caption(taught.caption(training))
        if changed := taught.change_table(trials):
            st.markdown(f"##### {say('The network before, and this one')}")
            table(changed)
            st.markdown(f"##### {say('Every trial')}")
            table(taught.trials_table(trials))
            st.caption(taught.about_trials())
        if trials:
            st.download_button(
                say("The trial log (CSV)"),
                lambda: downloads.safe_table(taught.trials_columns(trials)).to_csv(index=False),
                "trials.csv",
                "text/csv",
                key="report_trials",
                on_click="ignore",
            )
    with place.beside:
        panels.prose(taught.three_sentences(training))
    with place.picture:
        shades = caches.colours()
        drawn = lesson_of(training, teaching)
        charts.show_drawing(
            distillation.drawing(drawn, shades), "taught", distillation.svg(drawn, shades)
        )
    place.sentence(taught.sentence(teaching))


@page.panel("overfitting", keys=("report_curves",))
def overfitting(place: stage.Stage) -> Screen:
    """See the learning curves of one network, and what they say of it."""
    with place.beside:
        name = control.select("report_curves", say("Network"), histories, format_func=say)
    history, chosen = histories[name]
    with place.picture:
        figure = caches.drawn(
            "curves", name, lambda shades: figures.learning_curves(history, chosen, shades)
        )
        charts.chart(figure, "curves", figures.learning_curves_alt(history))
    place.sentence(lesson.overfitting(name, history, chosen))
    return shown()


@page.panel("correlation")
def correlation(place: stage.Stage) -> Screen:
    """Compare the lecture's correlations with ours."""
    with place.more():
        panels.prose(lesson.about_agreement(results))
        table(lesson.agreement_table(results))
    with place.picture:
        rows = lesson.agreement(results)
        largest = results["lecture_tables"]["largest_spearman_with_label"]
        figure = caches.drawn(
            "agreement", None, lambda shades: figures.agreement(rows, largest, shades)
        )
        charts.chart(figure, "agreement", figures.agreement_alt(rows, largest))
    place.sentence(lesson.why_no_higher(results))
    return shown()


@page.panel("calibration", keys=("report_false", "report_view"))
def calibration(place: stage.Stage) -> Screen:
    """See whether it is as sure as it is right, every threshold, and what is hard."""
    with place.beside:
        view = control.choice("report_view", say("Show"), lesson.VIEWS, format_func=say)
        if view == lesson.ROC:
            control.slider(
                "report_false",
                say("Negative reviews that may be taken for positive, of 100"),
                0,
                100,
            )
    with place.more():
        panels.prose(lesson.about_calibration(results))
        st.caption(
            say(
                "The area below the ROC curve is the chance that a positive review is ranked above a "
                "negative one, both drawn at random."
            )
        )
        table(lesson.confusion_table(results["test"]["confusion"]))
        table(lesson.stars_table(wrong))
        table(lesson.length_table(wrong))
    with place.picture:
        draw = {lesson.CALIBRATION: draw_calibration, lesson.ROC: draw_roc}.get(view, draw_parts)
        sentence = draw()
    place.sentence(sentence)
    return shown()


def draw_calibration() -> str:
    """Draw sureness against rightness; returns the sentence below."""
    rows = results["test"]["reliability"]
    figure = caches.drawn(
        "reliability", None, lambda shades: figures.reliability_diagram(rows, shades)
    )
    charts.chart(figure, "reliability", figures.reliability_alt(rows))
    return lesson.calibration_sentence(results)


def draw_roc() -> str:
    """Draw the ROC curve with the chosen point; returns the sentence below."""
    accepted, test = control.now("report_false"), results["test"]
    figure = caches.drawn(
        "roc",
        accepted,
        lambda shades: figures.roc(test["roc"], test["roc_auc"], shades, accepted),
    )
    charts.chart(figure, "roc", lesson.roc_alt(test["roc_auc"]))
    return lesson.threshold_sentence(results, accepted)


def draw_parts() -> str:
    """Draw what was right by stars and by length; returns the sentence below."""
    figure = caches.drawn("parts", None, lambda shades: figures.parts(wrong, shades))
    charts.chart(figure, "parts", figures.parts_alt(wrong))
    return lesson.parts_sentence(wrong)


@page.panel("errors", keys=("report_errors", "report_stars"))
def errors(place: stage.Stage) -> Screen:
    """Look through the errors of which the network is surest."""
    with place.beside:
        kind = control.choice("report_errors", say("Errors"), list(lesson.KINDS), format_func=say)
        stars = control.several("report_stars", say("Stars given"), [1, 2, 3, 4, 7, 8, 9, 10])
        st.caption(
            say(
                "Test reviews, quoted in at most 90 characters. Some say the opposite of the stars that "
                "their writers gave: no reader of words could be right there."
            )
        )
    rows = lesson.chosen_errors(wrong, lesson.KINDS[kind], stars)
    with place.picture:
        if rows:
            style = figures.errors_style(caches.colours())
            st.html(f"<style>{style}</style>{lesson.errors_list(rows)}")
        else:
            st.info(
                say("None of the surest errors of this kind has so many stars."),
                icon=":material/info:",
            )
    place.sentence(lesson.errors_sentence(rows))
    return shown()


page.show()

"""Paste a review: the trained Bi-LSTM's verdict, and the words that moved it."""

import json
import time

import streamlit as st

from lstm_core.figures.reviews import (
    coloured_words,
    learning_curves,
    strongest_words,
    strongest_words_alt,
    verdict_bar,
)
from lstm_core.lessons import chapters
from lstm_core.lessons import reviews as lesson
from lstm_core.sentiment.reader import ASSETS, Reading, measured
from pages import _parts

FIRST = next(iter(lesson.EXAMPLES.values()))


def show_example(text: str) -> None:
    """Put an example into the field."""
    st.session_state.text = text


def keep_in_address(text: str) -> None:
    """Put the text into the address, unless it is the page's own or too long for one."""
    if text == FIRST or len(text) > lesson.LONGEST_IN_URL:
        st.query_params.pop("text", None)
    else:
        st.query_params["text"] = text


def read(text: str) -> tuple[Reading | None, float]:
    """Read a text; returns the reading and the seconds that it took."""
    start = time.perf_counter()
    reading = _parts.reader().read(text)
    return reading, time.perf_counter() - start


@st.fragment
def experiment() -> None:
    """Read what stands in the field, and show how it was read."""
    if "text" not in st.session_state:
        st.session_state.text = st.query_params.get("text", FIRST)
    with st.container(horizontal=True):
        for name, example in lesson.EXAMPLES.items():
            st.button(name, key=f"example_{name}", on_click=show_example, args=(example,))
    with st.form("review", border=False):
        st.text_area("A film review in English", key="text", height=190)
        st.form_submit_button("Read it", type="primary", shortcut="Ctrl+Enter")
    text = st.session_state.text or ""
    keep_in_address(text)
    if len(text) > lesson.LONGEST_TEXT:
        st.error(
            f"That is {len(text):,} characters; the page reads up to {lesson.LONGEST_TEXT:,}. For "
            "longer texts there is the command line: python -m lstm_core.sentiment score FILE."
        )
        return
    reading, seconds = _parts.once("reading", text, lambda: read(text))
    if reading is None:
        if text.strip():
            st.error("There is no word in this text that could be read. Paste a review in English.")
        else:
            st.error("The field is empty. Paste a review, or choose an example above.")
        return
    show(reading, seconds)


def show(reading: Reading, seconds: float) -> None:
    """Show a reading: verdict, cautions, the words themselves, and the strongest of them."""
    colours = _parts.colours()
    st.html(verdict_bar(reading, lesson.how_sure(reading.probability), colours))
    for caution in lesson.cautions(reading):
        st.warning(caution, icon="⚠️")
    if len(reading.text) > lesson.LONGEST_IN_URL:
        st.caption("This text is too long for the address, so that a copied link will not hold it.")
    words, strongest = st.columns([3, 2], gap="large")
    with words:
        st.subheader("As the network read it")
        st.html(coloured_words(reading, colours))
        st.caption(
            "Indigo with a solid line speaks for positive, red with a dotted line for negative; "
            "stronger colour, more weight. Struck through: unknown to the network."
        )
    with strongest:
        st.subheader("What moved it most")
        figure = strongest_words(reading, colours)
        _parts.chart(figure, "strongest", strongest_words_alt(reading))
    shares = reading.contributions
    st.latex(
        r"\begin{gathered}p = \sigma(z / T + b) = \sigma("
        rf"{float(reading.trace.logit):.3f} / {reading.calibration.temperature:.3f} "
        rf"{reading.calibration.offset:+.3f}) = {reading.probability:.4f} \\[4pt] "
        rf"z = \underbrace{{{shares.baseline_logit:.3f}}}_{{\text{{as many unknown words}}}} + "
        rf"\underbrace{{({float(shares.words.sum()):.3f})}}_{{\text{{all words}}}} + "
        rf"\underbrace{{({shares.gap:.3f})}}_{{\text{{gap of the method}}}}\end{{gathered}}"
    )
    st.caption(
        f"Contributions are integrated gradients of the logit z over {shares.steps} points, from "
        f"a text of as many unknown words; the gap is what the points miss. {int(reading.read.sum()):,} words "
        f"and marks, read and explained in {seconds * 1000:.0f} ms by lstm_core, the code of the "
        "cell page, with the weights that Keras learned. T and b, fitted on held-out "
        "reviews, make the probability as sure as it is right. Between one third and two thirds "
        "the odds are under two to one, and no side is taken."
    )
    data = {"word": [token.word for token in reading.tokens_read], "contribution": shares.words}
    _parts.take_home("reviews", data, lesson.code(reading.text), "contributions")


def how_good() -> None:
    """Show what was measured, from the files that the commands wrote."""
    st.subheader("How good is it?")
    training = json.loads((ASSETS / "training.json").read_text(encoding="utf-8"))
    numbers, curves = st.columns(2, gap="large")
    with numbers:
        st.markdown(lesson.measured_sentence(measured()))
        st.table(lesson.performance_table(measured(), training))
        st.caption(
            "The lecture's three networks, trained again with this repository's commands, and "
            "ours. Their validation is taken here on held-out reviews and on the official test."
        )
    with curves:
        figure = learning_curves(training["history"], training["chosen_epoch"], _parts.colours())
        rows = ", ".join(
            f"epoch {row['epoch']}: {row['train_accuracy']:.1%} and {row['development_accuracy']:.1%}"
            for row in training["history"]
        )
        _parts.chart(figure, "curves", f"Accuracy on training and development reviews; {rows}.")
        st.caption(
            "Where the two lines part, the network learns its own reviews by heart: overfitting."
        )
    stars, short = st.columns(2, gap="large")
    with stars:
        st.subheader("Beyond polarity")
        st.table(lesson.agreement_table(measured()))
        st.markdown(lesson.why_no_higher(measured()))
    with short:
        st.subheader("On single sentences")
        st.table(lesson.probe_table(measured()))
        st.markdown(
            "Sentences of our own, of which the network learned none. A neutral one is right if "
            "no side is taken. It has never seen a neutral review: the data hold 1 to 4 and 7 to "
            "10 stars only."
        )


_parts.heading(chapters.REVIEWS)
experiment()
how_good()

"""Paste a review: verdict, how it came about, why, what would change it, and who agrees."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lstm_core.sentiment import explanations, others
from lstm_core.sentiment.deciding import deciding_units
from lstm_core.sentiment.lecture_models import LectureReader
from lstm_core.sentiment.prefixes import read_prefixes
from lstm_core.sentiment.reader import LONGEST_TEXT, Reading, failures, measured
from lstm_core.sentiment.vouching import NoVoucherError, Voucher, vouch
from pages._app import caches, chapter, charts, downloads, learning, panels, players, turns
from pages._app.bound import Controls
from pages._app.processes import Turns
from pages._book import chapters
from pages._book.exercises import END
from pages._book.language import mark, say
from pages._book.verdicts import clean, coloured_words, english_alone, how_sure, verdict_bar
from pages._book.waiting import standing
from pages._book.walks import LSTM
from pages.reviews import exercises, lesson, other_readers, why
from pages.reviews.figures import (
    deletion_alt,
    deletion_curves,
    strongest_words,
    strongest_words_alt,
)
from pages.reviews.reading import reading_data, words_alone
from pages.reviews.twins import changes, twins

control = Controls(lesson.START)
LOOK_AGAIN = 0.5
"""Seconds between two looks whether TensorFlow has answered."""


@dataclass(frozen=True)
class Beginnings:
    """Every beginning of a review, read: what the browser gets, and the seconds that it took."""

    data: dict[str, object]
    lengths: list[int]
    probabilities: list[float]
    seconds: float


@st.cache_resource(max_entries=1, show_spinner=False)
def scorers() -> dict[str, others.Scorer]:
    """Load the other readers once for all visitors."""
    return others.load(caches.reader())


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Turns.close)
def vouchers() -> Turns:
    """Ask TensorFlow for one visitor at a time: each asks a process of half a gigabyte."""
    return Turns(1, apart=False)


def keep_in_address(key: str, text: str, own: str) -> None:
    """Put a text into the address, unless it is the page's own or too long for one."""
    if text == own or not lesson.fits_address(text):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = text


def timed_reading(text: str) -> tuple[Reading | None, float]:
    """Read a text once, as a whole; returns the reading and the seconds that it took."""
    start = time.perf_counter()
    reading = caches.reader().read(text)
    return reading, time.perf_counter() - start


def read_every_beginning(reading: Reading) -> Beginnings:
    """Read every beginning of a text, for the browser to show it word by word."""
    start = time.perf_counter()
    network = caches.reader().network
    prefixes = read_prefixes(network, reading.ids)
    units = deciding_units(network, reading.trace)
    data = reading_data(reading, prefixes, units, caches.colours())
    probabilities = reading.calibration.probability(prefixes.logit).tolist()
    lengths, seconds = prefixes.lengths.tolist(), time.perf_counter() - start
    return Beginnings(data, lengths, probabilities, seconds)


def readable(key: str, label: str, own: str, height: int) -> str | None:
    """Let the visitor type a text; returns it, or None if it cannot be read, and says why."""
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(key, own)
    with st.form(f"{key}_form", border=False):
        st.text_area(label, key=key, height=height)
        if key == "text":
            st.form_submit_button(
                say("Read it"),
                type="primary",
                shortcut="Ctrl+Enter",
                on_click=players.restart,
                args=("word", END),
            )
        else:
            st.form_submit_button(say("Compare"), type="primary")
    text = clean(st.session_state[key] or "")
    keep_in_address(key, text, own)
    if len(text) > LONGEST_TEXT:
        st.error(
            say(
                "That is {count:,} characters; the page reads up to {most:,}. For longer texts there is "
                "the command line: python -m lstm_core.sentiment score FILE.",
                count=len(text),
                most=LONGEST_TEXT,
            )
        )
        return None
    return text


@panels.fragment
def experiment() -> None:
    """Read what stands in the field, and show how it was read."""
    with panels.panel("verdict"):
        read_now = field_and_verdict()
    if read_now is None:
        return
    reading, seconds = read_now
    with panels.panel("reading"):
        beginnings, step = as_it_was_read(reading, seconds)
    with panels.panel("why"):
        # Unlike tabs, its options stay English, so that an address outlives a change of language.
        part = control.choice(
            "reviews_tab",
            say("Why, and what else?"),
            list(PARTS),
            format_func=say,
            width="stretch",
        )
        PARTS[part](reading)
        further()
    screen = exercises.Screen(
        reading,
        beginnings.lengths,
        beginnings.probabilities,
        step,
        changed_text(reading),
        weighed_phrase(reading),
        measured(),
    )
    learning.exercises(chapters.REVIEWS, exercises.quiz(screen), exercises.QUESTS, screen)
    data = {
        "word": [token.word for token in reading.tokens_read],
        "contribution": reading.contributions.words,
    }
    downloads.take_home("reviews", data, lesson.taken_home(reading), "contributions")


def field_and_verdict() -> tuple[Reading, float] | None:
    """Let the visitor choose or type a text, and show the verdict on it.

    Returns the reading and the seconds that it took; None if there is nothing to read, which is said.
    """
    chapter.preset_buttons(lesson.PRESETS)
    if reason := english_alone():
        st.caption(reason)
    text = readable("text", say("A film review in English"), lesson.FIRST, 130)
    if text is None:
        return None
    reading, seconds = caches.computed("reading", text, lambda: timed_reading(text), is_own(text))
    if reading is None:
        if text.strip():
            st.error(
                say("There is no word in this text that could be read. Paste a review in English.")
            )
        else:
            st.error(say("The field is empty. Paste a review, or choose an example above."))
        return None
    remember(text)
    st.html(verdict_bar(reading, how_sure(reading.probability), caches.colours()))
    panels.prose(lesson.trust(reading, measured(), failures()))
    for caution in lesson.cautions(reading):
        st.warning(caution, icon="⚠️")
    if not lesson.fits_address(reading.text):
        st.caption(
            say("This text is too long for the address, so that a copied link will not hold it.")
        )
    return reading, seconds


def is_own(text: str) -> bool:
    """Say whether a text is one of the page's own examples."""
    return text in lesson.EXAMPLES.values()


def remember(text: str) -> None:
    """Keep this session's texts, the last one first; short ones in the address, if that is wished.

    Whoever shares a link shows one text to others, and not all that was tried before.
    """
    if "review_history" not in st.session_state:
        st.session_state.review_history = st.query_params.get_all("seen")[: lesson.REMEMBERED]
        st.session_state.texts_kept = bool(st.session_state.review_history)
    history = st.session_state.review_history
    if text not in history and not is_own(text):
        history.insert(0, text)
        del history[lesson.REMEMBERED :]
    others_too = lesson.fitting([one for one in history if one != text])
    if others_too and st.session_state.texts_kept:
        st.query_params["seen"] = others_too
    else:
        st.query_params.pop("seen", None)


def keep_texts() -> None:
    """Remember the wish also while the switch is not shown."""
    st.session_state.texts_kept = st.session_state.keep_texts


def as_it_was_read(reading: Reading, seconds: float) -> tuple[Beginnings, int]:
    """Show the words as they were read, with a way into the cell; returns this and the step."""
    colours = caches.colours()
    slot, identity = st.empty(), (reading.text, colours)
    if st.session_state.get("beginnings_of") != identity:
        # What each word added is known; its beginnings take longer, and put these words away.
        slot.html(words_alone(reading, colours))
    beginnings = caches.computed(
        "beginnings", identity, lambda: read_every_beginning(reading), is_own(reading.text)
    )
    st.session_state.beginnings_of = identity
    with slot.container():
        step = players.reading_player("word", beginnings.data)
    st.caption(lesson.how_it_is_read(beginnings.lengths, seconds, beginnings.seconds))
    address = lesson.in_the_cell(reading, beginnings.lengths[step] - 1, len(LSTM.stages))
    label = say(
        "Open the cell at “{word}” and step through its gates", word=lesson.label(address.word)
    )
    panels.link(chapters.CELL.file, label, "🔬", address.parameters)
    return beginnings, step


def changed_text(reading: Reading) -> Reading | None:
    """Return the reading of the text that this one was changed to, if there is one."""
    if st.session_state.get("other_of") != reading.text:
        return None
    text = clean(st.session_state.get("other") or "")
    if len(text) > LONGEST_TEXT:
        return None
    return caches.computed("other_reading", text, lambda: caches.reader().read(text))


def weighed_phrase(reading: Reading) -> explanations.Phrase | None:
    """Weigh the phrase that was typed, if it is one of this text."""
    if st.session_state.get("phrase_of") != reading.text:
        return None
    typed = st.session_state.get("why_phrase") or ""
    words = [token.word for token in reading.tokens_read]
    place, problem = why.find_phrase(words, typed)
    if problem:
        return None
    network = caches.reader().network
    return caches.computed(
        "phrase",
        (reading.text, place),
        lambda: explanations.phrase(network, reading.ids, *place),
    )


def further() -> None:
    """Link to the pages that go on from here."""
    with st.container(horizontal=True):
        panels.link(chapters.CHALLENGES.file, say("Challenges: what it cannot do, measured"), "🧩")
        panels.link(chapters.MANY.file, say("Many reviews: a whole file"), "📚")
        panels.link(chapters.REPORT.file, say("Report: how good it is"), "📊")


def strongest(reading: Reading) -> None:
    """Show the words that moved the logit most, and how the logit becomes the probability."""
    marks = reading.marks()
    figure = strongest_words(marks, caches.colours())
    charts.chart(figure, "strongest", strongest_words_alt(marks))
    st.latex(why.totals(reading, marks.shares))
    st.latex(why.calibration_formula(reading))
    st.caption(
        say(
            "Integrated gradients of the logit z over {steps} points, from a text of as many unknown "
            "words; the gap is what the points miss. T and b, fitted on held-out reviews, make the "
            "probability as sure as it is right.",
            steps=reading.contributions.steps,
        )
    )


# ---- Ask why ------------------------------------------------------------------------------------


def ask_why(reading: Reading) -> None:
    """Share the logit out by three methods, weigh phrases, and test what was said."""
    colours, network = caches.colours(), caches.reader().network
    method = control.choice("why_method", say("Method"), list(why.METHODS), format_func=say)
    occlusion, shares = caches.computed(
        "why", reading.text, lambda: why.shares_by_method(network, reading)
    )
    words, most = st.columns([3, 2], gap="large")
    marks = reading.marks(shares[method])
    with words:
        panels.prose(say(why.METHODS[method]))
        if method == "Occlusion" and occlusion.width > 1:
            st.caption(
                say(
                    "So long a text is hidden in pieces of {width} words, to answer in time.",
                    width=occlusion.width,
                )
            )
        st.html(coloured_words(marks, colours))
    with most:
        charts.chart(strongest_words(marks, colours), "why_strongest", strongest_words_alt(marks))
    st.latex(why.totals(reading, marks.shares))
    phrases(reading, occlusion)
    if len(reading.ids) < 2:
        return
    st.subheader(say("Does the method know what the network used?"))
    # The side of the verdict: the offset of the calibration moves it a little from the logit's.
    positive = reading.probability >= 0.5
    curve = caches.computed(
        "faithful",
        reading.text,
        lambda: explanations.faithfulness(network, reading.ids, shares, 1.0 if positive else -1.0),
    )
    charts.chart(deletion_curves(curve, colours), "faithful_chart", deletion_alt(curve))
    panels.prose(why.faithful_sentence(curve, positive))


def phrases(reading: Reading, occlusion: explanations.Occlusion) -> None:
    """Weigh a phrase against its words, and find the pairs that say most only together."""
    st.subheader(say("What words say only together"))
    network, words = caches.reader().network, [token.word for token in reading.tokens_read]
    if occlusion.width == 1 and len(words) > 1:
        pairs = caches.computed(
            "pairs",
            reading.text,
            lambda: explanations.pairs(
                network, reading.ids, occlusion.words, range(len(words) - 1)
            ),
        )
        table = why.pairs_table(words, pairs)
        headings = {name: say(name) for name in table}
        st.dataframe(pd.DataFrame(table), hide_index=True, column_config=headings)
    if st.session_state.get("phrase_of") != reading.text:
        # A new text begins with a phrase of its own.
        st.session_state.phrase_of = reading.text
        st.session_state.why_phrase = why.first_phrase(reading)
    typed = st.text_input(
        say("A phrase of this text"),
        key="why_phrase",
        max_chars=why.LONGEST_TYPED,
        help=say("Up to 12 words in a row, as they stand in the text."),
    )
    place, problem = why.find_phrase(words, typed)
    if problem:
        st.error(problem)
        return
    if weighed := weighed_phrase(reading):
        st.markdown(why.phrase_sentence(words[slice(*place)], weighed))
    st.caption(
        say(
            "Measured by occlusion on the function that predicts: what the logit loses with all the "
            "words unknown, against the sum of what it loses with each alone."
        )
    )


# ---- Edit and compare ---------------------------------------------------------------------------


def edit_and_compare(reading: Reading) -> None:
    """Change the text, by hand or by rule, and show both readings side by side."""
    changed_of = st.session_state.get("other_of")
    if changed_of != reading.text:
        # A new text begins with itself, unless the address brings a second one along.
        if changed_of is not None or "other" not in st.query_params:
            st.session_state.other = reading.text
        st.session_state.other_of = reading.text
    st.markdown(say("Change a word, or let a rule do it:"))
    with st.container(horizontal=True):
        for twin in twins(reading):
            st.button(
                say(twin.name),
                key=f"twin_{twin.name}",
                on_click=players.put,
                args=({"other": twin.text},),
                disabled=not twin.text,
                help=twin.change,
            )
    text = readable("other", say("The changed text"), reading.text, 150)
    changed = None if text is None else changed_text(reading)
    if changed is None:
        if text is not None:
            st.error(say("There is no word in the changed text that could be read."))
        return
    colours = caches.colours()
    sides = st.columns(2, gap="large")
    names = (say("As it was"), say("Changed"))
    for side, one, name in zip(sides, (reading, changed), names, strict=True):
        with side:
            st.markdown(f"##### {name}")
            st.html(verdict_bar(one, how_sure(one.probability), colours))
            st.html(coloured_words(one.marks(), colours))
    st.markdown(lesson.difference(reading, changed, changes(reading.text, changed.text)))
    history()


def history() -> None:
    """List the texts of this session; each is one click away."""
    texts = st.session_state.get("review_history", [])
    if not texts:
        return
    st.subheader(say("Your texts of this session"))
    st.toggle(
        say("Keep my texts in the address"),
        st.session_state.texts_kept,
        key="keep_texts",
        on_change=keep_texts,
        help=say(
            "Then a bookmark brings them back; but whoever gets the link sees them too. Long ones do "
            "not fit."
        ),
    )
    probabilities = caches.reader().score(texts).probability.tolist()
    for place, (text, p) in enumerate(zip(texts, probabilities, strict=True)):
        st.button(
            lesson.history_label(text, p),
            key=f"history_{place}",
            on_click=players.put,
            args=({"text": text, "word": END},),
        )


# ---- Other readers ------------------------------------------------------------------------------


def other_opinions(reading: Reading) -> None:
    """Let every reader read the same text; colour the words by one that the visitor chooses."""
    opinions = caches.computed(
        "opinions", reading.text, lambda: others.opinions(scorers(), reading.text)
    )
    table = other_readers.opinions_table(opinions, reading)
    headings = {name: say(name) for name in table}
    share = st.column_config.ProgressColumn(
        say("positive"), format="percent", min_value=0, max_value=1
    )
    st.dataframe(pd.DataFrame(table), hide_index=True, column_config=headings | {"positive": share})
    st.caption(other_readers.about_opinions(others.WORD_LIST in scorers()))
    names = [name for name, one in scorers().items() if isinstance(one, LectureReader)]
    name = control.choice(
        "other_reader",
        say("See one of the lecture's networks read it"),
        names,
        format_func=say,
    )
    model = scorers()[name]
    if isinstance(model, LectureReader):
        marks = caches.computed(
            "other_marks", (reading.text, name), lambda: model.marks(reading.text)
        )
        st.html(coloured_words(marks, caches.colours()))
        st.caption(other_readers.about_lecture_model(model.model, marks))


# ---- Check it -----------------------------------------------------------------------------------


def check_it(reading: Reading) -> None:
    """Ask TensorFlow for its reading of the same text, in a process of its own."""
    panels.prose(
        say(
            "The same text, the same weights: Keras on TensorFlow reads `network.keras` in a process "
            "of its own, and its probability is set against the one above. It takes some seconds, "
            "most of them for TensorFlow to start."
        )
    )
    asked: tuple[str, Future[Voucher]] | None = st.session_state.get("voucher")

    def ask() -> None:
        reader, visitor = caches.reader(), turns.visitor()
        coming = vouchers().submit(visitor, vouch, reader, reading.text)
        st.session_state.voucher = (reading.text, coming)

    waiting = asked is not None and not asked[1].done()
    st.button(
        say("Ask TensorFlow"), key="ask_tensorflow", on_click=ask, type="primary", disabled=waiting
    )
    if asked is not None:
        again = LOOK_AGAIN if waiting else None
        panels.fragment(answer, run_every=again)(reading.text, waiting, *asked)


def answer(text: str, was_waiting: bool, asked_for: str, coming: "Future[Voucher]") -> None:
    """Show what TensorFlow said, or that it is still being asked."""
    if not coming.done():
        before = vouchers().place(coming)
        st.info(standing(before) if before else say("TensorFlow is being asked ..."), icon="⏳")
        return
    if was_waiting:
        # The button stands outside of this fragment, and must learn that the answer is there.
        st.rerun()
    try:
        voucher = coming.result()
    except NoVoucherError as error:
        st.error(say("TensorFlow could not be asked: {error}", error=say(error.args[0])))
        return
    if asked_for != text:
        st.info(say("This answer is for the text before; ask again for the one above."), icon="ℹ️")
    st.table(pd.DataFrame(other_readers.voucher_table(voucher)).rename(columns=say))
    st.markdown(other_readers.voucher_sentence(voucher))


PARTS: dict[str, Callable[[Reading], None]] = {
    mark("Strongest words"): strongest,
    mark("Ask why"): ask_why,
    mark("Edit and compare"): edit_and_compare,
    mark("Other readers"): other_opinions,
    mark("Check it"): check_it,
}
"""What is drawn below the reading, one at a time."""

chapter.begin(chapters.REVIEWS, lesson.PRESETS, exercises.TOUR)
experiment()

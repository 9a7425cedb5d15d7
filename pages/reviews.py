"""Paste a review: verdict, how it came about, why, what would change it, and who agrees."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lstm_core.arrays import Array
from lstm_core.figures.reading import reading_data, words_alone
from lstm_core.figures.reviews import (
    coloured_words,
    deletion_alt,
    deletion_curves,
    strongest_words,
    strongest_words_alt,
    verdict_bar,
)
from lstm_core.language import mark, say
from lstm_core.lessons import chapters
from lstm_core.lessons import reviews as lesson
from lstm_core.lessons.exercises import reviews as exercises
from lstm_core.lessons.twins import changes, twins
from lstm_core.lessons.waiting import standing
from lstm_core.lessons.walks import LSTM
from lstm_core.sentiment import explanations, others
from lstm_core.sentiment.deciding import deciding_units
from lstm_core.sentiment.lecture_models import LectureReader
from lstm_core.sentiment.prefixes import read_prefixes
from lstm_core.sentiment.reader import LONGEST_TEXT, Reading, failures, measured
from lstm_core.sentiment.vouching import NoVoucherError, Voucher, vouch
from lstm_core.turns import Turns
from pages import _learning, _parts

FIRST = next(iter(lesson.EXAMPLES.values()))
FIRST_PART = mark("Strongest words")
LOOK_AGAIN = 0.5


@dataclass(frozen=True)
class Along:
    """A review as it is read word by word: what the browser gets, and the seconds that it took."""

    data: dict[str, object]
    lengths: list[int]
    probabilities: list[float]
    seconds: float


@st.cache_resource(max_entries=1, show_spinner=False)
def scorers() -> dict[str, others.Scorer]:
    """Load the other readers once for all visitors."""
    return others.load(_parts.reader())


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Turns.close)
def vouchers() -> Turns:
    """Ask TensorFlow for one visitor at a time: each asks a process of half a gigabyte."""
    return Turns(1, apart=False)


def show_text(text: str, key: str = "text") -> None:
    """Put a text into a field, and show it from its end."""
    st.session_state[key] = text
    if key == "text":
        at_the_end()


def at_the_end() -> None:
    """Show a new text as it was read whole."""
    _parts.restart("word", _parts.END)


def keep_in_address(key: str, text: str, own: str) -> None:
    """Put a text into the address, unless it is the page's own or too long for one."""
    if text == own or not lesson.fits_address(text):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = text


def read(text: str) -> tuple[Reading | None, float]:
    """Read a text; returns the reading and the seconds that it took."""
    start = time.perf_counter()
    reading = _parts.reader().read(text)
    return reading, time.perf_counter() - start


def read_along(reading: Reading) -> Along:
    """Read every beginning of a text, for the browser to show it word by word."""
    start = time.perf_counter()
    network = _parts.reader().network
    prefixes = read_prefixes(network, reading.ids)
    units = deciding_units(network, reading.trace)
    data = reading_data(reading, prefixes, units, _parts.colours())
    probabilities = reading.calibration.probability(prefixes.logit).tolist()
    return Along(data, prefixes.lengths.tolist(), probabilities, time.perf_counter() - start)


def readable(key: str, label: str, own: str, height: int) -> str | None:
    """Let the visitor type a text; returns it, or None if it cannot be read, and says why."""
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(key, own)
    with st.form(f"{key}_form", border=False):
        st.text_area(label, key=key, height=height)
        if key == "text":
            st.form_submit_button(
                say("Read it"), type="primary", shortcut="Ctrl+Enter", on_click=at_the_end
            )
        else:
            st.form_submit_button(say("Compare"), type="primary")
    text = lesson.clean(st.session_state[key] or "")
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


@_parts.fragment
def experiment() -> None:
    """Read what stands in the field, and show how it was read."""
    with _parts.panel("verdict"):
        read_now = field_and_verdict()
    if read_now is None:
        return
    reading, seconds = read_now
    with _parts.panel("reading"):
        along, step = as_it_was_read(reading, seconds)
    with _parts.panel("why"):
        # Unlike tabs, its options stay English, so that an address outlives a change of language.
        chosen = st.segmented_control(
            say("Why, and what else?"), list(PARTS), default=FIRST_PART, key="reviews_tab",
            required=True, bind="query-params", format_func=say, width="stretch",
        ) or FIRST_PART  # fmt: skip
        PARTS[chosen](reading)
        further()
    seen = exercises.Seen(
        reading, along.lengths, along.probabilities, step, changed_text(reading), weighed_phrase(reading),
        measured(),
    )  # fmt: skip
    _learning.exercises(chapters.REVIEWS, exercises.quiz(seen), exercises.QUESTS, seen)
    data = {
        "word": [token.word for token in reading.tokens_read],
        "contribution": reading.contributions.words,
    }
    _parts.take_home(
        "reviews", data, lesson.code(reading.text), "contributions", lesson.keras_code(reading),
        lesson.torch_code(reading),
    )  # fmt: skip


def field_and_verdict() -> tuple[Reading, float] | None:
    """Let the visitor choose or type a text, and show the verdict on it.

    Returns the reading and the seconds that it took; None if there is nothing to read, which is said.
    """
    with st.container(horizontal=True, key="examples"):
        for name, example in lesson.EXAMPLES.items():
            st.button(say(name), key=f"example_{name}", on_click=show_text, args=(example,))
    if why := lesson.english_alone():
        st.caption(why)
    text = readable("text", say("A film review in English"), FIRST, 130)
    if text is None:
        return None
    reading, seconds = _parts.once("reading", text, lambda: read(text), is_own(text))
    if reading is None:
        if text.strip():
            st.error(
                say("There is no word in this text that could be read. Paste a review in English.")
            )
        else:
            st.error(say("The field is empty. Paste a review, or choose an example above."))
        return None
    remember(text)
    st.html(verdict_bar(reading, lesson.how_sure(reading.probability), _parts.colours()))
    _parts.prose(lesson.trust(reading, measured(), failures()))
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


def as_it_was_read(reading: Reading, seconds: float) -> tuple[Along, int]:
    """Show the words as they were read, with a way into the cell; returns this and the step."""
    colours = _parts.colours()
    slot, identity = st.empty(), (reading.text, colours)
    if st.session_state.get("along_of") != identity:
        # What each word added is known; its beginnings take longer, and put these words away.
        slot.html(words_alone(reading, colours))
    along = _parts.once("along", identity, lambda: read_along(reading), is_own(reading.text))
    st.session_state.along_of = identity
    with slot.container():
        step = _parts.read_along("word", along.data)
    st.caption(lesson.how_it_is_read(along.lengths, seconds, along.seconds))
    address = lesson.in_the_cell(reading, along.lengths[step] - 1, len(LSTM.stages))
    label = say(
        "Open the cell at “{word}” and step through its gates", word=lesson.label(address.word)
    )
    _parts.link("cell.py", label, "🔬", address.parameters)
    return along, step


def changed_text(reading: Reading) -> Reading | None:
    """Return the reading of the text that this one was changed to, if there is one."""
    if st.session_state.get("other_of") != reading.text:
        return None
    text = lesson.clean(st.session_state.get("other") or "")
    if len(text) > LONGEST_TEXT:
        return None
    return _parts.once("other_reading", text, lambda: _parts.reader().read(text))


def weighed_phrase(reading: Reading) -> explanations.Phrase | None:
    """Weigh the phrase that was typed, if it is one of this text."""
    if st.session_state.get("phrase_of") != reading.text:
        return None
    typed = st.session_state.get("why_phrase") or ""
    words = [token.word for token in reading.tokens_read]
    place, problem = lesson.find_phrase(words, typed)
    if problem:
        return None
    network = _parts.reader().network
    return _parts.once(
        "phrase",
        (reading.text, place),
        lambda: explanations.phrase(network, reading.ids, *place),
    )


def further() -> None:
    """Link to the pages that go on from here."""
    with st.container(horizontal=True):
        _parts.link("challenges.py", say("Challenges: what it cannot do, measured"), "🧩")
        _parts.link("many.py", say("Many reviews: a whole file"), "📚")
        _parts.link("report.py", say("Report: how good it is"), "📊")


def strongest(reading: Reading) -> None:
    """Show the words that moved the logit most, and how the logit becomes the probability."""
    marks, logit = reading.marks(), float(reading.trace.logit)
    figure = strongest_words(marks, _parts.colours())
    _parts.chart(figure, "strongest", strongest_words_alt(marks))
    shares = reading.contributions
    st.latex(lesson.totals(float(marks.shares.sum()), logit, shares.baseline_logit))
    st.latex(lesson.calibration_formula(reading))
    st.caption(
        say(
            "Integrated gradients of the logit z over {steps} points, from a text of as many unknown "
            "words; the gap is what the points miss. T and b, fitted on held-out reviews, make the "
            "probability as sure as it is right.",
            steps=shares.steps,
        )
    )


# ---- Ask why ------------------------------------------------------------------------------------


def ask_why(reading: Reading) -> None:
    """Share the logit out by three methods, weigh phrases, and test what was said."""
    colours, network = _parts.colours(), _parts.reader().network
    method = st.segmented_control(
        say("Method"), list(lesson.METHODS), default="Integrated gradients", key="why_method",
        required=True, bind="query-params", format_func=say,
    ) or "Integrated gradients"  # fmt: skip
    ids, vectors = reading.ids, network.embed(reading.ids)

    def every() -> tuple[explanations.Occlusion, dict[str, Array]]:
        hidden = explanations.occlusion(network, ids)
        return hidden, {
            "Integrated gradients": reading.contributions.words,
            "Occlusion": hidden.words,
            "Gradient × input": explanations.gradient_times_input(network, vectors),
        }

    occlusion, shares = _parts.once("why", reading.text, every)
    words, most = st.columns([3, 2], gap="large")
    marks = reading.marks(shares[method])
    with words:
        _parts.prose(say(lesson.METHODS[method]))
        if method == "Occlusion" and occlusion.width > 1:
            st.caption(
                say(
                    "So long a text is hidden in pieces of {width} words, to answer in time.",
                    width=occlusion.width,
                )
            )
        st.html(coloured_words(marks, colours))
    with most:
        _parts.chart(strongest_words(marks, colours), "why_strongest", strongest_words_alt(marks))
    logit, baseline = float(reading.trace.logit), reading.contributions.baseline_logit
    st.latex(lesson.totals(float(marks.shares.sum()), logit, baseline))
    phrases(reading, occlusion)
    if len(ids) < 2:
        return
    st.subheader(say("Does the method know what the network used?"))
    # The side of the verdict: the offset of the calibration moves it a little from the logit's.
    side = reading.probability - 0.5
    curve = _parts.once(
        "faithful",
        reading.text,
        lambda: explanations.faithfulness(network, ids, shares, 1.0 if side >= 0 else -1.0),
    )
    _parts.chart(deletion_curves(curve, colours), "faithful_chart", deletion_alt(curve))
    _parts.prose(lesson.faithful_sentence(curve, side >= 0))


def phrases(reading: Reading, occlusion: explanations.Occlusion) -> None:
    """Weigh a phrase against its words, and find the pairs that say most only together."""
    st.subheader(say("What words say only together"))
    network, words = _parts.reader().network, [token.word for token in reading.tokens_read]
    if occlusion.width == 1 and len(words) > 1:
        found = _parts.once(
            "pairs",
            reading.text,
            lambda: explanations.pairs(
                network, reading.ids, occlusion.words, range(len(words) - 1)
            ),
        )
        table = lesson.pairs_table(words, found)
        headings = {name: say(name) for name in table}
        st.dataframe(pd.DataFrame(table), hide_index=True, column_config=headings)
    if st.session_state.get("phrase_of") != reading.text:
        # A new text begins with a phrase of its own.
        st.session_state.phrase_of = reading.text
        st.session_state.why_phrase = lesson.first_phrase(reading)
    typed = st.text_input(
        say("A phrase of this text"), key="why_phrase", max_chars=lesson.LONGEST_TYPED,
        help=say("Up to 12 words in a row, as they stand in the text."),
    )  # fmt: skip
    place, problem = lesson.find_phrase(words, typed)
    if problem:
        st.error(problem)
        return
    if weighed := weighed_phrase(reading):
        st.markdown(lesson.phrase_sentence(words[slice(*place)], weighed))
    st.caption(
        say(
            "Measured by occlusion on the function that predicts: what the logit loses with all the "
            "words unknown, against the sum of what it loses with each alone."
        )
    )


# ---- Edit and compare ---------------------------------------------------------------------------


def edit_and_compare(reading: Reading) -> None:
    """Change the text, by hand or by rule, and show both readings side by side."""
    own = st.session_state.get("other_of")
    if own != reading.text:
        # A new text begins with itself, unless the address brings a second one along.
        if own is not None or "other" not in st.query_params:
            st.session_state.other = reading.text
        st.session_state.other_of = reading.text
    st.markdown(say("Change a word, or let a rule do it:"))
    with st.container(horizontal=True):
        for twin in twins(reading):
            st.button(
                say(twin.name), key=f"twin_{twin.name}", on_click=show_text, args=(twin.text, "other"),
                disabled=not twin.text, help=twin.change,
            )  # fmt: skip
    text = readable("other", say("The changed text"), reading.text, 150)
    changed = None if text is None else changed_text(reading)
    if changed is None:
        if text is not None:
            st.error(say("There is no word in the changed text that could be read."))
        return
    colours = _parts.colours()
    sides = st.columns(2, gap="large")
    names = (say("As it was"), say("Changed"))
    for side, one, name in zip(sides, (reading, changed), names, strict=True):
        with side:
            st.markdown(f"##### {name}")
            st.html(verdict_bar(one, lesson.how_sure(one.probability), colours))
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
        say("Keep my texts in the address"), st.session_state.texts_kept, key="keep_texts",
        on_change=keep_texts,
        help=say(
            "Then a bookmark brings them back; but whoever gets the link sees them too. Long ones do "
            "not fit."
        ),
    )  # fmt: skip
    probabilities = _parts.reader().score(texts).probability.tolist()
    for place, (text, p) in enumerate(zip(texts, probabilities, strict=True)):
        st.button(
            lesson.history_label(text, p), key=f"history_{place}", on_click=show_text, args=(text,)
        )


# ---- Other readers ------------------------------------------------------------------------------


def other_readers(reading: Reading) -> None:
    """Let every reader read the same text; colour the words by one that the visitor chooses."""
    said = _parts.once("opinions", reading.text, lambda: others.opinions(scorers(), reading.text))
    table = lesson.opinions_table(said, reading)
    headings = {name: say(name) for name in table}
    share = st.column_config.ProgressColumn(
        say("positive"), format="percent", min_value=0, max_value=1
    )
    st.dataframe(pd.DataFrame(table), hide_index=True, column_config=headings | {"positive": share})
    st.caption(lesson.about_opinions(others.WORD_LIST in scorers()))
    names = [name for name, one in scorers().items() if isinstance(one, LectureReader)]
    name = st.segmented_control(
        say("See one of the lecture's networks read it"), names, default=names[0], key="other_reader",
        required=True, bind="query-params", format_func=say,
    ) or names[0]  # fmt: skip
    model = scorers()[name]
    if isinstance(model, LectureReader):
        marks = _parts.once("other_marks", (reading.text, name), lambda: model.marks(reading.text))
        st.html(coloured_words(marks, _parts.colours()))
        st.caption(lesson.about_lecture_model(model.model, marks))


# ---- Check it -----------------------------------------------------------------------------------


def check_it(reading: Reading) -> None:
    """Ask TensorFlow for its reading of the same text, in a process of its own."""
    _parts.prose(
        say(
            "The same text, the same weights: Keras on TensorFlow reads `network.keras` in a process "
            "of its own, and its probability is set against the one above. It takes some seconds, "
            "most of them for TensorFlow to start."
        )
    )
    key = "voucher"
    asked: tuple[str, Future[Voucher]] | None = st.session_state.get(key)

    def ask() -> None:
        reader, visitor = _parts.reader(), _parts.visitor()
        coming = vouchers().submit(visitor, vouch, reader, reading.text)
        st.session_state[key] = (reading.text, coming)

    waiting = asked is not None and not asked[1].done()
    st.button(
        say("Ask TensorFlow"), key="ask_tensorflow", on_click=ask, type="primary", disabled=waiting
    )
    if asked is not None:
        again = LOOK_AGAIN if waiting else None
        _parts.fragment(answer, run_every=again)(reading.text, waiting, *asked)


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
    st.table(pd.DataFrame(lesson.voucher_table(voucher)).rename(columns=say))
    st.markdown(lesson.voucher_sentence(voucher))


PARTS: dict[str, Callable[[Reading], None]] = {
    FIRST_PART: strongest,
    mark("Ask why"): ask_why,
    mark("Edit and compare"): edit_and_compare,
    mark("Other readers"): other_readers,
    mark("Check it"): check_it,
}
"""What is drawn below the reading, one at a time."""

_parts.heading(chapters.REVIEWS)
_learning.tour(chapters.REVIEWS, exercises.TOUR)
experiment()

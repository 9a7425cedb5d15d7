"""Paste a review: verdict, how it came about, why, what would change it, and who agrees."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import streamlit as st

from lstm_core.cells.arrays import Array
from lstm_core.sentiment import explanations, others
from lstm_core.sentiment.deciding import Unit, deciding_units
from lstm_core.sentiment.lecture_models import LectureReader
from lstm_core.sentiment.prefixes import Prefixes, read_prefixes
from lstm_core.sentiment.reader import LONGEST_TEXT, Reading, failures, measured
from lstm_core.sentiment.vouching import NoVoucherError, Voucher, vouch
from pages._app import (
    caches,
    chapter,
    charts,
    downloads,
    exports,
    panels,
    players,
    stage,
    turns,
    verdicts,
)
from pages._app.bound import Controls
from pages._app.processes import Turns
from pages._app.room import views
from pages._book import chapters
from pages._book.exercises import END
from pages._book.language import say, spoken
from pages._book.numbers import separators
from pages._book.verdicts import certainty, clean, coloured_words, legend, picture, verdict_part
from pages._book.waiting import standing
from pages._book.walks import LSTM
from pages.reviews import exercises, figures, lesson, negation, other_readers, why
from pages.reviews.reading import reading_data, words_alone
from pages.reviews.twins import changes, twins

control = Controls(lesson.START)
LOOK_AGAIN = 0.5
"""Seconds between two looks whether TensorFlow has answered."""
WIDE = (5, 2)
"""Shares of the width, where a field for a whole review stands beside the picture."""


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


# ---- The text in the field ----------------------------------------------------------------------


ShowFirst = Callable[[Reading], None]
"""Shows a reading whose words are not explained yet, which takes many times as long as to read them."""


def field(
    place: stage.Stage, small: bool = False, show_first: ShowFirst | None = None
) -> Reading | None:
    """Let the visitor choose or type a text; returns its reading, or None and says why.

    Args:
        place: of the panel.
        small: whether there is little room, so that no examples stand below it.
        show_first: is called with a text's reading before it is explained.
    """
    with place.beside:
        verdicts.style()
        height = 68 if small else 110
        text = typed("text", say("A film review in English"), lesson.FIRST, height)
        # What is wrong stands right below the field.
        wrong = st.container()
        if not small:
            with st.container(key="or_try"):
                chapter.preset_buttons(lesson.PRESETS)
        if text is None:
            reading = None
        elif reading := read(text, as_written(text), show_first):
            remember(text)
            spelling(text)
            if text == views.sentence_to_read():
                views.tell_reading(reading.verdict == "positive")
        else:
            with wrong:
                refuse(text)
    if reading is None:
        with place.picture:
            verdicts.show_hint(say("Paste a film review in English and press “Read it”."))
    return reading


def typed(key: str, label: str, own: str, height: int) -> str | None:
    """Let the visitor type a text; returns it, or None if it cannot be read, and says why."""
    if key not in st.session_state or turns.went_by_history():
        st.session_state[key] = st.query_params.get(key, own)
    with st.form(f"{key}_form", border=False):
        st.text_area(label, key=key, height=height, persist_state="page")
        if key == "text":
            with st.container(horizontal=True, key="read_row"):
                st.form_submit_button(
                    say("Read it"), type="primary", shortcut="Ctrl+Enter", on_click=press
                )
                st.form_submit_button(say("Clear"), on_click=empty)
        else:
            st.form_submit_button(say("Compare"), type="primary", on_click=press)
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


def press() -> None:
    """Show a text from its end, and bring the picture into view."""
    players.restart("word", END)
    st.session_state.pop("review_cleared", None)
    verdicts.bring_into_view()


def empty() -> None:
    """Empty the field for a text of the visitor's own."""
    players.put({"text": "", "word": END})
    st.session_state.review_cleared = True


def refuse(text: str) -> None:
    """Say why there is nothing to read."""
    if text.strip():
        st.error(
            say("There is no word in this text that could be read. Paste a review in English.")
        )
    elif not st.session_state.get("review_cleared"):
        st.error(say("The field is empty. Paste a review, or choose an example below."))


def keep_in_address(key: str, text: str, own: str) -> None:
    """Put a text into the address, unless it is the page's own or too long for one."""
    if text == own or not lesson.fits_address(text):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = text


def is_own(text: str) -> bool:
    """Say whether a text is one of the page's own examples."""
    return text in lesson.EXAMPLES.values()


def others_read(text: str) -> dict[str, str]:
    """Return what is read as what in a text, if no word is to be read as it is written."""
    return caches.remembered(
        "others_read", text, lambda: caches.reader().preprocess(text).read_as, is_own(text)
    )


def as_written(text: str) -> tuple[str, ...]:
    """Return the words of a text that are to be read as they are written; the address holds them."""
    return tuple(sorted(set(st.query_params.get_all("as_written")) & others_read(text).keys()))


def spelling(text: str) -> None:
    """Name what is read as what; a press has a word read as it is written, another takes that back."""
    read_as = others_read(text)
    if not read_as:
        st.query_params.pop("as_written", None)
        return
    kept = as_written(text)
    chosen = [word for word in read_as if word not in kept]
    # The words are part of the name, so that another text has buttons of its own.
    key = f"spelling {' '.join(read_as)}"
    st.pills(
        say("Read as"),
        list(read_as),
        selection_mode="multi",
        default=chosen,
        format_func=lambda word: lesson.read_as_label(word, read_as[word]),
        key=key,
        on_change=keep_as_written,
        args=(key, list(read_as)),
        help=say(
            "The network does not know these words, and reads the nearest ones that it knows. Press one "
            "to have it read as it is written."
        ),
    )


def keep_as_written(key: str, words: list[str]) -> None:
    """Put the words that are not chosen into the address."""
    kept = [word for word in words if word not in st.session_state[key]]
    if kept:
        st.query_params["as_written"] = kept
    else:
        st.query_params.pop("as_written", None)


def timed_reading(
    text: str, kept: tuple[str, ...] = (), show_first: ShowFirst | None = None
) -> tuple[Reading | None, float]:
    """Read a text once, as a whole, and explain it; returns the reading and the seconds that it took."""
    start = time.perf_counter()
    reading = caches.reader().read(text, kept)
    seconds = time.perf_counter() - start
    if reading is not None and show_first is not None:
        show_first(reading)
    start = time.perf_counter()
    return caches.explained(reading), seconds + time.perf_counter() - start


def timed_once(
    text: str, kept: tuple[str, ...] = (), show_first: ShowFirst | None = None
) -> tuple[Reading | None, float]:
    """Read a text, once for as long as it stands in the field."""
    return caches.computed(
        "reading",
        (text, kept),
        lambda: timed_reading(text, kept, show_first),
        is_own(text),
        in_words=False,
    )


def read(
    text: str, kept: tuple[str, ...] = (), show_first: ShowFirst | None = None
) -> Reading | None:
    """Read a text; None if there is no word in it."""
    return timed_once(text, kept, show_first)[0]


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


# ---- What the questions and the quests are about ------------------------------------------------


def beginnings_of(reading: Reading) -> Beginnings:
    """Read every beginning of a text, for the browser to show it word by word."""
    colours, own = caches.colours(), is_own(reading.text)
    network = caches.reader().network

    def every_beginning() -> tuple[Prefixes, list[Unit], float]:
        start = time.perf_counter()
        prefixes = read_prefixes(network, reading.ids)
        units = deciding_units(network, reading.trace)
        return prefixes, units, time.perf_counter() - start

    def for_the_browser() -> Beginnings:
        prefixes, units, seconds = caches.computed(
            "prefixes", (reading.text, reading.kept), every_beginning, own, in_words=False
        )
        data = reading_data(reading, prefixes, units, colours)
        probabilities = reading.calibration.probability(prefixes.logit).tolist()
        return Beginnings(data, prefixes.lengths.tolist(), probabilities, seconds)

    identity = (reading.text, reading.kept, colours)
    beginnings = caches.remembered("beginnings", identity, for_the_browser, own)
    st.session_state.beginnings_of = identity
    return beginnings


def changed_text(reading: Reading) -> Reading | None:
    """Return the reading of the text that this one was changed to, if there is one."""
    if st.session_state.get("other_of") != reading.text:
        return None
    text = clean(control.now("other") or "")
    if len(text) > LONGEST_TEXT:
        return None
    if text == reading.text and not reading.kept:
        # A new text begins with itself.
        return reading
    return caches.computed(
        "other_reading",
        text,
        lambda: caches.explained(caches.reader().read(text)),
        is_own(text),
        in_words=False,
    )


def weighed_phrase(reading: Reading) -> explanations.Phrase | None:
    """Weigh the phrase that was typed, if it is one of this text."""
    if st.session_state.get("phrase_of") != reading.text:
        return None
    words = [token.word for token in reading.tokens_read]
    place, problem = why.find_phrase(words, control.now("why_phrase") or "", reading.read_as)
    if problem:
        return None
    network = caches.reader().network
    return caches.computed(
        "phrase",
        (reading.text, reading.kept, place),
        lambda: explanations.phrase(network, reading.ids, *place),
        in_words=False,
    )


def screen(reading: Reading) -> exercises.Screen:
    """Say what is on the screen; the beginnings count as soon as they were read."""
    lengths, probabilities, step = [len(reading.ids)], [reading.probability], 0
    if st.session_state.get("beginnings_of") == (reading.text, reading.kept, caches.colours()):
        beginnings = beginnings_of(reading)
        lengths, probabilities = beginnings.lengths, beginnings.probabilities
        step = min(players.step_of("word", END), len(lengths) - 1)
    return exercises.Screen(
        reading,
        lengths,
        probabilities,
        step,
        changed_text(reading),
        weighed_phrase(reading),
        measured(),
    )


def in_the_field() -> Reading:
    """Read the text that stands in the field, or the page's own where there is nothing to read."""
    text = clean(st.session_state.get("text", st.query_params.get("text", lesson.FIRST)) or "")
    reading = (None if len(text) > LONGEST_TEXT else read(text, as_written(text))) or read(
        lesson.FIRST
    )
    if reading is None:
        raise RuntimeError("the page's own text has no word")
    return reading


def shown() -> exercises.Screen:
    """Say what there is to see of the text in the field, with every beginning of it read."""
    players.put_away("word")
    reading = in_the_field()
    beginnings_of(reading)
    return screen(reading)


def taken_home() -> downloads.TakenHome:
    """Collect what is taken home: of each word what it added to the logit, and the programs."""
    reading = in_the_field()
    data = {
        "word": [token.word for token in reading.tokens_read],
        "contribution": reading.contributions.words,
    }
    return downloads.TakenHome(data, lesson.taken_home(reading), "contributions")


page = stage.Page(
    chapters.REVIEWS,
    lesson.PRESETS,
    exercises.TOUR,
    exercises.QUESTS,
    exercises.quiz,
    shown,
    taken_home,
)


# ---- Verdict ------------------------------------------------------------------------------------


@page.panel("verdict", widths=WIDE)
def verdict(place: stage.Stage) -> exercises.Screen | None:
    """Read what stands in the field, and say the verdict, how sure it is, and why."""
    players.put_away("word")
    slot = place.picture

    def drawn(reading: Reading, is_explained: bool) -> str:
        sure = certainty(reading, measured(), failures())
        part = verdict_part(reading, sure, caches.colours(), is_explained=is_explained)
        return picture([part], caches.colours(), lesson.when_not_to_trust(reading, measured()))

    def show_first(first: Reading) -> None:
        nonlocal slot
        # What is drawn there next takes its place.
        slot = slot.html(drawn(first, is_explained=False))

    # The verdict does not wait for what each word has to do with it.
    reading = field(place, show_first=show_first)
    if reading is None:
        return None
    with place.picture:
        verdicts.show(drawn(reading, is_explained=True), slot)
    place.sentence(lesson.why_sentence(reading))
    with place.more():
        behind(reading)
        history(reading)
        further()
    return screen(reading)


def behind(reading: Reading) -> None:
    """Show the numbers behind a verdict, and all that there is to know of this text."""
    verdicts.why_english()
    for caution in lesson.cautions(reading):
        st.warning(caution, icon=":material/warning:")
    for sentence in lesson.numbers_behind(reading, measured(), failures()):
        panels.prose(sentence)
    if not lesson.fits_address(reading.text):
        st.caption(
            say("This text is too long for the address, so that a copied link will not hold it.")
        )


def probabilities_of(texts: Sequence[str], reading: Reading) -> list[float]:
    """Score texts without explaining them, each once; one of them has just been read."""
    known: dict[str, float] = caches.remembered("history", "", dict, in_words=False)
    if not reading.kept:
        known[reading.text] = reading.probability
    if new := [text for text in texts if text not in known]:
        known.update(zip(new, caches.reader().score(new).probability.tolist(), strict=True))
    return [known[text] for text in texts]


def history(reading: Reading) -> None:
    """List the texts of this session; each is one click away."""
    texts = st.session_state.get("review_history", [])
    if not texts:
        return
    st.markdown(f"**{say('Your texts of this session')}**")
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
    for place, (text, p) in enumerate(zip(texts, probabilities_of(texts, reading), strict=True)):
        st.button(
            lesson.history_label(text, p),
            key=f"history_{place}",
            on_click=players.put,
            args=({"text": text, "word": END},),
        )


def keep_texts() -> None:
    """Remember the wish also while the switch is not shown."""
    st.session_state.texts_kept = st.session_state.keep_texts


def further() -> None:
    """Link to the pages that go on from here."""
    panels.link(
        chapters.CHALLENGES.file,
        say("Challenges: what it cannot do, measured"),
        ":material/extension:",
    )
    panels.link(chapters.MANY.file, say("Many reviews: a whole file"), ":material/library_books:")
    panels.link(chapters.REPORT.file, say("Report: how good it is"), ":material/bar_chart:")


# ---- As it was read -----------------------------------------------------------------------------


@page.panel("reading", keys=("word",), widths=WIDE)
def as_it_was_read(place: stage.Stage) -> exercises.Screen | None:
    """Show the words as they were read, with a way into the cell."""
    reading = field(place)
    if reading is None:
        players.put_away("word")
        return None
    colours = caches.colours()
    with place.picture:
        slot = st.empty()
        if st.session_state.get("beginnings_of") != (reading.text, reading.kept, colours):
            # What each word added is known; its beginnings take longer, and put these words away.
            verdicts.show(words_alone(reading, colours), slot)
        beginnings = beginnings_of(reading)
        with slot.container():
            step = players.reading_player("word", beginnings.data)
    place.sentence(lesson.how_it_is_read(beginnings.lengths))
    address = lesson.in_the_cell(reading, beginnings.lengths[step] - 1, len(LSTM.stages))
    with place.beside:
        label = say("Open the cell at “{word}”", word=lesson.label(address.word))
        panels.link(chapters.CELL.file, label, ":material/memory:", address.parameters)
    with place.more():
        seconds = timed_once(reading.text, reading.kept)[1]
        for sentence in lesson.what_the_reading_shows(seconds, beginnings.seconds):
            panels.prose(sentence)
        exports.playing_button(
            "review",
            say("A review, read word by word"),
            ("stepping.js", "reading.js"),
            ("player.css", "reading.css"),
            {**beginnings.data, "decimal": separators(spoken())[0]},
            colours,
        )
    return screen(reading)


# ---- Why ----------------------------------------------------------------------------------------


@page.panel("why", keys=("why_view", "why_method", "why_phrase"), widths=WIDE)
def ask_why(place: stage.Stage) -> exercises.Screen | None:
    """Share the logit out by three methods, weigh phrases, and test what was said."""
    players.put_away("word")
    reading = field(place)
    if reading is None:
        return None
    with place.beside:
        view = control.select("why_view", say("What is shown"), lesson.WHY, format_func=say)
    draw = {
        "Pairs of words": phrases,
        "Test of the methods": test_of_the_methods,
    }.get(view)
    if draw:
        draw(place, reading)
    else:
        shares_of_the_words(place, reading, in_the_text=view == "In the text")
    return screen(reading)


def by_every_method(
    reading: Reading,
) -> tuple[explanations.Occlusion, dict[str, Array]]:
    """Share the logit out by every method, once for a text."""
    network = caches.reader().network
    shares: tuple[explanations.Occlusion, dict[str, Array]] = caches.computed(
        "why",
        (reading.text, reading.kept),
        lambda: why.shares_by_method(network, reading),
        is_own(reading.text),
        in_words=False,
    )
    return shares


def shares_of_the_words(place: stage.Stage, reading: Reading, in_the_text: bool) -> None:
    """Show what each word has of the logit, as bars or in the text, by the method chosen."""
    colours = caches.colours()
    with place.beside:
        method = control.select(
            "why_method",
            say("Method"),
            list(why.METHODS),
            format_func=say,
            help="\n\n".join(
                f"**{say(name)}**: {say(about)}" for name, about in why.METHODS.items()
            ),
        )
    occlusion, shares = by_every_method(reading)
    marks = reading.marks(shares[method])
    with place.picture:
        if in_the_text:
            verdicts.show(
                f'<div class="sheet" data-picture="">{coloured_words(marks, colours)}'
                f'<div class="legend">{legend(colours)}</div></div>'
            )
        else:
            alt = figures.strongest_words_alt(marks)
            charts.chart(figures.strongest_words(marks, colours), "why_strongest", alt)
    place.sentence(why.strongest_sentence(reading, marks.shares))
    with place.more():
        panels.prose(say(why.METHODS[method]))
        if method == "Occlusion" and occlusion.width > 1:
            st.caption(
                say(
                    "So long a text is hidden in pieces of {width} words, to answer in time.",
                    width=occlusion.width,
                )
            )
        st.latex(why.totals(reading, marks.shares))
        if reading.verdict != "not a review":
            st.latex(why.calibration_formula(reading))
            panels.prose(why.about_calibration(reading))


def phrases(place: stage.Stage, reading: Reading) -> None:
    """Weigh a phrase against its words, and find the pairs that say most only together."""
    network, words = caches.reader().network, [token.word for token in reading.tokens_read]
    if st.session_state.get("phrase_of") != reading.text:
        # A new text begins with a phrase of its own.
        st.session_state.phrase_of = reading.text
        st.session_state.why_phrase = why.first_phrase(reading)
    with place.beside:
        entered = st.text_input(
            say("A phrase of this text"),
            key="why_phrase",
            max_chars=why.LONGEST_TYPED,
            persist_state="page",
            help=say("Up to 12 words in a row, as they stand in the text."),
        )
        (start, end), problem = why.find_phrase(words, entered, reading.read_as)
        if problem:
            st.error(problem)
    weighed = weighed_phrase(reading)
    strongest = [weighed] if weighed else []
    occlusion, _ = by_every_method(reading)
    if occlusion.width == 1 and len(words) > 1:
        pairs = caches.computed(
            "pairs",
            (reading.text, reading.kept),
            lambda: explanations.pairs(
                network, reading.ids, occlusion.words, range(len(words) - 1)
            ),
            is_own(reading.text),
            in_words=False,
        )
        strongest += [
            one for one in why.strongest_pairs(pairs) if (one.start, one.end) != (start, end)
        ]
    if strongest:
        with place.picture:
            figure = figures.strongest_pairs(strongest, words, caches.colours())
            charts.chart(figure, "why_pairs", figures.strongest_pairs_alt(strongest, words))
    if weighed:
        place.sentence(why.phrase_sentence(words[start:end], weighed))
    with place.more():
        panels.prose(
            say(
                "A phrase moves the logit by what it loses when unknown words take the phrase's place. The "
                "circle adds up what it loses when one word at a time is replaced and the others stay."
            )
        )


def test_of_the_methods(place: stage.Stage, reading: Reading) -> None:
    """Delete the words that each method ranks first, and show what is left of the logit."""
    if len(reading.ids) < 2:
        with place.picture:
            verdicts.show_hint(say("One word alone has no order in which words could be deleted."))
        return
    _, shares = by_every_method(reading)
    network = caches.reader().network
    # The side of the verdict: the offset of the calibration moves it a little from the logit's.
    positive = reading.probability >= 0.5
    curve = caches.computed(
        "faithful",
        (reading.text, reading.kept),
        lambda: explanations.faithfulness(network, reading.ids, shares, 1.0 if positive else -1.0),
        is_own(reading.text),
        in_words=False,
    )
    with place.picture:
        figure = figures.deletion_curves(curve, caches.colours())
        charts.chart(figure, "faithful_chart", figures.deletion_alt(curve))
    place.sentence(why.faithful_sentence(curve, positive))
    with place.more():
        panels.prose(why.about_the_test())


# ---- Change a word ------------------------------------------------------------------------------


@page.panel("change", keys=("change_view", "other", "pair_one", "pair_other"), widths=WIDE)
def change(place: stage.Stage) -> exercises.Screen | None:
    """Change the text, by hand or by rule, or two words by "not", and show what it does."""
    players.put_away("word")
    if "change_view" not in st.session_state and "other" in st.query_params:
        choose("change_view", lesson.CHANGE[1])
    with place.beside:
        view = control.select("change_view", say("What is shown"), lesson.CHANGE, format_func=say)
    if view == lesson.CHANGE[0]:
        what_not_does(place)
        return None
    reading = field(place, small=True)
    if reading is None:
        return None
    edit_and_compare(place, reading)
    return screen(reading)


def what_not_does(place: stage.Stage) -> None:
    """Show a word and its opposite, each without and with "not", live from the network."""
    with place.beside:
        verdicts.style()
        one = control.text("pair_one", say("A word"), max_chars=negation.LONGEST)
        other = control.text("pair_other", say("Its opposite"), max_chars=negation.LONGEST)
        st.caption(
            say(
                "Both are read in “{frame}”, without and with “not”.",
                frame=negation.FRAME.format("_"),
            )
        )
        read_now = caches.computed(
            "two_by_two",
            (one, other),
            lambda: negation.two_by_two(caches.reader(), one, other),
            own=(one, other) == (lesson.START["pair_one"], lesson.START["pair_other"]),
            in_words=False,
        )
        if read_now is None:
            st.error(say("There is no word in this that could be read."))
    with place.picture:
        if read_now is None:
            verdicts.show_hint(say("Type two words that mean the opposite."))
        else:
            figure = negation.drawn(read_now, caches.colours())
            charts.chart(figure, "two_by_two", negation.alt(read_now))
    if read_now is not None:
        place.sentence(negation.sentence(read_now))


def edit_and_compare(place: stage.Stage, reading: Reading) -> None:
    """Change the text, by hand or by rule, and show both readings side by side."""
    changed_of = st.session_state.get("other_of")
    if changed_of != reading.text:
        # A new text begins with itself, unless the address brings a second one along.
        if changed_of is not None or "other" not in st.query_params:
            st.session_state.other = reading.text
        st.session_state.other_of = reading.text
    with place.beside:
        with st.container(horizontal=True, key="or_try"):
            for twin in twins(reading):
                st.button(
                    say(twin.name),
                    key=f"twin_{twin.name}",
                    on_click=apply,
                    args=(twin.text,),
                    disabled=not twin.text,
                    help=twin.change,
                )
        text = typed("other", say("The changed text"), reading.text, 68)
        changed = None if text is None else changed_text(reading)
        if changed is None and text is not None:
            st.error(say("There is no word in the changed text that could be read."))
    colours, results = caches.colours(), (measured(), failures())
    both = [(reading, say("As it was"))] + ([(changed, say("Changed"))] if changed else [])
    parts = [
        verdict_part(one, certainty(one, *results), colours, name, large=False)
        for one, name in both
    ]
    with place.picture:
        verdicts.show(picture(parts, colours))
    if changed:
        place.sentence(lesson.difference(reading, changed, changes(reading.text, changed.text)))


def apply(text: str) -> None:
    """Put a twin into the second field: the visitor chose the rule, so that it is a change of theirs."""
    st.session_state.other = text
    verdicts.bring_into_view()


# ---- Other readers ------------------------------------------------------------------------------


@page.panel("others", keys=("others_view", "other_reader"), widths=WIDE)
def other_opinions(place: stage.Stage) -> exercises.Screen | None:
    """Let every reader read the same text, one of them show how, and TensorFlow check ours."""
    players.put_away("word")
    reading = field(place)
    if reading is None:
        return None
    with place.beside:
        view = control.select("others_view", say("What is shown"), lesson.OTHERS, format_func=say)
    draw = {lesson.OTHERS[1]: one_of_the_lecture, lesson.OTHERS[2]: check_it}
    draw.get(view, all_opinions)(place, reading)
    return screen(reading)


def all_opinions(place: stage.Stage, reading: Reading) -> None:
    """Show what every reader says of the text."""
    opinions = caches.computed(
        "opinions",
        reading.text,
        lambda: others.opinions(scorers(), reading.text),
        is_own(reading.text),
        in_words=False,
    )
    with place.picture:
        figure = figures.opinions_chart(opinions, reading.verdict, caches.colours())
        charts.chart(figure, "opinions", figures.opinions_alt(opinions, reading.verdict))
    place.sentence(other_readers.agreement(opinions, reading))
    with place.more():
        panels.prose(other_readers.about_opinions(others.WORD_LIST in scorers()))


def one_of_the_lecture(place: stage.Stage, reading: Reading) -> None:
    """Colour the words by one of the lecture's networks, which the visitor chooses."""
    names = [name for name, one in scorers().items() if isinstance(one, LectureReader)]
    with place.beside:
        name = control.select("other_reader", say("Network"), names, format_func=say)
    model = scorers()[name]
    if not isinstance(model, LectureReader):
        return
    marks = caches.computed(
        "other_marks", (reading.text, name), lambda: model.marks(reading.text), is_own(reading.text)
    )
    colours = caches.colours()
    with place.picture:
        verdicts.show(
            f'<div class="sheet" data-picture="">{coloured_words(marks, colours)}'
            f'<div class="legend">{legend(colours)}</div></div>'
        )
    place.sentence(other_readers.about_lecture_model(model.model, marks))


def check_it(place: stage.Stage, reading: Reading) -> None:
    """Ask TensorFlow for its reading of the same text, in a process of its own."""
    asked: tuple[str, Future[Voucher]] | None = st.session_state.get("voucher")

    def ask() -> None:
        reader, visitor = caches.reader(), turns.visitor()
        coming = vouchers().submit(visitor, vouch, reader, reading.text)
        st.session_state.voucher = (reading.text, coming)
        verdicts.bring_into_view()

    waiting = asked is not None and not asked[1].done()
    with place.beside:
        st.button(
            say("Ask TensorFlow"),
            key="ask_tensorflow",
            on_click=ask,
            type="primary",
            disabled=waiting,
        )
        if asked is not None:
            again = LOOK_AGAIN if waiting else None
            panels.fragment(answer, run_every=again)(reading.text, waiting, *asked)
    voucher = None if asked is None or waiting else answered(reading.text, *asked)
    with place.picture:
        verdicts.show(other_readers.voucher_sheet(reading, voucher))
    place.sentence(
        other_readers.voucher_sentence(voucher)
        if voucher
        else say(
            "Keras on TensorFlow reads the same text with the same weights; to start it takes some "
            "seconds."
        )
    )


def answered(text: str, asked_for: str, coming: "Future[Voucher]") -> Voucher | None:
    """Return what TensorFlow said of this text; None if it was asked for another, or did not say."""
    if asked_for != text or coming.exception() is not None:
        return None
    return coming.result()


def answer(text: str, was_waiting: bool, asked_for: str, coming: "Future[Voucher]") -> None:
    """Say that TensorFlow is still being asked, or why it could not be."""
    if not coming.done():
        before = vouchers().place(coming)
        waits = standing(before) if before else say("TensorFlow is being asked ...")
        st.info(waits, icon=":material/hourglass_top:")
        return
    if was_waiting:
        # The picture stands outside of this fragment, and must learn that the answer is there.
        st.rerun()
    try:
        coming.result()
    except NoVoucherError as error:
        st.error(say("TensorFlow could not be asked: {error}", error=say(error.args[0])))
        return
    if asked_for != text:
        st.info(
            say("The answer was for the text before; ask again for this one."),
            icon=":material/info:",
        )


def choose(key: str, value: str) -> None:
    """Put a choice into a control that was not drawn yet, and into the address as it names options."""
    st.session_state.setdefault(key, value)
    st.query_params[key] = say(value)


def open_what_an_old_address_names() -> None:
    """Open the panel of what once stood below the verdict, chosen by ``reviews_tab``."""
    if tab := st.query_params.get("reviews_tab"):
        del st.query_params["reviews_tab"]
        for key, value in lesson.panel_of_old_tab(tab).items():
            if key == "panel":
                st.query_params[key] = value
            else:
                choose(key, value)


def take_the_sentence_of_the_room() -> None:
    """Put the sentence that a room has picked into the field, to be read."""
    sentence = views.sentence_to_read()
    if sentence is not None and st.session_state.get("text") != clean(sentence):
        players.put({"text": clean(sentence), "word": END})


open_what_an_old_address_names()
take_the_sentence_of_the_room()
page.show()

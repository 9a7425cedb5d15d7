"""Many reviews: a file or a pasted column, scored a slice at a time, and taken home."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.sentiment import bulk
from lstm_core.tables import Assumption, Options
from pages._app import caches, charts, downloads, learning, panels, reading, slices, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages._book.questions import Question
from pages.many import exercises, lesson
from pages.many.figures import histogram, histogram_alt

MOST_LOST = 3
control = Controls(lesson.START)


class Source(NamedTuple):
    """What is to be scored: its content, name and kind, the reviews' column, how it is written."""

    content: Callable[[], bytes]
    name: str
    kind: str
    column: str
    options: Options = Options()


class Live(slices.Work[tuple[bulk.Job, bulk.Scored]]):
    """A file that is scored: how far it is, and its rows so far.

    The folder goes when the visitor's session does.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.name = source.name
        self.rows = bulk.Scored()
        self.folder = tempfile.TemporaryDirectory(prefix="reviews-")
        self.job = bulk.begun(
            Path(self.folder.name), source.content(), source.kind, source.column, source.options
        )

    @property
    def over(self) -> bool:
        """Whether all rows are done, or the file cannot be scored."""
        return self.job.over

    def next_slice(self) -> Callable[[], tuple[bulk.Job, bulk.Scored]]:
        """Score further rows for a while."""
        return partial(bulk.advanced, self.job, slices.SECONDS)

    def take(self, result: tuple[bulk.Job, bulk.Scored]) -> None:
        """Put the rows of a slice behind the others."""
        self.job, rows = result
        self.rows.add(rows)
        self.lost = 0

    def lose(self) -> None:
        """Count a slice that was lost; after too many in a row the work ends."""
        super().lose()
        if self.lost > MOST_LOST:
            self.job = replace(self.job, error=lesson.LOST)


@st.cache_resource(max_entries=1, show_spinner=False)
def example() -> Live:
    """Score the example once for all visitors; it is small."""
    live = Live(example_file())
    live.take(bulk.advanced(live.job, slices.SECONDS))
    live.take(bulk.advanced(live.job, slices.SECONDS, caches.reader()))
    live.stop()
    return live


def example_file() -> Source:
    """Return the example that is shown until there is a file of the visitor's own."""
    return Source(lambda: lesson.EXAMPLE_FILE, lesson.EXAMPLE_NAME, "csv", lesson.EXAMPLE_COLUMN)


def start(source: Source | None) -> None:
    """Begin a visitor's file; one that is under way is given up."""
    if source is not None:
        st.session_state.many_live = Live(source)


def source_of_reviews() -> Source | None:
    """Let the visitor choose a file or paste a column; None until there is something in it."""
    kind = control.choice(
        "many_source", say("What to score"), lesson.SOURCES, format_func=say, wrap=True
    )
    if kind == lesson.EXAMPLE:
        return example_file()
    if kind == lesson.PASTE:
        pasted = st.text_area(
            say("One review a line"),
            height=160,
            key="many_pasted",
            max_chars=lesson.LONGEST_PASTE,
            persist_state="page",
            placeholder=say(lesson.PLACEHOLDER),
        )
        content = (pasted or "").encode("utf-8", "replace")
        return Source(lambda: content, "pasted.txt", "txt", "text") if content.strip() else None
    file = st.file_uploader(say("A file, up to 50 MB"), type=lesson.FILES, key="many_file")
    options = reading.decided(control, "many")
    forget_the_column_of_another(file.file_id if file is not None else "")
    columns, likeliest, _ = head_of_the_file()
    column = reading.choose(
        control,
        "many_column",
        say(bulk.COLUMN_FIELD),
        {name: name[:60] for name in columns},
        likeliest[:60],
        first=say("please choose") if columns and not likeliest else "",
    )
    if file is None:
        return None
    return Source(file.getvalue, file.name, lesson.kind_of(file.name), column, options)


def forget_the_column_of_another(file: str) -> None:
    """Let go the column of another file; the address may name the one of the first."""
    before = st.session_state.get("many_file_read", "")
    if file:
        st.session_state["many_file_read"] = file
    if before and file and before != file:
        st.session_state["many_column"] = lesson.START["many_column"]


def head_of_the_file() -> tuple[list[str], str, tuple[Assumption, ...]]:
    """Return the columns of the file that was chosen, the likeliest one, and what was assumed."""
    file = st.session_state.get("many_file")
    if file is None or control.now("many_source") != lesson.UPLOAD:
        return [], "", ()
    options = reading.decided(control, "many")
    return caches.computed(
        "many_head",
        (file.file_id, options),
        lambda: bulk.columns_of(file.getvalue(), lesson.kind_of(file.name), options),
    )


def controls(place: stage.Stage) -> None:
    """Let the visitor choose what is scored, begin, cancel and go on."""
    source = source_of_reviews()
    live = own_file()
    with st.container(horizontal=True):
        st.button(
            say("Score them"),
            key="many_start",
            type="primary",
            on_click=slices.pressed(partial(start, source)),
            disabled=source is None or (live is not None and live.running),
        )
        if live is not None and live.running:
            st.button(say("Cancel"), key="many_cancel", on_click=slices.pressed(live.stop))
        elif live is not None and not live.over:
            st.button(say("Go on"), key="many_resume", on_click=slices.pressed(live.resume))
    slices.run_again()
    uploads = control.now("many_source") == lesson.UPLOAD
    # Controls have to be drawn, for the address holds what is drawn; what is read is drawn when opened.
    more = place.more() if uploads else place.more_if_wanted(control, ())
    if more is None:
        return
    with more:
        if uploads:
            st.markdown(f"##### {say('How your file is read')}")
            reading.controls(control, "many", head_of_the_file()[2])
            st.caption(say(lesson.ABOUT_A_TABLE))
        st.markdown(f"##### {say('The example')}")
        st.code(lesson.EXAMPLE_FILE.decode("utf-8"), language=None, wrap_lines=True)
        st.markdown(f"##### {say('Larger files, many files: the command line')}")
        st.markdown(lesson.command_line())
        st.code(lesson.COMMANDS, language="bash")


def own_file() -> Live | None:
    """Return the visitor's own file; None without one."""
    live: Live | None = st.session_state.get("many_live")
    return live


def shown() -> exercises.Scoring:
    """Return the rows of the visitor's own file once they are done, else those of the example."""
    live = own_file() or example()
    rows = bulk.Scored() if live.running else live.rows
    return exercises.Scoring(rows, own=own_file() is not None)


def quiz(state: exercises.Scoring) -> Sequence[Question]:
    """Ask about the file that was scored; about the example while nothing of it is known."""
    return exercises.quiz(state) or exercises.quiz(exercises.Scoring(example().rows, own=False))


def taken_home() -> downloads.TakenHome:
    """Return the histogram, and the programs that score some of the texts."""
    live = own_file() or example()
    texts = lesson.texts_of(live.job, live.rows) if live.rows.lines else []
    return downloads.TakenHome(
        lesson.taken_home(live.rows), lesson.scored_again(texts), "histogram"
    )


page = stage.Page(chapters.MANY, {}, exercises.TOUR, exercises.QUESTS, quiz, shown, taken_home)


@page.panel(
    "many",
    keys=(
        "many_source",
        "many_column",
        "many_encoding",
        "many_separator",
        "many_skip",
        "many_headings",
        "many_sheet",
    ),
)
def many(place: stage.Stage) -> exercises.Scoring:
    """Score a file, and see how its probabilities spread."""
    with place.beside:
        controls(place)
    often = slices.interval(own_file())
    # The example stands still: it needs no parts that look again by themselves.
    parts = (draw, how_far)
    if own_file() is not None:
        parts = tuple(panels.fragment(part, run_every=often) for part in parts)
    for part, where in zip(parts, (place.picture, place.below), strict=True):
        with where:
            part()
    return shown()


def draw() -> None:
    """Let the visitor's file go on, and draw it; without one the example is drawn."""
    live = own_file() or example()
    with slices.followed(live):
        if live.job.error:
            st.error(lesson.problem(live.name, live.job.error))
        if live.job.done or not live.job.error:
            counts = lesson.tenths(live.rows)
            figure = histogram(counts, caches.colours(), live.name)
            charts.chart(figure, "many_histogram", histogram_alt(counts))
        learning.notice_quests(chapters.MANY, exercises.QUESTS, shown())


def how_far() -> None:
    """Say how far a file is, and what is known of it."""
    live = own_file() or example()
    job = live.job
    if job.done:
        panels.prose(lesson.summary(live.rows))
    if own_file() is None or job.error:
        return
    if job.total < 0:
        st.progress(0.0, lesson.reading_rows(live.name))
    else:
        st.progress(job.done / job.total, lesson.how_far(live.name, job, live.running))
    slices.say_whose_turn(live)
    if assumed := reading.told(job.assumptions):
        st.caption(f"**{say('Assumed of your file')}**\n\n{assumed}")
    st.caption(say(lesson.LOST_BY_RELOADING))


@page.panel("rows", keys=("many_kinds", "many_words"))
def rows(place: stage.Stage) -> exercises.Scoring:
    """Look through the rows that are done, filter them, and take them home."""
    live = own_file() or example()
    done = live.rows
    with place.beside:
        kinds = control.several("many_kinds", say("Show only"), lesson.FILTERS, format_func=say)
        words = control.text("many_words", say("With these characters in the text"), max_chars=200)
        scored = live.job.folder / bulk.SCORED
        st.download_button(
            lesson.download_label(live.job.done),
            lambda: scored.read_bytes() if scored.exists() else b"",
            "scored.csv",
            "text/csv",
            key="many_download",
            on_click="ignore",
            type="primary",
            disabled=live.running or not live.job.done,
            help=say(lesson.ABOUT_THE_DOWNLOAD),
        )
        for caution in lesson.cautions(done):
            st.warning(caution, icon=":material/warning:")
        if remarks := lesson.remarks(done):
            st.caption(remarks)
    frame, matching = lesson.filtered(done, kinds or [], words or "")
    with place.picture:
        st.dataframe(
            # Where no row was scored, a column of nothing is no column of numbers.
            pd.DataFrame(
                frame
                | {
                    "positive": 100.0 * pd.Series(frame["positive"], dtype=float),
                    "stars": pd.Series(frame["stars"], dtype=float),
                }
            ),
            hide_index=True,
            height="stretch",
            placeholder="",
            column_config={
                **{name: say(name) for name in frame},
                "verdict": st.column_config.TextColumn(say("verdict"), width="medium"),
                "positive": charts.percentage(say("positive")),
                "text": st.column_config.TextColumn(say("text"), width="large"),
            },
        )
    counted = lesson.shown(len(frame["line"]), matching, len(done.lines))
    place.sentence(f"**{lesson.named(live.name)}**: {counted}")
    return shown()


page.show()

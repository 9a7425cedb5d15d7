"""Many reviews: a file or a pasted column, scored a slice at a time, and taken home."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lstm_core.sentiment import bulk
from pages._app import caches, chapter, charts, downloads, learning, panels, slices
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.many import exercises, lesson
from pages.many.figures import histogram, histogram_alt

MOST_LOST = 3
control = Controls(lesson.START)


class Source(NamedTuple):
    """What is to be scored: its content, name and kind, and the column that holds the reviews."""

    content: Callable[[], bytes]
    name: str
    kind: str
    column: str


class Live(slices.Work[tuple[bulk.Job, bulk.Scored]]):
    """A file that is scored: how far it is, and its rows so far.

    The folder goes when the visitor's session does.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.name = source.name
        self.rows = bulk.Scored()
        self.folder = tempfile.TemporaryDirectory(prefix="reviews-")
        column = source.column.strip() or "text"
        self.job = bulk.begun(Path(self.folder.name), source.content(), source.kind, column)

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


def start(source: Source) -> None:
    """Begin a visitor's file; one that is under way is given up."""
    st.session_state.many_live = Live(source)


def source_of_reviews() -> Source | None:
    """Let the visitor choose a file or paste a column; None until there is something in it."""
    kind = control.choice(
        "many_source", say("What to score"), lesson.SOURCES, format_func=say, wrap=True
    )
    if kind == lesson.EXAMPLE:
        st.code(lesson.EXAMPLE_FILE.decode("utf-8"), language=None, wrap_lines=True)
        return example_file()
    if kind == lesson.PASTE:
        pasted = st.text_area(
            say("One review a line"),
            height=160,
            key="many_pasted",
            max_chars=lesson.LONGEST_PASTE,
            placeholder=say(lesson.PLACEHOLDER),
        )
        content = (pasted or "").encode("utf-8", "replace")
        return Source(lambda: content, "pasted.txt", "txt", "text") if content.strip() else None
    file = st.file_uploader(
        say("A .csv, .jsonl or .txt file, up to 50 MB"), type=list(lesson.KINDS), key="many_file"
    )
    column = control.text("many_column", say(bulk.COLUMN_FIELD), max_chars=200)
    st.caption(say(lesson.ABOUT_A_TABLE))
    if file is None:
        return None
    return Source(file.getvalue, file.name, lesson.kind_of(file.name), column)


def controls() -> None:
    """Let the visitor choose what is scored, begin, cancel and go on."""
    source = source_of_reviews()
    live: Live | None = st.session_state.get("many_live")
    with st.container(horizontal=True):
        st.button(
            say("Score them"),
            key="many_start",
            type="primary",
            on_click=start,
            args=(source,),
            disabled=source is None or (live is not None and live.running),
        )
        if live is not None and live.running:
            st.button(say("Cancel"), key="many_cancel", on_click=live.stop)
        elif live is not None and not live.over:
            st.button(say("Go on"), key="many_resume", on_click=live.resume)


def progress() -> None:
    """Let the visitor's file go on, and show it; without one the example is shown."""
    live: Live = st.session_state.get("many_live") or example()
    with slices.followed(live):
        how_far(live)


def how_far(live: Live) -> None:
    """Show how far a file is and what is known of it."""
    job = live.job
    if job.error:
        st.error(lesson.problem(live.name, job.error))
    elif job.total < 0:
        st.progress(0.0, lesson.reading_rows(live.name))
    else:
        st.progress(job.done / job.total, lesson.how_far(live.name, job, live.running))
    slices.say_whose_turn(live)
    if "many_live" in st.session_state and not job.error:
        st.caption(say(lesson.LOST_BY_RELOADING))
    if job.done:
        table(live)


def table(live: Live) -> None:
    """Show the rows that are done, their histogram and filters, and offer them for download."""
    rows, colours = live.rows, caches.colours()
    for caution in lesson.cautions(rows):
        st.warning(caution, icon="⚠️")
    st.markdown(lesson.summary(rows))
    counts = lesson.tenths(rows)
    charts.chart(histogram(counts, colours), "many_histogram", histogram_alt(counts))
    kinds = control.several("many_kinds", say("Show only"), lesson.FILTERS, format_func=say)
    words = st.text_input(say("With these characters in the text"), key="many_words", max_chars=200)
    frame, matching = lesson.filtered(rows, kinds or [], words or "")
    st.dataframe(
        pd.DataFrame(frame),
        hide_index=True,
        column_config={
            **{name: say(name) for name in frame},
            "positive": st.column_config.ProgressColumn(
                say("positive"), format="percent", min_value=0, max_value=1
            ),
            "text": st.column_config.TextColumn(say("text"), width="large"),
        },
    )
    st.caption(lesson.shown(len(frame["line"]), matching, len(rows.lines)))
    scored = live.job.folder / bulk.SCORED
    st.download_button(
        lesson.download_label(live.job.done),
        scored.read_bytes,
        "scored.csv",
        "text/csv",
        key="many_download",
        on_click="ignore",
        type="primary",
        disabled=live.running,
    )
    st.caption(say(lesson.ABOUT_THE_DOWNLOAD))


@panels.fragment
def your_turn() -> None:
    """Ask about the file that was scored, and offer the code that does it."""
    live: Live = st.session_state.get("many_live") or example()
    rows = bulk.Scored() if live.running else live.rows
    state = exercises.Scoring(rows, own="many_live" in st.session_state)
    learning.exercises(chapters.MANY, exercises.quiz(state), exercises.QUESTS, state)
    if rows.lines and (texts := lesson.texts_of(live.job, rows)):
        downloads.take_home(
            "many", lesson.taken_home(rows), lesson.scored_again(texts), "histogram"
        )


chapter.begin(chapters.MANY, {}, exercises.TOUR)
with panels.panel("many"):
    left, right = st.columns([2, 3], gap="large")
    with left:
        controls()
        with st.expander(say("Larger files, many files: the command line")):
            st.markdown(lesson.command_line())
            st.code(lesson.COMMANDS, language="bash")
    live = st.session_state.get("many_live")
    with right:
        panels.fragment(progress, run_every=slices.interval(live))()
your_turn()

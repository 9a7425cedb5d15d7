"""Many reviews: a file or a pasted column, scored a slice at a time, and taken home."""

import tempfile
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from lstm_core.figures.report import histogram, histogram_alt
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import many as lesson
from lstm_core.lessons.exercises import many as exercises
from lstm_core.lessons.waiting import standing
from lstm_core.sentiment import bulk
from pages import _learning, _parts

SLICE = 0.8
MOST_LOST = 3
LOOK_AGAIN = 0.5
Given = tuple[Callable[[], bytes], str, str]


@dataclass
class Live:
    """A visitor's own file: how far it is, its rows so far, and the slice that is being computed.

    The folder goes when the visitor's session does.
    """

    job: bulk.Job
    folder: "tempfile.TemporaryDirectory[str]"
    name: str
    rows: bulk.Scored = field(default_factory=bulk.Scored)
    running: bool = True
    lost: int = 0
    coming: "Future[tuple[bulk.Job, bulk.Scored]] | None" = None


def go_on(live: Live) -> None:
    """Take what has been computed, and ask for the next slice."""
    if live.coming is not None and live.coming.done():
        try:
            live.job, fresh = live.coming.result()
            live.rows.add(fresh)
            live.lost = 0
        except CancelledError:
            # The visitor asked for something else meanwhile; the slice is asked for again.
            pass
        except BrokenProcessPool:
            # The slice is computed again; nothing else was lost.
            live.lost += 1
        live.coming = None
    if live.lost > MOST_LOST:
        live.job = replace(live.job, error=lesson.LOST)
    if live.job.over:
        live.running = False
    if live.running and live.coming is None:
        visitor = _parts.visitor()
        live.coming = _parts.turns().submit(visitor, bulk.advanced, live.job, SLICE)


@st.cache_resource(max_entries=1, show_spinner=False)
def example() -> Live:
    """Score the example once for all visitors; it is small."""
    folder = tempfile.TemporaryDirectory(prefix="reviews-")
    job = bulk.begun(Path(folder.name), lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN)
    reader = _parts.reader()
    job, _ = bulk.advanced(job, SLICE)
    job, rows = bulk.advanced(job, SLICE, reader)
    return Live(job, folder, lesson.EXAMPLE_NAME, rows, running=False)


def start(content: Callable[[], bytes], name: str, kind: str, column: str) -> None:
    """Begin a visitor's file; one that is under way is given up."""
    folder = tempfile.TemporaryDirectory(prefix="reviews-")
    job = bulk.begun(Path(folder.name), content(), kind, column.strip() or "text")
    st.session_state.many_live = Live(job, folder, name)


def cancel() -> None:
    """Stop; the rows that are done stay."""
    st.session_state.many_live.running = False


def resume() -> None:
    """Go on with the rows that are left."""
    st.session_state.many_live.running = True


def controls() -> None:
    """Let the visitor choose a file or paste a column, and begin."""
    source = st.segmented_control(
        say("What to score"), lesson.SOURCES, default=lesson.SOURCES[0], key="many_source",
        required=True, bind="query-params", format_func=say, wrap=True,
    ) or lesson.SOURCES[0]  # fmt: skip
    if source == lesson.EXAMPLE:
        st.code(lesson.EXAMPLE_FILE.decode("utf-8"), language=None, wrap_lines=True)
        given: Given | None = (lambda: lesson.EXAMPLE_FILE, lesson.EXAMPLE_NAME, "csv")
        column = lesson.EXAMPLE_COLUMN
    elif source == lesson.PASTE:
        pasted = st.text_area(
            say("One review a line"), height=160, key="many_pasted",
            max_chars=lesson.LONGEST_PASTE, placeholder=say(lesson.PLACEHOLDER),
        )  # fmt: skip
        content = (pasted or "").encode("utf-8", "replace")
        given, column = (
            ((lambda: content, "pasted.txt", "txt") if content.strip() else None),
            "text",
        )
    else:
        file = st.file_uploader(
            say("A .csv, .jsonl or .txt file, up to 50 MB"),
            type=list(lesson.KINDS),
            key="many_file",
        )
        column = st.text_input(
            say(bulk.COLUMN_FIELD), "text", key="many_column", bind="query-params", max_chars=200
        )
        st.caption(say(lesson.ABOUT_A_TABLE))
        given = None
        if file is not None:
            given = (file.getvalue, file.name, lesson.kind_of(file.name))
    live: Live | None = st.session_state.get("many_live")
    with st.container(horizontal=True):
        st.button(
            say("Score them"), key="many_start", type="primary", on_click=start,
            args=(*given, column) if given else None,
            disabled=given is None or (live is not None and live.running),
        )  # fmt: skip
        if live is not None and live.running:
            st.button(say("Cancel"), key="many_cancel", on_click=cancel)
        elif live is not None and not live.job.over:
            st.button(say("Go on"), key="many_resume", on_click=resume)


def progress() -> None:
    """Show how far the visitor's file is, and what is known of it."""
    live: Live = st.session_state.get("many_live") or example()
    was_running = live.running
    go_on(live)
    job = live.job
    if job.error:
        st.error(lesson.problem(live.name, job.error))
    elif job.total < 0:
        st.progress(0.0, lesson.reading_rows(live.name))
    else:
        st.progress(job.done / job.total, lesson.how_far(live.name, job, live.running))
    if live.running:
        st.caption(standing(_parts.turns().place(live.coming)))
    if "many_live" in st.session_state and not job.error:
        st.caption(say(lesson.LOST_BY_RELOADING))
    if job.done:
        table(live)
    if was_running and not live.running:
        # The buttons stand outside of this fragment, and must learn that the work is over.
        st.rerun()


def table(live: Live) -> None:
    """Show the rows that are done, their histogram and filters, and offer them for download."""
    rows, colours = live.rows, _parts.colours()
    for caution in lesson.cautions(rows):
        st.warning(caution, icon="⚠️")
    st.markdown(lesson.summary(rows))
    counts = lesson.tenths(rows)
    _parts.chart(histogram(counts, colours), "many_histogram", histogram_alt(counts))
    kinds = st.pills(
        say("Show only"), lesson.FILTERS, selection_mode="multi", key="many_kinds",
        bind="query-params", format_func=say,
    )  # fmt: skip
    wanted = st.text_input(
        say("With these characters in the text"), key="many_words", max_chars=200
    )
    frame, matching = lesson.filtered(rows, kinds or [], wanted or "")
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


@_parts.fragment
def learning() -> None:
    """Ask about the file that was scored, and offer the code that does it."""
    live: Live = st.session_state.get("many_live") or example()
    rows = bulk.Scored() if live.running else live.rows
    state = exercises.Scoring(rows, own="many_live" in st.session_state)
    _learning.exercises(chapters.MANY, exercises.quiz(state), exercises.QUESTS, state)
    if rows.lines and (texts := lesson.texts_of(live.job, rows)):
        _parts.take_home(
            "many", lesson.taken_home(rows), lesson.code(texts), "histogram",
            lesson.keras_code(texts), lesson.torch_code(texts),
        )  # fmt: skip


_parts.heading(chapters.MANY)
_learning.tour(chapters.MANY, exercises.TOUR)
with _parts.panel("many"):
    left, right = st.columns([2, 3], gap="large")
    with left:
        controls()
        with st.expander(say("Larger files, many files: the command line")):
            st.markdown(lesson.command_line())
            st.code(lesson.COMMANDS, language="bash")
    live = st.session_state.get("many_live")
    with right:
        again = LOOK_AGAIN if live is not None and live.running else None
        _parts.fragment(progress, run_every=again)()
learning()

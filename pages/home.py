"""The home page: what the app is, what the visitor has reached, and the lecture's own order."""

import contextlib

import streamlit as st

from pages._app import lecture, panels, progress
from pages._book.chapters import CHAPTERS, LECTURE
from pages._book.language import plural, say


def show_chapters() -> None:
    """Show every chapter with its question, and what of it the visitor has reached."""
    reached = progress.by_chapter()
    for place, chapter in enumerate(CHAPTERS):
        # A row of its own for each two keeps their order where a phone stacks the columns.
        if place % 2 == 0:
            columns = st.columns(2)
        with columns[place % 2].container(border=True, height="stretch"):
            panels.link(chapter.file, f"**{say(chapter.title)}**", "➡️")
            st.markdown(f"*{say(chapter.question)}*\n\n{say(chapter.summary)}")
            if reached[chapter.path]:
                st.caption(f"🏁 {progress.in_words(reached[chapter.path])}")


def show_progress() -> None:
    """Offer what the visitor has reached as a file, and take such a file back."""
    st.subheader(say("Your progress"))
    st.markdown(progress.summary())
    left, right = st.columns(2, gap="large", vertical_alignment="bottom")
    left.download_button(
        say("Download your progress"),
        progress.exported(),
        "progress.json",
        "application/json",
        key="progress_download",
        on_click="ignore",
        disabled=not progress.achieved(),
    )
    file = right.file_uploader(
        say("Go on from a file of progress"),
        type="json",
        key="progress_file",
        max_upload_size=1,
        on_change=bring_back,
    )
    if file is None:
        return
    count: int | None = st.session_state.brought_back
    if count is None:
        right.error(say("This is no file of progress from this app; nothing was changed."))
        return
    right.success(
        plural(
            "The file says that one thing was reached; it is here now.",
            "The file says that {count} things were reached; they are here now.",
            count,
        )
    )


def bring_back() -> None:
    """Take what a file says before the page is drawn, so that all of it shows what was reached."""
    st.session_state.brought_back = None
    file = st.session_state.progress_file
    if file is not None:
        with contextlib.suppress(ValueError):
            st.session_state.brought_back = progress.bring_back(file.getvalue())


def show_topics() -> None:
    """Say where each topic of the lecture comes to life."""
    st.subheader(say("From the lecture to the pages"))
    head = " | ".join((say("Topic of the lecture"), say("Where"), say("What to do there")))
    rows = (
        f"| {say(topic.name)} | "
        + (f"[{say(topic.chapter.title)}]({topic.chapter.path})" if topic.chapter else "–")
        + f" | {say(topic.where)} |"
        for topic in LECTURE
    )
    st.markdown(f"| {head} |\n| --- | --- | --- |\n" + "\n".join(rows))
    st.caption(
        say(
            "On the pages with steps, the left and right arrow keys step. The address in the "
            "browser holds what you chose: copy it to come back to it."
        )
    )


def show_plan() -> None:
    """Show the lecture slide by slide, when it is opened."""
    title = say("The lecture: every slide in its order, with minutes and notes")
    with st.expander(title, key="plan", on_change="rerun", bind="query-params") as plan:
        if plan.open:
            lecture.plan()


st.title(say("Inside an LSTM"))
subtitle = say(
    "See a recurrent network compute, step through it, break it, and let a trained one read your review."
)
st.markdown(f"#### {subtitle}")
panels.prose(
    say(
        "**The code that you step through is the code that reads the review.** There is one LSTM in "
        "this app, written in NumPy to be read. It runs on three numbers on the page of the cell, and "
        "with the weights that a training left on the page that reads reviews."
    )
)
show_chapters()
show_progress()
show_topics()
show_plan()

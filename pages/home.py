"""The home page: what the app is, what the visitor has reached, and the lecture's own order."""

import contextlib
from urllib.parse import quote

import streamlit as st

from pages._app import assets, caches, lecture, menu, panels, players, progress
from pages._book import chapters
from pages._book.chapters import LECTURE, ON_THE_MAP
from pages._book.first_cell import SEQUENCE, first_cell
from pages._book.language import plural, say
from pages._book.player import Run, player_data
from pages._book.sequences import parse_numbers
from pages._book.slides import CUTS, PANELS
from pages._book.thumbnails import thumbnail
from pages._book.walks import LSTM


@panels.fragment
def show_cell() -> None:
    """Show one cell at work, playing by itself."""
    colours = caches.colours()

    def stepped() -> Run:
        labels, inputs = parse_numbers(SEQUENCE)
        cell = first_cell()
        run = player_data(LSTM, cell, cell.run(inputs), labels, [0], 0, colours)
        return Run(run | {"small": True})

    data = caches.remembered("home_cell", colours, stepped, own=True)
    players.player("home_step", data, "home_unit")


def show_doors() -> None:
    """Open the three ways into the app."""

    def label(name: str, more: str) -> str:
        return f"**{name}** {more}"

    with st.container(key="door_lecture"):
        lecture.link_to_slide(
            0,
            label(say("Start the lecture"), say("45, 90 or 97 minutes, by clicker")),
            ":material/slideshow:",
        )
    with st.container(key="door_explore"):
        explore = label(say("Explore"), say("Begin with one cell and a few numbers"))
        panels.link(chapters.CELL.file, explore, ":material/explore:")
    with st.container(key="door_review"):
        review = label(say("Paste a review"), say("See the verdict, and which words decide"))
        panels.link(chapters.REVIEWS.file, review, ":material/rate_review:")


def show_map() -> None:
    """Show the chapters in the lecture's order, each with a small picture.

    The links are Streamlit's own, so that what the visitor has reached is kept from page to page.
    """
    reached = progress.by_chapter()
    colours = caches.colours()

    def pictures() -> assets.Style:
        rules = "".join(
            f".st-key-map > :nth-child({place}) {{ --picture: "
            f'url("data:image/svg+xml,{quote(thumbnail(chapter.path, colours))}"); }}'
            for place, chapter in enumerate(ON_THE_MAP, start=1)
        )
        return assets.Style(rules)

    css = caches.remembered("home_map", colours, pictures, own=True)
    st.html(css)
    with st.container(key="map"):
        for place, chapter in enumerate(ON_THE_MAP, start=1):
            done = " ✔" if reached[chapter.path] else ""
            question = say(chapter.question)
            if done:
                question += f" ({progress.in_words(reached[chapter.path])})"
            menu.page_link(
                chapter.file,
                label=f"{place}. {say(chapter.title)}{done}",
                hint=question,
                stretch=True,
            )


def show_progress() -> None:
    """Offer what the visitor has reached as a file, and take such a file back."""
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


@panels.fragment
def show_topics() -> None:
    """Say where each topic of the lecture comes to life, when it is opened."""
    title = say("Topics of the lecture, and where to find them")
    with st.expander(title, key="topics", on_change="rerun") as topics:
        if topics.open:
            list_topics()


def list_topics() -> None:
    """List the topics, each with a link."""
    panels.prose(
        say(
            "**The lecture** is “Applications of Neural Networks with Long Short-Term Memory (LSTM)”. "
            "This app shows each of its topics at work, and corrects what is wrong in it."
        )
    )
    head = " | ".join((say("Topic of the lecture"), say("Where"), say("What to do there")))
    rows = (
        f"| {say(topic.name)} | [{say(topic.chapter.title)}: "
        f"{say(PANELS[topic.chapter][topic.panel])}]({topic.chapter.path}?panel={topic.panel}) "
        f"| {say(topic.where)} |"
        for topic in LECTURE
    )
    st.markdown(f"| {head} |\n| --- | --- | --- |\n" + "\n".join(rows))
    st.caption(
        say(
            "Where something is stepped, the left and right arrow keys step it. The address in the "
            "browser holds what you chose: copy it to come back to it."
        )
    )


@panels.fragment
def show_plan() -> None:
    """Show the lecture slide by slide, when it is opened."""
    if st.session_state.pop("cut_chosen", False):
        # The way into the lecture, above, is that of another cut.
        st.rerun()
    title = say("The lecture: every slide in its order, with minutes and notes")
    with st.expander(title, key="plan", on_change="rerun", bind="query-params") as plan:
        if plan.open:
            st.segmented_control(
                say("How long is the lecture?"),
                list(CUTS),
                default=lecture.cut(),
                key="cut",
                bind="query-params",
                required=True,
                format_func=lambda one: say(CUTS[one]),
                on_change=lambda: st.session_state.update(cut_chosen=True),
            )
            lecture.plan()


with st.container(key="home"):
    words, picture = st.columns([5, 8], gap="large")
    with words:
        st.title(say("See what an LSTM remembers"), anchor=False)
        panels.prose(
            say(
                "An LSTM is a neural network that reads step by step. Its gates set what is kept and "
                "what is forgotten. Step through one cell, send an error back in time, and let a "
                "trained network read your review."
            )
        )
        show_doors()
    with picture:
        show_cell()
    show_map()
show_plan()
show_topics()
with st.expander(say("Your progress"), key="progress", on_change="rerun") as own_progress:
    if own_progress.open:
        show_progress()

"""Lecture mode: the same panels in large type, a clicker, cuts of the lecture, a QR code.

The address holds all of it: ``mode``, ``panel``, ``controls``, ``slide``, ``cut``, and ``hide``, which
names controls that nobody shall see. Notes are for the lecturer and stand in the presenter's view
(``presenter``), never on the projector.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages._app import menu, settings
from pages._app.assets import Style, asset, sheet
from pages._app.room import views
from pages._book.chapters import Chapter
from pages._book.language import say
from pages._book.qr import is_local, qr_code
from pages._book.slides import (
    CUTS,
    PANELS,
    SLIDES,
    Slide,
    minutes_before,
    places_of,
    title_of,
)

KEPT_IN_ADDRESS = ("lang", "hide", "cut")
"""What goes along from slide to slide."""
SWITCHES = ("controls",)
"""The bar's own: Streamlit keeps it when the page becomes another one, and only then."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")

_KEYS = st.components.v2.component("keys", html="<div></div>", js=asset("keys.js"))


def lecturing() -> bool:
    """Say whether the lecture mode is on."""
    return bool(st.session_state.get("lecturing"))


def has_stops() -> bool:
    """Say whether a slide is open whose panel the clicker steps: it begins at its first step."""
    place: int | None = st.session_state.get("slide")
    return lecturing() and place is not None and bool(SLIDES[place].stops)


def dress() -> None:
    """In lecture mode, dress the page for the projector, before anything is drawn."""
    sheets: tuple[str, ...] = ()
    if lecturing() and not settings.embedded():
        sheets = ("lecture.css",) if _on("controls") else ("lecture.css", "lecture_bare.css")
    st.html(sheet(*sheets))


def asking(chapter: Chapter, panel: str) -> Slide | None:
    """Return the slide that is open on a panel, if it asks the room something."""
    place: int | None = st.session_state.get("slide")
    slide = None if place is None or not lecturing() else SLIDES[place]
    is_shown = slide is not None and (slide.chapter, slide.panel) == (chapter, panel)
    return slide if slide is not None and is_shown and slide.asks else None


def hide_the_answer(chapter: Chapter, panel: str) -> None:
    """Hide the answer to what a slide asks until the browser says that it is shown (``keys.js``).

    It is hidden before it is drawn, in what steps in the browser too (``--asking``).
    """
    rules = ""
    if asking(chapter, panel):
        here = f"html:not([data-answered='{st.session_state.slide}'])"
        places = ":is(.st-key-stage_below, .st-key-stage_picture:has(> * > .st-key-asked))"
        hidden = f"{here} :is({places} > :not(:has(> .st-key-asked)), [class*='st-key-answer'])"
        rules = (
            f"{here} {{ --asking: on; }} {hidden} {{ opacity: 0; }} "
            f":is({hidden}, {hidden} *) {{ visibility: hidden !important; }} "
            f"{here} .st-key-asked {{ display: flex !important; }}"
        )
    # Without rules it is there too, so that what follows keeps its place from slide to slide.
    st.html(Style(rules))


def hide_controls_of_the_address() -> None:
    """Hide the controls that ``?hide=key,key`` names, for a page made for one lesson."""
    names = [n for n in st.query_params.get("hide", "").split(",") if NAME.fullmatch(n)]
    if names:
        chosen = ", ".join(f".st-key-{name}" for name in names)
        st.html(f"<style>{chosen} {{ display: none !important; }}</style>")


def open_the_slide_of_the_address() -> None:
    """Open the panel of a slide, once, when the address names another slide.

    The page puts the slide's values into its controls (``stage``).
    """
    number = st.query_params.get("slide", "")
    place = int(number[:4]) - 1 if number.isdecimal() else -1
    if not 0 <= place < len(SLIDES):
        st.session_state.pop("slide", None)
    elif st.session_state.get("slide") != place:
        slide = SLIDES[place]
        st.session_state.slide = place
        st.session_state.panel, st.session_state.panel_of = slide.panel, slide.chapter.path
        st.session_state.panel_chosen = True
        st.session_state.slide_opened = slide


def link_to_slide(
    place: int, label: str, icon: str | None = None, here: Chapter | None = None
) -> None:
    """Link to a slide of the lecture from a page; the browser goes there as it goes to any page."""
    kept = KEPT_IN_ADDRESS + (SWITCHES if SLIDES[place].chapter == here else ())
    _link_to_slide(place, label, _of_the_address(kept), icon)


def _of_the_address(keys: Sequence[str]) -> dict[str, str]:
    address = st.query_params.to_dict()
    return {key: address[key] for key in keys if key in address}


def _link_to_slide(
    place: int, label: str, kept: Mapping[str, str], icon: str | None = None
) -> None:
    query = {**kept, "mode": "lecture", "slide": str(place + 1)}
    menu.page_link(SLIDES[place].chapter.file, label=label, icon=icon, query=query)


def show(chapter: Chapter | None, in_rooms: bool = True) -> None:
    """Listen to the keys; in lecture mode, show its bar as well.

    Args:
        chapter: the page that is open; None on a page that is no chapter.
        in_rooms: whether the page leads or follows, if a room is open.
    """
    at = _slide_now(chapter)
    if lecturing() and not settings.embedded():
        with st.bottom, st.container(key="lecture", gap=None):
            _bar(chapter, at)
    slide = None if at is None else SLIDES[at]
    _KEYS(
        key="keys",
        data={
            "lecture": lecturing(),
            "projection": st.session_state.get("projection", 1.0),
            "shown": [chapter.path if chapter else "", st.session_state.get("panel", ""), at],
            "stops": list(slide.stops) if slide else [],
            "asks": slide.asks if slide else "",
            "cut": cut(),
        },
        on_projection_change=_projected,
    )
    if in_rooms:
        _room(chapter)


def _room(chapter: Chapter | None) -> None:
    """Lead a room, or follow one; nothing is drawn where there is none."""
    if not lecturing():
        views.follow()
    elif not settings.embedded():
        panel = PANELS.get(chapter, {}).get(st.session_state.get("panel", "")) if chapter else None
        title = ": ".join(say(one) for one in (chapter.title if chapter else "", panel) if one)
        views.lead(chapter, title)


def _projected() -> None:
    """Take from the browser how large its screen is, for the type of figures."""
    st.session_state.projection = float(st.session_state["keys"]["projection"])


def _on(key: str) -> bool:
    """Say whether a switch of the bar is on; at first the address says so, before it is drawn."""
    return bool(st.session_state.get(key, st.query_params.get(key) == "true"))


def cut() -> str:
    """Return which cut of the lecture is given, by its minutes; all of it if none was chosen."""
    asked = st.query_params.get("cut", "")
    return asked if asked in CUTS else next(iter(CUTS))


def _bar(chapter: Chapter | None, at: int | None) -> None:
    """Let the lecturer go from slide to slide."""
    before, after = _neighbours(at, chapter)
    with st.container(horizontal=True, vertical_alignment="center", key="lecture_bar"):
        with st.container(key="slide_back", width="content"):
            if before is not None:
                link_to_slide(before, say("Back"), ":material/skip_previous:", chapter)
        if at is not None:
            places = places_of(cut())
            number = places.index(at) + 1 if at in places else at + 1
            st.caption(say("{at} of {count}", at=number, count=len(places)), width="content")
        st.toggle(say("Controls"), key="controls", bind="query-params", persist_state="session")
        st.button("QR", icon=":material/qr_code_2:", key="qr_open", on_click=_ask_for_qr_code)
        views.open_button()
        st.link_button(say("Notes"), views.presenters_address(), icon=":material/speaker_notes:")
        with st.container(key="slide_on", width="content"):
            if after is not None:
                link_to_slide(after, say("Go on"), ":material/skip_next:", chapter)
    if st.session_state.pop("qr_wanted", False):
        _show_qr_code()


def _ask_for_qr_code() -> None:
    st.session_state.qr_wanted = True


def _show_qr_code() -> None:
    """Show the address of what is on the screen as a QR code, large."""

    @st.dialog(say("This page, as you see it"), width="large")
    def large() -> None:
        st.html(_qr_code(_address()))

    large()


def _address() -> str:
    """Return the address that the visitor's browser shows; "" if none has told it."""
    values = {key: st.query_params.get_all(key) for key in st.query_params}
    query = urlencode(values, doseq=True)
    return (st.context.url or "") + (f"?{query}" if query else "")


def _qr_code(address: str) -> str:
    """Write a QR code and its address beside it as HTML."""
    code = qr_code(address)
    picture, line = "", say("This address is too long for a QR code.")
    if code:
        picture = f'<img class="code" src="{escape(code)}" alt="{escape(say("QR code of the address of this page"))}">'
        line = address
    lines = [line]
    if is_local(address):
        lines.append(
            say(
                "This address works on this machine alone; open the app by the machine's own "
                "address for others to follow."
            )
        )
    text = "".join(f"<p>{escape(one)}</p>" for one in lines)
    return f'<div class="qr">{picture}<div class="address">{text}</div></div>'


def _slide_now(chapter: Chapter | None) -> int | None:
    """Return the slide that is shown, from 0; it ends when the page or the panel is another one."""
    at: int | None = st.session_state.get("slide")
    if at is not None and (SLIDES[at].chapter, SLIDES[at].panel) != (
        chapter,
        st.session_state.get("panel"),
    ):
        st.session_state.slide_left = st.session_state.pop("slide")
        at = None
    settings.write("slide", "" if at is None else str(at + 1))
    return at


def _neighbours(at: int | None, chapter: Chapter | None) -> tuple[int | None, int | None]:
    """Return the slides before and after in this cut.

    Who left the slides, to show another panel, goes back to the slide that was left, and on to the
    one after it; who was on none begins with the chapter's first.
    """
    places = places_of(cut())
    was: int | None = st.session_state.get("slide_left")
    if at is None and was is None:
        own = [place for place in places if SLIDES[place].chapter == chapter]
        return None, own[0] if own else places[0]
    here = was if at is None else at
    before = [place for place in places if place < (here or 0) or (place == was and at is None)]
    after = [place for place in places if place > (here or 0)]
    return (before[-1] if before else None), (after[0] if after else None)


def plan() -> None:
    """List the slides of the cut that was chosen, with their minutes and notes."""
    chosen = cut()
    places = places_of(chosen)
    st.markdown(
        say(
            "{count} slides, {whole:g} minutes in all. Page keys and arrows go on and back, one idea "
            "a press; with Shift the arrows go through every step. End and Home leave steps out.",
            count=len(places),
            whole=minutes_before(len(SLIDES), chosen),
        )
    )
    kept, begun = _of_the_address(KEPT_IN_ADDRESS), 0.0
    for number, place in enumerate(places, start=1):
        slide = SLIDES[place]
        _link_to_slide(place, f"{number}. {title_of(slide)}", kept)
        time = say("minute {start:g}, {minutes:g} min", start=begun, minutes=slide.minutes)
        st.caption(f"**{time}** · {say(slide.note)}")
        begun += slide.minutes

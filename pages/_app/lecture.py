"""Lecture mode: one panel at a time in large type, a clicker, notes with timing, a QR code.

Style sheets show the pages in another way, so that a page knows nothing of the lecture mode but
the names of its panels. The address holds all of it: ``mode``, ``panel``, ``controls``,
``slide``, and ``hide``, which names controls that nobody shall see.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages._app import assets, settings
from pages._book.chapters import Chapter
from pages._book.language import say
from pages._book.qr import is_local, qr_code
from pages._book.slides import PANELS, SLIDES, Slide, minutes_before

CONTROLS = (
    "stSlider",
    "stSelectbox",
    "stTextInput",
    "stTextArea",
    "stNumberInput",
    "stButtonGroup",
    "stCheckbox",
    "stMultiSelect",
    "stFileUploader",
    "stDownloadButton",
    "stPopover",
    "stForm",
)
"""What counts as a control, by Streamlit's own names."""
PICTURES = (
    '[data-testid="stPlotlyChart"]',
    '[data-testid="stHtml"]',
    '[data-testid="stTable"]',
    '[data-testid="stDataFrame"]',
    '[data-testid^="stBidiComponent"]',
    '[data-testid="stAlert"]',
    ".katex-display",
)
"""Selectors of pictures: a column that holds one stays, though controls stand in it too."""
TEXTS = ("stMarkdown", "stHeading", "stCode", "stMetric", "stImage", "stProgress")
"""Texts, by Streamlit's own names: a row of a panel that holds one stays as well."""
KEPT = ("panel_learn", "lecture", "tour", "settings")
"""Containers whose controls stay, since a lecturer needs them to answer and to go on."""
KEPT_IN_ADDRESS = ("lang", "hide")
"""Query parameters that a link carries along from slide to slide."""
SWITCHES = ("controls", "notes")
"""Query parameters of the bar's switches; to another page Streamlit itself carries them along."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")

_CLICKER = st.components.v2.component("clicker", html="<div></div>", js=assets.asset("clicker.js"))


def lecturing() -> bool:
    """Say whether the lecture mode is on."""
    return bool(st.session_state.get("lecturing"))


def hide_controls_of_the_address() -> None:
    """Hide the controls that ``?hide=key,key`` names, for a page made for one lesson."""
    names = [n for n in st.query_params.get("hide", "").split(",") if NAME.fullmatch(n)]
    if names:
        chosen = ", ".join(f".st-key-{name}" for name in names)
        st.html(f"<style>{chosen} {{ display: none !important; }}</style>")


def open_the_slide_of_the_address() -> None:
    """Put a slide's values into the controls, once, when the address names another slide."""
    number = st.query_params.get("slide", "")
    place = int(number[:4]) - 1 if number.isdecimal() else -1
    if not 0 <= place < len(SLIDES):
        st.session_state.pop("slide", None)
    elif st.session_state.get("slide") != place:
        slide = SLIDES[place]
        st.session_state.slide = place
        st.session_state.panel, st.session_state.panel_of = slide.panel, slide.chapter
        st.session_state.slide_opened = slide


def link_to_slide(
    place: int, label: str, icon: str | None = None, here: Chapter | None = None
) -> None:
    """Link to a slide of the lecture from a page; the browser goes there as it goes to any page."""
    slide = SLIDES[place]
    kept = KEPT_IN_ADDRESS + (SWITCHES if slide.chapter == here else ())
    address = {key: st.query_params[key] for key in kept if key in st.query_params}
    st.page_link(
        slide.chapter.file,
        label=label,
        icon=icon,
        query_params={**address, "mode": "lecture", "slide": str(place + 1)},
    )


def show_one_panel(chapter: Chapter | None) -> None:
    """Draw the lecture's bar, and hide all panels but the one that is shown."""
    bare = not _on("controls")
    with st.bottom, st.container(key="lecture", gap=None):
        panel = _bar(chapter)
    rules = [assets.asset("lecture.css")]
    if panel:
        shown = f".st-key-panel_{panel}"
        others = f'[class*="st-key-panel_"]:not({shown})'
        wrapped = f'[data-testid="stLayoutWrapper"]:has(> {others})'
        rules.append(f"{others}, {wrapped} {{ display: none !important; }}")
        # It and all that it lies in are as tall as the screen lets them be.
        rules.append(f".block-container :is({shown}, :has({shown})) {{ flex: 1 0 auto; }}")
    if bare:
        rules.extend(_without_controls())
    st.html(f"<style>{' '.join(rules)}</style>")
    _CLICKER(
        key="clicker",
        data={
            "projection": st.session_state.get("projection", 1.0),
            "shown": [chapter.path if chapter else "", panel, st.session_state.get("slide")],
        },
        on_projection_change=_projected,
    )


def _projected() -> None:
    """Take from the browser how large its screen is, for the type of figures."""
    st.session_state.projection = float(st.session_state.clicker["projection"])


def _on(key: str) -> bool:
    """Say whether a switch of the bar is on; at first the address says so, before it is drawn."""
    return bool(st.session_state.get(key, st.query_params.get(key) == "true"))


def _without_controls() -> list[str]:
    """Return rules that hide controls, the gaps that they leave, and columns of nothing else.

    A column that has a text besides its controls stays, as narrow as the text lets it be.
    """
    kept = "".join(f":not(.st-key-{name} *)" for name in KEPT)
    # The buttons of a stepper stay, for the clicker presses them.
    steps = ':not([class*="_next"]):not([class*="_previous"])'
    controls = ", ".join(f'[data-testid="{name}"]' for name in CONTROLS)
    shown = ", ".join((*PICTURES, '[class*="_next"]'))
    column = f'.stMain [data-testid="stColumn"]:has({controls}):not(:has({shown})){kept}'
    text = ':has([data-testid="stMarkdown"] [data-testid="stMarkdownContainer"])'
    texts = ", ".join(f'[data-testid="{name}"]' for name in TEXTS)
    row = '.stMain [class*="st-key-panel_"] [data-testid="stLayoutWrapper"]'
    hidden = (
        f".stMain .stElementContainer:has({controls}){kept}",
        f".stMain :is({controls}){kept}",
        f'.stMain [data-testid="stLayoutWrapper"]:has(> [data-testid="stPopover"]){kept}',
        f'.stMain .stElementContainer{steps}:has(> [data-testid="stButton"]){kept}',
        f'.stMain :is([class*="_home"], [class*="_change"]){kept}',
        f"{column}:not({text})",
        f'{row}:has({controls}, [data-testid="stButton"]):not(:has({shown}, {texts})){kept}',
    )
    return [f"{selector} {{ display: none; }}" for selector in hidden] + [
        f"{column} {{ flex: 0 1 15rem; min-width: 0; }}"
    ]


def _bar(chapter: Chapter | None) -> str:
    """Let the lecturer go from slide to slide; returns the panel that is shown."""
    panels = PANELS.get(chapter, {}) if chapter else {}
    # The address names the panel when a page is opened; from then on the choice does.
    if st.session_state.get("panel") not in panels or st.session_state.get("panel_of") != chapter:
        named = st.query_params.get("panel", "")
        st.session_state.panel = named if named in panels else next(iter(panels), "")
        st.session_state.panel_of = chapter
    at = _slide_now(chapter)
    if _on("notes"):
        with st.container(key="slide_notes"):
            st.markdown(_notes(at))
    before, after = _neighbours(at, chapter)
    panel = ""
    with st.container(horizontal=True, vertical_alignment="center", key="lecture_bar"):
        with st.container(key="slide_back", width="content"):
            if before is not None:
                link_to_slide(before, say("Back"), ":material/skip_previous:", chapter)
        if panels:
            panel = st.selectbox(
                say("Panel"),
                list(panels),
                key="panel",
                format_func=lambda name: say(panels[name]),
                label_visibility="collapsed",
            )
        settings.write("panel", panel)
        st.toggle(say("Controls"), key="controls", bind="query-params", persist_state="session")
        st.toggle(say("Notes"), key="notes", bind="query-params", persist_state="session")
        st.button("QR", icon=":material/qr_code_2:", key="qr_open", on_click=_ask_for_qr_code)
        with st.container(key="slide_on", width="content"):
            if after is not None:
                link_to_slide(after, say("Go on"), ":material/skip_next:", chapter)
    if st.session_state.pop("qr_wanted", False):
        _show_qr_code()
    return panel


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
        st.session_state.panel,
    ):
        st.session_state.pop("slide")
        at = None
    settings.write("slide", "" if at is None else str(at + 1))
    return at


def _neighbours(at: int | None, chapter: Chapter | None) -> tuple[int | None, int | None]:
    """Return the slides before and after; off the slides, the chapter's own first one is next."""
    if at is not None:
        return (at - 1 if at else None), (at + 1 if at + 1 < len(SLIDES) else None)
    own = [place for place, slide in enumerate(SLIDES) if slide.chapter == chapter]
    return None, own[0] if own else (0 if SLIDES else None)


def _notes(at: int | None) -> str:
    """Return what to say at this slide, and how the time stands, in a line or two."""
    if at is None:
        return say("Not a slide of the lecture's order: “Go on” opens the next one.")
    slide: Slide = SLIDES[at]
    time = say(
        "**Slide {at} of {count}** · {minutes:g} min, from minute {start:g} of {whole:g}",
        at=at + 1,
        count=len(SLIDES),
        minutes=slide.minutes,
        start=minutes_before(at),
        whole=minutes_before(len(SLIDES)),
    )
    return f"{time} · {say(slide.note)}"


def plan() -> None:
    """List the slides of the lecture, with their minutes and notes."""
    st.markdown(
        say(
            "{count} slides, {whole:g} minutes in all. Right, left and the page keys step, and at the "
            "last step go on to the next slide; up and down scroll; End and Home leave the steps out.",
            count=len(SLIDES),
            whole=minutes_before(len(SLIDES)),
        )
    )
    for place, slide in enumerate(SLIDES):
        title = say(PANELS[slide.chapter][slide.panel])
        link_to_slide(place, f"{place + 1}. {say(slide.chapter.title)}: {title}")
        time = say(
            "minute {start:g}, {minutes:g} min", start=minutes_before(place), minutes=slide.minutes
        )
        st.caption(f"**{time}** · {say(slide.note)}")

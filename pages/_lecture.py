"""Lecture mode: one panel at a time in large type, a clicker, notes with timing, a QR code.

Everything is seen to by style sheets on the pages as they are, so that a page knows nothing of it
but the names of its panels. The address holds all of it: ``mode``, ``panel``, ``controls``,
``slide``, and ``hide``, which names controls that nobody shall see.
"""

from __future__ import annotations

import re

import streamlit as st

from lstm_core.language import say
from lstm_core.lessons.chapters import Chapter
from lstm_core.lessons.lecture import PANELS, SLIDES, Slide, minutes_before
from pages import _parts, _settings

CONTROLS = (
    "stSlider", "stSelectbox", "stTextInput", "stTextArea", "stNumberInput", "stButtonGroup", "stToggle",
    "stCheckbox", "stMultiSelect", "stFileUploader", "stButton", "stForm", "stExpander", "stPopover",
)  # fmt: skip
"""What counts as a control, by Streamlit's own names."""
KEPT = ("panel_learn", "lecture", "tour", "settings")
"""Containers whose controls stay: to answer, to go on."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")

_CLICKER = st.components.v2.component(
    "clicker", html="<div></div>", js=(_parts.ASSETS / "clicker.js").read_text(encoding="utf-8")
)
_QR = st.components.v2.component(
    "qr",
    html="<div class='qr'></div>",
    css=".qr svg { width: min(70vmin, 420px); height: auto; background: #fff; } .qr p { overflow-wrap: anywhere; font-family: var(--st-font); color: var(--st-text-color); }",
    # The library is a module of its own; here it is put before what uses it.
    js=re.sub(
        r"^export (default \w+;)?",
        "",
        (_parts.ASSETS / "vendor" / "qrcode.mjs").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    + (_parts.ASSETS / "qr.js").read_text(encoding="utf-8"),
)


def lecturing() -> bool:
    """Say whether the lecture mode is on."""
    return bool(st.session_state.get("lecturing"))


def hide_controls_of_the_address() -> None:
    """Hide the controls that ``?hide=key,key`` names, for a page made for one lesson."""
    names = [n for n in st.query_params.get("hide", "").split(",") if NAME.fullmatch(n)]
    if names:
        chosen = ", ".join(f".st-key-{name}" for name in names)
        st.html(f"<style>{chosen} {{ display: none !important; }}</style>")


def go_where_the_lecturer_pointed() -> None:
    """Open the slide that a button chose; the switch of pages must happen in the script itself."""
    place = st.session_state.pop("go_to_slide", None)
    if place is None:
        return
    slide = SLIDES[place]
    st.session_state.pop("panel_of", None)
    for key in slide.sets:
        # What the visitor chose before on that page would win over the slide.
        st.session_state.pop(key, None)
    st.switch_page(
        slide.chapter.file,
        query_params={
            **{key: say(value) for key, value in slide.sets.items()},
            "mode": "lecture",
            "panel": slide.panel,
            "slide": str(place + 1),
            **kept_of_the_address(),
        },
    )


def kept_of_the_address() -> dict[str, str]:
    """Return what goes along from slide to slide."""
    return {k: st.query_params[k] for k in ("lang", "controls", "hide") if k in st.query_params}


def show_one_panel(chapter: Chapter | None) -> None:
    """Draw the lecture's bar, and hide all panels but the one that is shown."""
    bare = not st.session_state.get("controls")
    with st.bottom, st.container(key="lecture"):
        panel = _bar(chapter)
    rules = ["html { font-size: 125%; }", ".block-container { max-width: 100%; }"]
    if panel:
        rules.append(
            f'[class*="st-key-panel_"]:not(.st-key-panel_{panel}) {{ display: none !important; }}'
        )
    if bare:
        rules.extend(_without_controls())
    st.html(f"<style>{' '.join(rules)}</style>")
    _CLICKER(key="clicker")


def _without_controls() -> list[str]:
    """Return rules that hide controls, and columns in which nothing else stands."""
    apart = "".join(f":not(.st-key-{name} *)" for name in KEPT)
    # Streamlit's own buttons for stepping stay, for the clicker presses them.
    steps = ':not(:has([class*="_next"])):not(:has([class*="_previous"]))'
    rules = [
        f'.stMain [data-testid="{name}"]{apart} {{ display: none; }}' for name in CONTROLS[:-4]
    ]
    rules += [
        f'.stMain .stElementContainer:not([class*="_next"]):not([class*="_previous"]) > [data-testid="{name}"]{apart} {{ display: none; }}'
        for name in CONTROLS[-4:]
    ]
    rules.append(
        f'.stMain [data-testid="stColumn"]:has([data-testid="stSlider"], [data-testid="stSelectbox"], [data-testid="stButtonGroup"])'
        f':not(:has([data-testid="stPlotlyChart"], [data-testid="stHtml"], [data-testid="stTable"], .stBidiComponent)){steps}{apart} {{ display: none; }}'
    )
    return rules


def _bar(chapter: Chapter | None) -> str:
    """Let the lecturer go from slide to slide; returns the panel that is shown."""
    panels = PANELS.get(chapter, {}) if chapter else {}
    # The address names the panel when a page is opened; from then on the choice does.
    if st.session_state.get("panel") not in panels or st.session_state.get("panel_of") != chapter:
        named = st.query_params.get("panel", "")
        st.session_state.panel = named if named in panels else next(iter(panels), "")
        st.session_state.panel_of = chapter
    at = _slide_now()
    if at is not None and (SLIDES[at].chapter != chapter):
        at = None
        st.query_params.pop("slide", None)
    back, which, controls, notes, code, forth = st.columns(
        [2, 4, 2, 2, 2, 2], vertical_alignment="bottom"
    )
    before, after = _neighbours(at, chapter)
    back.button(
        say("Back"), key="slide_back", icon="⏮", on_click=_go, args=(before,), disabled=before is None,
        width="stretch",
    )  # fmt: skip
    forth.button(
        say("Go on"), key="slide_on", icon="⏭", on_click=_go, args=(after,), disabled=after is None,
        width="stretch", type="primary",
    )  # fmt: skip
    panel = ""
    if panels:
        with which:
            panel = st.selectbox(
                say("Panel"), list(panels), key="panel",
                format_func=lambda name: say(panels[name]), on_change=_leave_slide,
                label_visibility="collapsed",
            )  # fmt: skip
    _settings.write("panel", panel)
    controls.toggle(say("Controls"), key="controls", bind="query-params")
    with notes.popover(say("Notes"), icon="🗒️", width="stretch"):
        _notes(at)
    with code.popover("QR", icon="📱", width="stretch"):
        _QR(
            data={
                "local": say("This address works on this machine alone; open the app by the machine's own address for others to follow."),
                "long": say("This address is too long for a QR code."),
                "alt": say("QR code of the address of this page"),
            },
            key="qr",
        )  # fmt: skip
    return panel


def _slide_now() -> int | None:
    """Return the slide that the address names, from 0."""
    number = st.query_params.get("slide", "")
    if number.isdecimal() and 0 < int(number[:4]) <= len(SLIDES):
        return int(number[:4]) - 1
    return None


def _neighbours(at: int | None, chapter: Chapter | None) -> tuple[int | None, int | None]:
    """Return the slides before and after; off the slides, the chapter's own first one is next."""
    if at is not None:
        return (at - 1 if at else None), (at + 1 if at + 1 < len(SLIDES) else None)
    own = [place for place, slide in enumerate(SLIDES) if slide.chapter == chapter]
    return None, own[0] if own else (0 if SLIDES else None)


def _go(place: int) -> None:
    """Remember which slide is wanted."""
    st.session_state.go_to_slide = place


def _leave_slide() -> None:
    """A panel chosen by hand is no slide of the order."""
    st.query_params.pop("slide", None)


def _notes(at: int | None) -> None:
    """Show what to say at this slide, and how the time stands."""
    if at is None:
        st.markdown(say("Not a slide of the lecture's order: “Go on” opens the next one."))
    else:
        slide: Slide = SLIDES[at]
        st.markdown(
            say(
                "**Slide {at} of {count}** · {minutes:g} min, from minute {start:g} of {whole:g}",
                at=at + 1, count=len(SLIDES), minutes=slide.minutes, start=minutes_before(at),
                whole=minutes_before(len(SLIDES)),
            )
        )  # fmt: skip
        st.markdown(say(slide.note))
    st.caption(say("Arrow and page keys step, and at the last step go on to the next slide."))
    st.selectbox(
        say("Go to slide"), range(len(SLIDES)), index=at, key=f"slide_chosen_{at}",
        format_func=_slide_title, on_change=lambda: _go(st.session_state[f"slide_chosen_{at}"]),
    )  # fmt: skip


def _slide_title(place: int) -> str:
    slide = SLIDES[place]
    return f"{place + 1}. {say(slide.chapter.title)}: {say(PANELS[slide.chapter][slide.panel])}"

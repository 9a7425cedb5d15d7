"""The room on the pages: the projector leads it, a student's page follows, questions are offered.

Python never talks to a room: it hands the browser what to say, and the browser says it over its own
line (``assets/room.js``). Whoever is in no room gets none of this.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages._app import players, settings
from pages._app.assets import asset, sheet
from pages._app.turns import went_by_history
from pages._book import offers
from pages._book.chapters import REVIEWS, Chapter
from pages._book.language import mark, say, spoken
from pages._book.playing import messages
from pages._book.qr import is_local, qr_code
from pages._book.questions import Question
from pages._book.rooms.codes import TYPED
from pages._book.slides import SLIDES

DRAWN_BY = ("asking.js", "host.js"), ("asking.js", "follow.js")
_HOST = st.components.v2.component(
    "room_host", html="<div></div>", js=asset("room.js", *DRAWN_BY[0])
)
_FOLLOW = st.components.v2.component(
    "room_follow", html="<div></div>", js=asset("room.js", *DRAWN_BY[1])
)
_OFFERS = st.components.v2.component(
    "room_offers",
    html="<div></div>",
    js="export default ({ data }) => { window.roomOffers = data; };",
)
NO_PLACE = mark("This is no address: it needs a host, such as https://lecture.example.org.")


def begin() -> None:
    """Take the room from the address, and keep it there; call it at the start of each run."""
    asked = st.query_params.get("room", "")
    if TYPED.fullmatch(asked):
        st.session_state.room = asked.upper()
    settings.write("room", st.session_state.get("room", ""))


def is_led() -> bool:
    """Say whether this page leads a room: only then are questions made for it."""
    return bool(st.session_state.get("room") and st.session_state.get("lecturing"))


def is_following() -> bool:
    """Say whether this run was asked for by a room that the page follows, and not by the visitor."""
    in_room = st.session_state.get("room") and not st.session_state.get("lecturing")
    return bool(in_room and went_by_history())


# ---- The projector ------------------------------------------------------------------------------


def open_button() -> None:
    """Offer a room, in the bar of the lecture; if one is open, show its code again."""
    st.button(say("Room"), icon=":material/groups:", key="room_open", on_click=_ask_for_room)


def _ask_for_room() -> None:
    st.session_state.room_wanted = st.session_state.get("room_wanted", 0) + 1


def lead(chapter: Chapter | None, title: str) -> None:
    """Lead the room from a page in lecture mode, once one was asked for.

    Args:
        chapter: the page that is open; None on a page that is no chapter.
        title: of what is shown.
    """
    code, wanted = st.session_state.get("room", ""), st.session_state.get("room_wanted", 0)
    if not (code or wanted):
        return
    _HOST(
        key="room_host",
        data={
            **common(),
            "styles": asset("room.css"),
            "messages": messages(*DRAWN_BY[0]),
            "wanted": wanted,
            "page": chapter.path if chapter else "",
            "title": title,
            "places": _places(code) if code else [],
            "place": st.session_state.get("room_place", ""),
            "problem": st.session_state.get("room_problem", ""),
            "players": [
                k for k, v in st.session_state.to_dict().items() if isinstance(v, players.Place)
            ],
            "reads": chapter == REVIEWS,
            "reading": st.session_state.get("room_reading"),
        },
        on_opened_change=_opened,
        on_left_change=_left,
        on_placed_change=_placed,
        on_read_change=_read,
    )


def common() -> dict[str, Any]:
    """Return what every script of a room gets: where the app is served, the language, and the code."""
    return {
        "base": st.get_option("server.baseUrlPath") or "",
        "language": spoken(),
        "code": st.session_state.get("room", ""),
    }


def _opened() -> None:
    st.session_state.room = str(st.session_state["room_host"]["opened"])[:4]


def _left() -> None:
    for key in ("room", "room_wanted"):
        st.session_state.pop(key, None)
    st.query_params.pop("room", None)


def _placed() -> None:
    """Take the address that the lecturer typed for the QR code."""
    typed = str(st.session_state["room_host"]["placed"]).strip()[:200]
    st.session_state.room_place = typed
    st.session_state.room_problem = "" if not typed or _origin(typed) else say(NO_PLACE)


def _origin(typed: str) -> str:
    """Return scheme, host and path of an address that was typed; "" if it is none."""
    try:
        parts = urlsplit(typed if "://" in typed else f"http://{typed}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or any(sign in typed for sign in " <>\"'"):
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _places(code: str) -> list[dict[str, str]]:
    """Write the addresses under which students may find the room, each with its QR code."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    below = f"/{base}" if base else ""
    here = urlsplit(st.context.url or "http://localhost:8501")
    origin = f"{here.scheme}://{here.netloc}"
    origins = []
    if is_local(origin) and (own := address_on_the_network()):
        origins.append(f"{here.scheme}://{own}{f':{here.port}' if here.port else ''}{below}")
    origins.append(origin + below)
    if typed := _origin(st.session_state.get("room_place", "")):
        origins.insert(0, typed)
    whole = [f"{one}/room/{code}" for one in dict.fromkeys(origins)]
    return [{"address": one, "code": qr_code(one) or "", "warning": _warning(one)} for one in whole]


def _warning(address: str) -> str:
    return say("Works on this machine alone.") if is_local(address) else ""


def address_on_the_network() -> str:
    """Return this machine's address on the local network, as far as it knows one; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address that is reserved for documentation: the system says which way leads there.
            probe.connect(("192.0.2.1", 9))
            own = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if own.startswith(("127.", "0.")) else own


# ---- What the room can be asked -----------------------------------------------------------------


def offer(chapter: Chapter, panel: str, quiz: Callable[[], Sequence[Question]]) -> None:
    """Hand the browser the questions about what is shown, in case the lecturer asks one of them.

    Args:
        chapter: whose page it is.
        panel: that is open.
        quiz: makes the chapter's questions from what is on the screen.
    """
    if not is_led():
        return
    place: int | None = st.session_state.get("slide")
    slide = None if place is None else SLIDES[place]
    if slide is not None and (slide.chapter, slide.panel) != (chapter, panel):
        slide = None
    own = [offers.of_slide(slide, place or 0)] if slide is not None and slide.choices else []
    asked = st.session_state.get(f"asked_{chapter.path}") if panel == "learn" else None
    questions = list(quiz())
    if asked is not None:
        questions = [asked[2], *(one for one in questions if one.text != asked[2].text)]
    own += [
        offers.of_question(one, is_seen=panel == "learn" and not k)
        for k, one in enumerate(questions)
    ]
    _OFFERS(key="room_offers", data={"page": chapter.path, "of": panel, "offers": own})


# ---- A sentence of the room ---------------------------------------------------------------------


def _read() -> None:
    """Let the page of the reviews read the sentence that was picked."""
    report = st.session_state["room_host"]["read"]
    st.session_state.room_sentence = (int(report["id"]), str(report["text"])[:1000])
    st.session_state.room_reading = None


def sentence_to_read() -> str | None:
    """Return the sentence that the room waits for, once; for the page of the reviews."""
    waiting = st.session_state.get("room_sentence")
    if waiting is None or st.session_state.get("room_reading") is not None:
        return None
    return str(waiting[1])


def tell_reading(is_positive: bool) -> None:
    """Tell the room how its sentence was read."""
    waiting = st.session_state.pop("room_sentence", None)
    if waiting is not None:
        st.session_state.room_reading = {"id": waiting[0], "positive": is_positive}


def go_to_the_sentence(here: str) -> None:
    """Go to the page of the reviews, if a sentence waits there to be read."""
    if is_led() and here != REVIEWS.path and sentence_to_read() is not None:
        kept = {k: st.query_params[k] for k in ("lang", "cut") if k in st.query_params}
        st.switch_page(REVIEWS.file, query_params={**kept, "mode": "lecture", "panel": "verdict"})


# ---- A student's page ---------------------------------------------------------------------------


def follow() -> None:
    """Join the room of the address, and follow its lecturer."""
    if not st.session_state.get("room") or settings.embedded():
        return
    st.html(sheet("following.css"))
    _FOLLOW(
        key="room_follow",
        data={
            **common(),
            "styles": asset("room.css"),
            "messages": messages(*DRAWN_BY[1]),
            "asks": {
                str(place): {"text": say(slide.asks), "covers": slide.covers}
                for place, slide in enumerate(SLIDES)
                if slide.asks
            },
        },
        on_left_change=_left,
    )


def presenters_address() -> str:
    """Return the address of the presenter's view, without a room."""
    kept = {key: st.query_params[key] for key in ("lang", "cut") if key in st.query_params}
    return "/present?" + urlencode(kept)

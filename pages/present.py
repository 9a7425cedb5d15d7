"""The presenter's view: notes, clock and next slide, in a second window or on the phone of a room."""

import streamlit as st

from pages._app import lecture
from pages._app.assets import asset
from pages._app.room import views
from pages._book.language import say
from pages._book.playing import messages
from pages._book.slides import CUTS, SLIDES, places_of, title_of

_PRESENTER = st.components.v2.component(
    "presenter",
    html="""
<div class='presenter'>
  <p class='where' role='status'></p>
  <div class='time'><span class='clock'></span> <div class='plan'></div></div>
  <p class='note'></p>
  <p class='asking' role='status'></p>
  <p class='next'></p>
  <div class='buttons'>
    <button type='button' class='back'></button>
    <button type='button' class='on'></button>
    <button type='button' class='reset'></button>
  </div>
  <section class='driven'></section>
</div>
""",
    # What is asked is drawn as on the projector; the view's own buttons are larger.
    css=asset("room.css", "presenter.css"),
    js=asset("room.js", "asking.js", "presenter.js"),
)


def notes() -> list[dict[str, object]]:
    """List all slides in their order: title, note, and minutes."""
    return [
        {"title": title_of(slide), "note": say(slide.note), "minutes": slide.minutes}
        for slide in SLIDES
    ]


st.title(say("Presenter's view"))
_PRESENTER(
    data={
        **views.common(),
        "messages": messages("asking.js", "presenter.js"),
        "slides": notes(),
        "cuts": {cut: places_of(cut) for cut in CUTS},
        "cut": lecture.cut(),
        "says": {
            "waiting": say("No slide is shown yet."),
            "open": say("Open the lecture in another window of this browser; its notes come here."),
            "next": say("Next"),
            "last": say("That was the last slide."),
            "until": say("until minute {minute}"),
            "asking": say("The answer is hidden; the next press shows it."),
            "back": say("Back"),
            "on": say("Go on"),
            "reset": say("Start the clock"),
        },
    },
    key="presenter",
)

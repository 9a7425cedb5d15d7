"""The stage: a chapter shows one panel at a time, its picture first, what moves it beside it.

A page makes a ``Page``, gives it a function for each panel, and shows it. Only the open panel is
computed and sent. Which one is open stands in the address, ``?panel=``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._app import downloads, learning, lecture, panels, players, settings
from pages._app.bound import Controls
from pages._app.room import views
from pages._book.chapters import Chapter
from pages._book.exercises import Card, Quest
from pages._book.language import say
from pages._book.presets import Preset
from pages._book.questions import Question
from pages._book.slides import ALIASES, LEARN, PANELS, Slide

LEARNING = "learn"
"""The last panel of every chapter: it asks back."""
OF_THE_APP = {
    "lang",
    "mode",
    "slide",
    "cut",
    "controls",
    "hide",
    "tour",
    "room",
    "embed",
    "embed_options",
}
"""What an address may say that is no control of a chapter."""
WIDTHS = (3, 1)
"""The picture's share of the width, and that of what stands beside it."""


class Stage:
    """Where an open panel draws.

    Attributes:
        picture: the large place, on the left.
        beside: the column of controls, on the right; below the picture on a phone.
        below: for the one sentence that says what is to be seen, under both.
    """

    def __init__(self, widths: Sequence[float] = WIDTHS) -> None:
        """Lay the places out; without widths there is no column beside the picture."""
        with st.container(key="stage"):
            if widths:
                left, right = st.columns(list(widths), gap="small")
                self.beside = right.container(key="stage_beside", gap="small")
            else:
                left, self.beside = st.container(), st.container(key="stage_over")
            self.picture = left.container(key="stage_picture", gap="xsmall")
        self.below = st.container(key="stage_below", gap="xsmall")

    def more(self, label: str = "", key: str = "stage_more") -> DeltaGenerator:
        """Open a place behind a button in the column, for what is seldom changed."""
        return self.beside.popover(
            label or say("More"), icon=":material/tune:", key=key, width="stretch"
        )

    def more_if_wanted(self, control: Controls, keys: Sequence[str]) -> DeltaGenerator | None:
        """Open a place as ``more`` does, which costs nothing while nobody looks at what is in it.

        Args:
            control: of the page.
            keys: of the controls that stand in it.

        Returns:
            The place; None while it is closed and every control in it stands at its start. Any other
            value has to be drawn, for the address holds what is drawn.
        """
        popover = self.beside.popover(
            say("More"),
            icon=":material/tune:",
            key="stage_more",
            width="stretch",
            on_change="rerun",
        )
        is_changed = any(key in st.query_params or control.is_changed(key) for key in keys)
        return popover if popover.open or is_changed else None

    def sentence(self, text: str) -> None:
        """Say in one sentence what is to be seen, with live numbers; Markdown."""
        with self.below:
            panels.prose(text)


Draw = Callable[[Stage], Any]


@dataclass
class Page:
    """A chapter's page.

    Attributes:
        chapter: whose page it is.
        presets: of the chapter, by name; slides name them.
        tour: the cards of the guided tour.
        quests: checked on what an open panel returns, and in "Your turn".
        quiz: makes the questions from a state.
        state: computes, from the controls' values, what quests and questions are about; it is
            called in "Your turn", where no other panel has computed it.
        home: what is taken home: (columns, programs, name of the file); called when it is asked for.
    """

    chapter: Chapter
    presets: Mapping[str, Preset[Any]]
    tour: Sequence[Card]
    quests: Sequence[Quest[Any]]
    quiz: Callable[[Any], Sequence[Question]]
    state: Callable[[], Any]
    home: Callable[[], downloads.TakenHome] | None = None
    _drawn: dict[str, tuple[Draw, Sequence[float]]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def panel(
        self, name: str, keys: Sequence[str] = (), widths: Sequence[float] = WIDTHS
    ) -> Callable[[Draw], Draw]:
        """Register the function that draws a panel; for a decorator.

        The function takes the ``Stage``, and returns the state that quests are checked on, or None.

        Args:
            name: one of the chapter's panels.
            keys: controls that this panel alone has: an address that sets one of them and names no
                panel opens this one.
            widths: of picture and column; empty where the picture takes all.
        """

        def register(draw: Draw) -> Draw:
            self._drawn[name] = (draw, widths)
            self._keys.update(dict.fromkeys(keys, name))
            return draw

        return register

    def show(self) -> None:
        """Draw the page: the row of its title and panels, and the open panel."""
        self._put_the_slide()
        learning.open_the_card_of_the_address(self.chapter, self.tour, self._open_card)
        name = self._open_panel()
        self._head()
        lecture.hide_the_answer(self.chapter, name)
        with st.container(key=f"panel_{name}"):
            if name == LEARNING:
                self._take_the_address()
                self._your_turn()
            else:
                self._draw(name)

    @panels.fragment
    def _draw(self, name: str) -> None:
        draw, widths = self._drawn[name]
        place = Stage(widths)
        if asking := lecture.asking(self.chapter, name):
            with place.picture if asking.covers else place.below, st.container(key="asked"):
                st.markdown(say(asking.asks))
        state = draw(place)
        if state is not None:
            learning.notice_quests(self.chapter, self.quests, state)
        self._offer(name, state)

    def _offer(self, name: str, state: Any = None) -> None:
        """Hand a room that is led from here what it can be asked about what is shown."""
        views.offer(self.chapter, name, lambda: self.quiz(self.state() if state is None else state))

    def _take_the_address(self) -> None:
        """Draw panels unseen whose controls the address sets: a control takes its value when it is drawn.

        Panels share controls, so that each is drawn in a run of its own.
        """
        first = next(iter(self._drawn))
        tried: set[str] = st.session_state.setdefault(f"tried_{self.chapter.path}", set())
        waiting = [
            key for key in st.query_params if key not in st.session_state.keys() | OF_THE_APP
        ]
        owners = dict.fromkeys(self._keys.get(key, first) for key in waiting)
        if untried := [name for name in owners if name not in tried]:
            tried.add(untried[0])
            unseen = st.empty()
            with unseen.container(key="unseen"):
                self._drawn[untried[0]][0](Stage())
            unseen.empty()
            st.rerun()

    @panels.fragment
    def _your_turn(self) -> None:
        learning.your_turn(self.chapter, self.quiz, self.quests, self.state)
        self._offer(LEARNING)

    def _put_the_slide(self) -> None:
        """Put the values of the slide that was just opened into the controls."""
        slide: Slide | None = st.session_state.pop("slide_opened", None)
        if slide is None or slide.chapter != self.chapter:
            return
        if slide.preset:
            players.put(self.presets[slide.preset].sets)
        players.put(slide.sets)

    def _open_panel(self) -> str:
        """Return the open panel: the one that was chosen, or that the address asks for.

        The address asks when the visitor comes, and when the browser goes back to another one.
        """
        names = list(PANELS[self.chapter])
        state = st.session_state
        asked = st.query_params.get("panel", "")
        comes = state.get("panel_of") != self.chapter.path or state.get("panel") not in names
        went_back = not state.pop("panel_chosen", False) and asked != state.get("panel_written")
        if comes or went_back:
            named = ALIASES.get(asked, asked)
            state.panel = named if named in names else self._panel_of_the_controls(names)
            state.panel_of = self.chapter.path
            # What an address fulfils, the visitor has not done.
            state.values_were_put = True
        panel: str = state.panel
        # The first panel opens anyway. Another one is named even where a control of its own opens it:
        # a control that stands at its start leaves the address.
        opens_anyway = panel == names[0] == self._panel_of_the_controls(names)
        state.panel_written = "" if opens_anyway else panel
        settings.write("panel", state.panel_written)
        return panel

    def _panel_of_the_controls(self, names: Sequence[str]) -> str:
        """Return the panel whose control the address sets; the first one if it sets none."""
        owners = (self._keys[key] for key in st.query_params if key in self._keys)
        return next(owners, names[0])

    def _panel_of_the_card(self, card: Card) -> str:
        """Return the panel that a card of the tour speaks of; one that shows something, in any case."""
        names = list(PANELS[self.chapter])
        named = card.panel or card.cue.removeprefix("panel_")
        if named in names:
            return named
        owners = (self._keys[key] for key in (card.cue,) if key in self._keys)
        opened = st.session_state.get("panel")
        is_open = st.session_state.get("panel_of") == self.chapter.path and opened != LEARNING
        return next(owners, opened if is_open and opened in names else names[0])

    def _open_card(self, card: Card) -> None:
        st.session_state.panel = self._panel_of_the_card(card)
        st.session_state.panel_of, st.session_state.panel_chosen = self.chapter.path, True

    def _head(self) -> None:
        """Draw the row above the stage: title, question, panels, tour and what is taken home.

        What is shown inside of another page has the picture alone, and its title for who cannot see.
        """
        titles = PANELS[self.chapter]
        if settings.embedded():
            with st.container(key="chapter_embedded"):
                st.title(say(self.chapter.title), anchor=False)
            return
        with st.container(key="chapter", horizontal=True, vertical_alignment="center", gap="small"):
            st.title(say(self.chapter.title), anchor=False, width="content")
            st.markdown(say(self.chapter.question), width="content")
            with st.container(key="chapter_tools", horizontal=True, width="content", gap="xsmall"):
                learning.tour_button(self.chapter, self.tour, self._open_card)
                if self.home is not None:
                    downloads.take_home_button(self.chapter.path, self.home)
            with st.container(key="chapter_panels", horizontal=True, width="content", gap="xsmall"):
                st.segmented_control(
                    say("Panel"),
                    list(titles),
                    key="panel",
                    required=True,
                    format_func=lambda one: self._title(titles[one]),
                    label_visibility="collapsed",
                    on_change=lambda: st.session_state.update(panel_chosen=True),
                )
        learning.tour(self.chapter, self.tour, self._open_card)

    def _title(self, title: str) -> str:
        """Write a panel's title; behind "Your turn" stands a dot for each question that was answered."""
        return (
            f"{say(title)} {learning.score(self.chapter)}".strip() if title == LEARN else say(title)
        )

"""Learning by doing on a page: a guided tour on the real controls, questions, quests, mistakes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from pages._app import panels, players, progress
from pages._app.assets import asset
from pages._book.chapters import Chapter
from pages._book.exercises import Card, Quest
from pages._book.language import plural, say
from pages._book.misconceptions import BY_KEY, of_chapter
from pages._book.questions import Question

State = TypeVar("State")
ASKED = re.compile(r"\*\*(.+?)\*\*")
"""Finds what is bold in a card's text; the last of it is what the card asks the visitor to do."""
_CUE = st.components.v2.component(
    "tour", html="<div id='said' role='status'></div>",
    css="#said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }",
    js=asset("tour.js"),
)  # fmt: skip


def exercises(
    chapter: Chapter, questions: Sequence[Question], quests: Sequence[Quest[State]], state: State
) -> None:
    """Ask back, set quests, and show the mistakes that fit the page; call it in the fragment.

    Args:
        chapter: of the page.
        questions: computed from what is on the screen.
        quests: checked on ``state``, which is what is on the screen.
        state: whatever the chapter's quests take.
    """
    with panels.panel("learn"):
        st.subheader(say("Your turn"))
        for place, question in enumerate(questions):
            # A question about other numbers is another question, and not answered yet.
            asked = repr((question.text, question.choices, question.right)).encode()
            digest = hashlib.sha256(asked).hexdigest()[:12]
            name = question_name(chapter, place)
            ask(question, f"{name}/{digest}", name)
        if quests:
            st.markdown(f"##### {say('Quests')}")
        for quest in quests:
            _show(quest, quest_name(chapter, quest), state)
        mistakes(chapter)


def question_name(chapter: Chapter, place: int) -> str:
    """Return the name under which ``progress`` keeps that a question was answered right."""
    return f"{chapter.path}/question/{place + 1}"


def quest_name(chapter: Chapter, quest: Quest[Any]) -> str:
    """Return the name under which ``progress`` keeps that a quest was done."""
    return f"{chapter.path}/quest/{quest.key}"


def tour_name(chapter: Chapter) -> str:
    """Return the name under which ``progress`` keeps that a chapter's tour was walked."""
    return f"{chapter.path}/tour"


def _show(quest: Quest[State], name: str, state: State) -> None:
    """Show one quest, how far it is, and whether it is or ever was done."""
    done = quest.done(state)
    if done and progress.achieve(name):
        st.toast(say("Quest done: {task}", task=say(quest.task)), icon="🏁")
    was = name in progress.achieved()
    sign, word = ("🏁", say("Done.")) if was else ("⬜", say("Not yet."))
    st.markdown(
        f"{sign} **{say(quest.task)}**  \n{word} {quest.progress(state)}",
        help=say(quest.hint) or None,
    )


def mistakes(chapter: Chapter) -> None:
    """Show the mistakes that fit a page; each runs its counter-example when the card is open."""
    fitting = of_chapter(chapter)
    if not fitting:
        return
    title = say("Widespread mistakes about this page: {count}", count=len(fitting))
    with st.expander(title, key=f"mistakes_{chapter.path}", on_change="rerun") as card:
        if not card.open:
            return
        for one in fitting:
            st.markdown(
                f"✘ *{say('“{wrong}”', wrong=say(one.wrong))}*\n\n✔ {say(one.right)}\n\n🔬 {one.evidence()}"
            )
            if one.see:
                panels.link(one.chapters[0].file, say("See it"), "➡️", one.see)
            st.divider()


# ---- The tour -----------------------------------------------------------------------------------


def tour(chapter: Chapter, cards: Sequence[Card]) -> None:
    """Offer a guided tour of the page; call it right below the heading."""
    key = f"tour_{chapter.path}"
    at = _begun(key, cards)
    if at is None:
        st.button(
            plural("Guided tour: one card", "Guided tour: {count} cards", len(cards)),
            key=f"{key}_start", icon="🧭", on_click=_open, args=(key, cards, 0),
        )  # fmt: skip
        _bring_into_view("", f"{key}_start")
        return
    card = cards[at]
    fulfilled = _fulfilled(key, card)
    asks = card.done is not None
    waits, did = asks and not fulfilled, asks and fulfilled
    text = say(card.text)
    with st.container(key="tour", border=True, gap=None):
        title = f"**{say('{at} of {count}', at=at + 1, count=len(cards))} · {say(card.title)}**"
        if did:
            title = f"✔ {title}"
        with st.expander(title, expanded=True, key=f"{key}_text_{at + 1}"):
            st.markdown(text)
        if waits and (tasks := ASKED.findall(text)):
            # What to do stays in sight when the text is folded.
            with st.container(key="tour_task"):
                st.markdown(f"👉 **{tasks[-1]}**")
        with st.container(
            key="tour_row", horizontal=True, vertical_alignment="center", gap="xsmall"
        ):
            if asks:
                with st.container(key="tour_waits" if waits else "tour_done", width="content"):
                    st.markdown(f"👉 {say('Do this, then go on.')}" if waits else say("Done."))
            _buttons(key, chapter, cards, at, fulfilled)
    if card.cue and not did:
        # The control that the card speaks of is pointed at, until it was used.
        st.html(
            f"<style>.st-key-{card.cue} {{ animation: cue 1.2s ease-in-out infinite; }}</style>"
        )
    _bring_into_view(f"{key}/{at}", card.cue, say("Done.") if did else "")
    st.session_state.tour_now = (key, card)


def _bring_into_view(card: str, cue: str, said: str = "") -> None:
    """Let the browser bring a new card's control into view, and say when the card is done."""
    _CUE(data={"card": card, "cue": cue, "said": said}, key="tour_cue")


def _buttons(key: str, chapter: Chapter, cards: Sequence[Card], at: int, fulfilled: bool) -> None:
    """Show the buttons of an open card."""
    st.button(
        say("Back"), key=f"{key}_back", on_click=_open, args=(key, cards, at - 1), disabled=at == 0
    )
    if at + 1 < len(cards):
        st.button(
            say("Go on"), key=f"{key}_on", on_click=_open, args=(key, cards, at + 1),
            type="primary" if fulfilled else "secondary",
        )  # fmt: skip
    else:
        st.button(
            say("Finish"), key=f"{key}_finish", type="primary", on_click=_finish,
            args=(key, chapter),
        )  # fmt: skip
    st.button(say("Leave the tour"), key=f"{key}_leave", on_click=_leave, args=(key,))


def _begun(key: str, cards: Sequence[Card]) -> int | None:
    """Return the card that is open, from 0; the address may open one."""
    address = st.query_params.get("tour", "")
    asked = int(address[:3]) - 1 if address.isdecimal() else -1
    if key not in st.session_state and 0 <= asked < len(cards):
        _open(key, cards, asked)
    at: int | None = st.session_state.get(key)
    if at is None:
        st.session_state.pop("tour_now", None)
        st.query_params.pop("tour", None)
        return None
    st.query_params["tour"] = str(at + 1)
    return at


def _fulfilled(key: str, card: Card) -> bool:
    """Say whether the visitor did what the card asks for, now or since it was opened."""
    if card.done is None or st.session_state.get(f"{key}_done"):
        return True
    st.session_state[f"{key}_done"] = done = bool(card.done(values()))
    return done


def values() -> dict[str, Any]:
    """Return what stands in the controls, by key; of a player its step."""
    return {
        str(key): value.step if isinstance(value, players.Place) else value
        for key, value in st.session_state.items()
    }


def _open(key: str, cards: Sequence[Card], at: int) -> None:
    """Open a card: its values go into the controls."""
    st.session_state[key] = at
    st.session_state.pop(f"{key}_done", None)
    players.put(cards[at].sets)


def _leave(key: str) -> None:
    """Close the tour where it is; its card leaves the address too, which would open it again."""
    st.session_state.pop(key, None)
    st.query_params.pop("tour", None)


def _finish(key: str, chapter: Chapter) -> None:
    """Close the tour at its end."""
    progress.achieve(tour_name(chapter))
    _leave(key)


@panels.afterwards
def _look_at_the_card() -> None:
    """Run the page again when the visitor has just done what the open card asks for."""
    key, card = st.session_state.get("tour_now", ("", None))
    waits = card is not None and card.done is not None and not st.session_state.get(f"{key}_done")
    if waits and card.done(values()):
        st.rerun()


def ask(question: Question, key: str, achievement: str = "") -> None:
    """Show a question and its choices; answer a choice with the numbers on the screen.

    A right answer is kept under the name ``achievement``, if it has one.
    """
    choices = range(len(question.choices))
    picked = st.radio(
        question.text, choices, index=None, key=key, format_func=question.choices.__getitem__
    )
    if picked is None:
        return
    if picked in question.right:
        st.success(say("Right. {why}", why=question.feedback[picked]), icon="✅")
        if achievement:
            progress.achieve(achievement)
        return
    wrong, right = question.feedback[picked], question.feedback[question.right[0]]
    why = right if wrong == right else f"{wrong} {right}"
    st.warning(say("Not quite. {why}", why=why), icon="↩️")
    mistake = BY_KEY.get(question.mistakes[picked]) if question.mistakes else None
    if mistake is not None:
        st.info(
            say("A widespread mistake: “{wrong}” {right}", wrong=say(mistake.wrong), right=say(mistake.right)),
            icon="🃏",
        )  # fmt: skip

"""Learning by doing on a page: a guided tour on the real controls, questions, quests, mistakes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages._app import panels, players, progress
from pages._app.assets import asset
from pages._book.chapters import Chapter
from pages._book.exercises import Card, Quest
from pages._book.language import plural, say, spoken
from pages._book.misconceptions import BY_KEY, of_chapter
from pages._book.questions import Question

State = TypeVar("State")
ASKED = re.compile(r"\*\*(.+?)\*\*")
"""Finds what is bold in a card's text; the last of it is what the card asks the visitor to do."""
_CUE = st.components.v2.component(
    "tour",
    html="<div id='said' role='status'></div>",
    css="#said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }",
    js=asset("tour.js"),
)


def your_turn(
    chapter: Chapter,
    quiz: Callable[[State], Sequence[Question]],
    quests: Sequence[Quest[State]],
    compute: Callable[[], State],
) -> None:
    """Ask one question at a time, set one quest at a time, and show the mistakes of the chapter.

    A question stays as it was asked, with its answer, until the next one is asked for.

    Args:
        chapter: of the page.
        quiz: makes the questions from what is shown.
        quests: checked on the same.
        compute: computes it from the controls' values.
    """
    state = compute()
    notice_quests(chapter, quests, state)
    with st.container(key="question", border=True):
        _one_question(chapter, quiz(state))
    if st.session_state.get("lecturing"):
        # On a projector the question has the screen; nobody in the room does a quest.
        return
    left, right = st.columns([3, 2], gap="small")
    if quests:
        with left.container(key="quest", border=True):
            _one_quest(chapter, quests, state)
    with right:
        mistakes(chapter)


def _one_question(chapter: Chapter, questions: Sequence[Question]) -> None:
    """Ask the question that is open; what it says about the answer stands beside it."""
    if not questions:
        st.markdown(say("There is nothing to ask about this. Change something on another panel."))
        return
    key = f"asked_{chapter.path}"
    at, question = _open_question(key, questions, chapter)
    answered = [
        question_name(chapter, place) in progress.achieved() for place in range(len(questions))
    ]

    def next_question() -> None:
        following = (at + 1) % len(questions)
        st.session_state[key] = (following, spoken(), questions[following])

    with st.container(key="question_head", horizontal=True, vertical_alignment="center"):
        heading = say("Question {at} of {count}", at=at + 1, count=len(questions))
        st.markdown(f"{heading}\u2002{_dots(answered, at)}", width="content")
        st.button(
            say("Next question"),
            key="next_question",
            icon=":material/arrow_forward:",
            on_click=next_question,
        )
    asks, answers = st.columns([3, 2], gap="medium")
    with asks:
        picked = _choices(chapter, at, question)
    with answers.container(key="feedback"):
        if picked is not None:
            _answer(question, picked, _question_key(chapter, at, question))
    if picked in question.right and progress.achieve(question_name(chapter, at)):
        st.rerun()


def _open_question(
    key: str, questions: Sequence[Question], chapter: Chapter
) -> tuple[int, Question]:
    """Return the question that is open, and its place.

    One that was answered is kept as it was asked; one that was not is about what is shown now.
    """
    at, language, question = st.session_state.get(key, (0, "", questions[0]))
    picked = st.session_state.get(_question_key(chapter, at, question))
    if picked is None or language != spoken():
        at %= len(questions)
        question = questions[at]
    st.session_state[key] = (at, spoken(), question)
    return at, question


def _question_key(chapter: Chapter, at: int, question: Question) -> str:
    """Return the key of a question's choices; about other numbers it is another question."""
    asked = repr((question.text, question.choices, question.right)).encode()
    return f"{question_name(chapter, at)}/{hashlib.sha256(asked).hexdigest()[:12]}"


def _choices(chapter: Chapter, at: int, question: Question) -> int | None:
    return st.radio(
        question.text,
        range(len(question.choices)),
        index=None,
        key=_question_key(chapter, at, question),
        format_func=question.choices.__getitem__,
        persist_state="page",
    )


def score(chapter: Chapter) -> str:
    """Draw a dot for each question of a chapter that was answered rightly."""
    reached = progress.achieved()
    return "●" * sum(name.startswith(f"{chapter.path}/question/") for name in reached)


def _dots(reached: Sequence[bool], at: int) -> str:
    """Draw a dot for each of several things, filled where it was reached; one is shown now."""
    marks = ("●" if done else "○" for done in reached)
    return " ".join(f"**{mark}**" if place == at else mark for place, mark in enumerate(marks))


def _one_quest(chapter: Chapter, quests: Sequence[Quest[State]], state: State) -> None:
    key = f"quest_{chapter.path}"
    at = st.session_state.setdefault(key, 0) % len(quests)
    quest = quests[at]
    reached = [quest_name(chapter, one) in progress.achieved() for one in quests]
    heading = say("Quest {at} of {count}", at=at + 1, count=len(quests))
    with st.container(key="quest_head", horizontal=True, vertical_alignment="center"):
        st.markdown(f"{heading}\u2002{_dots(reached, at)}", width="content")
        if len(quests) > 1:
            st.button(
                say("Next quest"),
                key="next_quest",
                icon=":material/arrow_forward:",
                on_click=lambda: st.session_state.update({key: at + 1}),
            )
    st.markdown(f"**{say(quest.task)}**", help=say(quest.hint) or None)
    word = say("Done.") if reached[at] else say("Not yet.")
    icon = ":material/flag:" if reached[at] else ":material/outlined_flag:"
    st.markdown(f"{icon} {word} {quest.progress(state)}")


def notice_quests(chapter: Chapter, quests: Sequence[Quest[State]], state: State) -> None:
    """Keep the quests that the visitor has just fulfilled.

    What an address, a preset or a slide fulfils does not count: whatever holds right after values
    were put into the controls has to end before it can be reached.
    """
    done = {quest.key for quest in quests if quest.done(state)}
    key = f"fulfilled_{chapter.path}"
    was_put = st.session_state.pop("values_were_put", False)
    given: set[str] = done if was_put or key not in st.session_state else st.session_state[key]
    st.session_state[key] = given & done
    for quest in quests:
        if quest.key in done - given and progress.achieve(quest_name(chapter, quest)):
            st.toast(say("Quest done: {task}", task=say(quest.task)), icon=":material/flag:")


def question_name(chapter: Chapter, place: int) -> str:
    """Return the name under which ``progress`` keeps that a question was answered right."""
    return f"{chapter.path}/question/{place + 1}"


def quest_name(chapter: Chapter, quest: Quest[Any]) -> str:
    """Return the name under which ``progress`` keeps that a quest was done."""
    return f"{chapter.path}/quest/{quest.key}"


def tour_name(chapter: Chapter) -> str:
    """Return the name under which ``progress`` keeps that a chapter's tour was walked."""
    return f"{chapter.path}/tour"


def mistakes(chapter: Chapter) -> None:
    """Show the mistakes that fit a page; each runs its counter-example when the card is open."""
    fitting = of_chapter(chapter)
    if not fitting:
        return
    title = say("Widespread mistakes on this topic: {count}", count=len(fitting))
    with st.expander(title, key=f"mistakes_{chapter.path}", on_change="rerun") as card:
        if not card.open:
            return
        for one in fitting:
            st.markdown(
                f"✘ *{say('“{wrong}”', wrong=say(one.wrong))}*\n\n✔ {say(one.right)}\n\n"
                f":material/science: {one.evidence()}"
            )
            if one.see:
                panels.link(
                    one.chapters[0].file, say("See it"), ":material/arrow_forward:", one.see
                )
            st.divider()


# ---- The tour -----------------------------------------------------------------------------------


OpenPanel = Callable[[Card], None]
"""Opens the panel that a card speaks of."""


def forget_the_card() -> None:
    """Forget which card is open; call it before a page is drawn, which shows its own card again.

    On a page without a tour nobody waits for what the card of another page asks for.
    """
    st.session_state.pop("tour_now", None)


def open_the_card_of_the_address(
    chapter: Chapter, cards: Sequence[Card], open_panel: OpenPanel
) -> None:
    """Begin the tour at the card that the address names; call it before panel and controls are read."""
    key = f"tour_{chapter.path}"
    address = st.query_params.get("tour", "")
    asked = int(address[:3]) - 1 if address.isdecimal() else -1
    if key not in st.session_state and 0 <= asked < len(cards):
        _open(key, cards, asked, open_panel)


def tour_button(chapter: Chapter, cards: Sequence[Card], open_panel: OpenPanel) -> None:
    """Offer a guided tour of the chapter, unless it is being walked."""
    key = f"tour_{chapter.path}"
    if _card_now(key) is not None:
        return
    st.button(
        say("Tour"),
        key=f"{key}_start",
        icon=":material/explore:",
        type="tertiary",
        help=plural("Guided tour: one card", "Guided tour: {count} cards", len(cards)),
        on_click=_open,
        args=(key, cards, 0, open_panel),
    )
    _bring_into_view("", f"{key}_start")


def tour(chapter: Chapter, cards: Sequence[Card], open_panel: OpenPanel) -> None:
    """Show the card of the guided tour that is open, if one is."""
    key = f"tour_{chapter.path}"
    at = _card_now(key)
    if at is None:
        return
    card = cards[at]
    fulfilled = _fulfilled(key, card)
    asks = card.done is not None
    waits, did = asks and not fulfilled, asks and fulfilled
    text = say(card.text)
    with st.container(key="tour", border=True, gap=None):
        title = f"**{say('{at} of {count}', at=at + 1, count=len(cards))} · {say(card.title)}**"
        if did:
            title = f":material/check: {title}"
        with st.expander(title, expanded=True, key=f"{key}_text_{at + 1}"):
            st.markdown(text)
        if waits and (tasks := ASKED.findall(text)):
            # What to do stays in sight when the text is folded.
            with st.container(key="tour_task"):
                st.markdown(f":material/touch_app: **{tasks[-1]}**")
        with st.container(
            key="tour_row", horizontal=True, vertical_alignment="center", gap="xsmall"
        ):
            if asks:
                with st.container(key="tour_waits" if waits else "tour_done", width="content"):
                    st.markdown(say("Do this, then go on.") if waits else say("Done."))
            _buttons(key, chapter, cards, at, fulfilled, open_panel)
    if card.cue and not did:
        # The control that the card speaks of is pointed at, until it was used.
        st.html(
            f"<style>.st-key-{card.cue} {{ animation: cue 1.2s ease-in-out infinite; }}</style>"
        )
    _bring_into_view(f"{key}/{at}", card.cue, say("Done.") if did else "")
    st.session_state.tour_now = (key, card)


def _bring_into_view(card: str, cue: str, news: str = "") -> None:
    """Let the browser bring a new card's control into view, and say when the card is done."""
    _CUE(data={"card": card, "cue": cue, "said": news}, key="tour_cue")


def _buttons(
    key: str,
    chapter: Chapter,
    cards: Sequence[Card],
    at: int,
    fulfilled: bool,
    open_panel: OpenPanel,
) -> None:
    """Show the buttons of an open card."""
    st.button(
        say("Back"),
        key=f"{key}_back",
        on_click=_open,
        args=(key, cards, at - 1, open_panel),
        disabled=at == 0,
    )
    if at + 1 < len(cards):
        st.button(
            say("Go on"),
            key=f"{key}_on",
            on_click=_open,
            args=(key, cards, at + 1, open_panel),
            type="primary" if fulfilled else "secondary",
        )
    else:
        st.button(
            say("Finish"),
            key=f"{key}_finish",
            type="primary",
            on_click=_finish,
            args=(key, chapter),
        )
    st.button(say("Leave the tour"), key=f"{key}_leave", on_click=_leave, args=(key,))


def _card_now(key: str) -> int | None:
    """Return the card that is open, from 0, and write it into the address."""
    at: int | None = st.session_state.get(key)
    if at is None:
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
        for key, value in st.session_state.to_dict().items()
    }


def _open(key: str, cards: Sequence[Card], at: int, open_panel: OpenPanel) -> None:
    """Open a card: its panel is opened, and its values go into the controls."""
    st.session_state[key] = at
    st.session_state.pop(f"{key}_done", None)
    players.put(cards[at].sets)
    open_panel(cards[at])
    open_panel(cards[at])


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
    # What is noted there is not looked for again, whatever the controls say in the next run.
    if waits and _fulfilled(key, card):
        st.rerun()


def _answer(question: Question, picked: int, key: str) -> None:
    """Say whether an answer is right, and why.

    A wrong answer explains itself; the solution is told when it is asked for.
    """
    if picked in question.right:
        st.success(
            say("Right. {why}", why=question.feedback[picked]), icon=":material/check_circle:"
        )
        return
    wrong, right = question.feedback[picked], question.feedback[question.right[0]]
    solved = st.session_state.get(f"{key}_solved", False)
    why = [] if wrong == right else [wrong]
    if solved:
        why += [say("Right is: {choice}.", choice=question.choices[question.right[0]]), right]
    st.warning(say("Not quite. {why}", why=" ".join(why)), icon=":material/undo:")
    mistake = BY_KEY.get(question.mistakes[picked]) if question.mistakes else None
    if mistake is not None:
        st.info(
            say(
                "A widespread mistake: “{wrong}” {right}",
                wrong=say(mistake.wrong),
                right=say(mistake.right),
            ),
            icon=":material/lightbulb:",
        )
    if not solved:
        st.button(
            say("Show the answer"),
            key=f"{key}_solve",
            on_click=lambda: st.session_state.update({f"{key}_solved": True}),
        )

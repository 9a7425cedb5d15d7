"""What a lecturer can ask the room: the questions about what is shown, as the browser gets them."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from pages._book.language import say
from pages._book.misconceptions import BY_KEY, Misconception
from pages._book.questions import Question
from pages._book.slides import Slide

Offer = dict[str, Any]


def of_question(question: Question, is_seen: bool = False) -> Offer:
    """Write a question of a chapter, with the misconception that leads to each wrong choice.

    Args:
        question: computed from what is on the screen.
        is_seen: whether it stands on the screen, so that the next press asks it.
    """
    named = question.mistakes or ("",) * len(question.choices)
    return {
        "key": _key(question.text, *question.choices),
        "now": is_seen,
        "kind": "question",
        "text": question.text,
        "choices": list(question.choices),
        "right": list(question.right),
        "feedback": list(question.feedback),
        "mistakes": [_mistake(BY_KEY.get(key)) for key in named],
    }


def of_slide(slide: Slide, place: int) -> Offer:
    """Write what a slide asks, with its choices; the next press asks it.

    Args:
        slide: that has choices.
        place: of it in the lecture.
    """
    named = slide.mistakes or ("",) * len(slide.choices)
    return {
        "key": f"slide {place}",
        "now": True,
        "kind": "question",
        "text": say(slide.asks),
        "choices": [say(choice) for choice in slide.choices],
        "right": list(slide.right),
        "feedback": [],
        "mistakes": [_mistake(BY_KEY.get(key)) for key in named],
    }


def _mistake(mistake: Misconception | None) -> dict[str, str] | None:
    """Write a misconception, with what came out of its counter-example."""
    if mistake is None:
        return None
    see = f"/{mistake.chapters[0].path}?{urlencode({k: say(v) for k, v in mistake.see.items()})}"
    return {
        "wrong": say(mistake.wrong),
        "right": say(mistake.right),
        "evidence": mistake.evidence(),
        "see": see if mistake.see else "",
    }


def _key(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]

"""The language that the app speaks: English in the code, other languages from gettext catalogues.

English sentences stand in the code, where they can be read, as ``say("Step {t}", t=3)``. All of
them together are in ``assets/locale/messages.pot``; the German ones are in ``de.po`` beside it.
``make messages`` brings both up to date with the code.
"""

from __future__ import annotations

import contextlib
import gettext
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What a visitor can choose, by code; the first one is the language of the code."""
LOCALE = Path(__file__).parents[1] / "assets" / "locale"
DOMAIN = "app"

_chosen: ContextVar[str] = ContextVar("language", default="en")
_ask: Callable[[], str] = _chosen.get


def say(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken, with values in its ``{places}``.

    Args:
        message: in English, as it stands in the code; without a translation it is used as it is.
        values: what is put into the places; without any, braces are left alone.
    """
    said = _catalogue(_ask()).gettext(message) if message else ""
    return said.format(**values) if values else said


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message for a count, which may stand in it as ``{count}``."""
    said = _catalogue(_ask()).ngettext(one, many, count)
    return said.format(count=count, **values)


def mark(message: str) -> str:
    """Mark a message of a table or a constant for translation; who shows it calls ``say``."""
    return message


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _ask()


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while, for tests and notebooks."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def follow(ask: Callable[[], str]) -> None:
    """Ask somebody else which language is spoken: the app asks the visitor's session."""
    global _ask  # noqa: PLW0603
    _ask = ask


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language not in LANGUAGES or language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

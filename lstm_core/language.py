"""The language that the app speaks: English in the code, other languages from gettext catalogues.

English sentences stand in the code, where they can be read, as ``say("Step {t}", t=3)``. All of
them together are in ``assets/locale/messages.pot``; the German ones are in ``de.po`` beside it.
``make messages`` brings both up to date with the code.
"""

from __future__ import annotations

import contextlib
import gettext
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What a visitor can choose, by code; the first one is the language of the code."""
LOCALE = Path(__file__).parents[1] / "assets" / "locale"
DOMAIN = "app"

_spoken: ContextVar[str] = ContextVar("language", default="en")


def say(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken, with values in its ``{places}``.

    Args:
        message: in English, as it stands in the code; without a translation it is used as it is.
        values: what is put into the places; without any, braces are left alone.
    """
    said = _catalogue(_spoken.get()).gettext(message) if message else ""
    return said.format(**values) if values else said


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message for a count, which may stand in it as ``{count}``."""
    said = _catalogue(_spoken.get()).ngettext(one, many, count)
    return said.format(count=count, **values)


def mark(message: str) -> str:
    """Mark a message of a table or a constant for translation; who shows it calls ``say``."""
    return message


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _spoken.get()


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while, for tests and notebooks."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Speak a language from now on, in this thread: the app does so at the start of each run."""
    _spoken.set(language if language in LANGUAGES else "en")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language not in LANGUAGES or language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

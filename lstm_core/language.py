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
from typing import Self

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What a visitor can choose, by code; the first one is the language of the code."""
LOCALE = Path(__file__).parents[1] / "assets" / "locale"
DOMAIN = "app"

_spoken: ContextVar[str] = ContextVar("language", default="en")


class Said(str):
    """A message in English that can be said again in another language, or in another process.

    Attributes:
        template: with its ``{places}``.
        values: what stands in them.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: dict[str, object] | None = None) -> Self:
        """Write a template with its values."""
        said = super().__new__(cls, template.format(**values) if values else template)
        said.template, said.values = template, values or {}
        return said

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, object]]]:
        return type(self), (self.template, self.values)


def later(template: str, /, **values: object) -> Said:
    """Write a message in English for whoever says it to a visitor later."""
    return Said(template, values)


def say(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken, with values in its ``{places}``.

    Args:
        message: in English, as it stands in the code; without a translation it is used as it is.
            One that was written by ``later`` brings its values along.
        values: what is put into the places; without any, braces are left alone.
    """
    if isinstance(message, Said):
        # What stands in a place may be a message itself.
        values = {k: say(v) if isinstance(v, str) else v for k, v in message.values.items()}
        message = message.template
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

"""The language that the app speaks: English in the code, other languages from gettext catalogues.

English sentences stand in the code, where they can be read, as ``say("Step {t}", t=3)``. Their
translations are in ``assets/locale``, the German ones in ``de.po``, which ``make messages`` brings
up to date with the code. The app reads that file itself: 2,000 messages take 0.2 s and 5 MB.
"""

from __future__ import annotations

import contextlib
import gettext
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar

from lstm_core.messages import Message, later, mark
from pages._book.numbers import Formatter, localised, separators

__all__ = [
    "LANGUAGES",
    "decimal",
    "later",
    "mark",
    "once_a_language",
    "plural",
    "read_catalogues",
    "say",
    "speak",
    "speaking",
    "spoken",
    "typed",
]

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What a visitor can choose, by code; the first one is the language of the code."""
LOCALE = Path(__file__).parents[2] / "assets" / "locale"

Written = TypeVar("Written")
_spoken: ContextVar[str] = ContextVar("language", default="en")


def say(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken, with values in its ``{places}``.

    Args:
        message: in English, as it stands in the code; without a translation it is used as it is.
            One that was written by ``later`` brings its values along.
        values: what is put into the places; without any, braces are left alone.
    """
    if isinstance(message, Message):
        # What stands in a place may be a message itself.
        values = {k: say(v) if isinstance(v, str) else v for k, v in message.values.items()}
        message = message.template
    translation = _catalogue(_spoken.get()).gettext(message) if message else ""
    return _filled(translation, values) if values else translation


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message for a count, which may stand in it as ``{count}``."""
    translation = _catalogue(_spoken.get()).ngettext(one, many, count)
    return _filled(translation, {"count": count, **values})


def decimal(value: float, spec: str) -> str:
    """Format a number as Python does, with the signs of the language that is spoken."""
    return localised(format(value, spec), _spoken.get())


def typed(label: str) -> str:
    """Write a number as a visitor typed it with the signs of the language; a word stays as it is."""
    if not TYPED.fullmatch(label):
        return label
    decimal_sign = separators(_spoken.get())[0]
    return re.sub("[.,]", decimal_sign, label.replace("-", "\N{MINUS SIGN}"))


TYPED = re.compile(r"[-+]?\d+([.,]\d+)?")


def _filled(template: str, values: Mapping[str, object]) -> str:
    return Formatter(_spoken.get()).vformat(template, (), values)


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _spoken.get()


def once_a_language(write: Callable[[], Written]) -> Callable[[], Written]:
    """Keep what a function writes in each language; a decorator of one that depends on nothing else."""

    @cache
    def kept(_: gettext.NullTranslations) -> Written:
        return write()

    @wraps(write)
    def written() -> Written:
        return kept(_catalogue(_spoken.get()))

    return written


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


def read_catalogues() -> None:
    """Read the translations into every language, before the first visitor waits for them.

    Raises:
        OSError: if a language has no catalogue.
    """
    for language in LANGUAGES:
        _catalogue(language)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read a catalogue and compile it in memory; only the compiled messages are kept."""
    if language not in LANGUAGES or language == "en":
        return gettext.NullTranslations()
    # Who speaks English alone, such as a notebook, needs no Babel.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, ignore_obsolete=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

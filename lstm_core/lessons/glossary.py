"""The field's words, each with what it means, its formula and where it comes from.

``linked`` turns the first mention of each in a text into a link to its entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lstm_core.language import say, spoken


@dataclass(frozen=True)
class Term:
    """One word of the field.

    Attributes:
        key: its place in the address, such as "forget-gate".
        names: what it is called in running text, forms parted by "|", the first one as its
            heading; marked for translation, as is ``meaning``.
        meaning: in one or two sentences.
        formula: LaTeX, or "".
        source: who wrote of it first, and the equation's number where it has one.
        chapter: the address of the page that shows it, or "".
    """

    key: str
    names: str
    meaning: str
    formula: str = ""
    source: str = ""
    chapter: str = ""

    @property
    def title(self) -> str:
        """Its name as a heading, in the language that is spoken."""
        return say(self.names).split("|")[0]


TERMS: tuple[Term, ...] = ()

_APART = re.compile(
    r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|!?\[[^\]]*\]\([^)]*\)|<[^>]*>|^#.*$)", re.S | re.M
)
_patterns: dict[str, tuple[re.Pattern[str], dict[str, str]]] = {}


def linked(text: str) -> str:
    """Link the first mention of each term in a Markdown text to its entry in the glossary.

    Code, formulas, headings and links stay as they are.
    """
    if not TERMS:
        return text
    pattern, keys = _pattern()
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        key = keys[found.group().lower()]
        if key in seen:
            return found.group()
        seen.add(key)
        return f"[{found.group()}](glossary?term={key})"

    pieces = _APART.split(text)
    # The split leaves running text at even places, and what is set apart at odd ones.
    return "".join(
        piece if place % 2 else pattern.sub(link, piece) for place, piece in enumerate(pieces)
    )


def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds every name of every term in the language spoken, the longest first."""
    language = spoken()
    if language not in _patterns:
        keys = {
            name.strip().lower(): term.key
            for term in TERMS
            for name in say(term.names).split("|")
            if name.strip()
        }
        names = sorted(keys, key=len, reverse=True)
        _patterns[language] = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])", re.I),
            keys,
        )
    return _patterns[language]

"""Bring the translations up to date with the code: `make messages`.

English stands in the code, where ``extracted`` finds it. Each other language has a catalogue in
``assets/locale``, such as ``de.po``, which the app reads as it is. A translation whose message is no
longer in the code stays in the catalogue for one run, as an obsolete entry (``#~``).

    python -m tools.messages                    # update every catalogue
    python -m tools.messages --add FILE.jsonl   # and take translations from files

A line of such a file is ``{"en": "Step", "de": "Schritt"}``; where the message depends on a count,
``{"en": ["{count} word", "{count} words"], "de": ["{count} Wort", "{count} Wörter"]}``.
"""

from __future__ import annotations

import argparse
import ast
import copy
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from babel.messages import Catalog
from babel.messages import Message as Entry
from babel.messages.pofile import read_po, write_po

from pages._book.language import LANGUAGES, LOCALE
from pages._book.playing import said_by

ROOT = Path(__file__).parents[1]
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
HEADER = "# Written by `make messages`; translate in the .po file, then run it again."
SINGLE = {"say", "mark", "later"}
Message: TypeAlias = str | tuple[str, str]
"""A message in English; where it depends on a count, for one and for many."""


def code() -> list[Path]:
    """List the files that may hold messages, sorted."""
    modules = [*ROOT.glob("lstm_core/**/*.py"), *ROOT.glob("pages/**/*.py")]
    return sorted(modules) + sorted(ROOT.glob("assets/*.js"))


def extracted() -> Catalog:
    """Collect every message of the code, sorted by where it stands."""
    template = _empty(None)
    for path in code():
        if path.suffix == ".js":
            messages: Iterable[Message] = said_by(path.name)
        else:
            messages = _of_python(path.read_text(encoding="utf-8"))
        for message in messages:
            # Without line numbers, so that a catalogue changes only when a message does.
            template.add(message, locations=[(str(path.relative_to(ROOT)), None)])
    return template


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        project="inside-an-lstm",
        version="1",
        header_comment=HEADER,
        charset="utf-8",
        fuzzy=False,
    )


def _of_python(text: str) -> Iterator[Message]:
    """Find the messages of a module; Babel's own extractor does not look inside f-strings.

    Raises:
        ValueError: if what is marked is no literal, so that nobody could translate it.
    """
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", "")
        literals = [
            one.value
            for one in call.args
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name == "plural":
            yield (literals[0], literals[1])
        elif name in SINGLE and literals:
            if literals[0]:
                yield literals[0]
        elif name in {"mark", "later"} or (
            name == "say" and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
        ):
            raise ValueError(f"{text[:60]!r}, line {call.lineno}: {name} takes a literal")


def catalogue(language: str) -> Path:
    """Return where the translation into a language stands."""
    return LOCALE / f"{language}.po"


def read(language: str) -> Catalog:
    """Read the translation into a language; an empty one if there is none yet."""
    path = catalogue(language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(catalog: Catalog, template: Catalog) -> list[str]:
    """Bring a catalogue up to date in place, and lose no translation without a word.

    What is no longer in the code becomes obsolete; what was obsolete already is dropped, unless the
    code says it again.

    Returns:
        A line for each message that became obsolete, was dropped, or came back.
    """
    before, catalog.obsolete = catalog.obsolete, type(catalog.obsolete)()
    # Babel puts the template's own entries into the catalogue; another language needs them empty.
    catalog.update(copy.deepcopy(template), no_fuzzy_matching=True)
    lines = [f"no longer in the code: {entry.id!r}" for entry in catalog.obsolete.values()]
    for entry in before.values():
        again = catalog.get(entry.id)
        if again is None:
            lines.append(f"dropped: {entry.id!r}, {entry.string!r}")
        elif not _is_translated(again):
            again.string = entry.string
            lines.append(f"back in the code: {entry.id!r}")
    return lines


def add(catalog: Catalog, translations: dict[Message, Message]) -> list[str]:
    """Put translations into a catalogue; returns a line for each that found no message."""
    lines = []
    for message, translation in translations.items():
        entry = catalog.get(message)
        if entry is None or entry.id != message:
            lines.append(f"not in the code, and left out: {message!r}")
        else:
            entry.string = translation
            entry.flags.discard("fuzzy")
    return lines


def translations(paths: Iterable[Path], language: str) -> dict[Message, Message]:
    """Read translations into a language from files of JSON lines; a later line wins.

    Raises:
        ValueError: if a line has another shape than the module's docstring shows.
        OSError: if a file cannot be read.
    """
    pairs: dict[Message, Message] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            row = json.loads(line)
            if language not in row:
                continue
            message, translation = (_message(row.get(key)) for key in ("en", language))
            if message is None or translation is None or type(message) is not type(translation):
                raise ValueError(f"{path}, line {number}: not a message and its translation")
            pairs[message] = translation
    return pairs


def _message(value: object) -> Message | None:
    """Return a message as a catalogue has it, or ``None`` if it is none."""
    match value:
        case str() if value:
            return value
        case [str() as one, str() as many]:
            return one, many
    return None


def written(catalog: Catalog) -> bytes:
    """Write a catalogue as text that only changes with its messages."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=False, sort_by_file=True)
    lines = out.getvalue().decode("utf-8").split("\n")
    dated = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Generated-By',
        '"Report-Msgid-Bugs-To',
        '"Language-Team',
    )
    return "\n".join(line for line in lines if not line.startswith(dated)).encode("utf-8")


def _is_translated(entry: Entry) -> bool:
    forms = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
    return all(forms) and not entry.fuzzy


def main(arguments: list[str] | None = None) -> None:
    """Update the catalogues; say what changed, and what is not translated."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.messages", description="Update the translations."
    )
    parser.add_argument(
        "--add",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="JSON lines with translations",
    )
    files = parser.parse_args(arguments).add
    template = extracted()
    missing = 0
    for language in TRANSLATED:
        catalog = read(language)
        lines = updated(catalog, template) + add(catalog, translations(files, language))
        catalog.header_comment = HEADER
        catalogue(language).write_bytes(written(catalog))
        untranslated = [entry for entry in catalog if entry.id and not _is_translated(entry)]
        lines += [f"not translated: {entry.id!r}" for entry in untranslated]
        print(*(f"{language}: {line}" for line in lines), sep="\n")
        missing += len(untranslated)
    print(f"{len(template)} messages, {missing} not translated")
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()

"""Bring the catalogues of messages up to date with the code: `make messages`.

English stands in the code; ``messages.pot`` is all of it in one place. ``de.po`` is the German
translation, to be edited; ``app.mo`` is what the app reads.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from lstm_core.figures.playing import said_by

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "assets" / "locale"
TEMPLATE = LOCALE / "messages.pot"
LANGUAGES = ("de",)
CODE = (
    *sorted((ROOT / "lstm_core").rglob("*.py")),
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "assets").glob("*.js")),
)
HEADER = "# Written by `make messages`; translate in the .po file, then run it again."
SINGLE = {"say", "mark", "later"}


def extracted() -> Catalog:
    """Collect every message of the code, sorted by where it stands."""
    template = Catalog(
        project="inside-an-lstm", version="1", header_comment=HEADER, charset="utf-8", fuzzy=False
    )
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        found = said_by(path.name) if path.suffix == ".js" else _of_python(text)
        for message in found:
            # Without line numbers, so that a catalogue changes only when a message does.
            template.add(message, locations=[(str(path.relative_to(ROOT)), None)])
    return template


def _of_python(text: str) -> Iterator[str | tuple[str, str]]:
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


def translation(language: str) -> Path:
    """Return where the translation into a language stands."""
    return LOCALE / f"{language}.po"


def compiled(language: str) -> Path:
    """Return where the app reads a language from."""
    return LOCALE / language / "LC_MESSAGES" / "app.mo"


def written(catalog: Catalog) -> bytes:
    """Write a catalogue as text that only changes with its messages."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=False, sort_by_file=True)
    lines = out.getvalue().decode("utf-8").split("\n")
    dated = (
        '"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Generated-By',
        '"Report-Msgid-Bugs-To', '"Language-Team',
    )  # fmt: skip
    return "\n".join(line for line in lines if not line.startswith(dated)).encode("utf-8")


def as_mo(catalog: Catalog) -> bytes:
    """Compile a catalogue; the same messages give the same bytes, whenever that is done."""
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def read(language: str) -> Catalog:
    """Read the translation into a language; an empty one if there is none yet."""
    path = translation(language)
    if not path.exists():
        return Catalog(locale=language, project="inside-an-lstm", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def main() -> None:
    """Write template, translations and compiled catalogues; say what is not translated."""
    template = extracted()
    LOCALE.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(written(template))
    missing = 0
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = HEADER
        translation(language).write_bytes(written(catalog))
        compiled(language).parent.mkdir(parents=True, exist_ok=True)
        compiled(language).write_bytes(as_mo(catalog))
        for message in catalog:
            if message.id and not all(_forms(message.string)):
                missing += 1
                print(f"{language}: not translated: {message.id!r}")
    print(f"{len(template)} messages, {missing} not translated")
    sys.exit(bool(missing))


def _forms(string: object) -> tuple[object, ...]:
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    main()

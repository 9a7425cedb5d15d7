"""Lay out the folder of a new chapter: `make chapter NAME=attention`.

It is a small chapter that works (``tools/new_chapter``); change it file by file.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "tools" / "new_chapter"
CHAPTER = """{constant} = Chapter(
    "{name}",
    mark("{title}"),
    mark("What does it ask?"),
    mark("What it shows, in a sentence."),
)
"""
PANELS = '    chapters.{constant}: {{"picture": mark("The picture"), "learn": LEARN}},\n'
ADVICE = """{files}

Now put this before PARTS in pages/_book/chapters.py, and {constant} into one of the PARTS:

{chapter}
and this into PANELS in pages/_book/slides.py:

{panels}
Then `make run` shows it at /{name}, and
    .venv/bin/python -m pytest tests/chapters/test_contract.py -k {name}
says what is missing.
"""


def entries(name: str) -> dict[str, str]:
    """Return what a chapter needs in ``pages/_book``: ``chapter`` and ``panels``, as code."""
    named = {"name": name, "constant": name.upper(), "title": name.replace("_", " ").capitalize()}
    return {"chapter": CHAPTER.format(**named), "panels": PANELS.format(**named)}


def lay_out(name: str, root: Path = ROOT) -> list[Path]:
    """Write a new chapter's folder and its sample for the contract test; returns the files.

    Raises:
        ValueError: if the name is none for a folder and an address.
        FileExistsError: if there is such a folder.
    """
    if not (name.isidentifier() and name.islower() and name.isascii()) or name.startswith("_"):
        raise ValueError(
            f"{name!r}: a chapter's name is small letters, as in make chapter NAME=attention"
        )
    folder = root / "pages" / name
    if folder.exists():
        raise FileExistsError(f"there is a pages/{name} already")
    files = []
    for source in sorted(TEMPLATE.rglob("*.py")):
        if source.name == "sample.py":
            target = root / "tests" / "chapters" / "samples" / f"{name}.py"
        else:
            target = folder / source.relative_to(TEMPLATE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        text = text.replace("EXAMPLE", name.upper()).replace("example", name)
        target.write_text(text, encoding="utf-8")
        files.append(target)
    return files


def main(arguments: list[str]) -> int:
    """Lay a chapter out and say what is left to do; returns the exit status."""
    try:
        name = arguments[0] if arguments else ""
        files = lay_out(name)
    except (ValueError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 1
    written = "\n".join(f"wrote {file.relative_to(ROOT)}" for file in files)
    print(ADVICE.format(files=written, name=name, constant=name.upper(), **entries(name)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

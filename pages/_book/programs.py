"""Programs to take home: real files that run as they are, with the visitor's own values put in.

A program stands in the ``programs`` folder of its chapter, one file a library. Its settings are
assignments of names in capitals at the top level; ``filled`` puts other values in their places.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

PAGES = Path(__file__).parents[1]


@dataclass(frozen=True)
class Programs:
    """The same computation in up to three libraries, as text; "" where there is none.

    Each leaves what it found in ``result``.
    """

    lstm_core: str
    keras: str = ""
    torch: str = ""


def programs(chapter: str, /, name: str = "", **settings: object) -> Programs:
    """Read a chapter's programs and put values into their settings.

    Args:
        chapter: the chapter's folder.
        name: of the programs, where a chapter has several: ``NAME_with_keras.py``; without one
            they are called ``with_lstm_core.py``, ``with_keras.py`` and ``with_torch.py``.
        settings: values by the names of the settings, in small letters.

    Raises:
        FileNotFoundError: if there is no program with lstm_core.
        ValueError: if no library's program has such a setting.
    """
    values = {setting.upper(): value for setting, value in settings.items()}
    sources = {
        library: source
        for library in ("lstm_core", "keras", "torch")
        if (source := _source(chapter, name, library)) is not None
    }
    if "lstm_core" not in sources:
        raise FileNotFoundError(f"no program {name or 'with_lstm_core'} of {chapter}")
    known = set().union(*(_settings(source) for source in sources.values()))
    if unknown := values.keys() - known:
        raise ValueError(f"no program of {chapter} has the settings {sorted(unknown)}")
    return Programs(**{library: filled(source, values) for library, source in sources.items()})


def filled(source: str, values: Mapping[str, object]) -> str:
    """Put values into the settings of a program; settings that it does not have are left out."""
    lines = source.splitlines(keepends=True)
    for setting, value in reversed(_settings(source).items()):
        if setting in values:
            first, start = value.lineno - 1, value.col_offset
            last, end = (value.end_lineno or 0) - 1, value.end_col_offset or 0
            head, tail = lines[first].encode()[:start], lines[last].encode()[end:]
            lines[first : last + 1] = [head.decode() + _written(values[setting]) + tail.decode()]
    return "".join(lines)


@cache
def _settings(source: str) -> dict[str, ast.expr]:
    """Find the settings of a program, in order: each name with the expression that it is set to."""
    return {
        node.targets[0].id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
    }


def _written(value: Any) -> str:
    """Write a value as Python: numbers, texts, arrays, and tuples, lists and dictionaries of such."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    return repr(value)


@cache
def _source(chapter: str, name: str, library: str) -> str | None:
    path = PAGES / chapter / "programs" / f"{name + '_' if name else ''}with_{library}.py"
    return path.read_text(encoding="utf-8") if path.exists() else None

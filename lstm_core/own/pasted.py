"""Numbers that somebody pasted or uploaded: lists as Python prints them, tables, arrays of NumPy."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.messages import Message, later
from lstm_core.own.archives import Archive
from lstm_core.own.array_files import read_npy, read_npz
from lstm_core.own.problems import MOST_BYTES, OwnError, readable
from lstm_core.series.files import SeriesOptions, Table, read_table
from lstm_core.tables import TableError
from lstm_core.tables.numbers import is_missing, number

_SIGN = re.compile(r"[\[\]()]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)|\.\.\.|…")
DEEPEST = 6
MOST_COLUMNS = 20_000
"""Of a table: six gates and states of a cell of two thousand units are twelve thousand."""
CUT_SHORT = later("The numbers are cut short (…): print them in full, or save them with np.save.")
RAGGED = later("The lists have different lengths, so that they are no table of numbers.")


def content_of(source: str | bytes | IO[bytes]) -> bytes:
    """Read what was pasted or uploaded.

    Raises:
        OwnError: if it is too large.
    """
    if isinstance(source, str):
        data = source.encode("utf-8", "replace")
    elif isinstance(source, bytes):
        data = source
    else:
        data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OwnError(later("The file is larger than {most:.0f} MB.", most=MOST_BYTES / 1e6))
    return data


def array_of(source: str | bytes | IO[bytes], name: str = "") -> Array:
    """Read an array: ``.npy``, ``.npz`` with one array, a table, or lists as Python prints them.

    Args:
        source: what was pasted, or a file.
        name: of the file.

    Raises:
        OwnError: with a sentence, if there are no numbers in it.
    """
    return the_only(arrays_of(source, name))[1]


def the_only(arrays: Mapping[str, Array]) -> tuple[str, Array]:
    """Return the name of the one array of a file, and the array.

    Raises:
        OwnError: naming them, if there are several.
    """
    if len(arrays) > 1:
        raise OwnError(
            later(
                "The file has {count} arrays: {names}. Save the one that is meant.",
                count=len(arrays),
                names=", ".join(readable(each) for each in list(arrays)[:8]),
            )
        )
    return next(iter(arrays.items()))


def arrays_of(source: str | bytes | IO[bytes], name: str = "") -> dict[str, Array]:
    """Read all arrays of a file, by name; one without a name is called "".

    Raises:
        OwnError: with a sentence, if there are no numbers in it.
    """
    data = content_of(source)
    if data.startswith(b"\x93NUMPY"):
        arrays: dict[str, Any] = {"": read_npy(data, name or "npy")}
    elif data.startswith(b"PK\x03\x04") and not name.lower().endswith((".xlsx", ".xlsm")):
        arrays = read_npz(Archive(data))
    else:
        text = _text(data)
        if text is not None and "[" in text:
            arrays = {"": nested(text)}
        else:
            arrays = {"": matrix(table_of(data, name))}
    floats = {}
    for each, array in arrays.items():
        if array.dtype.kind not in "fiub" or not array.size:
            raise OwnError(later("“{name}” holds no numbers.", name=readable(each or name)))
        floats[each] = array.astype(np.float64)
    if not floats:
        raise OwnError(later("There are no numbers in it."))
    return floats


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def nested(text: str) -> Array:
    """Read lists within lists, as Python, NumPy and PyTorch print them.

    Raises:
        OwnError: if they are cut short or of different lengths.
    """
    top: list[Any] = []
    open_lists = [top]
    for match in _SIGN.finditer(text):
        sign = match[0]
        if sign == "[":
            if len(open_lists) > DEEPEST:
                raise OwnError(RAGGED)
            inner: list[Any] = []
            open_lists[-1].append(inner)
            open_lists.append(inner)
        elif sign == "]":
            if len(open_lists) > 1:
                open_lists.pop()
        elif sign in ("...", "…"):
            raise OwnError(CUT_SHORT)
        elif sign not in "()" and len(open_lists) > 1:
            open_lists[-1].append(float(sign))
    lists = [each for each in top if isinstance(each, list)]
    try:
        array = np.array(lists[0] if len(lists) == 1 else lists, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise OwnError(RAGGED) from error
    if not array.size:
        raise OwnError(later("There are no numbers in it."))
    return array


def table_of(data: bytes, name: str = "", headings: int | None = None) -> Table:
    """Read a table.

    Args:
        data: of the file.
        name: of the file.
        headings: how many rows name the columns; found out if None.

    Raises:
        OwnError: with the sentence of whoever could not read it.
    """
    try:
        options = SeriesOptions(headings=headings, most_columns=MOST_COLUMNS)
        return read_table(io.BytesIO(data), options, name, MOST_BYTES)
    except TableError as error:
        first = error.args[0] if error.args else ""
        raise OwnError(first if isinstance(first, Message) else Message(str(first))) from error


def matrix(table: Table, places: list[int] | None = None) -> Array:
    """Take columns of a table as numbers, (rows, columns).

    Raises:
        OwnError: naming the first cell that is none.
    """
    columns = list(range(len(table.columns))) if places is None else places
    values = np.empty((len(table.rows), len(columns)))
    for row, cells in enumerate(table.rows):
        for column, place in enumerate(columns):
            cell = cells[place]
            value = number(cell, table.decimals[place])
            if value is None:
                raise OwnError(_no_number(cell, row, table.columns[place]))
            values[row, column] = value
    return values


def _no_number(cell: str, row: int, column: str) -> Message:
    if is_missing(cell):
        return later("Row {row} has no number in “{column}”.", row=row + 1, column=readable(column))
    return later(
        "Row {row} has “{cell}” in “{column}”, which is no number.",
        row=row + 1,
        cell=readable(cell)[:40],
        column=readable(column),
    )

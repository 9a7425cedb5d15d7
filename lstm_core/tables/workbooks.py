"""Spreadsheets (.xlsx) as rows of cells, read row by row, with openpyxl."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from lstm_core.messages import later
from lstm_core.tables.assumptions import Assumption, TableError
from lstm_core.tables.cells import Exact

MOST_UNPACKED = 300_000_000
ROOM, MOST_PACKED = 20_000_000, 100
"""Beyond so many bytes, what unpacks to more than so many times its size is a bomb."""


def is_workbook(stream: IO[bytes]) -> bool:
    """Tell whether a file is a spreadsheet, by what is in it."""
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    if start != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        stream.seek(0)


def workbook_within(stream: IO[bytes], size: int, most: int | None) -> IO[bytes] | None:
    """Unpack a workbook that is packed once more, into a file that goes when it is closed.

    Args:
        stream: of what is in a packed file; it is at its start before and after.
        size: of the file as it is kept.
        most: bytes that may be in it.

    Returns:
        None if there is no workbook in it.

    Raises:
        TableError: if it is a bomb, or too large.
    """
    if not hasattr(stream, "mtime"):
        return None
    try:
        if stream.read(4) != b"PK\x03\x04":
            return None
        stream.seek(0)
        kept = tempfile.TemporaryFile()  # noqa: SIM115  It is read as long as the table is.
        while chunk := stream.read(1 << 20):
            kept.write(chunk)
            if kept.tell() > min(most or MOST_UNPACKED, max(ROOM, MOST_PACKED * size)):
                raise TableError(
                    later(
                        "The workbook would unpack to {size:,} MB; it is not opened.",
                        size=kept.tell() >> 20,
                    )
                )
    except (EOFError, OSError, zlib.error):
        # Whoever reads it as text says what is broken.
        return None
    finally:
        stream.seek(0)
    return kept if is_workbook(kept) else None


def _refuse_bomb(stream: IO[bytes], size: int) -> None:
    with zipfile.ZipFile(stream) as archive:
        total = sum(part.file_size for part in archive.infolist())
    if total > MOST_UNPACKED or (total > ROOM and total > MOST_PACKED * size):
        raise TableError(
            later("The workbook would unpack to {size:,} MB; it is not opened.", size=total >> 20)
        )
    stream.seek(0)


def workbook_rows(
    stream: IO[bytes], sheet: str | None
) -> tuple[Iterator[tuple[int, list[str]]], list[Assumption]]:
    """Read one sheet of a workbook: its rows, each with its number, and what was assumed.

    Args:
        stream: of the file.
        sheet: its name; None is the first one.

    Raises:
        TableError: if it cannot be read, has no such sheet, or is a zip bomb.
    """
    from openpyxl import load_workbook

    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        _refuse_bomb(stream, size)
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        names = [page.title for page in book.worksheets]
        name = sheet if sheet is not None else (names or [""])[0]
        if name not in names:
            raise TableError(
                later(
                    "There is no sheet {name}; there are: {names}.",
                    name=repr(name),
                    names=", ".join(names)[:300],
                )
            )
        page = book.worksheets[names.index(name)]
        page.reset_dimensions()
    except TableError:
        raise
    except Exception as error:  # A hostile workbook breaks in many ways.
        raise TableError(_cannot(error)) from error
    note = Assumption(
        "sheet",
        name,
        later("The sheet {name} is read, of {count}.", name=name, count=len(names)),
        "--sheet",
        usual=len(names) == 1 or sheet is not None,
    )
    return _rows(page), [note]


def _rows(page: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, values in enumerate(page.iter_rows(values_only=True), start=1):
            cells = [_cell(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells
    except Exception as error:
        raise TableError(_cannot(error)) from error


def _cannot(error: Exception) -> Any:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return later("The workbook cannot be read: {why}.", why=why)


def _cell(value: object) -> str:
    """Write a value as text, numbers so that they are read back exactly."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return Exact(repr(value))
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)

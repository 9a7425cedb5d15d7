"""The server's heap: kept small, and hidden from the collection that Streamlit forces after each run.

Streamlit 1.67 collects all garbage after every run of a script, which walks every object of every
imported package. Frozen objects are not walked. deploy/README.md has what that is worth, measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import linecache
import os
from collections.abc import AsyncIterator

SECONDS_BETWEEN_CARE = 10
SECONDS_BETWEEN_FREEZES = 1
WORTH_SETTLING = 0.05
"""By how much the heap has to have grown, or shrunk, before it is settled again."""
HEAP_CARE = "LSTM_HEAP_CARE"
"""The environment variable that turns heap care off where it is ``off``, to measure what it does."""
ARENAS = 2
"""Arenas of glibc's allocator. It would open up to eight a core, each with free memory that stays resident."""
LARGE = 2**20
"""The bytes from which on a block comes from the system and goes back there at once.

Each such block is filled with zeros by the system, page by page, before it can be used: at 2**18,
reading a review spent about half its time on that. glibc would raise this limit to the
largest block that was ever freed; arrays then leave holes behind.
"""
KEPT_FREE = 2**22
"""The bytes at the end of an arena that stay with the process until the heap is trimmed."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def is_cared_for() -> bool:
    """Say whether heap care is on."""
    return os.environ.get(HEAP_CARE) != "off"


def keep_small() -> None:
    """Let all threads share few arenas: Streamlit starts a thread for every run of a script.

    Does nothing where the allocator is another one than glibc's.
    """
    if _c_library is not None and is_cared_for():
        _c_library.mallopt(_M_ARENA_MAX, ARENAS)
        _c_library.mallopt(_M_MMAP_THRESHOLD, LARGE)
        _c_library.mallopt(_M_TRIM_THRESHOLD, KEPT_FREE)


def settle() -> None:
    """Free garbage, give it back to the system, and freeze what survives."""
    if not is_cared_for():
        return
    forget_what_is_read_again()
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    trim()


def forget_what_is_read_again() -> None:
    """Let go of what was read from files for once, and is read again by whoever asks.

    Plotly's description of all that it can check takes 9 MB from the import of Streamlit on; figures
    that are shown are not checked. The source of a cell is shown as it was read.
    """
    linecache.clearcache()
    with contextlib.suppress(ImportError, AttributeError):
        from plotly.validator_cache import ValidatorCache

        if ValidatorCache._json_cache is not None:
            ValidatorCache._json_cache = None


def trim() -> None:
    """Give what is free back to the system."""
    if _c_library is not None and is_cared_for():
        _c_library.malloc_trim(0)


def warm_up() -> None:
    """Import what the pages need, load what they share, and read one review, before the first visitor."""
    import plotly.graph_objects  # noqa: F401

    # Before anything else is made, which then takes the place of it.
    forget_what_is_read_again()

    import pandas  # noqa: F401

    from pages._app import caches
    from pages._book.language import read_catalogues

    read_catalogues()
    caches.explained(caches.reader().read("A warm and generous film."))
    settle()


@contextlib.asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Warm up before the first visitor, and care for the heap while the server runs."""
    keep_small()
    await asyncio.to_thread(warm_up)
    task = asyncio.create_task(_care())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _care() -> None:
    """Freeze often, which only moves lists; settle the heap rarely, for that takes time."""
    settled = gc.get_freeze_count()
    while True:
        for _ in range(SECONDS_BETWEEN_CARE // SECONDS_BETWEEN_FREEZES):
            await asyncio.sleep(SECONDS_BETWEEN_FREEZES)
            if is_cared_for():
                gc.freeze()
        # Who looks through all of it does so for the sake of what is new.
        if abs(gc.get_freeze_count() - settled) > WORTH_SETTLING * settled:
            await asyncio.to_thread(settle)
            settled = gc.get_freeze_count()
        else:
            await asyncio.to_thread(trim)


def _with_glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
        _ = library.mallopt, library.malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return library


_c_library = _with_glibc()

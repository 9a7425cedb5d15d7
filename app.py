"""The front door: `streamlit run app.py`, or any ASGI server on `app:app`.

The script itself is ``pages/_router.py``. It lies inside ``pages`` because Streamlit treats a
``pages`` folder beside the main script as its old kind of multi-page app, which breaks deep links
on a server that has just started.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

# One BLAS thread: the matrices are small, and threads that wait for each other cost more than
# they save. This must be set before NumPy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import streamlit as st  # noqa: E402

SECONDS_BETWEEN_HEAP_CARE = 10
SECONDS_BETWEEN_FREEZES = 1
HEAP_CARE = "LSTM_HEAP_CARE"
"""The environment variable that turns heap care off where it is ``off``, to measure what it does."""


ARENAS = 2
"""glibc's allocator opens up to eight a core, and what lies between their holes stays resident."""
LARGE = 2**18
"""From so many bytes on, memory comes from the system and goes back there at once.

glibc raises this limit to the largest block that was ever freed; arrays then leave holes behind.
"""
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def keep_heap_small() -> None:
    """Let all threads share few arenas: Streamlit starts a thread for every run of a script.

    Does nothing where the allocator is another one than glibc's.
    """
    if _c_library is not None and os.environ.get(HEAP_CARE) != "off":
        _c_library.mallopt(_M_ARENA_MAX, ARENAS)
        _c_library.mallopt(_M_MMAP_THRESHOLD, LARGE)


def _with_glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
        _ = library.mallopt, library.malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return library


_c_library = _with_glibc()


def settle_heap() -> None:
    """Free garbage, give it back, and hide what survives from Streamlit's collection of every run.

    Streamlit 1.67 forces a full garbage collection after each script run, which walks every
    object of every imported package. Frozen objects are not walked. deploy/README.md has what that
    is worth, measured.
    """
    if os.environ.get(HEAP_CARE) == "off":
        return
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if _c_library is not None:
        _c_library.malloc_trim(0)


def warm_up() -> None:
    """Import what the pages need and read one review, before the first visitor waits for it."""
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    from lstm_core.sentiment.reader import Reader

    Reader.load().read("A warm and generous film.")
    settle_heap()


@contextlib.asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Warm up before the first visitor, and care for the heap while the server runs.

    Freezing takes no time: it only moves lists. What was frozen and has become garbage waits for the
    next ``settle_heap``, which does take time.
    """
    keep_heap_small()
    await asyncio.to_thread(warm_up)

    async def care() -> None:
        while True:
            for _ in range(SECONDS_BETWEEN_HEAP_CARE // SECONDS_BETWEEN_FREEZES):
                await asyncio.sleep(SECONDS_BETWEEN_FREEZES)
                if os.environ.get(HEAP_CARE) != "off":
                    gc.freeze()
            await asyncio.to_thread(settle_heap)

    task = asyncio.create_task(care())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


app = st.App(Path(__file__).parent / "pages" / "_router.py", lifespan=lifespan)

"""The front door: `streamlit run app.py`, or any ASGI server on `app:app`.

The script itself is ``pages/_router.py``. It lies inside ``pages`` because Streamlit treats a
``pages`` folder beside the main script as its old kind of multi-page app, which breaks deep links
on a server that has just started.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

# One BLAS thread: the matrices are small, and threads that wait for each other cost more than
# they save. This must be set before NumPy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import streamlit as st  # noqa: E402

SECONDS_BETWEEN_HEAP_CARE = 15
HEAP_CARE = "LSTM_HEAP_CARE"
"""The environment variable that turns heap care off where it is ``off``, to measure what it does."""


def settle_heap() -> None:
    """Free garbage, then hide what survives from Streamlit's collection after every run.

    Streamlit 1.67 forces a full garbage collection after each script run, which walks every
    object of every imported package. Frozen objects are not walked. deploy/README.md has what that
    is worth, measured.
    """
    if os.environ.get(HEAP_CARE) == "off":
        return
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def warm_up() -> None:
    """Import what the pages need and read one review, before the first visitor waits for it."""
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    from lstm_core.sentiment.reader import Reader

    Reader.load().read("A warm and generous film.")
    settle_heap()


@contextlib.asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Warm up before the first visitor, and care for the heap while the server runs."""
    await asyncio.to_thread(warm_up)

    async def care() -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_HEAP_CARE)
            await asyncio.to_thread(settle_heap)

    task = asyncio.create_task(care())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


app = st.App(Path(__file__).parent / "pages" / "_router.py", lifespan=lifespan)

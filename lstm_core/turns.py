"""Long computations in processes of their own, a slice at a time, so that nobody waits for them.

A process has no share in the serving process's interpreter lock; a race in a thread would slow
every other visitor. Who asks while all processes are busy waits for a turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Turns:
    """Processes that take turns; one fewer than there are cores, and at least one."""

    def __init__(self) -> None:
        self._workers = max((os.cpu_count() or 1) - 1, 1)
        self._pool: ProcessPoolExecutor | None = None

    def submit(
        self, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Queue one slice of work; a pool whose process has died is replaced.

        Args:
            function: of a module, so that another process can import it.
            args: picklable.
            kwargs: picklable.
        """
        try:
            return self._running().submit(function, *args, **kwargs)
        except BrokenProcessPool:
            self._pool = None
            return self._running().submit(function, *args, **kwargs)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            self._pool = ProcessPoolExecutor(self._workers, get_context("spawn"))
        return self._pool

    def close(self, *_: Any) -> None:
        """Let the processes go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

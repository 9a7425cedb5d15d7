"""How computing is shared among visitors: a semaphore with ranks, and processes for long work.

Streamlit runs every visitor's page in a thread of one process, and its threads share one
interpreter lock. ``RankedSemaphore`` bounds how many of them compute at the same time. What takes
seconds, such as a training race, is computed by ``Turns``: some processes beside the serving one,
which get the work in slices. Turns go round the visitors: each has one slice computed at a time,
and one waiting at most, however often it asks.
"""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

PROCESSES = "LSTM_PROCESSES"
"""The environment variable that says how many; a container does not see its own share of cores."""
GIVES_WAY = 10
"""Added to the processes' niceness: on two cores, a page is computed before a race."""


def workers() -> int:
    """How many slices may be computed at once: as many as ``LSTM_PROCESSES`` says.

    Where it says nothing, one fewer than there are cores, and at least one.

    Raises:
        ValueError: if it says something else than a number from 1.
    """
    number = os.environ.get(PROCESSES, "")
    if not number:
        return max((os.cpu_count() or 1) - 1, 1)
    if not number.isdecimal() or int(number) < 1:
        raise ValueError(f"{PROCESSES} must be a number from 1, not {number!r}")
    return int(number)


class RankedSemaphore:
    """A semaphore that wakes the most urgent of the waiting threads, not the first.

    Thirty page runs side by side would each take thirty times as long, and keep their figures in
    memory meanwhile; one behind the other, most are done earlier. A rank is worth a wait of
    ``head_start`` seconds: a thread that came earlier than that is not overtaken, so that none
    waits for ever.

    Args:
        places: how many threads may be inside at the same time.
        head_start: what a rank is worth, in seconds.
    """

    def __init__(self, places: int, head_start: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._free = places
        self._head_start = head_start
        self._waiting: list[tuple[float, int, threading.Event]] = []
        """By when each counts as having come, then in the order of coming."""
        self._came = itertools.count()

    def enter(self, rank: int) -> None:
        """Take a place, or wait for one; 0 is the most urgent rank."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            counts_from = time.monotonic() + rank * self._head_start
            heapq.heappush(self._waiting, (counts_from, next(self._came), turn))
        turn.wait()

    def leave(self) -> None:
        """Give the place to the most urgent thread that waits, if any does."""
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[-1].set()
            else:
                self._free += 1


@dataclass(frozen=True)
class _Slice:
    """One slice of work: whose it is, what is to be called, and who waits for its result."""

    visitor: Hashable
    call: Callable[[], Any]
    future: Future[Any]


class Turns:
    """Workers, each with a process of its own, that compute visitors' slices in turn.

    Args:
        count: of the workers; 0 for as many as ``workers`` says.
        apart: whether each computes in a process of its own; otherwise in a thread, for work that
            starts its own process anyway.
    """

    def __init__(self, count: int = 0, *, apart: bool = True) -> None:
        self._count = count or workers()
        self._apart = apart
        self._changed = threading.Condition()
        self._waiting: dict[Hashable, _Slice] = {}
        """In the order of their turns, by visitor."""
        self._computed: set[Hashable] = set()
        """The visitors of whom a slice is being computed."""
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(
        self,
        visitor: Hashable,
        function: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Future[Result]:
        """Queue one slice of a visitor's work.

        A slice of the same visitor that still waits is given up for it, and its future is
        cancelled; the new one gets its place. A slice whose process dies ends with
        ``BrokenProcessPool``, and the process is replaced.

        Args:
            visitor: whose turn it takes.
            function: of a module, so that another process can import it.
            args: picklable.
            kwargs: picklable.

        Raises:
            RuntimeError: if the workers have been let go.
        """
        future: Future[Result] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("the workers have been let go")
            given_up = self._waiting.get(visitor)
            call = partial(function, *args, **kwargs)
            self._waiting[visitor] = _Slice(visitor, call, future)
            self._start()
            self._changed.notify()
        if given_up is not None:
            given_up.future.cancel()
        return future

    def place(self, future: Future[Any] | None) -> int:
        """Count the other visitors who are before a slice that waits.

        These are who waits before it and who is being computed; 0 once it is computed itself.
        """
        with self._changed:
            for ahead, one in enumerate(self._waiting.values()):
                if one.future is future:
                    if one.visitor in self._computed:
                        # It goes behind all others when the visitor's own slice has ended.
                        return len(self._waiting) - 1
                    return ahead + len(self._computed)
        return 0

    def close(self, *_: Any) -> None:
        """Let the workers go; what waits is cancelled, what is computed comes to its end."""
        with self._changed:
            self._closed = True
            left = list(self._waiting.values())
            self._waiting.clear()
            self._changed.notify_all()
        for one in left:
            one.future.cancel()

    def _start(self) -> None:
        while len(self._threads) < self._count:
            worker = threading.Thread(target=self._work, name="turns", daemon=True)
            self._threads.append(worker)
            worker.start()

    def _next(self) -> _Slice | None:
        """Wait for the next slice whose visitor is not being computed; None at the end."""
        with self._changed:
            while not self._closed:
                for visitor in self._waiting:
                    if visitor not in self._computed:
                        self._computed.add(visitor)
                        return self._waiting.pop(visitor)
                self._changed.wait()
        return None

    def _work(self) -> None:
        process = _Process() if self._apart else None
        while (one := self._next()) is not None:
            if one.future.set_running_or_notify_cancel():
                try:
                    result = one.call() if process is None else process.compute(one.call)
                except BaseException as error:
                    one.future.set_exception(error)
                else:
                    one.future.set_result(result)
                    del result
            with self._changed:
                self._computed.discard(one.visitor)
                if one.visitor in self._waiting:
                    self._waiting[one.visitor] = self._waiting.pop(one.visitor)
                self._changed.notify_all()
            # Nothing of a visitor is kept until the next one comes.
            del one
        if process is not None:
            process.close()


class _Process:
    """A process that computes one call at a time, and is replaced when it has died."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def compute(self, call: Callable[[], Any]) -> Any:
        try:
            future = self._running().submit(call)
        except BrokenProcessPool:
            # It died while it had nothing to do.
            self._pool = None
            future = self._running().submit(call)
        return future.result()

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_give_way)
        return self._pool

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _give_way() -> None:
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)

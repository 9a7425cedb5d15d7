"""Score batches of texts in several processes of this machine, in order and with bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

from lstm_core.sentiment.reader import Reader, Scores

Batch = TypeVar("Batch")
WAITING_EACH = 2
"""So many batches wait for each process, so that none is idle and memory holds no more."""

_reader: Reader | None = None


def scored_batches(
    batches: Iterator[Batch], texts: Callable[[Batch], list[str]], reader: Reader, workers: int
) -> Iterator[tuple[Batch, Scores]]:
    """Score batches in order; a process that dies loses none, for this one takes over.

    Args:
        batches: read only as far as the processes keep up.
        texts: what to score of a batch.
        reader: the trained network; each process gets a copy once.
        workers: number of processes, each with one BLAS thread. A single batch, or one for a
            single worker, is scored in this process.

    Yields:
        Each batch with its scores.
    """
    first = list(islice(batches, 2))
    every = chain(first, batches)
    if workers == 1 or len(first) < 2:
        for batch in every:
            yield batch, reader.score(texts(batch))
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (reader,))
    waiting: deque[tuple[Batch, Future[Scores] | None]] = deque()

    def next_one() -> tuple[Batch, Scores]:
        batch, future = waiting.popleft()
        try:
            if future is not None:
                return batch, future.result()
        except BrokenProcessPool:
            pass
        return batch, reader.score(texts(batch))

    with pool:
        for batch in every:
            waiting.append((batch, _submitted(pool, texts(batch))))
            if len(waiting) > WAITING_EACH * workers:
                yield next_one()
        while waiting:
            yield next_one()


def _submitted(pool: ProcessPoolExecutor, texts: Iterable[str]) -> Future[Scores] | None:
    try:
        return pool.submit(_score, list(texts))
    except BrokenProcessPool:
        return None


def _begin(reader: Reader) -> None:
    global _reader  # noqa: PLW0603  A worker process has one network, from its start to its end.
    _reader = reader


def _score(texts: list[str]) -> Scores:
    if _reader is None:
        raise RuntimeError("a worker process was not begun with a network")
    return _reader.score(texts)

"""Score many files, a task each, on Dask: in processes of this machine or on many machines.

Each part is scored by ``scoring.score_file`` under a temporary name, and renamed when it is whole.
A worker that dies loses no row: Dask gives its part to another one, which begins it anew.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from lstm_core.sentiment.reader import ASSETS, Reader
from lstm_core.sentiment.scoring import KINDS, InputError, Outcome, score_file
from lstm_core.tables import Options
from lstm_core.tables.arguments import add_table_options, table_options

ENDING = ".scored.csv"
MISSING = "Dask is not installed: pip install -r requirements-cluster.txt"
PATIENCE = 30
"""Seconds to wait for a scheduler, and then for its first worker."""
DASHBOARD = "127.0.0.1:0"
"""Any free port; Dask's own choice would be in use while another run goes on."""
SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,
    "distributed.nanny.pre-spawn-environ.OPENBLAS_NUM_THREADS": 1,
    "distributed.nanny.pre-spawn-environ.OMP_NUM_THREADS": 1,
    "distributed.nanny.pre-spawn-environ.MKL_NUM_THREADS": 1,
}
_one_part_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What became of a part: it has an outcome, or a problem, or neither where it was skipped."""

    source: str
    target: Path
    outcome: Outcome | None = None
    problem: str | None = None

    @property
    def failed(self) -> bool:
        """Tell whether the part, or a row of it, could not be scored."""
        return self.problem is not None or (self.outcome is not None and self.outcome.failed > 0)

    def summary(self) -> str:
        """Say in one line what happened."""
        if self.problem is not None:
            return f"{self.source} was not scored: {self.problem}"
        if self.outcome is not None:
            return f"{self.source}: {self.outcome.summary(str(self.target))}"
        return f"{self.source} was skipped: {self.target} is there, and no older."


@dataclass(frozen=True, slots=True)
class _Task:
    """All that a worker must know to score one part; its paths start from ``home``."""

    source: str
    target: Path
    column: str | None
    kind: str | None
    folder: Path
    home: Path
    run: str
    options: Options = field(default_factory=Options)


def score_parts(
    sources: Sequence[str],
    out: Path,
    *,
    column: str | None = None,
    kind: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    folder: Path = ASSETS,
    options: Options | None = None,
    tell: Callable[[str], object] = print,
) -> list[PartOutcome]:
    """Score every part into ``out``, as ``STEM.scored.csv``; one that fails stops no other.

    A part is skipped if its output is there and no older. One with rows that could not be scored
    is not: ``STEM.scored.csv.problems`` beside its output says so. Weights and column are not
    compared, so choose another ``out`` when they change.

    On a cluster, every machine must have this package, and see ``sources``, ``out`` and
    ``folder`` under the same paths. A worker scores one part at a time whatever its threads.

    Args:
        sources: paths of files of ``KINDS``, packed with gzip or not.
        out: folder for the scored files; made if it is missing.
        column: name of the column (or JSON key) that holds the review; None takes the likeliest.
        kind: of ``KINDS``; None takes it from each file's name.
        workers: number of local processes; None is one a core.
        scheduler: address of a running Dask scheduler, such as tcp://host:8786; None starts
            local workers.
        folder: the trained network; each worker reads it once.
        options: what somebody decided of how the files are written.
        tell: called with one line for each part that was finished or skipped, and with one for
            each thing that was assumed of it.

    Returns:
        One outcome a part, in the order of ``sources``.

    Raises:
        InputError: if Dask is missing, an output would overwrite a part or another output,
            ``out`` cannot be made, or there is no worker.
    """
    if workers is not None and workers < 1:
        raise InputError(f"{workers} workers cannot score anything; name 1 or more.")
    home, run = Path.cwd(), secrets.token_hex(8)
    tasks = [
        _Task(source, target, column, kind, folder, home, run, options or Options())
        for source, target in _targets(sources, out).items()
    ]
    outcomes: dict[str, PartOutcome] = {}

    def report(outcome: PartOutcome) -> None:
        outcomes[outcome.source] = outcome
        tell(f"{len(outcomes)} of {len(tasks)}: {outcome.summary()}")
        for line in outcome.outcome.assumed() if outcome.outcome is not None else ():
            tell(f"  {line}")

    left = []
    for task in tasks:
        if _is_done(task):
            report(PartOutcome(task.source, task.target))
        else:
            left.append(task)
    if left:
        try:
            with _client(len(left), workers, scheduler) as client:
                for outcome in _outcomes(client, left):
                    report(outcome)
        finally:
            _remove_partial(out, left)
    return [outcomes[source] for source in sources]


def _targets(sources: Sequence[str], out: Path) -> dict[str, Path]:
    """Name each part's output, by part, and make the folder for them."""
    targets = {source: out / f"{Path(source).stem}{ENDING}" for source in dict.fromkeys(sources)}
    parts = {Path(source).resolve() for source in targets}
    taken: dict[Path, str] = {}
    for source, target in targets.items():
        first = taken.setdefault(target, source)
        if first != source:
            raise InputError(f"{first} and {source} would both be scored into {target}.")
        if target.resolve() in parts:
            raise InputError(f"{source} would be scored into {target}, which is a part itself.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {out} cannot be made: {error.strerror}.") from None
    return targets


def _modified(path: Path) -> int | None:
    """Return when a file was last written, in ns; None if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _is_done(task: _Task) -> bool:
    read, written = _modified(Path(task.source)), _modified(task.target)
    whole = read is not None and written is not None and read <= written
    return whole and not _problems(task.target).exists()


def _problems(target: Path) -> Path:
    return target.with_name(f"{target.name}.problems")


def _remove_partial(out: Path, tasks: list[_Task]) -> None:
    """Remove what workers that died, in this run or an earlier one, left of these parts."""
    names = {task.target.name for task in tasks}
    for path in out.glob(".*.partial"):
        if path.name[1:].rsplit(".", 2)[0] in names:
            path.unlink(missing_ok=True)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise InputError(MISSING) from None
    return distributed


@contextmanager
def _client(parts: int, workers: int | None, scheduler: str | None) -> Iterator[Any]:
    """Connect to local workers, which live as long as the context, or to a cluster that runs."""
    distributed = _distributed()
    if scheduler is not None:
        with _connection(scheduler) as client:
            yield client
        return
    import dask

    count = min(parts, dask.system.CPU_COUNT) if workers is None else workers
    with (
        dask.config.set(SETTINGS),
        distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=DASHBOARD
        ) as local,
        distributed.Client(local, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _connection(scheduler: str) -> Iterator[Any]:
    if not re.fullmatch(r"(tcp|tls)://.+:\d+", scheduler):
        raise InputError(f"{scheduler} is no address of a scheduler, such as tcp://host:8786.")
    try:
        client = _distributed().Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"There is no scheduler at {scheduler}: {error}.") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise InputError(f"The scheduler at {scheduler} has no worker.") from None
        yield client


def _outcomes(client: Any, tasks: list[_Task]) -> Iterator[PartOutcome]:
    """Score the parts and yield what became of each, as they finish.

    Dask gives up a part if too many workers died that had it, be it that they ran it or that it
    only waited there behind the culprit. Such parts are tried once more, alone.
    """
    blamed = []
    by_key = {f"score-{task.run}-{place}": task for place, task in enumerate(tasks)}
    as_completed = _distributed().as_completed
    # The list of futures is not kept, and each is released when it is read: were it otherwise,
    # a part that is done would be scored anew when the worker that did it dies.
    for future in as_completed(client.map(_score_part, tasks, key=list(by_key)), loop=client.loop):
        task = by_key[future.key]
        if _was_killed(future):
            blamed.append(task)
        else:
            yield _outcome(task, future)
    for task in blamed:
        yield _outcome(task, client.submit(_score_part, task, pure=False))


def _was_killed(future: Any) -> bool:
    return future.status == "error" and isinstance(future.exception(), _distributed().KilledWorker)


def _outcome(task: _Task, future: Any) -> PartOutcome:
    """Wait for one part."""
    try:
        result = future.result()
    except CancelledError:
        result = "the connection to the scheduler was lost"
    except Exception as error:
        result = "every worker that tried it died" if _was_killed(future) else repr(error)
    finally:
        future.release()
    if isinstance(result, str):
        return PartOutcome(task.source, task.target, problem=result)
    return PartOutcome(task.source, task.target, result)


@lru_cache(maxsize=1)
def _reader(folder: Path, _run: str) -> Reader:
    """Load the network once a worker and run; a later run may find it trained anew."""
    return Reader.load(folder)


def _score_part(task: _Task) -> Outcome | str:
    """Score one part, on a worker; returns what is wrong where it cannot be scored at all."""
    # The bar that ``score_file`` draws on a terminal would be drawn by every worker at once.
    with _one_part_at_a_time, redirect_stderr(io.StringIO()):
        try:
            return _score_whole(task, _reader(task.home / task.folder, task.run))
        except (InputError, OSError) as error:
            return str(error)
        except Exception as error:
            return repr(error)


def _score_whole(task: _Task, reader: Reader) -> Outcome:
    """Score under a name that no other attempt has, and rename it when it is whole."""
    source, target = task.home / task.source, task.home / task.target
    attempt = f"{os.getpid()}-{secrets.token_hex(4)}"
    partial = target.with_name(f".{target.name}.{attempt}.partial")
    before = _modified(source)
    try:
        outcome = score_file(
            str(source), str(partial), reader, task.column, task.kind, 1, task.options
        )
        if _modified(source) != before:
            raise InputError(f"{source} changed while it was read.")
        if outcome.failed:
            _problems(target).write_text(f"{outcome.summary(target.name)}\n", encoding="utf-8")
        partial.replace(target)
        if not outcome.failed:
            _problems(target).unlink(missing_ok=True)
    finally:
        partial.unlink(missing_ok=True)
    return outcome


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``score-parts`` to the command line."""
    parser = commands.add_parser(
        "score-parts", help="score many files of reviews, in parallel or on a Dask cluster"
    )
    parser.add_argument(
        "parts",
        nargs="+",
        metavar="PART",
        help="a .csv, .tsv, .txt, .jsonl, .json or .xlsx file, packed with gzip or not",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the scored files")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--workers", type=int, help="local processes (one a core)")
    place.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, tcp://HOST:PORT")
    parser.add_argument("--column", help="column or key that holds the review (likeliest)")
    parser.add_argument("--format", choices=KINDS, help="if the files' names do not tell")
    parser.add_argument("--folder", type=Path, default=ASSETS, help="the trained network")
    add_table_options(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    outcomes = score_parts(
        options.parts,
        options.out,
        column=options.column,
        kind=options.format,
        workers=options.workers,
        scheduler=options.scheduler,
        folder=options.folder,
        options=table_options(options),
        tell=lambda line: sys.stderr.write(f"{line}\n"),
    )
    return 1 if any(outcome.failed for outcome in outcomes) else 0

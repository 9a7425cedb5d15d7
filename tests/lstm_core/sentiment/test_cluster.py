"""Files scored in parallel on real workers: every row once, also when workers are killed."""

import argparse
import os
import random
import signal
import sys
import threading

import pytest
from distributed import Client, LocalCluster

from lstm_core.sentiment import cluster
from lstm_core.sentiment.cluster import add_command, score_parts
from lstm_core.sentiment.scoring import InputError, score_file

WORDS = ["the", "film", "story", "cast", "was", "and", "great", "boring", "awful", "lovely"]
MANY = 2500
"""Rows of a part that is scored in three batches, so that its worker can be killed in between."""


def write_parts(folder, count, rows):
    """Write files of made-up reviews; those of more than 1024 rows are scored in many batches."""
    rng = random.Random(count)
    paths = []
    for part in range(count):
        lines = [f"{part}-{row},{' '.join(rng.choices(WORDS, k=9))}\n" for row in range(rows)]
        paths.append(folder / f"part{part}.csv")
        paths[-1].write_text("id,text\n" + "".join(lines), encoding="utf-8")
    return paths


def alone(source, folder, reader):
    """Score one file in this process, and return what is then in the output."""
    target = folder / f"alone-{source.name}"
    score_file(str(source), str(target), reader)
    return target.read_bytes()


class Killer(threading.Thread):
    """Kills, with no warning, the first ``limit`` workers that have written a share of a part."""

    def __init__(self, out, stem, limit):
        super().__init__(daemon=True)
        self.pattern = f".{stem}.scored.csv.*.partial"
        self.out, self.limit, self.killed, self.over = out, limit, [], threading.Event()

    def run(self):
        while len(self.killed) < self.limit and not self.over.wait(0.005):
            for path in self.out.glob(self.pattern):
                worker = int(path.name.split(".")[-2].split("-")[0])
                if worker not in self.killed and path.exists() and path.stat().st_size:
                    os.kill(worker, signal.SIGKILL)
                    self.killed.append(worker)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


@pytest.fixture(scope="module")
def running():
    """A cluster that was there before, as on other machines."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=cluster.DASHBOARD
    ) as local:
        yield local.scheduler_address


@pytest.mark.slow
def test_a_killed_worker_loses_no_row(tmp_path, reader):
    sources, out, said = write_parts(tmp_path, 4, MANY), tmp_path / "out", []
    with Killer(out, "part0", limit=1) as killer:
        outcomes = score_parts(list(map(str, sources)), out, workers=2, tell=said.append)
    assert len(killer.killed) == 1
    assert [outcome.source for outcome in outcomes] == list(map(str, sources))
    assert [outcome.outcome.scored for outcome in outcomes] == [MANY] * 4
    for source, outcome in zip(sources, outcomes, strict=True):
        assert outcome.target.read_bytes() == alone(source, tmp_path, reader)
    assert sorted(os.listdir(out)) == [f"part{part}.scored.csv" for part in range(4)]
    assert len(said) == 4


@pytest.mark.slow
def test_a_part_that_kills_its_workers_fails_alone(tmp_path, reader):
    sources, out = write_parts(tmp_path, 4, MANY), tmp_path / "out"
    with Killer(out, "part1", limit=20) as killer:
        outcomes = score_parts(list(map(str, sources)), out, workers=2)
    assert len(killer.killed) == 4
    assert [outcome.problem for outcome in outcomes] == [
        None,
        "every worker that tried it died",
        None,
        None,
    ]
    assert sorted(os.listdir(out)) == [f"part{part}.scored.csv" for part in (0, 2, 3)]
    for place in (0, 2, 3):
        assert outcomes[place].target.read_bytes() == alone(sources[place], tmp_path, reader)


@pytest.mark.parametrize(("parts", "workers", "started"), [(9, 3, 3), (1, None, 1)])
def test_local_workers_are_processes_with_one_thread(monkeypatch, parts, workers, started):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with cluster._client(parts, workers, None) as client:
        assert list(client.nthreads().values()) == [1] * started
        assert set(client.run(os.getenv, "OPENBLAS_NUM_THREADS").values()) == {"1"}
        pids = set(client.run(os.getpid).values())
    assert len(pids - {os.getpid()}) == started


def test_each_worker_loads_the_weights_once_a_run(tmp_path, running):
    sources = list(map(str, write_parts(tmp_path, 6, 20)))

    def loads():
        with Client(running, set_as_default=False) as client:
            counts = client.run(cluster._reader.cache_info).values()
        return sum(count.misses for count in counts), sum(count.hits for count in counts)

    for run in ("first", "second"):
        loaded, used = loads()
        score_parts(sources, tmp_path / run, scheduler=running)
        loaded, used = loads()[0] - loaded, loads()[1] - used
        assert loaded in {1, 2}
        assert loaded + used == 6


def test_a_bad_part_is_named_and_stops_no_other(tmp_path, running, reader):
    (good,) = write_parts(tmp_path, 1, 5)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "odd.csv").write_bytes(b"text\nGreat.\ncaf\xe9\nna\xc3\xafve fun\n")
    names = ["none.csv", "other.csv", "part0.csv", "odd.csv"]
    sources, said = [str(tmp_path / name) for name in names], []
    outcomes = score_parts(sources, tmp_path / "out", scheduler=running, tell=said.append)
    assert [outcome.failed for outcome in outcomes] == [True, True, False, True]
    assert "cannot be read: No such file" in outcomes[0].problem
    assert "no column 'text'" in outcomes[1].problem
    assert outcomes[2].target.read_bytes() == alone(good, tmp_path, reader)
    assert (outcomes[3].outcome.scored, outcomes[3].outcome.failed) == (2, 1)
    assert len(said) == 4
    assert any("other.csv was not scored" in line for line in said)
    assert "line 3: not valid UTF-8" in (tmp_path / "out/odd.scored.csv.problems").read_text()


def test_what_is_done_is_skipped_and_what_is_not_is_scored(tmp_path, running):
    sources, out = write_parts(tmp_path, 3, 5), tmp_path / "out"
    sources[2].write_text("text\nGreat.\n...\n")

    def run():
        said = []
        score_parts(list(map(str, sources)), out, scheduler=running, tell=said.append)
        return sorted(line.split(": ", 1)[1] for line in said)

    run()
    sources[0].write_text("text\nNew.\n")
    written = (out / "part0.scored.csv").stat().st_mtime
    os.utime(sources[0], (written + 5, written + 5))
    first, second, third = run()
    assert "part0.csv: Scored 1 rows" in first
    assert "part1.csv was skipped" in second
    assert "part2.csv: 1 of 2 rows could not be scored" in third
    sources[2].write_text("text\nGreat.\n")
    run()
    assert not (out / "part2.scored.csv.problems").exists()
    os.utime(sources[0], (written - 5, written - 5))
    assert all("was skipped" in line for line in run())


def test_nothing_stands_in_the_target_until_it_is_whole(tmp_path, monkeypatch):
    (source,) = write_parts(tmp_path, 1, 5)
    target = tmp_path / "part0.scored.csv"
    task = cluster._Task(
        source.name, target, None, None, cluster.ASSETS, tmp_path, "a run of its own"
    )

    def scores_and_meets(event):
        def score(read, out, *more):
            assert not target.exists()
            outcome = score_file(read, out, *more)
            event()
            return outcome

        monkeypatch.setattr(cluster, "score_file", score)
        return cluster._score_part(task)

    def fails():
        raise OSError(28, "No space left on device")

    assert "No space left" in scores_and_meets(fails)
    assert "changed while it was read" in scores_and_meets(lambda: os.utime(source, (1, 1)))
    assert os.listdir(tmp_path) == ["part0.csv"]
    assert scores_and_meets(lambda: None).scored == 5
    assert sorted(os.listdir(tmp_path)) == ["part0.csv", "part0.scored.csv"]


def test_the_command_line(tmp_path, running, capsys, monkeypatch):
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("review\nA great film.\n")
    (tmp_path / "b.txt").write_text("review\nDreadful.\n")
    shared = ["--out", "new/out", "--format", "csv", "--column", "review", "--scheduler", running]

    def run(*parts):
        options = parser.parse_args(["score-parts", *parts, *shared])
        return options.run(options), capsys.readouterr().err

    status, said = run("a.txt", "none.txt")
    assert status == 1
    assert "a.txt: Scored 1 rows into new/out/a.scored.csv." in said
    assert "none.txt was not scored" in said
    status, said = run("a.txt", "b.txt")
    assert status == 0
    assert said.splitlines() == [
        "1 of 2: a.txt was skipped: new/out/a.scored.csv is there, and no older.",
        "2 of 2: b.txt: Scored 1 rows into new/out/b.scored.csv.",
    ]


@pytest.mark.parametrize(
    ("parts", "options", "message"),
    [
        (["a.csv", "b/a.jsonl"], {}, "a.csv and b/a.jsonl would both be scored into"),
        (["a.csv", "a.scored.csv"], {"out": "."}, "into a.scored.csv, which is a part itself"),
        (["a.csv"], {"workers": 0}, "0 workers cannot score anything"),
        (["a.csv"], {"scheduler": "nowhere"}, "no address of a scheduler, such as tcp://"),
        (["a.csv"], {"scheduler": "tcp://127.0.0.1:1"}, "There is no scheduler at"),
        (["a.csv"], {"out": "taken"}, "cannot be made: File exists"),
    ],
)
def test_what_cannot_begin_says_why(tmp_path, monkeypatch, parts, options, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    (tmp_path / "taken").touch()
    out = cluster.Path(options.pop("out", "out"))
    with pytest.raises(InputError) as raised:
        score_parts(parts, out, **options)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_scheduler_without_workers_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    empty = LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=cluster.DASHBOARD)
    with empty, pytest.raises(InputError, match="has no worker"):
        score_parts(["a.csv"], tmp_path, scheduler=empty.scheduler_address)


def test_without_dask_the_command_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install -r requirements-cluster\.txt"):
        score_parts(["a.csv"], tmp_path)

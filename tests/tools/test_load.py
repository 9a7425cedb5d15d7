"""The load driver itself: it visits every page, counts right, and notices who is lost."""

import argparse
import asyncio
import contextlib
import json
import threading
import time

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tools.load.__main__ import PAGES, RESULTS, away, broken, crowd, grew, spread
from tools.load.report import README, filled
from tools.load.visitor import Log, LostError, Visitor, Wait, alone, scores
from tools.serving import serving


@contextlib.contextmanager
def served():
    before = set(psutil.Process().children())
    with serving() as address:
        (server,) = set(psutil.Process().children()) - before
        yield address, server


@pytest.fixture(scope="module")
def app():
    with served() as one:
        yield one


def given(**changes):
    first = {"sessions": len(PAGES), "join": 3.0, "think": 1.5, "heavy": 2, "seed": 3}
    return argparse.Namespace(**first | changes)


@pytest.mark.slow
def test_visitors_move_things_on_every_page_and_none_is_lost(app):
    address, server = app
    found = alone(crowd(address, [server.pid], given(), 24))
    assert broken(found, most_ms=60_000, most_first_ms=60_000, most_mb=2_000) == []
    assert found["entered"] == len(PAGES)
    assert found["first"]["count"] == len(PAGES)
    assert found["rerun"]["count"] == sum(row["rerun"]["count"] for row in found["pages"].values())
    assert found["heavy"]["looks"]["count"] > 2
    assert found["memory"]["workers_peak_mb"] > 30
    assert found["cores_used"]["server"] > 0


def test_a_visitor_gets_the_page_that_it_asked_for_and_what_it_set(app):
    async def visit():
        visitor = Visitor(app[0], Log(), 1)
        await visitor.enter("activations")
        assert visitor.log.wrong == []
        await visitor.go("race", "panel=own")
        assert visitor.named("race_start")
        assert not visitor.due
        await visitor.press("race_start")
        assert visitor.due, "a race looks again by itself"
        await visitor.look(next(iter(visitor.due)))
        await visitor.press("race_leave")
        assert not visitor.due
        assert {w.kind for w in visitor.log.waits} == {"first", "page", "rerun", "look"}
        assert visitor.log.wrong == []
        with pytest.raises(LostError, match="no button"):
            await visitor.press("not_there")
        await visitor.leave()

    alone(visit())


def test_a_heavy_visitor_does_score_its_file(app):
    async def visit():
        visitor = Visitor(app[0], Log(), 1)
        await scores(visitor, time.monotonic() + 5)
        await visitor.leave()
        return visitor

    visitor = alone(visit())
    assert sum(w.kind == "look" for w in visitor.log.waits) >= 2
    assert visitor.log.wrong == []


class Line:
    """A line on which the answers are known before."""

    def __init__(self, answers):
        self.answers = iter(answers)

    async def send(self, _):
        pass

    async def recv(self):
        return next(self.answers).SerializeToString()


def button(name, part, *place):
    answer = ForwardMsg()
    answer.metadata.delta_path.extend(place)
    answer.delta.new_element.button.id = name
    answer.delta.fragment_id = part
    return answer


def ends(how):
    return ForwardMsg(script_finished=how)


def test_a_part_that_runs_the_whole_page_leaves_nothing_of_the_page_before():
    visitor = Visitor("", Log(), 1)
    early, whole, of_part = (
        ForwardMsg.FINISHED_EARLY_FOR_RERUN,
        ForwardMsg.FINISHED_SUCCESSFULLY,
        ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    )

    def seen(part, *answers):
        visitor._line = Line(answers)
        alone(visitor._answered(BackMsg(), part))
        return {*visitor.found}

    first = button("above", "", 0, 0), button("of_a", "a", 0, 1, 0)
    assert seen("", *first, ends(whole)) == {"above", "of_a"}
    assert seen("a", button("new", "a", 0, 1, 0), ends(of_part)) == {"above", "new"}
    again = button("gone", "a", 0, 1, 0), ends(early), button("of_b", "b", 0, 1, 0)
    assert seen("a", *again, ends(whole)) == {"of_b"}


@pytest.mark.slow
def test_who_is_lost_is_noticed():
    with served() as (address, server):
        threading.Timer(1.5, server.kill).start()
        found = alone(_until_it_dies(address))
    assert len(found.lost) == 4


async def _until_it_dies(address):
    from tools.load.__main__ import _visit

    log = Log()
    until = time.monotonic() + 12
    await asyncio.gather(*(_visit(Visitor(address, log, n), "", 0, until, 0.5) for n in range(4)))
    return log


def test_waits_are_counted_by_their_rank():
    waits = [Wait("rerun", "", 0, ms / 1e3, 1) for ms in range(1, 101)]
    assert spread(waits) == {"count": 100, "p50_ms": 51, "p95_ms": 96, "max_ms": 100}
    assert spread([]) == {"count": 0}


def test_memory_that_grows_is_said():
    assert grew([170.0, 250.0, 240.0]) == [], "too short a run to tell"
    assert grew([170.0] * 15 + [250.0, 240.0] * 22) == []
    (said,) = grew([200.0 + minute for minute in range(60)])
    assert said == "memory grew from 222 to 252 MB"


def test_every_broken_promise_is_said():
    fine = {"count": 5, "p50_ms": 20, "p95_ms": 90, "max_ms": 100}
    found = {
        "sessions": 5,
        "entered": 5,
        "lost": [],
        "errors_shown": [],
        "rerun": fine,
        "first": fine,
        "pages": {"home": {"rerun": fine}},
        "memory": {"peak_mb": 240},
        "heavy": {"rerun_during": fine, "looks": {"count": 3}},
    }
    assert broken(found) == []
    slow, none = fine | {"p95_ms": 251}, {"count": 0}
    for change in (
        {"entered": 4},
        {"lost": ["x"]},
        {"errors_shown": ["x"]},
        {"rerun": slow},
        {"pages": {"home": {"rerun": none}}},
        {"memory": {"peak_mb": 251}},
        {"first": fine | {"p95_ms": 1501}},
        {"heavy": {"rerun_during": slow, "looks": {"count": 3}}},
        {"heavy": {"rerun_during": fine, "looks": none}},
    ):
        assert len(broken(found | change)) == 1, change


def test_whoever_is_away_for_too_long_is_said():
    fine = {"lost": [], "return": {"count": 3, "max_ms": 4_900.0}}
    assert away(fine) == []
    for change in (
        {"lost": ["x"]},
        {"return": {"count": 0}},
        {"return": {"count": 3, "max_ms": 5_100}},
    ):
        assert len(away(fine | change)) == 1, change


def test_the_readme_of_deploy_says_what_was_measured():
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text, "run `make load`, or `python -m tools.load.report`"
    if RESULTS.exists():
        found = json.loads(RESULTS.read_text(encoding="utf-8"))
        assert found["lost"] == []
        assert found["entered"] == found["sessions"]

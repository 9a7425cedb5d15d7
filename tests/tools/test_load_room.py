"""The driver of a class that follows: it counts right, and says what is broken."""

import argparse
import asyncio
import json

import pytest

from tools.load.report import README, filled
from tools.load.room import RESULTS, broken, lecture, slides
from tools.load.visitor import Log, Visitor, alone
from tools.serving import serving


@pytest.fixture(scope="module")
def address():
    with serving() as one:
        yield one


def test_a_class_opens_a_page_that_nobody_has_opened(address):
    """One more than there are turns: they hung when those who waited for a training held them all."""

    async def visits():
        log = Log()
        visitors = [Visitor(address, log, seed) for seed in range(4)]
        async with asyncio.timeout(150):
            await asyncio.gather(*(one.enter("recurrence", "panel=plain") for one in visitors))
        for one in visitors:
            await one.leave()
        return log

    log = alone(visits())
    assert log.wrong == []
    assert len(log.waits) == 4


@pytest.mark.slow
def test_a_class_follows_and_each_vote_counts_once(address):
    given = argparse.Namespace(
        followers=15,
        slides=3,
        votes=2,
        steps=2,
        seconds=1.5,
        join=1.5,
        settle=0.5,
        others=1,
        sessions=True,
        seed=2,
    )
    found = alone(lecture(address, [], given))
    assert broken(found, most_vote_ms=30_000, most_shown_ms=30_000, most_own_ms=60_000) == []
    assert found["votes"]["count"] + found["votes_cut"]["count"] == 2 * 15
    assert found["votes_cut"]["count"] == found["lines_lost"] > 0
    assert found["shown"]["count"] == 3 * 15
    assert found["pages"]["count"] >= 15


def test_a_lecture_has_as_many_panels_as_are_asked_for():
    assert len(slides(10)) == len(set(slides(10))) == 10


def test_every_broken_promise_is_said():
    fine = {"count": 5, "p50_ms": 20, "p95_ms": 90, "max_ms": 100}
    found = {
        "wrong": [],
        "refused": [],
        "lost": [],
        "errors_shown": [],
        "gone": {},
        "votes": fine,
        "shown": fine,
        "own": fine,
    }
    assert broken(found) == []
    assert broken(found | {"gone": {"told": {"unknown": 5}, "seconds": 9.0}}) == []
    for change in (
        {"wrong": ["x"]},
        {"refused": ["x"]},
        {"lost": ["x"]},
        {"errors_shown": ["x"]},
        {"votes": {"count": 0}},
        {"votes": fine | {"p95_ms": 301}},
        {"shown": fine | {"max_ms": 2001}},
        {"own": fine | {"p95_ms": 501}},
        {"gone": {"told": {"unknown": 4, "": 1}, "seconds": 9.0}},
        {"gone": {"told": {"unknown": 5}, "seconds": 21.0}},
    ):
        assert len(broken(found | change)) == 1, change


def test_the_readme_of_deploy_says_what_was_measured():
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text, "run `make load`, or `python -m tools.load.report`"
    if RESULTS.exists():
        found = json.loads(RESULTS.read_text(encoding="utf-8"))
        for run in {"lecture", "killed"} & found.keys():
            assert found[run]["wrong"] == []
            assert found[run]["lost"] == []
            assert found[run]["errors_shown"] == []

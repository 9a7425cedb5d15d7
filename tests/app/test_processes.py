"""Slices of work in processes of their own: who is computed next, who waits, and what is lost."""

import os
import signal
import threading
import time
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool

import pytest

from pages._app.processes import GIVES_WAY, PROCESSES, RankedSemaphore, Turns, workers
from pages._book.waiting import standing


@pytest.fixture
def turns():
    made = Turns(1)
    yield made
    made.close()


@pytest.fixture
def threads():
    made = Turns(1, apart=False)
    yield made
    made.close()


class Gate:
    """Work that does not end before it is let, and a record of whose was begun."""

    def __init__(self):
        self.begun, self.open = [], threading.Semaphore(0)

    def work(self, name):
        self.begun.append(name)
        assert self.open.acquire(timeout=20)
        return name

    def let(self, count=1):
        self.open.release(count)

    def until(self, count):
        deadline = time.monotonic() + 20
        while len(self.begun) < count:
            assert time.monotonic() < deadline, self.begun
            time.sleep(0.005)


@pytest.fixture
def gate():
    made = Gate()
    yield made
    made.let(100)


def test_work_is_done_elsewhere_and_a_dead_process_is_replaced(turns):
    first = turns.submit("ann", os.getpid).result(60)
    assert first != os.getpid()
    lost = turns.submit("ann", os.kill, first, signal.SIGKILL).exception(60)
    assert isinstance(lost, BrokenProcessPool)
    second = turns.submit("ann", os.getpid).result(60)
    assert second not in {first, os.getpid()}
    # One that dies with nothing to do costs nobody a slice.
    os.kill(second, signal.SIGKILL)
    time.sleep(0.5)
    assert turns.submit("ann", os.getpid).result(60) not in {first, second, os.getpid()}


def test_it_gives_way_to_the_pages(turns):
    assert turns.submit("ann", os.nice, 0).result(60) == min(os.nice(0) + GIVES_WAY, 19)


def test_an_error_reaches_who_waits_and_the_worker_goes_on(threads):
    assert isinstance(threads.submit("ann", int, "x").exception(20), ValueError)
    assert threads.submit("ann", int, "7").result(20) == 7


def test_turns_go_round_the_visitors_however_much_one_asks(threads, gate):
    threads.submit("greedy", gate.work, "greedy 1")
    gate.until(1)
    greedy = [threads.submit("greedy", gate.work, f"greedy {n}") for n in range(2, 30)]
    others = [threads.submit(name, gate.work, name) for name in ("ann", "bob")]
    gate.let(4)
    for one in others:
        one.result(20)
    gate.until(4)
    # The greedy one's second slice came behind both, though it was asked for before them.
    assert gate.begun == ["greedy 1", "ann", "bob", "greedy 29"]
    # Of all it asked for only the last was kept waiting.
    assert [one.cancelled() for one in greedy] == [True] * 27 + [False]
    with pytest.raises(CancelledError):
        greedy[0].result(0)


def test_one_slice_of_a_visitor_is_computed_at_a_time():
    turns, gate = Turns(3, apart=False), Gate()
    try:
        turns.submit("ann", gate.work, "ann 1")
        gate.until(1)
        again = turns.submit("ann", gate.work, "ann 2")
        turns.submit("bob", gate.work, "bob")
        gate.until(2)
        time.sleep(0.1)
        assert gate.begun == ["ann 1", "bob"]
        assert not again.running()
        gate.let(3)
        assert again.result(20) == "ann 2"
    finally:
        gate.let(9)
        turns.close()


def test_who_waits_is_told_how_many_are_before(threads, gate):
    first = threads.submit("ann", gate.work, "ann")
    gate.until(1)
    waiting = {name: threads.submit(name, gate.work, name) for name in ("bob", "cem", "dora")}
    assert threads.place(first) == 0
    assert [threads.place(one) for one in waiting.values()] == [1, 2, 3]
    # Asking again neither loses nor gains a place; what was asked before has none any longer.
    older = waiting["bob"]
    waiting["bob"] = threads.submit("bob", gate.work, "bob again")
    assert threads.place(older) == 0
    assert [threads.place(one) for one in waiting.values()] == [1, 2, 3]
    # Who is being computed and asks for more comes behind all who wait.
    assert threads.place(threads.submit("ann", gate.work, "ann again")) == 3
    gate.let()
    first.result(20)
    gate.until(2)
    assert [threads.place(one) for one in waiting.values()] == [0, 1, 2]
    assert threads.place(None) == 0


def test_a_place_is_said_in_words():
    assert "1 visitor is before you" in standing(1)
    assert "2 visitors are before you" in standing(2)
    assert "before you" not in standing(0)


def test_nothing_of_a_visitor_is_kept_when_it_is_done(threads):
    import gc
    import weakref

    class Visitor:
        pass

    visitor = Visitor()
    gone = weakref.ref(visitor)
    threads.submit(visitor, int).result(20)
    del visitor
    deadline = time.monotonic() + 5
    while gone() is not None and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert gone() is None


def test_letting_go_cancels_what_waits(threads, gate):
    computed = threads.submit("ann", gate.work, "ann")
    gate.until(1)
    left = threads.submit("bob", gate.work, "bob")
    threads.close()
    gate.let()
    assert computed.result(20) == "ann"
    assert left.cancelled()
    with pytest.raises(RuntimeError, match="let go"):
        threads.submit("ann", int)


def test_a_container_can_say_how_many_processes_it_has(monkeypatch):
    monkeypatch.setenv(PROCESSES, "3")
    assert workers() == 3
    for wrong in ("0", "-1", "many"):
        monkeypatch.setenv(PROCESSES, wrong)
        with pytest.raises(ValueError, match=PROCESSES):
            workers()
    monkeypatch.delenv(PROCESSES)
    assert workers() == max((os.cpu_count() or 1) - 1, 1)


def through(semaphore, ranks):
    """Let visitors of these ranks come one after the other; returns the order in which they enter."""
    entered, threads = [], []

    def visit(place, rank):
        semaphore.enter(rank)
        entered.append(place)
        semaphore.leave()

    for place, rank in enumerate(ranks):
        threads.append(threading.Thread(target=visit, args=(place, rank)))
        threads[-1].start()
        until = time.monotonic() + 5
        while len(semaphore._waiting) <= place and time.monotonic() < until:
            time.sleep(0.001)
    semaphore.leave()
    for thread in threads:
        thread.join(5)
    return entered


def test_the_most_urgent_is_let_in_first_and_equals_in_the_order_they_came():
    semaphore = RankedSemaphore(1)
    semaphore.enter(0)
    assert through(semaphore, [2, 1, 0, 1, 0]) == [2, 4, 1, 3, 0]


def test_nobody_is_overtaken_for_longer_than_the_head_start():
    semaphore = RankedSemaphore(1, head_start=0.0)
    semaphore.enter(0)
    assert through(semaphore, [2, 1, 0]) == [0, 1, 2]


def test_a_semaphore_lets_in_as_many_as_it_has_places():
    semaphore = RankedSemaphore(2)
    semaphore.enter(2)
    semaphore.enter(2)
    late = threading.Thread(target=semaphore.enter, args=(0,))
    late.start()
    late.join(0.05)
    assert late.is_alive()
    semaphore.leave()
    late.join(5)
    assert not late.is_alive()
    semaphore.leave()
    semaphore.leave()
    assert semaphore._free == 2

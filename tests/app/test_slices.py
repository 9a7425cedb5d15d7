"""Work in slices: what is taken, what is asked for next, and what is lost on the way."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import pytest

from pages._app import slices, turns
from pages.many import lesson as many


class Summing(slices.Work[int]):
    """Adds up numbers, one a slice."""

    def __init__(self, numbers):
        super().__init__()
        self.left, self.sum = list(numbers), 0

    @property
    def over(self):
        return not self.left

    def next_slice(self):
        return partial(int, self.left[0])

    def take(self, result):
        self.left.pop(0)
        self.sum += result


class Processes:
    """Computes nothing before it is told to."""

    def __init__(self):
        self.asked = []

    def submit(self, visitor, call):
        future = Future()
        self.asked.append((visitor, call, future))
        return future

    def compute(self):
        _, call, future = self.asked[-1]
        future.set_result(call())


@pytest.fixture
def processes(monkeypatch):
    made = Processes()
    monkeypatch.setattr(turns, "processes", lambda: made)
    monkeypatch.setattr(turns, "visitor", lambda: "ann")
    return made


def test_one_slice_after_the_other_until_the_end(processes):
    work = Summing([3, 4])
    assert slices.interval(work) == slices.LOOK_AGAIN
    work.go_on()
    work.go_on()
    assert len(processes.asked) == 1, "a slice that is not done is not asked for again"
    assert processes.asked[0][0] == "ann"
    processes.compute()
    work.go_on()
    assert (work.sum, work.running) == (3, True)
    processes.compute()
    work.go_on()
    assert (work.sum, work.running, work.coming) == (7, False, None)
    assert len(processes.asked) == 2
    assert slices.interval(work) is None
    assert slices.interval(None) is None


def test_a_slice_that_is_lost_or_given_up_is_asked_for_again(processes):
    work = Summing([3])
    work.go_on()
    processes.asked[-1][-1].set_exception(BrokenProcessPool())
    work.go_on()
    assert (work.lost, work.sum) == (1, 0)
    processes.asked[-1][-1].cancel()
    work.go_on()
    assert (work.lost, len(processes.asked)) == (1, 3)
    processes.compute()
    work.go_on()
    assert work.sum == 3


def test_any_other_error_is_not_kept_quiet(processes):
    work = Summing([3])
    work.go_on()
    processes.asked[-1][-1].set_exception(ValueError("wrong"))
    with pytest.raises(ValueError, match="wrong"):
        work.go_on()


def test_who_stops_keeps_what_is_done_and_the_slice_that_was_asked_for(processes):
    work = Summing([3, 4])
    work.go_on()
    work.stop()
    processes.compute()
    work.go_on()
    assert (work.sum, work.coming) == (3, None)
    work.resume()
    work.go_on()
    processes.compute()
    work.go_on()
    assert (work.sum, work.over) == (7, True)


def test_the_page_runs_again_when_the_work_has_come_to_its_end(processes, monkeypatch):
    runs = []
    monkeypatch.setattr(slices.st, "rerun", lambda: runs.append(1))
    work = Summing([3])
    with slices.followed(work):
        assert len(processes.asked) == 1
    processes.compute()
    with slices.followed(work):
        assert work.sum == 3
        assert not runs
    assert runs == [1]
    with slices.followed(work):
        pass
    assert runs == [1]


def test_a_file_whose_slices_are_lost_again_and_again_comes_to_an_end(open_page):
    app = open_page("many", many_source=many.PASTE)
    app.text_area[0].set_value("A wonderful film.").run()
    next(b for b in app.button if b.key == "many_start").click().run()
    live = app.session_state["many_live"]
    for _ in range(4):
        assert not live.job.error
        live.lose()
    assert live.job.error == many.LOST
    assert live.over


def test_a_race_says_that_a_slice_was_lost(open_page):
    app = open_page("race", race_length="6", race_budget="500", race_goal="5000")
    next(b for b in app.button if b.key == "race_start").click().run()
    app.session_state["race_live"].lose()
    app.run()
    assert any("was lost and is computed again" in one.value for one in app.warning)
    next(b for b in app.button if b.key == "race_stop").click().run()

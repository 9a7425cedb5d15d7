"""Slices of work in processes of their own."""

import os
import signal

import pytest

from lstm_core.turns import Turns


@pytest.fixture
def turns():
    made = Turns()
    yield made
    made.close()


def test_work_is_done_elsewhere_and_a_dead_process_is_replaced(turns):
    first = turns.submit(os.getpid).result(60)
    assert first != os.getpid()
    turns.submit(os.kill, first, signal.SIGKILL).exception(60)
    assert turns.submit(os.getpid).result(60) not in {first, os.getpid()}

"""Settings that every test shares, and what runs beside what when `make test` has several workers."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same made-up inputs at every run: what fails here fails for whoever looks into it.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

# One BLAS thread, as in serving: two cores are few, and threads make timings jump.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

TESTS = Path(__file__).parent
ONE_AFTER_THE_OTHER = ("deploy", "tools")
"""Folders whose tests start servers of their own, and mostly wait: one worker for both."""
ORDER = (
    "browser/test_panels.py",
    "browser/test_classroom.py",
    "deploy",
    "tools",
    "browser",
    "lstm_core/sentiment",
    "chapters",
    "app",
)
"""What is begun first, in this order: the longest, so that no worker ends alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first."""

    def place(item: pytest.Item) -> int:
        inside = item.path.relative_to(TESTS)
        places = (place for place, begun in enumerate(ORDER) if inside.is_relative_to(begun))
        return next(places, len(ORDER))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give all tests of a file, or of those folders, to one worker.

    What a file's fixtures train, and libraries that take seconds to import, are then made once.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, _ = nodeid.partition("::")
            folder, _, _ = file.removeprefix("tests/").partition("/")
            return "servers" if folder in ONE_AFTER_THE_OTHER else file

    return ByFile(config, log)

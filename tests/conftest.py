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
ONE_AFTER_THE_OTHER = {"browser": "browser", "deploy": "servers", "tools": "servers"}
"""Folders whose tests drive a browser or start servers, and mostly wait: one worker for each group."""
BY_ITSELF = "tests/browser/test_panels.py"
"""So long that it has a worker, a server and a browser of its own."""
ORDER = ("browser", "deploy", "tools", "lstm_core/sentiment", "chapters", "app")
"""Folders in the order in which they are begun: the longest first, so that no worker ends alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest folders first."""

    def place(item: pytest.Item) -> int:
        inside = item.path.relative_to(TESTS)
        places = (place for place, folder in enumerate(ORDER) if inside.is_relative_to(folder))
        return next(places, len(ORDER))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give all tests of a file, or of such a group of folders, to one worker.

    What a file's fixtures train, and libraries that take seconds to import, are then made once.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, _ = nodeid.partition("::")
            folder, _, _ = file.removeprefix("tests/").partition("/")
            if file == BY_ITSELF:
                return file
            return ONE_AFTER_THE_OTHER.get(folder, file)

    return ByFile(config, log)

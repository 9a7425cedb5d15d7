"""HDF5 is read in the process of the tests, unless a test asks for the one of its own."""

import pytest

from lstm_core.own import keras_files
from tests.lstm_core.own.made import read_here


@pytest.fixture
def real_hdf5():
    """Read HDF5 as the app does, in a process of its own."""


@pytest.fixture(autouse=True)
def hdf5_in_this_process(monkeypatch, request):
    if "real_hdf5" not in request.fixturenames:
        monkeypatch.setattr(keras_files, "read_tree", read_here)

"""QR codes hold addresses; `tests/browser/test_classroom.py` reads one from the screen."""

import pytest

from pages._app import lecture
from pages._book.qr import is_local, qr_code


def test_an_address_that_is_too_long_has_no_code():
    base = "https://example.org/reviews?text="
    assert qr_code(base + "a" * 2900)
    assert qr_code(base + "a" * 3000) is None
    written = lecture._qr_code(base + "a" * 3000)
    assert "too long" in written
    assert "<img" not in written
    assert "aaa" not in written


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost:8501/cell?units=3", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]:8501/", True),
        ("https://localhost.example.org/", False),
        ("http://192.168.1.7:8501/cell", False),
    ],
)
def test_an_address_of_this_machine_is_known(address, local):
    assert is_local(address) is local
    assert ("this machine alone" in lecture._qr_code(address)) is local


def test_an_address_cannot_write_into_the_page():
    assert "<script>" not in lecture._qr_code("http://localhost/?text=<script>")

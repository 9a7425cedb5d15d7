"""QR codes of addresses."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import segno

LOCAL = {"localhost", "127.0.0.1", "::1"}
"""Hosts that mean the machine that the browser runs on."""
MARGIN = 4
"""Light modules on each side, as ISO/IEC 18004 asks for."""


@lru_cache(32)
def qr_code(address: str) -> str | None:
    """Draw an address as a QR code, dark on white: an SVG as a data URI; ``None`` if it is too long.

    The largest code holds 2,953 bytes at the lowest level of error correction, L.
    """
    try:
        code = segno.make_qr(address, error="l")
    except segno.DataOverflowError:
        return None
    uri: str = code.svg_data_uri(border=MARGIN, dark="#000", light="#fff", omitsize=True)
    return uri


def is_local(address: str) -> bool:
    """Tell whether an address leads back to the machine that opens it, so that nobody can share it."""
    return urlsplit(address).hostname in LOCAL

"""Name the versions that a measured number depends on, without importing the packages."""

from __future__ import annotations

import platform
from importlib.metadata import version


def versions(*packages: str) -> dict[str, str]:
    """Return the version of Python and of each installed package, by name."""
    return {"python": platform.python_version()} | {name: version(name) for name in packages}

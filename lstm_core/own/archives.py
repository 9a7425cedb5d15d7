"""Zip archives, read member by member and never more than there may be."""

from __future__ import annotations

import io
import zipfile
import zlib

from lstm_core.messages import later
from lstm_core.own.problems import OwnError, readable

MOST_MEMBERS = 5_000
MOST_UNPACKED = 100_000_000
"""Bytes that one member may have."""
BROKEN = later("The zip archive inside the file is damaged or cut off.")


class Archive:
    """A zip archive in memory."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            OwnError: if it is broken.
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            names = self._zip.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise OwnError(BROKEN) from error
        if len(names) > MOST_MEMBERS:
            raise OwnError(later("The archive has {count:,} files in it.", count=len(names)))
        self.names = names

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return name in self.names

    def read(self, name: str, most: int = MOST_UNPACKED) -> bytes:
        """Unpack a member.

        Raises:
            OwnError: if it is broken, or larger than it may be.
        """
        too_large = OwnError(
            later(
                "“{name}” in the file unpacks to more than {most:.0f} MB.",
                name=readable(name),
                most=most / 1e6,
            )
        )
        try:
            if self._zip.getinfo(name).file_size > most:
                raise too_large
            with self._zip.open(name) as member:
                content = member.read(most + 1)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            if isinstance(error, OwnError):
                raise
            raise OwnError(BROKEN) from error
        if len(content) > most:
            raise too_large
        return content

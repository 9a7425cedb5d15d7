"""HDF5 files as a tree of arrays, read by another process (``hdf5_child`` says why)."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.messages import later
from lstm_core.own.problems import MOST_NUMBERS, OwnError, readable

CHILD = Path(__file__).with_name("hdf5_child.py")
MAGIC = b"\x89HDF\r\n\x1a\n"
PATIENCE = 20
"""Seconds after which a file counts as broken."""
ROOM = 4
"""So many times the numbers of a network may a file hold: Adam keeps two more for each weight."""
BROKEN = later("The HDF5 file is damaged or cut off: it cannot be read.")
REFUSALS = {
    "elsewhere": later("The HDF5 file points to another file; what is in other files is not read."),
    "link": later("The HDF5 file has links inside it, which no library writes; it is not read."),
    "deep": later("The HDF5 file has groups within groups without end; it is not read."),
    "many": later("The HDF5 file has more groups and arrays than any network; it is not read."),
    "large": later("The HDF5 file holds more numbers than are opened; save the weights alone."),
}


@dataclass(frozen=True)
class Tree:
    """What an HDF5 file holds.

    Attributes:
        arrays: of numbers, by their paths.
        attributes: texts and lists of texts, by the path of their group; "" is the whole file.
    """

    arrays: dict[str, NDArray[Any]]
    attributes: dict[str, dict[str, Any]]

    def below(self, prefix: str) -> Tree:
        """The part of it under a path, with paths from there on."""
        if not prefix:
            return self
        start = f"{prefix}/"
        return Tree(
            {p.removeprefix(start): a for p, a in self.arrays.items() if p.startswith(start)},
            {
                p.removeprefix(start) if p != prefix else "": a
                for p, a in self.attributes.items()
                if p == prefix or p.startswith(start)
            },
        )


def read_tree(data: bytes) -> Tree:
    """Read a file.

    Raises:
        OwnError: if it is broken, holds too much, or points elsewhere.
    """
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        # No filter is loaded from a file of this machine.
        "HDF5_PLUGIN_PRELOAD": "::",
    }
    command = [sys.executable, "-I", "-B", str(CHILD), str(MOST_NUMBERS * ROOM)]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=PATIENCE, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise OwnError(BROKEN) from error
    return unpacked(done.stdout)


def refusal(word: str, path: str = "", shape: Sequence[int] = ()) -> OwnError:
    """Say why a file was not read, by the child's word for it."""
    if path:
        return OwnError(
            later(
                "The file holds more numbers than are opened: “{path}” has shape {shape}.",
                path=readable(path),
                shape=str(tuple(shape)),
            )
        )
    return OwnError(REFUSALS.get(word, BROKEN))


def unpacked(answer: bytes) -> Tree:
    """Take the child's answer apart.

    Raises:
        OwnError: if it refused the file, or did not live to answer.
    """
    try:
        (length,) = struct.unpack_from("<Q", answer)
        head = json.loads(answer[8 : 8 + length])
    except (struct.error, ValueError) as error:
        raise OwnError(BROKEN) from error
    if "refused" in head:
        raise refusal(head["refused"], *head.get("where", ("", ())))
    arrays, place = {}, 8 + length
    for entry in head["arrays"]:
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        count = int(np.prod(shape, dtype=np.int64))
        arrays[entry["path"]] = np.frombuffer(answer, dtype, count, place).reshape(shape)
        place += count * dtype.itemsize
    return Tree(arrays, head["attributes"])

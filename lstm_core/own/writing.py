"""Carry a network to another library: a file that it opens, and the lines that open it."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.messages import Message, later
from lstm_core.own.network import Network
from lstm_core.own.problems import OwnError

LIBRARIES = ("keras", "pytorch", "onnx", "npz")


@dataclass(frozen=True)
class Carried:
    """A network for another library.

    Attributes:
        data: of the file.
        name: of the file.
        code: lines of Python that open it and run it.
        notes: what is not the same there.
    """

    data: bytes
    name: str
    code: str
    notes: tuple[Message, ...] = ()


def write_network(network: Network, to: str) -> Carried:
    """Write a network for another library.

    Args:
        network: that was opened.
        to: of ``LIBRARIES``.

    Raises:
        OwnError: if that library has no such layer.
    """
    raise OwnError(later("{library} is not written.", library=to))

"""The lines of those who are in a room: what changes is written once, and sent to all of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Protocol

from pages._book.rooms.room import ANSWERS, DRIVING, PARTS, PROJECTOR, STUDENT, Room

APART = {"people": 1.0, ANSWERS: 0.25}
"""Seconds between two messages about the same part, where it is not ``SHORTEST``."""
SHORTEST = 0.12


class Socket(Protocol):
    """What a line needs of a websocket."""

    async def send_text(self, data: str) -> None:
        """Send a message."""


def written(message: Mapping[str, Any]) -> str:
    """Write a message as it is sent."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


class Line:
    """The websocket of somebody who is in a room.

    What has changed is noted, and sent when the socket takes it: whoever is slow gets the newest
    state, and nobody waits for them.
    """

    def __init__(self, socket: Socket, role: str, key: str) -> None:
        self.socket, self.role, self.key = socket, role, key
        self.parts: set[str] = set(PARTS[role])
        """Names of what has changed since it was last sent; at first, everything."""
        self.news: list[str] = []
        """What is sent as it is, besides the state."""
        self.wake = asyncio.Event()
        self.over = False

    def tell(self, message: str) -> None:
        """Send a message that is no part of the state."""
        self.news.append(message)
        self.wake.set()


class Lines:
    """All lines of a room.

    Args:
        room: whose state they are sent.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self.all: set[Line] = set()
        self._written: dict[tuple[str, frozenset[str]], str] = {}
        self._number = 0
        self._told: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    # ---- Who is in ------------------------------------------------------------------------------

    def add(self, line: Line) -> None:
        """Let a line in."""
        self.all.add(line)
        self._count()

    def remove(self, line: Line) -> None:
        """Forget a line."""
        self.all.discard(line)
        self._count()

    def _count(self) -> None:
        self.room.count(
            (line.role for line in self.all), (one.key for one in self.all if one.role == STUDENT)
        )
        self.tell()

    # ---- What is sent ---------------------------------------------------------------------------

    def tell(self) -> None:
        """See to it that all are told what has changed, soon and not too often."""
        for press in self.room.presses:
            self._press(press)
        self.room.presses.clear()
        if self._timer is None and self.room.changed:
            loop = asyncio.get_running_loop()
            due = min(map(self._due, self.room.changed))
            self._timer = loop.call_at(max(due, loop.time()), self._tell_now)

    def _press(self, press: Mapping[str, int]) -> None:
        """Hand a press from afar on to the projectors."""
        message = written({"type": "press", **press})
        for line in self.all:
            if line.role == PROJECTOR:
                line.tell(message)

    def _due(self, name: str) -> float:
        return self._told.get(name, float("-inf")) + APART.get(name, SHORTEST)

    def _tell_now(self) -> None:
        """Note for each line what has changed for it."""
        self._timer = None
        now = asyncio.get_running_loop().time()
        due = self.room.take_changed([name for name in self.room.changed if self._due(name) <= now])
        self._told |= dict.fromkeys(due, now)
        self._number += 1
        self._written.clear()
        parts = {role: self.room.parts(role, due) for role in PARTS}
        for line in self.all:
            if parts[line.role]:
                line.parts.update(parts[line.role])
                line.wake.set()
        self.tell()

    def end(self, why: str) -> None:
        """Tell everybody that the room is over, and let them go."""
        for line in self.all:
            line.over = True
            line.tell(written({"type": "closed", "why": why}))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _state(self, role: str, names: frozenset[str]) -> str:
        """Write parts of the state for a role; once for all who are sent the same."""
        if (role, names) not in self._written:
            parts = {name: self.room.part(name, role) for name in PARTS[role] if name in names}
            self._written[role, names] = written({"type": "state", "n": self._number, **parts})
        return self._written[role, names]

    async def serve(self, line: Line) -> None:
        """Send a line what is noted for it, until the room is over or the socket is gone."""
        while True:
            news, line.news = line.news, []
            for message in news:
                await line.socket.send_text(message)
            if line.over and not line.news:
                return
            if line.parts:
                names = frozenset(line.parts)
                line.parts = set()
                await line.socket.send_text(self._state(line.role, names))
            if not line.news and not line.parts:
                line.wake.clear()
                await line.wake.wait()


def welcome(room: Room, line: Line, message_id: str) -> str:
    """Write what somebody is told who has come in."""
    message = {"type": "welcome", "id": message_id, "role": line.role, "code": room.code}
    if line.role in DRIVING:
        return written(message | {"key": line.key})
    return written(message | {"key": line.key, "mine": room.mine(line.key)})

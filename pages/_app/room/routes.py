"""The routes of the room: open one, come to it by its short address, be in it, take it home.

They stand beside Streamlit's own in the same process. nginx sends what is asked of a code to the
process that the code hashes to (``deploy/nginx.conf``), so a room is in one process alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ipaddress
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from pages._app.room.lines import Line, Lines, welcome, written
from pages._book.language import LANGUAGES, speaking
from pages._book.rooms import take_home
from pages._book.rooms.codes import CODE, TYPED
from pages._book.rooms.forms import ID, Refused
from pages._book.rooms.limits import Limit
from pages._book.rooms.room import DRIVING, ROLES, Room, Rooms

JOIN = "/?room={code}"
"""Where the short address leads."""
HELLO_WITHIN = 10.0
"""Seconds within which a line says who it is."""
LOOK_EVERY = 30.0
"""Seconds between two looks for rooms whose time is over."""
LONGEST = {True: 32_000, False: 2_000}
"""Signs of a message, of those who drive and of students."""
STATUS = {
    "code": 404,
    "unknown": 404,
    "taken": 409,
    "full": 503,
    "key": 403,
    "origin": 403,
    "fast": 429,
}
CLOSE = {
    "unknown": 4404,
    "over": 4404,
    "expired": 4404,
    "key": 4403,
    "origin": 4403,
    "full": 4429,
    "fast": 4429,
    "form": 4400,
}


class Limits:
    """How often an address and a key may do something.

    A whole university may come from one address: an address has room for a lecture hall at once,
    and what a single student can do is limited by the key. Whoever is over a limit is slowed:
    nothing is read from that line meanwhile.
    """

    def __init__(self) -> None:
        self.open = Limit(20, 1 / 30)
        """Rooms opened from an address."""
        self.hello = Limit(1500, 50)
        """Lines of an address."""
        self.join = Limit(500, 5)
        """Students who are new, of an address."""
        self.astray = Limit(400, 2)
        """Of an address: codes that are no room, and keys that open none."""
        self.take_home = Limit(20, 1)
        self.messages = Limit(1500, 300)
        """Messages of an address."""
        self.student = Limit(20, 5)
        """Messages of a student's key."""
        self.lecturer = Limit(80, 20)
        """Messages of one of the lecturer's lines."""

    def forget(self, now: float) -> bool:
        """Forget addresses and keys that are under no limit any more; says whether any are left."""
        limits: list[Limit] = list(vars(self).values())
        for limit in limits:
            limit.forget(now)
        return any(map(len, limits))


class Service:
    """All rooms of this process, with their lines.

    Args:
        base: the path below which the app is served, or "".
    """

    def __init__(self, base: str = "") -> None:
        self.base = f"/{base.strip('/')}" if base.strip("/") else ""
        self.rooms, self.limits = Rooms(), Limits()
        self.lines: dict[str, Lines] = {}
        self._looking: asyncio.Task[None] | None = None

    def routes(self) -> list[BaseRoute]:
        """List the routes."""
        place = f"{self.base}/room/{{code}}"
        return [
            Route(place, self.open, methods=["POST"]),
            Route(place, self.come, methods=["GET"]),
            Route(f"{place}/takehome.{{form}}", self.take_home, methods=["GET"]),
            WebSocketRoute(f"{place}/line", self.line),
        ]

    # ---- Asked once -----------------------------------------------------------------------------

    async def open(self, request: Request) -> Response:
        """Open a room under the code that the lecturer's browser proposes."""
        now = time.monotonic()
        self._keep_looking()
        try:
            code = _code(request)
            _check_origin(request.headers)
            _check(self.limits.open, _address(request), now)
            self.close_old(now)
            room = self.rooms.open(code, now)
        except Refused as refused:
            return _no(refused)
        self.lines[code] = Lines(room)
        return JSONResponse({"code": code, "key": room.key}, 201, headers=_PRIVATE)

    async def come(self, request: Request) -> Response:
        """Lead from the short address to the app, which then asks whether there is such a room."""
        typed = request.path_params["code"]
        if not TYPED.fullmatch(typed):
            return _no(Refused("code"))
        return RedirectResponse(self.base + JOIN.format(code=typed.upper()), 303, headers=_PRIVATE)

    async def take_home(self, request: Request) -> Response:
        """Hand the lecturer what is left of the lecture."""
        now, form = time.monotonic(), request.path_params["form"]
        language = request.query_params.get("lang", "en")
        try:
            room = self._lecturers(request, now)
        except Refused as refused:
            return _no(refused)
        if form == "csv":
            # A spreadsheet reads it as UTF-8 by its first sign.
            body, kind = "\ufeff" + take_home.as_csv(room), "text/csv"
        elif form == "html":
            with speaking(language if language in LANGUAGES else "en"):
                body, kind = take_home.as_html(room), "text/html"
        else:
            return _no(Refused("unknown"))
        named = f'attachment; filename="room-{room.code}.{form}"'
        return Response(body, media_type=kind, headers=_PRIVATE | {"Content-Disposition": named})

    def _lecturers(self, request: Request, now: float) -> Room:
        """Find the room of a request that brings the presenter's key."""
        _check(self.limits.take_home, _address(request), now)
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.rooms.for_its_lecturer(_code(request), key, now)

    # ---- The line -------------------------------------------------------------------------------

    async def line(self, socket: WebSocket) -> None:
        """Let somebody into a room, and carry messages until one side ends it."""
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, TimeoutError, RuntimeError):
            try:
                _check_origin(socket.headers)
                async with asyncio.timeout(HELLO_WITHIN):
                    hello = await _read(socket, LONGEST[True])
                lines, line = self._enter(socket, hello)
            except Refused as refused:
                await _end(socket, refused)
                return
            # Before anything is waited for: who is not in the room may be forgotten when it is full.
            lines.add(line)
            try:
                await socket.send_text(welcome(lines.room, line, _name(hello)))
                await self._carry(socket, lines, line)
            finally:
                lines.remove(line)

    def _enter(self, socket: WebSocket, hello: Mapping[str, Any]) -> tuple[Lines, Line]:
        """Find the room, and the key of whoever says hello.

        Raises:
            Refused: if they may not come in.
        """
        now, address = time.monotonic(), _address(socket)
        self._keep_looking()
        role, key = hello.get("role"), hello.get("key")
        if hello.get("type") != "hello" or role not in ROLES or not isinstance(key, str):
            raise Refused("form")
        _check(self.limits.hello, address, now)
        try:
            room = self.rooms.get(_code(socket), now)
            if room.is_over(now):
                raise Refused("over")
            if role not in DRIVING and key not in room.students:
                _check(self.limits.join, address, now)
            known = room.enter(role, key)
        except Refused as refused:
            if refused.why in {"unknown", "code", "key"}:
                _check(self.limits.astray, address, now)
            raise
        return self.lines[room.code], Line(socket, role, known)

    async def _carry(self, socket: WebSocket, lines: Lines, line: Line) -> None:
        """Send and read side by side, until one of both ends."""
        sending = asyncio.create_task(self._send(socket, lines, line))
        try:
            await self._listen(socket, lines, line)
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending

    async def _send(self, socket: WebSocket, lines: Lines, line: Line) -> None:
        """Send a line what the room has for it, and end it with the room."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await lines.serve(line)
            await socket.close(CLOSE["over"])

    async def _listen(self, socket: WebSocket, lines: Lines, line: Line) -> None:
        """Do what comes over a line, and answer it."""
        drives = line.role in DRIVING
        address = _address(socket)
        while True:
            try:
                message = await _read(socket, LONGEST[drives])
            except Refused as refused:
                await _end(socket, refused)
                return
            await self._slow_down(address, line, drives)
            if message.get("type") == "here":
                await socket.send_text('{"type":"here"}')
            else:
                await socket.send_text(self._answer(lines, line, message))

    async def _slow_down(self, address: str, line: Line, drives: bool) -> None:
        """Wait while a key or an address sends too much; nothing more is read from it meanwhile."""
        own, sender = (
            (self.limits.lecturer, str(id(line))) if drives else (self.limits.student, line.key)
        )
        while True:
            now = time.monotonic()
            wait = own.wait(sender, now) or self.limits.messages.wait(address, now)
            if not wait:
                return
            await asyncio.sleep(wait)

    def _answer(self, lines: Lines, line: Line, message: Mapping[str, Any]) -> str:
        """Let the room do what a message asks for; returns what is answered."""
        now, named = time.monotonic(), {"id": _name(message)}
        try:
            if lines.room.is_over(now):
                raise Refused("over")
            answer = lines.room.take(line.role, line.key, message, now)
        except Refused as refused:
            refusal = {"type": "refused", **named, "why": refused.why}
            return written(refusal | ({"after": round(refused.after, 1)} if refused.after else {}))
        finally:
            lines.tell()
        if lines.room.ended is not None:
            asyncio.get_running_loop().call_soon(lines.end, "over")
        return written({"type": "done", **named, **answer})

    def _keep_looking(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Close rooms whose time is over, as long as there are rooms, or addresses to be forgotten."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = time.monotonic()
            self.close_old(now)
            if not self.limits.forget(now) and not len(self.rooms):
                return

    def close_old(self, now: float) -> None:
        """Tell those who are in rooms whose time is over, and forget the rooms."""
        for room in self.rooms.forget(now):
            self.lines.pop(room.code).end("expired")


_PRIVATE = {"Cache-Control": "no-store"}


def _code(asked: HTTPConnection) -> str:
    code: str = asked.path_params["code"]
    if not CODE.fullmatch(code):
        raise Refused("code")
    return code


def _address(asked: HTTPConnection) -> str:
    """Return where somebody comes from; of an IPv6 address the network, for that is one household.

    Behind a proxy that uvicorn trusts (``FORWARDED_ALLOW_IPS``) that is what the proxy saw; what
    anybody else says in ``X-Forwarded-For`` counts for nothing.
    """
    return _network(asked.client.host if asked.client else "")


@functools.lru_cache(1024)
def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _check_origin(headers: Headers) -> None:
    """Refuse what a page of another site sends.

    Raises:
        Refused: "origin".
    """
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise Refused("origin")


def _check(limit: Limit, sender: str, now: float) -> None:
    wait = limit.wait(sender, now)
    if wait:
        raise Refused("fast", wait)


def _no(refused: Refused) -> Response:
    refusal: dict[str, Any] = {"why": refused.why}
    headers = dict(_PRIVATE)
    if refused.after:
        refusal["after"] = round(refused.after, 1)
        headers["Retry-After"] = str(int(refused.after) + 1)
    return JSONResponse(refusal, STATUS[refused.why], headers=headers)


def _name(message: Mapping[str, Any]) -> str:
    """Return the id of a message, or "" where that is none."""
    name = message.get("id")
    return name if isinstance(name, str) and ID.fullmatch(name) else ""


async def _read(socket: WebSocket, longest: int) -> dict[str, Any]:
    """Read one message.

    Raises:
        Refused: "form" if it is too long, or no record.
    """
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    text = received.get("text")
    if text is None or len(text) > longest:
        raise Refused("form")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("form") from None
    if not isinstance(message, dict):
        raise Refused("form")
    return message


async def _end(socket: WebSocket, refused: Refused) -> None:
    """Say why a line ends, and end it."""
    why = "unknown" if refused.why == "code" else refused.why
    message: dict[str, Any] = {"type": "closed", "why": why}
    if refused.after:
        message["after"] = round(refused.after, 1)
    await socket.send_text(written(message))
    await socket.close(CLOSE[why])


def routes(base: str = "") -> Sequence[BaseRoute]:
    """Return the routes of the room.

    Args:
        base: the path below which the app is served, or "".
    """
    return Service(base).routes()

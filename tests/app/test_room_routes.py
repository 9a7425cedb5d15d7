"""The room over its routes: what comes over a line, who is let in, what is slowed, what it all says."""

import asyncio
import contextlib
import json
import time

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from pages._app.room import routes
from pages._app.room.lines import Line, Lines
from pages._app.room.routes import Service
from pages._book.rooms.codes import KEY, new_key
from pages._book.rooms.limits import Limit
from pages._book.rooms.room import PRESENTER, STUDENT, Room
from tools.load.visitor import alone

ASK = {"kind": "question", "text": "Which?", "choices": ["a", "b"], "right": [1]}


class Served:
    """The routes, with a client that numbers its messages."""

    def __init__(self, client, service):
        self.client, self.service, self.count = client, service, 0

    def open(self, code="BCDF"):
        answer = self.client.post(f"/room/{code}")
        assert answer.status_code == 201
        return answer.json()["key"]

    @contextlib.contextmanager
    def line(self, role, key="", code="BCDF", **headers):
        with self.client.websocket_connect(f"/room/{code}/line", headers=headers) as socket:
            socket.send_json({"type": "hello", "id": "h", "role": role, "key": key})
            yield socket

    def send(self, socket, kind, **rest):
        """Send a message; returns its answer, and leaves out what else came meanwhile."""
        self.count += 1
        socket.send_json({"type": kind, "id": f"m{self.count}"} | rest)
        return until(socket, lambda message: message.get("id") == f"m{self.count}")


def until(socket, fits):
    while True:
        message = socket.receive_json()
        if fits(message):
            return message


def part(socket, name, fits=lambda _: True):
    """Wait for a state that has a part like this."""
    return until(socket, lambda one: one["type"] == "state" and name in one and fits(one[name]))[
        name
    ]


@pytest.fixture
def served():
    service = Service()
    app = Starlette(routes=service.routes())
    # One loop for all of a test's requests and lines.
    with TestClient(app, follow_redirects=False) as client:
        yield Served(client, service)


# ---- Asked once -------------------------------------------------------------------------------


def test_a_room_is_opened_under_a_code_that_is_proposed(served):
    answer = served.client.post("/room/BCDF")
    assert answer.status_code == 201
    assert KEY.fullmatch(answer.json()["key"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    again = served.client.post("/room/BCDF")
    assert (again.status_code, again.json()) == (409, {"why": "taken"})
    for code in ("bcdf", "BCD", "BCDA", "BCDFG"):
        assert served.client.post(f"/room/{code}").status_code == 404


def test_a_page_of_another_site_opens_none(served):
    strange = {"Origin": "http://elsewhere.example"}
    assert served.client.post("/room/BCDF", headers=strange).status_code == 403
    assert len(served.service.rooms) == 0
    own = {"Origin": "http://testserver"}
    assert served.client.post("/room/BCDF", headers=own).status_code == 201


def test_an_address_opens_twenty_rooms_at_once(served):
    codes = [f"BC{one}{two}" for one in "BCD" for two in "BCDFGHJ"]
    answers = [served.client.post(f"/room/{code}") for code in codes]
    assert [one.status_code for one in answers] == [201] * 20 + [429]
    assert answers[-1].json()["why"] == "fast"
    assert int(answers[-1].headers["Retry-After"]) > 1


def test_a_process_has_fifty_rooms(served):
    served.service.limits.open = Limit(100, 1)
    letters = "BCDFGHJKMN"
    for code in [f"BC{one}{two}" for one in letters for two in letters][:50]:
        served.open(code)
    full = served.client.post("/room/ZZZZ")
    assert (full.status_code, full.json()) == (503, {"why": "full"})


def test_the_short_address_leads_to_the_app(served):
    answer = served.client.get("/room/bcdf")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?room=BCDF")
    # Who mistypes the code is told so by the app.
    assert served.client.get("/room/aeiou").headers["Location"] == "/?room=AEIOU"
    assert served.client.get("/room/b%3Cb%3E").status_code == 404
    assert served.client.get("/room/BCDF/else").status_code == 404


def test_below_another_path_it_is_served_there():
    service = Service("/lstm/")
    with TestClient(Starlette(routes=service.routes()), follow_redirects=False) as client:
        assert client.post("/lstm/room/BCDF").status_code == 201
        assert client.post("/room/BCDF").status_code == 404
        assert client.get("/lstm/room/BCDF").headers["Location"] == "/lstm/?room=BCDF"


def test_only_the_presenters_key_takes_a_lecture_home(served):
    key = served.open()
    with served.line("presenter", key) as socket:
        served.send(socket, "ask", ask=ASK)
    for form, kind in (("csv", "text/csv"), ("html", "text/html")):
        where = f"/room/BCDF/takehome.{form}"
        for wrong in ({}, {"Authorization": f"Bearer {new_key()}"}):
            assert served.client.get(where, headers=wrong).status_code == 403
        answer = served.client.get(f"{where}?lang=de", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(kind)
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "Which?" in answer.text
    right = {"Authorization": f"Bearer {key}"}
    assert served.client.get("/room/BCDF/takehome.exe", headers=right).status_code == 404
    assert served.client.get("/room/BCDG/takehome.csv", headers=right).status_code == 404


# ---- The line ---------------------------------------------------------------------------------


def test_a_lecture_goes_over_its_lines(served):
    key = served.open()
    with (
        served.line("projector", key) as projector,
        served.line("presenter", key) as phone,
        served.line("student") as student,
    ):
        welcome = student.receive_json()
        assert (welcome["type"], welcome["mine"]) == ("welcome", None)
        assert KEY.fullmatch(welcome["key"])
        assert welcome["key"] != key
        first = student.receive_json()
        assert set(first) == {"type", "n", "shown", "step", "asked", "picked", "takes"}
        served.send(
            projector, "show", shown={"path": "cell", "panel": "player", "query": "panel=player"}
        )
        assert part(student, "shown", bool)["panel"] == "player"
        served.send(projector, "step", step={"player": "step", "at": 3})
        assert part(student, "step", bool)["at"] == 3
        assert served.send(phone, "press", go=1)["projectors"] == 1
        assert until(projector, lambda one: one["type"] == "press")["go"] == 1
        served.send(phone, "ask", ask=ASK)
        asked = part(student, "asked", bool)
        assert asked["state"] == "open"
        answer = served.send(student, "vote", ask=asked["id"], round=1, choice=1)
        assert (answer["type"], answer["first"]) == ("done", True)
        assert part(projector, "asked", lambda one: one and one["count"] == [1])["bars"] is None
        assert part(phone, "hidden", lambda one: one and one["bars"] == [[0, 1]])["right"] == [1]
        served.send(phone, "turn", ask=asked["id"], state="shown")
        assert part(student, "asked", lambda one: one["state"] == "shown")["right"] == [1]


def test_who_is_in_is_counted_by_keys(served):
    key = served.open()
    with served.line("presenter", key) as phone, served.line("student") as one:
        own = until(one, lambda message: message["type"] == "welcome")["key"]
        with served.line("student", own), served.line("student"):
            assert part(phone, "people", lambda people: people["students"] == 2)
        assert part(phone, "people", lambda people: people["students"] == 1)["presenters"] == 1


def test_who_was_away_is_told_all_and_votes_once(served):
    key = served.open()
    with served.line("presenter", key) as phone:
        with served.line("student") as student:
            own = student.receive_json()["key"]
            served.send(phone, "ask", ask=ASK)
            vote = {"type": "vote", "id": "same", "ask": 1, "round": 1, "choice": 0}
            part(student, "asked", bool)
            student.send_json(vote)
            until(student, lambda message: message.get("id") == "same")
        with served.line("student", own) as student:
            assert student.receive_json()["mine"] == {"ask": 1, "round": 1, "choice": 0}
            student.send_json(vote)
            assert until(student, lambda message: message.get("id") == "same")["first"]
        served.send(phone, "turn", ask=1, state="shown")
        assert part(phone, "asked", lambda one: one["state"] == "shown")["bars"] == [[1, 0]]


def closed(served, role="student", key="", code="BCDF", **headers):
    """Say hello where that ends the line; returns why, and the code of the end."""
    with served.line(role, key, code, **headers) as socket:
        told = socket.receive_json()
        assert told["type"] == "closed"
        with pytest.raises(WebSocketDisconnect) as end:
            socket.receive_json()
        return told["why"], end.value.code


def test_why_a_line_ends_is_said(served):
    key = served.open()
    assert closed(served, code="ZZZZ") == ("unknown", 4404)
    assert closed(served, code="nope") == ("unknown", 4404)
    for role in ("presenter", "projector"):
        assert closed(served, role, new_key()) == ("key", 4403)
        assert closed(served, role, "") == ("key", 4403)
    assert closed(served, "dean", key) == ("form", 4400)
    assert closed(served, origin="http://elsewhere.example") == ("origin", 4403)
    with served.line("student") as student, served.line("presenter", key) as phone:
        phone.send_json({"type": "end", "id": "e"})
        assert (
            until(phone, lambda one: one["type"] != "state" and one["type"] != "welcome")["type"]
            == "done"
        )
        for socket in (student, phone):
            assert until(socket, lambda one: one["type"] == "closed")["why"] == "over"
            with pytest.raises(WebSocketDisconnect) as end:
                socket.receive_json()
            assert end.value.code == 4404
    assert closed(served) == ("over", 4404)


def test_after_four_hours_all_are_told(served):
    key = served.open()
    with served.line("student") as student, served.line("presenter", key):
        part(student, "takes")
        served.client.portal.call(_close_old, served.service, time.monotonic() + 4 * 3600 + 1)
        assert until(student, lambda one: one["type"] == "closed")["why"] == "expired"
    assert len(served.service.rooms) == 0
    assert served.service.lines == {}
    assert closed(served) == ("unknown", 4404)


async def _close_old(service, now):
    service.close_old(now)


@pytest.mark.parametrize(
    "sent",
    ["x", "[]", "3", '{"type":' * 100_000, "x" * 2001, '{"type":"vote","id":"' + "x" * 2000 + '"}'],
)
def test_what_is_no_message_ends_the_line_and_nothing_else(served, sent):
    served.open()
    with served.line("student") as other, served.line("student") as student:
        part(other, "takes")
        student.send_text(sent)
        assert until(student, lambda one: one["type"] == "closed")["why"] == "form"
        other.send_json({"type": "here"})
        assert until(other, lambda one: one["type"] == "here")


@pytest.mark.parametrize(
    "message",
    [
        {"id": "\ud800"},
        {"id": 3},
        {"id": "x", "type": None},
        {"id": "x", "type": "vote"},
        {"id": "x", "type": "sentence", "text": "\ud800"},
        {},
    ],
)
def test_an_odd_message_is_refused_and_the_line_goes_on(served, message):
    served.open()
    with served.line("student") as student:
        student.send_json(message)
        assert until(student, lambda one: one["type"] == "refused")["why"] in {"form", "late"}
        student.send_json({"type": "here"})
        assert until(student, lambda one: one["type"] == "here")


def test_bytes_are_no_message(served):
    served.open()
    with served.line("student") as student:
        student.send_bytes(b"{}")
        assert until(student, lambda one: one["type"] == "closed")["why"] == "form"


def test_nobody_drives_over_a_students_line(served):
    key = served.open()
    with served.line("student") as student, served.line("presenter", key) as phone:
        for kind in ("show", "ask", "turn", "press", "takes", "pick", "end"):
            told = served.send(student, kind, key=key, ask=ASK, sentences=True, go=1)
            assert (told["type"], told["why"]) == ("refused", "role")
        assert served.send(phone, "takes", sentences=True)["type"] == "done"
        assert part(student, "takes", lambda one: one["sentences"])


# ---- Floods -----------------------------------------------------------------------------------


def test_a_lecture_hall_gets_in_from_one_address(served):
    served.open()
    with contextlib.ExitStack() as stack:
        keys = set()
        for _ in range(320):
            socket = stack.enter_context(served.line("student"))
            keys.add(until(socket, lambda message: message["type"] == "welcome")["key"])
        assert len(keys) == 320


def test_an_address_that_joins_for_ever_is_told_to_wait(served):
    served.open()
    served.service.limits.join = Limit(3, 0.5)
    for _ in range(3):
        with served.line("student") as student:
            own = student.receive_json()["key"]
    assert closed(served) == ("fast", 4429)
    # Who has been here comes back all the same.
    with served.line("student", own) as student:
        assert student.receive_json()["type"] == "welcome"


def test_who_looks_for_rooms_is_slowed(served):
    served.service.limits.astray = Limit(3, 0.5)
    assert [closed(served, code=f"ZZZ{one}")[0] for one in "BCDF"] == ["unknown"] * 3 + ["fast"]


def test_a_flood_over_a_line_is_read_slowly_and_others_are_not(served):
    served.open()
    served.service.limits.student = Limit(5, 5)
    with served.line("student") as flood, served.line("student") as other:
        part(flood, "takes")
        part(other, "takes")
        begun = time.monotonic()
        for number in range(15):
            flood.send_json({"type": "vote", "id": f"f{number}", "ask": 1, "round": 1, "choice": 0})
        other.send_json({"type": "here"})
        until(other, lambda one: one["type"] == "here")
        assert time.monotonic() - begun < 1.5
        for number in range(15):
            until(flood, lambda one, name=f"f{number}": one.get("id") == name)
        assert time.monotonic() - begun > 1.9


def test_addresses_are_kept_no_longer_than_the_rooms(served, monkeypatch):
    monkeypatch.setattr(routes, "LOOK_EVERY", 0.02)
    served.open()
    with served.line("student"):
        assert any(map(len, vars(served.service.limits).values()))
    served.client.portal.call(_close_old, served.service, time.monotonic() + 4 * 3600 + 1)
    assert served.service.limits.forget(time.monotonic() + 4 * 3600) is False
    deadline = time.monotonic() + 5
    while not served.service._looking.done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_network_of_ipv6_is_one_address():
    assert routes._network("2001:db8:1:2:3::4") == routes._network("2001:db8:1:2::9")
    assert routes._network("2001:db8:1:3::4") != routes._network("2001:db8:1:2::9")
    assert routes._network("::ffff:10.0.0.7") == "10.0.0.7"
    assert routes._network("10.0.0.7") == "10.0.0.7"
    assert routes._network("testclient") == "testclient"


# ---- Sent once to all -------------------------------------------------------------------------


class Socket:
    """Takes messages, or takes none until it is told to."""

    def __init__(self, takes=True):
        self.sent, self.takes = [], asyncio.Event()
        if takes:
            self.takes.set()

    async def send_text(self, data):
        await self.takes.wait()
        self.sent.append(data)


def test_a_message_to_a_class_is_written_once_and_who_is_slow_gets_the_newest(monkeypatch):
    written = []
    whole = json.dumps
    monkeypatch.setattr(
        json, "dumps", lambda *given, **named: written.append(1) or whole(*given, **named)
    )

    async def lecture():
        room = Room("BCDF", 0.0)
        lines = Lines(room)
        slow = Socket(takes=False)
        sockets = [*(Socket() for _ in range(300)), slow]
        students = [Line(one, STUDENT, room.enter(STUDENT, "")) for one in sockets]
        phone = Line(Socket(), PRESENTER, room.key)
        tasks = []
        for line in (*students, phone):
            lines.add(line)
            tasks.append(asyncio.create_task(lines.serve(line)))
        await asyncio.sleep(0.3)
        written.clear()
        for number in range(5):
            shown = {"path": "cell", "panel": f"p{number}"}
            room.take(
                PRESENTER, room.key, {"type": "show", "id": f"s{number}", "shown": shown}, 0.0
            )
            lines.tell()
            await asyncio.sleep(0.15)
        count = len(written)
        slow.takes.set()
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return count, sockets

    count, sockets = alone(lecture())
    # Once for students and once for the presenter each time.
    assert count <= 2 * 5 + 2
    *others, slow = sockets
    for one in others:
        assert json.loads(one.sent[-1])["shown"]["panel"] == "p4"
        assert len(one.sent) <= 1 + 5
    # The first message was on its way; then the newest state came, and nothing in between.
    assert len(slow.sent) == 2
    assert json.loads(slow.sent[-1])["shown"]["panel"] == "p4"

"""Rooms behind nginx as it ships, with two processes: each code has its place, and what dies with it."""

import asyncio
import contextlib
import http.client
import json
import random
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest
from websockets.asyncio.client import connect

from pages._book.rooms.codes import draw_code
from tests.deploy.conftest import fronted
from tools.load.visitor import LINE_GONE, alone
from tools.serve import ROOT, free_ports


@contextlib.contextmanager
def process(port=0):
    """Serve the routes of the room; yields the address and the process."""
    port = port or free_ports(1)[0]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "tests.deploy.room_app:app",
        f"--port={port}",
        "--log-level=warning",
    ]
    served = subprocess.Popen(command, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), contextlib.closing(_line(address)) as line:
                line.connect()
                break
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield address, psutil.Process(served.pid)
    finally:
        served.kill()
        served.wait()


def _line(address):
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """Serve two processes of rooms alone behind nginx."""
    with contextlib.ExitStack() as stack:
        replicas = {name: stack.enter_context(process()) for name in ("app1", "app2")}
        yield stack.enter_context(fronted(tmp_path_factory.mktemp("nginx-room"), replicas))


def opened(front, code):
    status, headers, body = front.get(f"/room/{code}", method="POST")
    assert status == 201
    return json.loads(body)["key"], headers


@contextlib.asynccontextmanager
async def said_hello(address, code, role="student", key="", **headers):
    where = f"{address.replace('http', 'ws')}/room/{code}/line"
    async with connect(where, origin=address, additional_headers=headers) as line:
        await line.send(json.dumps({"type": "hello", "id": "h", "role": role, "key": key}))
        yield line, json.loads(await line.recv())


def test_a_code_leads_to_one_process_whichever_has_the_session(rooms):
    chance = random.Random(4)
    codes = [draw_code(chance) for _ in range(10)]

    async def homes(code):
        """Ask both processes, past nginx."""
        told = []
        for address, _ in rooms.replicas.values():
            async with said_hello(address, code) as (_, first):
                told.append(first["type"])
        return tuple(told)

    async def follows(code, replica):
        async with said_hello(rooms.address, code, Cookie=f"replica={replica}") as (_, first):
            return first["type"]

    found = set()
    for code in codes:
        _, headers = opened(rooms, code)
        assert "Set-Cookie" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert rooms.get(f"/room/{code}", method="POST")[0] == 409
        found.add(alone(homes(code)))
        for replica in ("one", "two"):
            assert alone(follows(code, replica)) == "welcome"
    assert found == {("welcome", "closed"), ("closed", "welcome")}


def test_a_body_that_is_too_large_does_not_get_in(rooms):
    assert rooms.get("/room/BCDF", method="POST", body=b"x" * 5000)[0] == 413


def test_what_an_address_says_of_itself_counts_for_nothing(rooms):
    """An address that is not nginx's own opens twenty rooms at once a process, whoever it says it is."""
    chance, answers = random.Random(5), []
    for number in range(45):
        line = http.client.HTTPConnection(
            rooms.address.removeprefix("http://"), timeout=20, source_address=("127.0.0.2", 0)
        )
        line.request(
            "POST", f"/room/{draw_code(chance)}", headers={"X-Forwarded-For": f"10.0.0.{number}"}
        )
        answers.append(line.getresponse().status)
        line.close()
    assert answers.count(201) <= 40
    assert set(answers) == {201, 429}


def test_keys_and_what_is_sent_are_in_no_log(rooms, tmp_path_factory):
    code = draw_code(random.Random(6))
    key, _ = opened(rooms, code)

    async def sends():
        async with said_hello(rooms.address, code, "presenter", key) as (line, _):
            await line.send(json.dumps({"type": "takes", "id": "t", "sentences": True}))
            async with said_hello(rooms.address, code) as (student, first):
                await student.send(json.dumps({"type": "sentence", "id": "s", "text": "a secret"}))
                while json.loads(await student.recv()).get("id") != "s":
                    pass
                return first["key"]

    own = alone(sends())
    rooms.get(f"/room/{code}/takehome.csv", Authorization=f"Bearer {key}")
    logs = "".join(p.read_text() for p in tmp_path_factory.getbasetemp().glob("nginx-room*/log"))
    assert f"/room/{code}/line" in logs
    for secret in (key, own, "secret"):
        assert secret not in logs


def test_a_process_that_dies_takes_its_rooms_along_and_all_are_told(tmp_path):
    chance = random.Random(7)
    with contextlib.ExitStack() as stack:
        first, second = stack.enter_context(process()), stack.enter_context(process())
        front = stack.enter_context(fronted(tmp_path, {"app1": first, "app2": second}))
        keys = {code: opened(front, code)[0] for code in (draw_code(chance) for _ in range(8))}
        on_first = alone(_on(first[0], keys))
        lost, kept = next(iter(on_first)), next(iter(set(keys) - on_first))

        async def lecture():
            async with (
                said_hello(front.address, lost) as (student, _),
                said_hello(front.address, kept, "presenter", keys[kept]) as (phone, _),
                said_hello(front.address, kept) as (other, _),
            ):
                await phone.send(json.dumps({"type": "ask", "id": "a", "ask": ASK}))
                await _until(phone, lambda one: one.get("id") == "a")
                first[1].kill()
                await student.wait_closed()
                # While it is away nobody says that the room is over, and nobody else has it.
                with pytest.raises(LINE_GONE):
                    await said_hello(front.address, lost).__aenter__()
                # A vote in a room of the other process counts, and once.
                for _ in range(2):
                    vote = {"type": "vote", "id": "v", "ask": 1, "round": 1, "choice": 0}
                    await other.send(json.dumps(vote))
                    assert (await _until(other, lambda one: one.get("id") == "v"))["first"]
                await phone.send(
                    json.dumps({"type": "turn", "id": "t", "ask": 1, "state": "shown"})
                )
                told = await _until(phone, lambda one: (one.get("asked") or {}).get("bars"))
                assert told["asked"]["bars"] == [[1, 0]]

        alone(lecture())
        with process(int(first[0].rpartition(":")[2])):

            async def comes_back():
                async with said_hello(front.address, lost) as (_, told):
                    return told

            assert alone(comes_back()) == {"type": "closed", "why": "unknown"}


ASK = {"kind": "question", "text": "Which?", "choices": ["a", "b"], "right": [1]}


async def _until(line, fits):
    async with asyncio.timeout(20):
        while True:
            message = json.loads(await line.recv())
            if fits(message):
                return message


async def _on(address, codes):
    """Say which of some rooms a process has."""
    found = set()
    for code in codes:
        async with said_hello(address, code) as (_, told):
            if told["type"] == "welcome":
                found.add(code)
    return found


def test_the_app_has_the_routes(front):
    """The same in the whole app: beside Streamlit's own routes, behind the same nginx."""
    code = draw_code(random.Random(8))
    key, headers = opened(front, code)
    assert "Set-Cookie" not in headers
    status, headers, _ = front.get(f"/room/{code}")
    assert (status, headers["Location"]) == (303, f"/?room={code}")
    assert front.get(f"/room/{code}", method="POST", Origin="http://elsewhere.example")[0] == 403

    async def drives():
        async with said_hello(front.address, code, "projector", key) as (_, told):
            return told["role"]

    assert alone(drives()) == "projector"
    asked = urllib.request.Request(f"{front.address}/room/{code}/takehome.html?lang=de")
    asked.add_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="room-{code}.html"'

"""The shipped nginx configuration at work: Debian's nginx, two replicas, real websocket sessions."""

import asyncio
import contextlib
import re
import time
import uuid
from http.cookies import SimpleCookie

import pytest

from pages.many.lesson import PASTE
from tests.deploy.conftest import fronted, replica
from tools.load.__main__ import PAGES
from tools.load.visitor import LINE_GONE, Log, LostError, Visitor, alone


def cookies(headers):
    return {
        name: one
        for value in headers.get_all("Set-Cookie") or []
        for name, one in SimpleCookie(value).items()
    }


def script(front):
    """Name the app's main script, by the document that loads it."""
    page = front.get("/")[2].decode()
    return "/" + re.search(r'src="\.?/?(static/js/[^"]+\.js)"', page)[1]


def test_whoever_comes_is_sent_to_one_replica_and_stays_there(front):
    drawn = [cookies(front.get("/")[1])["replica"] for _ in range(40)]
    assert {one.value for one in drawn} == {"one", "two"}
    assert drawn[0]["httponly"]
    assert drawn[0]["samesite"] == "Lax"
    assert not drawn[0]["secure"]
    # Who has the cookie is not sent it again; who made one up is drawn anew.
    assert "replica" not in cookies(front.get("/", Cookie="replica=two")[1])
    assert cookies(front.get("/", Cookie="replica=evil")[1])["replica"].value in {"one", "two"}
    tls = front.get("/", **{"X-Forwarded-Proto": "https"})[1]
    assert cookies(tls)["replica"]["secure"]


def test_the_session_is_on_the_replica_that_the_cookie_names(front):
    """Media that a session made is there under its address on its own replica alone."""

    async def enter(name):
        visitor = Visitor(front.address, Log(), 1, patient=True)
        visitor.cookies["replica"] = name
        await visitor.enter("many")
        assert visitor.cookies["replica"] == name
        path = f"/_stcore/upload_file/{visitor.session}/{uuid.uuid4()}"
        body, kind = form(b"A fine film.")
        sent = {"X-Xsrftoken": visitor.cookies["_streamlit_xsrf"], "Content-Type": kind}
        places = {"app1": "one", "app2": "two"}
        answers = {}
        for replica_name, (address, _) in front.replicas.items():
            answers[places[replica_name]] = front.get(
                path, host=address, method="PUT", body=body, Cookie=visitor.cookie(), **sent
            )[0]
        await visitor.leave()
        return answers

    assert alone(enter("one")) == {"one": 204, "two": 400}
    assert alone(enter("two")) == {"one": 400, "two": 204}


def test_a_script_is_packed_cached_and_never_asked_for_again(front):
    path = script(front)
    status, plain, whole = front.get(path)
    assert status == 200
    assert "immutable" in plain["Cache-Control"]
    assert "Content-Encoding" not in plain
    _, packed, small = front.get(path, **{"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert len(small) < len(whole) / 2
    _, again, same = front.get(
        path, **{"Accept-Encoding": "gzip, deflate", "Cookie": "replica=two"}
    )
    assert again["X-Cache"] == "HIT"
    assert same == small
    assert front.get(path)[2] == whole


def test_the_document_is_packed_but_not_kept(front):
    _, headers, _ = front.get("/", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"] == "no-cache"
    assert "X-Cache" not in headers


def test_headers_keep_the_browser_careful(front):
    for path in ("/", "/cell?x=1", "/_stcore/host-config"):
        _, headers, _ = front.get(path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["Server"] == "nginx"
        assert "Access-Control-Allow-Origin" not in headers


def test_health_is_asked_and_what_is_nobodys_business_is_not_there(front):
    assert front.get("/healthz")[::2] == (200, b"ok")
    assert front.get("/_stcore/health")[0] == 200
    for path in ("/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"):
        assert front.get(path)[0] == 404


def test_a_strange_origin_gets_no_session(front):
    async def asked(origin):
        from websockets.asyncio.client import connect

        url = front.address.replace("http", "ws") + "/_stcore/stream"
        async with connect(url, subprotocols=["streamlit"], origin=origin) as line:
            await line.ping()

    alone(asked(front.address))
    with pytest.raises(LINE_GONE):
        alone(asked("http://elsewhere.example"))


def form(content):
    """Put a file into the form that Streamlit's browser side sends; returns body and type."""
    edge = uuid.uuid4().hex
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="reviews.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{edge}--\r\n".encode(), (
        f"multipart/form-data; boundary={edge}"
    )


def test_an_upload_needs_the_xsrf_token_and_may_have_50_mb(front):
    async def enter():
        visitor = Visitor(front.address, Log(), 1, patient=True)
        await visitor.enter("many")
        return visitor

    async def upload():
        visitor = await enter()
        token = visitor.cookies["_streamlit_xsrf"]
        path = f"/_stcore/upload_file/{visitor.session}/{uuid.uuid4()}"

        def put(size, **headers):
            body, kind = form(b"x" * size)
            sent = {"Cookie": visitor.cookie(), "Content-Type": kind, **headers}
            return front.get(path, method="PUT", body=body, **sent)[0]

        try:
            assert put(10) == 403
            assert put(10, **{"X-Xsrftoken": "2|wrong"}) == 403
            assert put(10, **{"X-Xsrftoken": token}) == 204
            # Streamlit counts the form around the file as well.
            assert put(50 * 2**20 - 1000, **{"X-Xsrftoken": token}) == 204
            with contextlib.suppress(OSError):
                assert put(52 * 2**20, **{"X-Xsrftoken": token}) == 413
            assert front.get("/cell", method="POST", body=b"x" * 2**21)[0] == 413
        finally:
            await visitor.leave()

    alone(upload())


def test_a_page_and_its_text_are_not_in_the_log(front, tmp_path_factory):
    front.get("/reviews?text=a+secret+review")
    logs = "".join(p.read_text() for p in tmp_path_factory.getbasetemp().glob("nginx*/log"))
    assert "a+secret" not in logs


@pytest.mark.slow
def test_a_replica_is_killed_under_load_and_its_visitors_go_on(tmp_path, monkeypatch):
    with contextlib.ExitStack() as stack:
        replicas = {name: stack.enter_context(replica(monkeypatch)) for name in ("app1", "app2")}
        front = stack.enter_context(fronted(tmp_path, replicas))
        log = Log()
        visitors = [Visitor(front.address, log, seed, patient=True) for seed in range(16)]
        killed = alone(_killed_under_load(visitors, replicas["app1"][1]))
        on_one = killed["on_one"]
        assert 0 < len(on_one) < len(visitors)
        assert log.lost == []
        assert log.wrong == []
        # Who was on the other one noticed nothing; who was on this one came back and went on.
        assert log.cut == len(on_one)
        assert [v.cookies["replica"] for v in visitors] == ["two"] * len(visitors)
        after = [w for w in log.waits if w.begun > killed["when"]]
        assert sum(w.kind == "return" for w in after) == len(on_one)
        assert {w.page for w in after} <= set(visitors[0].pages)
        assert min(killed["acts_after"]) >= 2
        assert front.get("/healthz", Cookie="replica=one")[0] == 200
        assert cookies(front.get("/", Cookie="replica=one")[1])["replica"].value == "two"
        # What a visitor had set is still set.
        assert killed["kept"]


async def _killed_under_load(visitors, process):
    """Let visitors act, kill a replica, let them go on; says who was on it and what they kept."""
    marked = visitors[0]
    marked.cookies["replica"] = "one"

    async def visit(visitor, page, until):
        try:
            await visitor.enter(page)
            if visitor is marked:
                await visitor.set("many_source", string_array_value={"data": [PASTE]})
                await asyncio.sleep(max(until - time.monotonic(), 0))
            else:
                await visitor.stay(until, think=2.5, wander=0.05)
        except (LostError, *LINE_GONE) as error:
            visitor.log.lost.append(repr(error))

    pages = ["many", *(PAGES[n % len(PAGES)] for n in range(1, len(visitors)))]
    until = time.monotonic() + 12
    await asyncio.gather(*(visit(v, p, until) for v, p in zip(visitors, pages, strict=True)))
    on_one = [v for v in visitors if v.cookies["replica"] == "one"]
    when = time.monotonic()
    running = [asyncio.create_task(_go_on(v, v is marked)) for v in visitors]
    await asyncio.sleep(0.3)
    process.kill()
    acts = await asyncio.gather(*running)
    kept = marked.named("many_pasted") is not None
    for visitor in visitors:
        await visitor.leave()
    return {"on_one": on_one, "when": when, "acts_after": acts, "kept": kept}


async def _go_on(visitor, marked):
    """Act four times within some seconds, on the same page; returns how often it worked."""
    worked = 0
    for _ in range(4):
        await asyncio.sleep(visitor.chance.uniform(0.2, 2))
        try:
            if marked:
                # The field is there only where the page knows what this visitor chose before.
                await visitor.set("many_pasted", string_value=f"Film {visitor.chance.random()}")
            else:
                await visitor.act()
            worked += 1
        except (LostError, *LINE_GONE) as error:
            visitor.log.lost.append(repr(error))
    return worked

"""`make serve`: a process a core behind nginx, started again where one dies, stopped together."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from tests.deploy.conftest import DEPLOY
from tools import serve
from tools.load.__main__ import traces
from tools.load.visitor import Log, Visitor, alone
from tools.serve import ROOT, until_healthy


def replica_of(address, cookie=""):
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
        told = re.search(r"replica=(\w+)", answer.headers["Set-Cookie"] or "")
        return told[1] if told else ""


def of_the_app(front):
    found = {}
    for one in psutil.Process(front.pid).children():
        # A process that has just died is listed until it is waited for.
        with contextlib.suppress(psutil.Error):
            if "streamlit" in one.cmdline():
                found[one.pid] = one
    return found


@pytest.mark.slow
def test_two_processes_serve_one_that_dies_comes_back_and_one_signal_stops_all():
    port = serve.free_ports(1)[0]
    command = [sys.executable, "-m", "tools.serve", f"--port={port}", "--processes=2"]
    front = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        until_healthy(address, front)
        assert {replica_of(address) for _ in range(40)} == {"one", "two"}
        before = of_the_app(front)
        assert len(before) == 2
        next(iter(before.values())).kill()
        # Whoever comes meanwhile is served, wherever the session was.
        assert {replica_of(address, f"replica={name}") for name in ("one", "two")} & {"one", "two"}
        deadline = time.monotonic() + 60
        while len(of_the_app(front)) < 2 or set(of_the_app(front)) == set(before):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        every = psutil.Process(front.pid).children(recursive=True)
        front.send_signal(signal.SIGTERM)
        said = front.communicate(timeout=30)[0].decode()
        assert front.returncode == 0
        assert "it is started again" in said
        assert psutil.wait_procs(every, timeout=15)[1] == []
    finally:
        front.kill()


def test_the_trace_of_a_page_that_fails_is_in_the_log_of_its_process(tmp_path):
    script = tmp_path / "fails.py"
    script.write_text("def page():\n    raise KeyError('the chain')\n\npage()\n", encoding="utf-8")
    port = serve.free_ports(1)[0]
    log = serve.log_of("one", tmp_path / "logs")
    kept = serve.Kept("one", serve.app_command(port, script=str(script)), os.environ, log)
    kept.start()
    try:
        until_healthy(f"http://127.0.0.1:{port}", kept.process)
        visitor = Visitor(f"http://127.0.0.1:{port}", Log(), 1)
        alone(visitor.enter(""))
    finally:
        kept.stop()
    (trace,) = traces(tmp_path / "logs")
    assert "line 2, in page" in trace
    assert "\nKeyError: 'the chain'\n" in trace
    # A second start writes behind it.
    kept.start()
    kept.stop()
    assert traces(tmp_path / "logs") == [trace]


def test_the_shipped_replicas_are_what_is_written_for_two():
    """compose.yaml and the manifests have two: the same file as for two processes here."""
    shipped = (DEPLOY / "replicas.conf").read_text()
    written = serve.upstreams({"one": "app1:8501", "two": "app2:8501"})
    assert shipped.endswith(written)
    assert all(line.startswith("#") for line in shipped.removesuffix(written).splitlines())


@pytest.mark.parametrize("count", range(2, 9))
def test_everybody_has_a_place_and_somebody_who_takes_over(count):
    places = {name: f"127.0.0.1:{9000 + n}" for n, name in enumerate(serve.NAMES[:count])}
    text = serve.upstreams(places)
    takes_over = dict(re.findall(r"^    (\w+) (\w+);$", text.split("$replica $other")[1], re.M))
    assert set(takes_over) == set(takes_over.values()) == set(places)
    assert all(name != other for name, other in takes_over.items())


def test_without_nginx_one_process_serves_and_it_says_why(monkeypatch, capsys):
    def becomes(_, command):
        assert "--server.port=9000" in command
        raise SystemExit(0)

    monkeypatch.setattr(serve, "nginx", lambda: None)
    monkeypatch.setattr(serve.os, "execv", becomes)
    with pytest.raises(SystemExit):
        serve.main(["--processes", "2", "--port", "9000"])
    assert "apt install nginx" in capsys.readouterr().out


def test_a_port_that_is_taken_is_said(capsys):
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        assert serve.main(["--processes", "2", "--port", str(taken.getsockname()[1])]) == 1
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize("processes", ["0", "9", "x"])
def test_an_odd_number_of_processes_is_refused(processes, capsys):
    with pytest.raises(SystemExit):
        serve.main(["--processes", processes])
    assert "--processes" in capsys.readouterr().err

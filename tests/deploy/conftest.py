"""nginx as it ships, in front of two local replicas."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tools.serving import ROOT, serving

DEPLOY = ROOT / "deploy"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Front:
    """nginx at a port, and the replicas' names, addresses and processes."""

    address: str
    replicas: dict

    def get(self, path, host="", method="GET", body=None, **headers):
        """Ask once; returns status, headers and body."""
        where = (host or self.address).removeprefix("http://")
        line = http.client.HTTPConnection(where, timeout=30)
        try:
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()


@contextlib.contextmanager
def replica(monkeypatch):
    """Serve one replica; yields its address and its process."""
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "only-for-this-test")
    before = set(psutil.Process().children())
    with serving() as address:
        (process,) = set(psutil.Process().children()) - before
        yield address, process


@contextlib.contextmanager
def fronted(folder: Path, replicas: dict):
    """Start nginx with the shipped files; only its port, its folder and the replicas' are put in."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(nginx).exists():
        raise RuntimeError("these tests need nginx: install it (Debian: sudo apt install nginx)")
    port = free_port()
    main = (DEPLOY / "nginx.conf").read_text()
    assert main.count("listen 8080;") == 1
    main = main.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("/tmp/", f"{folder}/")
    upstreams = (DEPLOY / "replicas.conf").read_text()
    for name, (address, _) in replicas.items():
        upstreams = upstreams.replace(f"{name}:8501", address.removeprefix("http://"))
    assert not re.search(r":8501", upstreams)
    (folder / "nginx.conf").write_text(main)
    (folder / "replicas.conf").write_text(upstreams)
    shutil.copy("/etc/nginx/mime.types", folder)
    # Root would hand the work to a user who may not enter the test's folder.
    user = " user root;" if os.geteuid() == 0 else ""
    command = [nginx, "-c", f"{folder}/nginx.conf", "-p", str(folder), "-g", f"daemon off;{user}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 20
        front = Front(f"http://127.0.0.1:{port}", replicas)
        while True:
            with contextlib.suppress(OSError):
                front.get("/healthz")
                break
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield front
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        replicas = {name: stack.enter_context(replica(patch)) for name in ("app1", "app2")}
        yield stack.enter_context(fronted(tmp_path_factory.mktemp("nginx"), replicas))

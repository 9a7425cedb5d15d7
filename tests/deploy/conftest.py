"""nginx as it ships, in front of two local replicas."""

import contextlib
import http.client
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tools.serve import NAMES, configured, free_ports
from tools.serving import ROOT, serving

DEPLOY = ROOT / "deploy"


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
    """Start nginx as `make serve` does: with the shipped file, and these replicas."""
    places = dict(zip(NAMES, replicas.values(), strict=False))
    addresses = {name: address.removeprefix("http://") for name, (address, _) in places.items()}
    port = free_ports(1)[0]
    command = configured(folder, f"127.0.0.1:{port}", addresses)
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


@pytest.fixture(scope="package")
def front(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        replicas = {name: stack.enter_context(replica(patch)) for name in ("app1", "app2")}
        yield stack.enter_context(fronted(tmp_path_factory.mktemp("nginx"), replicas))

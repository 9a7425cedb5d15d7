"""Serve the app with every core: one process a core behind nginx, all stopped by one Ctrl+C.

``python -m tools.serve --port 8501 --processes 2`` starts nginx with the configuration of ``deploy/``
and as many processes of the app. A visitor stays on one of them by a cookie; a process that dies is
started again, and its visitors go on with another one meanwhile. Without nginx, or with one process,
the app is served by a single process. The trace of a page that fails goes to the terminal, or with
``--logs FOLDER`` to a file of its process there.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
MIME_TYPES = (
    "/etc/nginx/mime.types",
    "/usr/local/etc/nginx/mime.types",
    "/opt/homebrew/etc/nginx/mime.types",
)
NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight")
WITHOUT_NGINX = (
    "nginx is not installed, so that one process serves, on one core.\n"
    "For all cores install it (Debian: sudo apt install nginx; macOS: brew install nginx)."
)
START_SECONDS = 60.0
AWAY_SECONDS = 3.0
"""So long a process that died stays away, while its visitors, who dial within a second, go elsewhere.

One that starts takes connections at once, and answers when it is up, seconds later.
"""


def upstreams(replicas: Mapping[str, str]) -> str:
    """Write ``replicas.conf``: where each replica is, who comes to which, who takes over, where rooms are.

    Args:
        replicas: host and port of each, by name; two or more.
    """
    names = list(replicas)
    homes = " ".join(f"server {address} max_fails=0;" for address in replicas.values())
    share = 100 // len(names)
    servers = [
        f"upstream {name} {{ server {address} max_fails=0; keepalive 16; }}"
        for name, address in replicas.items()
    ]
    drawn = [*(f"    {share}% {name};" for name in names[:-1]), f"    *   {names[-1]};"]
    stays = [f"    {name:<7} {name};" for name in names]
    takes_over = [
        f"    {name} {other};" for name, other in zip(names, names[1:] + names[:1], strict=True)
    ]
    return "\n".join(
        [
            *servers,
            "\n# Who comes for the first time is sent to any.",
            "split_clients $request_id $drawn {",
            *drawn,
            "}",
            "# Who has been here goes where the session is.",
            "map $cookie_replica $replica {",
            *stays,
            "    default $drawn;",
            "}",
            "# Who takes over for a replica that does not answer.",
            "map $replica $other {",
            *takes_over,
            "}",
            "# A room is where its code says, and nowhere else.",
            f"upstream rooms {{ hash $room consistent; {homes} keepalive 16; }}",
            "",
        ]
    )


def nginx() -> str | None:
    """Find nginx; None if it is not installed."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    return found if Path(found).exists() else None


def configured(folder: Path, listen: str, replicas: Mapping[str, str]) -> list[str]:
    """Write nginx's files into a folder; returns the command that starts it in the foreground.

    Args:
        folder: for its files, its cache and its socket.
        listen: what it listens on: a port, or an address and a port.
        replicas: host and port of each, by name.

    Raises:
        RuntimeError: if nginx or its list of types is not installed.
    """
    program = nginx()
    types = next(filter(os.path.exists, MIME_TYPES), None)
    if program is None or types is None:
        raise RuntimeError(WITHOUT_NGINX)
    main = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    main = main.replace("listen 8080;", f"listen {listen};").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    (folder / "replicas.conf").write_text(upstreams(replicas), encoding="utf-8")
    shutil.copy(types, folder)
    # Root would hand the work to a user who may not enter the folder.
    user = " user root;" if os.geteuid() == 0 else ""
    return [program, "-c", f"{folder}/nginx.conf", "-p", str(folder), "-g", f"daemon off;{user}"]


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def app_command(
    port: int, address: str = "", script: str = "app.py", *, lean: bool = False
) -> list[str]:
    """Return the command that serves the app, or another script, with one process.

    A ``lean`` one leaves the docstrings of all packages out of memory, about 20 MB.
    """
    python = [sys.executable, *(["-OO"] if lean else [])]
    options = [f"--server.port={port}", *([f"--server.address={address}"] if address else [])]
    return [*python, "-m", "streamlit", "run", script, "--server.headless=true", *options]


@dataclass
class Kept:
    """A process that is started again when it dies."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    """Where all goes that it says; without one, errors go where this process's errors go."""
    away: float = AWAY_SECONDS
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    died: float | None = None

    def start(self) -> None:
        """Start it."""
        self.died = None
        with contextlib.ExitStack() as opened:
            log = opened.enter_context(self.log.open("ab")) if self.log else None
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log or subprocess.DEVNULL,
                stderr=log,
            )

    def look(self) -> None:
        """Start it again if it is dead, after the seconds that it stays away."""
        assert self.process is not None
        code, now = self.process.poll(), time.monotonic()
        if code is None:
            return
        self.died = now if self.died is None else self.died
        if now - self.died >= self.away:
            print(f"{self.name} ended ({code}); it is started again.", flush=True)
            self.start()

    def stop(self) -> None:
        """Ask it to end, and insist after ten seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def until_healthy(
    address: str, server: subprocess.Popen[bytes], log: IO[bytes] | None = None
) -> None:
    """Wait until a server answers.

    Args:
        address: of the server.
        server: its process.
        log: the file that has what it says, for the message of the error.

    Raises:
        RuntimeError: if it stopped, or does not answer within a minute.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            if log is not None:
                log.seek(0)
            ending = log.read().decode() if log is not None else ""
            raise RuntimeError(f"the server stopped: {ending[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start within {START_SECONDS:.0f} seconds")


def log_of(name: str, logs: Path | None) -> Path | None:
    """Return the file that a process writes to; its folder is made."""
    if logs is None:
        return None
    logs.mkdir(parents=True, exist_ok=True)
    return logs / f"{name}.log"


def serve(port: int, processes: int, logs: Path | None = None) -> None:
    """Serve until a signal says stop.

    Args:
        port: that visitors come to.
        processes: of the app; two or more.
        logs: a folder, in which each process writes a file of what it says.

    Raises:
        RuntimeError: if a process does not come up.
        OSError: if the port is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("", port))
    # The same secret for all, so that a visitor who changes processes keeps the cookies.
    secret = {"STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32)}
    # Each has one process of its own for long work, or two of each would be more than the cores.
    environment = secret | {"LSTM_PROCESSES": "1", "OPENBLAS_NUM_THREADS": "1"} | os.environ
    with contextlib.ExitStack() as cleaning:
        folder = Path(cleaning.enter_context(tempfile.TemporaryDirectory(prefix="lstm-")))
        ports = free_ports(processes)
        kept = [
            Kept(
                f"Process {name}",
                app_command(own, "127.0.0.1", lean=True),
                environment,
                log_of(name, logs),
            )
            for name, own in zip(NAMES, ports, strict=False)
        ]
        for one in kept:
            cleaning.callback(one.stop)
            one.start()
        for one, own in zip(kept, ports, strict=True):
            assert one.process is not None
            until_healthy(f"http://127.0.0.1:{own}", one.process)
        replicas = {name: f"127.0.0.1:{own}" for name, own in zip(NAMES, ports, strict=False)}
        command = configured(folder, str(port), replicas)
        front = Kept("nginx", command, environment, log_of("nginx", logs), away=0.5)
        cleaning.callback(front.stop)
        front.start()
        print(
            f"{processes} processes serve http://localhost:{port} (Ctrl+C stops them)", flush=True
        )
        while True:
            for one in (*kept, front):
                one.look()
            time.sleep(0.2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and serve; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8501, help="(8501)")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="one a core, if not given"
    )
    parser.add_argument(
        "--logs", type=Path, help="a folder: what each process says is added to a file there"
    )
    given = parser.parse_args(arguments)
    if not 1 <= given.processes <= len(NAMES):
        parser.error(f"--processes is {given.processes}, expected 1 to {len(NAMES)}")
    if given.processes == 1 or nginx() is None:
        if given.processes > 1:
            print(WITHOUT_NGINX, flush=True)
        if log := log_of(NAMES[0], given.logs):
            with log.open("ab") as file:
                os.dup2(file.fileno(), sys.stdout.fileno())
                os.dup2(file.fileno(), sys.stderr.fileno())
        os.chdir(ROOT)
        os.execv(sys.executable, app_command(given.port, lean=True))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        serve(given.port, given.processes, given.logs)
    except KeyboardInterrupt:
        return 0
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

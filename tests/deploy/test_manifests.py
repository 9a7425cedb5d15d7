"""Container file, compose file and manifests: what they copy is there, and they agree."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv

import pytest
import yaml

from tests.deploy.conftest import DEPLOY
from tools.serving import ROOT

CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
REPLICAS = (DEPLOY / "replicas.conf").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS = {
    (one["kind"], one["metadata"]["name"]): one
    for name in yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())["resources"]
    for one in yaml.safe_load_all((DEPLOY / name).read_text())
}
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def container(kind, name):
    """Return the one container of a workload."""
    (one,) = MANIFESTS[kind, name]["spec"]["template"]["spec"]["containers"]
    return one


def copied():
    """List what the container file copies from the repository: source and destination."""
    for line in CONTAINERFILE.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, target = line.split()[1:]
            yield from ((source, target) for source in sources)


def ignored(path):
    """Say whether .containerignore leaves a file out; later lines win, as builders have it."""
    out = False
    for line in (ROOT / ".containerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, kept = line.removeprefix("!"), line.startswith("!")
        deep = pattern.removeprefix("**/")
        names = [path, *(str(parent) for parent in list(_parents(path)))]
        hit = any(fnmatch.fnmatch(name, pattern) for name in names) or (
            deep != pattern and any(fnmatch.fnmatch(part, deep) for part in path.split("/"))
        )
        if hit:
            out = not kept
    return out


def _parents(path):
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def test_serving_needs_what_the_app_needs_without_tensorflow():
    def pins(name):
        lines = (ROOT / name).read_text().splitlines()
        return {line for line in lines if line and not line.startswith("#")}

    assert pins("requirements-serve.txt") < pins("requirements.txt")
    (missing,) = pins("requirements.txt") - pins("requirements-serve.txt")
    assert missing.startswith("tensorflow==")


def test_all_that_is_copied_is_there_and_sent_to_the_builder():
    sources = [source for source, _ in copied()]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        files = [ROOT / source] if (ROOT / source).is_file() else (ROOT / source).rglob("*")
        names = [str(f.relative_to(ROOT)) for f in files if f.is_file()]
        assert any(not ignored(name) for name in names), source
    for needed in ("assets/sentiment/network.npz", "assets/style.css", "pages/_router.py"):
        assert not ignored(needed)
    for unwanted in (
        ".git/config",
        ".venv/bin/python",
        ".streamlit/secrets.toml",
        "tests/conftest.py",
        ".env",
        "assets/sentiment/network.keras",
        "pages/__pycache__/cell.cpython-312.pyc",
        "build/sentiment/x",
    ):
        assert ignored(unwanted), unwanted
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()


def test_no_secret_is_in_what_ships_and_every_replica_is_given_the_same_one():
    for text in (CONTAINERFILE, (ROOT / ".streamlit" / "config.toml").read_text()):
        assert "cookieSecret" not in text
        assert not re.search(r"COOKIE_SECRET\s*=", text)
    given = COMPOSE["services"]["app1"]["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"]
    assert given.startswith("${STREAMLIT_SERVER_COOKIE_SECRET:?")
    assert COMPOSE["services"]["app2"]["environment"] == COMPOSE["services"]["app1"]["environment"]
    environment = {one["name"]: one for one in container("StatefulSet", "app")["env"]}
    assert "secretKeyRef" in environment["STREAMLIT_SERVER_COOKIE_SECRET"]["valueFrom"]
    assert not any(kind == "Secret" for kind, _ in MANIFESTS)


def test_protection_and_limits_are_as_streamlit_has_them_or_stricter():
    server = CONFIG["server"]
    assert server.get("enableXsrfProtection", True)
    assert server.get("enableCORS", True)
    assert not server.get("enableAgentApi", False)
    assert not CONFIG["browser"]["gatherUsageStats"]
    assert CONFIG["client"]["showErrorDetails"] == "none"
    limit = int(re.search(r"upload_file/ \{\s+client_max_body_size (\d+)m;", NGINX)[1])
    assert server["maxUploadSize"] < limit <= server["maxUploadSize"] + 1
    notes = MANIFESTS["Ingress", "inside-an-lstm"]["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/proxy-body-size"] == f"{limit}m"


def test_names_and_ports_agree():
    names = re.findall(r"^upstream (?!rooms)\w+ \{ server (\w+):(\d+)", REPLICAS, re.MULTILINE)
    assert len(names) >= 2
    exposed = re.search(r"^EXPOSE (\d+)$", CONTAINERFILE, re.MULTILINE)[1]
    assert f"--server.port={exposed}" in CONTAINERFILE
    assert {port for _, port in names} == {exposed}
    for at, (name, _) in enumerate(names):
        assert name in COMPOSE["services"]
        service = MANIFESTS["Service", name]["spec"]
        assert service["selector"]["statefulset.kubernetes.io/pod-name"] == f"app-{at}"
        assert service["ports"][0]["port"] == int(exposed)
    app, nginx = container("StatefulSet", "app"), container("Deployment", "nginx")
    assert MANIFESTS["StatefulSet", "app"]["spec"]["replicas"] == len(names)
    assert app["ports"][0]["containerPort"] == int(exposed)
    policy = MANIFESTS["NetworkPolicy", "app"]["spec"]
    assert policy["ingress"][0]["ports"][0]["port"] == int(exposed)
    listening = re.search(r"listen (\d+);", NGINX)[1]
    assert nginx["ports"][0]["containerPort"] == int(listening)
    assert COMPOSE["services"]["nginx"]["ports"] == [f"{listening}:{listening}"]
    backend = MANIFESTS["Ingress", "inside-an-lstm"]["spec"]["rules"][0]["http"]["paths"][0]
    assert ("Service", backend["backend"]["service"]["name"]) in MANIFESTS
    assert nginx["image"] == COMPOSE["services"]["nginx"]["image"]
    assert app["image"] == COMPOSE["services"]["app1"]["image"]


def test_every_replica_in_the_maps_has_an_upstream_and_somebody_to_take_over():
    upstreams = re.findall(r"^upstream (?!rooms)(\w+)", REPLICAS, re.MULTILINE)
    maps = dict(re.findall(r"map (\$\w+) \$\w+ \{(.*?)\}", REPLICAS, re.DOTALL))
    known = re.findall(r"^\s+(\w+)\s+(\w+);", maps["$cookie_replica"], re.MULTILINE)
    assert known == [(name, name) for name in upstreams]
    instead = dict(re.findall(r"^\s+(\w+)\s+(\w+);", maps["$replica"], re.MULTILINE))
    assert sorted(instead) == sorted(instead.values()) == sorted(upstreams)
    assert all(one != other for one, other in instead.items())
    drawn = re.search(r"split_clients .*?\{(.*?)\}", REPLICAS, re.DOTALL)[1]
    assert re.findall(r"(\w+);", drawn) == upstreams


def test_probes_ask_what_answers_and_timeouts_agree():
    app, nginx = container("StatefulSet", "app"), container("Deployment", "nginx")
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert app[probe]["httpGet"]["path"] == "/_stcore/health"
    assert "/_stcore/health" in CONTAINERFILE
    assert f"location = {nginx['readinessProbe']['httpGet']['path']} {{" in NGINX
    assert COMPOSE["services"]["nginx"]["healthcheck"]["test"][-1].endswith("/healthz")
    stream = re.search(r"location = /_stcore/stream \{(.*?)\n {8}\}", NGINX, re.DOTALL)[1]
    (seconds,) = re.findall(r"proxy_read_timeout (\d+)s", stream)
    notes = MANIFESTS["Ingress", "inside-an-lstm"]["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/proxy-read-timeout"] == seconds
    from streamlit.web.server.starlette.starlette_server import DEFAULT_WEBSOCKET_PING_INTERVAL

    assert int(seconds) > 3 * DEFAULT_WEBSOCKET_PING_INTERVAL


def test_containers_may_do_little():
    for kind, name in (("StatefulSet", "app"), ("Deployment", "nginx")):
        pod, one = MANIFESTS[kind, name]["spec"]["template"]["spec"], container(kind, name)
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(one["resources"]) == {"requests", "limits"}
    for one in COMPOSE["services"].values():
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["mem_limit"]
    user = re.search(r"^USER (\d+)$", CONTAINERFILE, re.MULTILINE)[1]
    assert user != "0"
    pod = MANIFESTS["StatefulSet", "app"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == int(user)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_app_runs_from_what_is_copied_with_what_is_installed(tmp_path):
    """What can be tested of the image without a builder: its files, its packages, its command."""
    app = tmp_path / "app"
    app.mkdir()
    for source, target in copied():
        if source == "requirements-serve.txt":
            continue
        whole = ROOT / source
        for file in [whole] if whole.is_file() else sorted(whole.rglob("*")):
            name = str(file.relative_to(ROOT))
            if file.is_file() and not ignored(name):
                assert target in {"./", source}, "the tree in the image is the tree here"
                (app / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, app / name)
    venv.create(tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    installed = subprocess.run(
        [*pip, "install", "-q", "--no-compile", "-r", ROOT / "requirements-serve.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr[-2000:]
    # The same as in a read-only image: nothing is written beside the code.
    written = set(app.rglob("*"))
    for folder in [app, *app.rglob("*")]:
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    code = """
import sys
sys.path.insert(0, ".")
from streamlit.testing.v1 import AppTest
from pages._book.chapters import CHAPTERS
from pages._app import heap
heap.warm_up()
page = AppTest.from_file("pages/_router.py", default_timeout=120).run()
for chapter in CHAPTERS:
    page.switch_page(chapter.file).run()
    assert not page.exception, (chapter.file, page.exception)
try:
    import tensorflow
except ImportError:
    print("served without it")
"""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path)}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [python, "-c", code], cwd=app, env=environment, capture_output=True, text=True, check=False
    )
    assert "served without it" in done.stdout, done.stderr[-3000:]
    assert set(app.rglob("*")) == written
    assert sys.version_info[:2] >= (3, 11)
    megabytes = {
        name: sum(f.lstat().st_size for f in (tmp_path / name).rglob("*") if f.is_file()) / 1e6
        for name in ("app", "venv")
    }
    stated = re.search(r"packages (\d+) MB, the app (\d+) MB", (DEPLOY / "README.md").read_text())
    assert float(stated[1]) == pytest.approx(megabytes["venv"], rel=0.2), megabytes
    assert float(stated[2]) == pytest.approx(megabytes["app"], rel=0.2), megabytes

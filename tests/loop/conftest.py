"""A folder for a run of the loop, its commands and servers, and the time that each step took."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from nianbao.annotations.studio import Studio
from nianbao.inference.ending import OK

ROOT = Path(__file__).parents[2]

Run = Callable[..., str]


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Steps:
    """What was done, and how long it took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - began


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Write a line for the person who runs the tests, whatever pytest captures."""
    capture: Any = request.config.pluginmanager.get_plugin("capturemanager")

    def write(line: str) -> None:
        with capture.global_and_fixture_disabled():
            print(line, flush=True)

    return write


@pytest.fixture(scope="session")
def steps(tell: Callable[[str], None]) -> Iterator[Steps]:
    """Prints its table at the end."""
    found = Steps()
    yield found
    tell("\n步骤 step，秒 seconds")
    for name, seconds in found.seconds.items():
        tell(f"{seconds:7.1f}  {name}")
    tell(f"{sum(found.seconds.values()):7.1f}  合计 together")


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest, tell: Callable[[str], None]) -> Iterator[Path]:
    """Gone at the end; where something failed, the logs in it stay."""
    found = Path(tempfile.mkdtemp(prefix="nianbao-loop-"))
    (found / "logs").mkdir()
    yield found
    for inner in found.iterdir():
        if inner.is_dir() and inner.name != "logs":
            shutil.rmtree(inner)
    if request.session.testsfailed:
        tell(f"\n日志 logs: {found}/logs")
    else:
        shutil.rmtree(found)


@pytest.fixture(scope="session")
def environment(folder: Path) -> dict[str, str]:
    """Of our commands: this checkout, and models that nobody else has."""
    ours = {"PYTHONPATH": str(ROOT / ".dev"), "NIANBAO_HOME": str(folder / "home")}
    return os.environ | ours


@pytest.fixture(scope="session")
def nianbao(folder: Path, environment: dict[str, str]) -> Run:
    """Run a command in the folder; what it printed. A wrong exit status is a failure."""

    def run(*words: str | Path, statuses: Collection[int] = (OK,)) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "nianbao", *map(str, words)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=3600,
        )
        with (folder / "logs/nianbao.log").open("a", encoding="utf-8") as log:
            log.write(f"$ nianbao {' '.join(map(str, words))}\n{done.stdout}{done.stderr}\n")
        assert done.returncode in statuses, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def backend(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of `nianbao annotate serve`."""
    port = free_port()
    words = [sys.executable, "-m", "nianbao", "annotate", "serve", "--port", str(port)]
    with (
        (folder / "logs/serve.log").open("wb") as log,
        subprocess.Popen(words, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/health", process)
            yield url
        finally:
            process.terminate()


def connect(studio: Studio, project: int, backend: str) -> int:
    """Have the backend predict all of a project's tasks; its number."""
    fields = {"project": project, "url": backend, "title": "nianbao", "is_interactive": True}
    made = studio.ask("POST", "/api/ml", fields)
    assert made["state"] == "CO", made["error_message"]  # connected
    path = f"/api/dm/actions?id=retrieve_tasks_predictions&project={project}"
    studio.ask("POST", path, {"selectedItems": {"all": True, "excluded": []}})
    return int(made["id"])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):
                return
        except URLError:
            time.sleep(0.2)
    raise RuntimeError(f"no answer from {url}")

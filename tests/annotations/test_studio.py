"""Label Studio is started with our settings and is given our projects; what fails is told.

A small program stands for it: what it answers was recorded from 1.23.2. The real one is run by
`make loop-test`.
"""

import socket
import stat
import sys
from pathlib import Path

import pytest

from nianbao.annotations.label_studio import CONFIGS
from nianbao.annotations.studio import PROJECTS, Refused, login_of, main, running
from nianbao.models.errors import NianbaoError

STAND_IN = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

projects = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path.startswith("/api/projects")
        token = f"Token {os.environ['LABEL_STUDIO_USER_TOKEN']}"
        if self.path == "/health":
            self.answer(200, {"status": "UP"})
        elif known and self.headers["Authorization"] == token:
            self.answer(200, {"count": len(projects), "results": projects})
        elif self.path == "/settings":
            self.answer(200, dict(os.environ))
        else:
            self.answer(404, {"detail": "Not found."})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        projects.append(body | {"id": len(projects) + 1})
        self.answer(201, projects[-1])

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


port = int(sys.argv[sys.argv.index("--port") + 1])
assert sys.argv[1:3] == ["start", "--no-browser"]
HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def program(folder: Path, text: str) -> Path:
    path = folder / "label-studio"
    path.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def test_a_password_is_made_up_once_and_is_nobody_elses(tmp_path: Path) -> None:
    login = login_of(tmp_path / "data")
    assert login_of(tmp_path / "data") == login != login_of(tmp_path / "other")
    assert stat.S_IMODE((tmp_path / "data/login.json").stat().st_mode) == 0o600


def test_projects_are_made_once_with_our_configs(tmp_path: Path, port: int) -> None:
    log = tmp_path / "log"
    with running(program(tmp_path, STAND_IN), tmp_path / "data", port, log) as (studio, process):
        numbers = [studio.project(title, config) for title, config in PROJECTS.items()]
        assert numbers == [studio.project(title, config) for title, config in PROJECTS.items()]
        made = studio.ask("GET", "/api/projects")["results"]
        configs = [(CONFIGS / f"{config}.xml").read_text("utf-8") for config in PROJECTS.values()]
        assert [project["label_config"] for project in made] == configs
        settings = studio.ask("GET", "/settings")
        assert settings["ML_BLOCK_LOCAL_IP"] == settings["SSRF_PROTECTION_ENABLED"] == "false"
        assert settings["COLLECT_ANALYTICS"] == "false"
        assert settings["LABEL_STUDIO_BASE_DATA_DIR"] == str(tmp_path / "data")
    assert process.poll() is not None


def test_what_is_refused_is_told_in_its_words(tmp_path: Path, port: int) -> None:
    log = tmp_path / "log"
    with (
        running(program(tmp_path, STAND_IN), tmp_path / "data", port, log) as (studio, _),
        pytest.raises(Refused, match=r"GET /no: 404 .*Not found"),
    ):
        studio.ask("GET", "/no")


def test_a_program_that_ends_is_told_with_its_last_words(tmp_path: Path, port: int) -> None:
    broken = program(tmp_path, "raise SystemExit('no such module: django')")
    with (
        pytest.raises(NianbaoError, match="no such module: django") as error,
        running(broken, tmp_path / "data", port, tmp_path / "log"),
    ):
        raise AssertionError("it does not run")
    assert error.value.code == "E408"


def test_a_port_that_is_taken_is_not_changed_for_another(
    tmp_path: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        words = ["--program", "no", "--data", str(tmp_path / "data"), "--port", str(port)]
        assert main(words) == 2
    assert "E408" in capsys.readouterr().err

"""Label Studio as a program: started with our settings, its two projects made. Needs it alone.

`make label-studio` runs this module; `make loop-test` starts Label Studio in the same way.
"""

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from ..inference.ending import INTERRUPTED, status_of
from ..inference.progress import complaint, printable, say
from ..models.errors import NianbaoError
from .label_studio import CONFIGS

HOST = "127.0.0.1"  # whoever can reach it can sign up
PROJECTS = {"年报标注": "labels", "年报标注与主题": "themes"}  # title -> config

#: Of Label Studio 1.23.2, which answers 403 to a backend on this machine unless the first
#: two are off, and takes no fixed token by default.
_SETTINGS = {
    "ML_BLOCK_LOCAL_IP": "false",
    "SSRF_PROTECTION_ENABLED": "false",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
}
_LONGEST_START = 300.0  # seconds; the first start builds the data base: 45 s on two cores
_PAUSE = 0.3
_TAIL = 15  # lines of the log of a start that failed

_OPENER = build_opener(ProxyHandler({}))  # it is on this machine, whatever proxies are set


class Refused(Exception):
    """Label Studio answered with an error; its words are the message."""


@dataclass(frozen=True, slots=True)
class Login:
    """The first user. token: of its HTTP interface."""

    email: str
    password: str
    token: str


def login_of(data: Path) -> Login:
    """What is kept in the data folder; made up, and written there, where there is none."""
    path = data / "login.json"
    if path.exists():
        return Login(**json.loads(path.read_text(encoding="utf-8")))
    login = Login("nianbao@example.com", secrets.token_urlsafe(9), secrets.token_hex(20))
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(login), file)
    return login


class Studio:
    """A Label Studio that answers, as one of its users."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self._token = url, token

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON; None where it is empty. Raises Refused, URLError."""
        headers = {"Authorization": f"Token {self._token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        try:
            with _OPENER.open(Request(self.url + path, data, headers, method=method)) as answer:
                words = answer.read()
        except HTTPError as error:
            with error:
                told = error.read(1000).decode("utf-8", "replace")
            raise Refused(f"{method} {path}: {error.code} {told}") from error
        return json.loads(words) if words else None

    def project(self, title: str, config: str) -> int:
        """The number of the project of that title, which is made where there is none.

        config: of annotations/label_studio, without .xml.
        """
        for project in self.ask("GET", "/api/projects?page_size=1000")["results"]:
            if project["title"] == title:
                return int(project["id"])
        fields = {
            "title": title,
            "label_config": (CONFIGS / f"{config}.xml").read_text(encoding="utf-8"),
            "show_collab_predictions": True,  # annotators begin with the predictions
        }
        return int(self.ask("POST", "/api/projects", fields)["id"])


@contextmanager
def running(
    program: Path, data: Path, port: int, log: Path
) -> Iterator[tuple[Studio, subprocess.Popen[bytes]]]:
    """Label Studio as long as the block runs, and its process.

    Raises NianbaoError E408 where the port is taken or it does not answer.
    """
    _require_free(port)
    login = login_of(data)
    words = [str(program), "start", "--no-browser", "--port", str(port), "--internal-host", HOST]
    with (
        log.open("wb") as lines,
        subprocess.Popen(
            words,
            env=_environment(data, login),
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that its children end with it
        ) as process,
    ):
        try:
            studio = Studio(f"http://{HOST}:{port}", login.token)
            _wait(studio, process, log)
            yield studio, process
        finally:
            _end(process)


def _environment(data: Path, login: Login) -> Mapping[str, str]:
    ours = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data.absolute()),
        "LABEL_STUDIO_USERNAME": login.email,
        "LABEL_STUDIO_PASSWORD": login.password,
        "LABEL_STUDIO_USER_TOKEN": login.token,
    }
    return os.environ | _SETTINGS | ours


def _require_free(port: int) -> None:
    """Label Studio itself would take the next port, and say so in its log."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            reason = f"{HOST}:{port}：{error.strerror} | {HOST}:{port}: {error}"
            raise NianbaoError("E408", reason=reason) from error


def _wait(studio: Studio, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            studio.ask("GET", "/health")
            return
        except (Refused, URLError):
            time.sleep(_PAUSE)
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL:])
    reason = f"Label Studio 没有启动，日志 {log} | Label Studio did not start, log {log}:\n{tail}"
    raise NianbaoError("E408", reason=reason)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, sign)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            continue


def _welcome(studio: Studio, login: Login, data: Path) -> str:
    return f"""
Label Studio 在 {studio.url}，Ctrl-C 结束 | is at {studio.url}, Ctrl-C ends it
  用户 user      {login.email}
  密码 password  {login.password}
  第二个标注者在 {studio.url}/user/signup 自己注册 | a second annotator signs up there
  数据在 | data in {data}

项目 projects：{"、".join(PROJECTS)}
  1. 预标注 | tasks    nianbao annotate export 年报/ -o tasks.json -n 50
     然后在项目里点 Import | then Import in the project
  2. 模型后端 | backend  nianbao annotate serve
     再在 Settings → Model 里填 | then, there: http://127.0.0.1:9090
  3. 改完点 Export，选 JSON | at the end Export as JSON
     nianbao annotate import 导出.json -o gold.jsonl
"""


def _serve(program: Path, data: Path, port: int) -> None:
    login = login_of(data)
    say("正在启动 Label Studio，首次约一分钟 | starting, the first time a minute")
    with running(program, data, port, data / "label-studio.log") as (
        studio,
        process,
    ):
        for title, config in PROJECTS.items():
            studio.project(title, config)
        say(_welcome(studio, login, data))
        process.wait()


def main(arguments: Sequence[str]) -> int:
    """Run Label Studio until Ctrl-C; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--program", type=Path, default=Path(".ls/bin/label-studio"))
    parser.add_argument("--data", type=Path, default=Path(".ls-data"))
    parser.add_argument("--port", type=int, default=8080)
    asked = parser.parse_args(arguments)
    try:
        _serve(asked.program, asked.data, asked.port)
    except NianbaoError as error:
        say(complaint(error))
        return status_of(error.code)
    except Refused as refused:
        say(printable(str(refused)))
        return 1
    except KeyboardInterrupt:
        say("已结束 | ended")
    return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

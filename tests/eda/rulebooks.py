# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs ``ansible-rulebook`` as users do, and a controller that launches any job template."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.playbook import REPO, WORK

COMMAND = REPO / ".work/eda/bin/ansible-rulebook"
LONGEST = 300  # seconds that a process may take to say what a test waits for


class Rulebook:
    """A running process, and what it has written so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.output = ""

    def wait_for(self, text: str, count: int = 1) -> str:
        """All that was written until a text has come so often."""
        assert self.process.stdout is not None
        while self.output.count(text) < count:
            line = self.process.stdout.readline()
            assert line, f"the process has ended without {text!r}:\n{self.output}"
            self.output += line
        return self.output

    def end(self, number: int = signal.SIGTERM) -> int:
        """End the process; its exit status."""
        self.process.send_signal(number)
        return self.rest()

    def rest(self) -> int:
        """Wait until it has ended by itself; its exit status."""
        assert self.process.stdout is not None
        self.output += self.process.stdout.read()
        return self.process.wait(LONGEST)


@contextmanager
def rulebook(
    home: Path, name: str, variables: Mapping[str, Any], environment: Mapping[str, str], *options: str
) -> Iterator[Rulebook]:
    """Run a rulebook: one of the collection's, or a file."""
    (home / "vars.yml").write_text(json.dumps(variables))
    (home / "inventory.yml").write_text(
        json.dumps({"all": {"hosts": {"localhost": {"ansible_connection": "local", **_PYTHON}}}})
    )
    files = ["--inventory", str(home / "inventory.yml"), "--vars", str(home / "vars.yml")]
    process = subprocess.Popen(
        [str(COMMAND), "--rulebook", name, *files, *options],
        env=_environment(home) | dict(environment),
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    limit = threading.Timer(LONGEST, process.kill)
    limit.start()
    try:
        yield Rulebook(process)
    finally:
        limit.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()


_PYTHON = {"ansible_python_interpreter": sys.executable}


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the caller's but what is needed to find the commands."""
    collections = f"{WORK / 'collections'}:{sysconfig.get_path('purelib')}"  # amazon.aws comes with Ansible
    return {
        "PATH": f"{COMMAND.parent}:{os.environ.get('PATH', os.defpath)}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "JAVA_HOME": java_home() or "",
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_NOCOLOR": "true",
    }


def java_home() -> str | None:
    """Where Java is, None if there is none."""
    java = shutil.which("java")
    return os.environ.get("JAVA_HOME") or (str(Path(java).resolve().parents[1]) if java else None)


class Controller:
    """An automation controller with one job template. ``launched``: the requests that have launched it."""

    def __init__(self) -> None:
        self.launched: list[str] = []
        self.has_launched = threading.Event()
        controller = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(controller.get(self.path))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                controller.launched.append(self.path)
                controller.has_launched.set()
                self._answer({"id": 1, "url": "/api/v2/jobs/1/", "status": "pending"}, 201)

            def _answer(self, body: Mapping[str, Any], status: int = 200) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_given: Any) -> None:
                """Nothing is logged."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Controller:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def get(self, path: str) -> dict[str, Any]:
        """What it says of itself, of a template and of a job."""
        if "job_templates" in path:
            asks = dict.fromkeys(("limit", "labels", "inventory", "variables"), True)
            template = {
                "id": 7,
                "type": "job_template",
                "name": "Open the gates",
                "related": {"launch": "/api/v2/job_templates/7/launch/"},
                "summary_fields": {"organization": {"name": "Default"}},
                **{f"ask_{name}_on_launch": value for name, value in asks.items()},
            }
            return {"count": 1, "next": None, "results": [template]}
        job = {"id": 1, "url": "/api/v2/jobs/1/", "status": "successful", "created": "2026-01-01T00:00:00Z"}
        if "/jobs/" in path:
            return {**job, "artifacts": {}}
        return {"version": "24.0.0", "count": 1, "next": None, "results": [{**job, "artifacts": {}}]}

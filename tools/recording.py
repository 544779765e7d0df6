# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records a real run of ``ansible-playbook`` in a terminal as docs/wait.svg: ``make recording``.

The lines appear in the picture when they appeared in the terminal. AWS is played by the tests' scripted server.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from tests.support.playbook import REPO, Ansible
from tests.support.scripted import ScriptedEndpoint

PLAYBOOK = """
- hosts: web
  connection: local
  gather_facts: false
  tasks:
    - name: Wait until the instances run
      cloudwait.aws.wait:
        service: ec2
        waiter: instance_running
        params: {InstanceIds: [i-0ab1, i-0cd2, i-0ef3]}
        delay: 2
    - name: Wait until the snapshot is complete
      cloudwait.aws.wait:
        service: ec2
        waiter: snapshot_completed
        params: {SnapshotIds: [snap-0ab1]}
        delay: 1
        progress: all
"""
COLOURS = {"31": "#f87171", "32": "#4ade80", "33": "#facc15", "34": "#60a5fa", "35": "#c084fc", "36": "#22d3ee"}
PLAIN, BACKGROUND = "#d4d4d8", "#18181b"
WIDTH, LINE, CHARACTER, MARGIN, HOLD = 100, 20, 8.4, 16, 6.0
_COLOUR = re.compile(r"\x1b\[(?:\d;)?(\d+)m")
_CONTROL = re.compile(r"\x1b\[[\d;?]*[A-Za-ln-z]|\r")


def main() -> None:
    lines = list(record())
    (REPO / "docs/wait.svg").write_text(picture(lines), encoding="utf-8")


def record() -> Iterator[tuple[float, str]]:
    """Each line that the playbook prints, with the seconds since its first one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ScriptedEndpoint({"DEMO": {"service": "ec2", "answers": world()}}) as aws,
    ):
        home = Path(folder)
        (home / "play.yml").write_text(PLAYBOOK)
        (home / "hosts.json").write_text(json.dumps({"all": {"hosts": {"web": variables()}}}))
        environment = Ansible(home).environment | {
            "ANSIBLE_FORCE_COLOR": "true",
            "ANSIBLE_NOCOLOR": "",
            "COLUMNS": str(WIDTH),
            "TERM": "xterm-256color",
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_ACCESS_KEY_ID": "DEMO",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        yield from terminal(["ansible-playbook", "--inventory=hosts.json", "play.yml"], environment, home)


def variables() -> dict[str, str]:
    return {"ansible_python_interpreter": sys.executable}


def terminal(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[tuple[float, str]]:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder)
    os.close(theirs)
    began, rest = None, b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # a terminal raises this when all writers have closed it
            break
        began = time.monotonic() if began is None else began
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield time.monotonic() - began, _CONTROL.sub("", line.decode())
    os.close(ours)
    if child.wait():
        raise SystemExit(f"{' '.join(command)} failed")


def world() -> dict[str, list[Any]]:
    def instances(*states: str) -> dict[str, Any]:
        ids = ("i-0ab1", "i-0cd2", "i-0ef3")
        found = [{"InstanceId": name, "State": {"Name": state}} for name, state in zip(ids, states, strict=True)]
        return {"data": {"Reservations": [{"Instances": found}]}}

    def snapshot(state: str, progress: str) -> dict[str, Any]:
        return {"data": {"Snapshots": [{"SnapshotId": "snap-0ab1", "State": state, "Progress": progress}]}}

    throttled = {"error": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": 503}
    return {
        "DescribeInstances": [
            instances("pending", "pending", "pending"),
            instances("running", "pending", "pending"),
            throttled,
            instances("running", "running", "pending"),
            instances("running", "running", "running"),
        ],
        "DescribeSnapshots": [
            snapshot("pending", ""),
            snapshot("pending", "38%"),
            snapshot("pending", "81%"),
            snapshot("completed", "100%"),
        ],
    }


def picture(lines: list[tuple[float, str]]) -> str:
    """An SVG in which the lines appear at their times, in a loop."""
    while lines and not lines[0][1].strip():
        lines = lines[1:]
    total = lines[-1][0] + HOLD
    width, height = WIDTH * CHARACTER + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(row(number, at / total, text, total) for number, (at, text) in enumerate(lines))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" role="img"
 aria-label="A playbook that waits, with a line for each change">
<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="{PLAIN}">
{rows}
</g>
</svg>
"""


def row(number: int, at: float, text: str, total: float) -> str:
    y = MARGIN + LINE * number + 14
    appear = f'<animate attributeName="opacity" dur="{total:.1f}s" repeatCount="indefinite" calcMode="discrete"'
    appear += f' keyTimes="0;{at:.4f}" values="0;1"/>' if at > 0 else ' keyTimes="0" values="1"/>'
    return f'<text x="{MARGIN}" y="{y}" xml:space="preserve">{"".join(spans(text))}{appear}</text>'


def spans(text: str) -> Iterator[str]:
    """The text with its colours."""
    colour = PLAIN
    for index, piece in enumerate(_COLOUR.split(text[: WIDTH * 2])):
        if index % 2:
            colour = COLOURS.get(piece, PLAIN)
        elif piece:
            yield f'<tspan fill="{colour}">{escape(piece[:WIDTH])}</tspan>'


if __name__ == "__main__":
    main()

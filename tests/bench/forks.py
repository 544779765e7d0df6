# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many hosts of one play that wait for an instance each, side by side, under EC2's limits."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

from tests.bench.endpoint import BURST, RATE, Aws, Setting
from tests.bench.resources import Fleet
from tests.bench.rivals import PYTHON, Field, Rival
from tests.bench.tables import table, verdict

FORKS, SECONDS, DELAY = 40, 30, 1


def section(folder: Path, aws: Aws) -> str:
    """The part of the page on forks."""
    field = Field(folder, aws)
    rivals = [Rival(f"`jitter: {jitter}`", partial(_play, jitter=jitter), _fatal) for jitter in ("true", "false")]
    setting = Setting("ec2", FORKS, SECONDS, limited=True)
    found = {rival: field.run(rival, setting) for rival in rivals}
    rows = [
        (rival.label, f"{run.requests:,.0f}", f"{run.throttled:,.0f}", f"{run.killed:,.0f}", f"{run.after:.1f} s")
        for rival, run in found.items()
    ]
    head = (f"{FORKS} hosts, `delay: {DELAY}`", "requests", "throttled", "killed", "after the last")
    killed = sum(run.killed for run in found.values())
    return f"""### Forks side by side

One play with {FORKS} hosts and as many forks, each with a `cloudwait.aws.wait` for another instance. They are ready
after at most {SECONDS} s. They send {FORKS} requests a second; EC2 accepts the first {BURST} and {RATE} a second.
The processes know nothing of each other.

{table(head, rows)}

Goal: no wait is killed. {verdict(not killed)}: {killed:.0f}."""


def _play(folder: Path, fleet: type[Fleet], count: int, jitter: str) -> list[str]:
    own = {"ansible_connection": "local", "ansible_python_interpreter": str(folder / PYTHON)}
    hosts = {name: {**own, "wanted": fleet.params_of(name)} for name in fleet.names_of(count)}
    task = {
        "service": fleet.service,
        "waiter": fleet.waiter,
        "params": "{{ wanted }}",
        "delay": DELAY,
        "timeout": 4 * SECONDS,
        "jitter": jitter == "true",
    }
    play = {"hosts": "all", "gather_facts": False, "tasks": [{"name": "Wait", "cloudwait.aws.wait": task}]}
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    (folder / "forks.yml").write_text(json.dumps([play]))
    return ["ansible-playbook", "--inventory", "hosts.json", "--forks", str(count), "forks.yml"]


def _fatal(said: str, _count: int) -> int:
    return len(re.findall(r"^fatal: \[", said, re.MULTILINE))

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measures what waiting costs, prints it and writes docs/benchmarks.md: ``make bench``.

``python -m tests.bench fleet`` measures many waits at once alone, and leaves the other sections of the page as they
are; with a number behind it, fleets of up to so many, and nothing is written. ``python -m tests.bench one`` measures
those other sections alone.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tests.bench import lines, start
from tests.bench.fleet import TITLE, fleet
from tests.bench.measure import alternate, cpu, wall
from tests.bench.tables import ms, table, verdict
from tests.bench.world import POLLS, World, engine_times, world
from tests.support.playbook import REPO, WORK

PAGE = REPO / "docs/benchmarks.md"
PLAY_ROUNDS, LINE_ROUNDS = 7, 5
MOST_MICROSECONDS, LEAST_TIMES_LESS = 100.0, 10.0
_HEADING = f"\n## {TITLE}\n"


def main() -> None:
    if sys.argv[1:2] == ["fleet"]:
        many(*map(int, sys.argv[2:]))
        return
    keys = [*(f"LINES{number}" for number in range(2 * (LINE_ROUNDS + 1))), "EVENTS"]
    more = {key: lines.scenario() for key in keys}
    more |= start.scenarios()
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), 2 * (PLAY_ROUNDS + 1), more) as aws:
        sections = [header(), start.section(aws), engine(), progress(aws), ten_polls(aws)]
    text = "\n\n".join(sections)
    print(text)
    PAGE.write_text(f"{text}\n\n## {TITLE}\n{PAGE.read_text().partition(_HEADING)[2]}")
    if sys.argv[1:2] != ["one"]:
        many()


def many(most: int | None = None) -> None:
    """Measure the section of many waits, the last of the page."""
    with tempfile.TemporaryDirectory() as folder:
        if most is not None:
            print(fleet(Path(folder), Path(folder), most))
            return
        section = fleet(Path(folder), PAGE.parent)
    print(section)
    others = PAGE.read_text().partition(_HEADING)[0].rstrip()
    PAGE.write_text(f"{others}\n\n{section}\n")


def header() -> str:
    manifest = WORK / "collections/ansible_collections/cloudwait/aws/MANIFEST.json"
    ours = json.loads(manifest.read_text())["collection_info"]["version"] if manifest.exists() else "from sources"
    names = ("ansible-core", "boto3", "botocore")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"""# Benchmarks

Measured on {date.today()} with cloudwait.aws {ours}, {versions}
and Python {platform.python_version()} on {os.cpu_count()} CPUs.
`make bench` repeats the measurements and writes this page.

Compared programs ran alternately (a b a b …) in one session, after a warm-up, against a scripted endpoint on 127.0.0.1
whose own time isn't counted. All figures are medians. CPU time is the user and system time of a process and all its
child processes. The ratios are more meaningful than the times, which depend on the machine."""


def progress(aws: World) -> str:
    """The cost of a progress line, for the process that Ansible runs the task in and for all processes together."""
    keys = iter(range(2 * (LINE_ROUNDS + 1)))
    runs = {name: (lambda name=name: lines.play(aws, name, f"LINES{next(keys)}")) for name in ("all", "none")}
    costs = alternate(runs, LINE_ROUNDS)
    a_line = (cpu(costs["all"]) - cpu(costs["none"])) / lines.LINES
    in_the_worker = lines.in_the_worker(aws)
    rows = [(f"`progress: {name}`", ms(cpu(found)), f"{wall(found):.1f} s") for name, found in costs.items()]
    return f"""## The cost of a progress line

{table((f"one `ansible-playbook`, {lines.LINES} attempts, each with a different state", "CPU", "elapsed"), rows)}

{LINE_ROUNDS} rounds. Goal: less than 1 ms of CPU for a line in the process in which Ansible runs the task, which reads,
formats and forwards it.
{verdict(in_the_worker < 0.001)}: {in_the_worker * 1000:.2f} ms. For all processes together, including the module
that writes it and the main process that prints it, it is {a_line * 1000:.2f} ms.
`none` costs only the check whether the task was killed."""


def engine() -> str:
    times = engine_times()
    rows = [(count, f"{time:.0f} µs") for count, time in times.items()]
    return f"""## The engine's own time per attempt

`ec2 instance_running`, five acceptors, without the API call.

{table(("instances", "CPU per attempt"), rows)}

Goal: under {MOST_MICROSECONDS:.0f} µs with one instance.
{verdict(times["1"] < MOST_MICROSECONDS)}: {times["1"]:.0f} µs."""


def ten_polls(aws: World) -> str:
    runs = {f"{task}, {polls}": partial(aws.play, task, polls) for polls in (1, POLLS) for task in ("wait", "until")}
    runs["empty"] = partial(aws.play, "empty")
    costs = alternate(runs, PLAY_ROUNDS)
    total = {name: cpu(found) for name, found in costs.items()}
    net = {name: seconds - total["empty"] for name, seconds in total.items()}
    # at least a millisecond, as smaller values are within the noise of two playbooks
    per_poll = {task: max(net[f"{task}, 10"] - net[f"{task}, 1"], 0.009) / (POLLS - 1) for task in ("wait", "until")}
    whole, polls = net["until, 10"] / net["wait, 10"], per_poll["until"] / per_poll["wait"]

    def row(label: str, task: str) -> tuple[str, ...]:
        name = f"{task}, 10"
        return label, ms(total[name]), ms(net[name]), ms(per_poll[task]), f"{wall(costs[name]):.1f} s"

    rows = [
        row("`cloudwait.aws.wait` with `delay: 1`", "wait"),
        row("`amazon.aws.ec2_instance_info` with `until`, `delay: 1`", "until"),
        ("an empty playbook", ms(total["empty"]), "", "", f"{wall(costs['empty']):.1f} s"),
    ]
    return f"""## An instance that is running at the tenth attempt

{table(("one `ansible-playbook`", "CPU", "without the empty one", "per further attempt", "elapsed"), rows)}

{PLAY_ROUNDS} rounds. The cost of a further attempt is a ninth of the playbook's additional cost compared to an instance
that is already running. With `wait` this is almost entirely `ansible-playbook` itself, which uses 30 to 50 ms of each
second that it waits. Goal: {LEAST_TIMES_LESS:.0f} times less CPU for the whole wait, without the empty playbook.
{verdict(whole >= LEAST_TIMES_LESS)}: {whole:.1f} times less. Most of it is the start of its one process;
the loop starts one for each attempt. The further attempts alone cost {polls:.0f} times less."""


if __name__ == "__main__":
    main()

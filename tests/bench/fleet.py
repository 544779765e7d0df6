# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many waits at once, compared with the alternatives: a section of docs/benchmarks.md and its plot."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from statistics import median

from tests.bench import forks
from tests.bench.endpoint import BURST, RATE, Setting, endpoint
from tests.bench.plot import Line, Panel, svg
from tests.bench.rivals import ATTEMPTS, DELAY, FEW, OURS, RIVALS, THREADS, Field, Rival, Run, aws_version, has_aws
from tests.bench.tables import table, verdict

TITLE = "Many waits at once"
PLOT = "benchmarks.svg"
ALONE, FULL = 1, 1000
LEAST_FEWER, LEAST_LESS_CPU, MOST_AFTER, MOST_KB, LEAST_FEWER_RDS, HUNDREDS = 80, 20, DELAY + 1, 20, 20, 200


@dataclass(frozen=True)
class Contest:
    """A fleet that the rivals wait for in turn, and the number of rounds."""

    setting: Setting
    rounds: int = 1

    @property
    def rivals(self) -> Sequence[Rival]:
        return [rival for rival in RIVALS if rival.most is None or self.setting.count <= rival.most]


FREE = {
    count: Setting("ec2", count, seconds) for count, seconds in ((1, 5), (10, 10), (100, 20), (FULL, 60), (3000, 30))
}
LIMITED = {count: Setting("ec2", count, seconds, True) for count, seconds in ((100, 20), (FULL, 30), (3000, 30))}
RDS, ECS = Setting("rds", 100, 20), Setting("ecs", 100, 10)
CONTESTS = (
    *(Contest(setting, 2 if setting.count == 100 else 1) for setting in FREE.values()),
    *(Contest(setting) for setting in LIMITED.values()),
    Contest(RDS),
    Contest(ECS),
)
Found = Mapping[Setting, Mapping[Rival, Run]]


def fleet(folder: Path, docs: Path, most: int = 3000) -> str:
    """The section; also writes the plot. ``most``: skip larger fleets, for a short run."""
    contests = [contest for contest in CONTESTS if contest.setting.count <= most]
    with endpoint() as aws:
        field = Field(folder, aws)
        for rival in RIVALS:  # the first of each warms the caches of files
            field.run(rival, Setting(seconds=0))
        found = {contest.setting: held(field, contest) for contest in contests}
        idle = field.idle(FREE[FULL].seconds) if FREE[FULL] in found else 0.0
        side_by_side = forks.section(folder, aws) if FREE[FULL] in found else ""
    (docs / PLOT).write_text(plot(found))
    return page(found, idle, side_by_side)


def held(field: Field, contest: Contest) -> dict[Rival, Run]:
    """The medians of each rival's runs, made in turn (a b a b …)."""
    runs: dict[Rival, list[Run]] = {rival: [] for rival in contest.rivals}
    for _round in range(contest.rounds):
        for rival, made in runs.items():
            made.append(field.run(rival, contest.setting))
            print(contest.setting, rival.label, made[-1], file=sys.stderr, flush=True)
    return {rival: Run(*map(median, zip(*map(astuple, made), strict=True))) for rival, made in runs.items()}


def page(found: Found, idle: float, side_by_side: str) -> str:
    free = {count: found[setting] for count, setting in FREE.items() if setting in found}
    limited = {count: found[setting] for count, setting in LIMITED.items() if setting in found}
    others = {name: found[setting] for name, setting in (("RDS", RDS), ("ECS", ECS)) if setting in found}
    windows = ", ".join(f"{setting.seconds:g} s for {count:,}" for count, setting in FREE.items() if setting in found)
    slower = ", ".join(f"{setting.seconds:g} s for {count:,}" for count, setting in LIMITED.items() if setting in found)
    commands = (
        f"`aws ec2 wait` is {aws_version()}, with its delay set in a custom waiter model"
        if has_aws()
        else ("`xargs -P` of `aws ec2 wait` is missing: no `aws` is installed here")
    )
    return f"""## {TITLE}

Measured on {date.today()}. The resources have a realistic size (3.4 KB of XML for an instance) and become ready at
random times after the first request, the same for each program. All programs poll every {DELAY} s, at most
{ATTEMPTS} times. One run each; for 100 instances, the median of two. The instances are ready after at most
{windows}; only the {FULL:,} take a whole minute, to limit the duration.

* {OURS.label} with an entry for each resource, run by `ansible-playbook`;
* {THREADS.label}: one process, one client with a connection for each thread, default retries;
* up to {FEW} resources: loops of tasks, whose items run one after the other, and one `aws` command for each resource,
  run concurrently. {commands}.

"After the last" is the time from the moment when the last resource is ready to the end of the command. "CPU" is for all
processes of the command and "modules" for the modules alone; the rest is `ansible-playbook`. "Peak memory" is for the
largest process.

![Requests and killed waits against the number of instances]({PLOT})

{table(HEAD, rows(free))}

### With EC2's limits

The same, but an operation accepts {BURST} requests at once and {RATE} more per second, and rejects others with
`RequestLimitExceeded`. Fewer than 100 instances don't reach the limit; for these the plot shows the runs
above. The instances are ready after at most {slower}.

{table(HEAD_LIMITED, rows_limited(limited))}

{side_by_side}

### Operations that accept one id, or ten

100 databases (`DescribeDBInstances` accepts one id or a filter, or lists all, a hundred per page) are ready after at
most {RDS.seconds:g} s, and 100 services (`DescribeServices` accepts ten names) after at most {ECS.seconds:g} s.

{table((HEAD[0], "100 of", *HEAD[2:]), rows(others))}

### Goals

{table(("goal", "found", ""), goals(found, idle))}"""


HEAD = ("program", "instances", "requests", "killed", "after the last", "CPU", "modules", "peak memory")
HEAD_LIMITED = ("program", "instances", "requests", "throttled", "killed", "after the last", "CPU")


def rows(found: Mapping[int, Mapping[Rival, Run]] | Mapping[str, Mapping[Rival, Run]]) -> list[tuple[str, ...]]:
    return [
        (
            rival.label,
            f"{what:,}" if isinstance(what, int) else what,
            f"{run.requests:,.0f}",
            f"{run.killed:,.0f}",
            after(run),
            f"{run.cpu:.1f} s",
            f"{run.module:.1f} s" if run.module else "",
            f"{run.memory / 1e6:.0f} MB",
        )
        for what, runs in found.items()
        for rival, run in runs.items()
    ]


def rows_limited(found: Mapping[int, Mapping[Rival, Run]]) -> list[tuple[str, ...]]:
    return [
        (
            rival.label,
            f"{count:,}",
            f"{run.requests:,.0f}",
            f"{run.throttled:,.0f}",
            f"{run.killed:,.0f}",
            after(run),
            f"{run.cpu:.1f} s",
        )
        for count, runs in found.items()
        for rival, run in runs.items()
    ]


def after(run: Run) -> str:
    return "" if run.killed else f"{run.after:.1f} s"


def goals(found: Found, idle: float) -> list[tuple[str, ...]]:
    """The goals, the results, and whether the goals are met.

    ``idle``: seconds of CPU of a playbook that does nothing for as long as the fullest fleet takes.
    """
    judged: list[tuple[str, str, bool]] = []
    if FREE[FULL] in found and LIMITED[FULL] in found:
        ours, theirs = (found[FREE[FULL]][rival] for rival in (OURS, THREADS))
        kept, lost = (found[LIMITED[FULL]][rival].killed for rival in (OURS, THREADS))
        fewer, less = theirs.requests / ours.requests, theirs.cpu / ours.cpu
        alone, most = theirs.cpu / ours.module, theirs.cpu / idle
        grown = (ours.module_memory - found[FREE[ALONE]][OURS].module_memory) / 1000 / (FULL - ALONE)
        judged += [
            (
                f"at least {LEAST_FEWER} times fewer requests than boto3's threads",
                f"{fewer:.0f} times",
                fewer >= LEAST_FEWER,
            ),
            (
                "with limits no wait is killed, while boto3 loses hundreds",
                f"{kept:,.0f}, and {lost:,.0f}",
                kept == 0 and lost >= HUNDREDS,
            ),
            (
                f"at least {LEAST_LESS_CPU} times less CPU",
                f"{less:.1f} times; the module alone {alone:.1f} times; a playbook that only sleeps {most:.1f}",
                less >= LEAST_LESS_CPU,
            ),
            (
                f"ends at most {MOST_AFTER} s after the last instance is ready",
                f"{ours.after:.1f} s",
                ours.after <= MOST_AFTER,
            ),
            (f"less than {MOST_KB} KB of memory for each further wait", f"{grown:.1f} KB", grown < MOST_KB),
        ]
    if RDS in found:
        fewer = found[RDS][THREADS].requests / found[RDS][OURS].requests
        judged.append(
            (
                f"100 databases: at least {LEAST_FEWER_RDS} times fewer requests",
                f"{fewer:.0f} times",
                fewer >= LEAST_FEWER_RDS,
            )
        )
    return [(goal, seen, verdict(met)) for goal, seen, met in judged]


def plot(found: Found) -> str:
    counts = [count for count, setting in FREE.items() if setting in found]
    limited = {count: found.get(LIMITED.get(count, FREE[count]), {}) for count in counts}
    free = {count: found[FREE[count]] for count in counts}
    across = "instances"
    return svg(
        [
            Panel("requests sent", across, [line(rival, free, "requests") for rival in RIVALS], counts),
            Panel(
                "waits killed, with EC2's limits", across, [line(rival, limited, "killed") for rival in RIVALS], counts
            ),
        ]
    )


def line(rival: Rival, found: Mapping[int, Mapping[Rival, Run]], figure: str) -> Line:
    points = [(count, float(getattr(runs[rival], figure))) for count, runs in found.items() if rival in runs]
    return Line(rival.label.replace("`", ""), rival.colour, points)

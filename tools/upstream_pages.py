# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/upstream, reports of defects in botocore's waiters, from the corrections: ``make upstream``.

Two kinds of defects are reported. A waiter hangs in a state that is final: none of its acceptors matches. And an
acceptor expects a value that the service's model doesn't have: it never matches.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import botocore
from botocore.waiter import SingleWaiterConfig

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import shipped
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.validation.definition_check import check_reading
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.catalog import Catalog
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.correct import corrected
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.model import Source
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.read import read_layers
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import whole

FOLDER = Path(__file__).parents[1] / "docs/upstream"
PINNED = f"botocore {botocore.__version__}"
_NOT_A_VALUE = re.compile(r"^('.*') is not a value of ")

UNCORRECTED: Mapping[str, Any] = {"reason": "Nothing: the other acceptors decide.", "evidence": ""}

# Where a path alone doesn't tell what a response looks like: by service and waiter, with None for the value.
BY_HAND: Mapping[tuple[str, str], Any] = {
    ("ecr", "ImageScanComplete"): {
        "imageScanStatus": {"status": "ACTIVE"},
        "imageScanFindings": {"imageScanCompletedAt": "2026-12-01T00:00:00Z"},
    },
    ("ecs", "ServicesStable"): {
        "services": [
            {
                "deployments": [
                    {"status": "PRIMARY", "rolloutState": None, "rolloutStateReason": "tasks failed; rolling back"},
                    {"status": "ACTIVE"},
                ]
            }
        ]
    },
}


class Hang(NamedTuple):
    """A response in which botocore's waiter keeps polling, and how it should be judged."""

    waiter: str
    value: Any
    response: Any
    change: Mapping[str, Any]

    @property
    def state(self) -> str:
        return str(self.change["now"]["state"])


class DeadValue(NamedTuple):
    """A value that an acceptor expects in vain. ``changes``: the corrections of that waiter."""

    waiter: str
    operation: str
    argument: str
    value: str
    changes: Sequence[Mapping[str, Any]]


class Report(NamedTuple):
    """The defects of a service's waiters. ``acceptors``: what is proposed to be added, by waiter."""

    service: str
    hangs: Sequence[Hang]
    dead: Sequence[DeadValue]
    acceptors: Mapping[str, Sequence[Mapping[str, Any]]]


def reports(models: Models) -> Iterator[Report]:
    """One report for each service whose waiters have any of these defects."""
    for service in models.services():
        hangs: list[Hang] = []
        acceptors: dict[str, list[Mapping[str, Any]]] = {}
        for name, waiter in models.waiters(service).items():
            for change in corrected(waiter, models.catalog.corrections_of(service, name))[1]:
                if "now" not in change or "was" in change:
                    continue
                found = list(_hangs(service, name, waiter, change))
                if found:
                    hangs += found
                    acceptors.setdefault(name, []).extend({**change["now"], "expected": hang.value} for hang in found)
        dead = list(_dead(models, service))
        if hangs or dead:
            yield Report(service, hangs, dead, acceptors)


def _hangs(service: str, name: str, waiter: Mapping[str, Any], change: Mapping[str, Any]) -> Iterator[Hang]:
    now = change["now"]
    for value in now["expected"] if isinstance(now["expected"], list) else [now["expected"]]:
        by_hand = BY_HAND.get((service, name)) if "=" in now["argument"] else None
        response = _filled(by_hand or _response(now["argument"]), value)
        if not matching(waiter, response):
            yield Hang(name, value, response, change)


def matching(waiter: Mapping[str, Any], response: Any) -> list[str]:
    """The states of botocore's acceptors that match a response, in their order."""
    return [acceptor.state for acceptor in SingleWaiterConfig(waiter).acceptors if acceptor.matcher_func(response)]


def _response(path: str) -> Any:
    """A response that has one value, None, at the path."""
    response: Any = None
    for part in reversed(re.sub(r"\[[^\]]*\]", "[]", path).split(".")):
        name = "example.com" if part == "*" else part.removesuffix("[]")
        response = {name: [response] if part.endswith("[]") else response}
    return response


def _filled(response: Any, value: Any) -> Any:
    if isinstance(response, dict):
        return {name: _filled(inner, value) for name, inner in response.items()}
    if isinstance(response, list):
        return [_filled(inner, value) for inner in response]
    return value if response is None else response


def _dead(models: Models, service: str) -> Iterator[DeadValue]:
    for waiter in shipped(models, service, corrections=False):
        if waiter.source is Source.BUILTIN:
            reading = read_layers(waiter.layers, waiter.name, waiter.source)
            for problem in check_reading(reading, models.service_model(service)):
                if (found := _NOT_A_VALUE.match(problem.problem)) and reading.definition is not None:
                    [number] = re.findall(r"acceptors\[(\d+)\]", problem.path)
                    argument = models.waiters(service)[waiter.name]["acceptors"][int(number)]["argument"]
                    value, changes = found[1].strip("'"), models.catalog.corrections_of(service, waiter.name)
                    yield DeadValue(waiter.name, reading.definition.operation, argument, value, changes)


# --- the pages


def pages(found: Sequence[Report]) -> dict[str, str]:
    """The pages by their names."""
    return {"README.md": _index(found), **{f"{report.service}.md": _page(report) for report in found}}


def _index(found: Sequence[Report]) -> str:
    waiters = sum(len({hang.waiter for hang in report.hangs}) for report in found)
    rows = "\n".join(
        f"| [{report.service}]({report.service}.md) | {_names(hang.waiter for hang in report.hangs)} "
        f"| {'; '.join(f'`{dead.waiter}`: `{dead.value}`' for dead in report.dead)} |"
        for report in found
    )
    return f"""# Reports for botocore

`make upstream` writes these pages from the corrections in the catalogue, and a test runs their test cases. Each page is
an issue that is ready to be sent to [botocore](https://github.com/boto/botocore/issues): its title, the defects with
their evidence, the acceptors that would repair them, and a test case that fails with {PINNED}.

* {waiters} waiters of {sum(bool(report.hangs) for report in found)} services keep polling in a state that is final.
* {sum(len(report.dead) for report in found)} values that acceptors expect don't exist in the model of their service.

None of them has been sent yet.

| service | waiters that keep polling | values that don't exist |
| --- | --- | --- |
{rows}
"""


def _names(waiters: Iterator[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(waiters))


def _page(report: Report) -> str:
    kinds = ["keep polling in a final state"] if report.hangs else []
    kinds += ["expect values that don't exist"] if report.dead else []
    parts = [f"# {report.service}: waiters {' and '.join(kinds)}", f"Found in {PINNED}, in `waiters-2.json`."]
    if report.hangs:
        parts += ["## Final states in which a waiter keeps polling", _hang_table(report)]
        parts += ["These acceptors, put before the existing ones, end the waits:"]
        parts += [f"```json\n{_json(report.acceptors)}\n```"]
    if report.dead:
        parts += ["## Values that the model doesn't have", _dead_table(report)]
    parts += ["## Test case", f"Each of its cases fails with {PINNED}.", f"```python\n{test_case(report)}```"]
    return "\n\n".join(parts) + "\n"


def _json(acceptors: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """One acceptor a line."""
    waiters = [
        f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(acceptor)}" for acceptor in own) + "\n  ]"
        for name, own in acceptors.items()
    ]
    return "{\n" + ",\n".join(waiters) + "\n}"


def _hang_table(report: Report) -> str:
    rows = [
        f"| `{hang.waiter}` | `{hang.change['now']['argument'].replace('|', chr(92) + '|')}` | `{hang.value}` "
        f"| {hang.state} | {hang.change['reason']} | {_evidence(hang.change)} |"
        for hang in report.hangs
    ]
    return "\n".join(["| waiter | path | value | should be | why | evidence |", "| --- " * 6 + "|", *rows])


def _evidence(change: Mapping[str, Any]) -> str:
    evidence = change["evidence"]
    return "; ".join([evidence] if isinstance(evidence, str) else evidence)


def _dead_table(report: Report) -> str:
    rows = []
    for dead in report.dead:
        own = [change for change in dead.changes if (change.get("was") or {}).get("expected") == dead.value]
        change = next(iter([*own, *dead.changes, UNCORRECTED]))
        now = f"`{change['now']['expected']}`: " if change.get("now") else ""
        evidence = f"model: the output shape of {dead.operation}; {_evidence(change)}".removesuffix("; ")
        rows.append(f"| `{dead.waiter}` | `{dead.argument}` | `{dead.value}` | {now}{change['reason']} | {evidence} |")
    head = ["| waiter | path | value | instead | evidence |", "| --- " * 5 + "|"]
    return "\n".join([*head, *rows])


def test_case(report: Report) -> str:
    """A module for pytest that needs no network."""
    parts = ["import pytest\nfrom botocore.session import get_session\n"]
    if report.hangs:
        rows = "\n".join(f"    ({hang.waiter!r}, {hang.response!r}, {hang.state!r})," for hang in report.hangs)
        parts.append(
            f"""from botocore.waiter import WaiterModel

RESPONSES = [
{rows}
]


@pytest.mark.parametrize("waiter, response, state", RESPONSES)
def test_the_wait_ends(waiter, response, state):
    loader = get_session().get_component("data_loader")
    model = WaiterModel(loader.load_service_model({report.service!r}, "waiters-2"))
    acceptors = model.get_waiter(waiter).acceptors
    assert [acceptor.state for acceptor in acceptors if acceptor.matcher_func(response)][:1] == [state]
"""
        )
    if report.dead:
        rows = "\n".join(f"    ({dead.operation!r}, {dead.argument!r}, {dead.value!r})," for dead in report.dead)
        parts.append(
            f"""{"" if not report.hangs else chr(10)}
VALUES = [
{rows}
]


@pytest.mark.parametrize("operation, path, value", VALUES)
def test_the_model_has_the_value(operation, path, value):
    shape = get_session().get_service_model({report.service!r}).operation_model(operation).output_shape
    for name in path.replace("[]", ".member").split("."):
        shape = shape.member if name == "member" else shape.members[name]
    assert value in shape.enum
"""
        )
    return "".join(parts)


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, text in pages(list(reports(Models(Catalog.of(whole()))))).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

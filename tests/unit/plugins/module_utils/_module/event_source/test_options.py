# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the event source: those of a task of many waits, read by the same code, and a schema of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.plugins.module_utils._engine.fakes import Clock
from tests.unit.plugins.module_utils._module.event_source.sources import CONNECTION, Clients, Instances, instances

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput
from ansible_collections.cloudwait.aws.plugins.module_utils._module.connection import connection_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import wait_many_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.options import Options, source_spec
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import for_task

SCHEMA = Path(__file__).parents[6] / "extensions/eda/plugins/event_source/schemas/wait.json"


def options(**given: Any) -> Options:
    return Options({**CONNECTION, **given}, for_task, set())


def keys(**given: Any) -> list[str]:
    clock = Clock()
    return [wait.key for wait in options(**given).read(Clients(clock, Instances(clock)).get)]


def test_it_takes_the_options_of_a_task_of_many_waits_but_those_of_its_screen() -> None:
    own = {"events", "state", "entries_from", "keep_alive"}
    assert source_spec().keys() == {*wait_many_spec(), *connection_spec()} - {"progress"} | own


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "waits: is missing or empty; list the waits, or name a file or a folder in entries_from"),
        ({"waits": [], "entries_from": "/none"}, "entries_from: there is no file or folder '/none'"),
        (instances("i-1", timout=3), "timout: is not an option; did you mean 'timeout'?"),
        (instances("i-1", progress="all"), "progress: is not an option"),
        (instances("i-1", _catalog={}), "_catalog: is not an option"),
        ({"waits": [{"servce": "ec2"}]}, "waits.servce: is not an option; did you mean 'service'?"),
        (instances("i-1", events="all"), "value of events must be one of: endings, changes, got: all"),
        (instances("i-1", timeout="soon"), "argument 'timeout' is of type"),
        (instances("i-1", concurrency=0), "concurrency: must be at least 1, not 0"),
        (
            instances("i-1", require=2),
            "require: must be all, any, a number from 1 to 1 or a percentage up to 100%, not 2",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_task(given: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput) as bad:
        options(**given)
    assert says in "; ".join(problem.sentence for problem in bad.value.problems)


def test_what_the_rulebook_adds_is_no_mistake() -> None:
    assert keys(**instances("i-1"), feedback=True, eda_feedback_queue=object())


def test_options_in_templates_may_be_strings() -> None:
    params = options(**instances("i-1", timeout="60"), keep_alive="no").params
    assert (params["timeout"], params["keep_alive"]) == (60, False)


def test_the_secrets_of_the_options_are_known_even_if_these_are_wrong() -> None:
    secrets: set[str] = set()
    with pytest.raises(BadInput):
        Options({**CONNECTION, "endpoint_url": "https://me:word@host", "timout": 3}, for_task, secrets)
    assert CONNECTION["secret_key"] in secrets


def test_an_entry_has_the_same_key_as_long_as_nothing_in_it_changes() -> None:
    given = instances("i-1", "i-2", "i-1")
    first, second, third = keys(**given)
    assert len({first, second, third}) == 3
    assert keys(**given) == [first, second, third]
    assert keys(**{**given, "waits": given["waits"][1:]}) == [second, first]
    assert keys(**{**given, "timeout": 7})[0] != first
    assert keys(**given, definitions={"own": {"extends": "instance_running"}})[0] == first


def test_a_wait_in_another_file_is_another_wait() -> None:
    clock = Clock()
    read = options(**instances("i-1"))
    connect = Clients(clock, Instances(clock)).get
    found = [read.read_more(instances("i-1")["waits"], name, connect)[0].key for name in ("a.yml", "b.yml", "a.yml")]
    assert found[0] == found[2] != found[1]


TYPES: dict[str, Any] = {
    "raw": ["boolean", "string"],
    "str": "string",
    "path": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
}


def described(spec: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the schema must say of options."""
    found: dict[str, Any] = {}
    for name, option in spec.items():
        kind = option.get("type", "str")
        about: dict[str, Any] = {"type": TYPES.get(kind, "array")}
        if kind == "list":
            about["items"] = {"type": TYPES[option["elements"]]}
        if "options" in option:
            about["items"] |= {"additionalProperties": False, "properties": described(option["options"])}
        if "choices" in option:
            about["enum"] = option["choices"]
        if option.get("default") not in (None, {}, []):
            about["default"] = option["default"]
        found |= dict.fromkeys((name, *option.get("aliases", ())), about)
    return found


def without_descriptions(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: without_descriptions(item)
            for name, item in value.items()
            if not (name == "description" and isinstance(item, str))
        }
    return value


def test_the_schema_describes_each_option() -> None:
    schema = json.loads(SCHEMA.read_text())
    assert without_descriptions(schema["properties"]) == described(source_spec())
    assert schema["additionalProperties"] is False
    assert all(option["description"] for option in schema["properties"].values())

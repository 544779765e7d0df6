# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the commands of the pages, and compares their output with what the pages show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from tests.support.console import Typed, commands, follow
from tests.support.examples import VARIABLES
from tests.support.playbook import SECRET, Ansible, connection
from tests.support.scripted import ScriptedEndpoint
from tests.support.snippets import REPO, Snippet, collect, of_page, tasks

OWN_WAITER = of_page(REPO / "docs/own_waiter.md")
MIGRATING = [snippet for snippet in of_page(REPO / "docs/migrating.md") if snippet.language == "yaml"]
HEAD: Mapping[str, Any] = {"name": "Snippet", "hosts": "localhost", "gather_facts": False}
KEYWORDS = {"action", "args", "async", "become", "block", "always", "rescue", "changed_when", "check_mode", "delay"}
KEYWORDS |= {"environment", "failed_when", "ignore_errors", "loop", "loop_control", "module_defaults", "name", "no_log"}
KEYWORDS |= {"poll", "register", "retries", "tags", "throttle", "timeout", "until", "vars", "when"}


def plays(snippet: Snippet) -> list[dict[str, Any]]:
    """The plays of a snippet; tasks without a play become one."""
    held = yaml.safe_load(snippet.text)
    if not isinstance(held, list):
        return []
    if "sources" in held[0] or "service" in held[0]:  # rulesets, and entries of an event source
        return []
    return held if "hosts" in held[0] else [{**HEAD, "tasks": held}]


PLAYS = {str(snippet): found for snippet in collect() if snippet.language == "yaml" and (found := plays(snippet))}


def test_ansible_takes_each_of_them_for_a_playbook(ansible: Ansible, tmp_path: Path) -> None:
    files = []
    for name, held in PLAYS.items():
        files.append(tmp_path / f"{name.replace('/', '_').replace(':', '_')}.json")
        files[-1].write_text(json.dumps(held), encoding="utf-8")
    process = ansible.run("ansible-playbook", "--syntax-check", *map(str, files))
    assert process.returncode == 0, process.stdout + process.stderr
    assert process.stdout.count("playbook: ") == len(files)


def foreign() -> Iterator[tuple[str, str, set[str]]]:
    """Each task with another collection's module: its place, and the options that it uses."""
    for name, held in PLAYS.items():
        for play in held:
            for task, _defaults in tasks([*play.get("pre_tasks", []), *play.get("tasks", [])]):
                for module in set(task) - KEYWORDS:
                    if not module.startswith("cloudwait.aws.") and isinstance(task[module], dict):
                        yield name, module, set(task[module])


def test_modules_of_others_have_the_options_that_they_are_given(ansible: Ansible) -> None:
    used = [(where, module, given) for where, module, given in foreign() if module != "ansible.builtin.set_fact"]
    process = ansible.run("ansible-doc", "--json", *sorted({module for _where, module, _given in used}))
    assert process.returncode == 0, process.stderr
    documented = {name: held["doc"]["options"] for name, held in json.loads(process.stdout).items()}
    for where, module, given in used:
        options = documented[module]
        known = {*options, *(alias for option in options.values() for alias in option.get("aliases", []))}
        assert given <= known, f"{where}: {module}"


# --- docs/own_waiter.md


def datastore(status: str, polls: int = 1) -> dict[str, object]:
    return {"data": {"datastoreProperties": {"datastoreId": "scans", "datastoreStatus": status}}, "repeat": polls}


@pytest.fixture(scope="module")
def typed(ansible: Ansible, aws: ScriptedEndpoint, tmp_path_factory: pytest.TempPathFactory) -> list[Typed]:
    """The commands of the page, run one after the other."""
    answers = [datastore("CREATING", 3), datastore("ACTIVE")]
    aws.add("scans", {"answers": answers, "service": "medical-imaging"})
    reached = {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "scans",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
    }
    own = {name: value for name, value in ansible.environment.items() if name != "ANSIBLE_CALLBACK_RESULT_FORMAT"}
    return follow(OWN_WAITER, tmp_path_factory.mktemp("own_waiter"), own | reached)


@pytest.mark.parametrize(("number", "command"), [*enumerate(step.command for _where, step in commands(OWN_WAITER))])
def test_each_command_prints_what_the_page_shows(typed: list[Typed], number: int, command: str) -> None:
    assert typed[number].step.command == command
    assert typed[number].is_as_shown, f"{typed[number].where}:\n{typed[number].printed}"


def test_a_console_that_shows_something_else_is_found(typed: list[Typed]) -> None:
    shown = next(done for done in typed if "PLAY" in done.step.output)
    for wrong in (shown.step.output.replace("attempt 1", "attempt 2"), shown.step.output.replace("…", "")):
        assert not shown._replace(step=shown.step._replace(output=wrong)).is_as_shown


# --- docs/scaling.md


PROFILES = "".join(
    f"[profile {name}]\naws_access_key_id = {name}\naws_secret_access_key = {SECRET}\n"
    for name in ("production", "staging")
)


def test_a_play_for_many_accounts_asks_each_of_them_in_its_regions(
    ansible: Ansible, aws: ScriptedEndpoint, tmp_path: Path
) -> None:
    """The commands of the page: once for all, and once for each half."""
    for name in ("production", "staging"):
        aws.add(name, {"answers": [{"data": {"cluster": {"name": "web", "status": "ACTIVE"}}}], "service": "eks"})
    (tmp_path / "config").write_text(PROFILES, encoding="utf-8")
    reached = {"AWS_ENDPOINT_URL": aws.url, "AWS_CONFIG_FILE": str(tmp_path / "config")}
    done = follow(of_page(REPO / "docs/scaling.md"), tmp_path, ansible.environment | reached)
    assert [typed.status for typed in done] == [0, 0, 0]
    asked = [request.scenario for request in aws.requests if request.scenario in ("production", "staging")]
    assert (asked.count("production"), asked.count("staging")) == (2 + 2, 1 + 1)
    regions = {
        request.message.headers["authorization"].split("/")[2] for request in aws.requests if request.service == "eks"
    }
    assert regions == {"eu-west-1", "us-east-1"}


# --- docs/migrating.md


@pytest.fixture(scope="module")
def there(moto: str) -> dict[str, Any]:
    """The page's resources, on a server with state; values for its variables."""
    session = boto3.Session("testing", SECRET, region_name="us-east-1")

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=moto)

    image = client("ec2").describe_images()["Images"][0]["ImageId"]
    started = client("ec2").run_instances(ImageId=image, MinCount=2, MaxCount=2)["Instances"]
    client("rds").create_db_instance(
        DBInstanceIdentifier="orders",
        Engine="postgres",
        DBInstanceClass="db.t4g.micro",
        MasterUsername="example",
        MasterUserPassword=SECRET,
        AllocatedStorage=20,
    )
    client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moto.settings.ACM_VALIDATION_WAIT", 0)
        arn = client("acm").request_certificate(DomainName="example.com")["CertificateArn"]
        client("acm").describe_certificate(CertificateArn=arn)
    return {"instances": [held["InstanceId"] for held in started], "arn": arn}


def test_what_was_there_before_and_what_comes_after_it_both_wait(
    ansible: Ansible, moto: str, there: Mapping[str, Any]
) -> None:
    """All except the AWS CLI's, whose names test_snippets.py compares with boto3's."""
    found = [play for snippet in MIGRATING for play in plays(snippet)]
    for play in found:
        play["tasks"] = [task for task in play["tasks"] if "ansible.builtin.command" not in task]
        login = {**connection_to(moto), "region": "us-east-1"}
        play["module_defaults"] = {**play.get("module_defaults", {}), "group/cloudwait.aws.aws": login}
    process = ansible.play(yaml.safe_dump(found), variables=there)
    assert process.returncode == 0, process.stdout + process.stderr
    assert process.stdout.count("ok: [localhost]") + process.stdout.count("changed: [localhost]") >= len(MIGRATING) - 1


def connection_to(url: str) -> dict[str, str]:
    return {"endpoint_url": url, "access_key": "testing", "secret_key": SECRET}


def test_the_loop_that_is_said_to_hide_a_time_out_hides_it(ansible: Ansible, aws: ScriptedEndpoint) -> None:
    [task] = [
        task
        for snippet in MIGRATING
        for task in plays(snippet)[0]["tasks"]
        if "failed" in str(task.get("failed_when")) and "until" in task
    ]
    creating = {"DBInstanceIdentifier": "orders", "DBInstanceStatus": "creating", "TagList": []}
    aws.add("hidden", {"answers": [{"data": {"DBInstances": [creating]}}], "service": "rds"})
    task = {**task, "retries": 1, "delay": 0}
    play = {**HEAD, "module_defaults": {"group/aws": connection(aws, "hidden")}, "tasks": [task]}
    process = ansible.play(yaml.safe_dump([play]), variables=dict(VARIABLES))
    assert process.returncode == 0, process.stdout + process.stderr
    assert "ok=1" in process.stdout
    assert "failed=0" in process.stdout

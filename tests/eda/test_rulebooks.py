# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rulebooks of the collection, and what becomes of a process that runs one, by real ansible-rulebook processes."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import yaml
from tests.eda.rulebooks import LONGEST, Controller, rulebook
from tests.support.playbook import REPO

RULEBOOKS = REPO / "extensions/eda/rulebooks"
PRINT = [
    {
        "name": "Show",
        "condition": "event.meta is defined",
        "action": {
            "debug": {"msg": "SEEN {{ event.meta.event }} {{ event.name }} {{ event.outcome }} {{ event.msg }}"}
        },
    }
]


def database(aws: Any) -> None:
    aws.client("rds").create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="admin",
        MasterUserPassword="not secret",
        AllocatedStorage=10,
    )


def instances(aws: Any, count: int) -> list[str]:
    made = aws.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=count, MaxCount=count)
    return [one["InstanceId"] for one in made["Instances"]]


def instance(name: str, instance_id: str, **more: Any) -> dict[str, Any]:
    params = {"InstanceIds": [instance_id]}
    return {"name": name, "service": "ec2", "waiter": "instance_running", "params": params, "delay": 1, **more}


def own(home: Path, **source: Any) -> str:
    """A rulebook that shows all events."""
    rules = [{"name": "Own", "hosts": "localhost", "sources": [{"cloudwait.aws.wait": source}], "rules": PRINT}]
    (home / "own.yml").write_text(yaml.safe_dump(rules))
    return str(home / "own.yml")


def test_a_restore_goes_on_with_a_playbook(tmp_path: Path, aws: Any) -> None:
    """It is waited for from before it exists; the playbook gets its name."""
    database(aws)
    play = [{"hosts": "all", "gather_facts": False, "tasks": [{"debug": {"msg": "goes on with {{ db_instance }}"}}]}]
    (tmp_path / "next.yml").write_text(yaml.safe_dump(play))
    variables = {
        "db_instance": "orders",
        "playbook": str(tmp_path / "next.yml"),
        "state_file": str(tmp_path / "state"),
    }
    with rulebook(tmp_path, "cloudwait.aws.rds_restore", variables, aws.environment) as process:
        process.wait_for("goes on with orders")
        process.wait_for("PLAY RECAP")
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o600


def test_the_failures_of_a_fleet_are_reported_one_by_one(tmp_path: Path, aws: Any) -> None:
    """Jobs hand over their waits and end; what one of them has written wrong costs no other."""
    folder = tmp_path / "waits"
    folder.mkdir()
    first, second, third = instances(aws, 3)
    aws.client("ec2").terminate_instances(InstanceIds=[first, third])
    variables = {"waits_folder": str(folder), "state_file": str(tmp_path / "state")}
    with rulebook(tmp_path, "cloudwait.aws.fleet", variables, aws.environment) as process:
        (folder / "job-1.json").write_text(json.dumps([instance("web", first), instance("worker", second)]))
        process.wait_for("web has failed: ec2 instance_running failed")
        (folder / "job-2.json").write_text(json.dumps([{**instance("api", third), "waiter": "instance_runing"}]))
        process.wait_for("did you mean 'instance_running'?")
        (folder / "job-2.json").write_text(json.dumps([instance("api", third)]))
        output = process.wait_for("api has failed: ec2 instance_running failed")
    assert "worker has failed" not in output


def test_a_job_template_is_launched_when_all_are_up(tmp_path: Path, aws: Any) -> None:
    database(aws)
    ecs, elb, ec2 = (aws.client(name) for name in ("ecs", "elbv2", "ec2"))
    ecs.create_cluster(clusterName="prod")
    ecs.register_task_definition(family="web", containerDefinitions=[{"name": "web", "image": "web", "memory": 64}])
    ecs.create_service(cluster="prod", serviceName="web", taskDefinition="web", desiredCount=0)
    subnets = ec2.describe_subnets()["Subnets"][:2]
    balancer = elb.create_load_balancer(Name="web", Subnets=[subnet["SubnetId"] for subnet in subnets])
    group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=subnets[0]["VpcId"])
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": arn}]
    balancer_arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    elb.create_listener(LoadBalancerArn=balancer_arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": name} for name in instances(aws, 1)])
    variables = {
        "db_instance": "orders",
        "cluster": "prod",
        "service": "web",
        "target_group": arn,
        "job_template": "Open the gates",
        "organization": "Default",
        "state_file": str(tmp_path / "state"),
    }
    name = "cloudwait.aws.launch_when_all_are_up"
    with Controller() as controller:
        options = ("--controller-url", controller.url, "--controller-token", "token")
        with rulebook(tmp_path, name, variables, aws.environment, *options):
            assert controller.has_launched.wait(LONGEST)
    assert controller.launched == ["/api/v2/job_templates/7/launch/"]


# --- the process


def test_bad_input_ends_the_rulebook_at_once_with_our_sentence(tmp_path: Path, aws: Any) -> None:
    source = own(tmp_path, waits=[instance("web", "i-1", waiter="instance_runing")])
    with rulebook(tmp_path, source, {}, aws.environment) as process:
        status = process.rest()
    assert (
        "waits[0] (web).waiter: ec2 has no waiter 'instance_runing'; did you mean 'instance_running'?" in process.output
    )
    assert "Traceback" not in process.output
    assert status != 0


def test_a_source_that_need_not_stay_alive_ends_the_rulebook(tmp_path: Path, aws: Any) -> None:
    [name] = instances(aws, 1)
    source = own(tmp_path, waits=[instance("web", name)], keep_alive=False)
    with rulebook(tmp_path, source, {}, aws.environment, "--shutdown-delay", "1") as process:
        status = process.rest()
    assert "SEEN ended web success" in process.output
    assert status == 0


def test_a_process_that_was_killed_is_followed_by_one_that_goes_on(tmp_path: Path, aws: Any) -> None:
    """The deadline has passed in between, and what was told isn't told again."""
    name, other = instances(aws, 2)
    waits = [instance("web", name), instance("gone", other, waiter="instance_stopped", timeout=3)]
    source = own(tmp_path, waits=waits, state=str(tmp_path / "state"), diagnose=False)
    with rulebook(tmp_path, source, {}, aws.environment) as process:
        process.wait_for("SEEN ended web success")
        process.end(signal.SIGKILL)
    assert "SEEN ended gone" not in process.output
    with rulebook(tmp_path, source, {}, aws.environment) as process:
        output = process.wait_for("SEEN ended gone timeout")
    assert "SEEN ended web" not in output


def test_it_ends_on_a_signal(tmp_path: Path, aws: Any) -> None:
    [name] = instances(aws, 1)
    source = own(tmp_path, waits=[instance("web", name), instance("never", name, waiter="instance_stopped")])
    with rulebook(tmp_path, source, {}, aws.environment) as process:
        process.wait_for("SEEN ended web success")
        process.end(signal.SIGINT)
    assert "Traceback" not in process.output


def test_every_rulebook_is_run_here() -> None:
    text = Path(__file__).read_text()
    names = [path.stem for path in RULEBOOKS.iterdir()]
    assert len(names) == 3
    assert all(f"cloudwait.aws.{name}" in text for name in names)

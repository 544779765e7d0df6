# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sources of credentials and endpoints, and waits during which credentials expire."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.playbook import SECRET, Ansible, Batch, Case, Result, connection
from tests.support.scripted import Request, ScriptedEndpoint
from tests.support.tls import SecureEndpoint, certificate

RUNNING = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}, "delay": 0.2}
BUCKET = {"service": "s3", "waiter": "bucket_exists", "params": {"Bucket": "logs"}, "delay": 0.2, "max_attempts": 2}
EXPIRED = {"error": "ExpiredToken", "message": "The security token included in the request is expired", "status": 400}
DENIED = {"error": "AccessDenied", "message": "User stranger is not allowed to do that", "status": 403}
TOKEN = "IQoJb3JpZ2luX2VjEOrTOKENVjEOr9aCXVzLWVhc3Qt"

ROLE = "arn:aws:iam::123456789012:role/waiter"
# Prints the next session on each call.
PROCESS = """
import json, pathlib
count = pathlib.Path(__file__).with_suffix(".count")
number = len(count.read_text()) + 1 if count.exists() else 1
count.write_text("x" * number)
key = f"{{pathlib.Path(__file__).stem}}-{{number}}"
credentials = {{"Version": 1, "AccessKeyId": key, "SecretAccessKey": {secret!r}, "SessionToken": {token!r} + key}}
print(json.dumps({{**credentials, "Expiration": "2099-01-01T00:00:00Z"}}))
"""


def state(name: str) -> dict[str, Any]:
    return {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": name}}]}]}}


def session(key: str) -> dict[str, Any]:
    """STS's response: a session that claims to be valid for long."""
    credentials = {"AccessKeyId": key, "SecretAccessKey": SECRET, "SessionToken": f"{TOKEN}{key}"}
    return {"data": {"Credentials": {**credentials, "Expiration": "2099-01-01T00:00:00Z"}}}


def good_with(**expected: str) -> Any:
    """A response that is successful if the request's headers have these strings."""

    def answer(request: Request) -> Mapping[str, Any]:
        found = {name: request.message.headers.get(name.replace("_", "-"), "") for name in expected}
        good = all(text in found[name] for name, text in expected.items())
        return state("running") if good else {"error": "Unexpected", "message": str(found)}

    return answer


def keys(key: str) -> dict[str, str]:
    return {"aws_access_key_id": key, "aws_secret_access_key": SECRET}


def role(source: str) -> dict[str, str]:
    return {"role_arn": ROLE, "source_profile": source}


@pytest.fixture(scope="module")
def profiles(ansible: Ansible, aws: ScriptedEndpoint) -> Mapping[str, str]:
    """The environment with the profiles, and the endpoint's responses to their sessions."""

    def process(name: str) -> dict[str, str]:
        script = ansible.home / f"{name}.py"
        script.write_text(PROCESS.format(secret=SECRET, token=TOKEN))
        return {"credential_process": f"{sys.executable} {script}"}

    sections = {
        "plain": {**keys("plain"), "endpoint_url": aws.url},
        "boss": keys("boss"),
        "role": role("boss"),
        "stale-boss": keys("stale-boss"),
        "stale-role": {**role("stale-boss"), "endpoint_url": aws.url},
        "stranger": keys("stranger"),
        "strange-role": {**role("stranger"), "endpoint_url": aws.url},
        "clerk": keys("clerk"),
        "role-of-many": {**role("clerk"), "endpoint_url": aws.url},
        "helper": {**process("helper"), "endpoint_url": aws.url},
    }
    for key, answers in {
        "boss": {"AssumeRole": [session("role-1"), session("role-2")]},
        "stale-boss": {"AssumeRole": [session("stale-role-1"), EXPIRED]},
        "stale-role-1": [state("pending"), EXPIRED],
        "stranger": {"AssumeRole": [DENIED]},
        "clerk": {"AssumeRole": [session("role-of-many-1"), session("role-of-many-2")]},
        "plain": [state("running")],
    }.items():
        aws.add(key, {"answers": answers})
    for name in ("role", "role-of-many", "helper"):
        aws.add(f"{name}-1", {"answers": [state("pending"), EXPIRED]})
        aws.add(f"{name}-2", {"answers": [good_with(x_amz_security_token=f"{TOKEN}{name}-2")]})
    text = [
        f"[profile {name}]\nregion = us-east-1\n" + "".join(f"{key} = {value}\n" for key, value in section.items())
        for name, section in sections.items()
    ]
    (ansible.home / "config").write_text("\n".join(text))
    return {"AWS_CONFIG_FILE": str(ansible.home / "config"), "AWS_ENDPOINT_URL_STS": aws.url}


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SecureEndpoint, Path]]:
    """An endpoint with TLS, and the file with its certificate."""
    bundle = certificate(tmp_path_factory.mktemp("tls") / "bundle.pem", "127.0.0.1")
    with SecureEndpoint({"secure": {"answers": [state("running")]}}, bundle) as endpoint:
        yield endpoint, bundle


@pytest.fixture(scope="module")
def waits(
    ansible: Ansible, aws: ScriptedEndpoint, profiles: Mapping[str, str], secure: tuple[SecureEndpoint, Path]
) -> Batch:
    def tls(**more: Any) -> Case:
        return Case({**RUNNING, **connection(secure[0], "secure"), **more}, connected=False)

    own = {"AWS_ACCESS_KEY_ID": "own", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": f"{TOKEN}own"}
    place = {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": secure[0].url, "AWS_CA_BUNDLE": str(secure[1])}
    secure[0].add("own", {"answers": [good_with(x_amz_security_token=f"{TOKEN}own")]})
    names = ("role-of-many", "helper", "stale-role", "strange-role", "plain")
    entries = [{**RUNNING, "name": name, "profile": name} for name in names]
    bucket = {**BUCKET, "name": "bucket", "profile": "strange-role"}
    many = {"waits": [*entries, bucket], "fail_fast": False}
    return ansible.batch(
        {
            "role": Case({**RUNNING, "profile": "role", "endpoint_url": aws.url}, None, profiles, connected=False),
            "static": Case(RUNNING, [state("pending"), EXPIRED]),
            "options": Case(
                {**RUNNING, "session_token": TOKEN, "aws_config": {"user_agent_extra": "by/me"}},
                [good_with(x_amz_security_token=TOKEN, user_agent="by/me")],
            ),
            "environment": Case(RUNNING, None, {**own, **place}, connected=False),
            "bundle": tls(aws_ca_bundle=str(secure[1])),
            "unchecked": tls(validate_certs=False),
            "many": Case(many, None, profiles, connected=False, module="cloudwait.aws.wait_many"),
        },
        aws,
    )


def entry(waits: Batch, name: str) -> Result:
    return next(result for result in waits["many"].result["results"] if result["name"] == name)


def askers(aws: ScriptedEndpoint, *names: str) -> list[str]:
    """The access keys of the requests of these cases, in order."""
    return [request.scenario for request in aws.requests if request.scenario in names]


def test_a_session_that_expires_during_a_wait_is_renewed_and_the_wait_continues(
    aws: ScriptedEndpoint, waits: Batch
) -> None:
    result = waits["role"].result
    assert (result["outcome"], result["attempts"], result["calls"]) == ("success", 2, 3)
    assert askers(aws, "boss", "role-1", "role-2") == ["boss", "role-1", "role-1", "boss", "role-2"]


@pytest.mark.parametrize("name", ["role-of-many", "helper"])
def test_sessions_that_run_out_among_many_are_renewed(waits: Batch, name: str) -> None:
    assert (entry(waits, name)["outcome"], entry(waits, name)["attempts"]) == ("success", 2)


def test_static_credentials_that_run_out_end_the_wait_after_one_more_request(waits: Batch) -> None:
    done = waits["static"]
    assert done.result["outcome"] == "error"
    assert len(done.requests) == done.result["calls"] == 3
    assert done.result["error"]["code"] == "ExpiredToken"


@pytest.mark.parametrize("name", ["static", "stale-role"])
def test_credentials_that_have_run_out_are_named_as_the_cause(waits: Batch, name: str) -> None:
    result = waits[name].result if name == "static" else entry(waits, name)
    assert result["outcome"] == "error"
    assert "the credentials have expired" in result["msg"]
    assert "The security token included in the request is expired" in result["msg"]
    assert "Renew them and run again" in result["msg"]


@pytest.mark.parametrize("name", ["strange-role", "bucket"])
def test_a_role_that_may_not_be_assumed_says_nothing_of_the_resource(waits: Batch, name: str) -> None:
    """botocore's waiter treats 403 as an existing bucket, but here AWS got no request."""
    result = entry(waits, name)
    assert result["outcome"] == "error"
    assert "AssumeRole" in result["msg"]
    assert "AccessDenied" in result["msg"]


def test_a_profile_may_hold_the_keys_and_the_endpoint(waits: Batch) -> None:
    assert entry(waits, "plain")["outcome"] == "success"


@pytest.mark.parametrize("name", ["options", "environment", "bundle", "unchecked"])
def test_every_way_to_give_a_connection_leads_there(waits: Batch, name: str) -> None:
    result = waits[name].result
    assert (result.get("outcome"), result.get("error")) == ("success", None), result["msg"]

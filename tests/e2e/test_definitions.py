# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Users' waiters: each dialect with each outcome, inheritance, the catalogue, corrections and drafts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from tests.support.playbook import SECRET, Ansible, Batch, Case
from tests.support.scripted import ScriptedEndpoint

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"
PHP = """
__default__: {interval: 0.2, max_attempts: 3}
__VaultState: {operation: DescribeVault}
VaultExists:
  extends: __VaultState
  success.type: output
  description: Wait until a vault can be accessed.
  ignore_errors: [ResourceNotFoundException]
VaultNotExists:
  extends: __VaultState
  description: Wait until a vault is deleted.
  success.type: error
  success.value: ResourceNotFoundException
"""
DIALECTS = """
long:
  operation: DescribeCertificate
  delay: 0.2
  maxAttempts: 3
  acceptors:
    - {state: retry, matcher: error, expected: ResourceNotFoundException}
    - {state: failure, matcher: path, argument: Certificate.Status, expected: FAILED}
    - {state: success, matcher: path, argument: Certificate.Status, expected: ISSUED}
short:
  operation: DescribeCertificate
  delay: 0.2
  max_attempts: 3
  path: Certificate.Status
  retry_errors: [ResourceNotFoundException]
  failure: [FAILED]
  success: [ISSUED]
smithy:
  operation: DescribeCertificate
  minDelay: 0.1
  max_attempts: 3
  acceptors:
    - {state: retry, matcher: {errorType: ResourceNotFoundException}}
    - {state: failure, matcher: {output: {path: Certificate.Status, expected: FAILED, comparator: stringEquals}}}
    - {state: success, matcher: {inputOutput: {
        path: "output.Certificate.Status == 'ISSUED' && output.Certificate.CertificateArn == input.CertificateArn",
        expected: "true", comparator: booleanEquals}}}
php:
  operation: DescribeCertificate
  interval: 0.2
  max_attempts: 3
  ignore_errors: [ResourceNotFoundException]
  acceptor.type: output
  acceptor.path: Certificate/Status
  success.value: [ISSUED]
  failure.value: [FAILED]
"""


def certificate(status: str) -> dict[str, Any]:
    return {"data": {"Certificate": {"CertificateArn": ARN, "Status": status}}}


MISSING = {"error": "ResourceNotFoundException", "message": "There is no such certificate.", "status": 400}
WAITING, ISSUED, FAILED = map(certificate, ("PENDING_VALIDATION", "ISSUED", "FAILED"))
ENDS: Mapping[str, tuple[list[Any], str, int]] = {
    "success": ([WAITING, ISSUED], "success", 2),
    "failure": ([WAITING, FAILED], "failure", 2),
    "retry": ([MISSING, MISSING, ISSUED], "success", 3),
    "timeout": ([WAITING], "timeout", 3),
}


def on_acm(definition: Any, *answers: Any, **args: Any) -> Case:
    return Case({"service": "acm", "definition": definition, "params": {"CertificateArn": ARN}, **args}, answers)


def vault(waiter: str, *answers: Any, **args: Any) -> Case:
    task = {"service": "glacier", "waiter": waiter, "params": {"vaultName": "archive"}}
    return Case({**task, "definitions": yaml.safe_load(PHP), **args}, answers)


NO_VAULT = {"error": "ResourceNotFoundException", "message": "Vault not found.", "status": 404}
VAULT = {"data": {"VaultName": "archive"}}
VOLUME = {"data": {"Volumes": [{"VolumeId": "vol-1", "State": "error"}]}}
QUERY = {"service": "athena", "params": {"QueryExecutionId": "q-1"}, "delay": 0.2}
INSTANCES = {"service": "ec2", "params": {"InstanceIds": ["i-1"]}, "delay": 0.2}


def query(state: str) -> dict[str, Any]:
    return {"data": {"QueryExecution": {"Status": {"State": state, "StateChangeReason": "SYNTAX_ERROR: line 1:8"}}}}


def instance(state: str) -> dict[str, Any]:
    return {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]}}


NO_INSTANCE = {"error": "InvalidInstanceID.NotFound", "message": "The instance ID 'i-1' does not exist", "status": 400}
STOPPED = {"extends": "instance_running", "path": "Reservations[].Instances[].State.Name", "failure": ["stopped"]}
CASES: dict[str, Case] = {
    **{
        f"{dialect}, {end}": on_acm(definition, *answers)
        for dialect, definition in yaml.safe_load(DIALECTS).items()
        for end, (answers, _outcome, _polls) in ENDS.items()
    },
    "VaultExists": vault("VaultExists", NO_VAULT, VAULT),
    "VaultExists out of attempts": vault("vault_exists", NO_VAULT),
    "VaultExists and something else": vault("VaultExists", {"error": "AccessDeniedException", "status": 403}),
    "VaultNotExists": vault("VaultNotExists", VAULT, NO_VAULT),
    "PHP, failure by error": on_acm(
        {
            "operation": "DescribeCertificate",
            "success.type": "output",
            "success.path": "Certificate/Status",
            "success.value": "ISSUED",
            "failure.type": "error",
            "failure.value": "ResourceNotFoundException",
        },
        MISSING,
    ),
    "a whole document": on_acm(
        None,
        WAITING,
        ISSUED,
        waiter="issued",
        definitions={"version": 2, "waiters": {"Issued": yaml.safe_load(DIALECTS)["long"]}},
    ),
    "the catalogue": Case({**QUERY, "waiter": "query_succeeded"}, [query("RUNNING"), query("SUCCEEDED")]),
    "the catalogue, failure": Case({**QUERY, "waiter": "QuerySucceeded"}, [query("RUNNING"), query("FAILED")]),
    "extends the catalogue": Case(
        {**QUERY, "definition": {"extends": "query_succeeded", "success": ["CANCELLED"]}}, [query("CANCELLED")]
    ),
    "extends a built-in": Case({**INSTANCES, "definition": STOPPED}, [instance("pending"), instance("stopped")]),
    "extends a built-in, success": Case(
        {**INSTANCES, "definition": STOPPED}, [instance("pending"), instance("running")]
    ),
    "definitions before built-ins": Case(
        {
            **INSTANCES,
            "waiter": "instance_running",
            "definitions": {
                "instance_running": {
                    "operation": "DescribeInstances",
                    "path": "Reservations[].Instances[].State.Name",
                    "success": ["pending"],
                }
            },
        },
        [instance("pending")],
    ),
    "corrected": Case(
        {"service": "ec2", "waiter": "volume_available", "params": {"VolumeIds": ["vol-1"]}, "delay": 0.2}, [VOLUME]
    ),
    "as shipped": Case(
        {
            "service": "ec2",
            "waiter": "volume_available",
            "params": {"VolumeIds": ["vol-1"]},
            "delay": 0.2,
            "corrections": False,
            "max_attempts": 2,
        },
        [VOLUME],
    ),
    "gone": Case({**INSTANCES, "waiter": "instance_terminated"}, [instance("shutting-down"), NO_INSTANCE]),
    "gone, as shipped": Case(
        {**INSTANCES, "waiter": "instance_terminated", "corrections": False}, [instance("shutting-down"), NO_INSTANCE]
    ),
    "never there": Case({**INSTANCES, "waiter": "instance_terminated"}, [NO_INSTANCE]),
}


@pytest.fixture(scope="module")
def batch(ansible: Ansible, aws: ScriptedEndpoint) -> Batch:
    return ansible.batch(CASES, aws)


@pytest.mark.parametrize("dialect", yaml.safe_load(DIALECTS))
@pytest.mark.parametrize("end", ENDS)
def test_each_dialect_comes_to_each_of_its_ends(batch: Batch, dialect: str, end: str) -> None:
    done, (_answers, outcome, polls) = batch[f"{dialect}, {end}"], ENDS[end]
    assert (done.result["outcome"], done.result["attempts"], len(done.requests)) == (outcome, polls, polls)
    assert done.result["source"] == "inline"
    assert done.failed is (outcome != "success")


@pytest.mark.parametrize(
    ("name", "outcome", "attempts", "source"),
    [
        ("VaultExists", "success", 2, "definitions"),
        ("VaultExists out of attempts", "timeout", 3, "definitions"),
        ("VaultExists and something else", "error", 1, "definitions"),
        ("VaultNotExists", "success", 2, "definitions"),
        ("PHP, failure by error", "failure", 1, "inline"),
        ("a whole document", "success", 2, "definitions"),
        ("the catalogue", "success", 2, "catalog"),
        ("the catalogue, failure", "failure", 2, "catalog"),
        ("extends the catalogue", "success", 1, "inline"),
        ("extends a built-in", "failure", 2, "inline"),
        ("extends a built-in, success", "success", 2, "inline"),
        ("definitions before built-ins", "success", 1, "definitions"),
        ("corrected", "failure", 1, "corrected"),
        ("as shipped", "timeout", 2, "builtin"),
        ("gone", "success", 2, "corrected"),
        ("gone, as shipped", "error", 2, "builtin"),
        ("never there", "error", 1, "corrected"),
    ],
)
def test_a_waiter_ends_as_its_definition_says(
    batch: Batch, name: str, outcome: str, attempts: int, source: str
) -> None:
    result = batch[name].result
    assert (result["outcome"], result["attempts"], result["source"]) == (outcome, attempts, source)


def test_the_names_and_timing_are_those_of_the_definition(batch: Batch) -> None:
    result = batch["VaultExists"].result
    assert (result["waiter"], result["operation"]) == ("vault_exists", "DescribeVault")
    assert (result["delay"], result["max_attempts"]) == (0.2, 3)
    assert batch["the catalogue, failure"].result["waiter"] == "query_succeeded"


def test_the_reason_is_found_for_the_catalogue_too(batch: Batch) -> None:
    assert "SYNTAX_ERROR" in batch["the catalogue, failure"].result["msg"]


def test_no_traceback_and_no_warning_is_shown(batch: Batch) -> None:
    assert "Traceback" not in batch.output
    assert not any(done.result.get("warnings") for done in batch.done.values())


PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/cloudwait.aws.aws:
      {endpoint_url: "{{ url }}", access_key: factory, secret_key: "{{ key }}", region: us-east-1}
    group/cloudwait.aws.waits:
      definitions:
        __default__: {delay: 0.1}
        CertificateReady:
          {service: acm, operation: DescribeCertificate, path: Certificate.Status, success: [ISSUED]}
        VaultReady: {service: glacier, operation: DescribeVault, success.type: output}
  tasks:
    - name: One of the play's waiters
      cloudwait.aws.wait: {service: acm, waiter: certificate_ready, params: {CertificateArn: "{{ arn }}"}}
      register: certificate
    - name: Another
      cloudwait.aws.wait: {service: glacier, waiter: VaultReady, params: {vaultName: archive}}
      register: vault
    - name: One that is defined for another service
      cloudwait.aws.wait: {service: acm, waiter: vault_ready, params: {CertificateArn: "{{ arn }}"}}
      register: elsewhere
      ignore_errors: true
    - name: One of a file
      cloudwait.aws.wait:
        service: glacier
        waiter: vault_there
        definitions: "{{ lookup('ansible.builtin.file', file) | from_yaml }}"
        params: {vaultName: archive}
      register: of_file
    - name: Draft
      cloudwait.aws.waiter_info: {service: acm, operation: DescribeCertificate}
      register: drafted
    - name: The draft as it stands
      cloudwait.aws.wait: {service: acm, definition: "{{ drafted.draft }}", params: {CertificateArn: "{{ arn }}"}}
      register: by_draft
    - name: Write
      ansible.builtin.copy:
        content: "{{ dict(names | zip(names | map('extract', vars))) | to_json }}"
        dest: "{{ results }}"
        mode: "0600"
      vars: {names: [certificate, vault, elsewhere, of_file, drafted, by_draft]}
"""


@pytest.fixture(scope="module")
def played(ansible: Ansible, aws: ScriptedEndpoint) -> Mapping[str, Any]:
    aws.add("factory", {"answers": {"DescribeCertificate": [ISSUED], "DescribeVault": [VAULT]}})
    file, results = ansible.home / "waiters.yml", ansible.home / "factory.json"
    file.write_text("vault_there: {operation: DescribeVault, success.type: output}\n")
    variables = {"url": aws.url, "key": SECRET, "file": str(file), "results": str(results), "arn": ARN}
    process = ansible.play(PLAYBOOK, variables=variables)
    assert process.returncode == 0, process.stdout + process.stderr
    found: Mapping[str, Any] = json.loads(results.read_text())
    return found


@pytest.mark.parametrize("name", ["certificate", "vault", "of_file", "by_draft"])
def test_waiters_are_defined_once_and_named_by_tasks(played: Mapping[str, Any], name: str) -> None:
    assert played[name]["outcome"] == "success"


def test_a_waiter_is_seen_by_waits_on_its_service_alone(played: Mapping[str, Any]) -> None:
    assert "'vault_ready' is defined for the service 'glacier', not for acm" in played["elsewhere"]["msg"]


def test_a_draft_is_ready_to_paste(played: Mapping[str, Any]) -> None:
    draft = played["drafted"]["draft"]
    assert (draft["operation"], draft["path"], draft["success"]) == (
        "DescribeCertificate",
        "Certificate.Status",
        ["ISSUED"],
    )
    assert played["drafted"]["draft_params"]["CertificateArn"].startswith("CHANGE_ME")
    assert played["drafted"]["draft_states"][0]["path"] == "Certificate.Status"

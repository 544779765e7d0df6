# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that end in every way, each with its message word for word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support import aws_responses as responses
from tests.unit.plugins.module_utils._module.waits import (
    ALL_PEND,
    ARN,
    BROKEN,
    BUCKET,
    CERTIFICATE,
    CUT_OFF,
    THROTTLED,
    Said,
    Wait,
    answered,
    certificate,
    database,
    databases,
    instances,
    refused,
    running,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import (
    NOT_SENT,
    ErrorKind,
    PollResult,
    ServiceError,
)

STACK: dict[str, Any] = {
    "service": "cloudformation",
    "waiter": "stack_create_complete",
    "params": {"StackName": "shop"},
}
WEB: dict[str, Any] = {
    "service": "ecs",
    "waiter": "services_stable",
    "params": {"cluster": "prod", "services": ["web"]},
}
NO_INSTANCE = ServiceError("InvalidInstanceID.NotFound", "The instance ID 'i-9' does not exist", ErrorKind.REFUSED, 400)
DENIED = refused("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
UNREACHABLE = refused(
    "EndpointConnectionError", 'Could not connect to the endpoint URL: "http://nowhere"', None, ErrorKind.UNREACHABLE
)


def with_reason(state: str, code: str, text: str) -> dict[str, Any]:
    return responses.instance("i-1", state, StateReason={"Code": code, "Message": text})


def services(running_count: int, **more: Any) -> PollResult:
    counts = {"desiredCount": 2, "runningCount": running_count, "deployments": [{"status": "PRIMARY"}]}
    return answered(**responses.ecs_services(responses.ecs_service("web", **{**counts, **more})))


def tasks(**container: Any) -> PollResult:
    item = {"taskArn": "arn:aws:ecs:r:1:task/prod/t1", "lastStatus": "STOPPED"}
    why = {"stoppedReason": "Essential container in task exited", "containers": [{"name": "app", **container}]}
    return answered(tasks=[{**item, **why}], failures=[])


TASK_BY_EXIT_CODE: dict[str, Any] = {
    "service": "ecs",
    "definition": {
        "operation": "DescribeTasks",
        "acceptors": [
            {
                "state": "failure",
                "matcher": "path",
                "argument": "length(tasks[].containers[] | [?exitCode != `0`]) > `0`",
                "expected": True,
            },
            {"state": "success", "matcher": "pathAll", "argument": "tasks[].lastStatus", "expected": "STOPPED"},
        ],
    },
    "params": {"cluster": "prod", "tasks": ["t1"]},
}
FAILURES: dict[str, Said] = {
    "with a reason": Said(
        Wait(
            running("i-1", "i-2", "i-3", delay=15.5),
            ALL_PEND,
            ALL_PEND,
            answered(Reservations=[
                {"Instances": [with_reason(
                    "terminated", "Server.InsufficientInstanceCapacity",
                    "Server.InsufficientInstanceCapacity: Insufficient capacity.",
                )]},
                *instances(i_2="running", i_3="running").response["Reservations"],
            ]),
        ),
        "ec2 instance_running failed after 3 polls in 31 s: i-1 is 'terminated' (wanted 'running'); "
        "2 of 3 are running. AWS says: Server.InsufficientInstanceCapacity: Insufficient capacity.",
    ),
    "two alike": Said(
        Wait(running("i-1", "i-2", "i-3"), instances(i_1="stopping", i_2="stopping", i_3="running")),
        "ec2 instance_running failed after 1 poll in 0 s: i-1 and i-2 are 'stopping' (wanted 'running'); "
        "1 of 3 is running.",
    ),
    "two different": Said(
        Wait(running("i-1", "i-2", "i-3"), instances(i_1="stopping", i_2="terminated", i_3="pending")),
        "ec2 instance_running failed after 1 poll in 0 s: i-1 is 'stopping', i-2 is 'terminated' (wanted 'running').",
    ),
    "none of the states": Said(
        Wait(CERTIFICATE, certificate("FAILED")),
        f"acm DescribeCertificate failed after 1 poll in 0 s: {ARN} is 'FAILED' (wanted 'ISSUED').",
    ),
    "not there": Said(
        Wait(running("i-1", "i-2", missing="fail"), instances(i_2="running")),
        "ec2 instance_running failed after 1 poll in 0 s: i-1 is not there (wanted 'running'); 1 of 2 is running.",
    ),
    "an error that is a failure": Said(
        Wait(STACK, refused("ValidationError", "Stack with id shop\nis broken")),
        "cloudformation stack_create_complete failed after 1 poll in 0 s: AWS returns ValidationError for shop "
        "(wanted 'CREATE_COMPLETE'). "
        "AWS says: Stack with id shop is broken.",
    ),
    "seen elsewhere than shown": Said(
        Wait(WEB, answered(services=[], failures=[{"arn": "arn:aws:ecs:r:1:service/prod/web", "reason": "MISSING"}])),
        "ecs services_stable failed after 1 poll in 0 s: web is not there; "
        "the waiter fails when any failures[].reason is 'MISSING'. AWS says: MISSING.",
    ),
    "decided by what isn't shown": Said(
        Wait(TASK_BY_EXIT_CODE, tasks(exitCode=1)),
        "ecs DescribeTasks failed after 1 poll in 0 s: t1 is 'STOPPED'; tasks[].containers[].exitCode is 1. "
        "AWS says: Essential container in task exited; container app: exit code 1.",
    ),
    "decided by what isn't there": Said(
        Wait(TASK_BY_EXIT_CODE, tasks(reason="CannotPullContainerError: no")),
        "ecs DescribeTasks failed after 1 poll in 0 s: t1 is 'STOPPED'; there is no tasks[].containers[].exitCode. "
        "AWS says: Essential container in task exited; container app: CannotPullContainerError: no.",
    ),
    "by a correction": Said(
        Wait(WEB, services(2, deployments=[
            {"status": "PRIMARY", "rolloutState": "IN_PROGRESS", "rolloutStateReason": "rolling back to ecs-svc/1."},
            {"status": "ACTIVE", "rolloutState": "FAILED", "rolloutStateReason": "tasks failed to start."},
        ])),
        "ecs services_stable failed after 1 poll in 0 s: web is '2 of 2 running in 2 deployment(s)'. "
        "AWS says: rolling back to ecs-svc/1; tasks failed to start. "
        "A service that is rolled back becomes stable only as it was before.",
    ),
}  # fmt: skip
TIMEOUTS: dict[str, Said] = {
    "out of time": Said(
        Wait(database(delay=15, timeout=600), databases("modifying")),
        "rds db_instance_available timed out after 41 polls in 600 s: orders is still 'modifying'. "
        "Raise timeout (now 600 s) if this is normal for it.",
    ),
    "out of attempts": Said(
        Wait(running("i-1", "i-2", max_attempts=2), instances(i_1="pending", i_2="running")),
        "ec2 instance_running timed out after 2 polls in 15 s: i-1 is still 'pending'; 1 of 2 is running. "
        "Raise max_attempts (now 2) or delay (now 15 s) if this is normal for it.",
    ),
    "an unnamed waiter": Said(
        Wait({**CERTIFICATE, "timeout": 0}, certificate("PENDING_VALIDATION")),
        f"acm DescribeCertificate timed out after 1 poll in 0 s: {ARN} is still 'PENDING_VALIDATION' "
        "(wanted 'ISSUED'). Set a longer timeout to wait for it.",
    ),
    "no state yet": Said(
        Wait({**CERTIFICATE, "timeout": 0}, certificate(None)),
        f"acm DescribeCertificate timed out after 1 poll in 0 s: {ARN} has no Certificate.Status (wanted 'ISSUED'). "
        "Set a longer timeout to wait for it.",
    ),
    "not there yet": Said(
        Wait(running("i-1", "i-2", timeout=0), instances(i_1="running")),
        "ec2 instance_running timed out after 1 poll in 0 s: i-2 is not there yet; 1 of 2 is running. "
        "Set a longer timeout to wait for it.",
    ),
    "the acceptor last seen, and not the last one of the waiter": Said(
        Wait(running("i-9", timeout=0), PollResult({}, 400, NO_INSTANCE)),
        "ec2 instance_running timed out after 1 poll in 0 s: i-9 is not there yet. "
        "AWS says: InvalidInstanceID.NotFound: The instance ID 'i-9' does not exist. "
        "Set a longer timeout to wait for it.",
    ),
    "an error that means not yet": Said(
        Wait(running("i-1", timeout=0, retry_errors=["UnauthorizedOperation"]), DENIED),
        "ec2 instance_running timed out after 1 poll in 0 s: AWS still returns UnauthorizedOperation for i-1. "
        "AWS says: You are not authorized to perform this operation. Set a longer timeout to wait for it.",
    ),
    "an HTTP status": Said(
        Wait({**BUCKET, "timeout": 0, "definition": {"operation": "HeadBucket", "acceptors": [
            {"state": "success", "matcher": "status", "expected": 201}
        ]}, "waiter": None}, answered()),
        "s3 HeadBucket timed out after 1 poll in 0 s: AWS still returns HTTP status 200 for logs. "
        "Set a longer timeout to wait for it.",
    ),
    "AWS's reason": Said(
        Wait({**WEB, "timeout": 0}, services(1, events=[{"message": "(service web) was unable to place a task."}])),
        "ecs services_stable timed out after 1 poll in 0 s: web is still '1 of 2 running in 1 deployment(s)'. "
        "AWS says: (service web) was unable to place a task. Set a longer timeout to wait for it.",
    ),
    "a filter that matches nothing": Said(
        Wait({**running("i-1", timeout=0), "params": {"Filters": [{"Name": "tag:a", "Values": ["b"]}]}}, instances()),
        "ec2 instance_running timed out after 1 poll in 0 s: nothing matches Filters. "
        "Set a longer timeout to wait for it.",
    ),
    "what is to be gone": Said(
        Wait(
            {"service": "ec2", "waiter": "subnet_deleted", "params": {"SubnetIds": ["s-1"]}, "timeout": 0},
            answered(Subnets=[{"SubnetId": "s-1"}]),
        ),
        "ec2 subnet_deleted timed out after 1 poll in 0 s: s-1 is still there. Set a longer timeout to wait for it.",
    ),
    "a condition": Said(
        Wait({**CERTIFICATE, "timeout": 0, "definition": {"operation": "DescribeCertificate", "acceptors": [
            {"state": "success", "matcher": "path", "argument": "Certificate.InUseBy && Certificate.Status == 'ISSUED'",
             "expected": True}
        ]}}, certificate("ISSUED")),
        f"acm DescribeCertificate timed out after 1 poll in 0 s: the waiter's condition is not yet met for {ARN}. "
        "Set a longer timeout to wait for it.",
    ),
    "a service without deployments": Said(
        Wait({**WEB, "timeout": 0}, services(1, deployments=[], deploymentController={"type": "CODE_DEPLOY"},
             taskSets=[{"status": "PRIMARY", "stabilityStatus": "STABILIZING"}])),
        "ecs services_stable timed out after 1 poll in 0 s: web is still '1 of 2 running, task sets PRIMARY "
        "STABILIZING'. With CODE_DEPLOY, a service has task sets instead of deployments; task_set_steady waits for "
        "these. Set a longer timeout to wait for it.",
    ),
    "not often enough": Said(
        Wait(database(consecutive=3, max_attempts=3), databases("modifying"), databases("available")),
        "rds db_instance_available timed out after 3 polls in 60 s: orders is 'available', but not 3 times in a row. "
        "Raise max_attempts (now 3) or delay (now 30 s) if this is normal for it.",
    ),
    "a transient error at the last attempt": Said(
        Wait(database(timeout=10, delay=6), databases("modifying"), BROKEN),
        "rds db_instance_available timed out after 1 poll in 10 s: orders is still 'modifying'. "
        "The last request ended with InternalError: An internal error has occurred. (HTTP status 500). "
        "Raise timeout (now 10 s) if this is normal for it.",
    ),
    "no response at all": Said(
        Wait(database(timeout=8, delay=5), CUT_OFF),
        "rds db_instance_available timed out after 3 requests in 8 s: no request succeeded. "
        "The last request ended with ReadTimeoutError: Read timeout on endpoint URL. "
        "Raise timeout (now 8 s) if this is normal for it.",
    ),
    "no request at all": Said(
        Wait(database(timeout=8, delay=9), PollResult(error=NOT_SENT)),
        "rds db_instance_available timed out after 0 polls in 8 s: no request succeeded. "
        "No request could be sent for it by the deadline. "
        "Raise timeout (now 8 s) if this is normal for it.",
    ),
    "transient": Said(
        Wait({**CERTIFICATE, "delay": 60}, certificate("PENDING_VALIDATION"), THROTTLED),
        "acm DescribeCertificate timed out after 1 poll in 660 s: transient errors lasted longer than 600 s "
        f"(last seen: {ARN} is still 'PENDING_VALIDATION'). "
        "The last request ended with RequestLimitExceeded: Request limit exceeded. (HTTP status 503). "
        "Set timeout to tolerate longer outages.",
    ),
}  # fmt: skip
ERRORS: dict[str, Said] = {
    "denied": Said(
        Wait(running("i-1"), DENIED),
        "ec2 instance_running ended with an error after 1 poll in 0 s: AWS returns UnauthorizedOperation for i-1. "
        "AWS says: You are not authorized to perform this operation. "
        "Allow DescribeInstances, or list UnauthorizedOperation in retry_errors while a new permission propagates.",
    ),
    "not there": Said(
        Wait(database(), refused("DBInstanceNotFound", "DBInstance orders not found.", 404)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: orders is not there. "
        "AWS says: DBInstanceNotFound: DBInstance orders not found. "
        "Check params, or set missing to wait if it doesn't exist yet.",
    ),
    "one of several": Said(
        Wait(
            {**running("i-8", "i-9"), "waiter": "instance_stopped"},
            replace(instances(i_8="stopped"), refused={"i-9": NO_INSTANCE}),
        ),
        "ec2 instance_stopped ended with an error after 1 poll in 0 s: i-9 is not there; 1 of 2 is stopped. "
        "AWS says: InvalidInstanceID.NotFound: The instance ID 'i-9' does not exist. "
        "Check params, or set missing to wait if it doesn't exist yet.",
    ),
    "a delete marker": Said(
        Wait(
            {"service": "s3", "waiter": "object_exists", "params": {"Bucket": "logs", "Key": "a", "VersionId": "v"}},
            refused("405", "Method Not Allowed", 405),
        ),
        "s3 object_exists ended with an error after 1 poll in 0 s: AWS returns 405 for logs/a. "
        "AWS says: Method Not Allowed. This version is a delete marker, which can't be read; omit VersionId to "
        "wait for the object itself.",
    ),
    "credentials": Said(
        Wait(database(), refused("ExpiredToken", "The token has expired.", 403, ErrorKind.CREDENTIALS)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: "
        "the credentials have expired or are unavailable. AWS says: ExpiredToken: The token has expired. "
        "Renew them and run again.",
    ),
    "an unknown key": Said(
        Wait(database(), refused("InvalidClientTokenId", "The security token is invalid.", 403)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: "
        "AWS returns InvalidClientTokenId for orders. AWS says: The security token is invalid. "
        "Check access_key, secret_key and profile.",
    ),
    "a wrong clock": Said(
        Wait(database(), refused("InvalidSignatureException", "Signature expired: 2026 is now earlier than 2027", 403)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: "
        "AWS returns InvalidSignatureException for orders. AWS says: Signature expired: 2026 is now earlier than 2027. "
        "Set the clock of the host that runs the module.",
    ),
    "a wrong clock, perhaps": Said(
        Wait(database(), refused("RequestExpired", "Request has expired.", 400, ErrorKind.CREDENTIALS)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: "
        "the credentials have expired or are unavailable. AWS says: RequestExpired: Request has expired. "
        "Renew them, or set the clock of the host that runs the module.",
    ),
    "a refusal without a word": Said(
        Wait(database(), refused("400", "Bad Request", 400)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: AWS returns 400 for orders. "
        "AWS says: Bad Request. "
        "AWS gives no details for HEAD; renew the credentials if they are temporary, or check params.",
    ),
    "an answer without a word": Said(
        Wait(database(), refused("403", "", 403)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: AWS returns 403 for orders. "
        "Check credentials and permissions, or list 403 in retry_errors while a new permission propagates.",
    ),
    "unreachable": Said(
        Wait(database(), UNREACHABLE, takes=1),
        "rds db_instance_available ended with an error after 3 requests in 10 s: "
        'Could not connect to the endpoint URL: "http://nowhere". Check endpoint_url, region, proxy and TLS settings.',
    ),
    "boto3's own": Said(
        Wait(database(), refused("UnknownSignatureVersionError", "Unknown Signature Version: v9.", None)),
        "rds db_instance_available ended with an error after 1 poll in 0 s: "
        "boto3 raises UnknownSignatureVersionError for orders. boto3 says: Unknown Signature Version: v9.",
    ),
}
PENDING: dict[str, Said] = {
    "a state": Said(
        Wait(database(), databases("modifying"), check_mode=True),
        "rds db_instance_available is pending: a real run would wait; orders is still 'modifying'.",
    ),
    "some of several": Said(
        Wait(running("i-1", "i-2", "i-3"), instances(i_1="pending", i_2="pending", i_3="running"), check_mode=True),
        "ec2 instance_running is pending: a real run would wait; i-1 and i-2 are still 'pending'; 1 of 3 is running.",
    ),
    "transient": Said(
        Wait(database(), THROTTLED, check_mode=True),
        "rds db_instance_available is pending: a real run would wait; no request succeeded. "
        "The last request ended with RequestLimitExceeded: Request limit exceeded. (HTTP status 503).",
    ),
}  # fmt: skip
TABLES = {"failure": FAILURES, "timeout": TIMEOUTS, "error": ERRORS, "pending": PENDING}
ALL = {f"{kind}: {name}": said for kind, table in TABLES.items() for name, said in table.items()}

#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for AWS."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wait
short_description: Wait until an AWS resource is in the state that you need
version_added: 1.0.0
description:
  - Polls AWS until a condition holds, and fails immediately, with AWS's reason, once the condition can no longer be
    met.
  - The condition is a waiter of boto3 or of the collection's catalogue, named in O(waiter), or your own, written as
    O(definition).
  - Names, paths and values are validated against boto3's model of the service before the first request. A misspelt
    state is an error that suggests the correct one, if the model lists the states.
  - With several ids, each is judged on its own part of the response, and the message names those that are not in the
    wanted state.
options:
  service:
    required: true
  return_response:
    description:
      - Whether to return AWS's last response as RV(response), V(true) or V(false).
      - V(auto) returns that of a failed wait only if it has at most 2 KB, so that the line about the failure stays
        readable.
    type: raw
    default: auto
attributes:
  check_mode:
    details:
      - Makes a single attempt and never sleeps. RV(outcome=pending) means that a real run would wait. No outcome fails
        the task; only invalid options do.
requirements:
  - python >= 3.10
  - boto3 >= 1.35.0
  - botocore >= 1.35.0
author:
  - The cloudwait developers (@cloudwait)
notes:
  - The module needs permission for the operation that it polls, and no other.
  - The host that runs the module sends the requests; use C(delegate_to) or C(connection) to choose it.
  - Transient errors (throttling, server errors, dropped connections and responses that can't be parsed) are retried
    with growing delays, and not before the time that AWS asks for (C(Retry-After), C(x-amz-retry-after)). O(timeout)
    limits how long they may last. Without it, the limit is the waiter's own delay times its attempts, but at least 300
    seconds in total. An endpoint that has never responded is given up after about 10 seconds.
  - Paginated results are read to the last page, unless O(params) sets a page size or a token. Lists of ids that are
    longer than the operation accepts are split.
  - When the task is killed, for example by the keyword C(timeout) or Ctrl-C, the module stops polling within a second.
    With C(async) the wait continues without Ansible, as intended. SIGTERM ends it too.
  - Options that many tasks share can be set once in C(module_defaults), in the groups C(cloudwait.aws.aws) (connection
    options, together with those of amazon.aws and community.aws) and C(cloudwait.aws.waits) (all other options).
seealso:
  - module: cloudwait.aws.waiter_info
  - name: JMESPath
    description: The language of the path expressions.
    link: https://jmespath.org/
  - name: boto3 reference
    description: The waiters of each service, its operations and their parameters.
    link: https://docs.aws.amazon.com/boto3/latest/reference/services/index.html
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - cloudwait.aws.attributes
  - cloudwait.aws.wait
"""

EXAMPLES = r"""
# ansible localhost -m cloudwait.aws.wait -a "service=s3 waiter=bucket_exists params='{\"Bucket\": \"logs\"}'"

- name: Wait until the instances are running
  cloudwait.aws.wait:
    service: ec2
    waiter: instance_running
    params:
      InstanceIds: "{{ instances }}"

- name: Wait until the certificate is issued, with an inline waiter
  cloudwait.aws.wait:
    service: acm
    definition: # short form: a status in none of the lists is a failure
      operation: DescribeCertificate
      path: Certificate.Status
      success: [ISSUED]
      pending: [PENDING_VALIDATION]
    params:
      CertificateArn: "{{ arn }}"
    timeout: 1800

- name: Wait until the stack exists, with a waiter in botocore's form
  cloudwait.aws.wait:
    service: cloudformation
    definition:
      operation: DescribeStacks
      delay: 10
      maxAttempts: 90
      acceptors:
        - {state: success, matcher: pathAll, argument: "Stacks[].StackStatus", expected: CREATE_COMPLETE}
        - {state: failure, matcher: pathAny, argument: "Stacks[].StackStatus", expected: CREATE_FAILED}
        - {state: failure, matcher: pathAny, argument: "Stacks[].StackStatus", expected: ROLLBACK_COMPLETE}
        - {state: failure, matcher: error, expected: ValidationError}
    params:
      StackName: shop

- name: Wait for a job, with a waiter from the collection's catalogue
  cloudwait.aws.wait:
    service: glue
    waiter: job_run_succeeded
    params:
      JobName: nightly
      RunId: "{{ run }}"

- name: Extend a waiter, and change how it treats a state
  cloudwait.aws.wait:
    service: ec2
    definition:
      extends: instance_running
      path: Reservations[].Instances[].State.Name
      failure: [stopped]
    params:
      InstanceIds: "{{ instances }}"

- name: Use waiters from a file on the controller
  cloudwait.aws.wait:
    service: glacier
    waiter: vault_ready
    definitions: "{{ lookup('ansible.builtin.file', 'waiters.yml') | from_yaml }}"
    params:
      vaultName: archive

- name: Define waiters once, and use them by name in several tasks
  module_defaults:
    group/cloudwait.aws.waits:
      definitions:
        __default__: {delay: 10, max_attempts: 60}
        __Certificate: {operation: DescribeCertificate, path: Certificate.Status}
        CertificateReady: {service: acm, extends: __Certificate, success: [ISSUED], pending: [PENDING_VALIDATION]}
        CertificateGone: {service: acm, extends: __Certificate, success_errors: [ResourceNotFoundException]}
  block:
    - name: Wait until the certificate is issued
      cloudwait.aws.wait:
        service: acm
        waiter: certificate_ready
        params:
          CertificateArn: "{{ arn }}"

- name: Poll every 5 seconds for at most an hour
  cloudwait.aws.wait:
    service: rds
    waiter: db_snapshot_available
    params:
      DBSnapshotIdentifier: nightly
    delay: 5
    timeout: 3600

- name: Make at most 30 attempts, 10 seconds apart
  cloudwait.aws.wait:
    service: ecs
    waiter: services_stable
    params:
      cluster: prod
      services: [web, worker]
    delay: 10
    max_attempts: 30

- name: Wait, and report what went wrong
  block:
    - name: Wait until the function is updated
      cloudwait.aws.wait:
        service: lambda
        waiter: function_updated_v2
        params:
          FunctionName: orders
  rescue:
    - name: Report the failure
      ansible.builtin.debug:
        msg: "{{ ansible_failed_result.outcome | default('bad input') }}: {{ ansible_failed_result.msg }}"

- name: Wait up to ten minutes for the export, but continue without it
  cloudwait.aws.wait:
    service: dynamodb
    waiter: export_completed
    params:
      ExportArn: "{{ export_arn }}"
    timeout: 600
  register: export
  failed_when: export.outcome | default('error') not in ['success', 'timeout']

- name: Retry when AWS or the network ends the wait with an error
  cloudwait.aws.wait:
    service: eks
    waiter: cluster_active
    params:
      name: prod
  register: cluster
  until: cluster.outcome | default('error') != 'error'
  retries: 3
  delay: 60

- name: Check once, without waiting
  cloudwait.aws.wait:
    service: rds
    waiter: db_instance_available
    params:
      DBInstanceIdentifier: orders
  check_mode: true
  register: database

- name: Report if the database is not available yet
  ansible.builtin.debug:
    msg: "{{ database.msg }}"
  when: database.outcome == 'pending'

- name: Wait until the targets have been healthy three times in a row
  cloudwait.aws.wait:
    service: elbv2
    waiter: target_in_service
    params:
      TargetGroupArn: "{{ target_group }}"
      Targets: [{Id: i-0ab1}, {Id: i-0cd2}]
    consecutive: 3

- name: Wait until a new role can read the queue, because new permissions take time to propagate
  cloudwait.aws.wait:
    service: sqs
    definition:
      operation: GetQueueAttributes
      acceptors:
        - {state: success, matcher: status, expected: 200}
    params:
      QueueUrl: "{{ queue }}"
    profile: new-role
    retry_errors: [AccessDenied, AccessDeniedException]
    delay: 2
    timeout: 60

- name: Wait until the file system is gone
  cloudwait.aws.wait:
    service: efs
    definition:
      operation: DescribeFileSystems
      path: FileSystems[].LifeCycleState
      success: [deleted]
      pending: [available, updating, deleting]
    params:
      FileSystemId: "{{ file_system }}"
    missing: success
    timeout: 300

- name: Set credentials and timing once for several tasks
  module_defaults:
    group/cloudwait.aws.aws:
      profile: production
      region: eu-central-1
    group/cloudwait.aws.waits:
      timeout: 900
  block:
    - name: Wait until the image is available
      cloudwait.aws.wait:
        service: ec2
        waiter: image_available
        params:
          ImageIds: ["{{ image }}"]

- name: Wait in the background
  cloudwait.aws.wait:
    service: cloudfront
    waiter: distribution_deployed
    params:
      Id: "{{ distribution }}"
    timeout: 3000
  async: 3600
  poll: 0
  register: deployed

- name: Fetch the result
  ansible.builtin.async_status:
    jid: "{{ deployed.ansible_job_id }}"
  register: finished
  until: finished is finished
  retries: 300
  delay: 10
"""

RETURN = r"""
outcome:
  description:
    - How the wait ended. Every outcome except V(success) fails the task.
    - "V(failure): the resource reached a state from which the condition can't be met. V(timeout): attempts or time ran
      out, or transient errors lasted too long. V(error): AWS or the network responded with an error that retrying can't
      fix."
    - In check mode also V(pending), and no outcome fails the task.
    - V(cancelled) if a signal stopped the module; only RV(msg) and the names are returned then.
  returned: always
  type: str
  sample: success
msg:
  description: The outcome in one sentence, with the reason if known, and what to do.
  returned: always
  type: str
  sample: >-
    ec2 instance_running failed after 3 polls in 31 s: i-0ab1 is 'terminated' (wanted 'running'); 2 of 3 are running.
    AWS says: Server.InsufficientInstanceCapacity: Insufficient capacity.
problems:
  description: The problems with the options. No request was sent to AWS.
  returned: when the options are invalid
  type: list
  elements: dict
  contains:
    severity:
      description: Always V(error) here.
      type: str
    path:
      description: The location of the problem.
      type: str
      sample: definition.acceptors[2].argument
    problem:
      description: What is wrong there.
      type: str
    suggestion:
      description: The nearest valid name, or null.
      type: str
service:
  description: The service.
  returned: unless the options are invalid
  type: str
  sample: ec2
waiter:
  description: The waiter's name in snake_case, null for O(definition).
  returned: unless the options are invalid
  type: str
  sample: instance_running
operation:
  description: The operation that was polled.
  returned: unless the options are invalid
  type: str
  sample: DescribeInstances
source:
  description:
    - Where the waiter comes from. V(builtin) (boto3), V(corrected) (boto3, with corrections), V(catalog) (the
      collection's catalogue), V(definitions) (O(definitions)) or V(inline) (O(definition)).
  returned: unless the options are invalid
  type: str
  sample: builtin
attempts:
  description:
    - The number of attempts that AWS responded to.
    - With the keyword C(until), Ansible overwrites this with its own count.
  returned: unless the options are invalid
  type: int
  sample: 3
calls:
  description: The number of API requests sent, including pages, parts of long id lists and retries.
  returned: unless the options are invalid
  type: int
  sample: 4
elapsed:
  description: Seconds from the start of the wait to its end.
  returned: unless the options are invalid
  type: float
  sample: 31.042
delay:
  description: The O(delay) in effect.
  returned: unless the options are invalid
  type: float
  sample: 15.0
max_attempts:
  description: The O(max_attempts) in effect, null if there is no such limit.
  returned: unless the options are invalid
  type: int
  sample: 40
timeout:
  description: The O(timeout) in effect, null if there is none.
  returned: unless the options are invalid
  type: float
  sample: 600.0
observed:
  description:
    - The value of O(show) in the last response, or its error code if the response was an error.
    - For waiters that read only errors and HTTP statuses, the HTTP status.
    - A value of more than 250,000 characters is cut and says so.
  returned: unless the options are invalid
  type: raw
  sample: [running, running, terminated]
resources:
  description: Each requested id; if O(params) has none, the resources in the response.
  returned: unless the options are invalid
  type: list
  elements: dict
  contains:
    id:
      description: The id as given in O(params).
      type: raw
      sample: i-0ab1
    outcome:
      description: V(success), V(failure), V(timeout) or V(error); V(pending) if another id ended the wait.
      type: str
      sample: failure
    observed:
      description: Like RV(observed), for this id.
      type: raw
      sample: terminated
    reason:
      description: AWS's reason for the state, or null.
      type: str
      sample: "Server.InsufficientInstanceCapacity: Insufficient capacity."
diagnosis:
  description:
    - What AWS says elsewhere about a failure or a timeout, if O(diagnose) is set; the first cause comes first.
  returned: unless the options are invalid
  type: list
  elements: dict
  contains:
    resource:
      description: The id of the resource, or null.
      type: raw
      sample: orders
    operation:
      description: The operation that returned it.
      type: str
      sample: DescribeStackEvents
    time:
      description: When it happened, in ISO 8601, or null.
      type: str
      sample: "2026-11-30T12:03:02+00:00"
    name:
      description: What it is about, or null.
      type: str
      sample: Database
    type:
      description: The type of that, or null.
      type: str
      sample: AWS::RDS::DBInstance
    text:
      description: AWS's own words.
      type: str
      sample: DB instance class db.m1.small is not supported for engine postgres.
timeline:
  description:
    - The observed values, one entry for each change. The order of lists is not a change, because AWS guarantees none.
    - Of more than 500 changes or 250,000 characters those in the middle are left out, with a warning.
  returned: unless the options are invalid
  type: list
  elements: dict
  contains:
    elapsed:
      description: Seconds from the start of the wait.
      type: float
      sample: 15.3
    attempt:
      description: The number of the attempt.
      type: int
      sample: 2
    observed:
      description: Like RV(observed).
      type: raw
      sample: [pending, running, running]
matched:
  description: The acceptor that decided the last attempt, null if none did.
  returned: unless the options are invalid
  type: dict
  contains:
    state:
      description: V(success), V(failure) or V(retry).
      type: str
      sample: failure
    matcher:
      description: The acceptor's matcher.
      type: str
      sample: pathAny
    argument:
      description: Its path, null for the matchers V(status) and V(error).
      type: str
      sample: Reservations[].Instances[].State.Name
    expected:
      description: The value that it expects, or a list of values.
      type: raw
      sample: terminated
error:
  description: The API or network error that ended the wait or that the last request met, otherwise null.
  returned: unless the options are invalid
  type: dict
  contains:
    code:
      description: The error code, or the name of boto3's exception if AWS sent no response.
      type: str
      sample: UnauthorizedOperation
    message:
      description: The error message.
      type: str
      sample: You are not authorized to perform this operation.
    status:
      description: The HTTP status, null if AWS sent no response.
      type: int
      sample: 403
transient:
  description: The number of transient errors, which were retried.
  returned: unless the options are invalid
  type: dict
  contains:
    throttled:
      description: Requests that AWS throttled.
      type: int
    server:
      description: Server errors, and responses that can't be parsed.
      type: int
    connection:
      description: Dropped connections and requests without a response.
      type: int
response:
  description:
    - The last response in AWS's spelling, with pages and parts merged, without C(ResponseMetadata). Times are in ISO
      8601, binary members are text or base64, and members that boto3's model marks as sensitive are masked.
    - Null with O(return_response=false), if there was no response, with O(return_response=auto) if the wait failed and
      the response is larger than 2 KB, and, with a warning, if it is larger than 1 MB.
  returned: unless the options are invalid
  type: dict
"""

from ansible_collections.cloudwait.aws.plugins.module_utils._module.start import start


def main() -> None:
    """Run the module."""
    start("wait")
    from ansible_collections.cloudwait.aws.plugins.module_utils._module.wait import main as run

    run()


if __name__ == "__main__":
    main()

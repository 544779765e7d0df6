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
  - Asks AWS again and again until a condition holds, and fails at once, with AWS's own reason, when it no longer can.
  - The condition is any of boto3's waiters or of the collection's catalogue, named by O(waiter), or one of your own,
    written as O(definition).
  - Names, paths and values are checked against boto3's model of the service before anything is sent. A misspelt state
    is an error with the right one suggested, and never a wait that can't end.
  - Where several ids are waited for, each is judged on its own part of the answer, and the message names those that
    are not as wanted.
options:
  service:
    description:
      - The service, by its boto3 name, such as V(ec2), V(elbv2) or V(stepfunctions).
    type: str
    required: true
  waiter:
    description:
      - The name of a waiter, as V(instance_running) or V(InstanceRunning).
      - It is looked for in O(definitions), then among boto3's waiters for the service, then in the collection's
        catalogue of waiters that boto3 lacks. M(cloudwait.aws.waiter_info) lists them.
      - Exactly one of O(waiter) and O(definition) is needed.
    type: str
  definition:
    description:
      - A waiter of your own, in one of four forms. All take C(operation), the API operation in AWS's spelling, and
        optionally C(delay), C(max_attempts), C(backoff), C(max_delay), C(description), C(message), a JMESPath
        expression that selects AWS's reason from the answer, and C(extends), the name of another waiter from which
        to start. An operation that may change something is refused.
      - "Short form: C(path), a JMESPath expression, with the lists C(success), C(failure), C(pending) and C(retry) of
        the values that it may have; and C(success_errors), C(failure_errors) and C(retry_errors), lists of API error
        codes. Errors are looked at first, then failure, success, pending and retry. Where the path gives a list (C([]),
        C([*]), filters), success means that all items match, failure that any does. No value, or an empty one, means
        not yet. So does one that is in none of the lists; but where C(pending) is given, such a value is a failure.
        C(retry) is C(pending) without that."
      - "Long form: C(acceptors), as in botocore's C(waiters-2.json) files: a list of C(state) (V(success), V(failure),
        V(retry)), C(matcher) (V(path), V(pathAll), V(pathAny), V(status), V(error)), C(argument) and C(expected). The
        first acceptor that matches decides; where none does, the wait goes on. C(expected) may be a list, which means
        any of them. Keys and matchers may be in snake_case."
      - "Smithy: an entry of the trait C(smithy.waiters#waitable): C(acceptors), a list of C(state) and C(matcher), that
        has one of C(output) and C(inputOutput) (with C(path), C(expected) and C(comparator)), C(errorType) and
        C(success); C(minDelay) and C(maxDelay), by default V(2) and V(120), with exponential back-off."
      - "AWS SDK for PHP, version 2: C(interval), C(max_attempts), C(ignore_errors); C(success.type), C(success.path),
        C(success.value), the same three with C(failure.), and with C(acceptor.) for both. Paths may be written as
        C(Items/*/State)."
      - "With C(extends), what is given overrides, and acceptors that are given are asked first. In the short form a
        list adds to that of the other waiter, and what the nearer one says of a value counts; in PHP's form a key
        replaces the other's."
    type: dict
  definitions:
    description:
      - Named definitions, for O(waiter) and for C(extends). Each is written like O(definition); a whole document
        C({version 2, waiters}) of botocore is taken too.
      - What C(__default__) says is inherited by all of them. Other names that begin with two underscores are there to
        be extended and can't be waited for.
      - An entry may carry its C(service), and is then seen only by waits on that service.
      - Set them once for a play by C(module_defaults) with the group C(cloudwait.aws.waits), or read them from a file;
        see the examples.
    type: dict
  params:
    description:
      - The operation's parameters, in AWS's own spelling.
      - A text is converted where the operation takes a number or a boolean. A single value never becomes a list.
      - An empty list of ids is refused, as AWS takes it for all of them.
    type: dict
    default: {}
  delay:
    description:
      - Seconds between two polls.
      - Without it the waiter's own value counts, and where that has none, V(5).
      - With O(timeout) and without O(max_attempts) it is at least V(0.2).
    type: float
    aliases: [wait_delay]
  max_attempts:
    description:
      - How many polls to make at most.
      - Without it the waiter's own value counts, and where that has none, V(120). But with O(timeout) alone there is no
        bound on the number of polls.
      - Throttling, server faults and broken connections use up no attempts.
    type: int
  timeout:
    description:
      - Seconds after which to give up, counted from the start of the wait, O(initial_delay) included.
      - The last poll is made when the time is up. A request that is still under way 1 second later is given up.
      - V(0) looks once.
    type: float
    aliases: [wait_timeout]
  initial_delay:
    description:
      - Seconds to wait before the first poll.
    type: float
    default: 0.0
  backoff:
    description:
      - V(fixed) polls every O(delay) seconds; V(exponential) doubles the pause after each poll, up to O(max_delay).
      - Without it the definition's own value counts, and where that has none, V(fixed).
    type: str
    choices: [fixed, exponential]
  max_delay:
    description:
      - The longest pause in seconds with O(backoff=exponential).
      - Without it the definition's own value counts, and where that has none, V(120), or O(delay) if that is more.
    type: float
  consecutive:
    description:
      - How many polls in a row must find the condition true.
    type: int
    default: 1
  retry_errors:
    description:
      - API error codes that mean "not yet" for this wait, whatever the waiter says of them.
    type: list
    elements: str
    default: []
  missing:
    description:
      - What it means that a resource is not there.
      - "V(auto): an id that is absent from the answer is not there yet, or a success where the waiter awaits absence.
        An error that says so is left to the waiter's acceptors, and ends the wait where none of them takes it."
      - "V(wait): not yet. V(success): a success. V(fail): a failure. Each holds for both, the absent id and the error."
      - "V(ignore): the answer is judged as a whole, as boto3 does, and an absent id goes unnoticed."
    type: str
    choices: [auto, wait, success, fail, ignore]
    default: auto
  corrections:
    description:
      - Whether to apply the collection's corrections to those of boto3's waiters that are defective, such as one that
        sits out a state that can't change any more. They are listed, with the reasons, in the collection's
        documentation and by M(cloudwait.aws.waiter_info). RV(source=corrected) says that there were some.
      - Without them the waiter's acceptors are those that botocore ships.
    type: bool
    default: true
  validate:
    description:
      - What to do about mistakes that the check of O(definition) and O(show) against boto3's model finds.
      - V(strict) fails, V(warn) warns and waits, V(off) says nothing.
      - A definition that can't be read at all fails in any case. boto3's own waiters are never refused.
    type: str
    choices: [strict, warn, 'off']
    default: strict
  show:
    description:
      - A JMESPath expression for what to report as RV(observed) and in messages. It has no influence on the wait.
      - Without it, it is derived from what the waiter looks at.
    type: str
  progress:
    description:
      - Which polls to print a line for while the task runs.
      - V(changes) prints one when what is observed has changed, and at least every 60 seconds; V(all) one for each
        poll; V(none) none. Nothing is printed for a task with C(no_log).
    type: str
    choices: [changes, all, none]
    default: changes
  event_log:
    description:
      - A file on the host that runs the module, to which everything that happens during the wait is appended, one JSON
        object a line. The collection's C(docs/event_log.md) describes them.
      - It is made with the mode V(0600) where there is none; its folder must be there. Several waits may write to one
        file at a time.
      - A file that can't be written to is an error before anything is sent to AWS. Where that turns out later, as on
        a full disk, it is a warning. In check mode nothing is written.
      - For a task with C(no_log) the lines hold nothing but names and states.
    type: path
  return_response:
    description:
      - Whether to return AWS's last answer as RV(response).
    type: bool
    default: true
  _progress:
    description:
      - Set by the action plugin and not by you. The file that the lines of progress go through.
    type: path
  _host:
    description:
      - Set by the action plugin and not by you. The inventory's name of the host.
    type: str
attributes:
  check_mode:
    details:
      - Looks once and never sleeps. RV(outcome=pending) means that a real run would wait. No outcome fails the task;
        only options that can't be used do.
requirements:
  - botocore >= 1.35.0
author:
  - The cloudwait developers (@cloudwait)
notes:
  - The module needs the permission for the operation that it polls and for nothing else.
  - Requests are sent by the host that runs the module; use C(delegate_to) or C(connection) to choose it.
  - Throttling, server faults, broken connections and answers that can't be parsed are ridden out, with growing pauses.
    They are bounded by O(timeout), and without one by the waiter's own delay times its attempts, but at least 300
    seconds in all. An endpoint that could never be reached is given up after about 10 seconds.
  - Answers that come in pages are read to the last page, unless O(params) sets a page size or a token, and lists of ids
    that are longer than the operation takes are split.
  - When the task is killed, by the keyword C(timeout) say, or by Ctrl-C, the module stops polling within a second. With
    C(async) the wait goes on without Ansible, as it is meant to. SIGTERM ends it, too.
  - Options that are shared by many tasks can be set once by C(module_defaults), in the groups C(cloudwait.aws.aws)
    (connection options, together with those of amazon.aws and community.aws) and C(cloudwait.aws.waits) (the rest).
seealso:
  - module: cloudwait.aws.waiter_info
  - name: JMESPath
    description: The language of paths.
    link: https://jmespath.org/
  - name: boto3 reference
    description: Lists the waiters of each service, its operations and their parameters.
    link: https://docs.aws.amazon.com/boto3/latest/reference/services/index.html
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - cloudwait.aws.attributes
"""

EXAMPLES = r"""
# ansible localhost -m cloudwait.aws.wait -a "service=s3 waiter=bucket_exists params='{\"Bucket\": \"logs\"}'"

- name: Wait until the instances run
  cloudwait.aws.wait:
    service: ec2
    waiter: instance_running
    params:
      InstanceIds: "{{ instances }}"

- name: Wait until the certificate is issued, by a waiter of your own
  cloudwait.aws.wait:
    service: acm
    definition: # short form: a status in none of the lists ends the wait at once
      operation: DescribeCertificate
      path: Certificate.Status
      success: [ISSUED]
      pending: [PENDING_VALIDATION]
    params:
      CertificateArn: "{{ arn }}"
    timeout: 1800

- name: Wait until the stack is there, by a waiter in botocore's own form
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

- name: Wait for a job that boto3 has no waiter for, but the collection's catalogue has
  cloudwait.aws.wait:
    service: glue
    waiter: job_run_succeeded
    params:
      JobName: nightly
      RunId: "{{ run }}"

- name: Start from a waiter that is there, and change what it makes of a state
  cloudwait.aws.wait:
    service: ec2
    definition:
      extends: instance_running
      path: Reservations[].Instances[].State.Name
      failure: [stopped]
    params:
      InstanceIds: "{{ instances }}"

- name: Use waiters that are kept in a file on the controller
  cloudwait.aws.wait:
    service: glacier
    waiter: vault_ready
    definitions: "{{ lookup('ansible.builtin.file', 'waiters.yml') | from_yaml }}"
    params:
      vaultName: archive

- name: Define waiters once for several tasks, which then just name them
  module_defaults:
    group/cloudwait.aws.waits:
      definitions:
        __default__: {delay: 10, max_attempts: 60}
        __Certificate: {operation: DescribeCertificate, path: Certificate.Status}
        CertificateReady: {service: acm, extends: __Certificate, success: [ISSUED], pending: [PENDING_VALIDATION]}
        CertificateGone: {service: acm, extends: __Certificate, success_errors: [ResourceNotFoundException]}
  block:
    - name: Wait until the certificate is there
      cloudwait.aws.wait:
        service: acm
        waiter: certificate_ready
        params:
          CertificateArn: "{{ arn }}"

- name: Poll every 5 seconds for at most an hour, however many polls that takes
  cloudwait.aws.wait:
    service: rds
    waiter: db_snapshot_available
    params:
      DBSnapshotIdentifier: nightly
    delay: 5
    timeout: 3600

- name: Poll at most 30 times, 10 seconds apart
  cloudwait.aws.wait:
    service: ecs
    waiter: services_stable
    params:
      cluster: prod
      services: [web, worker]
    delay: 10
    max_attempts: 30

- name: Deploy, and say what went wrong
  block:
    - name: Wait until the function is updated
      cloudwait.aws.wait:
        service: lambda
        waiter: function_updated_v2
        params:
          FunctionName: orders
  rescue:
    - name: Report it
      ansible.builtin.debug:
        msg: "{{ ansible_failed_result.outcome | default('bad input') }}: {{ ansible_failed_result.msg }}"

- name: Give the export ten minutes, but go on without it
  cloudwait.aws.wait:
    service: dynamodb
    waiter: export_completed
    params:
      ExportArn: "{{ export_arn }}"
    timeout: 600
  register: export
  failed_when: export.outcome | default('error') not in ['success', 'timeout']

- name: Try again when AWS or the network ends the wait with an error
  cloudwait.aws.wait:
    service: eks
    waiter: cluster_active
    params:
      name: prod
  register: cluster
  until: cluster.outcome | default('error') != 'error'
  retries: 3
  delay: 60

- name: Look once, without waiting
  cloudwait.aws.wait:
    service: rds
    waiter: db_instance_available
    params:
      DBInstanceIdentifier: orders
  check_mode: true
  register: database

- name: Say so if it is not there yet
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

- name: Wait until a new role may read the queue; its permissions take a while to spread
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
    - name: Wait until the image can be used
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

- name: Fetch what came of it
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
    - How the wait ended. The task fails on all but V(success).
    - "V(failure): a state was reached from which the condition can't come true. V(timeout): attempts or time ran out,
      or AWS could not be asked for too long. V(error): AWS or the network answered with what no retry can cure."
    - In check mode also V(pending), and no outcome fails the task.
    - V(cancelled) where the module was told to end by a signal; RV(msg) and the names are all that is returned then.
  returned: unless the options can't be used
  type: str
  sample: success
msg:
  description: One sentence for people, with what is known of the reason and what can be done.
  returned: always
  type: str
  sample: >-
    ec2 instance_running failed after 3 polls in 31 s: i-0ab1 is 'terminated' (wanted 'running'); 2 of 3 are running.
    AWS says: Server.InsufficientInstanceCapacity: Insufficient capacity.
problems:
  description: What is wrong with the options. Nothing was sent to AWS then.
  returned: when the options can't be used
  type: list
  elements: dict
  contains:
    severity:
      description: Always V(error) here.
      type: str
    path:
      description: Where the mistake stands.
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
  returned: unless the options can't be used
  type: str
  sample: ec2
waiter:
  description: The waiter's name in snake_case, null for O(definition).
  returned: unless the options can't be used
  type: str
  sample: instance_running
operation:
  description: The operation that was polled.
  returned: unless the options can't be used
  type: str
  sample: DescribeInstances
source:
  description:
    - Where the waiter comes from. V(builtin) (boto3), V(corrected) (boto3, with corrections), V(catalog) (the
      collection's catalogue), V(definitions) (O(definitions)) or V(inline) (O(definition)).
  returned: unless the options can't be used
  type: str
  sample: builtin
attempts:
  description:
    - The number of polls that were answered.
    - With the keyword C(until), Ansible puts its own count here.
  returned: unless the options can't be used
  type: int
  sample: 3
calls:
  description: The number of API requests sent; pages, parts of long id lists and retries are counted.
  returned: unless the options can't be used
  type: int
  sample: 4
elapsed:
  description: Seconds from the start of the wait to its end.
  returned: unless the options can't be used
  type: float
  sample: 31.042
delay:
  description: The O(delay) in force.
  returned: unless the options can't be used
  type: float
  sample: 15.0
max_attempts:
  description: The O(max_attempts) in force, null where there is no such bound.
  returned: unless the options can't be used
  type: int
  sample: 40
timeout:
  description: The O(timeout) in force, null where there is none.
  returned: unless the options can't be used
  type: float
  sample: 600.0
observed:
  description:
    - What O(show) selects from the last answer; the error code where that was an error.
    - For waiters that look at nothing but errors and HTTP statuses, the HTTP status.
    - What is longer than 250,000 characters is cut, and says so.
  returned: unless the options can't be used
  type: raw
  sample: [running, running, terminated]
resources:
  description: Each requested id, where O(params) has a list of ids which the answer repeats; else an empty list.
  returned: unless the options can't be used
  type: list
  elements: dict
  contains:
    id:
      description: The id as it was given.
      type: raw
      sample: i-0ab1
    outcome:
      description: V(success), V(failure), V(timeout) or V(error); V(pending) where another one's end ended the wait.
      type: str
      sample: failure
    observed:
      description: As RV(observed), of this one.
      type: raw
      sample: terminated
    reason:
      description: What AWS says of its state, or null.
      type: str
      sample: "Server.InsufficientInstanceCapacity: Insufficient capacity."
timeline:
  description:
    - What was observed, one entry each time that it had changed. The order of lists is no change, as AWS promises none.
    - Of more than 500 changes or 250,000 characters those in the middle are left out, with a warning.
  returned: unless the options can't be used
  type: list
  elements: dict
  contains:
    elapsed:
      description: Seconds from the start of the wait.
      type: float
      sample: 15.3
    attempt:
      description: The number of the poll.
      type: int
      sample: 2
    observed:
      description: As RV(observed).
      type: raw
      sample: [pending, running, running]
matched:
  description: The acceptor that decided at the last poll, null where none did.
  returned: unless the options can't be used
  type: dict
  contains:
    state:
      description: V(success), V(failure) or V(retry).
      type: str
      sample: failure
    matcher:
      description: What it looks at.
      type: str
      sample: pathAny
    argument:
      description: Its path, null for the matchers V(status) and V(error).
      type: str
      sample: Reservations[].Instances[].State.Name
    expected:
      description: The value that it expects, or the list of them.
      type: raw
      sample: terminated
error:
  description: The API or network error that the wait ended with or that its last try met, else null.
  returned: unless the options can't be used
  type: dict
  contains:
    code:
      description: The error's code, or the name of boto3's exception where AWS sent no answer.
      type: str
      sample: UnauthorizedOperation
    message:
      description: The error's message.
      type: str
      sample: You are not authorized to perform this operation.
    status:
      description: The HTTP status, null where AWS sent no answer.
      type: int
      sample: 403
transient:
  description: How many faults were ridden out.
  returned: unless the options can't be used
  type: dict
  contains:
    throttled:
      description: Requests that AWS throttled.
      type: int
    server:
      description: Server faults, and answers that can't be parsed.
      type: int
    connection:
      description: Broken connections and requests without an answer.
      type: int
response:
  description:
    - The last answer in AWS's spelling, its pages and parts put together, without C(ResponseMetadata). Times are in
      ISO 8601, binary members text or base64, and what boto3's model marks as sensitive is masked.
    - Null with O(return_response=false), where there was none, and where it is larger than 1 MB, with a warning.
  returned: unless the options can't be used
  type: dict
"""

from ansible_collections.cloudwait.aws.plugins.module_utils._module.wait import main

if __name__ == "__main__":
    main()

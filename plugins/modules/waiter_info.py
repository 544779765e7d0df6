#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List waiters, check definitions, and draft them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: waiter_info
short_description: List the available waiters, check your own, and draft new ones
version_added: 1.0.0
description:
  - Lists the available waiters, how long each waits, which parameters it requires and, in plain words, what ends it.
  - Finds mistakes in your own waiters before you use them. They are returned, and never fail the task.
  - Drafts a waiter for an operation that has none, with every state that its response can have.
  - Needs neither credentials nor a network. The connection options are accepted but ignored, so that C(module_defaults)
    can set them for all modules.
options:
  service:
    description:
      - The boto3 name of the service. Defaults to all services.
      - O(definition) and O(definitions) are validated against boto3's model of this service. Without it only their form
        is checked, and a warning in RV(problems) says so.
    type: str
  waiter:
    description:
      - The name of one waiter, such as V(instance_running) or V(InstanceRunning). Without O(service), waiters of this
        name for all services are returned.
      - It is looked up in O(definitions), then among boto3's waiters, then in the collection's catalogue.
    type: str
  definition:
    description:
      - A waiter to check and describe, in the form of O(cloudwait.aws.wait#module:definition).
    type: dict
  definitions:
    description:
      - Several definitions by name, or the complete content of a C(waiters-2.json) file.
      - An entry may have its own C(service).
    type: dict
  operation:
    description:
      - An operation of O(service), such as V(DescribeCertificate), for which to draft a definition.
    type: str
  details:
    description:
      - Also return what ends each waiter in plain words, its parameters, permissions, corrections and their evidence.
        Without it only RV(waiters[].service) to RV(waiters[].max_wait) are returned.
    type: bool
    default: false
    version_added: 1.1.0
requirements:
  - python >= 3.10
  - boto3 >= 1.35.0
  - botocore >= 1.35.0
author:
  - The cloudwait developers (@cloudwait)
notes:
  - The options can't be set in C(module_defaults) with the group C(cloudwait.aws.waits), because that may contain the
    timing, which this module doesn't have. It is in the group C(cloudwait.aws.aws).
  - boto3's own waiters, passed as O(definitions), are checked like any others. A few of them have mistakes.
seealso:
  - module: cloudwait.aws.wait
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - cloudwait.aws.attributes
"""

EXAMPLES = r"""
# ansible localhost -m cloudwait.aws.waiter_info -a "service=ec2 waiter=instance_running details=true"

- name: List the waiters of a service
  cloudwait.aws.waiter_info:
    service: ecs
    details: true
  register: ecs

- name: Show what ends each of them
  ansible.builtin.debug:
    msg: "{{ item.acceptors | map(attribute='text') }}"
  loop: "{{ ecs.waiters }}"
  loop_control:
    label: "{{ item.name }}, at most {{ item.max_wait }} s"

- name: Check a definition before using it
  cloudwait.aws.waiter_info:
    service: acm
    definition:
      operation: DescribeCertificate
      path: Certificate.Status
      success: [ISUED]
  register: certificate

- name: Fail on mistakes
  ansible.builtin.assert:
    that: certificate.problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ certificate.problems }}"

- name: Draft a waiter for a service that has none
  cloudwait.aws.waiter_info:
    service: cognito-idp
    operation: DescribeUserPoolDomain
  register: domain

- name: Show the draft, to edit and paste as a definition
  ansible.builtin.debug:
    msg: "{{ domain.draft | to_nice_yaml }}"

- name: Check a file of waiters
  cloudwait.aws.waiter_info:
    service: cloudformation
    definitions: "{{ lookup('ansible.builtin.file', 'waiters-2.json') | from_json }}"
"""

RETURN = r"""
services:
  description: The selected services, each with the number of its waiters.
  returned: success
  type: dict
  sample:
    ec2: 43
waiters:
  description:
    - The selected waiters. If O(definition) or O(definitions) is set without O(waiter), only those.
  returned: success
  type: list
  elements: dict
  contains:
    service:
      description: The service, null for a definition without one.
      type: str
      sample: ec2
    name:
      description: The waiter's name in snake_case, null for O(definition).
      type: str
      sample: instance_running
    model_name:
      description: The name as written in the definition.
      type: str
      sample: InstanceRunning
    operation:
      description: The operation that it polls.
      type: str
      sample: DescribeInstances
    description:
      description: The author's description, empty if there is none.
      type: str
    source:
      description:
        - V(builtin) (boto3), V(corrected) (boto3, with corrections), V(catalog) (the collection's catalogue),
          V(definitions) or V(inline) (O(definition)).
      type: str
      sample: builtin
    states:
      description:
        - The values, error codes and HTTP status codes that its acceptors expect, by the state of the wait.
          RV(waiters[].acceptors) has the conditions in full.
      type: dict
      contains:
        success:
          description: What ends the wait successfully.
          type: list
          elements: raw
          sample: ["running"]
        failure:
          description: What makes it fail.
          type: list
          elements: raw
          sample: ["shutting-down", "terminated", "stopping"]
        retry:
          description: What it explicitly waits through. Other states also keep it waiting.
          type: list
          elements: raw
          sample: ["InvalidInstanceID.NotFound"]
      version_added: 1.1.0
    delay:
      description: Seconds between two attempts.
      type: float
      sample: 15.0
    max_attempts:
      description: The maximum number of attempts.
      type: int
      sample: 40
    max_wait:
      description: The maximum duration of the wait in seconds, RV(waiters[].delay) times RV(waiters[].max_attempts).
      type: float
      sample: 600.0
    required_params:
      description: The parameters that the operation requires.
      returned: when O(details=true)
      type: list
      elements: str
      sample: []
    id_param:
      description: The parameter that accepts a list of ids, the first if there are several; null if there is none.
      returned: when O(details=true)
      type: str
      sample: InstanceIds
    id_limit:
      description: The maximum number of ids per request. Longer lists are split. Null if no limit is known.
      returned: when O(details=true)
      type: int
      sample: 1000
    diagnosis:
      description: The operations that look for the cause of a failure.
      returned: when O(details=true)
      type: list
      elements: str
      sample: ["cloudformation:DescribeStackEvents"]
    permissions:
      description: The IAM actions that the wait needs, those that look for the cause of a failure last.
      returned: when O(details=true)
      type: list
      elements: str
      sample: ["ec2:DescribeInstances"]
    initial_delay:
      description: Seconds before the first attempt.
      returned: when O(details=true)
      type: float
      sample: 0.0
    consecutive:
      description: How many consecutive attempts must find that the condition holds.
      returned: when O(details=true)
      type: int
      sample: 1
    settle:
      description:
        - The timing that O(cloudwait.aws.wait#module:after_change=true) uses, null if the waiter has none.
      returned: when O(details=true)
      type: dict
      contains:
        initial_delay:
          description: Seconds before the first attempt, null for the waiter's own.
          type: float
          sample: 60.0
        consecutive:
          description: How many consecutive attempts must find that the condition holds, null for the waiter's own.
          type: int
          sample: 3
    evidence:
      description: Where the states, their outcomes and the timing are documented.
      returned: when O(details=true)
      type: list
      elements: str
    acceptors:
      description: The acceptors, in the order in which they are evaluated.
      returned: when O(details=true)
      type: list
      elements: dict
      contains:
        state:
          description: V(success), V(failure) or V(retry).
          type: str
          sample: success
        matcher:
          description: How it matches, V(path), V(pathAll), V(pathAny), V(status) or V(error).
          type: str
          sample: pathAll
        argument:
          description: Its path, null for the matchers V(status) and V(error).
          type: str
          sample: Reservations[].Instances[].State.Name
        expected:
          description: The value that it expects, or a list of values.
          type: raw
          sample: running
        text:
          description: The acceptor in plain words.
          type: str
          sample: succeeds when every Reservations[].Instances[].State.Name is 'running'
    corrections:
      description:
        - The collection's corrections to one of boto3's waiters, unless a task sets
          O(cloudwait.aws.wait#module:corrections=false).
      returned: when O(details=true)
      type: list
      elements: dict
      contains:
        reason:
          description: The reason for the correction.
          type: str
          sample: A volume in error never becomes available.
        was:
          description: The acceptor that is replaced or removed, null if one is added.
          type: dict
        now:
          description: The acceptor that is added or replaces another, null if one is removed.
          type: dict
        gone:
          description: Whether a resource that is missing after it was seen counts as deleted, which is a success.
          type: bool
          sample: false
draft:
  description:
    - A definition for O(operation), ready to use as O(cloudwait.aws.wait#module:definition). Every state that the
      response can have is in one of its lists. The choice of the list is a guess; check it.
  returned: when O(operation) is given
  type: dict
  sample:
    operation: DescribeUserPoolDomain
    path: DomainDescription.Status
    success: [ACTIVE]
    failure: [DELETING, FAILED]
    pending: [CREATING, UPDATING]
    failure_errors: [ResourceNotFoundException]
    delay: 15
    max_attempts: 40
draft_params:
  description: The parameters that the operation requires or that identify the resource, with a value of the right type.
  returned: when O(operation) is given
  type: dict
  sample:
    Domain: CHANGE_ME
draft_states:
  description: All members of the response that look like a state, starting with the one that RV(draft) uses.
  returned: when O(operation) is given
  type: list
  elements: dict
  contains:
    path:
      description: The JMESPath expression.
      type: str
      sample: DomainDescription.Status
    success:
      description: Values that look like success.
      type: list
      elements: raw
    failure:
      description: Values that look like a failure.
      type: list
      elements: raw
    pending:
      description: All other values.
      type: list
      elements: raw
problems:
  description: The problems with O(definition) and O(definitions) or, if the module fails, with its options.
  returned: always
  type: list
  elements: dict
  contains:
    severity:
      description: V(error) for certain mistakes, V(warning) for possible ones.
      type: str
      sample: error
    path:
      description: The location in the definition; in O(definitions) it starts with the entry's name.
      type: str
      sample: success[0]
    problem:
      description: What is wrong there.
      type: str
      sample: "'ISUED' is not a value of Certificate.Status"
    suggestion:
      description: The nearest valid name, or null.
      type: str
      sample: ISSUED
"""

from ansible_collections.cloudwait.aws.plugins.module_utils._module.start import start


def main() -> None:
    """Run the module."""
    start("waiter_info")
    from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import main as run

    run()


if __name__ == "__main__":
    main()

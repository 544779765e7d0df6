#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what there is to wait for, and check definitions."""

from __future__ import annotations

DOCUMENTATION = r"""
module: waiter_info
short_description: List the waiters that there are, check your own, and draft new ones
version_added: 1.0.0
description:
  - Tells which waiters there are, how long each waits, which parameters it needs, and in plain words what ends it.
  - Finds what is wrong with waiters of your own before they are used. Mistakes are returned and never fail the task.
  - Drafts a waiter for an operation that has none, with every state that its answer can have.
  - Needs neither credentials nor a network. The connection options are accepted, so that C(module_defaults) can set
    them for all modules, and ignored.
options:
  service:
    description:
      - The service, by its boto3 name. Without it, all services.
      - O(definition) and O(definitions) are checked against boto3's model of this service. Without it their form alone
        is checked, and a warning among RV(problems) says so.
    type: str
  waiter:
    description:
      - The name of one waiter, as V(instance_running) or V(InstanceRunning). Without O(service), those of all services.
      - It is looked for in O(definitions), then among boto3's waiters, then in the collection's catalogue.
    type: str
  definition:
    description:
      - A waiter to check and to describe, written as for O(cloudwait.aws.wait#module:definition).
    type: dict
  definitions:
    description:
      - Several of them by name, or the whole content of a C(waiters-2.json) file.
      - An entry may carry its own C(service).
    type: dict
  operation:
    description:
      - An operation of O(service), such as V(DescribeCertificate), for which to draft a definition.
    type: str
requirements:
  - botocore >= 1.35.0
author:
  - The cloudwait developers (@cloudwait)
notes:
  - boto3's own waiters, given as O(definitions), are checked like any others. A few of them have mistakes.
seealso:
  - module: cloudwait.aws.wait
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - cloudwait.aws.attributes
"""

EXAMPLES = r"""
# ansible localhost -m cloudwait.aws.waiter_info -a "service=ec2 waiter=instance_running"

- name: Ask for the waiters of a service
  cloudwait.aws.waiter_info:
    service: ecs
  register: ecs

- name: Show what ends each of them
  ansible.builtin.debug:
    msg: "{{ item.acceptors | map(attribute='text') }}"
  loop: "{{ ecs.waiters }}"
  loop_control:
    label: "{{ item.name }}, at most {{ item.max_wait }} s"

- name: Check a definition before it is used
  cloudwait.aws.waiter_info:
    service: acm
    definition:
      operation: DescribeCertificate
      path: Certificate.Status
      success: [ISUED]
  register: certificate

- name: Refuse what can't be meant
  ansible.builtin.assert:
    that: certificate.problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ certificate.problems }}"

- name: Draft a waiter for a service that has none
  cloudwait.aws.waiter_info:
    service: cognito-idp
    operation: DescribeUserPoolDomain
  register: domain

- name: Show the draft, to be edited and pasted as a definition
  ansible.builtin.debug:
    msg: "{{ domain.draft | to_nice_yaml }}"

- name: Check a file of waiters
  cloudwait.aws.waiter_info:
    service: cloudformation
    definitions: "{{ lookup('ansible.builtin.file', 'waiters-2.json') | from_json }}"
"""

RETURN = r"""
services:
  description: The services that were asked for, each with the number of waiters that there are for it.
  returned: success
  type: dict
  sample:
    ec2: 43
waiters:
  description:
    - The waiters that were asked for. Where O(definition) or O(definitions) is given without O(waiter), those in it.
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
      description: The name as it is written in the definition.
      type: str
      sample: InstanceRunning
    operation:
      description: The operation that it polls.
      type: str
      sample: DescribeInstances
    description:
      description: What its author says of it, empty where he says nothing.
      type: str
    source:
      description:
        - V(builtin) (boto3), V(corrected) (boto3, with corrections), V(catalog) (the collection's catalogue),
          V(definitions) or V(inline) (O(definition)).
      type: str
      sample: builtin
    delay:
      description: Seconds between two polls.
      type: float
      sample: 15.0
    max_attempts:
      description: How many polls it makes at most.
      type: int
      sample: 40
    max_wait:
      description: How many seconds it waits at most, RV(waiters[].delay) times RV(waiters[].max_attempts).
      type: float
      sample: 600.0
    required_params:
      description: The parameters that the operation requires.
      type: list
      elements: str
      sample: []
    id_param:
      description: The parameter that takes a list of ids, the first where there are several; null where there is none.
      type: str
      sample: InstanceIds
    id_limit:
      description: How many ids one request takes. Longer lists are split. Null where no limit is known.
      type: int
      sample: 1000
    acceptors:
      description: What ends it, in the order in which they are asked.
      type: list
      elements: dict
      contains:
        state:
          description: V(success), V(failure) or V(retry).
          type: str
          sample: success
        matcher:
          description: What it looks at, V(path), V(pathAll), V(pathAny), V(status) or V(error).
          type: str
          sample: pathAll
        argument:
          description: Its path, null for the matchers V(status) and V(error).
          type: str
          sample: Reservations[].Instances[].State.Name
        expected:
          description: The value that it expects, or the list of them.
          type: raw
          sample: running
        text:
          description: All of it in plain words.
          type: str
          sample: succeeds when every Reservations[].Instances[].State.Name is 'running'
    corrections:
      description:
        - What the collection corrects in one of boto3's waiters, unless a task says
          O(cloudwait.aws.wait#module:corrections=false).
      type: list
      elements: dict
      contains:
        reason:
          description: Why.
          type: str
          sample: A volume in error never becomes available.
        was:
          description: The acceptor that is replaced or left out, null where one is added.
          type: dict
        now:
          description: The acceptor that is added or put in its place, null where one is left out.
          type: dict
        gone:
          description: Whether a resource that was seen and is not there any more counts as deleted, which is a success.
          type: bool
          sample: false
draft:
  description:
    - A definition for O(operation), ready to be used as O(cloudwait.aws.wait#module:definition). Every state that the
      answer can have is in one of its lists; which one is a guess, for you to check.
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
  description: The parameters that the operation requires or that name the resource, with a value of the right type.
  returned: when O(operation) is given
  type: dict
  sample:
    Domain: CHANGE_ME
draft_states:
  description: All members of the answer that look like a state, the one that RV(draft) uses first.
  returned: when O(operation) is given
  type: list
  elements: dict
  contains:
    path:
      description: The JMESPath expression.
      type: str
      sample: DomainDescription.Status
    success:
      description: Values that look like what is awaited.
      type: list
      elements: raw
    failure:
      description: Values that look like an end without success.
      type: list
      elements: raw
    pending:
      description: All others.
      type: list
      elements: raw
problems:
  description: What is wrong with O(definition) and O(definitions), or, where the module fails, with its options.
  returned: always
  type: list
  elements: dict
  contains:
    severity:
      description: V(error) for what can't be meant, V(warning) for what may be.
      type: str
      sample: error
    path:
      description: Where in the definition it stands; in O(definitions) the entry's name comes first.
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

from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import main

if __name__ == "__main__":
    main()

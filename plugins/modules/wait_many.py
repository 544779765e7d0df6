#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for many things at once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_many
short_description: Wait for many AWS resources at once
version_added: 1.0.0
description:
  - Runs any number of waits side by side in one task and one process, each with its own service, waiter, parameters
    and timing.
  - Waits on the same operation share their requests. A thousand instances are one request per poll, and each is judged
    on its own part of the answer, as a wait of its own would have been.
  - An id that AWS refuses fails its own wait and no other. Where AWS throttles, the requests of that operation slow
    down and no wait loses an attempt.
options:
  waits:
    description:
      - The waits. Each takes the options of M(cloudwait.aws.wait) that are listed here; what an entry does not say,
        the task's option of the same name says for it.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - How to call this wait in messages and results.
        type: str
      region:
        description:
          - The region of this wait, where it is not that of the task.
        type: str
      profile:
        description:
          - The profile of this wait, where it is not that of the task. Several accounts are
            waited for at once by one profile each.
        type: str
      service:
        description:
          - As O(cloudwait.aws.wait#module:service).
        type: str
      waiter:
        description:
          - As O(cloudwait.aws.wait#module:waiter).
        type: str
      definition:
        description:
          - As O(cloudwait.aws.wait#module:definition).
        type: dict
      definitions:
        description:
          - As O(cloudwait.aws.wait#module:definitions).
        type: dict
      params:
        description:
          - As O(cloudwait.aws.wait#module:params).
        type: dict
      delay:
        description:
          - As O(cloudwait.aws.wait#module:delay).
        type: float
        aliases: [wait_delay]
      max_attempts:
        description:
          - As O(cloudwait.aws.wait#module:max_attempts).
        type: int
      timeout:
        description:
          - As O(cloudwait.aws.wait#module:timeout).
        type: float
        aliases: [wait_timeout]
      initial_delay:
        description:
          - As O(cloudwait.aws.wait#module:initial_delay).
        type: float
      backoff:
        description:
          - As O(cloudwait.aws.wait#module:backoff).
        type: str
        choices: [fixed, exponential]
      max_delay:
        description:
          - As O(cloudwait.aws.wait#module:max_delay).
        type: float
      consecutive:
        description:
          - As O(cloudwait.aws.wait#module:consecutive).
        type: int
      retry_errors:
        description:
          - As O(cloudwait.aws.wait#module:retry_errors).
        type: list
        elements: str
      missing:
        description:
          - As O(cloudwait.aws.wait#module:missing).
        type: str
        choices: [auto, wait, success, fail, ignore]
      corrections:
        description:
          - As O(cloudwait.aws.wait#module:corrections).
        type: bool
      validate:
        description:
          - As O(cloudwait.aws.wait#module:validate).
        type: str
        choices: [strict, warn, 'off']
      show:
        description:
          - As O(cloudwait.aws.wait#module:show).
        type: str
      return_response:
        description:
          - As O(cloudwait.aws.wait#module:return_response).
        type: bool
  service:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:service).
    type: str
  waiter:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:waiter).
    type: str
  definition:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:definition).
    type: dict
  definitions:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:definitions).
    type: dict
  params:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:params).
    type: dict
    default: {}
  delay:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:delay).
    type: float
    aliases: [wait_delay]
  max_attempts:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:max_attempts).
    type: int
  timeout:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:timeout).
    type: float
    aliases: [wait_timeout]
  initial_delay:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:initial_delay).
    type: float
    default: 0.0
  backoff:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:backoff).
    type: str
    choices: [fixed, exponential]
  max_delay:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:max_delay).
    type: float
  consecutive:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:consecutive).
    type: int
    default: 1
  retry_errors:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:retry_errors).
    type: list
    elements: str
    default: []
  missing:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:missing).
    type: str
    choices: [auto, wait, success, fail, ignore]
    default: auto
  corrections:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:corrections).
    type: bool
    default: true
  validate:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:validate).
    type: str
    choices: [strict, warn, 'off']
    default: strict
  show:
    description:
      - The default of all entries, see O(cloudwait.aws.wait#module:show).
    type: str
  progress:
    description:
      - As O(cloudwait.aws.wait#module:progress). A line tells how many waits are in which state.
    type: str
    choices: [changes, all, none]
    default: changes
  event_log:
    description:
      - As O(cloudwait.aws.wait#module:event_log), for all waits together.
    type: path
  return_response:
    description:
      - Whether to return AWS's last answer to each wait.
    type: bool
    default: false
  require:
    description:
      - How many of the waits must succeed, V(all), V(any) or a number.
      - Once they have, the task ends, and what is still waited for is V(cancelled).
    type: str
    default: all
  fail_fast:
    description:
      - Whether to end the task as soon as so many waits have failed that O(require) is out of reach. What is still
        waited for is V(cancelled) then.
    type: bool
    default: true
  concurrency:
    description:
      - How many requests to have under way at once.
    type: int
    default: 16
  max_rate:
    description:
      - How many requests per second to send at most, for each account, region, service and operation.
      - Without it the rate follows from what AWS throttles.
    type: float
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
      - Looks once at each and never sleeps. No outcome fails the task; only options that can't be used do.
requirements:
  - botocore >= 1.35.0
author:
  - The cloudwait developers (@cloudwait)
notes:
  - All entries are checked before the first request. Each problem is reported with the entry's place and name.
  - Each wait keeps its own time. Those that poll the same operation with the same parameters but for the ids, and with
    the same credentials and region, are asked for together; a wait joins the others where its own poll is due soon.
  - An operation that takes a single id is polled for each.
seealso:
  - module: cloudwait.aws.wait
  - module: cloudwait.aws.waiter_info
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - cloudwait.aws.attributes
"""

EXAMPLES = r"""
- name: Wait for a whole environment at once
  cloudwait.aws.wait_many:
    waits:
      - {service: rds, waiter: db_instance_available, params: {DBInstanceIdentifier: orders}}
      - {service: ecs, waiter: services_stable, params: {cluster: prod, services: [web, worker]}}
      - {service: elbv2, waiter: target_in_service, params: {TargetGroupArn: "{{ target_group }}"}}
    timeout: 1200

- name: Wait for what the inventory lists, each thing with a name for the messages
  cloudwait.aws.wait_many:
    waits: "{{ things_to_wait_for }}"
    fail_fast: false

- name: Wait for the same function in three regions
  cloudwait.aws.wait_many:
    service: lambda
    waiter: function_updated_v2
    params: {FunctionName: orders}
    waits:
      - {name: Ireland, region: eu-west-1}
      - {name: Frankfurt, region: eu-central-1}
      - {name: Virginia, region: us-east-1}

- name: Go on as soon as two of three copies are there
  cloudwait.aws.wait_many:
    service: ec2
    waiter: image_available
    require: "2"
    waits:
      - {name: a, region: eu-west-1, params: {ImageIds: ["{{ image_a }}"]}}
      - {name: b, region: us-east-1, params: {ImageIds: ["{{ image_b }}"]}}
      - {name: c, region: us-west-2, params: {ImageIds: ["{{ image_c }}"]}}
"""

RETURN = r"""
outcome:
  description:
    - V(success) where as many waits have succeeded as O(require) says, else the worst that came to any of them,
      V(failure), V(error) or V(timeout). In check mode also V(pending).
    - Every outcome but V(success) fails the task.
  returned: unless the options can't be used
  type: str
  sample: success
msg:
  description: How many have succeeded, at what cost, and what came to the others, the worst first.
  returned: always
  type: str
  sample: 3 of 3 waits succeeded in 31 s (8 requests, 40 saved).
results:
  description:
    - What came to each wait, in the order of O(waits). The keys are those of M(cloudwait.aws.wait), and C(name).
    - The outcome may also be V(cancelled), where nobody waited for it any more.
    - C(calls) counts the requests that the wait had a part in.
  returned: unless the options can't be used
  type: list
  elements: dict
summary:
  description: How many waits came to which outcome.
  returned: unless the options can't be used
  type: dict
  sample: {success: 3}
calls:
  description: API requests sent, pages, parts of long lists and retries counted.
  returned: unless the options can't be used
  type: int
  sample: 8
calls_saved:
  description: How many more requests the waits would have sent if each had sent its own.
  returned: unless the options can't be used
  type: int
  sample: 40
elapsed:
  description: Seconds that it took.
  returned: unless the options can't be used
  type: float
  sample: 31.2
problems:
  description: What is wrong with the options, where the task fails because of that.
  returned: when the options can't be used
  type: list
  elements: dict
  contains:
    severity:
      description: Always V(error).
      type: str
      sample: error
    path:
      description: Where it stands, the entry's place and name first.
      type: str
      sample: waits[2] (orders).params.DBInstanceIdentifer
    problem:
      description: What is wrong there.
      type: str
    suggestion:
      description: The nearest valid name, or null.
      type: str
      sample: DBInstanceIdentifier
"""

from ansible_collections.cloudwait.aws.plugins.module_utils._module.wait_many import main

if __name__ == "__main__":
    main()

#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for many AWS resources at once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_many
short_description: Wait for many AWS resources at once
version_added: 1.0.0
description:
  - Runs any number of waits concurrently in one task and one process, each with its own service, waiter, parameters and
    timing.
  - Waits on the same operation share requests. A thousand instances can be checked with a single request, and each is
    judged on its own part of the response, as in a separate wait.
  - An id that AWS rejects fails only its own wait. When AWS throttles an operation, its requests slow down and no wait
    loses an attempt.
options:
  waits:
    description:
      - The waits. Each accepts the options of M(cloudwait.aws.wait) that are listed here. The options of the task are
        the defaults.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name of this wait in messages and results.
        type: str
      region:
        description:
          - The region of this wait, if it differs from the task's.
        type: str
      profile:
        description:
          - The profile of this wait, if it differs from the task's. To wait in several accounts, use one profile for
            each.
        type: str
      service:
        description:
          - See O(service).
        type: str
      waiter:
        description:
          - See O(waiter).
        type: str
      definition:
        description:
          - See O(definition).
        type: dict
      definitions:
        description:
          - See O(definitions).
        type: dict
      params:
        description:
          - See O(params). They are merged with those of the task; where both set a parameter, the wait's own counts.
        type: dict
      delay:
        description:
          - See O(delay).
        type: float
        aliases: [wait_delay]
      max_attempts:
        description:
          - See O(max_attempts).
        type: int
      timeout:
        description:
          - See O(timeout).
        type: float
        aliases: [wait_timeout]
      initial_delay:
        description:
          - See O(initial_delay).
        type: float
      backoff:
        description:
          - See O(backoff).
        type: str
        choices: [fixed, exponential]
      max_delay:
        description:
          - See O(max_delay).
        type: float
      jitter:
        description:
          - See O(jitter).
        type: bool
        version_added: 1.1.0
      consecutive:
        description:
          - See O(consecutive).
        type: int
      retry_errors:
        description:
          - See O(retry_errors).
        type: list
        elements: str
      missing:
        description:
          - See O(missing).
        type: str
        choices: [auto, wait, success, fail, ignore]
      corrections:
        description:
          - See O(corrections).
        type: bool
      validate:
        description:
          - See O(validate).
        type: str
        choices: [strict, warn, 'off']
      show:
        description:
          - See O(show).
        type: str
      return_response:
        description:
          - See O(return_response).
        type: raw
      after_change:
        description:
          - See O(after_change).
        type: bool
        version_added: 1.1.0
      diagnose:
        description:
          - See O(diagnose).
        type: bool
        version_added: 1.1.0
  progress:
    description:
      - See O(cloudwait.aws.wait#module:progress). Each line shows how many waits are in which state.
  event_log:
    description:
      - See O(cloudwait.aws.wait#module:event_log). All waits write to the same file.
  return_response:
    description:
      - Whether to return AWS's last response to each wait; see O(cloudwait.aws.wait#module:return_response).
    type: raw
    default: false
  require:
    description:
      - How many waits must succeed, V(all), V(any), a number, or a percentage such as V(90%), which is rounded up.
      - Once that many have succeeded, the task ends and the pending waits are V(cancelled).
    type: str
    default: all
  fail_fast:
    description:
      - Whether to end the task as soon as O(require) can no longer be met. The pending waits are then V(cancelled).
    type: bool
    default: true
  concurrency:
    description:
      - The maximum number of requests in flight.
      - No service, region or account takes all of them. A request without a response for more than 1 s no longer keeps
        the requests of another service, region or account waiting, and after 10 s it is no longer counted.
    type: int
    default: 16
  max_rate:
    description:
      - The maximum number of requests per second, for each account, region, service and operation.
      - By default the rate adapts to AWS's throttling.
    type: float
attributes:
  check_mode:
    details:
      - Makes a single attempt for each wait and never sleeps. No outcome fails the task; only invalid options do.
requirements:
  - python >= 3.10
  - boto3 >= 1.35.0
  - botocore >= 1.35.0
author:
  - The cloudwait developers (@cloudwait)
notes:
  - All entries are validated before the first request. Each problem is reported with the entry's position and name.
  - Each wait keeps its own schedule, and no attempt comes before it is due. Waits share a request if they poll the same
    operation with the same credentials, region and parameters, except for the ids, and if they are due at the same
    time. A wait without a timeout waits for others for up to a tenth of its delay.
  - For one round of attempts the task sends at most twice as many requests as separate waits would send.
  - An operation that accepts a single id is polled once for each id.
seealso:
  - module: cloudwait.aws.wait
  - module: cloudwait.aws.waiter_info
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - cloudwait.aws.attributes
  - cloudwait.aws.wait
"""

EXAMPLES = r"""
- name: Wait for a whole environment in one task
  cloudwait.aws.wait_many:
    waits:
      - {service: rds, waiter: db_instance_available, params: {DBInstanceIdentifier: orders}}
      - {service: ecs, waiter: services_stable, params: {cluster: prod, services: [web, worker]}}
      - {service: elbv2, waiter: target_in_service, params: {TargetGroupArn: "{{ target_group }}"}}
    timeout: 1200

- name: Run the waits that the inventory lists
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

- name: Continue as soon as two of three copies are available
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
    - V(success) if as many waits succeeded as O(require) demands, otherwise the worst outcome of any wait, V(failure),
      V(error) or V(timeout). In check mode also V(pending).
    - Every outcome except V(success) fails the task.
  returned: always
  type: str
  sample: success
msg:
  description: How many waits succeeded, at what cost, and what happened to the others, worst first.
  returned: always
  type: str
  sample: 3 of 3 waits succeeded in 31 s (8 requests, 40 saved).
results:
  description:
    - The result of each wait, in the order of O(waits), with the keys of M(cloudwait.aws.wait) and C(index),
      C(name) (or its ids), C(region), C(profile) and C(params), in which secrets are masked.
    - The outcome is V(cancelled) if the task ended before the wait did.
    - C(calls) counts the requests that were sent for this wait alone. A request for several waits is in the RV(calls)
      of the task only.
  returned: unless the options are invalid
  type: list
  elements: dict
summary:
  description: The number of waits for each outcome.
  returned: unless the options are invalid
  type: dict
  sample: {success: 3}
calls:
  description:
    - The number of API requests sent, including pages, parts of long id lists and retries.
    - "It is the sum of C(calls) over RV(results), plus the requests that were sent for several waits."
  returned: unless the options are invalid
  type: int
  sample: 8
calls_saved:
  description: How many more requests separate waits would have sent, in as many attempts as these waits made.
  returned: unless the options are invalid
  type: int
  sample: 40
elapsed:
  description: Seconds from the start of the task to its end.
  returned: unless the options are invalid
  type: float
  sample: 31.2
problems:
  description: The problems with the options. No request was sent to AWS.
  returned: when the options are invalid
  type: list
  elements: dict
  contains:
    severity:
      description: Always V(error).
      type: str
      sample: error
    path:
      description: The location of the problem, starting with the entry's position and name.
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

from ansible_collections.cloudwait.aws.plugins.module_utils._module.start import start


def main() -> None:
    """Run the module."""
    start("wait_many")
    from ansible_collections.cloudwait.aws.plugins.module_utils._module.wait_many import main as run

    run()


if __name__ == "__main__":
    main()

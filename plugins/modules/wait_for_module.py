#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for the result of any module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_for_module
short_description: Wait until the result of any module meets a condition
version_added: 1.1.0
description:
  - Runs a module again and again until its result meets a condition, and fails immediately, with the module's own
    message, once the condition can no longer be met.
  - The condition is written as O(definition), like the inline waiters of M(cloudwait.aws.wait). Without one, the wait
    ends as soon as the module succeeds.
options:
  module:
    description:
      - The name of the module, such as V(ansible.builtin.uri). Modules with an action plugin can be used too.
    type: str
    required: true
  args:
    description:
      - The arguments of the module. Those that C(module_defaults) sets for it apply.
    type: dict
    default: {}
  definition:
    description:
      - The condition, in the short form (C(path) with C(success), C(failure), C(pending) and C(retry)) or the long form
        (C(acceptors)) of M(cloudwait.aws.wait). Paths are JMESPath expressions on the module's result, in which
        C(failed) is always a member.
      - The result of a module has neither API error codes nor an HTTP status of its own. C(success_errors),
        C(failure_errors), C(retry_errors) and the matchers V(error) and V(status) can't be used, nor C(operation),
        C(extends), C(settle) and C(diagnose).
      - C(message) is an expression for the reason. By default it is C(msg) and C(stderr) of a failed result.
    type: dict
  success_when_ok:
    description:
      - Whether the wait succeeds when the module succeeds, unless O(definition) says what success is. A result that the
        definition judges otherwise is not a success.
      - A failed result means "not yet", unless O(definition) says that it is a failure.
    type: bool
    default: true
  delay:
    description:
      - Seconds between two attempts. Defaults to the definition's own delay, or to V(5).
      - With O(timeout) and without O(max_attempts) it is at least V(0.2).
    type: float
    aliases: [wait_delay]
  max_attempts:
    description:
      - The maximum number of attempts. Defaults to the definition's own limit, or to V(120). With O(timeout) alone the
        number of attempts is not limited.
      - Broken connections don't use up attempts.
    type: int
  timeout:
    description:
      - Seconds after which the wait times out, measured from its start and including O(initial_delay).
      - The last attempt is made at the deadline. A module that is running then isn't interrupted.
      - V(0) checks once.
    type: float
    aliases: [wait_timeout]
  initial_delay:
    description:
      - Seconds before the first attempt. Defaults to the definition's own value, or to V(0).
    type: float
  backoff:
    description:
      - V(fixed) polls every O(delay) seconds; V(exponential) doubles the delay after each attempt, up to O(max_delay).
      - Defaults to the definition's own value, or to V(fixed).
    type: str
    choices: [fixed, exponential]
  max_delay:
    description:
      - The longest delay in seconds with O(backoff=exponential).
      - Defaults to the definition's own value, or, if it has none, to V(120) or O(delay), whichever is greater.
    type: float
  consecutive:
    description:
      - How many consecutive attempts must find that the condition holds. Defaults to the definition's own value, or to
        V(1).
    type: int
  show:
    description:
      - A JMESPath expression for the value to report as C(observed) and in messages. It doesn't affect the wait.
      - By default it is derived from the paths of O(definition).
    type: str
  progress:
    description:
      - Which attempts to print a progress line for.
      - V(changes) prints a line when the observed value has changed, and at least every 60 seconds between two
        attempts; V(all) prints one for each attempt; V(none) prints nothing. Tasks with C(no_log) never print progress.
    type: str
    choices: [changes, all, none]
    default: changes
  event_log:
    description:
      - A file on the controller, to which the events of the wait are appended, one JSON object per line.
        C(docs/event_log.md) in the collection describes the format. In check mode nothing is written.
    type: path
  return_response:
    description:
      - Whether to return the module's last result as RV(response), V(true) or V(false).
      - V(auto) returns that of a failed wait only if it has at most 2 KB.
    type: raw
    default: auto
attributes:
  check_mode:
    details:
      - Runs the module once, in check mode. RV(outcome=pending) means that a real run would wait, or that the module
        doesn't support check mode. No outcome fails the task; only invalid options do.
  async:
    support: none
    details:
      - The polls are made by the controller.
requirements:
  - jmespath, on the controller
author:
  - The cloudwait developers (@cloudwait)
notes:
  - The keywords of the task, such as C(become), C(environment), C(delegate_to), C(no_log) and C(check_mode), apply to
    the module. C(until) isn't needed.
  - A broken connection is retried with growing delays. O(timeout) limits how long that may last. Without it, the limit
    is the delay times the attempts of the definition, but at least 300 seconds in total.
  - Arguments that the module doesn't accept end the wait at once.
  - Every attempt starts the module anew, as C(until) does. It doesn't take less CPU time than that.
  - RV(ignore:changed) is always false, even if the module says that it changed something.
  - The options can't be set in C(module_defaults) with the group C(cloudwait.aws.waits), because that may contain
    options for AWS. Set them for C(cloudwait.aws.wait_for_module).
seealso:
  - module: cloudwait.aws.wait
  - name: JMESPath
    description: The language of the path expressions.
    link: https://jmespath.org/
extends_documentation_fragment:
  - cloudwait.aws.attributes
"""

EXAMPLES = r"""
- name: Wait until the shop responds
  cloudwait.aws.wait_for_module:
    module: ansible.builtin.uri
    args:
      url: https://shop.example.com/health
    timeout: 300

- name: Wait until the import is done, and fail at once if it is rejected
  cloudwait.aws.wait_for_module:
    module: ansible.builtin.uri
    args:
      url: https://shop.example.com/imports/7
    definition:
      path: json.state
      success: [done]
      failure: [rejected]
      message: json.reason
    delay: 2
    timeout: 600

- name: Wait until no job is left in the queue, three times in a row
  cloudwait.aws.wait_for_module:
    module: ansible.builtin.command
    args:
      cmd: lpstat -o
    definition:
      path: stdout
      success: [""]
    consecutive: 3
"""

RETURN = r"""
outcome:
  description:
    - How the wait ended. Every outcome except V(success) fails the task.
    - "V(failure): the result meets a condition of failure. V(timeout): attempts or time ran out, or the connection was
      broken for too long. V(error): the module or the wait rejects the options."
    - In check mode also V(pending), and no outcome fails the task.
  returned: always
  type: str
  sample: success
msg:
  description: The outcome in one sentence, with the reason if known, and what to do.
  returned: always
  type: str
  sample: >-
    ansible.builtin.uri failed after 3 polls in 31 s: json.state is 'rejected' (wanted 'done'). uri says: no such file.
problems:
  description: The problems with the options, as M(cloudwait.aws.wait) returns them. The module didn't run.
  returned: when the options are invalid
  type: list
  elements: dict
module:
  description: The module that was polled.
  returned: unless the options are invalid
  type: str
  sample: ansible.builtin.uri
attempts:
  description: The number of times that the module returned a result.
  returned: unless the options are invalid
  type: int
  sample: 3
elapsed:
  description: Seconds from the start of the wait to its end.
  returned: unless the options are invalid
  type: float
  sample: 31.042
delay:
  description: The O(delay) in effect.
  returned: unless the options are invalid
  type: float
  sample: 5.0
max_attempts:
  description: The O(max_attempts) in effect, null if there is no such limit.
  returned: unless the options are invalid
  type: int
  sample: 120
timeout:
  description: The O(timeout) in effect, null if there is none.
  returned: unless the options are invalid
  type: float
  sample: 600.0
observed:
  description:
    - The value of O(show) in the last result. By default the value of a path of O(definition); without any, V(ok),
      V(failed) or V(skipped).
  returned: unless the options are invalid
  type: raw
  sample: rejected
timeline:
  description: The observed values, one entry for each change, with C(elapsed), C(attempt) and C(observed).
  returned: unless the options are invalid
  type: list
  elements: dict
matched:
  description: The acceptor that decided the last attempt, null if none did.
  returned: unless the options are invalid
  type: dict
error:
  description: The error that ended the wait or that the last attempt met, with C(code) and C(message), or null.
  returned: unless the options are invalid
  type: dict
transient:
  description: The number of transient errors, which were retried. Broken connections are counted as C(connection).
  returned: unless the options are invalid
  type: dict
response:
  description:
    - The module's last result, without C(invocation), C(exception), C(warnings) and C(deprecations).
    - Null with O(return_response=false), if there was no result, with O(return_response=auto) if the wait failed and
      the result is larger than 2 KB, and, with a warning, if it is larger than 1 MB.
  returned: unless the options are invalid
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cloudwait.aws.plugins.module_utils._module.module_wait import (
    NO_ACTION_PLUGIN,
    module_wait_spec,
)


def main() -> None:
    """Fail: the wait is made by the action plugin."""
    module = AnsibleModule(argument_spec=module_wait_spec(), supports_check_mode=True)
    module.fail_json(msg=NO_ACTION_PLUGIN, outcome="error")


if __name__ == "__main__":
    main()

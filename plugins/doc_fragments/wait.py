# Copyright: Contributors to the cloudwait project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that wait and wait_many have in common."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  service:
    description:
      - The boto3 name of the service, such as V(ec2), V(elbv2) or V(stepfunctions).
    type: str
  waiter:
    description:
      - The name of a waiter, such as V(instance_running) or V(InstanceRunning).
      - It is looked up in O(definitions), then among boto3's waiters for the service, then in the collection's
        catalogue of waiters that boto3 lacks. M(cloudwait.aws.waiter_info) lists them.
      - Exactly one of O(waiter) and O(definition) is required.
    type: str
  definition:
    description:
      - An inline waiter, in one of four forms. All forms take C(operation), the API operation in AWS's spelling, which
        must be read-only and can be inherited. All accept C(delay), C(max_attempts), C(backoff), C(max_delay),
        C(description), C(message), a JMESPath expression for AWS's reason in the response, and C(extends), the name of
        another waiter to start from.
      - All forms accept C(initial_delay) and C(consecutive), like the options; C(settle), a mapping of the two that is
        used instead with O(after_change); C(diagnose), where AWS keeps the cause of a failure; and C(evidence) and
        C(because), notes on where the states are documented.
      - "Short form: C(path), a JMESPath expression; C(success), C(failure), C(pending) and C(retry), lists of the
        values that it may have; and C(success_errors), C(failure_errors) and C(retry_errors), lists of API error codes.
        Errors are evaluated first, then C(failure), C(success), C(pending) and C(retry). If the path returns a list
        (C([]), C([*]), filters), success means that all items match, and failure that any item does. A missing or empty
        value means not yet. So does an unlisted value, unless C(pending) is set: an unlisted value is then a failure.
        C(retry) is like C(pending), but doesn't have this effect."
      - "Long form: C(acceptors), as in botocore's C(waiters-2.json) files: a list of C(state) (V(success), V(failure),
        V(retry)), C(matcher) (V(path), V(pathAll), V(pathAny), V(status), V(error)), C(argument) and C(expected). The
        first acceptor that matches decides; if none matches, the wait continues. C(expected) may be a list, which means
        any of its items. Keys and matchers may be in snake_case."
      - "Smithy form: an entry of the trait C(smithy.waiters#waitable). C(acceptors) is a list of C(state) and
        C(matcher); a matcher has one of C(output), C(inputOutput) (both with C(path), C(expected) and C(comparator)),
        C(errorType) and C(success). C(minDelay) and C(maxDelay) default to V(2) and V(120), with exponential backoff."
      - "AWS SDK for PHP 2 form: C(interval), C(max_attempts), C(ignore_errors); C(success.type), C(success.path),
        C(success.value), the same keys with C(failure.), and with C(acceptor.) for both. Paths like C(Items/*/State)
        are accepted."
      - "With C(extends), the keys that you set override the inherited ones, and your acceptors are evaluated first. In
        the short form your lists are added to the inherited ones, and take precedence for the values that they contain.
        In the PHP form each key replaces the inherited one."
    type: dict
  definitions:
    description:
      - Named definitions, for O(waiter) and for C(extends). Each has the form of O(definition). A complete botocore
        document C({version 2, waiters}) is also accepted.
      - All of them inherit from C(__default__). Other names that begin with two underscores are abstract; they can be
        extended but not waited for.
      - An entry with a C(service) applies only to waits on that service.
      - An entry that is invalid fails only the waits that use it, or that extend it. For the others it is a warning.
      - Set them once for a play in C(module_defaults) with the group C(cloudwait.aws.waits), or read them from a file;
        see the examples.
    type: dict
  params:
    description:
      - The operation's parameters, in AWS's spelling.
      - A string is converted if the operation expects a number or a boolean. A single value is never converted to a
        list.
      - An empty list of ids is an error, because AWS takes it to mean all resources. Parameters that name and select no
        resource are a warning for the same reason.
    type: dict
    default: {}
  delay:
    description:
      - Seconds between two attempts.
      - Defaults to the waiter's own delay, or to V(5) if it has none.
      - With O(timeout) and without O(max_attempts) it is at least V(0.2).
    type: float
    aliases: [wait_delay]
  max_attempts:
    description:
      - The maximum number of attempts.
      - Defaults to the waiter's own limit, or to V(120) if it has none. With O(timeout) alone the number of attempts is
        not limited.
      - Transient errors (throttling, server errors, dropped connections) don't use up attempts.
    type: int
  timeout:
    description:
      - Seconds after which the wait times out, measured from its start and including O(initial_delay).
      - The last attempt is made at the deadline. A request that is still in flight 1 second later is abandoned.
      - V(0) checks once.
    type: float
    aliases: [wait_timeout]
  initial_delay:
    description:
      - Seconds before the first attempt.
      - Defaults to the definition's own value, or to V(0) if it has none.
    type: float
  backoff:
    description:
      - V(fixed) polls every O(delay) seconds; V(exponential) doubles the delay after each attempt, up to O(max_delay).
      - Defaults to the definition's own value, or to V(fixed) if it has none.
    type: str
    choices: [fixed, exponential]
  max_delay:
    description:
      - The longest delay in seconds with O(backoff=exponential).
      - Defaults to the definition's own value, or, if it has none, to V(120) or O(delay), whichever is greater.
    type: float
  jitter:
    description:
      - Whether delays that grow are random, so that many tasks that AWS throttles at the same time don't retry at the
        same time. With O(backoff=exponential) the delay is then between O(delay) and the computed delay; a retry after
        a transient error comes after at most the computed delay.
      - Set it to V(false) for a predictable timetable. With O(backoff=fixed) the attempts themselves are never random.
    type: bool
    default: true
    version_added: 1.1.0
  consecutive:
    description:
      - How many consecutive attempts must find that the condition holds.
      - Defaults to the definition's own value, or to V(1) if it has none.
    type: int
  after_change:
    description:
      - Set it if the task before has just changed the resource, so that AWS may still show the state from before the
        change. If the waiter has C(settle), its C(initial_delay) and C(consecutive) are used.
        M(cloudwait.aws.waiter_info) shows them.
    type: bool
    default: false
    version_added: 1.1.0
  retry_errors:
    description:
      - API error codes that mean "not yet" for this wait, whatever the waiter makes of them.
    type: list
    elements: str
    default: []
  missing:
    description:
      - What a missing resource means.
      - "V(auto): an id that is missing from the response means not yet, or success if the waiter waits for a deletion.
        A not-found error is left to the waiter's acceptors, and ends the wait if none of them matches."
      - "V(wait): not yet. V(success): success. V(fail): failure. Each applies to missing ids and to not-found errors."
      - "V(ignore): the response is judged as a whole, as boto3 does, and a missing id goes unnoticed."
    type: str
    choices: [auto, wait, success, fail, ignore]
    default: auto
  corrections:
    description:
      - Whether to correct boto3's defective waiters, such as one that keeps polling after a final state. The
        collection's documentation and M(cloudwait.aws.waiter_info) list the corrections and the reasons.
        In results C(source) is then V(corrected).
      - If V(false), the waiter has the acceptors that botocore ships.
    type: bool
    default: true
  validate:
    description:
      - What to do about mistakes in O(definition) and O(show) that the validation against boto3's model finds.
      - V(strict) fails, V(warn) warns and waits, V(off) ignores them.
      - A definition that is used and can't be parsed always fails. boto3's own waiters are never rejected.
    type: str
    choices: [strict, warn, 'off']
    default: strict
  show:
    description:
      - A JMESPath expression for the value to report as C(observed) and in messages. It doesn't affect the wait.
      - By default it is derived from the paths of the waiter's acceptors.
    type: str
  progress:
    description:
      - Which attempts to print a progress line for.
      - V(changes) prints a line when the observed value has changed, and at least every 60 seconds; V(all) prints one
        for each attempt; V(none) prints nothing. Tasks with C(no_log) never print progress.
    type: str
    choices: [changes, all, none]
    default: changes
  event_log:
    description:
      - A file on the host that runs the module, to which the events of the wait are appended, one JSON object per line.
        C(docs/event_log.md) in the collection describes the format.
      - A new file is created with mode V(0600). Its folder must exist. Several waits may write to the same file at the
        same time.
      - If the file can't be written to, the task fails before the first request. If a write fails later, for example
        because the disk is full, the task warns. In check mode nothing is written.
      - For a task with C(no_log) the lines contain only names and states.
    type: path
  diagnose:
    description:
      - After a failure or a timeout, whether to look for the cause where AWS keeps it, such as the events of a stack.
        The result has it as C(diagnosis), and the message ends with it.
      - This takes at most 3 requests and 5 seconds. Errors in it don't change the outcome.
    type: bool
    default: true
    version_added: 1.1.0
"""

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes in words the last state of each resource, the wanted state, and AWS's reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._aws.binding import Binding
from .._aws.response import MASK, plain
from .._definition.describe import describe
from .._definition.expression import Expression, walk
from .._definition.model import Acceptor, State
from .._definition.observed import counted_path, values_behind
from .._definition.problem import cite
from .._definition.text import for_people, listed
from .._engine.mentions import named, texts_in
from .._engine.poll_result import PollResult, ServiceError
from .._engine.verdict import Decision, ResourceVerdict, Verdict

MOST_NAMED = 10
MOST_REASONS = 3
LONGEST_QUOTE = 1000
MOST_WANTED = 3
_NAMELESS = {"is": "the resource", "has": "the response"}
"""The subject of a clause where the parameters name no resource."""
_RESULT = dict.fromkeys(_NAMELESS, "the result")
"""The same where a module is polled."""


class _Clause(NamedTuple):
    """A statement about resources: with a verb they are its subject, without a verb "for" names them."""

    verb: str
    text: str

    def of(self, names: Sequence[str], nameless: Mapping[str, str]) -> str:
        who = listed([name for name in names if name])
        if not self.verb:
            return f"{self.text} for {who}" if who else self.text
        verb = self.verb if len(names) == 1 else {"is": "are", "has": "have"}[self.verb]
        return f"{who or nameless[self.verb]} {verb} {self.text}"


class StateText(NamedTuple):
    """Describes the last response to a wait and the verdict on it. ``still``: the wait has not finished."""

    binding: Binding
    verdict: Verdict
    answer: PollResult
    still: bool = False

    def with_decision(self, decision: Decision) -> str:
        """The resources with this decision and their last state; each state is named once."""
        entries = list(self._entries(decision))
        shown, hidden = entries[:MOST_NAMED], entries[MOST_NAMED:]
        by_clause: dict[_Clause, list[str]] = {}
        for name, entry in shown:
            by_clause.setdefault(self._clause(name, entry), []).append(name)
        clauses = [clause.of(names, self._nameless) for clause, names in by_clause.items()]
        if not hidden:
            return ", ".join(clauses)
        more = f"{len(hidden)} more"
        if len({self._clause(name, entry) for name, entry in entries}) == 1:
            clause, names = next(iter(by_clause.items()))
            return clause.of([*names, more], self._nameless)
        return f"{', '.join(clauses)}, and {more}"

    @property
    def others(self) -> str:
        """How many have succeeded if not all have: "2 of 3 are running"."""
        done, total = len(self._done), len(self.verdict.resources)
        return f"{done} of {total} {'is' if done == 1 else 'are'} {self._state_of_done}" if 0 < done < total else ""

    @property
    def all_done(self) -> str:
        """How many of several have succeeded, and with what: "3 of 3 running"."""
        done, total = len(self._done), len(self.verdict.resources)
        return f"{done} of {total} {self._state_of_done}" if done and total > 1 else ""

    def wanted(self, decision: Decision) -> str:
        """The values of the state that mean success: "(wanted 'running')".

        Empty if one of them was observed, and something else decided. If there are several, the one in the waiter's
        name.
        """
        if self.verdict.absent or self._is_as_wanted(decision):
            return ""
        named = _fold(self.binding.definition.name or "")
        values = [cite(value) for value in self._wanted if isinstance(value, str) and _fold(value) in named]
        values = list(dict.fromkeys(values or map(cite, self._wanted)))
        more = [f"{len(values) - MOST_WANTED} more"] if len(values) > MOST_WANTED else []
        return f" (wanted {listed([*values[:MOST_WANTED], *more], 'or')})" if values else ""

    @property
    def _wanted(self) -> list[Any]:
        is_condition = self.binding.show is None or not self.binding.show.plain_path
        return [
            value
            for acceptor in self.binding.definition.acceptors
            if acceptor.state is State.SUCCESS and self._is_shown(acceptor)
            for value in acceptor.expected
            if not (is_condition and isinstance(value, bool))
        ]

    def _is_as_wanted(self, decision: Decision) -> bool:
        """Whether the observed state is a wanted one and therefore explains nothing."""
        seen = [value for _name, entry in self._entries(decision) for value in _values(entry.observed)]
        return all(value in self._wanted for value in seen)

    @property
    def decided(self) -> str:
        """What decided, if it isn't the observed state: "tasks[].containers[].exitCode is 1"."""
        acceptor, decision = self.verdict.acceptor, self.verdict.decision
        if acceptor is None or acceptor.argument is None:
            return ""
        if self._is_shown(acceptor):
            return f"the waiter {describe(acceptor)}" if self._is_as_wanted(decision) else ""
        if _seeks_words(acceptor.argument) and self.reasons(decision, ""):
            return ""  # AWS's own words decided, and these are quoted
        if acceptor.argument.plain_path and len(acceptor.expected) == 1 and not acceptor.negated:
            return f"the waiter {describe(acceptor)}"  # the only value that it can have seen
        found: dict[str, list[Any]] = {}
        for part in self._parts(decision):
            for path, values in values_behind(acceptor.argument, part).items():
                if self.binding.show is None or path != self.binding.show.text:
                    found.setdefault(path, []).extend(values)
        if len(found) == 1 and not any(isinstance(value, bool) for value in acceptor.expected):
            found = {
                path: [v for v in values if (v in acceptor.expected) != acceptor.negated] or values
                for path, values in found.items()
            }
        return listed([_member_text(path, values) for path, values in found.items()][:MOST_WANTED])

    @property
    def correction(self) -> str:
        """The reason of the correction that added the deciding acceptor, if it isn't about the observed state."""
        acceptor = self.verdict.acceptor
        if acceptor is None or acceptor.argument is None or self._is_shown(acceptor):
            return ""
        argument, state = acceptor.argument.text, acceptor.state.value
        added = [change for change in self.binding.definition.corrections if change.get("now")]
        made = [c for c in added if (c["now"].get("argument"), c["now"]["state"]) == (argument, state)]
        return str(made[0]["reason"]) if made else ""

    def _parts(self, decision: Decision) -> Iterator[Mapping[str, Any]]:
        """The parts of the response about the resources with this decision, without secrets."""
        identity, response = self.binding.identity, self.answer.response
        labels = {entry.resource.label for entry in self.verdict.resources if entry.decision is decision}
        parts = [response]
        if identity is not None and labels:
            parts = [
                part for resource, part, _there in identity.split(response).by_resource if resource.label in labels
            ]
        for part in parts:
            shown = self.binding.json_safe(part) if self.binding.holds_secrets else part
            decisive = self.verdict.acceptor
            yield {"input": self.binding.given, "output": shown} if decisive and decisive.with_input else shown

    def reasons(self, decision: Decision, said: str) -> str:
        """AWS's own message. ``said``: the text before it, so that an error code isn't repeated."""
        error = self.verdict.error
        if error is not None:
            is_told = error.code in said
            return quote(error, self.binding.speaker, with_code=not is_told) if error.message or not is_told else ""
        entries = [entry for _name, entry in self._entries(decision)]
        found = [entry.reason for entry in entries if entry.reason and entry.reason not in _values(entry.observed)]
        if not found and self.verdict.reason and self.verdict.reason not in _values(self.verdict.observed):
            found = [self.verdict.reason]
        told = [reason for reason in dict.fromkeys(found) if reason != MASK]
        if found and not told:
            return "AWS marks its reason as sensitive, so it isn't shown"
        return f"{self.binding.speaker} says: {'; '.join(told[:MOST_REASONS])}" if told else ""

    def _entries(self, decision: Decision) -> Iterator[tuple[str, Verdict | ResourceVerdict]]:
        entries = [entry for entry in self.verdict.resources if entry.decision is decision]
        if not entries:
            yield self._name, self.verdict
        yield from ((entry.resource.label, entry) for entry in entries)

    @property
    def _is_result(self) -> bool:
        """Whether the response is a module's result, which has no resources."""
        return self.binding.operation_model is None

    @property
    def _nameless(self) -> Mapping[str, str]:
        return _RESULT if self._is_result else _NAMELESS

    @property
    def _name(self) -> str:
        """The name of what is waited for; empty if the parameters don't say."""
        identity = self.binding.identity
        names = [resource.label for resource in identity.resources] if identity else []
        more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
        return self.binding.subject or listed([*names[:MOST_NAMED], *more])

    def _clause(self, name: str, entry: Verdict | ResourceVerdict) -> _Clause:
        error, show = self.answer.error or self.answer.refused.get(name), self.binding.show
        still = "still " if self.still and entry.decision is not Decision.SUCCESS else ""
        is_gone = entry.absent and entry.decision is Decision.SUCCESS
        if entry.absent and (is_gone or error is None or _is_about(error, name, self.binding.given)):
            words = {Decision.SUCCESS: "gone", Decision.NOT_YET: "not there yet"}
            return _Clause("is", words.get(entry.decision, "not there"))
        if error is not None:
            speaker = _speaker(error, self.binding.speaker)
            return _Clause("", f"{speaker} {still}{'raises' if speaker == 'boto3' else 'returns'} {error.code}")
        if show is None:
            if entry.decision is Decision.SUCCESS:
                return _Clause("is", "there")
            return _Clause("", f"AWS {still}returns HTTP status {entry.observed}")
        values = _values(entry.observed)
        is_empty = entry.observed in (None, [], {}, "")
        if not show.plain_path and (self._awaits_truth if is_empty else all(isinstance(v, bool) for v in values)):
            if len(values) < 2 and entry.decision is not Decision.FAILURE and self._awaits_truth:
                # the value itself may be a secret, and a masked value isn't what was judged
                values = [entry.decision is Decision.SUCCESS]
            return _condition(show, values, self.still)
        if is_empty:
            if entry.decision is Decision.SUCCESS:
                return _Clause("is", "as expected")
            return _Clause("has", f"no {show.text}" if show.plain_path else "no state yet")
        cited = ", ".join(list(dict.fromkeys(map(cite, plain(values))))[:MOST_NAMED])
        if all(isinstance(value, bool | int | float) for value in values) or (show.plain_path and self._is_result):
            return _Clause("", f"{show.text} is {still}{cited}")
        return _Clause("is", f"{still}{cited}")

    @property
    def _awaits_truth(self) -> bool:
        """Whether the observed value is a condition that must become true."""
        acceptors = [acceptor for acceptor in self.binding.definition.acceptors if self._is_shown(acceptor)]
        return any(acceptor.state is State.SUCCESS and acceptor.expected == (True,) for acceptor in acceptors)

    def _is_shown(self, acceptor: Acceptor) -> bool:
        """Whether the acceptor reads the state that is shown, of all items or of some."""
        argument, show = acceptor.argument, self.binding.show
        if argument is None or show is None:
            return False
        return argument == show or (argument.member_path is not None and argument.member_path == show.member_path)

    @property
    def _done(self) -> list[ResourceVerdict]:
        return [entry for entry in self.verdict.resources if entry.decision is Decision.SUCCESS]

    @property
    def _state_of_done(self) -> str:
        states = {_success(entry) for entry in self._done}
        return states.pop() if len(states) == 1 else "as expected"


def _fold(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").casefold()


def _seeks_words(expression: Expression) -> bool:
    """Whether it looks for words in a text of AWS's, as in ``rolloutStateReason``."""
    calls = [node for node in walk(expression.tree) if node["type"] == "function_expression"]
    return any(call["value"] == "contains" and call["children"][0]["type"] != "literal" for call in calls)


def _condition(show: Expression, values: Sequence[bool], unfinished: bool) -> _Clause:
    """Describes a condition in words, as the expression itself would be hard to read."""
    is_met, yet = all(values), " yet" if unfinished else ""
    if show.denied or show.counts_absence:
        return _Clause("is", "gone" if is_met else f"{'still ' if unfinished else ''}there")
    counted = counted_path(show)
    if counted is not None and counted.is_projection:
        return _Clause("is", "there" if is_met else f"not there{yet}")
    if counted is not None and counted.plain_path:
        return _Clause("has", counted.text if is_met else f"no {counted.text}")
    if len(values) > 1:
        return _Clause("", f"the waiter's condition is met by {sum(values)} of {len(values)}")
    return _Clause("", f"the waiter's condition is {'met' if is_met else f'not{yet} met'}")


def _member_text(path: str, values: Sequence[Any]) -> str:
    """The values of a member: "tasks[].containers[].exitCode is 1 and 137"."""
    if any(isinstance(value, Mapping | list) for value in values):
        return f"{path} has {len(values)} item{'' if len(values) == 1 else 's'}"
    there = list(dict.fromkeys(cite(value) for value in plain(values) if value is not None))
    more = [f"{len(there) - MOST_WANTED} more"] if len(there) > MOST_WANTED else []
    return f"{path} is {listed([*there[:MOST_WANTED], *more])}" if there else f"there is no {path}"


def _values(observed: Any) -> list[Any]:
    return observed if isinstance(observed, list) else [observed]


def quote(error: ServiceError, speaker: str, with_code: bool = True) -> str:
    """An error quoted: "AWS says: Throttling: Rate exceeded"."""
    text = error.text if with_code else error.message
    return f"{_speaker(error, speaker)} says: {for_people(text, LONGEST_QUOTE)}"


def _success(entry: ResourceVerdict) -> str:
    if entry.absent:
        return "gone"
    told = entry.acceptor is not None and isinstance(entry.observed, str) and entry.observed in entry.acceptor.expected
    return str(entry.observed) if told else "as expected"


def _is_about(error: ServiceError, name: str, given: Mapping[str, Any]) -> bool:
    """Whether the error is about this resource and not about another one in the parameters, such as a cluster."""
    own = {name, *name.split("/")}
    if not error.message or error.code == "404" or named(error.message, list(own)):
        return True
    others = [text for text in texts_in(given) if text not in own]
    words = {word.strip("'\"`.,:;()[]") for word in error.message.split()}
    return not own.isdisjoint(words) and not named(error.message, others)


def _speaker(error: ServiceError, speaker: str) -> str:
    return "boto3" if error.status is None and speaker == "AWS" else speaker

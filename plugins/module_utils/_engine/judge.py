# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says of a wait: the acceptors asked in order, of each requested resource on its own part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .._definition.expression import Expression, ExpressionError
from .._definition.model import Acceptor, Definition, Matcher, State
from .._definition.problem import short
from .absence import Absence, Missing
from .by_part import can_be_asked_of_parts
from .matchers import matches
from .poll_result import PollResult, ServiceError
from .reasons import reason_in
from .response_split import Identity, Parts, Resource
from .verdict import WHOLE, Decision, ResourceVerdict, Verdict

LONGEST_QUOTED = 120
"""Characters of an expression in a note."""
_DECISIONS = {State.SUCCESS: Decision.SUCCESS, State.FAILURE: Decision.FAILURE, State.RETRY: Decision.NOT_YET}


@dataclass(frozen=True)
class Judge:
    """Judges the answers of one wait. ``show`` selects what is shown of them, ``reasons`` AWS's words for a state.

    ``request``: the parameters as the user gave them, for acceptors that look at them. ``conceal``: masks the secrets
    in a response before anything of it is shown; None where it can't hold any.
    """

    definition: Definition
    identity: Identity | None = None
    missing: Missing = Missing.AUTO
    retry_errors: frozenset[str] = frozenset()
    show: Expression | None = None
    reasons: Sequence[Expression] = ()
    conceal: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    request: Mapping[str, Any] = field(default_factory=dict)

    def judge(self, answer: PollResult, seen: Set[str] = frozenset()) -> Verdict:
        """The verdict on an answer: an error first, then what is missing, then the acceptors in their order.

        ``seen``: the labels of the resources that an earlier answer held (``Verdict.present``).
        """
        error = answer.error
        if error is not None:
            return self._on_error(error, seen)
        identity = self.identity
        if identity is None or self.missing is Missing.IGNORE:
            return self._on_whole(answer)
        if identity.lone:
            parts = identity.split(answer.response)
            _resource, part, is_present = parts.by_resource[0]
            if not is_present and not parts.unmatched:  # items of other resources say nothing of this one
                answer = replace(answer, response=part)
            is_empty, decision = identity.is_empty(answer.response), self._absence.decision
            if is_empty and decision is not None:
                return Verdict(decision, absent=True)
            verdict = self._on_whole(answer)
            if not is_empty:
                return verdict
            if verdict.acceptor is None and self._absence.is_deletion(WHOLE, seen):
                return verdict._replace(decision=Decision.SUCCESS, absent=True)
            return verdict._replace(absent=True)
        parts = identity.split(answer.response)
        if parts.unmatched and not answer.refused and not seen:
            note = "No requested id could be found in the items of the answer, so the answer is judged as a whole."
            verdict = self._on_whole(answer)
            return verdict._replace(notes=(*verdict.notes, note), is_untold=True)
        return self._on_parts(answer, parts, seen)

    @cached_property
    def is_steady(self) -> bool:
        """Whether answers that differ in their metadata alone (the request's id, headers) are judged alike."""
        arguments = [a.argument for a in self.definition.acceptors if a.argument is not None]
        paths = [expression.plain_path for expression in (*arguments, *([self.show] if self.show is not None else []))]
        return all(path and "ResponseMetadata" not in path for path in paths)

    @cached_property
    def _absence(self) -> Absence:
        return Absence(self.definition, self.identity, self.missing, self.request)

    @property
    def _listed(self) -> tuple[Resource, ...]:
        """The resources that results tell of one by one."""
        return () if self.identity is None or self.identity.lone else self.identity.resources

    def explain(self, verdict: Verdict, answer: PollResult) -> Verdict:
        """The verdict with AWS's own reasons, for the last answer of a wait."""
        if answer.error is not None:
            return verdict._replace(reason=answer.error.message or None)
        by_label: dict[str, str | None] = {}
        if self.identity is not None and verdict.resources:
            for resource, part, present in self.identity.split(answer.response).by_resource:
                by_label[resource.label] = self._reason(PollResult(part, answer.status)) if present else None
        resources = tuple(
            entry._replace(reason=by_label.get(entry.resource.label) or entry.reason) for entry in verdict.resources
        )
        return verdict._replace(resources=resources, reason=self._reason(answer))

    def _rule_on_error(self, error: ServiceError, is_gone: bool, notes: list[str]) -> tuple[Decision, Acceptor | None]:
        if error.code in self.retry_errors and error.status is not None:
            return Decision.NOT_YET, None
        is_absent, decision = self._absence.is_told_by(error), self._absence.decision
        if is_absent and decision is not None:
            return decision, None
        acceptor = self._first(PollResult({}, error.status, error), self.definition.acceptors, notes)
        if acceptor is not None:
            return _DECISIONS[acceptor.state], acceptor
        if is_absent and is_gone:
            return Decision.SUCCESS, None
        return (Decision.TRANSIENT if error.kind.is_transient else Decision.ERROR), None

    def _on_error(self, error: ServiceError, seen: Set[str]) -> Verdict:
        """An error answers for every requested resource alike."""
        notes: list[str] = []
        labels = [resource.label for resource in self._listed] or [WHOLE]
        is_gone = all(self._absence.is_deletion(label, seen) for label in labels)
        decision, acceptor = self._rule_on_error(error, is_gone, notes)
        entries = tuple(self._refused(resource, error, decision, acceptor) for resource in self._listed)
        return Verdict(
            decision, acceptor, error.code, entries, error, self._absence.is_told_by(error), notes=tuple(notes)
        )

    def _refused(
        self, resource: Resource, error: ServiceError, decision: Decision, acceptor: Acceptor | None
    ) -> ResourceVerdict:
        absent = self._absence.is_told_by(error)
        return ResourceVerdict(resource, decision, error.code, error.message or None, acceptor, absent)

    def _on_whole(self, answer: PollResult) -> Verdict:
        notes: list[str] = []
        acceptor = self._first(answer, self.definition.acceptors, notes)
        decision = Decision.NOT_YET if acceptor is None else _DECISIONS[acceptor.state]
        observed = self._observe(answer, notes)
        entries = tuple(ResourceVerdict(resource, decision, observed, acceptor=acceptor) for resource in self._listed)
        return Verdict(decision, acceptor, observed, entries, notes=tuple(notes))

    def _on_parts(self, answer: PollResult, parts: Parts, seen: Set[str]) -> Verdict:
        notes: list[str] = []
        whole = {
            index: self._matches(acceptor, answer, notes)
            for index, acceptor in enumerate(self.definition.acceptors)
            if not can_be_asked_of_parts(acceptor, self.identity)
        }
        entries = []
        for resource, part, present in parts.by_resource:
            error = answer.refused.get(resource.label)
            if error is not None:
                is_gone = self._absence.is_deletion(resource.label, seen)
                entries.append(self._refused(resource, error, *self._rule_on_error(error, is_gone, notes)))
                continue
            # of a single resource the part is the whole, and what has been looked up in that need not be again
            part_answer = answer if part == answer.response else PollResult(part, answer.status)
            decision, acceptor = self._rule_on_part(part_answer, present, whole, notes)
            is_open = acceptor is None and decision is Decision.NOT_YET
            if is_open and not present and self._absence.is_deletion(resource.label, seen):
                decision = Decision.SUCCESS
            observed = self._observe(part_answer, notes)
            entries.append(ResourceVerdict(resource, decision, _lone(observed), None, acceptor, not present))
        decision, acceptor = self._sum_up(answer, entries, notes)
        error = None
        if decision is Decision.ERROR:
            error = next(answer.refused[e.resource.label] for e in entries if e.decision is Decision.ERROR)
        observed = self._observe(answer, notes)
        return Verdict(decision, acceptor, observed, tuple(entries), error, notes=tuple(dict.fromkeys(notes)))

    def _rule_on_part(
        self, part: PollResult, present: bool, whole: dict[int, bool], notes: list[str]
    ) -> tuple[Decision, Acceptor | None]:
        if not present and self._absence.decision is not None:
            return self._absence.decision, None
        for index, acceptor in enumerate(self.definition.acceptors):
            if not (whole[index] if index in whole else self._matches(acceptor, part, notes)):
                continue
            if not present and acceptor.state is State.SUCCESS and not self._absence.is_meant_by(acceptor):
                break  # true of nothing at all, so it says nothing of this resource
            return _DECISIONS[acceptor.state], acceptor
        if not present and self._absence.succeeds:
            return Decision.SUCCESS, None
        return Decision.NOT_YET, None

    def _sum_up(
        self, answer: PollResult, entries: Sequence[ResourceVerdict], notes: list[str]
    ) -> tuple[Decision, Acceptor | None]:
        """All must succeed and none may fail; where a ``pathAny`` success is the first to match, any will do."""
        by_decision: dict[Decision, ResourceVerdict] = {}
        for entry in entries:
            by_decision.setdefault(entry.decision, entry)
        for decisive in (Decision.FAILURE, Decision.ERROR):
            if decisive in by_decision:
                return decisive, by_decision[decisive].acceptor
        if Decision.NOT_YET not in by_decision:
            return Decision.SUCCESS, by_decision[Decision.SUCCESS].acceptor
        if self._any_will_do and (self.missing is Missing.AUTO or not any(entry.absent for entry in entries)):
            first = self._first(answer, self.definition.acceptors, notes)
            if first is not None and first.state is State.SUCCESS and first.matcher is Matcher.PATH_ANY:
                return Decision.SUCCESS, first
        return Decision.NOT_YET, by_decision[Decision.NOT_YET].acceptor

    @cached_property
    def _any_will_do(self) -> bool:
        return any(
            acceptor.state is State.SUCCESS and acceptor.matcher is Matcher.PATH_ANY
            for acceptor in self.definition.acceptors
        )

    def _first(self, answer: PollResult, acceptors: Sequence[Acceptor], notes: list[str]) -> Acceptor | None:
        return next((acceptor for acceptor in acceptors if self._matches(acceptor, answer, notes)), None)

    def _matches(self, acceptor: Acceptor, answer: PollResult, notes: list[str]) -> bool:
        if acceptor.with_input:
            answer = replace(answer, response={"input": self.request, "output": answer.response})
        try:
            return matches(acceptor, answer)
        except ExpressionError as error:
            where = short(acceptor.argument.text, LONGEST_QUOTED) if acceptor.argument else acceptor.argument_at
            # jmespath repeats the value that it can't take, and that may be a secret
            why = f": {error}" if self.conceal is None else ""
            notes.append(f"{where} could not be evaluated on an answer, so it counts as no match{why}")
            return False

    def _observe(self, answer: PollResult, notes: list[str]) -> Any:
        if self.show is None:
            return answer.status
        try:
            return answer.search(self.show) if self.conceal is None else self.show.search(self._visible(answer))
        except ExpressionError as error:
            notes.append(f"show: could not be evaluated on an answer: {error}")
            return None

    def _visible(self, answer: PollResult) -> Mapping[str, Any]:
        return answer.response if self.conceal is None else self.conceal(answer.response)

    def _reason(self, answer: PollResult) -> str | None:
        return reason_in(self._visible(answer), self.reasons)


def _lone(observed: Any) -> Any:
    """One resource's value out of the list that a projection gives."""
    if isinstance(observed, list):
        return observed[0] if len(observed) == 1 else (observed or None)
    return observed

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sentence for people about how a wait ended: what, which resource, last seen, how long, why, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .._aws.builtins import snake_case
from .._definition.model import Acceptor, Matcher, State
from .._definition.problem import cite
from .._engine.answer import ErrorKind, ServiceError
from .._engine.judge import ResourceVerdict, Ruling, Verdict
from .._engine.outcome import Bound, Ending, Outcome
from .._engine.schedule import Schedule
from .request import Request

MOST_NAMED = 10


def message(request: Request, schedule: Schedule, outcome: Outcome) -> str:
    """The sentence for an outcome (DESIGN section 5)."""
    return _Teller(request, schedule, outcome).tell()


def title(request: Request) -> str:
    """What was awaited: ``ec2 instance_running``, or the operation of an inline definition."""
    definition = request.binding.definition
    return f"{request.binding.service} {snake_case(definition.name) if definition.name else definition.operation}"


@dataclass(frozen=True)
class _Teller:
    request: Request
    schedule: Schedule
    outcome: Outcome

    def tell(self) -> str:
        sentences = {
            Ending.SUCCESS: self._success,
            Ending.FAILURE: self._failure,
            Ending.TIMEOUT: self._timeout,
            Ending.ERROR: self._error,
            Ending.PENDING: self._pending,
        }[self.outcome.ending]()
        return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)

    @property
    def _took(self) -> str:
        attempts = self.outcome.attempts
        return f"after {attempts} poll{'' if attempts == 1 else 's'} in {seconds(self.outcome.elapsed)}"

    def _success(self) -> list[str]:
        verdict, title_ = self._verdict, title(self.request)
        weather = f" ({self._weather})" if self._weather else ""
        if verdict.resources:
            done = [entry for entry in verdict.resources if entry.ruling is Ruling.SUCCESS]
            state = self._wanted(done[0].acceptor if done else verdict.acceptor) or "there"
            if done and all(entry.absent for entry in done):
                state = "gone"
            return [f"{title_}: {len(done)} of {len(verdict.resources)} {state} {self._took}{weather}"]
        return [f"{title_}: {self._state(self._name, verdict, '')} {self._took}{weather}"]

    def _failure(self) -> list[str]:
        reasons = _reasons(self._verdict, Ruling.FAILURE)
        return [f"{title(self.request)} failed {self._took}: {self._culprits(Ruling.FAILURE)}", _says(reasons)]

    def _timeout(self) -> list[str]:
        head = f"{title(self.request)} timed out {self._took}"
        fault = self.outcome.fault
        if self.outcome.verdict is None:
            return [f"{head}: no answer came", self._last_fault, self._advice]
        if self.outcome.bound is Bound.WEATHER:
            return [f"{head}: faults outlasted {seconds(self.schedule.weather_bound)}", self._last_fault, self._advice]
        successes = self._verdict.ruling is Ruling.SUCCESS
        if successes:
            state = f"it has succeeded, but not {self.schedule.consecutive} times in a row"
        else:
            state = self._culprits(Ruling.NOT_YET)
        return [f"{head}: {state}", self._last_fault if fault else "", self._advice]

    def _error(self) -> list[str]:
        error = self._verdict.error
        head = f"{title(self.request)} stopped {self._took}"
        if error is None:
            return [head]
        if error.kind is ErrorKind.UNREACHABLE:
            return [f"{head}: {error.message}", "Check endpoint_url, region, proxy and TLS settings"]
        if error.kind is ErrorKind.CREDENTIALS:
            return [f"{head}: the credentials have run out or can't be had", _quote(error), "Renew them and run again"]
        return [f"{head}: {self._of(self._name)}AWS refused the request", _quote(error)]

    def _pending(self) -> list[str]:
        if self.outcome.verdict is None:
            return [f"{title(self.request)} is not there yet: no answer came", self._last_fault]
        return [f"{title(self.request)} is not there yet: {self._culprits(Ruling.NOT_YET)}"]

    def _culprits(self, ruling: Ruling) -> str:
        """The resources with this ruling and what they were last seen as; then how the others are."""
        verdict = self._verdict
        entries = [entry for entry in verdict.resources if entry.ruling is ruling]
        if not entries:
            return self._state(self._name, verdict, "still " if ruling is Ruling.NOT_YET else "")
        still = "still " if ruling is Ruling.NOT_YET else ""
        named = [self._state(entry.resource.label, entry, still) for entry in entries[:MOST_NAMED]]
        more = [f"and {len(entries) - MOST_NAMED} more"] if len(entries) > MOST_NAMED else []
        text = ", ".join([*named, *more])
        done = [entry for entry in verdict.resources if entry.ruling is Ruling.SUCCESS]
        if done and len(verdict.resources) > 1:
            wanted = self._wanted(done[0].acceptor) or "done"
            text += f"; {len(done)} of {len(verdict.resources)} {'is' if len(done) == 1 else 'are'} {wanted}"
        return text

    def _state(self, name: str | None, seen: Verdict | ResourceVerdict, still: str) -> str:
        """``orders is still 'modifying' (wanted 'available')``, in the words that fit what was seen."""
        prefix = f"{name} " if name else ""
        if isinstance(seen, ResourceVerdict) and seen.absent:
            return f"{prefix}is {'not there' if seen.ruling is Ruling.FAILURE else 'gone' if not still else 'not there yet'}"
        error = self._verdict.error
        if error is not None:
            return f"{f'for {name} ' if name else ''}AWS answers {error.code}"
        if seen.observed is None or seen.observed == []:
            return (
                f"{prefix}has {still and 'still '}no state to see" if still else f"{name or 'the answer'} is as wanted"
            )
        if self.request.binding.show is None:
            return f"{f'for {name} ' if name else ''}AWS answers with HTTP status {seen.observed}"
        wanted = self._wanted_of(seen.acceptor) if seen.ruling is not Ruling.SUCCESS else ""
        return f"{prefix or 'it '}is {still}{_cite(seen.observed)}{f' (wanted {wanted})' if wanted else ''}"

    def _wanted_of(self, decisive: Acceptor | None) -> str:
        """The values that would have been a success where the state was seen."""
        show = self.request.binding.show
        argument = decisive.argument if decisive is not None and decisive.argument is not None else show
        values = [
            cite(value)
            for acceptor in self.request.binding.definition.acceptors
            if acceptor.state is State.SUCCESS and acceptor.argument is not None and acceptor.argument == argument
            for value in acceptor.expected
        ]
        return " or ".join(values)

    @staticmethod
    def _wanted(acceptor: Acceptor | None) -> str:
        if acceptor is None or not acceptor.matcher.takes_path or not isinstance(acceptor.expected[0], str):
            return "gone" if acceptor is not None and acceptor.matcher is Matcher.ERROR else ""
        return " or ".join(str(value) for value in acceptor.expected)

    @property
    def _verdict(self) -> Verdict:
        return self.outcome.verdict or Verdict(Ruling.NOT_YET)

    @property
    def _name(self) -> str | None:
        identity = self.request.binding.identity
        if identity is None:
            return self.request.binding.subject
        labels = [resource.label for resource in identity.resources]
        return labels[0] if len(labels) == 1 else f"{len(labels)} resources"

    @staticmethod
    def _of(name: str | None) -> str:
        return f"{name}: " if name else ""

    @property
    def _weather(self) -> str:
        words = {ErrorKind.THROTTLED: "throttled", ErrorKind.SERVER: "server faults", ErrorKind.CONNECTION: "cut off"}
        return ", ".join(f"{words[kind]} {times(count)}" for kind, count in self.outcome.transient.items())

    @property
    def _last_fault(self) -> str:
        fault = self.outcome.fault
        return "" if fault is None else f"The last try met {_fault(fault)}"

    @property
    def _advice(self) -> str:
        schedule, bound = self.schedule, self.outcome.bound
        if bound is Bound.ATTEMPTS:
            return f"Raise max_attempts (now {schedule.max_attempts}) or delay (now {seconds(schedule.delay)}) if this is normal for it"
        if bound is Bound.DEADLINE:
            return f"Raise timeout (now {seconds(schedule.timeout or 0.0)}) if this is normal for it"
        return "Give a timeout to ride out longer faults"


def seconds(value: float) -> str:
    """A length of time as people say it: ``0.4 s``, ``31 s``."""
    return f"{value:.1f} s" if value < 10 and value != int(value) else f"{value:.0f} s"


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _reasons(verdict: Verdict, ruling: Ruling) -> list[str]:
    of_resources = [entry.reason for entry in verdict.resources if entry.ruling is ruling and entry.reason]
    found = of_resources or ([verdict.reason] if verdict.reason else [])
    return list(dict.fromkeys(found))


def _says(reasons: Sequence[str]) -> str:
    return f"AWS says: {'; '.join(reasons[:3])}" if reasons else ""


def _quote(error: ServiceError) -> str:
    text = f"{error.code}: {error.message}" if error.message else error.code
    return f"AWS says: {text}"


def _fault(error: ServiceError) -> str:
    text = f"{error.code}: {error.message}" if error.message else error.code
    return text if error.status is None else f"{text} (HTTP status {error.status})"


def _cite(value: Any) -> str:
    if isinstance(value, list):
        texts = list(dict.fromkeys(cite(item) for item in value))
        return ", ".join(texts[:MOST_NAMED])
    return cite(value)

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guesses from their words which values of a state mean success, failure or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple


class _Tone(Enum):
    BAD = auto()
    GONE = auto()
    """The resource is being deleted or was deleted: bad, unless there is no other success."""
    UNDER_WAY = auto()
    DONE = auto()
    """The end of a job."""
    GOOD = auto()
    """The good state of a resource; for a job, only an intermediate state."""
    FAIR = auto()
    """Good if there is nothing better among the values."""
    OVER = auto()
    """The end of an unfinished job. A resource may continue from there."""
    IDLE = auto()
    PAST = auto()
    OTHER = auto()


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# These words negate or limit what follows: NOT_READY, NO_ACTION, PARTIALLY_AVAILABLE.
_DENIED = re.compile(r"\b(not|no|non|never|un|unable|partial|partially)\b.*")
_DONE = r"complete|completed|succeed|succeeded|success|successful|successfully|finished|done|fulfilled"
# The first row with a word of the value determines its tone.
_TONES = tuple(
    (tone, re.compile(rf"\b({words})\b"))
    for tone, words in (
        (
            _Tone.BAD,
            (
                r"fail|failed|failure|failures|failing|error|errors|errored|fault|faulted|exception|exceptions|invalid"
                r"|cancelled|canceled|aborted|expired|rejected|denied|declined|revoked|timeout|timedout|timed out"
                r"|exceeded|inaccessible|impaired|incompatible|unsuccessful|unsupported|unrecoverable|inoperable"
                r"|misconfigured|broken|crashed|compromised|abandoned|withdrawn|isolated|rollback|rolled back"
                rf"|rolling back|reverted|with (issues|problems|violations)|partial(ly)? ({_DONE})"
            ),
        ),
        (
            _Tone.GONE,
            (
                r"delet(e|ed|ing|ion)|terminat(e|ed|ing|ion)|remov(e|ed|ing|al)|deregist(er|ered|ering|ration)"
                r"|deprovision(ed|ing)?|destroy(ed|ing)?|shutting down|shut ?down"
            ),
        ),
        (
            _Tone.UNDER_WAY,
            r"pending|waiting|awaiting|progress|inprogress|queued|submitted|requested|scheduled|initiated|cleanup",
        ),
        (
            _Tone.IDLE,
            (
                r"disabled?|disassociated?|detach(ed)?|isolate|undeploy(ed)?|stop|deprecated|archived|paused|suspended"
                r"|stalled|unknown|none|off|idle|draft"
            ),
        ),
        (_Tone.DONE, _DONE),
        (
            _Tone.GOOD,
            (
                r"active|available|ready|ok|okay|healthy|enabled|issued|in service|inservice|in sync|insync|deployed"
                r"|online|stable|steady|running|operational|normal|valid|validated|verified|passed|pass|associated|attached"
                r"|connected|installed|registered|provisioned|activated|published|approved|applied|^up$"
            ),
        ),
        (
            _Tone.FAIR,
            (
                r"in use|inuse|created|updated|imported|configured|assigned|accepted|started|open|up to date|prepared"
                r"|authorized|granted|allowed|confirmed|resolved|shared|subscribed|linked|joined|trained|indexed|delivered"
                r"|generated|executed|processed|protected|compliant|passing|current|live|^on$|enable|allow|green"
            ),
        ),
        (_Tone.OVER, r"stopped|skipped|closed|ended|superseded|interrupted|discarded|ignored|^partial$"),
        (_Tone.UNDER_WAY, r"\w+ing"),
        (_Tone.PAST, r"(?!un|dis|de)\w+ed"),
    )
)
_UNDENIABLE = (_Tone.BAD, _Tone.GONE, _Tone.OVER)
_WELCOME = (_Tone.DONE, _Tone.GOOD, _Tone.FAIR)
# If no value is welcome, the last value of the first of these tones is the final one.
_FINAL = (_Tone.PAST, _Tone.OTHER, _Tone.GONE, _Tone.OVER, _Tone.IDLE, _Tone.UNDER_WAY, _Tone.BAD)


class StateValues(NamedTuple):
    """The values of a state, each in one of the lists."""

    success: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


def verdicts(values: Iterable[str]) -> StateValues:
    """The values sorted by their words, in the given order. Unless there are none, at least one is a success."""
    tones = {value: _tone(value) for value in values}
    success = _success(tones)
    awaited = {tones[value] for value in success}
    bad = {
        _Tone.BAD,
        *({_Tone.GONE} - awaited),
        *({_Tone.OVER} if _Tone.DONE in awaited else ()),
    }
    failure = tuple(value for value in tones if tones[value] in bad and value not in success)
    pending = tuple(value for value in tones if value not in success and value not in failure)
    return StateValues(success, failure, pending)


def means_gone(value: str) -> bool:
    """Whether the value means that the resource is being deleted or was deleted. Some stay listed as INACTIVE."""
    return _tone(value) is _Tone.GONE or value.lower() == "inactive"


def _tone(value: str) -> _Tone:
    text = " ".join(_WORD.findall(value)).lower()
    granted = _DENIED.sub("", text)
    for tone, words in _TONES:
        if words.search(text if tone in _UNDENIABLE else granted):
            return tone
    return _Tone.OTHER if granted == text else _Tone.IDLE


def _success(tones: dict[str, _Tone]) -> tuple[str, ...]:
    for tone in _WELCOME:
        if tone in tones.values():
            return tuple(value for value in tones if tones[value] is tone)
    for tone in _FINAL:
        if tone in tones.values():
            return (next(value for value in reversed(tones) if tones[value] is tone),)
    return ()

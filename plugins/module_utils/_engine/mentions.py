# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the requested ids the message of an error names for certain.

A token of the message is compared with the ids as a whole. Quoted and bracketed tokens come first: "The key pair
'deploy' does not exist" names no key that is called ``key``. Without them a token counts where it can't be a word of
the sentence: an ARN, an element of a list, what follows "with id", "named" or the last colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .id_index import arn_tails
from .response_split import label

_QUOTED = re.compile(
    r"""(?<!\w)'([^']*)'(?!\w)|"([^"]*)"|`([^`]*)`|\u201c([^\u201c\u201d]*)\u201d|\u2018([^\u2018\u2019]*)\u2019|\[([^][]*)\]"""
)
# "Value 'x' at 'keyName' failed to satisfy constraint": the name of a parameter is no id.
_OF_THE_REQUEST = re.compile(r"\b(at|for parameter|field|member|attribute|argument)\s*$", re.IGNORECASE)
# "User: arn:aws:iam::1:user/x is not authorized to perform: ecs:DescribeServices on resource: ARN because no identity-
# based policy allows ...". IAM calls a resource "role x". Source: IAM User Guide, "Troubleshoot access denied error
# messages".
_DENIES = re.compile(r"not authorized to (?:perform|access)", re.IGNORECASE)
_DENIED = re.compile(r"\bon (?:the )?resource:?\s+(?:[a-z]+ )?(\S+?)[.,]?(?=\s+(?:because|with|as)\b|\s*$)")
_OF_A_CALLER = re.compile(r"arn:[\w-]*:(?:iam|sts):")
_LIST = re.compile(r"(?<![^\s,;])[^\s,;]+(?:\s*[,;]\s*[^\s,;]+)+(?:\s+and\s+[^\s,;]+)?")
# To read a message takes time in proportion to its length: nothing here may begin in a run of spaces, or match the same
# letters in two ways. What is split off keeps the spaces around it.
_COMMA = re.compile(r"[,;](?:\s*and\s)?|\sand\s")
_SPACE = re.compile(r"[\s,;]+")
_LONGEST_WORD = 16
_PUNCTUATION = "'\"`\u201c\u201d\u2018\u2019[](){}<>.,:;!?\\ \t\r\n"
# "Stack with id x does not exist", "The role with name x cannot be found.", "no ACTIVE Load Balancer named x",
# "EnvironmentName = x", "DBInstance x not found": what stands in this place is an id.
_IN_PLACE = re.compile(
    r"\bwith (?:the )?(?:id|ID|Id|name|identifier|ARN|arn):?\s+(\S+)"
    r"|\bnamed\s+(\S+)"
    r"|\b\w*(?:[Ii]d|ID|[Nn]ame|[Ii]dentifier|ARN|[Aa]rn)s?\s*[=:]\s*(\S+)"
    r"|^(?=[A-Z]+[a-z]*[A-Z])\w+ (\S+) (?:not found|does not exist)"
)
# Unlike any word: i-0ab1, vol-12, alice@laptop, nightly_batch.
_UNLIKE_A_WORD = re.compile(r"[a-z]+-(?=[0-9a-f]*\d)[0-9a-f]+|i-\w+|[^@\s]+@[^@\s]+|[a-z]+_\w+")


def named(message: str, ids: Sequence[Any], folds_case: bool = False) -> list[Any]:
    """The ids that the message names, in the order given; none where no token is an id for certain."""
    mentions = _Mentions(ids, folds_case)
    if _DENIES.search(message):
        denied = _DENIED.search(message)
        found = mentions.of(denied.group(1)) if denied else set()
    else:
        found = mentions.quoted(message) or mentions.bare(message)
    return [item for place, item in enumerate(ids) if place in found]


def texts_in(value: Any) -> Iterator[str]:
    """The texts in a request's parameters."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for item in value.values() for text in texts_in(item))
    elif isinstance(value, (list, tuple)):
        yield from (text for item in value for text in texts_in(item))


class _Mentions:
    """The ids by the texts that name them; what is found are their places."""

    def __init__(self, ids: Sequence[Any], folds_case: bool) -> None:
        self._folds_case = folds_case
        self._places: dict[str, set[int]] = {}
        for place, item in enumerate(ids):
            for text in _texts(item):
                self._places.setdefault(self._fold(text), set()).add(place)

    def of(self, token: str) -> set[int]:
        """The ids that a token is: as it stands, without the punctuation around it, or as the tail of an ARN."""
        bare = token.strip(_PUNCTUATION)
        tails = () if _OF_A_CALLER.match(bare) or _SPACE.search(bare) else arn_tails(bare)
        return self._union(self._places.get(self._fold(text), set()) for text in (token, bare, *tails) if text)

    def quoted(self, message: str) -> set[int]:
        """Those that stand in quotes or brackets, alone or in a list."""
        found: set[int] = set()
        for match in _QUOTED.finditer(message):
            if not _OF_THE_REQUEST.search(message, max(0, match.start() - _LONGEST_WORD), match.start()):
                content = match.group(match.lastindex or 0)
                found |= self.of(content) or self._union(map(self.of, _COMMA.split(content)))
        return found

    def bare(self, message: str) -> set[int]:
        """Those that stand without quotes where, or like, no word of a sentence does."""
        found = self._union(self.of(token) for match in _IN_PLACE.finditer(message) for token in match.groups(""))
        _text, colon, after = message.rpartition(": ")
        lists = [_COMMA.split(match.group()) for match in _LIST.finditer(message)]
        for tokens in [*lists, *([_COMMA.split(after)] if colon else [])]:
            places = [self.of(token) for token in tokens]
            if all(places):
                found |= self._union(places)
        for token in _SPACE.split(message):
            bare = token.strip(_PUNCTUATION)
            if arn_tails(bare) or _UNLIKE_A_WORD.fullmatch(bare):
                found |= self.of(token)
        return found

    def _fold(self, text: str) -> str:
        return text.casefold() if self._folds_case else text

    @staticmethod
    def _union(places: Iterable[set[int]]) -> set[int]:
        return set[int]().union(*places)


def _texts(item: Any) -> Iterator[str]:
    """What a message may call an id: itself; of a compound one the first member, or all as people name it."""
    yield label(item)
    if isinstance(item, Mapping):
        yield str(next(iter(item.values()), ""))

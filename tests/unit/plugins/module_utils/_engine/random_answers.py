# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random answers to the operations of botocore's waiters."""

from __future__ import annotations

import random
import re
from typing import Any

from botocore.exceptions import ClientError
from tests.support.aws_responses import answered, refused
from tests.support.fake_client import Step
from tests.unit.plugins.module_utils._engine.botocore_waiters import (
    THROTTLES,
    Waiter,
)

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.response_split import ItemList

STRANGE_CODES = ("AccessDenied", "ValidationError", "NobodyKnowsThis", "404")
PERMANENT = (400, 403, 404, 409)


class Answers:
    """Random answers to one waiter's operation: the members that its acceptors look at, and some more."""

    def __init__(self, waiter: Waiter, seed: str) -> None:
        self.random = random.Random(seed)
        self._waiter = waiter
        texts = [acceptor["argument"] for acceptor in waiter.acceptors if "argument" in acceptor]
        self._names = {name for text in texts for name in re.findall(r"\w+", text)} | {"Error"}
        paths = [a for a in waiter.acceptors if "argument" in a and isinstance(a["expected"], str)]
        quoted = [word for text in texts for word in re.findall(r"'([^']*)'", text)]
        conditions = [a["argument"] for a in waiter.acceptors if a["state"] == "success" and "argument" in a]
        self._compared = dict(re.findall(r"(\w+) ?== ?'([^']*)'", " ".join(conditions)))
        self._expected = [a["expected"] for a in paths] + quoted or ["?"]
        self._wanted = [a["expected"] for a in paths if a["state"] == "success"] or self._expected
        self._favourite: str | None = None

    def script(self) -> tuple[list[Step], int]:
        """Up to six answers, transient errors between them, and how many polls are allowed."""
        polls = self.random.randint(1, 6)
        steps: list[Step] = []
        for _index in range(polls):
            while self.random.random() < 0.1:
                steps.append(self._transient_error())
            steps.append(self._error() if self.random.random() < 0.25 else self._response())
        return steps, polls

    def _transient_error(self) -> ClientError:
        return self.random.choice(
            (
                refused(self.random.choice(THROTTLES), self.random.choice((400, 429, 503))),
                refused(self.random.choice(STRANGE_CODES), self.random.choice((429, 500, 502, 503, 504))),
                refused(self.random.choice(self._waiter.codes or STRANGE_CODES), self.random.choice((429, 500))),
            )
        )

    def _error(self) -> ClientError:
        codes = self._waiter.codes if self._waiter.codes and self.random.random() < 0.6 else STRANGE_CODES
        return refused(self.random.choice(codes), self.random.choice(PERMANENT))

    def _response(self) -> Step:
        # all items alike every now and then: pathAll would match too seldom otherwise
        mood = self.random.choice((self._wanted, self._expected, None, None))
        self._favourite = self.random.choice(mood) if mood else None
        output = self._waiter.operation_model.output_shape
        return answered(self.random.choice((200, 200, 200, 202)), **(self._structure(output, 0) if output else {}))

    def _of(self, shape: Any, depth: int) -> Any:
        if self.random.random() < 0.04:
            return None
        make = {"structure": self._structure, "list": self._list, "map": self._map, "string": self._string}
        if shape.type_name in make:
            return make[shape.type_name](shape, depth)
        return {"boolean": self.random.random() < 0.5}.get(shape.type_name, self.random.randint(0, 2))

    def _structure(self, shape: Any, depth: int) -> dict[str, Any]:
        members = {name: member for name, member in shape.members.items() if name in self._names and depth < 8}
        made = {name: self._of(member, depth + 1) for name, member in members.items() if self.random.random() < 0.9}
        if self._favourite is not None:
            made.update({name: value for name, value in self._compared.items() if name in made})
        return made

    def _list(self, shape: Any, depth: int) -> list[Any]:
        return [self._of(shape.member, depth + 1) for _index in range(self.random.randint(0, 3))]

    def _map(self, shape: Any, depth: int) -> dict[str, Any]:
        return {f"key-{index}": self._of(shape.value, depth + 1) for index in range(self.random.randint(0, 3))}

    def _string(self, shape: Any, _depth: int) -> str:
        if self._favourite is not None:
            return self._favourite
        known = self.random.choice(self._expected)
        return self.random.choice((known, known, self.random.choice(shape.enum or ["?"]), "unheard of", ""))


class Items(Answers):
    """Random items as the answers of one waiter's operation hold them."""

    def item(self, shape: Any) -> Any:
        mood = self.random.choice((self._wanted, self._wanted, self._expected, None))
        self._favourite = self.random.choice(mood) if mood else None
        return self._structure(shape, 1) if shape.type_name == "structure" else self._of(shape, 1)


def item_shape(operation_model: Any, item_list: ItemList) -> Any:
    shape = operation_model.output_shape
    if item_list.is_map:
        return shape.members[item_list.path[0]].value
    for name in item_list.path:
        shape = shape.members[name].member
    return shape

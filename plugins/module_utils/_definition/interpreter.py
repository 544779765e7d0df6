# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluates JMESPath within a budget: it limits the values an expression visits and builds by the response's size."""

from __future__ import annotations

from typing import Any

FREE = 100_000
"""Steps that any search may take; a step is the evaluation of one node on one value."""
STEPS_FOR_EACH = 50
"""Additional steps for each value in the response."""
STEPS_TO_BUILD = 5
"""Steps for each value that a search builds, compares as a whole or converts to a string."""
CHARACTERS = 16
"""Characters of a string that count as one value."""
_LONGEST_NUMBER = 1_000
_BUILDING = frozenset({"multi_select_list", "multi_select_dict", "function_expression"})


_TreeInterpreter: Any = object
try:
    import jmespath.visitor

    _TreeInterpreter = jmespath.visitor.TreeInterpreter  # its type stubs are incomplete
except ImportError:  # the modules report a missing boto3, which includes jmespath
    pass


class Interpreter(_TreeInterpreter):  # type: ignore[misc]
    """jmespath's interpreter for a syntax tree and its nodes; ValueError if the budget is exceeded."""

    def __init__(self, tree: dict[str, Any]) -> None:
        super().__init__()
        self._builds = _may_build(tree)
        self._left, self._extra = FREE, 0
        self._answer: Any = None

    def search(self, node: dict[str, Any], answer: Any) -> Any:
        """The value that the tree, or a node of it, selects from a response."""
        self._left, self._extra, self._answer = FREE, 0, answer
        try:
            found = self.visit(node, answer)
            if self._builds:
                self._spend_on(found)
            return found
        finally:
            self._answer = None

    def visit(self, node: dict[str, Any], value: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            self._extend()
        kind = node["type"]
        method = self._method_cache.get(kind)
        if method is None:
            method = self._method_cache[kind] = getattr(self, f"visit_{kind}", self.default_visit)
        return method(node, value)

    def visit_flatten(self, node: dict[str, Any], value: Any) -> Any:
        base = self.visit(node["children"][0], value)
        if not isinstance(base, list):
            return None
        merged: list[Any] = []
        for element in base:
            if isinstance(element, list):
                self._spend(len(element))
                merged.extend(element)
            else:
                merged.append(element)
        return merged

    def visit_slice(self, node: dict[str, Any], value: Any) -> Any:
        self._spend(len(value) if isinstance(value, list) else 0)
        return super().visit_slice(node, value)

    def visit_comparator(self, node: dict[str, Any], value: Any) -> Any:
        if node["value"] in self._EQUALITY_OPS:
            left, right = self.visit(node["children"][0], value), self.visit(node["children"][1], value)
            if isinstance(left, (list, dict)) and isinstance(right, (list, dict)):
                self._spend_on(left)
                self._spend_on(right)
            return self.COMPARATOR_FUNC[node["value"]](left, right)
        return super().visit_comparator(node, value)

    def visit_function_expression(self, node: dict[str, Any], value: Any) -> Any:
        name = node["value"]
        arguments = [self.visit(child, value) for child in node["children"]]
        for argument in arguments:
            if isinstance(argument, (list, dict)):
                self._spend(len(argument))
        if name in ("to_string", "contains", "join"):
            self._spend_on(arguments)
        if name == "join" and len(arguments) == 2 and isinstance(arguments[0], str) and isinstance(arguments[1], list):
            self._spend(STEPS_TO_BUILD * len(arguments[0]) * len(arguments[1]) // CHARACTERS)
        if name == "to_number" and any(isinstance(item, str) and len(item) > _LONGEST_NUMBER for item in arguments):
            raise ValueError(f"to_number() is given a string of more than {_LONGEST_NUMBER:,} characters")
        found = self._functions.call_function(name, arguments)
        if isinstance(found, str):
            self._spend(STEPS_TO_BUILD * len(found) // CHARACTERS)
        return found

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            self._extend()

    def _spend_on(self, value: Any) -> None:
        """Charge for all values in a value, repeated ones each time."""
        pending = [value]
        while pending:
            value = pending.pop()
            if isinstance(value, str):
                self._spend(STEPS_TO_BUILD * (len(value) // CHARACTERS))
            elif isinstance(value, list):
                self._spend(STEPS_TO_BUILD * len(value))
                pending.extend(value)
            elif isinstance(value, dict):
                self._spend(STEPS_TO_BUILD * len(value))
                pending.extend(value.values())

    def _extend(self) -> None:
        """Add, once, the steps that the response's size allows. Few searches need it."""
        if not self._extra:
            self._extra = STEPS_FOR_EACH * _count(self._answer)
            self._left += self._extra
        if self._left < 0:
            raise ValueError(f"it visits or builds more than {FREE + self._extra:,} values")


def _count(answer: Any) -> int:
    """How many values a response has."""
    number, pending = 1, [answer]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            number += len(value) // CHARACTERS
        elif isinstance(value, (list, dict)):
            number += len(value)
            pending.extend(value if isinstance(value, list) else value.values())
    return number


def _may_build(tree: dict[str, Any]) -> bool:
    """Whether the result may be larger than the response. Expressions that only select aren't checked again."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if node["type"] in _BUILDING or (node["type"] == "literal" and len(str(node["value"])) > CHARACTERS):
            return True
        pending.extend(child for child in node["children"] if isinstance(child, dict))
    return False

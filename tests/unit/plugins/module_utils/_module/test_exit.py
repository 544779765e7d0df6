# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module ends: texts are cleaned and limited, and data stay unchanged."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import BadInput, Problem
from ansible_collections.cloudwait.aws.plugins.module_utils._module.exit import (
    MOST_WARNINGS,
    finish,
    reject,
    warn,
)

EVIL = "\x1b[2J\x9b1mfirst\u202esecond\u2066\u200b\u061c\u2028third\r\nfourth\x07"
FIT = "[2J 1mfirst second third fourth"


class Ended(Exception):
    pass


class Module:
    """The part of an Ansible module that ends it."""

    no_log = check_mode = False
    no_log_values = frozenset({"a-secret-key"})

    def __init__(self) -> None:
        self.returned: dict[str, Any] = {}
        self.warnings: list[str] = []

    def exit_json(self, **returned: Any) -> None:
        self.returned = returned
        raise Ended

    def fail_json(self, **returned: Any) -> None:
        self.exit_json(failed=True, **returned)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def result(outcome: str, **more: Any) -> dict[str, Any]:
    resource = {"id": EVIL, "observed": EVIL, "reason": EVIL}
    data = {
        "observed": EVIL,
        "response": {"Reason": EVIL},
        "timeline": [{"observed": EVIL}],
        "error": {"message": EVIL},
    }
    return {"outcome": outcome, "msg": EVIL, "resources": [resource], **data, **more}


def require_fit(made: dict[str, Any]) -> None:
    assert made["msg"] == FIT
    assert [entry["reason"] for entry in made["resources"]] == [FIT]
    assert made["observed"] == made["response"]["Reason"] == made["error"]["message"] == EVIL
    assert made["timeline"] == [{"observed": EVIL}]
    assert made["resources"][0]["id"] == made["resources"][0]["observed"] == EVIL


@pytest.mark.parametrize("outcome", ["success", "failure", "timeout", "error"])
def test_what_people_read_is_clean_and_data_are_left_alone(outcome: str) -> None:
    module = Module()
    with pytest.raises(Ended):
        finish(module, result(outcome, results=[result(outcome)]), [EVIL, EVIL])
    require_fit(module.returned)
    require_fit(module.returned["results"][0])
    assert module.warnings == [FIT]


def test_bad_input_is_clean_wherever_it_is_cited() -> None:
    module = Module()
    bad = BadInput([Problem(EVIL, EVIL, EVIL)])
    with pytest.raises(Ended):
        reject(module, bad)
    assert module.returned["msg"].isprintable()
    assert module.returned["problems"] == [{"severity": "error", "path": FIT, "problem": FIT, "suggestion": FIT}]


def test_messages_and_warnings_are_bounded() -> None:
    module = Module()
    with pytest.raises(Ended):
        finish(module, result("failure", msg="x" * 2_000_000), [f"{number} {'x' * 2_000_000}" for number in range(200)])
    assert len(module.returned["msg"]) == 100_000
    assert module.returned["msg"].endswith("… (cut, 2,000,000 characters in all)")
    assert max(map(len, module.warnings)) == 2_000
    assert len(module.warnings) == MOST_WARNINGS + 1
    assert module.warnings[-1] == "There are 100 more warnings."


def test_a_warning_that_comes_of_many_waits_is_given_once() -> None:
    module = Module()
    warn(module, ["a\nb", "a b", "a b"])
    assert module.warnings == ["a b"]


def test_a_secret_is_masked_in_a_warning() -> None:
    """Ansible masks secrets in a module's result, but not in its warnings."""
    module = Module()
    warn(module, ["The last 3 requests in a row ended with InternalError: a-secret-key is odd."])
    assert len(module.warnings) == 1
    assert "a-secret-key" not in module.warnings[0]

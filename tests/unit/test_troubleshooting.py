# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The troubleshooting page has every message that users can see, and no others.

``test_bad_inputs.py`` causes every problem of a task, and checks that the page has it.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import ansible
import pytest
import yaml
from tests.support.snippets import REPO
from tests.support.troubleshooting import ANYTHING, PAGE, explaining, messages, pattern
from tests.unit.plugins.module_utils._module.ec2_waits import result_for
from tests.unit.plugins.module_utils._module.ended_waits import ALL
from tests.unit.plugins.module_utils._module.waits import KILLED, Wait, instances, running

ENDED, REFUSED, WARNINGS, ANSIBLES = list(messages())[:4]
ADVICE = re.compile(r"\. ((?:Raise|Set|Allow|Check|Renew|AWS gives) [^:]*)\.$")
DIAGNOSES = REPO / "tests/unit/catalog/diagnoses"
BAD_INPUTS = REPO / "tests/unit/plugins/module_utils/_module/bad_inputs.yml"
RARE = [  # messages that no bad input causes
    "takes no parameters",
    "are nested too deeply",
    "must map names to definitions, not …",
    "… is a pipe without a reader, or not a device",
]
NAMES = re.compile(rf"{ANYTHING}|cloudwait\.aws\.wait|botocore and boto3|service$|403|module(?=:)")
ANSIBLE = Path(ansible.__file__).parent
OF_ANSIBLE = ["parsing/mod_args.py", *(f"module_utils/{name}.py" for name in ("basic", "common/parameters", "errors"))]
OF_ANSIBLE += ["module_utils/common/arg_spec.py", "module_utils/common/validation.py"]


@pytest.mark.parametrize("name", ALL)
def test_every_end_of_a_wait_is_explained(name: str) -> None:
    heads = [message for message in messages()[ENDED] if message.startswith(ANYTHING)]
    assert any(pattern(head).match(ALL[name].expected) for head in heads)


@pytest.mark.parametrize("name", [name for name in ALL if ADVICE.search(ALL[name].expected)])
def test_every_advice_is_explained(name: str) -> None:
    [advice] = ADVICE.findall(ALL[name].expected)
    assert explaining(advice, ENDED)


@pytest.mark.parametrize("message", messages()[ENDED])
def test_a_wait_can_end_as_the_page_says(message: str) -> None:
    assert any(pattern(message).search(text) for text in ends())


def test_the_failed_task_in_the_readme_is_a_real_one() -> None:
    shown = re.findall(
        r"^What a failed task reports:\n\n((?:    .*\n)+)", (REPO / "README.md").read_text(encoding="utf-8"), re.M
    )
    assert " ".join(shown[0].split()) == ALL["failure: with a reason"].expected.replace("i-1 ", "i-0ab1 ")


@pytest.mark.parametrize("example", re.findall(r"^((?:> .*\n)+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
def test_an_example_is_a_real_message(example: str) -> None:
    assert " ".join(example.replace("> ", "").split()) in [*ends(), *refusals()]


@cache
def ends() -> list[str]:
    """The messages of finished waits, from the tests that have them word for word, and of many waits."""
    cancelled = Wait(running("i-1"), instances(i_1="pending"), KILLED).says()
    dead = [f"i-dead-{number}" for number in range(12)]
    many = [
        result_for(*dead, fail_fast=False, require="11"),
        result_for("i-run-1", "i-pend-1", "i-dead-1", fail_fast=True),
    ]
    diagnosed = [row["msg"] for path in DIAGNOSES.glob("*.yml") for row in yaml.safe_load(path.read_text("utf-8"))]
    return [*(said.expected for said in ALL.values()), cancelled, *(str(found["msg"]) for found in many), *diagnosed]


@pytest.mark.parametrize("message", [message for message in messages()[REFUSED] if message not in RARE])
def test_a_task_can_be_refused_with_what_the_page_says(message: str) -> None:
    assert any(pattern(message).search(text) for text in refusals())


@cache
def refusals() -> list[str]:
    rows = yaml.safe_load(BAD_INPUTS.read_text(encoding="utf-8")).values()
    said = [row["says"] for row in rows if "says" in row]
    return [text for each in said for text in ([each] if isinstance(each, str) else each)]


@pytest.mark.parametrize("message", [*messages()[WARNINGS], *RARE])
def test_the_words_of_a_rare_message_stand_in_the_code(message: str) -> None:
    require_words(message, [*(REPO / "plugins").rglob("*.py")])


@pytest.mark.parametrize("message", messages()[ANSIBLES])
def test_the_words_of_a_message_of_ansibles_are_its_words(message: str) -> None:
    if message.startswith("the reason is hidden"):
        require_words(message, [REPO / "plugins/module_utils/_module/exit.py"])
    else:
        require_words(message, [ANSIBLE / name for name in OF_ANSIBLE])


def require_words(message: str, files: list[Path]) -> None:
    """Each fixed part of the message occurs in a string in the code."""
    said = texts(tuple(files))
    for part in NAMES.split(message):
        assert any(part.strip(" '.") in text for text in said), part


@cache
def texts(files: tuple[Path, ...]) -> list[str]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]

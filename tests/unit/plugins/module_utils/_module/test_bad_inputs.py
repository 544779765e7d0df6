# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every invalid task of ``bad_inputs.yml`` through its whole module, and compares the message word for word.

After a change of words, let the file be written anew and read what ``git diff`` shows:

    RENEW_BAD_INPUTS=1 pytest tests/unit/plugins/module_utils/_module/test_bad_inputs.py -n 0
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import socket
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml
from ansible.module_utils import basic
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.troubleshooting import explaining
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.data_loader import PlainFiles
from ansible_collections.cloudwait.aws.plugins.module_utils._module import connection, wait, wait_many, waiter_info
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import wait_many_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.grouped_waits import GroupedWaits
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import wait_spec

FILE = Path(__file__).with_name("bad_inputs.yml")
LONGEST = 400
MODULES: dict[str, Any] = {"wait": wait, "wait_many": wait_many, "waiter_info": waiter_info}
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
CONNECTED = {
    "region": "us-east-1",
    "access_key": "AKIDEXAMPLE",
    "secret_key": SECRET,
    "endpoint_url": "http://127.0.0.1:9",
}
CERTIFICATE = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
NOTHING_SENT = "nothing was sent to AWS"
# What no message may contain: terms of Python, and secrets.
UNFIT = re.compile(rf"Traceback|<class|<[\w.]+ object|\b[A-Z]\w+(Error|Exception)\(|{SECRET}|hunter22")


class Accepted(BaseException):
    """The input was accepted, and the first poll was due. A BaseException, which ``except Exception`` doesn't catch."""


@dataclass(frozen=True)
class Ran:
    """A module's output, parsed. ``accepted``: it would have started to wait. ``home``: its folder."""

    result: Mapping[str, Any]
    accepted: bool
    reached: Sequence[str]
    home: str

    @property
    def said(self) -> list[str]:
        """The message, or the problems if they don't fail the module."""
        found = [str(self.result["msg"])] if self.result.get("failed") else list(map(sentence, self.rows))
        return [text.replace(self.home, "{home}") for text in found]

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        return list(self.result.get("problems") or [])


def sentence(row: Mapping[str, Any]) -> str:
    """A row of ``problems`` as the message has it."""
    text = f"{row['path']}: {row['problem']}" if row["path"] else str(row["problem"])
    return f"{text}; did you mean {row['suggestion']!r}?" if row["suggestion"] else text


@contextlib.contextmanager
def alone(home: Path, environment: Mapping[str, str] | None = None) -> Iterator[list[str]]:
    """Without the caller's settings, network and polls; gives the addresses that a module tried to connect to."""
    reached: list[str] = []

    def refuse(*target: Any, **_more: Any) -> NoReturn:
        reached.append(repr(target))
        raise Accepted

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "ANSIBLE_"))]:
            patch.delenv(name)
        for name, value in {
            "HOME": str(home),
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            **(environment or {}),
        }.items():
            patch.setenv(name, value.replace("{home}", str(home)))
        patch.chdir(home)
        patch.setattr(socket, "getaddrinfo", refuse)
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        # read botocore's data files only once, which takes most of the time
        patch.setattr(PlainFiles, "load_file", LOADED)
        for module in MODULES.values():
            patch.setattr(module, "Models", lambda _catalog: MODELS)
        yield reached


def remembered(method: Any) -> Any:
    """A method of loaders, cached for all of them, because they have the same files."""

    @cache
    def give(kind: type, *args: Any) -> Any:
        return method(kind(), *args)

    return lambda self, *args: give(type(self), *args)


LOADED = remembered(PlainFiles.load_file)


def connect_once(module: Any, service: str, _operation: str = "") -> Any:
    """A client, shared by all tasks with the usual connection, because making one takes the most time."""
    if any(module.params.get(name) != usual for name, usual in USUAL.items()):
        return connection.connect(module, service)
    if service not in CLIENTS:
        CLIENTS[service] = connection.connect(module, service)
    return CLIENTS[service]


USUAL = {**CONNECTED, "session_token": None, "profile": None, "aws_ca_bundle": None, "aws_config": None}
CLIENTS: dict[str, Any] = {}


def run(module: str, args: Mapping[str, Any], home: Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a module in this process, as Ansible runs it in one of its own."""
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": args}, default=str).encode()  # Ansible sends a date as a string, too
    printed = io.StringIO()
    accepted, usual = False, gc.get_threshold()
    with alone(home, environment) as reached, pytest.MonkeyPatch.context() as patch:
        patch.setattr(basic, "_ANSIBLE_ARGS", arguments)
        patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        if not environment:
            patch.setattr(wait, "connect", connect_once)
            patch.setattr(wait_many, "connect", connect_once)
        try:
            with contextlib.redirect_stdout(printed):
                MODULES[module].main()
        except SystemExit:
            pass
        except Accepted:
            accepted = True
        finally:
            gc.enable()
            gc.set_threshold(*usual)
            gc.unfreeze()
    result = json.loads(printed.getvalue()) if not accepted else {}
    return Ran(result, accepted, reached, str(home))


# --- the table


@dataclass(frozen=True)
class Row:
    """A wrong task. ``says``: its message, or a list of what ``waiter_info`` finds; ``like``: a pattern of it, where
    the words are those of Ansible or boto3."""

    module: str
    args: Mapping[str, Any]
    environment: Mapping[str, str]
    says: str | Sequence[str] | None
    like: str | None


def read_row(raw: Mapping[str, Any]) -> Row:
    if "accepts" in raw:
        raw = {**raw, "defines": {"operation": "DescribeCertificate", "acceptors": [raw["accepts"]]}}
    if "defines" in raw:
        raw = {**raw, "wait": {"service": "acm", "definition": raw["defines"], "params": CERTIFICATE}}
    [module] = [name for name in MODULES if name in raw]
    args = in_full(raw[module])
    if raw.get("connected", module != "waiter_info"):
        args = {**CONNECTED, **args}
    return Row(module, args, raw.get("environment", {}), raw.get("says"), raw.get("like"))


def in_full(value: Any) -> Any:
    """The value with each ``{repeat, times, then}`` expanded."""
    if isinstance(value, dict):
        if "repeat" in value:
            return value["repeat"] * value["times"] + value.get("then", "")
        return {key: in_full(item) for key, item in value.items()}
    return [in_full(item) for item in value] if isinstance(value, list) else value


def read_rows() -> dict[str, Row]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {name: read_row(raw) for name, raw in yaml.load(FILE.read_text(encoding="utf-8"), loader).items()}


ROWS = read_rows()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the user's own AWS configuration."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "config").write_text(CONFIG)
    (folder / "broken").write_text("[default\nregion = us-east-1\n")
    (folder / "folder").mkdir()
    return folder


CONFIG = """\
[profile production]
region = eu-west-1
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = example
[profile nightly]
region = eu-west-1
[profile half]
region = eu-west-1
aws_access_key_id = AKIDEXAMPLE
[profile borrowed]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/reader
[profile lost]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = nobody
"""


@pytest.fixture(scope="module")
def rows(home: Path) -> Mapping[str, Row]:
    """The rows; with RENEW_BAD_INPUTS, after the file has been updated with the current messages."""
    if not os.environ.get("RENEW_BAD_INPUTS"):
        return ROWS
    renew({name: run(row.module, row.args, home, row.environment).said for name, row in ROWS.items()})
    return read_rows()


@pytest.mark.parametrize("name", ROWS)
def test_the_problems_of_an_invalid_task_are_reported_and_nothing_is_sent(
    rows: Mapping[str, Row], home: Path, name: str
) -> None:
    row = rows[name]
    ran = run(row.module, row.args, home, row.environment)
    assert not ran.accepted, f"it was accepted, and would have asked {ran.reached or 'AWS'}"
    assert not ran.reached
    assert ran.result.get("failed") or (row.module == "waiter_info" and ran.rows)
    assert ran.result.get("outcome") == ("error" if ran.result.get("failed") else None)
    if row.like is not None:
        [text] = ran.said
        assert re.search(row.like, text)
        assert SECRET not in text
        assert "Traceback" not in text
        return
    assert ran.said == ([row.says] if isinstance(row.says, str) else row.says)
    for text in ran.said:
        assert text.isprintable()
        assert not UNFIT.search(text)
        assert len(text) <= LONGEST * max(1, len(ran.rows))
    assert ran.rows
    for found in ran.rows:
        assert explaining(found["problem"], "Invalid input") or explaining(found["problem"], "Warnings")
    if ran.result.get("failed"):
        assert all(row["severity"] == "error" for row in ran.rows)
        assert ran.said == [text.replace(ran.home, "{home}") for text in [message(row.module, ran.rows)]]


def message(module: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The message that the rows make."""
    found = "; ".join(map(sentence, rows))
    if module == "waiter_info":
        return found
    return f"{found} ({NOTHING_SENT})" if len(rows) == 1 else f"{len(rows)} problems, {NOTHING_SENT}: {found}"


def test_there_are_at_least_200_and_no_two_are_alike() -> None:
    distinct = {json.dumps([row.module, row.args, row.environment], default=str) for row in ROWS.values()}
    assert len(distinct) == len(ROWS) == len(blocks(FILE.read_text(encoding="utf-8")))
    assert len(ROWS) >= 200
    assert sum(row.like is None for row in ROWS.values()) >= 0.8 * len(ROWS)


def blocks(text: str) -> list[str]:
    """The rows of the file as text, each with the comments after it."""
    return re.findall(r"^[^\s#-][^\n]*:\n(?:(?![^\s#])[^\n]*\n)*", text, re.MULTILINE)


def renew(said: Mapping[str, Sequence[str]]) -> None:
    """Write the file with these messages instead of the previous ones."""
    text = FILE.read_text(encoding="utf-8")
    for block in blocks(text):
        name = next(iter(yaml.safe_load(block)))
        if "\n  like: " not in block:
            task, behind = re.split(r"  says:.*?\n(?=\n|#|\Z)|(?<=\n)(?=\n|#|\Z)", block, maxsplit=1, flags=re.DOTALL)
            text = text.replace(block, f"{task}  says:{written(said[name])}{behind}")
    FILE.write_text(text, encoding="utf-8")


def written(said: Sequence[str]) -> str:
    if len(said) == 1:
        return f" {scalar(said[0], 4)}\n"
    return "\n" + "".join(f"    - {scalar(text, 6)}\n" for text in said)


def scalar(text: str, indent: int) -> str:
    """A string as readable YAML: folded if that gives the same string."""
    lines = textwrap.wrap(text, 116 - indent, break_long_words=False, break_on_hyphens=False)
    folded = ">-\n" + textwrap.indent("\n".join(lines), " " * indent)
    return folded if yaml.safe_load(folded) == text else json.dumps(text)


# --- any value


SPECS = {"wait": wait_spec(), "wait_many": wait_many_spec(), "waiter_info": waiter_info.waiter_info_spec()}
CONNECTION = ("region", "profile", "endpoint_url", "aws_ca_bundle", "aws_config", "validate_certs")
GOOD: dict[str, dict[str, Any]] = {
    "wait": {"service": "acm", "waiter": "certificate_validated", "params": CERTIFICATE},
    "wait_many": {"waits": [{"service": "acm", "waiter": "certificate_validated", "params": CERTIFICATE}]},
    "waiter_info": {"service": "acm"},
}
WORDS = ["all", "acm", "s3", "certificate_validated", "DescribeCertificate", "Certificate.Status", "ISSUED", "success"]
KEYS = ["operation", "path", "success", "failure", "acceptors", "extends", "delay", "__default__", "service", "waiters"]
TEXTS = st.sampled_from(WORDS) | st.text(max_size=8)
# Ansible itself can't convert an infinite number to an integer, and fails with a traceback.
NUMBERS = st.integers() | st.floats(allow_infinity=False) | st.sampled_from([0, -1, 1e300, 10**40])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | TEXTS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A module and arguments, with one to three of them replaced by random values."""
    module = draw(st.sampled_from(list(GOOD)))
    args = dict(GOOD[module])
    options = [name for name in (*SPECS[module], *CONNECTION) if not name.startswith("_")]
    for name in draw(st.lists(st.sampled_from(options), min_size=1, max_size=3, unique=True)):
        args[name] = draw(JSON)
        if name == "waits" and draw(st.booleans()):
            entry = st.dictionaries(st.sampled_from(list(SPECS["wait_many"]["waits"]["options"])), JSON, max_size=3)
            args[name] = [{**GOOD["wait"], **draw(entry)}]
    if module == "waiter_info" and args["service"] is None:
        args["service"] = "acm"  # the problems of all services take a second
    if isinstance(args.get("event_log"), str):
        args["event_log"] = args["event_log"].replace("/", "").replace("..", "")  # it stays in the test's folder
    return module, args


@given(tasks())
@settings(max_examples=150)
def test_any_value_of_an_option_is_valid_or_reported(home: Path, task: tuple[str, dict[str, Any]]) -> None:
    module, args = task
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wait, "run_wait", begin)
        patch.setattr(GroupedWaits, "run", begin)
        ran = run(module, {**CONNECTED, **args}, home)
    assert not ran.reached
    if ran.accepted:
        return
    assert ran.result.get("failed") or module == "waiter_info"
    for text in ran.said if ran.result.get("failed") else map(sentence, ran.rows):
        assert "Traceback" not in text
        assert SECRET not in text
        assert text.isprintable() or not ran.rows  # Ansible's own may have line breaks
    if ran.result.get("failed") and ran.rows:
        assert ran.result["msg"] == message(module, ran.rows)


def begin(*_args: Any, **_more: Any) -> NoReturn:
    """Replaces the first poll."""
    raise Accepted

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks every snippet of the pages and every example of the modules; a snippet without a check fails.

Tasks of ours are templated with the values of ``tests/support/examples.py``, held against the argument specification
and boto3's models, and run on its answers until they succeed. What else a snippet needs is checked by
``tests/e2e/test_pages.py``: that Ansible takes its plays, and that its commands print what is shown.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from configparser import ConfigParser
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import tree_sitter
import tree_sitter_php
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.splitter import parse_kv
from ansible.template import Templar, trust_as_template
from ansible_builder.cli import parse_args as parse_builder
from ansible_builder.ee_schema import validate_schema
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec
from botocore import xform_name
from tests.support.catalog import CATALOG
from tests.support.examples import ANSWERS, FILES, VARIABLES
from tests.support.playbook import SECRET
from tests.support.scripted import ScriptedEndpoint
from tests.support.snippets import REPO, Snippet, collect, steps, tasks
from tests.unit.plugins.module_utils._module.waits import MODELS, connect, refused, run

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.outcome import Ending
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.poll_result import PollResult
from ansible_collections.cloudwait.aws.plugins.module_utils._module.entries import (
    read_entries,
    read_policy,
    wait_many_spec,
)
from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source.options import source_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.options import wait_spec
from ansible_collections.cloudwait.aws.plugins.module_utils._module.request import Request, read_request
from ansible_collections.cloudwait.aws.plugins.module_utils._module.waiter_info import waiter_info, waiter_info_spec

OURS = {
    "cloudwait.aws.wait": wait_spec(),
    "cloudwait.aws.wait_many": wait_many_spec(),
    "cloudwait.aws.waiter_info": waiter_info_spec(),
}
GROUPS = {  # of module_defaults: the modules in each
    "group/cloudwait.aws.aws": list(OURS),
    "group/cloudwait.aws.waits": ["cloudwait.aws.wait", "cloudwait.aws.wait_many"],
    **{name: [name] for name in OURS},
}
SNIPPETS = collect()


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_a_snippet_is_what_it_says(snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = [other for other in SNIPPETS if other.page == snippet.page]
    shown = {other.file: other.text for other in page if other.file}
    made = {name: "" for other in page for name in re.findall(r"^\$ .* > (\S+)$", other.text, re.MULTILINE)}
    for name, content in {**FILES, **made, **shown}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    CHECKS.get(snippet.language, check_nothing)(snippet)


def test_the_snippets_are_found() -> None:
    """Every page with snippets has some found: with wrong patterns, there would be nothing to check."""
    pages = {snippet.page for snippet in SNIPPETS}
    assert {"README.md", "CONTRIBUTING.md", "docs/migrating.md", "roles/wait/README.md", "playbooks/README.md"} <= pages
    assert {f"plugins/modules/{name.rpartition('.')[2]}.py" for name in OURS} <= pages
    assert all(snippet.text.strip() for snippet in SNIPPETS)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("", "what is this?"),
        ("ruby", "puts 1"),
        ("ini", "[defaults]\ncallbacks_enabled = cloudwait.aws.reports"),
        ("ini", "[defaults]\ncallbacks_enabled = cloudwait.aws.report\n[callback_cloudwait_report]\nfile = waits.html"),
        ("json", "{"),
        ("python", "import boto3\nboto3.client("),
        ("php", "<?php $client->waitUntil("),
        ("sh", "if true"),
        ("sh", "aws ec2 wait instance-runing --instance-ids i-1"),
        ("sh", "aws ec2 wait instance-running --instance-id i-1"),
        ("console", "make nothing-that-there-is"),
        ("console", "$ make nothing-that-there-is"),
        ("console", "$ ansible-doc cloudwait.aws.waits"),
        ("console", "$ ansible localhost -m cloudwait.aws.wait -a 'service=s3 waiter=bucket_exist'"),
        ("console", "$ pip install boto33"),
        ("console", "$ no-such-command"),
        ("console", "$ ansible-builder built --tag waiting"),
        ("yaml", "version: 3\nimages: {base: fedora}\ndependencies: {galaxy: {collections: [{name: cloudwait.aws}]}}"),
        ("yaml", "colour: red"),
        ("yaml", "- name: Wait\n  cloudwait.aws.wait: {service: s3, waiter: bucket_exist, params: {Bucket: logs}}"),
        ("yaml", "- name: Wait\n  cloudwait.aws.wait: {service: s3, waiter: bucket_exists, params: {Buckets: logs}}"),
        ("yaml", "- name: Wait\n  cloudwait.aws.wait: {service: s3, waiter: bucket_exists, parms: {Bucket: logs}}"),
        ("yaml", "- name: Wait\n  cloudwait.aws.wait: {service: s3, waiter: '{{ nobody_says }}'}"),
        ("yaml", "- name: Wait\n  cloudwait.aws.wait_many: {waits: [{service: s3, waiter: bucket_exists}]}"),
        ("yaml", "- name: Ask\n  cloudwait.aws.waiter_info: {service: s4}"),
        ("yaml", "service: s3\ndefinition: {operation: HeadBucket, path: Nothing, success: [here]}"),
        ("yaml", "- hosts: localhost\n  roles: [{role: cloudwait.aws.wait, vars: {wait_stage: []}}]"),
    ],
)
def test_a_wrong_snippet_is_found(language: str, text: str) -> None:
    """The checks themselves."""
    with pytest.raises((Exception, SystemExit, pytest.fail.Exception)):
        CHECKS.get(language, check_nothing)(Snippet("page", 1, "", language, f"{text}\n"))


def check_nothing(snippet: Snippet) -> None:
    pytest.fail(f"{snippet}: nobody knows how to check {snippet.language!r}")


# --- YAML


def check_yaml(snippet: Snippet) -> None:
    value = yaml.safe_load(snippet.text)
    for is_one, check in YAML_KINDS:
        if is_one(value):
            check(value)
            return
    pytest.fail(f"{snippet}: neither plays, tasks, options, definitions, an inventory, an image nor a fragment")


def are_tasks(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def are_rulesets(value: Any) -> bool:
    return are_tasks(value) and all("sources" in entry for entry in value)


def are_entries(value: Any) -> bool:
    return are_tasks(value) and all("service" in entry for entry in value)


def are_plays(value: Any) -> bool:
    return are_tasks(value) and all("hosts" in entry for entry in value)


def are_options(value: Any) -> bool:
    return isinstance(value, dict) and "service" in value and set(value) <= set(wait_spec())


def are_definitions(value: Any) -> bool:
    return isinstance(value, dict) and any("operation" in entry for entry in value.values() if isinstance(entry, dict))


def is_of_catalog(value: Any) -> bool:
    """Part of a file of the catalogue, as it stands there."""
    return set(value) <= {"waiters", "corrections"} and any(
        all(held.items() <= getattr(CATALOG, key).get(service, {}).items() for key, held in value.items())
        for service in CATALOG.names
    )


def are_groups(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(group, dict) and "hosts" in group for group in value.values())


def is_fragment(value: Any) -> bool:
    sections = yaml.safe_load((REPO / "changelogs/config.yaml").read_text(encoding="utf-8"))["sections"]
    return isinstance(value, dict) and set(value) <= {name for name, _title in sections}


def check_plays(plays: Sequence[Mapping[str, Any]]) -> None:
    for play in plays:
        defaults, variables = play.get("module_defaults", {}), play.get("vars", {})
        for part in ("pre_tasks", "tasks", "post_tasks", "handlers"):
            check_tasks(play.get(part, []), defaults, variables)
        for role in play.get("roles", []):
            check_role(role["role"], {**variables, **role.get("vars", {})})


def check_rulesets(rulesets: Sequence[Mapping[str, Any]]) -> None:
    """The waits of the sources succeed."""
    for source in (source for ruleset in rulesets for source in ruleset["sources"]):
        read = ArgumentSpecValidator(source_spec()).validate(source["cloudwait.aws.wait"])
        assert not read.error_messages
        for entry in read_entries(read.validated_parameters, MODELS, lambda _account, *place: connect(*place)):
            check_wait(entry.request)


def check_tasks(
    held: Sequence[Mapping[str, Any]],
    defaults: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
) -> None:
    for task, above in tasks(held, defaults):
        seen = {**VARIABLES, **(variables or {}), **task.get("vars", {})}
        for module in OURS.keys() & task.keys():
            for item in templated(task.get("loop", [None]), seen):
                own = {**templated({**task[module]}, {**seen, "item": item})}
                check_task(module, {**from_defaults(module, above, seen), **own})
        if str(command := task.get("ansible.builtin.command", "")).startswith("aws "):
            check_command(command)
        if "ansible.builtin.include_role" in task:
            check_role(task["ansible.builtin.include_role"]["name"], task.get("vars", {}))


def from_defaults(module: str, defaults: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    reaching = [templated(given, seen) for group, given in defaults.items() if module in GROUPS.get(group, ())]
    return {name: value for given in reaching for name, value in given.items()}


def templated(value: Any, variables: Mapping[str, Any]) -> Any:
    """The value as a module gets it, with its templates filled in; an undefined variable is an error."""
    held = trusted({**variables, "lookup": lookup})
    return json.loads(json.dumps(Templar(loader=DataLoader(), variables=held).template(trusted(value))))


def lookup(name: str, path: str) -> str:
    """Ansible's own filters need its plugin loader, which changes how Python imports collections."""
    assert name == "ansible.builtin.file"
    return Path(path).read_text(encoding="utf-8")


def trusted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: trusted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [trusted(item) for item in value]
    return trust_as_template(value) if isinstance(value, str) else value


def check_role(name: str, given: Mapping[str, Any]) -> None:
    """The role has all the variables that it is given."""
    spec = REPO / "roles" / name.removeprefix("cloudwait.aws.") / "meta/argument_specs.yml"
    options = yaml.safe_load(spec.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    assert set(given) <= set(options)
    for stage in given.get("wait_stages", []):
        waits = stage["waits"] if isinstance(stage, Mapping) else stage
        check_task("cloudwait.aws.wait_many", {"waits": templated(waits, VARIABLES)})


def check_task(module: str, args: Mapping[str, Any]) -> None:
    """The arguments are valid, and the wait succeeds."""
    spec = {**aws_argument_spec(), **OURS[module]}
    read = ArgumentSpecValidator(spec).validate(dict(args))
    assert not read.error_messages
    params = read.validated_parameters
    if module == "cloudwait.aws.waiter_info":
        waiter_info(params, MODELS)
    elif module == "cloudwait.aws.wait":
        check_wait(read_request(params, MODELS, connect))
    else:
        assert read_policy(params, len(params["waits"]))[1] == []
        for entry in read_entries(params, MODELS, lambda _account, *place: connect(*place)):
            check_wait(entry.request)


def check_wait(request: Request) -> None:
    assert not request.warnings
    binding = request.binding
    said = ANSWERS[binding.operation_model.name](binding.params)
    answer = refused(said["error"]) if "error" in said else PollResult(said["data"], 200)
    done = run(request, answer)
    assert done.outcome.ending is Ending.SUCCESS, done.message


def check_inventory(groups: Mapping[str, Any]) -> None:
    """Its waits are valid."""
    for group in groups.values():
        for host, own in group["hosts"].items():
            seen = {"inventory_hostname": host, **group["vars"], **own}
            waits = templated(group["vars"]["waits"], seen)
            check_task("cloudwait.aws.wait_many", {"waits": yaml.safe_load(waits)})


def check_definitions(definitions: Mapping[str, Any], service: str | None = None, inline: Any = None) -> None:
    options = {
        "service": service,
        "waiter": None,
        "operation": None,
        "details": False,
        "definition": inline,
        "definitions": definitions,
    }
    assert not waiter_info(options, MODELS)["problems"]


def is_image(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"version", "images", "dependencies"}


def check_image(image: dict[str, Any]) -> None:
    validate_schema(image)
    assert {"cloudwait.aws"} <= {entry["name"] for entry in image["dependencies"]["galaxy"]["collections"]}


YAML_KINDS: Sequence[tuple[Callable[[Any], bool], Callable[[Any], None]]] = [
    (are_rulesets, check_rulesets),
    (are_entries, lambda held: check_task("cloudwait.aws.wait_many", {"waits": held})),
    (are_plays, check_plays),
    (are_tasks, check_tasks),
    (are_options, lambda held: check_definitions(held.get("definitions"), held["service"], held.get("definition"))),
    (are_definitions, check_definitions),
    (are_groups, check_inventory),
    (is_fragment, lambda _held: None),
    (is_image, check_image),
    (is_of_catalog, lambda _held: None),
]


# --- commands


def check_console(snippet: Snippet) -> None:
    for step in steps(snippet.text):
        check_command(step.command)


def check_command(command: str) -> None:
    """Each part is a known command, and what it refers to exists."""
    parsed(command)
    words = shlex.split(command, comments=True)
    for part in parts(words):
        name, *rest = part
        COMMANDS[name.rpartition("/")[2]](rest)


def parts(words: Sequence[str]) -> Iterator[list[str]]:
    """The simple commands of a line, without variables set before them and redirections."""
    part: list[str] = []
    for word in [*words, "&&"]:
        if word in ("&&", "&", "|", ";"):
            if part:
                yield part
            part = []
        elif word.startswith(">"):
            continue
        elif part or not re.match(r"\w+=", word):
            part.append(word)


def parsed(text: str) -> None:
    done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def check_make(words: Sequence[str]) -> None:
    targets = re.findall(r"^([a-z0-9-]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(words) <= {*targets, "help"}


def check_ad_hoc(words: Sequence[str]) -> None:
    assert words[:2] == ["localhost", "-m"], words
    if words[2] in OURS:
        assert words[3] == "-a"
        arguments = json.loads(words[4]) if words[4].startswith("{") else parse_kv(words[4])
        check_task(words[2], templated(arguments, VARIABLES))


def check_builder(words: Sequence[str]) -> None:
    parse_builder(words)  # exits for an unknown option


def check_doc(words: Sequence[str]) -> None:
    *options, name = words
    assert options in ([], ["-t", "role"])
    folder = "roles/{}/meta/argument_specs.yml" if options else "plugins/modules/{}.py"
    assert (REPO / folder.format(name.removeprefix("cloudwait.aws."))).exists(), name


def check_playbook(words: Sequence[str]) -> None:
    """One of ours, or one that its page shows (which stands in this folder), and its inventory."""
    names = [word for word in words if word.startswith("cloudwait.aws.") or word.endswith(".yml")]
    for name in names:
        ours = REPO / "playbooks" / f"{name.removeprefix('cloudwait.aws.')}.yml"
        assert ours.exists() if name.startswith("cloudwait.aws.") else Path(name).exists(), name
    assert names


def check_rulebook(words: Sequence[str]) -> None:
    """One of ours, or one that its page shows."""
    name = words[words.index("--rulebook") + 1]
    ours = REPO / "extensions/eda/rulebooks" / f"{name.removeprefix('cloudwait.aws.')}.yml"
    assert ours.exists() if name.startswith("cloudwait.aws.") else Path(name).exists(), name


def check_pip(words: Sequence[str]) -> None:
    assert words[0] == "install"
    pinned = (REPO / "requirements/run.txt").read_text(encoding="utf-8").casefold()
    for word in words[1:]:
        name = re.split(r"[\[=<>~!]", word)[0]
        is_there = (REPO / word.removeprefix("cloudwait.aws/")).exists()
        assert is_there if "/" in word else word.startswith("-") or f"\n{name}==" in pinned, word


def check_galaxy(words: Sequence[str]) -> None:
    assert words[:2] == ["collection", "install"], words
    own = yaml.safe_load((REPO / "galaxy.yml").read_text(encoding="utf-8"))
    known = {f"{own['namespace']}.{own['name']}", *own["dependencies"], "./cloudwait.aws"}
    assert {word for word in words[2:] if not word.startswith("-")} <= known


def check_pytest(words: Sequence[str]) -> None:
    files = [word.partition("::")[0] for word in words if "/" in word]
    assert all((REPO / file).exists() for file in files), files


def check_clone(words: Sequence[str]) -> None:
    own = yaml.safe_load((REPO / "galaxy.yml").read_text(encoding="utf-8"))
    assert words == ["clone", own["repository"]]


def check_interpreter(words: Sequence[str]) -> None:
    assert words[:2] == ["-m", "venv"], words


def check_aws(words: Sequence[str]) -> None:
    """``aws SERVICE wait WAITER --option``: boto3 has the waiter, and its operation the parameters."""
    service, wait, waiter, *rest = words
    assert wait == "wait"
    session = botocore.session.get_session()
    waiters = {xform_name(name, "-"): held for name, held in session.get_waiter_model(service)._waiter_config.items()}
    operation = session.get_service_model(service).operation_model(waiters[waiter]["operation"])
    known = {f"--{xform_name(name, '-')}" for name in operation.input_shape.members}
    assert {word for word in rest if word.startswith("--")} <= known


def check_harmless(_words: Sequence[str]) -> None:
    """A command of the shell or the system."""


COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "ansible": check_ad_hoc,
    "ansible-builder": check_builder,
    "ansible-doc": check_doc,
    "ansible-galaxy": check_galaxy,
    "ansible-playbook": check_playbook,
    "ansible-rulebook": check_rulebook,
    "aws": check_aws,
    "git": check_clone,
    "make": check_make,
    "moto_server": check_harmless,
    "pip": check_pip,
    "pytest": check_pytest,
    "python3": check_interpreter,
    **dict.fromkeys((".", "cd", "export", "sed"), check_harmless),
    "ansible-navigator": check_harmless,  # needs containers
}


def check_shell(snippet: Snippet) -> None:
    parsed(snippet.text)
    for command in re.findall(r"^\s*(aws .*)$", snippet.text, re.MULTILINE):
        check_command(command)


# --- programs and data


def check_python(snippet: Snippet) -> None:
    """It is a program that runs without errors; a module and an action plugin run only in Ansible."""
    code = compile(snippet.text, str(snippet), "exec")
    if "AnsibleModule" in snippet.text or "ActionBase" in snippet.text:
        return
    [service] = re.findall(r"boto3\.client\(\"([\w-]+)\"", snippet.text)
    answers = {name: [_answer(said)] for name, said in ANSWERS.items()}
    with (
        ScriptedEndpoint({"program": {"answers": answers, "service": service}}) as aws,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_ACCESS_KEY_ID": "program",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "eu-west-1",
        }.items():
            patch.setenv(name, value)
        exec(code, dict(VARIABLES))
        assert not aws.problems
        assert aws.requests


def _answer(said: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    return lambda request: said(request.params)


def check_ini(snippet: Snippet) -> None:
    """Settings of Ansible and of our callbacks: what they name exists."""
    config = ConfigParser()
    config.read_string(snippet.text)
    names = [name.strip() for name in config["defaults"]["callbacks_enabled"].split(",")]
    files = [REPO / f"plugins/callback/{name.removeprefix('cloudwait.aws.')}.py" for name in names]
    known = {(at["section"], at["key"]) for file in files for at in ini_keys(file)} | {
        ("defaults", "callbacks_enabled")
    }
    assert {(section, key) for section in config.sections() for key in config[section]} <= known


def ini_keys(plugin: Path) -> list[dict[str, str]]:
    """Where ansible.cfg holds the options of a plugin."""
    [documentation] = re.findall(r'^DOCUMENTATION = r"""\n(.*?)^"""', plugin.read_text(encoding="utf-8"), re.M | re.S)
    return [at for option in yaml.safe_load(documentation)["options"].values() for at in option["ini"]]


def check_json(snippet: Snippet) -> None:
    """A document, or one a line; what is left out of an object stands for itself as ``…,``."""
    try:
        json.loads(snippet.text)
    except ValueError:
        for line in snippet.text.splitlines():
            json.loads(line.replace("{…, ", "{"))


def check_php(snippet: Snippet) -> None:
    tree = php().parse(snippet.text.encode())
    assert not tree.root_node.has_error


@cache
def php() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_php.language_php()))


def check_picture(snippet: Snippet) -> None:
    """The one that ``test_layers.py`` compares with the files."""
    assert (snippet.page, snippet.heading) == ("CONTRIBUTING.md", "Architecture")


CHECKS: Mapping[str, Callable[[Snippet], None]] = {
    "console": check_console,
    "ini": check_ini,
    "json": check_json,
    "php": check_php,
    "python": check_python,
    "sh": check_shell,
    "text": check_picture,
    "yaml": check_yaml,
}


# --- relations between snippets


def test_what_is_said_of_php_waiters_is_the_same_in_yaml() -> None:
    page = [snippet for snippet in SNIPPETS if snippet.page == "docs/migrating.md"]
    before = next(snippet for snippet in page if snippet.language == "php")
    [array] = php().parse(before.text.encode()).root_node.children[1].named_children
    plays = [yaml.safe_load(snippet.text) for snippet in page if snippet.language == "yaml"]
    [after] = [value for value in plays if are_plays(value)]
    own = after[0]["module_defaults"]["group/cloudwait.aws.waits"]["definitions"]
    assert php_value(array) == {"waiters": own}


def php_value(node: tree_sitter.Node) -> Any:
    text = node.text.decode() if node.text else ""
    if node.type == "array_creation_expression":
        items = [[php_value(part) for part in item.named_children] for item in node.named_children]
        return dict(items) if all(len(item) == 2 for item in items) else [item[0] for item in items]
    return int(text) if node.type == "integer" else text.strip("'")

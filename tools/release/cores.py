# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the tarball works on each ansible-core that a Python of this machine can run.

Each ansible-core has an environment of its own, on the oldest Python that takes it, so that all Pythons have their
turn; the newest has the newest Python, and the collections of the newest `ansible` package. The oldest Python comes
once more with the lowest boto3. Newest versions are asked for in each run.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import NamedTuple

from tests.support.pythons import pythons
from tests.support.scripted import ScriptedEndpoint
from tools.release.importer import neighbours
from tools.release.step import REPO, WORK, Row, State, Wrong, pip_install, run, surroundings, virtual_environment

Version = tuple[int, int]
OLDEST_PYTHON, OLDEST_CORE = (3, 10), (2, 17)
ANY_PYTHON = ["--python-version", "3.99"]  # what an index has for any Python
SMOKE = Path(__file__).with_name("smoke.yml")
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
DOCUMENTED = ("wait", "wait_many", "waiter_info")
ROLES = ("ami_share", "ecs_rollout", "wait")

# The beginnings of warnings that are not about this collection. Any other warning is an error.
THEIRS = (
    r"amazon\.aws\.ec2_vpc_peer has been deprecated",  # an action group of amazon.aws's names it
    r"Importing '\w+' from 'ansible\.module_utils\._text'",  # amazon.aws 10 does
    r"Deprecation warnings can be disabled",  # comes with the first of them
    r"Collection at '\S*/_protomatter'",  # a folder of ansible-core's own
)
WRONG = re.compile(rf"\[(?:DEPRECATION )?WARNING\]: (?!{'|'.join(THEIRS)}).{{,200}}|Traceback|{SECRET}")


class Planned(NamedTuple):
    """An environment to test the tarball in."""

    core: Version
    python: Version
    boto3: str = "boto3"
    newest: bool = False

    @property
    def name(self) -> str:
        lowest = "" if self.boto3 == "boto3" else ", lowest boto3"
        return f"ansible-core {_text(self.core)}, Python {_text(self.python)}{lowest}"


def check(tarball: Path) -> Iterator[Row]:
    found = dict(pythons(OLDEST_PYTHON))
    if not found:
        raise Wrong("there is no Python that any supported ansible-core runs on")
    newest = found[max(found)]
    released = _cores(newest, *ANY_PYTHON)
    planned = plan({version: _cores(python) for version, python in found.items()}, _lowest_boto3())
    for environment in planned:
        yield _row(environment, found[environment.python], tarball)
    for core in sorted(released - {environment.core for environment in planned}):
        yield Row(f"ansible-core {_text(core)}", State.UNTESTED, ["no Python of this machine takes it"])
    for minor in range(OLDEST_PYTHON[1], max(found)[1]):
        if (3, minor) not in found:
            yield Row(f"Python 3.{minor}", State.UNTESTED, ["there is none on this machine"])


def plan(takes: Mapping[Version, Set[Version]], lowest_boto3: str) -> list[Planned]:
    """The versions of ansible-core to test, by the Python that they can be installed into."""
    cores = sorted(set().union(*takes.values()))
    planned = [Planned(core, min(python for python, some in takes.items() if core in some)) for core in cores[:-1]]
    planned.append(Planned(cores[-1], max(python for python, some in takes.items() if cores[-1] in some), newest=True))
    oldest = min(takes)
    return [*planned, Planned(min(takes[oldest]), oldest, lowest_boto3)]


def _row(planned: Planned, python: Path, tarball: Path) -> Row:
    try:
        return Row(planned.name, State.OK, [_try(planned, python, tarball)])
    except Wrong as wrong:
        return Row(planned.name, State.FAILED, str(wrong).splitlines())


def _try(planned: Planned, python: Path, tarball: Path) -> str:
    """What was installed; raises Wrong if anything fails."""
    folder = WORK / re.sub(r"[^\w.]+", "-", planned.name)
    commands = virtual_environment(folder / "venv", python)
    pip_install(commands, "--upgrade", f"ansible-core=={_text(planned.core)}.*", *planned.boto3.split())
    others = _newest_neighbours(commands) if planned.newest else neighbours()
    collections = folder / "collections"
    shutil.rmtree(collections, ignore_errors=True)
    environment = surroundings(commands, ANSIBLE_COLLECTIONS_PATH=f"{collections}:{others}", ANSIBLE_NOCOLOR="true")
    galaxy = ["collection", "install", "--offline", "--no-deps", "--collections-path", collections, tarball]
    run([commands / "ansible-galaxy", *galaxy], environment, folder)
    (folder / "inventory.ini").write_text(
        "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
    )
    _documentation(commands, environment, folder)
    _play(commands, environment, folder)
    listing = run([commands / "pip", "list", "--disable-pip-version-check", "--format=freeze"])
    installed = dict(line.split("==") for line in listing.splitlines() if "==" in line)
    shown = run([commands / "ansible-galaxy", "collection", "list", "amazon.aws"], environment)
    amazon = re.findall(r"^amazon\.aws +(\S+)", shown, re.MULTILINE)
    versions = [f"{name} {installed[name]}" for name in ("ansible-core", "boto3", "botocore")]
    return ", ".join([*versions, f"amazon.aws {amazon[0] if amazon else 'of no known version'}"])


def _documentation(commands: Path, environment: Mapping[str, str], folder: Path) -> None:
    for kind, names in {"module": DOCUMENTED, "role": ROLES}.items():
        for name in names:
            page = _quiet([commands / "ansible-doc", "--type", kind, f"cloudwait.aws.{name}"], environment, folder)
            if f"cloudwait.aws.{name}".upper() not in page.upper():
                raise Wrong(f"ansible-doc has no page of the {kind} {name}:\n{page}")


def _play(commands: Path, environment: Mapping[str, str], folder: Path) -> None:
    """Run the playbook and two commands against their own endpoint."""
    with ScriptedEndpoint(_scenarios()) as aws:
        variables = f"--extra-vars=endpoint_url={aws.url} secret_key={SECRET}"
        inventory = f"--inventory={folder / 'inventory.ini'}"
        played = _quiet([commands / "ansible-playbook", inventory, variables, SMOKE], environment, folder)
        if "localhost: ec2 instance_running: pending (attempt 1" not in played:
            raise Wrong(f"there is no line of progress in:\n{played}")
        keys = {"AWS_ACCESS_KEY_ID": "adhoc", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}
        arguments = 'service=ec2 waiter=instance_running delay=0.2 params=\'{"InstanceIds": ["i-1"]}\''
        asked = [commands / "ansible", "localhost", inventory, "--module-name"]
        waited = _quiet(
            [*asked, "cloudwait.aws.wait", "--args", arguments],
            {**environment, **keys, "AWS_ENDPOINT_URL": aws.url},
            folder,
        )
        told = _quiet([*asked, "cloudwait.aws.waiter_info", "--args", "service=rds"], environment, folder)
        for output, wanted in ((waited, '"outcome": "success"'), (told, '"db_instance_available"')):
            if wanted not in output:
                raise Wrong(f"{wanted} is not in:\n{output}")
        if aws.problems:
            raise Wrong(f"asked for what has no answer: {aws.problems}")


def _quiet(command: list[str | Path], environment: Mapping[str, str], folder: Path) -> str:
    """The output of an Ansible command; a warning or a secret in it is an error."""
    output = run(command, environment, folder)
    if found := WRONG.search(" ".join(output.split())):  # some versions break the lines of a warning
        raise Wrong(f"{found[0]!r} in the output of {' '.join(map(str, command))}:\n{output}")
    return output


def _scenarios() -> dict[str, dict[str, object]]:
    """The responses to the playbook's tasks and the commands, by access key."""

    def instance(state: str) -> dict[str, object]:
        return {"data": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]}}

    pending, running, terminated = map(instance, ("pending", "running", "terminated"))
    return {
        **{name: {"answers": [pending, running]} for name in ("success", "many", "role", "adhoc")},
        "failure": {"answers": [terminated]},
        "check": {"answers": [pending]},
    }


def _cores(python: Path, *options: str) -> set[Version]:
    """The supported versions of ansible-core that the index has for a Python."""
    told = run([python, "-m", "pip", "index", "versions", "--disable-pip-version-check", *options, "ansible-core"])
    listed = re.search(r"Available versions: (.*)", told)
    versions = re.findall(r"\b(\d+)\.(\d+)\.\d+(?=,|$)", listed[1]) if listed else []
    return {core for major, minor in versions if (core := (int(major), int(minor))) >= OLDEST_CORE}


def _newest_neighbours(commands: Path) -> Path:
    """A folder with the required collections, from the newest `ansible` package for that environment."""
    told = run([commands / "python", "-m", "pip", "index", "versions", "--disable-pip-version-check", "ansible"])
    found = re.search(r"^ansible \(([\d.]+)\)", told, re.MULTILINE)
    if found is None:
        raise Wrong(f"no version of ansible in:\n{told}")
    folder = WORK / f"neighbours-{found[1]}"
    if not folder.exists():
        download, part = WORK / "download", folder.with_suffix(".part")
        for stale in (download, part):
            shutil.rmtree(stale, ignore_errors=True)
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--dest", download]
        run([commands / "pip", "download", *options, f"ansible=={found[1]}"])
        [wheel] = download.glob("*.whl")
        with zipfile.ZipFile(wheel) as package:
            ours = re.compile(r"ansible_collections/(amazon|community)/aws/")
            package.extractall(part, [name for name in package.namelist() if ours.match(name)])
        part.rename(folder)
        shutil.rmtree(download)
    return folder


def _lowest_boto3() -> str:
    """The lower bounds of requirements.txt, taken literally."""
    bounds = re.findall(r"^(\w+)>=(\S+)$", (REPO / "requirements.txt").read_text(), re.MULTILINE)
    return " ".join(f"{name}=={version}" for name, version in bounds)


def _text(version: Version) -> str:
    return ".".join(map(str, version))

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A newcomer's walk: what README says under "Write your own waiter", and nothing else, from a clone to such a waiter.

The commands are README's. They clone this repository, make a virtual environment of their own and install into it, so
this takes about a minute, most of it pip's. Only the port is another one, as somebody may be at README's.
"""

from __future__ import annotations

import os
import pwd
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.support.console import Typed, follow
from tests.support.snippets import REPO, of_page

WALK = [snippet for snippet in of_page(REPO / "README.md") if snippet.heading == "Write your own waiter"]
PORT = "5000"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> list[Typed]:
    folder = tmp_path_factory.mktemp("walk")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    first, *others = [replace(snippet, text=snippet.text.replace(PORT, port)) for snippet in WALK]
    # writing a playbook takes longer than the start of the server
    meanwhile = replace(first, text=f"$ until (: < /dev/tcp/127.0.0.1/{port}); do sleep 0.1; done\n")
    return follow([first, meanwhile, *others], folder, environment(folder))


def environment(home: Path) -> dict[str, str]:
    """A new user's: nothing but where the network's packages come from, and this repository in the place of its URL."""
    of_network = ("PIP_", "SSL_", "HTTP", "NO_PROXY")
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(of_network)}
    settings = {f"url.{REPO}.insteadOf": own_url(), "safe.directory": "*"}
    git = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        git |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    user = Path(pwd.getpwuid(os.getuid()).pw_dir)  # not $HOME, which the tests have for themselves
    return {
        "PIP_CACHE_DIR": str(user / ".cache/pip"),
        "PIP_CONFIG_FILE": str(user / ".config/pip/pip.conf"),
        **kept,
        **git,
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PIP_NO_COMPILE": "0",  # pip's way to switch on an option that begins with no: it saves half of the time
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def own_url() -> str:
    return str(yaml.safe_load((REPO / "galaxy.yml").read_text(encoding="utf-8"))["repository"])


def test_every_command_of_the_readme_does_what_it_should(walked: list[Typed]) -> None:
    assert [(typed.step.command, typed.printed) for typed in walked if typed.status] == []
    assert len(walked) > 5


def test_the_walk_ends_with_a_wait_of_ones_own(walked: list[Typed]) -> None:
    assert "s3 GetBucketVersioning: Enabled (attempt 1" in walked[-1].printed
    assert "ok=2" in walked[-1].printed

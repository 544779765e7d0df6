# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Servers and commands for the tests that run what users run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from moto.server import ThreadedMotoServer
from tests.support.playbook import WORK, Ansible
from tests.support.scripted import ScriptedEndpoint

HERE = "tests/e2e/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each file of these tests on one worker, because its tests share the results of one long play."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPlay(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.split("::", 1)[0] if nodeid.startswith(HERE) else nodeid

    return ByPlay(config, log)


@pytest.fixture(scope="module")
def ansible(tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    collections = WORK / "collections"
    if not (collections / "ansible_collections/cloudwait/aws").exists():
        pytest.fail(f"the collection isn't installed in {collections}: run `make install`")
    return Ansible(tmp_path_factory.mktemp("home"), collections)


@pytest.fixture(scope="module")
def aws() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint({}) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The URL of a server with real state, reset before use."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    requests.post(f"{url}/moto-api/reset", timeout=60).raise_for_status()  # a process has one state for all servers
    yield url
    server.stop()


@pytest.fixture(scope="session")
def tarball() -> Path:
    found = sorted((WORK / "dist").glob("cloudwait-aws-*.tar.gz"))
    if len(found) != 1:
        pytest.fail(f"there should be one tarball in {WORK / 'dist'}, not {len(found)}: run `make build`")
    return found[0]

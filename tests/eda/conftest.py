# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the rulebooks need: Java, ansible-rulebook, the installed collection, and a server for AWS."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer
from tests.eda.rulebooks import COMMAND, java_home
from tests.support.playbook import WORK
from tools.with_moto import environment


@pytest.fixture(autouse=True, scope="session")
def _commands() -> None:
    if java_home() is None:
        pytest.skip("THERE IS NO JAVA, which ansible-rulebook needs: install openjdk-17-jre-headless")
    if not COMMAND.exists():
        pytest.fail(f"there is no {COMMAND}: run `make test-eda`")
    if not (WORK / "collections/ansible_collections/cloudwait/aws/extensions").exists():
        pytest.fail(f"the collection isn't installed in {WORK / 'collections'}: run `make install`")


class Aws:
    """A server with real state. ``environment``: how processes find it."""

    def __init__(self, url: str) -> None:
        self.environment = {name: value for name, value in environment(url).items() if name.startswith("AWS_")}
        self._url = url

    def client(self, service: str) -> object:
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, region_name="us-east-1", endpoint_url=self._url, **keys)


@pytest.fixture
def aws() -> Iterator[Aws]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    requests.post(f"{url}/moto-api/reset", timeout=60).raise_for_status()  # a process has one state for all servers
    yield Aws(url)
    server.stop()

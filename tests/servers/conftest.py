# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Third-party servers, each in the test's folder and on its own port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.servers.ceph import Ceph
from tests.servers.dynalite import Dynalite
from tests.support.playbook import Ansible

LACKING = "{} IS NOT THERE, SO NOTHING IS TESTED AGAINST IT: see what tests/servers/install.sh says"


@pytest.fixture(scope="module")
def ansible(tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    return Ansible(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ceph]:
    if not Ceph.is_there():
        pytest.skip(LACKING.format("CEPH"))
    cluster = Ceph(tmp_path_factory.mktemp("ceph"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def dynalite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dynalite]:
    if not Dynalite.is_there():
        pytest.skip(LACKING.format("DYNALITE"))
    server = Dynalite(tmp_path_factory.mktemp("dynalite"))
    try:
        server.start()
        yield server
    finally:
        server.stop()

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A Ceph cluster in memory: one monitor, one OSD, and a gateway with S3's API."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from functools import cached_property
from pathlib import Path

from tests.servers.daemon import Daemon, free_port
from tests.support.playbook import REPO

UNPACKED = REPO / ".work/servers/ceph"
LONGEST = 60  # seconds that a command may take

SETTINGS = """
[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{monitor}/0
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
run dir = {folder}
admin socket =
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
crash dir = {folder}
keyring = {folder}/keyring
plugin dir = {libraries}/ceph
erasure code dir = {libraries}/ceph/erasure-code
osd class dir = {libraries}/rados-classes
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
rgw rados pool pg num min = 1

[mon.a]
mon data = {folder}/mon
# else it stops if the disk is nearly full
mon data avail crit = 0

[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
osd crush chooseleaf type = 0
osd crush initial weight = 1

[client.rgw]
# the gateway encrypts by default, which requires authentication
ms mon client mode = crc
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw enable gc threads = false
rgw enable lc threads = false
rgw dynamic resharding = false
"""


class Ceph:
    """The cluster; ``gateway`` is the process that can be stopped safely. All its files are in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        port, monitor = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._monitor_port = monitor
        self._settings = folder / "ceph.conf"
        self._fsid = str(uuid.uuid4())
        self._settings.write_text(
            SETTINGS.format(fsid=self._fsid, monitor=monitor, port=port, folder=folder, libraries=self._libraries)
        )
        self._monitor = self._daemon("ceph-mon", "a", monitor)
        self._osd = self._daemon("ceph-osd", "0", monitor)
        self.gateway = self._daemon("radosgw", "client.rgw", port)

    @staticmethod
    def is_there() -> bool:
        """Whether it has been fetched, or is installed."""
        path = f"{UNPACKED}/usr/bin:{os.environ.get('PATH', os.defpath)}"
        return all(shutil.which(name, path=path) for name in ("ceph", "ceph-mon", "ceph-osd", "radosgw"))

    def start(self) -> None:
        """Make the cluster and start it."""
        monmap, disk = self._folder / "monmap", str(uuid.uuid4())
        address = f"[v2:127.0.0.1:{self._monitor_port}]"
        self._run("monmaptool", "--create", "--fsid", self._fsid, "--addv", "a", address, str(monmap))
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", str(monmap))
        self._monitor.start()
        (self._folder / "osd").mkdir()
        self._run("ceph", "osd", "new", disk)
        self._run("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", disk)
        self._osd.start()
        self.gateway.start()

    def stop(self) -> None:
        """End what was started."""
        for daemon in (self.gateway, self._osd, self._monitor):
            daemon.stop()

    def add_user(self, name: str, access_key: str, secret_key: str) -> None:
        """A user with their own buckets."""
        keys = [f"--access-key={access_key}", f"--secret-key={secret_key}"]
        self._run("radosgw-admin", "user", "create", f"--uid={name}", f"--display-name={name}", *keys)

    @cached_property
    def _libraries(self) -> Path:
        found = next(UNPACKED.glob("usr/lib/*/rados-classes"), None)
        return (found or next(Path("/usr/lib").glob("*/rados-classes"))).parent

    @cached_property
    def _environment(self) -> dict[str, str]:
        libraries = [self._libraries, self._libraries / "ceph", *UNPACKED.glob("lib/*-linux-gnu")]
        return {
            "PATH": f"{UNPACKED}/usr/bin:/usr/bin:/bin",
            "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
            "PYTHONPATH": f"{UNPACKED}/usr/lib/python3/dist-packages",
            "CEPH_CONF": str(self._settings),
            "LC_ALL": "C.UTF-8",
        }

    def _command(self, name: str) -> str:
        found = shutil.which(name, path=self._environment["PATH"])
        assert found, f"there is no {name}"
        return found

    def _daemon(self, name: str, identity: str, port: int) -> Daemon:
        option = "-n" if "." in identity else "-i"
        command = [self._command(name), option, identity, "-f"]
        return Daemon(command, port, self._folder / f"{name}.out", self._environment)

    def _run(self, name: str, *arguments: str) -> None:
        process = subprocess.run(
            [self._command(name), *arguments],
            env=self._environment,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        if process.returncode:
            raise AssertionError(f"{name} {' '.join(arguments)}:\n{process.stdout}{process.stderr}")

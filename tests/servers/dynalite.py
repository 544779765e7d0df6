# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""dynalite, a DynamoDB whose tables take time to be created and deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.servers.daemon import Daemon, free_port
from tests.support.playbook import REPO

PROGRAM = REPO / ".work/servers/node_modules/dynalite/cli.js"
CREATING, DELETING, UPDATING = 3000, 2500, 1000  # milliseconds


class Dynalite(Daemon):
    """The server, whose tables are kept in ``folder`` and are there again when it is started again."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        times = [f"--createTableMs={CREATING}", f"--deleteTableMs={DELETING}", f"--updateTableMs={UPDATING}"]
        place = ["--host=127.0.0.1", f"--port={port}", f"--path={folder / 'tables'}"]
        super().__init__([shutil.which("node") or "node", str(PROGRAM), *place, *times], port, folder / "log", {})

    @staticmethod
    def is_there() -> bool:
        """Whether it has been fetched."""
        return PROGRAM.exists() and shutil.which("node") is not None

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command with moto as AWS: ``with_moto.py COMMAND …`` finds it at $AWS_ENDPOINT_URL, a free local port.

The server is a thread of this process: however this ends, no server stays behind.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys

from moto.server import ThreadedMotoServer


def main(command: list[str]) -> int:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with subprocess.Popen(command, env=environment(f"http://{host}:{port}")) as child:
        # The terminal sends Ctrl-C to both processes, and the server must run until the child has ended.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


def environment(endpoint_url: str) -> dict[str, str]:
    """The caller's environment, without anything that leads to a real account."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EC2_", "BOTO"))} | {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

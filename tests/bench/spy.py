# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs a command and appends a line to a file: the cost of the command and its children, as JSON.

    python -I -S spy.py costs.jsonl ansible-playbook site.yml

A small process of its own, because Linux has a child's peak memory begin at that of whoever started it.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    path, *command = sys.argv[1:]
    child = os.posix_spawnp(command[0], command, os.environ)
    _pid, status, usage = os.wait4(child, 0)
    cost = {"cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024}
    with open(path, "a") as file:
        file.write(json.dumps(cost) + "\n")
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()

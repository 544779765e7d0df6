# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives Ansible, when tests import it, the same settings as make does, and keeps it out of the user's home folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

CACHE = tempfile.TemporaryDirectory()
os.environ["XDG_CACHE_HOME"] = CACHE.name
os.environ.setdefault("ANSIBLE_CONFIG", str(Path(__file__).parents[2] / "tools/ansible.cfg"))

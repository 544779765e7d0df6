# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx turns the pages that antsibull-docs writes into HTML."""

from __future__ import annotations

project = "cloudwait.aws"
extensions = ["sphinx_antsibull_ext"]
suppress_warnings = ["ref.ref"]  # labels of Ansible's own documentation; antsibull-docs checks ours

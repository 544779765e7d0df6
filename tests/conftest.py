# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How hypothesis looks for examples: the same ones in every run, or (``HYPOTHESIS_PROFILE=fuzz``) ever new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# how long an example takes says more of the machine than of the code, and large ones are wanted
COMMON = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
settings.register_profile("fixed", COMMON, derandomize=True, database=None)
settings.register_profile("fuzz", COMMON, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

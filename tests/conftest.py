# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of hypothesis: the same examples in every run, or new ones with ``HYPOTHESIS_PROFILE=fuzz``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# the duration of an example depends on the machine, and large examples are wanted
COMMON = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
settings.register_profile("fixed", COMMON, derandomize=True, database=None)
settings.register_profile("fuzz", COMMON, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

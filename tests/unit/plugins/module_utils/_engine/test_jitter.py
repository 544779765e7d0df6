# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One random number for the waits of a group that sleep from about the same time on."""

from __future__ import annotations

from tests.unit.plugins.module_utils._engine.fakes import Clock

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.jitter import SharedDraw


def test_a_shared_draw_stays_until_it_is_renewed_a_second_later() -> None:
    clock, numbers = Clock(), iter([0.1, 0.2, 0.3])
    draw = SharedDraw(lambda: next(numbers), clock)
    seen = []
    for seconds in (0, 0.5, 0.5, 0.5, 5):
        clock.sleep(seconds)
        before = draw()
        draw.renew()
        seen.append((before, draw()))
    assert seen == [(0.1, 0.1), (0.1, 0.1), (0.1, 0.2), (0.2, 0.2), (0.2, 0.3)]

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of the site in docs/_build, in .work/screenshots: ``make screenshots``."""

from __future__ import annotations

from pathlib import Path

from tests.support.browser import DESKTOP, PHONE, browser, resize, served

REPO = Path(__file__).parents[1]
PAGES = {
    "landing": "index.html",
    "catalogue": "catalogue.html",
    "search": "catalogue.html?q=athena+query",
    "service": "services/athena.html",
    "waiter": "services/rds.html#db_instance_available",
    "corrected": "catalogue.html?q=ec2+instance&source=corrected",
    "nothing": "catalogue.html?q=abracadabra",
    "module": "collection/wait_module.html",
    "role": "collection/ecs_rollout_role.html",
    "guide": "docs/definitions.html",
    "playbook": "playbooks/README.html",
}
SIZES = {"desktop": DESKTOP, "phone": PHONE}


def main() -> None:
    folder = REPO / ".work/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with served(REPO / "docs/_build") as site, browser() as driver:
        for size, metrics in SIZES.items():
            resize(driver, metrics)
            for scheme in ("light", "dark"):
                features = [{"name": "prefers-color-scheme", "value": scheme}]
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
                for name, page in PAGES.items():
                    driver.get("about:blank")
                    driver.get(f"{site}/{page}")
                    driver.save_screenshot(str(folder / f"{name}-{size}-{scheme}.png"))


if __name__ == "__main__":
    main()

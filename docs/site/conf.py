# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx turns the pages that ``make docs`` puts together into the site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

project = "cloudwait.aws"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
exclude_patterns = ["README.md"]  # index.md includes it
html_use_index = False  # its table of environment variables is too wide for a phone
suppress_warnings = [
    "ref.ref",  # labels of Ansible's own documentation; antsibull-docs checks ours
    "misc.highlighting_failure",  # "…" in an example
    "toc.no_title",  # the changelog before the first release
]

myst_heading_anchors = 3  # #headings are linked to as on GitHub

html_theme = "furo"
html_title = project
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False


def setup(app: Any) -> None:
    app.connect("html-collect-pages", services)


def services(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The pages of the services, which are HTML already: parsing as many pages would take most of the build's time."""
    pages = json.loads(Path(app.srcdir, "services.json").read_text(encoding="utf-8"))
    for name, page in pages.items():
        description = f'<meta name="description" content="{escape(page.pop("description"))}">'
        yield f"services/{name}", {**page, "metatags": description}, "page.html"

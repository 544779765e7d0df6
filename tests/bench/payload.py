# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The file of a module that is sent to a host, and the same file without the catalogue's data."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

_ZIP = re.compile(r"UEsDB[A-Za-z0-9+/=]+")  # base64 of the beginning of every zip file
_DATA = re.compile(r"/_catalog/(?!__init__|load)\w+\.py$")


def without_catalog(script: Path, lean: Path) -> int:
    """Write the module's file without the catalogue's data; the bytes of the zipped payload that this saves."""
    text = script.read_text()
    found = _ZIP.search(text)
    if found is None:
        raise SystemExit(f"no zipped payload was found in {script}")
    whole = base64.b64decode(found[0])
    small = _without_data(whole)
    lean.write_text(text[: found.start()] + base64.b64encode(small).decode() + text[found.end() :])
    return len(whole) - len(small)


def _without_data(zipped: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in source.infolist():
            if not _DATA.search(entry.filename):
                copy.writestr(entry, source.read(entry), zipfile.ZIP_DEFLATED)
    return target.getvalue()

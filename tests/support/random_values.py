# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random values for the shapes of a service model, and the smallest parameters that an operation takes."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import Any


class Data:
    """Random values for a shape, equal for equal seeds. Recursive shapes end at the second level."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def of(self, shape: Any, above: tuple[str, ...] = ()) -> Any:
        """A value, or None if the shape would recurse endlessly."""
        if shape.name in above:
            return None
        make = getattr(self, f"_{shape.type_name}")
        return make(shape, (*above, shape.name) if shape.type_name in ("structure", "list", "map") else above)

    def _structure(self, shape: Any, above: tuple[str, ...]) -> Any:
        if shape.is_document_type:
            return {"any": ["thing", 1]}
        made = {}
        for name, member in shape.members.items():
            streams = member.serialization.get("streaming") or member.serialization.get("eventstream")
            if streams or (len(above) > 1 and not shape.is_tagged_union and self.random.random() < 0.3):
                continue
            value = self._located(member) if "location" in member.serialization else self.of(member, above)
            if value is not None:
                made[name] = value
        if shape.is_tagged_union:
            return dict([self.random.choice(sorted(made.items(), key=lambda item: item[0]))]) if made else None
        return made

    def _located(self, member: Any) -> Any:
        """A header or the status: plain text, and only 200 as success."""
        if member.serialization["location"] == "statusCode":
            return 200
        if member.type_name == "map":
            return {"a-name": "value"}
        if member.type_name == "string" and not member.enum:
            return f"value-{self.random.randrange(99)}"
        return self.of(member)

    def _list(self, shape: Any, above: tuple[str, ...]) -> list[Any]:
        made = [self.of(shape.member, above) for dummy in range(self.random.choice((0, 1, 1, 2, 3)))]
        return [value for value in made if value is not None]

    def _map(self, shape: Any, above: tuple[str, ...]) -> dict[str, Any]:
        # No server sends an empty key, and moto's JSON serialiser would merge such an entry into its parent.
        names = [self.of(shape.key) or "empty" for dummy in range(self.random.choice((0, 1, 2)))]
        made = {name: self.of(shape.value, above) for name in names}
        return {name: value for name, value in made.items() if value is not None}

    def _string(self, shape: Any, dummy: Any) -> str:
        return str(self.random.choice(shape.enum or ("", "plain", "<a> & 'b' \"c\"", "Größe \u2192 9\n.")))

    def _integer(self, *_: Any) -> int:
        return self.random.randrange(-3, 100_000)

    def _float(self, *_: Any) -> float:
        return self.random.randrange(1000) / 8

    def _boolean(self, *_: Any) -> bool:
        return self.random.random() < 0.5

    def _timestamp(self, *_: Any) -> datetime:
        return datetime.fromtimestamp(self.random.randrange(10**9, 2 * 10**9), timezone.utc)

    def _blob(self, *_: Any) -> bytes:
        return self.random.randbytes(5)

    _long, _double, _character = _integer, _float, _string


def minimal(shape: Any) -> Any:
    """The smallest parameters that botocore accepts for an input shape."""
    match shape.type_name if shape is not None else "structure":
        case "structure":
            if shape is None:
                return {}
            names = list(shape.members)[:1] if shape.is_tagged_union else shape.required_members
            return {name: minimal(shape.members[name]) for name in names}
        case "list":
            return [minimal(shape.member)] * max(1, shape.metadata.get("min", 1))
        case "map":
            return {"name": minimal(shape.value)}
        case "string":
            return "x" * max(3, shape.metadata.get("min", 3))
        case "blob":
            return b"x"
        case "boolean":
            return True
        case "timestamp":
            return datetime(2024, 5, 6, tzinfo=timezone.utc)
    return max(1, shape.metadata.get("min", 1))

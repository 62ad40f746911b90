"""What comes and goes as JSON, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

#: A JSON object; GraphQL answers are walked over ones whose values may be functions of a field's arguments.
Object: TypeAlias = dict[str, Any]

#: What a field of GraphQL is given.
Arguments: TypeAlias = Mapping[str, Any]

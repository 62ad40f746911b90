"""What the classes did in each environment: ``results.json``, which ``record`` adds to and ``table`` renders.

Apart from ``table``, which asks the codemods too: an environment that plays trainings need not have LibCST.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

RESULTS = pathlib.Path(__file__).parent / "results.json"


def results() -> list[dict[str, Any]]:
    """One entry per environment and kind of classes: ``versions``, ``which`` and ``results`` by use."""
    found: list[dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found

"""Records the goldens: what the real class logs for each program, unmodified but for the spelling that 2.12 asks for.

    python -m wandb_keras_compat.parity.keras2.record [--check] [NAME...]

Runs in the oracle environment (TensorFlow 2.12, wandb 0.16.6). ``--check`` records again and demands the same, but for
what differs between any two trainings by rounding, so that no golden can be edited by hand.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ...testing.trace.differences import Diff
from ..ledger import compare
from . import play

GOLDENS = Path(__file__).with_name("goldens")


def golden(name: str) -> dict[str, Any]:
    """The trace that the real class left."""
    trace: dict[str, Any] = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    return trace


def main(*arguments: str) -> int:
    names = [each for each in arguments if each != "--check"]
    if "--check" not in arguments:
        play.main("twin", str(GOLDENS), *names)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        play.main("twin", folder, *names)
        found = {
            name: compare(golden(name), json.loads((Path(folder) / f"{name}.json").read_text(encoding="utf-8")))
            for name in names or play.NAMES
        }
    return said(found)


def said(found: dict[str, Diff]) -> int:
    lines = [
        f"{name}: {item.path}: {item.old!r:.60} is now {item.new!r:.60}"
        for name, diff in found.items()
        for item in diff
    ]
    print("\n".join(lines) or "every golden is what the real class logs")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

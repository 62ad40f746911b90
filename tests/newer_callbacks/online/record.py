"""Adds to ``results.json`` what the classes do in an environment.

    python -m tests.newer_callbacks.online.record [PYTHON]

PYTHON is the interpreter of the environment, this one by default; the backend runs in this one, which needs the
``testing`` extra.
"""

from __future__ import annotations

import json
import sys

from .play import play
from .recorded import RESULTS, results


def record(python: str) -> None:
    recorded = results() if RESULTS.exists() else []
    for which in ("native", "ours"):
        versions, said, _ = play(which, python)
        recorded = [cell for cell in recorded if (cell["versions"], cell["which"]) != (versions, which)]
        recorded.append({"versions": versions, "which": which, "results": said})
        print(versions, which, sum(result == "ok" for result in said.values()), "of", len(said), flush=True)
    recorded.sort(key=lambda cell: [int(part) for part in cell["versions"]["tensorflow"].split(".")], reverse=True)
    RESULTS.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(*(sys.argv[1:] or [sys.executable]))

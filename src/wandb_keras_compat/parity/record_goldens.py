"""Records the goldens: the trace of each scenario with the real class.

    python -m wandb_keras_compat.parity.record_goldens [--check] [NAME...]

Runs in the oracle environment (the real class is there and its gradients work). ``goldens/NAME.json`` is a trace whose
``made_with`` names the exact versions; where the real class ended the training, the trace is what it logged until
then and ``goldens/NAME.ended.txt`` says in one line how. ``--check`` records again and demands the same, so that no
golden can be edited by hand.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tempfile

from ..testing.trace.compare import diff
from ..testing.trace.normalize import dumps
from ..testing.trace.tolerances import Tolerances

#: The real class shuffles the samples before it sums gradients, and with batch normalization these sums nearly cancel:
#: on
#: another processor they were 4e-5 off. An edit that matters is larger than that.
ANOTHER_PROCESSOR = Tolerances(relative=1e-4)

GOLDENS = pathlib.Path(__file__).parent / "goldens" / "scenarios"


def record(folder: pathlib.Path, names: list[str]) -> None:
    """Plays the scenarios in a process of their own: devices and determinism are set once per process."""
    subprocess.run([sys.executable, "-m", "wandb_keras_compat.parity.play", "legacy", str(folder), *names], check=True)
    for path in folder.glob("*.ended.txt"):
        path.write_text(path.read_text(encoding="utf-8").strip().splitlines()[-1] + "\n", encoding="utf-8")


def main(*arguments: str) -> int:
    names = [argument for argument in arguments if argument != "--check"]
    if "--check" not in arguments:
        GOLDENS.mkdir(parents=True, exist_ok=True)
        record(GOLDENS, names)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder)
        record(fresh, names)
        wrong = [line for path in sorted(fresh.iterdir()) for line in differences(path, GOLDENS / path.name)]
        if not names:
            wrong += [f"{path.name}: no scenario" for path in GOLDENS.iterdir() if not (fresh / path.name).exists()]
    print("\n".join(wrong) or "every golden is what the real class logs")
    return 1 if wrong else 0


def differences(fresh: pathlib.Path, golden: pathlib.Path) -> list[str]:
    """What is not as recorded, of one file."""
    if not golden.exists():
        return [f"{golden.name}: not recorded"]
    if fresh.suffix == ".txt":
        return [] if fresh.read_bytes() == golden.read_bytes() else [f"{golden.name}: ended differently"]
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (golden, fresh))
    found = [
        f"{golden.name}: {item.path}: {item.old!r:.60} is now {item.new!r:.60}"
        for item in diff(old, new, tolerances=ANOTHER_PROCESSOR)
    ]
    if old["made_with"] != new["made_with"]:
        found.append(f"{golden.name}: made with {old['made_with']}, now {new['made_with']}")
    if dumps(old) != golden.read_text(encoding="utf-8"):
        found.append(f"{golden.name}: not in the form of a trace")
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

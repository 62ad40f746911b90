"""What came of the programs in one environment, as a results file.

    python -m wandb_keras_compat.parity.keras2.play option FOLDER      # there
    python -m wandb_keras_compat.parity.keras2.judge option FOLDER     # anywhere: writes results/; with names, these
    alone

A program is ``same`` where it ran and its trace is that of the real class, less the ledger; ``differs`` where it ran
and logged otherwise; ``ended`` where it did not run to its end.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from ...testing.trace.differences import Diff
from ...testing.trace.ledger import Ledger
from ..ledger import compare, ledger
from . import play
from .record import golden
from .table import KINDS

RESULTS = Path(__file__).with_name("results")


def against_golden(name: str, trace: dict[str, Any], known: Ledger | None = None) -> Diff:
    """What *trace* has otherwise than the real class had, less the ledger, whose entries are about runs by name."""
    called = f"play {name} {KINDS[name].known}"
    old, new = ({**each, "runs": [{**run, "name": called} for run in each["runs"]]} for each in (golden(name), trace))
    return compare(old, new, known or ledger())


def judge(name: str, folder: Path) -> dict[str, Any]:
    """What came of one program: its state, why, and the ids of the ledger that account for differences."""
    ended = folder / f"{name}.ended.txt"
    if ended.exists():
        return {"state": "ended", "why": last_error(ended.read_text(encoding="utf-8"))}
    trace = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    found = against_golden(name, trace)
    known = sorted(found.known)
    if found:
        return {"state": "differs", "why": f"{len(found)} differences, the first: {found.paths()[0]}", "known": known}
    return {"state": "same", "known": known}


def last_error(output: str) -> str:
    """The line that names the error, without places of a machine."""
    lines = [line for line in output.splitlines() if re.match(r"[A-Za-z_.]*(Error|Exception)\b", line)]
    line = (lines or output.strip().splitlines() or ["no word"])[-1]
    return re.sub(r"\(?(/[\w.+-]+){2,}\)?", "", re.sub(r"(&|object at) ?0x[0-9a-f]+", "", line)).strip()[:160]


def main(how: str, folder: str, *names: str) -> int:
    traces = Path(folder)
    programs = {name: judge(name, traces) for name in names or play.NAMES}
    made_with = json.loads(next(traces.glob("*.json")).read_text(encoding="utf-8"))["made_with"]
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"tf{made_with['tensorflow']}-{how}.json"
    result = {"how": how, "made_with": made_with, "programs": programs}
    if names:
        earlier = json.loads(target.read_text(encoding="utf-8"))
        if earlier["made_with"] != made_with:
            raise SystemExit(f"the others were played with {earlier['made_with']}, these with {made_with}: play all")
        result["programs"] = {**earlier["programs"], **programs}
    target.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name, what in programs.items():
        print(f"{name}: {what['state']} {what.get('why', '')}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Mutates the code of the features and looks which mutants the parity suite tells from it.

    python -m tests.parity.mutation [--shard I/N] [--sample N] [--seed S] [--most N] [--witness PATTERN] [--again] [PATTERN...]
    python -m tests.parity.mutation --report | --check

Results are kept in ``results.json`` by mutant, and a mutant of a function that has not changed is not run again;
``--again`` runs the survivors anew. ``PATTERN`` is of ``module:function`` names. ``--shard`` is for several of these
at once. ``--most N`` stops at some tests and the N quickest trainings of each mutant, for a first look; 0 is the quickest
tests alone. ``--witness`` takes only those whose name matches, e.g. ``tests *test_rules.py`` or ``scenario defaults``.

Before a mutant is judged, the same witnesses judge the module as it is, in the same way. If that finds anything, they tell
nothing of mutants, and the run ends with what they said.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

from . import report
from .mutants import Mutant, mutants_of
from .sources import ROOT, SOURCES, path_of

STATE = ROOT / "build" / "mutation"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity.mutation")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN")
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int)
    parser.add_argument("--witness", action="append", metavar="PATTERN")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if given.report or given.check:
        return report.main(check=given.check)
    mutants = [mutant for path in SOURCES for mutant in mutants_of(path)[0]]
    total = len(mutants)
    if given.patterns:
        names = [f"{mutant.module}:{mutant.function}" for mutant in mutants]
        mutants = [m for m, name in zip(mutants, names) if any(fnmatch.fnmatch(name, p) for p in given.patterns)]
    # In any order but that of the text: what has been run so far says something of all.
    random.Random(given.seed).shuffle(mutants)
    mutants = mutants[: given.sample]
    known = report.results()
    settled = ("killed", "timed out") if given.again else ("killed", "timed out", "survived", "not reached")
    mutants = [mutant for mutant in mutants if known.get(mutant.id, [""])[0] not in settled]
    index, count = map(int, given.shard.split("/"))
    ran = run(mutants[index::count], given.most, STATE / f"results-{index}.jsonl", given.witness)
    if ran:
        report.note_run(ran, total, ", ".join(given.witness or ["all"]))
    return 0


def run(mutants: list[Mutant], most: int | None, results: Path, only: list[str] | None) -> list[str]:
    """The outcomes, which are written to *results* one by one.

    Raises:
        SystemExit: witnesses tell a module from itself, or do not start.
    """
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = (
        "0"  # the threads of its convolutions do not survive a fork: children would hang
    )
    from . import witnesses
    from .reach import Reach

    witnesses.warm_up()
    STATE.mkdir(parents=True, exist_ok=True)
    reach = Reach.measured(STATE / "reach.json", only)
    began = time.monotonic()
    sound: set[tuple[str, ...]] = set()
    outcomes = []
    with results.open("a", encoding="utf-8") as file:
        for number, mutant in enumerate(mutants, 1):
            chosen, seconds = reach.witnesses(mutant, most)
            outcome = ["not reached"]
            if chosen:
                limit = 30 + 8 * seconds
                if (mutant.module, *chosen) not in sound:
                    require_agreement(mutant, chosen, limit)
                    sound.add((mutant.module, *chosen))
                found = witnesses.in_a_child(lambda m=mutant, c=chosen: [witnesses.judge(m, c)], limit)
                outcome = ["timed out"] if found is None else _outcome(found, len(chosen))
            file.write(json.dumps([mutant.id, *outcome]) + "\n")
            file.flush()
            outcomes.append(outcome[0])
            each = (time.monotonic() - began) / number
            print(
                f"{number}/{len(mutants)} {each:.2f} s each  {outcome[0]}: {mutant.module.partition('.')[2]}"
                f":{mutant.line} {mutant.now[:90]}  {outcome[1:]}",
                file=sys.stderr, flush=True,
            )  # fmt: skip
    return outcomes


def require_agreement(mutant: Mutant, chosen: list[str], limit: float) -> None:
    """Has *chosen* judge the module of *mutant* as it is.

    Raises:
        SystemExit: they find something, do not start, or take too long; the message says which and what.
    """
    from . import witnesses

    text = path_of(mutant.module).read_text(encoding="utf-8")
    found = witnesses.in_a_child(lambda: [witnesses.judge(replace(mutant, source=text), chosen)], limit)
    if found != [None]:
        what = "it took too long, or the process died" if found is None else f"{found}"
        raise SystemExit(f"BASELINE FAILS: {mutant.module} as it is, judged by {len(chosen)} witnesses: {what}")


def _outcome(found: object, tried: int) -> list[str]:
    if found == [None]:
        return ["survived", str(tried)]
    if isinstance(found, list):
        return ["killed", *found[0]]
    return ["killed", "import", str(found)]


if __name__ == "__main__":
    sys.exit(main())

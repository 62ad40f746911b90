"""``MUTANTS.md``: how many mutants the suite tells from the code, and why it need not tell the others.

The results are in ``results.json`` (mutant to outcome) and what was looked at in ``mutants.yaml``: a list of entries,
each about survivors that are named one by one. What was run when is in ``results.json`` too.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .mutants import Mutant, mutants_of
from .sources import ROOT, SOURCES, module_name

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
EXPLAINED = FOLDER / "mutants.yaml"
REPORT = FOLDER.parent / "MUTANTS.md"
STATE = ROOT / "build" / "mutation"
RUNS = STATE / "runs.jsonl"

KILLED = ("killed", "timed out")


@dataclass(frozen=True)
class Entry:
    """Why some survivors are no gap of the suite; *mutants* are ``(module, function, was, now)``, as a mutant has them."""

    kind: str
    why: str
    mutants: tuple[tuple[str, str, str, str], ...]

    def is_about(self, mutant: Mutant) -> bool:
        return place_of(mutant) in self.mutants


def place_of(mutant: Mutant) -> tuple[str, str, str, str]:
    return mutant.module.partition(".")[2], mutant.function, mutant.was, mutant.now


def entries() -> list[Entry]:
    """What is in ``mutants.yaml``."""
    from ruamel.yaml import YAML

    rows = YAML(typ="safe").load(EXPLAINED.read_text(encoding="utf-8"))
    return [
        Entry(
            row["kind"],
            row["why"],
            tuple((m["module"], m["function"], m["was"], now) for m in row["mutants"] for now in m["now"]),
        )
        for row in rows
    ]


def results() -> dict[str, list[str]]:
    """Mutant to outcome: ``[killed, witness, what it said]``, ``[timed out]``, ``[survived, witnesses]``, ``[not reached]``."""
    found: dict[str, list[str]] = _kept()["mutants"]
    for path in sorted(STATE.glob("results-*.jsonl"), key=lambda path: path.stat().st_mtime):
        for line in path.read_text(encoding="utf-8").splitlines():
            mutant, *outcome = json.loads(line)
            if found.get(mutant, [""])[0] not in KILLED:
                found[mutant] = outcome
    return found


def runs() -> list[dict[str, Any]]:
    """What was run when, oldest first: the kept ones and those of this machine."""
    found: list[dict[str, Any]] = list(_kept()["runs"])
    if RUNS.exists():
        here = map(json.loads, RUNS.read_text(encoding="utf-8").splitlines())
        found += [run for run in here if run not in found]
    return found


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return kept


def note_run(outcomes: list[str], of: int, witnesses: str) -> None:
    """Notes that mutants were run to these *outcomes*, of so many that there are, judged by which *witnesses*."""
    counts = Counter(outcomes)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    run = {
        "date": datetime.now(timezone.utc).date().isoformat(),
        "commit": commit.stdout.strip(),
        "mutants": len(outcomes),
        "of": of,
        "witnesses": witnesses,
        "told": sum(counts[kind] for kind in KILLED),
        "survived": counts["survived"],
        "not reached": counts["not reached"],
    }
    with RUNS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(run) + "\n")


def main(*, check: bool) -> int:
    """Writes the report and keeps the results; with *check* says what is not as it should be, and writes nothing."""
    found, known = results(), entries()
    per_module = {module_name(path): mutants_of(path) for path in SOURCES}
    mutants = [mutant for each, _ in per_module.values() for mutant in each]
    kept = {mutant.id: found[mutant.id] for mutant in mutants if mutant.id in found}
    survivors = [mutant for mutant in mutants if mutant.id in kept and kept[mutant.id][0] not in KILLED]
    text = _rendered(per_module, kept, survivors, known)
    # Enough of what a witness said to find it again, without the folders of the machine.
    short = {
        mutant: [re.sub(r"(?<![\w.])/[\w./-]+/", "", part)[:120] for part in outcome]
        for mutant, outcome in sorted(kept.items())
    }
    if not check:
        RESULTS.write_text(_json(short, runs()), encoding="utf-8")
        REPORT.write_text(text, encoding="utf-8")
        print(f"{REPORT.name}: {len(kept)} of {len(mutants)} mutants, {len(survivors)} survive")
        return 0
    wrong = [f"not run: {_place(mutant)}" for mutant in mutants if mutant.id not in kept]
    wrong += [
        f"not explained: {_place(m)}: {m.now}" for m in survivors if not any(entry.is_about(m) for entry in known)
    ]
    there, alive = set(map(place_of, mutants)), set(map(place_of, survivors))
    explained = [place for entry in known for place in entry.mutants]
    wrong += [f"no mutant: {place}" for place in explained if place not in there]
    wrong += [f"no survivor: {place}" for place in explained if place in there - alive]
    if not REPORT.exists() or REPORT.read_text(encoding="utf-8") != text:
        wrong.append(f"{REPORT.name} is not what the results say")
    print("\n".join(wrong) or "every mutant is told or explained")
    return 1 if wrong else 0


def _json(results: dict[str, list[str]], noted: list[dict[str, Any]]) -> str:
    """A line for each run and for each mutant."""
    of_runs = ",\n".join(map(json.dumps, noted))
    of_mutants = ",\n".join(f"{json.dumps(mutant)}: {json.dumps(outcome)}" for mutant, outcome in results.items())
    return f'{{"runs": [\n{of_runs}\n], "mutants": {{\n{of_mutants}\n}}}}\n'


def _place(mutant: Mutant) -> str:
    return f"{mutant.module.partition('.')[2]}.{mutant.function}".rstrip(".")


def _rendered(
    per_module: dict[str, Any], kept: dict[str, list[str]], survivors: list[Mutant], known: list[Entry]
) -> str:
    lines = [
        "<!-- Generated by `python -m tests.parity.mutation --report`. Do not edit. -->",
        "",
        "# Mutants of the features and what they rest on",
        "",
        "Each mutant is one small change of the code, made by mutmut's operators. It is killed by parity if a scenario's",
        "trace, a play of the machine or another test of `tests/parity` tells it from the golden, the real class or the",
        "model. Those that parity does not tell meet the tests beside it: `quirks`, `callback`, `faults` and so on. All",
        "run with the real class's TensorFlow and wandb (TF 2.12, wandb 0.16.6), operations one by one. What is mutated",
        "and what is left out says `tests/parity/mutation/mutants.py`.",
        "",
        "A result holds as long as the code of its function is the same, comments and docstrings aside. What was run when, of",
        "so many mutants that there were then:",
        "",
        "| date | commit | mutants run | of | judged by | told | survived | never reached |",
        "|---|---|---:|---:|---|---:|---:|---:|",
        *(_run_row(run) for run in runs()),
        "",
        "Of today's mutants:",
        "",
        "| module | mutants | run | killed by parity | by tests beside it | survived | never reached | parity kills | killed |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    totals: Counter[str] = Counter()
    for name, (mutants, _) in per_module.items():
        counts = Counter(_told_by(kept[mutant.id]) for mutant in mutants if mutant.id in kept)
        totals.update(counts)
        totals["all"] += len(mutants)
        lines.append(_row(name.partition(".")[2], len(mutants), counts))
    totals_of_all = totals.pop("all")
    lines.append(_row("**all**", totals_of_all, totals))
    left_out: Counter[str] = sum((left for _, left in per_module.values()), Counter())
    stale = totals_of_all - sum(totals.values())
    if stale:
        lines += [
            "",
            f"{stale} of them have no result: their functions changed after the last full run, or are new.",
        ]
    lines += [
        "",
        "Left out: " + ", ".join(f"{count} in {reason}" for reason, count in left_out.most_common()) + ".",
        "",
    ]
    counts = Counter(_entry_of(mutant, known).kind for mutant in survivors)
    lines += ["## Survivors", "", ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items())) + ".", ""]
    for entry in [*known, _UNEXPLAINED]:
        about = [mutant for mutant in survivors if _entry_of(mutant, known) is entry]
        if about:
            lines += [f"### {entry.kind}: {entry.why}", ""]
            lines += [f"* `{_place(mutant)}`: `{mutant.was}` → `{mutant.now}`" for mutant in about]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


_UNEXPLAINED = Entry("gap", "not looked at yet, or a test is missing", ())


def _entry_of(mutant: Mutant, known: list[Entry]) -> Entry:
    return next((entry for entry in known if entry.is_about(mutant)), _UNEXPLAINED)


def _run_row(run: dict[str, Any]) -> str:
    names = ("date", "commit", "mutants", "of", "witnesses", "told", "survived", "not reached")
    return "| " + " | ".join(str(run[name]) for name in names) + " |"


def _told_by(outcome: list[str]) -> str:
    """``parity``, ``beside``, ``survived`` or ``not reached``; where time ran out a training or a test never ended."""
    if outcome[0] not in KILLED:
        return outcome[0]
    beside = len(outcome) > 1 and outcome[1].startswith("tests/") and not outcome[1].startswith("tests/parity/")
    return "beside" if beside else "parity"


def _row(name: str, total: int, counts: Counter[str]) -> str:
    run = sum(counts.values())
    parity, all_of_them = counts["parity"], counts["parity"] + counts["beside"]
    shares = [f"{100 * told / run:.1f} %" if run else "-" for told in (parity, all_of_them)]
    cells = (total, run, parity, counts["beside"], counts["survived"], counts["not reached"], *shares)
    return f"| {name} | " + " | ".join(map(str, cells)) + " |"

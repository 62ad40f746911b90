"""Mutates the instrument itself and looks whether the tests that carry a module's name tell its mutants.

    python -m tests.parity.mutation.instrument [--sample N] [--again] [--jobs N] [MODULE...]
    python -m tests.parity.mutation.instrument --report | --check

The operators are those of the features' mutants (:mod:`.mutants`), a seeded sample of each module; the witnesses are the
tests of its line in :data:`.module_witnesses.WITNESSES`, which take seconds. ``MODULE`` is as in that table, or a pattern
of such names. Results are kept in ``instrument.json`` by mutant, as long as the code of its function is the same;
``--again`` runs the survivors anew. What survives and need not be told is in ``instrument.yaml``, with the reason.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import takewhile
from pathlib import Path
from typing import Any

from .judges import Judge, judge_of, warm_up
from .module_witnesses import WITNESSES, needs_tensorflow, path_of, witnesses_of

RESULTS = Path(__file__).with_suffix(".json")
EXPLAINED = Path(__file__).with_suffix(".yaml")
REPORT = Path(__file__).parents[1] / "INSTRUMENT.md"
SAMPLE, SEED = 40, 1


def sample_of(module: str, size: int | None = SAMPLE) -> list[Any]:
    """The first *size* of the module's mutants in an order that a seed and its name give."""
    from .mutants import mutants_of

    found, _ = mutants_of(path_of(module))
    random.Random(f"{SEED} {module}").shuffle(found)
    return found[:size]


def results() -> dict[str, list[str]]:
    """Mutant to ``[killed, test]``, ``[timed out]`` or ``[survived]``."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def run(modules: list[str], sample: int, *, again: bool, jobs: int) -> list[str]:
    """The modules whose witnesses do not pass with the module as it is: they say nothing of its mutants."""
    known, useless = results(), []
    settled = {"killed", "timed out"} if again else {"killed", "timed out", "survived"}
    samples = {module: sample_of(module, sample) for module in modules}
    left = {
        module: [mutant for mutant in mutants if known.get(mutant.id, [""])[0] not in settled]
        for module, mutants in samples.items()
    }
    for tensorflow in (False, True):  # in this order, since what is imported stays
        pairs = [pair for pair in left.items() if pair[1] and needs_tensorflow(pair[0]) == tensorflow]
        if not pairs:
            continue
        warm_up(tensorflow=tensorflow)
        # Whose workers may have processes of their own, as what they test has.
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            for future in as_completed([pool.submit(_outcomes, *pair) for pair in pairs]):
                module, found = future.result()
                if not found:
                    useless.append(module)
                known |= found
                RESULTS.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return useless


def _outcomes(module: str, mutants: list[Any]) -> tuple[str, dict[str, list[str]]]:
    """Of one module, with what came of each of its mutants; of none, if the witnesses do not pass without one."""
    with judge_of(module) as judged:
        return module, _judged_one_by_one(module, mutants, judged)


def _judged_one_by_one(module: str, mutants: list[Any], judged: Judge) -> dict[str, list[str]]:
    path, tests = path_of(module), witnesses_of(module)
    began = time.monotonic()
    as_it_is = judged(path, path.read_text(encoding="utf-8"), tests, 600)
    if as_it_is != [None]:
        print(f"BASELINE FAILS: {module} as it is, judged by {tests}: {as_it_is}", flush=True)
        return {}
    limit = 30 + 8 * (time.monotonic() - began)
    outcomes: dict[str, list[str]] = {}
    survivors = []
    for mutant in mutants:
        found = judged(path, mutant.source, tests, limit)
        outcomes[mutant.id] = ["timed out"] if not found else ["killed", found[0]] if found[0] else ["survived"]
        if found == [None]:
            survivors.append(f"  survives: {module}:{mutant.line} {mutant.function}: {mutant.was} -> {mutant.now}")
    seconds = (time.monotonic() - began) / len(mutants)
    line = f"{module}: {len(mutants)} mutants, {len(survivors)} survive, {seconds:.1f} s each"
    print("\n".join([*survivors, line]), flush=True)
    return outcomes


def explained() -> list[tuple[str, str, tuple[tuple[str, str, str, str], ...]]]:
    """Kind, reason and mutants ``(module, function, was, now)`` of each entry of ``instrument.yaml``."""
    from ruamel.yaml import YAML

    entries = YAML(typ="safe").load(EXPLAINED.read_text(encoding="utf-8")) or []
    return [
        (
            entry["kind"],
            entry["why"],
            tuple((m["module"], m["function"], m["was"], now) for m in entry["mutants"] for now in m["now"]),
        )
        for entry in entries
    ]


def report() -> tuple[str, list[str]]:
    """The page, and what is wrong: survivors that nobody explained, and modules of which less than nine of ten are told."""
    known, reasons = results(), explained()
    lines, unexplained, told_by = [], [], {}
    total = [0, 0, 0, 0]
    for module in WITNESSES:
        everything = sample_of(module, None)
        ran = [mutant for mutant in everything[:SAMPLE] if mutant.id in known]
        survivors = [mutant for mutant in ran if known[mutant.id][0] == "survived"]
        without_reason = 0
        for mutant in survivors:
            place = (module, mutant.function, mutant.was, mutant.now)
            entry = next((each for each in reasons if place in each[2]), None)
            told_by.setdefault(entry[:2] if entry else ("gap", "not looked at yet, or a test is missing"), []).append(
                place
            )
            without_reason += entry is None
        row = [len(everything), len(ran), len(ran) - len(survivors), len(survivors)]
        total = [one + other for one, other in zip(total, row)]
        can = len(ran) - (len(survivors) - without_reason)
        share = f"{100 * row[2] / can:.0f} %" if can else "-"
        lines.append(f"| {module} | {' | '.join(map(str, row))} | {share} |")
        if can and row[2] < 0.9 * can:
            unexplained.append(f"{module}: {share} of what can be told is")
    lines.append(f"| **all** | {' | '.join(map(str, total))} | {100 * total[2] / max(total[1], 1):.0f} % of all |")
    return "\n".join([*_HEAD, *lines, "", "## Survivors", *_reasons(told_by)]) + "\n", unexplained


_HEAD = [
    "<!-- Generated by `python -m tests.parity.mutation.instrument --report`. Do not edit. -->",
    "",
    "# Mutants of the instrument",
    "",
    "The instrument judges the shim, so it is judged too: by mutants, small changes of its code made by mutmut's operators, of",
    f"which a seeded sample of up to {SAMPLE} a module is run; the modules of hook, codemods and what else is no feature stand",
    "beside it. A mutant is told if one of the tests that carry the module's name (`tests/parity/mutation/module_witnesses.py`)",
    "fails, within seconds. The last column leaves out those that are explained below as ones that no test can tell.",
    "",
    "| module | mutants | run | told | survived | told of those that can be |",
    "|---|---:|---:|---:|---:|---:|",
]


def _reasons(told_by: dict[Any, list[tuple[str, str, str, str]]]) -> Iterator[str]:
    for (kind, why), places in sorted(told_by.items()):
        yield from ["", f"### {kind}: {why}", ""]
        for module, function, was, now in places:
            one, other = _where_they_differ(was, now)
            yield f"* `{module}` {function}: `{one}` → `{other}`"


def _where_they_differ(one: str, other: str, around: int = 60) -> tuple[str, str]:
    """Both texts, with what is alike far from where they differ left out."""
    before = _alike(one, other)
    behind = _alike(one[before:][::-1], other[before:][::-1])
    start = max(before - around, 0)

    def part(text: str) -> str:
        end = len(text) - max(behind - around, 0)
        return f"{'… ' * (start > 0)}{text[start:end]}{' …' * (end < len(text))}"

    return part(one), part(other)


def _alike(one: str, other: str) -> int:
    """How many signs both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity.mutation.instrument")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if given.report or given.check:
        text, wrong = report()
        if given.report:
            REPORT.write_text(text, encoding="utf-8")
        elif not REPORT.exists() or REPORT.read_text(encoding="utf-8") != text:
            wrong.append(f"{REPORT.name} is not what the results say")
        print("\n".join(wrong) or "nine of ten of each module are told")
        return 1 if wrong else 0
    wanted = [name for name in WITNESSES if not given.modules or any(fnmatch.fnmatch(name, p) for p in given.modules)]
    return 1 if run(wanted, given.sample, again=given.again, jobs=given.jobs) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Which witnesses reach which lines, and how long they take."""

from __future__ import annotations

import ast
import fnmatch
import functools
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from wandb_keras_compat.parity.scenarios import SCENARIOS

from . import witnesses
from .mutants import Mutant
from .sources import ROOT, SOURCES, module_name

#: Seconds of tests for each mutant, of this folder and beside it, where not all witnesses are wanted.
TESTS = 15.0


class Reach:
    """Measured once, without mutants; *found* is ``{witness: [seconds, {module: lines}]}``."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found
        self._statements = {module_name(path): _statements(path) for path in SOURCES}
        self._around = {module_name(path): _definitions_around(path) for path in SOURCES}

    @classmethod
    def measured(cls, cache: Path, only: list[str] | None = None) -> Reach:
        """Measures, or takes from *cache* what was measured with the same code and tests.

        Args:
            only: patterns of names of witnesses; None for all.

        Raises:
            SystemExit: of some kind of witness (tests, scenarios, small callbacks, plays) none passes with the code as it is.
        """
        known = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
        found = {}
        wanted = [
            each for each in witnesses.every() if only is None or any(fnmatch.fnmatch(each, text) for text in only)
        ]
        useless = []
        passing: Counter[str] = Counter({witness.partition(" ")[0]: 0 for witness in wanted})
        for witness in wanted:
            key = _digest(witness)
            if known.get(witness, [""])[0] != key:
                known[witness] = [key, _measured(witness)]
                cache.write_text(json.dumps(known), encoding="utf-8")
            for name, (failed, seconds, lines) in known[witness][1].items():
                if failed is None and seconds < witnesses.LONG:  # what fails in a warm child tells nothing
                    found[name] = [seconds, lines]
                    passing[witness.partition(" ")[0]] += 1
                else:
                    useless.append(f"{name} ({f'takes {seconds:.0f} s' if failed is None else failed})")
        print(
            f"baseline: {sum(passing.values())} witnesses pass with the code as it is: {dict(passing)}; "
            f"{len(useless)} do not, and judge nothing: {', '.join(useless) or 'none'}",
            file=sys.stderr,
        )
        if not wanted or 0 in passing.values():
            raise SystemExit(
                f"BASELINE FAILS: of a kind of witness none passes with the code as it is: {dict(passing)}"
            )
        return cls(found)

    def witnesses(self, mutant: Mutant, most: int | None) -> tuple[list[str], float]:
        """Those that execute the mutated statement, and their seconds together.

        First come the tests. Of the trainings, of which *most* are taken, the plays of that very feature
        come behind the two quickest, then the quickest of those that execute other lines of the module, then the others.
        """
        wanted = self._statements[mutant.module].get(mutant.line)
        if wanted is not None and not any(
            wanted & set(lines.get(mutant.module, [])) for _, lines in self._found.values()
        ):
            # What TensorFlow traces is never seen to run, only the definition of it.
            wanted = self._around[mutant.module].get(mutant.line, wanted)
        reached = []
        for name, (seconds, lines) in self._found.items():
            here = lines.get(mutant.module, [])
            if wanted is None and (here or witnesses.is_test(name)):  # what runs at import: those that do other things
                reached.append((seconds, name, tuple(sorted(lines))))
            elif wanted is not None and not wanted.isdisjoint(here):
                reached.append((seconds, name, tuple(here)))
        tests = self._tests([name for _, name, _ in sorted(reached)], mutant, most)
        trainings = sorted(each for each in reached if not witnesses.is_test(each[1]))
        names = {name for _, name, _ in trainings}
        first: dict[Any, str] = {}
        for _, name, here in trainings:
            first.setdefault(here, name)
        own = [f"plays {mutant.module.rpartition('.')[2]}"]
        quick = list(first.values())
        order = [*quick[:2], *own, *quick[2:], *(name for _, name, _ in trainings)]
        if wanted is None and most:
            most = max(most, len(quick) + 1)
        chosen = [*tests, *[name for name in dict.fromkeys(order) if name in names][:most]]
        return chosen, sum(self._found[name][0] for name in chosen)

    def _tests(self, reached: list[str], mutant: Mutant, most: int | None) -> list[str]:
        """Those of this folder, then those beside it, each time those of the module first; some seconds of them."""
        own = f"/test_{mutant.module.rpartition('.')[2]}.py::"
        found = [name for name in reached if witnesses.is_test(name)]
        found.sort(key=lambda name: (not witnesses.is_of_parity(name), own not in name))
        if most == 0:
            found = [name for name in found if witnesses.is_plain(name)]
        left = {True: TESTS, False: TESTS}
        chosen = []
        for name in found:
            kind, seconds = witnesses.is_of_parity(name), self._found[name][0]
            if most is None or seconds <= left[kind]:
                left[kind] -= seconds
                chosen.append(name)
        return chosen


def _measured(witness: str) -> dict[str, Any]:
    """Witness, or the tests in it, to what it says of the code as it is, its seconds, and the lines it executes."""
    kind, _, name = witness.partition(" ")
    if kind == "tests":
        found = witnesses.in_a_child(lambda: witnesses.lines_of_tests(name), 900) or {}
        assert isinstance(found, dict), found
    else:
        found = {witness: witnesses.in_a_child(lambda: witnesses.lines_of(witness), 180) or ("died", 0.0, {})}
    for each, (failed, seconds, _) in found.items():
        print(f"{each}: {seconds:.1f} s{f', FAILS: {failed}' if failed is not None else ''}", file=sys.stderr)
    return found


def _digest(witness: str) -> str:
    """Of the package and of what the witness is."""
    whole = hashlib.sha256(_package())
    kind, _, name = witness.partition(" ")
    if kind == "plays":
        name = f"src/wandb_keras_compat/parity/state_machine/plays/{name}.py"
    what = repr(SCENARIOS[name]) if kind in ("scenario", "small") else (ROOT / name).read_text(encoding="utf-8")
    whole.update(re.sub(r" at 0x\w+", "", what).encode())
    return whole.hexdigest()


@functools.cache
def _package() -> bytes:
    """What is mutated and what it rests on; the suite is no part of that."""
    suite = ROOT / "src" / "wandb_keras_compat" / "parity"
    files = sorted(path for path in (ROOT / "src").rglob("*.py") if suite not in path.parents)
    return b"".join(path.read_bytes() for path in files)


def _statements(path: Path) -> dict[int, set[int] | None]:
    """Line to the lines of the statement in a function that it is part of; None for what runs at import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: dict[int, set[int] | None] = {}

    def visit(node: ast.AST, inside: bool) -> None:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            own = range(node.lineno, (body[0].lineno if body else (node.end_lineno or 0) + 1))
            for line in own:
                found[line] = set(own) if inside else None
        for child in ast.iter_child_nodes(node):
            visit(child, inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))

    visit(tree, inside=False)
    return found


def _definitions_around(path: Path) -> dict[int, set[int]]:
    """Line of a function in a function to the line of its definition."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inner = (
        each for node in functions for each in ast.walk(node) if isinstance(each, ast.FunctionDef) and each is not node
    )
    return {line: {node.lineno} for node in inner for line in range(node.lineno + 1, (node.end_lineno or 0) + 1)}

"""Which witnesses reach which lines, and how long they take."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.parity.scenarios import SCENARIOS

from . import witnesses
from .mutants import ROOT, SOURCES, Mutant, module_name


class Reach:
    """Measured once, without mutants; *found* is ``{witness: [seconds, {module: lines}]}``."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found
        self._statements = {module_name(path): _statements(path) for path in SOURCES}

    @classmethod
    def measured(cls, cache: Path) -> Reach:
        """Measures, or takes from *cache* what was measured with the same code and tests."""
        known = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
        found = {}
        for witness in witnesses.every():
            key = _digest(witness)
            if known.get(witness, [""])[0] != key:
                failed, seconds, lines = witnesses.in_a_child(lambda w=witness: witnesses.lines_of(w), 600) or ("", 0, {})
                print(f"{witness}: {seconds:.1f} s{f', FAILS: {failed}' if failed is not None else ''}", file=sys.stderr)
                known[witness] = [key, failed, seconds, lines]
                cache.write_text(json.dumps(known), encoding="utf-8")
            _, failed, seconds, lines = known[witness]
            if failed is None:  # what fails in a warm child, or with operations one by one, tells nothing
                found[witness] = [seconds, lines]
        return cls(found)

    def witnesses(self, mutant: Mutant, most: int | None) -> tuple[list[str], float]:
        """Those that execute the mutated statement, and their seconds together.

        First come the plays of that very feature behind the two quickest, then the quickest of those that execute other
        lines of the module, then the others.
        """
        wanted = self._statements[mutant.module].get(mutant.line)
        reached = []
        for name, (seconds, lines) in self._found.items():
            here = lines.get(mutant.module, [])
            if wanted is None and here:  # what runs at import: those that do other things with it
                reached.append((seconds, name, tuple(sorted(lines))))
            elif wanted is not None and not wanted.isdisjoint(here):
                reached.append((seconds, name, tuple(here)))
        names = {name for _, name, _ in reached}
        first: dict[Any, str] = {}
        for _, name, here in sorted(reached):
            first.setdefault(here, name)
        own = [f"plays {mutant.module.rpartition('.')[2]}"]
        quick = list(first.values())
        order = [*quick[:2], *own, *quick[2:], *(name for _, name, _ in sorted(reached))]
        if wanted is None and most is not None:
            most = max(most, len(quick) + 1)
        chosen = [name for name in dict.fromkeys(order) if name in names][:most]
        return chosen, sum(self._found[name][0] for name in chosen)


def _digest(witness: str) -> str:
    """Of the package and of what the witness is."""
    whole = hashlib.sha256(_package())
    kind, _, name = witness.partition(" ")
    if kind == "plays":
        kind = f"tests/parity/test_{name}.py"
    what = repr(SCENARIOS[name]) if kind in ("scenario", "small") else (ROOT / kind.partition("::")[0]).read_text(encoding="utf-8")
    whole.update(re.sub(r" at 0x\w+", "", what).encode())
    return whole.hexdigest()


@functools.cache
def _package() -> bytes:
    return b"".join(path.read_bytes() for path in sorted((ROOT / "src").rglob("*.py")))


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

"""Runs scenarios, documented uses and whole programs in a cell, and judges them.

Ours first, then what the installed wandb does alone, so that nothing the latter does can cost us a result.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wandb_keras_compat.parity.check import process
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import ABSENT, NOT_RUN, Verdict, judge, last_line, record_of, verdict_on
from wandb_keras_compat.parity.check.problems import NoSpace, mentions_full_disk
from wandb_keras_compat.parity.check.retry import each
from wandb_keras_compat.parity.keras2 import play as keras2
from wandb_keras_compat.parity.keras2.judge import against_golden
from wandb_keras_compat.parity.keras2.record import GOLDENS as OF_PROGRAMS
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.trace.ledger import Ledger
from wandb_keras_compat.testing.trace.normalize import trace_of

from .axes import Capability, Matrix
from .code_snapshot import PACKAGE, ROOT, digest_of_goldens, parsed
from .property_tests import drawn_plays, plays_of

WHO = ("ours", "native")

#: Run by a cell's interpreter: says which versions are installed there.
CELL_INFO = ROOT / "compat_matrix" / "cell_info.py"
#: Declares the newer callbacks' documented uses.
USES = PACKAGE / "parity" / "documented_uses.py"
Record = dict[str, Any]


class DoesNotStart(Exception):
    """The cell was installed, and TensorFlow or wandb cannot be imported there; the message is the traceback."""


def versions(environment: CellEnvironment) -> dict[str, Any]:
    """What is installed, as the cell's interpreter says.

    Raises:
        DoesNotStart: it says nothing.
    """
    ended = environment.run(str(environment.source / CELL_INFO.relative_to(ROOT)), step="versions")
    if ended.code or ended.hung:
        raise DoesNotStart(ended.hung or ended.err)
    found: dict[str, Any] = json.loads(ended.out.strip().splitlines()[-1])
    environment.installed = dict(found)
    return found


def scenarios_of(capability: Capability, which: str) -> list[str]:
    """The scenarios of *capability* that are played: ``all``, or those of the ``selection``."""
    own = [name for name in SCENARIOS if capability.has(name)]
    return own if which == "all" else [name for name in own if name in capability.selection]


def play_cell(
    matrix: Matrix, environment: CellEnvironment, known: Ledger, which: str, legacy_class: str
) -> Iterator[Record]:
    """The records of a cell as they come.

    Args:
        which: ``all`` or ``selection``.
        legacy_class: empty where the installed wandb has the class, else why it cannot be imported.
    """
    for who in WHO:
        yield from _scenarios(matrix, environment, known, which, who, legacy_class)
        yield from _uses(matrix, environment, who)
        yield from _programs(matrix, environment, who)
        yield from _recorded(matrix, environment, known, who)


# --- scenarios ----------------------------------------------------------------


def _scenarios(
    matrix: Matrix, environment: CellEnvironment, known: Ledger, which: str, who: str, legacy_class: str
) -> Iterator[Record]:
    groups = {item: scenarios_of(item, which) for item in matrix.applicable(environment.cell) if item.scenarios}
    if who == "native" and legacy_class:
        for capability, names in groups.items():
            yield {
                **record_of(capability.name, who, []),
                "of": len(names),
                "state": ABSENT,
                "note": last_line(legacy_class),
            }
        return
    names = [name for name in SCENARIOS if any(name in group for group in groups.values())]
    verdicts = {verdict.what: verdict for verdict in _played(environment, names, who, known)}
    drawn = drawn_plays(matrix, environment) if who == "ours" else []
    for capability, group in groups.items():
        found = [verdicts[name] for name in group if name in verdicts]
        found += [item for item in drawn if item.what == plays_of(matrix, capability.property)]
        of = len(group) + (who == "ours")
        yield record_of(capability.name, who, found, of=of, goldens=digest_of_goldens(group, GOLDENS))


def _played(environment: CellEnvironment, names: Sequence[str], who: str, known: Ledger) -> Iterator[Verdict]:
    """Trains the scenarios in one process; in another from the next one on where that dies or hangs."""
    folder = environment.folder / f"traces-{who}"
    play = ("-m", "wandb_keras_compat.parity.play", "shim" if who == "ours" else "legacy", str(folder))

    def attempt(left: Sequence[str]) -> process.ProcessResult:
        return environment.run(*play, *left, step=f"{who} scenarios")

    def verdict(name: str) -> Verdict | None:
        if not (folder / f"{name}.json").exists():
            return None
        found = judge(name, folder, known)
        if mentions_full_disk(found.traceback):
            raise NoSpace(environment.folder)
        return found

    yield from each(names, attempt, verdict, environment.limits)


# --- the newer callbacks' documented uses ----------------------------------------------------------------


def _uses(matrix: Matrix, environment: CellEnvironment, who: str) -> Iterator[Record]:
    results: dict[str, str] = {}
    folder = environment.folder / f"uses-{who}"
    folder.mkdir()
    names = names_of_uses(environment.source / USES.relative_to(ROOT))

    def attempt(left: Sequence[str]) -> process.ProcessResult:
        here = folder / str(len(left))
        here.mkdir()
        with Backend() as backend:
            ended = environment.run(
                "-m",
                "wandb_keras_compat.parity.documented_uses",
                who,
                str(here),
                *left,
                step=f"{who} uses",
                **backend.environment(),
            )
        for item in map(_parsed, ended.out.splitlines()):
            if "use" in item:
                results[item["use"]] = item["result"]
        return ended

    def verdict(name: str) -> Verdict | None:
        printed = results.get(name)
        return None if printed is None else Verdict(name, how="" if printed == "ok" else printed)

    found = list(each(names, attempt, verdict, environment.limits))
    for capability in matrix.applicable(environment.cell):
        if capability.uses:
            own = [item for item in found if item.what.startswith(f"{capability.uses}:")]
            yield record_of(capability.name, who, own, of=sum(name.startswith(f"{capability.uses}:") for name in names))


def names_of_uses(module: Path) -> list[str]:
    """The names of the uses, read from the source of *module*, which imports TensorFlow."""
    tree = parsed(module.read_text(encoding="utf-8"))
    declared = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "USES"
    )
    assert isinstance(declared, ast.Dict)
    return [str(key.value) for key in declared.keys if isinstance(key, ast.Constant)]


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


# --- whole programs ----------------------------------------------------------------


def _programs(matrix: Matrix, environment: CellEnvironment, who: str) -> Iterator[Record]:
    for capability in matrix.applicable(environment.cell):
        if capability.programs:
            found = [_program(environment, name, who) for name in capability.programs if not environment.limits.over]
            yield record_of(capability.name, who, found, of=len(capability.programs))


def _program(environment: CellEnvironment, name: str, who: str) -> Verdict:
    """Runs to its end, and the backend got rows with every key that its first line promises."""
    script = environment.source / "compat_matrix" / "programs" / f"{name}.py"
    started = ["-m", "wandb_keras_compat", "run", str(script)] if who == "ours" else [str(script)]
    with Backend() as backend:
        ended = environment.run(*started, step=f"{who} programs", **backend.environment())
        history = backend.snapshot().history() if backend.snapshot().runs else []
    if ended.code or ended.hung:
        return Verdict(name, how=ended.hung or last_line(ended.err), traceback=ended.err)
    missing = set(promised(script)) - {key for row in history for key in row}
    return Verdict(name, how=f"no {', '.join(sorted(missing))} in its rows" if missing else "")


def promised(script: Path) -> list[str]:
    """The keys a program logs, from its first line."""
    return script.read_text(encoding="utf-8").splitlines()[0].partition("Logs:")[2].strip(' "').split()


# --- whole programs that the real class was recorded with ---------------------------------------------------------


def _recorded(matrix: Matrix, environment: CellEnvironment, known: Ledger, who: str) -> Iterator[Record]:
    for capability in matrix.applicable(environment.cell):
        if names := capability.recorded:
            options = capability.options if who == "ours" else ()
            found = [
                _recorded_program(environment, name, who, options, known)
                for name in names
                if not environment.limits.over
            ]
            yield record_of(capability.name, who, found, of=len(names), goldens=digest_of_goldens(names, OF_PROGRAMS))


def _recorded_program(
    environment: CellEnvironment, name: str, who: str, options: Sequence[str], known: Ledger
) -> Verdict:
    """Runs to its end, and its trace is that of the real class, less the ledger."""
    script = environment.source / keras2.PROGRAMS.relative_to(ROOT) / f"{name}.py"
    started = ["-m", "wandb_keras_compat", "run", *options, str(script)] if who == "ours" else [str(script)]
    with Backend() as backend:
        ended = environment.run(*started, step=f"{who} programs", **{**keras2.SAME, **backend.environment()})
        trace = trace_of(backend.snapshot(), "http", blind=keras2.BLIND)
    if ended.code or ended.hung:
        return Verdict(name, how=ended.hung or last_line(ended.err), traceback=ended.err)
    return verdict_on(name, against_golden(name, keras2.silenced(trace, _made_with(environment)), known))


def _made_with(environment: CellEnvironment) -> dict[str, str]:
    """The versions that the ledger's entries ask about."""
    found = {name: str(environment.installed[name]) for name in ("python", "tensorflow", "keras", "wandb", "numpy")}
    h5py = environment.installed["distributions"].get("h5py")
    return {**found, "h5py": h5py} if h5py else found


def missing_records(matrix: Matrix, cell: Cell, there: Iterable[Mapping[str, Any]], why: str) -> Iterator[Record]:
    """Records that say ``not run`` for everything of *cell* that has none."""
    named = {(item["capability"], item["who"]) for item in there}
    for capability in matrix.applicable(cell):
        for who in WHO:
            if (capability.name, who) not in named:
                yield record_of(capability.name, who, []) | {"state": NOT_RUN, "note": why}

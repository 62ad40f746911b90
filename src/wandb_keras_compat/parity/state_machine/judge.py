"""Holds contestants to each other, after every event, and says what differs."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.version import Version

from ...testing.trace.compare import diff
from ...testing.trace.differences import Difference
from ...testing.trace.ledger import Ledger
from .. import ledger as suite
from .contestants import Arena, Step, made_with, real, shim
from .events import Play
from .legacy_model import played as modelled
from .legacy_model.rules import Rules

#: Differences that are left to chance: what the real class logs then, its model cannot tell.
BY_CHANCE = {"KD-091"}
#: What the model knows of a run; the rest of a trace is compared between the real class and the shim.
MODELLED = ("name", "history", "summary", "files", "artifacts", "console")


class Disagreement(AssertionError):
    """Two contestants differ; the message has the play, where in it, and the values by path."""


@functools.cache
def _ledger() -> Ledger:
    return suite.ledger()


@functools.cache
def has_real_class() -> bool:
    """Whether the installed wandb has the class, and it works with the installed Keras."""
    try:
        real()
    except ImportError:
        return False
    return Version(made_with()["keras"]).major < 3


def judge(arena: Arena, play: Play, *, oracle: bool | None = None) -> set[str]:
    """Plays *play* with everyone there is: the shim, the model and, where it works, the real class.

    Args:
        oracle: whether to ask the real class; None is where there is one that works.

    Returns:
        The ids of the ledger that mattered.

    Raises:
        Disagreement: the shim is not as the model of the shim, the real class is not as the model of the real
            class, or the two of them differ in more than the ledger says.
    """
    oracle = has_real_class() if oracle is None else oracle
    arena.plays += 1
    try:
        return _judged(arena, play, oracle, every=False)
    except Disagreement:
        pass
    # Once more, with a trace after each event, to tell after which one it begins.
    _judged(arena, play, oracle, every=True)
    raise AssertionError("the same play was judged otherwise the second time")


def _judged(arena: Arena, play: Play, oracle: bool, every: bool) -> set[str]:
    ours, theirs = Rules(True, made_with()), Rules(False, made_with())
    of_shim = arena.played(shim, play, every)
    _as_modelled(play, "the shim", of_shim, modelled(play, ours, every), set())
    if oracle:
        of_real = arena.played(real, play, every)
        _as_modelled(play, "the real class", of_real, modelled(play, theirs, every), BY_CHANCE & theirs.met)
        _as_each_other(play, of_real, of_shim, ours.met | theirs.met)
    return ours.met | theirs.met


def _as_modelled(play: Play, who: str, steps: Sequence[Step], wanted: Sequence[Step], chance: set[str]) -> None:
    known = Ledger(tuple(entry for entry in _ledger().entries if entry.id in chance))
    name = " ".join(["play", *sorted(chance)])
    for at, (step, model) in enumerate(zip(steps, wanted)):
        if step.died != model.died and step.died not in (model.died or "").split(" or "):
            raise Disagreement(_told(play, at, who, "the model", [f"died: {step.died} | {model.died}"]))
        lines = []
        if step.trace is not None and model.trace is not None:
            made_with = {"made_with": step.trace["made_with"]}
            old, new = ({**_called(trace, name), **made_with} for trace in (_modelled(step.trace), model.trace))
            found = diff(old, new, known, tolerances=suite.TRAININGS)
            lines = [_line(item) for item in found]
        if not lines and step.glance != model.glance:
            lines = [f"at a glance: {step.glance} | {model.glance}"]
        if lines:
            raise Disagreement(_told(play, at, who, "the model", lines))


def _as_each_other(play: Play, of_real: Sequence[Step], of_shim: Sequence[Step], known: set[str]) -> None:
    """The shim may go on where the real class died: the models of both have said so."""
    name = " ".join(["play", *sorted(known)])
    for at, (old, new) in enumerate(zip(of_real, of_shim)):
        if old.died is not None or old.trace is None or new.trace is None:
            continue
        found = diff(_called(old.trace, name), _called(new.trace, name), _ledger(), tolerances=suite.TRAININGS)
        if found:
            raise Disagreement(_told(play, at, "the real class", "the shim", [_line(item) for item in found]))


def _called(trace: Mapping[str, Any], name: str) -> dict[str, Any]:
    """*trace* with its runs called *name*: the entries of the ledger that matter, and are about such runs."""
    return {**trace, "runs": [{**run, "name": name} for run in trace["runs"]]}


def _modelled(trace: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a trace that the model speaks of."""
    runs = [{name: run[name] for name in MODELLED} for run in trace["runs"]]
    for run in runs:
        run["artifacts"] = {kind: [*_artifacts(listed)] for kind, listed in run["artifacts"].items()}
    return {"blind": trace["blind"], "runs": runs}


def _artifacts(listed: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Without those that W&B makes of a table on its own, and without what tables have in files of their own."""
    for artifact in listed:
        entries = artifact["entries"]
        if artifact["type"] == "validation_dataset":
            entries = {path: entry for path, entry in entries.items() if "/" not in path}
        if artifact["type"] != "run_table":
            yield {**{name: artifact[name] for name in ("name", "type", "aliases")}, "entries": entries}


def _line(item: Difference) -> str:
    return f"{item}: {item.old!r:.200} | {item.new!r:.200}"


def _told(play: Play, at: int, first: str, second: str, lines: Sequence[str], most: int = 15) -> str:
    shown = [*lines[:most], *([f"and {len(lines) - most} more"] if len(lines) > most else [])]
    return "\n".join(
        [
            f"{first} and {second} differ after event {at - 1}" if at else f"{first} and {second} differ",
            "the events:",
            play.told(at - 1),
            f"by path, {first} | {second}:",
            *("  " + line for line in shown),
        ]
    )

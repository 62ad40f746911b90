"""Whether a migrated program did what it did before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from ...testing.trace.differences import Diff
from ..ledger import compare
from . import bridge
from .migrated import Migrated
from .plays import Deeds
from .printed import same

Outcome = Literal["equal", "left", "differs", "fails", "not here"]
OUTCOMES: tuple[Outcome, ...] = ("equal", "left", "differs", "fails", "not here")
GOOD = ("equal", "left", "not here")
_MOST = 8
#: What shows in the text of a migrated program that it asks for what else may go.
_ASKED = {"graph": "WandbGraphLogger(", "best": "best_of_run=True"}


@dataclass(frozen=True)
class Verdict:
    """What came of one program at one setting, in one form.

    Attributes:
        outcome: ``equal``; ``left``: so too, and some of it was left as it was, for a reason; ``differs``: it did
            something else; ``fails``: it ended where it did not; ``not here``: what it imports is not there, before
            it was migrated either.
        said: the reasons, the differences (path, before, after), or what it ended by.
        environment: with which versions it was played.
    """

    program: str
    setting: str
    form: str
    outcome: Outcome
    said: tuple[str, ...] = field(default=())
    environment: str = ""

    @property
    def good(self) -> bool:
        return self.outcome in GOOD


def outcome(before: Deeds, after: Deeds, setting: str, migrated: Migrated) -> tuple[Outcome, tuple[str, ...]]:
    """What to say of a program that did *before*, and after the codemods *after*."""
    if migrated.failed:
        return "fails", (f"migrate ended in {migrated.failed}",)
    if before["ended"] is None and after["ended"] is not None:
        return "fails", (after["ended"],)
    if before["ended"] is not None and not before["trace"]["runs"]:  # two that do nothing are not equal for that
        why = f"before it was migrated it ended with no run: {before['ended']}"
        return ("not here" if before["ended"].startswith("ModuleNotFoundError") else "fails"), (why,)
    found = differences(before, after, setting, migrated)
    if found:
        return "differs", tuple(found[:_MOST])
    return ("left", migrated.left) if migrated.left else ("equal", ())


def differences(before: Deeds, after: Deeds, setting: str, migrated: Migrated) -> list[str]:
    """Each difference in words, none where a program did what it did."""
    text = migrated.path.read_text(encoding="utf-8") if migrated.path.is_file() else ""
    old, new = bridge.bridged(before, after, setting, [name for name, sign in _ASKED.items() if sign in text])
    found = _told(compare(old["trace"], new["trace"]))
    found += _told(compare(_as_trace(old["files"]), _as_trace(new["files"])))
    found += _ends(before["ended"], after["ended"])
    found += _printed(before["printed"], after["printed"])
    if old["sweeps"] != new["sweeps"]:
        found.append(f"what the sweep saw: {old['sweeps']} | {new['sweeps']}")
    if setting != "compat" and not migrated.left:
        found += _silently_left(before, after)
        found += _misreported(after, migrated)
    return found


def _told(found: Diff) -> list[str]:
    return [
        f"{item.path} ({item.kind}{item.note and ', '}{item.note}): {item.old!r:.150} | {item.new!r:.150}"
        for item in found
    ]


def _as_trace(files: dict[str, Any]) -> dict[str, Any]:
    """The files that a program left, as a trace has those of a run."""
    return {"blind": [], "runs": [{"files left": files}]}


def _ends(before: str | None, after: str | None) -> list[str]:
    kinds = [ended and ended.partition(":")[0] for ended in (before, after)]
    return [] if kinds[0] == kinds[1] else [f"it ended by: {before} | {after}"]


def _printed(before: list[str], after: list[str]) -> list[str]:
    if len(before) == len(after) and all(map(same, before, after)):
        return []
    lines = max(len(before), len(after))
    pairs = zip(before + ["(nothing)"] * (lines - len(before)), after + ["(nothing)"] * (lines - len(after)))
    return [f"printed: {one!r:.150} | {other!r:.150}" for one, other in pairs if not same(one, other)]


def _silently_left(before: Deeds, after: Deeds) -> list[str]:
    """A legacy callback at work whose keys stayed, and nobody says that it was left."""
    runs = [run for run in before["trace"]["runs"] if "feature.keras" in run["telemetry"]]
    logged = any("epoch" in row for run in runs for row in run["history"])
    moved = any("epoch/epoch" in row for run in after["trace"]["runs"] for row in run["history"])
    return (
        ["a legacy callback is at work, its keys did not move, and nothing is said to be left"]
        if logged and not moved
        else []
    )


def _misreported(after: Deeds, migrated: Migrated) -> list[str]:
    """Files that the report says are in the working directory, and are not."""
    found = []
    for _, place in migrated.moved:
        name = place.removesuffix(" in the working directory")
        pattern = re.escape(name).replace(re.escape("<run id>"), ".+")
        if name != place and _saved(after) and not any(re.fullmatch(pattern, file) for file in after["files"]):
            found.append(f"the report says {name!r}; in the working directory are {sorted(after['files'])}")
    return found


def _saved(deeds: Deeds) -> bool:
    return any(each["type"] == "model" for run in deeds["trace"]["runs"] for each in run["artifacts"]["logged"])

"""Judges what a scenario, use or program left behind: works, differs in known ways, or fails, and how.

The judge is the parity suite's: the golden of the real class, its tolerances, its ledger. It is the same for the
installed wandb's own class. Differences are kept with their paths, so that an entry added to the ledger later is
applied to results that are there already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...testing.trace.differences import Diff, Difference
from ...testing.trace.ledger import Ledger
from ...testing.trace.paths import parse
from ..ledger import ledger, may_end
from ..record_goldens import GOLDENS

#: Differences of one scenario that are kept; with more, a later ledger is not applied.
MOST = 400
#: Of those, how many with their values.
SHOWN = 8
_WIDE = 160

WORKS, DIFFERS, FAILS, ABSENT, NOT_RUN = "works", "differs", "fails", "absent", "not run"


@dataclass
class Verdict:
    """One scenario, use or program.

    Attributes:
        known: ids in the ledger that account for a difference.
        how: one line on the failure; empty if there is none.
        traceback: what ended it.
        differences: those that nothing accounts for.
        count: how many there are; more than are kept, perhaps.
        hung: whether it was ended from outside.
    """

    what: str
    known: list[str] = field(default_factory=list)
    how: str = ""
    traceback: str = ""
    differences: list[dict[str, str]] = field(default_factory=list)
    count: int = 0
    hung: bool = False

    @property
    def state(self) -> str:
        return FAILS if self.how else DIFFERS if self.known else WORKS


def traces_of(name: str, folder: Path, goldens: Path = GOLDENS) -> tuple[dict[str, Any], dict[str, Any]]:
    """That of the real class, and that in *folder*."""
    golden, trace = (json.loads((place / f"{name}.json").read_text(encoding="utf-8")) for place in (goldens, folder))
    return golden, trace


def ended(name: str, folder: Path, trace: Mapping[str, Any], known: Ledger, goldens: Path = GOLDENS) -> Verdict | None:
    """The verdict on a training that ended in an exception; None where it did not."""
    left = folder / f"{name}.ended.txt"
    with_golden = goldens / f"{name}.ended.txt"
    if left.exists():
        text = left.read_text(encoding="utf-8")
        if with_golden.exists():  # the real class never got further; the ledger says why
            ids = [e.id for e in known.entries if e.kind == "old-crash-fixed" and e.is_about(name)]
            return Verdict(name, known=ids)
        if ids := may_end(name, trace["made_with"], known):
            return Verdict(name, known=ids)
        return Verdict(name, how=last_line(text), traceback=text)
    return None


def verdict_on(name: str, found: Diff) -> Verdict:
    """The verdict on *name*, from what it left that nothing accounts for."""
    verdict = Verdict(name, known=sorted(found.known), count=len(found))
    if found:
        verdict.differences = [described(item, shown=at < SHOWN) for at, item in enumerate(list(found)[:MOST])]
        verdict.how = f"{len(found)} differences, the first at {found.differences[0]}"
    return verdict


def judge_again(
    record: Mapping[str, Any], made_with: Mapping[str, str], known: Ledger
) -> tuple[str, list[str], list[dict[str, Any]]]:
    """State, ids and failures of a *record* under today's ledger, which may account for more than it did."""
    ids, failures = set(record["known"]), []
    for failure in record["failures"]:
        accounted = _accounted(failure, made_with, known)
        if accounted is None:
            failures.append(failure)
        else:
            ids |= accounted
    state = record["state"]
    if state == FAILS and not failures:
        state = DIFFERS
    return state, sorted(ids), failures


def _accounted(failure: Mapping[str, Any], made_with: Mapping[str, str], known: Ledger) -> set[str] | None:
    kept = failure["differences"]
    if not kept or failure["count"] > len(kept):
        return None
    found = [Difference(item["path"], None, None, item["kind"], parts=parse(item["path"])) for item in kept]
    runs = [failure["what"]] * (1 + max(item.parts[1] for item in found if isinstance(item.parts[1], int)))
    account = known.account_for(found, made_with, runs)
    return None if account.unknown else set(account.known)


def record_of(capability: str, who: str, verdicts: Iterable[Verdict], of: int = 0, **more: Any) -> dict[str, Any]:
    """The record of a capability from the verdicts on what was run, *of* so many that were to be."""
    verdicts = list(verdicts)
    states = {verdict.state for verdict in verdicts}
    state = next((state for state in (FAILS, DIFFERS, WORKS) if state in states), NOT_RUN)
    if len(verdicts) < of and state != FAILS:
        state = NOT_RUN  # a part that worked says nothing about the rest
    return {
        "capability": capability,
        "who": who,
        "state": state,
        "of": of or len(verdicts),
        "worked": sum(verdict.state != FAILS for verdict in verdicts),
        "known": sorted({entry for verdict in verdicts for entry in verdict.known}),
        "failures": [_failure(verdict) for verdict in verdicts if verdict.state == FAILS],
        **more,
    }


def _failure(verdict: Verdict) -> dict[str, Any]:
    return {
        "what": verdict.what, "how": without_places(verdict.how), "traceback": shortened(verdict.traceback),
        "differences": verdict.differences, "count": verdict.count,
    }  # fmt: skip


def last_line(text: str) -> str:
    """Of a traceback: what was raised, in one line."""
    lines = [line for line in text.strip().splitlines() if line.strip()] or [""]
    raised = next((line for line in reversed(lines) if _RAISED.match(line)), lines[-1])
    return without_places(raised.strip())[:300]


_RAISED = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Refused|Wrong)\b")


def shortened(text: str) -> str:
    """A traceback with paths from the root of what was installed, so that it is the same on every machine."""
    lines = text.strip().splitlines()
    kept = lines if len(lines) <= 40 else [*lines[:4], "  ...", *lines[-34:]]
    return "\n".join(without_places(line)[:400] for line in kept)


#: The part of a path that depends on the machine: all until what was installed, the copy of the source, a run's folder
#: (the recorder's are not dated), the library, or a file that TensorFlow writes, whose name has an end made up.
_PART = r"(?:/[^/\s'\"(:=]+)*?/"
_RUN = r"(?:offline-)?run-(?:\d{8}_\d{6})?-\w+/"
_PLACES = [
    (re.compile(_PART + rf"(?:site-packages/|source/|uses-(?:ours|native)/|{_RUN})"), ""),
    (re.compile(_PART + r"(?=lib/python3)"), ""),
    (re.compile(_PART + r"__autograph_generated_file\w+\.py"), "__autograph_generated_file.py"),
]


def without_places(text: str) -> str:
    """*text* with paths that are the same on every machine."""
    for place, instead in _PLACES:
        text = place.sub(instead, text)
    return text


def described(item: Difference, *, shown: bool) -> dict[str, str]:
    """Path and kind, and where it is *shown* both values; of pixels, of which values say nothing, how many differ."""
    found = {"path": item.path, "kind": item.kind}
    if shown and item.kind == "pixels":
        found |= {"note": item.note}
    elif shown:
        found |= {"old": repr(item.old)[:_WIDE], "new": repr(item.new)[:_WIDE]}
    return found


def today() -> Ledger:
    found: Ledger = ledger()
    return found

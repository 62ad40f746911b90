"""Plays scenarios with an interpreter and judges what they leave, capability by capability."""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ... import versions
from ...testing.child_environment import inherited_environment, wandb_folders
from ...testing.trace.differences import Difference
from ...testing.trace.ledger import Ledger
from ..ledger import compare
from ..record_goldens import GOLDENS
from . import messages, process
from .capabilities import CAPABILITIES, capability_of, concerned
from .judge import Verdict, described, ended, last_line, traces_of
from .player import FRAMEWORKS, Environment
from .report import Finding, Report, Row, in_words, rows_for
from .retry import each

WHICH = {"shim": "shim", "native": "legacy"}

#: Called with the number of scenarios that are judged, and the name of the one that was played last.
Progress = Callable[[int, str], None]


class CannotPlay(Exception):
    """Nothing can be played in the environment; the message is the sentence."""


@dataclass
class Options:
    """How scenarios are played.

    Attributes:
        against: a key of :data:`WHICH`.
        timeout: seconds that a scenario, or the start, may take.
        python: the interpreter.
        variables: of its environment; None for those of this process, less what leads to a W&B account.
    """

    against: str = "shim"
    timeout: float = 300.0
    python: str = sys.executable
    variables: Mapping[str, str] | None = None
    goldens: Path = GOLDENS
    progress: Progress = lambda done, name: None
    problems: Sequence[str] = field(default_factory=list)


def check(names: Sequence[str], known: Ledger, options: Options) -> Report:
    """Plays the scenarios *names*, in order, and judges them with the ledger *known*."""
    began = time.monotonic()
    groups: dict[str, list[str]] = {name: [] for name in CAPABILITIES}
    for name in names:
        groups[capability_of(name).name].append(name)
    rows = rows_for({capability: group for capability, group in groups.items() if group})
    report = Report({}, _made_with(names, options.goldens), options.against, [], list(options.problems))
    with tempfile.TemporaryDirectory(prefix="wandb-keras-check-", ignore_cleanup_errors=True) as scratch:
        playing = _Playing(Path(scratch), names, known, options, rows)
        try:
            playing.play()
        except _Absent:
            pass
        except CannotPlay as why:
            report.problems.append(str(why))
        report.versions = playing.versions()
    for row in rows.values():
        if row.judged < row.of and not row.not_judged and report.problems:
            row.not_judged.append(messages.not_played(row.of - row.judged, row.of))
    report.rows = [rows[name] for name in CAPABILITIES if name in rows]
    report.seconds = time.monotonic() - began
    return report


class _Playing:
    """The processes, and the rows that their traces fill."""

    def __init__(
        self, scratch: Path, names: Sequence[str], known: Ledger, options: Options, rows: dict[str, Row]
    ) -> None:
        self._folder = scratch / "traces"
        self._folder.mkdir()
        self._scratch = scratch
        self._names = names
        self._known = known
        self._options = options
        self._rows = rows
        self._done = 0
        self._not_here: Mapping[str, str] = {}
        self._limits = process.TimeLimits(math.inf, options.timeout)
        own = inherited_environment(drop=("WANDB_",)) if options.variables is None else dict(options.variables)
        quiet = {"WANDB_SILENT": "true", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        self._environment = {**own, **wandb_folders(scratch / "wandb"), **quiet}

    def versions(self) -> dict[str, str]:
        """As the process that plays found them, or as the metadata has them."""
        environment = Environment.read(self._folder)
        if environment is not None and environment.versions:
            return environment.versions
        asked = {name: versions.installed(name) for name in ("python", "tensorflow", "wandb", "numpy")}
        asked["keras"] = versions.installed(versions.keras_package())
        return {name: str(version) for name, version in asked.items() if version is not None}

    def play(self) -> None:
        """Raises:
        CannotPlay: nothing can be played, or nothing more.
        """
        for verdict in each(self._names, self._attempt, self._judged, self._limits):
            if verdict.how:
                self._ended(verdict)
            self._done += 1
            self._options.progress(self._done, verdict.what)

    def _attempt(self, left: Sequence[str]) -> process.ProcessResult:
        (self._folder / "environment.json").unlink(missing_ok=True)
        command = [self._options.python, "-m", "wandb_keras_compat.parity.check.player"]
        which = WHICH[self._options.against]
        found = process.run(
            [*command, which, str(self._folder), *left],
            self._environment,
            self._scratch,
            self._limits,
            lambda: self._meanwhile(left),
        )
        environment = Environment.read(self._folder)
        if environment is None:
            raise CannotPlay(messages.died_at_start(found.hung or _end_of(found)))
        if environment.cannot_import:
            line = last_line(environment.error)
            raise CannotPlay(messages.cannot_import(environment.cannot_import, line, self._options.python))
        if environment.backend not in FRAMEWORKS:
            raise CannotPlay(messages.other_backend(environment.backend, in_words(environment.versions)))
        self._not_here = environment.not_played
        if environment.legacy_class:
            why = messages.no_legacy_class(last_line(environment.legacy_class), environment.versions["wandb"])
            for name in left:
                self._row(capability_of(name).name).findings.append(Finding(name, why))
                self._count(name)
            raise _Absent
        return found

    def _meanwhile(self, left: Sequence[str]) -> None:
        played = [name for name in left if (self._folder / f"{name}.json").exists()]
        if played:
            self._options.progress(self._done + len(played), played[-1])

    def _judged(self, name: str) -> Verdict | None:
        """The verdict on a scenario that was played; its row has what was found."""
        if name in self._not_here:
            row = self._row(capability_of(name).name)
            row.of -= 1
            row.not_here.append(messages.not_here(name, self._not_here[name]))
            return Verdict(name)
        if not (self._folder / f"{name}.json").exists():
            return None
        own = self._row(capability_of(name).name)
        if not (self._options.goldens / f"{name}.json").exists():
            own.not_judged.append(messages.no_golden(name))
            return Verdict(name)
        try:
            golden, trace = traces_of(name, self._folder, self._options.goldens)
            verdict = ended(name, self._folder, trace, self._known, self._options.goldens)
            if verdict is None:
                found = compare(golden, trace, self._known)
                self._differs(name, list(found), golden, trace)
                verdict = Verdict(name, known=sorted(found.known))
        except (ValueError, LookupError, TypeError) as error:  # a golden or trace that is none
            own.not_judged.append(messages.judge_failed(name, f"{type(error).__name__}: {error}"))
            return Verdict(name)
        self._count(name)
        self._account(verdict.known, own)
        return verdict

    def _differs(
        self, name: str, found: list[Difference], golden: Mapping[str, object], trace: Mapping[str, object]
    ) -> None:
        by_capability: defaultdict[str, list[Difference]] = defaultdict(list)
        for item in found:
            by_capability[concerned(name, item.parts, golden, trace)].append(item)
        for capability, items in by_capability.items():
            kept = [described(item, shown=at < 8) for at, item in enumerate(items)]
            self._row(capability).findings.append(Finding(name, differences=kept, count=len(items)))

    def _account(self, ids: Sequence[str], own: Row) -> None:
        """Each known difference counts for the capability that its entry names."""
        features = {entry.id: entry.feature for entry in self._known.entries}
        for name in ids:
            row = self._rows.get(features[name], own)
            row.known = sorted({*row.known, name})

    def _ended(self, verdict: Verdict) -> None:
        row = self._row(capability_of(verdict.what).name)
        if verdict.hung:
            row.not_judged.append(messages.hangs(verdict.what, verdict.how))
        else:
            row.findings.append(Finding(verdict.what, verdict.how, verdict.traceback))

    def _count(self, name: str) -> None:
        self._rows[capability_of(name).name].judged += 1

    def _row(self, capability: str) -> Row:
        return self._rows.setdefault(capability, Row(capability))


class _Absent(CannotPlay):
    """The installed wandb has no class; all rows say so."""


def _end_of(found: process.ProcessResult) -> str:
    return f"it ended with {found.code}: {last_line(found.err)}"


def _made_with(names: Sequence[str], goldens: Path) -> dict[str, str]:
    """What the goldens were made with; they have one maker."""
    for name in names:
        try:
            found: dict[str, str] = json.loads((goldens / f"{name}.json").read_text(encoding="utf-8"))["made_with"]
        except (OSError, ValueError, LookupError):
            continue
        return found
    return {}

"""Plays scenarios, uses and programs with an interpreter and judges what they leave, capability by capability."""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from ... import versions
from ...testing.child_environment import inherited_environment, wandb_folders
from ...testing.doors.server import Backend
from ...testing.trace.differences import Difference
from ...testing.trace.ledger import Ledger
from ..ledger import compare
from . import messages, process, program_plays, programs, uses
from .capabilities import CAPABILITIES, capability_of, concerned
from .interpreter import Interpreter
from .judge import SHOWN, Verdict, described, ended, last_line, traces_of
from .options import WHICH, Options
from .player import AFTERWARDS, FILE, FRAMEWORKS, Environment
from .problems import NoSpace, mentions_full_disk
from .report import Finding, Report, Row, in_words, rows_for
from .retry import each

#: A run does not list what is installed, a fifth of a small training's time; the second is what wandb 0.16 calls it.
NO_REQUIREMENTS = dict.fromkeys(("WANDB_X_SAVE_REQUIREMENTS", "WANDB__SAVE_REQUIREMENTS"), "false")
#: What is trained is small: PyTorch's threads would wait for one another for longer than they compute.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}


class CannotPlay(Exception):
    """Nothing can be played in the environment; the message is the sentence."""


def check(names: Sequence[str], known: Ledger, options: Options) -> Report:
    """Plays *names*, as :func:`.capabilities.items_of` has them, in order, and judges them with the ledger *known*.

    Raises:
        NoSpace: the disk is full, which is no failing of what was played.
        Stopped: as ``options.stop`` asks for.
    """
    began = time.monotonic()
    if options.against == "native":
        names = [name for name in names if name not in uses.OURS_ONLY]
    groups: dict[str, list[str]] = {name: [] for name in CAPABILITIES}
    for name in names:
        groups[capability_of(name).name].append(name)
    rows = rows_for({capability: group for capability, group in groups.items() if group})
    report = Report({}, _made_with(names, options.goldens), options.against, [], list(options.problems))
    with tempfile.TemporaryDirectory(prefix="wandb-keras-check-", ignore_cleanup_errors=True) as scratch:
        playing = _Playing(Path(scratch), names, known, options, rows)
        try:
            playing.play()
        except CannotPlay as why:
            report.problems.append(str(why))
        report.versions = playing.versions()
        report.time_is_up, report.processor_seconds = playing.limits.over, playing.limits.used
        report.printed = playing.printed
        if (found := playing.environment) is not None:
            report.distributions = found.distributions
            report.no_legacy_class, report.cannot_import = found.legacy_class, found.error
    for row in rows.values():
        if row.judged < row.of and not row.not_judged and (report.problems or report.time_is_up):
            row.not_judged.append(messages.not_played(row.of - row.judged, row.of))
    report.rows = [rows[name] for name in CAPABILITIES if name in rows]
    report.seconds = time.monotonic() - began
    return report


class _Playing:
    """The processes, and the rows that what they leave fills."""

    def __init__(
        self, scratch: Path, names: Sequence[str], known: Ledger, options: Options, rows: dict[str, Row]
    ) -> None:
        self._folder = scratch / "traces"
        self._folder.mkdir()
        self._names = names
        self._known = known
        self._options = options
        self._rows = rows
        self._done = 0
        self.printed = ""
        #: What the process that plays found before it played; None where it ended before.
        self.environment: Environment | None = None
        own = inherited_environment(drop=("WANDB_",)) if options.variables is None else dict(options.variables)
        quiet = {"WANDB_SILENT": "true", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        variables = {**ONE_THREAD, **own, **wandb_folders(scratch / "wandb"), **quiet, **NO_REQUIREMENTS}
        self.limits = process.TimeLimits(options.whole, options.timeout, options.stop)
        self._interpreter = Interpreter(options.python, variables, scratch, self.limits)

    def versions(self) -> dict[str, str]:
        """As the process that plays found them, or as the metadata has them."""
        if self.environment is not None and self.environment.versions:
            return self.environment.versions
        asked = {name: versions.installed(name) for name in ("python", "tensorflow", "wandb", "numpy")}
        asked["keras"] = versions.installed(versions.keras_package())
        return {name: str(version) for name, version in asked.items() if version is not None}

    def play(self) -> None:
        """Raises:
        CannotPlay: nothing can be played, or nothing more.
        """
        beside = [name for name in self._names if name in (*programs.OF_THE_HOOK, *programs.IN_KERAS_2_SPELLING)]
        in_process = [name for name in self._names if name not in beside]
        if not in_process:
            self._attempt([])  # says what is installed
        for verdict in each(in_process, self._attempt, self._judged, self.limits):
            if verdict.how:
                self._ended(verdict)
            self._progressed(verdict.what)
        if self.environment is None:  # time was up before anything was started
            raise CannotPlay(messages.died_at_start(self.limits.exceeded(0)))
        if beside and not self.limits.over:
            self._play_programs(beside, self.environment)

    def _attempt(self, left: Sequence[str]) -> process.ProcessResult:
        (self._folder / FILE).unlink(missing_ok=True)
        started = ["-m", "wandb_keras_compat.parity.check.player", WHICH[self._options.against], str(self._folder)]
        with ExitStack() as stack:
            more: Mapping[str, str] = {}
            if any(name in uses.names() for name in left):
                more = stack.enter_context(Backend()).environment()
            last = (AFTERWARDS, *self._options.afterwards) if self._options.afterwards else ()
            found = self._interpreter.run(*started, *left, *last, more=more, meanwhile=lambda: self._meanwhile(left))
        self.printed += found.out
        environment = self.environment = Environment.read(self._folder)
        if environment is None:
            raise CannotPlay(messages.died_at_start(found.hung or _end_of(found)))
        if environment.cannot_import:
            line = last_line(environment.error)
            raise CannotPlay(messages.cannot_import(environment.cannot_import, line, self._options.python))
        if environment.backend not in FRAMEWORKS:
            raise CannotPlay(messages.other_backend(environment.backend, in_words(environment.versions)))
        return found

    def _meanwhile(self, left: Sequence[str]) -> None:
        played = [name for name in left if (self._folder / self._file_of(name)).exists()]
        if played:
            self._options.progress(self._done + len(played), played[-1])

    def _file_of(self, name: str) -> str:
        return uses.file_of(name) if name in uses.names() else f"{name}.json"

    def _play_programs(self, names: Sequence[str], environment: Environment) -> None:
        here = []
        for name in names:
            why = programs.not_here(name, environment.versions, environment.backend, environment.distributions)
            if why:
                self._leave_out(name, why)
            else:
                here.append(name)
        ours, options = self._options.against == "shim", self._options
        hook = [name for name in here if name in programs.OF_THE_HOOK]
        spelled = [name for name in here if name not in hook]
        for verdict in chain(
            program_plays.played_hook(hook, self._interpreter, options.package, ours=ours),
            program_plays.played_in_keras_2_spelling(
                spelled, self._interpreter, options.package, environment.versions, self._known, ours=ours
            ),
        ):
            if not verdict.hung:
                self._count(verdict.what)
            if verdict.how:
                self._ended(verdict)
            self._account(verdict.known, self._row(capability_of(verdict.what).name))
            self._progressed(verdict.what)

    def _progressed(self, name: str) -> None:
        self._done += 1
        self._options.progress(self._done, name)

    def _leave_out(self, name: str, why: str) -> None:
        row = self._row(capability_of(name).name)
        row.of -= 1
        row.not_here.append(messages.not_here(name, why))

    def _judged(self, name: str) -> Verdict | None:
        """The verdict on what was played; its row has what was found. None where it was not played."""
        environment = self.environment
        if environment is not None and name in environment.not_played:
            self._leave_out(name, environment.not_played[name])
            return Verdict(name)
        if name in uses.names():
            found = uses.verdict(name, self._folder)
            if found is not None:
                self._count(name)
            return found
        if environment is not None and environment.legacy_class:
            why = messages.no_legacy_class(last_line(environment.legacy_class), environment.versions["wandb"])
            self._row(capability_of(name).name).findings.append(Finding(name, why))
            self._count(name)
            return Verdict(name)
        return self._judged_by_golden(name) if (self._folder / f"{name}.json").exists() else None

    def _judged_by_golden(self, name: str) -> Verdict:
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
        if mentions_full_disk(verdict.traceback):
            raise NoSpace(self._interpreter.folder)
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
            kept = [described(item, shown=at < SHOWN) for at, item in enumerate(items)]
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
            row.findings.append(
                Finding(verdict.what, verdict.how, verdict.traceback, verdict.differences, verdict.count)
            )

    def _count(self, name: str) -> None:
        self._rows[capability_of(name).name].judged += 1

    def _row(self, capability: str) -> Row:
        return self._rows.setdefault(capability, Row(capability, CAPABILITIES[capability].kind))


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

"""Runs over many files: finds, reads, migrates (in several processes if that is faster), writes and counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..names import NewerFrom
from ..records import Location, Record, SourceError
from ..rules import wk010_not_followed, wk101_callbacks, wk102_sweep_dict, wk103_sweep_yaml, wk104_configured
from ..to_callbacks.project import Keys
from .atomic_write import replace as replace_file
from .discover import NO_SUCH_FILE, Found, discover, read
from .migrate_file import Job, Outcome, failure, may_apply, migrate_file
from .project_scan import Group, Projects, scan_project
from .requirements_notes import without_other_notes
from .workers import parsed

_REPLACING = wk101_callbacks.RULE.id
_LEFT_BY = frozenset({_REPLACING, wk104_configured.RULE.id})
"""The rules that say which legacy callbacks stay."""
_RENAMING = frozenset({wk102_sweep_dict.RULE.id, wk103_sweep_yaml.RULE.id})
"""The rules that have to run together: a sweep's metric must be what the new callbacks log."""


@dataclass
class Summary:
    """The counts and records of a run."""

    seen: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    before: dict[str, bytes] = field(default_factory=dict)
    written: int = 0

    @property
    def changed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.after is not None]

    @property
    def records(self) -> list[Record]:
        return [record for outcome in self.outcomes for record in outcome.records]

    @property
    def exit_code(self) -> int:
        """2 if a file could not be handled, else 1 if there is something to change (or changed), else 0."""
        if any(outcome.failed for outcome in self.outcomes):
            return 2
        return 1 if self.changed else 0


@dataclass(frozen=True)
class Options:
    """The options of a run."""

    rules: tuple[str, ...]
    write: bool = False
    level: int = 1
    jobs: int = 0
    """Processes; 0 lets the run decide."""
    keys: Keys = "new"
    """At level 2: the names that metrics are logged under."""
    newer_from: NewerFrom | None = None
    """Where the newer callbacks are to come from."""


Progress = Callable[[str, int, int], None]
"""Called with the phase, how much of it is done, and how much there is (0: unknown)."""


def run(paths: Sequence[str], options: Options, progress: Progress = lambda *_: None) -> Summary:
    """Migrate everything below ``paths``.

    With ``options.write`` each file is written as soon as it is done; an interrupt leaves the others untouched.
    """
    summary = Summary()
    jobs = list(_candidates(discover(paths), options, summary, progress))
    if options.level > 1:
        projects = _projects(paths, jobs, options, progress)
        summary.outcomes += _unread(projects, jobs, options)
        jobs = [replace(job, project=projects.of(job.file)) for job in jobs]
    for done, outcome in enumerate(_processed(jobs, options.jobs), 1):
        progress("migrating", done, len(jobs))
        summary.outcomes.append(_written(outcome, summary) if options.write else outcome)
    summary.outcomes = without_other_notes(summary.outcomes)
    summary.outcomes.sort(key=lambda outcome: outcome.file)
    return summary


def _projects(paths: Sequence[str], jobs: Sequence[Job], options: Options, progress: Progress) -> Projects:
    """What the groups of files say about a rewrite at level 2.

    The metrics of sweeps are renamed only if every legacy callback of their group is rewritten: a first pass that
    writes nothing finds out whether it would be.
    """
    projects = scan_project(paths, progress, options.keys, options.jobs)
    with_sweeps = [group for group in projects.groups if _renames(group)]
    files = {file for group in with_sweeps for file in group.files}
    tried = [replace(job, project=projects.of(job.file)) for job in jobs if os.path.abspath(job.file) in files]
    outcomes = {os.path.abspath(outcome.file): outcome for outcome in _processed(tried, options.jobs)}
    decided = [
        _decided(group, [outcomes[file] for file in sorted(group.files & outcomes.keys())], options)
        if _renames(group)
        else group
        for group in projects.groups
    ]
    return replace(projects, groups=tuple(decided))


def _unread(projects: Projects, jobs: Sequence[Job], options: Options) -> Iterator[Outcome]:
    """Files that no rule looks at and nobody can read, though they may read what moves."""
    rule = wk010_not_followed.RULE.id
    files = {job.file for job in jobs}
    for use in projects.unread if rule in options.rules else ():
        if use.file not in files:
            yield Outcome(use.file, None, (Record(use.file, Location(use.line), rule, "left", use.reason),))


def _renames(group: Group) -> bool:
    """Whether sweeps of a group are to be renamed, if its callbacks are rewritten."""
    return group.project.keys == "new" and bool(group.project.sweep_keys) and not group.project.refusal


def _decided(group: Group, first_pass: Sequence[Outcome], options: Options) -> Group:
    """A group with sweeps, after a first pass over its files."""
    records = [record for outcome in first_pass for record in outcome.records]
    kept = [
        record
        for record in records
        if record.action == "error" or (record.rule in _LEFT_BY and record.action in {"left", "ignored"})
    ]
    project = group.project
    keys = ", ".join(sorted(project.sweep_keys))
    if missing := _RENAMING - set(options.rules):
        project = replace(project, refusal=f"a sweep uses {keys}, and {' and '.join(sorted(missing))} is switched off")
    elif kept:
        where = f"{kept[0].file}:{kept[0].location}"
        reason = f"a sweep uses {keys}, and the callback at {where} cannot be rewritten: {kept[0].reason}"
        project = replace(project, refusal=reason)
    elif not any(record.rule == _REPLACING and record.action == "changed" for record in records):
        project = replace(project, sweep_keys=frozenset())
    return replace(group, project=project)


def _candidates(found: Iterable[Found], options: Options, summary: Summary, progress: Progress) -> Iterator[Job]:
    for item in found:
        summary.seen += not item.problem.startswith(NO_SUCH_FILE)
        if summary.seen % 256 == 0:
            progress("reading", summary.seen, 0)
        if item.problem:
            summary.outcomes.append(failure(item.path, item.problem))
            continue
        try:
            data = read(item.path)
        except SourceError as error:
            summary.outcomes.append(failure(item.path, error.message))
            continue
        if not may_apply(item.kind, data, level=options.level):
            continue
        if item.link:
            reason = f"is a symbolic link; name the file it leads to instead: {os.path.realpath(item.path)}"
            summary.outcomes.append(Outcome(item.path, None, (Record(item.path, Location(1), "", "left", reason),)))
            continue
        summary.before[item.path] = data
        yield Job(item.path, item.kind, data, options.rules, newer_from=options.newer_from)


def _written(outcome: Outcome, summary: Summary) -> Outcome:
    if outcome.after is None:
        return outcome
    try:
        replace_file(outcome.file, summary.before[outcome.file], outcome.after)
    except SourceError as error:
        return failure(outcome.file, error.message)
    summary.written += 1
    return outcome


def _processed(jobs: Sequence[Job], processes: int) -> Iterator[Outcome]:
    """The outcomes, in any order. A file that ends the process that parses it has an error, and the others go on."""
    return parsed(migrate_file, jobs, lambda job: len(job.data), _lost, processes)


def _lost(job: Job, how: str) -> Outcome:
    return failure(job.file, f"ended the process that parsed it ({how}); please report this")

"""Migrates one file: a pure function of its bytes, which other processes can run.

The file is read, the rules of level 1 are applied to it, those of level 2 to the result, and the dependency rules
are run last. Each step takes the state that the step before has returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from ..documents.document import Document, Kind
from ..documents.edits import Edit, original_offset
from ..documents.kinds import read_document
from ..documents.positions import Lines
from ..names import NewerFrom
from ..records import Location, Record, SourceError
from ..rules import RULES
from ..rules.context import DependencyContext
from ..rules.rule import DependencyRule, Hint, Rule
from ..to_callbacks.project import Project
from .apply_rules import apply_rules
from .recursion import with_deep_stack


@dataclass(frozen=True)
class Job:
    """A file to migrate, by its bytes."""

    file: str
    kind: Kind
    data: bytes
    rules: tuple[str, ...]
    project: Project | None = None
    """What the whole project says about a rewrite at level 2; None runs level 1 only."""
    newer_from: NewerFrom | None = None
    """Where the newer callbacks are to come from."""


@dataclass(frozen=True)
class Outcome:
    """The result for a file; ``after`` is None if the file stays as it is."""

    file: str
    after: bytes | None
    records: tuple[Record, ...]

    @property
    def failed(self) -> bool:
        return any(record.action == "error" for record in self.records)


def may_apply(kind: Kind, data: bytes, *, level: int = 1) -> bool:
    """Whether :func:`migrate_file` could change or report anything, judged by a quick look at the bytes."""
    return any(hint(data) for hint in _hints(kind, level))


@cache
def _hints(kind: Kind, level: int) -> tuple[Hint, ...]:
    """The hints (quick tests of the bytes) of all rules for a kind of file, without duplicates."""
    hints = (rule.hint_for(kind) for rule in RULES if rule.level <= level)
    return tuple(dict.fromkeys(hint for hint in hints if hint is not None))


def migrate_file(job: Job) -> Outcome:
    """Migrate one file. Whatever is wrong with it becomes a record; nothing is raised but KeyboardInterrupt."""
    try:
        outcome = with_deep_stack(lambda: _migrate(job))
    except SourceError as error:
        outcome = failure(job.file, error.message, error.line)
    except RecursionError:
        outcome = failure(job.file, "is nested too deeply to be read")
    except Exception as error:
        outcome = failure(job.file, f"cannot be handled: {type(error).__name__}: {error}; please report this")
    return outcome


def failure(file: str, message: str, line: int = 1) -> Outcome:
    """The outcome of a file that could not be handled."""
    return Outcome(file, None, (Record(file, Location(line), "", "error", message),))


@dataclass(frozen=True)
class _Version:
    """A version of a file: the original, or the result of a pass."""

    kind: Kind
    data: bytes
    before: _Version | None = None
    edits: Sequence[Edit] = ()
    """What made this version out of the one before."""

    @cached_property
    def document(self) -> Document:
        return read_document(self.kind, self.data)

    def locate(self, offset: int) -> Location:
        """The place in the original file of a character of this version's text."""
        before = self.before
        return before.locate(original_offset(offset, self.edits)) if before else self.document.locate(offset)


@dataclass(frozen=True)
class _State:
    """The state of a file between passes: its present version, and the records so far."""

    version: _Version
    records: tuple[Record, ...]
    failed: bool = False
    """Whether a pass has failed, so that no further one is worth trying."""


def _migrate(job: Job) -> Outcome:
    state = _read(job)
    original = state.version.document
    first, *later = _passes(job)
    state = _pass(job, state, first)  # also without rules: it finds out whether the file can be read at all
    for rules in later:
        worth = [rule for rule in rules if rule.worth_a_pass(state.version.data, job.newer_from)]
        state = _pass(job, state, worth) if worth and not state.failed else state
    result = state.version.data
    records = (*state.records, *_dependencies(job, original, result))
    return Outcome(job.file, None if result == job.data else result, tuple(sorted(records, key=_place)))


def _read(job: Job) -> _State:
    version = _Version(job.kind, job.data)
    unreadable = [Record(job.file, where, "", "error", message) for where, message in version.document.problems]
    unread = [Record(job.file, where, "", "left", message) for where, message in version.document.unread]
    return _State(version, (*unreadable, *unread))


def _passes(job: Job) -> list[list[Rule]]:
    """The rules of each pass: those of level 1, of level 2 where it is wanted, and those that come last."""
    rules = [rule for rule in _rules(job) if not isinstance(rule, DependencyRule)]
    levels = (1, 2) if job.project is not None and job.kind != "prose" else (1,)
    passes = [[rule for rule in rules if rule.level == level and not rule.last] for level in levels]
    return [*passes, [rule for rule in rules if rule.last and rule.level in levels]]


def _pass(job: Job, state: _State, rules: Sequence[Rule]) -> _State:
    """The file after some rules. A pass that fails changes nothing, and its error is recorded."""
    version = state.version
    document = version.document
    try:
        project = job.project if any(rule.level > 1 for rule in rules) else None
        edits, records = apply_rules(job.file, document, rules, project, job.newer_from, version.locate)
        after = _Version(job.kind, document.write(edits), version, edits) if edits else version
    except SourceError as error:
        offset = min(Lines(document.text).start(error.line), max(0, len(document.text) - 1))
        record = Record(job.file, version.locate(offset), "", "error", error.message)
        return _State(version, (*state.records, record), failed=True)
    return _State(after, (*state.records, *records))


def _dependencies(job: Job, document: Document, result: bytes) -> list[Record]:
    """The records of the dependency rules, which see the original and the migrated text."""
    rules = [rule for rule in _rules(job) if isinstance(rule, DependencyRule)]
    context = DependencyContext(job.file, document, document.locate, frozenset(job.rules), result=result)
    for rule in rules:
        context.rule = rule.id
        rule.apply(context)
    return context.records


def _rules(job: Job) -> list[Rule]:
    return [rule for rule in RULES if rule.id in job.rules and job.kind in rule.kinds]


def _place(record: Record) -> tuple[int, int, int]:
    where = record.location
    return where.line, where.cell or 0, where.cell_line or 0

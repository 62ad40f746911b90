"""One file through the codemods, as a pure function of its bytes (so that other processes can run it)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..documents.notebook import NotebookDocument
from ..documents.python import Document, PythonDocument, Unit, offset_of
from ..documents.yaml import YamlFile
from ..names import SHIM
from ..rules import RULES, wk006_yaml_target, wk007_requirements, wk103_sweep_yaml
from ..to_callbacks.project import Project
from .discover import Kind
from ..documents.edits import Edit, original_offset
from ..records import Location, Record, SourceError
from .recursion import with_deep_stack
from .apply_rules import may_hit, transform


@dataclass(frozen=True)
class Job:
    """A file to migrate, by its bytes."""

    file: str
    kind: Kind
    data: bytes
    rules: tuple[str, ...]
    project: Project | None = None
    """The gates of level 2; None runs level 1 only."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file; ``after`` is None if it is to stay as it is."""

    file: str
    after: bytes | None
    records: tuple[Record, ...]

    @property
    def failed(self) -> bool:
        return any(record.action == "error" for record in self.records)


_SWEEP_HINT = re.compile(rb"[\"']metric[\"']|[\"']goal[\"']|\bgoal\s*=")


def wanted(kind: Kind, data: bytes, *, level: int = 1) -> bool:
    """Whether :func:`process` could have anything to do or say, told from the bytes alone."""
    if kind == "yaml":
        return wk006_yaml_target.may_hit(data) or (level > 1 and b"metric" in data and b"name" in data)
    if kind == "requirements":
        return b"wandb" in data
    return may_hit(data) or (level > 1 and _SWEEP_HINT.search(data) is not None)


def process(job: Job) -> Outcome:
    """Migrate one file. Whatever is wrong with it becomes a record; nothing is raised but KeyboardInterrupt."""
    try:
        return with_deep_stack(lambda: _process(job))
    except SourceError as error:
        return _error(job, error.message, Location(error.line))
    except RecursionError:
        return _error(job, "is nested too deeply to be read", Location(1))
    except Exception as error:
        return _error(job, f"cannot be handled: {type(error).__name__}: {error}; please report this", Location(1))


def _error(job: Job, message: str, where: Location) -> Outcome:
    return Outcome(job.file, None, (Record(job.file, where, "", "error", message),))


def _process(job: Job) -> Outcome:
    if job.kind == "requirements":
        text = job.data.decode(errors="replace")
        found = wk007_requirements.notes(job.file, text) if wk007_requirements.ID in job.rules else []
        return Outcome(job.file, None, tuple(found))
    if job.kind == "yaml":
        return _process_yaml(job)
    document = load(job.kind, job.data)
    records = [Record(job.file, where, "", "error", message) for where, message in document.problems]
    records += [Record(job.file, where, "", "left", message) for where, message in document.remarks]
    edits, told = _run(job, document.unit, level=1)
    after = document.apply(edits) if edits else job.data
    records += told
    if job.project is not None and not any(record.action == "error" for record in told):
        second = load(job.kind, after)
        unit = Unit(second.unit.text, lambda offset: document.unit.locate(original_offset(offset, edits)))
        further, told = _run(job, unit, level=2)
        after = second.apply(further) if further else after
        records += told
    if isinstance(document, NotebookDocument) and SHIM.encode() in after and wk007_requirements.ID in job.rules:
        reason = "the migrated notebook needs wandb-keras-compat installed here too"
        found_lines = document.matches(wk007_requirements.pip_lines)
        records += [Record(job.file, place, "WK007", "note", reason, text) for place, text in found_lines]
    return Outcome(job.file, after if after != job.data else None, tuple(sorted(records, key=_place)))


def _process_yaml(job: Job) -> Outcome:
    document = YamlFile(job.data)
    edits: list[Edit] = []
    records: list[Record] = []
    if not document.ignores_file and wk006_yaml_target.ID in job.rules:
        edits, records = wk006_yaml_target.run_yaml(job.file, document)
    if not document.ignores_file and wk103_sweep_yaml.ID in job.rules and job.project is not None:
        renamed, told = wk103_sweep_yaml.run_yaml(job.file, document, job.project)
        edits, records = edits + renamed, records + told
    after = document.apply(edits) if edits else None
    return Outcome(job.file, after, tuple(records))


def load(kind: Kind, data: bytes) -> Document:
    return NotebookDocument(data) if kind == "notebook" else PythonDocument(data)


def _run(job: Job, unit: Unit, *, level: int) -> tuple[list[Edit], list[Record]]:
    rules = [rule for rule in RULES if rule.id in job.rules and rule.level == level]
    try:
        return transform(job.file, unit, rules, job.project if level > 1 else None)
    except SourceError as error:
        where = unit.locate(min(offset_of(unit.text, error.line), max(0, len(unit.text) - 1)))
        return [], [Record(job.file, where, "", "error", error.message)]


def _place(record: Record) -> tuple[int, int, int]:
    where = record.location
    return where.line, where.cell or 0, where.cell_line or 0

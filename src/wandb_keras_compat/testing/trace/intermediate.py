"""The intermediate form of a run between snapshot and trace, which the rules change step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from ..model.runs import Metric
from ..model.snapshot import ArtifactSnapshot, RunSnapshot, Snapshot
from .canonical import Content, from_json


class Folder:
    """Files by path: those of a run, or those in an artifact. A rule turns bytes into :class:`Content`.

    Attributes:
        contents: bytes until a rule has made content of them; None where the door does not see them.
        references: path to the address that stands in for its bytes.
        policies: path to upload policy, where the door sees it.
        shown: paths that a value shows: the pixels are where the image is.
    """

    def __init__(
        self,
        contents: Mapping[str, bytes | None],
        references: Mapping[str, tuple[str, bytes | None]] = MappingProxyType({}),
        policies: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.contents: dict[str, bytes | Content | None] = dict(contents)
        self.references = {path: uri for path, (uri, _) in references.items()}
        self.policies = dict(policies)
        self.shown: set[str] = set()
        self._given: dict[str, bytes | None] = {**contents, **{path: data for path, (_, data) in references.items()}}

    def bytes_of(self, path: Any) -> bytes | None:
        """The bytes of *path*; None where there are none."""
        return self._given.get(path) if isinstance(path, str) else None

    def show(self, path: Any) -> bytes | None:
        """The bytes of *path* for a value that shows them, and marks *path* as :attr:`shown`."""
        if isinstance(path, str) and path in self._given:
            self.shown.add(path)
        return self.bytes_of(path)

    def rename(self, names: Mapping[str, str]) -> None:
        """Gives the files new paths: *names* has one for each."""
        self.contents = {names[path]: content for path, content in self.contents.items()}
        self.policies = {names[path]: policy for path, policy in self.policies.items() if path in names}

    def pending(self) -> list[tuple[str, bytes]]:
        """The files that no rule has converted yet."""
        return [(path, data) for path, data in self.contents.items() if isinstance(data, bytes)]


@dataclass
class IntermediateArtifact:
    """One artifact version; *origin* is what the store has of it."""

    origin: ArtifactSnapshot
    folder: Folder
    name: str
    aliases: list[str]
    metadata: Any
    description: str | None


@dataclass
class IntermediateRun:
    """One run. Values are SDK JSON until the value rules have gone over them.

    Attributes:
        tables: path of a table among the run's files to the artifact that wandb logged beside it, which has the
            media in the cells.
    """

    origin: RunSnapshot
    folder: Folder
    logged: list[IntermediateArtifact]
    used: list[IntermediateArtifact]
    name: str
    config: Any
    history: list[Any]
    summary: Any
    metrics: dict[str, Metric]
    console: list[str]
    telemetry: set[str]
    tables: dict[str, IntermediateArtifact] = field(default_factory=dict)

    def folders(self) -> list[Folder]:
        return [self.folder, *(artifact.folder for artifact in self.artifacts())]

    def artifacts(self) -> list[IntermediateArtifact]:
        return [*self.logged, *self.used]


def intermediate_runs(snapshot: Snapshot) -> list[IntermediateRun]:
    """Each run of *snapshot* as the rules take it, before any was applied."""
    everything = [artifact for run in snapshot.runs for artifact in (*run.artifacts(), *run.used_artifacts())]
    return [_intermediate_run(run, everything) for run in snapshot.runs]


def _intermediate_run(sent: RunSnapshot, everything: Iterable[ArtifactSnapshot]) -> IntermediateRun:
    run = IntermediateRun(
        origin=sent,
        folder=Folder(sent.files(), policies=sent.policies()),
        logged=[_artifact(artifact, everything) for artifact in sent.artifacts()],
        used=[_artifact(artifact, everything) for artifact in sent.used_artifacts()],
        name=sent.name or "",
        config=sent.config(),
        history=sent.history(internal=True),
        summary=sent.summary(internal=True),
        metrics=sent.metrics(),
        console=sent.console(),
        telemetry=set(sent.telemetry()),
    )
    run.tables = _tables(run)
    return run


def _artifact(artifact: ArtifactSnapshot, everything: Iterable[ArtifactSnapshot]) -> IntermediateArtifact:
    plain = {path: entry.content for path, entry in artifact.entries if entry.reference is None}
    references = {
        path: (entry.reference, entry.content if entry.content is not None else _elsewhere(entry, everything))
        for path, entry in artifact.entries
        if entry.reference is not None
    }
    return IntermediateArtifact(
        origin=artifact,
        folder=Folder(plain, references),
        name=artifact.name,
        aliases=list(artifact.asked_aliases),
        metadata=artifact.metadata,
        description=artifact.description or None,
    )


def _elsewhere(entry: Any, everything: Iterable[ArtifactSnapshot]) -> bytes | None:
    """The bytes of the entry of another artifact that a reference points to.

    Its address has the server's id of that artifact, which says nothing here; the path in it, and the digest where
    both are known, do.
    """
    _, _, place = entry.reference.partition("wandb-artifact://")
    _, _, path = place.partition("/")
    for artifact in everything:
        for there, candidate in artifact.entries:
            same = candidate.digest == entry.digest or None in {candidate.digest, entry.digest}
            if there == path and same and candidate.content is not None:
                return candidate.content
    return None


def _tables(run: IntermediateRun) -> dict[str, IntermediateArtifact]:
    """Which artifact goes with which table of the history.

    Of those with the key's name, the first left whose cells are those of the run's own file, media apart; wandb-core
    uploads artifacts side by side, so their order alone does not decide it.
    """
    versions: dict[str, list[IntermediateArtifact]] = {}
    for artifact in run.logged:
        if artifact.origin.type == "run_table":
            for path, _ in artifact.origin.entries:
                versions.setdefault(path, []).append(artifact)
    found: dict[str, IntermediateArtifact] = {}
    for where in (*run.history, run.summary):
        for key, value in where.items():
            if not isinstance(value, dict) or value.get("_type") != "table-file" or str(value.get("path")) in found:
                continue
            name = f"{key}.table.json"
            left = versions.get(name, [])
            if left:
                own = from_json(run.folder.bytes_of(value.get("path")))
                best = next((at for at, version in enumerate(left) if _agrees(own, version, name)), 0)
                found[str(value.get("path"))] = left.pop(best)
    return found


def _agrees(own: Any, version: IntermediateArtifact, name: str) -> bool:
    full = from_json(version.folder.bytes_of(name))
    if not isinstance(own, dict) or not isinstance(full, dict) or own.get("columns") != full.get("columns"):
        return False
    rows = zip(own.get("data", []), full.get("data", []))
    cells = [pair for row in rows for pair in zip(*row)]
    # Media are objects in the artifact; NaN is null there.
    return all(mine == there for mine, there in cells if not isinstance(there, dict) and there is not None)


ValueRule: TypeAlias = "Callable[[Any, Context], Any]"


@dataclass(frozen=True)
class Context:
    """What the value rules need beside a value: the folder whose paths it names, and the rules themselves."""

    folder: Folder
    tables: Mapping[str, IntermediateArtifact]
    rules: tuple[ValueRule, ...]

    def convert(self, value: Any) -> Any:
        """*value* as the trace has it. The first rule that gives something else decides, from the outside in."""
        if value is None or isinstance(value, (str, bool, Content)):
            return value
        for rule in self.rules:
            result = rule(value, self)
            if result is not value:
                return result
        if isinstance(value, dict):
            return {str(key): self.convert(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.convert(item) for item in value]
        return value

    def inside(self, folder: Folder) -> Context:
        """The same for values in a file of *folder*."""
        return Context(folder, {}, self.rules)

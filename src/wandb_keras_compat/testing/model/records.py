"""Applies wandb's records to the state of a run; used by the recorder and by the reader of run logs.

A record is the protobuf message that the SDK sends to its service, and that both write to the run log.
The classes differ between wandb versions by the fields they have; a field that is not there is not set.
"""

from __future__ import annotations

import base64
import glob
import json
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from .artifacts import ArtifactVersion, Entry, RunKey
from .nested_values import Nested
from .runs import VERSION_FIELDS, Metric, RunState
from .store import RunStore

Record: TypeAlias = Any

#: Artifact versions by the ids that references to them have: the client's, and the server's in hexadecimal.
References: TypeAlias = dict[str, ArtifactVersion]


class RunRecords:
    """Applies the records of one run, in order.

    Attributes:
        silent: metrics whose last definition of a summary asked for none.

    Args:
        store: where the run's artifacts belong.
        run: the run; made by :func:`run_of`.
        folder: the run's ``files`` folder, where the contents of its files are.
        references: artifacts that the run's artifacts may refer to.
        core: whether wandb-core's rules of what a summary is apply, else those of the Python service before it.
    """

    def __init__(self, store: RunStore, run: RunState, folder: Path, references: References, *, core: bool) -> None:
        self.run = run
        self.folder = folder
        self.references = references
        self.summary = Nested(run.summary, whole=core, keep_none=not core)
        self._store = store
        self._config = Nested(run.config, whole=core)
        self._definitions: dict[str, Record] = {}
        self.silent: set[str] = set()
        self._line_is_open = False

    def apply(self, record: Record) -> None:
        """Applies one record; kinds of records without content of the run are ignored."""
        kind = record.WhichOneof("record_type")
        method = getattr(self, f"_apply_{kind}", None)
        if method is not None:
            with self._store.lock:
                method(getattr(record, kind))

    def _apply_run(self, run: Record) -> None:
        state = self.run
        state.name = run.display_name or state.name
        state.group = run.run_group or state.group
        state.job_type = run.job_type or state.job_type
        state.notes = run.notes or state.notes
        state.sweep = run.sweep_id or state.sweep
        state.tags = list(run.tags)
        self._apply_config(run.config)
        self.summary.apply(run.summary.update)
        self._apply_telemetry(run.telemetry)

    def _apply_config(self, config: Record) -> None:
        self._config.apply(config.update, config.remove)
        self.run.config.pop("_wandb", None)

    def _apply_history(self, history: Record) -> None:
        row: dict[str, Any] = {}
        Nested(row, whole=False).apply(history.item)
        if history.HasField("step"):
            row.setdefault("_step", history.step.num)
        self.run.history.append(row)

    def _apply_summary(self, summary: Record) -> None:
        self.summary.apply(summary.update, summary.remove)

    def _apply_telemetry(self, telemetry: Record) -> None:
        """Replaces the telemetry: a record repeats everything that earlier ones of the run had."""
        for part, value in telemetry.ListFields():
            if part.name in VERSION_FIELDS:
                self.run.versions[VERSION_FIELDS[part.name]] = value
            elif part.message_type is not None and not part.name.startswith("_"):
                flags = (flag.name for flag, on in value.ListFields() if on is True)
                self.run.telemetry.update(f"{part.name}.{flag}" for flag in flags)

    def _apply_metric(self, metric: Record) -> None:
        if getattr(metric, "expanded_from_glob", False):
            return  # wandb-core's own, for a key that a glob matched
        name = metric.name or metric.glob_name
        if metric._control.overwrite or name not in self._definitions:
            self._definitions[name] = type(metric)()
        self._definitions[name].MergeFrom(metric)
        self.run.metrics[name] = metric_of(self._definitions[name])
        if metric.HasField("summary"):
            (self.silent.add if metric.summary.none else self.silent.discard)(name)

    def _apply_files(self, files: Record) -> None:
        for item in files.files:
            policy = item.PolicyType.Name(item.policy).lower()
            for path in self._matching(item.path):
                self.run.policies[path] = policy
                if policy != "end":
                    self.read_file(path)

    def _matching(self, pattern: str) -> list[str]:
        """The files that a pattern in the run's folder matches; a pattern without a match is taken as a path."""
        found = glob.glob(str(Path(glob.escape(str(self.folder)), pattern)), recursive=True)
        paths = [Path(path).relative_to(self.folder).as_posix() for path in sorted(found) if Path(path).is_file()]
        return paths or [pattern]

    def read_file(self, path: str) -> None:
        """Adds the present content of *path* to its versions, if the file is there and has changed."""
        source = self.folder / path
        if source.is_file():
            content = source.read_bytes()
            versions = self.run.files.setdefault(path, [])
            if not versions or versions[-1] != content:
                versions.append(content)

    def read_files(self, *policies: str) -> None:
        """Adds the present content of every file that was saved with one of *policies*, as :meth:`read_file` does."""
        for path, policy in self.run.policies.items():
            if policy in policies:
                self.read_file(path)

    def _apply_artifact(self, artifact: Record) -> None:
        log_artifact(self._store, self.run, artifact, self.references)

    def _apply_output(self, output: Record) -> None:
        """Adds one write to the console; it need not end where a line ends."""
        for part in output.line.splitlines(keepends=True):
            line = part.rstrip("\r\n")
            if self._line_is_open:
                self.run.console[-1] += line
            else:
                self.run.console.append(line)
            self._line_is_open = line == part

    _apply_output_raw = _apply_output

    def _apply_exit(self, end: Record) -> None:
        self.run.exit_code = end.exit_code
        self.read_files("live", "end")


def run_of(store: RunStore, record: Record) -> RunState:
    """The run that a run record is about, made when it is new."""
    return store.run(RunKey(record.entity, record.project, record.run_id))


def metric_of(record: Record) -> Metric:
    """The definition in a metric record, of a key or of a glob."""
    goal = record.MetricGoal.Name(record.goal).removeprefix("GOAL_").lower() if record.goal else None
    return Metric(
        name=record.name or record.glob_name,
        step_metric=record.step_metric or None,
        summary=tuple(sorted(field.name for field, on in record.summary.ListFields() if on is True)),
        hidden=record.options.hidden,
        step_sync=record.options.step_sync,
        goal=goal,
    )


def log_artifact(
    store: RunStore, run: RunState, record: Record, references: References, *, reuse: bool = True
) -> ArtifactVersion:
    """Adds the version that an artifact record describes, or finds the one of the same digest, and its aliases.

    Args:
        references: the artifacts logged so far, to which this one is added.
        reuse: whether any version of the same digest is reused, or only the last, unless the artifact is to be used.

    Raises:
        ValueError: the artifact exists with another type.
    """
    entity, project = record.entity or run.key.entity, record.project or run.key.project
    name = record.name.partition(":")[0]
    collection = store.collection(entity, project, name, record.type)
    version = collection.with_content(record.digest, newest_only=not (reuse or record.use_after_commit))
    if version is None:
        server_id = f"Artifact:{entity}/{project}/{name}:{len(collection.versions)}"
        version = collection.add(base64.b64encode(server_id.encode()).decode())
        version.digest = record.digest
        version.entries = {entry.path: _entry(entry, references) for entry in record.manifest.contents}
        version.metadata = json.loads(record.metadata) if record.metadata else {}
        version.description = record.description or None
        version.logged_by = None if record.user_created else run.key
        version.state = "COMMITTED"
    references[record.client_id] = references[server_hex(version)] = version
    version.asked_aliases += [alias for alias in record.aliases if alias not in version.asked_aliases]
    collection.release(version, record.aliases)
    if not record.user_created:  # what a run makes up for its input is not its output
        run.logged.append(version)
    if record.use_after_commit:
        run.use(version)
    return version


def server_hex(version: ArtifactVersion) -> str:
    """The server's id of *version* as it stands in references."""
    return base64.b64decode(version.id).hex()


def _entry(record: Record, references: References) -> Entry:
    if record.ref:
        return Entry(record.size, record.digest, _named(record.ref, references))
    source = Path(record.local_path)
    content = source.read_bytes() if record.local_path and source.is_file() else None
    return Entry(record.size, record.digest, content=content)


def _named(reference: str, references: References) -> str:
    """A reference to an entry of an artifact by its name and version; the SDK has it by an id of client or server."""
    url = urlsplit(reference)
    if url.scheme not in {"wandb-artifact", "wandb-client-artifact"} or url.netloc not in references:
        return reference
    return references[url.netloc].reference(url.path.removeprefix("/"))

"""wandb's own ``Run``, connected to a recorder instead of a service process."""

from __future__ import annotations

from typing import Any

from ...model.artifacts import ArtifactVersion
from ...model.runs import RunState
from ...model.store import RunStore
from .. import installed_sdk
from .in_process_service import InProcessService
from .recorded_artifacts import ArtifactRegistry


class RecordedRun(installed_sdk.Run):
    """A run like an online one. What it logs is converted by wandb's own code; only what asks a server is replaced."""

    _recording: RunRecording

    def _public_api(self, *_: Any, **__: Any) -> Any:
        """A client that does nothing: the artifact it is given to gets its answers from the recorder."""
        return installed_sdk.NoApi()

    def _assert_can_log_artifact(self, artifact: Any) -> None:
        """Does nothing: wandb asks a server here, and the store checks it later."""

    def _log_artifact(self, *args: Any, **kwargs: Any) -> Any:
        self._recording.logged = None
        artifact = super()._log_artifact(*args, **kwargs)
        version = self._recording.logged
        assert version is not None
        self._recording.artifacts.put(artifact, version)
        return artifact

    def use_artifact(
        self, artifact_or_name: Any, type: str | None = None, aliases: Any = None, *_: Any, **__: Any
    ) -> Any:
        """Takes an artifact as input: one that is not logged yet is logged first.

        Raises:
            LookupError: there is none of that name.
            ValueError: it has another type.
        """
        recording = self._recording
        if isinstance(artifact_or_name, str):
            artifact = recording.artifacts.of(recording.find(artifact_or_name, type))
        elif hasattr(artifact_or_name, "_stored_version"):
            artifact = artifact_or_name
        else:
            asked = [aliases] if isinstance(aliases, str) else list(aliases or [])
            return self._log_artifact(artifact_or_name, aliases=asked, is_user_created=True, use_after_commit=True)
        recording.use(artifact._stored_version)
        return artifact

    def _finish(self, exit_code: int | None = None, *_: Any) -> None:
        recording = self._recording
        if recording.ended:
            return
        installed_sdk.mark_feature(self, "finish")
        recording.ended = True
        recording.interface.deliver_exit(exit_code or 0)
        installed_sdk.end(self)


class RunRecording:
    """What a recorded run needs of its recorder.

    Attributes:
        logged: the version of the artifact logged last.
        ended: whether the run was finished.
    """

    def __init__(self, store: RunStore, state: RunState, artifacts: ArtifactRegistry) -> None:
        self.artifacts = artifacts
        self.logged: ArtifactVersion | None = None
        self.ended = False
        self.service: InProcessService
        self.interface: installed_sdk.Interface
        self._store = store
        self._state = state

    def remember_logged(self, version: ArtifactVersion) -> None:
        """Takes the answer of the service to an artifact that was logged."""
        self.logged = version

    def use(self, version: ArtifactVersion) -> None:
        with self._store.lock:
            self._state.use(version)

    def find(self, name: str, artifact_type: str | None) -> ArtifactVersion:
        """The version of ``[entity/[project/]]name[:alias]``; without an alias, the latest.

        Raises:
            LookupError: there is none.
            ValueError: it has another type.
        """
        *place, last = name.split("/")
        key = self._state.key
        entity, project = [key.entity, key.project][: 2 - len(place)] + place
        base, _, alias = last.partition(":")
        with self._store.lock:
            collection = self._store.collections.get((entity, project, base))
            versions = collection.versions if collection else []
            wanted = alias or "latest"
            found = next((v for v in versions if wanted in (*v.aliases, f"v{v.index}")), None)
        if collection is None or found is None:
            raise LookupError(f"there is no artifact {name!r}")
        if artifact_type not in {None, collection.type}:
            raise ValueError(f"artifact {name!r} has type {collection.type!r}, not {artifact_type!r}")
        return found

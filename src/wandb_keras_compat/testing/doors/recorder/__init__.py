"""A recorder of runs in the same process: the real SDK up to where it would send records to its service.

    with Recorder() as recorder:
        run = recorder.start_run(config={"lr": 0.1})
        wandb.log({"loss": 1.0})
        run.finish()
        assert recorder.snapshot().history() == [{"loss": 1.0}]

No process and no thread is started and no connection opened, with any wandb version, so hundreds of runs a minute
can be recorded. The run behaves as one online: artifacts can be used, and waited for, after they were logged.
"""

from __future__ import annotations

import secrets
import string
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wandb

from ...model.artifacts import RunKey
from ...model.records import References, RunRecords
from ...model.snapshot import Snapshot
from ...model.store import RunStore
from .. import installed_sdk
from .in_process_service import InProcessService
from .recorded_artifacts import ArtifactRegistry
from .recorded_run import RecordedRun, RunRecording

if TYPE_CHECKING:
    from typing_extensions import Self

#: Entity and project of a run that names none.
ENTITY, PROJECT = "tests", "uncategorized"


class Recorder:
    """Records into *store* the runs that it starts inside a ``with`` block; at its end the open run is finished.

    The ``wandb.run`` from before is out of reach in the block, where code that asks for a run must find none, and is
    restored at its end, so that ``wandb.finish()`` finds it.
    """

    def __init__(self, store: RunStore | None = None) -> None:
        self.store = RunStore() if store is None else store
        self._run: RecordedRun | None = None
        self._open = ExitStack()
        self._folder: Path | None = None
        self._references: References = {}
        self._before: Any = None

    def __enter__(self) -> Self:
        self._folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="wandb-recorder-")))
        self._registry = ArtifactRegistry(self._folder / "downloads")
        self._open.enter_context(installed_sdk.isolated_from_servers(self._folder, self._registry.referring_entries))
        self._before = wandb.run
        installed_sdk.make_global(None)
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        self._finish_run(1 if failure else 0)
        self._open.close()
        self._folder = None
        before, self._before = self._before, None
        if before is not None and installed_sdk.is_running(before):
            installed_sdk.make_global(before)

    def start_run(
        self,
        *,
        entity: str = ENTITY,
        project: str = PROJECT,
        id: str | None = None,
        name: str | None = None,
        group: str | None = None,
        job_type: str | None = None,
        notes: str | None = None,
        tags: Iterable[str] = (),
        config: Mapping[str, Any] | None = None,
        resume_summary: Mapping[str, Any] | None = None,
        step: int | None = None,
    ) -> Any:
        """Starts a run and makes it ``wandb.run``; the one before is finished.

        A run whose *id* the store has is resumed: its steps go on and its summary is there.

        Args:
            entity, project, id, name, group, job_type, notes, tags, config: as ``wandb.init`` takes them.
            resume_summary: resumes a run that ended with this summary, wherever that was.
            step: the first step; for a resumed run by default the one after its last.

        Raises:
            RuntimeError: the recorder is not entered.
        """
        if self._folder is None:
            raise RuntimeError("start_run() is for within `with Recorder() as recorder:`")
        self._finish_run(0)
        key = RunKey(entity, project, id or _new_id())
        earlier = self.store.runs.get(key)
        resumed = earlier is not None or resume_summary is not None or step is not None
        state = self.store.run(key)
        if step is None:
            step = max((row.get("_step", -1) for row in state.history), default=-1) + 1
        summary = dict((state.summary if resume_summary is None else resume_summary) if resumed else {})

        settings = installed_sdk.settings(
            self._folder,
            entity=entity,
            project=project,
            run_id=key.id,
            run_name=name,
            run_group=group,
            run_job_type=job_type,
            run_notes=notes,
            run_tags=tuple(tags) or None,
        )
        records = RunRecords(
            self.store, state, Path(settings.files_dir), self._references, core=installed_sdk.has_core()
        )
        recording = RunRecording(self.store, state, self._registry)
        recording.service = InProcessService(
            self.store,
            records,
            installed_sdk.message("Result"),
            step=step,
            core=installed_sdk.has_core(),
            reuse=installed_sdk.reuses_artifacts(),
            on_artifact=recording.remember_logged,
        )
        recording.interface = installed_sdk.Interface(recording.service.handle)

        run = RecordedRun(settings, config=dict(config or {}))
        run._recording = recording
        installed_sdk.connect(run, recording.interface)
        installed_sdk.announce(run, recording.interface)
        installed_sdk.answer(run, resumed=resumed, step=step, summary=summary)
        given = {"set_init_name": name, "set_init_id": id, "set_init_tags": tags, "set_init_config": config}
        installed_sdk.begin(run, [feature for feature, value in {**given, "resumed": resumed}.items() if value])
        installed_sdk.make_global(run)
        state.exit_code = None
        self._run = run
        return run

    def is_own(self, run: object) -> bool:
        """Whether *run* is the one that was started here last."""
        return run is not None and run is self._run

    def snapshot(self) -> Snapshot:
        """What was recorded so far; files saved with the policy ``live`` as they are now."""
        if self._run is not None and not self._run._recording.ended:
            self._run._recording.service.read_live_files()
        return self.store.snapshot()

    def clear(self) -> None:
        """Finishes the run and forgets everything."""
        self._finish_run(0)
        self.store.clear()
        self._references.clear()

    def _finish_run(self, exit_code: int) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.finish(exit_code=exit_code)


def _new_id() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(8))

"""The objects that the pytest fixtures give a test: queries of what was sent, answered from a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .model.snapshot import OnlyRun

if TYPE_CHECKING:
    from .doors.recorder import Recorder
    from .doors.server import Backend, FaultPlan
    from .model.snapshot import RunSnapshot, Snapshot, SweepSnapshot


class _SnapshotQueries(OnlyRun):
    """Each question takes a new snapshot; all but the first two are about the only run there is."""

    _door: Literal["http", "recorder"]

    def snapshot(self) -> Snapshot:
        """Everything there is now, frozen."""
        raise NotImplementedError

    def runs(self) -> tuple[RunSnapshot, ...]:
        """All runs, in the order in which they began."""
        return self.snapshot().runs

    def sweeps(self) -> tuple[SweepSnapshot, ...]:
        """All sweeps, in the order in which they were made; the recorder has none."""
        return self.snapshot().sweeps

    def run(self, run_id: str | None = None) -> RunSnapshot:
        return self.snapshot().run(run_id)

    def trace(self) -> dict[str, Any]:
        """The canonical form of what was sent: for ``diff``, or to be kept as a file."""
        from .trace.normalize import trace_of

        return trace_of(self.snapshot(), self._door)


class BackendFixture(_SnapshotQueries):
    """A server on loopback, with the queries."""

    _door: Literal["http", "recorder"] = "http"

    def __init__(self, server: Backend) -> None:
        self._server = server

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong on purpose, as in ``faults.add(Fault(...))``; empty at the start of each test."""
        return self._server.faults

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return self._server.url

    def environment(self) -> dict[str, str]:
        """The variables that lead to the server; they are set already, for this process and its children."""
        return self._server.environment()

    def snapshot(self) -> Snapshot:
        return self._server.snapshot()

    def kill(self) -> None:
        """Drops every connection, as the death of the server would; the store survives."""
        self._server.kill()

    def restart(self) -> None:
        """The server again, on the same port and store."""
        self._server.restart()


class RecorderFixture(_SnapshotQueries):
    """Runs that only exist in this process, with the queries."""

    _door: Literal["http", "recorder"] = "recorder"

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def start_run(self, **arguments: Any) -> Any:
        """A run as ``wandb.init`` with these arguments would give, behind ``wandb.run`` and ``wandb.log`` as well."""
        return self._recorder.start_run(**arguments)

    def clear(self) -> None:
        """Forgets all runs, for the next example of a property test."""
        self._recorder.clear()

    def snapshot(self) -> Snapshot:
        return self._recorder.snapshot()

"""The backend: a store, a server in front of it, and what a program needs to find it."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING

from ...model.snapshot import Snapshot
from ...model.store import RunStore
from .app import BackendApp
from .auth import KEY
from .faults import FaultPlan
from .limits import MAX_BODY
from .server_thread import ServerThread, listening, loopback

if TYPE_CHECKING:
    from typing_extensions import Self


class Backend:
    """A W&B server on loopback that keeps everything in memory.

    ::

        with Backend() as backend:
            subprocess.run([sys.executable, "train.py"], env={**os.environ, **backend.environment()})
            assert backend.snapshot().history() == [...]

    Args:
        store: what it writes to; a new one by default. Clearing it between tests is enough, the server can go on.
        host: ``127.0.0.1``, ``::1`` or ``localhost``.
        port: 0 takes a free one, which stays the same over restarts.
        api_key: what the SDK must come with.
        max_body: bytes of one request; a larger one is refused with 413.

    Raises:
        ValueError: *host* is not loopback.
        OSError: the port is in use (from :meth:`start`).
    """

    def __init__(
        self,
        store: RunStore | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str = KEY,
        max_body: int = MAX_BODY,
    ) -> None:
        self.store = RunStore() if store is None else store
        self.faults = FaultPlan()
        self._host = loopback(host)
        self._port = port
        self._key = api_key
        self._thread: ServerThread | None = None
        self._app = BackendApp(self.store, self.faults, lambda: self.url, api_key, max_body).app()

    @property
    def port(self) -> int:
        """The port; 0 before the first start when none was given."""
        return self._port

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> Self:
        """Serves from now on; returns when it does."""
        if self._thread is None:
            listener = listening(self._host, self._port)
            self._port = listener.getsockname()[1]
            self._thread = ServerThread(self._app, listener)
        return self

    def stop(self) -> None:
        """Ends in an orderly way. The store stays as it is."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    def kill(self) -> None:
        """Drops every connection at once."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.kill()

    def restart(self) -> Self:
        """Starts again on the same port and store, after :meth:`kill` or :meth:`stop` or instead of them."""
        self.stop()
        return self.start()

    def snapshot(self) -> Snapshot:
        """Everything that has arrived, frozen."""
        return self.store.snapshot()

    def environment(self) -> dict[str, str]:
        """The variables a program needs to send its runs here, whichever wandb it has."""
        around = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
        direct = f"{around},{self._host}" if around else self._host
        return {
            "WANDB_BASE_URL": self.url,
            "WANDB_API_KEY": self._key,
            "WANDB_MODE": "online",
            "WANDB_ERROR_REPORTING": "false",
            "NO_PROXY": direct,
            "no_proxy": direct,
        }

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

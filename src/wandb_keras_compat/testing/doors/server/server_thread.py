"""A uvicorn server in a thread of its own, on a loopback address."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import threading
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import ABORT

#: Seconds to wait for the thread to begin or to end; it takes milliseconds.
_PATIENCE = 30.0

#: Seconds from a connection, or from the first byte on an idle one, to a whole head of a request.
HEAD_SECONDS = 10.0

#: Connections at a time; beyond these the one that waits longest for a request is closed. Open files end at 1,024.
MAX_CONNECTIONS = 400


def loopback(host: str) -> str:
    """*host* as an address.

    Raises:
        ValueError: it is not loopback.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise ValueError(
            f"the backend listens on loopback only (127.0.0.1, ::1 or localhost), not on {host!r}: "
            "it is made for tests, and whoever could reach it could write to it"
        )
    return str(address)


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to *port* of the loopback address *host*; 0 takes a free one.

    Raises:
        OSError: the port is in use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol by name: asyncio sends at once (TCP_NODELAY) only where it can see that this is TCP. Without, the
    # body of an answer waits 40 ms for the client to acknowledge its head.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR lets a second server in
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except OSError:
        found.close()
        raise
    return found


class _Connection(H11Protocol):
    """A connection that its request can close at once, and that is closed when no request comes on it.

    uvicorn bounds the time between requests, not the one until the first, nor that of a head of which a part came.
    """

    _deadline: asyncio.TimerHandle | None = None
    _since = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[ABORT] = self.transport.abort
            await inner(scope, receive, send)

        self.app = app

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._since = self.loop.time()
        self._watch()
        waiting = [other for other in self.connections if isinstance(other, _Connection) and other.waits]
        if len(self.connections) > MAX_CONNECTIONS and waiting:
            min(waiting, key=lambda other: other._since).transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    @property
    def waits(self) -> bool:
        """Whether no request is being served."""
        return self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if not self.waits:
            self._stop_watching()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._expire)

    def _expire(self) -> None:
        self._deadline = None
        if self.waits:
            self.transport.abort()

    def _stop_watching(self) -> None:
        deadline, self._deadline = self._deadline, None
        if deadline is not None:
            deadline.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_watching()
        del self.app  # it refers to this connection, and a run opens several: the memory would wait for the collector


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()


class ServerThread:
    """Serves *app* on *listener* from construction on, until :meth:`stop` or :meth:`kill`."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            http=_Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=5,  # wandb-core leaves some four connections open per run
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._listener = listener
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="wandb-backend", daemon=True)
        self._thread.start()
        self._server.ready.wait(_PATIENCE)
        if self._failure is not None or not self._server.started:
            raise RuntimeError("the backend did not start") from self._failure

    def stop(self) -> None:
        """Lets requests that are being served end, for at most a second, and takes no more."""
        self._server.should_exit = True
        self._join()

    def kill(self) -> None:
        """Closes every connection in the middle of whatever it does, as the death of a process would."""
        assert self._server.loop is not None  # construction waits until it is there
        self._server.loop.call_soon_threadsafe(self._abort)
        self._join()

    def _abort(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        for server in self._server.servers:
            server.close()
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()

    def _join(self) -> None:
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            raise RuntimeError("the backend did not stop")

    def _run(self) -> None:
        if hasattr(signal, "pthread_sigmask"):
            # A signal that this thread took would not wake the main thread, which alone runs Python's handlers.
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as error:  # uvicorn ends in SystemExit when it cannot start
            self._failure = error
        finally:
            self._listener.close()
            self._server.ready.set()

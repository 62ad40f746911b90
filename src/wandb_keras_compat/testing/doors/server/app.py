"""The ASGI application with its endpoints. A request is checked (size, key, form, faults) and then served."""

from __future__ import annotations

import asyncio
import hashlib
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ...model.store import RunStore
from .auth import Signer, check_key
from .faults import Endpoint, Fault, FaultPlan
from .file_stream import apply_stream
from .graphql import plan
from .http_errors import NoAnswerError, NotDoneError, RefusedError
from .limits import body_of, check_host, json_object
from .resolvers import Resolvers
from .server_state import ServerState, run_key
from .storage_urls import StorageUrls, split_place, stored, stored_by_digest

#: What the server's connections put into a request's scope: closes the connection at once.
ABORT = "wandb_keras_compat.abort"

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_PIECES = 10


class BackendApp:
    """The endpoints over one store.

    Args:
        base: gives the server's own address.
        key: what a request must come with.
        max_body: bytes of one request.
    """

    def __init__(self, store: RunStore, faults: FaultPlan, base: Callable[[], str], key: str, max_body: int) -> None:
        self.store = store
        self._faults = faults
        self._key = key
        self._max_body = max_body
        self.signer = Signer(key)
        self.state = ServerState(store)
        self.resolvers = Resolvers(self.state, StorageUrls(base, self.signer))

    def app(self) -> Starlette:
        routes = [
            Route("/graphql", self._guarded(self._graphql), methods=["POST"]),
            Route("/files/{entity}/{project}/{run}/file_stream", self._guarded(self._file_stream), methods=["POST"]),
            Route("/storage/{signature}/{place:path}", self._guarded(self._storage), methods=["PUT", "GET"]),
            # Where the SDK's cache has not a file that it uploaded itself, wandb up to 0.14 asks for it by its digest.
            Route("/artifacts/{entity}/{digest}", self._guarded(self._by_digest), methods=["GET"]),
            # The second form has the artifact that it was uploaded with, and "None" for an entity that is not known.
            Route("/artifactsV2/{region}/{entity}/{birth}/{digest}", self._guarded(self._by_digest), methods=["GET"]),
            # What wandb 0.31 reports about itself every minute or so: taken, and not kept.
            Route("/sdk/otel/v1/{kind}", self._guarded(self._own_metrics), methods=["POST"]),
            Route("/{rest:path}", self._guarded(self._nothing), methods=_METHODS),
        ]
        return Starlette(routes=routes)

    def _guarded(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                check_host(request.headers.get("host"))
                return await endpoint(request)
            except NotDoneError as refused:
                with self.store.lock:
                    self.store.note_unknown(f"{request.method} {request.url.path}: {refused.sentence}")
                return _errors(refused.sentence, refused.status)
            except RefusedError as refused:
                return _errors(refused.sentence, refused.status)
            except NoAnswerError as error:
                return _errors(str(error), 200)
            except Exception as error:  # a mistake in this server: a test that looks at `unknown` fails with it
                trace = "".join(traceback.format_exception(error)[-2:])
                with self.store.lock:
                    self.store.note_unknown(f"{request.method} {request.url.path}: {trace}")
                return _errors(f"this backend has a mistake: {error!r}", 500)

        return guarded

    async def _graphql(self, request: Request) -> Response:
        check_key(request.headers.get("authorization"), self._key)
        body = json_object(await body_of(request, self._max_body), "the request")
        operation = plan(body.get("query"), body.get("variables"), body.get("operationName"))
        names = [operation.name, *(field.name for field in operation.fields)]
        return await self._served(request, "graphql", names, lambda: _json({"data": self.resolvers.of(operation)}))

    async def _file_stream(self, request: Request) -> Response:
        check_key(request.headers.get("authorization"), self._key)
        key = run_key(*(request.path_params[part] for part in ("entity", "project", "run")))
        body = json_object(await body_of(request, self._max_body), "the file stream")

        def serve() -> Response:
            with self.store.lock:
                record = self.state.find_run(key)
                if record is None:
                    raise RefusedError(404, f"there is no run {'/'.join(key)}")
                self._note(f"file_stream: {name}" for name in apply_stream(record, body))
            return _json({"limits": {}, "exitcode": None})

        return await self._served(request, "file_stream", [key.id], serve)

    async def _storage(self, request: Request) -> Response:
        place = request.path_params["place"]
        self.signer.check(place, request.path_params["signature"])
        kind, owner, path = split_place(place)
        content = await body_of(request, self._max_body) if request.method == "PUT" else b""

        def serve() -> Response:
            with self.store.lock:
                if request.method == "PUT":
                    return Response(headers={"ETag": f'"{self._keep(kind, owner, path, content)}"'})
                return Response(stored(self.state, place), media_type="application/octet-stream")

        return await self._served(request, "storage", [f"{request.method} {place}"], serve)

    async def _by_digest(self, request: Request) -> Response:
        check_key(request.headers.get("authorization"), self._key)
        asked = request.path_params

        def serve() -> Response:
            with self.store.lock:
                born = "birth" in asked
                among = [self.state.artifact(asked["birth"])] if born else self.state.artifacts_of(asked["entity"])
                content = stored_by_digest(among, asked["digest"])
            return Response(content, media_type="application/octet-stream")

        return await self._served(request, "storage", [f"GET {request.url.path[1:]}"], serve)

    async def _own_metrics(self, request: Request) -> Response:
        await body_of(request, self._max_body)
        return Response(status_code=200)

    async def _nothing(self, request: Request) -> Response:
        with self.store.lock:
            self._note([f"{request.method} {request.url.path}"])
        raise RefusedError(404, f"this backend has nothing at {request.url.path}")

    def _keep(self, kind: str, owner: tuple[str, ...], path: str, content: bytes) -> str:
        """Keeps what was uploaded; its entity tag."""
        if kind == "run":
            record = self.state.find_run(run_key(*owner))
            if record is None:
                raise RefusedError(404, f"there is no run {'/'.join(owner)}")
            record.state.files.setdefault(path, []).append(content)
            return hashlib.md5(content, usedforsecurity=False).hexdigest()
        artifact = self.state.artifact(owner[0])
        if kind == "manifest":
            self.resolvers.uploads.take_manifest(artifact, content)
            return hashlib.md5(content, usedforsecurity=False).hexdigest()
        return self.resolvers.uploads.keep(artifact, path, content, int(owner[1]) if kind == "part" else None)

    def _note(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.store.note_unknown(line)

    async def _served(
        self, request: Request, endpoint: Endpoint, names: list[str], serve: Callable[[], Response]
    ) -> Response:
        fault = self._faults.take(endpoint, names)
        if fault is None:
            return serve()
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if fault.drop:
            return _Dropped()
        response = serve() if fault.status is None else _errors(fault.message, fault.status, fault)
        return _slowed(response, fault.slow) if fault.slow else response


class _Dropped(Response):
    """Closes the connection without a byte of answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"][ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass


def _slowed(response: Response, seconds: float) -> Response:
    """The same answer, its body in pieces over *seconds*."""
    body = bytes(response.body)
    size = max(1, -(-len(body) // _PIECES))
    pieces = [body[start : start + size] for start in range(0, len(body), size)]

    async def trickle() -> AsyncIterator[bytes]:
        for piece in pieces:
            await asyncio.sleep(seconds / len(pieces))
            yield piece
        if not pieces:
            await asyncio.sleep(seconds)

    return StreamingResponse(trickle(), response.status_code, dict(response.headers))


def _errors(sentence: str, status: int, fault: Fault | None = None) -> Response:
    response = _json({"errors": [{"message": sentence}], "data": None}, status)
    response.headers.update(fault.headers if fault else {})
    return response


def _json(content: object, status: int = 200) -> Response:
    return Response(json.dumps(content), status, media_type="application/json")

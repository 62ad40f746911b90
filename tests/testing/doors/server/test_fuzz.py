"""Requests that nobody would send: none is answered with 500, and what is refused has changed nothing.

The requests are drawn from a fixed seed: known queries and mutations with values of any kind for their arguments, file
streams and stored bytes, headers and bodies. 20,000 of them are in the slow tier.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import random
from typing import Any

import pytest

pytest.importorskip("httpx", reason="plain requests are made with httpx")
pytest.importorskip("graphql", reason="the server needs the `testing` extra")

import httpx

from wandb_keras_compat.testing.doors.server import KEY
from wandb_keras_compat.testing.doors.server.app import BackendApp
from wandb_keras_compat.testing.doors.server.faults import FaultPlan
from wandb_keras_compat.testing.model.store import MAX_UNKNOWN, RunStore

from .test_arguments import CALLS, MUTATIONS, QUERIES, World, call

LIMIT = 50_000
WEIRD: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**200, -(2**70), 0.5, 1e308, float("nan"), float("inf")),
    *(
        "",
        "p",
        "r",
        "a:v0",
        "..",
        "/",
        "\0",
        "\ud800",
        "x" * 2000,
        "é",
        "9" * 30,
        "QXJ0aWZhY3Q6MDAwMDAwMDAx",
        "UnVuOg==",
    ),
    *("{}", "[]", "{", "null", '{"a": 1}', '{"$or": [{"config.x": {"$gt": 1}}]}', '{"state": "COMMITTED"}', "[" * 3000),
    *(
        '{"keys": ["a"], "samples": -1}',
        '{"keys": 1}',
        "method: grid",
        "method: random\nparameters: {x: {min: 0, max: 1e400}}",
    ),
    *(
        [],
        [None],
        [1],
        ["a"],
        [[]],
        {},
        {"a": None},
        [{}],
        [{"artifactID": 1, "name": 2}],
        [{"alias": "g"}],
        [{"name": "x.txt"}],
    ),
]
MANIFESTS = [
    {},
    {"contents": 1},
    {"contents": {"a": 1}},
    {"contents": {"a": {"digest": [], "size": "x", "ref": {}}}},
    {"contents": {"../a": {}}},
    {"contents": {"a": {"birthArtifactID": {}, "ref": "wandb-artifact://zz/y"}}},
]


class Requests:
    """Draws requests against one world."""

    def __init__(self, source: random.Random, world: World) -> None:
        self._source = source
        self._world = world

    def draw(self) -> tuple[str, str, bytes, dict[str, str]]:
        kind = self._source.choice([self._graphql] * 6 + [self._stream] * 2 + [self._storage, self._other])
        method, path, body, headers = kind()
        headers = {"Host": "127.0.0.1", **headers}
        if self._source.random() < 0.05:
            body = bytes(self._source.choice(body or b"x") for _ in range(self._source.randrange(40)))
        if self._source.random() < 0.05:
            body, headers["Content-Encoding"] = gzip.compress(body)[self._source.randrange(3) :], "gzip"
        if self._source.random() < 0.03:
            headers["Host"] = self._source.choice(["evil.example", "", "10.0.0.1", "[::1]:80", "localhost:9"])
        return method, path, body, headers

    def _value(self, depth: int = 0) -> Any:
        if depth < 2 and self._source.random() < 0.15:
            return [self._value(depth + 1) for _ in range(self._source.randrange(3))]
        return self._source.choice(WEIRD)

    def _graphql(self) -> tuple[str, str, bytes, dict[str, str]]:
        variables: dict[str, Any] = {}

        def arguments(names: Any, always: dict[str, str]) -> dict[str, str]:
            found = dict(always)
            for name in names:
                if self._source.random() < 0.4:
                    variables[f"v{len(variables)}"] = self._value()
                    found[name] = f"$v{len(variables) - 1}"
            return found

        if self._source.random() < 0.5:
            name = self._source.choice(list(MUTATIONS))
            always, tried = MUTATIONS[name]
            given = arguments(tried, {key: value for key, value in always.items() if self._source.random() < 0.9})
            text = "mutation { " + call(name, given, "{ __typename }") + " }"
        else:
            kind, name = self._source.choice(list(QUERIES))
            place, selection, always, _ = QUERIES[kind, name]
            text = "{ " + place.format(call(name, arguments(CALLS[kind][name].takes, always), selection)) + " }"
        body: dict[str, Any] = {"query": self._world.named(text), "variables": variables}
        if self._source.random() < 0.05:
            body[self._source.choice(["query", "variables", "operationName"])] = self._value()
        return "POST", "/graphql", json.dumps(body).encode(), {}

    def _stream(self) -> tuple[str, str, bytes, dict[str, str]]:
        names = ["wandb-history.jsonl", "wandb-events.jsonl", "wandb-summary.json", "output.log", "other"]
        chunks = {}
        for name in self._source.sample(names, self._source.randrange(4)):
            lines = [self._value() if self._source.random() < 0.2 else '{"_step": 1}' for _ in range(2)]
            chunks[name] = {"offset": self._source.choice([0, 1, 5, 2**62, -1, "1", 1.5]), "content": lines}
        body: dict[str, Any] = {
            "files": chunks,
            "complete": self._value(),
            "exitcode": self._source.choice([None, 0, 1, 2**80]),
        }
        if self._source.random() < 0.1:
            body[self._source.choice(["files", "exitcode"])] = self._value()
        return "POST", f"/files/local/p/{self._source.choice('rsx')}/file_stream", json.dumps(body).encode(), {}

    def _storage(self) -> tuple[str, str, bytes, dict[str, str]]:
        artifact = self._source.choice([*self._world.artifacts, "none"])
        places = [
            "run/local/p/r/x",
            "run/local/p/none/x",
            f"artifact/{artifact}/x.txt",
            f"manifest/{artifact}/m",
            f"part/{artifact}/1/big",
            f"part/{artifact}/x/big",
            "manifest/x",
            "run/local/p/r/",
            "run/local/p/r/../x",
            "nothing/x",
        ]
        place = self._source.choice(places)
        signature = self._world.signer.sign(place) if self._source.random() < 0.9 else "0"
        content = json.dumps(self._source.choice(MANIFESTS)).encode()
        return self._source.choice(["PUT", "GET"]), f"/storage/{signature}/{place}", content, {}

    def _other(self) -> tuple[str, str, bytes, dict[str, str]]:
        path = self._source.choice(
            ["/", "/graphql", f"/none/{self._source.randrange(10**6)}", "/sdk/otel/v1/x", "/files/a/b"]
        )
        return self._source.choice(["GET", "POST", "PUT", "DELETE", "PATCH"]), path, b"{}", {}


async def fuzz(seed: int, count: int) -> int:
    """Sends *count* requests; how many were refused."""
    source, refused = random.Random(seed), 0
    store = RunStore()
    backend = BackendApp(store, FaultPlan(), lambda: "http://127.0.0.1", KEY, LIMIT)
    transport = httpx.ASGITransport(app=backend.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", auth=("api", KEY)) as client:
        for number in range(count):
            if number % 40 == 0:  # so that what is in it stays small
                store.clear()
                world = World(backend)
                requests = Requests(source, world)
                before = world.everything()
            method, path, body, headers = requests.draw()
            response = await client.request(method, path, content=body, headers=headers)
            described = (number, method, path, body[:600], response.status_code, response.text[:600])
            assert response.status_code < 500, described
            after = world.everything()
            if response.status_code >= 400:
                refused += 1
                assert after == before, described
            before = after
            assert len(store.unknown) <= MAX_UNKNOWN + 1
    return refused


def test_no_request_is_answered_with_500_and_a_refused_one_changes_nothing():
    refused = asyncio.run(fuzz(1, 400))
    assert 100 < refused < 390, "some are answered and some are refused"


@pytest.mark.whole
def test_twenty_thousand_requests_and_no_more_objects_than_after_the_first():
    counts = []
    for seed in range(2, 22):
        asyncio.run(fuzz(seed, 1000))
        gc.collect()
        counts.append(len(gc.get_objects()))
    assert counts[-1] < counts[4] * 1.1, counts

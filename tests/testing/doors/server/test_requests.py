"""What comes over the wire: keys, sizes, forms; whatever is refused has changed nothing."""

from __future__ import annotations

import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("httpx", reason="plain requests are made with httpx")

import httpx

from wandb_keras_compat.testing.doors.server import KEY, Backend

from .http_requests import ARTIFACT, LIMIT, STREAM, UPSERT, basic, graphql, sentence, upload_url


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Bearer " + KEY,
        basic("api", KEY[:-1]),
        basic("api", KEY + "a"),
        basic("root", KEY),
        basic("api", ""),
    ],
)
@pytest.mark.parametrize("path", ["/graphql", STREAM])
def test_a_wrong_or_missing_key_is_refused(server: Backend, client, header, path):
    before = server.snapshot()
    headers = {} if header is None else {"Authorization": header}
    bodies = {"/graphql": {"query": UPSERT, "variables": {"n": "intruder"}}, STREAM: {"complete": True, "exitcode": 9}}
    response = httpx.post(server.url + path, json=bodies[path], headers=headers, trust_env=False)
    assert response.status_code == 401
    assert "WANDB_API_KEY" in sentence(response)
    assert server.snapshot() == before


def test_a_storage_address_is_good_for_its_own_file_only(server: Backend, client):
    url = upload_url(client)
    assert httpx.put(url, content=b"content", trust_env=False).status_code == 200
    assert httpx.get(url, trust_env=False).content == b"content"
    for other in (url.replace("x.bin", "y.bin"), url.replace("/storage/", "/storage/0")):
        response = httpx.put(other, content=b"no", trust_env=False)
        assert response.status_code == 401, other
    assert server.snapshot().run("r").files() == {"x.bin": b"content"}


BAD_BODIES = {
    "no JSON": (b"{", {}),
    "no UTF-8": (b"\xff\xfe\xfa", {}),
    "a list": (b"[]", {}),
    "nested without end": (b"[" * 90_000, {}),
    "no query": (b"{}", {}),
    "no GraphQL": (b'{"query": "{ x "}', {}),
    "no gzip": (b"{}", {"Content-Encoding": "gzip"}),
    "half a gzip": (gzip.compress(b'{"query": "{ viewer { id } }"}')[:-9], {"Content-Encoding": "gzip"}),
    "variables": (b'{"query": "{ x }", "variables": 1}', {}),
}


@pytest.mark.parametrize("case", BAD_BODIES)
@pytest.mark.parametrize("path", ["/graphql", STREAM])
def test_a_malformed_body_gets_400_and_a_sentence(server: Backend, client, case, path):
    if path == STREAM and case in {"no query", "no GraphQL", "variables"}:
        return  # an object without `files` is an empty post of the stream
    body, headers = BAD_BODIES[case]
    before = server.snapshot()
    response = client.post(path, content=body, headers=headers)
    assert response.status_code == 400
    assert len(sentence(response).split()) > 3
    assert server.snapshot() == before


def test_a_body_over_the_limit_gets_413(server: Backend, client):
    url = upload_url(client)
    before = server.snapshot()
    bomb = gzip.compress(b" " * (LIMIT + 1))
    assert len(bomb) < LIMIT

    def chunks():
        for _ in range(11):
            yield b"x" * (LIMIT // 10)

    responses = [
        client.post("/graphql", content=b"x" * (LIMIT + 1)),
        client.post(STREAM, content=bomb, headers={"Content-Encoding": "gzip"}),
        client.post(STREAM, content=chunks()),
        client.put(url, content=b"x" * (LIMIT + 1), auth=None),
    ]
    assert [response.status_code for response in responses] == [413] * 4
    assert all(str(LIMIT) in sentence(response) for response in responses)
    assert server.snapshot() == before
    assert client.put(url, content=b"x" * LIMIT).status_code == 200, "the limit itself is allowed"


def test_gzip_is_read(server: Backend, client):
    body = {"files": {"wandb-history.jsonl": {"offset": 0, "content": ['{"_step": 0, "a": 1}']}}}
    response = client.post(
        STREAM, content=gzip.compress(json.dumps(body).encode()), headers={"Content-Encoding": "gzip"}
    )
    assert response.status_code == 200
    assert server.snapshot().run("r").history() == [{"a": 1}]


def test_what_is_uploaded_is_kept_and_never_run(server: Backend, client, tmp_path):
    """A pickle that would make a file when it is read."""
    import pickle

    mark = tmp_path / "executed"

    class Trap:
        def __reduce__(self):
            return (open, (str(mark), "w"))

    for path in ("model.pkl", "model.h5", "media/table/t.table.json"):
        url = upload_url(client, path)
        client.put(url, content=pickle.dumps(Trap()))
        client.get(url)
    server.snapshot()
    assert not mark.exists()


def test_a_route_nobody_knows_is_404_and_noted(server: Backend, client):
    response = client.get("/artifactsV2/x")
    assert response.status_code == 404
    assert server.snapshot().unknown == ("GET /artifactsV2/x",)


def test_an_artifact_of_another_type_is_an_error_of_graphql(server: Backend, client):
    assert graphql(client, ARTIFACT).status_code == 200
    response = graphql(client, ARTIFACT.replace('"t"', '"other"'))
    assert response.status_code == 200
    assert "has type 't'" in sentence(response)


@pytest.mark.slow
def test_rows_of_many_connections_arrive_complete_and_in_order(server: Backend, client):
    """While somebody takes snapshots."""
    runs, posts, size = 8, 30, 20
    for number in range(runs):
        graphql(client, UPSERT, n=f"run{number}")
    done = threading.Event()

    def send(number: int) -> None:
        with httpx.Client(base_url=server.url, auth=("api", KEY), trust_env=False) as mine:
            for post in range(posts):
                rows = [json.dumps({"_step": step, "run": number}) for step in range(post * size, (post + 1) * size)]
                body = {"files": {"wandb-history.jsonl": {"offset": post * size, "content": rows}}}
                assert mine.post(f"/files/e/p/run{number}/file_stream", json=body).status_code == 200

    def watch() -> list[int]:
        lengths = []
        while not done.is_set():
            for run in server.snapshot().runs:
                steps = [row["_step"] for row in run.history(internal=True)]
                assert steps == list(range(len(steps)))
                lengths.append(len(steps))
        return lengths

    with ThreadPoolExecutor(runs + 1) as pool:
        watching = pool.submit(watch)
        try:
            list(pool.map(send, range(runs)))
        finally:
            done.set()
        assert watching.result()
    for number in range(runs):
        expected = [{"_step": step, "run": number} for step in range(posts * size)]
        assert server.snapshot().run(f"run{number}").history(internal=True) == expected


def test_what_the_sdk_reports_about_itself_is_taken_and_not_kept():
    """wandb 0.31 posts metrics of its own to the server every minute or so."""
    with Backend() as backend:
        sent = httpx.post(backend.url + "/sdk/otel/v1/metrics", content=b"\x0a\x00", auth=("api", KEY), trust_env=False)
        assert sent.status_code == 200
        assert (backend.snapshot().runs, backend.snapshot().unknown) == ((), ())

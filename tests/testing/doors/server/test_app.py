"""The application: an address is good for its own file whatever is asked of it, and a mistake of ours is told."""

from __future__ import annotations

import hashlib

import pytest

pytest.importorskip("httpx", reason="plain requests are made with httpx")

import httpx

from wandb_keras_compat.testing.doors.server import Backend, app

from .http_requests import ARTIFACT, RUN, STREAM, UPSERT, graphql, send, sentence, upload_url


def forged(url: str) -> list[str]:
    """Addresses that were not given out: another file, another run, one sign of the signature changed, or none."""
    base, _, rest = url.partition("/storage/")
    signature, _, place = rest.partition("/")
    changed = [
        signature[:at] + ("0" if signature[at] != "0" else "1") + signature[at + 1 :] for at in (0, -1 % len(signature))
    ]
    places = [place.replace("x.bin", "y.bin"), place.replace("/r/", "/other/"), f"{place}x"]
    return [
        *(f"{base}/storage/{each}/{place}" for each in (*changed, signature[:-1], signature.upper(), "x")),
        *(f"{base}/storage/{signature}/{each}" for each in places),
    ]


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_address_that_was_not_given_out_neither_reads_nor_writes(server: Backend, client, method: str) -> None:
    url = upload_url(client)
    run = server.store.runs[RUN]
    run.files.update({name: [b"secret"] for name in ("x.bin", "y.bin", "x.binx")})
    server.store.run(RUN._replace(id="other")).files["x.bin"] = [b"secret"]
    before = server.snapshot()
    for other in forged(url):
        response = httpx.request(method, other, content=b"no" if method == "PUT" else None, trust_env=False)
        assert response.status_code == 401, other
        assert b"secret" not in response.content
    assert server.snapshot() == before
    assert httpx.get(url, trust_env=False).content == b"secret", "the one that was given out is good"


def broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError("a mistake of this server")


MISTAKES = {
    "graphql": (lambda monkeypatch: monkeypatch.setattr(app, "plan", broken), "POST /graphql"),
    "stream": (lambda monkeypatch: monkeypatch.setattr(app, "apply_stream", broken), f"POST {STREAM}"),
    "storage": (lambda monkeypatch: monkeypatch.setattr(app, "stored", broken), "GET /storage/"),
}


@pytest.mark.parametrize("where", MISTAKES)
def test_a_mistake_of_the_server_is_an_answer_and_is_noted(server: Backend, client, where: str, monkeypatch) -> None:
    """A test that looks at ``unknown`` fails with it, whatever the client made of the answer."""
    url = upload_url(client)
    httpx.put(url, content=b"x", trust_env=False)
    put_in, request = MISTAKES[where]
    put_in(monkeypatch)
    response = {
        "graphql": lambda: graphql(client, UPSERT, n="r"),
        "stream": lambda: client.post(STREAM, json={"files": {}}),
        "storage": lambda: httpx.get(url, trust_env=False),
    }[where]()
    assert (response.status_code, "this backend has a mistake" in sentence(response)) == (500, True)
    (line,) = server.snapshot().unknown
    assert line.startswith(request) and "ZeroDivisionError: a mistake of this server" in line
    monkeypatch.undo()
    assert graphql(client, UPSERT, n="r").status_code == 200, "it goes on"


def test_what_is_refused_is_no_mistake(server: Backend, client) -> None:
    client.get("/files/e/p/none/file_stream")
    client.post(STREAM.replace("/r/", "/none/"), json={})
    client.post("/graphql", content=b"{")
    assert [line for line in server.snapshot().unknown if "Error" in line] == []


def test_a_stream_that_was_taken_asks_nothing_of_the_program(client) -> None:
    """Python services of the SDK, as in wandb 0.13, take the ``limits`` of the answer for its own settings."""
    assert client.post(STREAM, json={"files": {}}).json() == {"limits": {}, "exitcode": None}


def test_what_was_uploaded_is_acknowledged_by_the_tag_of_its_content(client) -> None:
    """By which the SDK says at the end of an upload in parts which ones it means."""
    for content in (b"", b"content"):
        response = httpx.put(upload_url(client), content=content, trust_env=False)
        assert response.headers["etag"] == f'"{hashlib.md5(content).hexdigest()}"'


@pytest.mark.usefixtures("fips")
def test_files_and_artifacts_are_taken_where_md5_is_refused_for_what_is_to_be_safe(server: Backend, client) -> None:
    assert httpx.put(upload_url(client), content=b"content", trust_env=False).status_code == 200
    send(client, graphql(client, ARTIFACT).json()["data"]["createArtifact"]["artifact"]["id"], {"f": b"in it"})
    run = server.snapshot().run("r")
    assert (run.files(), run.artifacts()[0].content("f")) == ({"x.bin": b"content"}, b"in it")

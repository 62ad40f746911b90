"""What comes over the wire: keys, sizes, forms and paths; whatever is refused has changed nothing."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("httpx", reason="plain requests are made with httpx")

import httpx

from wandb_keras_compat.testing.doors.server import KEY, Backend
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.limits import clean_name, clean_path
from wandb_keras_compat.testing.model.artifacts import RunKey

LIMIT = 100_000
RUN = RunKey("e", "p", "r")
STREAM = "/files/e/p/r/file_stream"
UPSERT = 'mutation UpsertBucket($n: String!) { upsertBucket(input: {entityName: "e", modelName: "p", name: $n}) { bucket { name } inserted } }'
FILES = 'mutation($f: [String!]!) { createRunFiles(entityName: "e", projectName: "p", runName: "r", files: $f) { files { uploadUrl } } }'


@pytest.fixture(scope="module")
def server() -> Iterator[Backend]:
    with Backend(max_body=LIMIT) as running:
        yield running


@pytest.fixture
def client(server: Backend) -> Iterator[httpx.Client]:
    """With the key, to a server that has one run and nothing else."""
    server.store.clear()
    with httpx.Client(base_url=server.url, auth=("api", KEY), trust_env=False) as found:
        assert graphql(found, UPSERT, n="r").json()["data"]["upsertBucket"]["inserted"] is True
        yield found


def graphql(client: httpx.Client, query: str, **variables):
    body = json.dumps({"query": query, "variables": variables})  # escapes what UTF-8 cannot say
    return client.post("/graphql", content=body)


def upload_url(client: httpx.Client, path: str = "x.bin") -> str:
    (file,) = graphql(client, FILES, f=[path]).json()["data"]["createRunFiles"]["files"]
    return file["uploadUrl"]


def sentence(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return error["message"]


def basic(user: str, key: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()


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


CLIMBING = [
    "../x",
    "a/../../x",
    "..",
    "/etc/x",
    "//x",
    "a\0b",
    "",
    "..\\x",
    "C:\\x",
    "c:x",
    "\\x",
    "\\\\host\\share\\x",
    None,
    3,
    "\ud800",
]


@pytest.mark.parametrize("path", CLIMBING)
def test_a_path_that_climbs_out_is_refused_wherever_it_comes(server: Backend, client, path):
    created = graphql(client, ARTIFACT).json()["data"]["createArtifact"]["artifact"]["id"]
    before = server.snapshot()
    asked = [
        graphql(client, FILES, f=["good", path]),
        graphql(
            client,
            'query($f: [String]) { project(name: "p", entityName: "e") { run(name: "r") { files(names: $f) { edges { node { url } } } } } }',
            f=[path],
        ),
        graphql(
            client,
            "mutation($f: [F!]!) { createArtifactFiles(input: {artifactFiles: $f}) { files { edges { node { uploadUrl } } } } }",
            f=[{"artifactID": created, "name": path}],
        ),
    ]
    manifest = graphql(
        client,
        f'mutation {{ createArtifactManifest(artifactID: "{created}") {{ artifactManifest {{ file {{ uploadUrl }} }} }} }}',
    )
    url = manifest.json()["data"]["createArtifactManifest"]["artifactManifest"]["file"]["uploadUrl"]
    if isinstance(path, str):
        contents = {"fine": {"digest": "x", "size": 1}, path: {"digest": "x", "size": 1}}
        asked.append(client.put(url, content=json.dumps({"contents": contents})))
    assert [response.status_code for response in asked] == [400] * len(asked)
    assert all("path" in sentence(response) for response in asked)
    assert server.snapshot() == before


ARTIFACT = """mutation { createArtifact(input: {entityName: "e", projectName: "p", runName: "r", artifactTypeName: "t",
    artifactCollectionNames: ["a"], digest: "d"}) { artifact { id } } }"""


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a\\b", "a\0", "", "\ud800"])
def test_a_name_that_is_no_single_part_of_a_path_is_refused(server: Backend, client, name):
    before = server.snapshot()
    if name:  # without one, a run gets one
        assert graphql(client, UPSERT, n=name).status_code == 400
    with pytest.raises(RefusedError):
        clean_name(name, "a name")
    assert server.snapshot() == before


parts = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(
    ["..", ".", "", "C:", "\0", "\\", "a"]
)


@given(st.lists(parts, max_size=5).map("/".join))
def test_a_path_that_is_let_through_stays_in_its_folder(path):
    import ntpath
    import posixpath

    try:
        clean_path(path)
    except RefusedError:
        return
    for system, folder in ((posixpath, "/safe"), (ntpath, "C:\\safe")):
        landed = system.normpath(system.join(folder, path))
        assert system.commonpath([folder, landed]) == folder, (path, landed)
    assert "\0" not in path


@given(
    st.lists(
        st.text("abc-_. é%?#&=+", min_size=1, max_size=6).filter(lambda part: part.strip(".") != ""),
        min_size=1,
        max_size=3,
    ).map("/".join)
)
def test_an_ordinary_path_is_let_through(path):
    assert clean_path(path) == path


@given(
    path=st.lists(
        st.text("ab.%?#&=+ é:~", min_size=1, max_size=5).filter(lambda part: part.strip(".") != ""),
        min_size=1,
        max_size=3,
    )
    .map("/".join)
    .map("x".__add__)
)
def test_bytes_come_back_from_any_path(client, server: Backend, path):
    if path[1:2] == ":":
        return  # a drive of Windows
    url = upload_url(client, path)
    assert client.put(url, content=path.encode()).status_code == 200
    assert client.get(url).content == path.encode()
    assert server.snapshot().run("r").files()[path] == path.encode()


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

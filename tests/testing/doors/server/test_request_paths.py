"""Paths and names that come over the wire: none leaves its folder, and ordinary ones are served."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("httpx", reason="plain requests are made with httpx")


from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.limits import clean_name, clean_path

from .http_requests import ARTIFACT, FILES, UPSERT, graphql, sentence, upload_url

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

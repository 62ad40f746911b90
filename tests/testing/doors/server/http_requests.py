"""Plain requests to a backend, as the SDK makes them."""

from __future__ import annotations

import base64
import json
import re

import httpx

from wandb_keras_compat.testing.model.artifacts import RunKey

LIMIT = 100_000
RUN = RunKey("e", "p", "r")
STREAM = "/files/e/p/r/file_stream"
UPSERT = 'mutation UpsertBucket($n: String!) { upsertBucket(input: {entityName: "e", modelName: "p", name: $n}) { bucket { name } inserted } }'
FILES = 'mutation($f: [String!]!) { createRunFiles(entityName: "e", projectName: "p", runName: "r", files: $f) { files { uploadUrl } } }'
ARTIFACT = """mutation { createArtifact(input: {entityName: "e", projectName: "p", runName: "r", artifactTypeName: "t",
    artifactCollectionNames: ["a"], digest: "d"}) { artifact { id } } }"""
FILE = """mutation($id: ID!, $path: String!) { createArtifactFiles(input: {artifactFiles: [{artifactID: $id, name: $path}]}) {
    files { edges { node { uploadUrl } } } } }"""
MANIFEST = """mutation($id: ID!) { createArtifactManifest(input: {artifactID: $id, name: "m", digest: "", type: FULL,
    entityName: "e", projectName: "p", runName: "r"}) { artifactManifest { file { uploadUrl } } } }"""
COMMIT = "mutation($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id state } } }"


def graphql(client: httpx.Client, query: str, **variables):
    body = json.dumps({"query": query, "variables": variables})  # escapes what UTF-8 cannot say
    return client.post("/graphql", content=body)


def upload_url(client: httpx.Client, path: str = "x.bin") -> str:
    (file,) = graphql(client, FILES, f=[path]).json()["data"]["createRunFiles"]["files"]
    return file["uploadUrl"]


def send(client: httpx.Client, artifact_id: str, contents: dict[str, bytes]) -> None:
    """Of an artifact that was created: its files, its manifest, and that it is complete."""
    for path, content in contents.items():
        put(graphql(client, FILE, id=artifact_id, path=path), content)
    entries = {path: {"digest": path, "size": len(content)} for path, content in contents.items()}
    put(graphql(client, MANIFEST, id=artifact_id), json.dumps({"version": 1, "contents": entries}).encode())
    answer = graphql(client, COMMIT, id=artifact_id).json()
    assert answer["data"]["commitArtifact"]["artifact"] == {"id": artifact_id, "state": "COMMITTED"}


def put(announced: httpx.Response, content: bytes) -> None:
    (url,) = re.findall(r'"uploadUrl": "([^"]+)"', announced.text)
    assert httpx.put(url, content=content, trust_env=False).status_code == 200


def sentence(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return error["message"]


def basic(user: str, key: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()

"""Plain requests to a backend, as the SDK makes them."""

from __future__ import annotations

import base64
import json

import httpx

from wandb_keras_compat.testing.model.artifacts import RunKey

LIMIT = 100_000
RUN = RunKey("e", "p", "r")
STREAM = "/files/e/p/r/file_stream"
UPSERT = 'mutation UpsertBucket($n: String!) { upsertBucket(input: {entityName: "e", modelName: "p", name: $n}) { bucket { name } inserted } }'
FILES = 'mutation($f: [String!]!) { createRunFiles(entityName: "e", projectName: "p", runName: "r", files: $f) { files { uploadUrl } } }'
ARTIFACT = """mutation { createArtifact(input: {entityName: "e", projectName: "p", runName: "r", artifactTypeName: "t",
    artifactCollectionNames: ["a"], digest: "d"}) { artifact { id } } }"""


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

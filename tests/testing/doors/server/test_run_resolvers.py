"""Runs over GraphQL: rows by their steps, files by their names, and each field set and cleared under its own name."""

from __future__ import annotations

import hashlib
import json
from fnmatch import fnmatchcase

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

pytest.importorskip("httpx", reason="plain requests are made with httpx")

import httpx

from wandb_keras_compat.testing.doors.server import Backend

from .http_requests import RUN, STREAM, graphql

pytestmark = pytest.mark.usefixtures("client")
ONE_SERVER = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])

BUCKET = 'query(%s) { model(name: "p", entityName: "e") { bucket(name: "r") { %s } } }'
FIELDS = {"groupName": "group", "jobType": "job_type", "notes": "notes", "sweep": "sweep", "displayName": "name"}


def bucket(client, asked, declared="$unused: Int", **variables):
    answer = graphql(client, BUCKET % (declared, asked), **variables).json()
    return answer["data"]["model"]["bucket"]


@ONE_SERVER
@given(
    st.lists(st.integers(0, 9), unique=True, max_size=6).map(sorted),
    st.one_of(st.none(), st.integers(0, 10)),
    st.one_of(st.none(), st.integers(0, 10)),
)
@example([1, 2, 3], 2, 3)
def test_rows_from_a_step_on_and_up_to_another_but_without_that(server: Backend, client, steps, low, high):
    server.store.runs[RUN].history[:] = [{"_step": step, "a": step} for step in steps]
    declared = "$low: Int64, $high: Int64"
    rows = bucket(client, "history(minStep: $low, maxStep: $high)", declared, low=low, high=high)["history"]
    expected = [step for step in steps if step in range(low or 0, 11 if high is None else high)]
    assert [json.loads(row)["_step"] for row in rows] == expected


def test_the_end_of_the_history_is_its_last_rows(server: Backend, client):
    rows = [{"_step": step} for step in range(13)]
    server.store.runs[RUN].history[:] = rows
    tail = json.loads(bucket(client, "historyTail")["historyTail"])
    assert [json.loads(row) for row in tail] == rows[3:]


def upsert(client, **fields):
    declared = ", ".join(f"${name}: String" for name in fields)
    given_fields = ", ".join(f"{name}: ${name}" for name in fields)
    query = f'mutation({declared}) {{ upsertBucket(input: {{entityName: "e", modelName: "p", name: "r", {given_fields}}}) {{ inserted }} }}'
    assert graphql(client, query, **fields).json()["data"]["upsertBucket"] == {"inserted": False}


@ONE_SERVER
@given(st.lists(st.tuples(st.sampled_from(sorted(FIELDS)), st.sampled_from(["", "a", "b", None])), max_size=5))
@example([(field, text) for field in sorted(FIELDS) for text in ("a", "")])
def test_what_is_given_of_a_run_is_set_and_an_empty_text_clears_it(server: Backend, client, writes):
    run = server.store.runs[RUN]
    before = {"group": None, "job_type": None, "notes": None, "sweep": None, "name": ""}
    for field, value in before.items():
        setattr(run, field, value)
    expected = dict(before)
    for field, value in writes:
        upsert(client, **{field: value})
        if value is not None:  # null says nothing of it
            expected[FIELDS[field]] = value or before[FIELDS[field]]
    assert {field: getattr(run, field) for field in expected} == expected


def test_every_field_has_its_own_name_in_the_answer(server: Backend, client):
    upsert(client, **{field: f"my {field}" for field in FIELDS})
    assert bucket(client, "group jobType notes sweepName displayName") == {
        "group": "my groupName", "jobType": "my jobType", "notes": "my notes", "sweepName": "my sweep",
        "displayName": "my displayName",
    }  # fmt: skip
    server.store.runs[RUN].tags = ["t1", "t2"]
    assert bucket(client, "name tags project { name entityName }") == {
        "name": "r", "tags": ["t1", "t2"], "project": {"name": "p", "entityName": "e"},
    }  # fmt: skip


def test_a_run_that_goes_on_is_told_how_many_lines_of_each_stream_have_come(client):
    names = {
        "wandb-history.jsonl": "historyLineCount",
        "wandb-events.jsonl": "eventsLineCount",
        "output.log": "logLineCount",
    }
    lines = {name: {"offset": 0, "content": ["{}"] * count} for count, name in enumerate(names, 1)}
    assert client.post(STREAM, json={"files": lines}).status_code == 200
    assert bucket(client, " ".join(names.values())) == dict(zip(names.values(), (1, 2, 3)))


@pytest.mark.parametrize(("keys", "seen"), [(None, {"a": 1, "b": 2}), (["b"], {"b": 2}), (["b", "c"], {"b": 2})])
def test_what_wandb_keeps_in_the_config_for_itself_is_given_whole_or_by_its_keys(client, keys, seen):
    upsert(client, config=json.dumps({"_wandb": {"value": {"a": 1, "b": 2}}, "c": {"value": 3}}))
    assert json.loads(bucket(client, "wandbConfig(keys: $k)", "$k: [String!]", k=keys)["wandbConfig"]) == seen


@pytest.mark.parametrize(("code", "state"), [(None, "running"), (0, "finished"), (1, "failed"), (255, "failed")])
def test_the_state_of_a_run(server: Backend, client, code, state):
    server.store.runs[RUN].exit_code = code
    assert bucket(client, "state") == {"state": state}


@pytest.mark.parametrize("pattern", [None, "%", "a%", "%.h5", "a.h_", "a_h5", "b.png", "%a%"])
def test_files_by_a_pattern(server: Backend, client, pattern):
    names = ["a.h5", "aXh5", "ab.h5", "b.png", "x/a.h5"]
    server.store.runs[RUN].files.update({name: [name.encode()] for name in names})
    found = bucket(client, "files(pattern: $p) { edges { node { name sizeBytes } } }", "$p: String", p=pattern)["files"]
    glob = "*" if pattern is None else pattern.replace("%", "*").replace("_", "?")
    assert [edge["node"]["name"] for edge in found["edges"]] == [name for name in names if fnmatchcase(name, glob)]
    assert all(edge["node"]["sizeBytes"] == len(edge["node"]["name"]) for edge in found["edges"])


@pytest.mark.usefixtures("fips")
@pytest.mark.parametrize("address", ["url", "url(upload: true)", "directUrl"])
def test_a_file_is_read_where_it_was_written_and_has_the_digest_of_what_is_there(client, address):
    asked = f'files(names: ["a.bin"]) {{ edges {{ node {{ address: {address} md5 }} }} }}'
    for content in (b"first", b"second"):
        (edge,) = bucket(client, asked.replace(address, "url(upload: true)"))["files"]["edges"]
        assert httpx.put(edge["node"]["address"], content=content, trust_env=False).status_code == 200
        (edge,) = bucket(client, asked)["files"]["edges"]
        assert httpx.get(edge["node"]["address"], trust_env=False).content == content
        assert edge["node"]["md5"] == hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_sampled_history_has_the_rows_with_all_keys_asked_for(server: Backend, client):
    server.store.runs[RUN].history[:] = [{"_step": 0, "a": 1}, {"_step": 1, "a": 2, "b": 3}, {"_step": 2, "b": 4}]
    specs = [json.dumps({"keys": keys}) for keys in (["a"], ["a", "b"], ["c"])]
    found = bucket(client, "sampledHistory(specs: $s)", "$s: [JSONString!]!", s=specs)["sampledHistory"]
    assert found == [[{"a": 1}, {"a": 2}], [{"a": 2, "b": 3}], []]

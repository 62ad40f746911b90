"""Content that several programs, runs or fits log is found by each of them, under the id it gave it.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters for the one test with a real SDK.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.doors.server.auth import Signer
from wandb_keras_compat.testing.doors.server.backend import Backend
from wandb_keras_compat.testing.doors.server.resolvers import Resolvers
from wandb_keras_compat.testing.doors.server.server_state import ServerState
from wandb_keras_compat.testing.doors.server.storage_urls import StorageUrls
from wandb_keras_compat.testing.model.store import RunStore

from . import same_content

PROGRAM = Path(same_content.__file__)


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_two_processes_of_two_runs_each_log_it_twice(python: str, program: Callable[..., Any]) -> None:
    pairs = (("one", "two"), ("three", "four"))
    with Backend() as backend:
        children = [program(backend, PROGRAM, *pair, python=python) for pair in pairs]
        said = [child.communicate(timeout=120) for child in children]  # wandb 0.13 hangs where an id leads nowhere
        seen = backend.snapshot()
    assert [child.returncode for child in children] == [0, 0], said
    assert seen.unknown == ()
    for run in (seen.run(name) for pair in pairs for name in pair):
        assert [(used.name, used.state) for used in run.used_artifacts()] == [("validation", "COMMITTED")] * 2
        tables = run.artifacts("run_table")
        assert [(a.name, a.state) for a in tables] == [(f"{run.id}-predictions", "COMMITTED")] * 2
        for table in tables:
            (reference,) = [entry.reference for _, entry in table.entries if entry.reference]
            assert re.fullmatch("wandb-artifact://validation:v[01]/data.table.json", reference)


class Client:
    """A program that logs one artifact, a step of the protocol at a time; *refers* is the program it refers to."""

    def __init__(self, answers: Resolvers, name: int, project: str, content: str, refers: Client | None) -> None:
        self.answers, self.id, self.project, self.content = answers, f"client{name}", project, content
        self.refers = refers
        self.server_id = ""
        self.steps = [self.create, self.upload, self.commit]

    @property
    def done(self) -> bool:
        return not self.steps

    def step(self) -> None:
        self.steps.pop(0)()

    def create(self) -> None:
        answer = self.answers.mutations.create({
            "projectName": self.project, "artifactCollectionName": "tables", "artifactTypeName": "dataset",
            "digest": self.content, "clientID": self.id,
        })["artifact"]  # fmt: skip
        self.server_id = answer["id"]
        if answer["state"] == "COMMITTED":
            self.steps.clear()

    def upload(self) -> None:
        record = self.answers.mutations._state.artifact(self.server_id)
        entry: dict[str, Any] = {"digest": self.content, "size": 1}
        if self.refers is not None:
            found = self.answers._server_id({"clientID": self.refers.id})
            assert found is not None, f"{self.refers.id} leads nowhere"
            entry["ref"] = f"wandb-artifact://{base64.b64decode(found['serverID']).hex()}/a"
        self.answers.uploads.take_manifest(record, json.dumps({"contents": {"a": entry}}).encode())

    def commit(self) -> None:
        self.answers.mutations.commit({"artifactID": self.server_id})


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_order_of_programs_that_log_the_same(data: st.DataObject) -> None:
    """Steps interleaved at will; answers that are lost on their way, so that a program asks again; programs that die."""
    store = RunStore()
    answers = Resolvers(ServerState(store), StorageUrls(lambda: "http://nowhere", Signer("key")))
    kinds = st.tuples(st.sampled_from(["p", "q"]), st.sampled_from(["x", "y"]))
    clients: list[Client] = []
    for number, (project, content) in enumerate(data.draw(st.lists(kinds, min_size=1, max_size=6))):
        refers = data.draw(st.sampled_from([None, *clients]))
        clients.append(Client(answers, number, project, content, refers))
    alive = list(clients)
    # One that refers to what a program that died was to log is that program's, and died with it.
    while able := [c for c in alive if not c.done and (c.refers is None or c.refers.server_id)]:
        client = data.draw(st.sampled_from(able))
        happens = data.draw(st.sampled_from(["step", "step", "step", "answer lost", "dies"]))
        if happens == "dies":
            alive.remove(client)
        elif happens == "answer lost" and client.steps[0] == client.create:
            client.create()
        else:
            client.step()

    for client in (c for c in alive if c.done):
        found = answers._server_id({"clientID": client.id})
        assert found is not None, "every program finds what it logged, whoever brought the content"
        assert found["serverID"] == client.server_id
        version = answers.mutations._state.artifact(client.server_id).version
        assert (version.state, version.digest, version.collection.project) == (
            "COMMITTED",
            client.content,
            client.project,
        )


def test_content_that_is_committed_is_no_new_version_and_known_by_both_ids() -> None:
    store = RunStore()
    answers = Resolvers(ServerState(store), StorageUrls(lambda: "http://nowhere", Signer("key")))
    first, second = Client(answers, 1, "p", "x", None), Client(answers, 2, "p", "x", None)
    for client in (first, second):
        while not client.done:
            client.step()
    assert answers._server_id({"clientID": "client1"}) == answers._server_id({"clientID": "client2"}) is not None
    assert [len(collection.versions) for collection in store.collections.values()] == [1]
    store.clear()
    assert answers._server_id({"clientID": "client2"}) is None

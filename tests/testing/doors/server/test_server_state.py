"""What the server knows beside the store: each record is of one object, and gone with it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.server_state import (
    RunRecord,
    ServerState,
    console_line,
    decoded,
    encoded,
    now,
    run_key,
)
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.runs import RunState
from wandb_keras_compat.testing.model.store import RunStore
from wandb_keras_compat.testing.model.sweeps import Sweep

KEY = RunKey("e", "p", "r")


@pytest.fixture
def state() -> ServerState:
    return ServerState(RunStore())


@contextmanager
def refused(status: int, words: str) -> Iterator[None]:
    with pytest.raises(RefusedError, match=words) as error:
        yield
    assert error.value.status == status


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_is_base64_and_says_what_it_was_made_of(text: str) -> None:
    assert decoded(encoded(text)) == text
    assert base64.b64decode(encoded(text), validate=True) == text.encode()


@pytest.mark.parametrize("server_id", ["no base64!", "QQ=", "QQ==\n", base64.b64encode(b"\xff").decode(), None, "é"])
def test_what_is_no_id_is_refused_with_it(server_id: object) -> None:
    with refused(400, re.escape(f"{server_id!r} is no id")):
        decoded(server_id)


def test_the_time_is_utc_to_the_second() -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    said = datetime.strptime(now(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert before <= said <= datetime.now(timezone.utc)


def test_a_run_has_one_record_and_its_id(state: ServerState) -> None:
    record = state.make_run(KEY)
    assert state.make_run(KEY) is state.find_run(KEY) is record
    assert record.state is state.store.runs[KEY]
    assert decoded(record.server_id) == "Run:v1:r:p:e"
    assert state.run_by_id(record.server_id) is record
    assert state.run_by_id(encoded("Run:v1:other:p:e")) is None
    assert state.find_run(RunKey("e", "p", "other")) is None


@pytest.mark.parametrize("text", ["Run:v1:r:p", "Run:v1:r:p:e:x", "Sweep:v1:r:p:e", ""])
def test_an_id_of_something_else_is_no_runs(state: ServerState, text: str) -> None:
    state.make_run(KEY)
    with refused(400, "is no id of a run"):
        state.run_by_id(encoded(text))


def test_a_run_that_came_through_another_door_has_its_config_as_a_resume_wants_it(state: ServerState) -> None:
    state.store.run(KEY).config = {"lr": 0.1}
    record = state.find_run(KEY)
    assert record is not None
    assert record.raw_config == {"lr": {"value": 0.1}, "_wandb": {"value": {"t": {}}}}
    assert record.created <= now() and record.changed <= now() and not record.stop_asked
    assert (record.program, record.host, record.commit, record.description) == (None,) * 4


def test_what_the_store_forgets_is_forgotten_here(state: ServerState) -> None:
    earlier = state.make_run(KEY)
    artifact = state.make_artifact(state.store.collection("e", "p", "a", "t"))
    state.name_by_client("client", artifact)
    state.store.clear()
    assert state.find_run(KEY) is None
    assert (state.find_artifact(artifact.version.id), state.by_client_id("client")) == (None, None)
    assert state.artifacts_of("e") == []
    again = state.make_run(KEY)
    assert again is not earlier and again.raw_config == {"_wandb": {"value": {"t": {}}}}


def test_forgetting_keeps_what_is_there_and_lets_the_rest_go(state: ServerState) -> None:
    kept = state.make_run(KEY), state.make_artifact(state.store.collection("e", "p", "a", "t"))
    gone = state.make_run(RunKey("e", "p", "s")), state.make_artifact(state.store.collection("e", "p", "b", "t"))
    for name, record in (("kept", kept[1]), ("gone", gone[1])):
        state.name_by_client(name, record)
    del state.store.runs["e", "p", "s"], state.store.collections["e", "p", "b"]
    state.forget()
    assert [*state._runs.values()] == [kept[0]]
    assert [*state._artifacts.values()] == [*state._by_client_id.values()] == [kept[1]]


def test_a_server_whose_store_is_cleared_again_and_again_does_not_grow(state: ServerState) -> None:
    for number in range(9):
        state.make_run(RunKey("e", "p", f"r{number}"))
        state.store.clear()
    assert len(state._runs) <= 2


def test_artifacts_have_ids_of_their_own_and_are_found_by_them(state: ServerState) -> None:
    one, other = (state.make_artifact(state.store.collection(entity, "p", "a", "t")) for entity in ("e", "else"))
    again = state.make_artifact(one.version.collection)
    ids = [record.version.id for record in (one, other, again)]
    assert len(set(ids)) == 3 and all(re.fullmatch(r"Artifact:\d{9}", decoded(each)) for each in ids)
    assert [state.artifact(each) for each in ids] == [state.find_artifact(each) for each in ids] == [one, other, again]
    assert (state.artifacts_of("e"), state.artifacts_of("else"), state.artifacts_of("none")) == (
        [one, again],
        [other],
        [],
    )
    assert (again.version.index, again.manifest, again.base, again.uploads) == (1, None, None, {})
    for nobody in ("none", None, 7, []):
        assert state.find_artifact(nobody) is None
        with refused(404, "no artifact with the id"):
            state.artifact(nobody)


def test_an_artifact_is_found_by_the_id_that_each_program_gave_it(state: ServerState) -> None:
    record = state.make_artifact(state.store.collection("e", "p", "a", "t"))
    for client_id in ("one", "two", "", None, 7):
        state.name_by_client(client_id, record)
    assert [state.by_client_id(each) for each in ("one", "two", "", None, 7, [])] == [record, record, *[None] * 4]


def test_uploads_have_ids_of_their_own(state: ServerState) -> None:
    assert len({state.new_upload_id() for _ in range(9)}) == 9


def test_the_projects_of_an_entity_are_those_that_anything_is_in(state: ServerState) -> None:
    store = state.store
    store.run(RunKey("e", "of a run", "r"))
    store.run(RunKey("e", "of a run", "s"))
    store.collection("e", "of artifacts", "a", "t")
    store.sweeps["e", "of a sweep", "s"] = Sweep("e", "of a sweep", "s", {})
    store.portfolio("e", "of links", "a", "t")
    store.projects.add(("e", "an empty one"))
    store.run(RunKey("else", "elsewhere", "r"))
    assert state.projects("e") == ["an empty one", "of a run", "of a sweep", "of artifacts", "of links"]
    assert state.projects("none") == []


def test_the_lines_of_each_stream_have_a_place_of_their_own() -> None:
    record = RunRecord(RunState(KEY), {})
    record.history.write(0, ['{"a": 1}'])
    record.events.write(0, ['{"cpu": 2}', '{"cpu": 3}'])
    record.console.write(0, ["2026-01-02T03:04:05.678901 said\n"])
    assert record.state.history == [{"a": 1}]
    assert record.event_rows == [{"cpu": 2}, {"cpu": 3}]
    assert record.state.console == ["said"]
    assert RunRecord.blank().state == RunState(RunKey("", "", ""))


def test_the_end_of_a_line_is_none_of_it() -> None:
    assert [console_line(line) for line in ("a\n", "a", "a \n", "\n", "a\n\n", "MAX\n")] == [
        "a", "a", "a ", "", "a", "MAX",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "words"),
    [(("", "p", "r"), "an entity"), (("e", "a/b", "r"), "a project"), (("e", "p", None), "a run id")],
)
def test_a_name_that_cannot_be_in_a_path_is_refused_with_what_it_is_for(names: tuple[object, ...], words: str) -> None:
    assert run_key("e", "p", "r") == KEY
    with refused(400, f"^{words} must be"):
        run_key(*names)

"""The mutations of runs: what is given is set, what is refused has changed nothing, and each is of the run that it names."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.server_state import RunRecord, encoded
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.runs import Alert

from .test_arguments import World

KEY = RunKey("local", "p", "r")


class Runs(World):
    """A world, and its mutations of runs."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = self.resolvers._run_mutations

    def upsert(self, **arguments: Any) -> Any:
        return self.calls.upsert({"modelName": "p", "name": "r", **arguments})

    def record(self, key: RunKey = KEY) -> RunRecord:
        found = self.state.find_run(key)
        assert found is not None
        return found


@pytest.fixture
def runs() -> Runs:
    return Runs()


def test_a_run_is_made_once_where_it_is_said_or_by_default(runs: Runs) -> None:
    for given, key in (
        ({"entityName": "e", "modelName": "q", "name": "n"}, RunKey("e", "q", "n")),
        ({"name": "m"}, RunKey("local", "p", "m")),
        ({"modelName": None, "name": "o"}, RunKey("local", "uncategorized", "o")),
    ):
        answer = runs.upsert(**given)
        assert (answer["inserted"], answer["serverSettings"]) == (True, {"serverMessages": []})
        assert answer["bucket"]["name"] == key.id and runs.record(key).state.key == key
        assert runs.upsert(**given)["inserted"] is False
    names = {runs.upsert(name=None)["bucket"]["name"] for _ in range(2)}
    assert len(names) == 2 and all(len(name) == 8 for name in names)


def test_a_run_is_found_by_its_id_whatever_its_name(runs: Runs) -> None:
    answer = runs.upsert(id=encoded("Run:v1:s:p:local"), name="other", notes="mine")
    assert (answer["inserted"], answer["bucket"]["name"]) == (False, "s")
    assert runs.record(KEY._replace(id="s")).state.notes == "mine"
    assert RunKey("local", "p", "other") not in runs.store.runs


def test_what_is_given_is_set_and_null_says_nothing(runs: Runs) -> None:
    given = {
        "groupName": "g", "jobType": "j", "notes": "n", "sweep": "s", "jobProgram": "t.py", "host": "h", "commit": "c",
        "description": "d",
    }  # fmt: skip
    runs.upsert(displayName="shown", tags=["a", "b"], **given)
    record = runs.record()
    for _ in range(2):
        state = record.state
        assert (state.name, state.tags) == ("shown", ["a", "b"])
        assert (state.group, state.job_type, state.notes, state.sweep) == ("g", "j", "n", "s")
        assert (record.program, record.host, record.commit, record.description) == ("t.py", "h", "c", "d")
        runs.upsert(displayName=None, tags=None, **dict.fromkeys(given))
    runs.upsert(displayName="", tags=[], **dict.fromkeys(given, ""))
    assert (record.state.name, record.state.tags, record.state.group, record.program) == ("", [], None, None)


def test_a_run_that_is_called_by_its_id_has_no_name(runs: Runs) -> None:
    runs.upsert(name="new", displayName="new")
    assert runs.record(KEY._replace(id="new")).state.name == ""
    runs.upsert(displayName="kept")
    runs.upsert(displayName="r")
    assert runs.record().state.name == "kept"


def test_config_and_summary_are_replaced(runs: Runs) -> None:
    config = {"lr": {"value": 2}, "_wandb": {"value": {"t": {}}}}
    runs.upsert(config=json.dumps(config), summaryMetrics='{"x": NaN, "y": 1}')
    record = runs.record()
    assert (record.state.config, record.raw_config, record.state.summary["y"]) == ({"lr": 2}, config, 1)
    runs.upsert(notes="only")
    assert record.state.config == {"lr": 2} and record.state.summary["y"] == 1
    runs.upsert(config="{}", summaryMetrics="{}")
    assert (record.state.config, record.raw_config, record.state.summary) == ({}, {}, {})


def test_a_change_is_noted_with_its_time(runs: Runs) -> None:
    record = runs.record()
    record.changed = "2020-01-01T00:00:00Z"
    runs.upsert()
    assert record.changed > "2020-01-01T00:00:00Z"


def test_a_run_that_an_agent_was_given_is_of_its_sweep(runs: Runs) -> None:
    first, second = runs.sweeps
    second.given["of the sweep"] = {"x": 1}
    runs.upsert(name="of the sweep")
    assert runs.record(KEY._replace(id="of the sweep")).state.sweep == second.id
    runs.upsert(name="of no sweep")
    assert runs.record(KEY._replace(id="of no sweep")).state.sweep is None
    runs.upsert(name="of the sweep", modelName="q")
    assert runs.record(RunKey("local", "q", "of the sweep")).state.sweep is None
    first.given["r"] = {"x": 1}
    runs.upsert(sweep="own")
    assert runs.record().state.sweep == "own", "one that is there already says it itself"


REFUSED: list[tuple[dict[str, Any], type[RefusedError], int, str]] = [
    ({"config": "{"}, RefusedError, 400, "the config is not JSON"),
    ({"config": "[]"}, RefusedError, 400, "the config must be a JSON object"),
    ({"summaryMetrics": "1"}, RefusedError, 400, "the summary must be a JSON object"),
    ({"tags": "t"}, RefusedError, 400, "`tags`"),
    ({"displayName": 1}, RefusedError, 400, "`displayName`"),
    ({"groupName": []}, RefusedError, 400, "`groupName`"),
    ({"host": {}}, RefusedError, 400, "`host`"),
    ({"state": "finished"}, NotDoneError, 400, "'finished'"),
    ({"id": encoded("Run:v1:none:p:local")}, RefusedError, 404, "no run with the id 'UnVuO"),
    ({"id": "none"}, RefusedError, 400, "no id"),
    ({"name": "a/b"}, RefusedError, 400, "a run id"),
    ({"modelName": ".."}, RefusedError, 400, "a project"),
    ({"entityName": "\\"}, RefusedError, 400, "an entity"),
]


@pytest.mark.parametrize(("given", "error", "status", "words"), REFUSED)
def test_what_is_refused_of_a_run_has_changed_nothing(
    runs: Runs, given: dict[str, Any], error: type[RefusedError], status: int, words: str
) -> None:
    before = runs.everything()
    with pytest.raises(error, match=words) as refused:
        runs.upsert(**{"notes": "not this", **given})
    assert refused.value.status == status
    assert runs.everything() == before


def test_a_run_may_be_said_to_run(runs: Runs) -> None:
    assert runs.upsert(state="running")["inserted"] is False


OF_R = {"entityName": "local", "projectName": "p", "runName": "r"}


def test_files_get_an_address_each(runs: Runs) -> None:
    answer = runs.calls.create_files({**OF_R, "files": ["a.txt", "media/b.png"]})
    assert (answer["runID"], answer["uploadHeaders"]) == (runs.record().server_id, [])
    assert [file["name"] for file in answer["files"]] == ["a.txt", "media/b.png"]
    assert [file["uploadUrl"].endswith(f"/run/local/p/r/{file['name']}") for file in answer["files"]] == [True] * 2
    assert runs.calls.create_files({**OF_R, "files": []})["files"] == []


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"files": None}, 400, "list of paths"),
        ({"files": "a"}, 400, "list of paths"),
        ({"files": ["a", "../b"]}, 400, "climbs"),
        ({"files": ["a"], "runName": "none"}, 404, "no run local/p/none"),
        ({"files": ["a"], "projectName": "q"}, 404, "no run local/q/r"),
        ({"files": ["a"], "entityName": "e"}, 404, "no run e/p/r"),
        ({"files": ["a"], "runName": None}, 400, "a run id"),
    ],
)
def test_files_of_no_run_or_outside_of_it_get_none(runs: Runs, given: Any, status: int, words: str) -> None:
    with pytest.raises(RefusedError, match=words) as refused:
        runs.calls.create_files({**OF_R, **given})
    assert refused.value.status == status


@pytest.mark.parametrize("with_artifacts", [True, False, None])
def test_a_run_that_is_deleted_is_gone_and_its_artifacts_where_that_is_asked_for(
    runs: Runs, with_artifacts: bool | None
) -> None:
    server_id, logged = runs.record().server_id, [*runs.record().state.logged]
    assert logged
    answer = runs.calls.delete({"id": server_id, "deleteArtifacts": with_artifacts})
    assert answer == {"clientMutationId": None, "success": True}
    assert KEY not in runs.store.runs and KEY._replace(id="s") in runs.store.runs
    assert {version.state for version in logged} == {"DELETED" if with_artifacts else "COMMITTED"}
    assert KEY not in runs.state._runs
    with pytest.raises(RefusedError) as refused:
        runs.calls.delete({"id": server_id})
    assert refused.value.status == 404


def test_a_run_that_shall_stop_is_marked(runs: Runs) -> None:
    assert runs.calls.stop({"id": runs.record().server_id})["success"] is True
    assert (runs.record().stop_asked, runs.record(KEY._replace(id="s")).stop_asked) == (True, False)


def test_an_alert_is_kept_with_its_run(runs: Runs) -> None:
    for given in ({"title": "t", "text": "x", "severity": "ERROR", "waitDuration": 5}, {}, {"severity": "WARN"}):
        assert runs.calls.alert({**OF_R, **given})["success"] is True
    assert runs.record().state.alerts == [Alert("t", "x", "ERROR", 5), Alert("", "", "INFO"), Alert("", "", "WARN")]
    for given, status in (({"severity": "LOUD"}, 400), ({"runName": "none"}, 404), ({"waitDuration": -1}, 400)):
        with pytest.raises(RefusedError) as refused:
            runs.calls.alert({**OF_R, **given})
        assert refused.value.status == status
    assert len(runs.record().state.alerts) == 3


def test_that_files_have_come_is_heard_and_changes_nothing(runs: Runs) -> None:
    before = runs.everything()
    asked = (
        'mutation { markRunFilesUploaded(entityName: "e", projectName: "p", runName: "r", files: ["x"]) { success } }'
    )
    assert runs.ask(asked) == {"markRunFilesUploaded": {"success": True}}
    assert runs.everything() == before

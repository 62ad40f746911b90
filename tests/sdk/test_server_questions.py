"""A training waits for no answer of the server: what wandb asks is asked beside it, and what it logs is handed over."""

from __future__ import annotations

import os
import threading
from types import SimpleNamespace
from typing import Any

import pytest
import wandb

from wandb_keras_compat.sdk import server_answers, server_questions
from wandb_keras_compat.sdk.server_questions import inputs_not_waited_for, without_waiting

from ..waiting import until

TAKEN = ValueError("Artifact model-x already exists with type 'data'; cannot create another with type 'model'")


class Service:
    """Where an artifact is handed over, in order: as a request of an online run, or written down as of an offline one."""

    def __init__(self) -> None:
        self.handed_over: list[tuple[str, str]] = []

    def _deliver_artifact(self, request: Any) -> str:
        self.handed_over.append(("request", request.artifact.name))
        return "handle"

    def _publish_artifact(self, artifact: Any) -> None:
        self.handed_over.append(("record", artifact.name))


class Artifact:
    type = "model"
    _client_id: str | None = "client id"

    def __init__(self, name: str = "model-x") -> None:
        self.name = name
        self.handle: Any = None
        self.api: Any = None
        self.arrived = threading.Event()

    def _set_save_handle(self, handle: Any, api: Any) -> None:
        self.handle, self.api = handle, api

    def wait(self) -> str:
        self.arrived.wait()
        return "arrived"


class Run:
    """Does what wandb's ``Run`` does: asks for the type of the name, hands over, keeps a client of the server."""

    offline = disabled = False
    settings = SimpleNamespace(sync_dir="run-folder")

    def __init__(self, refusal: BaseException | None = None) -> None:
        self._interface = Service()
        self.refusal = refusal
        self.answers = threading.Event()
        self.asked: list[str] = []
        self.clients = 0

    def _public_api(self) -> Any:
        self.answers.wait()
        self.clients += 1
        return SimpleNamespace(
            _service_api="a client",
            _set_artifact_save_handle=lambda artifact, handle: artifact._set_save_handle(handle, "a client"),
        )

    def _assert_can_log_artifact(self, artifact: Any) -> None:
        self.asked.append(artifact.name)
        self._public_api()
        if self.refusal is not None:
            raise self.refusal

    def log_artifact(self, artifact: Any) -> None:
        self._assert_can_log_artifact(artifact)
        record = SimpleNamespace(name=artifact.name, manifest=SimpleNamespace(contents=[]))
        handle = self._interface._deliver_artifact(SimpleNamespace(artifact=record))
        self._public_api()._set_artifact_save_handle(artifact, handle)

    def use_artifact(self, artifact: Any) -> None:
        self.log_artifact(artifact)
        artifact.wait()
        self._interface.handed_over.append(("used", artifact.name))

    @property
    def handed_over(self) -> list[tuple[str, str]]:
        return self._interface.handed_over


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    lock = threading.Lock()

    def warn(message: str, *, repeat: bool = True) -> None:
        with lock:
            if repeat or message not in said:
                said.append(message)

    for module in (server_answers, server_questions):
        monkeypatch.setattr(module, "warn", warn)
    return said


@pytest.fixture
def run() -> Run:
    found = Run()
    found.answers.set()
    return found


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A run whose server answers once the event ``answers`` is set, of a training that waits for nothing."""
    monkeypatch.setattr(server_answers, "PATIENCE", 0.0)
    run = Run()
    yield run
    run.answers.set()


def log(run: Any, *artifacts: Any) -> None:
    for artifact in artifacts:
        with without_waiting(run):
            run.log_artifact(artifact)


def use_artifact(run: Any, artifact: Any) -> None:
    with inputs_not_waited_for(run):
        run.use_artifact(artifact)


def test_a_server_that_answers_changes_nothing(run: Run, warnings: list[str]) -> None:
    first, second = Artifact(), Artifact()
    log(run, first, second)
    assert run.handed_over == [("request", "model-x")] * 2
    assert (first.handle, first.api) == ("handle", "a client") == (second.handle, second.api)
    until(lambda: len(run.asked) == 2, "the second question, which nobody waits for")
    assert warnings == []


def test_a_name_that_is_taken_is_an_error_of_each_artifact(run: Run, warnings: list[str]) -> None:
    run.refusal = TAKEN
    for _ in range(2):
        with pytest.raises(ValueError, match="already exists"):
            log(run, Artifact())
    assert run.handed_over == [] == warnings


@pytest.mark.parametrize("error", [OSError("no route"), RuntimeError("401"), KeyError("viewer")])
def test_an_error_that_is_no_answer_loses_nothing(run: Run, warnings: list[str], error: Exception) -> None:
    run.refusal = error
    log(run, Artifact(), Artifact("other"))
    assert [name for _, name in run.handed_over] == ["model-x", "other"]
    assert len(warnings) == 1
    assert "run-folder" in warnings[0]


def test_a_server_that_does_not_answer_stops_nothing(silent: Run, warnings: list[str]) -> None:
    artifacts = [Artifact(), Artifact("table"), Artifact(), Artifact("table")]
    log(silent, *artifacts)
    assert not silent.answers.is_set()
    # The service writes down what it gets from now on, and sends it in that order.
    assert silent.handed_over == [("record", artifact.name) for artifact in artifacts]
    assert len(warnings) == 1
    assert "wandb sync --include-online run-folder" in warnings[0]
    assert sorted(silent.asked) == ["model-x", "table"], "nothing is asked again before there was an answer"


def test_a_client_is_made_when_it_is_used(silent: Run, warnings: list[str]) -> None:
    artifact = Artifact()
    log(silent, artifact)
    assert silent.clients == 0
    silent.answers.set()
    assert artifact.api.upper() == "A CLIENT"


def test_what_comes_late_and_is_a_refusal_is_told(silent: Run, warnings: list[str]) -> None:
    silent.refusal = TAKEN
    log(silent, Artifact())
    assert not any("already exists" in warning for warning in warnings)
    silent.answers.set()
    until(lambda: any("already exists" in warning for warning in warnings), "a warning of the late answer")


def test_a_server_that_answers_again_is_asked_again(silent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_answers, "warn", lambda *_, **__: None)
    log(silent, Artifact())
    monkeypatch.setattr(server_answers, "PATIENCE", 1e9)  # it is no longer slow
    server_answers.answers_of(silent).patience = 60.0  # nor is a busy machine that takes its time
    silent.answers.set()
    until(lambda: not server_answers.answers_of(silent).silent, "the answer")
    log(silent, Artifact("second"))
    # The first may have been given up, and goes first: a newer version must not become an older one.
    assert silent.handed_over == [
        ("record", "model-x"), ("record", "second"), ("request", "model-x"), ("request", "second"),
    ]  # fmt: skip


def test_an_input_is_handed_over_and_not_waited_for(silent: Run, warnings: list[str]) -> None:
    silent.answers.set()
    table = Artifact("validation")
    with without_waiting(silent):
        use_artifact(silent, table)
    assert [name for _, name in silent.handed_over] == ["validation"]
    assert "wait" not in vars(table)
    seen: list[Any] = []
    with without_waiting(silent):  # what refers to it would be lost, if the server had it first
        seen.append(table._client_id)
    assert seen == [None]
    assert table._client_id == "client id"


def test_an_input_that_has_arrived_is_referred_to(run: Run, warnings: list[str]) -> None:
    table = Artifact("validation")
    table.arrived.set()
    with without_waiting(run):
        use_artifact(run, table)
    assert run.handed_over == [("request", "validation"), ("used", "validation")]
    with without_waiting(run):
        assert table._client_id == "client id"
    assert warnings == []


def test_an_input_that_is_refused_is_told(run: Run, warnings: list[str]) -> None:
    table = Artifact("validation")

    def refused() -> str:
        raise TAKEN

    table.wait = refused  # type: ignore[method-assign]
    with without_waiting(run):
        use_artifact(run, table)
    assert len(warnings) == 1
    assert "already exists" in warnings[0]
    assert vars(table)["wait"] is refused


@pytest.mark.parametrize("kind", ["offline", "disabled"])
def test_where_no_server_is_none_is_asked(run: Run, kind: str) -> None:
    setattr(run, kind, True)
    with without_waiting(run):
        assert not {"_assert_can_log_artifact", "_public_api"} & set(vars(run))
        if kind == "offline" and hasattr(wandb.util, "_get_max_cli_version"):
            assert wandb.util._get_max_cli_version() == wandb.__version__


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_whatever_happens_the_run_is_as_it_was(run: Run, monkeypatch: pytest.MonkeyPatch, error: Any) -> None:
    before, service = set(vars(run)), set(vars(run._interface))

    def interrupted(*_: Any) -> bool:
        raise error

    monkeypatch.setattr(server_answers.Answer, "wait", interrupted)
    artifact = Artifact()
    for action in (Run.log_artifact, use_artifact):
        with pytest.raises(error), without_waiting(run), without_waiting(run):
            action(run, artifact)
        assert (set(vars(run)), set(vars(run._interface))) == (before, service)
        assert "wait" not in vars(artifact)


def test_of_two_threads_that_log_either_may_end_first(silent: Run, warnings: list[str]) -> None:
    table = Artifact("validation")
    with without_waiting(silent):
        use_artifact(silent, table)
    before, service = vars(silent).copy(), vars(silent._interface).copy()
    first, second = without_waiting(silent), without_waiting(silent)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert (vars(silent), vars(silent._interface)) == (before, service)
    assert table._client_id == "client id"


def test_where_no_thread_can_be_started_nothing_is_lost(
    run: Run, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    log(run, Artifact())
    assert [name for _, name in run.handed_over] == ["model-x"]


@pytest.mark.skipif(not hasattr(wandb.util, "_get_max_cli_version"), reason="this wandb asks no server about itself")
def test_the_versions_that_a_server_knows_are_asked_beside_the_training(
    silent: Run, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks() -> str:
        silent.answers.wait()
        return "0.0.1"

    monkeypatch.setattr(wandb.util, "_get_max_cli_version", asks)
    with without_waiting(silent):
        assert wandb.util._get_max_cli_version() == wandb.__version__
    silent.answers.set()
    with without_waiting(silent):
        until(lambda: wandb.util._get_max_cli_version() == "0.0.1", "the answer")
    assert wandb.util._get_max_cli_version is asks


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_forked_process_asks_by_itself(silent: Run, warnings: list[str]) -> None:
    """The thread that asked is not in it, so what it waits for would never come."""
    log(silent, Artifact())
    answers = server_answers.answers_of(silent)
    child = os.fork()
    if child == 0:
        os._exit(int(server_answers.answers_of(silent) is answers))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert server_answers.answers_of(silent) is answers

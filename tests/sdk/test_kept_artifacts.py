"""An artifact is kept until the server has it, whatever the service does with its files when it has given up."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.sdk import kept_artifacts as module
from wandb_keras_compat.sdk.kept_artifacts import KeptArtifacts, kept_artifacts
from wandb_keras_compat.sdk.server_answers import ServerAnswers

from ..waiting import until


class Handle:
    """Answers every one that waits, as a handle or as a future does."""

    def __init__(self) -> None:
        self._there = threading.Event()
        self._error = ""

    def get(self) -> Any:
        self._there.wait()
        return SimpleNamespace(
            response=SimpleNamespace(log_artifact_response=SimpleNamespace(error_message=self._error))
        )

    def answer(self, error: str = "") -> None:
        self._error = error
        self._there.set()


class Service:
    """What wandb's does with an artifact, request or record: its files are gone once it has been sent, or given up."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.handles: list[Handle] = []
        self._paths: list[Path] = []

    def _deliver_artifact(self, request: Any) -> Handle:
        (entry,) = request.artifact.manifest.contents
        assert Path(entry.local_path).exists(), "the service cannot send what is not there"
        self.got.append(("request", request.artifact.name))
        self.handles.append(Handle())
        self._paths.append(Path(entry.local_path))
        return self.handles[-1]

    def _publish_artifact(self, record: Any) -> None:
        self.got.append(("record", record.name))
        (entry,) = record.manifest.contents
        Path(entry.local_path).unlink(missing_ok=True)

    def answer(self, place: int, error: str = "") -> None:
        self._paths[place].unlink(missing_ok=True)
        self.handles[place].answer(error)


class Run:
    settings = SimpleNamespace(sync_dir="run-folder")

    def __init__(self) -> None:
        self._interface = Service()
        self._teardown_hooks: list[Any] = []

    def end(self) -> None:
        for stage in (1, 2):
            for hook in [hook for hook in self._teardown_hooks if hook.stage == stage]:
                hook.call()


class Logged:
    """A run of a server that answers, and what it logs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "artifacts" / "staging"
        self.folder.mkdir(parents=True)
        self.run = Run()
        self.service = self.run._interface
        self.answers = ServerAnswers("run-folder")

    def log(self, name: str) -> object:
        path = self.file(name)
        path.write_text(f"content of {name}")
        record = SimpleNamespace(name=name, manifest=SimpleNamespace(contents=[SimpleNamespace(local_path=str(path))]))
        with kept_artifacts(self.run, self.answers):
            return self.service._deliver_artifact(SimpleNamespace(artifact=record))

    def file(self, name: str) -> Path:
        return self.folder / name

    @property
    def files(self) -> list[str]:
        return sorted(os.listdir(self.folder))

    @property
    def kept(self) -> KeptArtifacts:
        return module._open[self.answers]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(module, "warn", lambda line, *, repeat=True: lines.append(line))
    return lines


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logged:
    monkeypatch.setenv("WANDB_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(module.server_answers, "PATIENCE", 0.0)
    monkeypatch.setattr(module, "_open", {})
    monkeypatch.setattr(module, "atexit", SimpleNamespace(register=lambda _: None, unregister=lambda _: None))
    return Logged(tmp_path)


def test_of_what_arrives_nothing_is_left(logged: Logged, said: list[str]) -> None:
    handle = logged.log("model")
    assert handle is logged.service.handles[0]
    assert logged.files == ["model", "model.kept"]
    logged.service.answer(0)
    until(lambda: not logged.kept._under_way, "the answer")
    assert logged.files == []
    logged.run.end()
    assert logged.service.got == [("request", "model")]
    assert said == []
    assert logged.answers not in module._open


def test_what_is_refused_is_written_down_and_its_files_are_there_when_the_run_has_ended(
    logged: Logged, said: list[str]
) -> None:
    logged.log("model")
    logged.service.answer(0, "error 401")
    until(lambda: len(said) == 1, "a warning")
    assert logged.service.got == [("request", "model"), ("record", "model")]
    assert "error 401" in said[0]
    assert "wandb sync --include-online run-folder" in said[0]
    logged.run.end()  # hands it over once more, and gets no answer
    assert logged.service.got[2:] == [("request", "model")]
    assert logged.files == ["model"]
    assert logged.file("model").read_text() == "content of model"
    assert "1 artifact may not" in said[1]
    assert "wandb sync --include-online run-folder" in said[1]


def test_what_was_refused_goes_first_once_the_server_takes_it(logged: Logged, said: list[str]) -> None:
    logged.log("first")
    logged.service.answer(0, "error 401")
    until(lambda: len(said) == 1, "a warning")
    assert logged.log("second") is None
    assert logged.log("third") is None
    written = [("record", "first"), ("record", "second"), ("record", "third")]
    assert sorted(logged.service.got) == sorted([*written, ("request", "first"), ("request", "first")])
    for place, name in enumerate(["second", "third"], 1):
        logged.service.answer(place)
        until(lambda: len(logged.service.handles) == place + 2, "the next")  # noqa: B023 - called before it changes
        assert logged.service.got[-1] == ("request", name)
    logged.service.answer(3)
    until(lambda: not logged.kept._waiting, "the last answer")
    assert logged.files == []
    logged.run.end()
    assert len(said) == 1


def test_what_a_silent_server_may_not_have_is_handed_over_when_the_run_ends(logged: Logged, said: list[str]) -> None:
    logged.answers.silent = True
    for name in ("first", "second"):
        assert logged.log(name) is None
    assert logged.service.got == [("record", "first"), ("record", "second")]
    early, late = logged.run._teardown_hooks
    early.call()
    assert logged.service.got[2:] == [("request", "first"), ("request", "second")]
    logged.service.answer(0)
    until(lambda: len(logged.kept._under_way) == 1, "an answer")
    late.call()
    assert logged.files == ["second"]
    assert len(said) == 1
    assert "1 artifact may not" in said[0]


def test_a_file_that_is_not_wandbs_copy_gets_no_second_name(logged: Logged, tmp_path: Path) -> None:
    logged.folder = tmp_path
    logged.log("own.h5")
    assert not (tmp_path / "own.h5.kept").exists()


def test_where_wandb_keeps_its_copies_itself_none_is_made(
    logged: Logged, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 0.13.7 they are in its cache."""
    monkeypatch.delattr(module.env, "get_data_dir", raising=False)
    logged.answers.silent = True
    for name in ("first", "second"):
        logged.log(name)
    assert not [name for name in logged.files if name.endswith(".kept")]
    assert logged.service.got == [("record", "first"), ("record", "second")]


def test_where_no_file_has_a_second_name_all_is_sent(
    logged: Logged, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    logged.log("model")
    assert logged.files == ["model"]
    logged.service.answer(0)
    until(lambda: not logged.kept._under_way, "the answer")
    logged.run.end()
    assert said == []


def test_what_waits_takes_no_more_than_the_disk_has_left(
    logged: Logged, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is 15 bytes: of a disk of 45, where one has been refused, and the server is silent then."""
    disk = 45

    def usage(folder: str) -> Any:
        held = [entry.stat() for entry in os.scandir(folder)]
        return SimpleNamespace(free=disk - sum({stat.st_ino: stat.st_size for stat in held}.values()))

    monkeypatch.setattr(module.shutil, "disk_usage", usage)
    logged.log("0000")
    logged.service.answer(0, "error 401")
    until(lambda: len(said) == 1, "a warning")
    logged.answers.silent = True
    for number in range(1, 5):
        logged.log(f"{number:04}")
        held = {logged.file(name).stat().st_ino for name in logged.files}
        assert len(held) == 1, "two would be 30 of 45 bytes"
        assert [artifact.request.artifact.name for artifact in logged.kept._waiting] == [f"{number:04}"]
    assert [line for line in said if "given up" in line][:1] == said[1:2]
    logged.run.end()
    assert logged.files == ["0004"]
    assert "1 artifact may not" in said[-1]


def test_the_newest_is_kept_however_little_room_there_is(
    logged: Logged, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    logged.answers.silent = True
    for name in ("first", "second"):
        logged.log(name)
    logged.run.end()
    assert logged.files == ["second"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_the_end_of_a_forked_process_is_none_of_the_run(logged: Logged, said: list[str]) -> None:
    logged.log("model")
    child = os.fork()
    if child == 0:
        module._after_the_program()
        os._exit(len(said))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert logged.files == ["model", "model.kept"]


def test_a_program_that_does_not_finish_its_run_ends_the_same(logged: Logged, said: list[str]) -> None:
    logged.answers.silent = True
    logged.log("model")
    module._after_the_program()
    assert logged.file("model").read_text() == "content of model"
    assert len(said) == 1


def test_all_that_did_not_arrive_have_their_files_back_and_are_counted(logged: Logged, said: list[str]) -> None:
    for name in ("one", "two", "three"):
        logged.log(name)
    logged.service.answer(1)
    until(lambda: len(logged.kept._under_way) == 2, "the answer")
    for name in ("one", "three"):
        logged.file(name).unlink()  # as the service does when it gives up
    logged.run.end()
    assert logged.files == ["one", "three"]
    assert len(said) == 1 and "2 artifacts may not" in said[0]


def test_a_run_of_an_older_wandb_has_its_service_behind_another_name(logged: Logged, said: list[str]) -> None:
    run: Any = logged.run
    run._backend = SimpleNamespace(interface=logged.service)
    del run._interface
    logged.log("model")
    assert logged.files == ["model", "model.kept"]


@pytest.mark.parametrize("lacks", ["_deliver_artifact", "_publish_artifact", "all"])
def test_a_wandb_that_hands_over_otherwise_is_left_as_it_is(logged: Logged, lacks: str) -> None:
    names = [name for name in ("_deliver_artifact", "_publish_artifact") if lacks not in (name, "all")]
    run = SimpleNamespace(_interface=SimpleNamespace(**dict.fromkeys(names, print)))
    with kept_artifacts(run, logged.answers):
        assert vars(run._interface) == dict.fromkeys(names, print)
    with kept_artifacts(object(), logged.answers):
        assert logged.answers not in module._open

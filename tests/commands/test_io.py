"""What the commands share: their error, the missing extra, the nearest name, and files that are whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wandb_keras_compat.commands import io
from wandb_keras_compat.commands.io import Failure, fail_with_nearest, output


@pytest.mark.parametrize(
    "name",
    ["starlette", "uvicorn.protocols", "graphql", "jsonschema", "ruamel.yaml", "jinja2", "markupsafe", "h5py", "pytest",
     "wandb", "numpy", "PIL.Image", "google.protobuf"],
)  # fmt: skip
def test_a_library_of_the_extra_that_is_missing_is_said_with_the_command(name: str) -> None:
    with pytest.raises(Failure) as failure, io.testing_extra("trace show"):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    said = failure.value.message
    assert "trace show" in said and name in said and "wandb-keras-compat[testing]" in said
    assert failure.value.exit_code == 2
    assert failure.value.__suppress_context__


@pytest.mark.parametrize("name", ["wandb_keras_compat.gone", "tensorflow", "wandbx", None])
def test_another_module_that_is_missing_is_a_mistake_and_stays_one(name: str | None) -> None:
    error = ModuleNotFoundError("No module", name=name)
    with pytest.raises(ModuleNotFoundError) as raised, io.testing_extra("trace show"):
        raise error
    assert raised.value is error


def test_where_all_is_there_nothing_happens() -> None:
    with io.testing_extra("trace show"):
        pass


def nearest(name: str, *commands: str) -> str | None:
    context = click.Context(click.Command("tool"))
    try:
        fail_with_nearest(context, name, (command for command in commands))
    except click.UsageError as error:
        assert error.exit_code == 2
        return error.message
    return None


def test_a_name_near_that_of_a_command_is_answered_with_it() -> None:
    assert nearest("recrod", "show", "record", "diff") == "No such command 'recrod'. Did you mean record?"
    assert nearest("reco", "record", "recor") == "No such command 'reco'. Did you mean recor?"


def test_a_command_and_what_is_near_none_go_on() -> None:
    assert nearest("record", "show", "record", "records") is None
    assert nearest("zzz", "show", "record") is None
    assert nearest("record") is None


def test_each_command_may_be_asked_for_help_in_both_ways() -> None:
    command = click.command(context_settings=io.SETTINGS)(lambda: None)
    answers = [CliRunner().invoke(command, [option]) for option in ("-h", "--help")]
    assert [(answer.exit_code, "Show this message" in answer.output) for answer in answers] == [(0, True)] * 2


def test_the_name_of_a_file_becomes_a_path() -> None:
    assert io.FILE.convert("a/b.json", None, None) == Path("a/b.json")


def test_a_file_is_there_when_the_block_ends_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    with output(path) as file:
        file.write("earlier, and longer")
        file.write("é\n")
        assert file.path == path and not path.exists()
    assert path.read_bytes() == "é\n".encode()
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_that_is_there_is_kept_until_the_end_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text("earlier")
    path.chmod(0o640)
    with output(path) as file:
        file.write("new")
        assert path.read_text() == "earlier"
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
    with pytest.raises(ZeroDivisionError), output(path) as file:
        file.write("half")
        raise ZeroDivisionError
    assert (path.read_text(), [*tmp_path.iterdir()]) == ("new", [path])


def test_a_path_that_cannot_be_written_is_found_out_at_the_beginning(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "it is a folder"), (tmp_path / "none" / "t.json", "No such file or directory")):
        with pytest.raises(Failure) as failure, output(path):
            pytest.fail("nothing expensive is begun")
        assert failure.value.message == f"cannot write {path}: {words}"


@pytest.mark.parametrize("when", ["written", "put in place"])
def test_a_disk_that_is_full_is_said_with_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    path = tmp_path / "t.json"

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Failure) as failure, output(path) as file:
        if when == "written":
            monkeypatch.setattr(Path, "write_text", full)
        file.write("x")
        monkeypatch.setattr(os, "replace", full)
    monkeypatch.undo()
    assert failure.value.message == f"cannot write {path}: No space left on device"
    assert not path.exists()

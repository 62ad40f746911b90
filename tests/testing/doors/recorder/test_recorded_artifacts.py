"""An artifact that was logged to the recorder does what one does that a server has."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import wandb

from tests.testing.doors.scenarios import model
from tests.testing.doors.server.same_content import evaluation
from wandb_keras_compat.testing.doors.recorder import Recorder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.fixture
def run(recorder: Recorder) -> Any:
    return recorder.start_run(entity="e", project="p")


def files(**contents: bytes) -> Any:
    artifact = wandb.Artifact("data", type="dataset")
    for name, content in contents.items():
        with artifact.new_file(f"in/{name}.bin", mode="wb") as file:
            file.write(content)
    return artifact


def test_it_says_where_it_is_and_stays_the_artifact_that_it_was(recorder: Recorder, run: Any) -> None:
    made = files(a=b"1")
    kind = type(made)
    logged = run.log_artifact(made, aliases=["best"])
    assert logged is made and isinstance(logged, kind) and type(logged).__name__ == kind.__name__
    assert (logged.entity, logged.project, logged.name, logged.version) == ("e", "p", "data:v0", "v0")
    assert (logged.state, logged.is_draft(), logged.wait()) == ("COMMITTED", False, logged)
    assert sorted(logged.aliases) == ["best", "latest"]
    (stored,) = recorder.store.collections["e", "p", "data"].versions
    assert logged.id == stored.id


def test_one_that_is_logged_a_second_time_is_no_deeper_in_classes(run: Any) -> None:
    artifact = run.log_artifact(files(a=b"1"))
    depth = type(artifact).__mro__
    assert run.log_artifact(artifact) is artifact
    assert type(artifact).__mro__ == depth
    assert artifact.version == "v0"


def test_what_is_logged_already_is_used_and_not_logged_again(recorder: Recorder, run: Any) -> None:
    artifact = run.log_artifact(files(a=b"1"))
    assert run.use_artifact(artifact) is artifact
    seen = recorder.snapshot().run()
    assert (len(seen.artifacts()), [used.name for used in seen.used_artifacts()]) == (1, ["data"])


def test_one_of_another_project_is_used_where_it_is(recorder: Recorder, run: Any) -> None:
    artifact = run.log_artifact(files(a=b"1"))
    recorder.start_run(entity="e", project="other").use_artifact(artifact)
    assert [*recorder.store.collections] == [("e", "p", "data")]


def test_it_is_downloaded_whole_or_by_its_files(recorder: Recorder, run: Any, tmp_path: Path) -> None:
    artifact = run.log_artifact(files(a=b"1", b=b"2"))
    for download in (artifact.download, artifact.checkout):
        folder = tmp_path / download.__name__
        assert download(str(folder)) == str(folder)
        assert {path.name: path.read_bytes() for path in (folder / "in").iterdir()} == {"a.bin": b"1", "b.bin": b"2"}
    without = Path(artifact.download())
    assert (without / "in" / "b.bin").read_bytes() == b"2"
    assert without.name == "data-v0" and without.is_relative_to(recorder._registry.folder)
    for entry in (artifact.get_path("in/a.bin"), artifact.get_entry("in/a.bin")):
        assert Path(entry.download()) == without / "in" / "a.bin"
        assert Path(entry.download(str(tmp_path / "one"))) == tmp_path / "one" / "in" / "a.bin"
        assert entry.parent_artifact() is artifact


def test_a_path_that_is_not_in_it_is_an_error_with_the_path(run: Any) -> None:
    artifact = run.log_artifact(files(a=b"1"))
    with pytest.raises(KeyError, match="in/none"):
        artifact.get_path("in/none.bin")
    assert artifact.get("none") is None


def test_what_the_recorder_does_not_have_is_an_error_with_its_path(run: Any) -> None:
    artifact = wandb.Artifact("data", type="dataset")
    artifact.add_reference("https://example.invalid/far.bin", name="far.bin", checksum=False)
    entry = run.log_artifact(artifact).get_path("far.bin")
    assert entry.ref_target() == "https://example.invalid/far.bin"
    with pytest.raises(FileNotFoundError, match=r"far\.bin in data:v0"):
        entry.download()


def test_a_table_is_read_back_by_its_name(run: Any) -> None:
    validation, _ = evaluation(run, "one")
    table = validation.wait().get("data")
    assert len(table.data) == 2
    assert validation.get_path("data").path == validation.get_path("data.table.json").path
    assert Path(validation.get_path("data").download()).name == "data.table.json"


def test_aliases_change_when_they_are_saved(recorder: Recorder, run: Any) -> None:
    first, second = (run.log_artifact(model(content), aliases=["best"]) for content in (b"0", b"1"))
    versions = recorder.store.collections["e", "p", "model"].versions
    first.aliases = ["old", "best"]
    second.aliases.append("good")
    assert held(versions) == [set(), {"best", "latest"}]
    second.save()
    assert held(versions) == [set(), {"best", "latest", "good"}]
    first.save()
    assert held(versions) == [{"old", "best"}, {"latest", "good"}]


def held(versions: list[Any]) -> list[set[str]]:
    """Their aliases, which the SDK sends in any order."""
    assert all(len(set(version.aliases)) == len(version.aliases) for version in versions)
    return [set(version.aliases) for version in versions]


def test_an_artifact_that_refers_to_another_gives_what_is_there(recorder: Recorder, run: Any, tmp_path: Path) -> None:
    source = run.log_artifact(files(a=b"1")).wait()
    entry = source.get_path("in/a.bin")
    assert entry.ref_url() == f"wandb-artifact://{base64.b64decode(source.id).hex()}/in/a.bin"
    copied = wandb.Artifact("copied", type="dataset")
    copied.add_reference(entry.ref_url(), name="here.bin")
    copied.add_reference(entry.ref_url())
    again = wandb.Artifact("again", type="dataset")
    again.add_reference(run.log_artifact(copied).wait().get_path("here.bin").ref_url(), name="there.bin")
    for artifact, names in ((copied, ["a.bin", "here.bin"]), (run.log_artifact(again), ["there.bin"])):
        assert sorted(artifact.manifest.entries) == names
        for name in names:
            assert artifact.manifest.entries[name].digest == entry.digest
            assert Path(artifact.get_path(name).download(str(tmp_path))).read_bytes() == b"1"


@pytest.mark.parametrize("address", ["wandb-artifact://00ff/x", "wandb-client-artifact://nobody/x"])
def test_a_reference_to_what_was_not_logged_here_is_an_error_with_the_address(
    recorder: Recorder, run: Any, address: str
) -> None:
    with pytest.raises(LookupError, match=f"{address} refers to"):
        recorder._registry.resolve(address)


def test_a_version_that_another_recorder_logged_is_an_error_with_its_name(recorder: Recorder, run: Any) -> None:
    run.log_artifact(files(a=b"1"))
    with Recorder(recorder.store) as other:
        run = other.start_run(entity="e", project="p")
        with pytest.raises(LookupError, match="data:v0"):
            run.use_artifact("data:v0")

"""A file that is written whole: where its folder is made, and what is there after a failure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wandb_keras_compat.atomic_files import staged, written_whole


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every path below to its content; None for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


PLACES = ["f.h5", "new/f.h5", "new/deeper/still/f.h5", "there/f.h5", "there/new/f.h5"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "other").write_bytes(b"other")
    return tmp_path


@pytest.mark.parametrize("relative", [True, False])
@pytest.mark.parametrize("place", PLACES)
def test_the_folder_of_a_file_is_made(here: Path, place: str, relative: bool) -> None:
    with written_whole(place if relative else str(here / place)) as path:
        assert not (here / place).exists()
        Path(path).write_bytes(b"x")
    folders = {parent.as_posix(): None for parent in Path(place).parents if parent.name}
    assert tree(here) == {"there": None, "there/other": b"other", **folders, place: b"x"}


@pytest.mark.parametrize("place", PLACES)
def test_after_a_failure_all_is_as_it_was(here: Path, place: str) -> None:
    before = tree(here)
    with pytest.raises(ZeroDivisionError), written_whole(str(here / place)) as path:
        Path(path).write_bytes(b"half")
        raise ZeroDivisionError
    assert tree(here) == before


def test_what_was_there_is_there_until_the_end_and_after_a_failure(here: Path) -> None:
    (here / "f.h5").write_bytes(b"earlier")
    with pytest.raises(ZeroDivisionError), written_whole(str(here / "f.h5")) as path:
        Path(path).write_bytes(b"half")
        assert (here / "f.h5").read_bytes() == b"earlier"
        raise ZeroDivisionError
    assert (here / "f.h5").read_bytes() == b"earlier"
    with written_whole(str(here / "f.h5")) as path:
        Path(path).write_bytes(b"later")
    assert (here / "f.h5").read_bytes() == b"later"


def test_a_prefix_of_several_files_and_a_folder(here: Path) -> None:
    with written_whole("new/ck") as path:
        for end in (".index", ".data-00000-of-00001"):
            Path(path + end).write_bytes(end.encode())
    with written_whole("new/saved/") as path:
        (Path(path) / "variables").mkdir(parents=True)
        (Path(path) / "variables" / "v").write_bytes(b"v")
        assert not (here / "new" / "saved").exists(), "it is there whole, or not at all"
    assert tree(here / "new") == {
        "ck.data-00000-of-00001": b".data-00000-of-00001", "ck.index": b".index", "saved": None,
        "saved/variables": None, "saved/variables/v": b"v",
    }  # fmt: skip


def test_a_link_is_written_through(here: Path) -> None:
    (here / "link").symlink_to(here / "there" / "other")
    with written_whole("link") as path:
        Path(path).write_bytes(b"new")
    assert (here / "link").is_symlink() and (here / "there" / "other").read_bytes() == b"new"


@pytest.mark.parametrize("folder", ["there", ""], ids=["there", "here"])
def test_where_no_file_may_be_added_those_that_are_there_are_written_over(
    here: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """They stay the files that they are, with owner and mode, also in a folder that is saved as one."""
    closed = here / folder
    (closed / "saved").mkdir()
    files = [closed / "f.h5", closed / "saved" / "v"]
    for file in files:
        file.write_bytes(b"earlier")
    before, same = tree(here), [file.stat().st_ino for file in files]
    monkeypatch.setattr(os, "access", lambda path, _: os.path.exists(path) and not os.path.samefile(path, closed))
    with written_whole(os.path.join(folder, "f.h5")) as file, written_whole(os.path.join(folder, "saved")) as saved:
        Path(file).write_bytes(b"later")
        Path(saved).mkdir()
        (Path(saved) / "v").write_bytes(b"later")
        assert tree(here) == before, "nothing is there that the user may not add"
    assert tree(here) == {**before, **{file.relative_to(here).as_posix(): b"later" for file in files}}
    assert [file.stat().st_ino for file in files] == same


def test_a_path_in_the_cloud_is_written_to_as_it_is(here: Path) -> None:
    with written_whole("gs://bucket/f.h5") as path:
        assert path == "gs://bucket/f.h5"
    assert tree(here).keys() == {"there", "there/other"}


def test_nothing_is_left_of_a_stage(here: Path) -> None:
    with staged("there") as stage:
        assert list(Path(stage).iterdir()) == []
        assert Path(stage).parent.resolve() == Path("there").resolve()  # from Python 3.12 on it is absolute
        assert Path(stage).name.startswith(".partial-"), "who finds one after a kill sees what it is"
        (Path(stage) / "a").write_bytes(b"a")
    assert tree(here / "there") == {"a": b"a", "other": b"other"}

"""A rewritten file has its new content and its old everything else; a failed write has changed nothing."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from wandb_keras_codemods.engine import atomic_write
from wandb_keras_codemods.records import SourceError

# Not of a user's file on any day, but a program may have them, and changing its owner takes them off.
SPECIAL = [0o4755, 0o2755, 0o6711, 0o1644]


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o751, 0o664, *SPECIAL])
def test_every_mode_bit_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    before = path.stat()
    atomic_write.replace(str(path), b"old", b"new")
    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == stat.S_IMODE(before.st_mode) == mode
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert path.read_bytes() == b"new"


def test_bits_that_a_change_of_owner_takes_off_are_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Linux does where somebody may change it."""
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o4755)
    monkeypatch.setattr(atomic_write.os, "chown", lambda name, *_: os.chmod(name, 0o755), raising=False)
    atomic_write.replace(str(path), b"old", b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o4755


def test_an_owner_that_may_not_be_changed_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o640)
    monkeypatch.setattr(atomic_write.os, "chown", refuse, raising=False)
    atomic_write.replace(str(path), b"old", b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)


@pytest.mark.parametrize("there", [b"other", b"", b"old\n"])
def test_what_changed_meanwhile_is_not_overwritten(tmp_path: Path, there: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(there)
    with pytest.raises(SourceError, match="changed while it was being migrated"):
        atomic_write.replace(str(path), b"old", b"new")
    assert path.read_bytes() == there
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o444, 0o555, 0o400, 0o111])
def test_a_read_only_file_is_not_written_by_those_who_could(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """As root may write to every file."""
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    monkeypatch.setattr(atomic_write.os, "access", lambda *_: True)
    with pytest.raises(SourceError, match="read-only"):
        atomic_write.replace(str(path), b"old", b"new")
    path.chmod(0o600)
    assert path.read_bytes() == b"old"


def test_a_file_that_became_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"old")
    (tmp_path / "link.py").symlink_to("a.py")
    with pytest.raises(SourceError, match="not a regular file"):
        atomic_write.replace(str(tmp_path / "link.py"), b"old", b"new")
    assert (tmp_path / "a.py").read_bytes() == b"old"


@pytest.mark.parametrize("write", [lambda path: atomic_write.replace(path, b"old", b"new"),
                                   lambda path: atomic_write.replace_or_create(path, b"new")], ids=["file", "report"])  # fmt: skip
def test_no_other_file_system_has_a_part_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[str], None]
) -> None:
    """What is renamed lay beside the file: temporary files in general may be on another disk, or not allowed."""
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    write(str(path))
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("exists", [True, False])
def test_a_report_is_written_whether_it_is_there_or_not(tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "r.json"
    if exists:
        path.write_bytes(b"earlier")
    atomic_write.replace_or_create(str(path), b"report")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"report", 0o644)
    assert list(tmp_path.iterdir()) == [path]

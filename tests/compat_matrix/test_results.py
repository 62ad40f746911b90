"""A result file that was cut off anywhere is no result, and a disk that is full says so."""

from __future__ import annotations

import errno
import json
import pathlib
import subprocess
import sys
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compat_matrix.results import BadResult, Writer, path_of, read, read_all
from wandb_keras_compat.parity.check.problems import NoSpace

ROOT = pathlib.Path(__file__).parents[2]


def written(folder: pathlib.Path, records: int = 3) -> pathlib.Path:
    with Writer("cell", folder) as writer:
        writer.header(cell={"python": "3.11"})
        for number in range(records):
            writer.record(capability=f"c{number}", who="ours", state="works")
        writer.end(outcome="ran")
    return path_of("cell", folder)


@pytest.fixture(scope="module")
def whole() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return written(pathlib.Path(folder)).read_bytes()


@given(data=st.data())
def test_whatever_is_cut_off_its_end_is_no_result(whole: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(whole) - 2))  # all but the last newline is needed
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "cell.jsonl")
        path.write_bytes(whole[:cut])
        with pytest.raises(BadResult, match="cell.jsonl"):
            read(path)


@given(st.integers(0, 20))
def test_what_was_written_is_read(records: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = read(written(pathlib.Path(folder), records))
    assert [record["capability"] for record in found.records] == [f"c{number}" for number in range(records)]
    assert found.outcome == "ran"
    assert found.record("c0", "native") is None


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "no header"),
        ([{"kind": "footer"}], "no header"),
        ([{"kind": "header", "schema": 1}], "cut off"),
        ([{"kind": "header", "schema": 2}, {"kind": "footer"}], "schema 2"),
        ([{"kind": "header", "schema": 1}, {"kind": "footer"}, {"kind": "footer"}], "something else"),
        (
            [
                {"kind": "header", "schema": 1},
                *[{"kind": "record", "capability": "a", "who": "ours"}] * 2,
                {"kind": "footer"},
            ],
            "twice",
        ),
        (["text"], "no result"),
    ],
)
def test_each_way_to_be_no_result_has_its_sentence(tmp_path: pathlib.Path, lines: list[object], says: str) -> None:
    path = tmp_path / "cell.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(BadResult, match=says):
        read(path)


def test_a_result_that_is_interrupted_leaves_the_earlier_one(tmp_path: pathlib.Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), Writer("cell", tmp_path) as writer:
        writer.header(cell={})
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert list(read_all(["cell", "other"], tmp_path)) == ["cell"]


def test_a_result_without_an_end_is_none(tmp_path: pathlib.Path) -> None:
    with Writer("cell", tmp_path) as writer:
        writer.header(cell={})
    assert not list(tmp_path.iterdir())


LIMITED = """
import pathlib, resource, signal, sys
from compat_matrix.results import Writer
from wandb_keras_compat.parity.check.problems import NoSpace
# From here on: Python itself cuts the bytecode off that it writes of what is imported, for all who import it after.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
folder = pathlib.Path(sys.argv[1])
try:
    with Writer("cell", folder) as writer:
        writer.header(cell={})
        while True:
            writer.record(capability="c", who="ours", padding="x" * 300)
except NoSpace as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_is_a_sentence_and_leaves_the_earlier_result(tmp_path: pathlib.Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "no space left" in done.stdout and "call again" in done.stdout
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_on_a_full_disk_is_that_sentence_too(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wandb_keras_compat.parity.check import cell_environment

    from .conftest import CELL

    with pytest.raises(NoSpace, match="no space left"), cell_environment.scratch_folder(CELL, tmp_path) as folder:
        (folder / "something").touch()
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not list(tmp_path.iterdir())

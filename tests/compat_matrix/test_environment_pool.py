"""Cells of one Python have one environment after the other, and in it no more than each lock says; with the real uv."""

from __future__ import annotations

import base64
import hashlib
import pathlib
import subprocess
import sys
import zipfile

import pytest

from compat_matrix.environment_pool import EnvironmentPool
from wandb_keras_compat.parity.check.cell_environment import interpreter_of
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.uv import Refused, UvFailed

HERE = ".".join(map(str, sys.version_info[:2]))
CELL = Cell(HERE, "2.21.0", "keras3", "0.31.0")
OTHER = Cell(HERE, "2.21.0", "keras3", "0.30.0")


def wheel(folder: pathlib.Path, name: str, version: str) -> str:
    """The requirement of a distribution with one package, which has a module and its version."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"from .module import VERSION\nNAME = {name!r}\n",
        f"{name}/module.py": f"VERSION = {version!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digest = {
        at: base64.urlsafe_b64encode(hashlib.sha256(of.encode()).digest()).rstrip(b"=") for at, of in files.items()
    }
    rows = [f"{at},sha256={digest[at].decode()},{len(of.encode())}" for at, of in files.items()]
    with zipfile.ZipFile(path, "w") as archive:
        for at, of in {**files, f"{about}/RECORD": "\n".join([*rows, f"{about}/RECORD,,", ""])}.items():
            archive.writestr(at, of)
    return f"{name} @ {path.as_uri()}"


def said(python: pathlib.Path, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def compiled(python: pathlib.Path, name: str) -> dict[str, int]:
    """The bytecode of the package *name*, and when each file was written."""
    (place,) = python.parents[1].glob("[Ll]ib/**/site-packages")
    return {path.name: path.stat().st_mtime_ns for path in place.glob(f"{name}/__pycache__/*.pyc")}


@pytest.fixture
def pool(tmp_path: pathlib.Path) -> EnvironmentPool:
    (tmp_path / "scratch").mkdir()
    return EnvironmentPool(tmp_path / "scratch")


def test_the_next_cell_has_what_its_lock_says_and_the_rest_is_compiled_already(
    pool: EnvironmentPool, tmp_path: pathlib.Path
) -> None:
    same, old, new, gone = (
        wheel(tmp_path, *each) for each in (("same", "1"), ("moved", "1"), ("moved", "2"), ("gone", "1"))
    )
    with pool:
        with pool.of(CELL, f"{same}\n{old}\n{gone}\n") as first:
            assert said(first, "import same, moved, gone; print(moved.VERSION)") == "1"
            before = compiled(first, "same")
            assert len(before) == 2
        with pool.of(OTHER, f"{same}\n{new}\n") as second:
            assert second == first
            # A folder that only has bytecode would still be a package.
            assert said(second, "import importlib.util as util; print(util.find_spec('gone'))") == "None"
            assert said(second, "import same, moved; print(moved.VERSION)") == "2"
            assert compiled(second, "same") == before
    assert list((tmp_path / "scratch").iterdir()) == []


def test_cells_that_run_at_once_have_one_each(pool: EnvironmentPool, tmp_path: pathlib.Path) -> None:
    one, two = (wheel(tmp_path, "moved", version) for version in ("1", "2"))
    with pool, pool.of(CELL, one) as first, pool.of(OTHER, two) as second:
        assert [said(python, "import moved; print(moved.VERSION)") for python in (first, second)] == ["1", "2"]


@pytest.mark.parametrize("there", [True, False], ids=["that was another's", "of its own"])
def test_one_that_could_not_be_made_is_given_to_no_other(
    pool: EnvironmentPool, tmp_path: pathlib.Path, there: bool
) -> None:
    good = wheel(tmp_path, "moved", "1")
    with pool:
        if there:
            with pool.of(CELL, good):
                pass
        with pytest.raises((Refused, UvFailed)), pool.of(OTHER, f"moved @ {(tmp_path / 'nothing.whl').as_uri()}"):
            pytest.fail("it was made")
        assert list((tmp_path / "scratch").iterdir()) == []
        with pool.of(CELL, good) as python:
            assert said(python, "import moved; print(moved.VERSION)") == "1"


def test_a_cell_that_fails_leaves_its_environment_to_the_next(pool: EnvironmentPool, tmp_path: pathlib.Path) -> None:
    lock = wheel(tmp_path, "moved", "1")
    with pool:
        with pytest.raises(ZeroDivisionError), pool.of(CELL, lock) as first:
            raise ZeroDivisionError
        with pool.of(OTHER, lock) as second:
            assert second == first == interpreter_of(first.parents[1])

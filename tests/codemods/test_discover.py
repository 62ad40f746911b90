"""Which files a run looks at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from wandb_keras_codemods.engine.discover import NO_SUCH_FILE, discover, repository_of


def names(folder: Path, *paths: str) -> list[str]:
    found = discover([str(folder / path) for path in paths] or [str(folder)])
    return [os.path.relpath(item.path, folder) for item in found]


def touch(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")


def test_kinds_of_files(tmp_path: Path) -> None:
    """By their endings; whatever is named is looked at."""
    touch(
        tmp_path,
        "a.py",
        "b.ipynb",
        "c.yaml",
        "d.yml",
        "e.txt",
        "requirements-dev.txt",
        "script",
        "F.PY",
        "g.md",
        "h.rst",
    )
    assert names(tmp_path) == ["F.PY", "a.py", "b.ipynb", "c.yaml", "d.yml", "g.md", "h.rst", "requirements-dev.txt"]
    assert names(tmp_path, "script") == ["script"]


def test_environments_and_caches_are_skipped(tmp_path: Path) -> None:
    """Unless they are what was asked for."""
    touch(tmp_path, "a.py", "env/pyvenv.cfg", "env/lib/b.py", "conda/conda-meta/x.json", "conda/c.py",
          "node_modules/d.py", "__pycache__/e.py", ".git/f.py", ".hg/f.py", ".svn/f.py", ".ipynb_checkpoints/g.ipynb",
          "lib/site-packages/h.py", ".tox/i.py", ".nox/i.py", ".eggs/i.py", ".mypy_cache/j.py", ".ruff_cache/j.py",
          ".pytest_cache/README.md")  # fmt: skip
    assert names(tmp_path) == ["a.py"]
    assert names(tmp_path, "env") == ["env/lib/b.py"]
    assert names(tmp_path, "lib/site-packages") == ["lib/site-packages/h.py"]


def test_gitignore(tmp_path: Path) -> None:
    """Nested, negated, anchored; the parents' up to the repository's top count too."""
    touch(
        tmp_path,
        "src/a.py",
        "src/build/b.py",
        "src/deep/out/c.py",
        "src/deep/keep.gen.py",
        "src/x.gen.py",
        "src/out/d.py",
    )
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build/\n*.gen.py\n")
    (tmp_path / "src/.gitignore").write_text("/out\n")
    (tmp_path / "src/deep/.gitignore").write_text("!keep.gen.py\n")
    expected = ["src/a.py", "src/deep/keep.gen.py", "src/deep/out/c.py"]
    assert names(tmp_path) == expected
    assert names(tmp_path, "src") == expected
    assert names(tmp_path, "src/build/b.py") == ["src/build/b.py"]


def test_nothing_is_taken_back_from_a_folder_that_git_ignores(tmp_path: Path) -> None:
    touch(tmp_path, "a.py", "build/b.py", "build/keep.py")
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "build/.gitignore").write_text("!keep.py\n")
    assert names(tmp_path) == ["a.py"]


def test_a_gitignore_in_another_encoding_counts(tmp_path: Path) -> None:
    touch(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_bytes(b"# \xe9\nb.py\n")
    assert names(tmp_path) == ["a.py"]


@pytest.mark.parametrize("start", [".", "./", "./.", "../here"])
def test_paths_are_shown_as_one_would_write_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str) -> None:
    touch(tmp_path, "here/a.py")
    monkeypatch.chdir(tmp_path / "here")
    assert [found.path for found in discover([start])] == ["../here/a.py" if "here" in start else "a.py"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("mian.py", "main.py"),
        ("sub/tarin.py", "sub/train.py"),
        ("other.py", ""),
        ("sbu/train.py", ""),
        ("main.py", None),
    ],
)
def test_a_path_that_leads_to_nothing_is_a_problem_that_names_what_may_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, meant: str | None
) -> None:
    touch(tmp_path, "main.py", "sub/train.py")
    monkeypatch.chdir(tmp_path)
    (found,) = discover([path])
    problem = NO_SUCH_FILE + (f"; did you mean {meant}?" if meant else "")
    assert (found.path, found.problem) == (path, "" if meant is None else problem)


def test_the_repository_of_a_path_is_the_nearest_one_above_it(tmp_path: Path) -> None:
    touch(tmp_path, "outer/.git/HEAD", "outer/src/deep/a.py", "outer/inner/.git/HEAD", "outer/inner/b.py", "none/c.py")
    outer, inner = str(tmp_path / "outer"), str(tmp_path / "outer/inner")
    expected = {"outer": outer, "outer/src": outer, "outer/src/deep/a.py": outer, "outer/inner": inner,
                "outer/inner/b.py": inner, "none/c.py": None, "none": None}  # fmt: skip
    assert {path: repository_of(str(tmp_path / path)) for path in expected} == expected


def test_each_file_once(tmp_path: Path) -> None:
    """Paths may overlap."""
    touch(tmp_path, "a/b.py")
    assert names(tmp_path, "a/b.py", "a", ".") == ["a/b.py"]

"""Which files a run looks at."""

from __future__ import annotations

import os
from pathlib import Path

from wandb_keras_codemods.engine.discover import discover


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
          "node_modules/d.py", "__pycache__/e.py", ".git/f.py", ".ipynb_checkpoints/g.ipynb", "lib/site-packages/h.py")  # fmt: skip
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


def test_each_file_once(tmp_path: Path) -> None:
    """Paths may overlap."""
    touch(tmp_path, "a/b.py")
    assert names(tmp_path, "a/b.py", "a", ".") == ["a/b.py"]

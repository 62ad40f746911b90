"""What is read of a tree before its callbacks are rewritten: all below the paths, and the rest of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from wandb_keras_codemods.engine import project_scan
from wandb_keras_codemods.engine.project_scan import Group, Projects, projects_of, scan_project
from wandb_keras_codemods.to_callbacks.project import FileFacts, Keys, KeyUse, Project

TRAIN = "import wandb\nfrom wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback()])\n"
READER = "import wandb\nprint(wandb.run.summary['best_val_loss'])\n"
SWEEP = "method: grid\nmetric: {name: val_loss, goal: minimize}\nparameters: {}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where paths are given from; a repository."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def groups(folder: Path, files: dict[str, str], *paths: str) -> list[set[str]]:
    """The groups of more than one file, by their paths from the folder."""
    write(folder, files)
    found = scan_project(list(paths) or ["."]).groups
    named = [{Path(file).relative_to(folder).as_posix() for file in group.files} for group in found]
    return sorted((each for each in named if len(each) > 1), key=sorted)


def test_a_file_is_known_by_any_of_its_paths(folder: Path) -> None:
    """One that is in no group says nothing."""
    write(folder, {"a/train.py": TRAIN + READER, "b/train.py": TRAIN})
    projects = scan_project(["a", "b/train.py"])
    for path in ("a/train.py", "a/../a/train.py", str(folder / "a" / "train.py")):
        assert "a/train.py:5 " in projects.of(path).refusal.replace("\\", "/")
    assert projects.of("b/train.py").refusal == ""
    assert projects.of("c/nothing.py") == Project()


@pytest.mark.parametrize(
    "line",
    [
        "import train", "from train import x", "import os, train", "from . import train", "from .train import x",
        "x = import_module('train')", 'x = __import__("train")', "from a.b import (\n    c)\nimport train",
    ],
)  # fmt: skip
def test_a_file_that_only_imports_another_is_in_its_group(line: str, folder: Path) -> None:
    """Though it names nothing of W&B's."""
    assert groups(folder, {"train.py": TRAIN, "use.py": f"{line}\n"}) == [{"train.py", "use.py"}]


def test_a_notebook_joins_what_it_runs(folder: Path) -> None:
    cell = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["%s"]}]}'
    files = {"train.py": TRAIN, "a.ipynb": cell % "%run train.py", "b.ipynb": cell % "!python3 train.py"}
    assert groups(folder, files) == [set(files)]


@pytest.mark.parametrize("line", ["import other", "x = 'train'", "from os import x", "train = 1", "# train"])
def test_a_file_that_imports_nothing_of_the_tree_is_not_even_parsed(
    line: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_scan, "imports_of", None)
    assert groups(folder, {"train.py": TRAIN, "use.py": f"{line}\n"}) == []
    assert scan_project(["."]).unread == ()


def test_what_is_outside_the_paths_is_read_and_its_sweeps_hold(folder: Path) -> None:
    """They would need renaming, and may not be touched."""
    write(folder, {"src/train.py": TRAIN, "src/own.yaml": SWEEP, "sweep.yaml": SWEEP})
    outside = scan_project(["src"]).of("src/train.py")
    assert "sweep.yaml:2 sweeps on 'val_loss' and is not among the files to migrate" in outside.refusal
    assert scan_project(["."]).of("src/train.py").refusal == ""
    write(folder, {"sweep.yaml": SWEEP.replace("val_loss", "epoch/val_loss")})
    assert scan_project(["src"]).of("src/train.py").refusal == ""


def test_without_a_repository_only_the_paths_are_read(folder: Path) -> None:
    (folder / ".git").rmdir()
    write(folder, {"src/train.py": TRAIN, "sweep.yaml": SWEEP})
    assert scan_project(["src"]).of("src/train.py") == Project()


def test_a_file_that_cannot_be_read_hides_no_other(folder: Path) -> None:
    """One that is too large, or whose link leads to nothing."""
    write(folder, {"a.py": TRAIN + READER})
    (folder / "b.py").symlink_to("nowhere.py")
    (folder / "c.py").mkdir()
    assert scan_project([".", "missing.py"]).of("a.py").refusal


@pytest.mark.parametrize(("keys", "told"), [("new", True), ("both", False), ("legacy", False)])
def test_a_broken_file_that_may_read_a_run_is_told(keys: Keys, told: bool, folder: Path) -> None:
    """Where keys move; with its line, in the order of the files. One that reads nothing is not."""
    broken = "import wandb\nprint run.summary['val_loss']\n"
    write(folder, {"b.py": broken, "a.py": broken, "c.py": "import wandb\nprint 1\n"})
    unread = scan_project(["."], keys=keys).unread
    assert [(use.file, use.line) for use in unread] == ([("a.py", 2), ("b.py", 2)] if told else [])


def test_who_waits_is_told_how_much_of_a_large_tree_is_read(folder: Path) -> None:
    write(folder, {f"m{number}.py": "x = 1\n" for number in range(130)})
    told: list[tuple[str, int, int]] = []
    scan_project(["."], lambda *progress: told.append(progress))
    assert told == [("reading the project", 64, 130), ("reading the project", 128, 130)]


@pytest.mark.parametrize("reads", [True, False])
def test_a_file_that_the_parser_fails_on_is_one_that_cannot_be_read(
    reads: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> FileFacts:
        raise MemoryError

    monkeypatch.setattr(project_scan, "facts_of", fails)
    monkeypatch.setattr(project_scan, "imports_of", fails)
    write(folder, {"a.py": READER if reads else "import b\n", "b.py": "x = 1\n"})
    assert [use.file for use in scan_project(["."]).unread] == (["a.py"] if reads else [])


def test_a_group_knows_what_its_files_have_the_class_by() -> None:
    """And every file of a group is told the same."""
    facts = {
        "/p/train.py": FileFacts(
            imports={("common", "Callback")}, instance_tests=[KeyUse("train.py", 3, "", "why", own_process=True)]
        ),
        "/p/common.py": FileFacts(binds_legacy={"Callback"}, trains=True),
        "/p/else/other.py": FileFacts(),
    }
    projects = projects_of(facts, "both")
    assert {group.files for group in projects.groups} == {
        frozenset({"/p/train.py", "/p/common.py"}), frozenset({"/p/else/other.py"}),
    }  # fmt: skip
    for file in ("/p/train.py", "/p/common.py"):
        assert projects.of(file).handed_on == {"common.Callback"}
        assert projects.of(file).keys == "both"
        assert projects.of(file).refusal == "train.py:3 why"
    assert projects.of("/p/else/other.py").handed_on == frozenset()
    assert Projects((Group(frozenset({"/p/a.py"}), Project("why")),)).of("/p/a.py").refusal == "why"

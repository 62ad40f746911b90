"""A new rule is one new file: found by its ``RULE``, listed, selected and run, from a folder and from a zip."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import wandb_keras_codemods
from wandb_keras_codemods.rules import RULES

from wandb_keras_compat.testing.child_environment import inherited_environment

PYTHON_RULE = '''
"""Ask for a newer project name."""

import libcst as cst

from .context import PythonContext
from .rule import PythonRule


def run(context: PythonContext) -> None:
    for node in context.view.nodes(cst.SimpleString):
        if node.value == "'old-project'":
            context.replace(node, "'new-project'")
            context.record(node, "changed", "the project moved", "'new-project'")


def hint(data: bytes) -> bool:
    return b"old-project" in data


RULE = PythonRule(id="WK050", name="project-name", level=1, doc=__doc__, hint=hint, run=run)
'''
YAML_RULE = '''
"""Ask for a newer project name in a sweep."""

from .context import YamlContext
from .rule import YamlRule


def run(context: YamlContext) -> None:
    for scalars in context.document.documents():
        for path, scalar in scalars.items():
            if path[-1:] == ("project",) and not context.skipped(scalar):
                context.replace(scalar, "new-project", "the project moved")


def hint(data: bytes) -> bool:
    return b"old-project" in data


RULE = YamlRule(id="WK051", name="project-name-yaml", level=1, doc=__doc__, hint=hint, run=run)
'''


def installed(folder: Path, *, zipped: bool, rules: dict[str, str]) -> Path:
    """A copy of the package with more modules in ``rules``, as something for ``PYTHONPATH``."""
    package = Path(wandb_keras_codemods.__file__).parent
    copy = folder / "site" / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in rules.items():
        (copy / "rules" / name).write_text(text)
    if not zipped:
        return copy.parent
    archive = folder / "site.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(copy.rglob("*")):
            file.write(path, path.relative_to(copy.parent))
    return archive


def command(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wandb_keras_codemods", *arguments],
        capture_output=True, text=True, check=False, env=inherited_environment(path=[site]),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
def test_a_rule_that_is_dropped_into_the_package_runs(zipped: bool, tmp_path: Path) -> None:
    """One for Python (a notebook's cells, too, and in other processes) and one for YAML, with no other file touched."""
    site = installed(tmp_path, zipped=zipped, rules={"wk050_project.py": PYTHON_RULE, "wk051_yaml.py": YAML_RULE})
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text("import wandb\nwandb.init(project='old-project')\n")
    (project / "b.ipynb").write_text(
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = \'old-project\'"]}]}'
    )
    (project / "c.yaml").write_text("project: 'old-project'  # ours\n---\nproject: x # wandb-keras-compat: ignore\n")
    listed = command(site, "--list-rules")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == sorted(
        [*(rule.id for rule in RULES), "WK050", "WK051"]
    ), listed.stderr
    done = command(site, "--write", "--jobs", "2", str(project))
    assert done.returncode == 1, done.stderr
    assert (project / "a.py").read_text() == "import wandb\nwandb.init(project='new-project')\n"
    assert "'new-project'" in (project / "b.ipynb").read_text()
    assert (
        project / "c.yaml"
    ).read_text() == "project: 'new-project'  # ours\n---\nproject: x # wandb-keras-compat: ignore\n"
    assert "c.yaml:3: ignored: WK051" in done.stderr
    assert command(site, "--only", "project-name", "--check", str(project)).returncode == 0


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    """A copied module whose id was forgotten."""
    site = installed(tmp_path, zipped=False, rules={"wk050_project.py": PYTHON_RULE, "wk050_copy.py": PYTHON_RULE})
    done = command(site, "--list-rules")
    assert done.returncode == 1
    assert "two rules are called WK050" in done.stderr

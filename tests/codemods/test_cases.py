"""Each folder of ``cases/`` is a small project: as it was, after level 1, after level 2.

``options.json`` beside them, if it is there, holds further options of level 2.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from wandb_keras_codemods.engine.runner import Options, run
from wandb_keras_codemods.rules import selected

from .tools import tree

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.mark.parametrize("level", [1, 2], ids=["compat", "callbacks"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, level: int, tmp_path: Path) -> None:
    """The command turns ``before`` into the expected tree, and a second run changes nothing."""
    project = tmp_path / "project"
    shutil.copytree(case / "before", project)
    further = case / "options.json"
    given = json.loads(further.read_text()) if level == 2 and further.exists() else {}
    options = Options(selected(level), write=True, level=level, jobs=1, **given)
    summary = run([str(project)], options)
    assert not any(outcome.failed for outcome in summary.outcomes), summary.records
    after = tree(project)
    assert after == tree(case / ("compat" if level == 1 else "callbacks"))
    again = run([str(project)], options)
    assert again.changed == []
    assert tree(project) == after

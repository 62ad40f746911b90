"""Notes on dependencies are for the projects in which something was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wandb_keras_codemods.engine.runner import Options, run
from wandb_keras_codemods.rules import selected

OLD = "from wandb.keras import WandbCallback\ncb = WandbCallback()\n"
NEW = OLD.replace("wandb.keras", "wandb_keras_compat")
PLAIN = "import wandb\n"
WANDB, OTHER = "wandb<0.17\n", "numpy\n"


def notebook(text: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


TREES: dict[str, tuple[dict[str, str], set[str]]] = {
    "its own": ({"requirements.txt": WANDB, "a.py": OLD}, {"requirements.txt"}),
    "above": ({"requirements.txt": WANDB, "src/p/a.py": OLD}, {"requirements.txt"}),
    "nothing changed": ({"requirements.txt": WANDB, "a.py": NEW}, set()),
    "only beside": ({"one/requirements.txt": WANDB, "one/a.py": OLD, "two/requirements.txt": WANDB, "two/a.py": PLAIN}, {"one/requirements.txt"}),
    "migrated before": ({"one/requirements.txt": WANDB, "one/a.py": OLD, "two/requirements.txt": WANDB, "two/a.py": NEW}, {"one/requirements.txt"}),
    "only below": ({"requirements.txt": WANDB, "one/requirements.txt": WANDB, "one/a.py": OLD}, {"one/requirements.txt"}),
    "both": ({"requirements.txt": WANDB, "b.py": OLD, "one/requirements.txt": WANDB, "one/a.py": OLD}, {"requirements.txt", "one/requirements.txt"}),
    "one that asks for nothing of it": ({"requirements.txt": WANDB, "one/requirements.txt": OTHER, "one/a.py": OLD}, {"requirements.txt"}),
    "several in a folder": ({"requirements.txt": WANDB, "requirements-dev.txt": WANDB, "a.py": OLD}, {"requirements.txt", "requirements-dev.txt"}),
    "a longer name": ({"one/requirements.txt": WANDB, "one2/a.py": OLD}, set()),
    "a notebook": ({"a.ipynb": notebook("!pip install wandb\n" + OLD), "b.ipynb": notebook("!pip install wandb\n" + NEW)}, {"a.ipynb"}),
}  # fmt: skip


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(("files", "noted"), TREES.values(), ids=TREES)
def test_notes_are_for_changed_projects(files: dict[str, str], noted: set[str], level: int, tmp_path: Path) -> None:
    """A requirements file concerns what is below its folder and has none nearer."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    keys = {"keys": "both"} if level == 2 else {}
    records = run([str(tmp_path)], Options(selected(level), level=level, jobs=1, **keys)).records  # type: ignore[arg-type]
    assert {str(Path(record.file).relative_to(tmp_path)) for record in records if record.rule == "WK007"} == noted

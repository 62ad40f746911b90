"""The report as data: each file is where it belongs, and the counts are those of the records."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from wandb_keras_codemods.cli import migrate
from wandb_keras_codemods.engine.json_report import schema

FILES = {
    "changed.py": "from wandb.keras import WandbCallback\n",
    "nothing.py": "x = 1\n",
    "left.py": "from wandb import keras\nkeras.models\n",
    "broken.py": "import wandb.keras\nx = (\n",
    "zz_broken.py": "import wandb.keras\n\x00\n",
}


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("names", [["changed.py"], ["broken.py"], ["nothing.py"], list(FILES), list(FILES)[::-1]])
def test_every_file_is_told_once_by_what_came_of_it(
    names: list[str], write: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in names:
        (tmp_path / name).write_text(FILES[name])
    result = CliRunner().invoke(migrate, [*(["--write"] if write else []), "--report", "r.json", *names])
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["files"] == {
        "seen": len(names),
        "changed": [name for name in names if name == "changed.py"],
        "failed": sorted(name for name in names if "broken" in name),
    }
    assert report["written"] is write
    assert report["counts"] == Counter(record["action"] for record in report["records"])
    assert (report["to"], report["keys"]) == ("compat", None)
    jsonschema.validate(report, schema())
    assert report["exit_code"] == result.exit_code == (2 if report["files"]["failed"] else int("changed.py" in names))

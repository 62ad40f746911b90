"""The pages about the backend: the generated one is up to date, and what the how-to shows runs as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server import supported

from . import render_checks

DOCS = Path(__file__).parents[4] / "docs"
BLOCK = re.compile(r"^```\w+\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_list_of_calls_is_that_of_the_code(tmp_path: Path) -> None:
    page = DOCS / "backend-calls.md"
    assert supported.main(["--check", str(page)]) == 0, f"{page.name} is made by the command in its first line"
    other = tmp_path / "page.md"
    other.write_text(page.read_text(encoding="utf-8").replace("filters", "filter"), encoding="utf-8")
    assert supported.main(["--check", str(other)]) == 1


def test_the_page_of_what_each_wandb_was_told_is_that_of_the_results() -> None:
    text = render_checks.PAGE.read_text(encoding="utf-8")
    assert text == render_checks.page(), "python -m tests.testing.doors.server.record_sdks render"
    assert "**wrong**" not in text and "recorded again" not in text


@pytest.mark.whole
def test_the_sweep_of_the_how_to(tmp_path: Path, around: Callable[..., dict[str, str]]) -> None:
    pytest.importorskip("tensorflow", reason="the script of the page trains")
    from wandb_keras_compat.testing.doors.server import Backend

    files = dict(BLOCK.findall((DOCS / "sweeps.md").read_text(encoding="utf-8")))
    assert set(files) == {"train.py", "sweep.yaml", "sweep_here.py"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {name: value for name, value in around(Backend()).items() if name != "WANDB_BASE_URL"}
    done = subprocess.run(
        [sys.executable, "sweep_here.py"],
        cwd=tmp_path,
        env={**environment, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    best = re.search(r"^best (\S+) (\S+)$", done.stdout, re.MULTILINE)
    assert best and float(best[1]) == 0.1 and float(best[2]) > 0, done.stdout

"""Publishing a file leaves it what it is, with every wandb at hand; ``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.child_environment import inherited_environment
from wandb_keras_compat.testing.doors.run_log import find_run_logs, load

HERE = Path(__file__).parent


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_published_file_stays_a_file(python: str, tmp_path: Path) -> None:
    """wandb 0.16.5 would put a link to itself in its place."""
    own = {"HOME": str(tmp_path / "home"), "WANDB_ERROR_REPORTING": "false"}
    environment = inherited_environment(own, drop=["WANDB_"], path=[HERE.parents[1] / "src"])
    (tmp_path / "work").mkdir()
    done = subprocess.run(
        [python, str(HERE / "published.py")],
        env=environment, cwd=tmp_path / "work", capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = find_run_logs(tmp_path / "work")
    assert load(path).run.files()["model-best.h5"] == b"second"

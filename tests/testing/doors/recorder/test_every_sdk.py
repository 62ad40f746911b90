"""The recorder works with every wandb that is at hand; ``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.child_environment import inherited_environment

HERE = Path(__file__).parent


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_run_is_recorded_and_resumed(python: str, tmp_path: Path) -> None:
    own = {"HOME": str(tmp_path), "WANDB_ERROR_REPORTING": "false"}
    done = subprocess.run(
        [python, str(HERE / "recorded.py")],
        env=inherited_environment(own, drop=["WANDB_"], path=[HERE.parents[3] / "src"]),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr

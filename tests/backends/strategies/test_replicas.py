"""Under a strategy of two devices the gradients are those that a step of training takes."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment


@pytest.mark.whole
def test_gradients_of_two_replicas_are_those_a_step_takes() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.backends.strategies.replicas"],
        env=inherited_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "FOUND " in ended.stdout, ended.stderr[-3000:]
    found = json.loads(ended.stdout.split("FOUND ")[1])
    assert len(found) in (4, 6)
    for name, (sums, slopes) in found.items():
        for one, two in zip(sums, slopes, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-5, err_msg=name)

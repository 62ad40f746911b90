"""The body of a cell magic is Python where its magic runs it as Python, and nothing of ours elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents.magics import PYTHON_CELL_MAGICS, cell_magic, mask, pip_installs

# What IPython, wandb and the profilers people load run in the notebook's own namespace.
RUN_HERE = [
    "capture",
    "debug",
    "heat",
    "memit",
    "mprun",
    "prun",
    "px",
    "pyinstrument",
    "scalene",
    "snakeviz",
    "time",
    "timeit",
    "wandb",
]
OTHERS = ["bash", "html", "javascript", "latex", "writefile x.py", "script perl", "sql", "R", "cython", "wandbx", "tim"]
BODY = "model.fit(x, callbacks=[WandbCallback()])\n"


def test_each_of_them_is_tried_here() -> None:
    assert set(RUN_HERE) == PYTHON_CELL_MAGICS


@pytest.mark.parametrize("before", ["", "\n", "# a comment\n\n"])
@pytest.mark.parametrize("arguments", ["", " -n 1", " out"])
@pytest.mark.parametrize("magic", RUN_HERE)
def test_what_such_a_magic_runs_is_read(magic: str, arguments: str, before: str) -> None:
    cell = f"{before}%%{magic}{arguments}\n{BODY}"
    masked = mask(cell)
    assert masked is not None and len(masked) == len(cell)
    assert masked.endswith(BODY) and "%%" not in masked
    assert cell_magic(cell) == (magic, arguments.strip())


@pytest.mark.parametrize("magic", OTHERS)
def test_what_any_other_runs_is_not(magic: str) -> None:
    masked = mask(f"%%{magic}\n{BODY}")
    assert masked is not None and masked.strip() == ""


LINES = st.sampled_from(
    ["!pip install wandb", "%pip install -q wandb==0.15", "!pip3 install wandb-core", "!pip uninstall wandb", "pip install wandb"]
)  # fmt: skip


@given(st.lists(LINES, max_size=5))
def test_installs_of_a_package_are_found_where_they_are(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    expected = [line for line in lines if line in ("!pip install wandb", "%pip install -q wandb==0.15")]
    found = pip_installs(text, "wandb")
    assert [line for _, line in found] == expected
    assert all(text[offset:].startswith(line) for offset, line in found)

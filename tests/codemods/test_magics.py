"""Masking of IPython cells."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents.magics import hidden_lines, mask

from .tools import PROPERTY

CELLS = {
    "shell": ("!pip install wandb\nx = 1\n", "x = 1"),
    "shell that is one character": ("!\nx = 1\n", "x = 1"),
    "shell with quotes": ("!echo don't\nx = 1\n", "x = 1"),
    "shell over two lines": ("!pip install \\\n   wandb 'x\nx = 1\n", "x = 1"),
    "line magic": ("%matplotlib inline\nx = 1", "x = 1"),
    "magic in a block": ("if a:\n    %time f()\n    !ls\n", "f()"),
    "time with options": ("%timeit -n 1 f()\nx = 1\n", "x = 1"),
    "cell magic": ("%%time\nx = 1\n", "x = 1"),
    "cell magic after a comment": ("# slow\n%%capture out\nx = 1\n", "x = 1"),
    "assigned": ("files = !ls *.py\nx = 1\n", "x = 1"),
    "assigned magic": ("out = %sql select 'a\nx = 1\n", "x = 1"),
    "a question in a string": ("!ls\ny = 'why?'\n", "y = 'why?'"),
    "help": ("x?\n?y\nz??\nx = 1\n", "x = 1"),
    "formatting is not a magic": ("%time f()\ny = ('%s'\n% x)\n", "% x"),
    "formatting in a string": ("!ls\ny = '''\n%time f()\n'''\n", "%time f()\n'''"),
}


@pytest.mark.parametrize(("cell", "kept"), CELLS.values(), ids=CELLS)
def test_mask(cell: str, kept: str) -> None:
    """The mask has the cell's length and lines, is Python, and keeps what is Python."""
    masked = mask(cell)
    assert masked is not None
    ast.parse(masked)
    assert len(masked) == len(cell)
    assert [len(line) for line in masked.splitlines()] == [len(line) for line in cell.splitlines()]
    assert cell.index(kept) == masked.index(kept)


@pytest.mark.parametrize("cell", ["%%bash\nif then", "%%html\n<b>", "\n%%writefile a.py\nimport wandb.keras\n"])
def test_other_languages_are_blank(cell: str) -> None:
    """Nothing of them is read as Python."""
    masked = mask(cell)
    assert masked is not None
    assert not masked.strip()
    assert len(masked) == len(cell)


@pytest.mark.parametrize("cell", ["x = (", "print 'two'", "%%time\nx ="])
def test_what_is_not_python(cell: str) -> None:
    """A broken cell is said to be one."""
    assert mask(cell) is None


@pytest.mark.parametrize("cell", ["x = (5\n% 3)", "await f()\n", "", "'''\n!ls\n'''", "x = 5 \\\n% 3\n"])
def test_python_is_not_masked(cell: str) -> None:
    """A cell that parses has no magics, whatever its lines begin with."""
    assert mask(cell) == cell


READ = st.sampled_from(["x = 1", "", "if x: y()", "# !ls"])
NOT_READ = st.sampled_from(["!python train.py", "%run train.py", "!echo a\x0cb", "?x", "y = !ls"])


@given(st.lists(st.tuples(st.booleans(), READ, NOT_READ)))
@PROPERTY
def test_lines_that_are_not_read_are_known_as_they_were(lines: list[tuple[bool, str, str]]) -> None:
    """They may use what an import brings in."""
    cell = "".join(f"{read if is_read else other}\n" for is_read, read, other in lines)
    masked = mask(cell)
    assert masked is not None
    assert hidden_lines(cell, masked) == "".join(f"{other}\n" for is_read, _, other in lines if not is_read)

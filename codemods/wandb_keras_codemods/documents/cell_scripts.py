"""Python files that are notebooks: Jupytext's percent and light formats, Databricks' source format, marimo.

Python sees their marks as comments, and their magics too where the tool has put them into comments (``# !pip``,
``# MAGIC %pip``), so that such a file is read as any other. Some editors leave magics bare; then the file is masked
cell by cell, as a notebook is.
"""

from __future__ import annotations

import re

from .magics import mask

_MARK = re.compile(
    r"^# ?%%|^# (?:\+(?=\s|$)|COMMAND -{10}|Databricks notebook source)|^# (?: jupytext:|---$)|^\s*# In\[", re.MULTILINE
)
_CELL = re.compile(r"^#(?: ?%%| \+(?=\s|$)| COMMAND -{10}| In\[).*$", re.MULTILINE)
_COMMENTED = re.compile(r"^# (?:MAGIC )?(?=[!%])", re.MULTILINE)
_MAGIC = re.compile(r"^# MAGIC (.*)$", re.MULTILINE)
OLD_NAMES = re.compile(
    r"\bwandb\s*\.\s*(?:wandb_)?keras\b|\bfrom\s+wandb\s+import\b.*\bkeras\b|\bWandbKerasCallback\b"
    r"|\bwandb\.integration\.keras(?:\.keras)?(?:\.|\s+import\b.*\b)WandbCallback\b"
)
"""Code that names what a current wandb no longer has."""


def is_cell_script(text: str) -> bool:
    """Whether a Python file is a notebook kept as one."""
    return _MARK.search(text) is not None


def masked_script(text: str) -> str | None:
    """The file with bare magics masked, of the same length; None if it is not Python apart from them."""
    starts = [0, *(match.end() for match in _CELL.finditer(text))]
    cells = [mask(text[start:end]) for start, end in zip(starts, [*starts[1:], len(text)])]
    return None if None in cells else "".join(cell or "" for cell in cells)


def uncommented_magics(text: str) -> str:
    """The text with the magics that stand in comments as if they were bare, of the same length."""
    return _COMMENTED.sub(lambda match: " " * len(match.group()), text)


def old_names_in_magics(text: str) -> list[int]:
    """The lines of Databricks' magics (``# MAGIC …``) that name the old callbacks: to Python they are comments."""
    found = (match for match in _MAGIC.finditer(text) if OLD_NAMES.search(match[1]))
    return [text.count("\n", 0, match.start()) + 1 for match in found]

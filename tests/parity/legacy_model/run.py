"""A W&B run as the model needs it: rows that are added to until they are committed, and a summary of last values."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .values import canonical


class Run:
    """One run.

    Args:
        summary: that of the run it resumes.
        step: of its first row.
    """

    def __init__(self, name: str, summary: Mapping[str, Any] | None = None, step: int = 0) -> None:
        self.name = name
        self.previous = dict(summary or {})
        self.rows: list[dict[str, Any]] = []
        self.row: dict[str, Any] | None = None  # one that nothing was added to is a row too
        self.summary: dict[str, Any] = canonical(self.previous)
        self.files: dict[str, Any] = {}
        self.logged: list[dict[str, Any]] = []
        self.used: list[dict[str, Any]] = []
        self._step = step

    def log(self, values: Mapping[str, Any], commit: bool) -> None:
        self.row = {**(self.row or {}), **canonical(values)}
        if commit:
            self.close_row()

    def close_row(self) -> None:
        if self.row is not None:
            self.rows.append({"_step": self._step, **self.row})
            self.summary.update(self.row)
            self._step += 1
            self.row = None

    def trace(self) -> dict[str, Any]:
        return copy.deepcopy(
            {
                "name": self.name,
                "history": self.rows,
                "summary": self.summary,
                "files": self.files,
                "artifacts": {"logged": self.logged, "used": self.used},
            }
        )

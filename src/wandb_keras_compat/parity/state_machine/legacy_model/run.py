"""A W&B run as the model needs it: rows that are added to until they are committed, and a summary of last values."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ....testing.doors import installed_sdk
from .values import canonical


class Run:
    """One run.

    Args:
        summary: that of the run it resumes.
        step: of its first row.
        before: the run before it in the project, whose artifacts are there.
    """

    def __init__(
        self, name: str, summary: Mapping[str, Any] | None = None, step: int = 0, before: Run | None = None
    ) -> None:
        self.name = name
        self.previous = dict(summary or {})
        self.rows: list[dict[str, Any]] = []
        self.row: dict[str, Any] | None = None  # one that nothing was added to is a row too
        self.summary: dict[str, Any] = canonical(self.previous)
        self.files: dict[str, Any] = {}
        self.announced: set[str] = set()  # to be uploaded as soon as they are there
        self.logged: list[dict[str, Any]] = []
        self.used: list[dict[str, Any]] = []
        self._step = step
        self._versions: list[dict[str, Any]] = [] if before is None else before._versions

    def log(self, values: Mapping[str, Any], commit: bool) -> None:
        self.row = {**(self.row or {}), **canonical(values)}
        if commit:
            self.close_row()

    def log_artifact(self, name: str, kind: str, aliases: list[str], entries: dict[str, Any]) -> None:
        """Adds a version. One of the same content as one that is there (older wandb: as the last) is that one."""
        version = self._version(name, kind, entries, installed_sdk.reuses_artifacts())
        version["aliases"] += [alias for alias in aliases if alias not in version["aliases"]]
        self.logged.append(version)

    def use_artifact(self, name: str, kind: str, entries: dict[str, Any]) -> None:
        """Makes a version the input of the run; it need not be there before."""
        version = self._version(name, kind, entries, reuse=True)
        version["aliases"] = ["latest"]
        self.used.append(version)

    def _version(self, name: str, kind: str, entries: dict[str, Any], reuse: bool) -> dict[str, Any]:
        of_name = [version for version in self._versions if version["name"] == name]
        candidates = of_name if reuse else of_name[-1:]
        version = next((one for one in candidates[::-1] if one["entries"] == entries), None)
        if version is None:
            version = {"name": name, "type": kind, "aliases": [], "entries": entries}
            self._versions.append(version)
        return version

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

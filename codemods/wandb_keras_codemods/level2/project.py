"""What a project reads back of what the legacy callback wrote: the reasons to leave it alone as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Use:
    """A place that names a key."""

    file: str
    line: int
    key: str
    what: str


@dataclass
class Facts:
    """What one file says. ``refusals`` hold wherever they stand; ``uses`` only if nobody else logs the key."""

    refusals: list[Use] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    sweeps: list[Use] = field(default_factory=list)
    """Sweep metrics by literal name."""
    agents: list[Use] = field(default_factory=list)
    logged: set[str] = field(default_factory=set)
    """Keys that the project logs, or writes to the summary, itself."""


@dataclass(frozen=True)
class Project:
    """The gates of a run.

    ``refusal`` is why no call may be rewritten (empty: they may); ``swept`` are the keys to rename in sweeps.
    """

    refusal: str = ""
    swept: frozenset[str] = frozenset()
    sweeping: bool = False
    """Whether there are sweeps at all: their runs may share a directory."""

    def new_key(self, key: str) -> str | None:
        """What a sweep's metric is called afterwards; None if it keeps its name."""
        return f"epoch/{key}" if key in self.swept and not self.refusal else None


def combine(found: Iterable[Facts]) -> Project:
    """All files together."""
    facts = list(found)
    logged = {key for item in facts for key in item.logged}
    reasons = [use for item in facts for use in item.refusals]
    reasons += [use for item in facts for use in item.uses if use.key not in logged and "/" not in use.key]
    sweeps = [use for item in facts for use in item.sweeps]
    swept = {use.key for use in sweeps if use.key not in logged and "/" not in use.key}
    reasons += [use for use in sweeps if use.key in swept and use.key.startswith("best_")]
    if not sweeps:
        reasons += [use for item in facts for use in item.agents]
    sweeping = bool(sweeps) or any(item.agents for item in facts)
    if not reasons:
        return Project("", frozenset(swept), sweeping)
    first = reasons[0]
    more = f" (and {len(reasons) - 1} more such places)" if len(reasons) > 1 else ""
    return Project(f"{first.file}:{first.line} {first.what}{more}", frozenset(swept), sweeping)

"""What a project reads of what the legacy callback logged: the reasons to leave all its callbacks as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

Keys = Literal["new", "both", "legacy"]
"""The names that metrics are logged under after a rewrite."""
KEYS: tuple[Keys, ...] = get_args(Keys)


@dataclass(frozen=True)
class KeyUse:
    """A place that names a key, or that depends on the legacy callback in another way."""

    file: str
    line: int
    key: str
    """Empty if it is about no key in particular."""
    reason: str
    """What it does, as a reason to leave the callbacks."""


@dataclass
class FileFacts:
    """What one file has to do with the keys, files and artifacts of the legacy callback."""

    refusals: list[KeyUse] = field(default_factory=list)
    """Places that are a reason wherever they stand."""
    instance_tests: list[KeyUse] = field(default_factory=list)
    """Places that ask whether something is an instance of the legacy class: a reason whatever the keys are called."""
    key_uses: list[KeyUse] = field(default_factory=list)
    """Places that read a key: a reason unless the project logs that key itself."""
    sweeps: list[KeyUse] = field(default_factory=list)
    """Sweep metrics by literal name."""
    agents: list[KeyUse] = field(default_factory=list)
    """Calls of ``wandb.agent``: a reason unless the sweep's configuration is in the project."""
    logged: set[str] = field(default_factory=set)
    """Keys that the project logs, or writes to the summary, itself."""


@dataclass(frozen=True)
class Project:
    """What the whole project says about a rewrite of its callbacks."""

    refusal: str = ""
    """Why no call may be rewritten; empty if they may."""
    sweep_keys: frozenset[str] = frozenset()
    """The keys to rename in sweeps."""
    has_sweeps: bool = False
    """Whether there are sweeps at all: their runs may share a directory."""
    keys: Keys = "new"
    """With ``both`` and ``legacy`` no key moves, so that no reader of one is a reason to refuse."""

    def new_key(self, key: str) -> str | None:
        """What a sweep's metric is called afterwards; None if it keeps its name."""
        return f"epoch/{key}" if self.keys == "new" and key in self.sweep_keys and not self.refusal else None


def combine(found: Iterable[FileFacts], keys: Keys = "new") -> Project:
    """What the files of a project say together."""
    facts = list(found)
    logged = {key for item in facts for key in item.logged}
    sweeps = [use for item in facts for use in item.sweeps]
    sweep_keys = frozenset(use.key for use in sweeps if use.key not in logged and "/" not in use.key)
    has_sweeps = bool(sweeps) or any(item.agents for item in facts)
    if keys == "new":
        reasons = [use for item in facts for use in (*item.refusals, *item.instance_tests)]
        reasons += [use for item in facts for use in item.key_uses if use.key not in logged and "/" not in use.key]
        reasons += [use for use in sweeps if use.key in sweep_keys and use.key.startswith("best_")]
        reasons += [use for item in facts for use in item.agents if not sweeps]
    else:
        reasons = [use for item in facts for use in item.instance_tests]
    if not reasons:
        return Project("", sweep_keys, has_sweeps, keys)
    first = reasons[0]
    more = f" (and {len(reasons) - 1} more such places)" if len(reasons) > 1 else ""
    return Project(f"{first.file}:{first.line} {first.reason}{more}", sweep_keys, has_sweeps, keys)

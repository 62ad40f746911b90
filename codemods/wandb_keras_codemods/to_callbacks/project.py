"""What a project reads back of what the legacy callback wrote: the reasons to leave it alone as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

Keys = Literal["new", "both", "legacy"]
"""The names that metrics are logged under after a rewrite."""
KEYS: tuple[Keys, ...] = get_args(Keys)


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
    objects: list[Use] = field(default_factory=list)
    """Places that ask whether something is an instance of the legacy class: they hold whatever the keys."""
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
    keys: Keys = "new"
    """With ``both`` and ``legacy`` no key moves, so that no reader of one is a reason to refuse."""

    def new_key(self, key: str) -> str | None:
        """What a sweep's metric is called afterwards; None if it keeps its name."""
        return f"epoch/{key}" if self.keys == "new" and key in self.swept and not self.refusal else None


def combine(found: Iterable[Facts], keys: Keys = "new") -> Project:
    """All files together."""
    facts = list(found)
    logged = {key for item in facts for key in item.logged}
    sweeps = [use for item in facts for use in item.sweeps]
    swept = frozenset(use.key for use in sweeps if use.key not in logged and "/" not in use.key)
    sweeping = bool(sweeps) or any(item.agents for item in facts)
    if keys == "new":
        reasons = [use for item in facts for use in (*item.refusals, *item.objects)]
        reasons += [use for item in facts for use in item.uses if use.key not in logged and "/" not in use.key]
        reasons += [use for use in sweeps if use.key in swept and use.key.startswith("best_")]
        reasons += [use for item in facts for use in item.agents if not sweeps]
    else:
        reasons = [use for item in facts for use in item.objects]
    if not reasons:
        return Project("", swept, sweeping, keys)
    first = reasons[0]
    more = f" (and {len(reasons) - 1} more such places)" if len(reasons) > 1 else ""
    return Project(f"{first.file}:{first.line} {first.what}{more}", swept, sweeping, keys)

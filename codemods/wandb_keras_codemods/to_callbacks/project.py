"""What a group of files reads of what the legacy callback logged: the reasons to leave its callbacks as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

Keys = Literal["new", "both", "legacy"]
"""The names that metrics are logged under after a rewrite."""
KEYS: tuple[Keys, ...] = get_args(Keys)


@dataclass(frozen=True, order=True)
class KeyUse:
    """A place that names a key, or that depends on the legacy callback in another way."""

    file: str
    line: int
    key: str
    """Empty if it is about no key in particular."""
    reason: str
    """What it does, as a reason to leave the callbacks."""
    own_process: bool = False
    """Whether it concerns what happens in the program it stands in, and not any run of a W&B project."""


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
    names_wandb: bool = False
    """Whether W&B is named in it at all; a ``summary`` may be anything elsewhere."""
    trains: bool = False
    """Whether it uses one of W&B's Keras callbacks, the legacy one or a newer one."""
    binds_legacy: set[str] = field(default_factory=set)
    """The names by which others can import the legacy class from it."""
    resumes: bool = False
    """Whether it starts a run that may go on with the summary of an earlier one."""
    groups_steps: bool = False
    """Whether it names ``steps_per_execution``, with which Keras tells of several batches at once."""
    broken: bool = False
    """Whether it cannot be parsed."""
    imports: set[tuple[str, str]] = field(default_factory=set)
    """What it imports: modules, with a dot in front for each level of a relative import, and a name in it or ``""``."""
    searches_path: bool = False
    """Whether it changes ``sys.path``, so that a module may lie anywhere."""
    programs: set[str] = field(default_factory=set)
    """Programs that it runs, by their paths."""
    projects: set[str] = field(default_factory=set)
    """W&B projects that it names."""
    computed_projects: bool = False
    """Whether it reads runs of a project that only the running program knows."""

    @property
    def uses(self) -> list[KeyUse]:
        """All places that may be a reason."""
        return [*self.refusals, *self.instance_tests, *self.key_uses, *self.sweeps, *self.agents]


@dataclass(frozen=True)
class Project:
    """What the files of a group say about a rewrite of their callbacks."""

    refusal: str = ""
    """Why no call may be rewritten; empty if they may."""
    sweep_keys: frozenset[str] = frozenset()
    """The keys to rename in sweeps."""
    has_sweeps: bool = False
    """Whether there are sweeps at all: their runs may share a directory."""
    keys: Keys = "new"
    """With ``both`` and ``legacy`` no key moves, so that no reader of one is a reason to refuse."""
    refusal_of_both: str = ""
    """Why no call may be rewritten with ``--keys both`` either; empty if they may."""

    resumes: bool = False
    """Whether a run may be resumed, whose summary then has the best value of before."""
    groups_steps: bool = False
    """Whether models may be compiled with ``steps_per_execution``."""

    handed_on: frozenset[str] = frozenset()
    """What the legacy class is called where it is imported from a module of the tree: ``common.WandbCallback``."""

    def new_key(self, key: str) -> str | None:
        """What a sweep's metric is called afterwards; None if it keeps its name."""
        return f"epoch/{key}" if self.keys == "new" and key in self.sweep_keys and not self.refusal else None


def combine(found: Iterable[FileFacts], keys: Keys = "new") -> Project:
    """What the files of a group say together, in whatever order they come."""
    facts = list(found)
    logged = {key for item in facts for key in item.logged}
    sweeps = [use for item in facts for use in item.sweeps]
    sweep_keys = frozenset(use.key for use in sweeps if _moves(use.key, logged))
    has_sweeps = bool(sweeps) or any(item.agents for item in facts)
    always = [use for item in facts for use in item.instance_tests]
    reasons = list(always)
    if keys == "new":
        reasons += [use for item in facts for use in item.refusals]
        reasons += [use for item in facts for use in item.key_uses if _moves(use.key, logged)]
        reasons += [use for use in sweeps if use.key in sweep_keys and use.key.startswith("best_")]
        reasons += [use for item in facts for use in item.agents if not sweeps]
    return Project(
        _first(reasons), sweep_keys, has_sweeps, keys, _first(always),
        resumes=any(item.resumes for item in facts), groups_steps=any(item.groups_steps for item in facts),
    )  # fmt: skip


def _moves(key: str, logged: set[str]) -> bool:
    """Whether a key is the legacy callback's: not one of the newer ones, of W&B's own or of the project's own."""
    return key not in logged | UNMOVED and "/" not in key and not key.startswith("_")


UNMOVED = frozenset({"GFLOPs", "examples", "validation_predictions"})
"""What the small callbacks log under the name that it had."""


def _first(reasons: list[KeyUse]) -> str:
    if not reasons:
        return ""
    first = min(reasons)
    others = len(set(reasons)) - 1
    more = f" (and {others} more such place{'s' if others > 1 else ''})" if others else ""
    return f"{first.file}:{first.line} {first.reason}{more}"

"""What a rule is, whatever kind of file it reads.

A module of this package that has a ``RULE`` is a rule: nothing else names it. The class of ``RULE`` says which kinds
of files it reads and what its function is given; its module's docstring is its documentation.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from ..documents.document import Kind
from ..names import NewerFrom
from .context import DependencyContext, PythonContext, RuleContext, YamlContext

Hint = Callable[[bytes], bool]
"""Tells from a file's bytes alone whether a rule could find something; it may say yes too often, never no wrongly."""

_CALLBACKS = re.compile(
    rb"WandbCallback|WandbKerasCallback|WandbMetricsLogger|WandbModelCheckpoint|WandbEvalCallback"
    rb"|wandb_keras|wandb[\s.\\]+(?:integration[\s.\\]+)?keras|wandb[\w\s.\\]+import[^;]*?\bkeras|getattr\(\s*wandb\b"
)


def mentions_callbacks(data: bytes) -> bool:
    """The hint of most rules for Python: a callback of W&B's, or a module that one has lived in.

    Every form the rules know has ``wandb`` and ``keras`` in it, and one of the names or a module path.
    """
    return b"wandb" in data and b"keras" in data and _CALLBACKS.search(data) is not None


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """A rule for some kinds of files."""

    id: str
    name: str
    level: int
    """1: ``--to compat``; 2: only with ``--to callbacks``, and on what level 1 has made of the file."""
    doc: str
    hint: Hint
    order: float | None = None
    """Its place among the rules; None: the number in its id."""
    last: bool = False
    """Whether it runs in a pass of its own, on what the rules of both levels have made of the file."""

    worth_a_pass: Callable[[bytes, NewerFrom | None], bool] = lambda data, newer_from: True
    """For a rule of a later pass: whether what the passes before have made of the file is worth reading for it."""

    kinds: ClassVar[frozenset[Kind]]
    """The kinds of files it reads."""
    context: ClassVar[type[RuleContext]]
    """What it is given. Rules of one pass and one context share theirs."""

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.doc.strip().split("\n", 1)[0]

    @property
    def position(self) -> tuple[float, str]:
        """What rules are sorted by to be run."""
        number = float("".join(filter(str.isdigit, self.id)) or "inf")
        return (number if self.order is None else self.order), self.id

    def hint_for(self, kind: Kind) -> Hint | None:
        """What tells whether a file of this kind is to be looked at; None if this rule is no reason to."""
        return self.hint if kind in self.kinds else None

    @abstractmethod
    def apply(self, context: RuleContext) -> None:
        """Add this rule's edits and records to a context, which is of the class :attr:`context`."""


@dataclass(frozen=True, kw_only=True)
class PythonRule(Rule):
    """A rule for Python: source files, and the code cells of a notebook, in JSON or in Markdown, as one module."""

    run: Callable[[PythonContext], None]
    hint: Hint = mentions_callbacks
    kinds: ClassVar[frozenset[Kind]] = frozenset({"python", "notebook", "prose"})
    context: ClassVar[type[RuleContext]] = PythonContext

    def apply(self, context: RuleContext) -> None:
        assert isinstance(context, PythonContext)
        self.run(context)


@dataclass(frozen=True, kw_only=True)
class ProseRule(PythonRule):
    """A rule for text with code in it: Markdown, reStructuredText."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({"prose"})


@dataclass(frozen=True, kw_only=True)
class YamlRule(Rule):
    """A rule for YAML files."""

    run: Callable[[YamlContext], None]
    kinds: ClassVar[frozenset[Kind]] = frozenset({"yaml"})
    context: ClassVar[type[RuleContext]] = YamlContext

    def apply(self, context: RuleContext) -> None:
        assert isinstance(context, YamlContext)
        self.run(context)


@dataclass(frozen=True, kw_only=True)
class DependencyRule(Rule):
    """A rule that says where a project's dependencies need the package. It edits nothing.

    It is run last, on the file as it was, and knows what became of it. A requirements file is looked at for its sake;
    a notebook is not, nor a Python file that is one, and it only joins the others there. If no file of a run has come
    to import the package, nothing of what it says is shown.
    """

    run: Callable[[DependencyContext], None]
    kinds: ClassVar[frozenset[Kind]] = frozenset({"requirements", "notebook", "python"})
    context: ClassVar[type[RuleContext]] = DependencyContext

    def hint_for(self, kind: Kind) -> Hint | None:
        return self.hint if kind == "requirements" else None

    def apply(self, context: RuleContext) -> None:
        assert isinstance(context, DependencyContext)
        self.run(context)

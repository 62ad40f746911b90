"""The rules. They are found: every module of this package that has a ``RULE`` is one (see :mod:`.rule`)."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from .rule import Rule


def _find() -> tuple[Rule, ...]:
    """The rules of the modules of this package, in the order they run.

    Raises:
        ValueError: two rules have the same id or name.
    """
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    rules = sorted((module.RULE for module in modules if hasattr(module, "RULE")), key=lambda rule: rule.position)
    names: set[str] = set()
    for name in (name for rule in rules for name in (rule.id, rule.name)):
        if name in names:
            raise ValueError(f"two rules are called {name}")
        names.add(name)
    return tuple(rules)


RULES: tuple[Rule, ...] = _find()


def selected(level: int, only: frozenset[str] = frozenset(), skip: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The ids of the rules to run."""
    return tuple(
        rule.id for rule in RULES if rule.level <= level and (not only or rule.id in only) and rule.id not in skip
    )

"""The registry of rules, in the order they run."""

from __future__ import annotations

from .context import Rule
from . import (
    wk001_from_import,
    wk002_attribute,
    wk003_module_import,
    wk004_star_import,
    wk005_string,
    wk006_yaml_target,
    wk007_requirements,
    wk008_keras_2_names,
    wk101_callbacks,
    wk102_sweep_dict,
    wk103_sweep_yaml,
)

RULES: tuple[Rule, ...] = (
    wk001_from_import.RULE,
    wk003_module_import.RULE,  # before WK002: it decides about whole modules, WK002 about what is left
    wk002_attribute.RULE,
    wk004_star_import.RULE,
    wk005_string.RULE,
    wk006_yaml_target.RULE,
    wk007_requirements.RULE,
    wk008_keras_2_names.RULE,
    wk101_callbacks.RULE,
    wk102_sweep_dict.RULE,
    wk103_sweep_yaml.RULE,
)


def selected(level: int, only: frozenset[str] = frozenset(), skip: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The ids of the rules to run."""
    return tuple(
        rule.id for rule in RULES if rule.level <= level and (not only or rule.id in only) and rule.id not in skip
    )

"""The registry of rules, in the order they run."""

from __future__ import annotations

from ..context import Rule
from . import wk001_from_import, wk002_attribute, wk003_module_import, wk004_star_import, wk005_string

RULES: tuple[Rule, ...] = (
    wk001_from_import.RULE,
    wk003_module_import.RULE,  # before WK002: it decides about whole modules, WK002 about what is left
    wk002_attribute.RULE,
    wk004_star_import.RULE,
    wk005_string.RULE,
)

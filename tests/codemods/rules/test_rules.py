"""What all rules have: a place in the order, a name and number that people write, and words about it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import wandb_keras_codemods
from wandb_keras_codemods.rules import RULES

FOLDER = Path(wandb_keras_codemods.__file__).parent / "rules"
README = Path(__file__).parents[3] / "codemods" / "README.md"


def test_rules_run_by_their_number_but_for_those_with_an_order() -> None:
    """WK003 decides about whole modules before WK002 looks at what is left."""
    assert [rule.id for rule in RULES] == [
        "WK001", "WK003", "WK002", "WK004", "WK005", "WK006", "WK007", "WK008", "WK010", "WK011",
        "WK101", "WK102", "WK103", "WK104", "WK009",
    ]  # fmt: skip


def test_the_module_of_a_rule_is_named_for_it() -> None:
    """``wk001_….py`` holds WK001, and every module with such a name holds a rule."""
    assert sorted(path.name.partition("_")[0].upper() for path in FOLDER.glob("wk*.py")) == sorted(
        rule.id for rule in RULES
    )


def test_the_readme_has_a_section_for_each_rule_by_its_number_and_name() -> None:
    """And for nothing else; those names are what ``--only`` and ``--skip`` take."""
    headings = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("### WK")]
    assert headings == [f"### {rule.id} {rule.name}" for rule in sorted(RULES, key=lambda rule: rule.id)]


def test_what_a_rule_says_of_itself_is_what_its_module_does() -> None:
    for path in sorted(FOLDER.glob("wk*.py")):
        module = import_module(f"wandb_keras_codemods.rules.{path.stem}")
        assert module.RULE.doc == module.__doc__
        assert module.RULE.level == (2 if path.stem.startswith("wk1") else 1)

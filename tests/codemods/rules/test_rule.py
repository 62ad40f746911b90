"""What a rule is: the files it reads, its place among the others, and what tells that a file may be one for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from wandb_keras_codemods.documents.document import Kind
from wandb_keras_codemods.names import MODERN, MOVED
from wandb_keras_codemods.rules import RULES
from wandb_keras_codemods.rules.rule import DependencyRule, ProseRule, PythonRule, Rule, YamlRule, mentions_callbacks


def rule(
    id: str = "WK050", *, order: float | None = None, doc: str = "", kind: Callable[..., Rule] = PythonRule
) -> Rule:
    return kind(id=id, name="x", level=1, doc=doc, order=order, hint=mentions_callbacks, run=lambda _: None)


FORMS = [
    *(f"from {module} import {name}" for module, names in MOVED.items() for name in names),
    *(f"from wandb_keras_compat import {name}" for name in sorted(MODERN)),
    "import wandb.keras", "import wandb . keras as k", "import wandb\nwandb.keras.WandbCallback", "from wandb import keras",
    "from wandb import (\n    config,\n    keras,\n)", "from wandb import config, \\\n    keras", "from wandb.integration import keras",
    "import wandb.wandb_keras", "wandb.\\\n  keras", "import wandb\nm = getattr(wandb, 'keras')\nc = getattr(m, name)", "x = 'wandb.integration.keras'",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_a_file_that_may_use_a_callback_is_looked_at(text: str) -> None:
    """However it is written; a rule that is not shown a file cannot say that there is nothing."""
    assert mentions_callbacks(text.encode())
    assert mentions_callbacks(text.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nimport wandb\n", "from wandb import config; import keras", "wandb.init()\nkeras.Model()", "x = 1",
        "from common import WandbCallback", "class Wandb(keras.Model): pass", "import keras, wandb",
    ],
)  # fmt: skip
def test_a_file_that_only_has_both_names_is_not(text: str) -> None:
    assert not mentions_callbacks(text.encode())


def test_a_rule_runs_by_its_number_unless_it_has_a_place() -> None:
    """One without a number comes last."""
    rules = [
        rule("WK100"),
        rule("WK9"),
        rule("WK050"),
        rule("OWN"),
        rule("WK200", order=1.5),
        rule("WK001"),
        rule("A", order=50),
    ]
    rules.sort(key=lambda each: each.position)
    assert [each.id for each in rules] == ["WK001", "WK200", "WK9", "A", "WK050", "WK100", "OWN"]


def test_a_rule_is_summed_up_by_the_first_line_of_what_it_says() -> None:
    assert rule(doc="\nMoves a name.\n\nAnd more.\n").summary == "Moves a name."
    assert all(each.summary for each in RULES)


KINDS: dict[Callable[..., Rule], tuple[set[str], set[str]]] = {
    PythonRule: ({"python", "notebook", "prose"}, {"python", "notebook", "prose"}),
    ProseRule: ({"prose"}, {"prose"}),
    YamlRule: ({"yaml"}, {"yaml"}),
    DependencyRule: ({"requirements", "notebook", "python"}, {"requirements"}),
}


@pytest.mark.parametrize(("kind", "reads", "looks"), [(kind, *found) for kind, found in KINDS.items()])
def test_which_files_a_rule_reads_and_which_are_looked_at_for_its_sake(
    kind: Callable[..., Rule], reads: set[str], looks: set[str]
) -> None:
    """A notebook is read for its installs where other rules look at it, and not for that alone."""
    made = rule(kind=kind)
    assert made.kinds == reads
    assert {each for each in get_args(Kind) if made.hint_for(each) is not None} == looks
    assert all(made.hint_for(each) in (None, mentions_callbacks) for each in get_args(Kind))
    assert not made.last and made.worth_a_pass(b"", None)

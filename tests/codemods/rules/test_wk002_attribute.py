"""WK002: dotted uses."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.names import HELPERS, MODERN

from ..tools import actions, check_noop, check_transformed, migrate, reasons

S = "from wandb_keras_compat import WandbCallback\n"
FORMS = {
    "call": ("import wandb\nx = wandb.keras.WandbCallback()\n", f"import wandb\n{S}x = WandbCallback()\n"),
    "newer": (
        "import wandb\nx = wandb.keras.WandbMetricsLogger()\n",
        "import wandb\nfrom wandb_keras_compat import WandbMetricsLogger\nx = WandbMetricsLogger()\n",
    ),
    "alias": ("import wandb as wb\nx = wb.keras.WandbCallback\n", f"import wandb as wb\n{S}x = WandbCallback\n"),
    "integration": (
        "import wandb.integration.keras\nx = wandb.integration.keras.WandbCallback\n",
        f"import wandb.integration.keras\n{S}x = WandbCallback\n",
    ),
    "base class, annotation, decorator argument": (
        "import wandb\nclass A(wandb.keras.WandbCallback):\n    x: wandb.keras.WandbCallback\n",
        f"import wandb\n{S}class A(WandbCallback):\n    x: WandbCallback\n",
    ),
    "one import for many uses": (
        "import wandb\nx = [wandb.keras.WandbCallback, wandb.keras.WandbCallback]\n",
        f"import wandb\n{S}x = [WandbCallback, WandbCallback]\n",
    ),
    "both homes": (
        "import wandb  # track\nx = wandb.keras.WandbCallback, wandb.keras.WandbEvalCallback\n",
        "import wandb  # track\nfrom wandb_keras_compat import WandbCallback, WandbEvalCallback\nx = WandbCallback, WandbEvalCallback\n",
    ),
    "an import that is there is used": (
        "import wandb\nfrom wandb.keras import WandbCallback\nx = wandb.keras.WandbCallback\n",
        f"import wandb\n{S}x = WandbCallback\n",
    ),
    "bound in a function": (
        "def f():\n    import wandb\n    return wandb.keras.WandbCallback\n",
        f"def f():\n    import wandb\n    {S}    return WandbCallback\n",
    ),
    "same line": (
        "import wandb; x = wandb.keras.WandbCallback\n",
        "import wandb; from wandb_keras_compat import WandbCallback; x = WandbCallback\n",
    ),
    "inside try": (
        "try:\n    import wandb\nexcept ImportError:\n    wandb = None\nx = wandb.keras.WandbCallback\n",
        f"try:\n    import wandb\n    {S}except ImportError:\n    wandb = None\nx = WandbCallback\n",
    ),
    "conditional imports": (
        "if a:\n    import wandb\nelse:\n    import wandb\nx = wandb.keras.WandbCallback\n",
        f"if a:\n    import wandb\n    {S}else:\n    import wandb\n    {S}x = WandbCallback\n",
    ),
    "the name is taken by its own instance": (
        "import wandb\nWandbCallback = wandb.keras.WandbCallback()\n",
        "import wandb\nimport wandb_keras_compat\nWandbCallback = wandb_keras_compat.WandbCallback()\n",
    ),
    "the name is a parameter": (
        "import wandb\ndef f(WandbCallback):\n    return wandb.keras.WandbCallback\n",
        "import wandb\nimport wandb_keras_compat\ndef f(WandbCallback):\n    return wandb_keras_compat.WandbCallback\n",
    ),
    "the name may come from a star": (
        "import wandb\nfrom lib import *\nx = wandb.keras.WandbCallback, WandbCallback\n",
        "import wandb\nimport wandb_keras_compat\nfrom lib import *\nx = wandb_keras_compat.WandbCallback, WandbCallback\n",
    ),
    "no final newline": (
        "x = lambda: wandb.keras.WandbCallback\nimport wandb",
        "x = lambda: WandbCallback\nimport wandb\nfrom wandb_keras_compat import WandbCallback",
    ),
    "spaces and parentheses": (
        "import wandb\nx = (wandb . keras\n     .WandbCallback)\n",
        f"import wandb\n{S}x = (WandbCallback)\n",
    ),
    "2017": (
        "import wandb.wandb_keras\nx = wandb.wandb_keras.WandbKerasCallback()\n",
        f"import wandb\n{S}x = WandbCallback()\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), FORMS.values(), ids=FORMS)
def test_form(before: str, after: str) -> None:
    """Each dotted use becomes a name that is imported once, in the right scope."""
    check_transformed(before, after)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import wandb\nwandb.keras = wandb.integration.keras\n", "home-made stand-in"),
        ("import wandb\nwandb.keras.WandbCallback = Mine\n", "assigned to"),
        ("import wandb\nk = wandb.keras\n", "used as an object"),
        ("import wandb\nx = wandb.keras.deprecate()\n", "no known new home"),
        ("import wandb\nif x:\n    wandb = Fake()\ny = wandb.keras.WandbCallback\n", "bound to something else"),
        ("from wandb import keras\nx = keras.WandbCallback, keras.models\n", "if Keras itself was meant"),
        (
            "def f():\n    global wandb\n    import wandb\ndef g():\n    return wandb.keras.WandbCallback\n",
            "no free name",
        ),
    ],
)
def test_what_is_left_with_a_reason(text: str, why: str) -> None:
    """What cannot be moved safely stays and is said."""
    assert why in reasons(check_noop(text))


@pytest.mark.parametrize(
    "text",
    [
        "def f(wandb):\n    return wandb.keras.WandbCallback\n",
        "wandb = object()\nx = wandb.keras.WandbCallback\n",
        "from tools import wandb\nx = wandb.keras.WandbCallback\n",
        "import other.wandb as wandb\nx = wandb.keras.WandbCallback\n",
        "import wandb\nx = self.wandb.keras.WandbCallback\n",
        "import wandb\nx = wandb.integration.keras.WandbMetricsLogger\n",
    ],
)
def test_shadowed_names_stay(text: str) -> None:
    """The decision is by what the name is bound to, never by its spelling; WK010 says where that cannot be followed."""
    found = {(rule, action) for rule, action, _ in actions(check_noop(text))}
    assert found <= {("WK010", "left")}


@pytest.mark.parametrize("name", sorted(MODERN | HELPERS))
def test_a_name_that_only_one_of_two_modules_has_moved_is_left(name: str) -> None:
    """Which of them it is depends on the wandb that is installed."""
    outcome = migrate(
        "try:\n    import wandb.integration.keras as k\nexcept ImportError:\n    import wandb.keras as k\n"
        f"show(vars(k))\nx = k.{name}\n"
    )
    assert outcome.after is not None and outcome.after.endswith(f"x = k.{name}\n".encode())
    assert "bound to something else as well" in reasons(outcome)


def test_an_ignore_comment_on_the_line() -> None:
    """The line is left, which the report says; the next one is not."""
    outcome = migrate(
        "import wandb\nx = wandb.keras.WandbCallback  # wandb-keras-compat: ignore\ny = wandb.keras.WandbCallback\n"
    )
    assert b"x = wandb.keras.WandbCallback  #" in (outcome.after or b"")
    assert b"y = WandbCallback" in (outcome.after or b"")
    assert ("WK002", "ignored", 2) in actions(outcome)


def test_an_ignore_comment_for_the_file() -> None:
    """The whole file is left alone, silently."""
    assert actions(check_noop("# wandb-keras-compat: ignore-file\nfrom wandb.keras import WandbCallback\n")) == []
    check_transformed(
        "x = '# wandb-keras-compat: ignore-file'\nfrom wandb.keras import WandbCallback\n",
        "x = '# wandb-keras-compat: ignore-file'\nfrom wandb_keras_compat import WandbCallback\n",
    )

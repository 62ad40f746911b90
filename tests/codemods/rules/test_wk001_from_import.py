"""WK001: from-imports."""

from __future__ import annotations

import pytest

from ..tools import actions, check_noop, check_transformed, migrate, reasons

FORMS = {
    "alias": ("from wandb.keras import WandbCallback as WC\n", "from wandb_keras_compat import WandbCallback as WC\n"),
    "integration": (
        "from wandb.integration.keras import WandbCallback\n",
        "from wandb_keras_compat import WandbCallback\n",
    ),
    "defining module": (
        "from wandb.integration.keras.keras import WandbCallback\n",
        "from wandb_keras_compat import WandbCallback\n",
    ),
    "several, one home": (
        "from wandb.keras import WandbEvalCallback, WandbMetricsLogger as L\n",
        "from wandb_keras_compat import WandbEvalCallback, WandbMetricsLogger as L\n",
    ),
    "integration, mixed": (
        "from wandb.integration.keras import WandbMetricsLogger, WandbCallback as W  # both\n",
        "from wandb.integration.keras import WandbMetricsLogger  # both\nfrom wandb_keras_compat import WandbCallback as W\n",
    ),
    "parenthesised with comments": (
        "from wandb.integration.keras import (  # head\n    WandbCallback,  # a\n    WandbMetricsLogger as M,  # b\n)  # tail\n",
        "from wandb_keras_compat import (  # head\n    WandbCallback,  # a\n)  # tail\n"
        "from wandb.integration.keras import (\n    WandbMetricsLogger as M,  # b\n)\n",
    ),
    "parenthesised on one line": (
        "from wandb.integration.keras import (WandbMetricsLogger, WandbCallback)\n",
        "from wandb.integration.keras import (WandbMetricsLogger)\nfrom wandb_keras_compat import (WandbCallback)\n",
    ),
    "backslash": (
        "from wandb.integration.keras import WandbCallback, \\\n    WandbMetricsLogger\n",
        "from wandb_keras_compat import WandbCallback\nfrom wandb.integration.keras import WandbMetricsLogger\n",
    ),
    "backslash in the path": (
        "from wandb. \\\n  keras import WandbCallback\n",
        "from wandb_keras_compat import WandbCallback\n",
    ),
    "odd spaces": (
        "from   wandb . keras   import   WandbCallback  as  W\n",
        "from   wandb_keras_compat   import   WandbCallback  as  W\n",
    ),
    "semicolon": (
        "wandb.login(); from wandb.integration.keras import WandbCallback, WandbMetricsLogger; x = 1\n",
        "wandb.login(); from wandb_keras_compat import WandbCallback; "
        "from wandb.integration.keras import WandbMetricsLogger; x = 1\n",
    ),
    "suite on the if line": (
        "if x: from wandb.integration.keras import WandbCallback, WandbMetricsLogger\n",
        "if x: from wandb_keras_compat import WandbCallback; from wandb.integration.keras import WandbMetricsLogger\n",
    ),
    "function, class, if, tabs": (
        "class A:\n\tdef f(self):\n\t\tif x:\n\t\t\tfrom wandb.integration.keras import WandbCallback, WandbMetricsLogger\n\t\t\treturn 1\n",
        "class A:\n\tdef f(self):\n\t\tif x:\n\t\t\tfrom wandb_keras_compat import WandbCallback\n"
        "\t\t\tfrom wandb.integration.keras import WandbMetricsLogger\n\t\t\treturn 1\n",
    ),
    "no final newline": (
        "from wandb.integration.keras import WandbCallback, WandbMetricsLogger",
        "from wandb_keras_compat import WandbCallback\nfrom wandb.integration.keras import WandbMetricsLogger",
    ),
    "2017, aliased": (
        "from wandb.wandb_keras import WandbKerasCallback as W\n",
        "from wandb_keras_compat import WandbCallback as W\n",
    ),
    "try with two arms": (
        "try:\n    from wandb.integration.keras import WandbMetricsLogger\n"
        "except ModuleNotFoundError:\n    from wandb.keras import WandbMetricsLogger\n",
        "try:\n    from wandb.integration.keras import WandbMetricsLogger\n"
        "except ModuleNotFoundError:\n    from wandb_keras_compat import WandbMetricsLogger\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), FORMS.values(), ids=FORMS)
def test_form(before: str, after: str) -> None:
    """Each form moves, keeping its layout."""
    check_transformed(before, after)


def test_crlf_is_kept_in_added_lines() -> None:
    """A statement that is added ends as its neighbours do."""
    outcome = migrate(b"x = 1\r\nfrom wandb.integration.keras import WandbCallback, WandbMetricsLogger\r\ny = 2\r\n")
    assert outcome.after == (
        b"x = 1\r\nfrom wandb_keras_compat import WandbCallback\r\n"
        b"from wandb.integration.keras import WandbMetricsLogger\r\ny = 2\r\n"
    )


def test_a_byte_order_mark_and_a_cookie_are_kept() -> None:
    """The file's encoding is the file's."""
    latin = "# -*- coding: latin-1 -*-\nname = 'caf\xe9'\nfrom wandb.keras import WandbCallback\n".encode("latin-1")
    assert migrate(latin).after == latin.replace(b"wandb.keras", b"wandb_keras_compat")
    marked = b"\xef\xbb\xbfname = '\xc3\xa9'\nfrom wandb.keras import WandbCallback\n"
    assert migrate(marked).after == marked.replace(b"wandb.keras", b"wandb_keras_compat")


def test_a_name_without_a_new_home_is_left_where_it_is() -> None:
    """Internals stay in the old statement, with a reason; the others move."""
    outcome = check_transformed(
        "from wandb.keras import WandbCallback, deprecate\n",
        "from wandb_keras_compat import WandbCallback\nfrom wandb.keras import deprecate\n",
    )
    assert "deprecate has no known new home" in reasons(outcome)


def test_the_functions_beside_the_class_move_with_it() -> None:
    """What programs call by name is in the package, too."""
    check_transformed(
        "from wandb.keras import WandbCallback, patch_tf_keras, is_dataset\n",
        "from wandb_keras_compat import WandbCallback, patch_tf_keras, is_dataset\n",
    )


def test_equal_arms_are_noted() -> None:
    """A fallback between two paths that have become one is worth a remark, not an edit."""
    outcome = migrate(
        "try:\n    from wandb.integration.keras import WandbCallback\n"
        "except ImportError:\n    from wandb.keras import WandbCallback\n"
    )
    assert ("WK001", "note", 2) in actions(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "from .wandb.keras import WandbCallback\n",
        "from mywandb.keras import WandbCallback\n",
        "from wandb.integration.keras import WandbMetricsLogger\n",
        "from wandb.integration.lightgbm import wandb_callback\n# wandb.keras\n",
        "from wandb.integration.keras.callbacks.tables_builder import WandbEvalCallback as WandbCallback\n",
        "from pl_bolts.keras import WandbCallback  # wandb\n",
        "'''\nfrom wandb.keras import WandbCallback\n'''\n",
        "# from wandb.keras import WandbCallback\n",
    ],
)
def test_what_stays(text: str) -> None:
    """Names of others, strings and comments."""
    check_noop(text)

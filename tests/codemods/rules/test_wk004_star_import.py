"""WK004: star imports."""

from __future__ import annotations

import pytest

from ..tools import actions, check_noop, check_transformed, migrate, reasons

FORMS = {
    "names used": (
        "from wandb.keras import *  # all\nx = WandbCallback, WandbMetricsLogger\n",
        "from wandb_keras_compat import WandbCallback, WandbMetricsLogger  # all\n"
        "x = WandbCallback, WandbMetricsLogger\n",
    ),
    "a name of one's own is not from the star": (
        "from wandb.keras import *\nclass WandbCallback: pass\nx = WandbEvalCallback\n",
        "from wandb_keras_compat import WandbEvalCallback\nclass WandbCallback: pass\nx = WandbEvalCallback\n",
    ),
    "another star": (
        "from wandb.keras import *\nfrom lib import *\nx = WandbCallback\n",
        "from wandb_keras_compat import *\nfrom lib import *\nx = WandbCallback\n",
    ),
    "another star before it": (
        "from lib import *\nfrom wandb.keras import *\nx = WandbCallback\n",
        "from lib import *\nfrom wandb_keras_compat import *\nx = WandbCallback\n",
    ),
    "one that is enough before it": (
        "from wandb.integration.keras import *\nfrom wandb.keras import *\nx = WandbMetricsLogger\n",
        "from wandb.integration.keras import *\nfrom wandb_keras_compat import WandbMetricsLogger\nx = WandbMetricsLogger\n",
    ),
    "nothing used": ("from wandb.keras import *\n", "from wandb_keras_compat import *\n"),
    "integration": (
        "from wandb.integration.keras import *\nx = WandbCallback, WandbMetricsLogger\n",
        "from wandb.integration.keras import *\nfrom wandb_keras_compat import WandbCallback\n"
        "x = WandbCallback, WandbMetricsLogger\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), FORMS.values(), ids=FORMS)
def test_form(before: str, after: str) -> None:
    """What the star was there for is named, or the place is reported."""
    check_transformed(before, after)


def test_another_star_is_reported() -> None:
    """Which names it stands for cannot be told, and the report says so."""
    outcome = check_transformed(
        "from wandb.keras import *\nfrom lib import *\n", "from wandb_keras_compat import *\nfrom lib import *\n"
    )
    assert "beside another star" in reasons(outcome, "changed")


def test_a_star_of_the_new_module_stays_if_it_is_enough() -> None:
    """No legacy name, no change."""
    check_noop("from wandb.integration.keras import *\nx = WandbMetricsLogger\n")


def test_an_ignore_comment_keeps_a_star() -> None:
    outcome = migrate("from wandb.keras import *  # wandb-keras-compat: ignore\nx = WandbCallback\n")
    assert (outcome.after, actions(outcome)) == (None, [("WK004", "ignored", 1)])

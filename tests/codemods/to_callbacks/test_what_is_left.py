"""Places that level 2 leaves are all named: "0 places left" means that there is none."""

from __future__ import annotations

import pytest

from ..tools import check_transformed, migrate, reasons

OLD = "from wandb.keras import WandbCallback\n"
FIT = "model.fit(x, validation_data=v, callbacks=[{}])\n"

LEFT = {
    "a module by its name": (
        'import importlib\nm = importlib.import_module("wandb.keras")\n' + FIT.format("m.WandbCallback()"),
        "named in a string",
    ),
    "a class in a configuration": ('c = {"_target_": "wandb.keras.WandbCallback"}\n', "named in a string"),
    "a name in a class": ("class T:\n    " + OLD + "    def f(self): " + FIT.format("self.WandbCallback()"), "into a class"),
    "beside another star": ("from math import *\nfrom wandb.keras import *\n" + FIT.format("WandbCallback()"), "name it"),
    "Python in a string": (f"exec({OLD!r}, names)\n", "cannot be followed"),
    "a module by getattr": ("import wandb\n" + FIT.format('getattr(wandb, "keras").WandbCallback()'), "cannot be followed"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "why"), LEFT.values(), ids=LEFT)
def test_a_callback_that_comes_in_unseen_is_named(text: str, why: str) -> None:
    outcome = migrate(text, level=2)
    assert why in reasons(outcome)
    again = migrate((outcome.after or text.encode()), level=2)
    assert why in reasons(again), "and the next run names it again"


@pytest.mark.parametrize(
    "test", ["if WandbCallback: pass\n", "if WandbCallback is not None: pass\n", "a = b if not WandbCallback else c\n"]
)
def test_a_question_whether_wandb_is_there_is_no_use(test: str) -> None:
    text = (
        "try:\n    "
        + OLD
        + "except ImportError:\n    WandbCallback = None\n"
        + test
        + FIT.format("WandbCallback(save_model=False)")
    )
    outcome = migrate(text, level=2)
    assert reasons(outcome) == ""
    assert b"import WandbCallback, WandbMetricsLogger" in (outcome.after or b"")


def test_what_goes_leaves_the_best_for_what_stays() -> None:
    """The second goes on from ``best_val_loss`` of its run, which the first wrote."""
    both = "from wandb_keras_compat import WandbCallback, WandbBestSummary, WandbMetricsLogger\n"
    check_transformed(
        OLD + FIT.format("WandbCallback(save_model=False)") + FIT.format("WandbCallback(**options)"),
        both + FIT.format("WandbMetricsLogger(), WandbBestSummary()") + FIT.format("WandbCallback(**options)"),
        level=2,
    )

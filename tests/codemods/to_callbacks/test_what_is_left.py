"""Places that level 2 leaves are all named: "0 places left" means that there is none."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.to_callbacks.project import Keys

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


@pytest.mark.parametrize(
    "patch",
    [
        'mock.patch("wandb.keras.WandbCallback", x)',
        'patch("wandb_keras_compat.WandbCallback")',
        'mock.patch.object(module, "WandbCallback")',
        'monkeypatch.setattr("wandb.keras.WandbCallback", x)',
    ],
)
@pytest.mark.parametrize("keys", ["new", "both"])
def test_a_class_that_a_test_replaces_stays(patch: str, keys: Keys) -> None:
    text = "import wandb.keras\n" + patch + "\n" + FIT.format("wandb.keras.WandbCallback(save_model=False)")
    outcome = migrate(text, level=2, keys=keys)
    assert "in the place of the legacy class" in reasons(outcome)
    assert b"WandbMetricsLogger" not in (outcome.after or b"")


def test_a_logger_that_is_there_is_not_doubled() -> None:
    """Beside it the legacy callback logged the old keys; a second logger would log the newer ones again."""
    text = (
        "from wandb.keras import WandbCallback, WandbMetricsLogger\n"
        + FIT.format("WandbMetricsLogger(log_freq=10), WandbCallback(save_model=False, save_graph=False)")
    )  # fmt: skip
    assert "would log each row again" in reasons(migrate(text, level=2))
    after = (migrate(text, level=2, keys="both").after or b"").decode()
    assert FIT.format('WandbMetricsLogger(log_freq=10), WandbMetricsLogger(keys="legacy"), WandbBestSummary()') in after


@pytest.mark.parametrize("key", ["validation_predictions", "examples", "GFLOPs"])
def test_a_key_that_keeps_its_name_is_no_reason(key: str) -> None:
    text = (
        "import wandb\n" + OLD + FIT.format("WandbCallback(save_model=False)") + f"print(wandb.run.summary[{key!r}])\n"
    )
    assert reasons(migrate(text, level=2)) == ""


def test_an_import_that_nothing_uses_any_more_goes() -> None:
    """Also where its statement takes no new name, because another has it."""
    text = "from wandb.keras import WandbMetricsLogger, WandbCallback\nlogger = WandbMetricsLogger\n"
    text += FIT.format("WandbCallback(save_model=False)")
    after = (migrate(text, level=2).after or b"").decode()
    assert "WandbCallback" not in after, after


def test_an_import_is_written_once_in_a_block() -> None:
    text = (
        "import wandb\ndef a():\n    WandbCallback = wandb.keras.WandbCallback(save_model=False)\n"
        "    model.fit(x, callbacks=[WandbCallback])\ndef b():\n    cb = wandb.keras.WandbCallback(save_model=False)\n"
        "    model.fit(x, callbacks=[cb])\n"
    )  # fmt: skip
    after = (migrate(text, level=2).after or b"").decode()
    assert after.count("from wandb_keras_compat import WandbMetricsLogger\n") == 1, after


def test_what_is_no_longer_evaluated_is_said() -> None:
    outcome = migrate(OLD + FIT.format("WandbCallback(labels=fetch(), save_model=False)"), level=2)
    assert "fetch() is no longer evaluated" in reasons(outcome, "changed")


def test_the_best_of_a_run_is_kept_by_all_callbacks_or_by_none() -> None:
    """The summary would hold a best value that is not the best."""
    first, second = FIT.format("WandbCallback()"), FIT.format("WandbCallback(save_model=False)")
    after = (migrate(OLD + first + second, level=2).after or b"").decode()
    assert FIT.format("WandbMetricsLogger(), WandbBestSummary()") in after
    after = (migrate(OLD + second + second, level=2).after or b"").decode()
    assert "WandbBestSummary" not in after

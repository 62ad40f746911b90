"""WK009: the package's newer callbacks or W&B's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.engine.migrate_file import Job, Outcome
from wandb_keras_codemods.names import NewerFrom
from wandb_keras_codemods.rules import selected

from ..tools import checked

PACKAGE = "from wandb_keras_compat import WandbMetricsLogger, WandbModelCheckpoint\n"
WANDB = "from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint\n"


def migrated(text: str, newer_from: NewerFrom | None, *, level: int = 1) -> Outcome:
    return checked(Job("train.py", "python", text.encode(), selected(level), newer_from=newer_from))


def after(text: str, newer_from: NewerFrom | None) -> str:
    outcome = migrated(text, newer_from)
    assert not outcome.failed, outcome.records
    found = (outcome.after or text.encode()).decode()
    again = migrated(found, newer_from)
    assert again.after is None, "a second run changes nothing"
    return found


SAME = ["WandbMetricsLogger()", "WandbMetricsLogger(log_freq=5)", 'WandbModelCheckpoint("m.keras")',
        'WandbModelCheckpoint(os.path.join(d, "m_{epoch:02d}.keras"), monitor=m)',
        'WandbModelCheckpoint(f"{d}/w.weights.h5", save_weights_only=True)']  # fmt: skip
REFUSED = ['WandbModelCheckpoint("m_{epoch:02d}")', 'WandbModelCheckpoint("w", "val_loss", 0, False, True)',
           'WandbModelCheckpoint("m.keras", options=o)', "WandbModelCheckpoint(pathlib.Path(d) / name)",
           'WandbModelCheckpoint(d + "/m-{epoch}.keras", save_best_only=True)',
           'WandbModelCheckpoint("m.keras", initial_value_threshold=0.3)']  # fmt: skip
UNSURE = ["WandbModelCheckpoint(path)", 'WandbModelCheckpoint("m.keras", save_best_only=best)',
          'WandbModelCheckpoint("m.keras", **more)', "WandbModelCheckpoint"]  # fmt: skip


@given(st.lists(st.sampled_from([*SAME, *REFUSED[1:3], *UNSURE]), min_size=1, max_size=4))
def test_a_name_moves_to_wandb_if_every_use_of_it_means_the_same(uses: list[str]) -> None:
    text = "import os, pathlib\nfrom functools import partial\n"
    text += "from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint\n" + "".join(
        f"f({use})\n" for use in uses
    )
    found = after(text, "wandb")
    for name in ("WandbMetricsLogger", "WandbModelCheckpoint"):
        mine = [use for use in uses if use.startswith(name)]
        home = "wandb.integration.keras" if mine and set(mine) <= set(SAME) else "wandb_keras_compat"
        (line,) = [line for line in found.splitlines() if "import" in line and name in line]
        assert home in line, found


@given(st.lists(st.sampled_from([*SAME, *REFUSED, *UNSURE]), min_size=1, max_size=4))
def test_a_name_of_wandb_moves_to_the_package_if_a_use_of_it_is_refused(uses: list[str]) -> None:
    text = WANDB + "".join(f"f({use})\n" for use in uses)
    assert after(text, None) == text, "without the option such uses are reported only"
    refused = [use for use in uses if use in REFUSED]
    notes = [record for record in migrated(text, None).records if record.action == "note"]
    assert len(notes) == len(refused)
    found = after(text, "package")
    (line,) = [line for line in found.splitlines() if "import" in line and "WandbModelCheckpoint" in line]
    assert ("wandb_keras_compat" in line) == bool(refused)
    assert "from wandb.integration.keras import WandbMetricsLogger" in found, "its uses are all right"


def test_each_use_that_stays_says_why() -> None:
    text = "from wandb.keras import WandbModelCheckpoint as C, WandbEvalCallback\n\nC('m')\nclass T(WandbEvalCallback): pass\n"
    records = [record for record in migrated(text, "wandb").records if record.action == "left"]
    assert [(str(record.location), record.reason.partition(": ")[2]) for record in records] == [
        ("3", "Keras 3 and W&B's own class refuse a model's path that does not end in .keras"),
        ("4", "offline and disabled runs end in an error with W&B's own class"),
    ]


def test_a_name_that_is_used_nowhere_stays() -> None:
    text = "from wandb_keras_compat import WandbMetricsLogger\n"
    assert after(text, "wandb") == text
    assert "not used here" in migrated(text, "wandb").records[0].reason


def test_uses_through_a_module_are_reported() -> None:
    text = "import wandb_keras_compat as k\nx = k.WandbModelCheckpoint('m')\n"
    assert after(text, "wandb") == text
    assert "refuse a model's path" in migrated(text, "wandb").records[0].reason


def test_an_ignore_comment_keeps_a_statement() -> None:
    text = "from wandb_keras_compat import WandbMetricsLogger  # wandb-keras-compat: ignore\nWandbMetricsLogger()\n"
    assert after(text, "wandb") == text


def test_level_2_writes_the_packages_and_the_option_moves_what_is_the_same(tmp_path: Path) -> None:
    from wandb_keras_codemods.to_callbacks.project import Project

    text = "from wandb.keras import WandbCallback\nmodel.fit(x, validation_data=v, callbacks=[WandbCallback()])\n"
    job = Job("train.py", "python", text.encode(), selected(2), Project(), "wandb")
    found = (checked(job).after or b"").decode()
    assert found.startswith(
        "from wandb.integration.keras import WandbMetricsLogger\nfrom wandb_keras_compat import WandbModelCheckpoint\n"
    )


@pytest.mark.parametrize("text", [PACKAGE + "f(WandbMetricsLogger())\n", WANDB + "f(WandbMetricsLogger())\n"])
def test_without_the_option_nothing_moves(text: str) -> None:
    assert after(text, None) == text


def test_a_star_stays() -> None:
    """Which names it brings, and to whom, cannot be told."""
    text = "from wandb_keras_compat import *\nf(WandbMetricsLogger())\n"
    assert after(text, "wandb") == text

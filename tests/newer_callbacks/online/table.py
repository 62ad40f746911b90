"""Which version needs which fix: a table of what the installed wandb's own classes do with each use.

    python -m tests.newer_callbacks.online.table [--check]

renders ``newer_callbacks/FIXES.md`` of the package from ``results.json``, which ``python -m tests.newer_callbacks.online.record``
adds the environment at hand to.
"""

from __future__ import annotations

import pathlib
import sys
from typing import Any

from packaging.specifiers import SpecifierSet

from .recorded import results

FIXES_MD = pathlib.Path(__file__).parents[3] / "src" / "wandb_keras_compat" / "newer_callbacks" / "FIXES.md"

#: The code that makes a use work, to be deleted when no environment below needs it.
FIXES = {
    "MetricsLogger: keys of epochs": "`PrefixedMetricsLogger`",
    "MetricsLogger: keys of batches": "`PrefixedMetricsLogger`",
    "MetricsLogger: initial_global_step": "`PrefixedMetricsLogger`",
    "MetricsLogger: LearningRateSchedule": "`WandbMetricsLogger._get_lr`",
    "MetricsLogger: LearningRateScheduler": "`WandbMetricsLogger._get_lr`",
    "MetricsLogger: log_freq=0 is refused": "`_checked`",
    'ModelCheckpoint: "models"': "`checkpoint_formats`",
    'ModelCheckpoint: "m.h5"': "`checkpoint_formats`",
    'ModelCheckpoint: "m.keras"': "`_log_as_artifact`",
    'ModelCheckpoint: weights, "w"': "`checkpoint_formats`, `_log_as_artifact`",
    'ModelCheckpoint: weights, "ck-{epoch}"': "`checkpoint_formats`, `_log_as_artifact`",
    'ModelCheckpoint: weights, "w.h5"': "`checkpoint_formats`, `_log_as_artifact`",
    'ModelCheckpoint: weights, "w.weights.h5"': "`_log_as_artifact`",
    "ModelCheckpoint: options=SaveOptions": "`checkpoint_formats`",
    "ModelCheckpoint: options=CheckpointOptions": "`checkpoint_formats`, `_log_as_artifact`",
    "ModelCheckpoint: save_format=": "`checkpoint_formats`",
    "ModelCheckpoint: pathlib.Path": "`os.fspath` in the constructor",
    "ModelCheckpoint: save_best_only, {epoch}, not improved": "`_recording_saves`",
    "ModelCheckpoint: save_best_only, fixed path, not improved": "`_recording_saves`",
    "ModelCheckpoint: monitor missing": "`_can_save`",
    "ModelCheckpoint: initial_value_threshold": "`_recording_saves`",
    "ModelCheckpoint: save_freq=2": "`_log_as_artifact`",
    "EvalCallback: offline": "`WandbEvalCallback.log_data_table`",
    "EvalCallback: disabled": "`_where_tables_go`",
}

#: Each use as a program writes it, for what ``wandb-keras-compat migrate --newer-from wandb`` says of it.
CALLS = {
    "MetricsLogger: keys of epochs": "WandbMetricsLogger()",
    "MetricsLogger: keys of batches": "WandbMetricsLogger(log_freq=2)",
    "MetricsLogger: initial_global_step": "WandbMetricsLogger(initial_global_step=5)",
    "MetricsLogger: LearningRateSchedule": "WandbMetricsLogger()",
    "MetricsLogger: LearningRateScheduler": "WandbMetricsLogger()",
    "MetricsLogger: log_freq=0 is refused": "WandbMetricsLogger(log_freq=0)",
    'ModelCheckpoint: "models"': 'WandbModelCheckpoint("models")',
    'ModelCheckpoint: "m.h5"': 'WandbModelCheckpoint("m.h5")',
    'ModelCheckpoint: "m.keras"': 'WandbModelCheckpoint("m.keras")',
    'ModelCheckpoint: weights, "w"': 'WandbModelCheckpoint("w", save_weights_only=True)',
    'ModelCheckpoint: weights, "ck-{epoch}"': 'WandbModelCheckpoint("ck-{epoch}", save_weights_only=True)',
    'ModelCheckpoint: weights, "w.h5"': 'WandbModelCheckpoint("w.h5", save_weights_only=True)',
    'ModelCheckpoint: weights, "w.weights.h5"': 'WandbModelCheckpoint("w.weights.h5", save_weights_only=True)',
    "ModelCheckpoint: options=SaveOptions": 'WandbModelCheckpoint("models", options=SaveOptions())',
    "ModelCheckpoint: options=CheckpointOptions": (
        'WandbModelCheckpoint("w", save_weights_only=True, options=CheckpointOptions())'
    ),
    "ModelCheckpoint: save_format=": 'WandbModelCheckpoint("models", save_format="tf")',
    "ModelCheckpoint: pathlib.Path": 'WandbModelCheckpoint(Path("m.keras"))',
    "ModelCheckpoint: save_best_only, {epoch}, not improved": (
        'WandbModelCheckpoint("m-{epoch}.keras", save_best_only=True, monitor="loss", mode="max")'
    ),
    "ModelCheckpoint: save_best_only, fixed path, not improved": (
        'WandbModelCheckpoint("m.keras", save_best_only=True, monitor="loss", mode="max")'
    ),
    "ModelCheckpoint: monitor missing": (
        'WandbModelCheckpoint("m.keras", save_best_only=True, monitor="val_nothing", mode="min")'
    ),
    "ModelCheckpoint: initial_value_threshold": (
        'WandbModelCheckpoint("m.keras", save_best_only=True, monitor="loss", initial_value_threshold=0.0)'
    ),
    "ModelCheckpoint: save_freq=2": 'WandbModelCheckpoint("m.keras", save_freq=2)',
    "EvalCallback: online": "WandbEvalCallback([], [])",
    "EvalCallback: offline": "WandbEvalCallback([], [])",
    "EvalCallback: disabled": "WandbEvalCallback([], [])",
}
#: The codemod speaks of the versions that a program can be moved to.
CODEMOD_SPEAKS_OF = SpecifierSet(">=0.18")


def codemod_says(use: str) -> str | None:
    """Why a use stays with the package's class under ``--newer-from wandb``; None if it moves to W&B's own."""
    from wandb_keras_codemods.engine.migrate_file import Job, migrate_file  # an extra, which most cells have not
    from wandb_keras_codemods.rules import selected

    call = CALLS[use]
    text = f"from wandb.keras import {call.partition('(')[0]}\nfit(callbacks=[{call}])\n"
    outcome = migrate_file(Job("train.py", "python", text.encode(), selected(1), newer_from="wandb"))
    if b"from wandb.integration.keras import" in (outcome.after or b""):
        return None
    return "; ".join(record.reason.partition(": ")[2] for record in outcome.records if record.action == "left")


def rendered(recorded: list[dict[str, Any]]) -> str:
    """The table: a row for each use, a column for each environment, newest first."""
    native = [cell for cell in recorded if cell["which"] == "native"]
    heads = [", ".join(f"{name} {version}" for name, version in cell["versions"].items()) for cell in native]
    lines = [
        "<!-- generated by python -m tests.newer_callbacks.online.table -->",
        "# What W&B's own classes do with each documented use",
        "",
        "`works`, or what happens instead: that is where the code in the second column is needed. With this package's",
        "classes every use works in every one of these environments; artifacts are downloaded and their models loaded.",
        "Each use of ModelCheckpoint also needs `TakesOptions` where Keras 3 meets a wandb that passes `options`, and",
        "`is_old_tf_keras_version` where `tf.keras` has no version. The third column is what the codemods say of the use",
        f"(`migrate --newer-from wandb`), for wandb {CODEMOD_SPEAKS_OF}.",
        "",
        f"| use | code here | may be W&B's own | {' | '.join(heads)} |",
        f"|---|---|---|{'---|' * len(heads)}",
    ]
    for use in native[0]["results"]:
        cells = [_cell(cell["results"][use]) for cell in native]
        why = codemod_says(use)
        lines.append(
            f"| {use} | {FIXES.get(use, '')} | {'yes' if why is None else f'no: {why}'} | {' | '.join(cells)} |"
        )
    return "\n".join(lines) + "\n"


def _cell(result: str) -> str:
    return "works" if result == "ok" else result.replace("|", "\\|").replace("<", "&lt;")[:90]


def main(*arguments: str) -> int:
    new = rendered(results())
    if "--check" not in arguments:
        FIXES_MD.write_text(new, encoding="utf-8")
        return 0
    if FIXES_MD.read_text(encoding="utf-8") != new:
        print("FIXES.md is not the table of results.json; run python -m tests.newer_callbacks.online.table")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

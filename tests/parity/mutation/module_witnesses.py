"""Which tests carry the name of which module of the instrument, of the hook, the codemods and what else is no feature.

``tests/parity/mutation/instrument.py`` asks them, and they alone, whether they tell a mutant of the module.
"""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

from .codemods_witnesses import WITNESSES_OF_CODEMODS
from .sources import CODEMODS, PACKAGE, ROOT
from .testing_witnesses import WITNESSES_OF_TESTING
from .training_witnesses import WITNESSES_OF_TRAINING

_CHECK, _MATRIX = "tests/parity/check", "tests/compat_matrix"
_MIGRATION = "tests/parity/migration"

#: Module to the tests that carry its name, or that of the one thing it does; the first are asked first.
WITNESSES: dict[str, tuple[str, ...]] = {
    **WITNESSES_OF_TESTING,
    "parity.check.judge": (f"{_CHECK}/test_judge.py", f"{_MATRIX}/test_judge.py"),
    "parity.check.report": (f"{_CHECK}/test_report.py",),
    "parity.check.cells": (f"{_CHECK}/test_cells.py",),
    "parity.check.requirements": (f"{_CHECK}/test_requirements.py",),
    "parity.check.process": (f"{_MATRIX}/test_process.py",),
    "parity.check.run": (f"{_CHECK}/test_run.py", f"{_CHECK}/test_programs.py"),
    "parity.check.problems": (f"{_CHECK}/test_problems.py",),
    "parity.check.retry": (f"{_CHECK}/test_retry.py",),
    "parity.check.capabilities": (f"{_CHECK}/test_capabilities.py",),
    "parity.check.uv": (f"{_CHECK}/test_uv.py", f"{_MATRIX}/test_resolve.py"),
    "parity.keras2.judge": ("tests/parity/test_keras2_judge.py",),
    "parity.ledger": ("tests/parity/test_comparison_of_trainings.py",),
    "parity.state_machine.judge": ("tests/parity/test_judge_of_plays.py",),
    **{
        f"parity.state_machine.legacy_model.{name}": ("tests/parity/test_legacy_model.py",)
        for name in ("arithmetic", "columns", "rules", "values")
    },
    **{
        f"parity.state_machine.legacy_model.{name}": ("tests/parity/test_legacy_model_of_runs.py",)
        for name in ("best", "pictures", "run")
    },
    "parity.migration.judge": tuple(f"{_MIGRATION}/test_{name}.py" for name in ("judge", "bridge")),
    "parity.migration.bridge": tuple(f"{_MIGRATION}/test_{name}.py" for name in ("bridge_of_runs", "bridge")),
    "parity.migration.saved_models": (f"{_MIGRATION}/test_saved_models.py",),
    "parity.migration.printed": (f"{_MIGRATION}/test_printed.py",),
    "commands.child_process": ("tests/commands/test_child_process.py",),
    "commands.record_trace": ("tests/commands/test_record_trace.py",),
    "commands.logged_run": ("tests/commands/test_logged_run.py",),
    "commands.diagnosis": ("tests/commands/test_doctor.py",),
    "commands.backend": ("tests/commands/test_backend.py",),
    "commands.io": ("tests/commands/test_io.py",),
    "sdk.files": ("tests/sdk/test_files.py",),
    "sdk.images": ("tests/sdk/test_images.py",),
    "sdk.installed_callbacks": ("tests/sdk/test_installed_callbacks.py",),
    "sdk.proxy": ("tests/sdk/test_proxy.py",),
    "sdk.run_state": ("tests/sdk/test_run_state.py",),
    "sdk.run_writer": ("tests/sdk/test_run_writer.py",),
    "sdk.server_answers": ("tests/sdk/test_server_answers.py", "tests/sdk/test_server_questions.py"),
    "sdk.terminal": ("tests/sdk/test_terminal.py",),
    "sdk.telemetry": ("tests/sdk/test_run_state.py",),
    "backends.prediction": ("tests/backends/test_prediction.py",),
    "host.random_state": ("tests/host/test_random_state.py",),
    "host.copies": ("tests/host/test_copies.py",),
    "data.batch_memory": ("tests/data/test_batch_memory.py",),
    "needed": ("tests/test_needed.py",),
    "versions": ("tests/test_versions.py",),
    "atomic_files": ("tests/test_atomic_files.py",),
    "metric_keys": ("tests/test_metric_keys.py",),
    "arguments": ("tests/test_arguments.py",),
    "hook.finder": ("tests/hook/test_finder.py", "tests/hook/test_names.py"),
    "hook.meta_path": ("tests/hook/test_meta_path.py",),
    "hook.module_class": ("tests/hook/test_module_patch.py", "tests/hook/test_names.py"),
    "hook.module_patch": ("tests/hook/test_module_patch.py", "tests/hook/test_names.py"),
    "hook.names": ("tests/hook/test_names.py",),
    **WITNESSES_OF_TRAINING,
    "sdk.artifact_ids": ("tests/sdk/test_artifact_ids.py",),
    "sdk.kept_artifacts": ("tests/sdk/test_kept_artifacts.py",),
    **WITNESSES_OF_CODEMODS,
}

#: Those whose witnesses look at programs: what these import is changed in a copy of the tree.
OF_PROGRAMS = frozenset({"hook.finder", "hook.keras_option", "hook.module_class", "hook.module_patch", "hook.names"})


def path_of(module: str) -> Path:
    folder, names = PACKAGE, module.split(".")
    if names[0] == "codemods":
        folder, names = CODEMODS, names[1:]
    return folder.joinpath(*names).with_suffix(".py")


def witnesses_of(module: str) -> list[str]:
    """Files of tests, and single tests with ``::`` behind their file, that are there."""
    return [test for test in WITNESSES[module] if (ROOT / file_of(test)).exists()]


def file_of(test: str) -> str:
    """The file of a witness, which may be one test of it: ``file::test``."""
    return test.partition("::")[0]


#: Whoever imports one of these has TensorFlow soon after.
_LEADS_TO_TENSORFLOW = re.compile(r"tensorflow|keras|program_keras|backend_for|newer_callbacks|Wandb[A-Z]\w+")


def needs_tensorflow(module: str) -> bool:
    """Whether some witness imports TensorFlow in its own process, itself or through what the tests share."""
    if module in OF_PROGRAMS:
        return False
    files = {ROOT / file_of(test) for test in witnesses_of(module)}
    files |= {folder / "conftest.py" for file in files for folder in file.parents if ROOT / "tests" in folder.parents}
    return any(map(_imports_tensorflow, files))


@functools.cache
def _imports_tensorflow(file: Path) -> bool:
    if not file.exists():
        return False
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        names = [alias.name.partition(".")[0] for alias in node.names]
        home = (getattr(node, "module", None) or "").split(".")
        if any(_LEADS_TO_TENSORFLOW.fullmatch(name) for name in (*names, home[0], home[-1])):
            return True
        level = getattr(node, "level", 0)
        if level:
            folder = file.parents[level - 1].joinpath(*filter(None, home))
            beside = [folder.with_suffix(".py"), *(folder / f"{name}.py" for name in names)]
            if any(map(_imports_tensorflow, beside)):
                return True
    return False

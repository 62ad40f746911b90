"""Which tests carry the name of which module of the instrument, of the hook, the codemods and what else is no feature.

``tests/parity/mutation/instrument.py`` asks them, and they alone, whether they tell a mutant of the module.
"""

from __future__ import annotations

from pathlib import Path

from .sources import CODEMODS, PACKAGE, ROOT

_TRACE, _MODEL, _SERVER = "tests/testing/trace", "tests/testing/model", "tests/testing/doors/server"
_RECORDER = "tests/testing/doors/recorder"
_CODEMODS, _CALLBACKS = "tests/codemods", "tests/codemods/to_callbacks"
_RULES_OF_LEVEL_1 = (
    "wk001_from_import", "wk002_attribute", "wk003_module_import", "wk004_star_import", "wk005_string",
    "wk006_yaml_target", "wk007_requirements", "wk008_keras_2_names", "wk009_newer_home",
)  # fmt: skip
_OF_ALL_RULES = f"{_CODEMODS}/rules/test_rules.py"
_RULES = tuple(f"{_TRACE}/test_{name}.py" for name in ("value_rules", "run_rules", "file_rules", "rules"))
_COMPARED = tuple(f"{_TRACE}/test_{name}.py" for name in ("compare", "tolerances", "alignment", "mutations"))

#: Field by field: the page lists the names that are asked for, and what each takes.
_PAGE = "pages.py::test_the_list_of_calls_is_that_of_the_code"
_OF_THE_SERVER = {
    "account": (_PAGE, "account.py"),
    "alias_mutations": ("alias_mutations.py", "portfolios.py"),
    "arguments": ("argument_values.py", _PAGE),
    "artifact_resolvers": (_PAGE, "artifact_resolvers.py"),
    "auth": ("auth.py",),
    "backend": ("lifecycle.py",),
    "faults": ("faults.py",),
    "file_stream": ("streams.py",),
    "limits": ("limits.py",),
    "offset_lines": ("offset_lines.py",),
    "patterns": ("filters.py",),
    "portfolio_mutations": (_PAGE, "portfolio_mutations.py"),
    "portfolio_resolvers": (_PAGE, "portfolio_mutations.py"),
    "resolvers": (_PAGE, "run_mutations.py", "artifact_resolvers.py", "arguments.py"),
    "run_config": ("run_config.py",),
    "run_mutations": (_PAGE, "run_mutations.py"),
    "settings": ("settings.py",),
    "supported": (_PAGE, "supported.py"),
    "run_queries": ("filters.py", "run_resolvers.py"),
    "server_state": ("server_state.py",),
    "storage_urls": ("storage_urls.py",),
    "sweep_resolvers": (_PAGE, "sweep_resolvers.py"),
    "upload_mutations": (_PAGE, "upload_mutations.py"),
}

#: Module to the tests that carry its name, or that of the one thing it does; the first are asked first.
WITNESSES: dict[str, tuple[str, ...]] = {
    "testing.trace.align": (f"{_TRACE}/test_alignment.py",),
    "testing.trace.canonical": (f"{_TRACE}/test_canonical.py", *_RULES, f"{_TRACE}/test_validate.py"),
    "testing.trace.compare": _COMPARED,
    "testing.trace.compare_values": _COMPARED,
    "testing.trace.console": _RULES[1:2],
    "testing.trace.differences": _COMPARED,
    "testing.trace.file_contents": _RULES[2:3],
    "testing.trace.file_rules": _RULES[2:3],
    "testing.trace.intermediate": (*_RULES, f"{_TRACE}/test_normalize.py"),
    "testing.trace.ledger": (f"{_TRACE}/test_ledger.py",),
    "testing.trace.media": (f"{_TRACE}/test_media.py", *_RULES[:1]),
    "testing.trace.metric_globs": _RULES[1:2],
    "testing.trace.normalize": (f"{_TRACE}/test_normalize.py",),
    "testing.trace.paths": (f"{_TRACE}/test_paths.py",),
    "testing.trace.placeholders": (*_RULES[1:3],),
    "testing.trace.rules": _RULES,
    "testing.trace.run_rules": _RULES[1:2],
    "testing.trace.tolerances": (f"{_TRACE}/test_tolerances.py",),
    "testing.trace.validate": (f"{_TRACE}/test_validate.py",),
    "testing.trace.value_rules": _RULES[:1],
    "testing.trace.values": _RULES[:1],
    "testing.trace.weights": (f"{_TRACE}/test_weights.py", f"{_TRACE}/test_tolerances.py", *_RULES[2:3]),
    "testing.model.artifacts": (f"{_MODEL}/test_artifacts.py", f"{_MODEL}/test_records.py"),
    "testing.model.metric_summaries": (f"{_MODEL}/test_metric_summaries.py",),
    "testing.model.nested_values": (f"{_MODEL}/test_nested_values.py", f"{_MODEL}/test_metric_summaries.py"),
    "testing.model.records": (f"{_MODEL}/test_records.py",),
    "testing.model.snapshot": (f"{_MODEL}/test_snapshot.py",),
    "testing.model.store": (f"{_MODEL}/test_store.py", f"{_MODEL}/test_snapshot.py"),
    "testing.model.wandb_files": _RULES[1:3],
    "testing.doors.installed_sdk": (
        "tests/testing/doors/test_installed_sdk.py",
        f"{_RECORDER}/test_recorder.py",
        f"{_RECORDER}/test_recorded_artifacts.py",
    ),
    "testing.doors.leveldb_log": ("tests/testing/doors/test_leveldb_log.py",),
    "testing.doors.recorder.in_process_service": tuple(
        f"{_RECORDER}/test_{name}.py" for name in ("in_process_service", "recorder")
    ),
    "testing.doors.recorder.program_init": (f"{_RECORDER}/test_program_init.py",),
    "testing.doors.recorder.recorded_artifacts": tuple(
        f"{_RECORDER}/test_{name}.py" for name in ("recorded_artifacts", "recorder")
    ),
    "testing.doors.recorder.recorded_run": tuple(
        f"{_RECORDER}/test_{name}.py" for name in ("recorded_artifacts", "recorder")
    ),
    "testing.doors.run_log": ("tests/testing/doors/test_run_log.py",),
    **{
        f"testing.doors.server.{module}": tuple(f"{_SERVER}/test_{name}" for name in names)
        for module, names in _OF_THE_SERVER.items()
    },
    "testing.doors.server.run_resolvers": tuple(
        f"{_SERVER}/test_{name}.py" for name in ("run_resolvers", "arguments", "requests")
    ),
    "testing.doors.server.artifact_mutations": tuple(
        f"{_SERVER}/test_{name}.py" for name in ("artifact_mutations", "arguments", "requests")
    ),
    "testing.doors.server.app": tuple(f"{_SERVER}/test_{name}.py" for name in ("app", "requests", "lifecycle")),
    "testing.views.findings": ("tests/testing/views/test_findings.py",),
    "testing.views.comparison": ("tests/testing/views/test_findings.py",),
    "testing.views.terminal": ("tests/testing/views/test_terminal.py",),
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
    "newer_callbacks.metrics_logger": ("tests/newer_callbacks/test_metrics_logger.py",),
    "newer_callbacks.model_checkpoint": ("tests/newer_callbacks/test_model_checkpoint.py",),
    "newer_callbacks.eval_callback": ("tests/newer_callbacks/test_eval_callback.py",),
    "sdk.artifact_ids": ("tests/sdk/test_artifact_ids.py",),
    "sdk.kept_artifacts": ("tests/sdk/test_kept_artifacts.py",),
    "testing.child_environment": ("tests/testing/test_child_environment.py",),
    "testing.fixtures": ("tests/testing/test_fixtures.py",),
    "testing.plugin": ("tests/testing/test_plugin.py",),
    "testing.number_texts": ("tests/testing/test_number_texts.py",),
    "testing.safe_text": ("tests/testing/test_safe_text.py",),
    "testing.section_table": ("tests/testing/test_section_table.py",),
    "testing.doors.server.filters": (f"{_SERVER}/test_filters.py",),
    "testing.doors.server.graphql": (f"{_SERVER}/test_graphql.py",),
    "testing.doors.server.sweep_search": (f"{_SERVER}/test_sweep_search.py",),
    "testing.trace.sweeps": (f"{_TRACE}/test_sweeps.py",),
    "codemods.cli": (f"{_CODEMODS}/test_cli.py",),
    "codemods.documents.edits": (f"{_CODEMODS}/test_edits.py", f"{_CODEMODS}/test_merged_edits.py"),
    "codemods.documents.magics": (f"{_CODEMODS}/test_magics.py", f"{_CODEMODS}/test_cell_magics.py"),
    "codemods.documents.notebook": (f"{_CODEMODS}/test_notebook.py",),
    "codemods.documents.cell_scripts": (f"{_CODEMODS}/test_cell_scripts.py",),
    "codemods.documents.tree_reading": (f"{_CODEMODS}/test_tree_reading.py",),
    "codemods.engine.atomic_write": (f"{_CODEMODS}/test_atomic_write.py",),
    "codemods.engine.discover": (f"{_CODEMODS}/test_discover.py",),
    "codemods.engine.json_report": (f"{_CODEMODS}/test_json_report.py",),
    "codemods.engine.requirements_notes": (f"{_CALLBACKS}/test_requirements_notes.py",),
    **{f"codemods.rules.{rule}": (f"{_CODEMODS}/rules/test_{rule}.py", _OF_ALL_RULES) for rule in _RULES_OF_LEVEL_1},
    "codemods.to_callbacks.arguments": (f"{_CALLBACKS}/test_arguments.py",),
    "codemods.to_callbacks.capabilities": (f"{_CALLBACKS}/test_capabilities.py",),
    "codemods.to_callbacks.groups": (f"{_CALLBACKS}/test_groups.py",),
    "codemods.to_callbacks.key_readers": (f"{_CALLBACKS}/test_readers.py",),
    "codemods.to_callbacks.placement": (f"{_CALLBACKS}/test_placement.py",),
    "codemods.to_callbacks.project": (f"{_CALLBACKS}/test_project.py",),
    "codemods.to_callbacks.replacement": (
        f"{_CALLBACKS}/test_replacement.py",
        f"{_CALLBACKS}/test_arguments.py",
        f"{_CALLBACKS}/test_capabilities.py",
    ),
    "codemods.to_callbacks.run_readers": (f"{_CALLBACKS}/test_readers.py",),
    "codemods.to_callbacks.sweeps": (f"{_CALLBACKS}/test_sweeps.py",),
}

#: Those whose witnesses look at programs: what these import is changed in a copy of the tree.
OF_PROGRAMS = frozenset({"hook.finder", "hook.module_class", "hook.module_patch", "hook.names"})


def path_of(module: str) -> Path:
    folder, names = PACKAGE, module.split(".")
    if names[0] == "codemods":
        folder, names = CODEMODS, names[1:]
    return folder.joinpath(*names).with_suffix(".py")


def witnesses_of(module: str) -> list[str]:
    return [test for test in WITNESSES[module] if (ROOT / file_of(test)).exists()]


def file_of(test: str) -> str:
    """The file of a witness, which may be one test of it: ``file::test``."""
    return test.partition("::")[0]

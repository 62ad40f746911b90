"""Which tests carry the name of which module of the instrument, of the hook, the codemods and what else is no feature.

``tests/parity/mutation/instrument.py`` asks them, and they alone, whether they tell a mutant of the module.
"""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

from .sources import CODEMODS, PACKAGE, ROOT

_TRACE, _MODEL, _SERVER = "tests/testing/trace", "tests/testing/model", "tests/testing/doors/server"
_CODEMODS, _CALLBACKS = "tests/codemods", "tests/codemods/to_callbacks"
_RULES_OF_LEVEL_1 = (
    "wk001_from_import", "wk002_attribute", "wk003_module_import", "wk004_star_import", "wk005_string",
    "wk006_yaml_target", "wk007_requirements", "wk008_keras_2_names", "wk009_newer_home",
)  # fmt: skip
_BACKENDS, _NEWER, _DATA, _HOST = "tests/backends", "tests/newer_callbacks", "tests/data", "tests/host"
_COUNTED = f"{_BACKENDS}/test_operation_counts.py"
_OF_ALL_RULES = f"{_CODEMODS}/rules/test_rules.py"
_RULES = tuple(f"{_TRACE}/test_{name}.py" for name in ("value_rules", "run_rules", "file_rules", "rules"))
_COMPARED = tuple(f"{_TRACE}/test_{name}.py" for name in ("compare", "tolerances", "alignment", "mutations"))

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
    "testing.doors.leveldb_log": ("tests/testing/doors/test_leveldb_log.py",),
    "testing.doors.recorder.in_process_service": ("tests/testing/doors/recorder/test_in_process_service.py",),
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
    "sdk.files": ("tests/sdk/test_files.py",),
    "sdk.images": ("tests/sdk/test_images.py",),
    "backends.batch_hooks": tuple(
        f"{_BACKENDS}/test_batch_hooks.py::test_{name}"
        for name in (
            "hooks_that_keras_would_call_in_threads_are_called_in_turn_and_no_others",
            "the_list_is_found_below_as_many_classes_as_a_subclass_may_have",
            "where_no_list_sets_the_model_nothing_is_done",
            "a_list_that_knows_no_threads_is_left_alone",
            "a_function_called_set_model_hides_no_list",
        )
    ),
    "backends.checkpoints.checkpoint_formats": (f"{_BACKENDS}/test_checkpoint_formats.py",),
    "backends.capabilities": (f"{_BACKENDS}/test_capabilities.py",),
    "backends.families": tuple(
        f"{_BACKENDS}/test_choice.py::test_{name}"
        for name in (
            "a_loaded_keras_decides_whatever_else_is_there",
            "where_nothing_is_loaded_the_choice_of_the_program_counts",
            "what_is_missing_is_said_with_the_command_that_installs_it",
            "a_keras_that_is_too_old_or_cannot_train_is_refused",
            "the_model_decides_between_two_that_are_loaded",
            "the_keras_of_tensorflow_comes_first_among_those_that_are_loaded",
            "keras_3_is_told_by_its_operations",
            "keras_2_and_keras_3_on_tensorflow_have_a_backend_each",
        )
    ),
    "backends.common.any_keras": (f"{_BACKENDS}/test_any_keras.py",),
    "backends.common.keras3": tuple(
        f"{_BACKENDS}/test_keras_models.py::test_{name}"
        for name in (
            "gradients_are_named_by_layer_and_variable_without_the_sequentials_around",
            "a_sequential_with_variables_of_its_own_keeps_its_name",
            "a_layer_has_a_shape_where_all_its_calls_agree",
            "the_layers_of_a_sequential_are_those_that_the_user_put_in",
            "there_is_no_gradient_without_a_loss",
            "saving_leaves_the_loggers_as_they_were",
        )
    ),
    "backends.common.keras3_files": (f"{_BACKENDS}/test_keras3_files.py",),
    "backends.common.learning_rate": (f"{_BACKENDS}/test_learning_rate.py",),
    "backends.common.sliced_gradients": (f"{_BACKENDS}/test_sliced_gradients.py",),
    "backends.prediction": (f"{_BACKENDS}/test_prediction.py",),
    **{
        f"backends.operation_counts.{name}": (
            f"{_COUNTED}::test_every_rule_counts_what_the_profiler_counted",
            f"{_COUNTED}::test_what_has_no_rule_is_named",
            f"{_COUNTED}::test_what_a_class_of_the_user_leaves_as_it_is_is_counted",
            f"{_COUNTED}::test_the_options_of_a_layer_count_what_the_profiler_counted",
        )
        for name in ("activations", "attention", "calls", "layers", "normalization", "operations", "rules")
    },
    "backends.running_fit": (f"{_BACKENDS}/test_running_fit.py",),
    "backends.validation_taps": (f"{_BACKENDS}/test_validation_taps.py",),
    "backends.tensorflow.saved_models": (f"{_BACKENDS}/test_saved_models.py",),
    "data.arrays": (
        *(
            f"{_DATA}/test_class_names.py::test_{name}"
            for name in (
                "every_form_gives_the_names_in_the_order_of_the_classes",
                "numbers_stay_numbers_and_stand_in_for_names_that_are_not_given",
                "what_says_no_order_gives_no_names",
                "a_series_names_the_classes_by_its_index_where_that_counts",
            )
        ),
        *(
            f"{_DATA}/test_kinds_of_data.py::test_{name}"
            for name in (
                "samples_are_counted_taken_and_written_out",
                "pandas_columns_of_several_types_are_numbers",
                "ragged_data_is_a_column_of_lists",
                "a_sparse_array_too_large_to_write_out_is_refused_with_a_reason",
                "a_sequence_of_pandas_batches_is_joined",
            )
        ),
    ),
    "data.batches": (
        f"{_DATA}/test_batches.py",
        *(
            f"{_HOST}/validation_data/test_fit_data.py::test_{name}"
            for name in (
                "join_is_concatenation",
                "inputs_without_targets_have_none",
                "first_samples_are_the_first_and_read_no_batch_more",
            )
        ),
        f"{_DATA}/test_kinds_of_data.py::test_samples_are_counted_taken_and_written_out",
    ),
    "data.loaders": (f"{_DATA}/test_loaders.py",),
    "data.kinds": (f"{_DATA}/test_kinds.py",),
    "host.best_value": (f"{_HOST}/test_best_value.py",),
    "host.worker_copy": (f"{_HOST}/test_worker_copy.py",),
    "host.random_state": (f"{_HOST}/test_random_state.py",),
    "host.copies": (f"{_HOST}/test_copies.py",),
    "data.batch_memory": (f"{_DATA}/test_batch_memory.py",),
    "atomic_files": ("tests/test_atomic_files.py",),
    "metric_keys": ("tests/test_metric_keys.py",),
    "arguments": ("tests/test_arguments.py",),
    "hook.fit_patch": ("tests/hook/test_fit_patch.py",),
    "hook.frameworks": ("tests/hook/test_frameworks.py",),
    "hook.keras_checks": ("tests/hook/test_keras_checks.py",),
    "hook.keras_finder": ("tests/hook/test_keras_finder.py",),
    "hook.keras_served": ("tests/hook/test_keras_served.py",),
    "hook.loaders": ("tests/hook/test_loaders.py",),
    "hook.finder": ("tests/hook/test_finder.py", "tests/hook/test_names.py"),
    "hook.meta_path": ("tests/hook/test_meta_path.py",),
    "hook.module_class": ("tests/hook/test_module_patch.py", "tests/hook/test_names.py"),
    "hook.module_patch": ("tests/hook/test_module_patch.py", "tests/hook/test_names.py"),
    "hook.names": ("tests/hook/test_names.py",),
    "newer_callbacks.metrics_logger": (
        *(
            f"{_NEWER}/test_metrics_logger.py::test_{name}"
            for name in (
                "any_other_log_freq_is_refused",
                "an_unreadable_rate_is_one_warning_and_no_key",
                "an_epoch_is_one_row_of_prefixed_keys",
                "every_nth_batch_of_each_epoch",
                "steps_per_execution_counts_batches",
                "a_short_last_execution_counts_what_it_ran",
                "initial_global_step_is_taken_by_position_on_every_version",
            )
        ),
        *(
            f"{_NEWER}/test_keys.py::test_{name}"
            for name in (
                "both_is_the_two_others_row_by_row",
                "the_axis_is_declared_where_its_keys_are_logged",
                "other_keys_are_refused_with_the_choice",
            )
        ),
    ),
    "newer_callbacks.model_checkpoint": (
        *(
            f"{_NEWER}/test_model_checkpoint.py::test_{name}"
            for name in (
                "an_unknown_save_format_is_refused",
                "options_of_the_wrong_kind_are_refused",
                "the_new_name_is_said_once",
                "placeholders_name_each_epoch",
                "a_threshold_is_also_taken_by_position",
                "a_missing_monitor_matters_only_for_the_best",
                "a_placeholder_without_a_value_saves_nothing_and_says_so_once",
                "a_monitor_without_a_direction_follows_the_old_rule_for_names",
                "the_best_by_batches",
                "an_artifact_that_cannot_be_logged_leaves_the_file_and_the_training",
                "the_model_is_back_in_place_after_a_save_that_fails",
                "a_second_fit_goes_on",
            )
        ),
        f"{_NEWER}/test_best_of_run.py",
    ),
    "newer_callbacks.eval_callback": (f"{_NEWER}/test_eval_callback.py",),
    "newer_callbacks.executions": (
        f"{_NEWER}/test_executions.py",
        f"{_NEWER}/test_metrics_logger.py::test_executions_cover_every_batch_once",
    ),
    "newer_callbacks.prefixed_metrics": (f"{_NEWER}/test_prefixed_metrics.py",),
    "sdk.artifact_ids": ("tests/sdk/test_artifact_ids.py",),
    "sdk.kept_artifacts": ("tests/sdk/test_kept_artifacts.py",),
    "testing.child_environment": ("tests/testing/test_child_environment.py",),
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
    """Files of tests, and single tests with ``::`` behind their file, that are there."""
    return [test for test in WITNESSES[module] if (ROOT / test.partition("::")[0]).exists()]


#: Whoever imports one of these has TensorFlow soon after.
_LEADS_TO_TENSORFLOW = re.compile(r"tensorflow|keras|program_keras|backend_for|newer_callbacks|Wandb[A-Z]\w+")


def needs_tensorflow(module: str) -> bool:
    """Whether some witness imports TensorFlow in its own process, itself or through what the tests share."""
    if module in OF_PROGRAMS:
        return False
    files = {ROOT / test.partition("::")[0] for test in witnesses_of(module)}
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

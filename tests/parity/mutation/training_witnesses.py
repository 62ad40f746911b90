"""The part of :mod:`.module_witnesses` about what trains: callbacks, backends, data, the host; and of the hook what is looked
at in this process. Of files whose tests train there are those tests that tell most in little time.
"""

from __future__ import annotations

_BACKENDS, _NEWER, _DATA, _HOST = "tests/backends", "tests/newer_callbacks", "tests/data", "tests/host"
_CALLBACK, _HOOK = "tests/callback", "tests/hook"
_FIT = f"{_HOST}/validation_data"


def _tests(file: str, *names: str) -> tuple[str, ...]:
    """Single tests of a file, each named without what all names begin with."""
    return tuple(f"{file}::test_{name}" for name in names)


_MODELS = f"{_BACKENDS}/test_keras_models.py"
_RANDOM_NUMBERS = _tests(_MODELS, "random_numbers_of_keras_and_tensorflow_are_put_back")
_PARTS = (f"{_BACKENDS}/test_tensorflow_parts.py",)
_COUNTED = (f"{_BACKENDS}/test_uncountable_calls.py", *_tests(
    f"{_BACKENDS}/test_operation_counts.py", "every_rule_counts_what_the_profiler_counted",
    "the_options_of_a_layer_count_what_the_profiler_counted", "what_has_no_rule_is_named",
    "what_a_class_of_the_user_leaves_as_it_is_is_counted",
    "a_model_that_is_called_on_other_shapes_than_it_was_made_for_is_named",
    "the_class_of_keras_that_computes_is_known_with_its_kind",
))  # fmt: skip
_TELEMETRY = (f"{_NEWER}/test_telemetry.py",)
_OWN_BASES = f"{_NEWER}/test_own_bases.py"

_OF_CALLBACKS = {
    "callback": (
        f"{_CALLBACK}/test_batch_hooks_wanted.py",
        *_tests(f"{_CALLBACK}/test_constructors.py", "the_legacy_class_is_as_made_with_no_argument"),
        "tests/test_arguments.py",
    ),
    "feature_callbacks.feature_callback": (
        f"{_CALLBACK}/test_feature_callback.py",
        *_tests(
            f"{_CALLBACK}/test_constructors.py", "attributes_that_nobody_has_are_still_missing",
            "what_the_subclass_sets_counts", "a_constructor_called_when_training_begins",
        ),
        *_tests(
            f"{_CALLBACK}/test_copies_and_overrides.py", "a_deep_copy_of_a_subclass_has_its_attributes",
            "a_copy_in_another_process_of_the_same_run_saves_in_the_folder_of_the_run",
            "copies_track_their_own_best", "a_second_fit_logs_again_from_epoch_zero",
            "a_new_run_in_the_same_process_starts_afresh", "attributes_changed_after_construction_count",
        ),
        *_tests(_MODELS, "a_run_that_goes_on_begins_with_the_best_of_its_summary"),
    ),
    "feature_callbacks.override_points": (
        f"{_CALLBACK}/test_override_points.py",
        *_tests(f"{_CALLBACK}/test_copies_and_overrides.py", "private_methods_are_still_override_points",
        "what_an_override_returns_is_what_is_logged", "masks_to_pixels_is_an_override_point"),
    ),
    "feature_callbacks.validation_data": (
        f"{_CALLBACK}/test_validation_source.py",
        *_tests(
            f"{_FIT}/test_fit_data.py", "the_callbacks_own_data_goes_before_that_of_fit",
            "data_of_one_fit_is_not_that_of_the_next", "it_reaches_images_and_tables_and_training_is_the_same",
        ),
        *_tests(
            f"{_FIT}/test_ways_to_call_fit.py", "without_a_fit_it_is_said_once_and_training_goes_on",
            "a_variable_that_cannot_be_set_is_said_once",
        ),
        *_tests(
            f"{_FIT}/test_read_once.py", "also_where_the_callback_was_given_the_very_object_that_fit_reads",
            "two_callbacks_share_what_keras_read", "data_that_keras_never_read_is_said",
        ),
    ),
    "newer_callbacks.eval_callback": _tests(
        f"{_NEWER}/test_eval_callback.py", "is_the_installed_class_and_still_abstract",
        "a_table_that_cannot_be_logged_is_one_warning", "online_the_installed_class_does_it",
        "data_table_ref_works_in_every_state", "offline_both_tables_are_logged", "other_names_and_types_are_kept",
    ) + _TELEMETRY,
    "newer_callbacks.executions": (
        f"{_NEWER}/test_executions.py",
        *_tests(f"{_NEWER}/test_metrics_logger.py", "executions_cover_every_batch_once"),
    ),
    "newer_callbacks.metrics_logger": (
        *_TELEMETRY,
        *_tests(
            f"{_NEWER}/test_metrics_logger.py", "any_other_log_freq_is_refused",
            "an_unreadable_rate_is_one_warning_and_no_key", "an_epoch_is_one_row_of_prefixed_keys",
            "every_nth_batch_of_each_epoch", "steps_per_execution_counts_batches",
            "a_last_execution_of_one_batch_that_is_not_due_counts",
            "a_schedule_that_an_optimizer_hands_out_is_asked_at_the_step_of_the_training", "initial_global_step_is_taken_by_position_on_every_version",
        ),
        *_tests(
            f"{_NEWER}/test_keys.py", "both_is_the_two_others_row_by_row",
            "the_axis_is_declared_where_its_keys_are_logged", "other_keys_are_refused_with_the_choice",
        ),
    ),
    "newer_callbacks.model_checkpoint": (
        *_TELEMETRY,
        *_tests(
            f"{_NEWER}/test_model_checkpoint.py", "arguments_that_wandbs_class_has_too_have_its_defaults",
            "a_state_that_a_file_leaves_out_is_said_once", "an_unknown_save_format_is_refused",
            "options_of_the_wrong_kind_are_refused", "the_new_name_is_said_once", "placeholders_name_each_epoch",
            "a_threshold_is_also_taken_by_position", "a_missing_monitor_matters_only_for_the_best",
            "a_placeholder_without_a_value_saves_nothing_and_says_so_once",
            "a_monitor_without_a_direction_follows_the_old_rule_for_names", "the_best_by_batches",
            "an_artifact_that_cannot_be_logged_leaves_the_file_and_the_training",
            "the_model_is_back_in_place_after_a_save_that_fails", "a_second_fit_goes_on",
        ),
        f"{_NEWER}/test_best_of_run.py",
    ),
    "newer_callbacks.prefixed_metrics": (f"{_NEWER}/test_prefixed_metrics.py",),
    **{
        f"sdk.own_callbacks.{name}": _tests(
            _OWN_BASES, "has_the_methods_and_arguments_of_wandbs", "without_a_run_the_same_error", *of_this
        )
        for name, *of_this in (
            ("eval_callback", "an_argument_that_keras_does_not_know_reaches_keras", "tables"),
            ("metrics_logger", "a_rate_that_cannot_be_read_is_told_once_and_no_row_has_it", "metrics_on_the_bases"),
            ("model_checkpoint", "a_name_without_placeholders_is_warned_of_once_for_a_program", "checkpoints_on_the_bases"),
        )
    },
}  # fmt: skip

_OF_BACKENDS = {
    "backends.batch_hooks": _tests(
        f"{_BACKENDS}/test_batch_hooks.py",
        "hooks_that_keras_would_call_in_threads_are_called_in_turn_and_no_others",
        "the_list_is_found_below_as_many_classes_as_a_subclass_may_have", "where_no_list_sets_the_model_nothing_is_done",
        "a_list_that_knows_no_threads_is_left_alone", "a_function_called_set_model_hides_no_list",
    ),
    "backends.capabilities": (f"{_BACKENDS}/test_capabilities.py",),
    "backends.checkpoints.checkpoint_formats": (f"{_BACKENDS}/test_checkpoint_formats.py",),
    "backends.checkpoints.model_checkpoint": (f"{_BACKENDS}/test_checkpoint_formats.py",),
    "backends.common.any_keras": (f"{_BACKENDS}/test_any_keras.py",),
    "backends.common.keras3": (
        f"{_BACKENDS}/test_any_keras3.py",
        *_tests(
            _MODELS, "gradients_are_named_by_layer_and_variable_without_the_sequentials_around",
            "a_sequential_with_variables_of_its_own_keeps_its_name", "a_layer_has_a_shape_where_all_its_calls_agree",
            "the_layers_of_a_sequential_are_those_that_the_user_put_in", "there_is_no_gradient_without_a_loss",
            "saving_leaves_the_loggers_as_they_were",
        ),
    ),
    "backends.common.keras3_files": (f"{_BACKENDS}/test_keras3_files.py",),
    "backends.common.learning_rate": (f"{_BACKENDS}/test_learning_rate.py",),
    "backends.common.sliced_gradients": (f"{_BACKENDS}/test_sliced_gradients.py",),
    "backends.families": _tests(
        f"{_BACKENDS}/test_choice.py", "a_loaded_keras_decides_whatever_else_is_there",
        "where_nothing_is_loaded_the_choice_of_the_program_counts",
        "what_is_missing_is_said_with_the_command_that_installs_it", "a_keras_that_is_too_old_or_cannot_train_is_refused",
        "the_model_decides_between_two_that_are_loaded",
        "the_keras_of_tensorflow_comes_first_among_those_that_are_loaded", "keras_3_is_told_by_its_operations",
        "keras_2_and_keras_3_on_tensorflow_have_a_backend_each",
    ),
    **{
        f"backends.operation_counts.{name}": _COUNTED
        for name in ("activations", "attention", "calls", "layers", "normalization", "operations", "rules")
    },
    "backends.running_fit": (f"{_BACKENDS}/test_running_fit.py",),
    "backends.tensorflow.common": _PARTS,
    "backends.tensorflow.datasets": (
        f"{_BACKENDS}/test_validation_taps.py",
        *_tests(f"{_FIT}/test_read_once.py", "what_reads_the_same_twice", "what_may_read_otherwise_the_second_time",
        "a_dataset_hands_on_the_same_elements_of_the_same_kind"),
    ),
    "backends.tensorflow.keras3": (
        *_PARTS,
        *_RANDOM_NUMBERS,
        *_tests(f"{_BACKENDS}/test_saved_models.py", "the_tenth_is_not_traced_and_has_todays_variables"),
    ),
    "backends.tensorflow.random_state": (*_PARTS, *_RANDOM_NUMBERS),
    "backends.tensorflow.saved_models": (f"{_BACKENDS}/test_saved_models.py",),
    "backends.tensorflow.sparse": _PARTS,
    "backends.tensorflow.variables": _PARTS,
    "backends.validation_taps": (f"{_BACKENDS}/test_validation_taps.py",),
}  # fmt: skip

_OF_DATA = {
    "data.arrays": (
        *_tests(
            f"{_DATA}/test_class_names.py", "every_form_gives_the_names_in_the_order_of_the_classes",
            "numbers_stay_numbers_and_stand_in_for_names_that_are_not_given", "what_says_no_order_gives_no_names",
            "a_series_names_the_classes_by_its_index_where_that_counts",
        ),
        *_tests(
            f"{_DATA}/test_kinds_of_data.py", "samples_are_counted_taken_and_written_out",
            "pandas_columns_of_several_types_are_numbers", "ragged_data_is_a_column_of_lists",
            "a_sparse_array_too_large_to_write_out_is_refused_with_a_reason", "a_sequence_of_pandas_batches_is_joined",
        ),
    ),
    "data.batches": (
        f"{_DATA}/test_batches.py",
        *_tests(
            f"{_FIT}/test_fit_data.py", "join_is_concatenation", "inputs_without_targets_have_none",
            "first_samples_are_the_first_and_read_no_batch_more",
        ),
        *_tests(f"{_DATA}/test_kinds_of_data.py", "samples_are_counted_taken_and_written_out"),
    ),
    "data.kinds": (f"{_DATA}/test_kinds.py",),
    "data.loaders": (f"{_DATA}/test_loaders.py",),
}  # fmt: skip

WITNESSES_OF_TRAINING: dict[str, tuple[str, ...]] = {
    **_OF_CALLBACKS,
    **_OF_BACKENDS,
    **_OF_DATA,
    "host.best_value": (f"{_HOST}/test_best_value.py",),
    "host.worker_copy": (f"{_HOST}/test_worker_copy.py",),
    "hook.keras_option": _tests(
        f"{_HOOK}/test_keras_option.py",
        "every_road_leads_to_one_object",
        "everything_is_taken_back",
        "a_process_below_begins_with_the_hook_as_its_parent_does",
    ),
    **{
        f"hook.{name}": (f"{_HOOK}/test_{name}.py",)
        for name in ("fit_patch", "frameworks", "helpers", "keras_checks", "keras_finder", "keras_served", "loaders")
    },
}

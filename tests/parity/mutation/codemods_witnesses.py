"""The part of :mod:`.module_witnesses` about the codemods."""

from __future__ import annotations

_CODEMODS, _CALLBACKS = "tests/codemods", "tests/codemods/to_callbacks"
_RULES_OF_LEVEL_1 = (
    "wk001_from_import", "wk002_attribute", "wk003_module_import", "wk004_star_import", "wk005_string",
    "wk006_yaml_target", "wk007_requirements", "wk008_keras_2_names", "wk009_newer_home",
)  # fmt: skip
_RULES_TESTS = f"{_CODEMODS}/rules"
_SWEEPS_OF_A_RUN = (
    "a_sweep_moves_with_the_code", "one_callback_that_stays_keeps_sweep_and_code", "with_the_old_keys_sweeps_stay",
    "a_sweep_without_code_keeps_its_name", "a_sweep_rule_that_is_off_refuses",
)  # fmt: skip
_OF_ALL_RULES = f"{_RULES_TESTS}/test_rules.py"

WITNESSES_OF_CODEMODS: dict[str, tuple[str, ...]] = {
    "codemods.cli": (f"{_CODEMODS}/test_cli.py",),
    "codemods.command": (f"{_CODEMODS}/test_command.py",),
    "codemods.documents.data_literals": tuple(
        f"{_CODEMODS}/test_sizes.py::test_{name}"
        for name in (
            "a_literal_of_20000_characters_is_long",
            "what_rules_read_in_a_long_list_is_kept",
            "blanking_keeps_the_length_and_all_names",
            "a_comment_that_opens_a_bracket_begins_no_literal",
        )
    ),
    "codemods.documents.edits": (f"{_CODEMODS}/test_edits.py", f"{_CODEMODS}/test_merged_edits.py"),
    "codemods.documents.import_planner": (
        f"{_RULES_TESTS}/test_wk002_attribute.py",
        f"{_RULES_TESTS}/test_wk003_module_import.py",
        f"{_CALLBACKS}/test_placement.py",
        f"{_CALLBACKS}/test_what_is_left.py",
    ),
    "codemods.documents.import_statements": (
        f"{_CODEMODS}/test_import_statements.py",
        f"{_RULES_TESTS}/test_wk001_from_import.py",
    ),
    "codemods.documents.magics": (f"{_CODEMODS}/test_magics.py", f"{_CODEMODS}/test_cell_magics.py"),
    "codemods.documents.notebook": (f"{_CODEMODS}/test_notebook.py",),
    "codemods.documents.module": (
        f"{_CODEMODS}/test_module_view.py",
        *(f"{_RULES_TESTS}/test_{name}.py" for name in ("wk002_attribute", "wk003_module_import", "wk004_star_import")),
        f"{_CALLBACKS}/test_what_is_left.py",
    ),
    "codemods.documents.notebook_json": (f"{_CODEMODS}/test_notebook_json.py",),
    "codemods.documents.parsing": (f"{_CODEMODS}/test_parsing.py",),
    "codemods.documents.prose": (f"{_CODEMODS}/test_prose.py",),
    "codemods.documents.python": (f"{_CODEMODS}/test_python_document.py", f"{_CODEMODS}/test_documents.py"),
    "codemods.documents.requirements": (f"{_CODEMODS}/test_requirements.py", f"{_CODEMODS}/test_documents.py"),
    "codemods.documents.scopes": (
        f"{_CODEMODS}/test_tree_reading.py::test_scopes_and_places_are_those_of_libcst",
        f"{_RULES_TESTS}/test_wk002_attribute.py",
    ),
    "codemods.documents.yaml": (f"{_CODEMODS}/test_yaml.py", f"{_RULES_TESTS}/test_wk006_yaml_target.py"),
    "codemods.documents.cell_scripts": (f"{_CODEMODS}/test_cell_scripts.py",),
    "codemods.documents.tree_reading": (f"{_CODEMODS}/test_tree_reading.py",),
    "codemods.engine.apply_rules": (f"{_CODEMODS}/test_apply_rules.py", f"{_RULES_TESTS}/test_wk002_attribute.py"),
    "codemods.engine.atomic_write": (f"{_CODEMODS}/test_atomic_write.py",),
    "codemods.engine.discover": (f"{_CODEMODS}/test_discover.py",),
    "codemods.engine.display": (f"{_CODEMODS}/test_display.py",),
    "codemods.engine.json_report": (f"{_CODEMODS}/test_json_report.py",),
    "codemods.engine.migrate_file": (f"{_CODEMODS}/test_migrate_file.py",),
    "codemods.engine.project_scan": (f"{_CALLBACKS}/test_project_scan.py",),
    "codemods.engine.recursion": (f"{_CODEMODS}/test_recursion.py",),
    "codemods.engine.requirements_notes": (f"{_CALLBACKS}/test_requirements_notes.py",),
    **{f"codemods.rules.{rule}": (f"{_CODEMODS}/rules/test_{rule}.py", _OF_ALL_RULES) for rule in _RULES_OF_LEVEL_1},
    "codemods.engine.runner": (
        f"{_CODEMODS}/test_runner.py",
        *(f"{_CALLBACKS}/test_project.py::test_{name}" for name in _SWEEPS_OF_A_RUN),
    ),
    "codemods.engine.workers": (f"{_CODEMODS}/test_workers.py",),
    "codemods.newer_callbacks.differences": (f"{_CODEMODS}/test_newer_callbacks.py",),
    "codemods.newer_callbacks.use": (f"{_CODEMODS}/test_newer_callbacks.py",),
    "codemods.rules.context": (
        f"{_RULES_TESTS}/test_wk002_attribute.py",
        f"{_RULES_TESTS}/test_wk006_yaml_target.py",
        f"{_CALLBACKS}/test_placement.py",
    ),
    "codemods.rules.rule": (f"{_RULES_TESTS}/test_rule.py", _OF_ALL_RULES),
    "codemods.rules.wk010_not_followed": (f"{_CALLBACKS}/test_not_followed.py", _OF_ALL_RULES),
    "codemods.rules.wk101_callbacks": (
        f"{_CALLBACKS}/test_what_is_left.py",
        f"{_CALLBACKS}/test_not_followed.py",
        f"{_CALLBACKS}/test_placement.py",
        f"{_CALLBACKS}/test_groups.py::test_the_reason_says_what_both_would_do",
        f"{_CALLBACKS}/test_groups.py::test_the_reason_says_what_holds_with_both_too",
        _OF_ALL_RULES,
    ),
    "codemods.rules.wk102_sweep_dict": (
        f"{_RULES_TESTS}/test_wk102_sweep_dict.py",
        f"{_CALLBACKS}/test_project.py::test_a_sweep_moves_with_the_code",
        f"{_CALLBACKS}/test_project.py::test_with_the_old_keys_sweeps_stay",
        _OF_ALL_RULES,
    ),
    "codemods.rules.wk103_sweep_yaml": (
        f"{_RULES_TESTS}/test_wk102_sweep_dict.py",
        f"{_CALLBACKS}/test_project.py::test_yaml_moves_with_the_code",
        f"{_CALLBACKS}/test_project.py::test_a_sweep_without_code_keeps_its_name",
        _OF_ALL_RULES,
    ),
    "codemods.rules.wk104_configured": (f"{_RULES_TESTS}/test_wk104_configured.py", _OF_ALL_RULES),
    "codemods.to_callbacks.arguments": (f"{_CALLBACKS}/test_arguments.py",),
    "codemods.to_callbacks.capabilities": (f"{_CALLBACKS}/test_capabilities.py",),
    "codemods.to_callbacks.constant_texts": (f"{_CALLBACKS}/test_constant_texts.py",),
    "codemods.to_callbacks.evaluation_order": (f"{_CALLBACKS}/test_capabilities.py",),
    "codemods.to_callbacks.fit_calls": (f"{_CALLBACKS}/test_fit_calls.py",),
    "codemods.to_callbacks.groups": (f"{_CALLBACKS}/test_groups.py",),
    "codemods.to_callbacks.key_readers": (f"{_CALLBACKS}/test_readers.py",),
    "codemods.to_callbacks.module_paths": (f"{_CALLBACKS}/test_module_paths.py",),
    "codemods.to_callbacks.placement": (f"{_CALLBACKS}/test_placement.py",),
    "codemods.to_callbacks.project": (f"{_CALLBACKS}/test_project.py",),
    "codemods.to_callbacks.replacement": (
        f"{_CALLBACKS}/test_replacement.py",
        f"{_CALLBACKS}/test_arguments.py",
        f"{_CALLBACKS}/test_capabilities.py",
    ),
    "codemods.to_callbacks.run_objects": (f"{_CALLBACKS}/test_run_objects.py", f"{_CALLBACKS}/test_readers.py"),
    "codemods.to_callbacks.run_readers": (f"{_CALLBACKS}/test_readers.py",),
    "codemods.to_callbacks.run_starts": (f"{_CALLBACKS}/test_run_starts.py",),
    "codemods.to_callbacks.run_values": (f"{_CALLBACKS}/test_readers.py",),
    "codemods.to_callbacks.sweeps": (f"{_CALLBACKS}/test_sweeps.py",),
    "codemods.to_callbacks.variables": (f"{_CALLBACKS}/test_placement.py",),
    "codemods.to_callbacks.wandb_projects": (f"{_CALLBACKS}/test_wandb_projects.py",),
}

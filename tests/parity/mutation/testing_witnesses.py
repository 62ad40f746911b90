"""The part of :mod:`.module_witnesses` about traces, their views, the doors and the server: the package's ``testing``."""

from __future__ import annotations

_TRACE, _MODEL, _SERVER = "tests/testing/trace", "tests/testing/model", "tests/testing/doors/server"
_VIEWS = "tests/testing/views"
_RECORDER = "tests/testing/doors/recorder"
_RULES = tuple(f"{_TRACE}/test_{name}.py" for name in ("value_rules", "run_rules", "file_rules", "rules"))
_COMPARED = tuple(f"{_TRACE}/test_{name}.py" for name in ("kinds_of_difference", "tolerances", "compare"))
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

WITNESSES_OF_TESTING: dict[str, tuple[str, ...]] = {
    "testing.trace.align": (f"{_TRACE}/test_alignment.py",),
    "testing.trace.canonical": (f"{_TRACE}/test_canonical.py", *_RULES, f"{_TRACE}/test_validate.py"),
    "testing.trace.compare": _COMPARED,
    "testing.trace.compare_values": _COMPARED,
    "testing.trace.console": _RULES[1:2],
    "testing.trace.differences": (f"{_TRACE}/test_kinds_of_difference.py",),
    "testing.trace.file_contents": _RULES[2:3],
    "testing.trace.file_rules": _RULES[2:3],
    "testing.trace.intermediate": (*_RULES, f"{_TRACE}/test_normalize.py"),
    "testing.trace.ledger": (f"{_TRACE}/test_ledger.py",),
    "testing.trace.media": (f"{_TRACE}/test_media.py", *_RULES[:1]),
    "testing.trace.metric_globs": _RULES[1:2],
    "testing.trace.normalize": (f"{_TRACE}/test_normalize.py", f"{_TRACE}/test_sweeps.py"),
    "testing.trace.paths": (f"{_TRACE}/test_paths.py",),
    "testing.trace.placeholders": (*_RULES[1:3],),
    "testing.trace.rules": _RULES,
    "testing.trace.run_rules": _RULES[1:2],
    "testing.trace.tolerances": (f"{_TRACE}/test_tolerances.py",),
    "testing.trace.validate": (f"{_TRACE}/test_validate.py",),
    "testing.trace.value_rules": _RULES[:1],
    "testing.trace.values": _RULES[:1],
    "testing.trace.structure": (f"{_TRACE}/test_structure.py",),
    "testing.trace.weights": (f"{_TRACE}/test_weights.py",),
    "testing.model.artifacts": (
        f"{_MODEL}/test_artifacts.py",
        f"{_MODEL}/test_records.py",
        *(f"{_SERVER}/test_{name}.py" for name in ("portfolio_mutations", "alias_mutations", "portfolios")),
    ),
    "testing.model.metric_summaries": (f"{_MODEL}/test_metric_summaries.py",),
    "testing.model.nested_values": (f"{_MODEL}/test_nested_values.py", f"{_MODEL}/test_metric_summaries.py"),
    "testing.model.records": (f"{_MODEL}/test_records.py",),
    "testing.model.snapshot": (f"{_MODEL}/test_snapshot.py",),
    "testing.model.store": (
        f"{_MODEL}/test_store.py",
        f"{_MODEL}/test_snapshot.py",
        f"{_SERVER}/test_portfolio_mutations.py",
    ),
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
    "testing.views.findings": (f"{_VIEWS}/test_findings.py",),
    "testing.views.comparison": (f"{_VIEWS}/test_findings.py",),
    "testing.views.build_report": (f"{_VIEWS}/test_reports.py",),
    "testing.views.ridges": (f"{_VIEWS}/test_reports.py",),
    "testing.views.trace_size": (f"{_VIEWS}/test_reports.py",),
    "testing.views.comparison_items": (f"{_VIEWS}/test_items.py",),
    "testing.views.curves": (f"{_VIEWS}/test_charts.py",),
    "testing.views.describe": (f"{_VIEWS}/test_described_values.py",),
    "testing.views.history_columns": (f"{_VIEWS}/test_described_values.py",),
    "testing.views.image_diff": (f"{_VIEWS}/test_described_values.py",),
    "testing.views.run_sections": (f"{_VIEWS}/test_run_sections.py",),
    "testing.views.svg": (f"{_VIEWS}/test_charts.py",),
    "testing.views.sweep_table": (f"{_VIEWS}/test_sweep_table.py",),
    "testing.views.terminal": (f"{_VIEWS}/test_terminal.py",),
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
}

"""The rules of the run: what varies in its keys, names, metrics, artifacts and console, and what stands there instead.

Each docstring says what varies, between which doors or versions of wandb, and why. Their order: :mod:`.rules`.
"""

from __future__ import annotations

import re
from typing import Any

from . import console, metric_globs, placeholders
from .canonical import Content
from .intermediate import IntermediateRun

# ---- before values are looked at


def volatile_keys(run: IntermediateRun) -> None:
    """Times differ between any two runs: ``_timestamp``, ``_runtime`` and ``_wandb`` (``runtime``) go.

    ``_step`` stays in rows. In the summary it repeats the last row, where legacy and core disagree about rows that
    only the summary saw, so there it goes. A key of the user's own that begins with ``_`` stays.
    """
    own = {"_timestamp", "_runtime", "_wandb"}
    run.history = [
        {"_step": index, **{key: value for key, value in row.items() if key not in own}}
        for index, row in enumerate(run.history)
    ]
    run.summary = {key: value for key, value in run.summary.items() if key not in own | {"_step"}}


def own_config(run: IntermediateRun) -> None:
    """``_wandb`` in the config holds versions, telemetry and metric definitions in index-coded form, differently in
    every version. What of it means something is in ``made_with``, ``telemetry`` and ``metrics``.
    """
    run.config = {key: value for key, value in run.config.items() if key != "_wandb"}


def nested_keys(run: IntermediateRun) -> None:
    """wandb-core (0.18 on) sends the leaves of a nested mapping, by path, and so loses mappings that are empty; the
    Python service sends them. Rows and summary lose them here; the config is sent whole by both.
    """
    run.history = [_without_empty(row) for row in run.history]
    run.summary = _without_empty(run.summary)


def own_artifacts(run: IntermediateRun) -> None:
    """Artifacts that the SDK logs on its own: jobs (0.13 to 0.18 at the end of a run with a git remote or saved code),
    the code they run, and the server's exports of history and events.
    """
    own = {"job", "wandb-history", "wandb-events"}
    run.logged = [
        artifact
        for artifact in run.logged
        if artifact.origin.type not in own
        and not (artifact.origin.type == "code" and artifact.name.startswith(("source-", "job-")))
    ]


def glob_expansions(run: IntermediateRun) -> None:
    """Up to 0.28 the SDK sends a server no globs such as ``epoch/*`` but each key that matches; 0.31 sends the
    glob. Run logs have the glob, those of 0.18 and 0.25 the keys too. Here the keys; a glob that matches none goes.
    """
    run.metrics = metric_globs.expanded(run.metrics, run.history)


def telemetry_names(run: IntermediateRun) -> None:
    """Flags about how the run was observed and not about what the program did: offline or not, which engine, which
    platform, and the labels of notebooks differ between doors, versions and machines. Imports that the installed
    protobuf knows only a number for are not seen through a run log.
    """
    watched = "offline grpc lib_c lib_cpp sync sync2 attach shared_mode async_uploads server_side_derived_summary"
    engine = {f"feature.{name}" for name in (*watched.split(), "service", "core", "dcgm_profiling_enabled")}
    engine |= {"feature.#23", "feature.#55"}  # service and core, where the installed protobuf no longer names them
    machine = ("env.", "issues.", "label.", "feature.flow_control", "platform")
    versions = ("python_version", "cli_version", "core_version", "huggingface_version")
    run.telemetry = {name for name in run.telemetry - engine if not name.startswith((*machine, *versions))}
    run.telemetry = {name for name in run.telemetry if not re.fullmatch(r"imports_\w+\.#\d+", name)}


# ---- at the end


def generated_names(run: IntermediateRun) -> None:
    """A run the user did not name gets a random name online and none offline; artifacts are named after it
    (``model-misty-sun-7``, and offline ``model-None``, ``model-`` or ``model-<id>``). The user's own name stays.
    """
    if placeholders.is_generated(run.name, run.origin.id):
        for artifact in run.logged:
            artifact.name = placeholders.without_run_name(artifact.name, run.name, run.origin.id)
        run.name = ""


def checksums_in_names(run: IntermediateRun) -> None:
    """A table's artifact is named after the run and the key; where the key has spaces or such, newer versions add a
    checksum of both, which is another one in every run.
    """
    keys = {key for row in run.history for key in row} | set(run.summary)
    for artifact in run.artifacts():
        artifact.name = placeholders.without_checksum(artifact.name, keys, run.origin.id)


def run_ids(run: IntermediateRun) -> None:
    """The run's id in names of artifacts, aliases and paths: ``run-<id>-key``, ``run_<id>_model``. An id the user
    chose is taken out only where ``run`` stands before it.
    """
    for artifact in run.artifacts():
        artifact.name = placeholders.without_run_id(artifact.name, run.origin.id)
        artifact.aliases = [placeholders.without_run_id(alias, run.origin.id) for alias in artifact.aliases]
    for folder in run.folders():
        folder.rename({path: placeholders.without_run_id(path, run.origin.id) for path in folder.contents})


def artifact_aliases(run: IntermediateRun) -> None:
    """Aliases are a set, whose order 0.16 and 0.18 leave to chance; ``v0`` and so on are the server's."""
    for artifact in run.artifacts():
        artifact.aliases = sorted({alias for alias in artifact.aliases if not re.fullmatch(r"v\d+", alias)})


def artifact_order(run: IntermediateRun) -> None:
    """wandb-core uploads artifacts side by side, so a server sees them in any order. Here they are in the order of
    their names; versions of one stay in theirs.
    """
    run.logged.sort(key=lambda artifact: (artifact.name, artifact.origin.type))
    run.used.sort(key=lambda artifact: (artifact.name, artifact.origin.type))


def redrawn_lines(run: IntermediateRun) -> None:
    """Progress bars go back with ``\\r`` and ``\\b``: the server is sent lines as a terminal shows them, the log every
    write. Colours go too.
    """
    run.console = [console.shown(line) for lines in run.console for line in lines.rstrip("\n").split("\n")]


def own_lines(run: IntermediateRun) -> None:
    """What wandb and TensorFlow's C++ code print in between (addresses, times, machine), and empty lines, of which
    each version's terminal emulation leaves another number.
    """
    run.console = [line for line in run.console if not console.is_not_the_programs(line)]


def times_in_lines(run: IntermediateRun) -> None:
    """Durations in Keras' progress bars, time stamps that 0.13 and 0.16 put before lines, and the run's folder."""
    run.console = [console.without_times(line, run.origin.id) for line in run.console]


def key_order(run: IntermediateRun) -> None:
    """wandb-core sends keys in random order: every mapping is in the order of its keys."""
    for name in ("config", "history", "summary", "metrics"):
        setattr(run, name, _sorted(getattr(run, name)))
    for folder in run.folders():
        folder.contents = _sorted(folder.contents)
    for artifact in run.artifacts():
        artifact.metadata = _sorted(artifact.metadata)


def _without_empty(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: _without_empty(item) if isinstance(item, dict) else item for key, item in value.items()}
    return {key: item for key, item in kept.items() if item != {}}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        ordered = {key: _sorted(value[key]) for key in sorted(value)}
        return Content(ordered) if isinstance(value, Content) else ordered
    return [_sorted(item) for item in value] if isinstance(value, list) else value

"""The normalisation rules: each removes one way in which the same program can send different bytes.

:data:`RULES` is all of it, in the order in which it is applied:

* a *run* rule changes a run on its way to the trace, before or after the others (:mod:`.run_rules`);
* a *value* rule is asked about each value in history, summary, config, metadata and table cells, from the outside
  in, and gives back what stands for it, or the value itself when it is not concerned (:mod:`.value_rules`);
* a *folder* rule turns the files of a run, or of an artifact, from bytes into content (:mod:`.file_rules`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from . import file_rules, run_rules, value_rules


class Rule(NamedTuple):
    """One rule; its name is its function's."""

    on: Literal["run before", "value", "folder", "run after"]
    apply: Callable[..., Any]

    @property
    def name(self) -> str:
        return str(self.apply.__name__)


RULES: tuple[Rule, ...] = (
    Rule("run before", run_rules.volatile_keys),
    Rule("run before", run_rules.own_config),
    Rule("run before", run_rules.nested_keys),
    Rule("run before", run_rules.own_artifacts),
    Rule("run before", run_rules.glob_expansions),
    Rule("run before", run_rules.telemetry_names),
    Rule("value", value_rules.special_numbers),
    Rule("value", value_rules.integral_numbers),
    Rule("value", value_rules.histograms),
    Rule("value", value_rules.image_lists),
    Rule("value", value_rules.images),
    Rule("value", value_rules.masks),
    Rule("value", value_rules.boxes),
    Rule("value", value_rules.classes),
    Rule("value", value_rules.tables),
    Rule("value", value_rules.graphs),
    Rule("value", value_rules.other_media),
    Rule("folder", file_rules.environment_files),
    Rule("folder", file_rules.saved_models),
    Rule("folder", file_rules.checkpoints),
    Rule("folder", file_rules.models),
    Rule("folder", file_rules.media_objects),
    Rule("folder", file_rules.shown_media),
    Rule("folder", file_rules.references),
    Rule("folder", file_rules.other_files),
    Rule("folder", file_rules.media_digests),
    Rule("run after", run_rules.generated_names),
    Rule("run after", run_rules.checksums_in_names),
    Rule("run after", run_rules.run_ids),
    Rule("run after", run_rules.artifact_aliases),
    Rule("run after", run_rules.artifact_order),
    Rule("run after", run_rules.redrawn_lines),
    Rule("run after", run_rules.times_in_lines),
    Rule("run after", run_rules.own_lines),
    Rule("run after", run_rules.key_order),
)

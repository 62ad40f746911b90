"""What ``check`` looks at: the capabilities, what is played for each, and what a difference is about.

Those of the legacy class have scenarios; those of the newer callbacks W&B's documented uses; the hook, and the spelling
of Keras 2, whole programs.

One bug shows in every scenario that passes by it: a wrong ``val_loss`` is in the rows of a training that is about
gradients. So a difference counts for the capability that writes to its place, wherever that is known from the place,
and else for the capability that its scenario is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ...testing.trace.paths import Path
from ..scenarios import SCENARIOS
from . import programs, uses


@dataclass(frozen=True)
class Capability:
    """Something that works, or does not.

    Attributes:
        scenarios: names, or patterns of names, of the scenarios that are about it. Each scenario is about one.
        selection: those that are played where not all are.
        uses: what the names of the documented uses that are about it begin with.
        programs: names of whole programs, see :mod:`.programs`.
        keras: the flavours of Keras that it is about; of all, if empty.
        why: of its not being about the others.
    """

    name: str
    scenarios: tuple[str, ...] = ()
    selection: tuple[str, ...] = ()
    uses: str = ""
    programs: tuple[str, ...] = ()
    keras: tuple[str, ...] = ()
    why: str = ""

    @property
    def kind(self) -> str:
        """What is played for it."""
        return "scenario" if self.scenarios else "use" if self.uses else "program"

    def has(self, item: str) -> bool:
        """Whether *item*, the name of a scenario, use or program, is about it."""
        return (
            any(fnmatchcase(item, pattern) for pattern in self.scenarios)
            or item in self.programs
            or bool(self.uses and item.startswith(f"{self.uses}:"))
        )

    def items(self, *, every: bool) -> list[str]:
        """What is played for it; of scenarios the selection, or all."""
        found = [name for name in SCENARIOS if self.has(name) and (every or name in self.selection)]
        return found + [name for name in BESIDE_SCENARIOS if self.has(name)]

    def applies(self, flavour: str) -> bool:
        return not self.keras or flavour in self.keras


#: What is played beside the scenarios: uses and programs, in their order.
BESIDE_SCENARIOS = (*uses.names(), *programs.OF_THE_HOOK, *programs.IN_KERAS_2_SPELLING)


def _listed(name: str, scenarios: str, selection: str) -> Capability:
    return Capability(name, tuple(scenarios.split()), tuple(selection.split()))


CAPABILITIES: Mapping[str, Capability] = {
    each.name: each
    for each in (
        _listed(
            "metrics",
            "metrics_alone no_validation_data every_batch every_second_batch several_outputs steps_per_execution "
            "validation_freq initial_epoch sample_weight class_weight of_a_* validation_split user_logs* "
            "learning_rate_schedule subclass_hooks stops_midway dropout",
            "metrics_alone every_second_batch several_outputs of_a_dataset validation_freq",
        ),
        _listed(
            "best",
            "monitor_* mode_unknown prefix prefix_none resumed_better",
            "monitor_max monitor_missing resumed_better",
        ),
        _listed("checkpoint", "save_* subclass_save_model", "save_model save_weights_only save_subclassed"),
        _listed(
            "gradients",
            "gradients gradients_*",
            "gradients gradients_lstm gradients_embedding gradients_shared",
        ),
        _listed(
            "weights",
            "weights weights_* subclass_log_weights images_stateful",
            "weights_lstm weights_batch_norm",
        ),
        _listed("flops", "flops flops_*", "flops_convolutional flops_lstm"),
        _listed("graph", "graph_*", "graph_nested graph_several"),
        _listed("evaluation", "table table_*", "table table_processors table_of_fit"),
        _listed(
            "examples",
            "images_labels images_few_labels images_without_labels images_plain images_guessed images_old_name "
            "images_one_value images_to_images images_from_* images_generator images_of_* images_none_wanted "
            "masks masks_* subclass_captions",
            "images_labels masks images_of_fit",
        ),
        _listed(
            "together",
            "defaults keyword_misspelled everything* every_batch_and_graph two_fits two_callbacks resumed "
            "raises_midway a_new_run mixed_precision custom_train_step stateful mirrored two_workers",
            "defaults everything two_fits mixed_precision",
        ),
        Capability("metrics_logger", uses="MetricsLogger"),
        Capability("model_checkpoint", uses="ModelCheckpoint"),
        Capability("eval_callback", uses="EvalCallback"),
        Capability("hook", programs=tuple(programs.OF_THE_HOOK)),
        Capability(
            "keras_2_spelling",
            programs=programs.IN_KERAS_2_SPELLING,
            keras=("tf-keras",),
            why="programs in Keras 2 spelling are started with run --keras tf_keras, which is for environments with "
            "tf-keras",
        ),
    )
}

#: Those of the legacy class, which scenarios are about.
OF_THE_CLASS = tuple(name for name, capability in CAPABILITIES.items() if capability.scenarios)


class NoSuchName(ValueError):
    """A name that is neither a capability nor of anything that is played; the message has it."""


def capability_of(item: str) -> Capability:
    return next(each for each in CAPABILITIES.values() if each.has(item))


def items_of(only: Iterable[str] = (), *, every: bool = False) -> list[str]:
    """The names of what is to be played: of scenarios in the order of :data:`SCENARIOS`, then of uses and programs.

    Args:
        only: names of capabilities, and names or patterns of scenarios, uses and programs; without, all capabilities.
        every: of a capability all scenarios, instead of its selection.

    Raises:
        NoSuchName: one of *only* is none of them.
    """
    every_item = (*SCENARIOS, *BESIDE_SCENARIOS)
    wanted: set[str] = set()
    only = list(only)
    for name in only or CAPABILITIES:
        found = {other for other in every_item if fnmatchcase(other, name)} if only else set()
        if own := CAPABILITIES.get(name):
            found |= set(own.items(every=every))
        if not found:
            raise NoSuchName(name)
        wanted |= found
    return [name for name in every_item if name in wanted]


#: Beginning of a key in a row or the summary to the capability that logs it.
_KEYS = (
    ("gradients/", "gradients"),
    ("parameters/", "weights"),
    ("graph", "graph"),
    ("GFLOPs", "flops"),
    ("examples", "examples"),
    ("validation_predictions", "evaluation"),
    ("best_", "best"),
)
#: What Keras hands to a callback, and the number of the epoch.
_METRIC = re.compile(r"epoch|lr|learning_rate|(?:\w+_)?(?:loss|mae|accuracy)")
_ARTIFACTS = {"model": "checkpoint", "run_table": "evaluation", "validation_dataset": "evaluation"}
_FILES = (
    ("model-best.h5", "checkpoint"),
    ("media/graph/", "graph"),
    ("media/images/examples", "examples"),
    ("media/table/validation_predictions", "evaluation"),
)


def concerned(scenario: str, path: Path, *traces: Mapping[str, object]) -> str:
    """The name of the capability that a difference at *path* counts for.

    Args:
        scenario: in whose trace it is.
        traces: the two that were compared: what an artifact is, they say.
    """
    own = capability_of(scenario).name
    section, rest = (path[2], path[3:]) if len(path) > 2 else ("", ())
    found: str | None = None
    if section == "history" and len(rest) > 1:
        found = _of_key(str(rest[1]))
    elif section == "summary" and rest:
        found = _of_key(str(rest[0]))
        if own == "best" and found == "metrics":  # the summary is what that scenario is about
            found = own
    elif section == "files" and rest:
        found = next((name for begin, name in _FILES if str(rest[0]).startswith(begin)), None)
    elif section == "artifacts" and len(rest) > 1:
        found = _of_artifact(path, traces)
    elif section == "telemetry" and rest and rest[0] == "feature.save":
        found = "checkpoint"
    return found or own


def _of_key(key: str) -> str | None:
    for begin, name in _KEYS:
        if key.startswith(begin):
            return name
    return "metrics" if _METRIC.fullmatch(key) else None


def _of_artifact(path: Path, traces: Iterable[Mapping[str, object]]) -> str | None:
    lists = []
    for trace in traces:
        value: object = trace
        for part in path[:4]:
            if isinstance(value, Mapping):
                value = value.get(part)
            else:
                value = value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None
        if isinstance(value, list):
            lists.append(value)
    at = path[4]
    for items in sorted(lists, key=len, reverse=True):  # an index is that in the longer list
        if isinstance(at, int) and at < len(items):
            return _ARTIFACTS.get(str(items[at].get("type")))
    return None

"""Deciding which callbacks replace one legacy callback, and what moves in W&B because of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from ..documents.module import ModuleView, first_name
from ..names import CHECKPOINT, METRICS, NEW_HOME, SHIM, Target
from ..records import Moved
from .arguments import UNKNOWN, Argument, LegacyCall, Refusal, read_legacy_call
from .capabilities import DEPENDENT_ARGUMENTS, NewArgument, NewCallback, best_model, best_summary, row_callbacks
from .evaluation_order import keep_evaluation_order
from .fit_calls import fit_calls_of, has_validation_data, metric_names
from .placement import NewCall
from .project import Project


@dataclass(frozen=True)
class Replacement:
    """What to write instead of a call."""

    callbacks: tuple[NewCallback, ...]
    """The callbacks, in order."""
    notes: tuple[str, ...]
    moved: tuple[Moved, ...] = ()
    comments: tuple[str, ...] = ()
    """What stood between the arguments, for the first of the callbacks."""

    @property
    def keeps_best(self) -> bool:
        """Whether one of them goes on from the best value of the run, and writes it down."""
        arguments = {argument.name for callback in self.callbacks for argument in callback.arguments}
        return "best_of_run" in arguments or any(callback.name == "WandbBestSummary" for callback in self.callbacks)

    @property
    def targets(self) -> list[Target]:
        """What has to be imported."""
        return [(callback.home, callback.name) for callback in self.callbacks]

    def calls(self, names: dict[str, str]) -> list[NewCall]:
        """The source of the new callbacks, given what each class is called there."""
        first, *more = [
            NewCall(names[callback.name], tuple(map(str, callback.arguments))) for callback in self.callbacks
        ]
        return [replace(first, comments=self.comments), *more]


def replacement_for(view: ModuleView, call: cst.Call, project: Project, *, keeps_best: bool = False) -> Replacement:
    """Read a legacy call and say what replaces it.

    Args:
        keeps_best: write ``best_…`` also where nothing here asks for it, for a legacy callback that stays.

    Raises:
        Refusal: its meaning would not be kept, or cannot be told from the text.
    """
    legacy = read_legacy_call(view, call)
    if legacy.keys is not None and legacy.keys != project.keys:
        raise Refusal(f"it asks for keys={legacy.keys!r} itself; run with --keys {legacy.keys}")
    found = (
        _with_new_keys(view, call, legacy, project, keeps_best=keeps_best)
        if project.keys == "new"
        else _with_old_keys(view, legacy, project)
    )
    callbacks = keep_evaluation_order(view, call, list(legacy.given.values()), found.callbacks)
    notes = (*legacy.notes, *_dropped(legacy, callbacks), *found.notes)
    return Replacement(tuple(callbacks), notes, found.moved, legacy.comments)


def _dropped(legacy: LegacyCall, callbacks: Sequence[NewCallback]) -> list[str]:
    carried = {item.origin.name for callback in callbacks for item in callback.arguments if item.origin is not None}
    names = [name for name in legacy.given if name in DEPENDENT_ARGUMENTS and name not in carried]
    calls = [legacy.given[name].code for name in names if _calls_something(legacy.given[name].node)]
    no_longer = f"; {', '.join(calls)} is no longer evaluated" if calls else ""
    return [f"{', '.join(names)} had no effect in this combination and went{no_longer}"] if names else []


def _calls_something(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) or any(map(_calls_something, node.children))


def _logs_newer_keys(view: ModuleView) -> bool:
    """Whether a metrics logger stands in the module already, which logs ``epoch/…`` beside the legacy callback."""
    homes = {f"{home}.{METRICS}" for home in (SHIM, NEW_HOME)}
    return any(
        (found := view.resolve(call.func)) is not None
        and found.names & homes
        and not any(argument.keyword is not None and argument.keyword.value == "keys" for argument in call.args)
        for call in view.nodes(cst.Call)
    )


def _log_freq(legacy: LegacyCall) -> list[NewArgument]:
    """The frequency of batch rows for the newer logger, which takes no 0 and no None.

    Raises:
        Refusal: it has no counterpart.
    """
    argument = legacy.given.get("log_batch_frequency")
    if argument is None:
        return []
    value = argument.value
    if value is UNKNOWN:
        simple = isinstance(argument.node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
        code = argument.code if simple or argument.code.startswith("(") else f"({argument.code})"
        return [NewArgument("log_freq", f'{code} or "epoch"', argument)]
    if not isinstance(value, (int, float)) or value < 0 or value != int(value):
        raise Refusal(f"log_batch_frequency={argument.code} has no counterpart")
    return [NewArgument("log_freq", str(int(value)), argument)] if value else []  # 0 meant: never


def _refuse_grouped_steps(project: Project, frequency: Sequence[NewArgument]) -> None:
    """The two count alike only where Keras tells of every batch.

    Raises:
        Refusal: it may not.
    """
    if project.groups_steps and frequency:
        raise Refusal("log_batch_frequency counted executions, and with steps_per_execution log_freq counts batches")


def _with_old_keys(view: ModuleView, legacy: LegacyCall, project: Project) -> Replacement:
    """For ``--keys both`` and ``legacy``: every capability of the call under its old names, so nothing moves."""
    frequency = _log_freq(legacy)
    callbacks = row_callbacks(legacy, graph=legacy.is_on("save_graph"))
    # A logger that stands there already logs the newer keys.
    keys = "legacy" if _logs_newer_keys(view) else project.keys
    if keys != "legacy":
        _refuse_grouped_steps(project, frequency)
    callbacks.append(NewCallback(METRICS, (*frequency, NewArgument("keys", f'"{keys}"'))))
    saves = legacy.is_on("save_model")
    if legacy.value("log_best_prefix"):
        callbacks.append(best_summary(legacy, saves=saves))
    if saves:
        callbacks.append(best_model(legacy))
    notes = ["every key, file and artifact keeps its name"]
    if keys == "both":
        names = ["loss", *metric_names(view)]
        added = ["epoch/epoch", *(f"epoch/{name}" for name in names), *(f"epoch/val_{name}" for name in names)]
        added += ["epoch/<any other metric>", "epoch/learning_rate"]
        added += ["batch/<metric>", "batch/batch_step", "batch/learning_rate"] if frequency else []
        notes.append(f"each row also has the newer keys: {', '.join(added)}")
        if project.sweep_keys:
            notes.append(f"sweeps stay on {', '.join(sorted(project.sweep_keys))}; the newer keys would do as well")
    return Replacement(tuple(callbacks), tuple(notes))


def _with_new_keys(
    view: ModuleView, call: cst.Call, legacy: LegacyCall, project: Project, *, keeps_best: bool
) -> Replacement:
    """For ``--keys new``: the newer logger and checkpoint, and small callbacks for what they have not.

    Raises:
        Refusal: two loggers would log the same keys, or something is only known when the program runs.
    """
    if _logs_newer_keys(view):
        raise Refusal(f"a {METRICS} logs the newer keys here already, and a second one would log each row again")
    graph = _is_written_out(legacy, "save_graph") and legacy.is_on("save_graph")
    callbacks = row_callbacks(legacy, graph=graph)
    frequency = _log_freq(legacy)
    _refuse_grouped_steps(project, frequency)
    callbacks.append(NewCallback(METRICS, tuple(frequency)))
    notes: list[str] = []
    fit_calls = fit_calls_of(view, call)
    validated = [has_validation_data(view, fit) for fit in fit_calls or ()]
    wants_model = legacy.is_on("save_model")
    monitor, mode = _monitor(legacy, must_be_known=wants_model)
    saves = wants_model and _saved_a_model(view, monitor, fit_calls, validated)
    if wants_model and not saves:
        notes.append(f"the legacy callback never saved anything here: there is no {monitor} without validation data")
    if frequency:
        notes.append("batch rows have keys of their own (batch/…) and a step of their own (batch/batch_step)")
    wants_best = keeps_best or project.resumes or _is_written_out(legacy, "log_best_prefix")
    best = wants_best and bool(legacy.value("log_best_prefix"))
    if best:
        callbacks.append(best_summary(legacy, saves=saves))
    weights_only = saves and _known_switch(legacy, "save_weights_only")
    if saves:
        stem = _stem(view, call, project)
        callbacks.append(_checkpoint_callback(legacy, stem, monitor, mode, weights_only=weights_only))
    if weights_only:
        notes.append("the artifact now holds the weights only; the legacy one held the whole model")
    notes.append("epoch/learning_rate is new")
    moved = _moved_keys(
        metric_names(view),
        batches=bool(frequency),
        validated=not validated or any(known is not False for known in validated),
    )
    if legacy.keys == "new":
        moved = []  # it had moved before
    if not best and not saves and legacy.value("log_best_prefix"):
        moved += [Moved(f"best_{monitor} (summary)", None), Moved("best_epoch (summary)", None)]
    if not graph and legacy.value("save_graph"):
        moved.append(Moved("graph (summary)", None))
    if saves:
        file = stem.replace("{wandb.run.id}", "<run id>") + _suffix(weights_only=weights_only)
        moved.append(Moved("run file model-best.h5", f"{file} in the working directory"))
        moved.append(Moved("artifact model-<run name>", "artifact run_<run id>_model"))
    return Replacement(tuple(callbacks), tuple(notes), tuple(moved))


def _is_written_out(legacy: LegacyCall, name: str) -> bool:
    """Whether an argument is given on purpose: its default alone is no wish for what it does."""
    return name in legacy.given or name in legacy.explicit


def _known_switch(legacy: LegacyCall, name: str) -> bool:
    if legacy.value(name) is UNKNOWN:
        raise Refusal(f"the value of {name} is only known when it runs")
    return bool(legacy.value(name))


def _monitor(legacy: LegacyCall, *, must_be_known: bool) -> tuple[str, str]:
    """The monitored metric, and ``"min"`` or ``"max"`` by the legacy rule for ``"auto"``."""
    monitor, mode = legacy.value("monitor"), legacy.value("mode")
    if not isinstance(monitor, str) or not isinstance(mode, str):
        if must_be_known:
            raise Refusal("monitor or mode is only known when it runs")
        return monitor if isinstance(monitor, str) else "<monitor>", "auto"
    if mode not in {"min", "max"}:
        mode = "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"
    return monitor, mode


def _saved_a_model(
    view: ModuleView, monitor: str, fit_calls: list[cst.Call] | None, validated: list[bool | None]
) -> bool:
    """Whether the legacy callback can have saved models here: not where its value needs data that no fit call has.

    A value that turns out to be missing is no danger: the package's checkpoint saves nothing then, as the legacy one.
    """
    return not (fit_calls and monitor.startswith("val_") and set(validated) == {False})


def _stem(view: ModuleView, call: cst.Call, project: Project) -> str:
    """The name of the file that holds the best model, without its ending: with the run's id where runs meet.

    Raises:
        Refusal: it needs the id, and nothing here has it.
    """
    if not project.has_sweeps:
        return "model-best"
    scope = view.scope(call.func) or view.scope(first_name(call.func) or call.func)
    if scope is None or not scope["wandb"]:
        raise Refusal(
            "concurrent runs of the sweep need a file each, and wandb (for wandb.run.id) is not imported here"
        )
    return "model-best-{wandb.run.id}"


def _checkpoint_callback(legacy: LegacyCall, stem: str, monitor: str, mode: str, *, weights_only: bool) -> NewCallback:
    formatted = "f" if "{" in stem else ""
    arguments = [
        NewArgument("", f'{formatted}"{stem}{_suffix(weights_only=weights_only)}"'),
        NewArgument("monitor", f'"{monitor}"'), NewArgument("mode", f'"{mode}"'), NewArgument("save_best_only", "True"),
    ]  # fmt: skip
    prefix = legacy.given.get("log_best_prefix")
    if prefix is None:
        arguments.append(NewArgument("best_of_run", "True"))
    elif prefix.value is UNKNOWN or prefix.value:
        arguments.append(NewArgument("best_of_run", prefix.code, prefix))
    if weights_only:
        arguments.append(NewArgument("save_weights_only", "True"))
    verbose: Argument | None = legacy.given.get("verbose")
    if verbose is not None:
        arguments.append(NewArgument("verbose", verbose.code, verbose))
    return NewCallback(CHECKPOINT, tuple(arguments))


def _suffix(*, weights_only: bool) -> str:
    return ".weights.h5" if weights_only else ".keras"


def _moved_keys(metrics: list[str], *, batches: bool, validated: bool) -> list[Moved]:
    names = ["loss", *metrics]
    both = [*names, *(f"val_{name}" for name in names)] if validated else names
    moved = [Moved("epoch", "epoch/epoch"), *(Moved(name, f"epoch/{name}") for name in both)]
    moved.append(Moved("<any other metric>", "epoch/<any other metric>"))
    if batches:
        moved += [Moved(f"{name} (per batch)", f"batch/{name}") for name in names]
    return moved

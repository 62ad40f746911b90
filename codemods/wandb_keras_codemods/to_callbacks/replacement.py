"""Deciding what stands in place of one legacy callback, and what moves in W&B because of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from ..documents.module import ModuleView, first_name
from ..records import Moved
from ..names import CHECKPOINT, METRICS, NEW_HOME, Target
from .arguments import UNKNOWN, Argument, Asked, Refusal, read
from .capabilities import ONLY_WITH, Carried, Part, best_model, best_summary, row_parts
from .evaluation_order import keep_evaluation
from .fit_calls import fits_of, metric_names, validates
from .placement import NewCall
from .project import Project


@dataclass(frozen=True)
class Replacement:
    """What to write instead of a call."""

    parts: tuple[Part, ...]
    """The callbacks, in order."""
    notes: tuple[str, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def targets(self) -> list[Target]:
        """What has to be imported."""
        return [(part.home, part.name) for part in self.parts]

    def calls(self, names: dict[str, str]) -> list[NewCall]:
        """The source of the new callbacks, given what each class is called there."""
        return [NewCall(names[part.name], tuple(map(str, part.arguments))) for part in self.parts]


def compose(view: ModuleView, call: cst.Call, project: Project) -> Replacement:
    """Read a legacy call and say what replaces it.

    Raises:
        Refusal: its meaning would not be kept, or cannot be told from the text.
    """
    asked = read(view, call)
    if asked.keys is not None and asked.keys != project.keys:
        raise Refusal(f"it asks for keys={asked.keys!r} itself; run with --keys {asked.keys}")
    found = _newer(view, call, asked, project) if project.keys == "new" else _equivalent(view, asked, project)
    parts = keep_evaluation(view, call, list(asked.given.values()), found.parts)
    notes = (*asked.notes, *_dropped(asked, parts), *found.notes)
    return Replacement(tuple(parts), notes, found.moved)


def _dropped(asked: Asked, parts: Sequence[Part]) -> list[str]:
    carried = {item.origin.name for part in parts for item in part.arguments if item.origin is not None}
    names = [name for name in asked.given if name in ONLY_WITH and name not in carried]
    return [f"{', '.join(names)} had no effect in this combination and went"] if names else []


def _log_freq(asked: Asked) -> list[Carried]:
    """The frequency of batch rows for the newer logger, which takes no 0 and no None.

    Raises:
        Refusal: it has no counterpart.
    """
    argument = asked.given.get("log_batch_frequency")
    if argument is None:
        return []
    value = argument.value
    if value is UNKNOWN:
        simple = isinstance(argument.node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
        code = argument.code if simple or argument.code.startswith("(") else f"({argument.code})"
        return [Carried("log_freq", f'{code} or "epoch"', argument)]
    if not isinstance(value, (int, float)) or value < 0 or value != int(value):
        raise Refusal(f"log_batch_frequency={argument.code} has no counterpart")
    return [Carried("log_freq", str(int(value)), argument)] if value else []  # 0 meant: never


# --- the same under the same names ---------------------------------------------------------------------------


def _equivalent(view: ModuleView, asked: Asked, project: Project) -> Replacement:
    """Every capability of the call, with the legacy names: nothing moves, so nothing has to be known about fit."""
    frequency = _log_freq(asked)
    parts = row_parts(asked, graph=asked.on("save_graph"))
    parts.append(Part(METRICS, (*frequency, Carried("keys", f'"{project.keys}"'))))
    saves = asked.on("save_model")
    if asked.value("log_best_prefix"):
        parts.append(best_summary(asked, saves=saves))
    if saves:
        parts.append(best_model(asked))
    notes = ["every key, file and artifact keeps its name"]
    if project.keys == "both":
        names = ["loss", *metric_names(view)]
        added = ["epoch/epoch", *(f"epoch/{name}" for name in names), *(f"epoch/val_{name}" for name in names)]
        added += ["epoch/<any other metric>", "epoch/learning_rate"]
        added += ["batch/<metric>", "batch/batch_step", "batch/learning_rate"] if frequency else []
        notes.append(f"each row also has the newer keys: {', '.join(added)}")
        if project.swept:
            notes.append(f"sweeps stay on {', '.join(sorted(project.swept))}; the newer keys would do as well")
    return Replacement(tuple(parts), tuple(notes))


# --- the newer callbacks, under their own names --------------------------------------------------------------


def _newer(view: ModuleView, call: cst.Call, asked: Asked, project: Project) -> Replacement:
    graph = _written(asked, "save_graph") and asked.on("save_graph")
    parts = row_parts(asked, graph=graph)
    frequency = _log_freq(asked)
    parts.append(Part(METRICS, tuple(frequency), NEW_HOME))
    notes: list[str] = []
    fits = fits_of(view, call)
    validated = [validates(view, fit) for fit in fits or ()]
    wants_model = asked.on("save_model")
    monitor, mode = _monitor(asked, must_be_known=wants_model)
    saves = wants_model and _saves(view, monitor, fits, validated)
    if wants_model and not saves:
        notes.append(f"the legacy callback never saved anything here: there is no {monitor} without validation data")
    if frequency:
        notes.append("batch rows have keys of their own (batch/…) and a step of their own (batch/batch_step)")
    best = _written(asked, "log_best_prefix") and bool(asked.value("log_best_prefix"))
    if best:
        parts.append(best_summary(asked, saves=saves))
    weights_only = saves and _known(asked, "save_weights_only")
    if saves:
        parts.append(_checkpoint(view, call, asked, project, monitor, mode, weights_only=weights_only))
        notes.append("an epoch that does not improve adds an alias to the last saved artifact")
    if weights_only:
        notes.append("the artifact now holds the weights only; the legacy one held the whole model")
    notes.append("epoch/learning_rate is new")
    moved = _moved_keys(
        metric_names(view),
        batches=bool(frequency),
        validated=not validated or any(known is not False for known in validated),
    )
    if asked.keys == "new":
        moved = []  # it had moved before
    if not best and asked.value("log_best_prefix"):
        moved += [Moved(f"best_{monitor} (summary)", None), Moved("best_epoch (summary)", None)]
    if not graph and asked.value("save_graph"):
        moved.append(Moved("graph (summary)", None))
    if saves:
        suffix = _suffix(weights_only=weights_only)
        moved.append(Moved("run file model-best.h5", f"model-best{suffix} in the working directory"))
        moved.append(Moved("artifact model-<run name>", "artifact run_<run id>_model"))
    return Replacement(tuple(parts), tuple(notes), tuple(moved))


def _written(asked: Asked, name: str) -> bool:
    """Whether somebody wants this, and not only the signature's default."""
    return name in asked.given or name in asked.explicit


def _known(asked: Asked, name: str) -> bool:
    if asked.value(name) is UNKNOWN:
        raise Refusal(f"the value of {name} is only known when it runs")
    return bool(asked.value(name))


def _monitor(asked: Asked, *, must_be_known: bool) -> tuple[str, str]:
    """What is monitored, and in which direction by the legacy rule: nobody's "auto" decides later."""
    monitor, mode = asked.value("monitor"), asked.value("mode")
    if not isinstance(monitor, str) or not isinstance(mode, str):
        if must_be_known:
            raise Refusal("monitor or mode is only known when it runs")
        return monitor if isinstance(monitor, str) else "<monitor>", "auto"
    if mode not in {"min", "max"}:
        mode = "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"
    return monitor, mode


def _saves(view: ModuleView, monitor: str, fits: list[cst.Call] | None, validated: list[bool | None]) -> bool:
    """Whether the legacy callback saved models here: only if its monitored value was there to be read."""
    if not fits:
        raise Refusal(f"the fit call it goes to cannot be seen, and so not whether there is a {monitor} to save by")
    if monitor.startswith("val_"):
        if None in validated:
            raise Refusal("whether its fit call has validation data in every epoch is only known when it runs")
        if len(set(validated)) > 1:
            raise Refusal(
                "it goes to fit calls with and without validation data; without, the newer checkpoint ends the training"
            )
        if not validated[0]:
            return False
    base = monitor.removeprefix("val_")
    if base != "loss" and base not in metric_names(view):
        raise Refusal(
            f"no compile call here shows that {monitor} is logged; if it is not, the newer checkpoint ends the training"
        )
    return True


def _checkpoint(
    view: ModuleView, call: cst.Call, asked: Asked, project: Project, monitor: str, mode: str, *, weights_only: bool
) -> Part:
    suffix = _suffix(weights_only=weights_only)
    path = f'"model-best{suffix}"'
    if project.sweeping:
        scope = view.scope(call.func) or view.scope(first_name(call.func) or call.func)
        bound = scope["wandb"] if scope is not None else set()
        if not bound:
            raise Refusal(
                "concurrent runs of the sweep need a file each, and wandb (for wandb.run.id) is not imported here"
            )
        path = f'f"model-best-{{wandb.run.id}}{suffix}"'
    arguments = [
        Carried("", path), Carried("monitor", f'"{monitor}"'), Carried("mode", f'"{mode}"'),
        Carried("save_best_only", "True"),
    ]  # fmt: skip
    if weights_only:
        arguments.append(Carried("save_weights_only", "True"))
    verbose: Argument | None = asked.given.get("verbose")
    if verbose is not None:
        arguments.append(Carried("verbose", verbose.code, verbose))
    return Part(CHECKPOINT, tuple(arguments), NEW_HOME)


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

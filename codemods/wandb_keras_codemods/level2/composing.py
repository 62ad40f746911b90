"""Deciding what stands in place of one legacy callback, and what moves in W&B because of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from ..names import CHECKPOINT, METRICS
from ..records import Moved
from ..view import ModuleView
from .arguments import Refusal, Wanted, wanted
from .fits import fits_of, is_fit, metric_names, outermost, validates


@dataclass(frozen=True)
class Replacement:
    """What to write instead of a call."""

    metrics: str
    """Arguments of WandbMetricsLogger."""
    checkpoint: str | None
    """Arguments of WandbModelCheckpoint, if there is one."""
    notes: tuple[str, ...]
    moved: tuple[Moved, ...]

    @property
    def names(self) -> list[str]:
        return [METRICS] if self.checkpoint is None else [METRICS, CHECKPOINT]

    def calls(self, name_of: Callable[[str], str]) -> list[str]:
        """The source of the new callbacks, given what each class is called there."""
        found = [f"{name_of(METRICS)}({self.metrics})"]
        if self.checkpoint is not None:
            found.append(f"{name_of(CHECKPOINT)}({self.checkpoint})")
        return found


def compose(view: ModuleView, call: cst.Call, *, in_sweep: bool) -> Replacement:
    """Read a legacy call and say what replaces it.

    Raises:
        Refusal: its meaning would not be kept, or cannot be told from the text.
    """
    asked = wanted(view, call)
    notes = list(asked.notes)
    fits = fits_of(view, call)
    validated = [validates(view, fit) for fit in fits or ()]
    saves = asked.save_model and _saves(view, asked, fits, validated)
    if asked.save_model and not saves:
        notes.append(
            f"the legacy callback never saved anything here: there is no {asked.monitor} without validation data"
        )
    if asked.log_freq is not None:
        notes.append("batch rows have keys of their own (batch/…) and a step of their own (batch/batch_step)")
    if saves:
        notes.append("an epoch that does not improve adds an alias to the last saved artifact")
    if asked.save_weights_only and saves:
        notes.append("the artifact now holds the weights only; the legacy one held the whole model")
    notes.append("epoch/learning_rate is new")
    checkpoint = _checkpoint(view, call, asked, in_sweep=in_sweep) if saves else None
    metrics = f"log_freq={asked.log_freq}" if asked.log_freq is not None else ""
    moved = _moved(
        asked,
        metric_names(view),
        saves=saves,
        validated=not validated or any(known is not False for known in validated),
    )
    return Replacement(metrics, checkpoint, tuple(notes), moved)


def _saves(view: ModuleView, asked: Wanted, fits: list[cst.Call] | None, validated: list[bool | None]) -> bool:
    """Whether the legacy callback saved models here: only if its monitored value was there to be read."""
    monitor = asked.monitor
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


def _checkpoint(view: ModuleView, call: cst.Call, asked: Wanted, *, in_sweep: bool) -> str:
    suffix = ".weights.h5" if asked.save_weights_only else ".keras"
    path = f'"model-best{suffix}"'
    if in_sweep:
        scope = view.scope(call.func) or view.scope(_first(call.func))
        bound = scope["wandb"] if scope is not None else set()
        if not bound:
            raise Refusal(
                "concurrent runs of the sweep need a file each, and wandb (for wandb.run.id) is not imported here"
            )
        path = f'f"model-best-{{wandb.run.id}}{suffix}"'
    parts = [path, f'monitor="{asked.monitor}"', f'mode="{asked.mode}"', "save_best_only=True"]
    if asked.save_weights_only:
        parts.append("save_weights_only=True")
    if asked.verbose:
        parts.append(f"verbose={asked.verbose}")
    return ", ".join(parts)


def _first(node: cst.BaseExpression) -> cst.BaseExpression:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _moved(asked: Wanted, metrics: list[str], *, saves: bool, validated: bool) -> tuple[Moved, ...]:
    names = ["loss", *metrics]
    names += [f"val_{name}" for name in names] if validated else []
    moved = [Moved("epoch", "epoch/epoch"), *(Moved(name, f"epoch/{name}") for name in names)]
    moved.append(Moved("<any other metric>", "epoch/<any other metric>"))
    if asked.log_freq is not None:
        moved += [Moved(f"{name} (per batch)", f"batch/{name}") for name in ["loss", *metrics]]
    moved += [
        Moved(f"best_{asked.monitor} (summary)", None),
        Moved("best_epoch (summary)", None),
        Moved("graph (summary)", None),
    ]
    if saves:
        suffix = ".weights.h5" if asked.save_weights_only else ".keras"
        moved.append(Moved("run file model-best.h5", f"model-best{suffix} in the working directory"))
        moved.append(Moved("artifact model-<run name>", "artifact run_<run id>_model"))
    return tuple(moved)


@dataclass(frozen=True)
class Placement:
    """An edit that puts new callbacks where the old one stood."""

    start: int
    end: int
    text: str


def place(view: ModuleView, call: cst.Call, calls: list[str]) -> Placement:
    """Where the new calls go.

    Raises:
        Refusal: the instance is used in ways that one, or two, newer callbacks do not allow.
    """
    start, end = view.span(call)
    parent = view.parent(call)
    if isinstance(parent, cst.Element) and isinstance(view.parent(parent), (cst.List, cst.Tuple)):
        return Placement(start, end, _separator(view, start).join(calls))
    owner = view.parent(parent) if parent is not None else None
    if isinstance(parent, cst.Arg) and isinstance(owner, cst.Call) and isinstance(owner.func, cst.Attribute):
        if owner.func.attr.value == "append" and len(owner.args) == 1 and parent.keyword is None:
            if len(calls) == 1:
                return Placement(start, end, calls[0])
            name_start, _ = view.span(owner.func.attr)
            return Placement(
                name_start,
                end,
                f"extend({view.text[view.span(owner.func.attr)[1] : start].lstrip('(').strip()}[{', '.join(calls)}]",
            )
        if is_fit(owner) and parent.keyword is not None and parent.keyword.value == "callbacks":
            return _alone(start, end, calls, "it is the only callback, not in a list")
    if (
        isinstance(parent, cst.IfExp)
        and parent.test is not call
        and isinstance(outermost(view, call)[0], cst.BaseExpression)
    ):
        inside = view.parent(parent)
        if isinstance(inside, (cst.Element, cst.IfExp)) or is_fit(view.parent(inside) if inside else None):
            return _alone(start, end, calls, "it stands in a conditional expression")
    if isinstance(parent, (cst.Assign, cst.AnnAssign)):
        _only_listed(view, parent)
        return _alone(start, end, calls, "it is bound to a variable")
    raise Refusal("the instance is handed on to code that cannot be seen here (returned, passed, stored)")


def _alone(start: int, end: int, calls: list[str], where: str) -> Placement:
    if len(calls) > 1:
        raise Refusal(f"{where}, and two callbacks would have to stand in its place")
    return Placement(start, end, calls[0])


def _separator(view: ModuleView, start: int) -> str:
    line = max(view.text.rfind("\n", 0, start), view.text.rfind("\r", 0, start)) + 1
    indent = view.text[line:start]
    if indent.strip() or line == 0:
        return ", "
    newline = view.text[line - 2 : line] if view.text[line - 2 : line] == "\r\n" else view.text[line - 1]
    return f",{newline}{indent}"


def _only_listed(view: ModuleView, statement: cst.Assign | cst.AnnAssign) -> None:
    """Refuse unless a variable is only ever put into lists of callbacks."""
    targets = (
        [target.target for target in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    )
    if len(targets) != 1 or not isinstance(targets[0], cst.Name):
        raise Refusal("it is stored in an attribute or unpacked, so its uses cannot be seen")
    target = targets[0]
    scope = view.scope(target)
    for load in view.loads(target.value):
        load_scope = view.scope(load)
        if (
            load is target
            or scope is None
            or load_scope is None
            or not (load_scope[target.value] & scope[target.value])
        ):
            continue
        parent = view.parent(load)
        if isinstance(parent, cst.Attribute):
            raise Refusal(f"its attribute .{parent.attr.value} is used, which the newer callbacks do not have")
        owner = view.parent(parent) if isinstance(parent, cst.Arg) else None
        appended = (
            isinstance(owner, cst.Call) and isinstance(owner.func, cst.Attribute) and owner.func.attr.value == "append"
        )
        named = (
            isinstance(parent, cst.Arg)
            and parent.keyword is not None
            and parent.keyword.value == "callbacks"
            and is_fit(owner)
        )
        if not (isinstance(parent, (cst.Element, cst.AssignTarget)) or appended or named):
            raise Refusal("the instance is handed on to code that cannot be seen here")

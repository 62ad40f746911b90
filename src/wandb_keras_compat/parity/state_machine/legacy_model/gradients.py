"""*Gradients*: of each variable, summed over the batches of the training data, at the weights of the epoch's end."""

from __future__ import annotations

from typing import Any

from ..contestants import STEPS
from ..data import Samples
from .arithmetic import gradients
from .state import LegacyState
from .weights import part


def check(owner: LegacyState) -> None:
    """What the constructor refuses."""
    given: Samples | None = owner.options["training_data"]
    if not owner.options["log_gradients"]:
        return
    if given is None:
        owner.dies("ValueError")
    elif given.form == "weighted":
        owner.rules.dies("KD-007", "ValueError")


def histograms(owner: LegacyState) -> dict[str, Any]:
    """Arrays are batches of 32, the rest have their own; each counts by its mean, a short one too."""
    net, given, rules = owner.play.net, owner.options["training_data"], owner.rules
    if rules.optimizer_is_unknown:
        rules.dies("KD-061", "AttributeError")
    elif rules.optimizer_returns_nothing:
        rules.dies("KD-060", "TypeError")
    if given.form in ("dataset", "sequence", "finite"):
        batches = [(x, y, None) for x, y in given.batches(net)]
    else:
        x, y = given.arrays(net)
        weights = given.weights if given.form == "weighted" else None
        batches = [
            (x[at : at + 32], y[at : at + 32], None if weights is None else weights[at : at + 32])
            for at in range(0, given.count, 32)
        ]
    normalizes = any(layer.kind == "batch_norm" for layer in net.layers)
    if given.form in ("arrays", "list") and len(batches) > 1 and (normalizes or given.count % 32):
        rules.differs("KD-091")  # which samples are a batch, matters: of the real class nobody can tell
    if given.form == "finite" and owner.epochs_seen > 0:
        rules.dies("KD-050", "StopIteration or ValueError")
    if given.form == "finite" and len(batches) > STEPS and rules.differs("KD-050"):
        batches = batches[:STEPS]
    sums: dict[str, Any] = {}
    for batch in batches:
        for name, values in gradients(net, owner.version, *batch).items():
            sums[name] = sums.get(name, 0.0) + values
    factor = 1.0
    if net.loss_weights is not None and rules.differs("KD-006"):
        factor = net.loss_weights
    parts: dict[str, Any] = {}
    for name, values in sums.items():
        parts |= part(owner, f"gradients/{name}.gradient", factor * values)
    return parts

"""*Saving*: the file ``model-best.h5`` of the run, and a version of the artifact."""

from __future__ import annotations

from typing import Any

from ....testing.trace.canonical import Content
from ....testing.trace.file_contents import opaque
from .. import saving
from .best import Best
from .state import LegacyState


def save(owner: LegacyState, best: Best, epoch: int, value: Any) -> None:
    """A checkpoint of *epoch*: the file, whole or weights only, then the artifact, always whole."""
    options, run, rules = owner.options, owner.run, owner.rules
    if options["verbose"] > 0:
        owner.say(f"{best.improved(epoch, value)}, saving model to <run>/model-best.h5")
    if "model-best.h5" in run.announced or rules.differs("KD-003"):
        data = saving.content(owner.version, whole=not options["save_weights_only"])
        run.files["model-best.h5"] = {"policy": "live", "content": opaque(data)}
    if not options["save_model_as_artifact"]:
        return
    data = saving.content(owner.version, whole=True)
    entries: dict[str, Any] = {
        saving.SAVED_MODEL: Content(_type="json", value={"weights": owner.version, "whole": True})
    }
    if rules.keras_3 and rules.differs("KD-021"):
        entries["model.keras"] = opaque(data)
    run.log_artifact(f"model-{run.name}", "model", ["latest", f"epoch_{epoch}"], entries)

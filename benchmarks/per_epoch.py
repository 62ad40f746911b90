"""What each capability adds to an epoch, against the legacy class where it runs.

Both classes are set up with one capability on and everything else off, and their own hook is called: on the same
model, in the same offline run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .measure import interleaved
from .models import BY_NAME, Subject
from .results import Effort, Row
from .wandb_runs import NO_LEGACY, legacy_class, offline_run

TITLE = "per epoch"
SUBJECTS = ("MLP 26k", "CNN 1.2M", "CNN 5M")
GRADIENT_SAMPLES = 256
TABLE_ROWS = 100


@dataclass(frozen=True)
class Capability:
    """One capability: the options that turn it on, and the hook that pays for it."""

    name: str
    options: Callable[[Subject], dict[str, Any]]
    hook: str = "epoch"
    repeats: int = 1
    """Calls per round: more for what takes well under a millisecond."""


CAPABILITIES = (
    Capability("metrics alone", lambda _: {"monitor": "unknown"}, repeats=20),
    Capability("best", lambda _: {}, repeats=20),
    Capability("weights", lambda _: {"log_weights": True}),
    Capability("gradients", lambda subject: {"log_gradients": True, "training_data": subject.data(GRADIENT_SAMPLES)}),
    Capability("graph", lambda _: {"save_graph": True}, hook="batch", repeats=5),
    Capability(
        "images",
        lambda subject: {
            "input_type": "image",
            "output_type": "label",
            "validation_data": subject.data(TABLE_ROWS),
            "predictions": 36,
        },
    ),
    Capability("evaluation", lambda subject: _evaluation(subject)),  # noqa: PLW0108 - it stands below
    Capability("flops", lambda _: {"compute_flops": True}, hook="begin"),
    Capability("save", lambda _: {"save_model": True}),
)


def measure(effort: Effort) -> Iterator[Row]:
    """A row per model and capability: shim over legacy, or the time alone where legacy does not run."""
    legacy = legacy_class()
    if legacy is None:
        yield Row(TITLE, "all", "shim / legacy", note=NO_LEGACY)
    for name in SUBJECTS if effort.scale == 1 else SUBJECTS[:1]:
        subject = BY_NAME[name]
        for capability in CAPABILITIES:
            with offline_run():
                yield _row(subject, capability, legacy, effort)


def _row(subject: Subject, capability: Capability, legacy: type[Any] | None, effort: Effort) -> Row:
    from wandb_keras_compat import WandbCallback

    model = subject.build()
    sides = {"shim": _hook(WandbCallback, capability, subject, model)}
    if legacy is not None:
        sides["legacy"] = _hook(legacy, capability, subject, model)
    times = interleaved(sides, effort.rounds, clock=effort.clock)
    each = times.spread("shim", unit=1e-3 * capability.repeats)
    about = f"{subject.name}, {capability.name}"
    if legacy is None:
        return Row(TITLE, about, "shim", each, unit="ms")
    note = f"shim {each.median:.1f} ms"
    return Row(TITLE, about, "shim / legacy", times.ratio("shim", "legacy"), limit=1.0, note=note)


def _hook(kind: type[Any], capability: Capability, subject: Subject, model: Any) -> Callable[[], object]:
    options = {"save_model": False, "save_graph": False, **capability.options(subject)}
    callback = kind(**options)
    callback.set_params({"epochs": 100, "steps": 10, "verbose": 0})
    callback.set_model(model)
    callback.on_train_begin()
    epochs = iter(range(1_000_000))

    def epoch() -> None:
        number = next(epochs)
        callback.on_epoch_end(number, {"loss": 0.5, "val_loss": 1.0 / (number + 1)})  # better each time

    def batch() -> None:
        callback._graph_rendered = False
        callback.on_train_batch_end(0, {"loss": 0.5})

    once = {"epoch": epoch, "batch": batch, "begin": callback.on_train_begin}[capability.hook]

    def repeated() -> None:
        for _ in range(capability.repeats):
            once()

    return repeated


def _evaluation(subject: Subject) -> dict[str, Any]:
    """Prediction tables each epoch, linked to a table the user has.

    The validation table is left out: the legacy class cannot log it in an offline run.
    """
    import wandb

    x, y = subject.data(TABLE_ROWS)
    table = wandb.Table(columns=["id"], data=[[index] for index in range(TABLE_ROWS)])
    artifact = wandb.Artifact("wb_validation_data", type="validation_dataset")
    artifact.add(table, "validation_data")
    return {
        "log_evaluation": True,
        "log_evaluation_frequency": 1,
        "validation_data": (x, y),
        "validation_indexes": table.get_index(),
        "labels": [str(label) for label in range(10)],
        "prediction_row_processor": lambda index, row: {"highest": int(row["output"].argmax())},
    }

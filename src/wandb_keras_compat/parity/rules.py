"""What the real class decides without training anything: attributes, captions, mask colours, columns of tables.

    python -m wandb_keras_compat.parity.rules [--check]

writes ``goldens/rules.json`` with the real class, or demands that it is what the real class answers. Cases are data;
:func:`answer` asks the real class or the shim.
"""

from __future__ import annotations

import functools
import inspect
import json
import pathlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
import wandb

from ..testing.doors.recorder import Recorder
from .play import callback_of
from .recording import made_with
from .rule_cases import SECTIONS
from .terminal import Terminal

keras: Any = tf.keras
GOLDEN = pathlib.Path(__file__).parent / "goldens" / "rules.json"

ATTRIBUTES = (
    "monitor", "verbose", "monitor_op", "best", "labels", "predictions", "save_weights_only", "save_graph",
    "save_model", "save_model_as_artifact", "log_weights", "log_gradients", "training_data", "validation_data",
    "generator", "input_type", "output_type", "log_evaluation", "validation_steps", "class_colors",
    "log_batch_frequency", "log_best_prefix", "compute_flops", "_validation_indexes", "_validation_row_processor",
    "_prediction_row_processor", "_infer_missing_processors", "_log_evaluation_frequency",
)  # fmt: skip


def answer(which: str, section: str, name: str) -> Any:
    """What the real class (``legacy``) or the ``shim`` says to a case, as plain JSON."""
    case = SECTIONS[section][name]
    if section == "calls":
        found = _constructed(which, case)
    elif section == "columns":
        found = _columns(which, *case)
    elif section == "captions":
        found = _method(which, "_logits_to_captions", case, "labels")
    else:
        found = _method(which, "_masks_to_pixels", case, "class_colors")
    return json.loads(json.dumps(found))


def signature(which: str) -> list[Any]:
    """Names and defaults of what can be given by position, in order."""
    base, _ = callback_of(which)
    parameters = inspect.signature(base.__init__).parameters.values()
    return [[each.name, shown(each.default)] for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD][1:]


def _constructed(which: str, given: Any) -> dict[str, Any]:
    base, _ = callback_of(which)
    arguments = dict(given) if isinstance(given, dict) else {}
    resumed = arguments.pop("resumed", None)
    with Recorder() as recorder:
        recorder.start_run(name="rules", resume_summary=resumed)
        with Terminal() as terminal:
            try:
                made = base(**arguments) if isinstance(given, dict) else base(*given)
            except Exception as error:
                found: dict[str, Any] = {"raises": f"{type(error).__name__}: {error}"}
            else:
                found = {name: shown(getattr(made, name, "absent")) for name in ATTRIBUTES}
        found["said"] = terminal.heard(wandb.run.id)
    return found


def _method(which: str, method: str, case: tuple[Any, Any], argument: str) -> Any:
    """What *method* of a callback with that *argument* makes of a value."""
    base, _ = callback_of(which)
    with Recorder() as recorder:
        recorder.start_run(name="rules")
        with Terminal() as terminal:
            callback = base(save_model=False, save_graph=False, **{argument: case[1]})
            callback.set_model(keras.Sequential([keras.layers.InputLayer((1,)), keras.layers.Dense(1)]))
            found = _answer(lambda: getattr(callback, method)(case[0]))
        return {"gives": found, "said": terminal.heard(wandb.run.id)}


def _columns(which: str, example: Any, labels: Any, beside: Any) -> Any:
    table = wandb.Table(columns=["label"], data=[[label] for label in labels]) if labels else None
    make: dict[str, Callable[[], Any]]
    if which == "legacy":
        from wandb.sdk.integration_utils.data_logging import _infer_single_example_keyed_processor

        found = _infer_single_example_keyed_processor(example, table, beside)
        make = {name: functools.partial(function, 0, example, beside) for name, function in found.items()}
    else:
        from ..features.row_processors import inferred_columns, label_table

        table = label_table(labels)
        columns = inferred_columns(example, table, beside)
        make = {name: functools.partial(function, example, beside) for name, function in columns.items()}
    return {name: _answer(function) for name, function in make.items()}


def _answer(function: Callable[[], Any]) -> Any:
    try:
        return shown(function())
    except Exception as error:
        return {"raises": f"{type(error).__name__}: {error}"}


def shown(value: Any) -> Any:  # noqa: PLR0911 - a kind of value a line
    """*value* as JSON, the same for what is logged alike: classes of numbers and sequences do not matter."""
    if isinstance(value, wandb.Image):
        pixels = np.asarray(value.image if value.image is not None else [])
        masks = {
            name: np.asarray(mask._val["mask_data"] if hasattr(mask, "_val") else [])
            for name, mask in (value._masks or {}).items()
        }
        return {"image": pixels.tolist(), "masks": {name: mask.tolist() for name, mask in masks.items()}}
    if hasattr(value, "get_row"):
        return {"row": int(value)}
    if isinstance(value, np.ndarray):
        return shown(value.tolist())
    if isinstance(value, np.generic):
        return shown(value.item())
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {str(key): shown(item) for key, item in value.items()}
    if isinstance(value, float):
        return f"{value:.6g}"
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return getattr(value, "__name__", type(value).__name__)


def golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return found


def main(*arguments: str) -> int:
    found: dict[str, Any] = {"made_with": made_with(), "signature": signature("legacy")}
    for section, cases in SECTIONS.items():
        found[section] = {name: answer("legacy", section, name) for name in cases}
    if "--check" not in arguments:
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        return 0
    same = json.loads(json.dumps(found)) == golden()
    print("every rule is what the real class answers" if same else "the real class answers otherwise")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

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

from wandb_keras_compat.testing.doors.recorder import Recorder

from .play import callback_of
from .recording import made_with
from .terminal import Terminal

keras: Any = tf.keras
GOLDEN = pathlib.Path(__file__).parent / "goldens" / "rules.json"

ARRAYS = (np.zeros((4, 2)), np.ones((4, 1)))
BATCHES = iter([ARRAYS])


def _first(index: Any, row: Any) -> dict[str, Any]:
    return {"first": row}


#: Arguments, by position where they are a list, and what the summary of the run to go on with holds.
CALLS: dict[str, Any] = {
    "nothing": {},
    "positions": [
        "loss", 1, "max", True, True, True, False, ARRAYS, ARRAYS, ["a"], 7, BATCHES, "image", "label", True, 3,
        [[0, 0, 0]], 5, "top_", False, [1], _first, _first, False, 4, True,
    ],
    "min": {"monitor": "acc", "mode": "min"},
    "max": {"monitor": "loss", "mode": "max"},
    "unknown_mode": {"mode": "best"},
    "no_mode": {"mode": None, "monitor": "val_acc"},
    **{f"auto_{name}": {"monitor": name} for name in (
        "acc", "val_accuracy", "mean_acceleration", "fmeasure", "fmeasure_2", "val_fmeasure", "auc", "val_auc",
        "precision", "recall_1", "f1_score", "iou", "dice", "cosine_similarity", "r2", "VAL_AUC", "Acc", "loss", "",
    )},
    **{f"predictions_{count}": {"predictions": count} for count in (0, 1, 36, 99, 100, 101, 1000, 12.0, True)},
    "labels_list": {"labels": ["a", "b"]},
    "labels_tuple": {"labels": ("a", "b")},
    "labels_empty": {"labels": []},
    "colors": {"class_colors": [[0.0, 0.5, 1.0], [1.0, 0.0, 0.0]]},
    "colors_and_masks": {"class_colors": [[0.0, 0.5, 1.0]], "output_type": "segmentation_mask"},
    "colors_flat": {"class_colors": [0.0, 0.5, 1.0]},
    "colors_flat_of_images": {"class_colors": [0.0, 0.5, 1.0], "output_type": "image"},
    "colors_flat_masks": {"class_colors": [0.0, 0.5, 1.0], "output_type": "segmentation_mask"},
    "colors_flat_mask_inputs": {"class_colors": [0.0, 0.5, 1.0], "input_type": "segmentation_mask"},
    "data": {"validation_data": ARRAYS},
    "data_generator": {"validation_data": BATCHES},
    "generator": {"generator": BATCHES},
    "data_and_generator": {"validation_data": ARRAYS, "generator": BATCHES},
    "types": {"input_type": "image", "output_type": "label"},
    "old_type": {"data_type": "image"},
    "old_type_and_new": {"data_type": "image", "input_type": "label"},
    "no_old_type": {"data_type": None, "input_type": "label"},
    "unknown": {"no_such_argument": 1},
    "documented_processor": {"output_row_processor": _first},
    "both_processors": {"output_row_processor": _first, "prediction_row_processor": len},
    "gradients": {"log_gradients": True, "training_data": ARRAYS},
    "gradients_list": {"log_gradients": True, "training_data": list(ARRAYS)},
    "gradients_of_nothing": {"log_gradients": True},
    "gradients_of_one": {"log_gradients": True, "training_data": ARRAYS[:1]},
    "gradients_of_three": {"log_gradients": True, "training_data": (*ARRAYS, np.ones(4))},
    "gradients_of_four": {"log_gradients": True, "training_data": ARRAYS * 2},
    "gradients_of_batches": {"log_gradients": True, "training_data": BATCHES},
    "training_data_alone": {"training_data": ARRAYS[:1]},
    "frequency": {"log_batch_frequency": 10},
    "frequency_float": {"log_batch_frequency": 2.0},
    "frequency_none": {"log_batch_frequency": 0},
    "frequency_text": {"log_batch_frequency": "10"},
    "frequency_flag": {"log_batch_frequency": True},
    "evaluation_frequency": {"log_evaluation_frequency": 3},
    "evaluation_frequency_none": {"log_evaluation_frequency": None},
    "predictions_text": {"predictions": "36"},
    "monitor_number": {"monitor": 3},
    "frequency_negative": {"log_batch_frequency": -1},
    "type_misspelled": {"input_type": "imag"},
    "type_plural": {"input_type": "image", "output_type": "labels"},
    "type_of_its_own": {"input_type": "time", "output_type": "histogram"},
    "old_type_misspelled": {"data_type": "imags"},
    "generator_number": {"generator": 3},
    "colors_number": {"class_colors": 3},
    "processor_number": {"validation_row_processor": 3},
    "prediction_processor_text": {"prediction_row_processor": "last"},
    "keyword_misspelled": {"monitr": "loss"},
    "keyword_short_of_a_letter": {"save_mdel": False},
    "resumed": {"resumed": {"best_val_loss": 0.5}},
    "resumed_zero": {"resumed": {"best_val_loss": 0.0}},
    "resumed_prefix": {"log_best_prefix": "top_", "resumed": {"top_val_loss": 0.25, "best_val_loss": 0.5}},
    "resumed_other": {"monitor": "loss", "resumed": {"best_val_loss": 0.5}},
    "resumed_worse": {"mode": "max", "resumed": {"best_val_loss": 0.5}},
    "resumed_text": {"resumed": {"best_val_loss": "NaN"}},
    "resumed_none": {"log_best_prefix": None, "resumed": {"Noneval_loss": 0.5, "val_loss": 0.7}},
    "resumed_empty": {"log_best_prefix": "", "resumed": {"val_loss": 0.5}},
}  # fmt: skip

ATTRIBUTES = (
    "monitor", "verbose", "monitor_op", "best", "labels", "predictions", "save_weights_only", "save_graph",
    "save_model", "save_model_as_artifact", "log_weights", "log_gradients", "training_data", "validation_data",
    "generator", "input_type", "output_type", "log_evaluation", "validation_steps", "class_colors",
    "log_batch_frequency", "log_best_prefix", "compute_flops", "_validation_indexes", "_validation_row_processor",
    "_prediction_row_processor", "_infer_missing_processors", "_log_evaluation_frequency",
)  # fmt: skip

SCORES = np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1], [0.0, 0.1, 0.9], [0.5, 0.5, 0.0]])
SINGLE = np.array([[0.9], [0.95], [0.51], [0.75]])
TWO = np.array([[0.75], [0.25], [0.5], [1.0]])

#: ``(logits, labels)``: the class has a name, a number where the name is missing, or is a score.
CAPTIONS: dict[str, tuple[Any, Any]] = {
    "names": (SCORES, ["a", "b", "c"]),
    "names_tuple": (SCORES, ("a", "b", "c")),
    "names_few": (SCORES, ["a", "b"]),
    "names_none": (SCORES, None),
    "rows": (list(SCORES), ["a", "b", "c"]),
    "two_classes": (SCORES[:, :2], ["a", "b"]),
    "score": (TWO, None),
    "score_names_three": (TWO, ["a", "b", "c"]),
    "score_name_one": (TWO, ["a"]),
    "score_names": (SINGLE, ["no", "yes"]),
    "score_names_low": (1 - SINGLE, ["no", "yes"]),
    "score_names_both": (TWO, ["no", "yes"]),
    "score_half": (np.array([[0.5]]), ["no", "yes"]),
}

_MASKS = np.eye(4)[np.arange(18).reshape(2, 3, 3) % 4]
COLORS = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

#: ``(masks, class_colors)``
PIXELS: dict[str, tuple[Any, Any]] = {
    "flat": (_MASKS[..., 0], None),
    "one_channel": (_MASKS[..., :1], None),
    "flat_colors": (_MASKS[..., 0], COLORS),
    "one_channel_colors": (_MASKS[..., :1], COLORS),
    "classes": (_MASKS, None),
    "two_classes": (_MASKS[..., :2], None),
    "three_classes": (_MASKS[..., :3], None),
    "colors": (_MASKS, COLORS),
    "scores": (_MASKS * 0.5 + 0.1, COLORS),
    "rows": (list(_MASKS), COLORS),
    "wide": (np.eye(3)[np.arange(10).reshape(1, 2, 5) % 3], None),
}

_GREY = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20

#: ``(a value, labels, the input beside it)``
COLUMNS: dict[str, tuple[Any, Any, Any]] = {
    "scores_labels": (np.array([0.2, 0.5, 0.3]), ["a", "b", "c"], None),
    "one_hot_labels": (np.array([0, 0, 1]), ["a", "b", "c"], None),
    "one_hot_floats_labels": (np.array([0.0, 1.0, 0.0]), ["a", "b", "c"], None),
    "zeros_labels": (np.array([0.0, 0.0, 0.0]), ["a", "b", "c"], None),
    "ones_labels": (np.array([1.0, 1.0]), ["a", "b"], None),
    "zero_one_two_labels": (np.array([0.0, 1.0, 2.0]), ["a", "b", "c"], None),
    "zero_two_labels": (np.array([0.0, 2.0]), ["a", "b"], None),
    "one_two_labels": (np.array([1.0, 2.0]), ["a", "b"], None),
    "list_labels": ([0.25, 0.5, 0.25], ["a", "b", "c"], None),
    "one_value_one_label": (np.array([0]), ["a"], None),
    "class_labels": (np.array([1]), ["a", "b"], None),
    "class_last_label": (np.array([2]), ["a", "b", "c"], None),
    "class_beyond_labels": (np.array([3]), ["a", "b", "c"], None),
    "class_at_the_end": (np.array([2]), ["a", "b"], None),
    "class_list": ([1], ["a", "b"], None),
    "class_no_labels": (np.array([3]), None, None),
    "value": (np.array([0.75]), None, None),
    "value_labels": (np.array([0.75]), ["a", "b"], None),
    "vector": (np.array([0.25, -1.5, 3.0]), None, None),
    "vector_list": ([0.25, -1.5, 3.0], None, None),
    "vector_other_labels": (np.array([0.25, -1.5, 3.0]), ["a", "b"], None),
    "one_hot": (np.array([0.0, 1.0, 0.0]), None, None),
    "one_hot_integers": (np.array([0, 0, 1]), None, None),
    "zero_two": (np.array([0, 2, 0]), None, None),
    "ten": (np.arange(10.0), None, None),
    "eleven": (np.arange(11.0), None, None),
    "picture": (_GREY, None, None),
    "picture_labels": (_GREY, ["a", "b", "c"], None),
    "picture_base": (_GREY, None, _GREY),
    "mask": (_GREY % 3, ["a", "b", "c"], _GREY),
    "mask_other_shape": (_GREY % 3, ["a", "b", "c"], _GREY[:2]),
    "picture_colors": (np.dstack([_GREY, _GREY, _GREY]), None, None),
    "picture_colors_labels": (np.dstack([_GREY, _GREY, _GREY]), ["a"], np.dstack([_GREY, _GREY, _GREY])),
    "number": (3.5, None, None),
    "number_labels": (3, ["a", "b"], None),
    "text": ("text", ["a", "b"], None),
    "nested_lists": ([[1, 2], [3, 4]], None, None),
    "five_dimensions": (np.zeros((1, 1, 1, 1, 1)), None, None),
}


SECTIONS: dict[str, dict[str, Any]] = {"calls": CALLS, "captions": CAPTIONS, "pixels": PIXELS, "columns": COLUMNS}


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
        from wandb_keras_compat.features.row_processors import inferred_columns, label_table

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

"""The cases of :mod:`.rules`: what a callback is made with, and what its methods are given."""

from __future__ import annotations

from typing import Any

import numpy as np

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

"""Whole trainings, declared: a model, a form of data, arguments of the callback and of ``fit``, and a program.

``python -m wandb_keras_compat.parity.play`` trains them with the real class, the shim or the small callbacks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Of:
    """The scenario's data in a form: ``arrays``, ``list`` (of both), ``named`` (a dict of inputs a, b, ...),
    ``weighted`` (three parts), ``dataset``, ``sequence`` or ``generator``.
    """

    form: str
    samples: int | None = None


@dataclass(frozen=True)
class Scenario:
    """One training.

    Attributes:
        model: key of ``families.FAMILIES``.
        arguments: of the constructor.
        data: form of what ``fit`` trains on.
        validation: form of what ``fit`` validates on; None for nothing.
        fit: other arguments of ``fit``.
        compile: other arguments of ``compile``.
        program: what happens, a function of :mod:`.programs`.
        by_position: whether ``fit`` is given all it can be by position, callbacks and validation data included.
        only: why it is played in no other form (see :mod:`.forms`) than the usual one.
        not_written: why it is no script.
    """

    model: str = "dense"
    arguments: dict[str, Any] = field(default_factory=dict)
    data: str = "arrays"
    validation: str | None = "arrays"
    fit: dict[str, Any] = field(default_factory=dict)
    compile: dict[str, Any] = field(default_factory=dict)
    program: str = "one_fit"
    epochs: int = 2
    by_position: bool = False
    only: str = ""
    not_written: str = ""


#: Without what takes long and is not the subject.
BARE: dict[str, Any] = {"save_model": False, "save_graph": False}
GRADIENTS = {**BARE, "log_gradients": True, "training_data": Of("arrays")}
IMAGES = {**BARE, "input_type": "image", "validation_data": Of("arrays")}
TABLE = {**BARE, "log_evaluation": True, "validation_data": Of("arrays")}
#: The same of what only ``fit`` is given.
IMAGES_OF_FIT = {**BARE, "input_type": "image", "output_type": "label", "labels": ["a", "b", "c"]}
MASKS_OF_FIT = {**BARE, "input_type": "image", "output_type": "segmentation_mask"}
TABLE_OF_FIT = {**BARE, "log_evaluation": True}


def _sum_of_input(index: Any, row: Any) -> dict[str, Any]:
    return {"sum": float(row["input"].sum())}


def _raises(index: Any, row: Any) -> dict[str, Any]:
    raise ValueError("this processor has a mistake")


def _double_of_output(index: Any, row: Any) -> dict[str, Any]:
    return {"double": float(2 * row["output"][0])}


SCENARIOS: dict[str, Scenario] = {
    # metrics and best
    "defaults": Scenario(),
    "metrics_alone": Scenario(arguments=BARE),
    "no_validation_data": Scenario(arguments=BARE, validation=None),
    "monitor_max": Scenario(arguments={**BARE, "monitor": "val_mae", "mode": "max", "verbose": 1}),
    "monitor_min": Scenario(arguments={**BARE, "monitor": "loss", "mode": "min"}),
    "monitor_auto_accuracy": Scenario("classifier", {**BARE, "monitor": "val_accuracy"}),
    "monitor_missing": Scenario(arguments={**BARE, "monitor": "val_nothing"}),
    "mode_unknown": Scenario(arguments={**BARE, "mode": "best"}),
    "keyword_misspelled": Scenario(arguments={**BARE, "monitr": "loss"}),
    "prefix": Scenario(arguments={**BARE, "log_best_prefix": "top_"}),
    "prefix_none": Scenario(arguments={**BARE, "log_best_prefix": None}),
    "every_batch": Scenario(arguments={**BARE, "log_batch_frequency": 1}),
    "every_second_batch": Scenario(arguments={**BARE, "log_batch_frequency": 2}, epochs=3),
    "every_batch_and_graph": Scenario(arguments={"save_model": False, "log_batch_frequency": 3}),
    "several_outputs": Scenario("two_outputs", BARE),
    "steps_per_execution": Scenario(arguments={**BARE, "log_batch_frequency": 2}, compile={"steps_per_execution": 2}),
    "validation_freq": Scenario(arguments=BARE, fit={"validation_freq": 2}, epochs=4),
    "initial_epoch": Scenario(arguments=BARE, fit={"initial_epoch": 1}, epochs=3),
    "sample_weight": Scenario(arguments=BARE, fit={"sample_weight": Of("weights")}),
    "class_weight": Scenario("classifier", BARE, fit={"class_weight": {0: 1.0, 1: 2.0, 2: 0.5}}),
    "of_a_dataset": Scenario(data="dataset", validation="dataset", arguments=BARE),
    "of_a_generator": Scenario(data="generator", arguments=BARE, fit={"steps_per_epoch": 3}),
    "of_a_sequence": Scenario(data="sequence", validation="sequence", arguments=BARE),
    "validation_split": Scenario(arguments=BARE, validation=None, fit={"validation_split": 0.25}),
    # programs
    "two_fits": Scenario(
        arguments={"save_model": False}, program="two_fits", only="one callback for two trainings is made before both"
    ),
    "two_callbacks": Scenario(arguments=BARE, program="two_callbacks"),
    "resumed": Scenario(arguments={"save_model": False}, program="resumed"),
    "resumed_better": Scenario(arguments=BARE, program="resumed_better"),
    "raises_midway": Scenario(arguments={"save_model": False}, program="raises_midway"),
    "stops_midway": Scenario(arguments=BARE, program="stops_midway", epochs=4),
    "user_logs": Scenario(arguments=BARE, program="user_logs"),
    "user_logs_uncommitted": Scenario(arguments={**BARE, "log_weights": True}, program="user_logs_uncommitted"),
    "user_logs_batches": Scenario(arguments={**BARE, "log_batch_frequency": 2}, program="user_logs"),
    "subclass_hooks": Scenario(arguments=BARE, program="subclass_hooks"),
    "subclass_log_weights": Scenario(arguments={**BARE, "log_weights": True}, program="subclass_log_weights"),
    "subclass_save_model": Scenario(arguments={"save_graph": False}, program="subclass_save_model"),
    "subclass_captions": Scenario("classifier", {**IMAGES, "output_type": "label"}, program="subclass_captions"),
    "learning_rate_schedule": Scenario(arguments=BARE, program="learning_rate_schedule"),
    "a_new_run": Scenario(arguments={"save_model": False}, program="a_new_run"),
    # saving
    "save_model": Scenario("classifier", {"save_graph": False}, epochs=3),
    "save_weights_only": Scenario("branching", {"save_graph": False, "save_weights_only": True}),
    "save_verbose": Scenario(arguments={"save_graph": False, "verbose": 1}),
    "save_subclassed": Scenario("subclassed", {"save_graph": False}),
    "save_accuracy": Scenario("classifier", {"save_graph": False, "monitor": "accuracy"}),
    # graph
    "graph_functional": Scenario("branching", {"save_model": False}),
    "graph_nested": Scenario("nested", {"save_model": False}),
    "graph_shared": Scenario("shared", {"save_model": False}),
    "graph_several": Scenario("two_in_two_out", {"save_model": False}),
    "graph_subclassed": Scenario("subclassed", {"save_model": False}),
    "graph_lstm": Scenario("lstm", {"save_model": False}),
    # weights
    "weights": Scenario("classifier", {**BARE, "log_weights": True}),
    "weights_lstm": Scenario("lstm", {**BARE, "log_weights": True}),
    "weights_batch_norm": Scenario("batch_norm", {**BARE, "log_weights": True}),
    "weights_embedding": Scenario("embedding", {**BARE, "log_weights": True}),
    "weights_mixed_precision": Scenario("mixed_precision", {**BARE, "log_weights": True}),
    "weights_nested": Scenario("nested", {**BARE, "log_weights": True}),
    # gradients
    "gradients": Scenario(arguments=GRADIENTS),
    "gradients_convolutional": Scenario("convolutional", GRADIENTS),
    "gradients_batch_norm": Scenario("batch_norm", GRADIENTS),
    "gradients_lstm": Scenario("lstm", GRADIENTS),
    "gradients_bidirectional": Scenario("bidirectional", GRADIENTS),
    "gradients_nested": Scenario("nested", GRADIENTS),
    "gradients_shared": Scenario("shared", GRADIENTS),
    "gradients_several": Scenario("two_in_two_out", GRADIENTS),
    "gradients_frozen": Scenario("frozen", GRADIENTS),
    "gradients_embedding": Scenario("embedding", GRADIENTS),
    "gradients_loss_weights": Scenario("two_outputs", GRADIENTS),
    "gradients_weighted": Scenario(arguments={**GRADIENTS, "training_data": Of("weighted")}),
    "gradients_dataset": Scenario(arguments={**GRADIENTS, "training_data": Of("dataset")}),
    "gradients_sequence": Scenario(arguments={**GRADIENTS, "training_data": Of("sequence")}),
    "gradients_regularized": Scenario("regularized", GRADIENTS),
    # flops
    "flops": Scenario(arguments={**BARE, "compute_flops": True}),
    "flops_convolutional": Scenario("classifier", {**BARE, "compute_flops": True}),
    "flops_nested": Scenario("nested", {**BARE, "compute_flops": True}),
    "flops_lstm": Scenario("lstm", {**BARE, "compute_flops": True}),
    "flops_batch_norm": Scenario("batch_norm", {**BARE, "compute_flops": True}),
    "flops_subclassed": Scenario("subclassed", {**BARE, "compute_flops": True}),
    # images
    "images_labels": Scenario("classifier", {**IMAGES, "output_type": "label", "labels": ["a", "b", "c"]}),
    "images_few_labels": Scenario("classifier", {**IMAGES, "output_type": "label", "labels": ["a", "b"]}),
    "images_without_labels": Scenario("color_classifier", {**IMAGES, "output_type": "label"}),
    "images_plain": Scenario("classifier", {**IMAGES, "output_type": "table"}),
    "images_guessed": Scenario("color_classifier", {**IMAGES, "input_type": "auto"}),
    "images_old_name": Scenario("classifier", {**BARE, "data_type": "image", "validation_data": Of("arrays")}),
    "images_one_value": Scenario("binary", {**IMAGES, "output_type": "label"}),
    "images_to_images": Scenario("autoencoder", {**IMAGES, "output_type": "image"}),
    "images_from_labels": Scenario(
        "decoder", {**IMAGES, "input_type": "label", "output_type": "image", "labels": ["a", "b", "c"]}
    ),
    "images_from_anything": Scenario("decoder", {**IMAGES, "input_type": None, "output_type": "image"}),
    "images_generator": Scenario("classifier", {**BARE, "input_type": "image", "generator": Of("generator")}),
    "images_of_a_sequence": Scenario(
        "classifier", {**BARE, "input_type": "image", "validation_data": Of("generator"), "labels": ["a", "b", "c"]}
    ),
    "images_of_fit": Scenario("classifier", {**BARE, "input_type": "image"}),
    "images_none_wanted": Scenario("classifier", {**IMAGES, "predictions": 0}),
    "masks": Scenario("segmenter", {**IMAGES, "output_type": "segmentation_mask"}),
    "masks_colored": Scenario(
        "segmenter",
        {
            **IMAGES,
            "output_type": "segmentation_mask",
            "class_colors": [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        },
    ),
    "masks_to_masks": Scenario(
        "recolorer", {**IMAGES, "input_type": "segmentation_mask", "output_type": "segmentation_mask"}
    ),
    "masks_to_labels": Scenario(
        "mask_classifier", {**IMAGES, "input_type": "segmentation_mask", "output_type": "label"}
    ),
    "images_stateful": Scenario("stateful", {**BARE, "log_weights": True}, fit={"batch_size": 8}),
    # evaluation tables
    "table": Scenario("classifier", {**TABLE, "labels": ["a", "b", "c"]}),
    "table_without_labels": Scenario("color_classifier", TABLE),
    "table_of_numbers": Scenario(arguments=TABLE),
    "table_of_one_value": Scenario("binary", {**TABLE, "labels": ["no", "yes"]}),
    "table_every_second_epoch": Scenario(arguments={**TABLE, "log_evaluation_frequency": 2}, epochs=4),
    "table_every_epoch": Scenario(arguments={**TABLE, "log_evaluation_frequency": 1}),
    "table_processors": Scenario(
        arguments={
            **TABLE,
            "validation_row_processor": _sum_of_input,
            "prediction_row_processor": _double_of_output,
        }
    ),
    "table_of_named_inputs": Scenario(
        "shared", {**TABLE, "validation_data": Of("named")}, data="named", validation="named"
    ),
    "table_processor_raises": Scenario(
        arguments={**TABLE, "prediction_row_processor": _raises, "log_evaluation_frequency": 1}
    ),
    "table_validation_processor_raises": Scenario(arguments={**TABLE, "validation_row_processor": _raises}),
    "table_generator_without_steps": Scenario(
        arguments={**BARE, "log_evaluation": True, "generator": Of("generator")}, validation=None
    ),
    "table_not_inferred": Scenario("classifier", {**TABLE, "infer_missing_processors": False}),
    # Without data in fit: where the old patch of fit works, the real class takes that and not the generator.
    "table_generator": Scenario(
        arguments={**BARE, "log_evaluation": True, "generator": Of("generator"), "validation_steps": 2},
        validation=None,
    ),
    "table_indexes": Scenario(arguments=TABLE, program="own_table"),
    "table_of_fit": Scenario(arguments={**BARE, "log_evaluation": True}),
    # what is drawn or tabled is given to fit alone, in every form that fit takes
    "images_of_fit_list": Scenario("classifier", IMAGES_OF_FIT, validation="list"),
    "images_of_fit_weighted": Scenario("classifier", IMAGES_OF_FIT, validation="weighted"),
    "images_of_fit_dataset": Scenario("classifier", IMAGES_OF_FIT, validation="dataset"),
    "images_of_fit_sequence": Scenario("classifier", IMAGES_OF_FIT, validation="sequence"),
    # Once: Keras 3 reads a generator ahead in a thread, so what a second validation meets is another thing each time.
    "images_of_fit_generator": Scenario(
        "classifier", IMAGES_OF_FIT, validation="generator", fit={"validation_steps": 3}, epochs=1
    ),
    "images_of_fit_position": Scenario("classifier", IMAGES_OF_FIT, by_position=True),
    "images_of_fit_split": Scenario("classifier", IMAGES_OF_FIT, validation=None, fit={"validation_split": 0.25}),
    "images_of_fit_to_images": Scenario("autoencoder", {**BARE, "output_type": "image"}),
    "masks_of_fit": Scenario("segmenter", MASKS_OF_FIT),
    "masks_of_fit_dataset": Scenario("segmenter", MASKS_OF_FIT, validation="dataset", data="dataset"),
    "table_of_fit_list": Scenario(arguments=TABLE_OF_FIT, validation="list"),
    "table_of_fit_weighted": Scenario(arguments=TABLE_OF_FIT, validation="weighted"),
    "table_of_fit_named": Scenario("shared", TABLE_OF_FIT, data="named", validation="named"),
    "table_of_fit_dataset": Scenario(arguments=TABLE_OF_FIT, validation="dataset"),
    "table_of_fit_sequence": Scenario(arguments=TABLE_OF_FIT, validation="sequence"),
    "table_of_fit_generator": Scenario(
        arguments=TABLE_OF_FIT, validation="generator", fit={"validation_steps": 3}, epochs=1
    ),
    "table_of_fit_position": Scenario(arguments=TABLE_OF_FIT, by_position=True),
    "table_of_fit_split": Scenario(arguments=TABLE_OF_FIT, validation=None, fit={"validation_split": 0.25}),
    "everything_of_fit": Scenario(
        "classifier",
        {
            "input_type": "image",
            "output_type": "label",
            "labels": ["a", "b", "c"],
            "log_evaluation": True,
            "log_evaluation_frequency": 1,
            "log_batch_frequency": 2,
        },
    ),
    # everything, and what runs differently
    "everything": Scenario(
        "classifier",
        {
            "log_weights": True,
            "log_gradients": True,
            "training_data": Of("arrays"),
            "validation_data": Of("arrays"),
            "labels": ["a", "b", "c"],
            "input_type": "image",
            "output_type": "label",
            "log_evaluation": True,
            "log_evaluation_frequency": 1,
            "log_batch_frequency": 2,
            "compute_flops": True,
            "predictions": 30,
            "monitor": "val_accuracy",
            "verbose": 1,
        },
    ),
    "mixed_precision": Scenario("mixed_precision", {"save_model": False}),
    "custom_train_step": Scenario("custom_step", {"save_model": False}, validation=None),
    "dropout": Scenario("dropout", BARE),
    "stateful": Scenario("stateful", {"save_model": False}, fit={"batch_size": 8}),
    "mirrored": Scenario("dense", {**BARE, "log_weights": True}, program="mirrored"),
    "two_workers": Scenario(
        "dense",
        {"log_weights": True, "verbose": 1},
        program="two_workers",
        not_written="its two processes are started by the program itself",
    ),
}

#: Their models compute in half precision. Which processor rounds where is its own, and the order of scenarios in a
#: process moves it too: with TensorFlow 2.21 on one that multiplies float16 itself the loss is off by 1.5e-4.
IN_HALF_PRECISION = frozenset(name for name, scenario in SCENARIOS.items() if scenario.model == "mixed_precision")

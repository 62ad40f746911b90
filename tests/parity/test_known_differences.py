"""What single features make of data, models and failures that no scenario trains with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
import wandb

from wandb_keras_compat import (
    WandbBestModel,
    WandbCallback,
    WandbExamplesLogger,
    WandbGradientsLogger,
    WandbPredictionsLogger,
    WandbWeightsLogger,
    messages,
)
from wandb_keras_compat.backends.running_fit import FitData
from wandb_keras_compat.data.batch_memory import BatchMemory
from wandb_keras_compat.features.evaluation import (
    Evaluation,
    _add_columns,
    _columns,
    _example,
    _input_of_linked_row,
)
from wandb_keras_compat.features.examples import Examples, _interleaved
from wandb_keras_compat.features.gradients import Gradients, _is_array_like
from wandb_keras_compat.features.row_processors import label_table
from wandb_keras_compat.options import Options
from wandb_keras_compat.parity.play import callback_of
from wandb_keras_compat.parity.state_machine.judge import has_real_class
from wandb_keras_compat.sdk import images as sdk_images
from wandb_keras_compat.testing.doors.recorder import Recorder

from ..builders import sequence_of
from .known_differences import only, trained

keras = tf.keras
layers = keras.layers

#: Six different pictures, brighter and brighter.
PICTURES = np.stack([np.full((4, 4, 1), value, "float32") for value in np.linspace(0.1, 0.6, 6)])
CLASSES = np.eye(3, dtype="float32")[np.arange(6) % 3]


SHAPED = sequence_of(np.zeros((4, 2)), np.zeros(4), 2)
SHAPED.shape = (4, 2)


class Subclassed(keras.Model):  # type: ignore[misc]
    """No symbolic inputs and outputs."""

    def call(self, x: Any) -> Any:
        return tf.reshape(x, (tf.shape(x)[0], -1))[:, :3]


def picture_model(classes: int | None = 3) -> Any:
    """Pictures to scores, or to pictures with *classes* None."""
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4, 4, 1))
    outputs = inputs * 1.0 if classes is None else layers.Dense(classes, name="d")(layers.Flatten()(inputs))
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse", run_eagerly=True)
    return model


def brightness(images: Any) -> list[int]:
    """Which of PICTURES each is."""
    return [round(float(np.asarray(image.image).mean()) / 255 * 10) - 1 for image in images]


# --- arguments ------------------------------------------------------------------------------------------------------------


def test_a_mistake_is_told_under_the_name_of_the_callback() -> None:
    with pytest.raises(TypeError, match=r"^WandbCallback\(monitor=3\): monitor must be the name of a metric"):
        Options.checked({"monitor": 3}, {})
    with pytest.raises(TypeError, match=r"^WandbBestModel\(monitor=3\): monitor must be "):
        Options.checked({"monitor": 3}, {}, "WandbBestModel")
    with pytest.raises(ValueError, match=r"^WandbBestModel.*keys"):
        Options.checked({"keys": "old"}, {}, "WandbBestModel")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("monitor", None, "the name of a metric, such as 'val_loss'"),
        ("predictions", "36", "a number of examples"),
        ("predictions", None, "a number of examples"),
        ("log_batch_frequency", "2", "None or a number of batches"),
        ("log_evaluation_frequency", None, "a number of epochs (0: once, at the end)"),
        ("class_colors", [0.0, 1.0], "one (red, green, blue) row of values 0 to 1 for each class"),
    ],
)
def test_a_mistake_is_told_with_what_is_wanted(name: str, value: Any, wanted: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refused:
        Options.checked({name: value, "output_type": "segmentation_mask"}, {})
    assert str(refused.value) == messages.wrong_argument(name, value, wanted)


@pytest.mark.parametrize(
    ("options", "unknown", "repeat"),
    [({}, {"data_type": "image"}, False), ({"monitor": "auc"}, {}, False), ({"mode": "best"}, {}, True)],
    ids=["old name", "auto mode", "mode"],
)
def test_what_holds_of_every_callback_of_a_program_is_told_once(options: Any, unknown: Any, repeat: bool) -> None:
    told: list[bool] = []
    with mock.patch.object(wandb, "termwarn", lambda _, repeat=True: told.append(repeat)):
        Options.checked(options, unknown)
    assert [bool(each) for each in told] == [repeat]


@pytest.mark.parametrize(("mode", "told"), [("auto", 0), ("min", 0), ("max", 0), ("best", 1), ("", 1), (None, 1)])
def test_only_other_modes_are_told(mode: Any, told: int) -> None:
    warnings: list[str] = []
    with mock.patch.object(wandb, "termwarn", lambda message, **_: warnings.append(message)):
        assert Options.checked({"mode": mode, "monitor": "acc"}, {}).counts_upwards is (mode != "min")
    assert warnings == [messages.from_callback("WandbCallback", messages.unknown_mode(mode))] * told


# --- examples -------------------------------------------------------------------------------------------------------------


def test_the_first_of_each_sample_says_how_many_it_has() -> None:
    groups = [PICTURES[:3], PICTURES[1:4]]
    images = _interleaved(groups, ["a", "b", "c"])
    assert brightness(images) == [0, 1, 1, 2, 2, 3]
    assert [image._grouping for image in images] == [2, None] * 3
    assert [image._caption for image in images] == ["a", "a", "b", "b", "c", "c"]
    assert [image._grouping for image in _interleaved([PICTURES], None)] == [None] * 6


@pytest.mark.skipif(not has_real_class(), reason="the installed wandb has no class of its own")
@pytest.mark.parametrize(
    ("input_type", "output_type"),
    [("image", "image"), ("image", "label"), ("image", None), ("label", "image"), (None, "image")],
)
def test_groups_of_images_are_the_real_ones(input_type: Any, output_type: Any) -> None:
    found = {}
    with Recorder() as recorder:
        for which in ("legacy", "shim"):
            recorder.start_run(name="groups")
            base, _ = callback_of(which)
            callback = base(
                validation_data=(PICTURES, PICTURES), save_model=False, save_graph=False, labels=["a", "b", "c"]
            )
            callback.set_model(picture_model(3 if output_type == "label" else None))
            # The inputs here are no classes, whatever their type says.
            callback._logits_to_captions = lambda logits: ["c"] * len(logits)
            callback.input_type, callback.output_type = input_type, output_type
            images = callback._log_images(num_images=36)
            found[which] = [(np.asarray(image.image).tolist(), image._caption, image._grouping) for image in images]
    assert found["shim"] == found["legacy"]


@pytest.mark.parametrize("count", [5, 6, 7])
def test_all_are_drawn_in_order_or_some_of_them_once_each(count: int) -> None:
    drawn = []
    for _ in range(2):
        model = picture_model()
        model.predict = lambda inputs, **_: inputs
        with trained(model, input_type="image", validation_data=(PICTURES, CLASSES)) as (callback, _, _):
            drawn.append([brightness(callback._log_images(num_images=count)) for _ in range(4)])
    assert drawn[0] == drawn[1]  # the same ones in each program
    for each in drawn[0]:
        assert len(each) == len(set(each)) == min(count, 6)
        assert count < 6 or each == list(range(6))


@pytest.mark.parametrize("shape", [(4,), (4, 4), (4, 4, 1), (4, 4, 3), (4, 4, 2), (2, 4, 4, 3), ()])
@pytest.mark.parametrize("target", [(1,), (3,), (4, 4), (4, 4, 1), (4, 4, 5)])
@pytest.mark.parametrize("output_type", [None, "label"])
def test_what_is_guessed_from_data_is_what_is_guessed_from_the_model(shape: Any, target: Any, output_type: Any) -> None:
    """Of a model with symbolic inputs and outputs of these shapes."""

    def guesses(symbolic: bool) -> Any:
        tensors = [(None, *shape)], [(None, *target)]
        inputs, outputs = tensors if symbolic else (None, None)
        callback = SimpleNamespace(input_type="auto", output_type=output_type, model="the model")
        backend = SimpleNamespace(input_shapes={"the model": inputs}.get, output_shapes={"the model": outputs}.get)
        feature = Examples(callback, backend, None, None)
        feature.guess_types_from_model()
        before = callback.input_type, callback.output_type
        feature._guess_types_from_data(np.zeros((6, *shape)), np.zeros((6, *target)))
        guessed = callback.input_type, callback.output_type
        assert before == (guessed if symbolic else ("auto", output_type))
        return guessed

    assert guesses(symbolic=False) == guesses(symbolic=True)


def test_types_of_several_inputs_and_outputs_are_not_guessed() -> None:
    two = [(None, 4, 4, 1)] * 2
    callback = SimpleNamespace(input_type="auto", output_type=None, model="the model")
    backend = SimpleNamespace(input_shapes={"the model": two}.get, output_shapes={"the model": two}.get)
    feature = Examples(callback, backend, None, None)
    feature.guess_types_from_model()
    feature._guess_types_from_data(PICTURES, PICTURES)
    assert (callback.input_type, callback.output_type) == ("auto", None)


def test_a_type_that_only_data_can_tell_is_waited_for() -> None:
    data = (PICTURES, CLASSES)
    with trained(Subclassed(), input_type="auto", output_type="label", validation_data=data) as (
        callback,
        warnings,
        run,
    ):
        callback.model(PICTURES)
        callback.on_epoch_end(0, {"loss": 1.0})
        assert callback.input_type == "image" and not warnings
        assert [row["examples"]["count"] for row in run.history] == [6]


def test_types_that_were_given_are_not_guessed_from_data() -> None:
    with trained(Subclassed(), input_type="label", output_type="label") as (callback, _, _):
        callback._features.examples._guess_types_from_data(PICTURES, PICTURES)
        assert (callback.input_type, callback.output_type) == ("label", "label")
    with trained(Subclassed(), input_type=None, output_type="label") as (callback, _, _):
        callback.output_type = None
        callback._features.examples._guess_types_from_data(PICTURES, PICTURES)
        assert (callback.input_type, callback.output_type) == (None, None)


@pytest.mark.parametrize(
    "data",
    [PICTURES, [PICTURES], (PICTURES,), list(PICTURES), tuple(PICTURES), PICTURES.tolist()],
    ids=["array", "a list of one", "a tuple of one", "a list of samples", "a tuple of samples", "nested lists"],
)
def test_inputs_in_any_form_are_drawn(data: Any) -> None:
    with trained(picture_model(), input_type="image", validation_data=(data, CLASSES)) as (callback, warnings, _):
        callback.on_train_begin()
        callback._features.examples.on_epoch_end(0, {})
        assert not warnings
        assert brightness(callback._log_images(num_images=36)) == list(range(6))


def test_inputs_of_a_model_without_symbolic_ones_are_taken_as_they_are() -> None:
    with trained(Subclassed(), input_type="image") as (callback, _, _):
        of_one = callback._features.examples._one_array
        several = [PICTURES, PICTURES]
        assert of_one(several) is several and of_one(PICTURES) is PICTURES


def test_several_inputs_stay_several() -> None:
    one, two = keras.Input((4, 4, 1)), keras.Input((4, 4, 1))
    model = keras.Model([one, two], layers.Flatten()(layers.Add()([one, two])))
    with trained(model, input_type="image") as (callback, _, _):
        of_one = callback._features.examples._one_array
        several = [PICTURES, PICTURES]
        assert of_one(several) is several
        assert of_one([PICTURES] * 3).shape == (3, *PICTURES.shape)
        callback.validation_data = (several, CLASSES)
        with pytest.raises(ValueError) as refused:
            callback._log_images()
        assert str(refused.value) == messages.several_inputs()


def test_without_references_there_is_nothing_to_draw_beside() -> None:
    with trained(picture_model(None), input_type="image", output_type="image") as (callback, _, _):
        callback.validation_data = (PICTURES, None)
        with pytest.raises(ValueError) as refused:
            callback._log_images()
        assert str(refused.value) == messages.no_references()
        callback.output_type = None
        assert brightness(callback._log_images()) == list(range(6))


def test_a_model_that_is_not_per_sample_in_batches_is_asked_for_each_sample() -> None:
    """And from then on at once."""
    model, sizes = picture_model(), []
    with trained(model, input_type="image", output_type="label", labels=["a", "b", "c"]) as (callback, _, _):

        def first_of_the_batch(inputs: Any, batch_size: Any = None, verbose: Any = None) -> Any:
            sizes.append(batch_size)
            scores = np.eye(3)[[round(float(each.mean()) * 10) % 3 for each in inputs]]
            return scores[:: batch_size or len(inputs)]

        model.predict = first_of_the_batch
        callback.validation_data = (PICTURES, CLASSES)
        for _ in range(2):
            captions = [image._caption for image in callback._log_images()]
            assert captions == ["b", "c", "a", "b", "c", "a"]
        assert sizes == [None, 1, 1]


def test_a_generator_that_ran_dry_is_told_and_goes_on_with_its_last_batch() -> None:
    batches = iter([(PICTURES[:2], CLASSES[:2])])
    with trained(picture_model(), input_type="image", output_type="label", generator=batches) as (
        callback,
        warnings,
        _,
    ):
        feature = callback._features.examples
        assert [len(feature._validation_data()[0]) for _ in range(3)] == [2, 2, 2]
        assert warnings == [messages.from_callback("WandbCallback", messages.generator_ran_dry("validation data"))]


def test_a_generator_without_batches_has_nothing_to_draw() -> None:
    with trained(picture_model(), input_type="image", generator=iter([])) as (callback, warnings, _):
        callback._features.examples.on_epoch_end(0, {})
        assert warnings == [messages.no_examples("the generator gave no batch")]


def test_samples_of_a_dataset_are_taken_once_from_each() -> None:
    asked: list[int] = []

    def batches(first: int) -> Any:
        def generate() -> Any:
            asked.append(first)
            yield PICTURES[first : first + 2], CLASSES[first : first + 2]

        signature = (tf.TensorSpec((None, 4, 4, 1)), tf.TensorSpec((None, 3)))
        return tf.data.Dataset.from_generator(generate, output_signature=signature)

    with trained(picture_model(), input_type="image", validation_data=batches(0)) as (callback, _, _):
        feature = callback._features.examples
        first = [feature._validation_data() for _ in range(3)]
        assert first[0] is first[1] is first[2] and asked == [0]
        np.testing.assert_array_equal(first[0][0], PICTURES[:2])
        callback.validation_data = batches(2)
        np.testing.assert_array_equal(feature._validation_data()[0], PICTURES[2:4])


def test_what_fit_has_seen_is_drawn() -> None:
    source = BatchMemory(None, 36)
    for _ in range(2):
        source.remember((PICTURES[:2], CLASSES[:2]))
    with trained(picture_model(), input_type="image") as (callback, _, _):
        callback.fit_data = FitData(source, source)
        pair = callback._features.examples._validation_data()
        np.testing.assert_array_equal(pair[0], np.concatenate([PICTURES[:2]] * 2))


@pytest.mark.parametrize(
    ("input_type", "output_type", "colored"),
    [("segmentation_mask", "segmentation_mask", 3), ("image", "segmentation_mask", 2), ("segmentation_mask", "image", 1),
     ("image", "image", 0), (None, "segmentation_mask", 2), ("segmentation_mask", "label", 0), ("segmentation_mask", None, 0)],
)  # fmt: skip
def test_masks_are_coloured(input_type: Any, output_type: Any, colored: int) -> None:
    """By the method that legacy code overrides."""
    calls: list[Any] = []
    with trained(picture_model(3 if output_type == "label" else None), labels=["a", "b", "c"]) as (callback, _, _):
        callback.input_type, callback.output_type = input_type, output_type
        callback.validation_data = (PICTURES, PICTURES)
        callback._masks_to_pixels = lambda masks: [calls.append(masks), masks][1]  # type: ignore[func-returns-value]
        callback._log_images()
    assert len(calls) == colored


def test_images_and_captions_are_those_of_the_methods_legacy_code_overrides() -> None:
    asked: list[int] = []

    class Mine(WandbCallback):
        def _log_images(self, num_images: int = 36) -> Any:
            asked.append(num_images)
            return super()._log_images(num_images)

        def _logits_to_captions(self, logits: Any) -> list[Any]:
            return [f"mine {len(logits)}"] * len(logits)

    data = (PICTURES, CLASSES)
    with trained(picture_model(), kind=Mine, input_type="image", output_type="label", predictions=4, validation_data=data) as (
        callback, _, run,
    ):  # fmt: skip
        callback.on_epoch_end(0, {"loss": 1.0})
        assert asked == [4]
        assert run.history[0]["examples"]["captions"] == ["mine 4"] * 4


# --- best -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options", "written"),
    [
        (WandbCallback, {}, {"best_loss": 0.5, "best_epoch": 0}), (WandbCallback, {"log_best_prefix": None}, {}),
        (WandbCallback, {"log_best_prefix": ""}, {}), (WandbCallback, {"log_best_prefix": "top_"}, {"top_loss": 0.5, "top_epoch": 0}),
        (WandbBestModel, {}, {}),
    ],
)  # fmt: skip
def test_the_best_is_written_under_a_prefix_or_not_at_all(kind: Any, options: Any, written: Any) -> None:
    with trained(kind=kind, monitor="loss", **options) as (callback, _, run):
        callback._wanted = lambda: ["best"]
        for epoch, loss in enumerate((0.5, 0.75)):
            callback.on_epoch_end(epoch, {"loss": loss})
        assert {key: value for key, value in run.summary.items() if key[0] != "_"} == written
        assert callback.best == 0.5


# --- gradients --------------------------------------------------------------------------------------------------------------


def test_gradients_are_those_of_the_model_at_hand() -> None:
    data = (np.ones((4, 1), "float32"), np.zeros((4, 1), "float32"))

    def model(weight: float) -> Any:
        made = keras.Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False)])
        made.compile("sgd", "mse", run_eagerly=True)
        made.set_weights([np.array([[weight]], "float32")])
        return made

    one = model(1.0)
    with trained(one, log_gradients=True, training_data=data) as (callback, _, _):
        feature = callback._features.gradients
        sums = [np.concatenate(feature.sums()).tolist()]
        used = feature._pass
        sums.append(np.concatenate(feature.sums()).tolist())
        assert feature._pass is used  # tracing it anew each epoch would cost more than the pass
        callback.set_model(model(2.0))
        sums.append(np.concatenate(feature.sums()).tolist())
        feature.on_train_end()
        assert feature._pass is None
        sums.append(np.concatenate(feature.sums()).tolist())
    assert sums == [[[2.0]], [[2.0]], [[4.0]], [[4.0]]]


def test_gradients_that_are_no_numbers_are_told_by_their_key() -> None:
    data = (np.full((4, 3), np.nan, "float32"), np.zeros((4, 1), "float32"))
    model = keras.Sequential([layers.Input((3,)), layers.Dense(1, name="d")])
    model.compile("sgd", "mse", run_eagerly=True)
    with trained(model, log_gradients=True, training_data=data) as (callback, warnings, _):
        assert callback._log_gradients() == {}
        keys = ["gradients/d/kernel.gradient", "gradients/d/bias.gradient"]
        assert warnings == [
            messages.from_callback("WandbCallback", messages.not_finite(key, n, n)) for key, n in zip(keys, (3, 1))
        ]


@pytest.mark.parametrize("small", [True, False])
def test_what_is_named_in_a_failure(small: bool) -> None:
    """The file by its name, the artifact as such."""
    made = WandbBestModel if small else WandbCallback
    error = OSError("disk full")
    with trained(kind=made, **({} if small else {"save_model": True})) as (callback, warnings, _):
        feature = callback._features.checkpoint
        callback._improved = True
        with (
            mock.patch.object(type(feature), "save_h5", side_effect=error),
            mock.patch.object(type(feature), "log_artifact", side_effect=error),
        ):
            feature.on_epoch_end(0, {})
            feature.on_epoch_end(1, {})
    names = ("model-best.h5", "the model artifact")
    told = [messages.from_callback(made.__name__, messages.feature_failed(name, error, again=True)) for name in names]
    assert warnings == told


def test_small_callbacks_log_what_the_methods_of_the_large_one_do() -> None:
    data = (PICTURES, CLASSES)
    made: dict[str, Any] = {
        "log_weights": (WandbWeightsLogger, {}),
        "log_evaluation": (WandbPredictionsLogger, {"validation_data": data, "frequency": 1}),
        "log_gradients": (WandbGradientsLogger, {"training_data": data}),
        "input_type": (WandbExamplesLogger, {"input_type": "image", "output_type": "label", "validation_data": data}),
    }
    for switch, (kind, options) in made.items():
        rows = []
        large = {switch: True, "log_best_prefix": None, **options}
        if "frequency" in large:
            large["log_evaluation_frequency"] = large.pop("frequency")
        for each, given in ((kind, options), (WandbCallback, large)):
            keras.utils.set_random_seed(2)
            with trained(picture_model(), kind=each, **given) as (callback, warnings, run):
                callback.on_train_begin()
                callback.on_epoch_end(0, {"loss": 1.0})
                wandb.log({}, commit=True)
                assert not warnings
                rows.append(
                    {
                        key: value
                        for key, value in run.history[0].items()
                        if "epoch" not in key and key != "loss" and key[0] != "_"
                    }
                )
        one, other = (
            {key: value for key, value in row.items() if key.startswith(("parameters/", "gradients/"))} for row in rows
        )
        assert one == other and rows[0].keys() == rows[1].keys() and rows[0]


def test_weights_that_are_no_numbers_are_told_by_their_key() -> None:
    model = keras.Sequential([layers.Input((3,)), layers.Dense(1, name="d")])
    model.set_weights([np.full((3, 1), np.nan), np.zeros(1)])
    with trained(model, log_weights=True) as (callback, warnings, _):
        assert list(callback._log_weights()) == ["parameters/d.bias"]
        assert warnings == [messages.from_callback("WandbCallback", messages.not_finite("parameters/d.weights", 3, 3))]


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (np.zeros((4, 2)), True), (tf.zeros((4, 2)), True), ([np.zeros(4), np.zeros(4)], True), ((np.zeros(4),), True),
        ({"a": np.zeros(4)}, True), ({}, True), ([], False), ([(np.zeros(4), np.zeros(4))], False), (iter([]), False),
        (tf.data.Dataset.from_tensors(np.zeros((4, 2))), False), (sequence_of(np.zeros((4, 2)), np.zeros(4), 2), False),
        (SimpleNamespace(shape=(4, 2)), False), (SHAPED, False),
    ],
)  # fmt: skip
def test_arrays_are_taken_as_a_whole_and_all_else_in_batches(value: Any, whole: bool) -> None:
    assert bool(_is_array_like(value)) is whole


def _gradients(**attributes: Any) -> Any:
    """The feature of a callback that has only these attributes."""
    spoken = {"params": None, "model": "the model", **attributes}
    return Gradients(SimpleNamespace(**spoken), None, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("params", [None, {}, {"steps": 2}, {"steps": 9}])
def test_batches_are_read_as_far_as_keras_reads_them(params: Any) -> None:
    steps = (params or {}).get("steps")
    dataset = tf.data.Dataset.range(3)
    feature = _gradients(params=params)
    for _ in range(2):  # each epoch anew
        assert [int(each) for each in feature._batches(dataset)] == [0, 1, 2]
        assert [len(x) for x, _ in feature._batches(sequence_of(np.zeros((5, 1)), np.zeros(5), 2))] == [2, 2, 1]
        if steps is None:
            with pytest.raises(ValueError) as refused:
                feature._batches(dataset.repeat())
            assert str(refused.value) == messages.infinite_data("training_data")
        else:
            assert [int(each) for each in feature._batches(dataset.repeat())] == [step % 3 for step in range(steps)]
    generator = iter([1, 2, 3])
    kept = [list(feature._batches(generator)) for _ in range(2)]
    assert kept == [[1, 2, 3][:steps]] * 2  # it can be read but once


def test_arrays_have_their_weights_and_batches_their_own() -> None:
    x, y, weights = np.zeros((4, 1)), np.zeros(4), np.ones(4)
    taken = SimpleNamespace(model="the model", over_arrays=lambda *given: given, over_batches=list)
    for data, found in (
        ((x, y, weights), (x, y, weights)), ([x, y], (x, y, None)), ((x, y), (x, y, None)), (x, (x, None, None)),
        ({"a": x}, ({"a": x}, None, None)), (([x, x], y), ([x, x], y, None)), (iter([1, 2]), [1, 2]),
    ):  # fmt: skip
        feature = _gradients(training_data=data)
        feature._pass = taken
        assert _same(feature.sums(), found), data


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(_same(*pair) for pair in zip(one, other))
    return one is other or bool(one == other)


@pytest.mark.parametrize(
    ("names", "logged"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "b", "a"], ["full 0", "b", "a"]),
        (["a", "a", "a"], ["full 0", "full 1", "a"]),
        ([], []),
    ],
)
def test_the_last_variable_of_a_name_keeps_it(names: list[str], logged: list[str]) -> None:
    feature = _gradients()
    full = [f"full {index}" for index in range(len(names))]
    feature.backend = SimpleNamespace(gradient_names={"the model": names}.get, full_names={"the model": full}.get)
    assert feature._names() == logged


def test_a_warning_is_given_once_for_each_subject() -> None:
    with trained() as (callback, warnings, _):
        for message, subject in (
            ("one", None), ("one", None), ("two", None), ("three", "it"), ("four", "it"), ("five", "that"), ("one", "other"),
        ):  # fmt: skip
            callback._features.warn(message, subject)
        told = ["one", "two", "three", "five", "one"]
        assert warnings == [messages.from_callback("WandbCallback", message) for message in told]


def test_features_know_what_they_knew_of_a_model_unless_keras_is_another_one() -> None:
    with trained() as (callback, _, _):
        features = callback._features
        first, backend = features.gradients, features.backend
        callback.set_model(picture_model())
        assert features.gradients is first
        features._backend = SimpleNamespace(name="another Keras")
        callback.set_model(picture_model())
        assert features.gradients is not first and features.backend.name == backend.name


def test_flops_of_a_model_that_was_set_by_another_way() -> None:
    model = picture_model()
    with trained(model) as (callback, _, _):
        expected = callback.get_flops()
        fresh = WandbCallback(save_model=False, save_graph=False)
        keras.callbacks.Callback.set_model(fresh, model)
        assert fresh.get_flops() == expected == 16 * 3 * 2 / 1e9 / 2 + 3 / 1e9 / 2


def test_flops_of_several_inputs_and_of_inference() -> None:
    one, two = keras.Input((3,)), keras.Input((3,))
    both = layers.Concatenate()([one, two])
    model = keras.Model([one, two], layers.Dense(2, use_bias=False)(layers.Dropout(0.5)(both)))
    with trained(model) as (callback, _, _):
        assert callback.get_flops() == 2 * 6 * 2 / 1e9 / 2


# --- tables -----------------------------------------------------------------------------------------------------------------


def test_a_mask_is_drawn_over_the_input_of_its_row() -> None:
    pictures = np.stack([np.full((2, 2), value) for value in (0.2, 0.4)])
    masks = np.array([[[0, 1], [1, 0]], [[1, 1], [0, 2]]])
    model = SimpleNamespace(predict=lambda inputs, **_: masks[::-1][: len(inputs)])
    drawn: list[Any] = []

    def image(over: Any, masks: Any = None) -> wandb.Image:
        drawn.append(
            (np.asarray(over).tolist(), None if masks is None else np.asarray(masks["masks"]["mask_data"]).tolist())
        )
        return wandb.Image(np.asarray(over))

    options = {"log_evaluation": True, "validation_data": (pictures, masks), "labels": ["a", "b", "c"]}
    with trained(**options) as (callback, warnings, _), mock.patch.object(sdk_images, "image", image):
        feature = callback._features.evaluation
        with (
            mock.patch.object(Evaluation, "model", model),
            mock.patch.multiple(feature.backend, fixed_batch_size=lambda _: None, stateful_layers=lambda _: []),
        ):
            feature.on_train_begin()
            plain, over = pictures.tolist(), masks.tolist()
            assert drawn == [row for at in (0, 1) for row in ((plain[at], None), (plain[at], over[at]))]
            drawn.clear()
            feature.log_predictions()
            assert drawn == [(plain[0], over[1]), (plain[1], over[0])]
        assert not warnings


def test_predictions_are_logged_through_the_method_legacy_code_overrides() -> None:
    calls: list[Any] = []

    class Mine(WandbCallback):
        def _attempt_evaluation_log(self, commit: bool = True) -> None:
            calls.append(commit)
            super()._attempt_evaluation_log(commit)

    with Recorder() as recorder:
        recorder.start_run(name="mine")
        callback = Mine(
            log_evaluation=True,
            log_evaluation_frequency=2,
            validation_data=(PICTURES, CLASSES),
            save_model=False,
            save_graph=False,
        )
        callback.set_model(picture_model())
        callback.on_train_begin()
        for epoch in range(4):
            callback.on_epoch_end(epoch, {"loss": 1.0})
        callback.on_train_end()
        rows = only(recorder.store.runs).history
    assert calls == [False, False, True]
    assert [("epoch" in row, "validation_predictions" in row) for row in rows] == [
        (True, True), (True, False), (True, True), (True, False), (False, True),
    ]  # fmt: skip


def test_predictions_that_fail_are_told_once_and_tried_again() -> None:
    errors = iter([OSError("one"), OSError("two")])
    commits: list[bool] = []

    def log(commit: bool) -> None:
        error = next(errors, None)
        if error is not None:
            raise error
        commits.append(commit)

    with trained(picture_model(), log_evaluation=True, validation_data=(PICTURES, CLASSES)) as (callback, warnings, _):
        feature = callback._features.evaluation
        feature._tables = SimpleNamespace(log=log)
        feature._due = True
        for _ in range(2):
            feature.log_predictions()
            assert feature._due
        feature.log_predictions()
        feature.log_predictions(False)
        assert not feature._due and commits == [True, False]
        assert warnings == [messages.from_callback("WandbCallback", messages.evaluation_failed(OSError("one")))]


def test_a_table_that_cannot_be_started_is_told_once_and_tried_with_the_next_training() -> None:
    with trained(picture_model(), log_evaluation=True, validation_data=(PICTURES, None)) as (callback, warnings, run):
        feature = callback._features.evaluation
        for _ in range(2):
            feature.on_train_begin()
        error = ValueError(messages.no_targets())
        assert warnings == [messages.from_callback("WandbCallback", messages.evaluation_not_started(error))]
        with mock.patch.object(Evaluation, "_validation_data", mock.Mock(side_effect=OSError("other words"))):
            feature.on_train_begin()
        assert len(warnings) == 1 and not run.history
        callback.validation_data = (PICTURES, CLASSES)
        feature.on_train_begin()
        feature.log_predictions()
        assert any("validation_predictions" in row for row in run.history) and len(warnings) == 1


@pytest.mark.parametrize("steps", [None, 1])
def test_a_generator_makes_a_table_of_as_many_steps_as_are_given(steps: int | None) -> None:
    batches = iter([(PICTURES[:4], CLASSES[:4]), (PICTURES[4:], CLASSES[4:])])
    with trained(picture_model(), log_evaluation=True, generator=batches, validation_steps=steps) as (
        callback,
        warnings,
        _,
    ):
        pair = callback._features.evaluation._validation_data()
        if steps is None:
            assert pair is None and warnings == [messages.from_callback("WandbCallback", messages.NO_STEPS)]
        else:
            np.testing.assert_array_equal(pair[0], PICTURES[:4])
            assert not warnings


def test_what_fit_validates_on_makes_a_table_once_it_was_seen() -> None:
    source = BatchMemory(None, None)
    with trained(picture_model(), log_evaluation=True) as (callback, warnings, run):
        callback.fit_data = FitData(source, source, 1)
        feature = callback._features.evaluation
        feature.on_train_begin()
        assert feature._tables is None and not warnings
        source.remember((PICTURES[:4], CLASSES[:4]))
        source.remember((PICTURES[4:], CLASSES[4:]))
        feature.on_epoch_end(0, {})
        tables = feature._tables
        feature.on_epoch_end(1, {})
        assert feature._tables is tables is not None and not warnings  # made once
        feature.on_train_end()
        (table,) = [row["validation_predictions"] for row in run.history if "validation_predictions" in row]
        assert table["nrows"] == 6


def test_the_steps_are_the_callbacks_or_those_of_fit() -> None:
    def endless() -> Any:
        while True:
            yield PICTURES[:2], CLASSES[:2]

    for own, of_fit, samples in ((None, 2, 4), (3, 2, 6), (3, None, 6)):
        with trained(picture_model(), log_evaluation=True, generator=endless(), validation_steps=own) as (
            callback,
            _,
            _,
        ):
            callback.fit_data = FitData(None, None, of_fit)
            assert len(callback._features.evaluation._validation_data()[0]) == samples


def test_the_first_value_is_the_example() -> None:
    assert _example(["a", "b"]) == "a" and _example(3) is None
    assert list(_columns("input", {"a": CLASSES, "b": PICTURES}, label_table(["x", "y", "z"]))) == [
        "a:max_class",
        "b:image",
    ]
    assert list(_columns("input", {"a": CLASSES}, None)) == ["a:node", "a:argmax"]


def test_the_input_of_a_prediction_is_found_by_its_link() -> None:
    """Which is none where the user's own rows are no links, and where inputs have names of their own."""
    link = SimpleNamespace(get_row=lambda: {"input": "the input"})
    assert _input_of_linked_row(0, {"val_row": link}) == "the input"
    assert _input_of_linked_row(0, {"val_row": SimpleNamespace(get_row=dict)}) is None
    assert _input_of_linked_row(0, {"val_row": 3}) is None


def test_columns_are_lists_as_they_are_or_arrays() -> None:
    added: dict[str, Any] = {}
    words, tensor = ["a", "b"], tf.constant([1.0, 2.0])
    _add_columns(SimpleNamespace(add_column=added.__setitem__), "input", words)  # type: ignore[arg-type]
    _add_columns(SimpleNamespace(add_column=added.__setitem__), "input", {"one": words, "two": tensor})  # type: ignore[arg-type]
    assert list(added) == ["input", "one", "two"] and added["input"] is added["one"] is words
    assert isinstance(added["two"], np.ndarray) and added["two"].tolist() == [1.0, 2.0]


def test_named_inputs_are_columns_of_their_own() -> None:
    one, two = keras.Input((4, 4, 1), name="one"), keras.Input((2,), name="two")
    model = keras.Model({"one": one, "two": two}, layers.Concatenate()([layers.Flatten()(one), two]))
    inputs = {"one": PICTURES, "two": np.arange(1.0, 13.0).reshape(6, 2).astype("float32")}
    with trained(model, log_evaluation=True, validation_data=(inputs, CLASSES)) as (callback, warnings, run):
        feature = callback._features.evaluation
        feature.on_train_begin()
        feature.log_predictions()
        names = [
            "target",
            "one",
            "two",
            "one:image",
            "two:node",
            "two:argmax",
            "two:argmin",
            "target:node",
            "target:argmax",
        ]
        assert feature._tables.data_table.columns == names
        assert [len(row["validation_predictions"]) > 0 for row in run.history] == [True] and not warnings


def test_labels_name_the_classes_of_targets_and_predictions() -> None:
    with trained(picture_model(), log_evaluation=True, validation_data=(PICTURES, CLASSES), labels=["a", "b", "c"]) as (
        callback,
        _,
        _,
    ):
        feature = callback._features.evaluation
        feature.on_train_begin()
        assert feature._tables.data_table.columns == ["target", "input", "input:image", "target:max_class"]

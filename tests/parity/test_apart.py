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
    WandbWeightsLogger,
    messages,
)
from wandb_keras_compat.adapters import wandb_sdk
from wandb_keras_compat.data import Remembered
from wandb_keras_compat.features.evaluation import Evaluation
from wandb_keras_compat.features.examples import Examples, _interleaved
from wandb_keras_compat.features.gradients import _is_array_like
from wandb_keras_compat.options import Options
from wandb_keras_compat.testing.recorder import Recorder

from ..small import sequence_of
from .apart import only, trained
from .machine.judge import has_real_class
from .play import callback_of

keras = tf.keras
layers = keras.layers

#: Six different pictures, brighter and brighter.
PICTURES = np.stack([np.full((4, 4, 1), value, "float32") for value in np.linspace(0.1, 0.6, 6)])
CLASSES = np.eye(3, dtype="float32")[np.arange(6) % 3]


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
    assert warnings == [messages.spoken_by("WandbCallback", messages.unknown_mode(mode))] * told


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
    ("input_type", "output_type"), [("image", "image"), ("image", "label"), ("image", None), ("label", "image"), (None, "image")]
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
        with trained(picture_model(), input_type="image", validation_data=(PICTURES, CLASSES)) as (callback, _, _):
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
        tensors = [SimpleNamespace(shape=(None, *shape))], [SimpleNamespace(shape=(None, *target))]
        inputs, outputs = tensors if symbolic else (None, None)
        callback = SimpleNamespace(input_type="auto", output_type=output_type, model="the model")
        adapter = SimpleNamespace(inputs={"the model": inputs}.get, outputs={"the model": outputs}.get)
        feature = Examples(callback, adapter, None)
        feature.guess_types_from_model()
        before = callback.input_type, callback.output_type
        feature._guess_types_from_data(np.zeros((6, *shape)), np.zeros((6, *target)))
        guessed = callback.input_type, callback.output_type
        assert before == (guessed if symbolic else ("auto", output_type))
        return guessed

    assert guesses(symbolic=False) == guesses(symbolic=True)


def test_a_type_that_only_data_can_tell_is_waited_for() -> None:
    data = (PICTURES, CLASSES)
    with trained(Subclassed(), input_type="auto", output_type="label", validation_data=data) as (callback, warnings, run):
        callback.model(PICTURES)
        callback.on_epoch_end(0, {"loss": 1.0})
        assert callback.input_type == "image" and not warnings
        assert [row["examples"]["count"] for row in run.history] == [6]


def test_types_that_were_given_are_not_guessed_from_data() -> None:
    with trained(Subclassed(), input_type="label", output_type="label") as (callback, _, _):
        callback._features.get("examples")._guess_types_from_data(PICTURES, PICTURES)
        assert (callback.input_type, callback.output_type) == ("label", "label")
    with trained(Subclassed(), input_type=None, output_type="label") as (callback, _, _):
        callback.output_type = None
        callback._features.get("examples")._guess_types_from_data(PICTURES, PICTURES)
        assert (callback.input_type, callback.output_type) == (None, None)


@pytest.mark.parametrize(
    "data",
    [PICTURES, [PICTURES], (PICTURES,), list(PICTURES), tuple(PICTURES), PICTURES.tolist()],
    ids=["array", "a list of one", "a tuple of one", "a list of samples", "a tuple of samples", "nested lists"],
)
def test_inputs_in_any_form_are_drawn(data: Any) -> None:
    with trained(picture_model(), input_type="image", validation_data=(data, CLASSES)) as (callback, warnings, _):
        callback.on_train_begin()
        callback._features.get("examples").on_epoch_end(0, {})
        assert not warnings
        assert brightness(callback._log_images(num_images=36)) == list(range(6))


def test_inputs_of_a_model_without_symbolic_ones_are_taken_as_they_are() -> None:
    with trained(Subclassed(), input_type="image") as (callback, _, _):
        of_one = callback._features.get("examples")._one_array
        several = [PICTURES, PICTURES]
        assert of_one(several) is several and of_one(PICTURES) is PICTURES


def test_several_inputs_stay_several() -> None:
    one, two = keras.Input((4, 4, 1)), keras.Input((4, 4, 1))
    model = keras.Model([one, two], layers.Flatten()(layers.Add()([one, two])))
    with trained(model, input_type="image") as (callback, _, _):
        of_one = callback._features.get("examples")._one_array
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
    with trained(picture_model(), input_type="image", output_type="label", generator=batches) as (callback, warnings, _):
        feature = callback._features.get("examples")
        assert [len(feature._validation_data()[0]) for _ in range(3)] == [2, 2, 2]
        assert warnings == [messages.spoken_by("WandbCallback", messages.generator_ran_dry("validation data"))]


def test_a_generator_without_batches_has_nothing_to_draw() -> None:
    with trained(picture_model(), input_type="image", generator=iter([])) as (callback, warnings, _):
        callback._features.get("examples").on_epoch_end(0, {})
        assert len(warnings) == 2 and warnings[-1] == messages.NO_VALIDATION_DATA


def test_samples_of_a_dataset_are_taken_once_from_each() -> None:
    asked: list[int] = []

    def batches(first: int) -> Any:
        def generate() -> Any:
            asked.append(first)
            yield PICTURES[first : first + 2], CLASSES[first : first + 2]

        signature = (tf.TensorSpec((None, 4, 4, 1)), tf.TensorSpec((None, 3)))
        return tf.data.Dataset.from_generator(generate, output_signature=signature)

    with trained(picture_model(), input_type="image", validation_data=batches(0)) as (callback, _, _):
        feature = callback._features.get("examples")
        first = [feature._validation_data() for _ in range(3)]
        assert first[0] is first[1] is first[2] and asked == [0]
        np.testing.assert_array_equal(first[0][0], PICTURES[:2])
        callback.validation_data = batches(2)
        np.testing.assert_array_equal(feature._validation_data()[0], PICTURES[2:4])


def test_what_fit_has_seen_is_drawn() -> None:
    source = Remembered(iter([(PICTURES[:2], CLASSES[:2])] * 2), None, 36)
    assert len(list(source.pass_on())) == 2
    with trained(picture_model(), input_type="image") as (callback, _, _):
        callback.fit_data = SimpleNamespace(data=source, steps=None)
        pair = callback._features.get("examples")._validation_data()
        np.testing.assert_array_equal(pair[0], np.concatenate([PICTURES[:2]] * 2))


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
        feature = callback._features.get("gradients")
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
        assert warnings == [messages.spoken_by("WandbCallback", messages.not_finite(key, n, n)) for key, n in zip(keys, (3, 1))]


@pytest.mark.parametrize("small", [True, False])
def test_what_is_named_in_a_failure(small: bool) -> None:
    """The file by its name, the artifact as such."""
    made = WandbBestModel if small else WandbCallback
    error = OSError("disk full")
    with trained(kind=made, **({} if small else {"save_model": True})) as (callback, warnings, _):
        feature = callback._features.get("checkpoint")
        callback._improved = True
        with mock.patch.object(type(feature), "save_h5", side_effect=error), mock.patch.object(
            type(feature), "log_artifact", side_effect=error
        ):
            feature.on_epoch_end(0, {})
            feature.on_epoch_end(1, {})
    names = ("model-best.h5", "the model artifact")
    told = [messages.spoken_by(made.__name__, messages.feature_failed(name, error, again=True)) for name in names]
    assert warnings == told


def test_small_callbacks_log_what_the_methods_of_the_large_one_do() -> None:
    data = (PICTURES, CLASSES)
    made: dict[str, Any] = {
        "log_weights": (WandbWeightsLogger, {}),
        "log_gradients": (WandbGradientsLogger, {"training_data": data}),
        "input_type": (WandbExamplesLogger, {"input_type": "image", "output_type": "label", "validation_data": data}),
    }
    for switch, (kind, options) in made.items():
        rows = []
        for each, given in ((kind, options), (WandbCallback, {switch: True, **options, "log_best_prefix": None})):
            keras.utils.set_random_seed(2)
            with trained(picture_model(), kind=each, **given) as (callback, warnings, run):
                callback.on_epoch_end(0, {})
                wandb.log({}, commit=True)
                assert not warnings
                rows.append({key: value for key, value in run.history[0].items() if "epoch" not in key and key[0] != "_"})
        small, large = ({key: value for key, value in row.items() if key != "examples"} for row in rows)
        assert small == large and rows[0].keys() == rows[1].keys() and rows[0]


def test_weights_that_are_no_numbers_are_told_by_their_key() -> None:
    model = keras.Sequential([layers.Input((3,)), layers.Dense(1, name="d")])
    model.set_weights([np.full((3, 1), np.nan), np.zeros(1)])
    with trained(model, log_weights=True) as (callback, warnings, _):
        assert list(callback._log_weights()) == ["parameters/d.bias"]
        assert warnings == [messages.spoken_by("WandbCallback", messages.not_finite("parameters/d.weights", 3, 3))]


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (np.zeros((4, 2)), True), (tf.zeros((4, 2)), True), ([np.zeros(4), np.zeros(4)], True), ((np.zeros(4),), True),
        ({"a": np.zeros(4)}, True), ({}, True), ([], False), ([(np.zeros(4), np.zeros(4))], False), (iter([]), False),
        (tf.data.Dataset.from_tensors(np.zeros((4, 2))), False), (sequence_of(np.zeros((4, 2)), np.zeros(4), 2), False),
        (SimpleNamespace(shape=(4, 2)), False),
    ],
)  # fmt: skip
def test_arrays_are_taken_as_a_whole_and_all_else_in_batches(value: Any, whole: bool) -> None:
    assert bool(_is_array_like(value)) is whole


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
        drawn.append((np.asarray(over).tolist(), None if masks is None else np.asarray(masks["masks"]["mask_data"]).tolist()))
        return wandb.Image(np.asarray(over))

    options = {"log_evaluation": True, "validation_data": (pictures, masks), "labels": ["a", "b", "c"]}
    with trained(**options) as (callback, warnings, _), mock.patch.object(wandb_sdk, "image", image):
        feature = callback._features.get("evaluation")
        with mock.patch.object(Evaluation, "model", model), mock.patch.multiple(
            feature.keras, fixed_batch_size=lambda _: None, stateful_layers=lambda _: []
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
            log_evaluation=True, log_evaluation_frequency=2, validation_data=(PICTURES, CLASSES), save_model=False, save_graph=False
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
        feature = callback._features.get("evaluation")
        feature._tables = SimpleNamespace(log=log)
        feature._due = True
        for _ in range(2):
            feature.log_predictions()
            assert feature._due
        feature.log_predictions()
        feature.log_predictions(False)
        assert not feature._due and commits == [True, False]
        assert warnings == [messages.spoken_by("WandbCallback", messages.evaluation_failed(OSError("one")))]


def test_a_table_that_cannot_be_started_is_told_once_and_tried_with_the_next_training() -> None:
    with trained(picture_model(), log_evaluation=True, validation_data=(PICTURES, None)) as (callback, warnings, run):
        feature = callback._features.get("evaluation")
        for _ in range(2):
            feature.on_train_begin()
        error = ValueError(messages.no_targets())
        assert warnings == [messages.spoken_by("WandbCallback", messages.evaluation_not_started(error))]
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
    with trained(picture_model(), log_evaluation=True, generator=batches, validation_steps=steps) as (callback, warnings, _):
        pair = callback._features.get("evaluation")._validation_data()
        if steps is None:
            assert pair is None and warnings == [messages.spoken_by("WandbCallback", messages.NO_STEPS)]
        else:
            np.testing.assert_array_equal(pair[0], PICTURES[:4])
            assert not warnings


def test_what_fit_validates_on_makes_a_table_once_it_was_seen() -> None:
    source = Remembered(iter([(PICTURES[:4], CLASSES[:4]), (PICTURES[4:], CLASSES[4:])]), None, None)
    with trained(picture_model(), log_evaluation=True) as (callback, warnings, run):
        callback.fit_data = SimpleNamespace(data=source, steps=1)
        feature = callback._features.get("evaluation")
        feature.on_train_begin()
        assert feature._tables is None and not warnings
        assert len(list(source.pass_on())) == 2
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
        with trained(picture_model(), log_evaluation=True, generator=endless(), validation_steps=own) as (callback, _, _):
            callback.fit_data = SimpleNamespace(data=None, steps=of_fit)
            assert len(callback._features.get("evaluation")._validation_data()[0]) == samples


def test_named_inputs_are_columns_of_their_own() -> None:
    one, two = keras.Input((4, 4, 1), name="one"), keras.Input((2,), name="two")
    model = keras.Model({"one": one, "two": two}, layers.Concatenate()([layers.Flatten()(one), two]))
    inputs = {"one": PICTURES, "two": np.arange(1.0, 13.0).reshape(6, 2).astype("float32")}
    with trained(model, log_evaluation=True, validation_data=(inputs, CLASSES)) as (callback, warnings, run):
        feature = callback._features.get("evaluation")
        feature.on_train_begin()
        feature.log_predictions()
        names = ["target", "one", "two", "one:image", "two:node", "two:argmax", "two:argmin", "target:node", "target:argmax"]
        assert feature._tables.data_table.columns == names
        assert [len(row["validation_predictions"]) > 0 for row in run.history] == [True] and not warnings


def test_labels_name_the_classes_of_targets_and_predictions() -> None:
    with trained(picture_model(), log_evaluation=True, validation_data=(PICTURES, CLASSES), labels=["a", "b", "c"]) as (callback, _, _):
        feature = callback._features.get("evaluation")
        feature.on_train_begin()
        assert feature._tables.data_table.columns == ["target", "input", "input:image", "target:max_class"]

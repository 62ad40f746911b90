"""``input_type`` / ``output_type``: example images, captions and masks."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ..builders import callback, classifier, generator_of, images, keras, layers, run_epochs, sequence_of
from ..conftest import Observed

X, Y = images()
PIXELS = np.arange(X.size, dtype="uint8").reshape(X.shape)


def captions(row: dict[str, Any]) -> list[Any]:
    return [image._caption for image in row["examples"]]


@pytest.fixture(scope="module")
def model() -> Any:
    return classifier()


def draw(observed: Observed, model: Any, epochs: int = 1, **options: Any) -> list[dict[str, Any]]:
    run_epochs(callback(monitor="loss", **options), *[{"loss": 1.0}] * epochs, model=model)
    return observed.rows


def test_quirk_11_input_images_carry_the_predicted_class_in_order(observed: Observed, model: Any) -> None:
    labels = ["a", "b", "c"]
    (row,) = draw(observed, model, input_type="image", output_type="label", labels=labels, validation_data=(X, Y))
    best = model.predict(X, verbose=0).argmax(axis=1)
    assert captions(row) == [labels[index] for index in best]
    assert all(isinstance(image, wandb.Image) for image in row["examples"])


@pytest.mark.parametrize(("predictions", "drawn"), [(1, 1), (5, 5), (6, 6), (36, 6), (1000, 6)])
def test_quirk_11_at_most_so_many(observed: Observed, model: Any, predictions: int, drawn: int) -> None:
    (row,) = draw(observed, model, input_type="image", predictions=predictions, validation_data=(X, Y))
    assert len(row["examples"]) == drawn


@given(predictions=st.integers(-50, 500) | st.floats(-5, 500))
def test_quirk_11_38_the_cap_is_a_hundred_and_less_than_one_is_none(observed: Observed, predictions: Any) -> None:
    assert callback(predictions=predictions).predictions == sorted([0, int(predictions), 100])[1]


@pytest.mark.parametrize("predictions", [0, -1])
def test_quirk_38_no_predictions_means_no_examples(observed: Observed, model: Any, predictions: int) -> None:
    (row,) = draw(observed, model, input_type="image", predictions=predictions, validation_data=(X, Y))
    assert set(row) == {"loss", "epoch"}
    assert observed.warnings == []


LABELS = st.lists(st.text(max_size=3), max_size=6)


@given(
    logits=arrays.arrays(
        "float32", st.tuples(st.integers(1, 5), st.integers(2, 6)), elements=st.floats(-9, 9, width=32)
    ),
    labels=LABELS,
    kind=st.sampled_from([list, tuple, np.array]),
)
def test_captions_are_the_label_of_the_highest_value_or_its_index(
    observed: Observed, model: Any, logits: Any, labels: list[str], kind: Any
) -> None:
    under_test = callback(labels=kind(labels), input_type="image")
    under_test.set_model(model)
    expected = []
    for row in logits.tolist():
        index = row.index(max(row))
        expected.append(labels[index] if index < len(labels) else index)
    assert under_test._logits_to_captions(logits) == expected


@given(scores=st.lists(st.floats(0, 1, width=32), min_size=1, max_size=5), labels=LABELS)
def test_quirk_24_each_sample_has_the_caption_of_its_own_score(
    observed: Observed, model: Any, scores: list[float], labels: list[str]
) -> None:
    observed.clear()
    under_test = callback(labels=labels, input_type="image")
    under_test.set_model(model)
    found = under_test._logits_to_captions(np.array(scores, "float32")[:, None])
    assert found == ([labels[1] if score > 0.5 else labels[0] for score in scores] if len(labels) == 2 else scores)
    assert len(observed.warnings) == (1 if len(labels) not in (0, 2) else 0)


@given(
    masks=arrays.arrays(
        "float32",
        st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3), st.integers(2, 4)),
        elements=st.floats(0, 1, width=32),
    ),
    own_colors=st.booleans(),
)
def test_masks_have_the_colour_of_the_likeliest_class(
    observed: Observed, model: Any, masks: Any, own_colors: bool
) -> None:
    colors = np.linspace(0, 1, 12).reshape(4, 3)
    under_test = callback(output_type="segmentation_mask", class_colors=colors if own_colors else None)
    under_test.set_model(model)
    pixels = under_test._masks_to_pixels(masks)
    palette = colors if own_colors else np.array(wandb.util.class_colors(masks.shape[-1]))
    assert pixels.shape == (*masks.shape[:-1], 3)
    for index in np.ndindex(*masks.shape[:-1]):
        scores = masks[index].tolist()
        np.testing.assert_array_equal(pixels[index], palette[scores.index(max(scores))])


@given(mask=arrays.arrays("float32", st.sampled_from([(2, 3, 3), (2, 3, 3, 1)]), elements=st.floats(0, 1, width=32)))
def test_masks_of_one_channel_are_pictures_already(observed: Observed, model: Any, mask: Any) -> None:
    under_test = callback(output_type="segmentation_mask")
    under_test.set_model(model)
    np.testing.assert_array_equal(under_test._masks_to_pixels(mask), mask)


@pytest.mark.parametrize("form", ["dataset", "sequence"])
@pytest.mark.parametrize("predictions", [3, 36])
def test_quirk_29_a_dataset_or_sequence_gives_its_first_samples_every_epoch(
    observed: Observed, model: Any, form: str, predictions: int
) -> None:
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).batch(2)
    data = dataset if form == "dataset" else sequence_of(X, Y, 2)
    rows = draw(
        observed, model, 5, input_type="image", output_type="label", predictions=predictions, validation_data=data
    )
    best = model.predict(X, verbose=0).argmax(axis=1).tolist()
    assert [captions(row) for row in rows] == [best[:predictions]] * 5
    assert observed.warnings == []


@pytest.mark.parametrize("argument", ["generator", "validation_data"])
def test_a_generator_gives_a_batch_an_epoch(observed: Observed, model: Any, argument: str) -> None:
    rows = draw(observed, model, 3, input_type="image", output_type="label", **{argument: generator_of(X, Y, 2)})
    best = model.predict(X, verbose=0).argmax(axis=1).tolist()
    assert [captions(row) for row in rows] == [best[0:2], best[2:4], best[4:6]]


def test_quirk_28_a_generator_that_ran_dry_goes_on_with_its_last_batch(observed: Observed, model: Any) -> None:
    rows = draw(observed, model, 3, input_type="image", generator=generator_of(X[:4], Y[:4], 2))
    assert [len(row["examples"]) for row in rows] == [2, 2, 2]
    assert len(observed.warnings) == 1
    assert "has no more batches" in observed.warnings[0]


def test_quirk_31_choosing_examples_leaves_the_users_random_stream_alone(observed: Observed, model: Any) -> None:
    np.random.seed(5)
    random.seed(5)
    expected = np.random.uniform(size=3).tolist(), random.random()
    np.random.seed(5)
    random.seed(5)
    draw(observed, model, 2, input_type="image", predictions=2, validation_data=(PIXELS, Y))
    assert (np.random.uniform(size=3).tolist(), random.random()) == expected
    first, second = ([image.image.tobytes() for image in row["examples"]] for row in observed.rows)
    assert first != second


def test_quirk_43_auto_guesses_as_wandb_does(observed: Observed) -> None:
    inputs = keras.Input((4, 4, 3))
    under_test = callback(input_type="auto")
    under_test.set_model(keras.Model(inputs, layers.Conv2D(4, 1)(inputs)))
    assert (under_test.input_type, under_test.output_type) == ("image", "image")  # the mask of 4 classes too


@pytest.mark.parametrize(
    ("input_type", "output_type", "per_sample"),
    [
        ("image", "label", 1),
        ("images", None, 1),
        ("image", "segmentation_mask", 3),
        ("segmentation_mask", "image", 3),
        (None, "image", 2),
        (None, "segmentation_mask", 2),
    ],
)
def test_quirk_11_images_of_a_sample_by_types(
    observed: Observed, input_type: Any, output_type: Any, per_sample: int
) -> None:
    inputs = keras.Input((4, 4, 3))
    model = keras.Model(inputs, layers.Conv2D(3, 1)(inputs)) if output_type != "label" else _wide_classifier()
    x = np.random.default_rng(0).uniform(size=(2, 4, 4, 3)).astype("float32")
    y = x if output_type != "label" else np.eye(2)
    if output_type is None:  # leave nothing to guess from
        model = _wide_classifier()
    (row,) = draw(observed, model, input_type=input_type, output_type=output_type, validation_data=(x, y))
    assert len(row["examples"]) == 2 * per_sample


def _wide_classifier() -> Any:
    return keras.Sequential([layers.Input((4, 4, 3)), layers.Flatten(), layers.Dense(2)])


def test_quirk_28_without_data_it_says_so_once_in_legacys_words(observed: Observed, model: Any) -> None:
    rows = draw(observed, model, 3, input_type="image")
    assert [set(row) for row in rows] == [{"loss", "epoch"}] * 3
    (said,) = observed.warnings
    assert said.startswith("No validation_data set, pass a generator to the callback.")

"""What the shim decides without training is what the real class decides: see :mod:`.rules`.

Then the rules the real class has no answer for, because it ended there: histograms of what cannot be binned, values that
are no number.
"""

from __future__ import annotations

import functools
import math
from fnmatch import fnmatchcase
from typing import Any
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
import wandb
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wandb_keras_compat import messages
from wandb_keras_compat.arguments import NAMES
from wandb_keras_compat.features.histogram import histogram
from wandb_keras_compat.features.row_processors import inferred_columns, label_table, shape_of
from wandb_keras_compat.host.best_value import as_number, previous_best
from wandb_keras_compat.options import Options
from wandb_keras_compat.parity import rule_cases, rules
from wandb_keras_compat.sdk import images as sdk_images

GOLDEN = rules.golden()

#: Sentences of the real class that the shim has no need of, and the other way round, by the case's name.
LEFT_OUT = ("WARNING The save_model argument by default *", "WARNING The data_type argument *", "WandbCallback mode *")
ADDED = {
    **{f"auto_{name}": messages.auto_mode_guess(name) for name in (
        "auc", "val_auc", "precision", "recall_1", "f1_score", "iou", "dice", "cosine_similarity", "r2", "VAL_AUC",
    )},
    **{name: messages.data_type_is_input_type() for name in ("old_type", "old_type_and_new")},
    "unknown_mode": messages.unknown_mode("best"),
    "no_mode": messages.unknown_mode(None),
    "keyword_misspelled": messages.unknown_keyword("monitr", "monitor"),
    "keyword_short_of_a_letter": messages.unknown_keyword("save_mdel", "save_model"),
}  # fmt: skip

#: Mistakes that the real class finds later, or in words of Python's.
REFUSED = {
    "colors_flat_masks": "ValueError: WandbCallback(class_colors=[0.0, 0.5, 1.0]): class_colors must be ",
    "colors_flat_mask_inputs": "ValueError: WandbCallback(class_colors=[0.0, 0.5, 1.0]): class_colors must be ",
    "frequency_text": "TypeError: WandbCallback(log_batch_frequency='10'): log_batch_frequency must be ",
    "evaluation_frequency_none": "TypeError: WandbCallback(log_evaluation_frequency=None): log_evaluation_frequency must be ",
    "predictions_text": "TypeError: WandbCallback(predictions='36'): predictions must be ",
    "monitor_number": "TypeError: WandbCallback(monitor=3): monitor must be ",
    "frequency_negative": "TypeError: WandbCallback(log_batch_frequency=-1): log_batch_frequency must be ",
    "type_misspelled": "ValueError: WandbCallback(input_type='imag'): input_type must be ",
    "type_plural": "ValueError: WandbCallback(output_type='labels'): output_type must be ",
    "old_type_misspelled": "ValueError: WandbCallback(input_type='imags'): input_type must be ",
    "generator_number": "TypeError: WandbCallback(generator=3): generator must be ",
    "colors_number": "ValueError: WandbCallback(class_colors=3): class_colors must be ",
    "processor_number": "TypeError: WandbCallback(validation_row_processor=3): validation_row_processor must be ",
    "prediction_processor_text": "TypeError: WandbCallback(prediction_row_processor='last'): prediction_row_processor must be ",
}

#: What else is known to differ, and what it is here: see the quirks of the same number.
OTHERWISE: dict[str, dict[str, Any]] = {
    "documented_processor": {"_prediction_row_processor": "_first"},  # 5: the documented name works
    "resumed_text": {"best": "inf"},  # 19
    "resumed_none": {"best": "inf"},  # 18
    "resumed_empty": {"best": "inf"},
    "predictions_12.0": {"predictions": 12},  # a whole number of images
}


@functools.cache
def found(section: str, name: str) -> Any:
    """What the shim answers to a case."""
    return rules.answer("shim", section, name)


def test_the_signature() -> None:
    assert rules.signature("shim") == GOLDEN["signature"]
    assert [name for name, _ in GOLDEN["signature"]] == list(NAMES)


def test_the_record_has_the_defaults_of_the_signature() -> None:
    options = Options()
    assert [[name, rules.shown(getattr(options, name))] for name in NAMES] == GOLDEN["signature"]
    assert options.keys == "legacy"


@pytest.mark.parametrize("name", rule_cases.CALLS)
def test_a_callback_is_what_the_real_one_is(name: str) -> None:
    legacy, shim = dict(GOLDEN["calls"][name]), dict(found("calls", name))
    old, new = legacy.pop("said"), shim.pop("said")
    if name in REFUSED:
        assert shim["raises"].startswith(REFUSED[name]), shim
        return
    if name == "gradients_of_three":  # 27: as fit takes it
        assert legacy["raises"] == f"ValueError: {messages.TRAINING_DATA_LENGTH}"
        assert shim["training_data"] == rules.shown((*rule_cases.ARRAYS, np.ones(4)))
        return
    assert shim == {**legacy, **OTHERWISE.get(name, {})}
    if "raises" in shim:
        return
    kept = [sentence for sentence in old if not any(fnmatchcase(sentence, pattern) for pattern in LEFT_OUT)]
    assert new == [*kept, *([f"WARNING {ADDED[name]}"] if name in ADDED else [])]


def test_the_record_of_a_call_has_the_attributes_of_the_real_class() -> None:
    """The same without a callback and a run, and what is said of the arguments."""
    compared = 0
    for name, case in rule_cases.CALLS.items():
        legacy = GOLDEN["calls"][name]
        given = {
            key: value
            for key, value in (dict(case) if isinstance(case, dict) else dict(zip(NAMES, case))).items()
            if key != "resumed"
        }
        arguments = {key: value for key, value in given.items() if key in NAMES}
        warnings: list[str] = []
        with mock.patch.object(wandb, "termwarn", lambda message, **_: warnings.append(message)):  # noqa: B023
            if name in REFUSED or ("raises" in legacy and name != "gradients_of_three"):
                with pytest.raises((TypeError, ValueError)) as refused:
                    Options.checked(arguments, {key: value for key, value in given.items() if key not in NAMES})
                assert f"{type(refused.value).__name__}: {refused.value}".startswith(
                    REFUSED[name] if name in REFUSED else legacy["raises"]
                )
                continue
            options = Options.checked(arguments, {key: value for key, value in given.items() if key not in NAMES})
        assert warnings == ([messages.from_callback("WandbCallback", ADDED[name])] if name in ADDED else []), name
        if name == "gradients_of_three":
            continue
        expected = {**legacy, **OTHERWISE.get(name, {})}
        for option in NAMES:
            for attribute, value in options.attributes(option).items():
                if attribute != "_worst":
                    assert rules.shown(value) == expected[attribute], (name, attribute)
                    compared += 1
    assert compared > 1000
    colors = Options(class_colors=[[0, 0.5, 1]]).attributes("class_colors")["class_colors"]
    assert isinstance(colors, np.ndarray)  # which code indexes with masks


def test_nothing_is_said_to_differ_that_does_not() -> None:
    for name, changes in OTHERWISE.items():
        assert any(GOLDEN["calls"][name][key] != value for key, value in changes.items()), name
    assert not [name for name in REFUSED if found("calls", name) == GOLDEN["calls"][name]]


@pytest.mark.parametrize("name", rule_cases.CAPTIONS)
def test_captions(name: str) -> None:
    if name == "score_names_both":  # 24: the first sample used to decide for all
        assert GOLDEN["captions"][name]["gives"] == ["yes"] * 4
        assert found("captions", name)["gives"] == ["yes", "no", "no", "yes"]
        return
    assert found("captions", name) == GOLDEN["captions"][name]


@pytest.mark.parametrize("name", rule_cases.PIXELS)
def test_pixels(name: str) -> None:
    assert found("pixels", name) == GOLDEN["pixels"][name]


@pytest.mark.parametrize("name", sorted(rule_cases.COLUMNS.keys() - {"mask", "nested_lists"}))
def test_columns(name: str) -> None:
    assert found("columns", name) == GOLDEN["columns"][name]


def test_columns_on_which_the_real_class_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all("raises" in GOLDEN["columns"][name]["image"] for name in ("mask", "nested_lists"))
    assert found("columns", "nested_lists")["image"]["image"] == [[1, 2], [3, 4]]
    drawn: list[Any] = []
    monkeypatch.setattr(sdk_images, "image", lambda picture, **more: drawn.append((picture, more)))
    value, labels, over = rule_cases.COLUMNS["mask"]
    inferred_columns(value, label_table(labels), over)["image"](value, over)
    ((picture, more),) = drawn
    assert picture is over and list(more) == ["masks"]
    (mask,) = more["masks"].values()
    assert list(more["masks"]) == ["masks"] and mask["class_labels"] == {0: "a", 1: "b", 2: "c"}
    np.testing.assert_array_equal(mask["mask_data"], value)


def test_a_video_is_made_of_four_dimensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not made here: it needs a library of its own."""
    made: list[Any] = []
    monkeypatch.setattr(wandb, "Video", made.append)
    for labels in (None, label_table(["a"])):
        columns = inferred_columns(np.zeros((2, 3, 4, 4)), labels)
        assert list(columns) == ["video"]
        columns["video"]([[[[1]]]], None)
    assert [type(video) for video in made] == [np.ndarray] * 2 and made[0].shape == (1, 1, 1, 1)


def test_a_table_of_labels() -> None:
    assert label_table(None) is None and label_table([]) is None
    table = label_table(("a", "b"))
    assert table is not None and table.columns == ["label"] and table.data == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("value", "shape"),
    [(3, ()), ("text", ()), ([], (0,)), ([1, 2], (2,)), ([[1], [2], [3]], (3, 1)), (np.zeros((2, 0, 4)), (2, 0, 4)),
     ([np.zeros(3), np.zeros(3)], (2, 3)), ([[]], (1, 0)), (tf.zeros((2, 3)), (2, 3)), (["ab", "c"], (2,))],
)  # fmt: skip
def test_the_shape_of_an_example(value: Any, shape: tuple[int, ...]) -> None:
    assert shape_of(value) == shape


# --- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0.0), (0.0, 0.0), (1.5, 1.5), (True, 1.0), (np.float32(0.5), 0.5), (np.array([[0.5]]), 0.5), (tf.constant(2), 2.0),
     ([3], 3.0), (math.inf, math.inf), (None, None), ("0.5", None), ("NaN", None), (b"1", None), ([1, 2], None), ([], None),
     ({}, None), (np.array("7"), None), (1j, None)],
)  # fmt: skip
def test_what_is_a_single_number(value: Any, number: float | None) -> None:
    made = as_number(value)
    assert made == number and (made is None or type(made) is float)


def test_nan_is_a_number_that_is_better_than_nothing() -> None:
    assert math.isnan(as_number(math.nan) or 0.0)


@pytest.mark.parametrize("prefix", [None, ""])
def test_without_a_prefix_there_is_no_previous_best(prefix: str | None) -> None:
    class Run:
        summary = {"loss": 1.0, "Noneloss": 2.0, "best_loss": 3.0}  # noqa: RUF012 - nothing changes it

    assert previous_best(Run, prefix, "loss") is None
    assert previous_best(Run, "best_", "loss") == 3.0
    assert previous_best(Run, "best_", "other") is None


# --- histograms ---------------------------------------------------------------------------------------------------------


class Said(list[tuple[str, str]]):
    def __call__(self, message: str, key: str) -> None:
        self.append((message, key))


FINITE = {"allow_nan": False, "allow_infinity": False}
values = arrays.arrays(
    np.float32, arrays.array_shapes(max_dims=3, max_side=6), elements=st.floats(-100, 100, width=32, **FINITE)
)
special = st.sampled_from([math.nan, math.inf, -math.inf])


@given(values)
def test_finite_values_are_binned_as_wandb_does(array: Any) -> None:
    said = Said()
    made = histogram("key", array, said)
    if array.max() - array.min() > 1e-3 or array.max() == array.min():
        expected = wandb.Histogram(array)
        assert made is not None and made.bins == expected.bins and made.histogram == expected.histogram
    assert made is not None and sum(made.histogram) == array.size and not said


@given(values.filter(lambda array: np.ptp(array) > 1e-3), st.lists(special, min_size=1, max_size=4))
def test_what_is_not_finite_is_left_out_and_told(array: Any, others: list[float]) -> None:
    said = Said()
    made = histogram("key", np.concatenate([array.ravel(), others]), said)
    expected = wandb.Histogram(array.ravel().astype(float))
    assert made is not None and made.histogram == expected.histogram and made.bins == pytest.approx(expected.bins)
    assert said == [(messages.not_finite("key", len(others), array.size + len(others)), "key")]


def test_nothing_but_nan_makes_no_histogram() -> None:
    said = Said()
    assert histogram("key", [math.nan, math.inf, math.nan], said) is None
    assert said == [(messages.not_finite("key", 3, 3), "key")]


def test_no_values_make_no_histogram_and_no_noise() -> None:
    said = Said()
    assert histogram("key", np.zeros((0, 3)), said) is None and not said


@pytest.mark.parametrize(
    "words", [["a", "b"], np.array([b"a"]), np.array(["2020-01-01"], "datetime64[D]"), np.array([object()])]
)
def test_words_make_no_histogram(words: Any) -> None:
    said = Said()
    assert histogram("key", words, said) is None
    assert said == [(messages.non_numeric("key"), "key")]


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float16, np.float64, "bfloat16"])
def test_every_kind_of_number_makes_one(dtype: Any) -> None:
    said = Said()
    array = tf.constant([1.0, 2.0, 5.0], tf.bfloat16).numpy() if dtype == "bfloat16" else np.array([1, 2, 5], dtype)
    made = histogram("key", array, said)
    assert made is not None and sum(made.histogram) == 3 and not said
    assert made.bins[0] == 1.0 and made.bins[-1] == 5.0 and len(made.histogram) == 64


def test_values_closer_than_their_type_can_tell_edges_apart() -> None:
    said = Said()
    close = np.array([1.0, np.nextafter(np.float32(1.0), np.float32(2.0))], np.float32)
    made = histogram("key", close, said)
    assert made is not None and sum(made.histogram) == 2 and not said
    assert made.bins[0] == 1.0 and made.bins[-1] == pytest.approx(float(close[1]), abs=1e-12)
    assert len(made.histogram) == 64  # float64 can
    closer = np.array([1.0, np.nextafter(1.0, 2.0)])
    made = histogram("key", closer, said)
    assert made is not None and sum(made.histogram) == 2 and not said
    assert [made.bins[0], made.bins[-1]] == [closer[0], closer[1]]


def test_values_so_far_apart_that_their_difference_overflows() -> None:
    said = Said()
    made = histogram("key", np.array([-1e308, 1e308]), said)
    assert made is not None and not said
    assert (made.histogram, made.bins) == ([2], [-1e308, 1e308])

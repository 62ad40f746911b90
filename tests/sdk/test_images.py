"""Pictures look the same with every wandb, whether it scales pixels itself or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wandb_keras_compat.sdk import images as sdk_images


def drawn(pixels: np.ndarray) -> np.ndarray:
    picture = sdk_images.image(pixels)
    from PIL import Image

    held = getattr(picture, "image", None)
    return np.asarray(held if held is not None else Image.open(picture._path))


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        ([[0.0, 0.5], [1.0, 0.25]], [[0, 127], [255, 63]]),  # what networks eat
        ([[-1.0, 0.0], [1.0, 0.5]], [[0, 127], [255, 191]]),  # centred
        ([[0, 1], [1, 0]], [[0, 255], [255, 0]]),  # a binary mask
        ([[0.0, 8.0], [16.0, 4.0]], [[0, 8], [16, 4]]),  # scikit-learn's digits: taken as they are
        ([[0, 300], [255, 7]], [[0, 255], [255, 7]]),
    ],
)
def test_range_of_pixels(pixels: list, expected: list) -> None:
    np.testing.assert_allclose(drawn(np.array(pixels)), expected, atol=1)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_was_divided_by_255_comes_back(dtype: type) -> None:
    levels = np.arange(256, dtype=dtype).reshape(16, 16)
    np.testing.assert_array_equal(drawn(levels / dtype(255)), (levels / dtype(255) * 255).astype(np.uint8))


def test_a_dark_picture_stays_dark() -> None:
    np.testing.assert_array_equal(drawn(np.array([[0.0, 0.0], [0.004, 0.0]])), [[0, 0], [1, 0]])
    np.testing.assert_array_equal(drawn(np.array([[2.0, 3.0], [4.0, 1.5]])), [[2, 3], [4, 1]])


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(np.float64, (4, 5), elements=st.floats(0, 1, width=16)))
def test_scaled_by_us_is_what_wandb_scaled(pixels: np.ndarray) -> None:
    """Where the installed wandb still scales, its result is the judge of ours; elsewhere ours is what is drawn."""
    np.testing.assert_allclose(sdk_images._in_255(pixels), drawn(pixels), atol=1)

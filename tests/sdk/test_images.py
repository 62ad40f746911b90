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


def wandb_whose_images(*, scale: bool, may_normalize: bool, got: dict) -> type:
    """An SDK of another version: whether it scales pixels itself, and whether it can be told not to."""

    class Image:
        def __init__(self, pixels, *, caption=None, **more) -> None:
            got.update(pixels=pixels, caption=caption, **more)

    if may_normalize:
        first = Image.__init__

        def initialize(self, pixels, *, caption=None, normalize=True) -> None:
            first(self, pixels, caption=caption, normalize=normalize)

        Image.__init__ = initialize
    if scale:
        Image.to_uint8 = None
    return Image


@pytest.mark.parametrize("may_normalize", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_pixels_are_scaled_once_by_us_or_by_wandb(scale: bool, may_normalize: bool, monkeypatch) -> None:
    got: dict = {}
    monkeypatch.setattr(
        sdk_images.wandb, "Image", wandb_whose_images(scale=scale, may_normalize=may_normalize, got=got)
    )
    pixels = np.array([[0.0, 0.5], [1.0, 0.25]])
    sdk_images.image(pixels, caption="c")
    expected = pixels if scale else np.array([[0, 127], [255, 63]], np.uint8)
    np.testing.assert_array_equal(got.pop("pixels"), expected)
    assert got == {"caption": "c", **({"normalize": scale} if may_normalize else {})}


RANGES = arrays.arrays(np.float64, (2, 3), elements=st.floats(-4, 300, width=16))


@settings(max_examples=40, deadline=None)
@given(RANGES)
def test_the_legacy_rule_of_ranges(pixels: np.ndarray) -> None:
    """In words: what goes below zero is spread over 0 to 1 first; what ends at 1 or below is times 255; the rest is cut."""
    found = sdk_images._in_255(pixels)
    low, high = pixels.min(), pixels.max()
    spread = (pixels - low) / (high - low) if low < 0 and high > low else pixels
    levels = spread * 255 if spread.max() <= 1 else spread
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, np.clip(levels, 0, 255).astype(np.uint8))


def test_pixels_that_are_no_numbers_or_none_are_left_to_wandb() -> None:
    for pixels in (np.zeros((0, 3)), np.array([["a"]])):
        assert sdk_images._in_255(pixels) is pixels


@pytest.mark.parametrize("risky", [True, False])
def test_what_a_batch_holds_is_for_wandb_to_guess(risky: bool, monkeypatch) -> None:
    monkeypatch.setattr(sdk_images.wandb.util, "guess_data_type", lambda shape, risky=None: (shape, risky))
    assert sdk_images.guess_data_type([None, 3], risky=risky) == ((None, 3), risky)
    assert sdk_images.guess_data_type((None, 3)) == ((None, 3), False)

"""A picture is its pixels, whatever file it came in."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from wandb_keras_compat.testing.trace import media

MODES = {"L": (), "LA": (2,), "RGB": (3,), "RGBA": (4,)}


def written(opened: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    opened.save(buffer, kind, **options)
    return buffer.getvalue()


@given(st.data(), st.sampled_from(sorted(MODES)))
def test_pixels_come_back_as_they_were(data: Any, mode: str) -> None:
    height, width = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    pixels = data.draw(arrays.arrays(np.uint8, (height, width, *MODES[mode])))
    found = media.image(written(Image.fromarray(pixels, mode)))
    assert found is not None
    assert (found["width"], found["height"], found["mode"]) == (width, height, mode)
    np.testing.assert_array_equal(media.pixels(found), pixels)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF"])
def test_of_formats_without_loss_the_pixels_are_the_same(kind: str) -> None:
    pixels = np.arange(48, dtype=np.uint8).reshape(6, 8)
    found = media.image(written(Image.fromarray(pixels), kind))
    assert found is not None
    shown = media.pixels(found)
    np.testing.assert_array_equal(shown if shown.ndim == 2 else shown[..., 0], pixels)


def test_a_palette_is_its_colours() -> None:
    opened = Image.fromarray(np.array([[0, 1], [1, 0]], np.uint8), "P")
    opened.putpalette([255, 0, 0, 0, 255, 0])
    found = media.image(written(opened))
    assert found is not None and found["mode"] == "RGB"
    assert media.pixels(found).tolist() == [[[255, 0, 0], [0, 255, 0]], [[0, 255, 0], [255, 0, 0]]]
    with_holes = media.image(written(opened, transparency=1))
    assert with_holes is not None and with_holes["mode"] == "RGBA"
    assert media.pixels(with_holes)[0].tolist() == [[255, 0, 0, 255], [0, 255, 0, 0]]


@pytest.mark.parametrize("level", [0, 255, 256, 2**16 - 1])
def test_grey_of_sixteen_bits_has_one_name(level: int) -> None:
    found = media.image(written(Image.fromarray(np.full((2, 3), level, np.uint16))))
    assert found is not None and found["mode"] == "I;16"
    assert media.pixels(found).tolist() == [[level] * 3] * 2


def test_the_same_pixels_are_the_same_bytes_whatever_else_was_in_the_file() -> None:
    from PIL.PngImagePlugin import PngInfo

    opened = Image.fromarray(np.arange(12, dtype=np.uint8).reshape(3, 4))
    about = PngInfo()
    about.add_text("Software", "another")
    files = [
        written(opened),
        written(opened, pnginfo=about),
        written(opened, compress_level=0),
        written(opened, dpi=(3, 3)),
    ]
    found = [media.image(data) for data in files]
    assert len(set(files)) == 4 and all(each == found[0] is not None for each in found)


def test_what_is_no_picture_or_one_that_moves_or_has_other_numbers() -> None:
    frames = [Image.new("L", (2, 2), color) for color in (0, 255)]
    moving = written(frames[0], "GIF", save_all=True, append_images=frames[1:])
    floats = written(Image.fromarray(np.zeros((2, 2), np.float32)), "TIFF")
    four_inks = written(Image.new("CMYK", (2, 2)), "TIFF")
    negative = written(Image.fromarray(np.full((2, 2), -1, np.int32)), "TIFF")
    broken = written(frames[0])[:40]
    for data in (None, b"", b"no picture", b"\x89PNG\r\n\x1a\n", moving, floats, four_inks, negative, broken):
        assert media.image(data) is None
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n"
    assert media.image(postscript) is None, "its reader would start another program"


@pytest.mark.parametrize("png", ["", "aGVsbG8=", "no base64!", "iVBORw0KGgo="])
def test_pixels_of_what_holds_no_png(png: str) -> None:
    with pytest.raises(ValueError, match="it holds no PNG"):
        media.pixels({"png": png})

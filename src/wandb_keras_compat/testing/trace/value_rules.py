"""The rules of values: numbers, media and tables in history, summary, config, metadata and table cells.

Each gives back what stands for the value, or the value itself when it is not concerned. Each docstring says what
varies, between which versions of wandb, and why. Their order: :mod:`.rules`.
"""

from __future__ import annotations

import math
from typing import Any

from . import values
from .canonical import from_json, has_type, number
from .intermediate import Context


def special_numbers(value: Any, context: Context) -> Any:
    """NaN and the infinities are bare tokens in what every version sends, which strict JSON does not know."""
    return number(value) if isinstance(value, float) and not math.isfinite(value) else value


def integral_numbers(value: Any, context: Context) -> Any:
    """wandb-core sends 1.0 as 1 and -0.0 as 0; the Python service sends them as they are."""
    return number(value) if isinstance(value, float) else value


def histograms(value: Any, context: Context) -> Any:
    """A histogram is ``values`` and ``bins``, or ``packedBins`` where the edges are even; here bins and counts."""
    return (has_type(value, "histogram") and values.histogram(value)) or value


def image_lists(value: Any, context: Context) -> Any:
    """A list of images is one object, ``images/separated``, with lists of file names, captions, masks and boxes."""
    found = values.images(value, context) if has_type(value, "images/separated") else None
    return value if found is None else found


def images(value: Any, context: Context) -> Any:
    """An image is named by the digest of a PNG, whose bytes vary with zlib and Pillow; here the pixels."""
    return values.image(value, context) if has_type(value, "image-file") else value


def masks(value: Any, context: Context) -> Any:
    """A mask is a file of its own, named by a digest; here the class numbers, as an image."""
    return values.mask(value, context) if has_type(value, "mask") else value


def boxes(value: Any, context: Context) -> Any:
    """The boxes of an image are a JSON file of the run, with other white space in each version; here its content."""
    return values.boxes(value, context) if has_type(value, "boxes2D") else value


def classes(value: Any, context: Context) -> Any:
    """The class set of an image in a table is a file of the artifact, named by its digest; here the list."""
    if isinstance(value, dict) and value.get("type") == "classes-file" and "path" in value:
        return values.classes(value, context)
    return values.classes(value, context) if has_type(value, "classes-file") else value


def tables(value: Any, context: Context) -> Any:
    """A table is a file of the run with names in place of media, and an artifact with all of it, whose address
    (``artifact_path``) 0.18 and later send along and whose digest depends on the serialiser; here its cells.
    """
    return (has_type(value, "table-file") and values.table_file(value, context)) or value


def graphs(value: Any, context: Context) -> Any:
    """A graph is a file named by its digest, and so by white space; here nodes and edges."""
    if not has_type(value, "graph-file"):
        return value
    return values.graph(from_json(context.folder.show(value.get("path")))) or value


def other_media(value: Any, context: Context) -> Any:
    """Whatever else has a ``_type`` (html, video, audio, plotly, media whose file never came) refers to a file by
    digest; here its content.
    """
    return values.other(value, context) if isinstance(value, dict) and isinstance(value.get("_type"), str) else value

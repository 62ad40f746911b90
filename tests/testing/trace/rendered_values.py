"""Images and what a trace makes of one value of a row, for the tests of rules."""

from __future__ import annotations

import numpy as np

from .small_runs import run_of

PIXELS = np.arange(8 * 6 * 3).reshape(8, 6, 3) % 256
MASK = np.arange(48).reshape(8, 6) % 3
IMAGE = {"_type": "image-file", "sha256": "60ef", "size": 78, "format": "png", "width": 6, "height": 8}


def image_at(path, **more):
    return {**IMAGE, "path": path, **more}


def shown(value, files=None, **fields):
    """What the trace has for one value of a row."""
    run = run_of(
        history=[{"_step": 0, "x": value}], files={path: [data] for path, data in (files or {}).items()}, **fields
    )
    assert not run["files"], "what a value shows is no file of its own"
    return run["history"][0]["x"]

"""Captions, masks, columns and histograms of any values: the methods that legacy code calls, against the model.

Where the installed wandb has the real class, its methods get the same values.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import wandb
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.features.histogram import histogram
from wandb_keras_compat.features.row_processors import inferred_columns, label_table
from wandb_keras_compat.parity.state_machine.contestants import made_with, real, shim
from wandb_keras_compat.parity.state_machine.judge import has_real_class
from wandb_keras_compat.parity.state_machine.legacy_model import columns, examples, values
from wandb_keras_compat.parity.state_machine.legacy_model.best import counts_upwards
from wandb_keras_compat.parity.state_machine.legacy_model.rules import Rules
from wandb_keras_compat.parity.state_machine.nets import DENSE
from wandb_keras_compat.parity.state_machine.properties import SINGLE
from wandb_keras_compat.testing.doors.recorder import Recorder

QUIET = {"save_model": False, "save_graph": False}
LABELS = st.sampled_from([[], ["a"], ["no", "yes"], ["a", "b", "c"], ("a", "b", "c", "d")])
SCORES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, -2.0, 0.1])


@pytest.fixture(scope="module")
def callbacks() -> Iterator[list[tuple[bool, Any]]]:
    """The shim and, where there is one, the real class, each with whether it is the shim."""
    kinds = [(True, shim()), *([(False, real())] if has_real_class() else [])]
    with Recorder() as recorder:
        recorder.start_run()
        made = [(is_shim, kind(**QUIET)) for is_shim, kind in kinds]
        for _, callback in made:
            callback.set_model(DENSE.model())
        yield made


def arrays(*shapes: tuple[int, ...], elements: st.SearchStrategy[float] = SCORES) -> st.SearchStrategy[Any]:
    """Arrays of float32, of one of *shapes*."""

    def of(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
        size = int(np.prod(shape))
        return st.lists(elements, min_size=size, max_size=size).map(lambda v: np.array(v, "float32").reshape(shape))

    return st.sampled_from(shapes).flatmap(of)


def owner(is_shim: bool, **options: Any) -> Any:
    """What the model's functions ask for."""
    rules = Rules(is_shim, made_with())
    return SimpleNamespace(options=options, play=SimpleNamespace(arguments=options), rules=rules, say=lambda _: None)


PIECES = ("acc", "fmeasure", "val_", "loss", "f1", "Acc", "", "uracy", "auc")


@SINGLE
@given(
    name=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join),
    mode=st.sampled_from(["auto", "min", "max"]),
)
def test_which_way_is_better(callbacks: list[tuple[bool, Any]], name: str, mode: str) -> None:
    for _, callback in callbacks:
        made = type(callback)(monitor=name, mode=mode, **QUIET)
        assert made.monitor_op(2.0, 1.0) == counts_upwards(name, mode), type(callback)
        assert made.best == (-np.inf if counts_upwards(name, mode) else np.inf)


@SINGLE
@given(logits=arrays((1, 1), (3, 1), (2, 2), (3, 3), (1, 4)), labels=LABELS)
def test_captions(callbacks: list[tuple[bool, Any]], logits: Any, labels: Any) -> None:
    for is_shim, callback in callbacks:
        callback.labels = labels
        wanted = examples._captions(owner(is_shim, labels=labels), logits)
        found = callback._logits_to_captions(logits)
        assert [_plain(caption) for caption in found] == pytest.approx(wanted), type(callback)


def _plain(caption: Any) -> Any:
    return caption if isinstance(caption, str) else np.asarray(caption).item()


@SINGLE
@given(
    masks=arrays((1, 2, 2, 1), (2, 2, 2, 3), (1, 2, 3, 5)),
    colors=st.sampled_from(
        [None, [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]]]
    ),
)
def test_masks(callbacks: list[tuple[bool, Any]], masks: Any, colors: Any) -> None:
    wanted = examples._drawn(owner(True, class_colors=colors), masks, "segmentation_mask")
    for _, callback in callbacks:
        callback.class_colors = None if colors is None else np.array(colors)
        assert np.allclose(callback._masks_to_pixels(masks), wanted), type(callback)


EXAMPLES = st.one_of(
    arrays((1,), (2,), (3,), (4,), (10,), (11,), (4, 4), (4, 4, 3)),
    arrays((2,), (3,), (4,), elements=st.sampled_from([0.0, 1.0])),
    st.integers(0, 5).map(lambda value: np.array([value])),
    st.lists(st.integers(0, 1), min_size=2, max_size=4).map(np.array),
)


@SINGLE
@given(example=EXAMPLES, labels=LABELS.map(list))
def test_columns(example: Any, labels: list[str]) -> None:
    """Which columns are inferred of an example, and what is in them; a link is its number."""
    wanted = columns.inferred(example, labels, Rules(True, made_with()))
    found = inferred_columns(example, label_table(labels))
    assert list(found) == list(wanted)
    if has_real_class():
        assert set(_of_the_real_class(example, labels)) == set(wanted)
    for name in wanted.keys() - {"image", "class"}:
        assert values.canonical(_number(found[name](example, None))) == values.canonical(wanted[name](example)), name


def _number(cell: Any) -> Any:
    return cell._index if hasattr(cell, "_index") else int(cell) if isinstance(cell, np.integer) else cell


def _of_the_real_class(example: Any, labels: list[str]) -> Any:
    from wandb.sdk.integration_utils.data_logging import _infer_single_example_keyed_processor

    return _infer_single_example_keyed_processor(example, label_table(labels))


NUMBERS = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 0.5]))


@SINGLE
@given(array=arrays((1,), (2,), (7,), (3, 4), elements=NUMBERS))
def test_histograms(callbacks: list[tuple[bool, Any]], array: Any) -> None:
    """The finite numbers are binned; the real class dies where there are others."""
    finite = array[np.isfinite(array)]
    warnings: list[str] = []
    found = histogram("key", array, lambda message, _: warnings.append(message))
    assert bool(warnings) == (finite.size < array.size)
    assert (found is None) == (finite.size == 0)
    if found is not None and _has_64_bins(finite):
        wanted = values.histogram(finite)
        assert (values.canonical(found.histogram), values.canonical(found.bins)) == (wanted["counts"], wanted["bins"])
    for is_shim, callback in callbacks:
        if not is_shim and _has_64_bins(finite):
            _real_class_bins(callback, array, finite)


def _has_64_bins(finite: Any) -> bool:
    """Whether there are so many different numbers between the least and the greatest one."""
    try:
        edges = np.histogram(finite, bins=64)[1]
    except (ValueError, IndexError):
        return False
    return finite.size > 0 and bool((np.diff(edges) > 0).all())


def _real_class_bins(callback: Any, array: Any, finite: Any) -> None:
    kept = callback.model
    callback.model = SimpleNamespace(layers=[SimpleNamespace(name="d", get_weights=lambda: [array])])
    try:
        if finite.size < array.size:
            with pytest.raises(ValueError, match="finite"):
                callback._log_weights()
            return
        made: wandb.Histogram = callback._log_weights()["parameters/d.weights"]
    finally:
        callback.model = kept
    wanted = values.histogram(finite)
    assert (values.canonical(made.histogram), values.canonical(made.bins)) == (wanted["counts"], wanted["bins"])

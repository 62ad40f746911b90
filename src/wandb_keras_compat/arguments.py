"""The table of the arguments of ``WandbCallback``: name, default, check, description, and the features that use it.

The signature and the docstring of :class:`~wandb_keras_compat.WandbCallback`, the small callbacks, the codemods'
defaults and the model of the legacy class that the tests have are compared with this table by tests.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from .metric_keys import wanted_keys

#: Says what a value must be, where it is not; None where it is all right.
Check = Callable[[Any], str | None]

#: What ``input_type`` and ``output_type`` know. Any other word is taken, and nothing is drawn.
INPUT_TYPES = ("image", "images", "segmentation_mask", "label", "auto")
OUTPUT_TYPES = ("image", "images", "segmentation_mask", "label")


class Argument(NamedTuple):
    """One argument.

    Attributes:
        name: its name; the order of the table is that of the legacy signature, since code passes them by position.
        default: its default.
        text: the line of the docstring.
        capabilities: the features that read it.
        check: what refuses a value that could only fail later.
        attribute: the attribute that legacy code reads and changes; the name itself where it is empty.
        by_keyword: whether it is no legacy argument, and given by keyword only.
        error: what a refused value raises: a TypeError, or a ValueError where the type may be right.
    """

    name: str
    default: Any
    text: str
    capabilities: tuple[str, ...]
    check: Check | None = None
    attribute: str = ""
    by_keyword: bool = False
    error: type[Exception] = TypeError


# --- checks ------------------------------------------------------------------------------------------


def _name_of_a_metric(value: Any) -> str | None:
    return None if isinstance(value, str) else "the name of a metric, such as 'val_loss'"


def _number_of_examples(value: Any) -> str | None:
    return None if isinstance(value, Real) else "a number of examples"


def _number_of_batches(value: Any) -> str | None:
    if value is None or (isinstance(value, (Integral, float)) and not value < 0):
        return None
    return "None or a number of batches"


def _number_of_epochs(value: Any) -> str | None:
    return None if isinstance(value, Real) else "a number of epochs (0: once, at the end)"


def _type_of(known: Iterable[str]) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or value in known:
            return None
        near = difflib.get_close_matches(value, known, 1, 0.75)
        return f"one of {', '.join(map(repr, known))} (did you mean {near[0]!r}?)" if near else None

    return check


def _batches(value: Any) -> str | None:
    kinds = ("__next__", "next", "__iter__", "__getitem__")
    if value is None or value is False or (any(hasattr(value, kind) for kind in kinds) and not isinstance(value, str)):
        return None
    return "an iterator of (x, y) batches, a dataset or a Keras Sequence"


def _rows_of_colors(value: Any) -> str | None:
    return None if value is None or np.ndim(value) > 0 else "one (red, green, blue) row of values 0 to 1 for each class"


def _function_of_a_row(value: Any) -> str | None:
    return None if value is None or callable(value) else "a function f(index, row) that returns a dict of columns"


# --- the table ---------------------------------------------------------------------------------------

_BEST, _CHECKPOINT, _METRICS = ("best",), ("checkpoint",), ("metrics",)
_EXAMPLES, _EVALUATION = ("examples",), ("evaluation",)
_BOTH = ("examples", "evaluation")

ARGUMENTS = (
    Argument(
        "monitor", "val_loss", "name of the metric that says which epoch is best.", _BEST, _name_of_a_metric
    ),
    Argument("verbose", 0, "above 0, says when ``monitor`` improved.", (*_BEST, *_CHECKPOINT)),
    Argument(
        "mode", "auto",
        '``min``, ``max`` or ``auto``: higher is better if "acc" is in the name or it starts with "fmeasure", else '
        "lower is.", _BEST,
    ),
    Argument(
        "save_weights_only", False,
        "``model-best.h5`` holds the weights only; the artifact always holds the model.", _CHECKPOINT,
    ),
    Argument(
        "log_weights", False, "histograms ``parameters/<layer>.weights`` and ``.bias`` each epoch.", ("weights",)
    ),
    Argument(
        "log_gradients", False,
        "histograms ``gradients/<variable>.gradient`` each epoch; needs ``training_data``.", ("gradients",),
    ),
    Argument(
        "save_model", True,
        "save each time ``monitor`` improves: ``model-best.h5`` in the run folder, and the artifact "
        "``model-<run name>``.", _CHECKPOINT,
    ),
    Argument(
        "training_data", None,
        "``(x, y)`` or ``(x, y, sample_weight)`` of anything that ``fit`` takes (pandas and sparse matrices too), a "
        "``tf.data.Dataset``, a Keras Sequence or a generator of batches.", ("gradients",),
    ),
    Argument(
        "validation_data", None, "``(x, y)``, or any of the others; default is what ``fit`` validates on.", _BOTH
    ),
    Argument(
        "labels", None,
        "class names in the order of the classes, or a dict of class number to name or of name to number, for captions "
        "and tables.", _BOTH,
    ),
    Argument(
        "predictions", 36, "how many examples to draw each epoch, at most 100.", _EXAMPLES, _number_of_examples
    ),
    Argument(
        "generator", None, "an iterator of ``(x, y)`` batches to draw examples from, one per epoch.", _BOTH, _batches
    ),
    Argument(
        "input_type", None, "``image``, ``images``, ``segmentation_mask``, ``label`` or ``auto``.", _EXAMPLES,
        _type_of(INPUT_TYPES), error=ValueError,
    ),
    Argument(
        "output_type", None, "``image``, ``images``, ``segmentation_mask`` or ``label``.", _EXAMPLES,
        _type_of(OUTPUT_TYPES), error=ValueError,
    ),
    Argument(
        "log_evaluation", False, "log a table of the validation data and tables of the predictions.", _EVALUATION
    ),
    Argument(
        "validation_steps", None,
        "how many batches of a generator make the validation data of that table.", _EVALUATION,
    ),
    Argument(
        "class_colors", None, "array of shape (classes, 3), values 0 to 1, to draw masks with.", _EXAMPLES,
        _rows_of_colors, error=ValueError,
    ),
    Argument(
        "log_batch_frequency", None, "also log metrics every so many batches.", _METRICS, _number_of_batches
    ),
    Argument(
        "log_best_prefix", "best_",
        "what ``best_val_loss`` and ``best_epoch`` start with; None for neither.", _BEST,
    ),
    Argument("save_graph", True, "log the graph of the model's layers once.", ("graph",)),
    Argument(
        "validation_indexes", None,
        "links to rows of a table that has the validation data already (``table.get_index()``); no validation table is "
        "logged then. Needs ``validation_data`` too.", _EVALUATION, attribute="_validation_indexes",
    ),
    Argument(
        "validation_row_processor", None,
        "``f(index, row) -> dict`` of more columns for the validation table.", _EVALUATION, _function_of_a_row,
        "_validation_row_processor",
    ),
    Argument(
        "prediction_row_processor", None,
        "the same for the prediction tables; ``output_row_processor`` works too.", _EVALUATION, _function_of_a_row,
        "_prediction_row_processor",
    ),
    Argument(
        "infer_missing_processors", True,
        "guess these columns from the data where no processor is given.", _EVALUATION,
        attribute="_infer_missing_processors",
    ),
    Argument(
        "log_evaluation_frequency", 0,
        "log predictions every so many epochs, and at the end; 0: only at the end.", _EVALUATION, _number_of_epochs,
        "_log_evaluation_frequency",
    ),
    Argument(
        "compute_flops", False,
        "put ``GFLOPs`` in the summary: half the float operations of one inference, in 1e9.", ("flops",),
    ),
    Argument(
        "keys", "legacy",
        "names of the metrics. ``legacy``: ``val_loss``; ``new``: ``epoch/val_loss`` and so on, as "
        ":class:`~wandb_keras_compat.WandbMetricsLogger` has them; ``both``: each row holds both.", _METRICS,
        wanted_keys, by_keyword=True, error=ValueError,
    ),
)  # fmt: skip

#: By name, in the legacy order; ``keys``, which is ours, is the last.
BY_NAME = {argument.name: argument for argument in ARGUMENTS}

#: The 26 legacy names, in order.
NAMES = tuple(argument.name for argument in ARGUMENTS if not argument.by_keyword)

DEFAULTS = {argument.name: argument.default for argument in ARGUMENTS}

#: Keywords of older versions that still mean something.
OLD_NAMES = ("data_type", "output_row_processor")


def nearest(keyword: str) -> str | None:
    """The argument that the unknown *keyword* was probably meant to be, or None."""
    near = difflib.get_close_matches(keyword, BY_NAME, 1, 0.85)
    return near[0] if near and keyword not in OLD_NAMES else None

"""Axes of the callback: its arguments, how it is handed to ``fit``, and how it is imported."""

from __future__ import annotations

from .axis import Axis, Value
from .training_axes import DATA, ONE_INPUT

_VALIDATED = tuple(name for name in DATA if name != "nothing")
_CLASSIFIERS = ("sequential", "functional", "subclassed", "transfer", "own step")
_GRADIENTS = ("sequential", "functional", "transfer", "autoencoder", "segmenter")

#: ``arguments`` of the callback.
LOGS: Axis = {
    "defaults": Value("no arguments", {"arguments": ""}),
    "no model": Value("save_model=False, the commonest argument", {"arguments": "save_model=False"}),
    "monitor": Value(
        "another monitor and mode, said aloud", {"arguments": 'save_model=False, monitor="loss", mode="min", verbose=1'}
    ),
    "weights only": Value("save_weights_only", {"arguments": "save_weights_only=True"}),
    "images": Value(
        "images of the data of fit",
        {"arguments": 'save_model=False, input_type="image", output_type="OUTPUT", predictions=12'},
        {"model": ONE_INPUT, "data": _VALIDATED},
    ),
    "courses": Value(
        "data_type and labels, as in course material",
        {"arguments": 'save_model=False, data_type="image", labels=["a", "b", "c"]'},
        {"model": _CLASSIFIERS, "data": _VALIDATED},
    ),
    "own images": Value(
        "images of data of its own",
        {
            "arguments": 'save_model=False, input_type="image", output_type="OUTPUT", validation_data=(x_val[:4], y_val[:4])'
        },
        {"model": ONE_INPUT, "data": ("split", "nothing")},
    ),
    "labels": Value(
        "labels and data without a type, which does nothing",
        {"arguments": 'save_model=False, labels=["a", "b", "c"], validation_data=(x_val, y_val)'},
    ),
    "histograms": Value(
        "log_weights and compute_flops, no graph",
        {"arguments": "save_model=False, save_graph=False, log_weights=True, compute_flops=True"},
    ),
    "gradients": Value(
        "log_gradients",
        {"arguments": "save_model=False, log_gradients=True, training_data=(x, y)"},
        {"model": _GRADIENTS},
    ),
    "table": Value(
        "an evaluation table of the data of fit",
        {"arguments": 'save_model=False, log_evaluation=True, labels=["a", "b", "c"]'},
        {"data": _VALIDATED, "model": (*_CLASSIFIERS, "two inputs")},
    ),
    "batches": Value("log_batch_frequency", {"arguments": "save_model=False, log_batch_frequency=2"}),
}

#: ``callbacks`` is the argument; ``before`` and ``outside`` are lines before the call and before the function it may be in; MAKE is the
#: callback's call; ``fit`` another name of ``model.fit``.
STYLE: Axis = {
    "list": Value("made in a list, in the call", {"callbacks": "[MAKE]"}),
    "one": Value("given alone, without a list", {"callbacks": "MAKE"}),
    "variable": Value("a variable, then a list", {"before": "logger = MAKE", "callbacks": "[logger]"}),
    "append": Value(
        "appended to a list", {"before": "callbacks = []\ncallbacks.append(MAKE)", "callbacks": "callbacks"}
    ),
    "function": Value(
        "returned by a function",
        {"before": "def our_callbacks():\n    return [MAKE]", "callbacks": "our_callbacks()"},
    ),
    "condition": Value(
        "under a condition, in a sum of lists",
        {
            "outside": "use_wandb = True",
            "callbacks": '[keras.callbacks.EarlyStopping("loss", patience=5)] + ([MAKE] if use_wandb else [])',
        },
    ),
    "beside": Value(
        "beside Keras' own, after them",
        {"callbacks": '[keras.callbacks.TerminateOnNaN(), keras.callbacks.EarlyStopping("loss", patience=5), MAKE]'},
    ),
    "two": Value("two of them", {"callbacks": "[MAKE, MAKE]"}),
    "subclass": Value(
        "of a subclass",
        {
            "outside": "class OurCallback(KIND):\n    def on_epoch_end(self, epoch, logs=None):\n"
            '        super().on_epoch_end(epoch, {**logs, "doubled": 2 * logs["loss"]})',
            "kind": "OurCallback",
            "callbacks": "[MAKE]",
        },
    ),
    "copy": Value(
        "a deep copy, as tuners make", {"before": "callbacks = [MAKE]", "callbacks": "copy.deepcopy(callbacks)"}
    ),
    "bound": Value(
        "fit looked up before", {"before": "train_model = model.fit", "fit": "train_model", "callbacks": "[MAKE]"}
    ),
    "partial": Value(
        "functools.partial of fit",
        {
            "before": "train_model = functools.partial(model.fit, shuffle=False)",
            "fit": "train_model",
            "callbacks": "[MAKE]",
        },
    ),
}

#: ``imports``, and the ``kind`` that they bring.
IMPORT: Axis = {
    "from wandb.keras": Value(
        "from wandb.keras import WandbCallback",
        {"imports": "from wandb.keras import WandbCallback", "kind": "WandbCallback"},
    ),
    "integration": Value(
        "from wandb.integration.keras import WandbCallback",
        {"imports": "from wandb.integration.keras import WandbCallback", "kind": "WandbCallback"},
    ),
    "module": Value("import wandb.keras", {"imports": "import wandb.keras", "kind": "wandb.keras.WandbCallback"}),
    "alias": Value("import wandb.keras as wk", {"imports": "import wandb.keras as wk", "kind": "wk.WandbCallback"}),
    "attribute": Value(
        "wandb.keras.WandbCallback, never imported", {"imports": "", "kind": "wandb.keras.WandbCallback"}
    ),
    "star": Value("from wandb.keras import *", {"imports": "from wandb.keras import *", "kind": "WandbCallback"}),
    "try": Value(
        "within try, else None",
        {
            "imports": "try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    WandbCallback = None",
            "kind": "WandbCallback",
        },
    ),
}

"""What people write around ``WandbCallback``, seven choices in all: the table that everything else here is made from.

Gathered from 641 public files and W&B's documentation. A choice is a few lines of a program, put together by :mod:`.compose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Value:
    """One value of an axis.

    Attributes:
        says: what it is, in words.
        parts: lines of a program, by the place they go to; see :mod:`.compose`.
        needs: of other axes, the values beside which it makes a program; all where nothing is said.
    """

    says: str
    parts: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Axis = dict[str, Value]

ONE_INPUT = ("sequential", "functional", "subclassed", "transfer", "own step", "autoencoder", "segmenter")

#: ``fit`` is the data among the arguments of ``fit``, ``setup`` what comes before; x, y, x_val and y_val are arrays.
DATA: Axis = {
    "arrays": Value(
        "arrays, and a tuple to validate on", {"fit": "x, y, batch_size=4, validation_data=(x_val, y_val)"}
    ),
    "list": Value("arrays, and a list to validate on", {"fit": "x, y, batch_size=4, validation_data=[x_val, y_val]"}),
    "weighted": Value(
        "arrays with sample weights, in both",
        {
            "setup": 'weights = np.linspace(0.5, 1.5, 12).astype("float32")',
            "fit": "x, y, sample_weight=weights, batch_size=4, validation_data=(x_val, y_val, weights[:8])",
        },
    ),
    "split": Value("validation_split", {"fit": "x, y, batch_size=4, validation_split=0.25"}),
    "nothing": Value("nothing to validate on", {"fit": "x, y, batch_size=4"}),
    "tf.data": Value(
        "tf.data datasets, both batched",
        {
            "setup": "train = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)\n"
            "validation = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(4)",
            "fit": "train, validation_data=validation",
        },
    ),
    "tf.data, arrays": Value(
        "a dataset, validated on arrays",
        {
            "setup": "train = tf.data.Dataset.from_tensor_slices((x, y)).batch(4).prefetch(1)",
            "fit": "train, validation_data=(x_val, y_val)",
        },
    ),
    "generator": Value(
        "a generator, validated on arrays",
        {
            "setup": "def batches():\n    while True:\n        for at in range(0, 12, 4):\n            yield x[at:at + 4], y[at:at + 4]",
            "fit": "batches(), steps_per_epoch=3, validation_data=(x_val, y_val)",
        },
        {"model": ONE_INPUT},
    ),
    "Sequence": Value(
        "a Sequence, validated on arrays",
        {
            "setup": "class Batches(keras.utils.Sequence):\n    def __len__(self):\n        return 3\n\n"
            "    def __getitem__(self, at):\n        return x[4 * at:4 * at + 4], y[4 * at:4 * at + 4]",
            "fit": "Batches(), validation_data=(x_val, y_val)",
        },
        {"model": ONE_INPUT},
    ),
    "augmented": Value(
        "ImageDataGenerator.flow, validated on arrays",
        {
            "setup": "augmented = keras.preprocessing.image.ImageDataGenerator()",
            "fit": "augmented.flow(x, y, batch_size=4, shuffle=False), validation_data=(x_val, y_val)",
        },
        {"model": ONE_INPUT},
    ),
}

_CLASSES = 'model.compile(keras.optimizers.SGD(0.01), "categorical_crossentropy", metrics=["accuracy"])'
_LOSS = 'model.compile(keras.optimizers.SGD(0.01), "categorical_crossentropy")'
_PIXELS = 'model.compile(keras.optimizers.SGD(0.01), "mse")'

#: ``model`` makes and compiles it, ``x`` and ``y`` are its data where that is not images and classes, ``output`` is its output_type.
MODEL: Axis = {
    "sequential": Value(
        "a Sequential",
        {
            "model": 'model = keras.Sequential([\n    layers.InputLayer((4, 4, 1), name="given"),\n'
            '    layers.Conv2D(2, 3, activation="relu", name="c"),\n    layers.Flatten(name="f"),\n'
            f'    layers.Dense(3, activation="softmax", name="o"),\n])\n{_CLASSES}'
        },
    ),
    "functional": Value(
        "a functional model that branches",
        {
            "model": 'given = keras.Input((4, 4, 1), name="given")\nflat = layers.Flatten(name="f")(given)\n'
            'both = layers.Add(name="add")([layers.Dense(3, name="l")(flat), layers.Dense(3, name="r")(flat)])\n'
            f'model = keras.Model(given, layers.Dense(3, activation="softmax", name="o")(both))\n{_CLASSES}'
        },
    ),
    "two inputs": Value(
        "two named inputs, given as a dict",
        {
            "x": 'x = {"left": x.reshape(12, 16), "right": x.reshape(12, 16)[:, :2]}\n'
            "x_val = {name: values[:8] for name, values in x.items()}",
            "model": 'left, right = keras.Input((16,), name="left"), keras.Input((2,), name="right")\n'
            'both = layers.Concatenate(name="cat")([left, right])\n'
            'model = keras.Model({"left": left, "right": right}, layers.Dense(3, activation="softmax", name="o")(both))\n'
            f"{_CLASSES}",
        },
    ),
    "subclassed": Value(
        "a subclass of Model",
        {
            "model": 'class Network(keras.Model):\n    def __init__(self):\n        super().__init__(name="network")\n'
            '        self.f = layers.Flatten(name="f")\n        self.o = layers.Dense(3, activation="softmax", name="o")\n\n'
            "    def call(self, given):\n        return self.o(self.f(given))\n\n\n"
            f'model = Network()\nmodel(np.zeros((1, 4, 4, 1), "float32"))\n{_CLASSES}'
        },
    ),
    "transfer": Value(
        "a frozen base with a new head",
        {
            "model": 'base = keras.Sequential([layers.InputLayer((4, 4, 1), name="inner"), layers.Conv2D(2, 3, name="c")], name="base")\n'
            "base.trainable = False\n"
            'given = keras.Input((4, 4, 1), name="given")\nflat = layers.Flatten(name="f")(base(given))\n'
            f'model = keras.Model(given, layers.Dense(3, activation="softmax", name="o")(flat))\n{_CLASSES}'
        },
    ),
    "own step": Value(
        "a train_step of its own",
        {
            "model": "class Own(keras.Model):\n    def train_step(self, data):\n        x, y = data[:2]\n"
            "        with tf.GradientTape() as tape:\n"
            "            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(y, self(x, training=True)))\n"
            "        gradients = tape.gradient(loss, self.trainable_variables)\n"
            "        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))\n"
            '        return {"loss": loss, "own": 2 * loss}\n\n\n'
            'given = keras.Input((4, 4, 1), name="given")\nflat = layers.Flatten(name="f")(given)\n'
            f'model = Own(given, layers.Dense(3, activation="softmax", name="o")(flat))\n{_LOSS}'
        },
    ),
    "autoencoder": Value(
        "images to images",
        {
            "x": "y, y_val = x, x_val",
            "output": "image",
            "model": 'model = keras.Sequential([\n    layers.InputLayer((4, 4, 1), name="given"),\n'
            f'    layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="o"),\n])\n{_PIXELS}',
        },
    ),
    "segmenter": Value(
        "images to masks",
        {
            "x": 'y = np.eye(4, dtype="float32")[(x[..., 0] * 4).astype(int)]\ny_val = y[:8]',
            "output": "segmentation_mask",
            "model": 'model = keras.Sequential([\n    layers.InputLayer((4, 4, 1), name="given"),\n'
            '    layers.Conv2D(4, 3, padding="same", activation="softmax", name="o"),\n])\n'
            f"{_LOSS}",
        },
    ),
}

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

#: The ``program``: DATA, MODEL, OUTSIDE, BEFORE and FIT are put in; MORE is for further arguments of fit, INIT is what starts the run.
RUN: Axis = {
    "script": Value("top to bottom", {"program": "DATA\nOUTSIDE\nINIT\nMODEL\nBEFORE\nFIT(epochs=2)\nwandb.finish()"}),
    "main": Value(
        "in a function",
        {
            "program": "DATA\nOUTSIDE\n\ndef main():\n    INIT\n    MODEL\n    BEFORE\n    FIT(epochs=2)\n    wandb.finish()\n\n\nmain()"
        },
    ),
    "with": Value("with wandb.init()", {"program": "DATA\nOUTSIDE\nMODEL\nwith INIT:\n    BEFORE\n    FIT(epochs=2)"}),
    "twice": Value(
        "two fits, the second with initial_epoch",
        {
            "program": "DATA\nOUTSIDE\nINIT\nMODEL\nBEFORE\nFIT(epochs=1)\nFIT(epochs=2, initial_epoch=1)\nwandb.finish()"
        },
    ),
    "trials": Value(
        "a run for each trial",
        {
            "program": "DATA\nOUTSIDE\nfor trial in range(2):\n    INIT\n    MODEL\n    BEFORE\n    FIT(epochs=1)\n    wandb.finish()"
        },
    ),
    "own logs": Value(
        "wandb.log before and evaluate after",
        {
            "program": 'DATA\nOUTSIDE\nINIT\nMODEL\nwandb.log({"samples": 12})\nBEFORE\nFIT(epochs=2)\n'
            'wandb.log({"evaluated": 1.0})\nwandb.run.summary["done"] = True\nwandb.finish()'
        },
    ),
    "thread": Value(
        "in a thread",
        {
            "program": "DATA\nOUTSIDE\nMODEL\nINIT\n\ndef train():\n    BEFORE\n    FIT(epochs=2)\n\n\n"
            "worker = threading.Thread(target=train)\nworker.start()\nworker.join()\nwandb.finish()"
        },
    ),
    "quiet": Value(
        "verbose=2", {"program": "DATA\nOUTSIDE\nINIT\nMODEL\nBEFORE\nFIT(epochs=2, verbose=2)\nwandb.finish()"}
    ),
}

#: How the program is started where the real class is not there.
START: Axis = {
    "run": Value("python -m wandb_keras_compat run"),
    "install": Value("wandb_keras_compat.install() as its first line"),
    "notebook": Value("a notebook that begins with %load_ext wandb_keras_compat"),
}

AXES: dict[str, Axis] = {
    "data": DATA, "model": MODEL, "logs": LOGS, "style": STYLE, "import": IMPORT, "run": RUN, "start": START,
}  # fmt: skip


def fits(row: Mapping[str, str]) -> bool:
    """Whether the values, of some of the axes or all, make a program together."""
    return all(
        row[other] in allowed
        for axis, name in row.items()
        for other, allowed in AXES[axis][name].needs.items()
        if other in row
    )

"""Axes of what is trained: the data given to ``fit``, and the model."""

from __future__ import annotations

from .axis import Axis, Value

#: Models of one input and one output.
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

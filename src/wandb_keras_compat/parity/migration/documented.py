"""The documented uses of W&B's three newer callbacks as scripts, with the import of old and the callback in the call.

:data:`~..documented_uses.USES` has the same uses against a server; what is in one table is in the other.
"""

from __future__ import annotations

from collections.abc import Iterator

_BEGIN = """\
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import {name}

keras = tf.keras
keras.utils.set_random_seed(3)
x = np.linspace(-1, 1, 40, dtype="float32").reshape(10, 4)
y = x.sum(axis=1, keepdims=True)

{init}
model = keras.Sequential([keras.layers.InputLayer((4,), name="given"), keras.layers.Dense(1, name="out")])
model.compile({optimizer}, "mse")

{fit}
wandb.finish()
"""
_FIT = "model.fit(x, y, batch_size=2, epochs=2, verbose=0, shuffle=False, callbacks=[{callbacks}])"
_REFUSED = """\
try:
    {fit}
except ValueError as error:
    print("refused", "log_freq" in str(error))"""
_TABLES = """\
class Tables(WandbEvalCallback):
    def add_ground_truth(self, logs=None):
        for index in range(len(x)):
            self.data_table.add_data(index, float(y[index][0]))

    def add_model_predictions(self, epoch, logs=None):
        predicted = self.model.predict(x, verbose=0)
        for index in self.data_table_ref.get_index():
            truth = self.data_table_ref.data[index]
            self.pred_table.add_data(epoch, truth[0], truth[1], float(predicted[index][0]))

"""
_OF_TABLES = 'Tables(["index", "truth"], ["epoch", "index", "truth", "predicted"])'

#: Name of the use to the callbacks of its fit.
_LOGGER = {
    "MetricsLogger: keys of epochs": "WandbMetricsLogger()",
    "MetricsLogger: keys of batches": "WandbMetricsLogger(log_freq=2)",
    "MetricsLogger: initial_global_step": "WandbMetricsLogger(initial_global_step=5)",
    "MetricsLogger: LearningRateSchedule": "WandbMetricsLogger()",
    "MetricsLogger: LearningRateScheduler": (
        "keras.callbacks.LearningRateScheduler(lambda epoch: 0.05 / (epoch + 1)), WandbMetricsLogger()"
    ),
    "MetricsLogger: log_freq=0 is refused": "WandbMetricsLogger(log_freq=0)",
}
#: Name of the use, after "ModelCheckpoint: ", to the arguments.
_CHECKPOINT = {
    '"models"': '"models"',
    '"m.h5"': '"m.h5"',
    '"m.keras"': '"m.keras"',
    'weights, "w"': '"w", save_weights_only=True',
    'weights, "ck-{epoch}"': '"ck-{epoch}", save_weights_only=True',
    'weights, "w.h5"': '"w.h5", save_weights_only=True',
    'weights, "w.weights.h5"': '"w.weights.h5", save_weights_only=True',
    "options=SaveOptions": '"models", options=tf.saved_model.SaveOptions(experimental_io_device="/job:localhost")',
    "options=CheckpointOptions": (
        '"w", save_weights_only=True, options=tf.train.CheckpointOptions(experimental_io_device="/job:localhost")'
    ),
    "save_format=": '"models", save_format="tf"',
    "pathlib.Path": '__import__("pathlib").Path("m.keras")',
    "save_best_only, {epoch}, not improved": '"m-{epoch}.keras", save_best_only=True, monitor="loss", mode="max"',
    "save_best_only, fixed path, not improved": '"m.keras", save_best_only=True, monitor="loss", mode="max"',
    "monitor missing": '"m.keras", save_best_only=True, monitor="val_nothing", mode="min"',
    "initial_value_threshold": (
        '"m.keras", save_best_only=True, monitor="loss", mode="min", initial_value_threshold=0.0'
    ),
    "save_freq=2": '"m.keras", save_freq=2',
}
_MODES = ("online", "offline", "disabled")


def scripts() -> Iterator[tuple[str, str]]:
    """The name of each use and its script."""
    for name, callbacks in _LOGGER.items():
        fit = _FIT.format(callbacks=callbacks)
        fit = _REFUSED.format(fit=fit) if "refused" in name else fit
        yield name, _script("WandbMetricsLogger", fit, schedule=name.endswith("LearningRateSchedule"))
    for name, arguments in _CHECKPOINT.items():
        fit = _FIT.format(callbacks=f"WandbModelCheckpoint({arguments})")
        yield f"ModelCheckpoint: {name}", _script("WandbModelCheckpoint", fit)
    for mode in _MODES:
        fit = "\n\n" + _TABLES + "\n" + _FIT.format(callbacks=_OF_TABLES)
        yield f"EvalCallback: {mode}", _script("WandbEvalCallback", fit, mode)


def _script(name: str, fit: str, mode: str = "online", *, schedule: bool = False) -> str:
    optimizer = "keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5)" if schedule else "0.05"
    init = (
        'wandb.init(project="newer-callbacks")'
        if mode == "online"
        else f'wandb.init(project="newer-callbacks", mode="{mode}")'
    )
    return _BEGIN.format(name=name, init=init, optimizer=f"keras.optimizers.SGD({optimizer})", fit=fit)

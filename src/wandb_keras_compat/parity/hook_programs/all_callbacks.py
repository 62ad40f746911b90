"""All that the callbacks can do, in one training that ends with the weights of the same one without them.

Logs: loss accuracy val_loss epoch best_val_loss best_epoch GFLOPs graph parameters/conv.weights
gradients/conv/kernel.gradient gradients/bn/gamma.gradient examples validation_predictions epoch/loss epoch/val_loss
epoch/learning_rate
Artifacts: model-<run> run_<run>_model run_<run>_pred
"""

import hashlib

import keras
import numpy as np
import wandb
from wandb.keras import WandbCallback, WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint

rng = np.random.default_rng(0)
x = rng.random((48, 8, 8, 1)).astype("float32")
y = np.eye(3, dtype="float32")[rng.integers(0, 3, 48)]


class Predictions(WandbEvalCallback):
    def add_ground_truth(self, logs=None):
        for index in range(4):
            self.data_table.add_data(index, wandb.Image(x[index]))

    def add_model_predictions(self, epoch, logs=None):
        scores = keras.ops.convert_to_numpy(self.model(x[:4], training=False))
        for index, row in enumerate(scores):
            self.pred_table.add_data(epoch, index, float(row[0]))


def train(make_callbacks):
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(4, 3, name="conv"),
            keras.layers.BatchNormalization(name="bn"),
            keras.layers.Dropout(0.3),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax", name="out"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=8, epochs=2, validation_split=1 / 3, verbose=0, callbacks=make_callbacks())
    values = [*model.get_weights(), *(keras.ops.convert_to_numpy(v) for v in model.optimizer.variables)]
    return hashlib.sha256(b"".join(np.ascontiguousarray(value).tobytes() for value in values)).hexdigest()


wandb.init(project="all_callbacks")
alone = train(list)
watched = train(
    lambda: [
        WandbCallback(
            log_weights=True,
            log_gradients=True,
            training_data=(x, y),
            labels=["a", "b", "c"],
            predictions=5,
            input_type="image",
            output_type="label",
            log_evaluation=True,
            log_batch_frequency=2,
            compute_flops=True,
        ),
        WandbMetricsLogger(),
        WandbModelCheckpoint("models/{epoch}.keras"),
        Predictions(["index", "image"], ["epoch", "index", "score"]),
    ]
)
if watched != alone:
    raise SystemExit("the weights are others than without the callbacks")

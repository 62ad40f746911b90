"""Checkpoints of a model on a TPU host are written through the local device."""

import tensorflow as tf
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

wandb.init(project="digits")

x, y = load_digits(return_X_y=True)
x = x.reshape(-1, 8, 8, 1) / 16.0

model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(8, 3, activation="relu", input_shape=(8, 8, 1)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

checkpoint_options = tf.saved_model.SaveOptions(experimental_io_device="/job:localhost")

model.fit(
    x,
    y,
    batch_size=64,
    epochs=2,
    validation_split=0.2,
    callbacks=[
        WandbMetricsLogger(),
        WandbModelCheckpoint(filepath="models/", options=checkpoint_options),
    ],
)

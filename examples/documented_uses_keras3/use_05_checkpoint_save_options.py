"""Checkpoints of the model; `options` were TensorFlow's, and no other backend has any."""

import keras
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

wandb.init(project="digits")

x, y = load_digits(return_X_y=True)
x = x.reshape(-1, 8, 8, 1) / 16.0

model = keras.Sequential(
    [
        keras.layers.Conv2D(8, 3, activation="relu", input_shape=(8, 8, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

checkpoint_options = None

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

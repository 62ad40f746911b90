"""Checkpoint after every second epoch: `save_freq` counts batches, so N epochs are N times the loader's length."""

import tensorflow as tf
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

EVERY_N_EPOCHS = 2

wandb.init(project="digits", config=dict(batch_size=64, epochs=4))
config = wandb.config

x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
trainloader = (
    tf.data.Dataset.from_tensor_slices((x[:1280], y[:1280])).shuffle(1280).batch(config.batch_size)
)
validloader = tf.data.Dataset.from_tensor_slices((x[1280:], y[1280:])).batch(config.batch_size)

inputs = tf.keras.Input(shape=(64,))
hidden = tf.keras.layers.Dense(32, activation="relu")(inputs)
outputs = tf.keras.layers.Dense(10, activation="softmax")(hidden)
model = tf.keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

model.fit(
    trainloader,
    epochs=config.epochs,
    validation_data=validloader,
    callbacks=[
        WandbMetricsLogger(),
        WandbModelCheckpoint(
            filepath="models/",
            save_freq=int((trainloader.cardinality() * EVERY_N_EPOCHS).numpy()),
        ),
    ],
)

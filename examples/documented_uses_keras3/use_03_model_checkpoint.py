"""Keep a checkpoint of the model for every epoch, next to its metrics."""

import keras
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

wandb.init(project="digits", config={"batch_size": 32})

x, y = load_digits(return_X_y=True)
x_train, y_train = x[:1400] / 16.0, y[:1400]
x_test, y_test = x[1400:] / 16.0, y[1400:]

model = keras.Sequential(
    [
        keras.Input(shape=(64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

model.fit(
    x_train,
    y_train,
    batch_size=wandb.config.batch_size,
    epochs=2,
    validation_data=(x_test, y_test),
    callbacks=[
        WandbMetricsLogger(),
        WandbModelCheckpoint("models"),
    ],
)

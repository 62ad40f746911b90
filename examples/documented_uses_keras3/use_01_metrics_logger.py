"""Track a small digit classifier with the Keras metrics logger."""

import keras
import wandb
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from wandb.keras import WandbMetricsLogger

wandb.init(
    project="digits",
    config={"hidden": 32, "learning_rate": 0.01, "batch_size": 32, "epochs": 3},
)
config = wandb.config

x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16.0, y, test_size=0.2, random_state=0)

model = keras.models.Sequential(
    [
        keras.layers.Dense(config.hidden, activation="relu", input_shape=(64,)),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=config.learning_rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

model.fit(
    x_train,
    y_train,
    batch_size=config.batch_size,
    epochs=config.epochs,
    validation_data=(x_test, y_test),
    callbacks=[WandbMetricsLogger()],
)

wandb.finish()

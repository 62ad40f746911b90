"""Continue an interrupted training: the learning rate schedule and the batch axis go on where they were."""

import os

import keras
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbMetricsLogger

BATCH_SIZE = 64
FIRST_PART = 2  # epochs done before the interruption
EPOCHS = 4

run = wandb.init(project="digits", config={"batch_size": BATCH_SIZE, "epochs": EPOCHS})

x, y = load_digits(return_X_y=True)
x_train, y_train = x[:1280] / 16.0, y[:1280]
x_test, y_test = x[1280:] / 16.0, y[1280:]
steps_per_epoch = len(x_train) // BATCH_SIZE


# The first part, up to the interruption.
schedule = keras.optimizers.schedules.ExponentialDecay(
    initial_learning_rate=0.01, decay_steps=10, decay_rate=0.9
)
model = keras.Sequential(
    [
        keras.layers.Dense(32, activation="relu", input_shape=(64,)),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=schedule),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
checkpoint = os.path.join(run.dir, "interrupted.keras")
model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=FIRST_PART, verbose=0)
model.save(checkpoint)

# The second part, from the saved model and optimizer, tracked batch by batch.
model = keras.models.load_model(checkpoint)
model.fit(
    x_train,
    y_train,
    batch_size=BATCH_SIZE,
    epochs=EPOCHS,
    initial_epoch=FIRST_PART,
    validation_data=(x_test, y_test),
    callbacks=[
        WandbMetricsLogger(log_freq="batch", initial_global_step=FIRST_PART * steps_per_epoch)
    ],
)

run.finish()

import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense
from keras.models import Sequential
from wandb.keras import WandbCallback

random.seed(18)
np.random.seed(18)
tf.random.set_seed(18)

wandb.init(project="generators")
wandb.config.update({"batch_size": 10, "steps": 5, "epochs": 2})


def samples(batch_size, seed):
    rng = np.random.RandomState(seed)
    while True:
        x = rng.uniform(-1, 1, size=(batch_size, 2))
        y = (x[:, 0] ** 2 + x[:, 1] ** 2 < 0.6).astype("float32")
        yield x, y


def held_out(batch_size):
    batch = next(samples(batch_size, 2))
    while True:
        yield batch


training_generator = samples(wandb.config.batch_size, 1)
validation_generator = held_out(30)

model = Sequential()
model.add(Dense(8, activation="relu", input_dim=2))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])

model.fit_generator(
    training_generator,
    steps_per_epoch=wandb.config.steps,
    epochs=wandb.config.epochs,
    validation_data=validation_generator,
    validation_steps=3,
    max_queue_size=1,
    workers=0,
    callbacks=[WandbCallback()],
)
loss, acc = model.evaluate_generator(samples(10, 3), steps=2, workers=0)
print("test:", loss, acc)
wandb.log({"test_acc": acc})

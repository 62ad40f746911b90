# Started again by the scheduler after it was ended, this goes on from the best model.
import os
import random

import keras
import numpy as np
import tensorflow as tf
import wandb
from keras.models import load_model
from wandb.keras import WandbCallback

random.seed(17)
np.random.seed(17)
tf.random.set_seed(17)


def build():
    model = keras.models.Sequential()
    model.add(keras.layers.Dense(5, activation="relu", input_shape=(3,), kernel_initializer="he_normal"))
    model.add(keras.layers.Dense(2, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Adam(lr=0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    wandb.init(project="preemptible", resume=True)
    os.makedirs("checkpoints", exist_ok=True)
    config = wandb.config
    config.epochs = 3

    x = np.random.normal(size=(60, 3))
    y = (x[:, 0] * x[:, 1] > 0).astype("int64")
    x_val = np.random.normal(size=(20, 3))
    y_val = (x_val[:, 0] * x_val[:, 1] > 0).astype("int64")

    if wandb.run.resumed:
        # restore the best model
        model = load_model(wandb.restore("model-best.h5").name)
    else:
        model = build()

    model.fit(x, y, validation_data=(x_val, y_val), epochs=config.epochs, initial_epoch=wandb.run.step, callbacks=[WandbCallback(save_model=True, monitor="loss")])
    model.save_weights(os.path.join("checkpoints", "last.h5"))

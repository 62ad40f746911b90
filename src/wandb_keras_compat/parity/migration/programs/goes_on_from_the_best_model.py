# reads model-best.h5 back
import numpy as np
import tensorflow as tf
import os

import wandb
from wandb.keras import WandbCallback

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


run = wandb.init(project="catalogue")
model = build()
model.fit(x, y, epochs=2, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbCallback()])
best = build()
best.load_weights(os.path.join(run.dir, "model-best.h5"))
print("loss of the best", round(float(best.evaluate(x, y, verbose=0)[0]), 4))

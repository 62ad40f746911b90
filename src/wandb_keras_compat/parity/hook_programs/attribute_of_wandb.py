"""The class as an attribute, with nothing switched on that Keras 3 breaks.

Logs: epoch loss
"""

import numpy as np
import tensorflow as tf
import wandb

run = wandb.init(project="attribute_of_wandb")

x = np.linspace(-1, 1, 40).reshape(10, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)

model = tf.keras.Sequential([tf.keras.layers.InputLayer((4,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, epochs=2, callbacks=[wandb.keras.WandbCallback(save_model=False, save_graph=False)])
run.finish()

"""As it was written everywhere until 2023.

Logs: epoch loss val_loss
"""

import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

wandb.init(project="from_wandb_keras")

x = np.linspace(-1, 1, 40).reshape(10, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)

model = tf.keras.Sequential([tf.keras.layers.InputLayer((4,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, epochs=2, validation_data=(x, y), callbacks=[WandbCallback()])

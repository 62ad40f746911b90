"""The newer callbacks by the module that wandb 0.17.0 removed.

Logs: epoch/epoch epoch/loss
"""

import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

run = wandb.init(project="newer_by_old_path")

x = np.linspace(-1, 1, 40).reshape(10, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)

model = tf.keras.Sequential([tf.keras.layers.InputLayer((4,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, epochs=2, callbacks=[WandbMetricsLogger(), WandbModelCheckpoint("models")])
run.finish()

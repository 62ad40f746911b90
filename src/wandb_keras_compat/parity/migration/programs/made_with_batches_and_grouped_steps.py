# rows of batches, which Keras computes two at a time
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"], steps_per_execution=2)
    return model


wandb.init(project="catalogue")
model = build()
model.fit(x, y, batch_size=4, validation_data=(x_val, y_val), epochs=2, verbose=0, callbacks=[WandbCallback(log_batch_frequency=2, save_model=False)])
wandb.finish()

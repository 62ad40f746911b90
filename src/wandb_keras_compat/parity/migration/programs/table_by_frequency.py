# a table after every epoch
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

tf.keras.utils.set_random_seed(1)
x = np.random.rand(24, 6, 6, 1).astype("float32")
y = np.eye(3, dtype="float32")[np.random.randint(0, 3, 24)]
x_val, y_val = x[:6], y[:6]
labels = ["circle", "square", "star"]


def build():
    model = tf.keras.Sequential([tf.keras.Input((6, 6, 1)), tf.keras.layers.Flatten(), tf.keras.layers.Dense(3, activation="softmax")])
    model.compile(tf.keras.optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"])
    return model


wandb.init(project="catalogue")
model = build()
model.fit(x, y, validation_data=(x_val, y_val), epochs=2, verbose=0, callbacks=[WandbCallback(log_evaluation=True, log_evaluation_frequency=1, save_model=False)])
wandb.finish()

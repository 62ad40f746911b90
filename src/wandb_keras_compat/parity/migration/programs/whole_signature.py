# the signature pasted from the documentation
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
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


wandb.init(project="catalogue")
model = build()
model.fit(x, y, validation_data=(x_val, y_val), epochs=2, verbose=0, callbacks=[WandbCallback(
    monitor="val_loss", verbose=0, mode="auto", save_weights_only=(False), log_weights=(False), log_gradients=(False),
    save_model=(True), training_data=None, validation_data=None, labels=[], predictions=36, generator=None,
    input_type=None, output_type=None, log_evaluation=(False), validation_steps=None, class_colors=None,
    log_batch_frequency=None, log_best_prefix="best_", save_graph=(True), validation_indexes=None,
    validation_row_processor=None, prediction_row_processor=None, infer_missing_processors=(True),
    log_evaluation_frequency=0, compute_flops=(False),
)])
wandb.finish()

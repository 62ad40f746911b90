# tables of predictions
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbEvalCallback, WandbMetricsLogger

tf.keras.utils.set_random_seed(1)
x = np.random.rand(24, 6, 6, 1).astype("float32")
y = np.eye(3, dtype="float32")[np.random.randint(0, 3, 24)]
x_val, y_val = x[:6], y[:6]
labels = ["circle", "square", "star"]


def build():
    model = tf.keras.Sequential([tf.keras.Input((6, 6, 1)), tf.keras.layers.Flatten(), tf.keras.layers.Dense(3, activation="softmax")])
    model.compile(tf.keras.optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"])
    return model


class Tables(WandbEvalCallback):
    def __init__(self, data):
        super().__init__(data_table_columns=["index", "image"], pred_table_columns=["epoch", "index", "image", "class"])
        self.data = data

    def add_ground_truth(self, logs=None):
        for index, picture in enumerate(self.data):
            self.data_table.add_data(index, wandb.Image(picture))

    def add_model_predictions(self, epoch, logs=None):
        predicted = self.model.predict(self.data, verbose=0).argmax(axis=1)
        table = self.data_table_ref
        for index in table.get_index():
            self.pred_table.add_data(epoch, table.data[index][0], table.data[index][1], int(predicted[index]))


wandb.init(project="catalogue", mode="disabled")
build().fit(x, y, epochs=2, verbose=0, validation_data=(x_val, y_val), callbacks=[Tables(x_val), WandbMetricsLogger()])
wandb.finish()

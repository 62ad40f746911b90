"""Look at the model's predictions after every epoch, in a table."""

import keras
import numpy as np
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbEvalCallback, WandbMetricsLogger

wandb.init(project="digits")

digits = load_digits()
x = digits.images[..., None] / 16.0
y = digits.target
x_train, y_train = x[:1400], y[:1400]
x_valid, y_valid = x[1400:], y[1400:]


class DigitsEvalCallback(WandbEvalCallback):
    def __init__(self, validation_data, data_table_columns, pred_table_columns):
        super().__init__(data_table_columns, pred_table_columns)
        self.images, self.labels = validation_data

    def add_ground_truth(self, logs=None):
        for idx, (image, label) in enumerate(zip(self.images, self.labels)):
            self.data_table.add_data(idx, wandb.Image(image), int(label))

    def add_model_predictions(self, epoch, logs=None):
        scores = self.model.predict(self.images, verbose=0)
        guesses = np.argmax(scores, axis=-1)

        reference = self.data_table_ref
        for idx in reference.get_index():
            row = reference.data[idx]
            self.pred_table.add_data(epoch, row[0], row[1], row[2], int(guesses[idx]))


model = keras.Sequential(
    [
        keras.layers.Conv2D(8, 3, activation="relu", input_shape=(8, 8, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

model.fit(
    x_train,
    y_train,
    epochs=2,
    validation_data=(x_valid, y_valid),
    callbacks=[
        WandbMetricsLogger(),
        DigitsEvalCallback(
            validation_data=(x_valid[:16], y_valid[:16]),
            data_table_columns=["idx", "image", "label"],
            pred_table_columns=["epoch", "idx", "image", "label", "pred"],
        ),
    ],
)

wandb.finish()

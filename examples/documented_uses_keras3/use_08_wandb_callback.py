"""The two added lines that were all it took: wandb.init() and WandbCallback()."""

import keras
import numpy as np
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbCallback

wandb.init(project="digits", config={"dropout": 0.2, "epochs": 3})
config = wandb.config

images, labels = load_digits(return_X_y=True)
images = images.reshape(-1, 8, 8, 1).astype(np.float32) / 16.0
x_train, y_train = images[:1400], labels[:1400]
x_test, y_test = images[1400:], labels[1400:]

model = keras.models.Sequential()
model.add(keras.layers.Conv2D(8, (3, 3), activation="relu", input_shape=(8, 8, 1)))
model.add(keras.layers.MaxPooling2D())
model.add(keras.layers.Flatten())
model.add(keras.layers.Dropout(config.dropout))
model.add(keras.layers.Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

model.fit(
    x_train,
    y_train,
    epochs=config.epochs,
    validation_data=(x_test, y_test),
    callbacks=[WandbCallback()],
)

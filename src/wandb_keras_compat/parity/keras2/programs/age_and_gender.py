import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Conv2D, Dense, Flatten, Input
from keras.layers.normalization import BatchNormalization
from keras.models import Model
from wandb.keras import WandbCallback

random.seed(14)
np.random.seed(14)
tf.random.set_seed(14)

N = 60
faces = np.random.rand(N, 8, 8, 1).astype("float32")
age = (faces.mean(axis=(1, 2, 3)) * 100).astype("float32")
gender = (faces[:, :4].mean(axis=(1, 2, 3)) > faces[:, 4:].mean(axis=(1, 2, 3))).astype("float32")

wandb.init(project="faces", config={"epochs": 2, "age_weight": 0.01})

inputs = Input(shape=(8, 8, 1), name="face")
x = Conv2D(3, kernel_size=(3, 3), activation="relu")(inputs)
x = BatchNormalization()(x)
x = Flatten()(x)
age_out = Dense(1, name="age")(x)
gender_out = Dense(1, activation="sigmoid", name="gender")(x)
model = Model(inputs=inputs, outputs=[age_out, gender_out])

model.compile(
    optimizer="adam",
    loss={"age": "mean_squared_error", "gender": "binary_crossentropy"},
    loss_weights={"age": wandb.config.age_weight, "gender": 1.0},
    metrics={"gender": "accuracy"},
)
model.fit(
    faces[:40], {"age": age[:40], "gender": gender[:40]},
    validation_data=(faces[40:], {"age": age[40:], "gender": gender[40:]}),
    epochs=wandb.config.epochs,
    batch_size=10,
    verbose=2,
    callbacks=[WandbCallback(monitor="val_gender_loss")],
)

import math
import random

import numpy as np
import tensorflow as tf
import wandb
from keras import callbacks
from keras.callbacks import CSVLogger, EarlyStopping, LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Activation, BatchNormalization, Dense, Dropout
from keras.layers.noise import GaussianNoise
from keras.models import Sequential
from keras.optimizers import Adam
from wandb.keras import WandbCallback

random.seed(27)
np.random.seed(27)
tf.random.set_seed(27)

wandb.init(project="callbacks", config={"epochs": 6, "lr": 0.02, "drop": 0.5, "every": 2})
config = wandb.config


def step_decay(epoch):
    return config.lr * math.pow(config.drop, math.floor((1 + epoch) / config.every))


class History(callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get("loss"))


x = np.random.normal(size=(80, 6))
y = (np.abs(x).sum(axis=1, keepdims=True) > 5).astype(int)

model = Sequential()
model.add(GaussianNoise(0.0, input_shape=(6,)))
model.add(Dense(10, kernel_initializer="glorot_uniform", use_bias=False))
model.add(BatchNormalization())
model.add(Activation("relu"))
model.add(Dense(1))
model.add(Activation("sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=Adam(lr=config.lr), metrics=["accuracy"])

history = History()
model.fit(
    x[:60], y[:60],
    validation_data=(x[60:], y[60:]),
    epochs=config.epochs,
    batch_size=20,
    verbose=0,
    callbacks=[
        history,
        LearningRateScheduler(step_decay),
        ReduceLROnPlateau(monitor="val_loss", factor=0.2, patience=2, min_lr=0.0001),
        EarlyStopping(monitor="loss", min_delta=10, patience=3, verbose=1, mode="auto"),
        ModelCheckpoint("weights.{epoch:02d}.h5", save_best_only=True, save_weights_only=True),
        CSVLogger("training.log"),
        WandbCallback(),
    ],
)
print("batches:", len(history.losses))

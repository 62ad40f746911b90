import random

import keras.backend as K
import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense
from keras.models import Sequential
from wandb.keras import WandbCallback

random.seed(24)
np.random.seed(24)
tf.random.set_seed(24)


def recall(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    possible_positives = K.sum(K.round(K.clip(y_true, 0, 1)))
    return true_positives / (possible_positives + K.epsilon())


def precision(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    predicted_positives = K.sum(K.round(K.clip(y_pred, 0, 1)))
    return true_positives / (predicted_positives + K.epsilon())


def f1(y_true, y_pred):
    p, r = precision(y_true, y_pred), recall(y_true, y_pred)
    return 2 * ((p * r) / (p + r + K.epsilon()))


def focal_loss(gamma=2.0, alpha=0.25):
    def loss(y_true, y_pred):
        y_true = K.cast(y_true, K.floatx())
        pt_1 = tf.where(K.equal(y_true, 1), y_pred, K.ones_like(y_pred))
        pt_0 = tf.where(K.equal(y_true, 0), y_pred, K.zeros_like(y_pred))
        pt_1 = K.clip(pt_1, K.epsilon(), 1.0 - K.epsilon())
        pt_0 = K.clip(pt_0, K.epsilon(), 1.0 - K.epsilon())
        return -K.mean(alpha * K.pow(1.0 - pt_1, gamma) * K.log(pt_1)) - K.mean((1 - alpha) * K.pow(pt_0, gamma) * K.log(1.0 - pt_0))

    return loss


wandb.init(project="fraud", tags=["focal"], notes="rare positives")
x = np.random.normal(size=(120, 5)).astype("float32")
y = (x[:, :1] + x[:, 1:2] > 1).astype("float32")

model = Sequential()
model.add(Dense(8, input_shape=(5,), activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(optimizer="adam", loss=[focal_loss(gamma=2, alpha=0.6)], metrics=["accuracy", precision, recall, f1])
model.fit(x[:90], y[:90], epochs=3, batch_size=30, class_weight={0: 1.0, 1: 3.0}, validation_data=(x[90:], y[90:]), verbose=2,
          callbacks=[WandbCallback(monitor="val_f1", mode="max")])

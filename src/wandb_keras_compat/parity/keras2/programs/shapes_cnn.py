# Circles, squares and crosses, told apart by a small convnet.
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers.convolutional import Conv2D, MaxPooling2D
from keras.layers.core import Activation, Dense, Dropout, Flatten
from keras.models import Sequential
from keras.utils import np_utils
from wandb.keras import WandbCallback

random.seed(3)
np.random.seed(3)
tf.random.set_seed(3)

run = wandb.init(project="shapes")
config = wandb.config
config.epochs = 2
config.batch_size = 16
config.first_layer_convs = 4
config.dropout = 0.0
config.img_width = 12
config.img_height = 12

labels = ["circle", "square", "cross"]


def draw(kind):
    img = np.zeros((config.img_height, config.img_width))
    r, c = np.random.randint(4, 8, size=2)
    if kind == 0:
        yy, xx = np.mgrid[:12, :12]
        img[(yy - r) ** 2 + (xx - c) ** 2 < 10] = 255
    elif kind == 1:
        img[r - 3 : r + 3, c - 3 : c + 3] = 255
    else:
        img[r - 1 : r + 1, :] = 255
        img[:, c - 1 : c + 1] = 255
    return img


y = np.random.randint(0, 3, size=96)
X = np.array([draw(k) for k in y])
X_train, y_train = X[:64], y[:64]
X_test, y_test = X[64:], y[64:]

X_train = X_train.astype("float32") / 255.0
X_test = X_test.astype("float32") / 255.0

# reshape input data
X_train = X_train.reshape(X_train.shape[0], config.img_width, config.img_height, 1)
X_test = X_test.reshape(X_test.shape[0], config.img_width, config.img_height, 1)

# one hot encode outputs
y_train = np_utils.to_categorical(y_train)
y_test = np_utils.to_categorical(y_test)
num_classes = y_test.shape[1]

# build model
model = Sequential()
model.add(Conv2D(config.first_layer_convs, (3, 3), input_shape=(12, 12, 1)))
model.add(Activation("relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(config.dropout))
model.add(Flatten())
model.add(Dense(num_classes, activation="softmax"))

model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

model.fit(
    X_train,
    y_train,
    validation_data=(X_test, y_test),
    batch_size=config.batch_size,
    epochs=config.epochs,
    callbacks=[WandbCallback(data_type="image", labels=labels)],
)

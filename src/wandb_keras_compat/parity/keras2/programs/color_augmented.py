"""Small colour pictures, mirrored at random, with fit_generator."""
from __future__ import print_function

import random

import keras
import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Activation, Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator
from wandb.keras import WandbCallback

random.seed(11)
np.random.seed(11)
tf.random.set_seed(11)

wandb.init(project="colors")
config = wandb.config
config.batch_size = 8
config.epochs = 2
config.learn_rate = 0.01
config.learn_rate_decay = 0.001
data_augmentation = True
class_names = ["reddish", "greenish", "blueish"]
num_classes = len(class_names)


def load_data(n):
    y = np.random.randint(0, num_classes, size=(n, 1))
    x = np.random.randint(0, 120, size=(n, 8, 8, 3))
    for i, k in enumerate(y[:, 0]):
        x[i, :, :4, k] += 100
    return x, y


(x_train, y_train), (x_test, y_test) = load_data(32), load_data(16)
print("x_train shape:", x_train.shape)
y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

model = Sequential()
model.add(Conv2D(4, (3, 3), padding="same", input_shape=x_train.shape[1:]))
model.add(Activation("relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(num_classes))
model.add(Activation("softmax"))

opt = keras.optimizers.Adam(lr=config.learn_rate, decay=config.learn_rate_decay)
model.compile(loss="categorical_crossentropy", optimizer=opt, metrics=["accuracy"])

x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255

if not data_augmentation:
    model.fit(x_train, y_train, batch_size=config.batch_size, epochs=config.epochs, validation_data=(x_test, y_test))
else:
    datagen = ImageDataGenerator(featurewise_center=False, horizontal_flip=True, vertical_flip=False)
    datagen.fit(x_train)
    model.fit_generator(
        datagen.flow(x_train, y_train, batch_size=config.batch_size, seed=1),
        steps_per_epoch=x_train.shape[0] // config.batch_size,
        epochs=config.epochs,
        workers=1,
        validation_data=(x_test, y_test),
        callbacks=[WandbCallback(data_type="image", labels=class_names, validation_data=(x_test, y_test))],
    )

import random

import keras
import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense, Flatten
from keras.models import Sequential
from keras.utils import np_utils
from wandb.keras import WandbCallback

random.seed(0)
np.random.seed(0)
tf.random.set_seed(0)

# logging code
run = wandb.init(project="digits", name="perceptron")
config = run.config
config.optimizer = "sgd"
config.epochs = 3

# made-up digits: a fixed pattern for each, and noise
patterns = np.random.rand(10, 8, 8)
y_train = np.random.randint(0, 10, 128)
y_test = np.random.randint(0, 10, 40)
X_train = patterns[y_train] + 0.2 * np.random.rand(128, 8, 8)
X_test = patterns[y_test] + 0.2 * np.random.rand(40, 8, 8)
is_five_train = y_train == 5
print("fives:", is_five_train.sum())

img_width = X_train.shape[1]
img_height = X_train.shape[2]

# one hot encode outputs
y_train = np_utils.to_categorical(y_train)
num_classes = y_train.shape[1]
y_test = np_utils.to_categorical(y_test, num_classes)

# create model
model = Sequential()
model.add(Flatten(input_shape=(img_width, img_height)))
model.add(Dense(num_classes, activation="softmax"))
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=config.optimizer, metrics=["accuracy"])
model.summary()

# Fit the model
model.fit(X_train, y_train, epochs=config.epochs, validation_data=(X_test, y_test), callbacks=[WandbCallback(monitor="val_accuracy", mode="max")])

score = model.evaluate(X_test, y_test, verbose=0)
wandb.log({"test_loss": score[0], "test_accuracy": score[1]})

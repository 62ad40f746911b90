"""Course material of 2018: everything at module level, settings on wandb.config, the callback with data_type in the call of fit."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

import wandb
from wandb.keras import WandbCallback

# logging code
run = wandb.init(project="clothes")
config = run.config
config.first_layer_convs = 4
config.first_layer_conv_width = 3
config.first_layer_conv_height = 3
config.dropout = 0.2
config.dense_layer_size = 16
config.img_width = 10
config.img_height = 10
config.epochs = 3
config.batch_size = 16

tf.keras.utils.set_random_seed(18)


# load data: squares, bars and crosses on a noisy ground
def draw(kind):
    picture = np.random.randint(0, 60, size=(config.img_height, config.img_width))
    row, column = np.random.randint(1, 5, size=2)
    if kind == 0:
        picture[row:row + 4, column:column + 4] += 180
    elif kind == 1:
        picture[row, :] += 180
    elif kind == 2:
        picture[:, column] += 180
    else:
        picture[row, :] += 90
        picture[:, column] += 90
    return picture


def load_data(number):
    y = np.arange(number) % 4
    X = np.array([draw(kind) for kind in y])
    return X, y


(X_train, y_train), (X_test, y_test) = load_data(80), load_data(32)
labels = ["Box", "Belt", "Tie", "Scarf"]

X_train = X_train.astype("float32")
X_train /= 255.
X_test = X_test.astype("float32")
X_test /= 255.

# reshape input data
X_train = X_train.reshape(X_train.shape[0], config.img_height, config.img_width, 1)
X_test = X_test.reshape(X_test.shape[0], config.img_height, config.img_width, 1)

# one hot encode outputs
y_train = to_categorical(y_train)
y_test = to_categorical(y_test)
num_classes = y_test.shape[1]

# build model
model = Sequential()
model.add(Conv2D(config.first_layer_convs,
                 (config.first_layer_conv_width, config.first_layer_conv_height),
                 input_shape=(config.img_height, config.img_width, 1),
                 activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
# model.add(Conv2D(16, (3, 3), activation="relu"))
# model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dropout(config.dropout))
model.add(Dense(config.dense_layer_size, activation="relu"))
model.add(Dense(num_classes, activation="softmax"))

model.compile(loss="categorical_crossentropy", optimizer="adam",
              metrics=["accuracy"])

config.total_params = model.count_params()
print("Total params: ", config.total_params)

# Fit the model
# model.fit(X_train, y_train, epochs=config.epochs, callbacks=[WandbCallback()])
model.fit(X_train, y_train, epochs=config.epochs, batch_size=config.batch_size, verbose=2,
          validation_data=(X_test, y_test),
          callbacks=[WandbCallback(data_type="image", labels=labels, save_model=False)])

scores = model.evaluate(X_test, y_test, verbose=0)
print("test loss %.3f, test accuracy %.3f" % (scores[0], scores[1]))

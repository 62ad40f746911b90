import random

import keras
import numpy as np
import tensorflow as tf
import wandb
from keras import optimizers
from keras.constraints import maxnorm
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.optimizers import SGD
from wandb.keras import WandbCallback

random.seed(28)
np.random.seed(28)
tf.random.set_seed(28)

wandb.init(project="vgg-like")

# Generate dummy data
x_train = np.random.random((40, 12, 12, 3))
y_train = keras.utils.to_categorical(np.random.randint(10, size=(40, 1)), num_classes=10)
x_test = np.random.random((20, 12, 12, 3))
y_test = keras.utils.to_categorical(np.random.randint(10, size=(20, 1)), num_classes=10)

model = Sequential()
model.add(Conv2D(4, (3, 3), activation="relu", input_shape=(12, 12, 3), kernel_constraint=maxnorm(3)))
model.add(Conv2D(4, (3, 3), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(10, activation="softmax"))

sgd = SGD(lr=0.01, decay=1e-2, momentum=0.9, nesterov=True)
model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["acc"])

model.fit(x_train, y_train, batch_size=8, epochs=2, validation_data=(x_test, y_test), callbacks=[WandbCallback()])
score = model.evaluate(x_test, y_test, batch_size=8)

classes = model.predict_classes(x_test)
proba = model.predict_proba(x_test)
wandb.run.summary["first_classes"] = " ".join(str(c) for c in classes[:5])
wandb.run.summary["surest"] = float(np.max(proba))
print("lr is now", keras.backend.get_value(model.optimizer.lr))
